"""A file of delegates: sent for an event, looked at row by row, taken into the quota."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from beneficiaries.intake import batches
from events.delegates.forms import ListForm
from events.delegates.pages import back_from, units_of
from events.delegates.uploads import DelegateList, Sorted, receive, shares_of
from events.gatherings.models import Event
from welfare.audit import AuditEvent, record
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import Unit
from welfare.uploads import was_too_big


@page(permission="events.nominate_delegate", methods=("GET", "HEAD", "POST"))
def list_upload(request, event_id):
    """For the one unit the user writes for, or ``?don-vi=`` of those that have a part in the event."""
    event = get_object_or_404(Event.objects.for_user(request.user), pk=event_id)
    units = _sending(event, request.user)
    unit = next((unit for unit in units if str(unit.pk) == request.GET.get("don-vi")), units[0] if units else None)
    shares = shares_of(event, unit) if unit else []
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ListForm(*posted, user=request.user, row=shares)
    if request.method == "POST" and (sent := _receive(request, form, event, unit, shares)):
        return redirect("events:delegate_list", sent.pk)
    context = {
        "title": "Tải danh sách đại biểu", "subtitle": event.name, "event": event, "form": form, "unit": unit,
        "units": units, "shares": shares, "sent": DelegateList.objects.filter(event=event, batch__unit=unit)
        .select_related("batch__file", "batch__owner").order_by("-pk")[:5],
    }  # fmt: skip
    return render_page(request, "events/list_upload.html", context)


def _sending(event, user):
    units = Unit.objects.filter(quota_shares__line__event=event, quota_shares__count__gt=0).distinct().order_by("path")
    return list(units if user.reach_for("events.nominate_delegate").writes_all else units.filter(pk__in=units_of(user)))


def _receive(request, form, event, unit, shares) -> DelegateList | None:
    if was_too_big(request):
        form.errors.pop("file", None)
        form.add_error("file", batches.TOO_BIG)
        record(AuditEvent.Action.REFUSE, request=request, detail={"size": request.META.get("CONTENT_LENGTH")})
        return None
    if not form.is_valid():
        return None
    share = next((share for share in shares if str(share.pk) == form.cleaned_data["share"]), None)
    try:
        if unit is None:
            raise Refused("Sự kiện này không phân bổ đại biểu cho đơn vị của bạn.")
        return receive(request.user, event, unit, form.cleaned_data["file"], share=share)
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return None


@page(permission="events.nominate_delegate", methods=("GET", "HEAD", "POST"))
def delegate_list(request, list_id):
    """What the file holds and where everybody would stand; taken by POST, all or nobody."""
    rows = DelegateList.objects.for_user(request.user, "events.nominate_delegate")
    related = ("batch__unit", "batch__job", "batch__file", "event", "share__line__event", "share__unit")
    sent = get_object_or_404(rows.select_related(*related), pk=list_id)
    if request.htmx:
        return HttpResponse(status=204, headers={} if sent.batch.is_waiting else {"HX-Refresh": "true"})
    if request.method == "POST":
        try:
            messages.success(request, f"Đã đề cử {sent.take(request.user)} đại biểu theo danh sách.")
            return redirect(back_from(request, sent.event))
        except Refused as refusal:
            messages.error(request, str(refusal))
    ready = sent.batch.state == sent.batch.State.READY
    plan = Sorted(sent) if ready and not sent.taken_on else None
    problems = {row.pk: sentence for row, sentence in plan.problems} if plan else {}
    places = {row.pk: share.line.name for row, share in plan.rows} if plan else {}
    lines = list(sent.batch.rows.order_by("position")[:500]) if ready else []
    if lines:
        record(AuditEvent.Action.VIEW, request=request, subject=sent.batch, unit=sent.batch.unit)
    context = {
        "title": "Danh sách đại biểu", "subtitle": f"{sent.event} · {sent.batch.unit}", "sent": sent, "batch": sent.batch,
        "plan": plan, "lines": [(row, places.get(row.pk, ""), problems.get(row.pk, "")) for row in lines],
    }  # fmt: skip
    return render_page(request, "events/delegate_list.html", context)
