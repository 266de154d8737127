from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from beneficiaries.funds.models import Fund, FundEntry
from beneficiaries.grants.advances import Advance
from beneficiaries.grants.chain import need_for, need_fund
from beneficiaries.grants.papers import RoundPaper
from beneficiaries.grants.querysets import GrantQuerySet
from beneficiaries.grants.rounds import GrantRound, Occasion, RoundFund
from beneficiaries.grants.support import SupportKind
from beneficiaries.people.models import Household, Person
from beneficiaries.rules import business_day
from programs.targets.models import mark_stale
from welfare.audit import AuditEvent
from welfare.history import History
from welfare.scoping import Owned
from welfare.states import Refused, moving
from welfare.units.models import Unit, User, today
from welfare.vietnamese import format_money

__all__ = ["Advance", "Grant", "GrantRound", "Occasion", "RoundFund", "RoundPaper", "SupportKind"]


class Grant(models.Model):
    """Support proposed, approved and paid: for a person, a household, or a count without names.

    Its way is told in ``chain``. Paid out of a fund kept here it has exactly one spend entry.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Đề nghị"
        RETURNED = "returned", "Trả lại"
        FORWARDED = "forwarded", "Đã chuyển lên"
        APPRAISED = "appraised", "Đã thẩm định"
        APPROVED = "approved", "Đã duyệt"
        PAID = "paid", "Đã chi"
        REFUSED = "refused", "Không duyệt"
        REVERSED = "reversed", "Đã ghi đảo"

    class Way(models.TextChoices):
        BANK = "bank", "Chuyển khoản"
        CASH = "cash", "Tiền mặt"
        ADVANCE = "advance", "Tạm ứng cho đơn vị"

    round = models.ForeignKey(GrantRound, models.PROTECT, verbose_name="đợt", related_name="grants")
    unit = models.ForeignKey(  # grant_by_unit_state leads with it
        Unit, models.PROTECT, verbose_name="đơn vị", related_name="grants", db_index=False
    )
    person = models.ForeignKey(  # grant_by_person leads with it
        Person, models.PROTECT, verbose_name="người nhận", null=True, blank=True, related_name="grants", db_index=False
    )
    household = models.ForeignKey(
        Household, models.PROTECT, verbose_name="hộ nhận", null=True, blank=True, related_name="grants"
    )
    people_count = models.PositiveIntegerField("số suất", default=1)
    cash = models.BigIntegerField("tiền mặt (đồng)", default=0)
    in_kind_value = models.BigIntegerField("giá trị hiện vật (đồng)", default=0)
    support_kind = models.ForeignKey(
        SupportKind, models.PROTECT, verbose_name="loại hỗ trợ", null=True, blank=True, related_name="+", db_index=False
    )
    quantity = models.PositiveIntegerField("số lượng", null=True, blank=True)
    in_kind = models.CharField("hiện vật", max_length=160, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.PROPOSED, editable=False)
    # Nobody looks grants up by officer, and officers are never deleted: no indexes to write for every row of a list.
    proposed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người đề nghị", editable=False, related_name="+", db_index=False
    )
    proposed_on = models.DateField("ngày đề nghị", default=today, editable=False)
    forwarded_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người chuyển", null=True, editable=False, related_name="+", db_index=False
    )
    forwarded_on = models.DateField("ngày chuyển", null=True, editable=False)
    letter = models.ForeignKey(
        RoundPaper, models.PROTECT, verbose_name="công văn chuyển", null=True, editable=False, related_name="forwarded"
    )
    returned_reason = models.CharField(
        "lý do trả lại", max_length=300, blank=True, db_default="", default="", editable=False
    )
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
        User, models.PROTECT, verbose_name="người duyệt", null=True, editable=False, related_name="+", db_index=False
    )
    approved_on = models.DateField("ngày duyệt", null=True, editable=False, db_index=True)
    decision_number = models.CharField("số quyết định", max_length=60, blank=True, editable=False)
    paid_on = models.DateField("ngày chi", null=True, editable=False)
    payment = models.OneToOneField(
        FundEntry, models.PROTECT, verbose_name="bút toán chi", null=True, editable=False, related_name="grant"
    )
    way = models.CharField(
        "hình thức chi", max_length=8, choices=Way.choices, blank=True, db_default="", default="", editable=False
    )
    advance = models.ForeignKey(
        Advance, models.PROTECT, verbose_name="tạm ứng", null=True, editable=False, related_name="grants"
    )
    receipt = models.ForeignKey(
        RoundPaper, models.PROTECT, verbose_name="danh sách ký nhận", null=True, editable=False, related_name="signed"
    )
    receiver_name = models.CharField(
        "người nhận thay", max_length=120, blank=True, db_default="", default="",
        help_text="Khi người thân nhận; để trống là tự nhận.",
    )  # fmt: skip
    receiver_relation = models.CharField(
        "quan hệ với người được hỗ trợ", max_length=60, blank=True, db_default="", default=""
    )
    refused_reason = models.CharField(
        "lý do không duyệt", max_length=300, blank=True, db_default="", default="", editable=False
    )
    outside_source = models.CharField(
        "nguồn ngoài sổ quỹ", max_length=160, blank=True, help_text="Doanh nghiệp, nhà tài trợ, đơn vị tự chi"
    )
    is_recorded_afterwards = models.BooleanField(
        "ghi nhận lại từ trước", default=False, db_default=False, editable=False
    )
    history = History(verbose_name="lịch sử khoản hỗ trợ")

    scope = Owned()
    objects = models.Manager.from_queryset(GrantQuerySet)()

    class Meta:
        verbose_name = "khoản hỗ trợ"
        verbose_name_plural = "khoản hỗ trợ"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
        ordering = ["-pk"]
        permissions = [
            ("propose_grant", "Đề nghị hỗ trợ"),
            ("appraise_grant", "Thẩm định khoản hỗ trợ"),
            ("approve_grant", "Phê duyệt khoản hỗ trợ"),
            ("pay_grant", "Chi khoản hỗ trợ"),
            ("receive_grant", "Nộp danh sách ký nhận"),
        ]
        indexes = [
            models.Index(fields=["unit", "state"], name="grant_by_unit_state"),
            models.Index(fields=["person", "unit"], name="grant_by_person"),
            models.Index(fields=["paid_on", "id"], name="grant_by_day_paid", condition=Q(state="paid")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "person"],
                name="grant_once_a_round",
                condition=Q(person__isnull=False) & ~Q(state__in=["refused", "reversed"]),
                violation_error_message="Người này đã có tên trong đợt hỗ trợ.",
            ),
            models.UniqueConstraint(
                fields=["round", "household"],
                name="grant_once_a_household",
                condition=Q(person__isnull=True, household__isnull=False) & ~Q(state__in=["refused", "reversed"]),
                violation_error_message="Hộ này đã có tên trong đợt hỗ trợ.",
            ),
            models.CheckConstraint(
                condition=Q(cash__gte=0) & Q(in_kind_value__gte=0) & Q(people_count__gte=1), name="grant_amounts_sane",
                violation_error_message="Số tiền không được âm và số suất phải từ 1.",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (
                    ~Q(approved_by=F("proposed_by"))
                    & (Q(forwarded_by__isnull=True) | ~Q(approved_by=F("forwarded_by")))
                    & (Q(appraised_by__isnull=True) | ~Q(approved_by=F("appraised_by")))
                ),
                name="grant_maker_is_not_checker",
                violation_error_message="Người đề nghị, chuyển hoặc thẩm định không được phê duyệt.",
            ),
            models.CheckConstraint(
                condition=Q(is_recorded_afterwards=False) | Q(payment__isnull=True, advance__isnull=True),
                name="grant_of_the_past_takes_nothing",
                violation_error_message="Khoản ghi nhận lại từ trước không chi từ quỹ của hệ thống.",
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
        return self.cash > 0 and not self.outside_source and not self.is_recorded_afterwards

    def clean(self):
        if self.person_id and self.household_id:
            raise ValidationError("Chỉ chọn một: người nhận hoặc hộ nhận.")
        if (self.person_id or self.household_id) and self.people_count != 1:
            raise ValidationError({"people_count": "Khoản cho một người hoặc một hộ chỉ có một suất."})
        if self.receiver_relation and not self.receiver_name:
            raise ValidationError({"receiver_name": "Ghi tên người nhận thay."})
        if self.value <= 0:
            raise ValidationError("Phải ghi số tiền mặt hoặc giá trị hiện vật.")
        if self.round_id and self.value > self.round.ceiling * self.people_count:
            raise ValidationError(
                f"Mức {format_money(self.value)} vượt mức tối đa {format_money(self.round.ceiling)} một người của đợt “{self.round}”."
            )
        self._check_once_a_round()

    def _check_once_a_round(self):
        """The constraints themselves ask for the state, which no form holds, so that none would check them."""
        names = ["grant_once_a_round", "grant_once_a_household"]
        for constraint in self._meta.constraints:
            if constraint.name in names:
                constraint.validate(type(self), self)

    def forward(self, by, *, unit: Unit, letter_number: str, on=None):
        self._alone("chuyển", lambda rows: rows.forward(by, unit=unit, letter_number=letter_number, on=on))

    def send_back(self, by, *, reason: str):
        self._alone("trả lại", lambda rows: rows.send_back(by, reason=reason))

    def resubmit(self, by):
        self._alone("gửi lại", lambda rows: rows.resubmit(by))

    def appraise(self, by, on=None):
        self._alone("thẩm định", lambda rows: rows.appraise(by, on=on))

    def approve(self, by, *, decision_number="", on=None, scan=None):
        given = {"decision_number": decision_number, "on": on, "scan": scan}
        self._alone("phê duyệt", lambda rows: rows.approve(by, **given))

    def issue(self, by, *, decision_number: str, on=None, scan=None):
        given = {"decision_number": decision_number, "on": on, "scan": scan}
        self._alone("ghi quyết định", lambda rows: rows.issue(by, **given))

    def refuse(self, by, *, reason: str, on=None):
        self._alone("xét duyệt", lambda rows: rows.refuse(by, reason=reason, on=on))

    def pay(self, by, *, fund: Fund | None = None, document_number="", on=None, way=""):
        """Spend the cash from the fund and mark the grant paid, both or neither; a second payment is refused."""
        given = {"fund": fund, "document_number": document_number, "on": on, "way": way}
        self._alone("chi", lambda rows: rows.pay(by, **given))

    def _alone(self, doing, verb):
        if not verb(Grant.objects.filter(pk=self.pk)):
            self.refresh_from_db()
            raise Refused(f"Khoản hỗ trợ {self._standing()} nên không {doing} được.")
        self.refresh_from_db()

    def _standing(self) -> str:
        if self.state == self.State.PROPOSED and self.unit.depth > self.round.unit.depth + 1:
            return "đang chờ công đoàn cấp trên trực tiếp chuyển lên"
        if self.state == self.State.APPROVED and self.advance_id:
            return "đã tạm ứng cho đơn vị chi"
        if self.state == self.State.APPROVED and not self.decision_number:
            return "chưa có số quyết định"
        return f"đang ở trạng thái “{self.get_state_display()}”"

    def reverse(self, by, *, note: str, on=None):
        """Take a payment back by a reversing entry; the grant stays in the books as reversed."""
        need_for(by, [self.round], "pay_grant", "ghi đảo khoản hỗ trợ")
        if not note.strip():
            raise Refused("Phải ghi lý do khi ghi đảo.")
        on = business_day(on)
        with moving(
            self, self.State.REVERSED, by=by, came_from=[self.State.PAID], action=AuditEvent.Action.PAY, on=on
        ) as grant:
            business_day(on, since=grant.paid_on, after="ngày chi")
            if grant.payment_id:
                need_fund(by, grant.payment.fund)
                grant.payment.cancel(by, on=on, note=note)
            mark_stale("grants", grant.unit_id, grant.paid_on)
