"""Delegates on their seats: seated by the programme, moved by hand, found by their label."""

from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction

from events.delegates.models import Delegate
from events.delegates.states import FIRM
from events.gatherings.models import Event
from events.seating.arranging import Guest, NoRoom, Place, arrange
from events.seating.drawing import leading_in, must_sit, need_to_seat, reserved_in
from events.seating.grid import Spot, spots_of
from events.seating.models import Hall, Seat
from welfare.audit import AuditEvent, record
from welfare.states import Refused, locked
from welfare.vietnamese import fold, format_number

# Within a unit the higher office sits further in front.
_OFFICES = ("bi thu", "chu tich", "giam doc", "pho bi thu", "pho chu tich", "pho giam doc", "truong", "pho truong")


def seat_label(delegate: Delegate) -> str:
    """What the delegate's seat is called ("C12"), "" without a seat; one query."""
    seat = Seat.objects.filter(delegate=delegate).select_related("hall").first()
    if seat is None or delegate.state not in FIRM:
        return ""
    return _labels(seat.hall.drawing).get((seat.row, seat.column), "")


def seat_labels(event_id: int) -> dict[int, str]:
    """{delegate id: label} of everybody of the event who has a seat and still comes; two queries."""
    hall = Hall.objects.filter(event=event_id).first()
    if hall is None:
        return {}
    labels = _labels(hall.drawing)
    return {seat.delegate_id: labels.get((seat.row, seat.column), "") for seat in seated_in(hall)}


@lru_cache(maxsize=8)
def _labels(drawing: str) -> dict[Place, str]:
    return {spot.place: spot.label for spot in spots_of(drawing.split("\n"))}


def seated_in(hall: Hall):
    return hall.seats.filter(delegate__state__in=FIRM)


@dataclass(frozen=True)
class Arranged:
    """``seated``: who got a seat now; ``kept``: who stayed."""

    seated: int
    kept: int


def seat_everybody(event: Event, by, *, anew: bool) -> Arranged:
    """Seats those without a seat; ``anew``: everybody but those put by hand. All of them or nobody: ``Refused``."""
    with _hall_to_change(event, by, "xếp chỗ") as hall:
        kept = {s.delegate_id: (s.row, s.column) for s in seated_in(hall) if s.is_fixed or not anew}
        spots, guests = spots_of(hall.rows), _guests(hall)
        try:
            placed = arrange(spots, guests, reserved_in(hall), kept)
        except NoRoom as lacking:
            raise Refused(_lacking(hall, spots, guests, lacking.left)) from lacking
        hall.seats.exclude(delegate__in=kept).delete()
        fresh = {pk: place for pk, place in placed.items() if pk not in kept}
        Seat.objects.bulk_create(
            Seat(hall=hall, delegate_id=pk, row=row, column=column) for pk, (row, column) in fresh.items()
        )
        _record(by, hall, {"seated": len(fresh), "anew": anew})
    return Arranged(len(fresh), len(kept))


def move(delegate: Delegate, by, to: Place) -> str:
    """To another seat, changing places with whoever sits there; both stay where they were put. Returns what to tell."""
    with _hall_to_change(delegate.event, by, f"chuyển chỗ {delegate.full_name}") as hall:
        spot = _spot(hall, to)
        if delegate.state not in FIRM:
            raise Refused(f"{delegate.full_name} đang “{delegate.get_state_display()}” nên chưa xếp chỗ được.")
        own = Seat.objects.filter(delegate=delegate).first()
        other = Seat.objects.select_related("delegate").filter(hall=hall, row=spot.row, column=spot.column).first()
        if other and own and other.pk == own.pk:
            return f"{delegate.full_name} đang ngồi ghế {spot.label}."
        for seat in filter(None, (own, other)):
            seat.delete()
        moved = [Seat(hall=hall, delegate=delegate, row=spot.row, column=spot.column, is_fixed=True)]
        told = f"{delegate.full_name} ngồi ghế {spot.label}."
        if other and own:
            moved.append(Seat(hall=hall, delegate=other.delegate, row=own.row, column=own.column, is_fixed=True))
            told = f"{delegate.full_name} ngồi ghế {spot.label}, đổi chỗ với {other.delegate.full_name}."
        elif other:
            told = f"{delegate.full_name} ngồi ghế {spot.label}; {other.delegate.full_name} chưa có chỗ."
        Seat.objects.bulk_create(moved)
        _record(by, hall, {"moved": [seat.delegate_id for seat in moved], "to": spot.label})
    return told


