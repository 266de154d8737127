"""Letting delegates in: what a door sends, once or several times, is recorded exactly once."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from events.delegates.models import Delegate
from events.delegates.states import FIRM, State
from events.door.models import Admission
from events.gatherings.models import Event
from welfare.rules import need
from welfare.states import Refused

Outcome, Way = Admission.Outcome, Admission.Way


@dataclass(frozen=True)
class Arrival:
    """``key``: made where the delegate stood, the same each time it is sent. ``at``: None where nobody knows."""

    key: uuid.UUID
    delegate_id: int
    at: datetime | None = None
    way: str = Way.CODE
    door: str = ""


def need_door(event: Event, by):
    """Raises ``Refused`` to whoever may not let delegates of this event in."""
    need(by, "events.attend_delegate", "ghi đại biểu có mặt")
    if not by.reach_for("events.attend_delegate").may_write(event.unit_id):
        raise Refused("Bạn chỉ được đón đại biểu ở sự kiện của đơn vị mình.")


def admit(event: Event, by, arrival: Arrival) -> Admission:
    """What became of one arrival; sent again it is the same row. Raises ``Refused`` for what is no delegate of the event.

    Of two entries of one delegate the earlier stays; the other is kept as repeated, with the time of the first. What
    can't be recorded (a delegate who was not accepted) is kept as refused, with the reason.
    """
    need_door(event, by)
    with transaction.atomic():
        held = Delegate.objects.select_for_update(of=("self",)).filter(pk=arrival.delegate_id, event=event)
        delegate = held.select_related("event").first()
        if delegate is None:
            raise Refused("Đại biểu này không có trong danh sách của sự kiện. Chưa ghi ai.")
        if known := Admission.objects.filter(key=arrival.key).select_related("delegate").first():
            return known
        if delegate.state == State.ATTENDED:
            return _again(delegate, by, arrival)
        return _first(delegate, by, arrival)


def _first(delegate, by, arrival) -> Admission:
    try:
        with transaction.atomic():
            delegate.attend(by, at=arrival.at, knows_time=arrival.at is not None)
            return _write(delegate, by, arrival, Outcome.ADMITTED)
    except Refused as refusal:
        return _write(delegate, by, arrival, Outcome.REFUSED, _why(delegate, refusal))


def _why(delegate, refusal) -> str:
    """Without the delegate's name, which stands in one place alone."""
    if delegate.state not in FIRM:
        return f"Đang “{delegate.get_state_display()}” nên không ghi có mặt được."
    return str(refusal)[:300]


def _again(delegate, by, arrival) -> Admission:
    first = delegate.admissions.filter(outcome=Outcome.ADMITTED).first()
    if first and arrival.at and delegate.attended_at and arrival.at < delegate.attended_at:
        return _earlier(delegate, by, arrival, first)
    return _write(delegate, by, arrival, Outcome.REPEATED, f"Lượt đầu{delegate.came_at or ' không ghi giờ'}.")


def _earlier(delegate, by, arrival, first) -> Admission:
    """A door that was without a network sends an entry from before the one that is known."""
    came = timezone.localtime(arrival.at)
    first.outcome, first.note = Outcome.REPEATED, f"Lượt đầu lúc {came:%H:%M %d/%m}{_at(arrival.door)}."
    first.save(update_fields=["outcome", "note"])
    delegate.attended_at = arrival.at
    delegate.save(update_fields=["attended_at"])
    return _write(delegate, by, arrival, Outcome.ADMITTED)


def _at(door) -> str:
    return f" ở {door}" if door else ""


def _write(delegate, by, arrival, outcome, note="") -> Admission:
    return Admission.objects.create(
        key=arrival.key, event=delegate.event, delegate=delegate, outcome=outcome, way=arrival.way, at=arrival.at,
        door=arrival.door, by=by, note=note,
    )  # fmt: skip


def admit_from_paper(event: Event, by, delegate_ids, *, at: datetime | None = None) -> tuple[int, list[str]]:
    """(how many were recorded, sentences about those who were not): a signed paper list, entered afterwards."""
    need_door(event, by)
    recorded, told = 0, []
    for delegate_id in delegate_ids:
        done = admit(event, by, Arrival(uuid.uuid4(), delegate_id, at, Way.PAPER, "Danh sách giấy"))
        recorded += done.outcome == Outcome.ADMITTED
        if done.outcome != Outcome.ADMITTED:
            told.append(sentence(done))
    return recorded, told


def sentence(admission: Admission) -> str:
    """What to say to whoever stands at the door."""
    name = admission.delegate.full_name
    if admission.outcome == Outcome.REPEATED:
        return f"{name} đã vào trước đó. {admission.note}".strip()
    if admission.outcome == Outcome.REFUSED:
        return f"{name} chưa được ghi có mặt. {admission.note}"
    if admission.outcome == Outcome.UNDONE:
        return f"Lượt vào của {name} đã bị hủy: {admission.note}"
    return f"{name} đã vào."
