from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Sum

from programs.plans.freezing import refuse_frozen
from programs.plans.models import LEVELS, Plan, PlanPart, Section
from welfare.history import History
from welfare.kinds import Kind
from welfare.scoping import Owned, ScopedManager, ScopedQuerySet, Via
from welfare.units.models import Department, Unit, today

SEASON_NAME = 30  # characters; with a year, room is left in Actual.season and Target.season
BOUND = 10**13  # figures stay below it: SQLite keeps 15 digits of a number, and two stand after the comma


class Indicator(Kind):
    """What is measured. Counted ones come from the ledger, reported ones from units' reports.

    ``measure`` is the code of one in ``settings.MEASURES``, ``options`` what of it counts: {option's name: value}.
    """

    class Source(models.TextChoices):
        COUNTED = "counted", "Đếm từ sổ"
        REPORTED = "reported", "Đơn vị báo cáo"

    class RollUp(models.TextChoices):
        SUM = "sum", "Cộng dồn"
        RATIO = "ratio", "Tỷ lệ của các tổng"
        LATEST = "latest", "Số cuối kỳ"
        DISTINCT = "distinct", "Đếm không trùng"
        UNITS = "units", "Đếm đơn vị"

    source = models.CharField("nguồn", max_length=10, choices=Source.choices)
    unit_of_measure = models.CharField("đơn vị tính", max_length=30)
    roll_up = models.CharField(
        "cách tổng hợp",
        max_length=10,
        choices=RollUp.choices,
        help_text="Cộng dồn: cộng mọi tháng, mọi đơn vị. Tỷ lệ của các tổng: cộng tử số, cộng mẫu số rồi mới chia. "
        "Số cuối kỳ: lấy số mới nhất.",
    )
    measure = models.CharField("đếm gì trong sổ", max_length=30, null=True, blank=True)
    options = models.JSONField("chỉ đếm phần nào", default=dict, blank=True)
    definition = models.TextField(
        "cách tính", blank=True, help_text="Đếm những gì, trong kỳ nào; tỷ lệ thì tử số là gì, mẫu số là gì."
    )

    WHOLE = "indicator:"  # a mark of this source with its id: count all of the indicator anew

    class Meta(Kind.Meta):
        verbose_name = "chỉ số"
        verbose_name_plural = "bộ chỉ số"
        constraints = [
            models.CheckConstraint(
                condition=Q(roll_up="ratio", unit_of_measure="%") | ~Q(roll_up="ratio") & ~Q(unit_of_measure="%"),
                name="indicator_percent_is_ratio",
                violation_error_message="Chỉ số tính bằng phần trăm phải tổng hợp theo tỷ lệ của các tổng (có tử số và mẫu số), "
                "và chỉ số tỷ lệ phải có đơn vị tính là %%.",
            ),
            models.CheckConstraint(
                condition=Q(source="counted", measure__isnull=False) | Q(source="reported", measure__isnull=True),
                name="indicator_counts_something",
                violation_error_message="Chỉ số đếm từ sổ phải chọn đếm gì; chỉ số đơn vị báo cáo thì không chọn.",
            ),
        ]

    def save(self, **options):
        super().save(**options)
        self.mark_stale()

    def mark_stale(self):
        """Have all of it counted anew, in every unit and month."""
        root = Unit.objects.get_first_root_node()
        if self.measure and root:
            mark_stale(f"{self.WHOLE}{self.pk}", root.pk, today())

    @property
    def is_ratio(self) -> bool:
        return self.roll_up == self.RollUp.RATIO


class TargetQuerySet(ScopedQuerySet):
    def with_shared_out(self):
        """Adds ``shares_total``: what the units were given, None where nothing was."""
        return self.annotate(shares_total=Sum("shares__value"))

    def binding(self, unit: Unit):
        """What a unit answers for: its shares, rates that bind its level or one below it, and its own plans' targets."""
        above = [unit.path[: unit.steplen * depth] for depth in range(1, unit.depth)]
        rates = Q(unit_of_measure="%", binds_level__gt=1, binds_level__gte=unit.kind.level, plan__unit__path__in=above)
        shares = Q(pk__in=TargetShare.objects.filter(unit=unit).values("target"))
        return self.filter(shares | rates | Q(plan__unit=unit)).filter(plan__state__in=Plan.OUT)

    def mismatched(self) -> list:
        """Targets shared out so that the shares don't make up the whole."""
        shared = self.with_shared_out().filter(shares_total__isnull=False)
        return [target for target in shared if not target.adds_up(target.shares_total + target.own_part)]


