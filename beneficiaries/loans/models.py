import calendar
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from beneficiaries.loans.projects import LoanProject
from beneficiaries.people.models import Household, Person
from beneficiaries.rules import business_day, need
from programs.targets.models import mark_stale
from welfare.audit import AuditEvent
from welfare.history import History
from welfare.scoping import Owned, ScopedQuerySet
from welfare.states import Refused, moving
from welfare.units.models import Unit, User, today
from welfare.vietnamese import format_money


class LoanQuerySet(ScopedQuerySet):
    def overdue(self):
        return self.filter(state=Loan.State.DISBURSED, due_on__lt=today())

    def of_others(self, user):
        return self.exclude(proposed_by=user)


class Loan(models.Model):
    """Money lent to a person or a household, from the request until it is paid back. VND; rate in percent a year."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Đề nghị vay"
        APPROVED = "approved", "Đã duyệt"
        DISBURSED = "disbursed", "Đã giải ngân"
        CLOSED = "closed", "Đã tất toán"
        REFUSED = "refused", "Không duyệt"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="loans")
    project = models.ForeignKey(
        LoanProject, models.PROTECT, verbose_name="dự án vay vốn", null=True, blank=True, related_name="loans"
    )
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
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.PROPOSED, editable=False)
    proposed_by = models.ForeignKey(User, models.PROTECT, verbose_name="người lập", editable=False, related_name="+")
    proposed_on = models.DateField("ngày đề nghị", default=today)
    approved_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người duyệt", null=True, editable=False, related_name="+"
    )
    approved_on = models.DateField("ngày duyệt", null=True, editable=False)
    disbursed_on = models.DateField("ngày giải ngân", null=True, editable=False)
    due_on = models.DateField("ngày đến hạn", null=True, editable=False)
    closed_on = models.DateField("ngày tất toán", null=True, editable=False)
    refused_reason = models.CharField("lý do không duyệt", max_length=300, blank=True, editable=False)
    history = History(verbose_name="lịch sử khoản vay")

    scope = Owned()
    objects = models.Manager.from_queryset(LoanQuerySet)()

    class Meta:
        verbose_name = "khoản vay"
        verbose_name_plural = "khoản vay"
        default_permissions = ("view", "add", "change", "delete", "export")
        ordering = ["-pk"]
        permissions = [("approve_loan", "Duyệt cho vay"), ("disburse_loan", "Giải ngân, tất toán khoản vay")]
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
        ]  # fmt: skip

    def __str__(self):
        return f"{self.borrower} – {format_money(self.amount)}"

    @property
    def borrower(self) -> str:
        return str(self.person or self.household)

    @property
    def is_overdue(self) -> bool:
        return self.state == self.State.DISBURSED and self.due_on < today()

    def clean(self):
        if self.person_id and self.household_id and self.person.household_id not in (None, self.household_id):
            raise ValidationError("Người vay không thuộc hộ đã chọn; hãy chọn lại một trong hai.")
        if self.proposed_on and self.proposed_on > today():
            raise ValidationError({"proposed_on": "Ngày đề nghị không được sau hôm nay."})

    def approve(self, by, *, on=None):
        """Raises ``Refused`` to whoever wrote in the file of the loan."""
        need(by, "approve_loan", "duyệt cho vay")
        on = business_day(on)
        with moving(
            self, self.State.APPROVED, by=by, came_from=[self.State.PROPOSED], action=AuditEvent.Action.APPROVE, on=on
        ) as loan:
            business_day(on, since=loan.proposed_on, after="ngày đề nghị")
            loan.check_other_hands(by)
            loan.approved_by, loan.approved_on = by, on
            mark_stale("loans", loan.unit_id, on)

    def refuse(self, by, *, reason: str):
        need(by, "approve_loan", "xét duyệt cho vay")
        if not reason.strip():
            raise Refused("Phải ghi lý do khi không duyệt.")
        with moving(self, self.State.REFUSED, by=by, came_from=[self.State.PROPOSED]) as loan:
            loan.check_other_hands(by)
            loan.refused_reason = reason.strip()[:300]

    def check_other_hands(self, by):
        if by.pk == self.proposed_by_id or self.history.filter(history_user=by).exists():
            raise Refused("Bạn đã lập hoặc sửa hồ sơ vay này nên không được xét duyệt; hãy chuyển người khác.")

    def disburse(self, by, *, on=None):
        """The term runs from this day."""
        need(by, "disburse_loan", "giải ngân")
        on = business_day(on)
        with moving(
            self, self.State.DISBURSED, by=by, came_from=[self.State.APPROVED], action=AuditEvent.Action.PAY, on=on
        ) as loan:
            business_day(on, since=loan.approved_on, after="ngày duyệt")
            loan.disbursed_on, loan.due_on = on, months_later(on, loan.term_months)

    def close(self, by, *, on=None):
        need(by, "disburse_loan", "tất toán khoản vay")
        on = business_day(on)
        with moving(self, self.State.CLOSED, by=by, came_from=[self.State.DISBURSED], on=on) as loan:
            loan.closed_on = business_day(on, since=loan.disbursed_on, after="ngày giải ngân")


def months_later(day: date, months: int) -> date:
    """The same day of a later month, its last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
