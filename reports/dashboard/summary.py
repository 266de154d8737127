"""What was done at a unit in a year beside the year before, and by the units under it, out of ``Actual`` alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q, Sum

from beneficiaries.houses.stages import WAY
from programs.models import Actual, Indicator, Stale
from reports.helped import HELPED, MEASURE
from welfare.units.models import Unit, today

SHARE = "hardship_supported_share"
CODES = (
    "people_supported",
    "support_money",
    "gifts",
    "houses_handed_over",
    SHARE,
    "poor_households",
)
_HOUSES = ("houses_new", "houses_repaired", "houses_surveyed")
MONEY = ("fund_income", "fund_spending")
STANDING = [f"houses_standing_{state}" for state in WAY]
_BY_NODE = ["people_supported", "poor_households"]  # distinct counts, never summed
_SUMMED = [code for code in (*CODES, *_HOUSES, *MONEY) if code not in _BY_NODE]
_SHOWN_SUMS = [code for code in CODES if code not in _BY_NODE]
IN_SEASON = ["people_supported", "gifts", "support_money"]


class Amount(NamedTuple):
    """One indicator's number; a share has its parts too and is None where nobody is in need."""

    value: Decimal | None = Decimal(0)
    numerator: Decimal = Decimal(0)
    denominator: Decimal = Decimal(0)


@dataclass(frozen=True)
class Season:
    name: str
    amounts: dict[str, Decimal]


