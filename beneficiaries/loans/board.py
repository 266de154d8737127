"""Loans that are running: what is out, due soon and overdue, by project and by unit."""

from django.db.models import Count, Q, Sum
from django.urls import reverse

from beneficiaries.loans.models import Loan
from beneficiaries.loans.projects import LoanProject
from beneficiaries.loans.steps import State
from welfare.filters import of_unit, unit_choices
from welfare.site import page, render_page

_SUMS = {
    "count": Count("pk"),
    "lent": Sum("amount"),
    "repaid": Sum("principal_repaid"),
    "soon": Sum("soon_money"),
    "late_count": Count("pk", filter=Q(overdue_money__gt=0)),
    "late": Sum("overdue_money"),
}


@page(permission="beneficiaries.view_loan")
def loan_board(request):
    loans = of_unit(Loan.objects.for_user(request.user), request.user, request.GET.get("unit", ""))
    loans = loans.filter(state=State.DISBURSED).with_dues()
    context = {
        "title": "Theo dõi vay vốn",
        "subtitle": "Các khoản đang vay: còn nợ, đến hạn trong 30 ngày và quá hạn; tiền là gốc",
        "all": sums_of(loans),
        "by_project": _by_project(loans, request.user),
        "by_unit": _by_unit(loans),
        "units": unit_choices(request.user),
        "list_url": reverse("admin:beneficiaries_loan_changelist"),
        "may_propose": request.user.has_perm("beneficiaries.add_loan"),
    }
    return render_page(request, "beneficiaries/loan_board.html", context)


def _by_unit(loans) -> list[dict]:
    rows = loans.order_by("unit__path").values("unit", "unit__short_name").annotate(**_SUMS)
    return [
        _with_rest(row) | {"name": row["unit__short_name"], "query": f"state__exact=disbursed&unit={row['unit']}"}
        for row in rows
    ]


def _by_project(loans, user) -> list[dict]:
    """Each project with loans running or money to lend, then what belongs to none."""
    sums = {row["project"]: row for row in loans.order_by().values("project").annotate(**_SUMS)}
    projects = LoanProject.objects.for_user(user).select_related("unit")
    rows = [
        _with_rest(sums[project.pk]) | {"name": project.name, "project": project}
        for project in projects
        if project.pk in sums
    ]
    named = {row["project"].pk for row in rows}
    rest = [row for key, row in sums.items() if key not in named]
    return rows + [_with_rest(row) | {"name": "Không thuộc dự án nào"} for row in rest]


def sums_of(loans) -> dict:
    """The same sums over some loans ``with_dues``."""
    return _with_rest(loans.order_by().aggregate(**_SUMS))


def _with_rest(sums) -> dict:
    return sums | {"outstanding": (sums["lent"] or 0) - (sums["repaid"] or 0)}
