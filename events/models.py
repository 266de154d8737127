from events.delegates.models import Delegate, EventGift
from events.gatherings.models import Event
from events.notices.models import EventNotice
from events.programme.models import AgendaItem, CommitteeMember, EventTask, Speech
from events.quotas.models import InvitedBody, QuotaLine, QuotaRevision, QuotaShare

__all__ = [
    "AgendaItem",
    "CommitteeMember",
    "Delegate",
    "Event",
    "EventGift",
    "EventNotice",
    "EventTask",
    "InvitedBody",
    "QuotaLine",
    "QuotaRevision",
    "QuotaShare",
    "Speech",
]
