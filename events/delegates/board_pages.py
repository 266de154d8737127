"""The organiser's board of one event, and the reminders sent from it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect

from events.delegates.board import board_of, is_late, lacking_of
from events.gatherings.models import Event
from events.notices.telling import remind
from events.quotas.models import QuotaLine
from welfare.site import page, render_page

STATUSES = (("none", "Chưa gửi"), ("part", "Gửi chưa đủ"), ("full", "Đủ danh sách"))


@page(permission="events.view_delegate")
def event_board(request, event_id):
    """By line and by unit: allocated, sent, accepted, confirmed, attended; ``?tinh-trang=`` narrows the units."""
    event = _event(request, event_id)
    board, asked = board_of(event), request.GET.get("tinh-trang", "")
    writes = request.user.reach_for("events.change_event").may_write(event.unit_id)
    context = {
        "title": "Theo dõi đại biểu",
        "subtitle": event.name,
        "event": event,
        "board": board,
        "units": [tally for tally in board.units if not asked or tally.status == asked],
        "counts": [(key, label, sum(1 for t in board.units if t.status == key)) for key, label in STATUSES],
        "asked": asked,
        "lacking": sum(1 for tally in board.units if tally.left),
        "is_late": is_late(event),
        "may_remind": writes and event.state == Event.State.ANNOUNCED,
        "may_name": writes and event.state != Event.State.DRAFT,
        "bodies": event.bodies.select_related("organization", "line"),
        "own_lines": _own_lines(event) if writes else [],
    }
    return render_page(request, "events/board.html", context)


def _own_lines(event):
    """Leaves without units or organisations: the organiser names these delegates itself."""
    leaves = QuotaLine.objects.filter(event=event, is_overlay=False, shares=None, bodies=None)
    return leaves.exclude(children__is_overlay=False)


@page(permission="events.change_event", methods=("POST",))
def event_remind(request, event_id):
    """Remind one unit (``don-vi``), or all that have not sent their whole list."""
    event = _event(request, event_id)
    if not request.user.reach_for("events.change_event").may_write(event.unit_id):
        raise PermissionDenied
    lacking, asked = lacking_of(event), request.POST.get("don-vi", "")
    if asked:
        lacking = {pk: number for pk, number in lacking.items() if str(pk) == asked}
    made = remind(event, lacking) if event.state == Event.State.ANNOUNCED else 0
    if made:
        messages.success(request, f"Đã nhắc {made} đơn vị; lời nhắc nằm trong việc cần làm của đơn vị.")
    else:
        messages.info(
            request, "Không nhắc thêm ai: các đơn vị còn thiếu đã được nhắc hôm nay, hoặc không còn đơn vị nào thiếu."
        )
    return redirect("events:event_board", event.pk)


def _event(request, event_id) -> Event:
    if not request.user.reach.province:
        raise PermissionDenied
    return get_object_or_404(Event.objects.for_user(request.user).select_related("unit"), pk=event_id)
