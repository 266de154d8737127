"""How each kind of measure becomes cells of ``Actual``: ({the cells counted anew, as a filter}, {part: [their rows]}).

A part is one value of an option by which a measure is split (``Option.split``); "" is the one part of all others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Max, Min, Sum, Value
from django.db.models.functions import ExtractMonth, ExtractYear, Greatest, Substr, TruncMonth

from beneficiaries.models import Grant, Hardship, Person, Visit
from programs.models import Actual
from reports.measures import MEASURES, Distinct, Measure, Parts, Reached, Roster, Stock
from welfare.bulk import among
from welfare.units.models import Unit, today

COLUMNS = ["unit_id", "month", "season", "value", "numerator", "denominator"]
FIRST_YEAR = 2018  # rosters are called from the year of the first programme kept here
_OF_GRANTS = [code for code, measure in MEASURES.items() if measure.has_seasons and not isinstance(measure, Roster)]
_ONE_YEAR = 1  # what is held for a season may lie in the year before it


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

    @property
    def is_whole(self) -> bool:
        return len(self.units) == len(self.tree.path)

    @cached_property
    def seasons(self) -> set[str]:
        """Seasons with a grant that was paid, and maybe taken back since, in these cells; and those counted before.

        Those because a round may have left its season: its year or its occasion was corrected.
        """
        touched = Grant.objects.filter(
            round__occasion__is_season=True, unit__in=self.units, paid_on__range=(self.first, self.last)
        ).order_by().values_list("round__occasion__name", "round__year").distinct()  # fmt: skip
        counted = Actual.objects.filter(unit__in=self.units, indicator__measure__in=_OF_GRANTS).exclude(season="")
        counted = counted.exclude(season__startswith=Actual.TREE)
        return {f"{name} {year}" for name, year in touched} | set(
            counted.order_by().values_list("season", flat=True).distinct()
        )


class Tree:
    """Every unit's place, read once, and who has rows in several of them."""

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

    @cached_property
    def people_of_several_units(self) -> list[int]:
        """Everybody who may have rows in several units: whose ID number somebody else's row has, whom several units
        helped, or who was visited as one of several. Asked so that indexes alone answer it."""
        numbers = Person.objects.exclude(id_hash=None).order_by().values("id_hash")
        doubled = numbers.annotate(rows=Count("*")).filter(rows__gt=1).values_list("id_hash", flat=True)
        found = set(Person.objects.filter(id_hash__in=among(["", *doubled])).values_list("pk", flat=True))
        for rows, unit in ((Grant.objects.exclude(person=None), "unit"), (Visit.objects.all(), "person_unit")):
            by_person = rows.order_by().values("person").annotate(one=Min(unit), another=Max(unit))
            found |= set(by_person.exclude(one=F("another")).values_list("person", flat=True))
        return sorted(found)

    def under(self, paths: set[str], depth: int) -> list[int]:
        length = Unit.steplen * depth
        return [pk for pk, path in self.path.items() if path[:length] in paths]


def counts(measure: Measure, cells: Cells, of_part: dict[str, list[int]]) -> Iterator[tuple[dict, dict[str, list]]]:
    """Rows are in the order of ``COLUMNS``; ``of_part``: ids of the indicators that are each part.

    What is yielded must be put before the next is asked for.
    """
    if isinstance(measure, Distinct):
        yield from _distinct(measure, cells, of_part)
        return
    for scope, rows in _whole_counts(measure, cells):
        yield scope, {"": rows}


def _whole_counts(measure, cells):
    if isinstance(measure, Reached):
        yield _reached(measure, cells)
    elif isinstance(measure, Roster):
        yield _roster(measure, cells)
    elif isinstance(measure, Parts):
        yield _parts(measure, cells)
    elif isinstance(measure, Stock):
        yield from _stock(measure, cells)
    else:
        yield _totals(measure, cells)
        if measure.has_seasons:
            yield _season_totals(measure, cells)


