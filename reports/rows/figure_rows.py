"""The rows behind a figure: the same rows the measure counts, narrowed to a place, a time and what a user may see."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property, partial

from django.db.models import DateField, QuerySet, Value
from django.urls import reverse
from django.utils.http import urlencode

from beneficiaries.models import GrantRound
from programs.models import Indicator
from programs.targets.figures import Figure, kept_between
from reports.measures import Distinct, Measure, Parts, Reached, Roster, Share, Total, measure_of
from reports.measures.cells import FIRST_YEAR
from reports.rows.walks import ListWalk, Walk
from welfare.scoping import Via
from welfare.units.models import Unit, today

MOST = 1_000  # to so many those rows are counted whose number no figure tells

_WHY_FEWER = (
    "Danh sách có ít dòng hơn con số: người, hộ đã chuyển sang đơn vị khác vẫn được đếm ở đơn vị lúc đó, còn hồ sơ do "
    "đơn vị mới giữ."
)


def rows_url(indicator: Indicator, unit: Unit, first: date | None = None, last: date | None = None, season="") -> str:
    """Where the rows behind a figure are listed; empty for what units report and the ledger does not count."""
    if not indicator.measure:
        return ""
    time = urlencode({"season": season}) if season else f"from={_month_of(first)}&to={_month_of(last)}"
    return f"{_page_of(indicator.pk)}?unit={unit.pk}&{time}"


def _month_of(day: date) -> str:
    """2026-01, as addresses have it."""
    return day.isoformat()[:7]


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
    """``each``: the rows in reach, until a day or of a season. ``kept``: the figure with its parts as ``Actual`` has it,
    which spares counting the rows. ``beyond``: what the figure counts besides, out of reach; None where that can't be."""

    measure: Measure
    each: QuerySet
    until: date | None = None
    season: str = ""
    kept: tuple[Decimal | None, Decimal | None, Decimal | None] | None = None
    beyond: QuerySet | None = None

    @cached_property
    def count(self) -> int:
        """How many there are, those alike taken for one; no more than ``MOST`` and one where that would be long to count."""
        if self._told is not None:
            return self._told
        if isinstance(self.measure, Total):
            return self.each.order_by().values("pk")[: MOST + 1].count()
        return self.measure.number_of(self.each, season=self.season)

    @cached_property
    def lacks(self) -> bool:
        """Whether the figure counts more than the rows in reach."""
        return self.beyond is not None and self.beyond.exists()

    @property
    def why_fewer(self) -> str:
        """Why the list is shorter than its figure, for people; "" where it isn't."""
        return _WHY_FEWER if self.lacks else ""

    @property
    def is_capped(self) -> bool:
        return self._told is None and isinstance(self.measure, Total) and self.count > MOST

    @property
    def _told(self) -> int | None:
        return self.measure.lines(*self.kept) if self.kept and not self.lacks else None

    @cached_property
    def done(self) -> int:
        if self.kept and isinstance(self.measure, Reached) and not self.lacks:
            return int(self.kept[1])
        return self.count - self.measure.number_of(self.measure.lacking(self.each, self.until), season=self.season)

    @cached_property
    def parts(self) -> tuple[int, int]:
        """Numerator and denominator of a share."""
        if self.kept:
            return self.kept[1:]
        if isinstance(self.measure, Parts):
            found = self.each.order_by().aggregate(part=self.measure.numerator, of=self.measure.denominator)
            return found["part"] or 0, found["of"] or 0
        return self.done, self.count

    @cached_property
    def figure(self) -> Decimal | None:
        """None for a share of nothing."""
        if self.kept:
            return self.kept[0]
        if isinstance(self.measure, Share):
            part, of = self.parts
            return 100 * Decimal(part) / of if of else None
        if isinstance(self.measure, Total):
            return Decimal(self.each.order_by().aggregate(total=self.measure.amount)["total"] or 0)
        return Decimal(self.count)

    def walk(self, related=(), *, only_missing=False, find=None) -> Walk:
        """In the order they are listed, with the ``related`` rows that are shown: the latest first; those still missing
        by how long they wait. Rows of a share carry ``done_on`` (None while still missing).

        ``find(rows)`` narrows them further.
        """
        rows = self.measure.lacking(self.each, self.until) if only_missing else self.each
        of_ids = partial(self._of_ids, related, only_missing)
        return Walk(self.measure, find(rows) if find else rows, of_ids, self.season, descends=not only_missing)

    def _of_ids(self, related, only_missing, ids):
        rows = self.each.filter(pk__in=ids).order_by().select_related(*related)
        if isinstance(self.measure, Reached):
            never = rows.annotate(done_on=Value(None, DateField()))
            rows = never if only_missing else self.measure.reach(rows, self.until)
        return {row.pk: row for row in rows}


@dataclass(frozen=True)
class RosterRows(FigureRows):
    """Rows of several years, each year's beside the others': a list."""

    each: list

    @cached_property
    def count(self):
        return len(self.each)

    @cached_property
    def done(self):
        return sum(row.done_on is not None for row in self.each)

    def walk(self, related=(), *, only_missing=False, find=None) -> ListWalk:
        rows = self.each
        if only_missing:
            rows = sorted((row for row in rows if not row.done_on), key=lambda row: (row.on, row.pk))
        return ListWalk(find(rows) if find else rows)


def figure_rows(measure: Measure, user, unit: Unit, first=None, last=None, *, season="") -> FigureRows:
    """Rows of ``unit`` and all under it, from ``first`` to ``last`` or of one season, that ``user`` may see."""
    first = _first_day(measure, first)
    if isinstance(measure, Roster):
        return _roster_rows(measure, user, unit, first, last, season)
    rows = measure.of_seasons().filter(round__in=_rounds_of(season)) if season else measure.between(first, last)
    beyond = _out_of_reach(_under(rows, measure, unit), measure, user)
    return FigureRows(measure, _seen(rows, measure, user, unit), last, season, beyond=beyond)


def rows_under_figure(indicator: Indicator, user, unit: Unit, first=None, last=None, *, season="") -> FigureRows:
    """The same under the figure as it is kept, which is the one that was clicked."""
    measure = measure_of(indicator)
    found = figure_rows(measure, user, unit, first, last, season=season)
    return replace(found, kept=kept_between(indicator, unit, _first_day(measure, first), last, season=season))


def _first_day(measure, first):
    """What is counted once a year is counted from 1 January, wherever ``first`` lies in the year."""
    return date(first.year, 1, 1) if isinstance(measure, Distinct | Reached | Roster) and first else first


def _rounds_of(season: str) -> list[int]:
    """Asked by itself: how many rows a few rounds have the database knows beforehand, of a season's name it does not."""
    name, _, year = season.rpartition(" ")
    rounds = GrantRound.objects.filter(occasion__is_season=True, occasion__name=name)
    return [pk for pk, of_year in rounds.values_list("pk", "year") if str(of_year) == year]


def _seen(rows, measure, user, unit):
    return _under(rows.for_user(user), measure, unit)


def _under(rows, measure, unit):
    return rows.filter(**{f"{measure.path}__startswith": unit.path}) if unit.depth > 1 else rows


def _out_of_reach(rows, measure, user):
    """Of the rows at a unit of the user's: whoever moved is counted where they were then, and read where they are now."""
    scope = rows.model.scope
    if user.reach.province or not isinstance(scope, Via) or "__" in measure.unit:
        return None
    return rows.exclude(scope.q(rows.model, user))


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
