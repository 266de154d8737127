"""The rows behind a figure: the same rows the measure counts, narrowed to a place, a time and what a user may see."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from programs.models import Indicator
from programs.targets.figures import Figure
from reports.cells import FIRST_YEAR
from reports.measures import Distinct, Measure, Parts, Reached, Roster, Share, Total
from welfare.units.models import Unit, today


def rows_url(indicator: Indicator, unit: Unit, first: date | None = None, last: date | None = None, season="") -> str:
    """Where the rows behind a figure are listed; empty for what units report and the ledger does not count."""
    if not indicator.measure:
        return ""
    place = {"unit": unit.pk}
    time = {"season": season} if season else {"from": f"{first:%Y-%m}", "to": f"{last:%Y-%m}"}
    return f"{_page_of(indicator.pk)}?{urlencode(place | time)}"


@cache
def _page_of(indicator_id: int) -> str:
    """Looked up once: a dashboard has hundreds of them."""
    return reverse("reports:figure_rows", args=[indicator_id])


def target_rows_url(figure: Figure) -> str:
    """Rows behind a target's actual."""
    target = figure.target
    return rows_url(target.indicator, figure.unit, figure.counted_from, figure.counted_to, target.season)


@dataclass(frozen=True)
class FigureRows:
    """``each``: the rows in reach, of which the figure counts those ``listed``, until a day or of a season."""

    measure: Measure
    each: QuerySet
    until: date | None = None
    season: str = ""

    @property
    def rows(self) -> QuerySet:
        """What is listed, by date; those of a share carry ``done_on`` (None while still missing)."""
        return self._done(self._listed(self.each)).order_by("-on", "-pk")

    @cached_property
    def count(self) -> int:
        return self.measure.number_of(self.each, season=self.season)

    @cached_property
    def done(self) -> int:
        return self.count - self.measure.number_of(self.measure.lacking(self.each, self.until), season=self.season)

    @cached_property
    def parts(self) -> tuple[int, int]:
        """Numerator and denominator of a share."""
        if isinstance(self.measure, Parts):
            found = self.each.order_by().aggregate(part=self.measure.numerator, of=self.measure.denominator)
            return found["part"] or 0, found["of"] or 0
        return self.done, self.count

    @cached_property
    def figure(self) -> Decimal | None:
        """The number as ``Actual`` has it; None for a share of nothing."""
        if isinstance(self.measure, Share):
            part, of = self.parts
            return 100 * Decimal(part) / of if of else None
        if isinstance(self.measure, Total):
            return Decimal(self.each.order_by().aggregate(total=self.measure.amount)["total"] or 0)
        return Decimal(self.count)

    def page(self, start: int, stop: int, related=(), *, only_missing=False) -> list[Model]:
        """So many of ``rows`` with the related rows that are shown; of those still missing by how long they wait.

        Which ones is asked first, by their ids alone: sorting a million whole rows for fifty takes seconds.
        """
        if only_missing:
            chosen = self._listed(self.measure.lacking(self.each, self.until)).order_by("on", "pk")
        else:
            chosen = self._listed(self.each).order_by("-on", "-pk")
        ids = list(chosen.values_list("pk", flat=True)[start:stop])
        found = {row.pk: row for row in self._done(self.each.filter(pk__in=ids)).select_related(*related)}
        return [found[pk] for pk in ids if pk in found]

    def _listed(self, rows):
        return self.measure.listed(rows, season=self.season)

    def _done(self, rows):
        return self.measure.reach(rows, self.until) if isinstance(self.measure, Reached) else rows


@dataclass(frozen=True)
class RosterRows(FigureRows):
    """Rows of several years, each year's beside the others': a list."""

    each: list[Model]

    @property
    def rows(self):
        return self.each

    @cached_property
    def count(self):
        return len(self.each)

    @cached_property
    def done(self):
        return sum(row.done_on is not None for row in self.each)

    def page(self, start, stop, related=(), *, only_missing=False):
        if not only_missing:
            return self.each[start:stop]
        missing = sorted((row for row in self.each if not row.done_on), key=lambda row: (row.on, row.pk))
        return missing[start:stop]


def figure_rows(measure: Measure, user, unit: Unit, first=None, last=None, *, season="") -> FigureRows:
    """Rows of ``unit`` and all under it, from ``first`` to ``last`` or of one season, that ``user`` may see.

    What is counted once a year is counted from 1 January, wherever ``first`` lies in the year.
    """
    if isinstance(measure, Distinct | Reached | Roster) and first:
        first = date(first.year, 1, 1)
    if isinstance(measure, Roster):
        return _roster_rows(measure, user, unit, first, last, season)
    rows = measure.of_seasons().filter(season=season) if season else measure.between(first, last)
    return FigureRows(measure, _seen(rows, measure, user, unit), last, season)


def _seen(rows, measure, user, unit):
    return rows.for_user(user).filter(**{f"{measure.path}__startswith": unit.path})


def _roster_rows(measure, user, unit, first, last, season):
    chosen, found = measure.wanted(), []
    if season:
        name, _, year = season.rpartition(" ")
        if year.isdecimal() and FIRST_YEAR <= int(year) <= today().year + 1 and name == measure.season(chosen):
            found = list(_seen(measure.of_season(int(year), chosen), measure, user, unit))
        return RosterRows(measure, _by_done(found))
    for year in range(max(first.year, FIRST_YEAR), min(last.year, today().year + 1) + 1):
        found += [row for row in _seen(measure.of_year(year, chosen), measure, user, unit) if row.on <= last]
    for row in found:
        row.done_on = row.done_on if row.done_on and row.done_on <= last else None
    return RosterRows(measure, _by_done(found))


def _by_done(rows):
    """The latest first, those who did nothing yet last."""
    return sorted(rows, key=lambda row: (row.done_on or date.min, row.on, row.pk), reverse=True)
