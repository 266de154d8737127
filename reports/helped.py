"""People helped by kind of hardship: an indicator for each kind, and which of their figures are not shown."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q

from beneficiaries.models import HardshipKind
from programs.models import Actual, Indicator
from programs.targets.figures import Figure
from reports.measures import MEASURES
from reports.small_cells import FEW, Cells
from welfare.units.models import Unit
from welfare.vietnamese import within

HELPED, MEASURE = "helped_", "people_helped"
NOTE = f"“–”: dưới {FEW} người hoặc có thể suy ra từ số khác, không nêu để giữ kín chuyện sức khỏe của từng người."


@dataclass(frozen=True)
class Kind:
    """How many had the hardship and were helped, this year and by the same month of the year before; None: not shown."""

    name: str
    indicator: Indicator
    value: int | None
    before: int | None


def indicator_of(code: str, name: str) -> tuple:
    """Code, name, unit of measure, measure and options, as the catalogue of indicators writes them."""
    return f"{HELPED}{code}", f"Người được hỗ trợ: {within(name)}", "người", MEASURE, {"hardship": code}


def add_new_kinds():
    """A kind of hardship added on screen is counted too."""
    known = set(Indicator.objects.filter(code__startswith=HELPED).values_list("code", flat=True))
    for kind in HardshipKind.objects.all():
        code, name, unit, measure, options = indicator_of(kind.code[:40], kind.name)
        if code not in known:
            found = MEASURES[measure].narrowed(options)
            Indicator.objects.create(
                code=code, name=name[:200], unit_of_measure=unit, source=Indicator.Source.COUNTED, roll_up=found.roll_up,
                measure=measure, options={"hardship": kind.code}, definition=found.definition(),
            )  # fmt: skip


def helped_by_kind(
    indicators: Iterable[Indicator], counts: dict[tuple[int, date], int], unit: Unit, month: date, *, hides_few: bool
) -> list[Kind]:
    """The kinds of ``unit`` with all under it that had anybody in either year, most people first.

    ``counts`` by id of the ``indicators`` and month, of ``month`` and the same a year before; ``hides_few``: as for
    somebody who may not read who they are.
    """
    kinds = {kind.code: kind for kind in HardshipKind.objects.all()}
    indicators = [indicator for indicator in indicators if indicator.options.get("hardship") in kinds]
    months = [month, month.replace(year=month.year - 1)]
    secret = _hidden(indicators, months) if hides_few else set()
    found = []
    for indicator in indicators:
        key = indicator.pk
        values = [None if (key, on, unit.path) in secret else counts.get((key, on), 0) for on in months]
        if any(value != 0 for value in values):
            found.append(Kind(kinds[indicator.options["hardship"]].name, indicator, *values))
    return sorted(found, key=lambda kind: (kind.value is None, -(kind.value or 0), kind.name))


def withheld(asked: Iterable[tuple[Indicator, Unit, date, date]]) -> set[tuple[int, int]]:
    """(indicator id, unit id) of those figures, each from a day to a day, that no paper names, as ``helped_by_kind``."""
    asked = [each for each in asked if each[0].measure == MEASURE]
    if not asked:
        return set()
    ends = {month for _, _, first, last in asked for month in _months(first, last)}
    hidden = _hidden([indicator for indicator, *_ in asked], ends)
    return {
        (indicator.pk, unit.pk)
        for indicator, unit, first, last in asked
        if any((indicator.pk, month, unit.path) in hidden for month in _months(first, last))
    }


def for_paper(figures: dict[object, Figure]) -> dict[object, Figure]:
    """The same targets without the numbers that no paper names."""
    secret = withheld(
        (each.target.indicator, each.unit, each.counted_from, each.counted_to) for each in figures.values()
    )
    return {
        key: each.withheld() if (each.target.indicator_id, each.unit.pk) in secret else each
        for key, each in figures.items()
    }


def _months(first, last) -> list[date]:
    """Those whose counts a figure adds: the last of each year."""
    return [last.replace(day=1), *(date(year, 12, 1) for year in range(first.year, last.year))]


def _hidden(indicators, months) -> set[tuple[int, date, str]]:
    """(indicator, month, path of the unit): judged over the whole tree and the year so far, so that no two
    pages tell together, nor one of this month with one of an earlier. What a province counts of a kind by itself, such as
    those helped for one occasion, is judged beside all of the kind."""
    health = set(HardshipKind.objects.filter(is_health=True).values_list("code", flat=True))
    asked = {each.pk: kind for each in indicators if (kind := each.options.get("hardship")) in health}
    if not asked:
        return set()
    whole = {each.options["hardship"]: each.pk for each in Indicator.objects.filter(measure=MEASURE) if _is_whole(each)}
    whole = {kind: whole[kind] for kind in asked.values() if kind in whole}
    trees = _trees({*asked, *whole.values()}, months)
    judged, told = {}, defaultdict(dict)
    for pk, month in sorted(trees, key=lambda each: (each[0] not in whole.values(), each[1])):
        all_of_kind = judged.get((whole.get(asked.get(pk)), month))
        cells = Cells(trees[pk, month], told[pk, month.year], of=all_of_kind)
        told[pk, month.year].update(cells.told)
        judged[pk, month] = cells
    return {(pk, month, path) for (pk, month), cells in judged.items() if pk in asked for path in cells.hidden}


def _is_whole(indicator) -> bool:
    return list(indicator.options) == ["hardship"]


def _trees(indicator_ids, months) -> dict[tuple[int, date], dict[str, int]]:
    """{(indicator, month): {path: people}} of the months asked for and those before them in their years."""
    years = [Q(month__range=(date(month.year, 1, 1), month)) for month in months]
    rows = Actual.objects.filter(reduce(or_, years), indicator__in=indicator_ids, season="").order_by()
    trees = defaultdict(dict)
    for pk, month, path, value in rows.values_list("indicator", "month", "unit__path", "value"):
        trees[pk, month][path] = int(value)
    return trees
