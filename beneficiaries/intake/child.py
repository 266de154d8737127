"""The process that opens an uploaded file, under limits of memory and time, and prints its cells as JSON.

Run by reading.py with a path; imports neither Django nor Celery, so it starts in some 40 ms. Whatever the file
does to it, the parent only sees an exit code.
"""

import datetime
import io
import json
import resource
import sys

import python_calamine

from beneficiaries.intake import limits
from beneficiaries.intake.archive import PASSWORD, open_archive
from beneficiaries.intake.limits import IntakeRefused
from beneficiaries.intake.oldexcel import scan_old
from beneficiaries.intake.prescan import LEGACY_FONT, MACRO, SheetFacts, check_columns, scan
from beneficiaries.intake.textfile import NOT_A_TABLE, read_text

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN = "Tệp bị hỏng hoặc không phải bảng tính; hãy mở bằng Excel, lưu lại thành .xlsx rồi tải lên."
_EMPTY = "Tệp rỗng, không có dữ liệu; hãy kiểm tra lại tệp đã chọn."


def main(path: str, extension: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.CHILD_MEMORY_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CHILD_CPU_SECONDS, limits.CHILD_CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs the child 10 ms
            answer = read(file.read(limits.FILE_BYTES + 1), extension)
    except IntakeRefused as refusal:
        answer = {"refused": str(refusal)}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def read(data: bytes, extension: str) -> dict:
    """{"format", "hint", "sheets": [{"name", "hidden", "rows", "merges", "errors", "formulas", "hidden_rows", "fonts"}]}"""
    if not data.strip(b"\0 \r\n\t"):
        raise IntakeRefused(_EMPTY)
    if data.startswith(b"PK"):
        facts = scan(open_archive(data), data)
        return {"format": facts.kind, "hint": None, "sheets": _sheets(data, facts.sheets)}
    if data.startswith(_OLE):
        _check_ole(data)
        return {"format": "xls", "hint": _font_hint(data), "sheets": _sheets(data, scan_old(data))}
    if extension in ("csv", "txt", "tsv"):
        return {"format": "csv", "hint": None, "sheets": [_sheet("CSV", _Room().take(read_text(data), "CSV"))]}
    raise IntakeRefused(NOT_A_TABLE)


def _check_ole(data: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise IntakeRefused(PASSWORD)
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise IntakeRefused(MACRO)


def _font_hint(data: bytes) -> str | None:
    """The encoding that the font names of an .xls point at; which cells use them isn't known."""
    for encoding, name in (("tcvn3", ".VnTime"), ("vni", "VNI-")):
        if name.encode() in data or name.encode("utf-16-le") in data:
            return encoding
    return None


def _sheets(data: bytes, facts: dict[str, SheetFacts]) -> list[dict]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        if any(meta.typ == python_calamine.SheetTypeEnum.MacroSheet for meta in book.sheets_metadata):
            raise IntakeRefused(MACRO)
        room = _Room()
        return [
            _read_sheet(book, meta, facts.get(meta.name, SheetFacts()), room)
            for meta in book.sheets_metadata
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except python_calamine.PasswordError as error:
        raise IntakeRefused(PASSWORD) from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise IntakeRefused(PASSWORD if "assword" in str(error) else _BROKEN) from error
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # the reader library's own, which is no Exception
            raise
        raise IntakeRefused(_BROKEN) from panic


def _read_sheet(book, meta, facts: SheetFacts, room: "_Room") -> dict:
    if meta.visible != python_calamine.SheetVisibleEnum.Visible:
        return _sheet(meta.name, [], hidden=True)
    facts.check_extent(meta.name)
    sheet = book.get_sheet_by_name(meta.name)
    SheetFacts(last_row=sheet.total_height + 1, last_column=sheet.total_width + 1).check_extent(meta.name)
    cells = sheet.to_python(skip_empty_area=False)
    rows = [[cell if type(cell) is str else _plain(cell) for cell in row] for row in cells]
    return _sheet(meta.name, room.take(rows, meta.name), merges=_merges(sheet), facts=facts)


def _merges(sheet) -> list:
    return [[*start, *end] for start, end in sheet.merged_cell_ranges or ()]


def _sheet(name: str, rows: list, *, hidden=False, merges=(), facts: SheetFacts | None = None) -> dict:
    facts = facts or SheetFacts()
    return {
        "name": name,
        "hidden": hidden,
        "rows": rows,
        "merges": list(merges),
        "errors": facts.errors,
        "formulas": facts.formulas,
        "hidden_rows": [row for row in facts.hidden_rows if row < len(rows)],
        "fonts": [run for run in facts.fonts if LEGACY_FONT.match(run[0])],
    }


def _plain(cell):
    """Dates as [year, month, day], whole numbers as int, true and false as text, everything else as it is."""
    kind = type(cell)
    if kind is float:
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    if kind is datetime.date or kind is datetime.datetime:
        return [cell.year, cell.month, cell.day]
    return str(cell).upper() if kind is bool else str(cell) if cell is not None else ""


class _Room:
    """What is left of the limits that a whole book shares: many sheets may each be small."""

    def __init__(self):
        self.cells, self.characters = limits.AREA_CELLS, limits.TEXT_CHARACTERS

    def take(self, rows: list[list], sheet: str) -> list[list]:
        """The rows without the blank ones at the end, when they are not too many, too wide or too long."""
        while rows and rows[-1].count("") == len(rows[-1]):
            rows.pop()
        filled = [row for row in rows if row.count("") < len(row)]
        if len(filled) > limits.DATA_ROWS + 500:
            raise IntakeRefused(f"Trang “{sheet}” có hơn {limits.DATA_ROWS} dòng; hãy chia danh sách thành nhiều tệp.")
        check_columns(sheet, _used_columns(filled))
        self.cells -= len(rows) * len(rows[0]) if rows else 0
        if self.cells < 0:
            raise IntakeRefused("Các trang của tệp cộng lại quá lớn; hãy chép riêng bảng danh sách sang tệp mới.")
        self.characters -= sum(map(len, [cell for row in filled for cell in row if type(cell) is str]))
        if self.characters < 0:
            raise IntakeRefused(f"Trang “{sheet}” có quá nhiều chữ; hãy chỉ giữ lại bảng danh sách.")
        return rows


def _used_columns(rows: list[list]) -> int:
    width = len(rows[0]) if rows else 0
    if width <= limits.COLUMNS:
        return width
    return sum(1 for column in range(width) if any(row[column] != "" for row in rows))
