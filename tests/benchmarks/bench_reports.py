"""A year's reports of a whole province: put together, and the receiver's board opened, on PostgreSQL."""

import os
import sys
from datetime import date, timedelta
from time import perf_counter

UNITS, INDICATORS, PERIODS = 450, 40, 5
RUNS = 5


def main():
    from tests import services

    services._start()
    if not os.environ["DATABASE_URL"].startswith("postgres"):
        sys.exit("bench reports needs PostgreSQL: set DATABASE_URL or install it")
    import django

    django.setup()
    from tests import databases

    url = databases.copy("empty", "bench")
    try:
        with databases.connected_to(url):
            user, period = _seed()
            _print(user, period)
    finally:
        databases.drop(url)


def _seed():
    """Every unit has reported every indicator in every period; the last period's are half accepted, half sent."""
    from django.db import connection

    from programs.models import Indicator, Plan, ReportingPeriod
    from tests.factories import make_plan, make_rule, make_unit, make_user
    from welfare.units.models import today

    province = make_unit("LDT", "LĐLĐ tỉnh", kind="province")
    user, other = make_user("canbo", "province_officer", province), make_user("canbo2", "province_officer", province)
    plan = make_plan(province, user, state=Plan.State.IN_FORCE, number="1", issued_on=date(2021, 1, 5))
    rule = make_rule(plan)
    units = [make_unit(f"U{n}", f"Công đoàn xã {n}", parent=province, kind="commune") for n in range(UNITS)]
    kinds = [("sum", "bản"), ("ratio", "%")]
    indicators = [
        Indicator.objects.create(
            name=f"Chỉ số {n}", source="reported", roll_up=kinds[n % 2][0], unit_of_measure=kinds[n % 2][1]
        )
        for n in range(INDICATORS)
    ]
    this_year = today().year
    for year in range(this_year - PERIODS + 1, this_year + 1):
        days = {"first_day": date(year, 1, 1), "last_day": date(year, 11, 14), "due_on": date(year, 11, 14)}
        period = ReportingPeriod.objects.create(
            rule=rule, name=f"Năm {year}", opens_on=date(year, 10, 15), locks_on=date(year, 12, 14), **days
        )
        _report(period, days, units, province, indicators, (user, other), accepts=year < this_year)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    return user, period


def _report(period, days, units, province, indicators, people, accepts):
    from programs.models import ReportFigure, UnitReport

    user, other = people
    reports = UnitReport.objects.bulk_create(
        UnitReport(
            period=period, unit=unit, receiver=province, results="Đã làm.", submitted_by=other, decided_by=user,
            submitted_on=days["due_on"], first_submitted_on=days["due_on"] + timedelta(days=n % 4 - 2),
            state="accepted" if accepts or n % 2 else "submitted", **days,
        )
        for n, unit in enumerate(units)
    )  # fmt: skip
    ReportFigure.objects.bulk_create(
        (
            ReportFigure(report=report, indicator=indicator, order=n, is_typed=True, value=50,
                         numerator=5 if n % 2 else None, denominator=10 if n % 2 else None)
            for report in reports
            for n, indicator in enumerate(indicators)
        ),
        batch_size=5_000,
    )  # fmt: skip


def _print(user, period):
    from django.test import Client

    from programs.models import UnitReport
    from programs.reporting.consolidation import consolidate

    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="welfare.units.roles.AppointmentBackend")
    reports = UnitReport.objects.coming_to(user)
    print(f"{UNITS} units x {INDICATORS} indicators x {PERIODS} periods\n{'':34} {'seconds':>8} {'queries':>8}")
    _line("consolidation", lambda: consolidate(reports))
    _line("its page, with the units' words", lambda: client.get(f"/bao-cao/bang-theo-doi/tong-hop/{period.pk}/"))
    _line("the board", lambda: client.get("/bao-cao/bang-theo-doi/"))
    _line("the board, latest first, last page", lambda: client.get("/bao-cao/bang-theo-doi/?xep=tre&p=9"))
    _line("punctuality over the years", lambda: client.get("/bao-cao/bang-theo-doi/dung-han/"))


def _line(name, act):
    """The best of some runs; the queries are those of the last."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times = []
    for _ in range(RUNS):
        with CaptureQueriesContext(connection) as queries:
            start = perf_counter()
            act()
            times.append(perf_counter() - start)
    print(f"{name:34} {min(times):8.3f} {len(queries):8}", flush=True)


if __name__ == "__main__":
    main()