def _totals(measure, cells):
    counted = (
        measure.between(cells.first, cells.last).filter(**{f"{measure.unit}__in": cells.units})
        .order_by().annotate(cell=TruncMonth("on")).values_list(measure.unit, "cell").annotate(total=measure.amount)
    )  # fmt: skip
    scope = {"unit__in": cells.units, "season": "", "month__range": (cells.first, cells.last)}
    return scope, [(unit, month, "", value or 0, 0, 0) for unit, month, value in counted]


def _parts(measure, cells):
    counted = (
        measure.between(cells.first, cells.last).filter(**{f"{measure.unit}__in": cells.units})
        .order_by().annotate(cell=TruncMonth("on")).values_list(measure.unit, "cell")
        .annotate(part=measure.numerator, of=measure.denominator)
    )  # fmt: skip
    scope = {"unit__in": cells.units, "season": "", "month__range": (cells.first, cells.last)}
    return scope, [(unit, month, "", 0, part or 0, of or 0) for unit, month, part, of in counted]


def tree_sums(indicator_id: int, tree: Tree, scope: dict) -> tuple[dict, list[tuple]]:
    """What was just counted in ``scope`` added up for every node over its units: the cells, and their rows."""
    added, nodes = [], tree.nodes_over(scope.get("unit__in", tree.path))
    times = {name: value for name, value in scope.items() if name != "unit__in"}
    counted = Actual.objects.filter(indicator=indicator_id, **times).exclude(season__startswith=Actual.TREE)
    for depth, paths in nodes.items():
        rows = counted.filter(unit__in=tree.under(paths, depth)) if depth > 1 else counted
        of_node = rows.annotate(node=Substr("unit__path", 1, Unit.steplen * depth)).filter(node__in=paths).order_by()
        sums = of_node.values_list("node", "month", "season").annotate(
            Sum("value"), Sum("numerator"), Sum("denominator")
        )
        added += [(tree.id[path], month, f"{Actual.TREE}{season}", *numbers) for path, month, season, *numbers in sums]
    above = [tree.id[path] for paths in nodes.values() for path in paths]
    return {"unit__in": above, **_of_tree(times)}, added


def _of_tree(times: dict) -> dict:
    if "season__in" in times:
        return {"season__in": [f"{Actual.TREE}{season}" for season in times["season__in"]]}
    of_season = {"season": Actual.TREE} if "season" in times else {"season__startswith": Actual.TREE}
    return {**of_season, "month__range": times["month__range"]}


def _season_totals(measure, cells):
    seasons = cells.seasons
    counted = (
        measure.of_seasons().filter(**{f"{measure.unit}__in": cells.units, "season__in": seasons})
        .order_by().values_list(measure.unit, "season", "round__year").annotate(total=measure.amount)
    )  # fmt: skip
    scope = {"unit__in": cells.units, "season__in": seasons}
    return scope, [(unit, date(year, 1, 1), season, value, 0, 0) for unit, season, year, value in counted]


def _distinct(measure, cells, of_part):
    """From below, as a node adds up what was just kept of its parts."""
    for depth, paths in sorted(cells.tree.nodes_over(cells.units).items(), reverse=True):
        nodes = _Nodes(measure, cells, of_part, depth, frozenset(paths))
        first, last = cells.whole_years
        months = {"season": "", "month__range": (first, last)}
        yield {"unit__in": nodes.ids, **months}, nodes.counted(measure.between(first, last), _year_to_date, months)
        if measure.has_seasons:
            seasons = {"season__in": cells.seasons}
            rows = measure.of_seasons().filter(**seasons)
            yield {"unit__in": nodes.ids, **seasons}, nodes.counted(rows, _once_a_season, seasons)


