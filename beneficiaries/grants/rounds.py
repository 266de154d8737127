from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from beneficiaries.funds.models import Fund
from beneficiaries.rules import need
from programs.activities.models import ActivityKind
from programs.plans.models import Plan
from programs.targets.models import check_season_name, rename_season
from welfare.history import History
from welfare.kinds import Kind
from welfare.scoping import ScopedManager, SharedDown, Via
from welfare.states import Refused, moving
from welfare.units.models import Unit, today


class Occasion(Kind):
    """Tết, Tháng Công nhân, sudden hardship ... A season counts apart from the calendar year."""

    is_season = models.BooleanField("tính theo mùa (như Tết)", default=False)

    class Meta(Kind.Meta):
        verbose_name = "dịp hỗ trợ"
        verbose_name_plural = "dịp hỗ trợ"
        default_permissions = ("view", "add", "change", "delete", "export", "import")

    @transaction.atomic
    def save(self, **options):
        """The figures of a season stand under its name."""
        before = Occasion.objects.filter(pk=self.pk).first()
        super().save(**options)
        if before and (before.name, before.is_season) != (self.name, self.is_season):
            for round in self.rounds.all():
                round.grants.mark_stale()
        if before and before.is_season and before.name != self.name:
            self._rename_season(before.name)

    def _rename_season(self, old):
        """Targets and kinds of activity speak of a season by its name."""
        rename_season(old, self.name)
        for kind in ActivityKind.objects.filter(season=old):
            kind.season = self.name
            kind.save()

    def clean(self):
        if self.is_season:
            check_season_name(self.name, "name")


