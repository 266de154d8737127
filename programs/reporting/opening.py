"""Periods open by themselves, and whoever is bound then owes a report."""

from datetime import date, timedelta

from django.db.models import Q

from programs.reporting.contents import ask
from programs.reporting.models import UnitReport
from programs.reporting.rules import ReportingPeriod, ReportingRule, Span
from welfare.bulk import add_history
from welfare.states import locked
from welfare.units.models import Unit, today


def open_due_periods(on: date | None = None) -> int:
    """Open every period whose day has come and write down who owes; repeating it, or running it twice at once, adds nothing.

    Returns how many reports became owed.
    """
    on = on or today()
    owed = 0
    for rule in ReportingRule.objects.in_use().select_related("plan__unit"):
        for span in rule.spans():
            if span.opens_on <= on <= _locks_on(rule, span) and span.due_on >= rule.plan.issued_on:
                owed += owe(open_period(rule, span))
    running = ReportingPeriod.objects.running(on).filter(rule__frequency=ReportingRule.Frequency.ON_CALL)
    return owed + sum(owe(period) for period in running.select_related("rule__plan__unit"))


def open_period(rule: ReportingRule, span: Span) -> ReportingPeriod:
    """A period once opened keeps its days, also when its rule's deadline changes: its name or its days tell it."""
    same_days = {"first_day": span.first_day, "last_day": span.last_day}
    if known := rule.periods.filter(Q(name=span.name) | Q(**same_days)).first():
        return known
    days = {"opens_on": span.opens_on, "due_on": span.due_on, "locks_on": _locks_on(rule, span), "name": span.name}
    return ReportingPeriod.objects.get_or_create(rule=rule, **same_days, defaults=days)[0]


def _locks_on(rule, span) -> date:
    return span.due_on + timedelta(days=rule.grace_days)


def owe(period: ReportingPeriod) -> int:
    """A report for everyone bound who has none yet, with lines to fill. Returns how many were new."""
    with locked(period) as period:
        made = UnitReport.objects.bulk_create(_fresh_reports(period))
        keys = [report.pk for report in made]
        if keys:
            ask(period, keys)
            add_history(UnitReport, UnitReport.objects.filter(pk__in=keys), change="+")
    return len(made)


def _fresh_reports(period) -> list[UnitReport]:
    rule, issuer = period.rule, period.rule.plan.unit
    known = set(period.reports.values_list("unit_id", "department_id"))
    if rule.level is None:
        return [
            _report(period, issuer, issuer.pk, department=department)
            for department in rule.departments.all()
            if (issuer.pk, department.pk) not in known
        ]
    parents = _parents(issuer)
    return [
        _report(period, unit, parents.get(unit.path[: -Unit.steplen]))
        for unit in bound_units(period)
        if (unit.pk, None) not in known
    ]


def bound_units(period: ReportingPeriod):
    """Units of the rule's level under the issuer (itself for its own level) that were there between opening and deadline.

    One that closes in between still owes for its own days, and its successor writes it; one that begins in between owes
    from its first day on.
    """
    issuer = period.rule.plan.unit
    there = (Q(valid_from=None) | Q(valid_from__lte=min(period.due_on, period.last_day))) & (
        Q(valid_to=None) | Q(valid_to__gte=max(period.opens_on, period.first_day))
    )
    return Unit.objects.filter(there, kind__level=period.rule.level, path__startswith=issuer.path)


def _parents(issuer) -> dict[str, int]:
    return dict(Unit.objects.filter(path__startswith=issuer.path).values_list("path", "pk"))


def _report(period, unit, receiver_id, department=None) -> UnitReport:
    return UnitReport(
        period=period, unit=unit, department=department, receiver_id=receiver_id, due_on=period.due_on,
        first_day=max(period.first_day, unit.valid_from or period.first_day),
        last_day=min(period.last_day, unit.valid_to or period.last_day),
    )  # fmt: skip
