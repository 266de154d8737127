from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from beneficiaries.funds.models import Fund, FundEntry
from beneficiaries.loans.extensions import LoanExtension
from beneficiaries.loans.instalments import LoanInstalment, Way, months_later
from beneficiaries.loans.limits import LoanLimit, beyond_limit
from beneficiaries.loans.projects import REFERRED, LoanProject, LoanSource
from beneficiaries.loans.repayments import LoanRepayment
from beneficiaries.loans.steps import LoanSteps, State
from beneficiaries.people.models import Household, Person
from welfare.history import History
from welfare.scoping import Owned, ScopedQuerySet
from welfare.units.models import Unit, User, today
from welfare.vietnamese import format_money

__all__ = ["Loan", "LoanExtension", "LoanInstalment", "LoanLimit", "LoanRepayment", "months_later"]

SOON = timedelta(days=30)


def _day(name):
    return models.DateField(name, null=True, editable=False)


def _who(name):
    return models.ForeignKey(User, models.PROTECT, verbose_name=name, null=True, editable=False, related_name="+")


class LoanQuerySet(ScopedQuerySet):
    def overdue(self):
        """With an instalment that was due before today and is not paid in full."""
        return self.filter(Exists(_unpaid().filter(due_on__lt=today())), state=State.DISBURSED)

    def due_soon(self):
        """With an instalment to be paid within 30 days from today."""
        soon = _unpaid().filter(due_on__range=(today(), today() + SOON))
        return self.filter(Exists(soon), state=State.DISBURSED)

    def with_dues(self):
        """Adds ``next_due_on``, ``overdue_money`` and ``soon_money``: principal in VND, of loans that are running."""
        due_on = _unpaid().filter(loan__state=State.DISBURSED).order_by("month").values("due_on")[:1]
        return self.annotate(
            next_due_on=Subquery(due_on),
            overdue_money=_due_by(today() - timedelta(days=1)),
            soon_money=_due_by(today() + SOON) - _due_by(today() - timedelta(days=1)),
        )

    def running(self):
        """Money that is out."""
        return self.filter(state=State.DISBURSED)

    def of_family(self, loan):
        """Other loans to the same person or anybody of the household."""
        household = loan.household_id or (loan.person.household_id if loan.person_id else None)
        same = Q(person=loan.person_id) if loan.person_id else Q(pk__in=[])
        if household:
            same |= Q(household=household) | Q(person__household=household)
        return self.filter(same).exclude(pk=loan.pk)

    def of_others(self, user):
        return self.exclude(proposed_by=user)


def _unpaid():
    return LoanInstalment.objects.filter(loan=OuterRef("pk"), due_total__gt=OuterRef("principal_repaid"))


def _due_by(day):
    reached = LoanInstalment.objects.filter(loan=OuterRef("pk"), loan__state=State.DISBURSED, due_on__lte=day)
    total = Subquery(reached.order_by("-month").values("due_total")[:1], output_field=models.BigIntegerField())
    return Greatest(Coalesce(total, 0) - F("principal_repaid"), 0, output_field=models.BigIntegerField())


