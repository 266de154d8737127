"""What a leader has to look at: targets behind, reports late, houses stuck, funds low, duplicates open.

Each is counted and listed from the same rows, those the user may see of a unit with all under it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import F, Model, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from beneficiaries.houses.stages import date_field
from beneficiaries.models import DuplicateCase, Fund, House
from programs.models import UnitReport
from reports.rows.views import Narrow, asked_unit, listed
from welfare.site import page, render_page
from welfare.units.models import Unit, today

SHOWN = 3


@dataclass(frozen=True)
class Concern:
    """``name`` stands in the address; ``rows(user, unit)``, the worst first; ``columns`` as a ``Listing`` has them.

    ``related`` is what the columns read beside the row itself; ``brief`` are the only fields that the first two read.
    """

    name: str
    title: str
    noun: str
    permission: str
    icon: str
    model: type[Model]
    rows: Callable[[object, Unit], QuerySet]
    related: tuple[str, ...]
    brief: tuple[str, ...]
    opens: Callable
    columns: tuple[tuple[str, Callable], ...]
    may_be_named: bool = True  # on paper, which is handed on; not people


def _late_reports(user, unit):
    return _under(unit, UnitReport.objects.for_user(user).late()).order_by("due_on", "unit__path", "pk")


def _stuck_houses(user, unit):
    return _under(unit, House.objects.for_user(user).late()).order_by("proposed_on", "pk")


def _low_funds(user, unit):
    funds = Fund.objects.for_user(user).filter(is_open=True, balance__lt=F("low_mark"))
    return _under(unit, funds).order_by("balance", "pk")


def _under(unit, rows):
    """All rows are under the province."""
    return rows.filter(unit__path__startswith=unit.path) if unit.depth > 1 else rows


def _open_duplicates(user, unit):
    """Below the province those wholly of the unit's own, as scope has it."""
    cases = DuplicateCase.objects.for_user(user).waiting()
    if unit.depth > 1:
        cases = cases.filter(Q(first__unit__path__startswith=unit.path) | Q(second__unit__path__startswith=unit.path))
    return cases.order_by("-score", "-pk")


def _days(since) -> int:
    return (today() - since).days if since else 0


CONCERNS = {
    concern.name: concern
    for concern in (
        Concern(
            "bao-cao-cham", "Báo cáo quá hạn", "báo cáo", "programs.view_unitreport", "running_with_errors",
            UnitReport,
            _late_reports,
            ("unit", "department", "period__rule"),
            ("unit__short_name", "department__name", "period__name", "period__rule__name"),
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
            House,
            _stuck_houses,
            ("unit", "person", "household", "host"),
            (
                "unit__short_name", "person__full_name", "person__birth_year", "household__head_name",
                "host__name", "host__short_name",
            ),
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
            Fund,
            _low_funds,
            ("unit",),
            ("name", "unit__short_name"),
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
            DuplicateCase,
            _open_duplicates,
            ("first__unit", "second__unit"),
            (
                "first__full_name", "first__birth_year", "first__unit__short_name",
                "second__full_name", "second__birth_year", "second__unit__short_name",
            ),
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
    """One concern at one unit: how many rows, and the ids of the worst of them."""

    concern: Concern
    unit: Unit
    count: int
    first: list[int]

    @property
    def url(self) -> str:
        return f"{reverse('reports:red_rows', args=[self.concern.name])}?{urlencode({'unit': self.unit.pk})}"

    @cached_property
    def worst(self) -> list[tuple[str, str, str]]:
        """(what, where it stands, address) of the first few."""
        (_, what), (_, where), *_ = self.concern.columns
        rows = self.concern.model.objects.select_related(*self.concern.related).only(*self.concern.brief)
        found = rows.in_bulk(self.first)
        return [(what(found[pk]), str(where(found[pk])), self.concern.opens(found[pk])) for pk in self.first]

    @property
    def rest(self) -> int:
        return self.count - len(self.first)


def red_lines(user, unit: Unit) -> list[RedLine]:
    """Those with anything in them, as far as the user may read the rows."""
    seen = [concern for concern in CONCERNS.values() if user.has_perm(concern.permission)]
    return [line for concern in seen if (line := _red_line(concern, user, unit)).count]


def _red_line(concern, user, unit):
    rows = concern.rows(user, unit)
    first = list(rows.values_list("pk", flat=True)[:SHOWN])
    return RedLine(concern, unit, rows.order_by().count() if len(first) == SHOWN else len(first), first)


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
    context = {
        "title": concern.title,
        "unit": unit,
        "concern": concern,
        **listed(request, Narrow(rows.select_related(*concern.related)), concern),
    }
    return render_page(request, "reports/red_rows.html", context)
