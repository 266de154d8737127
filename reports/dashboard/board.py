"""The leaders' first page: how the plans stand and what was done, at one unit and by the units under it."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from html import escape
from typing import NamedTuple

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from programs.models import Indicator, Plan, Target, TargetShare
from programs.targets.figures import Figure, Status, figures_by_unit
from reports.dashboard.drawings import Drawing, drawings_of
from reports.dashboard.period import Period
from reports.dashboard.red_list import red_lines
from reports.dashboard.summary import CODES, MONEY, SHARE, Amount, Summary
from reports.helped import for_paper
from reports.rows.figure_rows import rows_url, target_rows_url
from welfare.templatetags.vietnamese_format import number, percent
from welfare.units.models import Unit, today
from welfare.vietnamese import fold

_LATE = (Status.BEHIND, Status.AT_RISK)
_SHORT = {
    "people_supported": "Người được hỗ trợ",
    "support_money": "Tiền hỗ trợ (đồng)",
    "gifts": "Suất quà",
    "houses_handed_over": "Nhà bàn giao",
    "hardship_supported_share": "Người khó khăn đã thăm, hỗ trợ",
    "poor_households": "Hộ nghèo, cận nghèo",
    "fund_income": "Tiền thu vào quỹ",
    "fund_spending": "Tiền chi ra từ quỹ",
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
    """``parts_url``: where its units open; "" where none below has a part in it."""

    figure: Figure
    parts_url: str

    @cached_property
    def url(self) -> str:
        return target_rows_url(self.figure)

    @property
    def is_asked(self) -> bool:
        """Whether the unit was given a part; what it did is shown all the same."""
        return self.figure.wanted is not None

    @property
    def status(self) -> str:
        return self.figure.status.label if self.is_asked else "Không giao"

    @property
    def missing(self) -> int:
        """Of a rate the ledger counts: how many still lack."""
        if not self.figure.denominator or not self.url or not self.figure.target.is_percent:
            return 0
        return int(self.figure.denominator - self.figure.numerator)


class Cell(NamedTuple):
    title: str
    value: Decimal | None
    is_share: bool
    url: str

    @property
    def text(self) -> str:
        return percent(self.value) if self.is_share else number(self.value)


@dataclass(frozen=True)
class UnitRow:
    name: str
    url: str
    cells: list[Cell]

    @property
    def drawn(self) -> SafeString:
        """The row of the table: hundreds of cells, as in a ``Drawing``."""
        cells = "".join(
            f'<td class="wf-num" data-label="{escape(cell.title)}"><a href="{escape(cell.url)}">{cell.text}</a></td>'
            for cell in self.cells
        )
        name = f'<a href="{escape(self.url)}">{escape(self.name)}</a>'
        return SafeString(f'<tr><td class="rp-text">{name}</td>{cells}</tr>')


class Board:
    """Everything on the page. Figures are read out of ``Actual`` alone; a fixed number of queries.

    ``for_print``: small sensitive figures are left out, whoever asks; on screen, for whom may not read their rows.
    ``is_meeting``: in large type, wherever one goes on the page.
    """

    def __init__(
        self, user, unit: Unit, period: Period, plan_id: int | None = None, *, for_print=False, is_meeting=False
    ):
        self.user, self.unit, self.period, self.year = user, unit, period, period.year
        self.is_meeting, self.today = is_meeting, today()
        self.hides_few = for_print or not user.has_perm("beneficiaries.view_hardship")
        plans = Plan.objects.for_user(user).binding(unit).standing().in_year(self.year)
        self.plans = list(plans.select_related("kind"))
        self.plan = next((plan for plan in self.plans if plan.pk == plan_id), None)
        self.plan_elsewhere = _plan_elsewhere(user, plan_id) if plan_id and self.plan is None else None
        self.summary = Summary(unit, self.year, period.until)

    @cached_property
    def targets(self) -> list[TargetRow]:
        shown = [self.plan] if self.plan else self.plans
        plans = {plan.pk: plan for plan in sorted(shown, key=lambda plan: plan.first_year)}
        place = list(plans)
        targets = list(Target.objects.filter(plan__in=plans).select_related("indicator").order_by("order", "pk"))
        if not targets:
            return []
        for target in targets:
            target.plan = plans[target.plan_id]
        targets.sort(key=lambda target: place.index(target.plan_id))
        figures = self._figures(targets, [self.unit])
        below = self.summary.children
        shared = set(TargetShare.objects.filter(target__in=targets, unit__in=below).values_list("target", flat=True))
        return [
            TargetRow(
                figures[target.pk, self.unit.pk],
                self.parts_address(target) if below and (target.is_percent or target.pk in shared) else "",
            )
            for target in targets
        ]

    def parts_of(self, target: Target) -> list[tuple[Figure, str]]:
        """A target at each unit below that has a part in it, with the address of its rows."""
        figures = self._figures([target], self.summary.children)
        return [(part, target_rows_url(part)) for part in figures.values() if part.wanted is not None]

    def _figures(self, targets, units) -> dict:
        figures = figures_by_unit(targets, units, self.summary.until, kept_sums=True)
        return for_paper(figures) if self.hides_few else figures

    @cached_property
    def red_list(self) -> list[TargetRow]:
        """Targets late or at risk, the farthest behind first."""
        late = [row for row in self.targets if row.figure.status in _LATE]
        return sorted(late, key=lambda row: (row.figure.status != Status.BEHIND, row.figure.percent or 0))

    @cached_property
    def red_lines(self):
        return red_lines(self.user, self.unit)

    @cached_property
    def standing(self) -> list[tuple[Status, int]]:
        """How many targets stand how, without those nobody wants here."""
        statuses = [row.figure.status for row in self.targets if row.is_asked]
        return [(status, statuses.count(status)) for status in Status if statuses.count(status)]

    @cached_property
    def cards(self) -> list[Card]:
        return [
            Card(
                _SHORT[code].removesuffix(" (đồng)"), self.summary.of(self.unit, code),
                self.summary.of(self.unit, code, self.year - 1),
                self.summary.indicators[code].unit_of_measure, self.url(code),
            )
            for code in (*CODES, *(MONEY if self.user.has_perm("beneficiaries.view_fundentry") else ()))
        ]  # fmt: skip

    @cached_property
    def season_rows(self):
        """[(season, [(title, value, url)])]"""
        return [
            (season.name, [(_SHORT[code], value, self.url(code, season=season.name))
                           for code, value in sorted(season.amounts.items(), key=lambda item: CODES.index(item[0]))])
            for season in self.summary.seasons
        ]  # fmt: skip

    def headers(self, order: str = "", name: str = "") -> list[tuple[str, str, str]]:
        """(sort, title, address) of each column; the column sorted by turns round."""
        return [
            (code, _SHORT[code], self.address(xep=f"-{code}" if order == code else code, tim=name)) for code in CODES
        ]  # fmt: skip

    def units(self, order: str = "", name: str = "") -> list[Unit]:
        """Sorted by an indicator's code, the largest first ("-code": the smallest), or in the tree's order; of a name."""
        wanted, code = fold(name), order.removeprefix("-")
        units = [unit for unit in self.summary.children if wanted in fold(f"{unit.short_name} {unit.name}")]
        if code in CODES:
            units.sort(key=lambda unit: self.summary.of(unit, code).value or 0, reverse=code == order)
        return units

    def unit_rows(self, units) -> list[UnitRow]:
        return [self._unit_row(unit) for unit in units]

    @cached_property
    def whole_row(self) -> UnitRow:
        """The unit with all under it, its own rows too."""
        return replace(self._unit_row(self.unit), name="Toàn đơn vị, cả phần trực tiếp")

    @cached_property
    def taken_over_rows(self) -> list[UnitRow]:
        """Closed units that this one succeeds, as far as the user may read them."""
        return self.unit_rows(unit for unit in self.summary.taken_over if self.user.reach.covers(unit.pk))

    def _unit_row(self, unit):
        cells = [
            Cell(_SHORT[code], self.summary.of(unit, code).value, code == SHARE, self.url(code, unit)) for code in CODES
        ]
        name = unit.short_name if unit.is_open(self.today) else f"{unit.short_name} (đã đóng)"
        return UnitRow(name, self.address(unit=unit.pk), cells)

    @cached_property
    def asked(self) -> dict:
        """What the page was asked for, as its address says it; "" for what goes without saying."""
        month = "" if self.period.is_running else self.period.month
        plan = self.plan.pk if self.plan else ""
        return {
            "nam": self.year,
            "den": month,
            "unit": self.unit.pk,
            "ke-hoach": plan,
            "hop": int(self.is_meeting) or "",
        }

    def address(self, **changes) -> str:
        asked = self.asked | changes
        return f"{_own_address()}?{urlencode({name: value for name, value in asked.items() if value})}"

    def parts_address(self, target: Target) -> str:
        return f"{reverse('reports:target_parts', args=[target.pk])}?{self.address().partition('?')[2]}"

    def url(self, code, unit=None, season="", months=(1, 12), year=None) -> str:
        return self.rows_of(self.summary.indicators[code], unit, season, months, year)

    def rows_of(self, indicator: Indicator, unit=None, season="", months=(1, 12), year=None) -> str:
        year, (first, last) = year or self.year, months
        last = min(last, self.period.month)
        return rows_url(indicator, unit or self.unit, date(year, first, 1), date(year, last, 1), season)

    @cached_property
    def drawings(self) -> list[Drawing]:
        return drawings_of(self)


def _plan_elsewhere(user, plan_id) -> Plan:
    """The plan one comes from, which does not bind the unit or the year one turns to."""
    return get_object_or_404(Plan.objects.for_user(user).standing().select_related("kind"), pk=plan_id)


@cache
def _own_address() -> str:
    """Looked up once: the page names it for each of its units."""
    return reverse("reports:dashboard")
