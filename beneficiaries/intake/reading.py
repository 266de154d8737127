"""Bytes of an uploaded file to sheets of plain cells, read in a child process that may die in any way."""

import os
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from beneficiaries.intake import limits
from beneficiaries.intake.limits import IntakeRefused
from welfare.children import ChildDied, ask_child

_EXTENSIONS = ("xlsx", "xls", "ods", "csv", "txt", "tsv")
_DIED = (
    "Không đọc được tệp trong giới hạn bộ nhớ và thời gian cho phép (vùng dữ liệu quá lớn hoặc tệp hỏng); "
    "hãy chép riêng bảng danh sách sang tệp mới rồi tải lại."
)


@dataclass(slots=True)
class Sheet:
    """Cells from A1: text, int, float, or [year, month, day]; "" where empty. Positions are zero-based.

    merges: [top, left, bottom, right]; errors: (row, column) to Excel's error text; formulas: cells whose
    result Excel has not stored; hidden_rows: those hidden by hand or by a filter; fonts: [font, column, first row, last row] of cells in a legacy font.
    """

    name: str
    hidden: bool
    rows: list[list]
    merges: list[list[int]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: frozenset[int] = frozenset()
    fonts: list[list] = field(default_factory=list)


@dataclass(slots=True)
class Book:
    """format: xlsx, xls, ods or csv; hint: the legacy encoding that the font names point at, if any."""

    format: str
    hint: str | None
    sheets: list[Sheet]


def read_book(source, *, filename: str, tick: Callable[[], None] | None = None) -> Book:
    """Reads a path or a binary file object. tick is called about once a second while the child works.

    Raises IntakeRefused with a Vietnamese sentence for every file that can't be read.
    """
    extension = Path(filename).suffix.lower().lstrip(".")
    if extension == "xlsm":
        raise IntakeRefused("Tệp .xlsm có macro nên không được nhận; hãy lưu thành .xlsx rồi tải lại.")
    if extension not in _EXTENSIONS:
        raise IntakeRefused("Chỉ nhận tệp .xlsx, .xls, .ods hoặc .csv; hãy lưu danh sách thành .xlsx.")
    with _on_disk(source) as path:
        return _book(_answer(path, extension, tick))


@contextmanager
def _on_disk(source):
    if isinstance(source, str | os.PathLike):
        _check_size(Path(source).stat().st_size)
        yield str(source)
        return
    with tempfile.NamedTemporaryFile(prefix="intake-") as copy:
        source.seek(0)
        size = 0
        while chunk := source.read(1 << 20):
            size += len(chunk)
            _check_size(size)
            copy.write(chunk)
        copy.flush()
        yield copy.name


def _check_size(size: int) -> None:
    if size > limits.FILE_BYTES:
        raise IntakeRefused("Tệp lớn hơn 10 MB; hãy bỏ ảnh và các trang thừa, hoặc chia thành nhiều tệp.")


def _answer(path: str, extension: str, tick: Callable[[], None] | None) -> dict:
    try:
        answer = ask_child("beneficiaries.intake.child", path, extension, seconds=limits.CHILD_WALL_SECONDS, tick=tick)
    except ChildDied as death:
        raise IntakeRefused(_DIED) from death
    if "refused" in answer:
        raise IntakeRefused(answer["refused"])
    return answer


def _book(answer: dict) -> Book:
    sheets = [_sheet(sheet) for sheet in answer["sheets"]]
    if not any(sheet.rows for sheet in sheets):
        raise IntakeRefused("Không có dữ liệu: mọi trang đang hiện của tệp đều trống.")
    return Book(answer["format"], answer["hint"], sheets)


def _sheet(answer: dict) -> Sheet:
    return Sheet(
        name=answer["name"],
        hidden=answer["hidden"],
        rows=answer["rows"],
        merges=answer["merges"],
        errors={(row, column): text for row, column, text in answer["errors"]},
        formulas={(row, column) for row, column in answer["formulas"]},
        hidden_rows=frozenset(answer["hidden_rows"]),
        fonts=answer["fonts"],
    )
