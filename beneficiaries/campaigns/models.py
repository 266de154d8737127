from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from beneficiaries.funds.models import Fund, FundEntry
from programs.targets.models import mark_stale
from welfare.history import History
from welfare.scoping import Owned, ScopedQuerySet, SharedDown
from welfare.units.models import Unit, UnitYear, User, today


class CampaignQuerySet(ScopedQuerySet):
    def with_received(self, user):
        """Adds ``received`` (VND): what the books the user sees have of the campaign, from units and donors."""
        entries = FundEntry.objects.for_user(user).filter(campaign=OuterRef("pk")).order_by()
        total = entries.values("campaign").annotate(total=Sum("amount")).values("total")
        return self.annotate(received=Coalesce(Subquery(total), 0))


class Campaign(models.Model):
    """A drive for gifts to a fund: every unit right below the one that runs it says who took part."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị phát động", related_name="campaigns")
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name="quỹ", related_name="campaigns")
    name = models.CharField("tên đợt vận động", max_length=160)
    year = models.PositiveSmallIntegerField("năm")
    starts_on = models.DateField("từ ngày", default=today)
    ends_on = models.DateField("đến ngày")
    history = History(verbose_name="lịch sử đợt vận động")

    scope = SharedDown()
    objects = models.Manager.from_queryset(CampaignQuerySet)()

    class Meta:
        verbose_name = "đợt vận động ủng hộ quỹ"
        verbose_name_plural = "đợt vận động ủng hộ quỹ"
        ordering = ["-year", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="campaign_dates_in_order",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            )
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def save(self, **options):
        super().save(**options)
        self.await_units()

    def clean(self):
        if self.fund_id and self.unit_id and self.fund.unit_id != self.unit_id:
            raise ValidationError({"fund": f"{self.fund} là quỹ của {self.fund.unit}; hãy chọn quỹ của {self.unit}."})
        if self.starts_on and self.year and self.starts_on.year != self.year:
            raise ValidationError({"starts_on": f"Đợt vận động năm {self.year} phải bắt đầu trong năm đó."})

    def await_units(self):
        """A row for every unit that is asked, so that those who said nothing yet count as not having given."""
        asked = Unit.objects.filter(path__startswith=self.unit.path, depth=self.unit.depth + 1).in_force(self.starts_on)
        CampaignResult.objects.bulk_create(
            [CampaignResult(campaign=self, unit=unit) for unit in asked], ignore_conflicts=True
        )
        for unit_id in self.results.values_list("unit", flat=True):
            mark_stale("campaigns", unit_id, self.starts_on, getattr(self, "_started_before", None))

    @classmethod
    def from_db(cls, db, field_names, values):
        """Remembers the first day as it stands: results of a drive moved to another day leave the month they were in."""
        row = super().from_db(db, field_names, values)
        row._started_before = row.__dict__.get("starts_on")
        return row


class CampaignResultQuerySet(ScopedQuerySet):
    def with_members(self):
        """Adds ``whole``: the members as the unit says, else as the unit's figures of the campaign's year have them."""
        known = UnitYear.objects.filter(unit=OuterRef("unit"), year=OuterRef("campaign__year")).values("members")
        return self.annotate(whole=Coalesce(F("members"), Subquery(known), 0))

    def with_received(self):
        """Adds ``received`` (VND): what the fund's books have from the unit for the campaign."""
        entries = FundEntry.objects.filter(campaign=OuterRef("campaign"), from_unit=OuterRef("unit")).order_by()
        total = entries.values("campaign").annotate(total=Sum("amount")).values("total")
        return self.annotate(received=Coalesce(Subquery(total), 0))

    def silent(self, on=None):
        """Of campaigns that have begun: units that said nothing yet."""
        return self.filter(contributors__isnull=True, campaign__starts_on__lte=on or today())

    def owing(self):
        """``with_received``: said to have brought in more than the fund received."""
        return self.with_received().filter(amount__gt=F("received"))

    def totals(self) -> dict:
        """Of a set ``with_members().with_received()``: members, contributors, VND said and VND received."""
        return self.aggregate(
            whole_total=Sum("whole", default=0),
            contributors_total=Sum("contributors", default=0),
            amount_total=Sum("amount", default=0),
            received_total=Sum("received", default=0),
            said_total=Count("pk", filter=Q(contributors__isnull=False)),
            silent_total=Count("pk", filter=Q(contributors__isnull=True)),
            unit_total=Count("pk"),
        )


class CampaignResult(models.Model):
    """What one unit brought in; ``contributors`` is None until it says. VND."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, verbose_name="đợt vận động", related_name="results")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="campaign_results")
    members = models.PositiveIntegerField("đoàn viên", null=True, blank=True)
    contributors = models.PositiveIntegerField("đoàn viên ủng hộ", null=True, blank=True)
    amount = models.BigIntegerField("số tiền (đồng)", default=0)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", null=True, editable=False, related_name="+")
    saved_at = models.DateTimeField("ghi lúc", auto_now=True)
    history = History(verbose_name="lịch sử kết quả vận động")

    scope = Owned()
    objects = models.Manager.from_queryset(CampaignResultQuerySet)()

    class Meta:
        verbose_name = "kết quả vận động"
        verbose_name_plural = "kết quả vận động"
        default_permissions = ("view", "change", "export")
        ordering = ["unit__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit"], name="campaign_result_once",
                violation_error_message="Đơn vị đã có kết quả của đợt vận động này.",
            ),
            models.CheckConstraint(
                condition=Q(contributors__isnull=True) | Q(members__isnull=True) | Q(contributors__lte=F("members")),
                name="campaign_contributors_are_members",
                violation_error_message="Số đoàn viên ủng hộ không được nhiều hơn số đoàn viên.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="campaign_amount_not_negative",
                violation_error_message="Số tiền không được âm.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.unit}: {self.campaign}"

    def save(self, **options):
        super().save(**options)
        mark_stale("campaigns", self.unit_id, self.campaign.starts_on)

    @property
    def missing(self) -> int:
        """VND said and not received, of a row ``with_received``; negative where more came than was said."""
        return self.amount - self.received

    @property
    def share(self):
        """Contributors in percent of a row ``with_members``; None until the unit says or where it has no members."""
        return 100 * self.contributors / self.whole if self.contributors is not None and self.whole else None
