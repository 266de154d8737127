"""The board of inspections: each in the column of its state, with its calls, findings and money."""

from django.db.models import Count, F, Q, Sum
from django.urls import reverse

from beneficiaries.inspections.findings import Finding
from beneficiaries.inspections.models import Inspection, InspectionPlan
from beneficiaries.inspections.sampling import SampleRow
from beneficiaries.inspections.steps import WAY
from welfare.asked import whole_number
from welfare.filters import of_unit, unit_choices
from welfare.site import page, render_page

CARDS = 12


@page(permission="beneficiaries.view_inspection")
def inspection_board(request):
    rows = _asked(request)
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk", distinct=True)))
    seen = Inspection.objects.for_user(request.user)
    context = {
        "title": "Bảng kiểm tra",
        "subtitle": "Mỗi cột là một bước của cuộc kiểm tra",
        "columns": [_column(state, counts[state], rows) for state in WAY if state in counts],
        "years": [day.year for day in seen.order_by().dates("starts_on", "year", order="DESC")],
        "plans": InspectionPlan.objects.for_user(request.user),
        "units": unit_choices(request.user),
        "is_filtered": any(request.GET.get(name) for name in ("nam", "unit")),
        "may_add": request.user.has_perm("beneficiaries.add_inspection"),
        **_totals(seen),
    }
    return render_page(request, "beneficiaries/inspection_board.html", context)


def _asked(request):
    rows = Inspection.objects.for_user(request.user)
    if year := whole_number(request.GET.get("nam"), digits=4):
        rows = rows.filter(starts_on__year=year)
    units = of_unit(Inspection.units.through.objects.all(), request.user, request.GET.get("unit", ""))
    return rows.filter(pk__in=units.values("inspection")) if request.GET.get("unit") else rows


def _totals(seen) -> dict:
    findings = Finding.objects.filter(inspection__in=seen.order_by()).exclude(state="withdrawn").order_by()
    owed = findings.owing().aggregate(total=Sum(F("to_recover") - F("recovered") - F("waived")))["total"]
    return {"late": findings.overdue().count(), "owed": owed or 0}


def _column(state, count, rows) -> dict:
    cards = list(rows.filter(state=state).prefetch_related("units").order_by("-starts_on", "-pk")[:CARDS])
    _tell(cards)
    query = f"state__exact={state}"
    return {
        "state": state,
        "label": state.label,
        "count": count,
        "cards": cards,
        "rest": max(count - CARDS, 0),
        "all": f"{reverse('admin:beneficiaries_inspection_changelist')}?{query}",
    }


def _tell(cards):
    """How far each is: calls made, findings not settled, money still to come back."""
    calls = SampleRow.objects.filter(inspection__in=cards).order_by().values("inspection")
    calls = {
        row["inspection"]: row for row in calls.annotate(all=Count("pk"), called=Count("pk", filter=~Q(reached="")))
    }
    open_ = Finding.objects.unsettled().filter(inspection__in=cards).order_by().values("inspection")
    owed = Sum(F("to_recover") - F("recovered") - F("waived"))
    found = {row["inspection"]: row for row in open_.annotate(count=Count("pk"), owed=owed)}
    for card in cards:
        card.calls, card.open_findings = calls.get(card.pk), found.get(card.pk)
