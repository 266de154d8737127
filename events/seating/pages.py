"""Pages on which the hall is drawn and delegates are put on their seats."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect

from events.delegates.models import Delegate
from events.gatherings.models import Event
from events.seating.drawing import (
    copy_hall,
    first_hall,
    lines_of,
    must_sit,
    read_drawing,
    save_drawing,
    seems_to_lead,
)
from events.seating.grid import LETTERS, is_seat, row_names, spots_of
from events.seating.models import Hall
from events.seating.places import fix, move, seat_everybody, seated_in, take_away
from welfare.asked import whole_number
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.vietnamese import format_number


@page(permission="events.change_hall", methods=("GET", "HEAD", "POST"))
def hall_draw(request, event_id):
    """The drawing of the hall, saved by JSON so that what was drawn stays; a refusal is an answer with ``error``."""
    event = _event(request, event_id, to_write=True)
    if request.method == "POST":
        try:
            told = save_drawing(event, request.user, **read_drawing(request.body))
        except Refused as refusal:
            return JsonResponse({"error": str(refusal)})
        return JsonResponse({"message": told, "version": Hall.objects.get(event=event).version})
    hall = Hall.objects.filter(event=event).first()
    if hall is None and event.state != Event.State.HELD:
        hall = first_hall(event)
    context = {
        "title": "Sơ đồ hội trường", "subtitle": event.name, "event": event, "guests": must_sit(event).count(),
        "hall": hall and _as_json(hall), "lines": _lines(event), "letters": list(LETTERS),
        "halls": Hall.objects.filter(event__in=Event.objects.for_user(request.user).exclude(pk=event.pk))
        .select_related("event").order_by("-event__on", "-pk")[:50],
        "is_held": event.state == Event.State.HELD,
    }  # fmt: skip
    return render_page(request, "events/hall_draw.html", context)


def _as_json(hall) -> dict:
    blocks = hall.blocks.prefetch_related("lines") if hall.pk else ()
    return {
        "version": hall.version,
        "rows": hall.rows,
        "blocks": [{"letter": b.letter, "name": b.name, "lines": [line.pk for line in b.lines.all()]} for b in blocks],
        "leading": list(hall.leading.values_list("pk", flat=True))
        if hall.pk
        else [line.pk for line in lines_of(hall.event) if seems_to_lead(line)],
    }


def _lines(event) -> list[dict]:
    """The tree of categories, with how many delegates each may have."""
    below: dict[int | None, list] = {}
    for line in lines_of(event):
        below.setdefault(line.parent_id, []).append(line)

    def walk(parent, depth):
        for line in below.get(parent, ()):
            yield {"id": line.pk, "name": line.name, "count": line.count, "depth": depth}
            yield from walk(line.pk, depth + 1)

    return list(walk(None, 0))


@page(permission="events.change_hall", methods=("POST",))
def hall_copy(request, event_id):
    event = _event(request, event_id, to_write=True)
    sources = Event.objects.for_user(request.user).exclude(pk=event.pk).filter(hall__isnull=False)
    source = sources.filter(pk=whole_number(request.POST.get("tu"))).first()
    try:
        if source is None:
            raise Refused("Hãy chọn sự kiện có sơ đồ để chép.")
        messages.success(request, f"Đã chép sơ đồ của “{source}”. {copy_hall(source, event, request.user)}")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("events:hall_draw", event.pk)


@page(permission="events.view_hall")
def seating(request, event_id):
    """Who sits where, on the picture of the hall; those without a seat beside it."""
    event = _event(request, event_id)
    hall = Hall.objects.filter(event=event).first()
    if hall is None:
        context = {
            "title": "Chỗ ngồi",
            "subtitle": event.name,
            "event": event,
            "may_draw": _may_change(request.user, event),
        }
        return render_page(request, "events/seating_none.html", context)
    context = {
        "title": "Chỗ ngồi", "subtitle": event.name, "event": event, "hall": hall, "plan": _plan(hall),
        "row_names": row_names(hall.rows), "may_move": _may_change(request.user, event), "blocks": hall.blocks.all(),
    }  # fmt: skip
    return render_page(request, "events/seating.html", context)


def _plan(hall) -> dict:
    """The hall and everybody who must sit, for the page's script."""
    labels = {spot.place: spot for spot in spots_of(hall.rows)}
    seats = {seat.delegate_id: seat for seat in seated_in(hall)}
    people = []
    for delegate in (
        must_sit(hall.event).select_related("line", "unit", "body__organization").order_by("sort_name", "pk")
    ):
        seat = seats.get(delegate.pk)
        people.append(
            {
                "id": delegate.pk, "name": delegate.full_name, "sender": delegate.sender, "line": delegate.line.name,
                "row": seat.row if seat else None, "column": seat.column if seat else None,
                "fixed": bool(seat and seat.is_fixed),
            }
        )  # fmt: skip
    return {
        "rows": hall.rows,
        "names": {str(row): letters for row, letters in row_names(hall.rows).items()},
        "labels": {f"{row}/{column}": spot.label for (row, column), spot in labels.items()},
        "people": people,
        "seats": sum(is_seat(cell) for row in hall.rows for cell in row),
    }


@page(permission="events.change_hall", methods=("POST",))
def seating_arrange(request, event_id):
    """``cach``: "moi" seats everybody anew but those put by hand, anything else only those without a seat."""
    event = _event(request, event_id, to_write=True)
    try:
        done = seat_everybody(event, request.user, anew=request.POST.get("cach") == "moi")
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        kept = f"; {format_number(done.kept)} người giữ chỗ cũ" if done.kept else ""
        if done.seated:
            messages.success(request, f"Đã xếp {format_number(done.seated)} đại biểu{kept}.")
        else:
            messages.info(request, f"Không còn ai cần xếp chỗ{kept}.")
    return redirect("events:seating", event.pk)


@page(permission="events.change_hall", methods=("POST",))
def seat_move(request, event_id):
    """``dai-bieu`` to ``hang``, ``cot``, or by ``viec`` "bo" off the seat, "giu" and "tha" fixed or not; answers the plan anew."""
    event = _event(request, event_id, to_write=True)
    try:
        told = _moved(request, event)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)})
    return JsonResponse({"message": told, **_plan(event.hall)})


def _moved(request, event) -> str:
    rows = Delegate.objects.for_user(request.user).filter(event=event).select_related("event__unit")
    delegate = rows.filter(pk=whole_number(request.POST.get("dai-bieu"))).first()
    if delegate is None:
        raise Refused("Đại biểu này không có trong danh sách của sự kiện; hãy mở lại trang.")
    act = request.POST.get("viec", "")
    if act == "bo":
        return take_away(delegate, request.user)
    if act in ("giu", "tha"):
        return fix(delegate, request.user, fixed=act == "giu")
    row, column = whole_number(request.POST.get("hang")), whole_number(request.POST.get("cot"))
    if row is None or column is None:
        raise Refused("Ghế này không có trên sơ đồ; hãy mở lại trang.")
    return move(delegate, request.user, (row, column))


def _event(request, event_id, *, to_write=False) -> Event:
    event = get_object_or_404(Event.objects.for_user(request.user).select_related("unit"), pk=event_id)
    reach = request.user.reach_for("events.change_hall")
    if not request.user.reach.province or (to_write and not reach.may_write(event.unit_id)):
        raise PermissionDenied
    return event


def _may_change(user, event) -> bool:
    return event.state != Event.State.HELD and user.reach_for("events.change_hall").may_write(event.unit_id)