class Summary:
    """Figures of ``unit`` and its direct ``children`` by code (``CODES``), from January to the month of ``until``; of
    ``unit`` itself also those of the year before.

    A fixed number of queries, whatever the number of units. ``children`` are those that existed in the year; so are
    those ``taken_over``: closed units that this one succeeds, whose rows stay theirs and are not added to its own.
    """

    def __init__(self, unit: Unit, year: int, until: date | None = None):
        self.unit, self.year = unit, year
        self.until = until or min(today(), date(year, 12, 31))
        self.children = list(_existed(Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1), year))
        self.taken_over = list(_existed(Unit.objects.filter(successors=unit), year))
        of_kinds = Q(code__startswith=HELPED, measure=MEASURE)
        found = Indicator.objects.filter(Q(code__in=(*_SUMMED, *_BY_NODE, *STANDING)) | of_kinds)
        self.kinds = [indicator for indicator in found if indicator.measure == MEASURE]
        self.indicators = {indicator.code: indicator for indicator in found if indicator.measure != MEASURE}
        self._code = {indicator.pk: code for code, indicator in self.indicators.items()}
        self.counted_at = None  # when the last row of the unit itself was
        self.helped = {}  # (indicator id of one of ``kinds``, month): people, of the last month and the same a year before
        self.standing = {}  # (code of STANDING, year): houses at the end of its last month
        self._sums = defaultdict(lambda: [Decimal(0)] * 3)  # (unit id, code, year): value, numerator, denominator
        self._months = defaultdict(lambda: [Decimal(0)] * 12)  # (code, year): values of the whole unit
        self._nodes = {}  # (unit id, code, year): value
        self._seasons = defaultdict(dict)  # its name: {code: value}
        self._read_own()
        self._read_others()

    @cached_property
    def last_month(self) -> date:
        return self.until.replace(day=1)

    def of(self, unit: Unit, code: str, year: int | None = None) -> Amount:
        """``unit`` is one the summary reads."""
        year = year or self.year
        if code in _BY_NODE:
            return Amount(self._nodes.get((unit.pk, code, year), Decimal(0)))
        value, numerator, denominator = self._sums[unit.pk, code, year]
        if code == SHARE:
            value = 100 * numerator / denominator if denominator else None
        return Amount(value, numerator, denominator)

    def by_month(self, code: str, year: int) -> list[Decimal]:
        """Twelve sums of the unit with all under it."""
        return self._months[code, year]

    @property
    def seasons(self) -> list[Season]:
        return [Season(name, amounts) for name, amounts in self._seasons.items()]

    @cached_property
    def is_being_updated(self) -> bool:
        return Stale.objects.exists()

    def _read_own(self):
        """All that is kept of the unit itself since the year before, and how houses stood earlier, in one query."""
        kinds = Q(indicator__in=self.kinds, month__in=[self.last_month, self._a_year_before], season="")
        standing = Q(indicator__in=self._ids(STANDING), month__lte=self.last_month)
        since = date(self.year - 1, 1, 1)
        rest = Q(indicator__in=self._ids((*_SUMMED, *_BY_NODE)), month__range=(since, self.last_month))
        rows = Actual.objects.filter(kinds | standing | rest, unit=self.unit)
        fields = ("indicator", "month", "season", "counted_at", "value", "numerator", "denominator")
        found = list(rows.order_by("month", "season").values_list(*fields))
        self.counted_at = max((counted_at for _, _, _, counted_at, *_ in found), default=None)
        for pk, month, season, _, *numbers in found:
            if pk in self._code:
                self._take(self._code[pk], month, season, numbers)
            else:
                self.helped[pk, month] = int(numbers[0])

    def _take(self, code, month, season, numbers):
        value = numbers[0]
        if code in STANDING:
            self.standing[code, self.year] = int(value)
            if month <= self._a_year_before:
                self.standing[code, self.year - 1] = int(value)
        elif season == Actual.TREE:
            if month.month <= self.until.month:
                self._months[code, month.year][month.month - 1] = value
                key = self.unit.pk, code, month.year
                self._sums[key] = [sum(pair) for pair in zip(self._sums[key], numbers, strict=True)]
        elif not season:
            if month in (self.last_month, self._a_year_before):
                self._nodes[self.unit.pk, code, month.year] = value
        elif month.year == self.year and (code in _BY_NODE or season.startswith(Actual.TREE)):
            self._seasons[season.removeprefix(Actual.TREE)][code] = value

    def _read_others(self):
        """Of the other units what is shown of them, this year's."""
        sums = Q(indicator__in=self._ids(_SHOWN_SUMS), season=Actual.TREE, month__range=self._months_of_year)
        counts = Q(indicator__in=self._ids(_BY_NODE), season="", month=self.last_month)
        others = [unit.pk for unit in (*self.children, *self.taken_over)]
        rows = Actual.objects.filter(sums | counts, unit__in=others).order_by().values_list("unit", "indicator")
        for unit, pk, *numbers in rows.annotate(Sum("value"), Sum("numerator"), Sum("denominator")):
            code = self._code[pk]
            if code in _BY_NODE:
                self._nodes[unit, code, self.year] = numbers[0]
            else:
                self._sums[unit, code, self.year] = numbers

    def _ids(self, codes):
        return [self.indicators[code].pk for code in codes if code in self.indicators]

    @cached_property
    def _a_year_before(self):
        return self.last_month.replace(year=self.year - 1)

    @property
    def _months_of_year(self):
        return date(self.year, 1, 1), self.last_month


def seasons_of(units: Iterable[Unit], names: Sequence[str]) -> dict[int, list[Season]]:
    """By unit's id what each of these seasons came to with all under the unit, whatever the month it is paid in."""
    kept = [*names, *(f"{Actual.TREE}{name}" for name in names)]
    rows = Actual.objects.filter(indicator__code__in=IN_SEASON, unit__in=units, season__in=kept)
    amounts = defaultdict(dict)
    for unit, code, season, value in rows.values_list("unit", "indicator__code", "season", "value"):
        if code in _BY_NODE or season.startswith(Actual.TREE):
            amounts[unit, season.removeprefix(Actual.TREE)][code] = value
    return {unit.pk: [Season(name, amounts[unit.pk, name]) for name in names] for unit in units}


def unit_above(unit: Unit) -> Unit | None:
    return Unit.objects.filter(path=unit.path[: -Unit.steplen]).first() if unit.depth > 1 else None


def _existed(units, year):
    return units.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=date(year, 12, 31)),
        Q(valid_to__isnull=True) | Q(valid_to__gte=date(year, 1, 1)),
    )
