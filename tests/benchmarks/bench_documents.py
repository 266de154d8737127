"""Documents: a plan, a progress report of 40 targets in 13 units, a list of 10,000 people in parts on two workers beside
WeasyPrint setting it in one go, and a workbook of 100,000 rows, on PostgreSQL and the demonstration.

Seconds on the clock need an idle machine; the CPU's seconds, children included, less so.
"""

import datetime
import io
import os
import resource
import subprocess
import sys
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROWS = 10_000
WORKERS, TIMES_FASTER, MEMORY = 2, 1.8, 300  # MB a process
TARGETS, REPORT_LIMIT, PLAN_LIMIT = 40, 4.0, 1.5  # seconds
SHEET_ROWS = (10_000, 100_000)
RUNS = 3
_PEER = Path(__file__).with_name("pdf_one_shot.py")


def main():
    from tests import services

    services._start()
    if not os.environ["DATABASE_URL"].startswith("postgres"):
        sys.exit("bench documents needs PostgreSQL: set DATABASE_URL or install it")
    import django

    django.setup()
    from tests import databases

    _list()
    _workbook()
    url = databases.copy("demo", "bench")
    try:
        with databases.connected_to(url):
            _plan_and_report()
    finally:
        databases.drop(url)


# A list in parts ----------------------------------------------------------------------------------


def _list():
    wall, cpu, ours = _in_parts()
    before = _cpu()
    run = subprocess.run([sys.executable, str(_PEER), str(ROWS)], stdout=subprocess.PIPE, text=True, check=True)
    peer_cpu = _cpu() - before
    peer_wall, peer_memory = run.stdout.split()
    print(f"a list of {ROWS} people as PDF\n{'':28}{'seconds':>9}{'of CPU':>9}{'MB at most':>12}")
    print(f"{f'in parts, {WORKERS} at a time':28}{wall:9.1f}{cpu:9.1f}{ours:12}")
    print(f"{'one shot':28}{float(peer_wall):9.1f}{peer_cpu:9.1f}{peer_memory:>12}")
    print(
        f"{float(peer_wall) / wall:.2f} times as fast ({TIMES_FASTER} wanted), on two idle cores at most "
        f"{WORKERS * peer_cpu / cpu:.2f} by the CPU; {ours} MB a process ({MEMORY} wanted)\n",
        flush=True,
    )


def _in_parts():
    """Each part is set by a child process, as a worker's job does; the largest child counts, and this process."""
    from welfare.documents.parts import merge, parts_of
    from welfare.documents.rendering import PART_VARIANT, html_to_pdf

    start, before = time.perf_counter(), _cpu()
    parts = parts_of(_people())
    with ThreadPoolExecutor(WORKERS) as workers:
        pdfs = list(workers.map(lambda part: (part.numbering, html_to_pdf(part.html(), variant=PART_VARIANT)), parts))
    merge(pdfs)
    kinds = (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)
    memory = max(resource.getrusage(kind).ru_maxrss for kind in kinds) // 1024
    return time.perf_counter() - start, _cpu() - before, memory


def _people(rows=ROWS):
    from welfare.documents.blocks import Column, Table
    from welfare.documents.layout import OfficialDocument

    names = ["Họ và tên", "Ngày sinh", "Số CCCD", "Đơn vị", "Diện hộ", "Số tiền"]
    people = [_person(n) for n in range(rows)]
    table = Table([Column(name) for name in names], people, numbered=True)
    return OfficialDocument(kind="DANH SÁCH", summary="Người được hỗ trợ", blocks=[table])


def _person(n):
    born = datetime.date(1980, 2, 1)
    return (f"Nguyễn Văn {n}", born, f"0830800{n % 100_000:05}", f"Công ty {n % 300}", "Hộ nghèo", 1_000_000)


# A workbook ---------------------------------------------------------------------------------------


def _workbook():
    """Rows are given one by one, as from the database."""
    from welfare.documents.tables import Sheet, write_xlsx

    names = ["Họ và tên", "Ngày sinh", "Số CCCD", "Đơn vị", "Diện hộ", "Số tiền"]
    print(f"a workbook\n{'rows':28}{'seconds':>9}{'of CPU':>9}{'MB taken':>12}")
    for rows in SHEET_ROWS:
        with open(os.devnull, "wb") as nowhere:
            start, before = time.perf_counter(), _cpu()
            write_xlsx(nowhere, [Sheet("Danh sách", names, map(_person, range(rows)))])
            wall, cpu = time.perf_counter() - start, _cpu() - before
            tracemalloc.start()
            write_xlsx(nowhere, [Sheet("Danh sách", names, map(_person, range(rows)))])
            taken = tracemalloc.get_traced_memory()[1] / 1024**2
            tracemalloc.stop()
        print(f"{rows:<28}{wall:9.1f}{cpu:9.1f}{taken:12.1f}", flush=True)
    print("the same memory for ten times the rows is wanted\n")


# Plan and report ----------------------------------------------------------------------------------


def _plan_and_report():
    from programs.models import Plan
    from welfare.models import Unit, User

    officer = User.objects.get(username="canbo")
    province = Unit.objects.get(depth=1)
    plan = max(Plan.objects.filter(unit=province), key=lambda plan: plan.sections.count() + plan.targets.count())
    report = _planned(province, officer)
    print(f"{'':28}{'seconds':>9}{'of CPU':>9}{'pages':>7}{'wanted':>9}")
    _line("plan as PDF", officer, "plan", plan, PLAN_LIMIT)
    _line(f"report, {TARGETS} x {len(_below(province))}", officer, "progress", report, REPORT_LIMIT)


def _below(province):
    from welfare.models import Unit

    return list(Unit.objects.filter(depth=2, path__startswith=province.path))


def _planned(province, officer):
    """A plan of this year whose targets are shared out to every unit, each with its figures."""
    from programs.models import Actual, Indicator, TargetShare
    from tests.factories import make_plan, make_target
    from welfare.units.models import today

    year = today().year
    plan, units = make_plan(province, officer, title="Chăm lo của phép đo", first_year=year), _below(province)
    for n in range(TARGETS):
        indicator = Indicator.objects.create(
            code=f"do{n}", name=f"Chỉ số {n}", source="reported", roll_up="sum", unit_of_measure="suất"
        )
        target = make_target(
            plan, indicator=indicator.code, value=13_000, text=f"Trao từ 13.000 suất quà loại {n} trở lên",
            unit_of_measure="suất", order=n,
        )  # fmt: skip
        for unit in units:
            TargetShare.objects.create(target=target, unit=unit, value=1_000)
        Actual.objects.bulk_create(
            Actual(indicator=indicator, unit=unit, month=datetime.date(year, 1, 1), value=100 * (n % 12))
            for unit in units
        )
    type(plan).objects.filter(pk=plan.pk).update(
        state="in_force", number="990", issued_on=datetime.date(year, 1, 5), signer_name="Trần Thị Ký"
    )
    return plan


def _line(name, user, kind, subject, limit):
    """From the database to the file, the best of some runs."""
    import pdfplumber

    from welfare.documents.printing import make_document, rendered

    runs = []
    for _ in range(RUNS):
        start, before = time.perf_counter(), _cpu()
        content = rendered(make_document(user, kind, subject.pk), "pdf")
        runs.append((time.perf_counter() - start, _cpu() - before))
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        pages = len(pdf.pages)
    print(f"{name:28}{min(runs)[0]:9.2f}{min(cpu for _, cpu in runs):9.2f}{pages:7}{limit:9.1f}", flush=True)


def _cpu() -> float:
    """Of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
