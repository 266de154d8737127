"""What may be done with an event's money: the estimate is written, sent, approved by another; lines are spent; all settled."""

from django.db import models

from beneficiaries.models import FundEntry
from welfare.audit import AuditEvent, record
from welfare.rules import business_day, need
from welfare.states import Refused, locked, moving
from welfare.vietnamese import format_money


class BudgetSteps(models.Model):
    class Meta:
        abstract = True

    def submit(self, by):
        self._need(by, "submit_eventbudget", "trình dự toán sự kiện")
        with moving(self, self.State.SUBMITTED, by=by, came_from=[self.State.DRAFT]) as budget:
            if not budget.lines.exists():
                raise Refused("Dự toán chưa có khoản nào; hãy ghi các khoản chi trước khi trình.")
            budget.submitted_by, budget.approved_by, budget.approved_on = by, None, None
            budget.state_reason = budget.decision_number = ""

    def approve(self, by, *, decision_number="", on=None):
        self._need(by, "approve_eventbudget", "duyệt dự toán sự kiện")
        on = business_day(on)
        with moving(
            self, self.State.APPROVED, by=by, came_from=[self.State.SUBMITTED], action=AuditEvent.Action.APPROVE, on=on
        ) as budget:
            if by.pk == budget.submitted_by_id:
                raise Refused("Bạn đã trình dự toán này nên người khác phải duyệt.")
            budget.approved_by, budget.approved_on, budget.decision_number = by, on, decision_number.strip()

    def send_back(self, by, *, reason: str):
        """To be written over, also after it was approved while nothing is spent."""
        self._need(by, "approve_eventbudget", "trả lại dự toán sự kiện")
        with moving(self, self.State.DRAFT, by=by, came_from=[self.State.SUBMITTED, self.State.APPROVED]) as budget:
            if budget.lines.filter(spent_quantity__isnull=False).exists():
                raise Refused("Đã ghi chi nên không trả lại dự toán; hãy thu hồi các lần ghi chi trước.")
            budget.state_reason, budget.approved_by, budget.approved_on = _worded(reason), None, None

    def settle(self, by, *, on=None):
        """Every line was spent, or recorded as not spent; whoever recorded spending settles nothing."""
        self._need(by, "settle_eventbudget", "duyệt quyết toán sự kiện")
        on = business_day(on, since=self.approved_on, after="ngày duyệt dự toán")
        with moving(
            self, self.State.SETTLED, by=by, came_from=[self.State.APPROVED], action=AuditEvent.Action.APPROVE, on=on
        ) as budget:
            open_line = budget.lines.filter(spent_quantity__isnull=True).first()
            if open_line:
                raise Refused(f"Khoản “{open_line.item}” chưa ghi thực chi; không chi thì ghi số lượng 0.")
            if budget.lines.filter(spent_by=by).exists():
                raise Refused("Bạn đã ghi chi cho sự kiện này nên người khác phải duyệt quyết toán.")
            budget.settled_by, budget.settled_on, budget.state_reason = by, on, ""

    def reopen(self, by, *, reason: str):
        self._need(by, "settle_eventbudget", "mở lại quyết toán sự kiện")
        with moving(self, self.State.APPROVED, by=by, came_from=[self.State.SETTLED]) as budget:
            budget.settled_by, budget.settled_on, budget.state_reason = None, None, _worded(reason)

    def _need(self, by, codename, doing):
        need(by, f"events.{codename}", doing)
        if not by.reach_for(f"events.{codename}").may_write(self.unit_id):
            raise Refused(f"Bạn chỉ được {doing} của đơn vị mình.")


class LineSteps(models.Model):
    class Meta:
        abstract = True

    def spend(self, by, *, quantity: int, price: int, document_number="", on=None, reason=""):
        """Record what the line really cost, once; a fund kept here pays it by one entry in the same transaction.

        ``quantity`` 0 records that nothing was spent. Raises ``Refused`` before the estimate is approved, above it
        without a reason, and for whatever the fund itself refuses: too little money, a closed month, another purpose.
        """
        self._need(by)
        with locked(self.budget) as budget, locked(self) as line:
            on = business_day(on, since=budget.approved_on, after="ngày duyệt dự toán")
            _need_approved(budget)
            if line.spent is not None:
                raise Refused(
                    f"Khoản “{line.item}” đã ghi chi {format_money(line.spent)}; muốn sửa, hãy thu hồi lần ghi đó."
                )
            line.spent_quantity, line.spent_price, line.spent_on, line.spent_by = quantity, price, on, by
            if line.difference > 0 and not reason.strip():
                raise Refused(
                    f"Thực chi {format_money(line.spent)} vượt dự toán {format_money(line.estimated)}; hãy ghi lý do vượt."
                )
            line.reason = reason.strip()[:300]
            if line.fund_id and line.spent:
                line.entry = line._pay(by, line.spent, document_number, on)
            line.save()
            _told(line, budget, by, {"spent": line.spent, "on": str(on)})
        self.refresh_from_db()

    def _pay(self, by, amount, document_number, on) -> FundEntry:
        _need_fund(by, self.fund)
        if not document_number.strip():
            raise Refused("Chi từ quỹ phải có số chứng từ.")
        return self.fund.post(
            FundEntry.Kind.SPEND, -amount, by=by, on=on, document_number=document_number.strip(),
            note=f"{self.budget.event}: {self.item}",
        )  # fmt: skip

    def take_back(self, by, *, reason: str, on=None):
        """The line is open again; what a fund paid is reversed by an entry of its own."""
        self._need(by)
        reason = _worded(reason)
        with locked(self.budget) as budget, locked(self) as line:
            _need_approved(budget)
            if line.spent is None:
                raise Refused(f"Khoản “{line.item}” chưa ghi chi.")
            if line.entry_id:
                _need_fund(by, line.entry.fund)
                line.entry.cancel(by, note=reason, on=on)
            taken, line.entry = line.spent, None
            line.spent_quantity = line.spent_price = line.spent_on = line.spent_by = None
            line.reason = ""
            line.save()
            _told(line, budget, by, {"taken_back": taken, "reason": reason})
        self.refresh_from_db()

    def _need(self, by):
        need(by, "events.pay_budgetline", "ghi chi cho sự kiện")
        if not by.reach_for("events.pay_budgetline").may_write(self.budget.unit_id):
            raise Refused("Bạn chỉ được ghi chi cho sự kiện của đơn vị mình.")


def _need_approved(budget):
    if budget.state != budget.State.APPROVED:
        raise Refused(f"{budget} đang ở trạng thái “{budget.get_state_display()}” nên không ghi chi được.")


def _need_fund(by, fund):
    if not by.reach_for("events.pay_budgetline").may_write(fund.unit_id):
        raise Refused(f"Bạn không được chi từ {fund}.")


def _worded(reason: str) -> str:
    if not reason.strip():
        raise Refused("Phải ghi lý do.")
    return reason.strip()[:300]


def _told(line, budget, by, detail):
    record(AuditEvent.Action.PAY, actor=by, subject=line, unit=budget.unit, detail=detail)
