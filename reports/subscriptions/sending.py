"""The monthly issue: at most one a person and month, whatever runs twice; the mail holds a link and no figure."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.urls import reverse

from reports.subscriptions.models import DashboardIssue, Subscription
from welfare.audit import AuditEvent, record
from welfare.documents.models import store_file
from welfare.documents.printing import KEEP_DAYS, make_document, rendered
from welfare.jobs.mail import mail_once
from welfare.jobs.models import JobFailed
from welfare.jobs.queue import submit
from welfare.units.models import User, today

_NO_MORE = "Bạn không còn được xem số liệu của đơn vị này nên không có bản tổng quan tháng."


def issue_due(on: date | None = None) -> int:
    """Begin the issues of the month before ``on`` (default today). Returns how many were new."""
    first = (on or today()).replace(day=1)
    month = (first - timedelta(days=1)).replace(day=1)
    due = Subscription.objects.filter(is_active=True, user__is_active=True, since__lt=first)
    due = due.exclude(issues__month=month).select_related("user", "unit")
    return sum(_begin(subscription, month) for subscription in due)


def _begin(subscription, month) -> bool:
    """The issue and its job are written together or not at all."""
    with transaction.atomic():
        given = {"subscription": subscription, "month": month}
        issue, is_new = DashboardIssue.objects.get_or_create(**given, defaults={"unit": subscription.unit})
        if is_new:
            submit(
                "make_dashboard_issue", title=str(issue), owner=subscription.user, unit=subscription.unit,
                params={"issue": issue.pk}, key=f"dashboard-issue-{issue.pk}",
            )  # fmt: skip
    return is_new


def make_issue(job) -> None:
    """As the subscriber may see it now."""
    issue = DashboardIssue.objects.select_related("unit", "subscription").get(pk=job.params["issue"])
    if not issue.subscription.is_active:
        raise JobFailed("Bạn đã thôi nhận bản tổng quan hằng tháng.")
    job.progress(0, 2, "Đang lấy số liệu.")
    asked = {"year": str(issue.month.year), "month": str(issue.month.month)}
    try:
        document = make_document(job.owner, "dashboard", issue.unit_id, **asked)
    except (Http404, PermissionDenied):
        raise JobFailed(_NO_MORE) from None
    job.progress(1, 2, "Đang dàn trang PDF.")
    content = rendered(document, "pdf", tick=job.beat)
    with job.completing(f"{issue} đã sẵn sàng.", result_url=reverse("reports:issue", args=[issue.pk])):
        issue.file = job.result = store_file(
            content, name=f"{issue}.pdf", content_type="application/pdf", owner=job.owner, unit=issue.unit,
            keep_days=KEEP_DAYS,
        )  # fmt: skip
        issue.save(update_fields=["file"])
        detail = {"document": "dashboard", "format": "pdf"}
        record(AuditEvent.Action.PRINT, actor=job.owner, subject=issue.file, unit=issue.unit, detail=detail)
        if job.owner.email:
            submit(
                "mail_dashboard_issue", title=f"Báo {issue}", owner=User.objects.system(), unit=issue.unit,
                params={"issue": issue.pk}, key=f"dashboard-mail-{issue.pk}",
            )  # fmt: skip


def mail_issue(job) -> None:
    """The to-do list says it too, whether or not there is mail."""
    issue = DashboardIssue.objects.select_related("unit", "subscription__user").get(pk=job.params["issue"])
    user = issue.subscription.user
    if issue.subscription.is_active and user.is_active and user.email:
        mail_once(DashboardIssue.objects.filter(pk=issue.pk), "mailed_at", str(issue), _text(issue, user), [user.email])


def _text(issue, user) -> str:
    where = f"{settings.SITE_ADDRESS}{reverse('reports:issue', args=[issue.pk])}" if settings.SITE_ADDRESS else ""
    opened = f"tại {where} (phải đăng nhập)" if where else "ở mục Việc cần làm trên phần mềm"
    return (
        f"Kính gửi {user.full_name}: {issue} đã có, xin mở {opened}. "
        "Thư không kèm số liệu. Muốn thôi nhận, bấm “Thôi nhận” ở cuối trang Tổng quan. Trân trọng."
    )
