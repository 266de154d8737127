from events.budget.models import BudgetLine, EventBudget
from events.delegates.models import Delegate, EventGift
from events.delegates.uploads import DelegateList
from events.door.models import Admission, DoorToken
from events.gatherings.models import Event
from events.notices.models import EventNotice
from events.papers.models import Invitation, InvitationIssue, InvitationText
from events.programme.models import AgendaItem, CommitteeMember, EventTask, Speech
from events.quotas.models import InvitedBody, QuotaLine, QuotaRevision, QuotaShare
from events.seating.models import Hall, Seat, SeatBlock

__all__ = [
    "Admission",
    "AgendaItem",
    "BudgetLine",
    "CommitteeMember",
    "Delegate",
    "DelegateList",
    "DoorToken",
    "Event",
    "EventBudget",
    "EventGift",
    "EventNotice",
    "EventTask",
    "Invitation",
    "InvitationIssue",
    "InvitationText",
    "Hall",
    "InvitedBody",
    "QuotaLine",
    "QuotaRevision",
    "QuotaShare",
    "Seat",
    "SeatBlock",
    "Speech",
]
