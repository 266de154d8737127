from django.db import models
from django.db.models import Q
from django.utils import timezone

from events.delegates.models import Delegate
from events.gatherings.models import Event
from welfare.scoping import Owned, ScopedManager
from welfare.units.models import User

__all__ = ["Admission", "DoorToken"]


class DoorToken(models.Model):
    """The random part of what a delegate's badge carries; without the server's key nobody makes a valid badge of it."""

    delegate = models.OneToOneField(Delegate, models.CASCADE, verbose_name="đại biểu", related_name="door_token")
    nonce = models.CharField("mã ngẫu nhiên", max_length=8, unique=True)

    scope = Owned("delegate__unit")
    objects = ScopedManager()

    class Meta:
        verbose_name = "mã thẻ"
        verbose_name_plural = "mã thẻ"
        default_permissions = ()

    def __str__(self):
        return f"Mã thẻ của {self.delegate}"


class Admission(models.Model):
    """One attempt at the door, as it was sent; ``key`` is made where it happened, so that sending it again is nothing new.

    ``at``: when the delegate came, empty where a paper list doesn't tell.
    """

    class Outcome(models.TextChoices):
        ADMITTED = "admitted", "Đã vào"
        REPEATED = "repeated", "Vào lần nữa"
        REFUSED = "refused", "Không ghi được"
        UNDONE = "undone", "Đã hủy"

    class Way(models.TextChoices):
        CODE = "code", "Quét mã"
        TYPED = "typed", "Nhập mã"
        NAME = "name", "Tìm tên"
        PAPER = "paper", "Danh sách giấy"

    key = models.UUIDField("mã lượt", unique=True, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, verbose_name="sự kiện", related_name="admissions")
    delegate = models.ForeignKey(Delegate, models.PROTECT, verbose_name="đại biểu", related_name="admissions")
    outcome = models.CharField("kết quả", max_length=8, choices=Outcome.choices)
    way = models.CharField("cách ghi", max_length=5, choices=Way.choices)
    door = models.CharField("cửa", max_length=40, blank=True)
    at = models.DateTimeField("lúc", null=True)
    received_at = models.DateTimeField("ghi vào hệ thống lúc", default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", related_name="+")
    note = models.CharField("ghi chú", max_length=300, blank=True)

    scope = Owned("delegate__unit")
    objects = ScopedManager()

    class Meta:
        verbose_name = "lượt vào cửa"
        verbose_name_plural = "lượt vào cửa"
        default_permissions = ("view",)
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["event", "outcome"], name="admission_by_event")]
        constraints = [
            models.UniqueConstraint(
                fields=["delegate"], name="admitted_once", condition=Q(outcome="admitted"),
                violation_error_message="Đại biểu này đã được ghi vào cửa.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.delegate}: {self.get_outcome_display().lower()}"
