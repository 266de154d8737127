"""The editable tables that people are described by."""

from django.db import models

from welfare.kinds import Kind


class HardshipKind(Kind):
    is_health = models.BooleanField("thuộc sức khỏe (dữ liệu nhạy cảm)", default=False)
    words = models.CharField(
        "từ thường gặp trong danh sách", max_length=400, blank=True, help_text="Cách nhau bằng dấu phẩy"
    )

    class Meta(Kind.Meta):
        verbose_name = "loại hoàn cảnh"
        verbose_name_plural = "loại hoàn cảnh"
        default_permissions = ("view", "add", "change", "delete", "export", "import")


class VulnerabilityKind(Kind):
    """Whom care reaches first: ethnic minority, pregnant, child under 6, disabled, elderly ..."""

    class Meta(Kind.Meta):
        verbose_name = "loại yếu thế"
        verbose_name_plural = "loại yếu thế"
        default_permissions = ("view", "add", "change", "delete", "export", "import")


class EmploymentKind(Kind):
    """Formal work, the informal sector, reduced or lost work ..."""

    class Meta(Kind.Meta):
        verbose_name = "tình trạng việc làm"
        verbose_name_plural = "tình trạng việc làm"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
