from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from django.db import connection

from welfare.bulk import add_history, insert_rows, reserve_ids
from welfare.models import Department, Unit, User

# The first day of Tết (the Vietnamese calendar, UTC+7), month and day.
_TET = {
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 2),
    2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
}  # fmt: skip


class Act(NamedTuple):
    """Something done on a business date, by the verb of some row."""

    on: date
    do: Callable[[], object]


@dataclass
class Province:
    """What the modules share. ``size`` is the number of people; money and gifts grow with it."""

    today: date
    size: int
    random: Random
    units: dict[str, Unit] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    @property
    def year(self) -> int:
        return self.today.year

    @property
    def root(self) -> Unit:
        return self.units["LDLD"]

    @property
    def scale(self) -> float:
        return max(1.0, self.size / 3000)

    @property
    def coming_tet(self) -> int:
        """The year of the first Tết for which units still send lists, so that a round is open on any day."""
        return next(year for year in range(self.year, self.year + 3) if last_day_of_lists(year) > self.today)

    def officer(self, unit: Unit) -> User:
        """Who answers for a unit: its own officer or that of the unit above it."""
        own = self.users.get(unit.code.lower())
        return own or self.users[Unit.objects.get_parent(unit).code.lower()]

    def working_day(self, day: date) -> date:
        return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() >= 5 else 0)


def tet(year: int) -> date:
    return date(year, *_TET.get(year, (2, 5)))


def last_day_of_lists(year: int) -> date:
    return tet(year) - timedelta(days=48)


def insert(model, objects: list):
    """Many unsaved objects at once, with their history; gives them their ids. No ``save`` is called."""
    fields = model._meta.concrete_fields
    for obj, key in zip(objects, reserve_ids(model, len(objects)), strict=True):
        obj.pk = key
    rows = (tuple(f.get_db_prep_save(f.pre_save(obj, add=True), connection) for f in fields) for obj in objects)
    insert_rows(model, [f.attname for f in fields], rows)
    if hasattr(model, "history") and objects:
        add_history(model, model.objects.filter(pk__gte=objects[0].pk), change="+")
