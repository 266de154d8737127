"""The page of one report: written place by place by its unit, read by everyone else who may see it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from programs.reporting.attachments import FILE_TYPES, attach, attachments, detach
from programs.reporting.contents import TEXTS, differences
from programs.reporting.forms import FigureForm, ProposalForm, TextForm, addressees
from programs.reporting.known import known_figures
from programs.reporting.models import UnitReport
from programs.reporting.parts import ReportFigure
from programs.reporting.proposals import Proposal
from programs.reporting.saving import (
    EditedMeanwhile,
    add_proposal,
    figure_mark,
    proposal_mark,
    remove_proposal,
    save_figure,
    save_proposal,
    save_text,
    text_mark,
)
from programs.reporting.sheet import Line, comments_of, lacks_of, lines_of
from welfare.asked import whole_number
from welfare.documents.models import StoredFile
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import today
from welfare.uploads import was_too_big

_HINTS = {
    "results": "Việc đã làm, kết quả chính, cách làm hay; mỗi ý một dòng.",
    "next_steps": "Việc sẽ làm trong kỳ tới, ai làm, khi nào.",
}
_KNOWN_HINT = (
    "Theo sổ và báo cáo đã duyệt của cấp dưới, không phải ghi lại. Chỉ sửa khi số của đơn vị khác, và ghi vì sao."
)
_RELATED = ("period__rule__plan__kind", "period__rule__to_department", "unit", "department", "receiver", "submitted_by",
            "decided_by")  # fmt: skip


# The page ---------------------------------------------------------------------------------------------


@page(permission="programs.view_unitreport")
def report(request, report_id):
    """``?ghi-thay=1``: an officer of the province writes for a unit that can't."""
    row = _report(request.user, report_id)
    may_write, is_own = row.may_be_written_by(request.user), _is_own(row, request.user)
    writes = may_write and not row.lock_reason() and (is_own or request.GET.get("ghi-thay") == "1")
    lines = lines_of(row, with_forms=writes)
    lacks = {line.place: line.lack for line in lines if line.lack} | _lack_of_results(row)
    context = {
        "title": str(row.period),
        "subtitle": row.writer,
        "report": row,
        "writes": writes,
        "may_write_for": may_write and not writes and not row.lock_reason(),
        "may_withdraw": may_write and row.state == row.State.SUBMITTED and row.may_still_come_back,
        "days_left": (row.due_on - today()).days,
        "lock_reason": row.lock_reason() if row.is_editable or may_write else "",
        "groups": _groups(lines, row),
        "lines": lines,
        "texts": _texts(row),
        "lacks": lacks,
        "extensions": row.extensions.select_related("by"),
        "versions": row.versions.select_related("by").defer("content"),
        "files": attachments(row),
        "accepts": ",".join(f".{ending}" for ending in FILE_TYPES),
        "formats": {"pdf": "PDF", "docx": "Word"},
        **_proposals(request, row, writes=writes),
    }
    return render_page(request, "programs/report.html", context)


def _report(user, report_id) -> UnitReport:
    return get_object_or_404(UnitReport.objects.for_user(user).select_related(*_RELATED), pk=report_id)


def _is_own(row, user) -> bool:
    return UnitReport.objects.written_by(user).filter(pk=row.pk).exists()


def _lack_of_results(row) -> dict:
    return {place: words for place, words in lacks_of(row, []).items() if place in TEXTS}


def _groups(lines: list[Line], row) -> list[tuple[str, str, list[Line]]]:
    """What only the unit knows comes first; what is known already needs nothing typed."""
    if not row.is_editable:
        return [("Số liệu", "", lines)]
    known = [line for line in lines if line.figure.is_known]
    asked = [line for line in lines if not line.figure.is_known]
    groups = [
        ("Cần ghi", "Những số không đếm được từ sổ.", asked),
        ("Đã có trong sổ", _KNOWN_HINT, known),
    ]
    return [group for group in groups if group[2]]


def _texts(row) -> list[dict]:
    comments = comments_of(row)
    return [
        {
            "name": name, "label": label, "hint": _HINTS[name], "text": getattr(row, name), "mark": text_mark(row, name),
            "comments": comments[name],
        }
        for name, label in TEXTS.items()
    ]  # fmt: skip


# Saving as one types ----------------------------------------------------------------------------------


