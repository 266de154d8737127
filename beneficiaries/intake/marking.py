"""The process that marks a list's workbook, under limits of memory and time: what openpyxl makes of a file is not known before.

Run by returning.py with paths; imports no Django. The plan is a JSON object: {"pages": {sheet name: {"mends":
{row: {column letter: text}}, "numbers": {row: text}, "number_column": index or null, "rows": [{"row", "status",
"messages"}]}}, "copy": null or [[sheet name, rows], ...], of which a new workbook is made instead of opening the old}.
"""

import json
import re
import resource
import sys
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.comments.comment_sheet import CommentSheet
from openpyxl.comments.shape_writer import ShapeWriter
from openpyxl.packaging.relationship import Relationship
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import Element, tostring

from beneficiaries.intake import limits

_FILL = {
    "error": PatternFill("solid", start_color="FFF8B4B4"),
    "warning": PatternFill("solid", start_color="FFFDE68A"),
}
_MENDED = PatternFill("solid", start_color="FFBBF7D0")
_AUTHOR = "Phúc lợi Công đoàn"
_HEADING = "Kết quả kiểm tra"
_RECORD = "Mã hồ sơ"
_WIDTH, _NARROW = 60, 14
_LONGEST_CELL = 32_000
_LAST_COLUMN = 16_384
_LONGEST_TITLE = 31
_NOT_IN_A_TITLE = re.compile(r"[\\*?:/\[\]]")
_WORDS = {"ready": "Hợp lệ", "warning": "Cần lưu ý", "error": "Lỗi, chưa nhận", "duplicate": "Trùng, không nhận"}


def main(source: str, plan: str, target: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.CHILD_MEMORY_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.MARKING_CPU_SECONDS, limits.MARKING_CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    mark(source, json.loads(Path(plan).read_bytes()), target)
    sys.stdout.write("{}")


def mark(source: str, plan: dict, target: str) -> None:
    if plan["copy"] is None:
        with Path(source).open("rb") as file:  # by name openpyxl would ask for an ending
            book = openpyxl.load_workbook(file)
        pages = {page.title[:60]: page for page in book.worksheets}
    else:
        book, pages = _copied(plan["copy"])
    for name, told in plan["pages"].items():
        if name in pages:
            _mark_page(pages[name], told)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writer(book, archive).write_data()


def _copied(sheets: list) -> tuple:
    book = openpyxl.Workbook()
    book.remove(book.active)
    pages = {}
    for name, rows in sheets:
        title = _NOT_IN_A_TITLE.sub("-", ILLEGAL_CHARACTERS_RE.sub("", name)).strip("'")[:_LONGEST_TITLE]
        pages[name[:60]] = page = book.create_sheet(title or "Trang")
        for number, cells in enumerate(rows, 1):
            for column, value in enumerate(cells, 1):
                if value != "":
                    _write(page.cell(number, column), value)
    return book, pages


def _mark_page(page, told: dict) -> None:
    _put_mends(page, told["mends"])
    rows = told["rows"]
    if told["numbers"]:
        _number(page, rows, told["numbers"], told["number_column"])
    last = _new_column(page, rows, _HEADING, _WIDTH)
    for row in rows:
        problems = [message for message in row["messages"] if message["level"] in _FILL]
        for message in problems:
            if message["column"]:
                _mark_cell(page.cell(row["row"], column_index_from_string(message["column"])), message)
        cell = page.cell(row["row"], last)
        _write(cell, _verdict(row))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        worst = "error" if row["status"] == "error" else "warning" if problems else None
        if worst:
            cell.fill = _FILL[worst]


def _put_mends(page, rows: dict) -> None:
    """What was mended on the screen, with what the file had in a comment."""
    for row, texts in rows.items():
        for letter, text in texts.items():
            cell = page[f"{letter}{row}"]
            if not isinstance(cell, MergedCell):
                before = "" if cell.value is None else cell.value
                cell.comment = Comment(_plain(f"Đã sửa trên màn hình; tệp gốc ghi: {before}"), _AUTHOR)
                _write(cell, text)
                cell.fill = _MENDED


def _number(page, rows: list[dict], numbers: dict[str, str], column: int | None) -> None:
    column = column or _new_column(page, rows, _RECORD, _NARROW)
    for row, number in numbers.items():
        cell = page.cell(int(row), column)
        if not isinstance(cell, MergedCell):
            _write(cell, number)


def _new_column(page, rows: list[dict], title: str, width: int) -> int:
    """Its heading stands just above the first row."""
    last = min(page.max_column + 1, _LAST_COLUMN)
    heading = page.cell(max(1, min(row["row"] for row in rows) - 1), last)
    if isinstance(heading, MergedCell):
        heading = page.cell(1, last)
    _write(heading, title)
    heading.font = Font(bold=True)
    page.column_dimensions[heading.column_letter].width = width
    return last


def _mark_cell(cell, message: dict) -> None:
    if isinstance(cell, MergedCell):
        return
    cell.fill = _FILL["error"] if message["level"] == "error" or _is_bad(cell) else _FILL["warning"]
    before = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = Comment(_plain(f"{before}{message['text']}"), _AUTHOR, width=320, height=120)


def _is_bad(cell) -> bool:
    """Marked as an error before, by another message."""
    return cell.fill.fill_type == "solid" and cell.fill.start_color.rgb == "FFF8B4B4"


def _verdict(row: dict) -> str:
    texts = [message["text"] for message in row["messages"]]
    return ": ".join([_WORDS[row["status"]], " ".join(texts)]) if texts else _WORDS[row["status"]]


def _write(cell, value) -> None:
    """Text stays text: nothing a sender typed becomes a formula."""
    cell.value = _plain(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"


def _plain(text: str) -> str:
    """What a workbook can hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST_CELL]


class _Writer(ExcelWriter):
    """Writes comments one by one: the library holds all of a page as two trees, 280 MB for 40,000 of them."""

    def _write_comment(self, ws) -> None:
        comments = CommentSheet.from_comments(ws._comments)
        self._comments.append(comments)
        comments._id = len(self._comments)
        self.manifest.append(comments)
        ws.legacy_drawing = f"xl/drawings/commentsDrawing{comments._id}.vml"
        ws._rels.append(Relationship(Id="comments", type=comments._rel_type, Target=comments.path))
        for name, elements in ((comments.path[1:], _texts(comments)), (ws.legacy_drawing, _boxes(ws._comments))):
            with self._archive.open(name, "w") as part:
                part.writelines(elements)


def _texts(comments: CommentSheet):
    yield f'<comments xmlns="{SHEET_MAIN_NS}">'.encode()
    yield tostring(comments.authors.to_tree())
    yield b"<commentList>"
    for comment in comments.commentList:
        yield tostring(comment.to_tree())
    yield b"</commentList></comments>"


def _boxes(comments: list):
    """The yellow boxes that the texts stand in."""
    writer = ShapeWriter(())
    head, tail, _ = writer.write(None).partition(b"</xml>")
    yield head
    for number, comment in enumerate(comments, 1026):
        box = Element("xml")
        writer.add_comment_shape(box, number, comment.ref, comment.height, comment.width)
        yield tostring(box[0])
    yield tail
