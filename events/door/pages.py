"""The door: its page for a phone, which goes on without a network, and what that page asks of the server."""

import uuid

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render

from events.door.admitting import Arrival, admit, sentence
from events.door.models import Admission
from events.door.phone import ends_at, one_person, people_of, read_arrivals, read_json, why_closed
from events.door.tokens import delegate_of
from events.gatherings.models import Event
from welfare.audit import AuditEvent, record
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import today
from welfare.vietnamese import clean

_PERMISSION = "events.attend_delegate"
_POLICY = {
    "default-src": [NONE], "script-src": [SELF], "style-src": [SELF], "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF], "connect-src": [SELF], "worker-src": [SELF], "media-src": [SELF, "blob:"], "form-action": [SELF],
    "base-uri": [NONE], "frame-ancestors": [NONE],
}  # fmt: skip


@page(permission=_PERMISSION)
def doors(request):
    """Events whose delegates are received today or later, the nearest first."""
    events = Event.objects.for_user(request.user).filter(state=Event.State.ANNOUNCED).exclude(on__lt=today())
    events = [event for event in events.order_by("on", "pk") if _writes(request.user, event)]
    return render_page(request, "events/doors.html", {"title": "Đón đại biểu", "events": events, "today": today()})


@csp(_POLICY)
@page(permission=_PERMISSION)
def door(request, event_id):
    event = _event(request, event_id)
    return render(request, "events/door.html", {"event": event, "closed": why_closed(event)})


@csp(_POLICY)
@page(permission=_PERMISSION)
def door_worker(request, event_id):
    """The service worker of one event's door; its address makes it answer for that page alone."""
    event = _event(request, event_id)
    return render(request, "events/door_worker.js", {"event": event}, content_type="text/javascript; charset=utf-8")


@page(permission=_PERMISSION)
def door_list(request, event_id):
    """What the phone keeps until ``until``; nothing once the door is closed."""
    event = _event(request, event_id)
    closed = why_closed(event)
    people = [] if closed else people_of(event, request.user)
    if request.GET.get("lan") == "dau" and not closed:
        detail = {"of": "events.delegate", "count": len(people), "for": "door"}
        record(AuditEvent.Action.EXPORT, request=request, subject=event, unit=event.unit, detail=detail)
    answer = {
        "closed": closed, "people": people, "until": int(ends_at(event).timestamp() * 1000),
        "csrf": get_token(request),
    }  # fmt: skip
    return JsonResponse(answer)


@page(permission=_PERMISSION, methods=("POST",))
def door_send(request, event_id):
    """Arrivals kept on a phone: for each its key, what became of it and what to say. Sent again nothing new happens."""
    event = _event(request, event_id)
    try:
        arrivals = read_arrivals(read_json(request.body))
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    return JsonResponse({"results": [_result(event, request.user, arrival) for arrival in arrivals]})


def _result(event, user, arrival: Arrival) -> dict:
    try:
        done = admit(event, user, arrival)
    except Refused as refusal:
        return {"key": str(arrival.key), "outcome": "unknown", "message": str(refusal)}
    delegate = done.delegate
    at = delegate.attended_at
    return {
        "key": str(done.key), "delegate": delegate.pk, "outcome": done.outcome, "message": sentence(done),
        "at": int(at.timestamp() * 1000) if at else None,
    }  # fmt: skip


@page(permission=_PERMISSION, methods=("POST",))
def door_code(request, event_id):
    """Whose badge a code is that the phone does not know: accepted since its list was taken, of elsewhere, or forged."""
    event = _event(request, event_id)
    try:
        delegate = delegate_of(event, str(read_json(request.body).get("code", "")))
        if delegate.state not in ("accepted", "invited", "confirmed", "attended"):
            raise Refused(
                f"{delegate.full_name} đang “{delegate.get_state_display()}” nên không vào được. Chưa ghi ai."
            )
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)})
    return JsonResponse({"person": one_person(delegate)})


@page(permission=_PERMISSION, methods=("POST",))
def door_undo(request, event_id):
    """An arrival recorded by mistake on this phone a moment ago."""
    event = _event(request, event_id)
    try:
        posted = read_json(request.body)
        rows = Admission.objects.for_user(request.user).filter(event=event, by=request.user)
        admission = rows.filter(key=_key(posted), outcome=Admission.Outcome.ADMITTED).select_related("delegate").first()
        if admission is None:
            raise Refused("Lượt này không còn để hủy; hãy nhờ cán bộ sự kiện xem trên trang Có mặt.")
        admission.delegate.unattend(request.user, reason=clean(str(posted.get("reason") or "")) or "Ghi nhầm ở cửa")
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)})
    return JsonResponse({"message": f"Đã hủy lượt vào của {admission.delegate.full_name}."})


def _key(posted) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(posted.get("key")))
    except ValueError:
        return None


def _event(request, event_id) -> Event:
    event = get_object_or_404(Event.objects.for_user(request.user).select_related("unit"), pk=event_id)
    if not _writes(request.user, event):
        raise PermissionDenied
    return event


def _writes(user, event) -> bool:
    return user.reach_for(_PERMISSION).may_write(event.unit_id)
