"""Forms of others on screen: sending one in, saying what each cell asks for, having a copy filled."""

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from welfare.asked import whole_number
from welfare.documents.layout import printable
from welfare.documents.outer.models import OuterForm, facts
from welfare.documents.outer.periods import Period, months, usual_periods
from welfare.documents.outer.receiving import read_again, receive_form
from welfare.filters import unit_choices
from welfare.jobs.models import Job
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import Unit
from welfare.uploads import ScanInput, was_too_big


class FileForm(forms.Form):
    file = forms.FileField(
        label="Tệp biểu mẫu (.xlsx, .docx)", widget=ScanInput({"accept": ".xlsx,.docx", "class": "wf-file"}), max_length=200,
        error_messages={"required": "Chưa chọn tệp; hãy chọn biểu mẫu Excel hoặc Word.", "empty": "Tệp trống; hãy chọn lại tệp."},
    )  # fmt: skip

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith((".xlsx", ".docx")):
            raise forms.ValidationError("Chỉ nhận biểu mẫu .xlsx hoặc .docx; hãy lưu lại tệp ở một trong hai dạng này.")
        return file


class NewForm(FileForm):
    name = forms.CharField(
        label="Tên biểu mẫu", max_length=200, widget=UnfoldAdminTextInputWidget(),
        help_text="Gửi bản mới của biểu mẫu đã có thì ghi đúng tên cũ: các ô cùng chỗ, cùng lời giữ chỉ số đã gắn.",
    )  # fmt: skip
    source = forms.CharField(
        label="Cơ quan ban hành", max_length=200, required=False, widget=UnfoldAdminTextInputWidget(),
        help_text="Ví dụ: Tổng Liên đoàn Lao động Việt Nam.",
    )  # fmt: skip
    field_order = ["name", "source", "file"]

    def clean_name(self):
        """As typed again next year it is the same name, also where a Mac or a copied line wrote it."""
        name = " ".join(printable(self.cleaned_data["name"]).split())
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"], "required")
        return name


class FillForm(forms.Form):
    """A usual period, or any months: ``OTHER`` with the first and the last of them."""

    OTHER = "khac"
    unit = forms.ChoiceField(label="Đơn vị", widget=UnfoldAdminSelectWidget())
    period = forms.ChoiceField(
        label="Kỳ báo cáo", widget=UnfoldAdminSelectWidget(), error_messages={"invalid_choice": "Kỳ này không có trong danh sách; hãy chọn lại kỳ."}
    )  # fmt: skip
    first = forms.ChoiceField(label="Từ tháng", required=False, widget=UnfoldAdminSelectWidget())
    last = forms.ChoiceField(label="Đến tháng", required=False, widget=UnfoldAdminSelectWidget())

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        of_months = [(f"{month:%Y-%m}", f"{month:%m/%Y}") for month in months()]
        choices = {"unit": unit_choices(user), "period": _period_choices(), "first": of_months, "last": of_months}
        for name, offered in choices.items():
            self.fields[name].choices = offered
            self.fields[name].widget.choices = offered

    def chosen(self) -> Period:
        """Raises ``Refused`` for months that make no period."""
        given = self.cleaned_data
        if given["period"] != self.OTHER:
            return Period.of_months(*map(_month, given["period"].split("_")))
        if not (given["first"] and given["last"]):
            raise Refused("Chưa chọn tháng đầu hoặc tháng cuối của kỳ.")
        return Period.of_months(_month(given["first"]), _month(given["last"]))


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _period_choices() -> list:
    groups = [
        (heading, [(each.key, f"{each.name} (đến nay)" if each.is_running else each.name) for each in found])
        for heading, found in usual_periods()
    ]
    return [*groups, ("Khác", [(FillForm.OTHER, "Từ tháng … đến tháng …")])]


