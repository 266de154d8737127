from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from events.gatherings.steps import EventSteps
from programs.plans.models import Plan
from welfare.scoping import ScopedManager, SharedDown
from welfare.units.models import Unit, User


class Event(EventSteps):
    """A gathering prepared by one unit, to which the units under it send delegates by a quota.

    ``quota_version`` grows with every save of the quota, so that a sheet opened before can't overwrite a newer one.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Đang chuẩn bị"
        ANNOUNCED = "announced", "Đã thông báo"
        HELD = "held", "Đã tổ chức"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị tổ chức", related_name="events")
    plan = models.ForeignKey(
        Plan, models.PROTECT, verbose_name="theo kế hoạch", null=True, blank=True, related_name="events"
    )
    code = models.CharField("mã", max_length=30, unique=True)
    name = models.CharField("tên sự kiện", max_length=200)
    venue = models.CharField("địa điểm", max_length=200, blank=True)
    on = models.DateField("ngày tổ chức", null=True, blank=True)
    starts_at = models.TimeField("giờ bắt đầu", null=True, blank=True)
    expected = models.PositiveIntegerField("số đại biểu dự kiến")
    nominate_by = models.DateField(
        "hạn gửi danh sách đại biểu", null=True, blank=True, help_text="Các đơn vị gửi danh sách chậm nhất ngày này."
    )
    note = models.TextField("ghi chú", blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    quota_version = models.PositiveIntegerField(default=0, editable=False)
    quota_saved_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")

    scope = SharedDown(once=Q(state__in=["announced", "held"]))
    objects = ScopedManager()

    class Meta:
        verbose_name = "sự kiện"
        verbose_name_plural = "sự kiện"
        ordering = ["-on", "-pk"]

    def __str__(self):
        return self.name

    def clean(self):
        if self.on and self.nominate_by and self.nominate_by > self.on:
            raise ValidationError({"nominate_by": "Hạn gửi danh sách phải trước hoặc đúng ngày tổ chức."})
