"""People helped by kind of hardship: an indicator for each kind, and which of their figures are not shown."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from beneficiaries.models import HardshipKind
from programs.models import Actual, Indicator
from reports.measures import MEASURES
from reports.small_cells import FEW, Cells
from welfare.units.models import Unit

HELPED = "helped_"
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
    return f"{HELPED}{code}", f"Người được hỗ trợ: {name.lower()}", "người", "people_helped", {"hardship": code}


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


def helped_by_kind(unit: Unit, month: date, *, hides_few: bool) -> list[Kind]:
    """The kinds of ``unit`` with all under it that had anybody in either year, most people first.

    ``hides_few``: as for somebody who may not read who they are.
    """
    kinds = {kind.code: kind for kind in HardshipKind.objects.all()}
    indicators = Indicator.objects.filter(code__startswith=HELPED, measure="people_helped")
    indicators = {indicator.pk: indicator for indicator in indicators if indicator.options.get("hardship") in kinds}
    months = [month, month.replace(year=month.year - 1)]
    rows = Actual.objects.filter(indicator__in=indicators, unit=unit, month__in=months, season="")
    counts = {(pk, on): int(value) for pk, on, value in rows.values_list("indicator", "month", "value")}
    secret = _hidden(indicators, kinds, unit, months) if hides_few else set()
    found = []
    for pk, indicator in indicators.items():
        values = [None if (pk, on) in secret else counts.get((pk, on), 0) for on in months]
        if any(value != 0 for value in values):
            found.append(Kind(kinds[indicator.options["hardship"]].name, indicator, *values))
    return sorted(found, key=lambda kind: (kind.value is None, -(kind.value or 0), kind.name))


def _hidden(indicators, kinds, unit, months) -> set[tuple[int, date]]:
    """(indicator, month) that are not shown of ``unit``: judged over the whole tree, so that no two pages tell together."""
    sensitive = [pk for pk, each in indicators.items() if kinds[each.options["hardship"]].is_health]
    trees = defaultdict(dict)
    rows = Actual.objects.filter(indicator__in=sensitive, month__in=months, season="")
    for pk, month, path, value in rows.values_list("indicator", "month", "unit__path", "value"):
        trees[pk, month][path] = value
    return {cell for cell, counts in trees.items() if unit.path in Cells(counts).hidden}
