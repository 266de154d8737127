from django.db.models import Exists, OuterRef
from django.urls import reverse

from events.budget.models import BudgetLine, EventBudget
from events.gatherings.models import Event
from welfare.site import TodoItem


def waiting(user):
    """Estimates sent by somebody else, and those of events that were held, with all spent, still to be settled."""
    submitted, approved = EventBudget.State.SUBMITTED, EventBudget.State.APPROVED
    if user.has_perm("events.approve_eventbudget"):
        rows = _of(user, "approve", submitted).exclude(submitted_by=user)
        yield _item(rows, "dự toán sự kiện chờ duyệt", submitted, "request_quote")
    if user.has_perm("events.settle_eventbudget"):
        lines = BudgetLine.objects.filter(budget=OuterRef("pk"))
        is_open, is_own = Exists(lines.filter(spent_quantity=None)), Exists(lines.filter(spent_by=user))
        rows = _of(user, "settle", approved).filter(~is_open, ~is_own, event__state=Event.State.HELD)
        yield _item(rows, "kinh phí sự kiện chờ duyệt quyết toán", approved, "fact_check")


def _of(user, act, state):
    permission = f"events.{act}_eventbudget"
    rows = EventBudget.objects.for_user(user, permission).filter(state=state).order_by()
    reach = user.reach_for(permission)
    return rows if reach.writes_all else rows.filter(unit__in=reach.own)


def _item(rows, text, state, icon):
    found = list(rows.values_list("pk", flat=True)[:2])
    page = f"{reverse('admin:events_eventbudget_changelist')}?state__exact={state}"
    if len(found) == 1:
        page = reverse("admin:events_eventbudget_change", args=found)
    return TodoItem(rows.count(), text, page, icon)
