"""The writing page: a draft as it reads, each part opened, saved, moved and taken away on its own (htmx)."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from programs.plans.models import Plan
from programs.plans.writing.order import put_back, remove
from programs.plans.writing.page import Page
from programs.plans.writing.parts import KINDS
from programs.plans.writing.saving import act_on, add_part, discard, looked_at, save_part, writing
from welfare.asked import whole_number
from welfare.site import page, render_page
from welfare.states import Refused

_GONE = "Phần này vừa bị người khác xóa nên chưa lưu được; phần bạn gõ vẫn ở đây để chép lại."
_CHANGED = "Người khác vừa sửa phần này trong lúc bạn đang soạn nên chưa lưu. Nội dung mới của họ ở dưới; bấm “Vẫn lưu” để thay bằng bản của bạn."
_ACTS = ("len", "xuong", "vao", "ra", "xoa", "da-xem")
_writers = page(permission="programs.change_plan", methods=("GET", "HEAD", "POST"))
_posts = page(permission="programs.change_plan", methods=("POST",))


@page(permission="programs.change_plan")
def plan_write(request, plan_id):
    plan = _plan(request, plan_id)
    if not plan.is_editable:
        messages.error(request, _not_a_draft(plan))
        return redirect("programs:plan_view", plan.pk)
    return render_page(request, "programs/plan_write.html", {"title": f"Soạn: {plan}", **Page(plan).context()})


@_writers
def plan_part(request, plan_id, part, part_id):
    """GET: the part's form, or with ``?xem`` the part as it reads. POST: saves it."""
    plan, kind = _plan(request, plan_id), _kind(part)
    row = kind.rows(plan).filter(pk=part_id).first()
    if request.method == "POST":
        return _save(request, plan, kind, row)
    if row is None:
        raise Http404
    if not request.htmx:
        return redirect("programs:plan_write", plan.pk)
    if "xem" in request.GET:
        return _part(request, plan, kind, row)
    if not plan.is_editable:
        return _refused(request, Refused(_not_a_draft(plan)))
    form = kind.form(instance=row, user=request.user, plan=plan)
    return _form(request, plan, kind, form)


def _save(request, plan, kind, row):
    form = kind.form(request.POST, instance=row or kind.model(), user=request.user, plan=plan)
    if row is None:
        return _form(request, plan, kind, form, error=_GONE, url=request.path)
    try:
        with writing(plan) as draft:
            row = kind.rows(draft).select_for_update(of=("self",)).get(pk=row.pk)
            form = kind.form(request.POST, instance=row, user=request.user, plan=draft)
            opened_on, old_text = form.initial["version"], getattr(row, "text", "")
            if request.POST.get("version") != opened_on:
                return _conflict(request, plan, kind, row)
            if not form.is_valid():
                return _form(request, plan, kind, form)
            section = save_part(form, kind, draft, old_text=old_text)
    except Refused as refusal:
        return _form(request, plan, kind, form, error=str(refusal))
    except kind.model.DoesNotExist:
        return _form(request, plan, kind, form, error=_GONE)
    plan.refresh_from_db()
    return _part(request, plan, kind, kind.rows(plan).get(pk=row.pk), also=section)


def _conflict(request, plan, kind, row):
    """What was typed stays, what stands now is shown beside it, and saving again is a decision."""
    typed = request.POST.copy()
    form = kind.form(typed, instance=row, user=request.user, plan=plan)
    theirs = form.changed_meanwhile()
    typed["version"] = form.initial["version"]
    return _form(request, plan, kind, form, error=_CHANGED, theirs=theirs, is_conflict=True)


@_writers
def plan_part_add(request, plan_id, part):
    """The form of a new row; ``sau``: the key of the part it comes after, such as "muc-12"."""
    plan, kind = _plan(request, plan_id), _kind(part)
    if kind.is_of_plan:
        raise Http404
    after = _after(plan, request.GET.get("sau", ""))
    if request.method != "POST":
        if not plan.is_editable:
            return _refused(request, Refused(_not_a_draft(plan)))
        form = kind.form(user=request.user, plan=plan)
        return _form(request, plan, kind, form, url=request.get_full_path(), is_new=True)
    form = kind.form(request.POST, user=request.user, plan=plan)
    try:
        with writing(plan) as draft:
            form = kind.form(request.POST, user=request.user, plan=draft)
            if not form.is_valid():
                return _form(request, plan, kind, form, url=request.get_full_path(), is_new=True)
            add_part(form, kind, draft, after)
    except Refused as refusal:
        return _form(request, plan, kind, form, error=str(refusal), url=request.get_full_path(), is_new=True)
    return _whole(request, plan, focus=f"{kind.slug}-{form.instance.pk}", retarget=True)


