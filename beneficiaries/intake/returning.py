"""Gives an uploaded list back as the sender's own workbook, with what is wrong marked where it stands."""

import io
from collections import defaultdict
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string

from beneficiaries.intake.cells import as_text
from beneficiaries.intake.limits import IntakeRefused
from beneficiaries.intake.models import ListBatch
from beneficiaries.intake.reading import read_book
from beneficiaries.intake.records import record_number
from welfare.crypto import decrypt
from welfare.documents.models import store_file
from welfare.jobs.models import JobFailed

_FILL = {
    "error": PatternFill("solid", start_color="FFF8B4B4"),
    "warning": PatternFill("solid", start_color="FFFDE68A"),
}
_AUTHOR = "Phúc lợi Công đoàn"
_HEADING = "Kết quả kiểm tra"
_RECORD = "Mã hồ sơ"
_WIDTH, _NARROW = 60, 14
_MENDED = PatternFill("solid", start_color="FFBBF7D0")
_TAKEN = ("ready", "warning")
_LONGEST_CELL = 32_000
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def return_list(job) -> None:
    """Marks the file of the batch ``job.params["batch"]``; the result is kept a week."""
    batch = ListBatch.objects.select_related("file", "unit").get(pk=job.params["batch"])
    if batch.is_stripped or not batch.rows.exists():
        raise JobFailed("Chi tiết từng dòng của danh sách này không còn được giữ; hãy tải tệp lên lại.")
    job.progress(0, 1, "Đang đánh dấu các ô trong tệp.")
    book = _open(batch)
    job.beat()
    _mark(book, batch)
    content = io.BytesIO()
    book.save(content)
    name = f"{Path(batch.file.name).stem} - đã kiểm tra.xlsx"
    with job.completing("Đã đánh dấu xong; bấm Tải về."):
        marked = store_file(
            content.getvalue(),
            name=name,
            content_type=_TYPE,
            owner=job.owner,
            unit=batch.unit,
            subject=batch,
            keep_days=7,
        )
        job.result = marked
        ListBatch.objects.filter(pk=batch.pk).update(marked_file=marked)


def _open(batch):
    """The workbook itself where it is an .xlsx; of other formats a new one with the same rows and order."""
    with batch.file.file.open() as source:
        head = source.read(4)
        source.seek(0)
        if head.startswith(b"PK\x03\x04") and batch.file.name.lower().endswith(".xlsx"):
            return openpyxl.load_workbook(source)
        try:
            return _copied(read_book(source, filename=batch.file.name))
        except IntakeRefused as refusal:
            raise JobFailed(str(refusal)) from refusal


def _copied(book):
    copy = openpyxl.Workbook()
    copy.remove(copy.active)
    for sheet in book.sheets:
        page = copy.create_sheet(sheet.name[:31])
        for number, cells in enumerate(sheet.rows, 1):
            for column, value in enumerate(cells, 1):
                if value != "":
                    _write(page.cell(number, column), as_text(tuple(value)) if type(value) is list else value)
    return copy


def _write(cell, value) -> None:
    """Text stays text: nothing a sender typed becomes a formula."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _mark(book, batch) -> None:
    told = defaultdict(list)
    for row in batch.rows.order_by("position").values("sheet", "row", "status", "messages", "person"):
        told[row["sheet"]].append(row)
    taken = batch.state == batch.State.COMMITTED
    for name, rows in told.items():
        page = next((page for page in book.worksheets if page.title[:60] == name), None)
        if page is not None:
            _put_mends(page, batch.mends.get(name, {}))
            if taken:
                _number_page(page, rows, _record_column(batch, name))
            _mark_page(page, rows)


def _put_mends(page, rows: dict) -> None:
    """What was mended on the screen, with what the file had in a comment."""
    for row, texts in rows.items():
        for letter, token in texts.items():
            cell = page[f"{letter}{row}"]
            if not isinstance(cell, MergedCell):
                before = "" if cell.value is None else cell.value
                cell.comment = Comment(f"Đã sửa trên màn hình; tệp gốc ghi: {before}"[:_LONGEST_CELL], _AUTHOR)
                _write(cell, decrypt(token))
                cell.fill = _MENDED


def _record_column(batch, sheet: str) -> int | None:
    """Where the sheet has record numbers already."""
    letters = (c.get("places", {}).get(sheet) for c in batch.columns if c["field"] == "record_number")
    return next((column_index_from_string(letter) for letter in letters if letter), None)


def _number_page(page, rows: list[dict], column: int | None) -> None:
    if column is None:
        column = _new_column(page, rows, _RECORD, _NARROW)
    for row in rows:
        cell = page.cell(row["row"], column)
        if row["person"] and row["status"] in _TAKEN and not isinstance(cell, MergedCell):
            _write(cell, record_number(row["person"]))


def _new_column(page, rows: list[dict], title: str, width: int) -> int:
    """Its heading stands just above the first row."""
    last = page.max_column + 1
    heading = page.cell(max(1, min(row["row"] for row in rows) - 1), last)
    _write(heading, title)
    heading.font = Font(bold=True)
    page.column_dimensions[heading.column_letter].width = width
    return last


def _mark_page(page, rows: list[dict]) -> None:
    last = _new_column(page, rows, _HEADING, _WIDTH)
    for row in rows:
        problems = [message for message in row["messages"] if message["level"] in _FILL]
        for message in problems:
            if message["column"]:
                _mark_cell(page.cell(row["row"], column_index_from_string(message["column"])), message)
        cell = page.cell(row["row"], last)
        _write(cell, _verdict(row)[:_LONGEST_CELL])
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        worst = "error" if row["status"] == "error" else "warning" if problems else None
        if worst:
            cell.fill = _FILL[worst]


def _mark_cell(cell, message: dict) -> None:
    if isinstance(cell, MergedCell):
        return
    cell.fill = _FILL["error"] if message["level"] == "error" or _is_bad(cell) else _FILL["warning"]
    before = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = Comment(f"{before}{message['text']}", _AUTHOR, width=320, height=120)


def _is_bad(cell) -> bool:
    """Marked as an error before, by another message."""
    return cell.fill.fill_type == "solid" and cell.fill.start_color.rgb == "FFF8B4B4"


def _verdict(row: dict) -> str:
    words = {"ready": "Hợp lệ", "warning": "Cần lưu ý", "error": "Lỗi, chưa nhận", "duplicate": "Trùng, không nhận"}
    texts = [message["text"] for message in row["messages"]]
    return ": ".join([words[row["status"]], " ".join(texts)]) if texts else words[row["status"]]
