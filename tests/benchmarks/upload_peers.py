"""One contender of bench_upload in a process of its own: prints {"rows", "seconds", ...} as JSON.

    python upload_peers.py CONTENDER WORKBOOK SMALL_WORKBOOK

upload     this project's way: read in the child, checked, matched, staged, previewed, committed with history
copy_same  COPY of the rows that upload left in every table and history table: the limit of the write
ie         django-import-export as its admin runs it: one pass to preview, one to import
ie_bulk    the same in batches of 1,000 without differences
copy       the sheet straight into one table by COPY, nothing checked: the limit of reading and writing

pages      how long the preview's pages take to open once the list is read
marked     the list read and given back with its faults marked
"""

import io
import json
import os
import statistics
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
django.setup()

import openpyxl  # noqa: E402
import python_calamine  # noqa: E402
import tablib  # noqa: E402
from django.core.files import File  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.test import Client  # noqa: E402
from import_export import resources  # noqa: E402

from beneficiaries.intake import batches  # noqa: E402
from beneficiaries.models import Grant, GrantRound, Hardship, Household, ListBatch, Person, PovertyRecord  # noqa: E402
from reports.measures.counting import recount_stale  # noqa: E402
from tests.benchmarks.upload_workbook import ABOVE, HEADINGS  # noqa: E402
from welfare.jobs import queue  # noqa: E402
from welfare.models import Unit, User  # noqa: E402

FIELDS = ["name", "born", "gender", "number", "workplace", "address", "status", "certificate", "size", "hardship",
          "amount", "phone", "note"]  # fmt: skip


CHILDREN: list[int] = []


class Line(models.Model):
    """What the peers write: one flat table without history."""

    name = models.CharField(max_length=200)
    born = models.CharField(max_length=20)
    gender = models.CharField(max_length=5)
    number = models.CharField(max_length=12, unique=True)
    workplace = models.CharField(max_length=200)
    address = models.CharField(max_length=300)
    status = models.CharField(max_length=30)
    certificate = models.CharField(max_length=30)
    size = models.IntegerField()
    hardship = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    phone = models.CharField(max_length=20)
    note = models.TextField(blank=True)

    class Meta:
        app_label = "reports"  # the admin library wants an installed app
        db_table = "benchmarks_line"

    def __str__(self):
        return self.name


class Plain(resources.ModelResource):
    class Meta:
        model = Line
        import_id_fields = ["number"]
        fields = FIELDS


class Bulk(resources.ModelResource):
    class Meta:
        model = Line
        import_id_fields = ["number"]
        fields = FIELDS
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        force_init_instance = True


def upload(path, unit):
    start = time.perf_counter()
    batch = _read(path, unit)
    ready = time.perf_counter() - start
    batch.commit(batch.owner)
    queue.run(batch.job_id)
    batch.refresh_from_db()
    seconds = time.perf_counter() - start
    assert batch.state == batch.State.COMMITTED, batch.job.message
    recount_stale()
    counted = time.perf_counter() - start - seconds
    return {"rows": batch.counts["written"]["person"], "ready": ready, "seconds": seconds, "counted": counted}


def _read(path, unit, owner=None) -> ListBatch:
    round_ = GrantRound.objects.get()
    with path.open("rb") as file:
        named = File(file, name=path.name)
        batch = batches.receive(owner or User.objects.system(), unit, named, year=round_.year, round=round_)
    queue.run(batch.job_id)
    batch.refresh_from_db()
    assert batch.state == batch.State.READY, batch.messages
    return batch


def pages(path, unit):
    """By now the list's people are known: every row has something said of it."""
    start, officer = time.perf_counter(), User.objects.get(username="officer")
    batch = _read(path, unit, officer if unit.code == "U0" else None)
    seconds = time.perf_counter() - start
    client = Client(SERVER_NAME="localhost")
    client.force_login(officer, backend="welfare.units.roles.AppointmentBackend")
    page, row = f"/danh-sach/{batch.pk}/", batch.rows.order_by("position").last()
    asked = {
        "preview, first page": page,
        "preview, rows of one status": f"{page}?status={row.status}",
        "preview, last page": f"{page}?page=999999",
        "preview, rows of a name": f"{page}?q=nguyen+lan",
        "a row opened to mend it": f"{page}dong/{row.pk}/",
    }
    taken = {words: _median(client, address) for words, address in asked.items()} if unit.code == "U0" else {}
    return {"rows": batch.counts["rows"], "seconds": seconds, "pages": taken}


def _median(client, address) -> float:
    taken = []
    for _ in range(11):
        start = time.perf_counter()
        answer = client.get(address)
        taken.append(time.perf_counter() - start)
        assert answer.status_code == 200, address
    return statistics.median(taken)


