"""Many reports put together: what they state in all, who sent and who didn't, what they ask for."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import ExtractYear

from programs.reporting.models import ReportFigure, UnitReport, rate
from programs.reporting.proposals import Proposal
from programs.reporting.rules import ReportingPeriod
from programs.targets.models import Indicator
from welfare.units.models import Unit, today


@dataclass(frozen=True)
class Line:
    """An indicator over all accepted reports: the sum, or the rate of sums, of ``units`` that stated it."""

    indicator: Indicator
    value: object
    numerator: object
    denominator: object
    units: int


def consolidate(periods: list[ReportingPeriod], receiver: Unit | None) -> dict[int, list[Line]]:
    """{period id: lines in the order of the reports}, of what ``receiver`` has accepted. Two queries however many."""
    figures = ReportFigure.objects.filter(
        report__period__in=periods, report__receiver=receiver, report__state=UnitReport.State.ACCEPTED,
        report__department=None,
    )  # fmt: skip
    added = (
        figures.order_by().values("report__period_id", "indicator_id")
        .annotate(Sum("value"), Sum("numerator"), Sum("denominator"), units=Count("pk", filter=_STATED))
    )  # fmt: skip
    added = list(added)
    indicators = Indicator.objects.in_bulk({row["indicator_id"] for row in added})
    lines = defaultdict(list)
    for row in sorted(added, key=lambda row: row["indicator_id"]):
        lines[row["report__period_id"]].append(_line(indicators[row["indicator_id"]], row))
    return dict(lines)


_STATED = Q(value__isnull=False) | Q(denominator__isnull=False)


def _line(indicator, row) -> Line:
    numerator, denominator = row["numerator__sum"], row["denominator__sum"]
    value = rate(numerator, denominator) if indicator.is_ratio else row["value__sum"]
    return Line(indicator, value, numerator, denominator, row["units"])


@dataclass(frozen=True)
class Tally:
    """How many of the reports owed stand where. ``late``: past their deadline and not with the receiver now;
    ``late_in_all``: sent after it, or past it and never sent."""

    owed: int
    accepted: int
    submitted: int
    returned: int
    draft: int
    late: int
    on_time: int
    late_in_all: int

    @property
    def sent(self) -> int:
        return self.accepted + self.submitted

    @property
    def on_time_rate(self):
        """Of those whose deadline is over or who have sent."""
        judged = self.on_time + self.late_in_all
        return round(100 * self.on_time / judged) if judged else None


_STATES = UnitReport.State
_UNSENT = Q(state__in=[_STATES.DRAFT, _STATES.RETURNED], first_submitted_on=None)


def _tallies(on: date) -> dict:
    in_time = Q(first_submitted_on__lte=F("due_on"))
    overdue = _UNSENT & Q(due_on__lt=on)
    return {
        "owed": Count("pk"),
        **{state: Count("pk", filter=Q(state=state)) for state in ("accepted", "submitted", "returned", "draft")},
        "late": Count("pk", filter=Q(state__in=[_STATES.DRAFT, _STATES.RETURNED], due_on__lt=on)),
        "on_time": Count("pk", filter=in_time),
        "late_in_all": Count("pk", filter=overdue | Q(first_submitted_on__gt=F("due_on"))),
    }


def tally(reports, on: date | None = None) -> Tally:
    return Tally(**reports.order_by().aggregate(**_tallies(on or today())))


def tally_by_period(reports, on: date | None = None) -> dict[int, Tally]:
    rows = reports.order_by().values("period_id").annotate(**_tallies(on or today()))
    return {row.pop("period_id"): Tally(**row) for row in rows}


def on_time_by_unit(reports, on: date | None = None) -> dict[tuple[int, int], Tally]:
    """{(unit id, year of the deadline): Tally}."""
    rows = (
        reports.order_by()
        .annotate(year=ExtractYear("due_on"))
        .values("unit_id", "year")
        .annotate(**_tallies(on or today()))
    )
    return {(row.pop("unit_id"), row.pop("year")): Tally(**row) for row in rows}


def narratives(reports) -> list[UnitReport]:
    """Accepted reports that say something, with their units, in the order of the tree."""
    said = reports.accepted().exclude(results="", next_steps="")
    return list(said.select_related("unit", "department", "period__rule").order_by("unit__path", "pk"))


def proposals_by_addressee(reports) -> list[tuple[str, list[Proposal]]]:
    """What accepted reports raise, collected per department or outside body that must answer."""
    raised = Proposal.objects.filter(report__in=reports.accepted()).exclude(state=Proposal.State.WITHDRAWN)
    collected = defaultdict(list)
    for each in raised.select_related("unit", "to_department", "to_organization").order_by("unit__path", "pk"):
        collected[each.addressee or "Chưa rõ nơi trả lời"].append(each)
    return sorted(collected.items())