class GrantRound(models.Model):
    """One occasion on which a unit supports people: who may propose until when, how much, out of which funds."""

    class State(models.TextChoices):
        OPEN = "open", "Đang nhận đề nghị"
        CLOSED = "closed", "Đã khóa"

    class Level(models.IntegerChoices):
        UPPER = 2, "Công đoàn cấp trên trực tiếp cơ sở"
        GRASSROOTS = 3, "Công đoàn cơ sở"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị tổ chức", related_name="grant_rounds")
    code = models.CharField("mã đợt", max_length=30, unique=True)
    name = models.CharField("tên đợt", max_length=160)
    occasion = models.ForeignKey(Occasion, models.PROTECT, verbose_name="dịp", related_name="rounds")
    year = models.PositiveSmallIntegerField("năm")
    plan = models.ForeignKey(
        Plan, models.PROTECT, verbose_name="theo kế hoạch", null=True, blank=True, related_name="rounds"
    )
    ceiling = models.BigIntegerField("mức tối đa một người (đồng)", default=2_000_000)
    total_ceiling = models.BigIntegerField(
        "tổng mức của đợt (đồng)", null=True, blank=True, help_text="Để trống là không giới hạn."
    )
    default_amount = models.BigIntegerField("mức cho đoàn viên (đồng)", default=500_000)
    other_amount = models.BigIntegerField(
        "mức cho người chưa là đoàn viên (đồng)", null=True, blank=True, help_text="Để trống là như đoàn viên."
    )
    opens_on = models.DateField("nhận đề nghị từ", default=today)
    closes_on = models.DateField("đến hết ngày", null=True, blank=True)
    for_level = models.PositiveSmallIntegerField(
        "cấp được đề nghị", choices=Level.choices, null=True, blank=True, help_text="Để trống là mọi cấp."
    )
    proposers = models.ManyToManyField(
        Unit, verbose_name="đơn vị được đề nghị", blank=True, related_name="+",
        help_text="Để trống là mọi đơn vị; chọn một đơn vị là chọn cả cấp dưới của đơn vị đó.",
    )  # fmt: skip
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    history = History(verbose_name="lịch sử đợt hỗ trợ")

    scope = SharedDown()
    objects = ScopedManager()

    class Meta:
        verbose_name = "đợt hỗ trợ"
        verbose_name_plural = "đợt hỗ trợ"
        default_permissions = ("view", "add", "change", "delete", "export")
        ordering = ["-year", "-opens_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ceiling__gt=0) & Q(default_amount__gt=0) & Q(default_amount__lte=F("ceiling")),
                name="round_amounts_sane",
                violation_error_message="Mức hỗ trợ phải lớn hơn 0 và không quá mức tối đa.",
            ),
            models.CheckConstraint(
                condition=(Q(other_amount__isnull=True) | Q(other_amount__gt=0, other_amount__lte=F("ceiling")))
                & (Q(total_ceiling__isnull=True) | Q(total_ceiling__gt=0)),
                name="round_other_amounts_sane",
                violation_error_message="Mức cho người chưa là đoàn viên phải lớn hơn 0 và không quá mức tối đa; tổng mức của đợt phải lớn hơn 0.",
            ),
        ]

    def __str__(self):
        return self.name

    @transaction.atomic
    def save(self, **options):
        """What was paid goes along when the round moves to another season."""
        before = GrantRound.objects.filter(pk=self.pk).select_related("occasion").first()
        super().save(**options)
        if before and before.season != self.season:
            self.grants.mark_stale()

    @property
    def season(self) -> str:
        return f"{self.occasion.name} {self.year}" if self.occasion.is_season else ""

    def takes_proposals(self, on=None) -> bool:
        on = on or today()
        return (
            self.state == self.State.OPEN and self.opens_on <= on and (self.closes_on is None or on <= self.closes_on)
        )

    def hindrance(self, unit: Unit) -> str:
        """Why ``unit`` can not propose in this round today, as a sentence; empty when it can."""
        if not self.takes_proposals():
            return f"Đợt “{self}” hiện không nhận đề nghị; hãy chọn đợt đang mở."
        if not unit.path.startswith(self.unit.path):
            return f"Đợt “{self}” không áp dụng cho {unit}; hãy chọn đợt khác."
        if self.for_level and unit.kind.level != self.for_level:
            return f"Đợt “{self}” chỉ nhận đề nghị của {self.get_for_level_display().lower()}; hãy chọn đợt khác."
        named = list(self.proposers.all())
        if named and not any(unit.path.startswith(one.path) for one in named):
            return f"Đợt “{self}” không nhận đề nghị của {unit}; hãy chọn đợt khác."
        return ""

    def check_open_to(self, unit: Unit):
        """Raises ``Refused`` with the sentence of ``hindrance``."""
        if why := self.hindrance(unit):
            raise Refused(why)

    def amount_for(self, is_member: bool | None) -> int:
        """VND for somebody for whom nothing else is said; who is not known to be outside the union counts as a member."""
        return self.other_amount if is_member is False and self.other_amount else self.default_amount

    def clean(self):
        if self.closes_on and self.opens_on and self.closes_on < self.opens_on:
            raise ValidationError({"closes_on": "Ngày kết thúc phải sau ngày bắt đầu nhận đề nghị."})
        if self.pk and self.occasion_id and (fund := self._fund_of_other_occasions()):
            raise ValidationError(
                {
                    "occasion": f"Đợt đã chi tiền của {fund}, chỉ dùng cho: {fund.bound_to}; không đổi sang dịp khác được."
                }
            )

    def _fund_of_other_occasions(self) -> Fund | None:
        """One that paid or advanced money for this round, bound to occasions among which the round's is not."""
        paid = Q(entries__grant__round=self) | Q(entries__advance__round=self)
        bound = Fund.objects.filter(paid, occasions__isnull=False).distinct()
        return bound.exclude(occasions=self.occasion_id).first()

    def close(self, by):
        """Takes no more proposals; what was proposed goes on."""
        self._need_own(by, "khóa đợt hỗ trợ")
        with moving(self, self.State.CLOSED, by=by, came_from=[self.State.OPEN]):
            pass

    def reopen(self, by):
        self._need_own(by, "mở lại đợt hỗ trợ")
        with moving(self, self.State.OPEN, by=by, came_from=[self.State.CLOSED]):
            pass

    def _need_own(self, by, doing):
        need(by, "change_grantround", doing)
        if not by.reach_for("beneficiaries.change_grantround").may_write(self.unit_id):
            raise Refused(f"Chỉ {self.unit} được {doing} này.")


class RoundFund(models.Model):
    """A fund that pays for a round, up to ``most`` (VND) where a share was fixed."""

    round = models.ForeignKey(GrantRound, models.CASCADE, verbose_name="đợt", related_name="funds")
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name="quỹ", related_name="+")
    most = models.BigIntegerField(
        "chi nhiều nhất (đồng)", null=True, blank=True, help_text="Để trống là không giới hạn."
    )

    scope = Via("fund")
    objects = ScopedManager()

    class Meta:
        verbose_name = "nguồn quỹ của đợt"
        verbose_name_plural = "nguồn quỹ của đợt"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "fund"], name="round_fund_once",
                violation_error_message="Quỹ này đã có trong nguồn của đợt.",
            ),
            models.CheckConstraint(
                condition=Q(most__isnull=True) | Q(most__gt=0), name="round_fund_sane",
                violation_error_message="Số tiền phải lớn hơn 0.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return str(self.fund)

    def clean(self):
        """Money bound to something else is told of here, not only when it is to be paid."""
        if self.fund_id and self.round.occasion_id:
            try:
                self.fund.refuse_other_use(Fund.Use.GRANTS, {self.round.occasion_id})
            except Refused as refusal:
                raise ValidationError({"fund": str(refusal)}) from None
