from django.db import models

from welfare.kinds import Kind


class FindingKind(Kind):
    """What an inspection finds wrong."""

    position = models.PositiveSmallIntegerField("thứ tự", default=50)

    class Meta(Kind.Meta):
        verbose_name = "loại sai sót khi kiểm tra"
        verbose_name_plural = "loại sai sót khi kiểm tra"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
        ordering = ["position", "name"]
