from django.urls import reverse

from beneficiaries.loans.extensions import LoanExtension
from beneficiaries.loans.models import Loan
from beneficiaries.loans.projects import LoanProject
from welfare.site import TodoItem


def waiting(user):
    """Loans to decide, to pay out, due soon and overdue; requests for more time; projects past their end."""
    loans = Loan.objects.for_user(user).order_by()
    if user.has_perm("beneficiaries.approve_loan"):
        asked = loans.filter(state=Loan.State.PROPOSED).of_others(user)
        yield TodoItem(asked.count(), "đề nghị vay chờ duyệt", _list("loan", "state__exact=proposed"), "fact_check")
        longer = loans.filter(extensions__in=_open_extensions(user))
        yield TodoItem(longer.count(), "đề nghị gia hạn nợ chờ duyệt", _list("loan", "gia-han=cho"), "more_time")
    if user.has_perm("beneficiaries.disburse_loan"):
        approved = loans.filter(state=Loan.State.APPROVED)
        yield TodoItem(approved.count(), "khoản vay chờ giải ngân", _list("loan", "state__exact=approved"), "payments")
    if user.has_perm("beneficiaries.change_loan") or user.has_perm("beneficiaries.disburse_loan"):
        soon = loans.due_soon()
        yield TodoItem(soon.count(), "khoản vay có kỳ trả trong 30 ngày", _list("loan", "han=sap"), "event_upcoming")
        yield TodoItem(loans.overdue().count(), "khoản vay quá hạn", _list("loan", "han=qua"), "event_busy", True)
    if user.has_perm("beneficiaries.change_loanproject"):
        own = LoanProject.objects.for_user(user).overdue().order_by()
        reach = user.reach_for("beneficiaries.change_loanproject")
        own = own if reach.writes_all else own.filter(unit__in=reach.own)
        yield TodoItem(own.count(), "dự án vay vốn quá hạn", _list("loanproject", "han=qua"), "event_busy", True)


def _open_extensions(user):
    return LoanExtension.objects.filter(is_granted=None).exclude(asked_by=user).order_by().values("pk")


def _list(model, query) -> str:
    return f"{reverse(f'admin:beneficiaries_{model}_changelist')}?{query}"
