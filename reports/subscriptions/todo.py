from django.urls import reverse

from reports.subscriptions.models import DashboardIssue
from welfare.site import TodoItem


def waiting(user):
    """The newest issue of the dashboard that the subscriber has not opened yet."""
    unread = DashboardIssue.objects.for_user(user).filter(opened_at=None, file__isnull=False)
    if newest := unread.first():
        page = reverse("reports:issue", args=[newest.pk])
        yield TodoItem(1, f"bản tổng quan tháng {newest.month:%m/%Y} mới có", page, "picture_as_pdf")
