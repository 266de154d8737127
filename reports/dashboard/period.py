"""The time a dashboard looks at: from 1 January to the end of a month, as the union's own reports do."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import Http404

from reports.measures.counting import end_of_month
from welfare.units.models import today

YEARS_BACK = 6
_NAMES = {3: "Quý I (3 tháng)", 6: "6 tháng đầu năm", 9: "9 tháng", 12: "Cả năm"}


@dataclass(frozen=True)
class Period:
    """``month``: the last one that counts; of the running year today ends it."""

    year: int
    month: int

    @cached_property
    def until(self) -> date:
        return min(end_of_month(date(self.year, self.month, 1)), today())

    @cached_property
    def is_running(self) -> bool:
        """Up to today, which is what one sees without asking for a month."""
        return self.month == latest_month(self.year)

    @property
    def is_over(self) -> bool:
        return self.until < today()

    def __str__(self):
        months = "tháng 1" if self.month == 1 else f"tháng 1 đến tháng {self.month}"
        return f"năm {self.year}" if self.month == 12 else f"{months} năm {self.year}"


def latest_month(year: int) -> int:
    return today().month if year == today().year else 12


def years() -> range:
    return range(today().year, today().year - YEARS_BACK - 1, -1)


def months_of(year: int) -> list[tuple[int, str]]:
    """(month, its name in the list to pick from), the latest first; only months that have begun."""
    last = latest_month(year)
    names = {last: f"Đến nay (hết tháng {last})"} if year == today().year and last not in _NAMES else {}
    return [(month, names.get(month) or _NAMES.get(month) or f"Đến hết tháng {month}") for month in range(last, 0, -1)]


def asked_period(query) -> Period:
    """``nam`` and ``den``. Raises ``Http404`` for a year the dashboard has not; a month still to come is today's."""
    year = number(query.get("nam")) or today().year
    if year not in years():
        raise Http404
    month = number(query.get("den")) or 12
    if month > 12:
        raise Http404
    return Period(year, min(month, latest_month(year)))


def number(text) -> int | None:
    """An id or year out of an address. Raises ``Http404`` for what is none."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise Http404
    return int(text)
