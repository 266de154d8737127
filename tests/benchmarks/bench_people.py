"""The list of people at 1,000,000 of them on PostgreSQL: the first page, searches and a filter, by the pages' own requests."""

import os
import statistics
import sys
import time
from contextlib import contextmanager

from generator import add_people

PEOPLE = 1_000_000
UNITS = 40
RUNS = 40
LIMIT = 100  # milliseconds, 95th of a hundred
LIST = "/beneficiaries/person/"


def main():
    with _province() as officer:
        _print_list(officer)


@contextmanager
def _province():
    from tests import services

    services._start()
    if not os.environ["DATABASE_URL"].startswith("postgres"):
        sys.exit("bench people needs PostgreSQL: set DATABASE_URL or install it")
    import welfare.wsgi  # noqa: F401 - as the web server loads it
    from tests import databases

    url = databases.copy("empty", "bench")
    try:
        with databases.connected_to(url):
            yield _seed()
    finally:
        databases.drop(url)


def _seed():
    from django.db import connection

    from beneficiaries.models import HardshipKind
    from tests.factories import make_unit, make_user

    province = make_unit("LDT", "LĐLĐ tỉnh", kind="province")
    units = [make_unit(f"U{place}", f"LĐLĐ huyện {place}", parent=province) for place in range(UNITS)]
    kinds = list(HardshipKind.objects.values_list("pk", flat=True))
    add_people(PEOPLE, [unit.pk for unit in units], kinds)
    connection.cursor().execute("vacuum analyze")
    return make_user("canbo", "province_officer", province)


def _print_list(officer):
    from django.test import Client

    from beneficiaries.models import Household
    from welfare.models import Unit, UnitKeeper

    client = Client(SERVER_NAME="localhost")
    client.force_login(officer, backend="welfare.units.roles.AppointmentBackend")
    unit = Unit.objects.filter(depth=2).first()
    print(f"list of people, {PEOPLE} people, {Household.objects.count()} households; limit {LIMIT} ms of p95")
    print(f"{'':34} {'p50':>7} {'p95':>7} {'queries':>8} {'kB':>6}")
    asked = {
        "first page": "",
        "a common word": "q=nguyen",
        "a common given name": "q=lan",
        "two words in any order": "q=lan+tran",
        "three words": "q=nguyen+thi+yen",
        "a rare word": "q=thuong",
        "the beginning of a word": "q=nguyen+van+th",
        "no hit": "q=khongcoten",
        "ID number": "q=083085123456",
        "telephone": "q=0900123456",
        "a unit": f"unit={unit.pk}",
        "a unit and a name": f"unit={unit.pk}&q=hoa",
        "a class": "poverty=poor",
        "a hardship": "hardship=1",
        "an age": "age_from=60",
        "second page": "p=2",
    }
    for name, query in asked.items():
        _time(name, client, f"{LIST}?{query}" if query else LIST)
    UnitKeeper.objects.create(unit=unit, user=officer)
    _time("first page of a keeper", client, LIST)
    print(flush=True)


def _time(name, client, url):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    asked = list(queries.captured_queries)  # the next request forgets them
    if answer.status_code != 200:
        sys.exit(f"{name}: {answer.status_code} {answer.content[:300]}")
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        client.get(url)
        taken.append(1000 * (time.perf_counter() - start))
    p95 = statistics.quantiles(taken, n=20)[-1]
    slow = "  over the limit" if p95 > LIMIT else ""
    size = len(answer.content) // 1000
    print(f"{name:34} {statistics.median(taken):7.1f} {p95:7.1f} {len(asked):8} {size:6}{slow}", flush=True)
    if os.environ.get("EXPLAIN"):
        slowest = max(asked, key=lambda query: float(query["time"]))
        print(slowest["time"], slowest["sql"][:1500])


if __name__ == "__main__":
    main()
