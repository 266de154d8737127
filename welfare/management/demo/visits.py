"""Visits to people in need: most within weeks of their hardship, some never."""

from datetime import timedelta
from random import Random

from beneficiaries.models import Hardship, Occasion, Visit
from welfare.management.demo.province import Province, insert, tet

_SEED = 85  # of its own, so that what the other modules draw stays as it is
_VISITED = 0.55
_BY_PROVINCE = 0.12
_GIFTS = [("", 0), ("Túi quà thăm bệnh", 300_000), ("", 500_000), ("Gạo, dầu ăn, đường", 250_000), ("", 1_000_000)]
_WEIGHTS = [30, 25, 20, 15, 10]


def make_visits(province: Province):
    random, occasions = Random(_SEED), {occasion.code: occasion for occasion in Occasion.objects.all()}
    seen, found = set(), []
    for hardship in Hardship.objects.select_related("person__unit").order_by("pk"):
        on = hardship.known_on + timedelta(days=random.choice((3, 5, 8, 12, 19, 30, 48)))
        last_day = hardship.person.unit.valid_to or province.today
        is_visited, by_province = random.random() < _VISITED, random.random() < _BY_PROVINCE
        key = (hardship.person_id, on)
        if not is_visited or on > min(last_day, province.today) or key in seen:
            continue
        seen.add(key)
        found.append(_visit(province, random, hardship.person, on, by_province, occasions))
    insert(Visit, found)


def _visit(province, random, person, on, by_province, occasions) -> Visit:
    by = province.users["canbo"] if by_province else province.officer(person.unit)
    gift, value = random.choices(_GIFTS, _WEIGHTS)[0]
    is_tet = 0 <= (tet(on.year) - on).days <= 21
    return Visit(
        unit=by.unit, person=person, person_unit=person.unit, on=on, visitors=f"Đ/c {by.full_name}", gift=gift, gift_value=value, by=by,
        occasion=occasions["tet" if is_tet else "sudden"] if value else None,
    )  # fmt: skip
