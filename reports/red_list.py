"""What a leader has to look at: targets behind, reports late, houses stuck, funds low, duplicates open.

Each is counted and listed from the same rows, those the user may see of a unit with all under it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet, Window
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from beneficiaries.houses.stages import date_field
from beneficiaries.models import DuplicateCase, Fund, House
from programs.models import UnitReport
from reports.row_pages import Narrow, asked_unit, listed
from welfare.site import page, render_page
from welfare.units.models import Unit, today

SHOWN = 3


@dataclass(frozen=True)
class Concern:
    """``name`` stands in the address; ``rows(user, unit)``, the worst first; ``columns`` as a ``Listing`` has them."""

    name: str
    title: str
    noun: str
    permission: str
    icon: str
    rows: Callable[[object, Unit], QuerySet]
    opens: Callable
    columns: tuple[tuple[str, Callable], ...]
    may_be_named: bool = True  # on paper, which is handed on; not people


def _late_reports(user, unit):
    reports = _under(unit, UnitReport.objects.for_user(user).late())
    return reports.select_related("unit", "department", "period__rule__plan").order_by("due_on", "unit__path", "pk")


def _stuck_houses(user, unit):
    houses = _under(unit, House.objects.for_user(user).late())
    return houses.select_related("unit", "kind", "person", "household", "host").order_by("proposed_on", "pk")


def _low_funds(user, unit):
    funds = Fund.objects.for_user(user).filter(is_open=True, balance__lt=F("low_mark"))
    return _under(unit, funds).select_related("unit").order_by("balance", "pk")


def _under(unit, rows):
    """All rows are under the province."""
    return rows.filter(unit__path__startswith=unit.path) if unit.depth > 1 else rows


def _open_duplicates(user, unit):
    """Below the province those wholly of the unit's own, as scope has it; pairs of merged rows wait for nobody."""
    cases = DuplicateCase.objects.for_user(user).filter(state=DuplicateCase.State.OPEN)
    for side in ("first", "second"):
        cases = cases.exclude(**{f"{side}__state__in": ["merged", "erased"]})
    if unit.depth > 1:
        cases = cases.filter(Q(first__unit__path__startswith=unit.path) | Q(second__unit__path__startswith=unit.path))
    return cases.select_related("first__unit", "second__unit").order_by("-score", "-pk")


def _days(since) -> int:
    return (today() - since).days if since else 0


CONCERNS = {
    concern.name: concern
    for concern in (
        Concern(
            "bao-cao-cham", "Báo cáo quá hạn", "báo cáo", "programs.view_unitreport", "running_with_errors",
            _late_reports,
            lambda row: reverse("programs:report", args=[row.pk]),
            (
                ("Đơn vị", lambda row: str(row.department or row.unit.short_name)),
                ("Kỳ báo cáo", lambda row: str(row.period)),
                ("Hạn gửi", lambda row: row.due_on),
                ("Quá hạn (ngày)", lambda row: _days(row.due_on)),
                ("Trạng thái", lambda row: row.get_state_display()),
            ),
        ),
        Concern(
            "nha-cham", "Nhà đứng lại quá hạn", "nhà", "beneficiaries.view_house", "home_work",
            _stuck_houses,
            lambda row: reverse("admin:beneficiaries_house_change", args=[row.pk]),
            (
                ("Nhà của", lambda row: row.recipient),
                ("Đơn vị", lambda row: row.unit.short_name),
                ("Đang ở bước", lambda row: row.get_state_display()),
                ("Từ ngày", lambda row: getattr(row, date_field(row.state))),
                ("Đã chờ (ngày)", lambda row: row.days_waiting),
                ("Kinh phí (đồng)", lambda row: row.cost),
            ),
            may_be_named=False,
        ),
        Concern(
            "quy-thap", "Quỹ sắp hết tiền", "quỹ", "beneficiaries.view_fund", "money_off",
            _low_funds,
            lambda row: reverse("admin:beneficiaries_fund_change", args=[row.pk]),
            (
                ("Quỹ", lambda row: row.name),
                ("Đơn vị", lambda row: row.unit.short_name),
                ("Số dư (đồng)", lambda row: row.balance),
                ("Mức báo (đồng)", lambda row: row.low_mark),
            ),
        ),
        Concern(
            "nghi-trung", "Nghi trùng chờ kết luận", "cặp", "beneficiaries.view_duplicatecase", "compare_arrows",
            _open_duplicates,
            lambda row: reverse("beneficiaries:duplicate", args=[row.pk]),
            (
                ("Hai người", str),
                ("Đơn vị", lambda row: " – ".join(dict.fromkeys([str(row.first.unit), str(row.second.unit)]))),
                ("Lý do", lambda row: row.get_reason_display()),
                ("Phát hiện", lambda row: timezone.localdate(row.found_at)),
            ),
            may_be_named=False,
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class RedLine:
    """One concern at one unit: how many, and the worst of them, which only their page reads whole."""

    concern: Concern
    unit: Unit
    rows: QuerySet
    count: int
    first: list[int]

    @property
    def url(self) -> str:
        return f"{reverse('reports:red_rows', args=[self.concern.name])}?{urlencode({'unit': self.unit.pk})}"

    @cached_property
    def worst(self) -> list[tuple[str, str, str]]:
        """(what, where it stands, address) of the first few."""
        (_, name), *others = self.concern.columns
        return [
            (name(row), str(others[0][1](row)), self.concern.opens(row)) for row in self.rows.filter(pk__in=self.first)
        ]

    @property
    def rest(self) -> int:
        return self.count - len(self.worst)


def red_lines(user, unit: Unit) -> list[RedLine]:
    """Those with anything in them, as far as the user may read the rows."""
    seen = [concern for concern in CONCERNS.values() if user.has_perm(concern.permission)]
    return [line for concern in seen if (line := _red_line(concern, user, unit)).count]


def _red_line(concern, user, unit):
    """Counted and put in order at once, as the database goes through all of them for either."""
    rows = concern.rows(user, unit)
    first = list(rows.annotate(all=Window(Count("pk"))).values_list("pk", "all")[:SHOWN])
    return RedLine(concern, unit, rows, first[0][1] if first else 0, [pk for pk, _ in first])


@page(permission="programs.view_actual")
def red_rows(request, kind):
    """All rows of one concern; ``?unit=`` as on the dashboard."""
    concern = CONCERNS.get(kind)
    if concern is None:
        raise Http404
    if not request.user.has_perm(concern.permission):
        raise PermissionDenied
    unit = asked_unit(request)
    rows = concern.rows(request.user, unit)
    context = {"title": concern.title, "unit": unit, "concern": concern, **listed(request, Narrow(rows), concern)}
    return render_page(request, "reports/red_rows.html", context)