@page(permission="programs.change_unitreport", methods=("POST",))
def report_figure(request, figure_id):
    figures = ReportFigure.objects.for_user(request.user).select_related("indicator", "report__period", "report__unit")
    figure = get_object_or_404(figures, pk=figure_id)
    known = known_figures(figure.report, [figure.indicator])[figure.indicator_id]
    form = FigureForm(request.POST, instance=figure)

    def save():
        save_figure(figure, request.user, known=known, seen=_seen(request))
        return {"line": _line_as_saved(figure, known), "mark": figure_mark(figure)}

    return _saved(request, figure.report, form, save)


def _line_as_saved(figure, known) -> Line:
    figure.known_value, figure.known_numerator, figure.known_denominator = known
    if not figure.is_typed:
        figure.value, figure.numerator, figure.denominator = known
    return Line(figure=figure, mark=figure_mark(figure))


@page(permission="programs.change_unitreport", methods=("POST",))
def report_text(request, report_id):
    row, form = _report(request.user, report_id), TextForm(request.POST)

    def save():
        given = form.cleaned_data
        save_text(row, request.user, given["name"], given["text"], seen=_seen(request))
        return {"mark": text_mark(row, given["name"])}

    return _saved(request, row, form, save)


@page(permission="programs.change_unitreport", methods=("POST",))
def report_proposal(request, proposal_id):
    proposal = _proposal(request.user, proposal_id)
    form = ProposalForm(request.POST, instance=proposal, choices=addressees(request.user))

    def save():
        save_proposal(proposal, request.user, seen=_seen(request))
        return {"mark": proposal_mark(proposal)}

    return _saved(request, proposal.report, form, save)


def _seen(request) -> str:
    """What the writer has seen at this place: the page's, or what an answer showed and the writer chose to replace."""
    return request.POST.get("over") or request.POST.get("seen", "")


def _saved(request, row, form, save) -> HttpResponse:
    """What stands under the field afterwards; the field itself is never swapped, so nothing typed is lost."""
    context, status = {"report": row, "mark": request.POST.get("seen", ""), "time": timezone.localtime()}, 200
    before = row.revision
    if not form.is_valid():
        context["errors"], status = form.sentences, 422
    else:
        try:
            context |= save()
        except EditedMeanwhile as refusal:
            context |= {"errors": [str(refusal)], "theirs": refusal.theirs, "their_mark": refusal.mark}
            status = 409
        except Refused as refusal:
            context["errors"], status = [str(refusal)], 409
    if status == 200:
        revision = _revision_to_show(request, row, before)
        context |= {"lacks": lacks_of(row), "revision": revision, "others_edited": revision != str(row.revision)}
    headers = {"X-Saved": "1"} if status == 200 else {}
    return HttpResponse(
        render_to_string("programs/report_saved.html", context, request), status=status, headers=headers
    )


def _revision_to_show(request, row, before: int) -> str:
    """The new one, unless the page has missed somebody's change: then it keeps its own, and can't be sent as it is."""
    shown = request.POST.get("revision", "")
    return str(row.revision) if shown == str(before) else shown


# Difficulties and proposals ---------------------------------------------------------------------------


@page(permission="programs.change_unitreport", methods=("POST",))
def report_proposal_add(request, report_id):
    row = _report(request.user, report_id)
    form = ProposalForm(request.POST, choices=addressees(request.user))
    if not form.is_valid():
        return _list_of_proposals(request, row, new=form, status=422)
    return _changed(request, row, lambda: add_proposal(row, request.user, form.instance), new=form)


@page(permission="programs.change_unitreport", methods=("POST",))
def report_proposal_remove(request, proposal_id):
    proposal = _proposal(request.user, proposal_id)
    row = _report(request.user, proposal.report_id)
    return _changed(request, row, lambda: remove_proposal(proposal, request.user))


def _proposal(user, proposal_id) -> Proposal:
    """One that was raised in a report."""
    found = Proposal.objects.for_user(user).exclude(report=None).select_related("report__period", "report__unit")
    return get_object_or_404(found, pk=proposal_id)


def _changed(request, row, act, new=None) -> HttpResponse:
    before = row.revision
    try:
        act()
    except Refused as refusal:
        return _list_of_proposals(request, row, new=new, refusal=str(refusal), status=409)
    row.refresh_from_db()
    return _list_of_proposals(request, row, revision=_revision_to_show(request, row, before))


