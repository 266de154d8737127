from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from beneficiaries.grants.models import Occasion
from beneficiaries.people.models import Person
from programs.targets.models import mark_stale
from welfare.history import History
from welfare.scoping import ScopedManager, Via
from welfare.units.models import Unit, User, today
from welfare.vietnamese import format_money


class Visit(models.Model):
    """A unit went to see someone. Whoever sees the person sees the visit; the unit that went writes it."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị đi thăm", related_name="+")
    person = models.ForeignKey(  # visit_once_a_day leads with it
        Person, models.PROTECT, verbose_name="người được thăm", related_name="visits", db_index=False
    )
    # Where the person belonged then: figures of the past stay with it when the person moves.
    person_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="đơn vị của người được thăm", editable=False, related_name="+"
    )
    on = models.DateField("ngày thăm", default=today, db_index=True)
    visitors = models.CharField("người đi thăm", max_length=200)
    occasion = models.ForeignKey(Occasion, models.PROTECT, verbose_name="dịp", null=True, blank=True, related_name="+")
    gift = models.CharField("quà", max_length=160, blank=True, help_text="Để trống nếu chỉ thăm hỏi, động viên.")
    gift_value = models.BigIntegerField("tiền, giá trị quà (đồng)", default=0, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", editable=False, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    history = History(verbose_name="lịch sử thăm hỏi")

    scope = Via("person")
    objects = ScopedManager()

    class Meta:
        verbose_name = "lượt thăm hỏi"
        verbose_name_plural = "thăm hỏi"
        default_permissions = ("view", "add", "change", "delete", "export")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "on"], name="visit_once_a_day",
                violation_error_message="Đơn vị đã ghi lượt thăm người này trong ngày đó; hãy mở lượt thăm ấy để sửa.",
            ),
            models.CheckConstraint(
                condition=Q(gift_value__gte=0), name="visit_gift_not_negative",
                violation_error_message="Giá trị quà không được âm.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"Thăm {self.person} ngày {self.on:%d/%m/%Y}"

    def save(self, **options):
        self.person_unit_id = self.person_unit_id or self.person.unit_id
        super().save(**options)
        mark_stale("visits", self.person_unit_id, self.on, getattr(self, "_on_before", None))

    def delete(self, **options):
        mark_stale("visits", self.person_unit_id, self.on)
        return super().delete(**options)

    @classmethod
    def from_db(cls, db, field_names, values):
        """Remembers the day as it stands: a visit moved to another day leaves the month it was in."""
        row = super().from_db(db, field_names, values)
        row._on_before = row.__dict__.get("on")
        return row

    @property
    def gift_text(self) -> str:
        """What was given, "" for words alone."""
        return ", ".join(filter(None, [self.gift, format_money(self.gift_value) if self.gift_value else ""]))

    def clean(self):
        if not self.on:
            return
        if self.on > today():
            raise ValidationError({"on": f"Ngày {self.on:%d/%m/%Y} chưa tới; hãy ghi ngày đã đi thăm."})
        born = self.person.first_day
        if born and self.on < born:
            raise ValidationError({"on": f"Ngày thăm trước ngày sinh của người được thăm ({self.person.born})."})
