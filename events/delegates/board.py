"""How far the lists of an event have come: by line, by unit, and for one unit what is still asked of it."""

from dataclasses import dataclass, field, fields

from django.db.models import Count, Max, Q

from events.delegates.models import Delegate
from events.delegates.states import FIRM, HOLDING, State
from events.notices.models import EventNotice
from events.quotas.models import QuotaShare
from events.quotas.sums import rows_of
from welfare.units.models import Unit, today

_COUNTED = {
    "sent": Count("pk", filter=Q(state__in=HOLDING)),
    "within": Count("pk", filter=Q(state__in=HOLDING, is_over_quota=False)),
    "accepted": Count("pk", filter=Q(state__in=FIRM)),
    "confirmed": Count("pk", filter=Q(state__in=(State.CONFIRMED, State.ATTENDED))),
    "attended": Count("pk", filter=Q(state=State.ATTENDED)),
}


@dataclass
class Tally:
    """People of one line, one unit or one share. ``within``: of those sent, the ones the quota holds."""

    allocated: int = 0
    sent: int = 0
    within: int = 0
    accepted: int = 0
    confirmed: int = 0
    attended: int = 0

    def add(self, other) -> None:
        for count in fields(Tally):
            setattr(self, count.name, getattr(self, count.name) + getattr(other, count.name))

    @property
    def left(self) -> int:
        return max(0, self.allocated - self.within)

    @property
    def over(self) -> int:
        return max(0, self.sent - self.allocated)

    @property
    def missing(self) -> int:
        """Accepted, and not come."""
        return max(0, self.accepted - self.attended)


@dataclass
class LineTally(Tally):
    name: str = ""
    depth: int = 0
    is_overlay: bool = False
    has_children: bool = False


@dataclass
class UnitTally(Tally):
    unit: Unit | None = None
    reminded_on: object = None

    @property
    def status(self) -> str:
        """As the board filters by it."""
        if not self.sent:
            return "none"
        return "part" if self.left else "full"

    @property
    def status_text(self) -> str:
        return {"none": "Chưa gửi", "part": f"Còn thiếu {self.left}", "full": "Đủ danh sách"}[self.status]


@dataclass
class Board:
    lines: list[LineTally]
    units: list[UnitTally]
    total: Tally = field(default_factory=Tally)


def board_of(event) -> Board:
    """Seven queries, however many lines, units and delegates."""
    lines = _lines(event)
    total = Tally()
    for row in lines:
        if row.depth == 0 and not row.is_overlay:
            total.add(row)
    return Board(lines, _units(event), total)


def _lines(event) -> list[LineTally]:
    """Counted at the leaves; what stands above has the sum of what makes it."""
    counted = {
        row.pop("line"): row for row in event.delegates.order_by().values("line").annotate(**_COUNTED)
    }  # fmt: skip
    given = dict(event.gifts.filter(line__isnull=False).values_list("line").annotate(Count("pk")))
    handed = dict(
        event.gifts.filter(line__isnull=False, given_on__isnull=False).values_list("line").annotate(Count("pk"))
    )
    rows = rows_of(event)
    tallies = [
        LineTally(
            allocated=row.count, name=row.name, depth=row.depth, is_overlay=row.is_overlay, **counted.get(row.key, {})
        )
        for row in rows
    ]
    for place in reversed(range(len(rows))):
        above = next((at for at in range(place - 1, -1, -1) if rows[at].depth < rows[place].depth), None)
        if tallies[place].is_overlay:
            tallies[place].sent = tallies[place].within = given.get(rows[place].key, 0)
            tallies[place].attended = handed.get(rows[place].key, 0)
        elif above is not None:
            tallies[above].has_children = True
            allocated = tallies[above].allocated
            tallies[above].add(tallies[place])
            tallies[above].allocated = allocated
    return tallies


def _units(event) -> list[UnitTally]:
    found: dict[int, UnitTally] = {}
    shares = QuotaShare.objects.filter(line__event=event, line__is_overlay=False).select_related("unit")
    for share in shares.order_by("unit__path"):
        found.setdefault(share.unit_id, UnitTally(unit=share.unit)).allocated += share.count
    counted = event.delegates.filter(share__isnull=False).order_by().values("share__unit").annotate(**_COUNTED)
    for row in counted:
        unit_id = row.pop("share__unit")
        if unit_id in found:
            found[unit_id].add(Tally(**row))
    reminders = EventNotice.objects.filter(event=event, kind=EventNotice.Kind.REMINDER).order_by()
    for unit_id, on in reminders.values_list("unit").annotate(Max("on")):
        if unit_id in found:
            found[unit_id].reminded_on = on
    return [tally for tally in found.values() if tally.allocated or tally.sent]


def lacking_of(event) -> dict[int, int]:
    """{unit id: delegates still to be sent}."""
    return {tally.unit.pk: tally.left for tally in _units(event) if tally.left}


@dataclass
class Asked:
    """One share as the unit sees it."""

    share: QuotaShare
    delegates: list[Delegate]

    @property
    def holding(self) -> list[Delegate]:
        return [delegate for delegate in self.delegates if delegate.state in HOLDING]

    @property
    def left(self) -> int:
        return max(0, self.share.count - sum(1 for delegate in self.holding if not delegate.is_over_quota))

    @property
    def over(self) -> int:
        """More than a quota made smaller afterwards still holds."""
        return max(0, sum(1 for delegate in self.holding if not delegate.is_over_quota) - self.share.count)


def asked_of(event, units) -> list[Asked]:
    """What is asked of these units (ids): shares in the order of the quota, each with its delegates; two queries."""
    shares = QuotaShare.objects.filter(line__event=event, line__is_overlay=False, unit__in=units).select_related(
        "line", "unit"
    )
    delegates: dict[int, list[Delegate]] = {}
    rows = Delegate.objects.filter(event=event, share__isnull=False, unit__in=units).select_related(
        "substitute_of", "unit"
    )
    for delegate in rows.order_by("sort_name", "pk"):
        delegates.setdefault(delegate.share_id, []).append(delegate)
    shares = shares.order_by("unit__path", "line__order")
    return [Asked(s, delegates.get(s.pk, [])) for s in shares if s.count or s.pk in delegates]


def is_late(event) -> bool:
    return bool(event.nominate_by and event.nominate_by < today() and event.state == event.State.ANNOUNCED)
