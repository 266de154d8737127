"""The reports of a period put together on one page, and the units' figures behind each line."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from programs.reporting.consolidation import Line, consolidate, narratives, over_periods, proposals_by_addressee, tally
from programs.reporting.models import UnitReport
from programs.reporting.parts import ReportFigure
from programs.reporting.proposals import Proposal
from programs.reporting.rules import ReportingPeriod
from programs.targets.models import Indicator
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.verbs import VerbForm
from welfare.vietnamese import within

PER_PAGE = 50


@dataclass(frozen=True)
class Comparison:
    """An indicator in a period, beside the period before it; ``by_period`` and ``year`` for a whole year."""

    indicator: Indicator
    line: Line | None
    before: Line | None
    by_period: list[tuple[ReportingPeriod, Line | None]]
    year: Line | None


class Consolidated:
    """What ``user`` may read of the reports of a period, or of all the rule's periods that end in its year."""

    def __init__(self, user, period: ReportingPeriod, *, whole_year: bool = False):
        self.user, self.period, self.whole_year = user, period, whole_year
        self.coming = UnitReport.objects.coming_to(user)
        self.reports = self.coming.filter(period__in=self.periods if whole_year else [period])

    @property
    def title(self) -> str:
        """ "Báo cáo quý II/2026", or "Báo cáo quý năm 2026" of the whole year."""
        year = f"{self.period.rule.name.removesuffix(' năm')} năm {self.period.last_day.year}"
        return year if self.whole_year else str(self.period)

    @cached_property
    def periods(self) -> list[ReportingPeriod]:
        """Of the year, in order."""
        same_rule = ReportingPeriod.objects.filter(rule=self.period.rule_id)
        return list(same_rule.filter(last_day__year=self.period.last_day.year).order_by("last_day", "pk"))

    @cached_property
    def has_several(self) -> bool:
        return len(self.periods) > 1

    @cached_property
    def before(self) -> ReportingPeriod | None:
        earlier = ReportingPeriod.objects.filter(rule=self.period.rule_id, last_day__lt=self.period.last_day)
        return earlier.order_by("-last_day", "-pk").first()

    @cached_property
    def upward(self) -> UnitReport | None:
        """The user's own unit's report on the same plan that covers these days: its reported figures start from here."""
        own = UnitReport.objects.written_by(self.user).filter(
            department=None, period__rule__plan=self.period.rule.plan_id,
            first_day__lte=self.period.first_day, last_day__gte=self.period.last_day,
        )  # fmt: skip
        related = ("unit", "department", "period__rule")
        return own.exclude(period=self.period).select_related(*related).order_by("last_day", "pk").first()

    @cached_property
    def rows(self) -> list[Comparison]:
        shown = [period for period in (*self.periods, self.before) if period]
        lines = {
            period_id: {line.indicator: line for line in added}
            for period_id, added in consolidate(self.coming.filter(period__in=shown)).items()
        }
        wanted = self.periods if self.whole_year else [self.period]
        indicators = dict.fromkeys(line for period in wanted for line in lines.get(period.pk, {}))
        return [self._row(indicator, lines) for indicator in indicators]

    def _row(self, indicator, lines) -> Comparison:
        by_period = [(period, lines.get(period.pk, {}).get(indicator)) for period in self.periods]
        this, before = (
            lines.get(period.pk, {}).get(indicator) if period else None for period in (self.period, self.before)
        )
        year = over_periods([line for _, line in by_period]) if self.whole_year else None
        return Comparison(indicator, this, before, by_period, year)

    @cached_property
    def tally(self):
        return tally(self.reports)

    @cached_property
    def narratives(self) -> list[UnitReport]:
        return narratives(self.reports)

    @cached_property
    def proposals(self) -> list[tuple[str, list[Proposal]]]:
        return proposals_by_addressee(self.reports)

    @cached_property
    def missing(self) -> list[UnitReport]:
        """Not accepted yet, the latest first."""
        others = self.reports.exclude(state=UnitReport.State.ACCEPTED)
        return list(others.select_related("unit", "department", "period__rule").order_by("due_on", "unit__path", "pk"))


@page(permission="programs.view_unitreport")
def report_consolidated(request, period_id):
    """``?ca-nam=1`` puts all periods of the rule's year beside each other."""
    period = period_seen_by(request.user, period_id)
    whole_year = request.GET.get("ca-nam") == "1"
    found = Consolidated(request.user, period, whole_year=whole_year)
    context = {
        "title": f"Tổng hợp {within(found.title)}",
        "tab": "consolidated",
        "period": period,
        "found": found,
        "may_answer": request.user.has_perm("programs.answer_proposal"),
    }
    return render_page(request, "programs/report_consolidated.html", context)


def period_seen_by(user, period_id) -> ReportingPeriod:
    """Raises ``Http404`` for a period of a plan that is out of this user's sight."""
    related = ("rule__plan__kind", "rule__plan__unit", "rule__to_department")
    return get_object_or_404(ReportingPeriod.objects.for_user(user).select_related(*related), pk=period_id)


@page(permission="programs.view_unitreport")
def consolidated_figure(request, period_id, indicator_id):
    """What each unit stated for one indicator, accepted or not, beside what the ledger says."""
    period = period_seen_by(request.user, period_id)
    indicator = get_object_or_404(Indicator, pk=indicator_id)
    figures = figures_of(request.user, [period]).filter(indicator=indicator)
    context = {
        "title": indicator.name,
        "subtitle": str(period),
        "period": period,
        "indicator": indicator,
        "page": Paginator(figures, PER_PAGE).get_page(request.GET.get("p")),
    }
    return render_page(request, "programs/consolidated_figure.html", context)


def figures_of(user, periods: Iterable[ReportingPeriod]):
    """Figures of the units' sent reports, in the order of the tree."""
    sent = [UnitReport.State.SUBMITTED, UnitReport.State.ACCEPTED]
    reports = UnitReport.objects.coming_to(user).filter(period__in=periods, department=None, state__in=sent)
    figures = ReportFigure.objects.filter(report__in=reports).select_related("indicator", "report__unit")
    return figures.order_by("report__unit__path", "report_id", "order", "pk")


# Answers --------------------------------------------------------------------------------------------


class AnswerForm(VerbForm):
    answer = forms.CharField(label="Trả lời", max_length=2000, widget=forms.Textarea)


@page(permission="programs.answer_proposal", methods=("POST",))
def report_answer(request, proposal_id):
    """Beside the proposal on the page, so that answers begun to others stay as typed."""
    proposals = Proposal.objects.for_user(request.user).raised().select_related("unit")
    proposal = get_object_or_404(proposals, pk=proposal_id)
    form = AnswerForm(request.POST, user=request.user, row=proposal)
    refusal = _answer(request.user, proposal, form)
    if request.htmx:
        context = {
            "proposal": proposal,
            "refusal": refusal,
            "typed": request.POST.get("answer", ""),
            "may_answer": True,
        }
        return render_page(request, "programs/report_proposal.html", context)
    messages.error(request, refusal) if refusal else messages.success(
        request, "Đã ghi câu trả lời; đơn vị nhìn thấy ngay."
    )
    back = proposal.report.period_id if proposal.report_id else None
    return redirect(reverse("programs:report_consolidated", args=[back]) if back else "programs:report_board")


def _answer(user, proposal, form) -> str:
    if not form.is_valid():
        return " ".join(form.errors.get("answer", []))
    try:
        proposal.reply(user, answer=form.cleaned_data["answer"])
    except Refused as refusal:
        return str(refusal)
    return ""
