"""More time to pay a loan back: asked for by one person, granted or refused by another."""

from contextlib import contextmanager

from django.db import models
from django.db.models import F, Q

from beneficiaries.loans.instalments import postpone
from beneficiaries.rules import business_day, need
from welfare.audit import AuditEvent, record
from welfare.scoping import ScopedManager, Via
from welfare.states import Refused, locked
from welfare.units.models import User

_LONGEST = 60  # months


class LoanExtension(models.Model):
    """One request; ``is_granted`` is empty until it is decided."""

    loan = models.ForeignKey("beneficiaries.Loan", models.CASCADE, verbose_name="khoản vay", related_name="extensions")
    months = models.PositiveSmallIntegerField("thêm (tháng)")
    reason = models.CharField("lý do", max_length=300)
    asked_by = models.ForeignKey(User, models.PROTECT, verbose_name="người đề nghị", related_name="+")
    asked_on = models.DateField("ngày đề nghị")
    is_granted = models.BooleanField("được gia hạn", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, verbose_name="người quyết định", null=True, related_name="+")
    decided_on = models.DateField("ngày quyết định", null=True)
    answer = models.CharField("ý kiến", max_length=300, blank=True)

    scope = Via("loan")
    objects = ScopedManager()

    class Meta:
        verbose_name = "lần gia hạn"
        verbose_name_plural = "các lần gia hạn"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(months__gt=0), name="loan_extension_sane",
                violation_error_message="Thời gian gia hạn phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="loan_extension_by_two",
                violation_error_message="Người đề nghị gia hạn không được quyết định.",
            ),
            models.UniqueConstraint(
                fields=["loan"], condition=Q(is_granted__isnull=True), name="loan_extension_one_open",
                violation_error_message="Khoản vay đang có đề nghị gia hạn chờ quyết định.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"Gia hạn {self.months} tháng"


class Extending(models.Model):
    """The verbs of ``Loan`` that give it more time."""

    class Meta:
        abstract = True

    def ask_extension(self, by, *, months: int, reason: str, on=None):
        need(by, "change_loan", "đề nghị gia hạn")
        if not by.reach_for("beneficiaries.change_loan").may_write(self.unit_id):
            raise Refused(f"Chỉ {self.unit} hoặc LĐLĐ tỉnh được đề nghị gia hạn khoản vay này.")
        if not reason.strip():
            raise Refused("Phải ghi lý do gia hạn.")
        if not 0 < months <= _LONGEST:
            raise Refused(f"Mỗi lần gia hạn từ 1 đến {_LONGEST} tháng.")
        with locked(self) as loan:
            loan._check_running()
            on = business_day(on, since=loan.disbursed_on, after="ngày giải ngân")
            if loan.extensions.filter(is_granted=None).exists():
                raise Refused("Khoản vay đang có một đề nghị gia hạn chờ quyết định.")
            loan.extensions.create(months=months, reason=reason.strip()[:300], asked_by=by, asked_on=on)
            record(AuditEvent.Action.CHANGE, actor=by, subject=loan, unit=loan.unit, detail={"extension": months})

    def grant_extension(self, by, *, on=None):
        """What is not paid yet is due later, with the interest of the longer time."""
        with self._deciding(by, on) as (loan, extension):
            extension.is_granted = True
            loan.due_on = postpone(loan, extension.months)

    def refuse_extension(self, by, *, reason: str, on=None):
        if not reason.strip():
            raise Refused("Phải ghi lý do khi không gia hạn.")
        with self._deciding(by, on) as (_, extension):
            extension.is_granted, extension.answer = False, reason.strip()[:300]

    @contextmanager
    def _deciding(self, by, on):
        """The loan and its open request, locked. Raises ``Refused`` to whoever asked."""
        need(by, "approve_loan", "quyết định gia hạn")
        with locked(self) as loan:
            loan._check_running()
            extension = loan.extensions.filter(is_granted=None).first()
            if extension is None:
                raise Refused("Khoản vay không có đề nghị gia hạn nào đang chờ quyết định.")
            if extension.asked_by_id == by.pk:
                raise Refused("Bạn đã đề nghị gia hạn nên không được quyết định; hãy chuyển người khác.")
            extension.decided_by = by
            extension.decided_on = business_day(on, since=extension.asked_on, after="ngày đề nghị gia hạn")
            yield loan, extension
            extension.save()
            loan.save()
            detail = {"extension": extension.months, "granted": extension.is_granted, "on": str(extension.decided_on)}
            record(AuditEvent.Action.APPROVE, actor=by, subject=loan, unit=loan.unit, detail=detail)
        self.refresh_from_db()

    def _check_running(self):
        if self.state != self.State.DISBURSED:
            raise Refused(f"Chỉ gia hạn khoản đang vay; khoản này đang ở trạng thái “{self.get_state_display()}”.")
