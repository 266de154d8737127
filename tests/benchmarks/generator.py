"""A province of any size for benchmarks, made inside PostgreSQL by INSERT ... SELECT: a million people in minutes.

Every column of row ``n`` is a formula of ``n``, so that the same size is the same province every time.
"""

import io
from random import Random

_FAMILY = ["Nguyễn"] * 6 + ["Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Phan", "Trương", "Bùi", "Đặng", "Đỗ", "Ngô", "Hồ"]
_MIDDLE = ["Văn", "Thị", "Hữu", "Minh", "Quốc", "Ngọc", "Thanh", "Kim", "Mỹ", "Cẩm", "Đức", "Công"]
_GIVEN = ["An", "Bảo", "Chi", "Duy", "Đạt", "Giang", "Hải", "Hoa", "Huệ", "Khang", "Lan", "Linh", "Long", "Mai", "Nam",
          "Nga", "Nghĩa", "Oanh", "Phát", "Phúc", "Quân", "Quyên", "Sơn", "Tâm", "Thảo", "Trang", "Tú", "Vân", "Vinh", "Yến"]  # fmt: skip
_RARE = "Trịnh Hoài Thương"
_NAMES = 50_000


def add_people(count: int, units: list[int], kinds: list[int]) -> int:
    """Every second has a household, every household a class of this year, two of three a hardship of this year.

    Returns the id before the first: person ``n`` has the id so many later.
    """
    from beneficiaries.models import Hardship, Household, Person, PovertyRecord
    from welfare.crypto import encrypt
    from welfare.units.models import today

    _name_tables(count)
    lodged, needy, year = count // 2, count * 2 // 3, today().year
    named = f"JOIN bench_names names ON names.place = {_number('name', 1, _NAMES)}"
    unit = _one_of(units, "unit")
    born = f"date '1950-01-01' + {_number('born', 0, 19_999)}"
    households = _fill(Household, lodged, named, unit_id=unit, head_name="full_name")
    people = _fill(
        Person, count, f"{named} JOIN bench_hashes hashes ON hashes.place = n",
        unit_id=unit, household_id=f"CASE WHEN n <= {lodged} THEN {households} + n END",
        full_name="full_name", folded_name="folded_name", sort_name="sort_name",
        birth_date=born, birth_year=f"extract(year FROM {born})", gender=_one_of(["male", "female"], "gender"),
        national_id=f"'{encrypt('083085500000')}'",  # the numbers are looked up by their hashes alone
        id_hash="id_hash", phone="'09' || lpad(n::text, 8, '0')",
        workplace="'Công ty TNHH May Thử'", address="'Ấp 3, xã Thử'",
    )  # fmt: skip
    _fill(
        PovertyRecord, lodged, household_id=f"{households} + n", unit_id=unit, year=year,
        status=_one_of(["poor", "near_poor"], "class"),
    )  # fmt: skip
    _fill(
        Hardship, needy, person_id=f"{people} + n", unit_id=unit, kind_id=_one_of(kinds, "hardship"), year=year,
        known_on=f"date '{year}-03-01'",
    )  # fmt: skip
    return people


def add_grants(count: int, people: int, rounds: list[int], year: int, by: int):
    """One paid grant of ``year`` for each of the people after the id ``people``, in any one of the rounds."""
    from beneficiaries.models import Grant

    paid_on = f"date '{year}-01-01' + {_number(f'paid {year}', 0, 364)}"
    _fill(
        Grant, count, f"JOIN beneficiaries_person person ON person.id = {people} + n", round_id=_one_of(rounds, "round"),
        unit_id="person.unit_id", person_id="person.id", cash=500_000, state="'paid'", proposed_by_id=by,
        proposed_on=paid_on, paid_on=paid_on,
    )  # fmt: skip


def add_houses(count: int, units: list[int], kind: int, by: int, *, first_year: int, years: int):
    """Houses that stand at any step, each step a month after the one before."""
    from beneficiaries.houses.stages import WAY, date_field
    from beneficiaries.models import House

    began, step = (
        f"date '{first_year}-01-05' + {_number('began', 0, 365 * years - 300)}",
        _number("step", 0, len(WAY) - 1),
    )
    days = {date_field(state): f"CASE WHEN {step} >= {n} THEN {began} + {30 * n} END" for n, state in enumerate(WAY)}
    _fill(
        House, count, unit_id=_one_of(units, "house"), kind_id=kind, construction="'new'", cost=60_000_000,
        year=f"extract(year FROM {began})", state=_one_of([state.value for state in WAY], "step"), proposed_by_id=by,
        **days,
    )  # fmt: skip


def add_duplicates(count: int, people: int):
    """Open pairs of neighbours, wherever they live."""
    from beneficiaries.models import DuplicateCase

    first = f"{people} + 2 * n - 1"
    _fill(
        DuplicateCase, count, first_id=first, second_id=f"{first} + 1", reason="'name'", score=_number("score", 80, 99)
    )


def _fill(model, count: int, joined: str = "", **columns) -> int:
    """``count`` rows of ``model``: SQL for each column of row ``n``, the field's default for those left out.

    Returns the id before the first.
    """
    from django.db import connection

    from welfare.bulk import reserve_ids

    first = reserve_ids(model, count)[0]
    given = {"id": f"{first - 1} + n", **columns}
    fields = model._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    values = ", ".join(str(given[field.attname]) if field.attname in given else "%s" for field in fields)
    defaults = [_default(field) for field in fields if field.attname not in given]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM generate_series(1, {count}) n {joined}",
            defaults,
        )
    return first - 1


def _default(field):
    from django.db import connection
    from django.utils import timezone

    value = timezone.now() if getattr(field, "auto_now_add", False) else field.get_default()
    return field.get_db_prep_save(value, connection)


def _number(what: str, least: int, most: int) -> str:
    """A whole number of row ``n`` that looks drawn at random, another for each thing it is for."""
    return f"({least} + mod(hashtext('{what}' || n) & 2147483647, {most - least + 1}))"


def _one_of(values: list, what: str) -> str:
    listed = ", ".join(f"'{value}'" if isinstance(value, str) else str(value) for value in values)
    return f"(ARRAY[{listed}])[{_number(what, 1, len(values))}]"


def _name_tables(count: int):
    """What Python alone can make: names with what lists sort and search by, and the hash of each ID number."""
    from welfare.crypto import keyed_hash
    from welfare.vietnamese import fold, sort_key

    random = Random(0)
    names = [_name(random) for _ in range(_NAMES)]
    names[7] = _RARE
    _table(
        "bench_names", ("full_name", "folded_name", "sort_name"), ((each, fold(each), sort_key(each)) for each in names)
    )
    _table("bench_hashes", ("id_hash",), ((keyed_hash(f"083085{n:06d}"),) for n in range(count)))


def _table(name, columns, rows):
    """Rows numbered from 1 as ``place``; gone with the connection."""
    from django.db import connection

    lines = io.StringIO("\n".join("\t".join(map(str, (n, *row))) for n, row in enumerate(rows, 1)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {name} (place int PRIMARY KEY, {' text, '.join(columns)} text)")
        cursor.copy_expert(f"COPY {name} FROM STDIN", lines)


def _name(random) -> str:
    return f"{random.choice(_FAMILY)} {random.choice(_MIDDLE)} {random.choice(_MIDDLE)} {random.choice(_GIVEN)}"
