from django.db import models

from welfare.kinds import Kind


class HouseKind(Kind):
    is_duty = models.BooleanField(
        "nhà ở công vụ", default=False, help_text="Thuộc về một cơ quan và có người ở, không thuộc về một hộ."
    )

    class Meta(Kind.Meta):
        verbose_name = "loại nhà"
        verbose_name_plural = "loại nhà"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
