import re
from uuid import uuid4

from django.db import models

from welfare.scoping import Catalogue, ScopedManager
from welfare.vietnamese import fold


class Kind(models.Model):
    """A row of an editable table. ``code`` names it for the programme and is never shown; people see the name."""

    code = models.CharField("mã", max_length=60, unique=True, editable=False)
    name = models.CharField("tên", max_length=200)

    scope = Catalogue()
    objects = ScopedManager()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self):
        return self.name

    def save(self, **options):
        if not self.code:
            self.code = f"{fold(self.name).replace(' ', '_')[:50]}_{uuid4().hex[:6]}"
        super().save(**options)

    @property
    def is_declared(self) -> bool:
        """Whether the programme itself brought the row and may speak of it by its code; others were typed on screen."""
        return not re.search(r"_[0-9a-f]{6}$", self.code)
