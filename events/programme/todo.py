from datetime import timedelta

from django.db.models import Q
from django.urls import reverse

from events.programme.models import EventTask, Speech
from welfare.site import TodoItem
from welfare.units.models import today

DAYS = 14


def waiting(user):
    """Tasks of events due within two weeks, speeches to be sent and to be reviewed."""
    if user.has_perm("events.finish_eventtask"):
        yield _tasks(user)
    if user.has_perm("events.send_speech") and not user.reach.province:
        own = Speech.objects.filter(unit__in=user.reach.own, event__state="announced")
        yield _speeches(own.filter(state__in=("asked", "returned")), "bài phát biểu, clip đơn vị cần gửi", "edit_note")
    if user.has_perm("events.review_speech"):
        sent = Speech.objects.for_user(user, "events.review_speech").filter(state="sent").exclude(sent_by=user)
        yield _speeches(sent, "bài phát biểu, clip chờ thẩm định", "rate_review")


def tasks_of(user):
    """Open tasks of the user's unit or department, of events that are announced or being prepared by the own unit."""
    departments = {appointment.department_id for appointment in user.appointments_in_force} - {None}
    mine = Q(unit__in=user.reach.own) | Q(department__in=departments)
    return EventTask.objects.for_user(user).filter(mine, state="open").exclude(event__state="held")


def _tasks(user):
    due = list(tasks_of(user).filter(due_on__lte=today() + timedelta(days=DAYS)).values_list("pk", "due_on"))
    page = reverse("admin:events_eventtask_changelist") + "?cua=toi"
    if len(due) == 1:
        page = reverse("admin:events_eventtask_change", args=[due[0][0]])
    return TodoItem(len(due), "công việc của sự kiện đến hạn", page, "task", any(on < today() for _, on in due))


def _speeches(rows, text, icon):
    found = list(rows.values_list("pk", flat=True)[:2])
    page = reverse("admin:events_speech_changelist")
    if len(found) == 1:
        page = reverse("admin:events_speech_change", args=found)
    return TodoItem(rows.count(), text, page, icon)
