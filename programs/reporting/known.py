"""What is known of an indicator before a report states it: counted in the ledger, or accepted from the units below."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db.models import F
from django.utils.module_loading import import_string

from programs.reporting.models import UnitReport
from programs.reporting.parts import ReportFigure, rate
from programs.targets.figures import Counted
from programs.targets.models import Indicator, Target


class Known(NamedTuple):
    """``value`` is None where nothing is known; the parts are None except for rates."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True)
class _Asked:
    """An indicator read for the days of a period alone, whatever target it serves."""

    indicator: Indicator
    season: str = ""
    combine: str = Target.Combine.ANEW

    @property
    def indicator_id(self):
        return self.indicator.pk


def known_figures(report: UnitReport, indicators: Iterable[Indicator]) -> dict[int, Known]:
    """{indicator id: Known} over the report's days, for its unit with everything under it."""
    indicators = list(indicators)
    reported = [each for each in indicators if each.source == Indicator.Source.REPORTED]
    counted = [each for each in indicators if each.source == Indicator.Source.COUNTED]
    return figures_between(report.unit, counted, report.first_day, report.last_day) | _from_below(report, reported)


def beside(report: UnitReport) -> dict[str, Known]:
    """{indicator code: Known}: what the ledger holds near indicators it can't count, such as its part of a rate."""
    if report.department_id:
        return {}
    return import_string(settings.REPORT_LEDGER)(report.unit, report.first_day, report.last_day)


def figures_between(unit, indicators, first: date, last: date) -> dict[int, Known]:
    """{indicator id: Known} of what ``Actual`` holds over these days, for a unit with everything under it."""
    asked = [_Asked(indicator) for indicator in indicators]
    rows = Counted(asked, [unit], last)
    return {
        each.indicator_id: Known(*rows.between(each, unit, _from(each.indicator, first, last), last)) for each in asked
    }


def _from(indicator, first: date, last: date) -> date:
    """A rate is of the whole year so far: of whom it is a part is known in January, or when each became known."""
    return min(first, date(last.year, 1, 1)) if indicator.is_ratio else first


def _from_below(report, indicators) -> dict[int, Known]:
    """Sums of what accepted reports of the units below state for days within this report's, no day counted twice."""
    if not indicators or report.department_id:
        return {indicator.pk: Known() for indicator in indicators}
    below = UnitReport.objects.accepted().filter(
        receiver=report.unit_id, department=None, first_day__gte=report.first_day, last_day__lte=report.last_day
    )
    figures = ReportFigure.objects.filter(report__in=below, indicator__in=indicators).select_related("report")
    stated = defaultdict(list)
    for figure in figures.order_by("report__last_day", F("report__first_day").desc(), "pk"):
        if figure.is_stated:
            of_unit = stated[figure.indicator_id, figure.report.unit_id]
            of_unit[:] = [earlier for earlier in of_unit if not _covers(figure.report, earlier.report)] + [figure]
    return {
        indicator.pk: _added(
            indicator, [f for (asked, _), found in stated.items() if asked == indicator.pk for f in found]
        )
        for indicator in indicators
    }


def _covers(report, earlier) -> bool:
    """A year's report holds what its quarters' said."""
    return report.first_day <= earlier.first_day and earlier.last_day <= report.last_day


def _added(indicator, figures) -> Known:
    """A unit's later report replaces its earlier ones where only the state at the end counts."""
    if indicator.roll_up == Indicator.RollUp.LATEST:
        figures = list({figure.report.unit_id: figure for figure in figures}.values())
    if indicator.is_ratio:
        parts = [(f.numerator, f.denominator) for f in figures if f.denominator is not None]
        if not parts:
            return Known()
        numerator, denominator = (sum(column) for column in zip(*parts, strict=True))
        return Known(rate(numerator, denominator), numerator, denominator)
    values = [figure.value for figure in figures if figure.value is not None]
    return Known(sum(values)) if values else Known()
