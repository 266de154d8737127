from events.delegates.models import Delegate, EventGift
from events.delegates.uploads import DelegateList
from events.door.models import Admission, DoorToken
from events.gatherings.models import Event
from events.notices.models import EventNotice
from events.programme.models import AgendaItem, CommitteeMember, EventTask, Speech
from events.quotas.models import InvitedBody, QuotaLine, QuotaRevision, QuotaShare
from events.seating.models import Hall, Seat, SeatBlock

__all__ = [
    "Admission",
    "AgendaItem",
    "CommitteeMember",
    "Delegate",
    "DelegateList",
    "DoorToken",
    "Event",
    "EventGift",
    "EventNotice",
    "EventTask",
    "Hall",
    "InvitedBody",
    "QuotaLine",
    "QuotaRevision",
    "QuotaShare",
    "Seat",
    "SeatBlock",
    "Speech",
]
