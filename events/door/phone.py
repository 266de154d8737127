"""What a door's phone is given and what it sends: names, seats, gifts and hashes of codes until the event ends; arrivals."""

import json
import uuid
from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from events.delegates.models import Delegate
from events.delegates.states import FIRM, State
from events.door.admitting import Arrival
from events.door.models import Admission
from events.door.tokens import code_hashes
from events.gatherings.models import Event
from events.seating.places import seat_labels
from welfare.states import Refused
from welfare.units.models import today
from welfare.vietnamese import clean

MOST = 500  # arrivals in one sending
_OLDEST = timedelta(days=7)
_UNREADABLE = "Dữ liệu gửi lên không đọc được; hãy tải lại trang."


def why_closed(event: Event) -> str:
    """Why this event has no door now, "" while it has: the phone then keeps nothing of it."""
    if event.state == Event.State.DRAFT:
        return "Sự kiện chưa thông báo nên chưa đón đại biểu."
    if event.state == Event.State.HELD or (event.on and event.on < today()):
        return "Sự kiện đã kết thúc; danh sách giấy được nhập ở trang Có mặt."
    return ""


def ends_at(event: Event) -> datetime:
    """When phones forget the list: the end of the day of the event, of today where it has none yet."""
    return timezone.make_aware(datetime.combine(event.on or today(), time(23, 59, 59)))


def people_of(event: Event, user) -> list[dict]:
    """Whom the door knows, and nothing more of them than it needs: six queries."""
    rows = Delegate.objects.for_user(user, "events.attend_delegate").filter(event=event, state__in=FIRM)
    delegates = list(rows.order_by("sort_name", "pk"))
    seats, hashes, gifts = seat_labels(event.pk), code_hashes(delegates), _gifts(event)
    return [person(delegate, seats, gifts, hashes) for delegate in delegates]


def one_person(delegate: Delegate) -> dict:
    return person(delegate, seat_labels(delegate.event_id), _gifts(delegate.event), code_hashes([delegate]))


def person(delegate, seats, gifts, hashes) -> dict:
    return {
        "id": delegate.pk, "name": delegate.full_name, "seat": seats.get(delegate.pk, ""),
        "gift": gifts.get(delegate.pk, ""), "codes": hashes[delegate.pk], "came": delegate.state == State.ATTENDED,
        "at": _milliseconds(delegate.attended_at),
    }  # fmt: skip


def _gifts(event) -> dict[int, str]:
    found: dict[int, str] = {}
    for delegate_id, what, house in event.gifts.filter(delegate__isnull=False).values_list("delegate", "what", "house"):
        word = what or ("Trao nhà" if house else "Nhận hỗ trợ")
        found[delegate_id] = f"{found[delegate_id]}; {word}" if delegate_id in found else word
    return found


def read_json(body: bytes) -> dict:
    try:
        posted = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(_UNREADABLE) from error
    if not isinstance(posted, dict):
        raise Refused(_UNREADABLE)
    return posted


def read_arrivals(posted: dict) -> list[Arrival]:
    """``{now, arrivals: [{key, delegate, at, way, door}]}``, times in milliseconds of the phone's clock, which may be wrong.

    What counts is how long ago it was. Raises ``Refused``.
    """
    try:
        sent, now = int(posted["now"]), timezone.now()
        return [_arrival(row, sent, now) for row in posted["arrivals"][:MOST]]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise Refused(_UNREADABLE) from error


def _arrival(row, sent, now) -> Arrival:
    ago = min(max(timedelta(milliseconds=sent - int(row["at"])), timedelta()), _OLDEST)
    way = row.get("way")
    if not 0 < int(row["delegate"]) < 2**63:
        raise ValueError("no delegate's number")
    return Arrival(
        key=uuid.UUID(str(row["key"])), delegate_id=int(row["delegate"]), at=now - ago,
        way=way if way in Admission.Way.values else Admission.Way.CODE,
        door=clean(str(row.get("door") or ""))[:40],
    )  # fmt: skip


def _milliseconds(moment) -> int | None:
    return int(moment.astimezone(UTC).timestamp() * 1000) if moment else None