def marked(path, unit):
    start = time.perf_counter()
    batch = _read(path, unit)
    assert batch.counts["error"] == batch.counts["rows"]
    job = batch.ask_back(batch.owner)
    queue.run(job.pk)
    job.refresh_from_db()
    assert job.result, job.message
    return {"rows": batch.counts["rows"], "seconds": time.perf_counter() - start}


def copy_same(path, unit):
    """Takes the rows of the unit's last commit out, deletes them, and times putting them back."""
    reason = ListBatch.objects.filter(unit=unit, state="committed").latest("pk").history_reason
    tables, deletions = [], []
    for model in (Household, PovertyRecord, Person, Hardship, Grant):
        history = model.history.model.objects.filter(history_change_reason=reason)
        for rows in (model.objects.filter(pk__in=history.values("id")), history):
            tables.append((_table(rows.model), _taken_out(rows)))
        table, kept = model._meta.db_table, history.model._meta.db_table
        deletions.append(f"delete from {kept} where history_change_reason = '{reason}'")
        deletions.append(
            f"delete from {table} where id in (select id from {kept} where history_change_reason = '{reason}')"
        )
    count = ListBatch.objects.filter(unit=unit, state="committed").latest("pk").counts["written"]["person"]
    with connection.cursor() as cursor:
        for deletion in reversed(deletions):
            cursor.execute(deletion)
        cursor.execute("vacuum")  # of what was just deleted: nothing of it is to be stepped over
        start = time.perf_counter()
        cursor.execute("begin")
        for table, content in tables:
            cursor.copy_expert(f"copy {table} from stdin", content)
        cursor.execute("set constraints all immediate")
        cursor.execute("commit")
    return {"rows": count, "seconds": time.perf_counter() - start}


def _table(model):
    return f"{model._meta.db_table} ({', '.join(field.column for field in model._meta.concrete_fields)})"


def _taken_out(rows):
    content = io.StringIO()
    with connection.cursor() as cursor:
        plain = cursor.mogrify(*rows.order_by("pk").query.sql_with_params()).decode()
        cursor.copy_expert(f"copy ({plain}) to stdout", content)
    content.seek(0)
    return content


def ie(path, unit):
    return _import_export(path, Plain())


def ie_bulk(path, unit):
    return _import_export(path, Bulk())


def _import_export(path, resource):
    _make_table()
    start = time.perf_counter()
    data = tablib.Dataset(headers=FIELDS)
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    for cells in sheet.iter_rows(min_row=ABOVE + 2, values_only=True):
        data.append(["" if cell is None else cell for cell in cells[1 : len(HEADINGS)]])
    for dry_run in (True, False):
        resource.import_data(data, dry_run=dry_run, raise_errors=True)
    return {"rows": Line.objects.count(), "seconds": time.perf_counter() - start}


def copy(path, unit):
    _make_table()
    start = time.perf_counter()
    sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    lines = io.StringIO()
    for cells in sheet.to_python(skip_empty_area=False)[ABOVE + 1 :]:
        whole = [int(cell) if isinstance(cell, float) else cell for cell in cells[1 : len(HEADINGS)]]
        lines.write("\t".join(map(str, whole)) + "\n")
    lines.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"copy benchmarks_line ({', '.join(FIELDS)}) from stdin", lines)
    return {"rows": Line.objects.count(), "seconds": time.perf_counter() - start}


def _make_table():
    with connection.schema_editor() as schema:
        schema.execute("drop table if exists benchmarks_line")
        schema.create_model(Line)


def main(contender, path, warm_up):
    """Timed as in a process that has worked before: a few rows of another unit go first."""
    contenders = (upload, copy_same, ie, ie_bulk, copy, pages, marked)
    run = next(each for each in contenders if each.__name__ == contender)
    if contender != "copy_same":
        run(Path(warm_up), Unit.objects.get(code="U1"))
    threading.Thread(target=_watch_children, daemon=True).start()
    result = run(Path(path), Unit.objects.get(code="U0"))
    print(json.dumps(result | {"peak_mb": _peak("self"), "child_mb": max(CHILDREN, default=0)}))


def _peak(process) -> int:
    """Megabytes that a process has held at most; unlike ru_maxrss it leaves out what its parent held before it."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) // 1024
    return 0


def _watch_children():
    """Notes the peak memory of this process's children while they live."""
    own = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    main_thread = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    while True:
        for child in {*own.read_text().split(), *main_thread.read_text().split()}:
            CHILDREN.append(_peak(child))
        time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
