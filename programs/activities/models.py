from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from programs.activities.rows import CareQuerySet, CareRow
from programs.plans.models import Plan
from programs.targets.models import Indicator, check_season_name, rename_season
from welfare.documents.models import StoredFile
from welfare.history import History
from welfare.kinds import Kind
from welfare.rules import business_day, need
from welfare.scoping import Owned, ScopedManager, Via
from welfare.states import Refused, moving
from welfare.units.models import Organization, Unit, User, today

MOST_MONEY = 10**12  # VND; more is a slip of the finger, and sums must stay within what a database adds up

TWICE = "Đơn vị đã ghi hoạt động này: cùng loại, tên, ngày và địa điểm."


class ActivityKind(Kind):
    season = models.CharField(
        "mùa", max_length=40, blank=True,
        help_text="Ví dụ Tết: hoạt động được tính cho mùa Tết của năm, dù tổ chức trước hay sau năm mới.",
    )  # fmt: skip

    class Meta(Kind.Meta):
        verbose_name = "loại hoạt động"
        verbose_name_plural = "loại hoạt động"

    @transaction.atomic
    def save(self, **options):
        """What is counted of the kind's season stands under the season's name, also in years without an activity."""
        before = ActivityKind.objects.filter(pk=self.pk).first()
        super().save(**options)
        if before and before.season != self.season:
            for indicator in Indicator.objects.filter(measure__isnull=False, options__activity=self.code):
                indicator.mark_stale()
                if before.season and self.season:
                    rename_season(before.season, self.season, indicator=indicator)

    def clean(self):
        check_season_name(self.season, "season")


def season_year_of(day) -> int:
    """The year of the season an activity on ``day`` is for: what is held from July on is for the coming year."""
    return day.year + (day.month >= 7)


class ActivityQuerySet(CareQuerySet):
    def held(self):
        """What measures count: by ``unit`` and ``held_on``, or by season (``kind__season`` and ``season_year``)."""
        return self.filter(state=Activity.State.HELD)

    def overdue(self, on=None):
        """Still planned although their day has passed."""
        return self.filter(state=Activity.State.PLANNED, held_on__lt=on or today())

    def with_cost(self):
        """Adds ``cost`` (VND), the sum of who paid what."""
        paid = ActivityCost.objects.filter(activity=OuterRef("pk")).order_by().values("activity")
        return self.annotate(cost=Subquery(paid.annotate(total=Sum("amount")).values("total")))

    def totals(self) -> dict:
        """``count`` of all, and of those held: ``held``, ``participants``, ``gifts``, ``gifts_value``, ``cost``."""
        rows, held = self.order_by(), self.held().order_by()
        sums = {name: Sum(name, default=0) for name in ("participants", "gifts", "gifts_value")}
        costs = ActivityCost.objects.filter(activity__in=held.values("pk"))
        return {
            "count": rows.count(),
            **held.aggregate(held=Count("pk"), **sums),
            **costs.aggregate(cost=Sum("amount", default=0)),
        }


