"""A list on its way: received from a user, read by a job, committed by a job."""

import json
import re
from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from beneficiaries.duplicates.finding import ask_for_search
from beneficiaries.intake.cells import NOTE
from beneficiaries.intake.kinds import configured_kinds
from beneficiaries.intake.limits import IntakeRefused, NoListFound
from beneficiaries.intake.matching import Match, asks_for_support, hash_ids, match_rows
from beneficiaries.intake.models import ColumnAlias, ColumnMemory, ListBatch, StagedRow
from beneficiaries.intake.outsiders import name_units, other_unit
from beneficiaries.intake.rows import Message
from beneficiaries.intake.staging import content_hash, stage
from beneficiaries.intake.understanding import UnderstoodList, understand
from beneficiaries.intake.verdicts import shorten, tell
from welfare.audit import AuditEvent, record
from welfare.bulk import update_rows
from welfare.crypto import decrypt, mask_id
from welfare.documents.models import store_file
from welfare.states import Refused
from welfare.units.models import Unit
from welfare.vietnamese import fold, format_number

TOO_BIG = "Tệp lớn hơn 10 MB nên không được nhận; hãy bỏ ảnh và các trang thừa, hoặc chia thành nhiều tệp."
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
}
_NUMBER = re.compile(r"\d(?:[ .]?\d){7,}")
_FORGOTTEN = (
    "Theo cách chọn cột trước đây thì danh sách không còn dòng nào, nên các cột được hiểu lại theo tiêu đề; "
    "hãy xem lại phần “Các cột”."
)
_MOST_NAMED = 10
_CONFLICTING = "Số liệu của đơn vị vừa được người khác thay đổi nên chưa ghi gì; hãy bấm nhận lại."


class TooMany(Refused):
    """One user's uploads of an hour are used up."""


# --- receiving --------------------------------------------------------------------------------------


def receive(
    user, unit, upload, *, year: int, kind: str = "", round=None, campaign=None, project=None, asks: bool = True
) -> ListBatch:
    """Keeps an uploaded file (a Django File with name and size) and submits the job that reads it.

    kind "" lets the list say its kind. asks: somebody will choose between two columns of one field; otherwise such a
    list is refused. Raises ``Refused`` with a sentence, after an audit event, when the file isn't taken.
    """
    if why := _hindrance(user, unit, upload, round, kind):
        record(AuditEvent.Action.REFUSE, actor=user, unit=unit, detail={"size": upload.size})
        raise why
    with transaction.atomic():
        ending = upload.name.rsplit(".", 1)[-1].lower()
        stored = store_file(
            upload, name=upload.name, content_type=_TYPES.get(ending, "application/octet-stream"), owner=user, unit=unit
        )
        batch = ListBatch.objects.create(
            unit=unit, owner=user, kind=kind, year=year, round=round, campaign=campaign, project=project, file=stored
        )
        stored.subject = batch
        stored.save(update_fields=["subject_kind", "subject_id"])
        batch.start("read_list", user, batch.State.READING, "Đọc", asks=asks)
        batch.save(update_fields=["job", "state"])
        record(AuditEvent.Action.UPLOAD, actor=user, subject=batch, unit=unit, detail={"sha256": stored.sha256})
    return batch


def _hindrance(user, unit, upload, round, kind) -> Refused | None:
    if not user.is_system and not user.reach_for("beneficiaries.add_listbatch").may_write(unit.pk):
        return Refused("Bạn không có quyền tải danh sách cho đơn vị này.")
    if not unit.is_open():
        return Refused(f"{unit} đã ngừng hoạt động nên không nhận danh sách; hãy chọn đơn vị kế thừa.")
    if upload.size > settings.UPLOAD_MAX_BYTES:
        return Refused(TOO_BIG)
    if round and kind != "receipts" and (why := round.hindrance(unit)):
        return Refused(why)
    if not user.is_system and ListBatch.objects.of_last_hour(user).count() >= settings.UPLOADS_PER_HOUR:
        return _too_many(user)
    return None


def _too_many(user) -> TooMany:
    oldest = ListBatch.objects.of_last_hour(user).order_by("created_at").first()
    again = timezone.localtime(oldest.created_at + timedelta(hours=1, minutes=1))
    return TooMany(f"Bạn đã tải {settings.UPLOADS_PER_HOUR} danh sách trong một giờ; hãy tải tiếp sau {again:%H:%M}.")


# --- reading ----------------------------------------------------------------------------------------


