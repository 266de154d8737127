"""Tables as XLSX and CSV that can't carry a formula: text stays text whatever it begins with.

Rows may be any iterable and are written as they come, in constant memory. A value is str, int, float, Decimal, date,
datetime, bool (a mark) or None; an identity number, a phone or a year is given as text and stays so.
"""

import csv
import datetime
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from xlsxwriter import Workbook

from welfare.documents.blocks import GroupRow, Table, cell_text
from welfare.documents.layout import OfficialDocument, printable

MAX_ROWS = 1_048_576
_MAX_TEXT = 32_767
_EXACT_DIGITS = 10**15  # a workbook's numbers are binary floats
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


class TableError(Exception):
    """Holds one Vietnamese sentence for the user."""


@dataclass(frozen=True)
class Sheet:
    """`titles` are lines above the header; `widths` are in characters; `total` is a bold last row."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence | GroupRow]
    titles: Sequence[str] = ()
    widths: Sequence[float] = ()
    total: Sequence | None = None


def write_xlsx(stream, sheets: Iterable[Sheet]):
    """Writes a workbook into a binary stream. Raises TableError for more rows than a sheet holds."""
    book = Workbook(stream, {"constant_memory": True})
    try:
        formats = _formats(book)
        for number, sheet in enumerate(sheets, 1):
            _write_sheet(book, formats, sheet, number)
    finally:
        book.close()


def render_xlsx(document: OfficialDocument) -> bytes:
    """Every table of a document, a sheet each, with its figures as numbers and dates."""
    target = io.BytesIO()
    tables = document.tables
    sheets = (_table_sheet(document, table, n, len(tables)) for n, table in enumerate(tables, 1))
    write_xlsx(target, sheets)
    return target.getvalue()


def write_csv(stream, header: Sequence[str], rows: Iterable[Sequence]):
    """Writes into a binary stream: UTF-8 with the mark Excel needs; text that looks like a formula gets a quote."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow([csv_text(value) for value in header])
        writer.writerows([csv_text(value) for value in row] for row in rows)
    finally:
        text.detach()


def csv_text(value) -> str:
    """Dates as dd/mm/yyyy, numbers bare with a decimal point; a quote before what a spreadsheet would run."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return str(value)
    text = printable(cell_text(_local(value)))
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) else text


def _formats(book):
    cell = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter", "text_wrap": True}
    bold = {**cell, "bold": True}
    header = {**bold, "align": "center", "border": 1, "bg_color": "#E7ECF2"}
    framed = {**cell, "border": 1}
    looks = {
        "title": bold | {"text_wrap": False},
        "header": header,
        "text": framed | {"num_format": "@"},
        "whole": framed | {"num_format": "#,##0"},
        "decimal": framed | {"num_format": "#,##0.##"},
        "date": framed | {"num_format": "dd/mm/yyyy"},
        "time": framed | {"num_format": "dd/mm/yyyy hh:mm"},
        "mark": framed | {"align": "center"},
    }
    looks |= {f"bold {name}": {**look, "bold": True} for name, look in looks.items()}
    return {name: book.add_format(look) for name, look in looks.items()}


def _write_sheet(book, formats, sheet, number):
    page = book.add_worksheet(_sheet_name(book, sheet.name, number))
    for column, header in enumerate(sheet.header):
        width = sheet.widths[column] if column < len(sheet.widths) else min(max(len(header) + 2, 12), 40)
        page.set_column(column, column, width)
    top = len(sheet.titles)
    for row, title in enumerate(sheet.titles):
        page.write_string(row, 0, _text(title), formats["title"])
    for column, header in enumerate(sheet.header):
        page.write_string(top, column, _text(header), formats["header"])
    page.freeze_panes(top + 1, 0)
    row = top
    for row, values in enumerate(sheet.rows, top + 1):
        _write_row(page, formats, row, values, len(sheet.header))
    if sheet.total is not None:
        _write_row(page, formats, row + 1, sheet.total, len(sheet.header), "bold ")
    elif row > top and sheet.header:
        page.autofilter(top, 0, row, len(sheet.header) - 1)


def _write_row(page, formats, row, values, columns, weight=""):
    if row >= MAX_ROWS:
        raise TableError("Danh sách có hơn 1.048.576 dòng, một trang tính không chứa hết; hãy lọc bớt rồi xuất lại.")
    if isinstance(values, GroupRow):
        values, weight = [values.text, *[None] * (columns - 1)], "bold "
    for column, value in enumerate(values):
        _write_cell(page, formats, row, column, value, weight)


def _write_cell(page, formats, row, column, value, weight):
    value = _local(value)
    if value is None or value is False or value == "":
        page.write_blank(row, column, None, formats[f"{weight}text"])
    elif isinstance(value, bool):
        page.write_string(row, column, cell_text(value), formats[f"{weight}mark"])
    elif isinstance(value, datetime.date) and value.year >= 1900:
        kind = "time" if isinstance(value, datetime.datetime) else "date"
        page.write_datetime(row, column, value, formats[weight + kind])
    elif isinstance(value, (int, float, Decimal)) and math.isfinite(value) and abs(value) < _EXACT_DIGITS:
        kind = "whole" if value == int(value) else "decimal"
        page.write_number(row, column, value, formats[weight + kind])
    else:
        text = str(value) if isinstance(value, (int, float, Decimal)) else cell_text(value)
        page.write_string(row, column, _text(text), formats[f"{weight}text"])


def _local(value):
    """A workbook has no time zones: an aware moment becomes the local one."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    return value


def _text(text):
    """A workbook knows one line end; a lone carriage return would show as "_x000D_"."""
    text = printable(text).replace("\r\n", "\n").replace("\r", "\n")
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"


def _sheet_name(book, name, number):
    """At most 31 characters, none that Excel keeps for itself or counts as two."""
    name = re.sub(r"[\[\]:*?/\\\U00010000-\U0010ffff]", " ", printable(name)).strip("' ")[:31].rstrip("' ")
    taken = {sheet.get_name().lower() for sheet in book.worksheets()} | {"history"}
    if not name or name.lower() in taken:
        suffix = f" {number}"
        name = (name or "Bảng")[: 31 - len(suffix)] + suffix
    return name


def _table_sheet(document, table: Table, number, count):
    columns = table.all_columns
    header = [f"{column.group}: {column.header}" if column.group else column.header for column in columns]
    titles = [document.title, table.caption, table.note]
    whole = sum(column.width for column in columns) or 1
    return Sheet(
        name=table.caption or (document.kind.capitalize() if count == 1 else f"Bảng {number}"),
        header=header,
        rows=_numbered(table.rows) if table.numbered else table.rows,
        titles=[title for title in titles if title],
        widths=[max(6, 110 * column.width / whole) for column in columns],
        total=["", *table.total] if table.numbered and table.total is not None else table.total,
    )


def _numbered(rows):
    number = 0
    for row in rows:
        if isinstance(row, GroupRow):
            yield row
        else:
            number += 1
            yield [number, *row]
