"""Sổ số văn bản: where an own paper takes its number, once."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from welfare.scoping import Owned, ScopedQuerySet
from welfare.units.models import Unit, today


class NumberRegisterQuerySet(ScopedQuerySet):
    def on(self, day: date):
        return self.filter(Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))

    def find(self, unit_id: int, kind, day: date):
        """The register that numbers a paper of this kind and day; None where there is none."""
        in_use = self.filter(unit=unit_id).on(day).order_by("-starts_on", "pk")
        return in_use.filter(kinds=kind).first() or in_use.filter(kinds=None).first()

    def find_or_open(self, unit_id: int, kind, day: date):
        """A unit that keeps no register of a kind gets one that starts anew each year, on the first number it gives.

        None where the unit keeps one, but of another time.
        """
        if found := self.find(unit_id, kind, day):
            return found
        with transaction.atomic():
            # Two first numbers at once open one register; rows that only name the unit need not wait.
            Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
            kept = self.filter(Q(kinds=kind) | Q(kinds=None), unit=unit_id)
            return self.find(unit_id, kind, day) if kept.exists() else self._open(unit_id, kind)

    def _open(self, unit_id, kind):
        opened = self.create(unit_id=unit_id, name=kind.name)
        alike = [other for other in type(kind).objects.all() if other.abbreviation == kind.abbreviation]
        opened.kinds.set(alike)
        return opened


class NumberRegister(models.Model):
    """Numbers of one issuer: of the kinds it names, or of all kinds no other register of the unit names.

    It starts anew on 1 January, or runs on through a term. ``starts_on`` and ``ends_on`` say when it is in use.
    """

    class Period(models.TextChoices):
        YEAR = "year", "Mỗi năm đánh số lại từ 1"
        TERM = "term", "Đánh số liên tục cả nhiệm kỳ"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị ban hành", related_name="number_registers")
    name = models.CharField("tên sổ", max_length=120)
    kinds = models.ManyToManyField(
        "welfare.DocumentKind",
        verbose_name="loại văn bản",
        blank=True,
        related_name="+",
        help_text="Không chọn loại nào: sổ dùng chung cho mọi loại chưa có sổ riêng.",
    )
    period = models.CharField("cách đánh số", max_length=10, choices=Period.choices, default=Period.YEAR)
    starts_on = models.DateField("dùng từ ngày", null=True, blank=True)
    ends_on = models.DateField("đến hết ngày", null=True, blank=True)

    scope = Owned()
    objects = models.Manager.from_queryset(NumberRegisterQuerySet)()

    class Meta:
        verbose_name = "sổ số văn bản"
        verbose_name_plural = "sổ số văn bản"
        ordering = ["unit__path", "name", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="number_register_dates_in_order",
                violation_error_message="Ngày kết thúc của sổ phải từ ngày bắt đầu trở đi.",
            ),
            models.CheckConstraint(
                condition=~Q(period="term") | Q(starts_on__isnull=False),
                name="number_register_term_begins",
                violation_error_message="Sổ theo nhiệm kỳ phải có ngày bắt đầu.",
            ),
        ]

    def __str__(self):
        return self.name

    def year_of(self, day: date) -> int:
        """The year whose numbers a paper of this day counts with; 0 in a register that runs through its term."""
        return day.year if self.period == self.Period.YEAR else 0

    def numbers_of(self, day: date) -> str:
        """Which numbers, in words: "Kế hoạch năm 2026"; a register of a term by its name alone."""
        year = self.year_of(day)
        return f"{self.name} năm {year}" if year else self.name

    def next_number(self, day: date | None = None) -> str:
        """One more than the highest given so far; numbers like "12a" count as 12."""
        given = self.documents.filter(register_year=self.year_of(day or today())).values_list("serial", flat=True)
        return f"{max((_leading(serial) for serial in given), default=0) + 1:02}"

    def refuse_overlap(self, kinds):
        """Raises ``ValidationError`` when a kind would have two registers on one day; ``kinds`` as the form has them."""
        others = NumberRegister.objects.filter(unit=self.unit_id).exclude(pk=self.pk)
        others = others.filter(Q(starts_on=None) | Q(starts_on__lte=self.ends_on or date.max))
        others = others.filter(Q(ends_on=None) | Q(ends_on__gte=self.starts_on or date.min))
        other = others.filter(kinds__in=kinds).first() if kinds else others.filter(kinds=None).first()
        if other:
            what = ", ".join(str(kind) for kind in other.kinds.filter(pk__in=kinds)) or "các loại dùng chung"
            raise ValidationError(
                f"Sổ “{other}” đang đánh số cho {what} trong thời gian này; hãy ghi ngày kết thúc của sổ đó trước."
            )


def _leading(serial: str) -> int:
    digits = serial[: len(serial) - len(serial.lstrip("0123456789"))]
    return int(digits or 0)
