from django.db import models, transaction
from django.db.models import F, Q, Sum
from simple_history.models import HistoricalRecords

from beneficiaries.funds.models import Fund, FundEntry
from beneficiaries.people.models import Household, Person
from programs.plans.models import Plan
from programs.targets.models import mark_stale
from welfare.audit import AuditEvent, record
from welfare.scoping import Catalogue, Owned, ScopedManager, ScopedQuerySet, SharedDown
from welfare.states import Refused, moving
from welfare.units.models import Unit, User, today
from welfare.vietnamese import format_money


class Occasion(models.Model):
    """Tết, Tháng Công nhân, sudden hardship ... A season counts apart from the calendar year."""

    code = models.CharField("mã", max_length=30, unique=True)
    name = models.CharField("tên dịp", max_length=80)
    is_season = models.BooleanField("tính theo mùa (như Tết)", default=False)

    scope = Catalogue()
    objects = ScopedManager()

    class Meta:
        verbose_name = "dịp hỗ trợ"
        verbose_name_plural = "dịp hỗ trợ"
        ordering = ["name"]

    def __str__(self):
        return self.name


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
    history = HistoricalRecords(verbose_name="lịch sử đợt hỗ trợ")

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

    @property
    def season(self) -> str:
        return f"{self.occasion.name} {self.year}" if self.occasion.is_season else ""

    def takes_proposals(self, on=None) -> bool:
        on = on or today()
        return (
            self.state == self.State.OPEN and self.opens_on <= on and (self.closes_on is None or on <= self.closes_on)
        )

    def close(self, by):
        with moving(self, self.State.CLOSED, by=by, came_from=[self.State.OPEN]):
            pass


class GrantQuerySet(ScopedQuerySet):
    def waiting(self):
        return self.filter(state__in=[Grant.State.PROPOSED, Grant.State.APPRAISED])

    def paid(self):
        return self.filter(state=Grant.State.PAID)

    def total(self) -> int:
        """Cash and value in kind together, VND."""
        return self.aggregate(total=Sum(F("cash") + F("in_kind_value")))["total"] or 0

    def approve(self, by, *, decision_number: str, on=None) -> int:
        """Approve all waiting grants of this set in one transaction, or none. Returns how many.

        Raises ``Refused`` when one of them was proposed or appraised by the approver.
        """
        if not by.has_perm("beneficiaries.approve_grant") or by.is_system:
            raise Refused("Bạn không có quyền phê duyệt khoản hỗ trợ.")
        if not decision_number.strip():
            raise Refused("Phải ghi số quyết định khi phê duyệt.")
        with transaction.atomic():
            rows = list(self.waiting().select_for_update(of=("self",)).order_by("pk").select_related("person"))
            for grant in rows:
                grant.check_other_hands(by)
            return _approve_rows(rows, by, decision_number.strip(), on or today())


def _approve_rows(rows, by, decision_number, on) -> int:
    ids = [grant.pk for grant in rows]
    Grant.objects.filter(pk__in=ids).update(
        state=Grant.State.APPROVED, approved_by=by, approved_on=on, decision_number=decision_number
    )
    _keep_history(ids, by)
    for unit_id in {grant.unit_id for grant in rows}:
        mark_stale("grants", unit_id, on)
    for round_id in {grant.round_id for grant in rows}:
        count = sum(grant.round_id == round_id for grant in rows)
        record(AuditEvent.Action.APPROVE, actor=by, subject=GrantRound(pk=round_id),
               detail={"count": count, "decision": decision_number, "on": str(on)})  # fmt: skip
    return len(ids)


def _keep_history(ids, by):
    from welfare.bulk import add_history

    add_history(Grant, Grant.objects.filter(pk__in=ids), change="~", by=by)


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
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="grants")
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
    proposed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người đề nghị", editable=False, related_name="+"
    )
    proposed_on = models.DateField("ngày đề nghị", default=today, editable=False)
    appraised_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người thẩm định", null=True, editable=False, related_name="+"
    )
    appraised_on = models.DateField("ngày thẩm định", null=True, editable=False)
    approved_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người duyệt", null=True, editable=False, related_name="+"
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
    outside_source = models.CharField(
        "nguồn ngoài sổ quỹ", max_length=160, blank=True, help_text="Doanh nghiệp, nhà tài trợ, đơn vị tự chi"
    )
    history = HistoricalRecords(verbose_name="lịch sử khoản hỗ trợ")

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
        return f"{self.person or self.household or f'{self.people_count} suất'} – {format_money(self.value)}"

    @property
    def value(self) -> int:
        return self.cash + self.in_kind_value

    def check_other_hands(self, by):
        if by.pk in (self.proposed_by_id, self.appraised_by_id):
            raise Refused(
                f"Bạn đã đề nghị hoặc thẩm định khoản của {self.person or 'đợt này'} nên không được phê duyệt; hãy chuyển người khác."
            )

    def appraise(self, by, on=None):
        _need(by, "appraise_grant", "thẩm định")
        with moving(self, self.State.APPRAISED, by=by, came_from=[self.State.PROPOSED], on=on) as grant:
            if by.pk == grant.proposed_by_id:
                raise Refused("Người đề nghị không tự thẩm định khoản của mình.")
            grant.appraised_by, grant.appraised_on = by, on or today()

    def approve(self, by, *, decision_number: str, on=None):
        if not Grant.objects.filter(pk=self.pk).approve(by, decision_number=decision_number, on=on):
            raise Refused(f"Khoản hỗ trợ đang ở trạng thái “{self.get_state_display()}” nên không phê duyệt được.")
        self.refresh_from_db()

    def refuse(self, by, *, reason: str, on=None):
        _need(by, "approve_grant", "xét duyệt")
        if not reason.strip():
            raise Refused("Phải ghi lý do khi không duyệt.")
        with moving(
            self, self.State.REFUSED, by=by, came_from=[self.State.PROPOSED, self.State.APPRAISED], on=on
        ) as grant:
            grant.check_other_hands(by)
            grant.reason = reason.strip()[:300]

    def pay(self, by, *, fund: Fund, document_number="", on=None):
        """Spend the cash from the fund and mark the grant paid, both or neither; a second payment is refused."""
        _need(by, "pay_grant", "chi")
        with moving(
            self, self.State.PAID, by=by, came_from=[self.State.APPROVED], action=AuditEvent.Action.PAY, on=on
        ) as grant:
            grant.paid_on = on or today()
            if grant.cash:
                grant.payment = fund.post(
                    FundEntry.Kind.SPEND, -grant.cash, by=by, on=grant.paid_on,
                    document_number=document_number, note=f"Chi {grant.round.name}",
                )  # fmt: skip
            mark_stale("grants", grant.unit_id, grant.paid_on)

    def reverse(self, by, *, note: str, on=None):
        """Take a payment back by a reversing entry; the grant stays in the books as reversed."""
        _need(by, "pay_grant", "ghi đảo")
        with moving(
            self, self.State.REVERSED, by=by, came_from=[self.State.PAID], action=AuditEvent.Action.PAY, on=on
        ) as grant:
            if grant.payment_id:
                grant.payment.reverse(by, on=on, note=note)
            mark_stale("grants", grant.unit_id, grant.paid_on)


def _need(user, codename, verb):
    if not user.has_perm(f"beneficiaries.{codename}") or user.is_system:
        raise Refused(f"Bạn không có quyền {verb} khoản hỗ trợ.")
