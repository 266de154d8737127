"""100 units' officers nominate into one share at once, by the page's own requests, on PostgreSQL: exact, and how fast."""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import quantiles

ASKED, POOL, TIMES = 100, 20, 20  # PostgreSQL allows 100 connections in all
HOLDS = (1, 7, 30)
LIMIT = 3.0  # seconds, p95


def main():
    with _province() as (unit, officer):
        print(f"{ASKED} nominations at once through {POOL} connections, {TIMES} times; p95 limit {LIMIT:.0f} s")
        print(f"{'share of':>8} {'exact':>8} {'errors':>7} {'median':>8} {'p95':>8} {'most':>8}  seconds")
        for holds in HOLDS:
            _print_races(unit, officer, holds)
        print(flush=True)


@contextmanager
def _province():
    from tests import services

    services._start()
    if not os.environ["DATABASE_URL"].startswith("postgres"):
        sys.exit("bench events needs PostgreSQL: set DATABASE_URL or install it")
    import django

    django.setup()
    from tests import databases

    url = databases.copy("empty", "bench")
    try:
        with databases.connected_to(url):
            from tests.factories import make_unit, make_user

            province = make_unit("LDT", "LĐLĐ tỉnh", kind="province")
            unit = make_unit("A", "LĐLĐ huyện An", parent=province)
            make_user("canbo", "province_officer", province)
            yield unit, make_user("donvia", "unit_officer", unit)
    finally:
        databases.drop(url)


def _print_races(unit, officer, holds):
    exact, errors, seconds = 0, 0, []
    for number in range(TIMES):
        share = _share(unit, holds, number)
        answers = _race(share, officer)
        exact += share.delegates.holding().count() == holds
        errors += sum(status >= 500 for status, _ in answers)
        seconds += [taken for _, taken in answers]
    cuts = quantiles(seconds, n=20)
    slow = "  over the limit" if cuts[18] > LIMIT else ""
    print(
        f"{holds:8} {exact:5}/{TIMES} {errors:7} {cuts[9]:8.2f} {cuts[18]:8.2f} {max(seconds):8.2f}{slow}", flush=True
    )
    if exact < TIMES or errors:
        sys.exit("the quota was not held exactly")


def _share(unit, holds, number):
    from tests.factories import make_event, make_line
    from welfare.models import User

    event = make_event(unit.get_parent(), holds, code=f"SK{holds}-{number}")
    share = make_line(event, holds, shares={unit: holds}).shares.get()
    event.announce(User.objects.get(username="canbo"))
    return share


def _race(share, officer):
    from django.db import connection
    from django.test import Client

    clients = []
    for _ in range(POOL):
        clients.append(Client(SERVER_NAME="localhost"))
        clients[-1].force_login(officer, backend="welfare.units.roles.AppointmentBackend")

    def one(number):
        start = time.perf_counter()
        page = f"/su-kien/phan/{share.pk}/de-cu/"
        answer = clients[number % POOL].post(page, {"full_name": f"Đại biểu {number}", "birth": "1980"})
        connection.close()
        return answer.status_code, time.perf_counter() - start

    with ThreadPoolExecutor(POOL) as pool:
        return list(pool.map(one, range(ASKED)))


if __name__ == "__main__":
    main()
