"""Many reports put together: what they state in all, who sent and who didn't, what they ask for."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import ExtractYear

from programs.reporting.models import UnitReport
from programs.reporting.parts import in_words, rate
from programs.reporting.proposals import Proposal
from programs.targets.models import Indicator
from welfare.units.models import today


@dataclass(frozen=True)
class Line:
    """An indicator over accepted reports: the sum, or the rate of sums, of ``units`` that stated it.

    ``known``: what the ledger said of the same reports when they were sent, as (value, numerator, denominator).
    """

    indicator: Indicator
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    units: int
    known: tuple

    @property
    def text(self) -> str:
        return in_words(self.indicator, self.value, self.numerator, self.denominator)

    @property
    def known_text(self) -> str:
        return in_words(self.indicator, *self.known)

    @property
    def difference(self) -> Decimal | None:
        known = self.known[0]
        return None if self.value is None or known is None else self.value - known


def consolidate(reports) -> dict[int, list[Line]]:
    """{period id: lines in the order of the reports}, of the accepted ones among ``reports``. Two queries in all.

    Departments' reports are left out: what they state is already in the units'.
    """
    added = (
        reports.accepted().filter(department=None, figures__isnull=False).order_by()
        .values("period_id", "figures__indicator_id")
        .annotate(
            **{name: Sum(f"figures__{name}") for name in _PARTS},
            place=Min("figures__order"), units=Count("pk", filter=_STATED),
        )
    )  # fmt: skip
    added = sorted(added, key=lambda row: (row["place"], row["figures__indicator_id"]))
    indicators = Indicator.objects.in_bulk({row["figures__indicator_id"] for row in added})
    lines = defaultdict(list)
    for row in added:
        lines[row["period_id"]].append(_line(indicators[row["figures__indicator_id"]], row))
    return dict(lines)


_PARTS = ("value", "numerator", "denominator", "known_value", "known_numerator", "known_denominator")
_STATED = Q(figures__value__isnull=False) | Q(figures__denominator__isnull=False)


def _line(indicator, row) -> Line:
    stated, known = ([row[name] for name in names] for names in (_PARTS[:3], _PARTS[3:]))
    if indicator.is_ratio:
        stated[0], known[0] = rate(*stated[1:]), rate(*known[1:])
    return Line(indicator, *stated, row["units"], tuple(known))


def over_periods(lines: list[Line]) -> Line | None:
    """One indicator over several periods in order: sums are added, rates that units report made anew.

    Others stand as the last says: states, and what the ledger counts from January on, as every rate of its.
    """
    stated = [line for line in lines if line and line.units]
    if not stated:
        return None
    indicator, last = stated[-1].indicator, stated[-1]
    units = max(line.units for line in stated)
    if indicator.is_ratio and indicator.source == Indicator.Source.REPORTED:
        parts, known = (_added_parts(side) for side in (
            [(line.numerator, line.denominator) for line in stated], [line.known[1:] for line in stated]
        ))  # fmt: skip
        return Line(indicator, rate(*parts), *parts, units, (rate(*known), *known))
    if indicator.roll_up == Indicator.RollUp.SUM:
        known = [line.known[0] for line in stated if line.known[0] is not None]
        value = sum(line.value or 0 for line in stated)
        return Line(indicator, value, None, None, units, (sum(known) if known else None, None, None))
    return last


def _added_parts(parts) -> tuple:
    given = [pair for pair in parts if pair[1] is not None]
    return tuple(sum(column) for column in zip(*given, strict=True)) if given else (None, None)


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
    def open(self) -> int:
        return self.draft + self.returned

    @property
    def sent_rate(self):
        return _percent(self.sent, self.owed)

    @property
    def accepted_rate(self):
        return _percent(self.accepted, self.owed)

    @property
    def judged(self) -> int:
        """Those whose deadline is over or who have sent."""
        return self.on_time + self.late_in_all

    @property
    def on_time_rate(self):
        return _percent(self.on_time, self.judged)


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


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
