"""The dashboard over 2,000 units, 20,000 houses, two grants a person and open cases, beside counting its figures directly.

Of 100,000 and of 1,000,000 people, over which the pages are to be flat; ``SIZES=100000`` for the small one alone.
``KEEP=1`` keeps each database for the next run.
Seconds of work (CPU) are of this process and its database session, which another program beside does not lengthen.
"""

import os
import resource
import statistics
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from generator import add_duplicates, add_grants, add_houses, add_people

SIZES = [int(size) for size in os.environ.get("SIZES", "100000,1000000").split(",")]
UPPER, BELOW, HOUSES = 40, 49, 20_000  # 40 units with 49 each: 2,000
YEARS = 3
RUNS, LIMIT, TIMES_FASTER = 30, 100, 50  # requests; milliseconds of the 95th of a hundred; against direct counting
PATIENCE = 10  # seconds after which a slow page is asked for no more
COMMIT_LIMIT = 2.0  # seconds of work until the figures of a unit whose list was taken are counted anew


def main():
    from tests import services

    services._start()
    if not os.environ["DATABASE_URL"].startswith("postgres"):
        sys.exit("bench dashboard needs PostgreSQL: set DATABASE_URL or install it")
    import welfare.wsgi  # noqa: F401 - as the web server loads it
    from tests import databases

    for size in SIZES:
        with _province(size) as url, databases.connected_to(url):
            _print(size)


@contextmanager
def _province(size):
    from tests import databases

    if os.environ.get("KEEP"):
        yield databases.keep("empty", f"bench{size}", partial(_seed, size))
        return
    url = databases.copy("empty", "bench")
    try:
        with databases.connected_to(url):
            _seed(size)
        yield url
    finally:
        databases.drop(url)