def _list_of_proposals(request, row, *, new=None, refusal="", revision=None, status=200) -> HttpResponse:
    context = _proposals(request, row, writes=True, new=new)
    shown = request.POST.get("revision", "") if revision is None else revision
    context |= {"report": row, "writes": True, "refusal": refusal, "swapped": True, "revision": shown}
    return render(request, "programs/report_proposals.html", context, status=status)


def _proposals(request, row, *, writes: bool, new=None) -> dict:
    related = ("to_department", "to_organization", "answered_by")
    found = list(row.proposals.standing().select_related(*related).order_by("pk"))
    choices = addressees(request.user) if writes else []
    for proposal in found:
        proposal.mark = proposal_mark(proposal)
        if writes and proposal.state == Proposal.State.OPEN:
            proposal.form = ProposalForm(instance=proposal, choices=choices)
    return {
        "proposals": found,
        "new_proposal": new or (ProposalForm(choices=choices) if writes else None),
        "proposal_comments": comments_of(row)["proposals"],
    }


# Attachments ------------------------------------------------------------------------------------------


@page(permission="programs.change_unitreport", methods=("POST",))
def report_file_add(request, report_id):
    row = _report(request.user, report_id)
    files = request.FILES.getlist("files")
    if was_too_big(request):
        messages.error(request, "Tệp lớn hơn 10 MB nên chưa được nhận; hãy giảm dung lượng hoặc chia thành nhiều tệp.")
    elif not files:
        messages.error(request, "Chưa chọn tệp nào.")
    for file in files:
        _told(request, lambda file=file: attach(row, request.user, file), f"Đã kèm tệp “{file.name}”.")
    return _back(row, "tep")


@page(permission="programs.change_unitreport", methods=("POST",))
def report_file_remove(request, report_id, file_id):
    row = _report(request.user, report_id)
    stored: StoredFile = get_object_or_404(attachments(row), pk=file_id)
    _told(request, lambda: detach(row, request.user, stored), f"Đã bỏ tệp “{stored.name}”.")
    return _back(row, "tep")


# Sending ----------------------------------------------------------------------------------------------


@page(permission="programs.change_unitreport", methods=("POST",))
def report_submit(request, report_id):
    row, shown = _report(request.user, report_id), whole_number(request.POST.get("revision"))
    revision = row.revision if shown is None else shown
    done = "Đã gửi báo cáo. Bạn rút lại được khi chưa được duyệt."
    _told(request, lambda: row.submit(request.user, revision=revision), done)
    return _back(row)


@page(permission="programs.change_unitreport", methods=("POST",))
def report_withdraw(request, report_id):
    row = _report(request.user, report_id)
    _told(request, lambda: row.withdraw(request.user), "Đã rút báo cáo về để sửa. Nhớ gửi lại trước hạn.")
    return _back(row)


def _told(request, act, done: str):
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)


def _back(row, part=""):
    return redirect(reverse("programs:report", args=[row.pk]) + (f"#{part}" if part else ""))


# Versions ---------------------------------------------------------------------------------------------


@page(permission="programs.view_unitreport")
def report_versions(request, report_id):
    """What differs between two sendings, ``?cu=`` and ``?moi=`` (by their numbers; the last two unless said)."""
    row = _report(request.user, report_id)
    versions = list(row.versions.select_related("by").prefetch_related("comments__by"))
    by_number = {str(version.number): version for version in versions}
    newer = by_number.get(request.GET.get("moi", ""), versions[-1] if versions else None)
    older = by_number.get(request.GET.get("cu", ""), versions[-2] if len(versions) > 1 else None)
    context = {
        "title": "Các lần gửi",
        "subtitle": str(row),
        "report": row,
        "versions": versions,
        "older": older,
        "newer": newer,
        "differences": differences(older.content, newer.content) if older and newer else [],
        "labels": _labels(row),
    }
    return render_page(request, "programs/report_versions.html", context)


def _labels(row) -> dict[str, str]:
    figures = row.figures.select_related("indicator")
    return (
        {f"figure-{f.indicator.code}": f.indicator.name for f in figures} | TEXTS | {"proposals": "Khó khăn, kiến nghị"}
    )
