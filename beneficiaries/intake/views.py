from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from beneficiaries.intake import batches, preview
from beneficiaries.intake.forms import LetterForm, TemplateForm, UploadForm
from beneficiaries.intake.models import ListBatch, StagedRow
from welfare.audit import AuditEvent, record, record_search
from welfare.jobs.models import Job
from welfare.jobs.queue import submit
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import today
from welfare.uploads import was_too_big


@page(permission="beneficiaries.add_listbatch", methods=("GET", "HEAD", "POST"))
def batch_upload(request):
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    status = 200
    if request.method == "POST":
        status = _receive(request, form)
        if status == 302:
            return redirect("beneficiaries:batch_preview", form.batch.pk)
    recent = ListBatch.objects.for_user(request.user).filter(owner=request.user).select_related("file", "unit")[:5]
    context = {
        "title": "Tải danh sách lên", "form": form, "recent": recent, "template_form": TemplateForm(user=request.user),
        "template_job": _own_job(request, "list_template"),
    }  # fmt: skip
    return render_page(request, "beneficiaries/batch_upload.html", context, status=status)


@page(permission="beneficiaries.add_listbatch", methods=("POST",))
def list_template(request):
    """Has the workbook to fill made for a unit."""
    form = TemplateForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, "Chưa chọn được mẫu; hãy chọn đơn vị và loại mẫu rồi bấm lại.")
        return redirect("beneficiaries:batch_upload")
    unit, kind = form.cleaned_data["unit"], form.cleaned_data["kind"]
    params = {"kind": kind, "year": today().year}
    job = submit("list_template", title=f"Lập mẫu cho {unit}", owner=request.user, unit=unit, params=params)
    return redirect(f"{reverse('beneficiaries:batch_upload')}?tep={job.pk}")


def _receive(request, form) -> int:
    """Leaves the batch, or the error, on the form. Returns the status to answer with."""
    if was_too_big(request):
        form.errors.pop("file", None)
        form.add_error("file", batches.TOO_BIG)
        record(AuditEvent.Action.REFUSE, request=request, detail={"size": request.META.get("CONTENT_LENGTH")})
        return 413
    if not form.is_valid():
        return 400
    given = form.cleaned_data
    try:
        form.batch = batches.receive(
            request.user,
            given["unit"],
            given["file"],
            year=given["year"],
            kind=given["kind"],
            **{name: given[name] for name in ("round", "campaign", "project")},
        )
    except batches.TooMany as refusal:
        form.add_error("file", str(refusal))
        return 429
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return 400
    return 302


@page(permission="beneficiaries.view_listbatch")
def batch_preview(request, batch_id):
    """The list while it is read, then what a commit would do with it, then what became of it."""
    batch = batch_of(request, batch_id)
    if request.htmx:
        return HttpResponse(
            status=204, headers={} if batch.is_waiting and not batch.broke_off else {"HX-Refresh": "true"}
        )
    if batch.is_waiting:
        return render_page(request, "beneficiaries/batch_reading.html", _about(request, batch))
    return _show(request, batch, LetterForm(initial={"number": batch.letter_number, "on": batch.letter_on}))


def _show(request, batch, letter_form, status=200):
    chosen = _chosen(request)
    rows = preview.page_of_rows(batch, chosen, request.GET.get("page"))
    if rows.lines:
        record(AuditEvent.Action.VIEW, request=request, subject=batch, unit=batch.unit)
    if chosen["q"]:
        record_search(request, chosen["q"], "stagedrow")
    context = _about(request, batch) | {
        "chips": preview.chips(batch, chosen),
        "chosen": chosen,
        "kept": "".join(f"{urlencode({name: value})}&" for name, value in chosen.items() if value),
        "rows": rows,
        "field_choices": preview.column_choices(batch) if batch.kind else [],
        "hindrance": batch.hindrance() if batch.state == batch.State.READY else "",
        "written": preview.written_words(batch) if batch.state == batch.State.COMMITTED else "",
        "unsure": len(preview.unsure_columns(batch)),
        "kind_page": preview.page_of_kind(batch),
        "of_units": batch.kind in ("summary", "campaign"),
        "letter_form": letter_form,
        "may_print": not batch.is_stripped and batch.accepted and batch.kind in ("people", "houses"),
        "return_job": _own_job(request, "return_list"),
        "undo_job": _failed_undo(request, batch),
    }
    return render_page(request, "beneficiaries/batch_preview.html", context, status=status)


