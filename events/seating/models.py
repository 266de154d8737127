from django.db import models
from django.db.models import Q

from events.delegates.models import Delegate
from events.gatherings.models import Event
from events.quotas.models import QuotaLine
from events.seating.grid import LETTERS
from welfare.history import History
from welfare.scoping import Owned, ScopedManager, Via

__all__ = ["Hall", "Seat", "SeatBlock"]


class Hall(models.Model):
    """The hall of one event, drawn on a grid (``events.seating.grid``).

    ``version`` grows with every save of the drawing, so that a page opened before can't overwrite a newer one.
    """

    event = models.OneToOneField(Event, models.CASCADE, verbose_name="sự kiện", related_name="hall")
    drawing = models.TextField("sơ đồ")
    leading = models.ManyToManyField(QuotaLine, verbose_name="thành phần ngồi trước", blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0, editable=False)
    history = History(verbose_name="lịch sử hội trường")

    scope = Via("event")
    objects = ScopedManager()

    class Meta:
        verbose_name = "hội trường"
        verbose_name_plural = "hội trường"
        default_permissions = ("view", "change")

    def __str__(self):
        return f"Hội trường: {self.event}"

    @property
    def rows(self) -> list[str]:
        return self.drawing.split("\n")


class SeatBlock(models.Model):
    """Seats of one letter in the drawing; with ``lines`` they are for delegates of those lines alone."""

    hall = models.ForeignKey(Hall, models.CASCADE, verbose_name="hội trường", related_name="blocks")
    letter = models.CharField("chữ", max_length=1, choices=[(letter, letter) for letter in LETTERS])
    name = models.CharField("tên khối", max_length=80)
    lines = models.ManyToManyField(QuotaLine, verbose_name="dành cho", blank=True, related_name="+")

    scope = Via("hall")
    objects = ScopedManager()

    class Meta:
        verbose_name = "khối ghế"
        verbose_name_plural = "khối ghế"
        default_permissions = ("view",)
        ordering = ["hall", "letter"]
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "letter"], name="seat_block_letter_once",
                violation_error_message="Mỗi chữ chỉ dùng cho một khối.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.letter} – {self.name}"


class Seat(models.Model):
    """Where a delegate sits: a cell of the drawing. ``is_fixed``: put there by hand, the automatic seating leaves it."""

    hall = models.ForeignKey(Hall, models.CASCADE, verbose_name="hội trường", related_name="seats")
    delegate = models.OneToOneField(Delegate, models.CASCADE, verbose_name="đại biểu", related_name="seat")
    row = models.PositiveSmallIntegerField("hàng")
    column = models.PositiveSmallIntegerField("cột")
    is_fixed = models.BooleanField("giữ chỗ", default=False)

    scope = Owned("delegate__unit")
    objects = ScopedManager()

    class Meta:
        verbose_name = "chỗ ngồi"
        verbose_name_plural = "chỗ ngồi"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "row", "column"], name="seat_taken_once",
                violation_error_message="Ghế này đã có người ngồi.",
            ),
            models.CheckConstraint(
                condition=Q(row__lt=60) & Q(column__lt=60), name="seat_within_a_hall",
                violation_error_message="Ghế nằm ngoài sơ đồ.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.delegate}: hàng {self.row + 1}, cột {self.column + 1}"
