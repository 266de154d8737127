from django.urls import reverse

from programs.plans.models import Assignment, Plan
from programs.targets.models import Target
from welfare.site import TodoItem
from welfare.units.models import today


def waiting(user):
    """Plans to issue, share-outs that don't add up, tasks due within two weeks."""
    if user.has_perm("programs.issue_plan"):
        yield _plans_to_issue(user)
    if user.has_perm("programs.change_targetshare"):
        yield _mismatched_shares(user)
    if user.has_perm("programs.view_assignment"):
        yield _tasks_due(user)


def _plans_to_issue(user):
    submitted = Plan.objects.for_user(user).filter(state=Plan.State.SUBMITTED).values_list("pk", flat=True)
    page = reverse("admin:programs_plan_changelist") + "?state__exact=submitted"
    if len(submitted) == 1:
        page = reverse("admin:programs_plan_change", args=submitted)
    return TodoItem(len(submitted), "kế hoạch đã trình, chờ ban hành", page, "assignment")


def _mismatched_shares(user):
    open_plans = Target.objects.for_user(user).exclude(plan__state=Plan.State.CLOSED)
    mismatched = [target for target in open_plans.mismatched() if target.is_shareable]
    page = reverse("admin:programs_target_changelist") + "?giao=lech"
    if len(mismatched) == 1:
        page = reverse("programs:plan_shares", args=[mismatched[0].plan_id]) + f"?chi-tieu={mismatched[0].pk}"
    return TodoItem(len(mismatched), "chỉ tiêu giao đơn vị chưa khớp tổng", page, "account_tree")


def _tasks_due(user):
    due = list(Assignment.objects.for_user(user).of(user).due().values_list("pk", "due_on"))
    page = reverse("admin:programs_assignment_changelist") + "?cua=toi"
    if len(due) == 1:
        page = reverse("admin:programs_assignment_change", args=[due[0][0]])
    is_late = any(due_on < today() for _, due_on in due)
    return TodoItem(len(due), "nhiệm vụ trong kế hoạch đến hạn", page, "event_upcoming", is_late)
