"""The leaders' first page: how the plans stand and what was done, at one unit and by the units under it."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import F
from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from programs.models import Plan, Target
from programs.targets.figures import RULE, Figure, Status, figures_by_unit
from reports.row_pages import asked_unit
from reports.rows import rows_url, target_rows_url
from reports.summary import CODES, SHARE, Amount, Summary, unit_above
from welfare.documents.charts import Series, bar_chart
from welfare.site import page, render_page
from welfare.units.models import Unit, today

YEARS_BACK = 6
_MILLION = 1_000_000
_LATE = (Status.BEHIND, Status.AT_RISK)
_SHORT = {
    "people_supported": "Người được hỗ trợ",
    "support_money": "Tiền hỗ trợ (đồng)",
    "gifts": "Suất quà",
    "houses_handed_over": "Nhà bàn giao",
    "hardship_supported_share": "Người khó khăn đã thăm, hỗ trợ",
    "poor_households": "Hộ nghèo, cận nghèo",
}


@dataclass(frozen=True)
class Card:
    """One big number with what it opens; ``change`` is in percent against the same months a year before."""

    title: str
    amount: Amount
    before: Amount
    unit_of_measure: str
    url: str

    @property
    def change(self) -> Decimal | None:
        if not self.before.value or self.amount.value is None:
            return None
        return 100 * (self.amount.value - self.before.value) / self.before.value

    @property
    def change_size(self) -> Decimal:
        return abs(self.change)


@dataclass(frozen=True)
class TargetRow:
    figure: Figure
    by_unit: list[Figure]

    @property
    def url(self) -> str:
        return target_rows_url(self.figure)

    @property
    def unit_rows(self):
        return [(figure, target_rows_url(figure)) for figure in self.by_unit]


@dataclass(frozen=True)
class Cell:
    title: str
    value: Decimal | None
    is_share: bool
    url: str


@dataclass(frozen=True)
class UnitRow:
    unit: Unit
    url: str
    cells: list[Cell]


class Board:
    """Everything on the page. Reads ``Actual``, plans and units; a fixed number of queries."""

    def __init__(self, user, unit: Unit, year: int, plan_id: int | None):
        self.user, self.unit, self.year = user, unit, year
        plans = Plan.objects.for_user(user).binding(unit).standing().in_year(year)
        self.plans = list(plans.select_related("kind"))
        self.plan = next((plan for plan in self.plans if plan.pk == plan_id), None)
        if plan_id and self.plan is None:
            raise Http404
        self.summary = Summary(unit, year)

    @cached_property
    def targets(self) -> list[TargetRow]:
        shown = [self.plan] if self.plan else self.plans
        targets = list(
            Target.objects.filter(plan__in=shown).select_related("plan__kind", "indicator")
            .order_by("plan__first_year", "plan", F("order").asc(), "pk")
        )  # fmt: skip
        units = [self.unit, *self.summary.children]
        figures = figures_by_unit(targets, units, self.summary.until) if targets else {}
        return [
            TargetRow(
                figures[target.pk, self.unit.pk],
                [figures[target.pk, unit.pk] for unit in self.summary.children
                 if figures[target.pk, unit.pk].wanted is not None],
            )
            for target in targets
        ]  # fmt: skip

    @cached_property
    def red_list(self) -> list[TargetRow]:
        """Targets late or at risk, the farthest behind first."""
        late = [row for row in self.targets if row.figure.status in _LATE]
        return sorted(late, key=lambda row: (row.figure.status != Status.BEHIND, row.figure.percent or 0))

    @cached_property
    def standing(self) -> list[tuple[Status, int]]:
        """How many targets stand how, without those nobody wants here."""
        statuses = [row.figure.status for row in self.targets]
        return [(status, statuses.count(status)) for status in Status if statuses.count(status)]

    @cached_property
    def cards(self) -> list[Card]:
        return [
            Card(
                _SHORT[code].removesuffix(" (đồng)"), self.summary.of(self.unit, code),
                self.summary.of(self.unit, code, self.year - 1),
                self.summary.indicators[code].unit_of_measure, self.url(code),
            )
            for code in CODES
        ]  # fmt: skip

    @cached_property
    def season_rows(self):
        """[(season, [(title, value, url)])]"""
        return [
            (season.name, [(_SHORT[code], value, self.url(code, season=season.name))
                           for code, value in sorted(season.amounts.items(), key=lambda item: CODES.index(item[0]))])
            for season in self.summary.seasons
        ]  # fmt: skip

    @property
    def headers(self):
        return [(code, _SHORT[code], self.address(xep=code)) for code in CODES]

    def unit_rows(self, order: str) -> list[UnitRow]:
        """Sorted by an indicator's code, the largest first, or in the tree's order."""
        rows = [self._unit_row(unit) for unit in self.summary.children]
        if order in CODES:
            rows.sort(key=lambda row: row.cells[CODES.index(order)].value or 0, reverse=True)
        return rows

    @cached_property
    def whole_row(self) -> UnitRow:
        """The unit with all under it, its own rows too."""
        return self._unit_row(self.unit)

    def _unit_row(self, unit):
        cells = [
            Cell(_SHORT[code], self.summary.of(unit, code).value, code == SHARE, self.url(code, unit)) for code in CODES
        ]
        return UnitRow(unit, self.address(unit=unit.pk), cells)

    def address(self, **changes) -> str:
        asked = {"nam": self.year, "unit": self.unit.pk, "ke-hoach": self.plan.pk if self.plan else ""} | changes
        return f"{reverse('reports:dashboard')}?{urlencode({name: value for name, value in asked.items() if value})}"

    def url(self, code, unit=None, season="", months=(1, 12), year=None) -> str:
        year = year or self.year
        first = self.summary.until.replace(year=year, month=months[0], day=1)
        last = first.replace(month=min(months[1], self.summary.until.month) if year == self.year else months[1])
        return rows_url(self.summary.indicators[code], unit or self.unit, first, last, season)

    @cached_property
    def charts(self):
        return [chart for chart in (self._months_chart(), self._units_chart()) if chart]

    def _months_chart(self):
        pairs = [(year, self.summary.by_month("support_money", year)) for year in (self.year, self.year - 1)]
        if not any(any(values) for _, values in pairs):
            return ""
        months = range(1, self.summary.until.month + 1)
        series = [
            Series(
                f"Năm {year}", [values[month - 1] / _MILLION for month in months],
                [self.url("support_money", months=(month, month), year=year) for month in months],
            )
            for year, values in pairs
        ]  # fmt: skip
        return bar_chart("Tiền hỗ trợ theo tháng", [f"Tháng {month}" for month in months], series, unit="triệu đồng")

    def _units_chart(self):
        units = self.summary.children
        if len(units) < 2:
            return ""
        money = [self.summary.of(unit, "support_money").value / _MILLION for unit in units]
        if not any(money):
            return ""
        links = [self.url("support_money", unit) for unit in units]
        return bar_chart(
            f"Tiền hỗ trợ theo đơn vị, năm {self.year}", [unit.short_name for unit in units],
            [Series("Tiền hỗ trợ", money, links)], unit="triệu đồng",
        )  # fmt: skip


@page(permission="programs.view_actual")
def dashboard(request):
    """``?nam=`` year, ``?ke-hoach=`` plan (default all in force that year), ``?unit=`` unit, ``?xep=`` sort of units."""
    year = _number(request.GET.get("nam")) or today().year
    if not today().year - YEARS_BACK <= year <= today().year:
        raise Http404
    board = Board(request.user, asked_unit(request), year, _number(request.GET.get("ke-hoach")))
    order, parent = request.GET.get("xep", ""), _parent(request.user, board.unit)
    context = {
        "title": "Tổng quan",
        "board": board,
        "unit_rows": board.unit_rows(order),
        "order": order,
        "years": range(today().year, today().year - YEARS_BACK - 1, -1),
        "parent": parent,
        "parent_url": board.address(unit=parent.pk) if parent else "",
        "rule": RULE,
    }
    return render_page(request, "reports/dashboard.html", context)


def _number(text) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)


def _parent(user, unit):
    parent = unit_above(unit)
    return parent if parent and user.reach.covers(parent.pk) else None
