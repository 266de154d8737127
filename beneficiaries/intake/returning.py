"""Gives an uploaded list back as the sender's own workbook, with what is wrong marked where it stands."""

import json
import tempfile
from collections import defaultdict
from pathlib import Path

from openpyxl.utils import column_index_from_string

from beneficiaries.intake import limits
from beneficiaries.intake.cells import as_text
from beneficiaries.intake.limits import IntakeRefused
from beneficiaries.intake.models import ListBatch
from beneficiaries.intake.reading import read_book
from beneficiaries.intake.records import record_number
from welfare.children import ChildDied, ask_child
from welfare.crypto import decrypt
from welfare.documents.models import store_file
from welfare.jobs.models import JobFailed

_TAKEN = ("ready", "warning")
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DIED = (
    "Không đánh dấu được tệp này vì tệp quá lớn; hãy xem lỗi trên màn hình, hoặc xóa trang và dòng thừa rồi tải lại."
)


def return_list(job) -> None:
    """Marks the file of the batch ``job.params["batch"]``; the result is kept a week."""
    batch = ListBatch.objects.select_related("file", "unit").get(pk=job.params["batch"])
    if batch.is_stripped or not batch.rows.exists():
        raise JobFailed("Chi tiết từng dòng của danh sách này không còn được giữ; hãy tải tệp lên lại.")
    job.progress(0, 1, "Đang đánh dấu các ô trong tệp.")
    content = _marked(batch, job.beat)
    name = f"{Path(batch.file.name).stem} - đã kiểm tra.xlsx"
    with job.completing("Đã đánh dấu xong; bấm Tải về."):
        marked = store_file(
            content, name=name, content_type=_TYPE, owner=job.owner, unit=batch.unit, subject=batch, keep_days=7
        )
        job.result = marked
        ListBatch.objects.filter(pk=batch.pk).update(marked_file=marked)


def _marked(batch, tick) -> bytes:
    """The workbook itself where it is an .xlsx that can be written again; else a new one with the same rows and order."""
    with batch.file.file.open() as source:
        content = source.read()
    plan = {"pages": _pages(batch), "copy": None}
    with tempfile.TemporaryDirectory(prefix="marking-") as folder:
        given, asked, made = (Path(folder, name) for name in ("source", "plan", "marked"))
        given.write_bytes(content)
        if content.startswith(b"PK\x03\x04") and batch.file.name.lower().endswith(".xlsx"):
            try:
                return _ask(given, asked, made, plan, tick)
            except ChildDied:
                tick()
        try:
            plan["copy"] = _sheets(read_book(str(given), filename=batch.file.name, tick=tick))
            return _ask(given, asked, made, plan, tick)
        except IntakeRefused as refusal:
            raise JobFailed(str(refusal)) from refusal
        except ChildDied as death:
            raise JobFailed(_DIED) from death


def _ask(given: Path, asked: Path, made: Path, plan: dict, tick) -> bytes:
    asked.write_text(json.dumps(plan, ensure_ascii=False), "utf-8", "replace")
    seconds = limits.MARKING_WALL_SECONDS
    ask_child("beneficiaries.intake.marking", str(given), str(asked), str(made), seconds=seconds, tick=tick)
    return made.read_bytes()


def _sheets(book) -> list:
    return [
        [sheet.name, [[as_text(cell) if type(cell) is list else cell for cell in row] for row in sheet.rows]]
        for sheet in book.sheets
    ]


def _pages(batch) -> dict[str, dict]:
    """What marking.py is told of each sheet."""
    told = defaultdict(list)
    for row in batch.rows.order_by("position").values("sheet", "row", "status", "messages", "person"):
        told[row["sheet"]].append(row)
    is_taken = batch.state == batch.State.COMMITTED
    return {
        name: {
            "mends": {
                row: {letter: decrypt(token) for letter, token in texts.items()}
                for row, texts in batch.mends.get(name, {}).items()
            },
            "numbers": {
                row["row"]: record_number(row["person"])
                for row in rows
                if is_taken and row["person"] and row["status"] in _TAKEN
            },
            "number_column": _record_column(batch, name),
            "rows": [{key: row[key] for key in ("row", "status", "messages")} for row in rows],
        }
        for name, rows in told.items()
    }


def _record_column(batch, sheet: str) -> int | None:
    """Where the sheet has record numbers already."""
    letters = (c.get("places", {}).get(sheet) for c in batch.columns if c["field"] == "record_number")
    return next((column_index_from_string(letter) for letter in letters if letter), None)
