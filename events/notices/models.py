from django.db import models
from django.db.models import Q

from events.gatherings.models import Event
from events.quotas.models import QuotaRevision
from welfare.scoping import Owned, ScopedManager
from welfare.states import Refused
from welfare.units.models import Unit, User


class EventNotice(models.Model):
    """What the organiser tells one unit: to send its list, or that its quota was changed. Its mail goes out once."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", "Nhắc gửi danh sách"
        REVISION = "revision", "Điều chỉnh phân bổ"

    event = models.ForeignKey(Event, models.CASCADE, verbose_name="sự kiện", related_name="notices")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="event_notices")
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    revision = models.ForeignKey(
        QuotaRevision, models.CASCADE, verbose_name="lần điều chỉnh", null=True, related_name="notices"
    )
    text = models.TextField("nội dung")
    on = models.DateField("ngày")
    made_at = models.DateTimeField("lúc", auto_now_add=True)
    sent_at = models.DateTimeField("gửi thư lúc", null=True)
    seen_by = models.ForeignKey(User, models.PROTECT, verbose_name="người đã xem", null=True, related_name="+")

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "thông báo sự kiện"
        verbose_name_plural = "thông báo sự kiện"
        default_permissions = ("view",)
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "unit", "on"], name="event_reminder_once_a_day", condition=Q(kind="reminder")
            ),
            models.UniqueConstraint(
                fields=["revision", "unit"], name="event_revision_told_once", condition=Q(kind="revision")
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.event}"

    def see(self, by):
        """The unit has read it; it leaves the to-do list."""
        if not by.reach.may_write(self.unit_id):
            raise Refused("Chỉ người của đơn vị nhận thông báo được đánh dấu đã xem.")
        EventNotice.objects.filter(pk=self.pk, seen_by=None).update(seen_by=by)
