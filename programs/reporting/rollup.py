"""Accepted figures of reported indicators become rows of ``Actual``.

A report states the total of its unit with everything under it, over its days. Its row is what that adds to what is
already known there from reports that ended earlier, covered less, or stand lower in the tree: so sums over units and
months give exactly what was accepted at each of them, whether or not the units below reported, and no day is counted
twice when a quarter's report and a year's report overlap. A correction downwards is a negative row.

A state ("latest") isn't added: every node of the tree has its own row, that of a unit without a report being the sum of
the states below it.
"""

from collections import defaultdict
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from programs.reporting.models import UnitReport
from programs.reporting.parts import ReportFigure
from programs.targets.models import Actual, Indicator
from welfare.units.models import Unit

_LATEST = Indicator.RollUp.LATEST


def recount_reported(report: UnitReport) -> None:
    """Count the reported indicators of one report anew: in its branch of the tree, then at the root.

    One at a time, by a lock on the root's row: two officers who accept at once must see each other's figures.
    """
    if report.department_id:
        return
    ids = report.figures.filter(indicator__source=Indicator.Source.REPORTED).values_list("indicator_id", flat=True)
    with transaction.atomic():
        root = Unit.objects.select_for_update(no_key=True).get(path=report.unit.path[: Unit.steplen])
        branch = report.unit.path[: 2 * Unit.steplen]
        indicators = list(Indicator.objects.filter(pk__in=list(ids)))
        added = [indicator for indicator in indicators if indicator.roll_up != _LATEST]
        states = [indicator for indicator in indicators if indicator.roll_up == _LATEST]
        _recount_added(added, branch, root)
        _recount_states(states, branch, root)


def _accepted(indicators, **units):
    """Figures in the order in which they are counted: what ended earlier, covered less, stood lower comes first."""
    figures = ReportFigure.objects.filter(
        indicator__in=indicators, report__state=UnitReport.State.ACCEPTED, report__department=None,
        **{f"report__unit__{name}": value for name, value in units.items()},
    )  # fmt: skip
    order = ("report__last_day", F("report__first_day").desc(), F("report__unit__depth").desc(), "pk")
    return figures.order_by(*order).select_related("report__unit")


# --- sums and rates ---------------------------------------------------------------------------------


def _recount_added(indicators, branch, root):
    if not indicators:
        return
    if branch != root.path:
        _replace(indicators, _added_rows(_accepted(indicators, path__startswith=branch), {}), path__startswith=branch)
    of_root = list(_accepted(indicators, pk=root.pk))
    known = _known_under(indicators, root) if of_root else {}
    _replace(indicators, _added_rows(of_root, known), pk=root.pk)


def _added_rows(figures, known):
    """[(indicator, unit, month, value, numerator, denominator)]; known: {(indicator id, path): [(month, v, n, d)]}."""
    known, rows = defaultdict(list, known), []
    for figure in figures:
        report, month = figure.report, figure.report.last_day.replace(day=1)
        first, node = report.first_day.replace(day=1), report.unit.path
        before = [row[1:] for row in known[figure.indicator_id, node] if first <= row[0] <= month]
        row = [now - sum(column) for now, column in zip(_stated(figure), _columns(before), strict=True)]
        rows.append((figure.indicator_id, report.unit_id, month, *row))
        for length in range(Unit.steplen, len(node) + 1, Unit.steplen):
            known[figure.indicator_id, node[:length]].append((month, *row))
    return rows


def _stated(figure):
    if figure.denominator is not None:
        return Decimal(0), figure.numerator, figure.denominator
    return figure.value or Decimal(0), Decimal(0), Decimal(0)


def _columns(rows):
    return list(zip(*rows, strict=True)) or [(), (), ()]


def _known_under(indicators, root):
    below = Actual.objects.filter(indicator__in=indicators, season="").exclude(unit=root)
    known = defaultdict(list)
    for indicator_id, *row in below.values_list("indicator_id", "month", "value", "numerator", "denominator"):
        known[indicator_id, root.path].append(tuple(row))
    return known


# --- states -----------------------------------------------------------------------------------------


def _recount_states(indicators, branch, root):
    """{node path: {month: state}} from the leaves up; a unit's own report stands before the sum of those below it."""
    for indicator in indicators:
        own = defaultdict(dict)
        for figure in _accepted([indicator]):
            own[figure.report.unit.path][figure.report.last_day.replace(day=1)] = figure.value or Decimal(0)
        nodes = {path[:length] for path in own for length in range(Unit.steplen, len(path) + 1, Unit.steplen)}
        for path in sorted(nodes, key=len, reverse=True):
            below = [own[child] for child in nodes if child[: -Unit.steplen] == path]
            own[path] = _states_below(below) | own[path]
        units = dict(Unit.objects.filter(path__in=nodes).values_list("path", "pk"))
        rows = [(indicator.pk, units[path], month, state, 0, 0) for path in nodes for month, state in own[path].items()]
        _replace([indicator], rows, path__startswith=root.path)


def _states_below(below: list[dict]) -> dict:
    months = sorted({month for states in below for month in states})
    return {month: sum(_state_by(states, month) for states in below) for month in months}


def _state_by(states: dict, month):
    return max(((day, state) for day, state in states.items() if day <= month), default=(None, Decimal(0)))[1]


# --- writing ----------------------------------------------------------------------------------------


def _replace(indicators, rows, **units):
    """Rows of one unit and month add up: a month may end two periods."""
    of_units = {f"unit__{name}": value for name, value in units.items()}
    Actual.objects.filter(indicator__in=indicators, season="", **of_units).delete()
    cells = defaultdict(lambda: [Decimal(0)] * 3)
    for indicator_id, unit_id, month, *row in rows:
        cell = cells[indicator_id, unit_id, month]
        cells[indicator_id, unit_id, month] = [old + new for old, new in zip(cell, row, strict=True)]
    Actual.objects.bulk_create(
        Actual(indicator_id=indicator_id, unit_id=unit_id, month=month, value=value, numerator=n, denominator=d)
        for (indicator_id, unit_id, month), (value, n, d) in cells.items()
    )
