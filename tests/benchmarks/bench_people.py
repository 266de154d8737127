"""The list of people at 1,000,000 of them on PostgreSQL: the first page, searches and a filter, by the pages' own requests."""

import os
import statistics
import sys
import time
from contextlib import contextmanager
from datetime import date
from random import Random

PEOPLE = 1_000_000
UNITS = 40
AT_ONCE = 50_000
RUNS = 40
LIMIT = 100  # milliseconds, 95th of a hundred
LIST = "/beneficiaries/person/"
_FAMILY = ["Nguyễn"] * 6 + ["Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Phan", "Trương", "Bùi", "Đặng", "Đỗ", "Ngô", "Hồ"]
_MIDDLE = ["Văn", "Thị", "Hữu", "Minh", "Quốc", "Ngọc", "Thanh", "Kim", "Mỹ", "Cẩm", "Đức", "Công"]
_GIVEN = ["An", "Bảo", "Chi", "Duy", "Đạt", "Giang", "Hải", "Hoa", "Huệ", "Khang", "Lan", "Linh", "Long", "Mai", "Nam",
          "Nga", "Nghĩa", "Oanh", "Phát", "Phúc", "Quân", "Quyên", "Sơn", "Tâm", "Thảo", "Trang", "Tú", "Vân", "Vinh", "Yến"]  # fmt: skip
_RARE = "Trịnh Hoài Thương"


def main():
    with _province() as officer:
        _print_list(officer)


@contextmanager
def _province():
    from tests import services

    services._start()
    if not os.environ["DATABASE_URL"].startswith("postgres"):
        sys.exit("bench people needs PostgreSQL: set DATABASE_URL or install it")
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

    from beneficiaries.models import HardshipKind
    from tests.factories import make_unit, make_user

    province = make_unit("LDT", "LĐLĐ tỉnh", kind="province")
    units = [make_unit(f"U{place}", f"LĐLĐ huyện {place}", parent=province) for place in range(UNITS)]
    kinds = list(HardshipKind.objects.values_list("pk", flat=True))
    for first in range(0, PEOPLE, AT_ONCE):
        _add(Random(first), first, units, kinds)
    connection.cursor().execute("vacuum analyze")
    return make_user("canbo", "province_officer", province)


def _add(random, first, units, kinds):
    """Fifty thousand people; every second has a household, every household a class, two of three a hardship."""
    from django.db import transaction

    from beneficiaries.models import Hardship, Household, Person, PovertyRecord
    from welfare.bulk import add_rows
    from welfare.units.models import today

    names = [_name(random) for _ in range(AT_ONCE)]
    if not first:
        names[7] = _RARE
    unit_ids = [random.choice(units).pk for _ in names]
    lodged = AT_ONCE // 2
    with transaction.atomic():
        households = add_rows(Household, lodged, unit_id=unit_ids[:lodged], head_name=names[:lodged])
        ids = add_rows(
            Person, AT_ONCE, unit_id=unit_ids, household_id=[*households, *[None] * (AT_ONCE - lodged)], full_name=names,
            **_columns(random, first, names),
        )  # fmt: skip
        add_rows(PovertyRecord, lodged, household_id=households, unit_id=unit_ids[:lodged], year=today().year,
                 status=[random.choice(["poor", "near_poor"]) for _ in households])  # fmt: skip
        add_rows(
            Hardship, AT_ONCE * 2 // 3, person_id=ids[: AT_ONCE * 2 // 3], unit_id=unit_ids[: AT_ONCE * 2 // 3],
            kind_id=[random.choice(kinds) for _ in range(AT_ONCE * 2 // 3)], year=2026, known_on=date(2026, 3, 1), note="",
        )  # fmt: skip


def _name(random) -> str:
    return f"{random.choice(_FAMILY)} {random.choice(_MIDDLE)} {random.choice(_MIDDLE)} {random.choice(_GIVEN)}"


def _columns(random, first, names) -> dict:
    from welfare.crypto import encrypt, keyed_hash
    from welfare.vietnamese import fold, sort_key

    keys = {name: (fold(name), sort_key(name)) for name in set(names)}
    days = [date(random.randint(1950, 2005), random.randint(1, 12), random.randint(1, 28)) for _ in names]
    sealed = encrypt("083085500000")  # the numbers are looked up by their hashes alone
    return {
        "folded_name": [keys[name][0] for name in names],
        "sort_name": [keys[name][1] for name in names],
        "birth_date": days,
        "birth_year": [day.year for day in days],
        "national_id": sealed,
        "id_hash": [keyed_hash(f"083085{first + place:06d}") for place in range(len(names))],
        "phone": [f"09{first + place:08d}" for place in range(len(names))],
        "gender": [random.choice(["male", "female"]) for _ in names],
        "workplace": "Công ty TNHH May Thử",
        "address": "Ấp 3, xã Thử",
    }


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
