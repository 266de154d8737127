"""Drafting a paper: its words beside its figures, the whole as it will be printed, and where a draft begins."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from welfare.documents.papers.models import EditedMeanwhile, Paper, differs, start_paper
from welfare.documents.papers.passages import Passage, frame_of, pieces_of
from welfare.documents.printing import extra_of
from welfare.documents.rendering import render_html
from welfare.site import page, render_page
from welfare.states import Refused


@page(permission="welfare.add_paper", methods=("POST",))
def paper_start(request, kind, subject_id):
    try:
        paper = start_paper(request.user, kind, subject_id, **extra_of(kind, request.POST))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:welfare_paper_changelist")
    return redirect("welfare:paper_write", paper.pk)


@page(permission="welfare.view_paper", methods=("GET", "HEAD", "POST"))
def paper_write(request, draft_id):
    """The page of words; who may not write them, or when they are fixed, reads the paper instead."""
    paper = get_object_or_404(Paper.objects.for_user(request.user).select_related("unit"), pk=draft_id)
    if paper.state != Paper.State.DRAFT or not may_write(paper, request.user):
        return redirect("admin:welfare_paper_change", paper.pk)
    typed = {name.removeprefix("p:"): text for name, text in request.POST.items() if name.startswith("p:")}
    before = None
    if request.method == "POST":
        edition = _number(request.POST.get("edition"))
        try:
            paper.write(request.user, typed, edition=edition)
        except EditedMeanwhile as refusal:
            messages.error(request, str(refusal))
            paper.refresh_from_db()
            before = paper.texts_at(edition)
        except Refused as refusal:
            messages.error(request, str(refusal))
            paper.refresh_from_db()
        else:
            messages.success(request, "Đã lưu.")
            if "trinh" in request.POST:
                return redirect(reverse("admin:welfare_paper_verb", args=[paper.pk, "submit"]))
            return redirect("welfare:paper_write", paper.pk)
    try:
        shown = _shown(paper, request.user, typed, before)
    except Refused as refusal:
        return _to_the_paper(request, paper, refusal)
    context = {"title": paper.kind_name, "subtitle": paper.plain_title, "paper": paper, **shown}
    return render_page(request, "documents/paper_write.html", context)


@page(permission="welfare.view_paper")
def paper_read(request, draft_id):
    """As it is, or will be, printed."""
    paper = get_object_or_404(Paper.objects.for_user(request.user), pk=draft_id)
    try:
        return HttpResponse(render_html(paper.as_read_by(request.user)))
    except Refused as refusal:
        return _to_the_paper(request, paper, refusal)


def _to_the_paper(request, paper, refusal):
    messages.error(request, str(refusal))
    return redirect("admin:welfare_paper_change", paper.pk)


def may_write(paper, user) -> bool:
    return user.reach_for("welfare.change_paper").may_write(paper.unit_id)


def _shown(paper, user, typed, before) -> dict:
    """The frame's and the body's pieces; a passage with its text: as typed just now, else as saved, else as given.

    ``before``: the words that the typed ones were begun from, where somebody else saved since. What was not changed
    from them gives way to the other's words; where both changed a passage, it has the other's beside.
    """
    document = paper.original(user)

    def row(passage):
        saved = paper.texts.get(passage.key, passage.given)
        text, theirs = typed.get(passage.key, saved), ""
        if before is not None and differs(text, saved):
            begun = before.get(passage.key, passage.given)
            if not differs(text, begun):
                text = saved
            elif differs(saved, begun):
                theirs = saved
        return {
            "passage": passage,
            "text": text,
            "theirs": theirs,
            "rows": min(2 + len(text) // 90 + text.count("\n"), 12),
            "is_changed": text.strip() != passage.given.strip(),
        }

    body = [row(piece) if isinstance(piece, Passage) else {"block": piece} for piece in pieces_of(document)]
    frame = [row(passage) for passage in frame_of(document)]
    keys = {each["passage"].key for each in [*frame, *body] if "passage" in each}
    homeless = [text for key, text in paper.texts.items() if key not in keys and text.strip()]
    return {
        "frame": frame,
        "is_frame_open": any(each["theirs"] for each in frame),
        "body": body,
        "homeless": homeless,
        "appendices": document.numbered_appendices,
    }


def _number(text) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else -1