def read_list(job) -> None:
    """Reads, checks, matches and stages the list; safe to run again."""
    batch = _batch(job)
    if batch.state not in (batch.State.READING, batch.State.REFUSED):
        return
    job.progress(0, 3, "Đang đọc và kiểm tra tệp.")
    try:
        understood = _understand(batch, job)
    except IntakeRefused as refusal:
        _refuse(batch, job, str(refusal))
        return
    job.progress(1, 3, f"Đang đối chiếu {format_number(len(understood.rows))} dòng với sổ.")
    batch.kind = understood.kind.name
    batch.content_hash = content_hash(batch, understood.rows)
    shorten(understood.rows)
    hashes = hash_ids(understood.rows)
    name_units(batch.unit, understood)
    match = _review(batch, understood, hashes)
    job.progress(2, 3, "Đang chuẩn bị bản xem trước.")
    page = reverse("beneficiaries:batch_preview", args=[batch.pk])
    with job.completing(f"Đã đọc {format_number(len(understood.rows))} dòng.", result_url=page):
        stage(batch, understood.rows, hashes, match)
        _describe(batch, understood, match)
        batch.state = batch.State.READY
        batch.save()


def _review(batch, understood: UnderstoodList, hashes: list[str | None]) -> Match:
    """What the ledger says of the rows, told to them."""
    if understood.kind.review:
        return import_string(understood.kind.review)(batch, understood.rows)
    match = match_rows(batch, understood.rows, hashes)
    tell(batch, understood.rows, match)
    return match


def _batch(job) -> ListBatch:
    related = ("unit", "owner", "round__occasion", "campaign", "project", "file", "letter", "committed_by")
    return ListBatch.objects.select_related(*related).get(pk=job.params["batch"])


def _understand(batch, job) -> UnderstoodList:
    """What the file says; of figures for several occasions those of the batch's round."""
    try:
        understood = _read_file(batch, job)
    except NoListFound:
        if not batch.choices and not _memory(batch).exists():
            raise
        understood = _read_anew(batch, job)
    chosen = _columns_of_round(batch.round, understood) if batch.round and understood.kind.of_units else {}
    if chosen:
        batch.choices = chosen | batch.choices
        understood = _read_file(batch, job)
    if not job.params.get("asks", True):
        understood.refuse_conflicts()
    return understood


def _read_anew(batch, job) -> UnderstoodList:
    """By its headings alone, when what an officer chose or the unit's memory leaves no list; that is forgotten then."""
    batch.choices = {}
    understood = _read_file(batch, job, remembered={})
    keys = [column.key[:200] for table in understood.tables for column in table.columns]
    _memory(batch).filter(header__in=keys).delete()
    understood.messages.insert(0, Message("warning", None, None, _FORGOTTEN))
    return understood


def _memory(batch):
    return ColumnMemory.objects.filter(unit=batch.unit_id)


def _columns_of_round(round, understood: UnderstoodList) -> dict[str, str]:
    """Column key to "" for those of other occasions, where headings above name the one of the round."""
    others = {}
    names = [fold(round.name), fold(round.occasion.name)]
    for conflict in understood.conflicts:
        above = {column.key: fold(column.header.split(" / ")[0]) for column in conflict.columns}
        own = [key for key, text in above.items() if any(text in name or name in text for name in names)]
        if len(own) == 1:
            others |= dict.fromkeys(above.keys() - set(own), "")
    return others


def _read_file(batch, job, remembered: dict | None = None) -> UnderstoodList:
    """remembered: key of a column to field name instead of what the unit's lists say."""
    if remembered is None:
        remembered = dict(_memory(batch).values_list("header", "field"))
    with batch.file.file.open() as source:
        return understand(
            source,
            filename=batch.file.name,
            kind=batch.kind or None,
            aliases=ColumnAlias.objects.values_list("field", "alias"),
            remembered=remembered | batch.choices,
            mends=_plain_mends(batch),
            tick=job.beat,
        )


def _plain_mends(batch) -> dict:
    return {
        sheet: {row: {letter: decrypt(token) for letter, token in texts.items()} for row, texts in rows.items()}
        for sheet, rows in batch.mends.items()
    }


def _refuse(batch, job, sentence: str) -> None:
    with transaction.atomic():
        batch.rows.all().delete()
        batch.state, batch.counts, batch.columns = batch.State.REFUSED, {}, []
        batch.messages = [{"level": "error", "column": None, "field": None, "text": sentence}]
        batch.save()
        record(AuditEvent.Action.REFUSE, actor=batch.owner, subject=batch, unit=batch.unit)
        job.fail(sentence)


def _describe(batch, understood: UnderstoodList, match) -> None:
    """What the preview shows above the rows."""
    rows = understood.rows
    accepted = [index for index, status in enumerate(rows.status) if status in ("ready", "warning")]
    effects = Counter(match.effect(index) for index in accepted)
    asked = next((name for name in understood.kind.totals if name in rows.values), "amount")
    amounts, members = rows.column(asked), rows.column("members")
    batch.counts = understood.counts() | dict(effects) | {
        "amount": sum(amounts[index] or 0 for index in accepted),
        "crowded": 0 if understood.kind.of_units else sum(1 for index in accepted if members[index]),
        "proposed": sum(
            1 for i in accepted
            if asks_for_support(rows, i) and not (match.known[i] and match.known[i].id in match.in_round)
        ),
        "books": sorted({*match.units} - {batch.unit_id}),
    }  # fmt: skip
    batch.title, batch.title_unit = understood.title.text[:300], (understood.title.unit or "")[:200]
    batch.sheets = understood.sheets
    batch.messages = [{"level": message.level, **message.as_json()} for message in understood.messages]
    batch.messages += [*other_unit(batch), *_told_books(batch)]
    batch.stated_total, batch.computed_total = understood.stated_total, understood.computed_total
    batch.columns = _columns(understood)
    batch.conflicts = [
        {"field": conflict.field.label, "columns": [f"{c.letter} “{c.header}”" for c in conflict.columns]}
        for conflict in understood.conflicts
    ]
    batch.same_as = batch.committed_twin()


