from django.urls import reverse

from programs.activities.models import Activity
from welfare.site import TodoItem


def waiting(user):
    """Activities of one's own unit whose day has passed without a word about them."""
    if user.has_perm("programs.change_activity"):
        overdue = Activity.objects.for_user(user).overdue().filter(unit__in=user.reach.own)
        yield listed(
            overdue, "hoạt động đã qua ngày, chưa ghi kết quả", "activity", "viec=qua-ngay", "event_busy", True
        )


def listed(rows, text, model, query, icon, is_late=False) -> TodoItem:
    """The rows as one item, which leads to the row itself when it is the only one."""
    keys = list(rows.order_by().values_list("pk", flat=True))
    page = f"{reverse(f'admin:programs_{model}_changelist')}?{query}"
    if len(keys) == 1:
        page = reverse(f"admin:programs_{model}_change", args=keys)
    return TodoItem(len(keys), text, page, icon, is_late)
