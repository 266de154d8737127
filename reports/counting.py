"""Fills ``Actual``: counts the cells that changed, or all of them from scratch, with equal results."""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import F, Min
from django.db.models.functions import ExtractMonth, ExtractYear, Greatest, Substr, TruncMonth
from django.utils import timezone

from beneficiaries.models import Grant
from programs.models import Actual, Indicator, Stale
from reports.measures import MEASURES, SOURCES, Distinct, SupportedShare
from welfare.bulk import insert_rows
from welfare.units.models import Unit

_BATCH = 5_000
_LOCK = 20_260_101  # any number no other advisory lock of the project uses
_EVER = (date(1900, 1, 1), date(2999, 12, 31))
_COLUMNS = ["indicator_id", "unit_id", "month", "season", "value", "numerator", "denominator", "counted_at"]


@dataclass(frozen=True)
class Cells:
    """What to count anew: whole months from ``first`` to ``last`` of some units."""

    tree: "Tree"
    units: frozenset[int]
    first: date
    last: date

    @property
    def whole_years(self) -> tuple[date, date]:
        return date(self.first.year, 1, 1), date(self.last.year, 12, 31)


class Tree:
    """Every unit's place, read once."""

    def __init__(self):
        self.path = dict(Unit.objects.values_list("pk", "path"))
        self.id = {path: pk for pk, path in self.path.items()}

    def nodes_over(self, units) -> dict[int, set[str]]:
        """{depth: paths} of these units and all above them."""
        found = defaultdict(set)
        for path in (self.path[pk] for pk in units):
            for length in range(Unit.steplen, len(path) + 1, Unit.steplen):
                found[length // Unit.steplen].add(path[:length])
        return found

    def under(self, paths: set[str], depth: int) -> list[int]:
        length = Unit.steplen * depth
        return [pk for pk, path in self.path.items() if path[:length] in paths]


def recount_stale() -> int:
    """Count the cells that rows of ``Stale`` name, and take those rows away. Returns how many rows that were.

    Two at once do the work one after the other. A mark written meanwhile stays for the next run, as it is deleted by
    its own id only.
    """
    done = 0
    while consumed := _recount_batch():
        done += consumed
    return done


def recount_all():
    """Count everything from scratch; rows of units' reports (reported indicators) are left alone."""
    with _one_at_a_time():
        marks = list(Stale.objects.values_list("pk", flat=True))
        Actual.objects.filter(indicator__code__in=MEASURES).delete()
        tree = Tree()
        _recount(MEASURES, Cells(tree, frozenset(tree.path), *_EVER))
        for start in range(0, len(marks), _BATCH):
            Stale.objects.filter(pk__in=marks[start : start + _BATCH]).delete()


def _recount_batch() -> int:
    with _one_at_a_time():
        marks = list(Stale.objects.order_by("pk").values_list("pk", "source", "unit_id", "month")[:_BATCH])
        if marks:
            tree = Tree()
            for source in {mark[1] for mark in marks}:
                _recount(_measures_of(source), _marked_cells(tree, [mark for mark in marks if mark[1] == source]))
            Stale.objects.filter(pk__in=[mark[0] for mark in marks]).delete()
        return len(marks)


@contextmanager
def _one_at_a_time():
    """SQLite's transactions begin by taking the one write lock; PostgreSQL is asked for a lock of ours."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def _measures_of(source):
    return [code for code, measure in MEASURES.items() if source in measure.sources or source not in SOURCES]


def _marked_cells(tree, marks):
    months = [mark[3] for mark in marks]
    return Cells(tree, frozenset(mark[2] for mark in marks), min(months), end_of_month(max(months)))


def _recount(codes, cells):
    ids = dict(Indicator.objects.filter(code__in=codes).values_list("code", "pk"))
    for code in codes:
        measure, now = MEASURES[code], timezone.now()
        for scope, values in _counts(measure, cells):
            Actual.objects.filter(indicator_id=ids[code], **scope).delete()
            insert_rows(Actual, _COLUMNS, [(ids[code], *row, now) for row in values])


def _counts(measure, cells):
    """Yields ({the cells counted anew, as a filter of Actual}, [(unit, month, season, value, n, d)])."""
    if isinstance(measure, SupportedShare):
        yield _shares(measure, cells)
    elif isinstance(measure, Distinct):
        yield from _distinct(measure, cells)
    else:
        yield _totals(measure, cells)
    if measure.has_seasons and not isinstance(measure, Distinct):
        yield _season_totals(measure, cells)


def _totals(measure, cells):
    counted = (
        measure.between(cells.first, cells.last).filter(**{f"{measure.unit}__in": cells.units})
        .order_by().annotate(cell=TruncMonth("on")).values_list(measure.unit, "cell").annotate(total=measure.amount)
    )  # fmt: skip
    scope = {"unit__in": cells.units, "season": "", "month__range": (cells.first, cells.last)}
    return scope, [(unit, month, "", value, 0, 0) for unit, month, value in counted]


def _season_totals(measure, cells):
    seasons = _seasons(cells)
    counted = (
        measure.of_seasons().filter(**{f"{measure.unit}__in": cells.units, "season__in": seasons})
        .order_by().values_list(measure.unit, "season", "round__year").annotate(total=measure.amount)
    )  # fmt: skip
    scope = {"unit__in": cells.units, "season__in": seasons}
    return scope, [(unit, date(year, 1, 1), season, value, 0, 0) for unit, season, year, value in counted]


def _seasons(cells) -> set[str]:
    """Seasons with a grant that was paid, and maybe taken back since, in these cells; and those counted before.

    Those because a round may have left its season: its year or its occasion was corrected.
    """
    touched = Grant.objects.filter(
        round__occasion__is_season=True, unit__in=cells.units, paid_on__range=(cells.first, cells.last)
    ).order_by().values_list("round__occasion__name", "round__year").distinct()  # fmt: skip
    counted = Actual.objects.filter(unit__in=cells.units).exclude(season="").order_by().values_list("season", flat=True)
    return {f"{name} {year}" for name, year in touched} | set(counted.distinct())


def _distinct(measure, cells):
    for depth, paths in cells.tree.nodes_over(cells.units).items():
        nodes = [cells.tree.id[path] for path in paths]
        of_node = {} if depth == 1 else {f"{measure.unit}__in": cells.tree.under(paths, depth)}
        node = Substr(f"{measure.unit}__path", 1, Unit.steplen * depth)
        first, last = cells.whole_years
        yield (
            {"unit__in": nodes, "season": "", "month__range": (first, last)},
            _year_to_date(cells.tree, measure, measure.between(first, last).filter(**of_node).annotate(node=node)),
        )
        if measure.has_seasons:
            seasons = _seasons(cells)
            rows = measure.of_seasons().filter(season__in=seasons, **of_node).annotate(node=node)
            yield {"unit__in": nodes, "season__in": seasons}, _once_a_season(cells.tree, measure, rows)


def _year_to_date(tree, measure, rows):
    """One row a node and month, from the first month with anything to December, each counting since January."""
    firsts = (
        rows.order_by().annotate(key=measure.keyed(), year_of=ExtractYear("on"))
        .values("node", "year_of", "key").annotate(first=Min(ExtractMonth("on")))
    )  # fmt: skip
    fresh = defaultdict(lambda: [0] * 13)
    for path, year, month, count in _tally(firsts, "node", "year_of", "first"):
        fresh[path, int(year)][int(month)] = count
    result = []
    for (path, year), counts in fresh.items():
        for month in range(1, 13):
            if so_far := sum(counts[: month + 1]):
                result.append((tree.id[path], date(year, month, 1), "", so_far, 0, 0))
    return result


def _once_a_season(tree, measure, rows):
    named = rows.order_by().annotate(key=measure.keyed(), year_of=F("round__year"))
    keys = named.values("node", "season", "year_of", "key").distinct()
    return [
        (tree.id[path], date(year, 1, 1), season, count, 0, 0)
        for path, season, year, count in _tally(keys, "node", "season", "year_of")
    ]


def _shares(measure, cells):
    first, last = cells.whole_years
    units = cells.units | _units_of_people_helped_elsewhere(cells.units, first, last)
    rows = measure.between(first, last).filter(person__unit__in=units).order_by()
    rows = rows.annotate(place=F("person__unit"), year_of=F("year"))
    of_person = ("place", "year_of", "person")
    known = rows.values(*of_person).annotate(first=Min(ExtractMonth("on")))
    both = measure.supported(rows).values(*of_person).annotate(
        first=Greatest(Min(ExtractMonth("on")), Min(ExtractMonth("person__grants__paid_on")))
    )  # fmt: skip
    shares = defaultdict(lambda: [0, 0])
    for n, people in enumerate((both, known)):
        for unit, year, month, count in _tally(people, "place", "year_of", "first"):
            shares[unit, date(year, int(month), 1)][n] = count
    scope = {"unit__in": units, "season": "", "month__range": (first, last)}
    return scope, [(unit, month, "", 0, n, d) for (unit, month), (n, d) in shares.items()]


def _units_of_people_helped_elsewhere(units, first, last) -> frozenset[int]:
    """Units whose people were paid by one of ``units``: their shares change with those payments."""
    paid = Grant.objects.filter(unit__in=units, paid_on__range=(first, last)).exclude(person__unit=F("unit"))
    return frozenset(paid.exclude(person=None).order_by().values_list("person__unit", flat=True).distinct())


def _tally(rows, *columns):
    """How many of ``rows`` share their ``columns``: the grouping of a grouping, which the ORM has no word for."""
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    names = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names}, COUNT(*) FROM ({sql}) firsts GROUP BY {names}", params)
        return cursor.fetchall()


def end_of_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1) - date.resolution
