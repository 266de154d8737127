from django.db import models

from welfare.kinds import Kind


class SupportKind(Kind):
    """What is given: cash, a gift, a ticket, an insurance card ... ``unit_word`` is what it is counted in."""

    unit_word = models.CharField("đơn vị tính", max_length=30, default="suất")

    class Meta(Kind.Meta):
        verbose_name = "loại hỗ trợ"
        verbose_name_plural = "loại hỗ trợ"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
