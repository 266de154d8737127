"""What may be done with a loan, step by step: who may, in which order, and what moves with it."""

from django.db import models

from beneficiaries.funds.models import FundEntry
from beneficiaries.loans.extensions import Extending
from beneficiaries.loans.instalments import plan_of, set_dates
from beneficiaries.loans.limits import beyond_limit
from beneficiaries.people.models import Household, Person
from beneficiaries.rules import business_day, need
from programs.targets.models import mark_stale
from welfare.audit import AuditEvent, record
from welfare.states import Refused, locked, moving
from welfare.vietnamese import format_money

_PAY = AuditEvent.Action.PAY


class State(models.TextChoices):
    PROPOSED = "proposed", "Đề nghị vay"
    APPROVED = "approved", "Đã duyệt"
    DISBURSED = "disbursed", "Đang vay"
    REFERRED = "referred", "Đã giới thiệu"
    CLOSED = "closed", "Đã tất toán"
    WRITTEN_OFF = "written_off", "Đã xóa nợ"
    REFUSED = "refused", "Không duyệt"


class LoanSteps(Extending):
    """The verbs of ``Loan``. The unit proposes, another hand approves, finance hands out and takes back."""

    class Meta:
        abstract = True

    def approve(self, by, *, on=None):
        """Raises ``Refused`` to whoever wrote in the file, beyond the limits of the day, to a family that has a loan of
        this source already, and beyond the project's money. What CEP or a bank is to lend is referred.
        """
        need(by, "approve_loan", "duyệt cho vay")
        on = business_day(on)
        with moving(
            self, State.APPROVED, by=by, came_from=[State.PROPOSED], action=AuditEvent.Action.APPROVE, on=on
        ) as loan:
            business_day(on, since=loan.proposed_on, after="ngày đề nghị")
            loan.check_other_hands(by)
            if words := beyond_limit(loan, on):
                raise Refused(words)
            loan.approved_by, loan.approved_on = by, on
            if loan.is_referral:
                loan.state = State.REFERRED
            else:
                loan._check_schedule()
                loan._check_one_in_family()
                loan._take_of_project()
            mark_stale("loans", loan.unit_id, on)

    def refuse(self, by, *, reason: str):
        need(by, "approve_loan", "xét duyệt cho vay")
        _need_reason(reason, "khi không duyệt")
        with moving(self, State.REFUSED, by=by, came_from=[State.PROPOSED]) as loan:
            loan.check_other_hands(by)
            loan.refused_reason = reason.strip()[:300]

    def check_other_hands(self, by):
        if by.pk == self.proposed_by_id or self.history.filter(history_user=by).exists():
            raise Refused("Bạn đã lập hoặc sửa hồ sơ vay này nên không được xét duyệt; hãy chuyển người khác.")

    def _check_schedule(self):
        """A schedule of its own must pay back the whole within the term."""
        dues = plan_of(self)
        total = sum(due.principal for due in dues)
        if total != self.amount:
            raise Refused(
                f"Lịch trả nợ riêng cộng lại là {format_money(total)}, chưa khớp số tiền vay {format_money(self.amount)}."
            )
        if dues[-1].month > self.term_months:
            raise Refused(f"Lịch trả nợ riêng kéo đến tháng thứ {dues[-1].month}, quá thời hạn vay.")

    def _check_one_in_family(self):
        """The family is locked first, so that two requests can't be approved beside each other."""
        household = self.household_id or (self.person.household_id if self.person_id else None)
        family, key = (Household, household) if household else (Person, self.person_id)
        family._base_manager.select_for_update(of=("self",)).get(pk=key)
        held = type(self).objects.of_family(self).filter(
            source=self.source, state__in=[State.APPROVED, State.DISBURSED]
        )  # fmt: skip
        if other := held.select_related("person", "household").first():
            raise Refused(
                f"Gia đình này đang có khoản vay “{other}” cùng nguồn vốn ({other.get_state_display().lower()}); "
                "hãy tất toán khoản đó trước."
            )

    def _take_of_project(self):
        if self.project_id:
            self.project.take(self.amount)

    def disburse(self, by, *, document_number="", on=None):
        """The term runs from this day; the instalments get their days. Out of a fund kept here it is one entry."""
        need(by, "disburse_loan", "giải ngân")
        on = business_day(on)
        with moving(self, State.DISBURSED, by=by, came_from=[State.APPROVED], action=_PAY, on=on) as loan:
            business_day(on, since=loan.approved_on, after="ngày duyệt")
            loan.disbursement = loan._post(-loan.amount, by, on, document_number, "Cho vay")
            loan._start(on)

    def _start(self, on):
        self.disbursed_on = on
        set_dates(self)
        self.due_on = self.instalments.latest("month").due_on

    def _post(self, amount, by, on, document_number, told):
        if not self.fund_id:
            return None
        return self.fund.post(
            FundEntry.Kind.LOAN, amount, by=by, on=on, document_number=document_number, note=f"{told}: {self.purpose}"
        )

    def repay(self, by, *, document_number: str, principal: int = 0, interest: int = 0, on=None):
        """Write what came back (VND). The last of the principal closes the loan. A document number counts once.

        Raises ``Refused`` above what is out, before the money was handed out, and for a day to come.
        """
        need(by, "disburse_loan", "ghi thu nợ")
        on = business_day(on)
        with locked(self) as loan:
            loan._check_repayment(principal, interest, document_number.strip(), on)
            entry = loan._post(principal + interest, by, on, document_number.strip(), "Thu nợ")
            made = loan.repayments.create(
                on=on, principal=principal, interest=interest, document_number=document_number.strip(), by=by, entry=entry
            )  # fmt: skip
            loan.principal_repaid += principal
            if loan.principal_repaid == loan.amount:
                loan._end(State.CLOSED, on)
            loan.save()
            detail = {"principal": principal, "interest": interest, "state": loan.state, "on": str(on)}
            record(_PAY, actor=by, subject=loan, unit=loan.unit, detail=detail)
        self.refresh_from_db()
        return made

    def _check_repayment(self, principal, interest, document_number, on):
        if self.state != State.DISBURSED:
            raise Refused(
                f"Khoản vay “{self}” đang ở trạng thái “{self.get_state_display()}” nên không ghi trả nợ được."
            )
        business_day(on, since=self.disbursed_on, after="ngày giải ngân")
        if not document_number:
            raise Refused("Phải ghi số chứng từ thu.")
        if principal < 0 or interest < 0 or not principal + interest:
            raise Refused("Số tiền trả phải lớn hơn 0.")
        if principal > self.outstanding:
            raise Refused(f"Khoản vay còn nợ gốc {format_money(self.outstanding)}; hãy ghi trong số đó.")
        if self.repayments.standing().filter(document_number=document_number).exists():
            raise Refused(f"Chứng từ {document_number} đã được ghi cho khoản vay này rồi.")

    def _end(self, state, on):
        """Closed or written off: what was paid back is the project's to lend again."""
        self.state = state
        if state == State.CLOSED:
            self.closed_on = on
        if self.project_id:
            self.project.give_back(self.principal_repaid)

    def close(self, by, *, document_number: str, interest: int = 0, on=None):
        """All that is still out comes back at once."""
        return self.repay(
            by, document_number=document_number, principal=self.outstanding, interest=interest, on=on
        )  # fmt: skip

    def take_back_repayment(self, by, *, repayment, reason: str, on=None):
        """Money that was written wrongly: the row stays, marked; a loan it had closed runs again."""
        need(by, "disburse_loan", "ghi đảo lần trả nợ")
        _need_reason(reason, "khi ghi đảo")
        on = business_day(on, since=repayment.on, after="ngày trả")
        with locked(self) as loan, locked(repayment) as row:
            if row.loan_id != loan.pk or row.taken_back_on or loan.state not in (State.DISBURSED, State.CLOSED):
                raise Refused("Lần trả nợ này đã được ghi đảo, hoặc khoản vay không còn ghi đảo được.")
            if row.entry_id:
                row.entry.cancel(by, note=reason, on=on)
            row.taken_back_on, row.taken_back_by, row.taken_back_reason = on, by, reason.strip()[:300]
            row.save()
            if loan.state == State.CLOSED:
                loan._take_of_project()
                loan.state, loan.closed_on = State.DISBURSED, None
            loan.principal_repaid -= row.principal
            loan.save()
            detail = {"principal": -row.principal, "interest": -row.interest, "on": str(on)}
            record(_PAY, actor=by, subject=loan, unit=loan.unit, detail=detail)
        self.refresh_from_db()

    def write_off(self, by, *, decision_number: str, reason: str, on=None):
        """The rest is given up, by a decision of somebody who did not make the file; the row and its figures stay."""
        need(by, "approve_loan", "xóa nợ")
        _need_reason(reason, "khi xóa nợ")
        on = business_day(on)
        with moving(
            self, State.WRITTEN_OFF, by=by, came_from=[State.DISBURSED], action=AuditEvent.Action.APPROVE, on=on
        ) as loan:
            if by.pk == loan.proposed_by_id or loan.history.filter(history_user=by, state=State.PROPOSED).exists():
                raise Refused("Bạn đã lập hoặc sửa hồ sơ vay này nên không được xóa nợ; hãy chuyển người khác.")
            business_day(on, since=loan.disbursed_on, after="ngày giải ngân")
            loan._end(State.WRITTEN_OFF, on)
            loan.written_off_by, loan.written_off_on = by, on
            loan.written_off_reason = f"Quyết định {decision_number.strip()}: {reason.strip()}"[:300]

    def hear_back(self, by, *, answer: str, on=None):
        """What CEP or the bank said to a referral; nothing of it is managed here."""
        need(by, "change_loan", "ghi trả lời của bên cho vay")
        on = business_day(on, since=self.approved_on, after="ngày giới thiệu")
        with moving(self, State.REFERRED, by=by, came_from=[State.REFERRED], on=on) as loan:
            loan.lender_answer, loan.lender_answered_on = answer.strip()[:300], on

    def record_existing(self, by, *, disbursed_on, repaid: int = 0, approved_on=None, closed_on=None):
        """A loan of before at once at its present state, marked as such: ``repaid`` VND of the principal came back.

        Nothing of it moves a fund; the project's money counts. Raises ``Refused`` as the other verbs do.
        """
        need(by, "import_loan", "ghi nhận khoản vay đã có")
        days = [day for day in (self.proposed_on, approved_on, disbursed_on, closed_on) if day]
        if days != sorted(days):
            raise Refused("Các ngày phải theo thứ tự: đề nghị, duyệt, giải ngân, tất toán.")
        business_day(days[-1])
        if not 0 <= repaid <= self.amount or (closed_on is not None) != (repaid == self.amount):
            raise Refused("Số gốc đã trả phải từ 0 đến số tiền vay; khoản đã trả đủ phải có ngày tất toán.")
        with moving(self, State.DISBURSED, by=by, came_from=[State.PROPOSED], action=_PAY, on=disbursed_on) as loan:
            if loan.is_referral:
                raise Refused("Khoản vay giới thiệu do bên cho vay quản lý nên không ghi giải ngân, trả nợ.")
            loan.fund, loan.is_recorded_afterwards, loan.approved_on = None, True, approved_on
            loan.repaid_before = loan.principal_repaid = repaid
            loan._start(disbursed_on)
            if closed_on:
                loan.state, loan.closed_on = State.CLOSED, closed_on
            else:
                loan._take_of_project()
            mark_stale("loans", loan.unit_id, *days)


def _need_reason(reason, when):
    if not reason.strip():
        raise Refused(f"Phải ghi lý do {when}.")
