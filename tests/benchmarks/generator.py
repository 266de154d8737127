"""People, grants and houses by the hundred thousand, by the bulk writes of the project, for benchmarks on PostgreSQL."""

from datetime import date, timedelta
from random import Random

AT_ONCE = 50_000
_FAMILY = ["Nguyễn"] * 6 + ["Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Phan", "Trương", "Bùi", "Đặng", "Đỗ", "Ngô", "Hồ"]
_MIDDLE = ["Văn", "Thị", "Hữu", "Minh", "Quốc", "Ngọc", "Thanh", "Kim", "Mỹ", "Cẩm", "Đức", "Công"]
_GIVEN = ["An", "Bảo", "Chi", "Duy", "Đạt", "Giang", "Hải", "Hoa", "Huệ", "Khang", "Lan", "Linh", "Long", "Mai", "Nam",
          "Nga", "Nghĩa", "Oanh", "Phát", "Phúc", "Quân", "Quyên", "Sơn", "Tâm", "Thảo", "Trang", "Tú", "Vân", "Vinh", "Yến"]  # fmt: skip
_RARE = "Trịnh Hoài Thương"


def add_people(random, first, units, kinds):
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


def add_grants(random: Random, round_ids: list[int], year: int, by: int, *, people: list[tuple[int, int]]):
    """One paid grant of ``year`` for each of ``people`` (id, unit id), in any one of the rounds."""
    from django.db import transaction

    from beneficiaries.models import Grant
    from welfare.bulk import add_rows

    first = date(year, 1, 1)
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        days = [first + timedelta(days=random.randrange(365)) for _ in some]
        with transaction.atomic():
            add_rows(
                Grant, len(some), round_id=[random.choice(round_ids) for _ in some], unit_id=[unit for _, unit in some],
                person_id=[person for person, _ in some], cash=500_000, state="paid", proposed_by_id=by, proposed_on=days,
                paid_on=days,
            )  # fmt: skip


def add_houses(random: Random, count: int, units: list, kind: int, by: int, *, first_year: int, years: int):
    """Houses that stand at any step, each step some weeks after the one before."""
    from django.db import transaction

    from beneficiaries.houses.stages import WAY, date_field
    from beneficiaries.models import House
    from welfare.bulk import add_rows

    columns = {date_field(state): [] for state in WAY}
    states = [random.choice(WAY) for _ in range(count)]
    began = [date(first_year, 1, 5) + timedelta(days=random.randrange(365 * years - 300)) for _ in states]
    for state, day in zip(states, began, strict=True):
        for n, each in enumerate(WAY):
            is_past = n <= WAY.index(state)
            columns[date_field(each)].append(day + timedelta(days=30 * n) if is_past else None)
    with transaction.atomic():
        add_rows(
            House, count, unit_id=[random.choice(units).pk for _ in states], kind_id=kind, construction="new",
            cost=60_000_000, year=[day.year for day in began], state=[state.value for state in states],
            proposed_by_id=by, **columns,
        )  # fmt: skip