@dataclass(frozen=True)
class _Nodes:
    """Nodes of one depth, each to be counted once with all under it.

    Counting the whole province for one unit that changed would take longer the more people there are. So a node adds
    its own rows to what is kept of the units below, less those who were counted in several of them.
    """

    measure: Distinct
    cells: Cells
    of_part: dict[str, list[int]]
    depth: int
    paths: frozenset[str]

    @property
    def ids(self) -> list[int]:
        return [self.cells.tree.id[path] for path in self.paths]

    @cached_property
    def below(self) -> list[int]:
        """The units directly below."""
        return [pk for pk, path in self.cells.tree.path.items() if path[: -Unit.steplen] in self.paths]

    def counted(self, rows, tally, times) -> dict[str, list[tuple]]:
        found = (
            self._by_parts(rows, tally, times)
            if self.below and not self.cells.is_whole
            else self._directly(rows, tally)
        )
        result = defaultdict(list)
        for (part, path, month, season), number in found.items():
            if number:
                result[part].append((self.cells.tree.id[path], month, season, number, 0, 0))
        return result

    def _directly(self, rows, tally):
        return tally(self.measure, self._under(rows), self.depth)

    def _by_parts(self, rows, tally, times):
        found = Counter(tally(self.measure, rows.filter(**{f"{self.measure.unit}__in": self.ids}), self.depth))
        found.update(self._kept_below(times))
        if self.measure.is_of_humans:
            several = self._under(rows).filter(person__in=among([0, *self.cells.tree.people_of_several_units]))
            found.update(tally(self.measure, several, self.depth))
            for (part, path, *time), number in tally(self.measure, several, self.depth + 1).items():
                found[part, path[: Unit.steplen * self.depth], *time] -= number
        return found

    def _kept_below(self, times):
        part_of = {ids[0]: part for part, ids in self.of_part.items()}
        kept = Actual.objects.filter(indicator__in=part_of, unit__in=self.below, **times)
        found = Counter()
        for pk, path, month, season, value in kept.values_list("indicator", "unit__path", "month", "season", "value"):
            found[part_of[pk], path[: -Unit.steplen], month, season] += int(value)
        return found

    def _under(self, rows):
        if self.depth == 1:
            return rows
        return rows.filter(**{f"{self.measure.unit}__in": self.cells.tree.under(self.paths, self.depth)})


def _by_node(measure, rows, depth):
    """Each of ``rows`` with its node of the depth, its key and its part."""
    node = Substr(measure.path, 1, Unit.steplen * depth)
    rows = rows if "part" in rows.query.annotations else rows.annotate(part=Value(""))
    return rows.order_by().annotate(node=node, key=measure.keyed())


def _year_to_date(measure, rows, depth) -> dict[tuple, int]:
    """{(part, node, month, ""): keys since January} from the first month with any to December."""
    firsts = (
        _by_node(measure, rows, depth).annotate(year_of=ExtractYear("on"))
        .values("part", "node", "year_of", "key").annotate(first=Min(ExtractMonth("on")))
    )  # fmt: skip
    fresh = defaultdict(lambda: [0] * 13)
    for part, path, year, month, count in _tally(firsts, "part", "node", "year_of", "first"):
        fresh[part, path, int(year)][int(month)] = count
    return {
        (part, path, date(year, month, 1), ""): sum(counts[: month + 1])
        for (part, path, year), counts in fresh.items()
        for month in range(1, 13)
    }


def _once_a_season(measure, rows, depth) -> dict[tuple, int]:
    """{(part, node, January of its year, season): keys}"""
    named = _by_node(measure, rows, depth).annotate(year_of=F("round__year"))
    keys = named.values("part", "node", "season", "year_of", "key").distinct()
    return {
        (part, path, date(year, 1, 1), season): count
        for part, path, season, year, count in _tally(keys, "part", "node", "season", "year_of")
    }


def _stock(measure, cells):
    """A row a node for every month in which something came or went: how much there was at its end."""
    for depth, paths in cells.tree.nodes_over(cells.units).items():
        nodes = [cells.tree.id[path] for path in paths]
        node = Substr(measure.path, 1, Unit.steplen * depth)
        under = {} if depth == 1 else {f"{measure.unit}__in": cells.tree.under(paths, depth)}
        rows = measure.counted().filter(**under).annotate(node=node).order_by()
        changes = defaultdict(lambda: defaultdict(int))
        for day, sign in (("on", 1), ("off", -1)):
            moved = rows.exclude(**{day: None}).annotate(cell=TruncMonth(day)).values_list("node", "cell")
            for path, month, count in moved.annotate(count=Count("pk")):
                changes[path][month] += sign * count
        yield (
            {"unit__in": nodes},
            [row for path, by_month in changes.items() for row in _running(cells.tree.id[path], by_month)],
        )