@page(permission="welfare.add_outerform", methods=("GET", "HEAD", "POST"))
def form_new(request):
    form = NewForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST":
        made = _sent(request, form, lambda sent: {"name": sent["name"], "source": sent["source"]}, request.user.unit)
        if made:
            return redirect("welfare:form_page", made.pk)
    return render_page(request, "documents/form_new.html", {"title": "Thêm biểu mẫu của cấp trên", "form": form})


@page(permission="welfare.change_outerform", methods=("POST",))
def form_send(request, form_id):
    """Another file under the form's name: in place of one that can't be read, or as the next edition."""
    outer = _form(request, form_id)
    if not _may_map(outer, request.user):
        raise Http404
    form = FileForm(request.POST, request.FILES)
    made = _sent(request, form, lambda sent: {"name": outer.name, "source": outer.source}, outer.unit)
    for error in form.errors.get("file", ()) if not made else ():
        messages.error(request, error)
    return redirect("welfare:form_page", (made or outer).pk)


def _sent(request, form, about, unit) -> OuterForm | None:
    """The form that the file is now, or None with the error on ``form``."""
    if was_too_big(request):
        form.add_error("file", "Tệp quá lớn; hãy chọn biểu mẫu nhỏ hơn.")
    elif form.is_valid():
        sent = form.cleaned_data
        try:
            made, is_new = receive_form(request.user, unit, upload=sent["file"], **about(sent))
        except Refused as refusal:
            form.add_error("file", str(refusal))
            return None
        if not is_new:
            messages.info(request, f"Tệp này đã được gửi: đây là biểu mẫu “{made}”, không tạo thêm biểu mẫu nào.")
        return made
    return None


