from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from beneficiaries.funds.models import Fund, FundEntry
from beneficiaries.grants.querysets import GrantQuerySet
from beneficiaries.people.models import Household, Person
from beneficiaries.rules import business_day, need
from programs.plans.models import Plan
from programs.targets.models import mark_stale
from welfare.audit import AuditEvent
from welfare.history import History
from welfare.kinds import Kind
from welfare.scoping import Owned, ScopedManager, SharedDown
from welfare.states import Refused, moving
from welfare.units.models import Unit, User, today
from welfare.vietnamese import format_money


class Occasion(Kind):
    """Tết, Tháng Công nhân, sudden hardship ... A season counts apart from the calendar year."""

    is_season = models.BooleanField("tính theo mùa (như Tết)", default=False)

    class Meta(Kind.Meta):
        verbose_name = "dịp hỗ trợ"
        verbose_name_plural = "dịp hỗ trợ"

    @transaction.atomic
    def save(self, **options):
        """The figures of a season stand under its name."""
        before = Occasion.objects.filter(pk=self.pk).first()
        super().save(**options)
        if before and (before.name, before.is_season) != (self.name, self.is_season):
            Grant.objects.filter(round__occasion=self).mark_stale()


class GrantRound(models.Model):
    """One occasion on which a unit supports people: who may propose until when, how much, out of which fund."""

    class State(models.TextChoices):
        OPEN = "open", "Đang nhận đề nghị"
        CLOSED = "closed", "Đã khóa"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị tổ chức", related_name="grant_rounds")
    code = models.CharField("mã đợt", max_length=30, unique=True)
    name = models.CharField("tên đợt", max_length=160)
    occasion = models.ForeignKey(Occasion, models.PROTECT, verbose_name="dịp")
    year = models.PositiveSmallIntegerField("năm")
    plan = models.ForeignKey(
        Plan, models.PROTECT, verbose_name="theo kế hoạch", null=True, blank=True, related_name="rounds"
    )
    fund = models.ForeignKey(
        Fund, models.PROTECT, verbose_name="nguồn quỹ", null=True, blank=True, related_name="rounds"
    )
    ceiling = models.BigIntegerField("mức tối đa một người (đồng)", default=2_000_000)
    default_amount = models.BigIntegerField("mức hỗ trợ khi danh sách không ghi (đồng)", default=500_000)
    opens_on = models.DateField("nhận đề nghị từ", default=today)
    closes_on = models.DateField("đến hết ngày", null=True, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    history = History(verbose_name="lịch sử đợt hỗ trợ")

    scope = SharedDown()
    objects = ScopedManager()

    class Meta:
        verbose_name = "đợt hỗ trợ"
        verbose_name_plural = "đợt hỗ trợ"
        ordering = ["-year", "-opens_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ceiling__gt=0) & Q(default_amount__gt=0) & Q(default_amount__lte=F("ceiling")),
                name="round_amounts_sane",
                violation_error_message="Mức hỗ trợ phải lớn hơn 0 và không quá mức tối đa.",
            )
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

    def clean(self):
        if self.closes_on and self.opens_on and self.closes_on < self.opens_on:
            raise ValidationError({"closes_on": "Ngày kết thúc phải sau ngày bắt đầu nhận đề nghị."})

    def close(self, by):
        """Takes no more proposals; what was proposed goes on."""
        need(by, "change_grantround", "khóa đợt hỗ trợ")
        with moving(self, self.State.CLOSED, by=by, came_from=[self.State.OPEN]):
            pass

    def reopen(self, by):
        need(by, "change_grantround", "mở lại đợt hỗ trợ")
        with moving(self, self.State.OPEN, by=by, came_from=[self.State.CLOSED]):
            pass


class Grant(models.Model):
    """Support proposed, approved and paid: for a person, a household, or a count without names.

    Whoever proposed or appraised never approves. Paid out of a fund kept here it has exactly one spend entry.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Đề nghị"
        APPRAISED = "appraised", "Đã thẩm định"
        APPROVED = "approved", "Đã duyệt"
        PAID = "paid", "Đã chi"
        REFUSED = "refused", "Không duyệt"
        REVERSED = "reversed", "Đã ghi đảo"

    round = models.ForeignKey(GrantRound, models.PROTECT, verbose_name="đợt", related_name="grants")
    unit = models.ForeignKey(  # grant_by_unit_state leads with it
        Unit, models.PROTECT, verbose_name="đơn vị", related_name="grants", db_index=False
    )
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="người nhận", null=True, blank=True, related_name="grants"
    )
    household = models.ForeignKey(
        Household, models.PROTECT, verbose_name="hộ nhận", null=True, blank=True, related_name="grants"
    )
    people_count = models.PositiveIntegerField("số suất", default=1)
    cash = models.BigIntegerField("tiền mặt (đồng)", default=0)
    in_kind_value = models.BigIntegerField("giá trị hiện vật (đồng)", default=0)
    in_kind = models.CharField("hiện vật", max_length=160, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.PROPOSED, editable=False)
    # Nobody looks grants up by officer, and officers are never deleted: no indexes to write for every row of a list.
    proposed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người đề nghị", editable=False, related_name="+", db_index=False
    )
    proposed_on = models.DateField("ngày đề nghị", default=today, editable=False)
    appraised_by = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name="người thẩm định",
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    appraised_on = models.DateField("ngày thẩm định", null=True, editable=False)
    approved_by = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name="người duyệt",
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    approved_on = models.DateField("ngày duyệt", null=True, editable=False, db_index=True)
    decision_number = models.CharField("số quyết định", max_length=60, blank=True, editable=False)
    paid_on = models.DateField("ngày chi", null=True, editable=False)
    payment = models.OneToOneField(
        FundEntry,
        models.PROTECT,
        verbose_name="bút toán chi",
        null=True,
        editable=False,
        related_name="grant",
    )
    refused_reason = models.CharField(
        "lý do không duyệt", max_length=300, blank=True, db_default="", default="", editable=False
    )
    outside_source = models.CharField(
        "nguồn ngoài sổ quỹ", max_length=160, blank=True, help_text="Doanh nghiệp, nhà tài trợ, đơn vị tự chi"
    )
    history = History(verbose_name="lịch sử khoản hỗ trợ")

    scope = Owned()
    objects = models.Manager.from_queryset(GrantQuerySet)()

    class Meta:
        verbose_name = "khoản hỗ trợ"
        verbose_name_plural = "khoản hỗ trợ"
        default_permissions = ("view", "add", "change", "delete", "export")
        ordering = ["-pk"]
        permissions = [
            ("propose_grant", "Đề nghị hỗ trợ"),
            ("appraise_grant", "Thẩm định khoản hỗ trợ"),
            ("approve_grant", "Phê duyệt khoản hỗ trợ"),
            ("pay_grant", "Chi khoản hỗ trợ"),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="grant_by_unit_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "person"], name="grant_once_a_round", condition=Q(person__isnull=False),
                violation_error_message="Người này đã có tên trong đợt hỗ trợ.",
            ),
            models.UniqueConstraint(
                fields=["round", "household"],
                name="grant_once_a_household",
                condition=Q(person__isnull=True, household__isnull=False),
                violation_error_message="Hộ này đã có tên trong đợt hỗ trợ.",
            ),
            models.CheckConstraint(
                condition=Q(cash__gte=0) & Q(in_kind_value__gte=0) & Q(people_count__gte=1), name="grant_amounts_sane",
                violation_error_message="Số tiền không được âm và số suất phải từ 1.",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("proposed_by")) & (Q(appraised_by__isnull=True) | ~Q(approved_by=F("appraised_by")))),
                name="grant_maker_is_not_checker",
                violation_error_message="Người đề nghị hoặc thẩm định không được phê duyệt.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.recipient} – {format_money(self.value)}"

    @property
    def recipient(self) -> str:
        return str(self.person or self.household or f"{self.people_count} suất")

    @property
    def value(self) -> int:
        return self.cash + self.in_kind_value

    @property
    def is_paid_from_fund(self) -> bool:
        return self.cash > 0 and not self.outside_source

    def clean(self):
        if self.person_id and self.household_id:
            raise ValidationError("Chỉ chọn một: người nhận hoặc hộ nhận.")
        if (self.person_id or self.household_id) and self.people_count != 1:
            raise ValidationError({"people_count": "Khoản cho một người hoặc một hộ chỉ có một suất."})
        if self.value <= 0:
            raise ValidationError("Phải ghi số tiền mặt hoặc giá trị hiện vật.")
        if self.round_id and self.value > self.round.ceiling * self.people_count:
            raise ValidationError(
                f"Mức {format_money(self.value)} vượt mức tối đa {format_money(self.round.ceiling)} một người của đợt “{self.round}”."
            )

    def check_other_hands(self, by):
        if by.pk in (self.proposed_by_id, self.appraised_by_id):
            raise Refused(
                f"Bạn đã đề nghị hoặc thẩm định khoản của {self.person or 'đợt này'} nên không được phê duyệt; hãy chuyển người khác."
            )

    def appraise(self, by, on=None):
        need(by, "appraise_grant", "thẩm định khoản hỗ trợ")
        on = business_day(on)
        with moving(self, self.State.APPRAISED, by=by, came_from=[self.State.PROPOSED], on=on) as grant:
            if by.pk == grant.proposed_by_id:
                raise Refused("Người đề nghị không tự thẩm định khoản của mình.")
            grant.appraised_by, grant.appraised_on = by, on

    def approve(self, by, *, decision_number: str, on=None):
        self._alone("phê duyệt", lambda rows: rows.approve(by, decision_number=decision_number, on=on))

    def refuse(self, by, *, reason: str, on=None):
        self._alone("xét duyệt", lambda rows: rows.refuse(by, reason=reason, on=on))

    def pay(self, by, *, fund: Fund | None = None, document_number="", on=None):
        """Spend the cash from the fund and mark the grant paid, both or neither; a second payment is refused."""
        self._alone("chi", lambda rows: rows.pay(by, fund=fund, document_number=document_number, on=on))

    def _alone(self, doing, verb):
        if not verb(Grant.objects.filter(pk=self.pk)):
            self.refresh_from_db()
            raise Refused(f"Khoản hỗ trợ đang ở trạng thái “{self.get_state_display()}” nên không {doing} được.")
        self.refresh_from_db()

    def reverse(self, by, *, note: str, on=None):
        """Take a payment back by a reversing entry; the grant stays in the books as reversed."""
        need(by, "pay_grant", "ghi đảo khoản hỗ trợ")
        if not note.strip():
            raise Refused("Phải ghi lý do khi ghi đảo.")
        on = business_day(on)
        with moving(
            self, self.State.REVERSED, by=by, came_from=[self.State.PAID], action=AuditEvent.Action.PAY, on=on
        ) as grant:
            business_day(on, since=grant.paid_on, after="ngày chi")
            if grant.payment_id:
                grant.payment.cancel(by, on=on, note=note)
            mark_stale("grants", grant.unit_id, grant.paid_on)