class Target(PlanPart):
    """One figure to reach. A sentence of the plan may hold several, each its own row with the same text."""

    class Comparator(models.TextChoices):
        EQUAL = "=", "đúng bằng"
        AT_LEAST = ">=", "từ … trở lên"
        MORE = ">", "trên"
        AT_MOST = "<=", "không quá"
        LESS = "<", "dưới"
        RANGE = "range", "trong khoảng"

    class Combine(models.TextChoices):
        ANEW = "anew", "Mỗi năm tính lại"
        CUMULATIVE = "cumulative", "Cộng dồn các năm"
        AT_END = "at_end", "Tính đến cuối kỳ"

    LIVES_ON = ("own_part",)

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
    season = models.CharField(
        "mùa",
        max_length=40,
        blank=True,
        help_text="Ví dụ Tết 2027: đếm mọi khoản của mùa đó, dù chi trước hay sau năm mới.",
    )
    combine = models.CharField("nhiều năm", max_length=10, choices=Combine.choices, default=Combine.ANEW)
    binds_level = models.PositiveSmallIntegerField("cấp thực hiện", choices=LEVELS, default=2)
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="ban theo dõi", null=True, blank=True, related_name="+"
    )
    own_part = models.DecimalField("phần tỉnh trực tiếp làm", max_digits=16, decimal_places=2, default=Decimal(0))
    history = History(verbose_name="lịch sử chỉ tiêu")

    objects = models.Manager.from_queryset(TargetQuerySet)()

    class Meta(PlanPart.Meta):
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        constraints = [
            models.CheckConstraint(
                condition=~Q(comparator="range") | Q(value_max__isnull=False, value_max__gt=F("value")),
                name="target_range_in_order",
                violation_error_message="Khoảng giá trị phải ghi từ số nhỏ đến số lớn.",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0, own_part__gte=0), name="target_not_negative",
                violation_error_message="Giá trị chỉ tiêu và phần của tỉnh không được âm.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.text[:120]

    @property
    def is_percent(self) -> bool:
        return self.unit_of_measure == "%"

    @property
    def is_ceiling(self) -> bool:
        return self.comparator in (self.Comparator.AT_MOST, self.Comparator.LESS)

    def wanted(self) -> str:
        """The figure in words: "từ 10 nhà trở lên", "1 - 2 bản", "trên 90%"."""
        number = plain_number(self.value)
        return {
            self.Comparator.EQUAL: self.in_words(self.value),
            self.Comparator.AT_LEAST: f"từ {self.in_words(self.value)} trở lên",
            self.Comparator.MORE: f"trên {self.in_words(self.value)}",
            self.Comparator.AT_MOST: f"không quá {self.in_words(self.value)}",
            self.Comparator.LESS: f"dưới {self.in_words(self.value)}",
            self.Comparator.RANGE: f"{number} - {self.in_words(self.value_max or self.value)}",
        }[self.comparator]

    def in_words(self, number) -> str:
        """A number with the target's unit of measure: "7 nhà", "92,5%"."""
        unit = "%" if self.is_percent else f" {self.unit_of_measure}"
        return f"{plain_number(number)}{unit}".strip()

    def is_reached_by(self, actual) -> bool:
        if actual is None:
            return False
        return {
            self.Comparator.EQUAL: actual >= self.value,
            self.Comparator.AT_LEAST: actual >= self.value,
            self.Comparator.MORE: actual > self.value,
            self.Comparator.AT_MOST: actual <= self.value,
            self.Comparator.LESS: actual < self.value,
            self.Comparator.RANGE: actual >= self.value,
        }[self.comparator]

    def clean(self):
        if self.indicator_id and not self.unit_of_measure:
            self.unit_of_measure = self.indicator.unit_of_measure
        errors = {**self._wrong_figures(), **self._wrong_years()}
        if errors:
            raise ValidationError(errors)

    def _wrong_figures(self) -> dict:
        wrong = self._wrong_percent()
        for name in ("value", "own_part"):
            if (getattr(self, name) or 0) < 0:
                wrong[name] = "Giá trị chỉ tiêu và phần của tỉnh không được âm."
        is_range = self.comparator == self.Comparator.RANGE
        if is_range and self.value_max is None:
            wrong["value_max"] = "Khoảng giá trị cần cả hai số."
        elif is_range and self.value is not None and self.value_max <= self.value:
            wrong["value_max"] = "Khoảng giá trị phải ghi từ số nhỏ đến số lớn."
        elif not is_range and self.value_max is not None:
            wrong["value_max"] = "Chỉ ghi “đến giá trị” khi so sánh là “trong khoảng”."
        return wrong

    def _wrong_percent(self) -> dict:
        """A percentage needs a denominator, which ratios alone have; and what a ratio counts is a percentage."""
        over = [name for name in ("value", "value_max") if self.is_percent and (getattr(self, name) or 0) > 100]
        wrong = dict.fromkeys(over, "Tỷ lệ phần trăm không quá 100.")
        if self.indicator_id and self.is_percent and not self.indicator.is_ratio:
            wrong["unit_of_measure"] = (
                f"Chỉ số “{self.indicator}” không có mẫu số nên không đặt chỉ tiêu phần trăm; hãy chọn một chỉ số tỷ lệ."
            )
        elif self.indicator_id and self.indicator.is_ratio and not self.is_percent:
            wrong["unit_of_measure"] = f"Chỉ số “{self.indicator}” là tỷ lệ nên đơn vị tính phải là %."
        return wrong

    def _wrong_years(self) -> dict:
        plan = getattr(self, "plan", None)
        if plan is None or not plan.first_year:
            return {}
        before = {"deadline": self.deadline and self.deadline.year, "year": self.year}
        return {
            name: f"{'Hạn' if name == 'deadline' else 'Năm'} của chỉ tiêu không được trước năm bắt đầu kế hoạch ({plan.first_year})."
            for name, year in before.items()
            if year and year < plan.first_year
        }

    @property
    def is_shareable(self) -> bool:
        """A rate binds every unit alike; only counts and sums are divided."""
        return not self.is_percent

    def shared_out(self) -> Decimal:
        return (self.shares.aggregate(total=Sum("value"))["total"] or Decimal(0)) + self.own_part

    def adds_up(self, total) -> bool:
        """Shares with the province's own part make the whole (=), reach it (>=, >) or stay under it (<=, <)."""
        if self.is_ceiling:
            return total <= self.value
        if self.comparator == self.Comparator.EQUAL:
            return total == self.value
        return self.value <= total <= (self.value_max or total)

    def share_mismatch(self) -> str:
        """A sentence when the shares do not make up the whole; empty when they do or there are none."""
        return self.mismatch_of(self.shared_out()) if self.shares.exists() else ""

    def mismatch_of(self, total) -> str:
        if self.adds_up(total):
            return ""
        return f"Tổng giao các đơn vị và phần của tỉnh là {plain_number(total)}, chưa khớp chỉ tiêu {self.wanted()}."

    def may_be_shared_out_by(self, user) -> bool:
        return self.is_shareable and may_share_out(self.plan, user)


def may_share_out(plan: Plan, user) -> bool:
    may_write = user.reach_for("programs.change_targetshare").may_write(plan.unit_id)
    return may_write and plan.state != Plan.State.CLOSED


class TargetMilestone(models.Model):
    """What a target of several years wants by the end of one of them; of a target made anew, in that year.

    Frozen with the plan's text.
    """

    target = models.ForeignKey(Target, models.CASCADE, verbose_name="chỉ tiêu", related_name="milestones")
    year = models.PositiveSmallIntegerField("năm")
    value = models.DecimalField("mốc", max_digits=16, decimal_places=2)

    scope = Via("target")
    objects = ScopedManager()

    class Meta:
        verbose_name = "mốc của chỉ tiêu"
        verbose_name_plural = "mốc của chỉ tiêu"
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "year"], name="target_milestone_once", violation_error_message="Mỗi năm chỉ ghi một mốc."
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0), name="target_milestone_not_negative", violation_error_message="Mốc không được âm."
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.year}: {plain_number(self.value)}"

    def save(self, **options):
        refuse_frozen(self.target.plan)
        super().save(**options)

    def delete(self, **options):
        refuse_frozen(self.target.plan)
        return super().delete(**options)


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
        return f"{self.unit}: {plain_number(self.value)}"


