"""Who came, live, against the quota; paper lists entered afterwards."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from events.delegates.board import board_of
from events.delegates.models import Delegate
from events.delegates.states import FIRM, State
from events.door.admitting import admit_from_paper
from events.door.models import Admission
from events.gatherings.models import Event
from welfare.asked import whole_numbers
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import today


@page(permission="events.view_admission")
def event_attendance(request, event_id):
    event = _event(request, event_id)
    context = {"title": "Có mặt", "subtitle": event.name, "may_admit": _may_admit(request.user, event), **_live(event)}
    return render_page(request, "events/attendance.html", context)


@page(permission="events.view_admission")
def attendance_live(request, event_id):
    """The part of the page that is asked for again every few seconds."""
    return render_page(request, "events/attendance_live.html", _live(_event(request, event_id)))


def _live(event) -> dict:
    board = board_of(event)
    came = event.delegates.filter(state=State.ATTENDED)
    rows = event.admissions.select_related("delegate__unit", "delegate__body__organization", "by")
    return {
        "event": event,
        "board": board,
        "total": board.total,
        "percent": round(100 * board.total.attended / board.total.allocated) if board.total.allocated else 0,
        "untimed": came.filter(attended_at=None).count(),
        "latest": rows.filter(outcome=Admission.Outcome.ADMITTED).order_by("-received_at", "-pk")[:8],
        "doubtful": rows.filter(outcome__in=(Admission.Outcome.REPEATED, Admission.Outcome.REFUSED))[:20],
        "is_on": event.state == Event.State.ANNOUNCED and (event.on is None or event.on >= today()),
        "now": timezone.now(),
    }


class PaperForm(forms.Form):
    """Whom a signed list shows; ``at``: the hour it tells, if it does."""

    at = forms.TimeField(required=False, error_messages={"invalid": "Hãy ghi giờ như 07:45, hoặc để trống."})


@page(permission="events.attend_delegate", methods=("GET", "HEAD", "POST"))
def attendance_paper(request, event_id):
    """A paper list of one sender (``?noi=``: "u12" a unit, "t3" an organisation): everybody on it ticked at once."""
    event = get_object_or_404(Event.objects.for_user(request.user).select_related("unit"), pk=event_id)
    if not _may_admit(request.user, event):
        raise PermissionDenied
    senders = _senders(event)
    asked = request.GET.get("noi", "")
    chosen = next((sender for sender in senders if sender["key"] == asked), None)
    words = request.GET.get("q", "").replace("\0", "").strip()
    ticked = set(whole_numbers(request.POST.getlist("delegate")[:1000]))
    form = PaperForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _record(request, event, ticked, form.cleaned_data["at"]):
        return redirect(request.get_full_path())
    context = {
        "title": "Nhập danh sách giấy", "subtitle": event.name, "event": event, "senders": senders, "chosen": chosen,
        "words": words, "ticked": ticked, "form": form, "delegates": _shown(event, chosen, words),
        "still": sum(sender["still"] for sender in senders), "back": _back(request.user, event),
    }  # fmt: skip
    return render_page(request, "events/attendance_paper.html", context)


def _back(user, event):
    name = "event_attendance" if user.has_perm("events.view_admission") else "door"
    return reverse(f"events:{name}", args=[event.pk])


def _senders(event) -> list[dict]:
    """Units, then organisations, with how many of theirs came and how many did not yet."""
    found: dict[str, dict] = {}
    rows = event.delegates.filter(state__in=FIRM).select_related("unit", "body__organization")
    for delegate in rows.order_by("body__pk", "unit__path"):
        key = f"t{delegate.body_id}" if delegate.body_id else f"u{delegate.unit_id}"
        sender = found.setdefault(key, {"key": key, "name": delegate.sender, "came": 0, "still": 0})
        sender["came" if delegate.state == State.ATTENDED else "still"] += 1
    return sorted(found.values(), key=lambda sender: sender["key"][0] == "t")


def _shown(event, chosen, words):
    rows = event.delegates.filter(state__in=FIRM).select_related("line").order_by("sort_name", "pk")
    if chosen is None and not words:
        return []
    if chosen:
        number = int(chosen["key"][1:])
        rows = rows.filter(Q(body=number) if chosen["key"][0] == "t" else Q(unit=number, body=None))
    return rows.search(words)[:500]


def _record(request, event, ticked, at) -> bool:
    if not ticked:
        messages.error(request, "Chưa đánh dấu ai; hãy đánh dấu những người đã ký trên danh sách giấy.")
        return False
    moment = timezone.make_aware(datetime.combine(event.on or today(), at)) if at else None
    if moment and moment > timezone.now():
        messages.error(request, f"{at:%H:%M} ngày {moment:%d/%m/%Y} chưa tới; hãy xem lại giờ vào. Chưa ghi ai.")
        return False
    own = Delegate.objects.for_user(request.user, "events.attend_delegate").filter(event=event, pk__in=ticked)
    try:
        recorded, told = admit_from_paper(
            event, request.user, own.order_by("pk").values_list("pk", flat=True), at=moment
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    if recorded:
        messages.success(request, f"Đã ghi {recorded} đại biểu có mặt.")
    for each in told[:5]:
        messages.warning(request, each)
    if len(told) > 5:
        messages.warning(request, f"Và {len(told) - 5} người nữa chưa ghi được.")
    return bool(recorded) or bool(told)


def _event(request, event_id) -> Event:
    if not request.user.reach.province:
        raise PermissionDenied
    return get_object_or_404(Event.objects.for_user(request.user).select_related("unit"), pk=event_id)


def _may_admit(user, event) -> bool:
    writes = user.has_perm("events.attend_delegate") and user.reach_for("events.attend_delegate").may_write(
        event.unit_id
    )
    return writes and event.state != Event.State.DRAFT
