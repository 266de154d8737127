"""Units that have ended: who is still there, what moving them would do, and the act itself."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from beneficiaries.transfers.closing import SHOWN, ask_to_close, closed_units, preview
from beneficiaries.transfers.models import UnitClosing
from welfare.scoped_admin import rows_for
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import Unit, today


class ClosingForm(forms.Form):
    reason = forms.CharField(
        label="Căn cứ", max_length=300, widget=UnfoldAdminTextInputWidget,
        help_text="Ví dụ: Quyết định số 12/QĐ-LĐLĐ về việc kết thúc hoạt động.",
    )  # fmt: skip
    on = forms.DateField(label="Từ ngày", widget=UnfoldAdminSingleDateWidget)
    expected = forms.IntegerField(widget=forms.HiddenInput)


@page(permission="beneficiaries.move_unit")
def closed_units_page(request):
    done = UnitClosing.objects.for_user(request.user).select_related("unit", "successor", "by")
    context = {
        "title": "Đơn vị đã đóng",
        "subtitle": "Đơn vị đã ngừng hoạt động còn người, hộ chưa chuyển sang đơn vị kế thừa",
        "units": closed_units(request.user),
        "done": done[:20],
    }
    return render_page(request, "beneficiaries/closed_units.html", context)


@page(permission="beneficiaries.move_unit", methods=("GET", "HEAD", "POST"))
def unit_closing(request, unit_id):
    """``?sang=`` names the successor, where there are several."""
    units = rows_for(request.user, Unit).filter(valid_to__isnull=False)
    unit = get_object_or_404(units, pk=unit_id)
    heirs = [heir for heir in unit.successors.all() if heir.is_open()]
    heir = next((heir for heir in heirs if str(heir.pk) == request.GET.get("sang")), heirs[0] if len(heirs) == 1 else None)  # fmt: skip
    seen = preview(unit, heir) if heir else None
    form = ClosingForm(request.POST or None, initial={"on": today(), "expected": seen and seen.people})
    if request.method == "POST" and heir and form.is_valid():
        try:
            job = ask_to_close(unit, heir, request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.info(request, f"Đang chuyển: “{job.title}”. Kết quả hiện ở đây khi xong.")
            return redirect("welfare:job_list")
    context = {
        "title": f"Chuyển người của {unit}",
        "subtitle": f"Ngừng hoạt động từ hết ngày {unit.valid_to:%d/%m/%Y}",
        "unit": unit,
        "heirs": heirs,
        "heir": heir,
        "preview": seen,
        "collisions": seen.collisions[:SHOWN] if seen else [],
        "more": max(0, len(seen.collisions) - SHOWN) if seen else 0,
        "form": form,
    }
    return render_page(request, "beneficiaries/unit_closing.html", context, status=400 if form.errors else 200)
