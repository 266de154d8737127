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
from welfare.documents.models import store_file
from welfare.jobs.models import JobFailed

_FILL = {
    "error": PatternFill("solid", start_color="FFF8B4B4"),
    "warning": PatternFill("solid", start_color="FFFDE68A"),
}
_AUTHOR = "Phúc lợi Công đoàn"
_HEADING = "Kết quả kiểm tra"
_WIDTH = 60
_LONGEST_CELL = 32_000
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def return_list(job) -> None:
    """Marks the file of the batch ``job.params["batch"]``; the result is kept a week."""
    batch = ListBatch.objects.select_related("file", "unit").get(pk=job.params["batch"])
    if not batch.rows.exists():
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
    for row in batch.rows.order_by("position").values("sheet", "row", "status", "messages"):
        told[row["sheet"]].append(row)
    headings = _header_rows(batch, told)
    for name, rows in told.items():
        page = next((page for page in book.worksheets if page.title[:60] == name), None)
        if page is not None:
            _mark_page(page, rows, headings[name])


def _header_rows(batch, told) -> dict[str, int]:
    """The line just above the first row of each sheet, where the heading of the new column goes."""
    return {name: max(1, min(row["row"] for row in rows) - 1) for name, rows in told.items()}


def _mark_page(page, rows: list[dict], heading_row: int) -> None:
    last = page.max_column + 1
    heading = page.cell(heading_row, last)
    _write(heading, _HEADING)
    heading.font = Font(bold=True)
    page.column_dimensions[heading.column_letter].width = _WIDTH
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
