"""The rows behind a figure: the same rows the measure counts, narrowed to a place, a time and what a user may see."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.http import urlencode

from beneficiaries.models import Grant
from programs.models import Indicator
from programs.targets.figures import Figure
from reports.measures import MEASURES, Distinct, Measure, SupportedShare, Total
from welfare.units.models import Unit


def rows_url(indicator: Indicator, unit: Unit, first: date | None = None, last: date | None = None, season="") -> str:
    """Where the rows behind a figure are listed; empty for what units report and the ledger does not count."""
    if indicator.code not in MEASURES:
        return ""
    place = {"unit": unit.pk}
    time = {"season": season} if season else {"from": f"{first:%Y-%m}", "to": f"{last:%Y-%m}"}
    return f"{reverse('reports:figure_rows', args=[indicator.pk])}?{urlencode(place | time)}"


def target_rows_url(figure: Figure) -> str:
    """Rows behind a target's actual."""
    target = figure.target
    return rows_url(target.indicator, figure.unit, figure.counted_from, figure.counted_to, target.season)


@dataclass(frozen=True)
class FigureRows:
    """``rows`` in the order of their dates; those of a share carry ``supported_on`` (None while still missing)."""

    measure: Measure
    rows: QuerySet

    @cached_property
    def count(self) -> int:
        return self.rows.count()

    @cached_property
    def supported(self) -> int:
        return self.rows.exclude(supported_on=None).count()

    @property
    def missing(self) -> QuerySet:
        """Those of a share who still wait for support."""
        return self.rows.filter(supported_on=None)

    @cached_property
    def figure(self) -> Decimal | None:
        """The number as ``Actual`` has it; None for a share of nobody."""
        if isinstance(self.measure, SupportedShare):
            return 100 * Decimal(self.supported) / self.count if self.count else None
        if isinstance(self.measure, Total):
            return Decimal(self.rows.order_by().aggregate(total=self.measure.amount)["total"] or 0)
        return Decimal(self.count)


def figure_rows(measure: Measure, user, unit: Unit, first=None, last=None, *, season="") -> FigureRows:
    """Rows of ``unit`` and all under it, from ``first`` to ``last`` or of one season, that ``user`` may see.

    What is counted once a year is counted from 1 January, wherever ``first`` lies in the year.
    """
    if isinstance(measure, Distinct) and first:
        first = date(first.year, 1, 1)
    rows = measure.of_seasons().filter(season=season) if season else measure.between(first, last)
    rows = rows.for_user(user).filter(**{f"{measure.unit}__path__startswith": unit.path})
    rows = measure.listed(rows, season=season)
    if isinstance(measure, SupportedShare):
        rows = rows.annotate(supported_on=_first_payment(last))
    return FigureRows(measure, rows.order_by("-on", "-pk"))


def _first_payment(last):
    paid = Grant.objects.paid().filter(
        person=OuterRef("person"), paid_on__year=OuterRef("year"), paid_on__lte=last
    ).order_by()  # fmt: skip
    return Subquery(paid.values("person").annotate(first=Min("paid_on")).values("first"))