@_posts
def plan_part_act(request, plan_id, part, part_id, act):
    """Move, indent or take away one part; answers with the whole plan."""
    plan, kind = _plan(request, plan_id), _kind(part)
    row = kind.rows(plan).filter(pk=part_id).first()
    if row is None or act not in _ACTS or (kind.is_of_plan and act != "da-xem"):
        raise Http404
    key, removed = f"{kind.slug}-{row.pk}", None
    try:
        with writing(plan) as draft:
            if act == "xoa":
                words, token = remove(draft, row)
                removed = {"words": words, "token": token}
            else:
                act_on(draft, row, act)
    except Refused as refusal:
        return _refused(request, refusal)
    if act == "da-xem":
        looked_at(plan, key)
        return _part(request, plan, kind, row)
    return _whole(request, plan, focus=key, removed=removed)


@_posts
def plan_undo(request, plan_id):
    """Put back what was just taken away."""
    plan = _plan(request, plan_id)
    try:
        with writing(plan) as draft:
            put_back(draft, request.POST.get("token", ""))
    except Refused as refusal:
        return _refused(request, refusal)
    return _whole(request, plan, told="Đã đưa lại phần vừa xóa.")


@_posts
def plan_discard(request, plan_id):
    plan = _plan(request, plan_id)
    try:
        discard(plan, request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("programs:plan_view", plan.pk)
    messages.success(request, "Đã bỏ bản dự thảo.")
    return redirect("programs:plan_from_word")


# Finding ------------------------------------------------------------------------------------------


def _plan(request, plan_id) -> Plan:
    plan = get_object_or_404(
        Plan.objects.for_user(request.user).select_related("kind", "unit", "department"), pk=plan_id
    )
    if not plan.may_be_written_by(request.user):
        raise PermissionDenied
    return plan


def _kind(slug):
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _after(plan, key: str):
    slug, _, pk = key.rpartition("-")
    kind = KINDS.get(slug)
    if kind is None or kind.is_of_plan or whole_number(pk) is None:
        return None
    return kind.rows(plan).filter(pk=whole_number(pk)).first()


def _not_a_draft(plan) -> str:
    return f"Kế hoạch đang ở trạng thái “{plan.get_state_display()}” nên không soạn được; chỉ bản dự thảo mới sửa được."


# Answering ----------------------------------------------------------------------------------------


def _part(request, plan, kind, row, also=None):
    """The part as it reads, and the section whose text was changed along with it."""
    shown = Page(plan)
    in_text = kind.stands_in_section and row.section is not None and row.text in row.section.body
    context = {"plan": plan, "part": shown.shown(kind, row, _level(row), in_text)}
    if also is not None:
        context["also"] = shown.shown(KINDS["muc"], also, _level(also))
    return render(request, "programs/write/saved.html", context)


def _level(row) -> int:
    section = getattr(row, "section", None) or row
    level = 1
    while section := getattr(section, "parent", None):
        level += 1
    return level


def _form(request, plan, kind, form, *, url=None, **more):
    saved = form.instance.pk
    url = url or Page(plan).shown(kind, form.instance).url
    context = {"plan": plan, "kind": kind, "form": form, "url": url, "key": f"{kind.slug}-{saved or 'moi'}", **more}
    return render(request, "programs/write/form.html", context)


def _whole(request, plan, *, focus="", retarget=False, **more):
    plan.refresh_from_db()
    response = render(request, "programs/write/plan.html", {**Page(plan).context(), **more})
    if retarget:
        response["HX-Retarget"], response["HX-Reswap"] = "#pw-plan", "outerHTML"
    response["HX-Trigger-After-Settle"] = json.dumps({"pw:written": {"focus": focus}})
    return response


def _refused(request, refusal):
    """A sentence in the notice, and nothing else changes."""
    response = render(request, "programs/write/notice.html", {"refusal": str(refusal)})
    response["HX-Retarget"], response["HX-Reswap"] = "#pw-notice", "outerHTML"
    return response
