from django.urls import reverse

from welfare.jobs.models import Job
from welfare.site import TodoItem
from welfare.units.models import Appointment


def waiting(user):
    """Appointments a leader must confirm; one's own jobs that failed."""
    if user.has_perm("welfare.confirm_appointment"):
        unconfirmed = Appointment.objects.for_user(user).in_force().filter(
            role__handles_people=True, confirmed_at=None
        ).exclude(user=user).exclude(granted_by=user)  # fmt: skip
        yield TodoItem(
            unconfirmed.count(),
            "phân công chờ lãnh đạo xác nhận",
            reverse("admin:welfare_appointment_changelist"),
            "badge",
        )
    ended = Job.objects.filter(owner=user, state=Job.State.DONE, seen=False)
    yield TodoItem(ended.count(), "việc chạy nền đã xong, chưa xem", reverse("welfare:job_list"), "download_done")
    failed = Job.objects.filter(owner=user, state=Job.State.FAILED, seen=False)
    yield TodoItem(failed.count(), "việc chạy nền không thành công", reverse("welfare:job_list"), "error", is_late=True)
