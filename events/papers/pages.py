"""The page on which invitations are worded and sent out, the page of an event's papers, one's own invitation as a file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header

from events.delegates.models import Delegate
from events.gatherings.models import Event
from events.papers.forms import TextForm
from events.papers.issuing import (
    invitable,
    invitable_bodies,
    issue_invitations,
    may_issue,
    newest_invitations,
    text_of,
)
from events.papers.models import Invitation, InvitationIssue
from events.papers.printed import PAPERS, units_with
from welfare.asked import whole_number, whole_numbers
from welfare.audit import AuditEvent, record, record_search
from welfare.documents.bundles import chain, cut_out
from welfare.documents.models import StoredFile
from welfare.documents.printing import request_document
from welfare.jobs.models import Job
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import Unit

_A_PAGE = 25


@page(permission="events.view_invitationissue", methods=("GET", "HEAD", "POST"))
def event_invitations(request, event_id):
    """``?don-vi= &thanh-phan= &giay= &q=`` narrow whom the list shows, and whom "all" means."""
    event = _organisers_event(request, event_id)
    writes = may_issue(request.user, event)
    form = TextForm(instance=text_of(event))
    if request.method == "POST":
        if not writes:
            raise PermissionDenied
        if "words" in request.POST:
            form = TextForm(request.POST, instance=text_of(event))
            if form.is_valid():
                form.save()
                messages.success(request, "Đã lưu lời giấy mời.")
                return redirect(request.get_full_path())
        elif _issue(request, event):
            return redirect(request.get_full_path())
    return render_page(request, "events/invitations.html", _context(request, event, form, writes))


def _issue(request, event) -> bool:
    delegates, bodies = _filtered(request, event)
    if request.POST.get("whom") == "without":
        delegates, bodies = delegates.filter(has_paper=False), bodies.filter(has_paper=False)
    elif request.POST.get("whom") != "all":
        delegates = delegates.filter(pk__in=_keys(request, "delegate"))
        bodies = bodies.filter(pk__in=_keys(request, "body"))
    chosen = {"delegates": delegates.values_list("pk", flat=True), "bodies": bodies.values_list("pk", flat=True)}
    try:
        issue = issue_invitations(event, request.user, **chosen, after=_after(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    count = issue.invitations.count()
    messages.success(request, f"Đã phát hành {count} giấy mời số {issue.document.number_and_symbol}; tệp đang được in.")
    return True


def _after(request) -> int | None:
    """The newest issue that the page showed."""
    return whole_number(request.POST.get("after"))


def _keys(request, name) -> list[int]:
    return whole_numbers(request.POST.getlist(name))


def _asked(request) -> dict:
    words = request.GET.get("q", "").replace("\0", "").strip()[:80]
    keys = {"unit": whole_number(request.GET.get("don-vi")), "line": whole_number(request.GET.get("thanh-phan"))}
    return {**keys, "giay": request.GET.get("giay", ""), "q": words}


def _filtered(request, event):
    """Delegates and organisations as the list is narrowed; organisations stand in it where nothing narrows to delegates."""
    asked = _asked(request)
    delegates, bodies = invitable(event), invitable_bodies(event)
    if asked["unit"]:
        delegates, bodies = delegates.filter(unit=asked["unit"]), bodies.none()
    if asked["line"]:
        delegates, bodies = (rows.filter(line=asked["line"]) for rows in (delegates, bodies))
    if asked["giay"] in ("0", "1"):
        delegates, bodies = (rows.filter(has_paper=asked["giay"] == "1") for rows in (delegates, bodies))
    if asked["q"]:
        record_search(request, asked["q"], "events.delegate")
        delegates, bodies = delegates.search(asked["q"]), bodies.none()
    return delegates, bodies


def _context(request, event, form, writes):
    delegates, bodies = _filtered(request, event)
    shown = Paginator(delegates, _A_PAGE).get_page(request.GET.get("trang"))
    query = request.GET.copy()
    query.pop("trang", None)
    everyone = invitable(event).order_by()
    return {
        "title": "Giấy mời",
        "subtitle": event.name,
        "event": event,
        "form": form,
        "shown": shown,
        "bodies": bodies if shown.number == 1 else bodies.none(),
        "found": shown.paginator.count + bodies.count(),
        "found_without": sum(rows.filter(has_paper=False).count() for rows in (delegates, bodies)),
        "whole": everyone.count() + invitable_bodies(event).count(),
        "without": everyone.filter(has_paper=False).count() + invitable_bodies(event).filter(has_paper=False).count(),
        "chosen": set(_keys(request, "delegate")),
        "chosen_bodies": set(_keys(request, "body")),
        "asked": _asked(request),
        "query": query.urlencode(),
        "units": Unit.objects.filter(pk__in=everyone.values("unit")).order_by("path"),
        "lines": event.lines.filter(pk__in=everyone.values("line")),
        "issues": _issues(request.user, event),
        "lacking": [name for name, known in (("ngày", event.on), ("giờ", event.starts_at), ("địa điểm", event.venue)) if not known],
        "may_issue": writes and event.state == Event.State.ANNOUNCED,
        "writes": writes,
    }  # fmt: skip


def _issues(user, event) -> list[dict]:
    """Each with its file, or the job that prints it."""
    found = []
    issues = (
        InvitationIssue.objects.filter(event=event).select_related("document", "by").prefetch_related("invitations")
    )
    for issue in issues[:20]:
        params = {"kind": "invitations", "subject_id": str(issue.pk), "format": "pdf"}
        job = Job.objects.filter(owner=user, kind="print_document", params=params).order_by("-created_at").first()
        found.append({"issue": issue, "count": len(issue.invitations.all()), "file": file_of(issue), "job": job})
    return found


def file_of(issue) -> StoredFile | None:
    """The newest PDF of all invitations of an issue, as long as it is kept."""
    about = StoredFile.objects.filter(subject_kind__model="invitationissue", subject_id=str(issue.pk))
    return about.filter(content_type="application/pdf").order_by("-created_at").first()


@page(permission="events.view_invitation")
def invitation_file(request, invitation_id):
    """One invitation, cut out of the file of all; where that is kept no more, it is printed anew."""
    rows = Invitation.objects.for_user(request.user).select_related("issue__document", "delegate", "body", "unit")
    invitation = get_object_or_404(rows, pk=invitation_id)
    content = _cut(invitation.issue, [invitation.position])
    if content is None:
        return _printed_anew(request, "invitation", invitation.pk)
    record(AuditEvent.Action.DOWNLOAD, request=request, subject=invitation, unit=invitation.unit)
    return _pdf(content, f"Giấy mời {invitation}.pdf")


@page(permission="events.view_invitation")
def unit_invitations(request, event_id):
    """The newest invitation of each of one's own unit's delegates, in one file."""
    event = get_object_or_404(Event.objects.for_user(request.user), pk=event_id)
    newest = newest_invitations(event, request.user.reach.own)
    by_issue: dict = {}
    for row in newest.values():
        by_issue.setdefault(row.issue, []).append(row.position)
    if not by_issue:
        raise Http404
    cuts = [_cut(issue, sorted(places)) for issue, places in by_issue.items()]
    if None in cuts:
        messages.error(request, "Tệp giấy mời không còn được giữ; hãy tải từng giấy mời ở trang của đại biểu.")
        return redirect("events:unit_event", event.pk)
    record(AuditEvent.Action.DOWNLOAD, request=request, subject=event, detail={"invitations": len(newest)})
    return _pdf(chain(cuts), f"Giấy mời {event}.pdf")


def _cut(issue, places) -> bytes | None:
    stored = file_of(issue)
    if stored is None or not stored.file.storage.exists(stored.file.name):
        return None
    with stored.file.open() as stream:
        return cut_out(stream, places)


def _printed_anew(request, kind, key):
    job = request_document(request.user, kind, key, "pdf")
    messages.info(request, f"Đang chuẩn bị “{job.title}”. Tệp hiện ở đây khi xong.")
    return redirect("welfare:job_list")


def _pdf(content, name) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


# The other papers ---------------------------------------------------------------------------------


@page(permission="events.view_delegate")
def event_papers(request, event_id):
    """What can be printed of the event, each in its formats; what there is nothing for says so."""
    event = get_object_or_404(Event.objects.for_user(request.user).select_related("unit"), pk=event_id)
    covers = request.user.reach.covers(event.unit_id)
    papers = [paper for paper in PAPERS if covers or not paper.of_organiser]
    context = {
        "title": "Giấy tờ của sự kiện",
        "subtitle": event.name,
        "event": event,
        "papers": [{"paper": paper, "why_not": paper.lacks(request.user, event)} for paper in papers],
        "units": units_with(Delegate.objects.for_user(request.user).filter(event=event)) if covers else [],
        "covers": covers,
    }
    return render_page(request, "events/papers.html", context)


def _organisers_event(request, event_id) -> Event:
    event = get_object_or_404(Event.objects.for_user(request.user).select_related("unit"), pk=event_id)
    if not request.user.reach.covers(event.unit_id):
        raise PermissionDenied
    return event
