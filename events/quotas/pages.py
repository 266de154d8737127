from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from events.delegates.fits import Fit
from events.gatherings.models import Event
from events.quotas.saving import save_quota
from events.quotas.sheet import RevisionForm, as_json, read_posted, sheet_units
from events.quotas.table import quota_table
from events.quotas.workbook import quota_xlsx, read_quota
from welfare.audit import AuditEvent, record
from welfare.site import page, render_page
from welfare.states import Refused

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(permission="events.view_event")
def event_quota(request, event_id):
    """Who sends how many delegates; for a unit officer only what was given to the own unit."""
    event = get_object_or_404(Event.objects.for_user(request.user), pk=event_id)
    context = {
        "title": "Phân bổ đại biểu",
        "event": event,
        "table": quota_table(event, request.user),
        "may_share": _may_share(request.user, event),
        "revisions": event.revisions.select_related("by") if request.user.reach.province else (),
    }
    return render_page(request, "events/quota.html", context)


def _may_share(user, event) -> bool:
    return event.state != Event.State.HELD and user.reach_for("events.change_quotaline").may_write(event.unit_id)


@page(permission="events.change_quotaline", methods=("GET", "HEAD", "POST"))
def quota_sheet(request, event_id):
    """The quota as a sheet, saved by JSON so that what was typed stays; asked for JSON it answers with what is stored.

    A refusal is an answer with ``error``.
    """
    event = _event(request, event_id)
    if request.method == "POST":
        return _save(request, event)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(as_json(event))
    shown, further = sheet_units(event)
    context = {
        "title": "Bảng phân bổ đại biểu",
        "event": event,
        "sheet": as_json(event),
        "units": [{"id": unit.pk, "name": str(unit)} for unit in shown],
        "further": [{"id": unit.pk, "name": str(unit)} for unit in further],
        "fits": Fit.choices,
        "revision": RevisionForm(user=request.user, row=event) if event.state != Event.State.DRAFT else None,
    }
    return render_page(request, "events/quota_sheet.html", context)


def _event(request, event_id) -> Event:
    event = get_object_or_404(Event.objects.for_user(request.user).select_related("unit"), pk=event_id)
    if not request.user.reach_for("events.change_quotaline").may_write(event.unit_id):
        raise PermissionDenied
    return event


def _save(request, event):
    try:
        lines, version, revision = read_posted(request.body, request.user, event)
        mismatches = save_quota(event, request.user, lines, version=version, revision=revision)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)})
    told = "Đã lưu phân bổ và báo các đơn vị có thay đổi." if revision else "Đã lưu phân bổ."
    if wrong := sum(map(len, mismatches.values())):
        told += f" Còn {wrong} chỗ chưa khớp; phải khớp trước khi thông báo."
    return JsonResponse({"message": told, "mismatches": wrong, **as_json(event)})


@page(permission="events.change_quotaline", methods=("POST",))
def quota_read(request, event_id):
    """Lines of an uploaded workbook in the sheet's layout, as JSON; nothing is saved."""
    event = _event(request, event_id)
    try:
        if (file := request.FILES.get("file")) is None:
            raise Refused("Chưa chọn tệp, hoặc tệp lớn hơn 10 MB.")
        record(AuditEvent.Action.UPLOAD, request=request, subject=event, unit=event.unit, detail={"size": file.size})
        found = read_quota(file, file.name, event)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)})
    return JsonResponse(found)


@page(permission="events.view_event")
def quota_download(request, event_id):
    """The whole quota as a workbook in the layout the sheet reads back; for those who see the whole."""
    if not request.user.reach.province:
        raise PermissionDenied
    event = get_object_or_404(Event.objects.for_user(request.user), pk=event_id)
    record(AuditEvent.Action.EXPORT, request=request, subject=event, unit=event.unit, detail={"of": "events.quotaline"})
    name = quote(f"Phân bổ đại biểu {event.code}.xlsx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return HttpResponse(quota_xlsx(event), content_type=_XLSX, headers=headers)
