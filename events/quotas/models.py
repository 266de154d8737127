from django.db import models
from django.db.models import Q

from events.delegates.fits import Fit
from events.gatherings.models import Event
from welfare.scoping import Owned, ScopedManager, Via
from welfare.units.models import Organization, Unit, User

__all__ = ["Event", "InvitedBody", "QuotaLine", "QuotaRevision", "QuotaShare"]


class QuotaLine(models.Model):
    """A category of delegates; children add up to it. An overlay ("trong đó") never adds."""

    event = models.ForeignKey(Event, models.CASCADE, verbose_name="sự kiện", related_name="lines")
    parent = models.ForeignKey(
        "self", models.CASCADE, verbose_name="thuộc dòng", null=True, blank=True, related_name="children"
    )
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    name = models.CharField("thành phần", max_length=300)
    count = models.PositiveIntegerField("số đại biểu")
    is_overlay = models.BooleanField("trong đó (không cộng thêm)", default=False)
    fits = models.CharField("chọn trong những người", max_length=8, choices=Fit.choices, blank=True, default="")
    note = models.CharField("ghi chú", max_length=300, blank=True)

    scope = Via("event")
    objects = ScopedManager()

    class Meta:
        verbose_name = "dòng phân bổ đại biểu"
        verbose_name_plural = "phân bổ đại biểu"
        ordering = ["event", "order", "pk"]

    def __str__(self):
        return self.name


class QuotaShare(models.Model):
    """How many of a line one unit sends. Whoever nominates holds this row first."""

    line = models.ForeignKey(QuotaLine, models.CASCADE, verbose_name="dòng", related_name="shares")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="quota_shares")
    count = models.PositiveIntegerField("số đại biểu")

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "số đại biểu giao đơn vị"
        verbose_name_plural = "số đại biểu giao đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["line", "unit"],
                name="quota_share_once",
                violation_error_message="Đơn vị đã có trong dòng này.",
            )
        ]

    def __str__(self):
        return f"{self.unit}: {self.count}"


class InvitedBody(models.Model):
    """An organisation the organiser invites with a number of people; their names come later."""

    event = models.ForeignKey(Event, models.CASCADE, verbose_name="sự kiện", related_name="bodies")
    line = models.ForeignKey(QuotaLine, models.CASCADE, verbose_name="thuộc thành phần", related_name="bodies")
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="tổ chức trong danh mục", null=True, blank=True, related_name="+"
    )
    name = models.CharField("tên cơ quan, tổ chức", max_length=200, blank=True, help_text="Khi chưa có trong danh mục.")
    count = models.PositiveIntegerField("số người", default=1)

    scope = Via("event")
    objects = ScopedManager()

    class Meta:
        verbose_name = "cơ quan, tổ chức được mời"
        verbose_name_plural = "cơ quan, tổ chức được mời"
        default_permissions = ("view", "add", "change", "delete")
        ordering = ["event", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "organization"], name="invited_body_once", condition=Q(organization__isnull=False),
                violation_error_message="Tổ chức này đã có trong danh sách mời.",
            ),
            models.CheckConstraint(
                condition=Q(organization__isnull=False) | ~Q(name=""), name="invited_body_named",
                violation_error_message="Hãy chọn tổ chức trong danh mục hoặc ghi tên.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.organization.name if self.organization_id else self.name


class QuotaRevision(models.Model):
    """The paper by which the quota of an announced event was changed."""

    event = models.ForeignKey(Event, models.CASCADE, verbose_name="sự kiện", related_name="revisions")
    number = models.CharField("số văn bản", max_length=60)
    on = models.DateField("ngày")
    reason = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", related_name="+")
    at = models.DateTimeField("lúc", auto_now_add=True)

    scope = Via("event")
    objects = ScopedManager()

    class Meta:
        verbose_name = "lần điều chỉnh phân bổ"
        verbose_name_plural = "lần điều chỉnh phân bổ"
        default_permissions = ("view",)
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"Điều chỉnh số {self.number} ngày {self.on:%d/%m/%Y}"
