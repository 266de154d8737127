from django.urls import reverse

from programs.plans.models import Assignment, Plan
from programs.plans.nesting import owed_by
from programs.targets.models import Target
from welfare.site import TodoItem
from welfare.units.models import today


def waiting(user):
    """Plans returned, to issue, or to write after one from above, share-outs that don't add up, tasks due within two weeks."""
    yield _plans_returned(user)
    if user.has_perm("programs.issue_plan"):
        yield _plans_to_issue(user)
        yield _plans_owed(user)
    if user.has_perm("programs.change_targetshare"):
        yield _mismatched_shares(user)
    if user.has_perm("programs.view_assignment"):
        yield _tasks_due(user)
        yield _tasks_joined(user)


def _plans_returned(user):
    own = Plan.objects.for_user(user).filter(created_by=user, state=Plan.State.DRAFT).exclude(return_reason="")
    returned = list(own.values_list("pk", flat=True))
    page = reverse("admin:programs_plan_changelist") + "?state__exact=draft"
    if len(returned) == 1:
        page = reverse("admin:programs_plan_change", args=returned)
    return TodoItem(len(returned), "kế hoạch bị trả lại, chờ sửa", page, "undo", is_late=True)


def _plans_to_issue(user):
    own = Plan.objects.for_user(user).filter(unit__in=user.reach.own)
    submitted = own.filter(state=Plan.State.SUBMITTED).values_list("pk", flat=True)
    page = reverse("admin:programs_plan_changelist") + "?state__exact=submitted"
    if len(submitted) == 1:
        page = reverse("admin:programs_plan_change", args=submitted)
    return TodoItem(len(submitted), "kế hoạch đã trình, chờ ban hành", page, "assignment")


def _plans_owed(user):
    owed = owed_by(user)
    page = reverse("admin:programs_plan_changelist") + "?cua=trien-khai"
    if len(owed) == 1:
        page = reverse("programs:plan_view", args=[owed[0].pk])
    is_late = any(plan.unit_plans_due_on and plan.unit_plans_due_on < today() for plan in owed)
    return TodoItem(
        len(owed), "kế hoạch cấp trên chờ đơn vị ban hành kế hoạch triển khai", page, "edit_document", is_late
    )


def _mismatched_shares(user):
    open_plans = Target.objects.for_user(user).exclude(plan__state=Plan.State.CLOSED)
    mismatched = [target for target in open_plans.mismatched() if target.is_shareable]
    page = reverse("admin:programs_target_changelist") + "?giao=lech"
    if len(mismatched) == 1:
        page = reverse("programs:plan_shares", args=[mismatched[0].plan_id]) + f"?chi-tieu={mismatched[0].pk}"
    return TodoItem(len(mismatched), "chỉ tiêu giao đơn vị chưa khớp tổng", page, "account_tree")


def _tasks_due(user):
    return _due(Assignment.objects.for_user(user).of(user), "nhiệm vụ trong kế hoạch đến hạn", "toi", "event_upcoming")


def _tasks_joined(user):
    joined = Assignment.objects.for_user(user).joined_by(user)
    return _due(joined, "nhiệm vụ phối hợp đến hạn", "phoi-hop", "group_work")


def _due(tasks, words, filtered, icon):
    due = list(tasks.due().values_list("pk", "due_on"))
    page = reverse("admin:programs_assignment_changelist") + f"?cua={filtered}"
    if len(due) == 1:
        page = reverse("admin:programs_assignment_change", args=[due[0][0]])
    is_late = any(due_on < today() for _, due_on in due)
    return TodoItem(len(due), words, page, icon, is_late)
