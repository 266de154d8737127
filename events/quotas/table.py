"""A quota as it is read: its tree of lines down, units across, sums in between."""

from collections import defaultdict
from dataclasses import dataclass, field

from events.gatherings.models import Event
from events.quotas.models import QuotaLine, QuotaShare
from welfare.units.models import Unit


@dataclass
class Row:
    """``counts``: delegates by unit id, of this line and all under it; ``count``: of the line, or of the units shown.

    ``cells``: the same counts in the order of the table's units, None where a unit has no part.
    """

    line: QuotaLine
    depth: int
    count: int
    counts: dict[int, int]
    cells: list[int | None] = field(default_factory=list)


@dataclass
class QuotaTable:
    """``whole`` is False for a unit officer, who sees the shares of the own subtree alone."""

    units: list[Unit]
    rows: list[Row]
    totals: list[int | None]
    total: int
    whole: bool
    mismatches: list[str]

    @property
    def across(self) -> bool:
        """One's single unit needs no column beside the sum."""
        return self.whole or len(self.units) > 1


def quota_table(event: Event, user) -> QuotaTable:
    """The quota of an event the user may see. Reads lines, shares and units once each."""
    whole = user.reach.province
    shares = QuotaShare.objects.for_user(user).filter(line__event=event).select_related("unit")
    given: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    units = {}
    for share in shares.order_by("unit__path"):
        given[share.line_id][share.unit_id] += share.count
        units[share.unit_id] = share.unit
    children = defaultdict(list)
    for line in event.lines.all():
        children[line.parent_id].append(line)
    rows = [row for line in children[None] for row in _rows(line, children, given, 0)]
    if not whole:
        rows = [row for row in rows if row.counts]
    for row in rows:
        row.cells = [row.counts.get(unit_id) for unit_id in units]
        row.count = row.line.count if whole else sum(row.counts.values())
    top = [row for row in rows if row.depth == 0 and not row.line.is_overlay]
    totals = _summed([row.counts for row in top])
    return QuotaTable(
        units=list(units.values()), rows=rows, whole=whole, totals=[totals.get(unit_id) for unit_id in units],
        total=sum(row.count for row in top), mismatches=event.mismatches() if whole else [],
    )  # fmt: skip


def _rows(line, children, given, depth) -> list[Row]:
    """The line's own row and those under it; overlays ("trong đó") stand under it but add nothing."""
    below = [_rows(child, children, given, depth + 1) for child in children[line.pk]]
    adding = [rows[0].counts for rows in below if not rows[0].line.is_overlay]
    counts = _summed(adding) if adding else dict(given.get(line.pk, {}))
    return [Row(line, depth, line.count, counts), *(row for rows in below for row in rows)]


def _summed(many: list[dict[int, int]]) -> dict[int, int]:
    total: dict[int, int] = defaultdict(int)
    for counts in many:
        for unit_id, count in counts.items():
            total[unit_id] += count
    return dict(total)
