"""The share-out sheet of 40 targets x 450 units on PostgreSQL: opened, filled, and changed, by the pages' own requests."""

import json
import os
import sys
import time
from contextlib import contextmanager

TARGETS, UNITS = 40, 450
LIMIT = 1.0  # seconds


def main():
    with _province() as plan:
        _print_sheet(plan)


@contextmanager
def _province():
    """An empty database with one plan of 40 targets, issued by a province of 450 units."""
    from tests import services

    services._start()
    if not os.environ["DATABASE_URL"].startswith("postgres"):
        sys.exit("bench planning needs PostgreSQL: set DATABASE_URL or install it")
    import django

    django.setup()
    from tests import databases

    url = databases.copy("empty", "bench")
    try:
        with databases.connected_to(url):
            yield _seed()
    finally:
        databases.drop(url)


def _seed():
    from django.db import connection

    from tests.factories import make_plan, make_target, make_unit, make_user

    province = make_unit("LDT", "LĐLĐ tỉnh", kind="province")
    for place in range(UNITS):
        make_unit(f"U{place}", f"Công đoàn xã {place}", kind="commune", parent=province)
    plan = make_plan(province, make_user("canbo", "province_officer", province))
    for place in range(TARGETS):
        make_target(plan, value=UNITS, order=place, text=f"Chỉ tiêu số thứ {place} giao cho các đơn vị")
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    return plan


def _print_sheet(plan):
    client, page = _client(plan), f"/ke-hoach/{plan.pk}/giao-chi-tieu/"
    client.get(page)
    print(f"share-out sheet, {TARGETS} targets x {UNITS} units = {TARGETS * UNITS} cells; limit {LIMIT:.0f} s")
    print(f"{'':24} {'seconds':>8} {'queries':>8} {'kB':>6}")
    _time("opened empty", lambda: client.get(page))
    _time("all cells saved", _save(client, page, plan, "1"))
    _time("opened full", lambda: client.get(page))
    _time("all cells changed", _save(client, page, plan, "2"))
    _time("all cells taken back", _save(client, page, plan, ""))
    print(flush=True)


def _client(plan):
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(plan.created_by, backend="welfare.units.roles.AppointmentBackend")
    return client


def _save(client, page, plan, text):
    from programs.targets.shares import shares_version
    from welfare.models import Unit

    units = Unit.objects.filter(depth=2).values_list("pk", flat=True)
    row = dict.fromkeys(units, text)
    cells = dict.fromkeys(plan.targets.values_list("pk", flat=True), row)
    body = json.dumps({"version": shares_version(plan), "cells": cells})
    return lambda: client.post(page, body, content_type="application/json")


def _time(name, act):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        start = time.perf_counter()
        answer = act()
        seconds = time.perf_counter() - start
    if answer.status_code != 200:
        sys.exit(f"{name}: {answer.status_code} {answer.content[:300]}")
    slow = "  over the limit" if seconds > LIMIT else ""
    print(f"{name:24} {seconds:8.2f} {len(queries):8} {len(answer.content) // 1000:6}{slow}")


if __name__ == "__main__":
    main()
