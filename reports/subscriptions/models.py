"""Who wants the dashboard on paper every month, and each month's issue of it."""

from django.db import models

from beneficiaries.people.saved_filters import Mine
from welfare.documents.models import StoredFile
from welfare.history import History
from welfare.scoping import ScopedManager, Via
from welfare.units.models import Unit, User, today


class Subscription(models.Model):
    """One a person; ended and taken up again it stays the same row, so that no month comes twice."""

    user = models.OneToOneField(User, models.CASCADE, verbose_name="người nhận", related_name="dashboard_subscription")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="tổng quan của đơn vị", related_name="+")
    is_active = models.BooleanField("đang nhận", default=True)
    since = models.DateField("nhận từ ngày", default=today)
    history = History(verbose_name="lịch sử đăng ký nhận tổng quan")

    scope = Mine()
    objects = ScopedManager()

    class Meta:
        verbose_name = "đăng ký nhận tổng quan"
        verbose_name_plural = "đăng ký nhận tổng quan"
        default_permissions = ()

    def __str__(self):
        return f"{self.user}: {self.unit}"


class DashboardIssue(models.Model):
    """The dashboard at the end of a month (``month``: its first day) for one subscriber, made and mailed once."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, verbose_name="đăng ký", related_name="issues")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="+")
    month = models.DateField("tháng")
    file = models.ForeignKey(StoredFile, models.SET_NULL, verbose_name="tệp", null=True, related_name="+")
    mailed_at = models.DateTimeField("gửi thư lúc", null=True)
    opened_at = models.DateTimeField("mở lúc", null=True)

    scope = Via("subscription")
    objects = ScopedManager()

    class Meta:
        verbose_name = "bản tổng quan tháng"
        verbose_name_plural = "bản tổng quan tháng"
        default_permissions = ()
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "month"], name="dashboard_issue_once",
                violation_error_message="Tháng này đã có bản tổng quan.",
            )
        ]  # fmt: skip

    def __str__(self):
        return f"Tổng quan tháng {self.month:%m/%Y} của {self.unit}"
