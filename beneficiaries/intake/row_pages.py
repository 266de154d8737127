"""One row of a list before it is taken: its cells mended in place, the others in its name cell confirmed."""

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from beneficiaries.intake import preview
from beneficiaries.intake.models import ListBatch
from beneficiaries.intake.views import batch_of, may_write
from welfare.asked import whole_number
from welfare.audit import AuditEvent, record
from welfare.site import page, render_page
from welfare.states import Refused

_KEPT = ("status", "effect", "q", "page")
_LONGEST = 1000


@page(permission="beneficiaries.change_listbatch", methods=("GET", "HEAD", "POST"))
def batch_row(request, batch_id, row_id):
    """The row's cells as the file has them; by POST those that differ are mended and the list is checked again.

    For htmx the form alone, to stand in the row's place. What was typed stays when it can't be taken.
    """
    batch = batch_of(request, batch_id)
    row = get_object_or_404(batch.rows.for_user(request.user), pk=row_id)
    row.batch = batch
    cells = preview.cells_of(row) if batch.state == ListBatch.State.READY and may_write(request.user, batch) else []
    status = 200
    if request.method == "POST":
        try:
            _mend(request, batch, row, cells)
            return redirect(_back(request, batch))
        except Refused as refusal:
            messages.error(request, str(refusal))
            status = 400
    else:
        record(AuditEvent.Action.REVEAL, request=request, subject=batch, unit=batch.unit, detail={"row": row.row})
    context = {
        "title": f"Sửa {preview.line(row, batch)['place'].lower()}", "subtitle": row.full_name, "batch": batch, "row": row,
        "cells": cells, "about_row": preview.about_row(row, cells), "back": _kept(request), "back_url": _back(request, batch),
    }  # fmt: skip
    if request.htmx:
        return render(request, "beneficiaries/batch_row_in_place.html", context)
    return render_page(request, "beneficiaries/batch_row.html", context, status=status)


def _mend(request, batch, row, cells) -> None:
    """Raises ``Refused``, with what was typed put into ``cells``."""
    differing = {}
    for cell in cells:
        typed = request.POST.get(f"cell_{cell['letter']}", cell["text"]).replace("\r\n", "\n").strip()[:_LONGEST]
        if typed != cell["text"].replace("\r\n", "\n").strip():
            differing[cell["letter"]] = cell["text"] = typed
    if not cells:
        raise Refused("Danh sách này không còn sửa được trên màn hình; hãy mở lại danh sách để xem trạng thái mới.")
    if differing:
        batch.mend(request.user, {row.sheet: {row.row: differing}})
    else:
        messages.info(request, "Các ô vẫn như cũ nên không phải kiểm tra lại.")


@page(permission="beneficiaries.change_listbatch", methods=("POST",))
def batch_members(request, batch_id):
    """Confirms, or no longer, the further names in the cell of one row (``row``) or of all."""
    batch = batch_of(request, batch_id)
    rows = batch.rows.for_user(request.user).filter(values__has_key="members")
    one = request.POST.get("row", "")
    if one:
        rows = rows.filter(pk=whole_number(one))
    try:
        if request.POST.get("answer") == "no":
            for row in rows:
                batch.deny_members(request.user, row)
        elif found := list(rows):
            batch.confirm_members(request.user, found)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_back(request, batch))


def _kept(request) -> str:
    """The filters and page of the preview that the officer came from."""
    given = dict(parse_qsl(request.POST.get("back", ""))) if request.method == "POST" else request.GET.dict()
    return urlencode({name: given[name][:100] for name in _KEPT if given.get(name)})


def _back(request, batch) -> str:
    kept = _kept(request)
    address = reverse("beneficiaries:batch_preview", args=[batch.pk])
    return f"{address}?{kept}" if kept else address