class Actual(models.Model):
    """What an indicator counted for a unit's subtree-free own rows in a month; filled by ``reports/measures/counting.py``.

    ``month`` is the first day of the month; sums add over months. A row with a ``season`` ("Tết 2023") counts that
    season instead of a month. Of counted sums and ratios a season that begins with ``TREE`` ("*", "*Tết 2023") is the
    month's or the season's sum of the unit with everything under it, so that a page reads one row instead of every
    unit's. Distinct counts (people, households, units) run from 1 January to the month's end per tree node (``unit``
    with everything under it) and are never summed.
    """

    TREE = "*"

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


def rename_season(old: str, new: str, **narrowed):
    """Targets, all or those ``narrowed``, name their season as what is counted stands under: "Tết 2027"."""
    targets = Target.objects.filter(season__startswith=f"{old} ", **narrowed)
    for season in set(targets.order_by().values_list("season", flat=True)):
        name, _, year = season.rpartition(" ")
        if name == old and year.isdecimal():
            Target.objects.filter(season=season, **narrowed).update(season=f"{new} {year}")


def check_season_name(name: str, field: str):
    """With its year it must fit where figures stand under it, and be told from the sums kept there."""
    if len(name) > SEASON_NAME or name.startswith(Actual.TREE):
        wrong = f"Tên mùa viết gọn trong {SEASON_NAME} chữ và không bắt đầu bằng dấu *, ví dụ “Tết”."
        raise ValidationError({field: wrong})


def mark_stale(source: str, unit_id: int, *days):
    """Say that rows of ``source`` changed for a unit on these business dates; cheap, never blocks another writer."""
    Stale.objects.bulk_create(
        Stale(source=source, unit_id=unit_id, month=month) for month in {day.replace(day=1) for day in days if day}
    )


def plain_number(value) -> str:
    """1234567 as "1.234.567", 62.50 as "62,5"."""
    text = f"{Decimal(value):,.2f}".rstrip("0").removesuffix(".")
    return text.translate({ord(","): ".", ord("."): ","})
