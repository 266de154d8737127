"""Many rows at once: reserved ids, COPY on PostgreSQL or executemany on SQLite, and history by one INSERT ... SELECT.

``bulk_create_with_history`` writes history row by row in Python and was measured several times slower.
"""

import json
from collections.abc import Iterator
from datetime import UTC
from itertools import islice, repeat

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone


def reserve_ids(model, count: int) -> list[int]:
    """``count`` fresh primary keys nobody else will get. Call inside the transaction that uses them."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                # OFFSET 0 has the sequence looked up once, not for every row.
                "SELECT nextval(name) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name OFFSET 0) sequence, "
                "generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        return _reserve_in_sqlite(cursor, table, count)


def _reserve_in_sqlite(cursor, table, count) -> list[int]:
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
    row = cursor.fetchone()
    last = row[0] if row else 0
    if row:
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last + count, table])
    else:
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
    return list(range(last + 1, last + count + 1))


def insert_rows(model, columns: list[str], rows) -> None:
    """Insert tuples as they are: ``columns`` are attribute names (``unit_id``), values already in database form.

    No ``save``, no defaults, no encryption: the caller gives every column. ``None`` is NULL; dates, numbers, booleans
    and text only (JSON as text).
    """
    rows = list(rows)
    values = map(list, zip(*rows, strict=True))
    insert_columns(model, dict(zip(columns, values, strict=True)) if rows else {}, len(rows))


def insert_columns(model, columns: dict[str, object], count: int) -> None:
    """As insert_rows, by column: each is a list or iterator of ``count`` values, or one value for all rows."""
    if not count:
        return
    of_attribute = {field.attname: field.column for field in model._meta.concrete_fields}
    table = connection.ops.quote_name(model._meta.db_table)
    quoted = ", ".join(connection.ops.quote_name(of_attribute[name]) for name in columns)
    values = columns.values()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.copy_expert(f"COPY {table} ({quoted}) FROM STDIN", _CopyText(values, count))
            # A session's foreign-key checks keep the plan they were first given, which for a table that was small
            # then reads it whole for every row.
            cursor.execute("DISCARD PLANS")
        else:
            marks = ", ".join(["%s"] * len(columns))
            rows = zip(*(_of_sqlite(column, count) for column in values), strict=True)
            cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", list(rows))


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_SPECIAL = ("\\", "\t", "\n", "\r")
_LINES_AT_ONCE = 500


class _CopyText:
    """A file of COPY's text format, made some lines at a time while the server is busy with those before.

    Column by column, since most columns hold nothing that needs escaping.
    """

    def __init__(self, columns, count: int):
        self._columns = [iter(column) if _is_many(column) else _copy_texts([column])[0] for column in columns]
        self._left = count

    def read(self, size: int) -> bytes:
        count = min(self._left, _LINES_AT_ONCE)
        self._left -= count
        texts = [
            repeat(column, count) if isinstance(column, str) else _copy_texts([*islice(column, count)])
            for column in self._columns
        ]
        lines = "\n".join(map("\t".join, zip(*texts, strict=True)))
        return f"{lines}\n".encode() if count else b""


def _is_many(column) -> bool:
    return isinstance(column, list | Iterator)


def _copy_texts(values: list) -> list[str]:
    kinds = set(map(type, values))
    if str in kinds:
        whole = "".join(values if kinds == {str} else [value for value in values if value.__class__ is str])
        if any(mark in whole for mark in _SPECIAL):
            values = [value.translate(_ESCAPES) if value.__class__ is str else value for value in values]
    if kinds == {str}:
        return values
    if bool in kinds:
        values = [("t" if value else "f") if value.__class__ is bool else value for value in values]
    return ["\\N" if value is None else value if value.__class__ is str else str(value) for value in values]


def _of_sqlite(column, count: int):
    return map(_sqlite_value, column) if _is_many(column) else repeat(_sqlite_value(column), count)


def _sqlite_value(value):
    if hasattr(value, "tzinfo") and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    return value.isoformat() if hasattr(value, "isoformat") else value


def add_history(model, rows, *, change: str, by=None, reason: str = "") -> None:
    """One history row for each row of the queryset ``rows``, as they are now. ``change``: "+", "~" or "-"."""
    history, quote = model.history.model, connection.ops.quote_name
    kept = {field.attname for field in history._meta.concrete_fields}
    shared = [field for field in model._meta.concrete_fields if field.attname in kept]
    columns = ", ".join(quote(field.column) for field in shared)
    sql, params = rows.order_by().values(*[field.attname for field in shared]).query.sql_with_params()
    now = timezone.now() if connection.vendor == "postgresql" else _sqlite_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(history._meta.db_table)} "
            f"({columns}, history_date, history_type, history_change_reason, history_user_id) "
            f"SELECT source.*, %s, %s, %s, %s FROM ({sql}) source",
            [now, change, reason, by.pk if by else None, *params],
        )


def add_rows(model, count: int, **columns) -> list[int]:
    """Insert ``count`` rows and return their new ids. Call inside the transaction that uses them.

    Each column, named by attribute (``unit_id``), is a list of values in database form or one value for all; the
    columns left out get their field's default.
    """
    ids = reserve_ids(model, count)
    if ids:
        given = {"id": ids, **columns}
        fields = model._meta.concrete_fields
        all_columns = {f.attname: given[f.attname] if f.attname in given else _default(f) for f in fields}
        insert_columns(model, all_columns, count)
    return ids


def _default(field):
    return timezone.now() if getattr(field, "auto_now_add", False) else field.get_default()


def update_rows(model, columns: list[str], rows) -> None:
    """Write tuples of (id, then ``columns`` by attribute name), values in database form, over the rows of those ids."""
    quote = connection.ops.quote_name
    names = [quote(model._meta.get_field(name).column) for name in columns]
    table, rows = quote(model._meta.db_table), list(rows)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            sets = ", ".join(f"{name} = %s" for name in names)
            values = [(*map(_sqlite_value, row[1:]), row[0]) for row in rows]
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", values)
            return
        listed = ", ".join(["id", *names])
        cursor.execute(f"CREATE TEMPORARY TABLE bulk_update ON COMMIT DROP AS SELECT {listed} FROM {table} WHERE false")
        values = [list(column) for column in zip(*rows, strict=True)]
        cursor.copy_expert(f"COPY bulk_update ({listed}) FROM STDIN", _CopyText(values, len(rows)))
        sets = ", ".join(f"{name} = fresh.{name}" for name in names)
        cursor.execute(f"UPDATE {table} SET {sets} FROM bulk_update fresh WHERE {table}.id = fresh.id")
        cursor.execute("DROP TABLE bulk_update")


def among(values) -> RawSQL:
    """Texts or whole numbers, at least one, as the right side of ``__in``: one parameter, however many they are."""
    values = list(values)
    if connection.vendor != "postgresql":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(values)])
    kind = "bigint" if values and isinstance(values[0], int) else "text"
    return RawSQL(f"SELECT value::{kind} FROM json_array_elements_text(%s::json)", [json.dumps(values)])


def of_ids(ids: list[int]) -> Q:
    """Rows of these ids, at least one: as a range where it leaves none out, as it is with ids just reserved unless somebody
    else was writing too."""
    first, last = min(ids), max(ids)
    return Q(id__range=(first, last)) if last - first + 1 == len(set(ids)) else Q(id__in=among(ids))


def delete_rows(model, ids) -> None:
    """Delete by id, after the caller has kept their history; nothing that points at them goes along."""
    table = connection.ops.quote_name(model._meta.db_table)
    listed, params = among(ids).as_sql(None, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id IN {listed}", params)
