"""What the page of a loan shows above its form."""

from django.urls import reverse

from beneficiaries.loans.instalments import Way, months_later, plan_of
from beneficiaries.loans.models import Loan
from beneficiaries.loans.steps import State
from welfare.units.models import today


def case_file(loan, user) -> dict:
    repayments = list(loan.repayments.select_related("by", "taken_back_by"))
    standing = [row for row in repayments if not row.taken_back_on]
    others = Loan.objects.for_user(user).of_family(loan).exclude(state=State.REFUSED)
    schedule = schedule_of(loan)
    return {
        "loan": loan,
        "steps_done": _way(loan),
        "schedule": schedule,
        "schedule_interest": sum(row["interest"] for row in schedule),
        "schedule_is_wrong": loan.schedule == Way.OWN and sum(row["principal"] for row in schedule) != loan.amount,
        "repayments": repayments,
        "interest_repaid": sum(row.interest for row in standing),
        "extensions": loan.extensions.select_related("asked_by", "decided_by"),
        "others": others.select_related("person", "household", "unit")[:5],
        "days_late": (today() - loan.next_due_on).days if loan.overdue_money else 0,
        "project_url": reverse("admin:beneficiaries_loanproject_change", args=[loan.project_id])
        if loan.project_id and user.has_perm("beneficiaries.view_loanproject") else "",
    }  # fmt: skip


def _way(loan) -> list[tuple]:
    first = [("Đề nghị", loan.proposed_on)]
    if loan.is_referral:
        return [*first, ("Giới thiệu", loan.approved_on), ("Bên cho vay trả lời", loan.lender_answered_on)]
    ended = ("Xóa nợ", loan.written_off_on) if loan.state == State.WRITTEN_OFF else ("Tất toán", loan.closed_on)
    return [*first, ("Duyệt", loan.approved_on), ("Giải ngân", loan.disbursed_on), ended]


def schedule_of(loan) -> list[dict]:
    """The instalments; before the money is handed out as they would be from today."""
    if loan.is_referral:
        return []
    if not loan.disbursed_on:
        return [
            {**due._asdict(), "due_on": months_later(today(), due.month), "paid": 0, "is_late": False}
            for due in plan_of(loan)
        ]
    return [
        {
            "month": row.month, "principal": row.principal, "interest": row.interest, "due_on": row.due_on,
            "paid": _paid(loan, row),
            "is_late": loan.state == State.DISBURSED and row.due_on < today() and row.due_total > loan.principal_repaid,
        }
        for row in loan.instalments.all()
    ]  # fmt: skip


def _paid(loan, row) -> int:
    """What of an instalment is paid: repayments count for the earliest ones first."""
    return max(0, min(row.principal, loan.principal_repaid - (row.due_total - row.principal)))
