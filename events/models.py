from events.budget.models import BudgetLine, EventBudget
from events.delegates.models import Delegate, EventGift
from events.delegates.uploads import DelegateList
from events.gatherings.models import Event
from events.notices.models import EventNotice
from events.papers.models import Invitation, InvitationIssue, InvitationText
from events.programme.models import AgendaItem, CommitteeMember, EventTask, Speech
from events.quotas.models import InvitedBody, QuotaLine, QuotaRevision, QuotaShare

__all__ = [
    "AgendaItem",
    "BudgetLine",
    "CommitteeMember",
    "Delegate",
    "DelegateList",
    "Event",
    "EventBudget",
    "EventGift",
    "EventNotice",
    "EventTask",
    "Invitation",
    "InvitationIssue",
    "InvitationText",
    "InvitedBody",
    "QuotaLine",
    "QuotaRevision",
    "QuotaShare",
    "Speech",
]
