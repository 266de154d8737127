from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Sum
from simple_history.models import HistoricalRecords

from programs.plans.models import Plan, PlanPart, Section
from welfare.scoping import Catalogue, Owned, ScopedManager
from welfare.units.models import Department, Unit


class Indicator(models.Model):
    """What is measured. Counted ones come from the ledger (``reports/measures.py``), reported ones from units' reports."""

    class Source(models.TextChoices):
        COUNTED = "counted", "Đếm từ sổ"
        REPORTED = "reported", "Đơn vị báo cáo"

    class RollUp(models.TextChoices):
        SUM = "sum", "Cộng dồn"
        RATIO = "ratio", "Tỷ lệ của các tổng"
        LATEST = "latest", "Số cuối kỳ"
        DISTINCT = "distinct", "Đếm không trùng"
        UNITS = "units", "Đếm đơn vị"

    code = models.CharField("mã", max_length=40, unique=True)
    name = models.CharField("tên", max_length=200)
    source = models.CharField("nguồn", max_length=10, choices=Source.choices)
    unit_of_measure = models.CharField("đơn vị tính", max_length=30)
    roll_up = models.CharField("cách tổng hợp", max_length=10, choices=RollUp.choices)
    definition = models.TextField("cách tính", blank=True)

    scope = Catalogue()
    objects = ScopedManager()

    class Meta:
        verbose_name = "chỉ số"
        verbose_name_plural = "bộ chỉ số"
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def is_ratio(self) -> bool:
        return self.roll_up == self.RollUp.RATIO


class Target(PlanPart):
    """One figure to reach. A sentence of the plan may hold several, each its own row with the same text."""

    class Comparator(models.TextChoices):
        EQUAL = "=", "đúng bằng"
        AT_LEAST = ">=", "từ … trở lên"
        MORE = ">", "trên"
        AT_MOST = "<=", "không quá"
        RANGE = "range", "trong khoảng"

    class Combine(models.TextChoices):
        ANEW = "anew", "Mỗi năm tính lại"
        CUMULATIVE = "cumulative", "Cộng dồn các năm"
        AT_END = "at_end", "Tính đến cuối kỳ"

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name="kế hoạch", related_name="targets")
    section = models.ForeignKey(
        Section, models.SET_NULL, verbose_name="mục", null=True, blank=True, related_name="targets"
    )
    text = models.TextField("chỉ tiêu như trong văn bản")
    indicator = models.ForeignKey(Indicator, models.PROTECT, verbose_name="chỉ số", related_name="targets")
    comparator = models.CharField("so sánh", max_length=5, choices=Comparator.choices, default=Comparator.AT_LEAST)
    value = models.DecimalField("giá trị", max_digits=16, decimal_places=2)
    value_max = models.DecimalField("đến giá trị", max_digits=16, decimal_places=2, null=True, blank=True)
    unit_of_measure = models.CharField("đơn vị tính", max_length=30, blank=True)
    deadline = models.DateField("hạn", null=True, blank=True)
    year = models.PositiveSmallIntegerField("năm", null=True, blank=True)
    combine = models.CharField("nhiều năm", max_length=10, choices=Combine.choices, default=Combine.ANEW)
    binds_level = models.PositiveSmallIntegerField(
        "cấp thực hiện",
        choices=[(1, "Tỉnh"), (2, "Cấp trên trực tiếp cơ sở"), (3, "Công đoàn cơ sở")],
        default=2,
    )
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="ban theo dõi", null=True, blank=True, related_name="+"
    )
    own_part = models.DecimalField("phần tỉnh trực tiếp làm", max_digits=16, decimal_places=2, default=Decimal(0))
    history = HistoricalRecords(verbose_name="lịch sử chỉ tiêu")

    class Meta(PlanPart.Meta):
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        constraints = [
            models.CheckConstraint(
                condition=~Q(comparator="range") | Q(value_max__gt=F("value")),
                name="target_range_in_order",
                violation_error_message="Khoảng giá trị phải ghi từ số nhỏ đến số lớn.",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0), name="target_not_negative",
                violation_error_message="Giá trị chỉ tiêu không được âm.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.text[:120]

    @property
    def is_percent(self) -> bool:
        return self.unit_of_measure == "%"

    def wanted(self) -> str:
        """The figure in words: "từ 10 nhà trở lên", "1 - 2 bản", "trên 90%"."""
        number, unit = (
            _plain(self.value),
            self.unit_of_measure if self.is_percent else f" {self.unit_of_measure}",
        )
        return {
            self.Comparator.EQUAL: f"{number}{unit}",
            self.Comparator.AT_LEAST: f"từ {number}{unit} trở lên",
            self.Comparator.MORE: f"trên {number}{unit}",
            self.Comparator.AT_MOST: f"không quá {number}{unit}",
            self.Comparator.RANGE: f"{number} - {_plain(self.value_max)}{unit}",
        }[self.comparator].strip()

    def is_reached_by(self, actual) -> bool:
        if actual is None:
            return False
        return {
            self.Comparator.EQUAL: actual >= self.value,
            self.Comparator.AT_LEAST: actual >= self.value,
            self.Comparator.MORE: actual > self.value,
            self.Comparator.AT_MOST: actual <= self.value,
            self.Comparator.RANGE: actual >= self.value,
        }[self.comparator]

    def clean(self):
        if self.is_percent and (self.value or 0) > 100:
            raise ValidationError({"value": "Tỷ lệ phần trăm không quá 100."})
        if self.comparator == self.Comparator.RANGE and self.value_max is None:
            raise ValidationError({"value_max": "Khoảng giá trị cần cả hai số."})
        if self.deadline and self.plan_id and self.deadline.year < self.plan.first_year:
            raise ValidationError({"deadline": "Hạn của chỉ tiêu không được trước năm bắt đầu kế hoạch."})

    def shared_out(self) -> Decimal:
        return (self.shares.aggregate(total=Sum("value"))["total"] or Decimal(0)) + self.own_part

    def share_mismatch(self) -> str:
        """A sentence when the shares do not make up the whole; empty when they do or there are none."""
        if not self.shares.exists():
            return ""
        total = self.shared_out()
        exact = self.comparator in (self.Comparator.EQUAL, self.Comparator.RANGE)
        if (
            total == self.value
            or (not exact and total > self.value)
            or (exact and self.value <= total <= (self.value_max or self.value))
        ):
            return ""
        return f"Tổng giao các đơn vị và phần của tỉnh là {_plain(total)}, chưa khớp chỉ tiêu {self.wanted()}."


class TargetShare(models.Model):
    """The part of a target one unit answers for."""

    target = models.ForeignKey(Target, models.CASCADE, verbose_name="chỉ tiêu", related_name="shares")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="target_shares")
    value = models.DecimalField("giao", max_digits=16, decimal_places=2)

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "chỉ tiêu giao đơn vị"
        verbose_name_plural = "chỉ tiêu giao đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["target", "unit"], name="target_share_once", violation_error_message="Đơn vị đã được giao chỉ tiêu này."
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0), name="target_share_not_negative",
                violation_error_message="Số giao cho đơn vị không được âm.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.unit}: {_plain(self.value)}"