def take_away(delegate: Delegate, by) -> str:
    """The delegate has no seat until seated again."""
    with _hall_to_change(delegate.event, by, f"bỏ chỗ của {delegate.full_name}") as hall:
        hall.seats.filter(delegate=delegate).delete()
        _record(by, hall, {"without_seat": delegate.pk})
    return f"{delegate.full_name} chưa có chỗ."


def fix(delegate: Delegate, by, *, fixed: bool) -> str:
    """Whether the automatic seating leaves the delegate there."""
    with _hall_to_change(delegate.event, by, f"giữ chỗ của {delegate.full_name}") as hall:
        if not hall.seats.filter(delegate=delegate).update(is_fixed=fixed):
            raise Refused(f"{delegate.full_name} chưa có chỗ nên không giữ chỗ được.")
        _record(by, hall, {"fixed": delegate.pk, "is": fixed})
    return f"Đã giữ chỗ của {delegate.full_name}." if fixed else f"{delegate.full_name} được xếp lại cùng mọi người."


class _hall_to_change:
    """The event's hall, locked, in a transaction; seats of those who don't come any more are free. Raises ``Refused``."""

    def __init__(self, event, by, doing):
        need_to_seat(event, by, doing)
        self.event = event

    def __enter__(self) -> Hall:
        hall = Hall.objects.filter(event=self.event).first()
        if hall is None:
            raise Refused("Sự kiện chưa có sơ đồ hội trường; hãy vẽ hội trường trước.")
        self.transaction, self.lock = transaction.atomic(), locked(hall)
        self.transaction.__enter__()
        hall = self.lock.__enter__()
        hall.seats.exclude(delegate__state__in=FIRM).delete()
        return hall

    def __exit__(self, *error):
        self.lock.__exit__(*error)
        return self.transaction.__exit__(*error)


def _spot(hall, place) -> Spot:
    spot = next((spot for spot in spots_of(hall.rows) if spot.place == place), None)
    if spot is None:
        raise Refused("Chỗ này không phải là ghế; hãy chọn một ghế trên sơ đồ.")
    return spot


def _guests(hall) -> list[Guest]:
    leading = leading_in(hall)
    rows = must_sit(hall.event).select_related("line", "unit", "body").order_by("sort_name", "pk")
    return [
        Guest(
            id=delegate.pk, line=delegate.line_id, line_order=delegate.line.order, sender=_sender(delegate),
            leads=delegate.line_id in leading, rank=(_office(delegate.title), delegate.sort_name),
        )
        for delegate in rows
    ]  # fmt: skip


def _sender(delegate) -> tuple:
    """Organisations after the organiser itself, units in the order of the tree."""
    return delegate.unit.path, delegate.body_id or 0


def _office(title: str) -> int:
    words = fold(title)
    return next((n for n, office in enumerate(_OFFICES) if words.startswith(office)), len(_OFFICES))


def _lacking(hall, spots, guests, left) -> str:
    told = (
        f"Hội trường có {format_number(len(spots))} ghế cho {format_number(len(guests))} đại biểu đã nhận; còn "
        f"{format_number(len(left))} người không có ghế, nên chưa xếp ai."
    )
    if len(spots) >= len(guests):
        return told + " Ghế còn trống nằm ở khối dành riêng; hãy mở bớt khối hoặc vẽ thêm ghế."
    return told + " Hãy vẽ thêm ghế."


def _record(by, hall, detail):
    record(AuditEvent.Action.CHANGE, actor=by, subject=hall, unit=hall.event.unit, detail=detail)