def _seed(size):
    from django.db import connection

    from beneficiaries.models import HardshipKind, HouseKind
    from tests.factories import make_plan, make_round, make_target, make_unit, make_user
    from welfare.models import Unit
    from welfare.units.models import today

    start = time.perf_counter()
    province = make_unit("LDT", "LĐLĐ tỉnh", kind="province")
    for n in range(UPPER):
        upper = make_unit(f"U{n}", f"LĐLĐ huyện {n}", parent=province)
        for k in range(BELOW):
            make_unit(f"U{n}-{k}", f"CĐCS {n}-{k}", kind="grassroots", parent=upper)
    units = list(Unit.objects.filter(depth=3).values_list("pk", flat=True))
    leader, officer = make_user("lanhdao", "leader", province), make_user("canbo", "province_officer", province)
    make_user("lanhdao0", "unit_leader", Unit.objects.get(code="U0"))
    people = add_people(size, units, list(HardshipKind.objects.values_list("pk", flat=True)))
    this_year = today().year
    for year in (this_year - 1, this_year):
        rounds = [
            make_round(province, code=f"R{year}{n}", name=f"Đợt {n}", year=year, occasion=occasion).pk
            for n, occasion in enumerate(["tet", "sudden", "sudden", "workers_month"])
        ]
        add_grants(size, people, rounds, year, officer.pk)
    kind = HouseKind.objects.get(code="mai_am").pk
    add_houses(HOUSES, units, kind, officer.pk, first_year=this_year - YEARS + 1, years=YEARS)
    add_duplicates(size // 100, people)
    for number, title in enumerate(["Chăm lo", "Tết", "Nhà ở"], 1):
        plan = make_plan(province, officer, first_year=this_year, title=title)
        for code, unit in (("gifts", "suất"), ("houses_handed_over", "nhà"), ("people_supported", "người")):
            make_target(plan, indicator=code, value=1000, unit_of_measure=unit, text=f"Chỉ tiêu {code}")
        make_target(
            plan, indicator="hardship_supported_share", value=100, unit_of_measure="%", text="100% người khó khăn"
        )
        plan.submit(officer)
        plan.issue(leader, number=str(number), on=today().replace(month=1, day=5))
    connection.cursor().execute("vacuum analyze")
    print(f"{size} people, made in {time.perf_counter() - start:.0f} s", flush=True)


def _print(size):
    from django.db import connection

    from programs.models import Actual, Plan, Stale
    from reports.measures.counting import recount_all, recount_stale
    from welfare.models import Unit, User

    leader, unit_leader = User.objects.get(username="lanhdao"), User.objects.get(username="lanhdao0")
    province, unit = leader.unit, unit_leader.unit
    print(f"{size} people: {Unit.objects.count()} units", flush=True)
    if os.environ.get("REBUILD") or not Actual.objects.exists():
        clock, work = _timed(recount_all)
        cells = f"{Actual.objects.count()} cells counted from scratch"
        print(f"{cells:34} {clock:9.1f} s {work:9.1f} s of work; at most {_most_memory()} MB", flush=True)
        connection.cursor().execute("vacuum analyze")
    Stale.objects.all().delete()
    print(f"{'':34} {'p50':>9} {'p95':>9} {'work':>9} {'queries':>8} {'kB':>5}   ms; limit {LIMIT} of p95")
    board = f"/tong-quan/?unit={province.pk}"
    page = _page(leader, "the province's dashboard", board)
    _page(leader, "in a meeting", f"{board}&hop=1")
    _page(leader, "of six months", f"{board}&den=6")
    _page(leader, "of last year", f"{board}&nam={_last_year()}")
    plan = Plan.objects.filter(title="Chăm lo").get()
    _page(leader, "of one plan", f"{board}&ke-hoach={plan.pk}")
    for target in plan.targets.order_by("pk")[2:]:
        _page(
            leader, f"its units: {target.indicator.code}"[:34], f"/tong-quan/chi-tieu/{target.pk}/?unit={province.pk}"
        )
    _page(unit_leader, "a unit leader's dashboard", "/tong-quan/")
    _rows_behind(leader, board)
    direct, _ = _timed(lambda: _directly(leader, province))
    slow = "" if direct >= TIMES_FASTER * page else "  too little"
    faster = f"{direct / page:8.0f} times, at least {TIMES_FASTER}"
    print(f"{'its figures counted directly':34} {1000 * direct:9.0f}   {faster}{slow}", flush=True)
    _commit(unit, recount_stale)


def _last_year() -> int:
    from welfare.units.models import today

    return today().year - 1


def _rows_behind(leader, board):
    """The first page of the rows behind each figure of the dashboard, and who is still missing."""
    import re
    from html import unescape

    from django.test import Client

    from programs.models import Indicator

    client = Client(SERVER_NAME="localhost")
    client.force_login(leader, backend="welfare.units.roles.AppointmentBackend")
    html = unescape(client.get(board).content.decode())
    codes = dict(Indicator.objects.values_list("pk", "code"))
    cards = re.findall(r'rp-card" href="(/so-lieu/(\d+)/[^"]+)', html)
    missing = re.findall(r'href="(/so-lieu/(\d+)/[^"]+con-thieu=1)', html)[:1]
    for url, indicator in [*cards, *missing]:
        _page(leader, f"rows: {'missing of ' * ('con-thieu' in url)}{codes[int(indicator)]}"[:34], url)
    for url in re.findall(r'href="(/tong-quan/can-chu-y/[^"]+)"', html)[:9]:
        _page(leader, f"red list: {url.split('/')[3]}", url)


def _timed(what) -> tuple[float, float]:
    """Seconds by the clock, and of work."""
    clock, work = time.perf_counter(), _work()
    what()
    return time.perf_counter() - clock, _work() - work


def _work() -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    ticks = sum(map(int, stat.read_text().rsplit(")", 1)[1].split()[11:13])) if stat.exists() else 0
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _page(user, name, url) -> float:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="welfare.units.roles.AppointmentBackend")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    if answer.status_code != 200:
        sys.exit(f"{name}: {answer.status_code} {answer.content[:300]}")
    asked, taken = list(queries.captured_queries), []
    work = _work()
    for _ in range(RUNS):
        start = time.perf_counter()
        client.get(url)
        taken.append(time.perf_counter() - start)
        if sum(taken) > PATIENCE:
            break
    work = (_work() - work) / len(taken)
    p50, p95 = statistics.median(taken), statistics.quantiles([*taken, *taken], n=20)[-1]
    slow = "  over the limit" if 1000 * p95 > LIMIT else ""
    print(
        f"{name:34} {1000 * p50:9.1f} {1000 * p95:9.1f} {1000 * work:9.1f} {len(asked):8} {len(answer.content) // 1000:5}{slow}",
        flush=True,
    )
    if os.environ.get("EXPLAIN"):
        for query in sorted(asked, key=lambda query: -float(query["time"]))[:6]:
            print(query["time"], query["sql"][:900])
    return p95


def _directly(user, province):
    """Count out of the ledger what the page's cards, its table and its charts say."""
    from programs.models import Indicator
    from reports.dashboard.summary import CODES, Summary
    from reports.measures import measure_of
    from reports.rows.figure_rows import figure_rows
    from welfare.units.models import today

    first, last = today().replace(month=1, day=1), today()
    measures = [measure_of(indicator) for indicator in Indicator.objects.filter(code__in=CODES)]
    places = [province, *Summary(province, last.year).children]
    for measure in measures:
        for place in places:
            _ = figure_rows(measure, user, place, first, last).figure


def _commit(unit, recount_stale):
    """What follows a list taken in one unit: its people and grants are marked; until its figures are right again."""
    from beneficiaries.models import Grant
    from programs.targets.models import mark_stale
    from welfare.models import Unit
    from welfare.units.models import today

    below = Unit.objects.filter(path__startswith=unit.path, depth=3).first()
    Grant.objects.filter(unit=below).update(cash=600_000)
    for source in ("people", "grants"):
        mark_stale(source, below.pk, today())
    clock, work = _timed(recount_stale)
    slow = "" if work <= COMMIT_LIMIT else "  over the limit"
    limit = f"limit {1000 * COMMIT_LIMIT:.0f} of work"
    print(
        f"{'a unit marked, counted anew':34} {1000 * clock:9.0f} {'':9} {1000 * work:9.0f}   {limit}{slow}\n",
        flush=True,
    )


if __name__ == "__main__":
    main()