class Actual(models.Model):
    """What an indicator counted for a unit's subtree-free own rows in a month; filled by ``reports/measures.py``.

    ``month`` is the first day of the month; sums add over months. A row with a ``season`` ("Tết 2023") counts that
    season instead of a month. Distinct counts (people, households, units) run from 1 January to the month's end per
    tree node (``unit`` with everything under it) and are never summed.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="actuals")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    month = models.DateField()
    season = models.CharField(max_length=40, default="", blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    numerator = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    denominator = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    counted_at = models.DateTimeField(auto_now=True)

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "số thực hiện"
        verbose_name_plural = "số thực hiện"
        constraints = [models.UniqueConstraint(fields=["indicator", "unit", "month", "season"], name="actual_once")]

    def __str__(self):
        return f"{self.indicator} {self.unit} {self.month:%m/%Y}"


class Stale(models.Model):
    """Insert-only: "rows of this source, unit and month changed". One job coalesces and recounts those cells."""

    source = models.CharField(max_length=30)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    month = models.DateField()

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "số liệu chờ đếm lại"
        verbose_name_plural = "số liệu chờ đếm lại"

    def __str__(self):
        return f"{self.source} {self.unit_id} {self.month}"


def mark_stale(source: str, unit_id: int, *days):
    """Say that rows of ``source`` changed for a unit on these business dates; cheap, never blocks another writer."""
    Stale.objects.bulk_create(
        Stale(source=source, unit_id=unit_id, month=month) for month in {day.replace(day=1) for day in days if day}
    )


def _plain(value) -> str:
    whole = value == value.to_integral_value()
    return f"{value:,.0f}".replace(",", ".") if whole else f"{value.normalize():f}".replace(".", ",")
