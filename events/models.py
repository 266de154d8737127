from events.delegates.models import Delegate, EventGift
from events.delegates.uploads import DelegateList
from events.gatherings.models import Event
from events.notices.models import EventNotice
from events.programme.models import AgendaItem, CommitteeMember, EventTask, Speech
from events.quotas.models import InvitedBody, QuotaLine, QuotaRevision, QuotaShare

__all__ = [
    "AgendaItem",
    "CommitteeMember",
    "Delegate",
    "DelegateList",
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
