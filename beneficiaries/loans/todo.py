from django.urls import reverse

from beneficiaries.loans.models import Loan
from beneficiaries.loans.projects import LoanProject
from welfare.site import TodoItem


def waiting(user):
    """Loans to decide, to pay out and overdue; projects past their end."""
    loans = Loan.objects.for_user(user).order_by()
    if user.has_perm("beneficiaries.approve_loan"):
        asked = loans.filter(state=Loan.State.PROPOSED).of_others(user)
        yield TodoItem(asked.count(), "đề nghị vay chờ duyệt", _list("loan", "state__exact=proposed"), "fact_check")
    if user.has_perm("beneficiaries.disburse_loan"):
        approved = loans.filter(state=Loan.State.APPROVED)
        yield TodoItem(approved.count(), "khoản vay chờ giải ngân", _list("loan", "state__exact=approved"), "payments")
    if user.has_perm("beneficiaries.change_loan") or user.has_perm("beneficiaries.disburse_loan"):
        yield TodoItem(loans.overdue().count(), "khoản vay quá hạn", _list("loan", "han=qua"), "event_busy", True)
    if user.has_perm("beneficiaries.change_loanproject"):
        own = LoanProject.objects.for_user(user).overdue().order_by()
        reach = user.reach_for("beneficiaries.change_loanproject")
        own = own if reach.writes_all else own.filter(unit__in=reach.own)
        yield TodoItem(own.count(), "dự án vay vốn quá hạn", _list("loanproject", "han=qua"), "event_busy", True)


def _list(model, query) -> str:
    return f"{reverse(f'admin:beneficiaries_{model}_changelist')}?{query}"
