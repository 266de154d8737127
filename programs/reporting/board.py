"""What a receiver follows: who owes a report, who sent it, who is late."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, ExtractYear

from programs.reporting.consolidation import Tally, tally
from programs.reporting.models import UnitReport
from programs.reporting.parts import Extension, ReportFigure
from programs.reporting.reminders import text_of
from programs.reporting.rules import ReportingPeriod
from programs.targets.models import Indicator
from welfare.asked import whole_number
from welfare.units.models import Unit, today
from welfare.vietnamese import fold

PER_PAGE = 50
ALL_PERIODS = "moi-ky"
KEPT = "phu-trach"
_STATE = UnitReport.State
_IN_ORDER_OF_WORK = [_STATE.SUBMITTED, _STATE.RETURNED, _STATE.DRAFT, _STATE.ACCEPTED]


def _late():
    return Q(state__in=[_STATE.DRAFT, _STATE.RETURNED], due_on__lt=today())


@dataclass(frozen=True)
class Standing:
    """One way to narrow the board: its name in the address, its words, how many a tally counts, which rows."""

    name: str
    title: str
    counted: str
    rows: Q
    count: int = 0


def standings() -> list[Standing]:
    sent = [_STATE.SUBMITTED, _STATE.ACCEPTED]
    return [
        Standing("", "Phải gửi", "owed", Q()),
        Standing("da-gui", "Đã gửi", "sent", Q(state__in=sent)),
        Standing("cho-duyet", "Chờ duyệt", "submitted", Q(state=_STATE.SUBMITTED)),
        Standing("da-duyet", "Đã duyệt", "accepted", Q(state=_STATE.ACCEPTED)),
        Standing("tra-lai", "Trả lại", "returned", Q(state=_STATE.RETURNED)),
        Standing("chua-gui", "Chưa gửi", "draft", Q(state=_STATE.DRAFT)),
        Standing("tre", "Quá hạn còn nợ", "late", _late()),
    ]


class Judging:
    """What ``user`` may do about one report now."""

    def __init__(self, user, report: UnitReport, *, extender=None):
        """``extender``: the user as ``only_with`` narrows it, where many rows are looked at."""
        judges = report.may_be_judged_by(user)
        is_sent = judges and report.state == _STATE.SUBMITTED
        self.is_own = is_sent and report.submitted_by_id == user.pk
        self.may_accept = self.may_send_back = is_sent and not self.is_own
        self.may_reopen = judges and report.state == _STATE.ACCEPTED
        self.may_extend = report.is_editable and report.may_be_extended_by(extender or user)

    def __bool__(self):
        return any((self.is_own, self.may_accept, self.may_reopen, self.may_extend))


@dataclass(frozen=True)
class Row:
    """A report on the board. ``stated`` of ``asked`` lines have a figure; what the ledger counts fills itself."""

    report: UnitReport
    judging: Judging
    stated: int
    asked: int

    @property
    def days_late(self) -> int:
        return self.report.days_late()

    @property
    def message(self) -> str:
        """To be sent by phone; empty where nobody need be reminded."""
        return text_of(self.report) if self.report.is_editable and self.report.due_on < today() else ""


def rows_of(user, reports) -> list[Row]:
    """Two queries however many: the reports, their figures counted."""
    extended = Extension.objects.filter(report=OuterRef("pk"))
    related = ("unit", "department", "receiver", "period__rule")
    judge, extender = (user.only_with(f"programs.{verb}_unitreport") for verb in ("accept", "extend"))
    reports = list(reports.annotate(is_extended=Exists(extended)).select_related(*related))
    stated = Q(value__isnull=False) | Q(denominator__isnull=False) | Q(indicator__source=Indicator.Source.COUNTED)
    counts = (
        ReportFigure.objects.filter(report__in=[report.pk for report in reports]).order_by()
        .values_list("report_id").annotate(stated=Count("pk", filter=stated), asked=Count("pk"))
    )  # fmt: skip
    by_report = {report_id: counted for report_id, *counted in counts}
    return [
        Row(report, Judging(judge, report, extender=extender), *by_report.get(report.pk, (0, 0))) for report in reports
    ]


def _by_lateness(reports):
    """By the days from the deadline to when it was sent, or to today."""
    behind = Coalesce("first_submitted_on", Value(today())) - F("due_on")
    return reports.order_by(ExpressionWrapper(behind, output_field=DurationField()).desc(), "unit__path", "pk")


def _by_state(reports):
    places = [When(state=state, then=place) for place, state in enumerate(_IN_ORDER_OF_WORK)]
    return reports.order_by(Case(*places), "due_on", "unit__path", "pk")


ORDERS = {
    "": ("Theo đơn vị", lambda reports: reports.order_by("unit__path", "department__name", "due_on", "pk")),
    "trang-thai": ("Theo trạng thái", _by_state),
    "tre": ("Trễ nhiều trước", _by_lateness),
}


def _periods():
    return ReportingPeriod.objects.select_related("rule__plan__kind", "rule__plan__unit")


class Board:
    """One period's reports, or all of a year's, as ``user`` follows them. A fixed number of queries.

    ``asked``: ``nam`` year, ``ky`` period or ALL_PERIODS, ``loai`` standing, ``tim`` words of a unit's name, ``cua``
    KEPT for the units the user keeps, ``xep`` order, ``p`` page.
    """

    def __init__(self, user, asked: dict):
        self.user, self.asked = user, asked
        self.coming = UnitReport.objects.coming_to(user)
        self.only_kept = bool(user.kept_unit_ids) and (asked.get("cua") == KEPT or not asked)
        self.words = fold(asked.get("tim", "")[:80]).split()
        self.order = asked.get("xep") if asked.get("xep") in ORDERS else ""

    # What may be picked -----------------------------------------------------------------------------

    @cached_property
    def years(self) -> list[int]:
        years = self.coming.order_by().annotate(year=ExtractYear("due_on")).values_list("year", flat=True)
        return sorted(set(years.distinct()), reverse=True)

    @cached_property
    def year(self) -> int | None:
        """The year asked for, or that of the period asked for; None for all periods of all years."""
        asked = self.asked.get("nam", "")
        if asked in map(str, self.years):
            return int(asked)
        if self.asked.get("ky") == ALL_PERIODS:
            return None
        if self._asked_period:
            return self._asked_period.due_on.year
        return min(self.years, key=lambda year: abs(year - today().year), default=today().year)

    @cached_property
    def periods(self) -> list[ReportingPeriod]:
        owed = self._of_the_year().order_by().values("period_id")
        return list(_periods().filter(pk__in=owed).order_by("rule__plan", "rule", "-due_on", "-pk"))

    @cached_property
    def period(self) -> ReportingPeriod | None:
        """The one asked for; else the one whose deadline is nearest to today. None for all periods."""
        if self.asked.get("ky") == ALL_PERIODS:
            return None
        if self._asked_period and self._asked_period.due_on.year == self.year:
            return self._asked_period
        return min(self.periods, key=lambda period: abs((period.due_on - today()).days), default=None)

    @cached_property
    def _asked_period(self) -> ReportingPeriod | None:
        asked = whole_number(self.asked.get("ky"))
        if asked is None:
            return None
        return _periods().filter(pk__in=self.coming.order_by().values("period_id"), pk=asked).first()

    # Rows -------------------------------------------------------------------------------------------

    @cached_property
    def reports(self):
        """Of the picked period and units, however they stand."""
        reports = self.coming.filter(period=self.period) if self.period else self._of_the_year()
        if self.only_kept:
            units = Unit.objects.filter(pk__in=self.user.kept_unit_ids)
            reports = reports.filter(unit__in=set().union(*(unit.subtree_ids() for unit in units)))
        return reports.filter(unit__in=self._named()) if self.words else reports

    def _of_the_year(self):
        return self.coming.filter(due_on__year=self.year) if self.year else self.coming

    def _named(self) -> list[int]:
        """Units whose name holds every word, accents aside."""
        units = Unit.objects.filter(pk__in=self.coming.order_by().values("unit_id")).values_list(
            "pk", "name", "short_name"
        )
        return [
            unit_id for unit_id, *names in units if all(word in fold(" ".join(names)) for word in self.words)
        ]  # fmt: skip

    @cached_property
    def tally(self) -> Tally:
        return tally(self.reports)

    @cached_property
    def standings(self) -> list[Standing]:
        return [replace(each, count=getattr(self.tally, each.counted)) for each in standings()]

    @cached_property
    def standing(self) -> Standing:
        return next((each for each in self.standings if each.name == self.asked.get("loai")), self.standings[0])

    @cached_property
    def page(self) -> Page:
        _, ordered = ORDERS[self.order]
        paginator = Paginator(ordered(self.reports.filter(self.standing.rows)), PER_PAGE)
        paginator.count = self.standing.count
        return paginator.get_page(self.asked.get("p"))

    @cached_property
    def rows(self) -> list[Row]:
        return rows_of(self.user, self.page.object_list)
