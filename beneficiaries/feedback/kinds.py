from django.db import models

from welfare.kinds import Kind
from welfare.units.models import InForceQuerySet


class FeedbackKind(Kind):
    """What somebody writes about, and how fast it is answered. Other days from a date on: a new row from that date."""

    hint = models.CharField("giải thích cho người gửi", max_length=200, blank=True)
    is_confidential = models.BooleanField(
        "mật", default=False,
        help_text="Chỉ lãnh đạo và Ủy ban Kiểm tra xem được, cho đến khi Ủy ban Kiểm tra chia sẻ.",
    )  # fmt: skip
    acknowledge_days = models.PositiveSmallIntegerField("số ngày làm việc để phân công", default=2)
    answer_days = models.PositiveSmallIntegerField("số ngày làm việc để trả lời", default=10)
    position = models.PositiveSmallIntegerField("thứ tự", default=50)
    valid_from = models.DateField("áp dụng từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    objects = models.Manager.from_queryset(InForceQuerySet)()

    class Meta(Kind.Meta):
        verbose_name = "loại phản ánh"
        verbose_name_plural = "loại phản ánh"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
        ordering = ["position", "name"]
