"""Checked rows between the file and the ledger: into the staging table and out of it again."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from json.encoder import encode_basestring
from types import NoneType

from django.db.models import TextField
from django.db.models.functions import Cast

from beneficiaries.intake.matching import Match
from beneficiaries.intake.models import StagedRow
from beneficiaries.intake.rows import Rows
from beneficiaries.intake.verdicts import shown_changes
from welfare.bulk import insert_columns
from welfare.crypto import decrypt, encrypt_all, keyed_hash

SECRET = ("national_id", "head_national_id", "bank_account")
_json = json.JSONEncoder(ensure_ascii=False).encode


def stage(batch, rows: Rows, hashes: list[str | None], match: Match) -> None:
    """Replaces the staged rows of the batch, in the caller's transaction. Numbers go in encrypted."""
    batch.rows.all().delete()
    count = len(rows)
    changes = shown_changes(match) | match.shown
    effects = [match.effect(i) if rows.status[i] in ("ready", "warning") else "none" for i in range(count)]
    columns = {
        "batch_id": batch.pk,
        "position": list(range(1, count + 1)),
        "sheet": [name[:60] for name in rows.sheet],
        "row": rows.number,
        "status": rows.status,
        "effect": effects,
        "full_name": [name or "" for name in rows.column("full_name")],
        "folded_name": [name or "" for name in rows.name_folded],
        "id_hash": hashes,
        "values": _objects(_sealed(rows)),
        "cells": encrypt_all(row for texts in rows.texts() for row in _objects(texts)),
        "messages": [_json(_messages(rows, index)) if index in rows.messages else "[]" for index in range(count)],
        "changes": [_json(changes[index]) if index in changes else "{}" for index in range(count)],
        "person_id": [person and person.id for person in match.known],
    }
    insert_columns(StagedRow, columns, count)


def _messages(rows: Rows, index: int) -> list[dict]:
    return [{"level": message.level, **message.as_json()} for message in rows.messages[index]]


def _sealed(rows: Rows) -> dict[str, list]:
    columns = dict(rows.values)
    for name in SECRET:
        if name in columns:
            columns[name] = [sealed or None for sealed in encrypt_all(columns[name])]
    if "birth_date" in columns:
        columns["birth_date"] = [day and day.isoformat() for day in columns["birth_date"]]
    return columns


def _objects(columns: dict[str, list]) -> Iterator[str]:
    """One JSON object a row, without what is empty."""
    parts = [_members_of_objects(name, values) for name, values in columns.items()]
    return (f"{{{','.join(filter(None, row))}}}" for row in zip(*parts, strict=True))


def _members_of_objects(name: str, values: list) -> Iterator[str]:
    """The column in each row's object; a single text or number takes the encoder itself ten times as long."""
    key, kinds = f'"{name}":', set(map(type, values))
    if kinds <= {str, NoneType}:
        return ("" if value is None else key + encode_basestring(value) for value in values)
    if kinds <= {int, NoneType}:
        return ("" if value is None else f"{key}{value}" for value in values)
    return ("" if value is None else key + _json(value) for value in values)


def load(batch) -> tuple[list[int], Rows, list[str | None], dict[str, list]]:
    """The rows that a commit takes: keys, rows, hashes, and the encrypted numbers by field, as they are to be stored."""
    staged = batch.rows.accepted().order_by("position")
    stored = Cast("values", TextField())
    found = list(staged.values_list("pk", "sheet", "row", "status", "folded_name", "id_hash", stored))
    keys, sheet, number, status, folded, hashes, texts = map(list, zip(*found, strict=True)) if found else [[]] * 7
    values = json.loads(f"[{','.join(texts)}]")  # at once: many times faster than one by one
    names: dict[str, object] = {}
    for each in values:
        names |= each
    columns = {name: [each.get(name) for each in values] for name in names}
    sealed = {name: columns.get(name) or [None] * len(found) for name in SECRET}
    if "bank_account" in columns:
        columns["bank_account"] = [token and decrypt(token) for token in columns["bank_account"]]
    if "birth_date" in columns:
        columns["birth_date"] = [day and date.fromisoformat(day) for day in columns["birth_date"]]
    names = [name or None for name in folded]
    rows = Rows(sheet=sheet, number=number, values=columns, name_folded=names, status=status)
    return keys, rows, hashes, sealed


def content_hash(batch, rows: Rows) -> str:
    """What the rows say, whatever their order, with kind, year and round."""
    said = {name: column for name, column in sorted(rows.values.items()) if any(each is not None for each in column)}
    lines = sorted(map(repr, zip(*said.values(), strict=True)))
    digest = hashlib.sha256(f"{batch.kind}|{batch.year}|{batch.round_id}|{list(said)}{_about(batch)}".encode())
    for line in lines:
        digest.update(line.encode())
    return keyed_hash(digest.hexdigest())


def _about(batch) -> str:
    return f"|{batch.campaign_id}|{batch.project_id}" if batch.campaign_id or batch.project_id else ""


def shown_rows(batch) -> list[dict]:
    """Every row as `import_list --json` prints it: each value the list has a column for, numbers in clear."""
    staged = list(batch.rows.order_by("position"))
    names = list(dict.fromkeys(name for row in staged for name in row.values))
    return [
        {
            "sheet": row.sheet,
            "row": row.row,
            "status": row.status,
            "messages": [{name: message[name] for name in ("column", "field", "text")} for message in row.messages],
            "values": {name: _open(name, row.values.get(name)) for name in names},
        }
        for row in staged
    ]


def _open(name: str, value):
    return decrypt(value) if value and name in SECRET else value
