"""The board: every feedback in the column of its state, the one due first on top."""

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode

from beneficiaries.feedback.kinds import FeedbackKind
from beneficiaries.feedback.models import Feedback
from beneficiaries.feedback.work import State
from welfare.asked import whole_number
from welfare.filters import of_unit, unit_choices
from welfare.site import page, render_page

CARDS = 12  # of a column; the list has the rest


@page(permission="beneficiaries.view_feedback")
def feedback_board(request):
    rows = of_unit(Feedback.objects.for_user(request.user), request.user, request.GET.get("unit", ""))
    if kind := whole_number(request.GET.get("kind")):
        rows = rows.filter(kind=kind)
    if request.GET.get("han"):
        rows = rows.overdue()
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    context = {
        "title": "Bảng phản ánh",
        "subtitle": "Mỗi cột là một bước; phản ánh đến hạn trước đứng trên cùng",
        "columns": [_column(state, counts[state], rows, request) for state in State if state in counts],
        "kinds": FeedbackKind.objects.all(),
        "units": unit_choices(request.user),
        "is_filtered": any(request.GET.get(name) for name in ("unit", "kind", "han")),
        "may_add": request.user.has_perm("beneficiaries.add_feedback"),
    }
    return render_page(request, "beneficiaries/feedback_board.html", context)


def _column(state, count, rows, request) -> dict:
    order = {State.RECEIVED: "acknowledge_by", State.ASSIGNED: "answer_by"}.get(state, "-received_on")
    found = rows.filter(state=state).select_related("kind", "unit", "handler_unit", "handler_department")
    names = {"unit": "unit", "kind": "kind__id__exact", "han": "han"}
    asked = {there: request.GET[here] for here, there in names.items() if request.GET.get(here)}
    asked = {name: "qua" if name == "han" else value for name, value in asked.items()}
    query = urlencode({"state__exact": state, "unit": "", **asked})
    return {
        "state": state,
        "label": state.label,
        "count": count,
        "cards": found.order_by(order, "-pk")[:CARDS],
        "rest": max(count - CARDS, 0),
        "all": f"{reverse('admin:beneficiaries_feedback_changelist')}?{query}",
    }
