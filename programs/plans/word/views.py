from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from unfold.widgets import UnfoldAdminTextareaWidget

from programs.plans.word import limits
from programs.plans.word.models import WordReading
from programs.plans.word.receiving import receive
from programs.plans.writing.saving import may_write
from welfare.audit import AuditEvent, record
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import Unit
from welfare.uploads import was_too_big


class WordForm(forms.Form):
    """A file or pasted text, one of the two."""

    file = forms.FileField(
        label="Tệp Word", required=False, allow_empty_file=True, max_length=300,
        widget=forms.FileInput(attrs={"accept": ".docx", "class": "pw-file"}),
    )  # fmt: skip
    pasted = forms.CharField(
        label="Dán từ Word", required=False, strip=False, max_length=limits.CHARACTERS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 10, "placeholder": "Mở văn bản, chọn hết, chép rồi dán vào đây."}),
        help_text="Mỗi đoạn một dòng. Tệp Word cho kết quả tốt hơn vì còn chữ đậm, căn giữa và số tự động.",
        error_messages={"max_length": limits.TOO_LONG},
    )  # fmt: skip

    def clean(self):
        given = super().clean()
        if not given.get("file") and not (given.get("pasted") or "").strip() and not self.errors:
            self.add_error("file", "Hãy chọn tệp Word (.docx) hoặc dán nội dung văn bản.")
        if given.get("file") and (given.get("pasted") or "").strip():
            self.add_error("pasted", "Chỉ chọn một: tệp Word hoặc nội dung dán; hãy bỏ bớt một bên.")
        return given


@page(permission="programs.add_plan", methods=("GET", "HEAD", "POST"))
def plan_from_word(request):
    """Send a plan's text; what is read of it becomes a draft."""
    form = WordForm(request.POST, request.FILES) if request.method == "POST" else WordForm()
    unit, status = _home_unit(request.user), 200
    if request.method == "POST":
        status = _receive(request, form, unit)
        if status == 302:
            return redirect("programs:word_reading", form.reading.pk)
    recent = (
        WordReading.objects.for_user(request.user).filter(owner=request.user).select_related("file", "plan__kind")[:5]
    )
    context = {"title": "Soạn kế hoạch từ Word", "form": form, "unit": unit, "recent": recent}
    return render_page(request, "programs/plan_from_word.html", context, status=status)


def _home_unit(user) -> Unit | None:
    own = user.reach.own
    return user.unit if user.unit_id in own else Unit.objects.filter(pk__in=own).first()


def _receive(request, form, unit) -> int:
    """Leaves the reading, or the error, on the form. Returns the status to answer with."""
    if was_too_big(request):
        form.errors.clear()
        form.add_error("file", limits.TOO_BIG)
        record(AuditEvent.Action.REFUSE, request=request, detail={"size": request.META.get("CONTENT_LENGTH")})
        return 413
    if not form.is_valid():
        return 400
    given = form.cleaned_data
    try:
        if unit is None:
            raise Refused("Tài khoản của bạn chưa được phân công ở đơn vị nào nên chưa soạn kế hoạch được.")
        form.reading, is_new = receive(request.user, unit, upload=given["file"], pasted=given["pasted"])
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return 400
    if not is_new and form.reading.plan_id:
        messages.info(request, "Văn bản này đã được đọc trước đây; mở lại bản đã có, không tạo thêm bản nào.")
    return 302


@page(permission="programs.view_wordreading")
def word_reading(request, reading_id):
    """The text while it is read, then the draft it became."""
    readings = WordReading.objects.for_user(request.user).select_related("file", "job", "plan")
    reading = get_object_or_404(readings, pk=reading_id)
    is_waiting = reading.state == WordReading.State.READING and not reading.broke_off
    if request.htmx:
        return HttpResponse(status=204, headers={} if is_waiting else {"HX-Refresh": "true"})
    if reading.plan_id:
        writes = may_write(request.user, reading.plan)
        return redirect("programs:plan_write" if writes else "programs:plan_view", reading.plan_id)
    context = {"title": str(reading), "reading": reading, "is_waiting": is_waiting}
    return render_page(request, "programs/word_reading.html", context)
