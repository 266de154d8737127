"""Calling those of the sample, on a phone: the list with its progress, and one page a call."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from beneficiaries.inspections.casefile import progress_of
from beneficiaries.inspections.forms import CallForm
from beneficiaries.inspections.models import Inspection
from beneficiaries.inspections.sampling import SampleRow
from welfare.audit import AuditEvent, record
from welfare.site import page, render_page
from welfare.states import Refused

ROWS_A_PAGE = 50


@page(permission="beneficiaries.view_inspection")
def call_list(request, inspection_id):
    """``?xem=chua`` those not called yet, ``?xem=thieu`` those who did not get all."""
    inspection = _inspection(request, inspection_id)
    which, sample = request.GET.get("xem", ""), inspection.sample.with_recipient()
    sample = {"chua": sample.uncalled, "thieu": sample.suspicious}.get(which, lambda: sample)()
    context = {
        "title": "Gọi điện xác minh",
        "subtitle": str(inspection),
        "inspection": inspection,
        "progress": progress_of(inspection),
        "shown": Paginator(sample, ROWS_A_PAGE).get_page(request.GET.get("p")),
        "which": which,
        "may_call": inspection.may_conduct(request.user) and inspection.state == "running",
    }
    return render_page(request, "beneficiaries/call_list.html", context)


@page(permission="beneficiaries.conduct_inspection", methods=("GET", "HEAD", "POST"))
def call_record(request, inspection_id, sample_id):
    inspection = _inspection(request, inspection_id)
    if not inspection.may_conduct(request.user):
        raise PermissionDenied
    row = get_object_or_404(inspection.sample.with_recipient(), pk=sample_id)
    form = CallForm(request.POST if request.method == "POST" else None, initial=_said_before(row))
    if request.method == "POST" and _recorded(request, inspection, row, form):
        following = (
            inspection.sample.uncalled().filter(position__gt=row.position).first()
            or inspection.sample.uncalled().first()
        )
        if following:
            return redirect("beneficiaries:call_record", inspection.pk, following.pk)
        return redirect("beneficiaries:call_list", inspection.pk)
    record(AuditEvent.Action.VIEW, request=request, subject=row, unit=row.unit)
    context = {
        "title": row.recipient,
        "subtitle": f"Khoản {row.position} của {inspection}",
        "inspection": inspection,
        "row": row,
        "form": form,
        "progress": progress_of(inspection),
        "back": reverse("beneficiaries:call_list", args=[inspection.pk]),
    }
    status = 400 if request.method == "POST" else 200
    return render_page(request, "beneficiaries/call_record.html", context, status=status)


def _inspection(request, inspection_id) -> Inspection:
    return get_object_or_404(Inspection.objects.for_user(request.user), pk=inspection_id)


def _said_before(row: SampleRow) -> dict:
    amount = row.amount_received if row.received == SampleRow.Received.PART else None
    return {"reached": row.reached, "received": row.received, "amount": amount, "note": row.note}


def _recorded(request, inspection, row, form) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        inspection.record_call(request.user, row, **given)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"Đã ghi kết quả gọi {row.recipient}.")
    return True