@page(permission="welfare.change_outerform", methods=("POST",))
def form_read_again(request, form_id):
    outer = _form(request, form_id)
    if not _may_map(outer, request.user):
        raise Http404
    try:
        read_again(outer, request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("welfare:form_page", outer.pk)


@page(permission="welfare.view_outerform", methods=("GET", "HEAD", "POST"))
def form_page(request, form_id):
    """The form while it is read; then its cells as they stand, each empty one with what it asks for."""
    outer = _form(request, form_id)
    if request.htmx:
        return HttpResponse(status=204, headers={} if outer.is_waiting else {"HX-Refresh": "true"})
    may_map = _may_map(outer, request.user)
    if request.method == "POST" and not may_map:
        raise Http404
    if outer.state != OuterForm.State.READ:
        return _unread(request, outer, may_map)
    labels = {fact.key: fact.label for fact in facts()}
    typed = {name.removeprefix("c:"): text.strip() for name, text in request.POST.items() if name.startswith("c:")}
    wrong, edition = set(), outer.edition
    if request.method == "POST":
        by_label = {label: key for key, label in labels.items()}
        wrong = {cell for cell, text in typed.items() if text and text not in by_label}
        mapping = {cell: by_label[text] for cell, text in typed.items() if text in by_label}
        edition = _edition(request)
        if not wrong and _saved(request, outer, mapping, edition):
            return redirect("welfare:form_page", outer.pk)
    shown = typed or _shown(outer, labels)
    if not wrong and edition != outer.edition:  # what the other mapped meanwhile is not lost with the next save
        shown, edition = _shown(outer, labels) | {cell: text for cell, text in typed.items() if text}, outer.edition
    filling = _filling(request, outer)
    context = _about(request, outer, may_map) | {
        "facts": labels.values(), "sheets": _sheets(outer, shown, wrong), "wrong": len(wrong), "fill": _fill_form(request, filling), "filling": filling,
        "copies": [copy for copy in outer.copies.for_user(request.user).select_related("unit")[:30] if copy.may_open(request.user)],
        "edition": edition,
    }  # fmt: skip
    return render_page(request, "documents/form_page.html", context)


def _about(request, outer, may_map) -> dict:
    return {
        "title": outer.name, "subtitle": outer.source, "outer": outer, "may_map": may_map,
        "may_open": outer.file.may_open(request.user), "file_form": FileForm(),
    }  # fmt: skip


def _unread(request, outer, may_map):
    """What one may do with a form that is being read or could not be."""
    if request.method == "POST":
        messages.error(request, "Biểu mẫu chưa được đọc xong nên chưa lưu được ô nào; hãy đợi đọc xong rồi gắn.")
        return redirect("welfare:form_page", outer.pk)
    job = Job.objects.for_user(request.user).filter(owner=request.user, pk=outer.job_id).first()
    context = _about(request, outer, may_map) | {"job": job if outer.is_waiting else None}
    return render_page(request, "documents/form_unread.html", context)


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
        job = outer.request_copy(request.user, unit, form.chosen())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("welfare:form_page", outer.pk)
    return redirect(f"{reverse('welfare:form_page', args=[outer.pk])}?viec={job.pk}")


@page(permission="welfare.change_outerform", methods=("POST",))
def form_set_aside(request, form_id):
    outer = _form(request, form_id)
    if not _may_map(outer, request.user):
        raise Http404
    try:
        outer.set_aside(request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    except IntegrityError:
        messages.error(request, "Đơn vị đã có biểu mẫu đang dùng mang tên này; hãy ngừng dùng biểu mẫu đó trước.")
    return redirect("welfare:form_page", outer.pk)


def _form(request, form_id) -> OuterForm:
    return get_object_or_404(
        OuterForm.objects.for_user(request.user).select_related("unit", "file", "job", "replaces"), pk=form_id
    )


def _may_map(outer, user) -> bool:
    return user.reach_for("welfare.change_outerform").may_write(outer.unit_id)


def _shown(outer, labels) -> dict[str, str]:
    return {cell: labels.get(key, "") for cell, key in outer.mapping.items()}


def _edition(request) -> int:
    """Of the mapping as the page showed it that is sent; -1 for none."""
    edition = whole_number(request.POST.get("edition"), digits=9)
    return -1 if edition is None else edition


def _saved(request, outer, mapping, edition) -> bool:
    try:
        outer.map_cells(request.user, mapping, edition=edition)
    except Refused as refusal:
        messages.error(request, str(refusal))
        outer.refresh_from_db()
        return False
    messages.success(request, f"Đã lưu {len(mapping)} ô.")
    return True


def _fill_form(request, filling) -> FillForm:
    """Opens with what was just filled, else with one's own unit and the first of the usual periods."""
    unit, period = request.user.unit_id, usual_periods()[0][1][0]
    if filling:
        unit = filling.params["unit"]
        period = Period(*(date.fromisoformat(filling.params[name]) for name in ("first", "end")))
    form = FillForm(user=request.user)
    is_usual = any(period in found for _, found in usual_periods())
    form.initial = {
        "unit": str(unit), "period": period.key if is_usual else FillForm.OTHER,
        "first": f"{period.first:%Y-%m}", "last": f"{period.last:%Y-%m}",
    }  # fmt: skip
    return form


def _filling(request, outer):
    """The copy that was just asked for, shown as it comes along."""
    try:
        asked = UUID(request.GET.get("viec", ""))
    except ValueError:
        return None
    own = Job.objects.for_user(request.user).filter(owner=request.user, kind="fill_form", params__form=outer.pk)
    return own.filter(pk=asked).first()


def _sheets(outer, shown, wrong) -> list[dict]:
    def place(found) -> dict:
        return {**found, "chosen": shown.get(found["key"], ""), "is_wrong": found["key"] in wrong}

    return [
        {
            "name": sheet["name"],
            "is_cut": sheet.get("is_cut"),
            "rows": [
                [{**place(cell), "blanks": [place(blank) for blank in cell.get("blanks", ())]} for cell in row]
                for row in sheet["rows"]
                if row
            ],
        }
        for sheet in outer.sheets
    ]
