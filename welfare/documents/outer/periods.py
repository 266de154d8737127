"""The days a form is filled for. Figures are kept by the month, so a period is of whole months, the running one to today."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from welfare.states import Refused
from welfare.units.models import today

YEARS_BACK = 6
_QUARTERS = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Period:
    """From the first day of a month to the last day of one, which may be still to come."""

    first: date
    end: date
    on: date = field(default_factory=today, compare=False)  # the day on which it is asked for

    @classmethod
    def of_months(cls, first: date, last: date, on: date | None = None) -> "Period":
        """From the month of ``first`` to that of ``last``. Raises ``Refused`` for what has not begun or ends too early."""
        on = on or today()
        if last < first:
            raise Refused("Tháng cuối phải từ tháng đầu trở đi; hãy chọn lại kỳ.")
        if first > on:
            raise Refused("Kỳ này chưa bắt đầu nên chưa có số liệu; hãy chọn kỳ khác.")
        return cls(first.replace(day=1), _end_of_month(last), on)

    @property
    def last(self) -> date:
        """The last day that counts."""
        return min(self.end, self.on)

    @property
    def is_running(self) -> bool:
        return self.last < self.end

    @property
    def quarter(self) -> str:
        """ "III" where the period is a quarter, else ""."""
        is_quarter = self._months == 3 and self.first.month % 3 == 1
        return _QUARTERS[self.first.month // 3] if is_quarter else ""

    @property
    def month(self) -> int | None:
        """Where the period is one month."""
        return self.first.month if self._months == 1 else None

    @property
    def name(self) -> str:
        year, months = self.first.year, self._months
        if months == 1:
            return f"Tháng {self.first.month}/{year}"
        if self.quarter:
            return f"Quý {self.quarter}/{year}"
        if months == 6 and self.first.month in (1, 7):
            return f"6 tháng {'đầu' if self.first.month == 1 else 'cuối'} năm {year}"
        if months == 9 and self.first.month == 1:
            return f"9 tháng năm {year}"
        if months == 12 and self.first.month == 1:
            return f"Năm {year}"
        return f"Tháng {self.first.month}/{year} đến tháng {self.end.month}/{self.end.year}"

    @property
    def days(self) -> str:
        return f"từ ngày {self.first:%d/%m/%Y} đến ngày {self.last:%d/%m/%Y}"

    @property
    def key(self) -> str:
        """As a choice on screen."""
        return f"{self.first:%Y-%m}_{self.end:%Y-%m}"

    def year_before(self) -> "Period":
        """The same months, and of a running period the same days, a year earlier."""
        return Period(_year_before(self.first), _year_before(self.last), self.on)

    @property
    def _months(self) -> int:
        return (self.end.year - self.first.year) * 12 + self.end.month - self.first.month + 1


def usual_periods(on: date | None = None) -> list[tuple[str, list[Period]]]:
    """[(heading, periods)] to choose from: first those one most often reports, then every one of each year."""
    on = on or today()
    by_year = {year: _periods_of(year, on) for year in range(on.year, on.year - 4, -1)}
    return [("Hay dùng", _recent(by_year, on)), *((f"Năm {year}", found) for year, found in by_year.items())]


def months() -> list[date]:
    """The first days of the months that have begun, the latest first."""
    month = today().replace(day=1)
    return [_months_before(month, n) for n in range(12 * YEARS_BACK + month.month)]


def _recent(by_year, on) -> list[Period]:
    """This quarter and the one before, this year and its halves, the year before."""
    this_year, last_year = by_year[on.year], by_year[on.year - 1]
    quarters = [each for each in (*last_year, *this_year) if each.quarter]
    halves = [each for each in this_year if each.name.startswith("6 tháng")]
    return [quarters[-1], quarters[-2], this_year[0], *halves, last_year[0]]


def _periods_of(year: int, on: date) -> list[Period]:
    spans = [(1, 12), (1, 6), (7, 12), (1, 9), (1, 3), (4, 6), (7, 9), (10, 12), *((n, n) for n in range(1, 13))]
    begun = [span for span in spans if date(year, span[0], 1) <= on]
    return [Period.of_months(date(year, first, 1), date(year, last, 1), on) for first, last in begun]


def _months_before(month: date, n: int) -> date:
    years, place = divmod(month.year * 12 + month.month - 1 - n, 12)
    return date(years, place + 1, 1)


def _end_of_month(day: date) -> date:
    return _months_before(day.replace(day=1), -1) - timedelta(days=1)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
