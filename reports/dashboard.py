"""The leaders' first page: how the plans stand and what was done, at one unit and by the units under it."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from html import escape
from typing import NamedTuple

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from beneficiaries.houses.stages import WAY
from programs.models import Indicator, Plan, Target, TargetShare
from programs.targets.figures import RULE, Figure, Status, figures_by_unit
from reports.helped import NOTE, for_paper, helped_by_kind
from reports.period import Period, asked_period, months_of, years
from reports.period import number as asked_number
from reports.red_list import red_lines
from reports.row_pages import asked_unit
from reports.rows import rows_url, target_rows_url
from reports.subscriptions.models import Subscription
from reports.summary import CODES, MONEY, SHARE, STANDING, Amount, Summary, unit_above
from welfare.documents.charts import Series, bar_chart, figure
from welfare.site import page, render_page
from welfare.templatetags.vietnamese_format import number, percent
from welfare.units.models import Unit, today
from welfare.vietnamese import fold

UNITS_SHOWN, UNITS_DRAWN = 60, 15
_MILLION = 1_000_000
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


@dataclass(frozen=True)
class Drawing:
    """A chart, its figures as a table with the same links, and what must be said of it."""

    title: str
    categories: list[str]
    series: list[Series]
    unit_of_measure: str
    note: str = ""

    @property
    def svg(self) -> str:
        return bar_chart(self.title, self.categories, self.series, unit=self.unit_of_measure)

    @property
    def rows(self) -> SafeString:
        """The rows of the table: hundreds of cells, over which the template language takes ten times as long."""
        return SafeString(
            "\n".join(f"<tr><td>{escape(name)}</td>{self._cells(n)}</tr>" for n, name in enumerate(self.categories))
        )

    def _cells(self, n) -> str:
        return "".join(f'<td class="wf-num">{self._cell(one, n)}</td>' for one in self.series)

    def _cell(self, one, n) -> str:
        text, url = figure(one.values[n]), one.links[n] if n < len(one.links) else ""
        return f'<a href="{escape(url)}">{text}</a>' if url else text

    @property
    def has_anything(self) -> bool:
        return any(value is None or value for one in self.series for value in one.values)


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
        self.is_meeting = is_meeting
        self.hides_few = for_print or not user.has_perm("beneficiaries.view_hardship")
        plans = Plan.objects.for_user(user).binding(unit).standing().in_year(self.year)
        self.plans = list(plans.select_related("kind"))
        self.plan = next((plan for plan in self.plans if plan.pk == plan_id), None)
        if plan_id and self.plan is None:
            raise Http404
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
        name = unit.short_name if unit.is_open() else f"{unit.short_name} (đã đóng)"
        return UnitRow(name, self.address(unit=unit.pk), cells)

    @property
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
        return self._rows_url(self.summary.indicators[code], unit, season, months, year)

    def _rows_url(self, indicator: Indicator, unit=None, season="", months=(1, 12), year=None) -> str:
        year, (first, last) = year or self.year, months
        last = min(last, self.period.month)
        return rows_url(indicator, unit or self.unit, date(year, first, 1), date(year, last, 1), season)

    @cached_property
    def drawings(self) -> list[Drawing]:
        drawn = [self._months("support_money", "Tiền hỗ trợ theo tháng"), self._units(), self._houses(), self._helped()]
        if self.user.has_perm("beneficiaries.view_fundentry"):
            drawn.insert(1, self._money())
        return [drawing for drawing in drawn if drawing.has_anything]

    @property
    def _both_years(self):
        return self.year, self.year - 1

    def _months(self, code, title) -> Drawing:
        series = [self._by_month(code, f"Năm {year}", year) for year in self._both_years]
        return Drawing(title, self._names_of_months, series, "triệu đồng")

    def _money(self) -> Drawing:
        series = [
            self._by_month(code, name, self.year) for code, name in zip(MONEY, ("Thu vào", "Chi ra"), strict=True)
        ]
        return Drawing(
            f"Tiền thu, chi của các quỹ, năm {self.year}", self._names_of_months, series, "triệu đồng",
            "Kể cả tiền chuyển giữa các quỹ; không kể số dư đầu kỳ.",
        )  # fmt: skip

    @property
    def _names_of_months(self):
        return [f"Tháng {month}" for month in range(1, self.period.month + 1)]

    def _by_month(self, code, name, year) -> Series:
        values, months = self.summary.by_month(code, year), range(1, self.period.month + 1)
        links = [self.url(code, months=(month, month), year=year) for month in months]
        return Series(name, [values[month - 1] / _MILLION for month in months], links)

    def _units(self) -> Drawing:
        """The largest, where there are many."""
        money = [(self.summary.of(unit, "support_money").value / _MILLION, unit) for unit in self.summary.children]
        if len(money) > UNITS_DRAWN:
            money = sorted(money, key=lambda pair: pair[0], reverse=True)[:UNITS_DRAWN]
        series = Series("Tiền hỗ trợ", [value for value, _ in money], [self.url("support_money", u) for _, u in money])
        note = f"{UNITS_DRAWN} đơn vị có số tiền lớn nhất." if len(self.summary.children) > UNITS_DRAWN else ""
        title = f"Tiền hỗ trợ theo đơn vị, năm {self.year}"
        return Drawing(title, [unit.short_name for _, unit in money], [series], "triệu đồng", note)

    def _houses(self) -> Drawing:
        """Where each house stood at the period's end, and at the same day a year before."""
        series = [
            Series(
                f"Năm {year}", [self.summary.standing.get((code, year), 0) for code in STANDING],
                [self.url(code, year=year) for code in STANDING],
            )
            for year in self._both_years
        ]  # fmt: skip
        return Drawing("Nhà Mái ấm đang ở từng bước", [state.label for state in WAY], series, "nhà")

    def _helped(self) -> Drawing:
        kinds = helped_by_kind(self.unit, self.summary.last_month, hides_few=self.hides_few)
        series = [
            Series(
                f"Năm {year}", [getattr(kind, name) for kind in kinds],
                ["" if getattr(kind, name) is None else self._rows_url(kind.indicator, year=year) for kind in kinds],
            )
            for year, name in zip(self._both_years, ("value", "before"), strict=True)
        ]  # fmt: skip
        note = "Người có nhiều hoàn cảnh được tính ở mỗi hoàn cảnh."
        if any(value is None for one in series for value in one.values):
            note = f"{note} {NOTE}"
        return Drawing("Người được hỗ trợ theo hoàn cảnh", [kind.name for kind in kinds], series, "người", note)