class Loan(LoanSteps):
    """Money lent to a person or a household, from the request until it is paid back. VND; rate in percent a year."""

    State, Way = State, Way

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="loans")
    source = models.CharField("nguồn vốn", max_length=10, choices=LoanSource.choices, blank=True)
    project = models.ForeignKey(
        LoanProject, models.PROTECT, verbose_name="dự án vay vốn", null=True, blank=True, related_name="loans"
    )
    fund = models.ForeignKey(
        Fund, models.PROTECT, verbose_name="quỹ cho vay", null=True, blank=True, related_name="+",
        help_text="Chỉ với Quỹ Tương trợ có sổ ở đây: giải ngân ghi giảm, thu nợ ghi tăng số dư quỹ này.",
    )  # fmt: skip
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="người vay", null=True, blank=True, related_name="loans"
    )
    household = models.ForeignKey(
        Household, models.PROTECT, verbose_name="hộ vay", null=True, blank=True, related_name="loans"
    )
    purpose = models.CharField("mục đích vay", max_length=200)
    amount = models.BigIntegerField("số tiền vay (đồng)")
    term_months = models.PositiveSmallIntegerField("thời hạn (tháng)", validators=[MaxValueValidator(600)])
    rate = models.DecimalField("lãi suất (%/năm)", max_digits=5, decimal_places=2, default=0)
    schedule = models.CharField("cách trả nợ", max_length=10, choices=Way.choices, default=Way.END)
    state = models.CharField("trạng thái", max_length=12, choices=State.choices, default=State.PROPOSED, editable=False)
    proposed_by = models.ForeignKey(User, models.PROTECT, verbose_name="người lập", editable=False, related_name="+")
    proposed_on = models.DateField("ngày đề nghị", default=today)
    approved_by = _who("người duyệt")
    approved_on = _day("ngày duyệt")
    disbursed_on = _day("ngày giải ngân")
    disbursement = models.OneToOneField(
        FundEntry, models.PROTECT, verbose_name="bút toán giải ngân", null=True, editable=False, related_name="loan"
    )
    due_on = _day("ngày đến hạn")
    principal_repaid = models.BigIntegerField("gốc đã trả (đồng)", default=0, editable=False)
    repaid_before = models.BigIntegerField("gốc đã trả trước khi ghi ở đây (đồng)", default=0, editable=False)
    closed_on = _day("ngày tất toán")
    refused_reason = models.CharField("lý do không duyệt", max_length=300, blank=True, editable=False)
    lender_answer = models.CharField("trả lời của bên cho vay", max_length=300, blank=True, editable=False)
    lender_answered_on = _day("ngày bên cho vay trả lời")
    written_off_on = _day("ngày xóa nợ")
    written_off_by = _who("người xóa nợ")
    written_off_reason = models.CharField("lý do xóa nợ", max_length=300, blank=True, editable=False)
    is_recorded_afterwards = models.BooleanField("ghi nhận lại", default=False, editable=False)
    history = History(verbose_name="lịch sử khoản vay")

    scope = Owned()
    objects = models.Manager.from_queryset(LoanQuerySet)()

    class Meta:
        verbose_name = "khoản vay"
        verbose_name_plural = "khoản vay"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
        ordering = ["-pk"]
        permissions = [("approve_loan", "Duyệt cho vay"), ("disburse_loan", "Giải ngân, thu nợ, tất toán khoản vay")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(term_months__gt=0), name="loan_amount_sane",
                violation_error_message="Số tiền và thời hạn vay phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(rate__gte=0) & Q(rate__lte=100), name="loan_rate_sane",
                violation_error_message="Lãi suất phải từ 0 đến 100 phần trăm một năm.",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(household__isnull=False), name="loan_has_borrower",
                violation_error_message="Phải chọn người vay hoặc hộ vay.",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")), name="loan_maker_is_not_checker",
                violation_error_message="Người lập hồ sơ vay không được duyệt.",
            ),
            models.CheckConstraint(
                condition=Q(repaid_before__gte=0, principal_repaid__gte=F("repaid_before"), principal_repaid__lte=F("amount")),
                name="loan_repaid_within_amount",
                violation_error_message="Số gốc đã trả phải từ 0 đến số tiền vay.",
            ),
            models.CheckConstraint(
                condition=Q(fund__isnull=True) | Q(source=LoanSource.MUTUAL), name="loan_fund_is_mutual",
                violation_error_message="Chỉ khoản vay từ Quỹ Tương trợ mới chọn quỹ cho vay.",
            ),
            models.CheckConstraint(
                condition=~Q(source__in=REFERRED) | Q(disbursed_on__isnull=True), name="loan_referral_not_managed",
                violation_error_message="Khoản vay giới thiệu do bên cho vay quản lý.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.borrower} – {format_money(self.amount)}"

    def save(self, **options):
        """A project's loan comes from the project's source."""
        if self.project_id:
            self.source = self.project.source
        super().save(**options)

    @property
    def borrower(self) -> str:
        return str(self.person or self.household)

    @property
    def is_referral(self) -> bool:
        """The lender manages it: no money of ours goes out or comes back."""
        return self.source in REFERRED

    @property
    def outstanding(self) -> int:
        """Principal still owed, VND."""
        return self.amount - self.principal_repaid if self.state == State.DISBURSED else 0

    @property
    def given_up(self) -> int:
        """Principal that was written off, VND."""
        return self.amount - self.principal_repaid if self.state == State.WRITTEN_OFF else 0

    def clean(self):
        if self.person_id and self.household_id and self.person.household_id not in (None, self.household_id):
            raise ValidationError("Người vay không thuộc hộ đã chọn; hãy chọn lại một trong hai.")
        if self.proposed_on and self.proposed_on > today():
            raise ValidationError({"proposed_on": "Ngày đề nghị không được sau hôm nay."})
        if self.project_id:
            self.source = self.project.source
        if not self.source:
            raise ValidationError({"source": "Chọn nguồn vốn hoặc dự án vay vốn."})
        known = None not in (self.amount, self.term_months, self.rate, self.proposed_on)
        if known and not self.is_recorded_afterwards and (words := beyond_limit(self, self.proposed_on)):
            raise ValidationError(words)
