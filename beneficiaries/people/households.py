"""Households and their poverty class by year."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from beneficiaries.words import FoldedWords, named, words_of
from programs.targets.models import mark_stale
from welfare.history import History
from welfare.scoping import Owned, ScopedManager, ScopedQuerySet, Via
from welfare.units.models import Unit, today


class HouseholdQuerySet(ScopedQuerySet):
    def search(self, words: str):
        """By the beginnings of words of the head's name."""
        return self.filter(*named(FoldedWords("head_name"), [], words_of(words)))


class Household(models.Model):
    """Whom a poverty certificate names. The head may be nobody we know."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="households")
    head = models.ForeignKey(  # household_by_head finds the few that have one
        "beneficiaries.Person", models.SET_NULL, verbose_name="hồ sơ của chủ hộ", null=True, blank=True,
        related_name="headed", db_index=False, help_text="Để trống nếu chủ hộ chưa có hồ sơ.",
    )  # fmt: skip
    head_name = models.CharField("chủ hộ", max_length=120)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    size = models.PositiveSmallIntegerField("số nhân khẩu", null=True, blank=True)
    note = models.TextField("ghi chú", blank=True)
    created_at = models.DateTimeField("ghi nhận lúc", auto_now_add=True)
    history = History(verbose_name="lịch sử hộ")

    scope = Owned()
    objects = models.Manager.from_queryset(HouseholdQuerySet)()

    class Meta:
        verbose_name = "hộ gia đình"
        verbose_name_plural = "hộ gia đình"
        default_permissions = ("view", "add", "change", "delete", "export")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["head"], name="household_by_head", condition=Q(head__isnull=False))]

    def __str__(self):
        return f"Hộ {self.head_name}"

    @property
    def latest_class(self) -> str:
        """Of the last year recorded, with the year; "" where there never was one."""
        latest = next(iter(self.poverty_records.all()), None)
        return str(latest) if latest else ""

    def clean(self):
        if self.head_id and self.unit_id and self.head.unit_id != self.unit_id:
            raise ValidationError({"head": f"{self.head.full_name} thuộc đơn vị khác; hãy chọn người của đơn vị này."})
        if self.head_id and self.pk and self.head.household_id not in (None, self.pk):
            raise ValidationError({"head": f"{self.head.full_name} đang thuộc hộ khác; hãy sửa hồ sơ người đó trước."})


class PovertyRecord(models.Model):
    """A household's class in one year. A class not renewed this year is shown as unconfirmed, never carried over."""

    class Status(models.TextChoices):
        POOR = "poor", "Hộ nghèo"
        NEAR_POOR = "near_poor", "Hộ cận nghèo"

    household = models.ForeignKey(  # poverty_once_a_year leads with it
        Household, models.CASCADE, verbose_name="hộ", related_name="poverty_records", db_index=False
    )
    # Where the household belonged then: figures of the past stay with it when the household moves. The household's own
    # key vouches for the unit, so that the database need not look it up for every row of a list.
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="đơn vị lúc ghi nhận", editable=False, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    year = models.PositiveSmallIntegerField("năm")
    status = models.CharField("diện", max_length=10, choices=Status.choices)
    certificate_number = models.CharField("số giấy chứng nhận", max_length=60, blank=True)
    commune = models.CharField("xã, phường cấp", max_length=120, blank=True)
    issued_on = models.DateField("ngày cấp", null=True, blank=True)
    history = History(verbose_name="lịch sử diện hộ")

    scope = Via("household")
    objects = ScopedManager()

    class Meta:
        verbose_name = "diện hộ theo năm"
        verbose_name_plural = "diện hộ theo năm"
        ordering = ["-year"]
        indexes = [models.Index(fields=["year", "id"], name="poverty_by_year")]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "year"],
                name="poverty_once_a_year",
                violation_error_message="Hộ này đã có diện hộ của năm đó.",
            )
        ]

    def __str__(self):
        return f"{self.get_status_display()} {self.year}"

    def save(self, **options):
        self.unit_id = self.unit_id or self.household.unit_id
        super().save(**options)
        mark_stale("people", self.unit_id, date(self.year, 1, 1))

    def clean(self):
        if self.year and not 1990 <= self.year <= today().year + 1:
            raise ValidationError({"year": f"Năm phải từ 1990 đến {today().year + 1}."})
        if self.issued_on and self.issued_on > today():
            raise ValidationError({"issued_on": f"Ngày cấp {self.issued_on:%d/%m/%Y} chưa tới; hãy xem lại."})