@cache
def _own_address() -> str:
    """Looked up once: the page names it for each of its units."""
    return reverse("reports:dashboard")


@page(permission="programs.view_actual")
def dashboard(request):
    """``?nam=`` year, ``den=`` last month, ``ke-hoach=`` plan (default all in force that year), ``unit=``, ``xep=`` sort
    of units, ``tim=`` part of their names, ``p=`` page of them, ``hop=1`` in large type for a meeting.
    """
    board = Board(
        request.user, asked_unit(request), asked_period(request.GET), asked_number(request.GET.get("ke-hoach")),
        is_meeting=request.GET.get("hop") == "1",
    )  # fmt: skip
    order, parent = request.GET.get("xep", ""), _parent(request.user, board.unit)
    name = request.GET.get("tim", "").strip()[:80]
    units = Paginator(board.units(order, name), UNITS_SHOWN).get_page(request.GET.get("p"))
    context = {
        "title": "Tổng quan",
        "board": board,
        "units": units,
        "unit_rows": board.unit_rows(units),
        "unit_name": name,
        "is_searched": len(board.summary.children) > UNITS_SHOWN,
        "headers": board.headers(order, name),
        "order": order,
        "years": years(),
        "months": months_of(board.year),
        "parent": parent,
        "parent_url": board.address(unit=parent.pk) if parent else "",
        "rule": RULE,
        "today": today(),
        "subscription": Subscription.objects.for_user(request.user).filter(is_active=True).first(),
    }
    return render_page(request, "reports/dashboard.html", context)


@page(permission="programs.view_actual")
def target_parts(request, target_id):
    """What opens below a target of the dashboard: its units, asked for like the dashboard itself."""
    board = Board(request.user, asked_unit(request), asked_period(request.GET))
    target = get_object_or_404(Target.objects.select_related("plan", "indicator"), pk=target_id, plan__in=board.plans)
    return render(request, "reports/target_parts.html", {"parts": board.parts_of(target)})


def _parent(user, unit):
    """Where one came from: the unit above, or the one in reach that took a closed unit over."""
    above = [unit_above(unit), *unit.successors.all()]
    return next((each for each in above if each and user.reach.covers(each.pk)), None)
