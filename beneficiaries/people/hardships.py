"""Why somebody is in need, and what makes them vulnerable."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ExpressionWrapper, F, Min, Q

from beneficiaries.people.kinds import HardshipKind, VulnerabilityKind
from programs.targets.models import mark_stale
from welfare.history import History
from welfare.scoping import ScopedManager, ScopedQuerySet, Via
from welfare.units.models import Unit, today


class HardshipQuerySet(ScopedQuerySet):
    def with_first_visit(self):
        """Adds ``first_visit_on``, the first visit from the day a hardship became known, and ``waited`` until then."""
        first = Min("person__visits__on", filter=Q(person__visits__on__gte=F("known_on")))
        waited = ExpressionWrapper(F("first_visit_on") - F("known_on"), models.DurationField())
        return self.annotate(first_visit_on=first).annotate(waited=waited)


class Hardship(models.Model):
    """Why someone is in need, once a kind and year. The wording of the list is kept."""

    class Severity(models.IntegerChoices):
        LIGHT = 1, "Nhẹ"
        MIDDLE = 2, "Vừa"
        GRAVE = 3, "Nặng"
        EXTREME = 4, "Đặc biệt nặng"

    person = models.ForeignKey(  # hardship_once_a_year leads with it
        "beneficiaries.Person", models.CASCADE, verbose_name="người", related_name="hardships", db_index=False
    )
    # Where the person belonged then: figures of the past stay with it when the person moves. The person's own key
    # vouches for the unit, so that the database need not look it up for every row of a list.
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="đơn vị lúc ghi nhận", editable=False, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    kind = models.ForeignKey(HardshipKind, models.PROTECT, verbose_name="loại hoàn cảnh")
    year = models.PositiveSmallIntegerField("năm")
    known_on = models.DateField("biết từ ngày", default=today)
    severity = models.PositiveSmallIntegerField("mức độ", choices=Severity.choices, null=True, blank=True)
    note = models.CharField("ghi rõ", max_length=300, blank=True)
    history = History(verbose_name="lịch sử hoàn cảnh")

    scope = Via("person")
    objects = models.Manager.from_queryset(HardshipQuerySet)()

    class Meta:
        verbose_name = "hoàn cảnh"
        verbose_name_plural = "hoàn cảnh"
        ordering = ["-known_on"]
        indexes = [models.Index(fields=["year", "known_on", "id"], name="hardship_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "year"],
                name="hardship_once_a_year",
                violation_error_message="Người này đã có hoàn cảnh loại đó trong năm.",
            )
        ]

    def __str__(self):
        return f"{self.kind} ({self.year})"

    def save(self, **options):
        self.unit_id = self.unit_id or self.person.unit_id
        super().save(**options)
        mark_stale("people", self.unit_id, date(self.year, 1, 1), self.known_on)

    def clean(self):
        if self.known_on and self.known_on > today():
            raise ValidationError({"known_on": f"Ngày {self.known_on:%d/%m/%Y} chưa tới; hãy xem lại."})
        born = self.person.first_day if self.person_id or self.person else None
        if born and self.known_on and self.known_on < born:
            raise ValidationError({"known_on": f"Ngày biết hoàn cảnh trước ngày sinh ({self.person.born})."})
        if self.year and not (born.year if born else 1990) <= self.year <= today().year + 1:
            raise ValidationError({"year": f"Năm {self.year} không hợp lý; hãy xem lại năm của hoàn cảnh."})


class VulnerabilityMark(models.Model):
    """What makes somebody vulnerable; a pregnancy or a child's age ends by itself."""

    person = models.ForeignKey(  # vulnerability_once leads with it
        "beneficiaries.Person", models.CASCADE, verbose_name="người", related_name="vulnerabilities", db_index=False
    )
    kind = models.ForeignKey(VulnerabilityKind, models.PROTECT, verbose_name="loại yếu thế")
    until = models.DateField("đến hết ngày", null=True, blank=True, help_text="Để trống nếu không có hạn.")
    history = History(verbose_name="lịch sử yếu thế")

    scope = Via("person")
    objects = ScopedManager()

    class Meta:
        verbose_name = "diện yếu thế"
        verbose_name_plural = "diện yếu thế"
        ordering = ["kind__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                name="vulnerability_once",
                violation_error_message="Người này đã được ghi loại yếu thế đó.",
            )
        ]

    def __str__(self):
        return str(self.kind)

    def clean(self):
        born = self.person.first_day if self.person_id or self.person else None
        if born and self.until and self.until < born:
            raise ValidationError({"until": f"Ngày hết hạn trước ngày sinh ({self.person.born})."})

    @property
    def is_in_force(self) -> bool:
        return self.until is None or self.until >= today()
