"""The dashboard at 1,000,000 people, 2,000,000 grants, 20,000 houses and 2,000 units, beside counting its figures directly.

``SIZES=100000,1000000`` runs several sizes of people one after the other: the page is to be flat over them.
"""

import os
import statistics
import sys
import time
from random import Random

from generator import AT_ONCE, add_grants, add_houses, add_people

SIZES = [int(size) for size in os.environ.get("SIZES", "100000,1000000").split(",")]
UPPER, BELOW, HOUSES = 40, 49, 20_000  # 40 units with 49 each: 2,000
YEARS = 3
RUNS, LIMIT, TIMES_FASTER = 30, 100, 50  # requests; milliseconds of the 95th of a hundred; against direct counting
COMMIT_LIMIT = 2.0  # seconds until the figures of a unit whose list was taken are counted anew


def main():
    from tests import services

    services._start()
    if not os.environ["DATABASE_URL"].startswith("postgres"):
        sys.exit("bench dashboard needs PostgreSQL: set DATABASE_URL or install it")
    import django

    django.setup()
    from tests import databases

    for size in SIZES:
        url = databases.copy("empty", "bench")
        try:
            with databases.connected_to(url):
                start = time.perf_counter()
                leader, units = _seed(size)
                print(f"{size} people, made in {time.perf_counter() - start:.0f} s", flush=True)
                _print(leader, units)
        finally:
            databases.drop(url)


def _seed(size):
    from django.db import connection

    from beneficiaries.models import HardshipKind, HouseKind, Person
    from tests.factories import make_plan, make_round, make_target, make_unit, make_user
    from welfare.models import Unit
    from welfare.units.models import today

    province = make_unit("LDT", "LĐLĐ tỉnh", kind="province")
    for n in range(UPPER):
        upper = make_unit(f"U{n}", f"LĐLĐ huyện {n}", parent=province)
        for k in range(BELOW):
            make_unit(f"U{n}-{k}", f"CĐCS {n}-{k}", kind="grassroots", parent=upper)
    units = list(Unit.objects.filter(depth=3))
    leader, officer = make_user("lanhdao", "leader", province), make_user("canbo", "province_officer", province)
    kinds = list(HardshipKind.objects.values_list("pk", flat=True))
    for first in range(0, size, AT_ONCE):
        add_people(Random(first), first, units, kinds)
    people = list(Person.objects.order_by("pk").values_list("pk", "unit_id"))
    this_year = today().year
    for year in (this_year - 1, this_year):
        rounds = [
            make_round(province, code=f"R{year}{n}", name=f"Đợt {n}", year=year, occasion="sudden").pk for n in range(4)
        ]
        add_grants(Random(year), rounds, year, officer.pk, people=people)
    kind = HouseKind.objects.get(code="mai_am").pk
    add_houses(Random(1), HOUSES, units, kind, officer.pk, first_year=this_year - YEARS + 1, years=YEARS)
    plan = make_plan(province, officer, first_year=this_year, title="Chăm lo")
    for code, unit in (("gifts", "suất"), ("houses_handed_over", "nhà"), ("people_supported", "người")):
        make_target(plan, indicator=code, value=1000, unit_of_measure=unit, text=f"Chỉ tiêu {code}")
    make_target(plan, indicator="hardship_supported_share", value=100, unit_of_measure="%", text="100% người khó khăn")
    plan.submit(officer)
    plan.issue(leader, number="1", on=today().replace(month=1, day=5))
    connection.cursor().execute("vacuum analyze")
    return leader, units


def _print(leader, units):
    from django.db import connection

    from programs.models import Actual, Stale
    from reports.counting import recount_all

    start = time.perf_counter()
    recount_all()
    print(f"{Actual.objects.count()} cells counted from scratch in {time.perf_counter() - start:.1f} s", flush=True)
    Stale.objects.all().delete()
    connection.cursor().execute("vacuum analyze")
    province, upper = units[0].get_root(), units[0].get_parent()
    print(
        f"{'':34} {'p50':>9} {'p95':>9} {'queries':>8}   ms; limit {LIMIT} of p95, {TIMES_FASTER} times faster than directly"
    )
    page = _page(leader, "the province's dashboard", f"/tong-quan/?unit={province.pk}")
    _page(leader, "a unit's dashboard", f"/tong-quan/?unit={upper.pk}")
    direct = _directly(leader, province)
    faster = direct / page
    slow = "" if faster >= TIMES_FASTER else "  too little"
    print(
        f"{'the same figures counted directly':34} {1000 * direct:9.0f}           {faster:8.0f} times{slow}", flush=True
    )
    _commit(units[0])


def _page(leader, name, url) -> float:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.force_login(leader, backend="welfare.units.roles.AppointmentBackend")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    if answer.status_code != 200:
        sys.exit(f"{name}: {answer.status_code} {answer.content[:300]}")
    asked, taken = queries.captured_queries, []
    for _ in range(RUNS):
        start = time.perf_counter()
        client.get(url)
        taken.append(time.perf_counter() - start)
    p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    slow = "  over the limit" if 1000 * p95 > LIMIT else ""
    print(f"{name:34} {1000 * p50:9.1f} {1000 * p95:9.1f} {len(asked):8}{slow}", flush=True)
    if os.environ.get("EXPLAIN"):
        for query in sorted(asked, key=lambda query: -float(query["time"]))[:6]:
            print(query["time"], query["sql"][:900])
    return p95


def _directly(user, province) -> float:
    """Seconds to count out of the ledger what the page's cards, its table and its charts say."""
    from programs.models import Indicator
    from reports.measures import measure_of
    from reports.rows import figure_rows
    from reports.summary import CODES, Summary
    from welfare.units.models import today

    first, last = today().replace(month=1, day=1), today()
    measures = [measure_of(indicator) for indicator in Indicator.objects.filter(code__in=CODES)]
    places = [province, *Summary(province, last.year).children]
    start = time.perf_counter()
    for measure in measures:
        for place in places:
            _ = figure_rows(measure, user, place, first, last).figure
    return time.perf_counter() - start


def _commit(unit):
    """What follows a list taken in one unit: its people and grants are marked; until its figures are right again."""
    from beneficiaries.models import Grant
    from programs.targets.models import mark_stale
    from reports.counting import recount_stale
    from welfare.units.models import today

    Grant.objects.filter(unit=unit).update(cash=600_000)
    for source in ("people", "grants"):
        mark_stale(source, unit.pk, today())
    start = time.perf_counter()
    recount_stale()
    taken = time.perf_counter() - start
    slow = "" if taken <= COMMIT_LIMIT else "  over the limit"
    print(f"{'a unit marked, counted anew':34} {1000 * taken:9.0f}{slow}   limit {1000 * COMMIT_LIMIT:.0f}", flush=True)


if __name__ == "__main__":
    main()
