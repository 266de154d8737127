"""Forms of others on screen: sending one in, saying what each cell asks for, having a copy filled."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from welfare.documents.outer.models import OuterForm, facts, receive_form
from welfare.filters import unit_choices
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import Unit, today
from welfare.uploads import ScanInput, was_too_big


class NewForm(forms.Form):
    name = forms.CharField(label="Tên biểu mẫu", max_length=200, widget=UnfoldAdminTextInputWidget())
    source = forms.CharField(
        label="Cơ quan ban hành", max_length=200, required=False, widget=UnfoldAdminTextInputWidget(),
        help_text="Ví dụ: Tổng Liên đoàn Lao động Việt Nam.",
    )  # fmt: skip
    file = forms.FileField(
        label="Tệp biểu mẫu (.xlsx, .docx)", widget=ScanInput({"accept": ".xlsx,.docx", "class": "wf-file"}),
        error_messages={"required": "Chưa chọn tệp; hãy chọn biểu mẫu Excel hoặc Word.", "empty": "Tệp trống; hãy chọn lại tệp."},
    )  # fmt: skip

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith((".xlsx", ".docx")):
            raise forms.ValidationError("Chỉ nhận biểu mẫu .xlsx hoặc .docx; hãy lưu lại tệp ở một trong hai dạng này.")
        return file


class FillForm(forms.Form):
    unit = forms.ChoiceField(label="Đơn vị", widget=UnfoldAdminSelectWidget())
    first = forms.DateField(label="Từ ngày", widget=UnfoldAdminSingleDateWidget())
    last = forms.DateField(label="Đến ngày", widget=UnfoldAdminSingleDateWidget())

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["unit"].choices = unit_choices(user)
        self.fields["unit"].widget.choices = self.fields["unit"].choices


@page(permission="welfare.add_outerform", methods=("GET", "HEAD", "POST"))
def form_new(request):
    form = NewForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and was_too_big(request):
        form.add_error("file", "Tệp quá lớn; hãy chọn biểu mẫu nhỏ hơn.")
    elif request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            with transaction.atomic():
                made = receive_form(
                    request.user, request.user.unit, name=sent["name"], source=sent["source"], upload=sent["file"]
                )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        except IntegrityError:
            form.add_error("name", "Đơn vị đã có biểu mẫu đang dùng mang tên này.")
        else:
            messages.success(request, "Đã nhận biểu mẫu; hãy chọn chỉ số cho từng ô.")
            return redirect("welfare:form_page", made.pk)
    return render_page(request, "documents/form_new.html", {"title": "Thêm biểu mẫu của cấp trên", "form": form})


@page(permission="welfare.view_outerform", methods=("GET", "HEAD", "POST"))
def form_page(request, form_id):
    """The form's cells as they stand, each empty one with what it asks for."""
    outer = _form(request, form_id)
    may_map = _may_map(outer, request.user)
    labels = {fact.key: fact.label for fact in facts()}
    typed = {name.removeprefix("c:"): text.strip() for name, text in request.POST.items() if name.startswith("c:")}
    wrong = set()
    if request.method == "POST":
        if not may_map:
            raise Http404
        by_label = {label: key for key, label in labels.items()}
        wrong = {cell for cell, text in typed.items() if text and text not in by_label}
        mapping = {cell: by_label[text] for cell, text in typed.items() if text in by_label}
        if not wrong and _saved(request, outer, mapping):
            return redirect("welfare:form_page", outer.pk)
    shown = typed or {cell: labels.get(key, "") for cell, key in outer.mapping.items()}
    context = {
        "title": outer.name, "subtitle": outer.source, "outer": outer, "may_map": may_map, "may_open": outer.file.may_open(request.user), "facts": labels.values(),
        "sheets": _sheets(outer, shown, wrong), "wrong": len(wrong), "fill": _fill_form(request),
        "copies": [copy for copy in outer.copies.select_related("unit")[:30] if copy.may_open(request.user)],
    }  # fmt: skip
    return render_page(request, "documents/form_page.html", context)


@page(permission="welfare.view_outerform", methods=("POST",))
def form_fill(request, form_id):
    outer = _form(request, form_id)
    form = FillForm(request.POST, user=request.user)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, errors[0])
        return redirect("welfare:form_page", outer.pk)
    unit = get_object_or_404(Unit.objects.for_user(request.user), pk=form.cleaned_data["unit"])
    try:
        job = outer.request_copy(request.user, unit, form.cleaned_data["first"], form.cleaned_data["last"])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("welfare:form_page", outer.pk)
    messages.info(request, f"Đang chuẩn bị “{job.title}”. Tệp hiện ở đây khi xong.")
    return redirect("welfare:job_list")


@page(permission="welfare.change_outerform", methods=("POST",))
def form_set_aside(request, form_id):
    outer = _form(request, form_id)
    if not _may_map(outer, request.user):
        raise Http404
    try:
        outer.set_aside(request.user)
    except IntegrityError:
        messages.error(request, "Đơn vị đã có biểu mẫu đang dùng mang tên này.")
    return redirect("welfare:form_page", outer.pk)


def _form(request, form_id) -> OuterForm:
    return get_object_or_404(OuterForm.objects.for_user(request.user).select_related("unit", "file"), pk=form_id)


def _may_map(outer, user) -> bool:
    return user.reach_for("welfare.change_outerform").may_write(outer.unit_id)


def _saved(request, outer, mapping) -> bool:
    edition = request.POST.get("edition", "")
    try:
        outer.map_cells(
            request.user, mapping, edition=int(edition) if edition.isdecimal() and len(edition) < 10 else -1
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        outer.refresh_from_db()
        return False
    messages.success(request, f"Đã lưu {len(mapping)} ô.")
    return True


def _fill_form(request) -> FillForm:
    """Opens with the year so far, of one's own unit."""
    day = today()
    initial = {"unit": str(request.user.unit_id), "first": day.replace(month=1, day=1), "last": day}
    return FillForm(initial=initial, user=request.user)


def _sheets(outer, shown, wrong) -> list[dict]:
    return [
        {
            "name": sheet["name"],
            "rows": [
                [{**cell, "chosen": shown.get(cell["key"], ""), "is_wrong": cell["key"] in wrong} for cell in row]
                for row in sheet["rows"]
                if row
            ],
        }
        for sheet in outer.sheets
    ]