class Activity(CareRow):
    """Something a unit held, or is going to hold, for its members. Money in VND."""

    class State(models.TextChoices):
        PLANNED = "planned", "Dự kiến"
        HELD = "held", "Đã tổ chức"
        CANCELLED = "cancelled", "Đã hủy"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị tổ chức", related_name="activities")
    kind = models.ForeignKey(ActivityKind, models.PROTECT, verbose_name="loại hoạt động", related_name="activities")
    season_year = models.PositiveSmallIntegerField(
        "năm của mùa", null=True, blank=True,
        help_text="Chỉ với hoạt động theo mùa như Tết. Để trống thì tính theo ngày tổ chức.",
    )  # fmt: skip
    title = models.CharField("tên hoạt động", max_length=200)
    plan = models.ForeignKey(
        Plan, models.PROTECT, verbose_name="theo kế hoạch", null=True, blank=True, related_name="activities"
    )
    held_on = models.DateField("ngày tổ chức")
    held_to = models.DateField("đến ngày", null=True, blank=True, help_text="Khi kéo dài nhiều ngày.")
    place = models.CharField("địa điểm", max_length=200, blank=True)
    participants = models.PositiveIntegerField("số người tham gia", default=0, blank=True)
    gifts = models.PositiveIntegerField("số suất quà", default=0, blank=True)
    gifts_value = models.BigIntegerField("tổng trị giá quà (đồng)", default=0, blank=True)
    note = models.TextField("kết quả, ghi chú", blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.PLANNED, editable=False)
    cancelled_reason = models.CharField("lý do hủy", max_length=300, blank=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", editable=False, related_name="+")
    history = History(verbose_name="lịch sử hoạt động", excluded_fields=["search_text"])

    counted_dates = ("held_on",)
    searched = ("title", "place", "kind", "unit")
    scope = Owned()
    objects = models.Manager.from_queryset(ActivityQuerySet)()

    class Meta:
        verbose_name = "hoạt động"
        verbose_name_plural = "hoạt động chăm lo"
        default_permissions = ("view", "add", "change", "export")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "title", "held_on", "place"], name="activity_once",
                violation_error_message=TWICE,
            ),
            models.CheckConstraint(
                condition=Q(held_to__isnull=True) | Q(held_to__gte=F("held_on")), name="activity_days_in_order",
                violation_error_message="Ngày kết thúc hoạt động phải từ ngày bắt đầu trở đi.",
            ),
            models.CheckConstraint(
                condition=Q(gifts_value__gte=0, gifts_value__lte=MOST_MONEY), name="activity_gifts_value_sane",
                violation_error_message="Tổng trị giá quà không được âm và không quá 1.000 tỷ đồng.",
            ),
            models.CheckConstraint(
                condition=Q(gifts_value=0) | Q(gifts__gt=0), name="activity_value_needs_gifts",
                violation_error_message="Đã ghi trị giá quà thì phải ghi số suất quà.",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_reason=""), name="activity_cancelled_says_why",
                violation_error_message="Hủy hoạt động phải ghi lý do.",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["unit", "held_on"])]

    def __str__(self):
        return self.title

    @property
    def season_name(self) -> str:
        """As targets name it: "Tết 2027"; empty for a kind without a season."""
        return f"{self.kind.season} {self.season_year}" if self.season_year else ""

    @property
    def days(self) -> str:
        return f"{self.held_on:%d/%m/%Y}" + (f" - {self.held_to:%d/%m/%Y}" if self.held_to else "")

    def clean(self):
        if self.state == self.State.HELD and self.held_on and self.held_on > today():
            raise ValidationError({"held_on": "Hoạt động đã tổ chức không thể có ngày ở tương lai."})
        kind = self.kind if self.kind_id else None
        if kind and self.held_on:
            self._clean_season(kind)
            self._clean_twice()

    def _clean_twice(self):
        """Here, as a form that leaves the unit out does not ask the constraint."""
        names = ("unit_id", "kind_id", "title", "held_on", "place")
        same = Activity.objects.filter(**{name: getattr(self, name) for name in names})
        if same.exclude(pk=self.pk).exists():
            raise ValidationError(TWICE)

    def _clean_season(self, kind):
        if not kind.season and self.season_year:
            raise ValidationError({"season_year": f"“{kind}” không theo mùa nên không ghi năm của mùa."})
        if not kind.season:
            return
        self.season_year = self.season_year or season_year_of(self.held_on)
        if abs(self.season_year - self.held_on.year) > 1:
            raise ValidationError(
                {"season_year": f"{kind.season} {self.season_year} quá xa ngày tổ chức {self.held_on:%d/%m/%Y}."}
            )

    def hold(self, by, *, participants=None, gifts=None, gifts_value=None, on=None):
        """Record that it took place, with what is known better now. Raises ``Refused`` for a day to come.

        A last day that was planned before the day it was held on is forgotten.
        """
        self._need_to_write(by)
        with moving(self, self.State.HELD, by=by, came_from=[self.State.PLANNED], on=on) as row:
            row.held_on = business_day(on or row.held_on)
            if row.held_to and row.held_to < row.held_on:
                row.held_to = None
            row._take_counts(participants=participants, gifts=gifts, gifts_value=gifts_value)

    def _take_counts(self, **counts):
        for name, count in counts.items():
            if count is not None:
                setattr(self, name, count)
        if self.gifts_value and not self.gifts:
            raise Refused("Đã ghi trị giá quà thì phải ghi số suất quà.")

    def take_back(self, by):
        """It was recorded as held by mistake; nothing is counted until it is held."""
        self._need_to_write(by)
        with moving(self, self.State.PLANNED, by=by, came_from=[self.State.HELD]):
            pass

    def cancel(self, by, *, reason: str):
        self._need_to_write(by)
        if not reason.strip():
            raise Refused("Phải ghi lý do hủy hoạt động.")
        with moving(self, self.State.CANCELLED, by=by, came_from=[self.State.PLANNED]) as row:
            row.cancelled_reason = reason.strip()

    def _need_to_write(self, by):
        need(by, "programs.change_activity", "ghi hoạt động", unit_id=self.unit_id)


class ActivityCost(models.Model):
    """What one payer gave for an activity."""

    class Source(models.TextChoices):
        UNION = "union", "Tài chính công đoàn của đơn vị"
        FUND = "fund", "Quỹ của công đoàn"
        ENTERPRISE = "enterprise", "Doanh nghiệp, người sử dụng lao động"
        AUTHORITY = "authority", "Ngân sách nhà nước, chính quyền"
        DONOR = "donor", "Nhà tài trợ, xã hội hóa"

    activity = models.ForeignKey(Activity, models.CASCADE, verbose_name="hoạt động", related_name="costs")
    source = models.CharField("nguồn", max_length=12, choices=Source.choices, default=Source.UNION)
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="tổ chức chi", null=True, blank=True, related_name="+"
    )
    payer = models.CharField("ai chi", max_length=200, blank=True, help_text="Khi chưa có trong danh mục tổ chức.")
    amount = models.BigIntegerField("số tiền (đồng)")

    scope = Via("activity")
    objects = ScopedManager()

    class Meta:
        verbose_name = "nguồn kinh phí hoạt động"
        verbose_name_plural = "kinh phí và nguồn chi"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST_MONEY), name="activity_cost_sane",
                violation_error_message="Số tiền chi phải lớn hơn 0 và không quá 1.000 tỷ đồng.",
            )
        ]  # fmt: skip

    def __str__(self):
        who = self.organization or self.payer
        return f"{self.get_source_display()}: {who}" if who else self.get_source_display()


class ActivityPhoto(models.Model):
    """A photograph as it is kept: at most 1600 pixels, without the place and time a phone writes into it."""

    activity = models.ForeignKey(Activity, models.CASCADE, verbose_name="hoạt động", related_name="photos")
    image = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    thumbnail = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    scope = Via("activity")
    objects = ScopedManager()

    class Meta:
        verbose_name = "ảnh hoạt động"
        verbose_name_plural = "ảnh hoạt động"
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self):
        return self.image.name