@page(permission="beneficiaries.change_listbatch", methods=("POST",))
def batch_letter(request, batch_id):
    """Number, date and scan of the covering letter; a wrong one is asked for again where it stands."""
    batch = batch_of(request, batch_id)
    form = LetterForm(request.POST, request.FILES)
    if batch.is_waiting or not form.is_valid():
        return _show(request, batch, form, status=400)
    given = form.cleaned_data
    act = partial(batch.write_letter, request.user, number=given["number"], on=given["on"], scan=given["scan"])
    return _attempt(request, batch, act, "Đã ghi công văn kèm danh sách.")


@page(permission="beneficiaries.change_listbatch", methods=("POST",))
def batch_columns(request, batch_id):
    batch = batch_of(request, batch_id)
    chosen = {
        column["key"]: request.POST[f"column_{index}"]
        for index, column in enumerate(batch.columns)
        if f"column_{index}" in request.POST
    }
    offered = {name for name, _ in preview.column_choices(batch)} if batch.kind else set()
    differing = _differing(batch, {key: field for key, field in chosen.items() if field in offered})
    if not differing and not batch.broke_off:
        messages.info(request, "Các cột vẫn như cũ nên không phải đọc lại.")
        return _back(batch)
    return _attempt(request, batch, lambda: batch.choose_columns(request.user, differing))


def _differing(batch, chosen: dict[str, str]) -> dict[str, str]:
    """Columns taken for something else now, and guesses that stand; all of them while some are in conflict."""
    now = {column["key"]: column["field"] for column in batch.columns}
    guessed = {column["key"] for column in preview.unsure_columns(batch)}
    differing = {key: field for key, field in chosen.items() if now[key] != field or key in guessed}
    return chosen if batch.conflicts else differing


@page(permission="beneficiaries.change_listbatch", methods=("POST",))
def batch_commit(request, batch_id):
    batch = batch_of(request, batch_id)
    return _attempt(request, batch, lambda: batch.commit(request.user))


@page(permission="beneficiaries.change_listbatch", methods=("POST",))
def batch_discard(request, batch_id):
    batch = batch_of(request, batch_id)
    return _attempt(
        request, batch, lambda: batch.discard(request.user), "Đã bỏ danh sách; không có gì được ghi vào sổ."
    )


@page(permission="beneficiaries.change_listbatch", methods=("POST",))
def batch_undo(request, batch_id):
    batch = batch_of(request, batch_id)
    return _attempt(request, batch, lambda: batch.undo(request.user))


@page(permission="beneficiaries.view_listbatch", methods=("POST",))
def batch_return(request, batch_id):
    batch = batch_of(request, batch_id)
    try:
        job = batch.ask_back(request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _back(batch)
    return redirect(f"{reverse('beneficiaries:batch_preview', args=[batch.pk])}?tep={job.pk}")


def batch_of(request, batch_id) -> ListBatch:
    related = ("unit", "owner", "round", "campaign", "project", "file", "letter", "job", "same_as", "committed_by")
    return get_object_or_404(ListBatch.objects.for_user(request.user).select_related(*related), pk=batch_id)


def _chosen(request) -> dict[str, str]:
    """The filters of the address, each one of the offered values or empty."""
    status, effect = request.GET.get("status", ""), request.GET.get("effect", "")
    return {
        "status": status if status in StagedRow.Status else "",
        "effect": effect if effect in StagedRow.Effect else "",
        "q": request.GET.get("q", "").strip()[:100],
    }


def _about(request, batch) -> dict:
    user = request.user
    return {
        "title": batch.title or "Danh sách đã tải",
        "subtitle": f"{batch.file.name} · {batch.unit} · năm {batch.year}",
        "batch": batch,
        "kind": preview.kind_label(batch),
        "may_write": may_write(user, batch),
        "job": batch.job if batch.job and batch.job.owner_id == user.pk else None,
    }


def _own_job(request, kind: str):
    """The job of the file that was just asked for."""
    try:
        asked = UUID(request.GET.get("tep", ""))
    except ValueError:
        return None
    return Job.objects.for_user(request.user).filter(owner=request.user, kind=kind, pk=asked).first()


def _failed_undo(request, batch):
    """The job of its own that was to undo the list and says why it did not."""
    tried = batch.job and batch.job.kind == "undo_list" and batch.state == batch.State.COMMITTED
    return batch.job if tried and batch.job.owner_id == request.user.pk else None


def _attempt(request, batch, act, done=""):
    try:
        act()
        if done:
            messages.success(request, done)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(batch)


def _back(batch):
    return redirect("beneficiaries:batch_preview", batch.pk)


def may_write(user, batch) -> bool:
    may = user.reach_for("beneficiaries.change_listbatch").may_write(batch.unit_id)
    return may and batch.is_in_hands_of(user)