def _told_books(batch) -> list[dict]:
    if not batch.counts["books"]:
        return []
    units = list(Unit.objects.filter(pk__in=batch.counts["books"]).values_list("short_name", flat=True))
    more = f" và {format_number(len(units) - _MOST_NAMED)} đơn vị khác" if len(units) > _MOST_NAMED else ""
    text = f"Dòng trong nhóm của {', '.join(units[:_MOST_NAMED])}{more} được ghi vào sổ của chính đơn vị ấy."
    return [{"level": NOTE, "column": None, "field": "group", "text": text}]


def _columns(understood: UnderstoodList) -> list[dict]:
    """Every heading once, with what it was taken for and the first cells below it, numbers masked."""
    found = {}
    for table in understood.tables:
        for column in table.columns:
            shown = {
                "sheet": table.sheet.name,
                "letter": column.letter,
                "header": column.header,
                "key": column.key,
                "field": column.field.name if column.field else "",
                "certainty": column.certainty,
                "samples": [_masked(sample, column) for sample in column.samples],
            }
            known = found.setdefault(column.key or column.letter, shown)
            known.setdefault("places", {})[table.sheet.name[:60]] = column.letter
    return list(found.values())


def _masked(sample: str, column) -> str:
    if column.field and column.field.content == "money":
        return sample
    return _NUMBER.sub(lambda number: mask_id("".join(c for c in number[0] if c.isdigit())), sample)


# --- committing -------------------------------------------------------------------------------------


def commit_list(job) -> None:
    """Writes all accepted rows into the ledger with the end of the job, or nothing; safe to run again."""
    batch = _batch(job)
    if batch.state != batch.State.COMMITTING:
        return
    job.progress(0, 1, f"Đang ghi {format_number(batch.accepted)} dòng vào sổ.")
    try:
        _commit(batch, job)
    except Refused as refusal:
        with transaction.atomic():
            same_as = batch.committed_twin()
            ListBatch.objects.filter(pk=batch.pk).update(state=batch.State.READY, same_as=same_as)
            job.fail(str(refusal))


def _commit(batch, job) -> None:
    for _ in range(3):
        try:
            with job.completing(f"Đã nhận {format_number(batch.accepted)} dòng vào sổ."):
                _write(batch)
            return
        except IntegrityError:  # somebody wrote the same person by hand meanwhile: match anew
            job.beat()
    raise Refused(_CONFLICTING)


def _write(batch) -> None:
    by = batch.committed_by
    if not by.is_system and not by.reach_for("beneficiaries.change_listbatch").may_write(batch.unit_id):
        raise Refused("Người bấm nhận không còn quyền ghi cho đơn vị này.")
    batch.hold_units()
    batch.same_as = batch.committed_twin()
    if why := batch.hindrance():
        raise Refused(why)
    written = import_string(configured_kinds()[batch.kind].write)(batch, by)
    batch.state, batch.committed_at = batch.State.COMMITTED, timezone.now()
    batch.counts = {**batch.counts, "written": written}
    batch.save()
    record(AuditEvent.Action.CHANGE, actor=by, subject=batch, unit=batch.unit, detail={"to": batch.state, **written})
    if written.get("person") or written.get("changed_person"):
        ask_for_search(batch=batch)


def purge_staging() -> None:
    """Of lists closed a day ago all but what became of each row; lists left lying for a month, whole."""
    now = timezone.now()
    closed = ListBatch.objects.filter(committed_at__lt=now - timedelta(days=1), is_stripped=False)
    left = ListBatch.objects.filter(state=ListBatch.State.READY, created_at__lt=now - timedelta(days=30))
    for batch in closed.order_by():
        with transaction.atomic():
            _strip(batch)
    StagedRow.objects.filter(batch__in=left.order_by().values("pk")).delete()
    left.update(state=ListBatch.State.DISCARDED, mends={}, members={})


def _strip(batch) -> None:
    told = batch.rows.exclude(messages=[]).values_list("pk", "messages")
    lines = [
        (pk, json.dumps([{**message, "text": ""} for message in messages], ensure_ascii=False)) for pk, messages in told
    ]
    if lines:
        update_rows(StagedRow, ["messages"], lines)
    nothing = {"full_name": "", "folded_name": "", "id_hash": None, "values": {}, "cells": "", "changes": {}}
    batch.rows.update(**nothing)
    ListBatch.objects.filter(pk=batch.pk).update(is_stripped=True, mends={}, members={})