def _running(node, by_month):
    there = 0
    for month in sorted(by_month):
        there += by_month[month]
        yield node, month, "", there, 0, 0


def _roster(measure, cells):
    """Whole years of all units: they are few, and who is bound does not hang on the units that were marked."""
    years = range(cells.first.year - _ONE_YEAR, cells.last.year + _ONE_YEAR + 1)
    chosen, shares = measure.wanted(), defaultdict(lambda: [0, 0])
    season = measure.season(chosen)
    for year in range(max(years[0], FIRST_YEAR), min(years[-1], today().year + 1) + 1):
        for unit, on, done_on in _bound(measure, measure.of_year(year, chosen)):
            shares[unit, on.replace(day=1), ""][1] += 1
            if done_on:
                shares[unit, max(on, done_on).replace(day=1), ""][0] += 1
        for unit, _, done_on in _bound(measure, measure.of_season(year, chosen)) if season else ():
            shares[unit, date(year, 1, 1), f"{season} {year}"] = [int(bool(done_on)), 1]
    scope = {"month__range": (date(years[0], 1, 1), date(years[-1], 12, 31))}
    return scope, [(unit, month, season, 0, n, d) for (unit, month, season), (n, d) in shares.items()]


def _bound(measure, rows):
    return rows.order_by().values_list(measure.unit, "on", "done_on")


def _reached(measure, cells):
    first, last = cells.whole_years
    units = cells.units | _units_of_people_helped_elsewhere(cells.units, first, last)
    rows = measure.between(first, last).filter(**{f"{measure.unit}__in": units}).order_by()
    rows = rows.annotate(place=F(measure.unit), year_of=F("year"))
    of_person = ("place", "year_of", "person")
    known = rows.values(*of_person).annotate(first=Min(ExtractMonth("on")))
    both = [
        way(rows).values(*of_person).annotate(first=Greatest(Min(ExtractMonth("on")), Min(ExtractMonth("day"))))
        for way in measure.ways
    ]
    shares = defaultdict(lambda: [0, 0])
    for n, people in enumerate((both, [known])):
        for unit, year, month, count in _tally_firsts(people, of_person):
            shares[unit, date(year, int(month), 1)][n] = count
    scope = {"unit__in": units, "season": "", "month__range": (first, last)}
    return scope, [(unit, month, "", 0, n, d) for (unit, month), (n, d) in shares.items()]


def _units_of_people_helped_elsewhere(units, first, last) -> frozenset[int]:
    """Units whose people were paid by one of ``units``: their shares change with those payments."""
    paid = Grant.objects.filter(unit__in=units, paid_on__range=(first, last)).exclude(person=None).values("person")
    of_others = Hardship.objects.filter(year__range=(first.year, last.year), person__in=paid).exclude(unit__in=units)
    return frozenset(of_others.order_by().values_list("unit", flat=True).distinct())


def _tally_firsts(queries, of_person):
    """How many people share place, year and the first month over all ``queries``, each of which may name them."""
    parts = [sql for sql in map(_sql, queries) if sql]
    if not parts:
        return []
    union = " UNION ALL ".join(sql for sql, _ in parts)
    person = ", ".join(map(connection.ops.quote_name, of_person))
    place, year, _ = map(connection.ops.quote_name, of_person)
    firsts = f"SELECT {person}, MIN(first) first FROM ({union}) ways GROUP BY {person}"
    sql = f"SELECT {place}, {year}, first, COUNT(*) FROM ({firsts}) firsts GROUP BY {place}, {year}, first"
    return _fetched(sql, [param for _, params in parts for param in params])


def _tally(rows, *columns):
    """How many of ``rows`` share their ``columns``: the grouping of a grouping, which the ORM has no word for."""
    part = _sql(rows)
    if not part:
        return []
    names = ", ".join(map(connection.ops.quote_name, columns))
    return _fetched(f"SELECT {names}, COUNT(*) FROM ({part[0]}) firsts GROUP BY {names}", part[1])


def _sql(rows):
    """(SQL, parameters), or None for a set that is empty by what it asks."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None


def _fetched(sql, params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
