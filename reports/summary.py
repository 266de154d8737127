"""What was done at a unit in a year beside the year before, and by the units under it, out of ``Actual`` alone."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Max, Q, Sum
from django.db.models.functions import ExtractYear

from beneficiaries.houses.stages import WAY
from programs.models import Actual, Indicator, Stale
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
_SEASON_CODES = ["people_supported", "support_money", "gifts"]


@dataclass(frozen=True)
class Amount:
    """One indicator's number; a share has its parts too and is None where nobody is in need."""

    value: Decimal | None = Decimal(0)
    numerator: Decimal = Decimal(0)
    denominator: Decimal = Decimal(0)


@dataclass(frozen=True)
class Season:
    name: str
    amounts: dict[str, Decimal]


class Summary:
    """Figures of ``unit`` and its direct ``children`` by code (``CODES``), from January to the month of ``until``.

    A fixed number of queries, whatever the number of units. ``children`` are those that existed in the year; so are
    those ``taken_over``: closed units that this one succeeds, whose rows stay theirs and are not added to its own.
    """

    def __init__(self, unit: Unit, year: int, until: date | None = None):
        self.unit, self.year = unit, year
        self.until = until or min(today(), date(year, 12, 31))
        self.children = list(_existed(Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1), year))
        self.taken_over = list(_existed(Unit.objects.filter(successors=unit), year))
        self.indicators = {
            indicator.code: indicator for indicator in Indicator.objects.filter(code__in=(*CODES, *MONEY, *STANDING))
        }
        self.counted_at = None
        self._sums = defaultdict(lambda: [Decimal(0)] * 3)  # (unit id, code, year): value, numerator, denominator
        self._months = defaultdict(lambda: [Decimal(0)] * 12)  # (code, year): values of the whole unit
        self._nodes = {}  # (unit id, code, year): value
        self._read_sums()
        self._read_nodes()

    @property
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

    @cached_property
    def seasons(self) -> list[Season]:
        rows = Actual.objects.filter(unit=self.unit, month=date(self.year, 1, 1), indicator__code__in=_SEASON_CODES)
        found = defaultdict(dict)
        for code, season, value in rows.order_by("season").values_list("indicator__code", "season", "value"):
            name = season if code in _BY_NODE else season.removeprefix(Actual.TREE)
            if name and (code in _BY_NODE or season != name):
                found[name][code] = value
        return [Season(name, amounts) for name, amounts in found.items()]

    @cached_property
    def standing(self) -> dict[tuple[str, int], int]:
        """{(code of STANDING, year): houses at the end of its last month}"""
        rows = Actual.objects.filter(indicator__code__in=STANDING, unit=self.unit, month__lte=self.last_month)
        found, a_year_before = {}, self.last_month.replace(year=self.year - 1)
        for code, month, value in rows.order_by("month").values_list("indicator__code", "month", "value"):
            found[code, self.year] = int(value)
            if month <= a_year_before:
                found[code, self.year - 1] = int(value)
        return found

    @cached_property
    def is_being_updated(self) -> bool:
        return Stale.objects.exists()

    def _read_sums(self):
        sums = Actual.objects.filter(self._two_years(), indicator__code__in=_SUMMED, season=Actual.TREE).order_by()
        by_month = sums.filter(unit=self.unit).values_list("indicator__code", "month", "value")
        for code, month, value in by_month:
            self._months[code, month.year][month.month - 1] += value
        of_years = (
            sums.filter(unit__in=self._units).annotate(of_year=ExtractYear("month"))
            .values_list("unit", "indicator__code", "of_year")
            .annotate(Sum("value"), Sum("numerator"), Sum("denominator"), Max("counted_at"))
        )  # fmt: skip
        for unit, code, year, *numbers, counted_at in of_years:
            self._sums[unit, code, int(year)] = numbers
            self._note(counted_at)

    def _read_nodes(self):
        months = [self.last_month, self.last_month.replace(year=self.year - 1)]
        rows = Actual.objects.filter(indicator__code__in=_BY_NODE, season="", unit__in=self._units, month__in=months)
        for unit_id, code, month, value, counted_at in rows.values_list(
            "unit_id", "indicator__code", "month", "value", "counted_at"
        ):
            self._nodes[unit_id, code, month.year] = value
            self._note(counted_at)

    @property
    def _units(self):
        return [self.unit, *self.children, *self.taken_over]

    def _two_years(self):
        """This year's to date, and the same months a year earlier."""
        years = [(date(year, 1, 1), self.last_month.replace(year=year)) for year in (self.year, self.year - 1)]
        return Q(month__range=years[0]) | Q(month__range=years[1])

    def _note(self, counted_at):
        self.counted_at = max(filter(None, (self.counted_at, counted_at)))


def unit_above(unit: Unit) -> Unit | None:
    return Unit.objects.filter(path=unit.path[: -Unit.steplen]).first() if unit.depth > 1 else None


def _existed(units, year):
    return units.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=date(year, 12, 31)),
        Q(valid_to__isnull=True) | Q(valid_to__gte=date(year, 1, 1)),
    )
