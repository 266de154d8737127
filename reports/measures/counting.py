"""Fills ``Actual``: counts the cells that changed, or all of them from scratch, with equal results."""

from collections import defaultdict
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from programs.models import Actual, Indicator, Stale
from reports.helped import add_new_kinds
from reports.measures import SOURCES, Measure, Parts, Roster, counted_indicators
from reports.measures.cells import COLUMNS, Cells, Tree, counts, tree_sums
from welfare.bulk import insert_rows

_BATCH = 5_000
_LOCK = 20_260_101  # any number no other advisory lock of the project uses
_EVER = (date(1900, 1, 1), date(2999, 12, 31))


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
        Actual.objects.filter(indicator__source=Indicator.Source.COUNTED).delete()
        _recount_wholly(counted_indicators())
        for start in range(0, len(marks), _BATCH):
            Stale.objects.filter(pk__in=marks[start : start + _BATCH]).delete()


def recount_calendar():
    """Count what no mark tells of: units that opened or closed, their members, a new year; and indicators just added."""
    with _one_at_a_time():
        add_new_kinds()
        counted = counted_indicators()
        sums = [pk for pk, measure in counted.items() if measure.adds_over_units]
        has_rows = Actual.objects.filter(indicator=OuterRef("pk")).exclude(~Q(season=Actual.TREE), indicator__in=sums)
        empty = set(Indicator.objects.filter(~Exists(has_rows), pk__in=counted).values_list("pk", flat=True))
        empty |= _without_season_sums(sums)
        _recount_wholly(
            {pk: measure for pk, measure in counted.items() if pk in empty or isinstance(measure, Roster | Parts)}
        )


def _without_season_sums(indicator_ids) -> set[int]:
    """Those counted before the sums of a season were kept."""
    rows = Actual.objects.filter(indicator__in=indicator_ids).exclude(season__in=["", Actual.TREE]).order_by()
    kept = set(rows.values_list("indicator", "season").distinct())
    return {pk for pk, season in kept if season[0] != Actual.TREE and (pk, f"{Actual.TREE}{season}") not in kept}


def _recount_batch() -> int:
    with _one_at_a_time():
        marks = list(Stale.objects.order_by("pk").values_list("pk", "source", "unit_id", "month")[:_BATCH])
        if marks:
            _recount_marked(counted_indicators(), marks)
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


def _recount_marked(counted, marks):
    """Each indicator once, over the cells of all marks that touch it."""
    tree, touched = Tree(), defaultdict(dict)
    sources = {mark[1] for mark in marks}
    for pk, measure in counted.items():
        if f"{Indicator.WHOLE}{pk}" in sources:
            _recount_wholly({pk: measure})
        elif of_it := frozenset(each for each in sources if _touches(each, measure)):
            touched[of_it][pk] = measure
    for of_them, measures in touched.items():
        _recount(measures, _marked_cells(tree, [mark for mark in marks if mark[1] in of_them]))


def _touches(source, measure) -> bool:
    is_whole = source.startswith(Indicator.WHOLE)
    return not is_whole and (source in measure.sources or source not in SOURCES)


def _marked_cells(tree, marks):
    """A slip of the pen may lie in a year that no calendar goes past: it stops no count."""
    months = [min(max(mark[3], _EVER[0]), _EVER[1]) for mark in marks]
    return Cells(tree, frozenset(mark[2] for mark in marks), min(months), end_of_month(max(months)))


def _recount_wholly(measures):
    """Also cells nobody counts any more."""
    tree = Tree()
    Actual.objects.filter(indicator__in=measures).delete()
    _recount(measures, Cells(tree, frozenset(tree.path), *_EVER))


def _recount(measures, cells):
    for measure, of_part in _together(measures):
        now = timezone.now()
        for scope, rows in counts(measure, cells, of_part):
            for part, indicator_ids in of_part.items():
                for indicator_id in indicator_ids:
                    _put(indicator_id, scope, rows.get(part, []), now)
                    if measure.adds_over_units:
                        _put(indicator_id, *tree_sums(indicator_id, cells.tree, scope), now)


def _together(measures) -> list[tuple[Measure, dict[str, list[int]]]]:
    """[(measure, {part: ids of the indicators that are this part of it})]: what differs in a part alone is counted at once."""
    found = {}
    for indicator_id, measure in measures.items():
        whole, part = measure.with_every_part()
        like = (whole.code, *sorted(whole.chosen.items())) if part else indicator_id
        found.setdefault(like, (whole, defaultdict(list)))[1][part].append(indicator_id)
    return list(found.values())


def _put(indicator_id, scope, rows, now):
    Actual.objects.filter(indicator_id=indicator_id, **scope).delete()
    columns = ["indicator_id", *COLUMNS, "counted_at"]
    insert_rows(Actual, columns, [(indicator_id, *row, now) for row in rows])


def end_of_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1) - date.resolution
