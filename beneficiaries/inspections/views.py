from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from beneficiaries.inspections.forms import DrawForm, EvidenceForm, ReplyForm
from beneficiaries.inspections.models import Finding, Inspection
from beneficiaries.inspections.sampling import paid_rows
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.uploads import was_too_big

_TOO_BIG = "Các tệp gửi cùng lúc lớn hơn 10 MB; hãy chọn ít tệp hơn rồi gửi lại."
_BOTH = ("GET", "HEAD", "POST")


@page(permission="beneficiaries.conduct_inspection", methods=_BOTH)
def inspection_draw(request, inspection_id):
    """The sample, drawn once: how many rows there are by unit, and how many to take."""
    inspection = get_object_or_404(Inspection.objects.for_user(request.user), pk=inspection_id)
    if not inspection.may_conduct(request.user):
        raise PermissionDenied
    form, back = DrawForm(request.POST or None), _page("inspection", inspection)
    if request.method == "POST" and _done(request, form, lambda given: inspection.draw(request.user, **given)):
        messages.success(request, f"Đã chọn {inspection.sample.count()} khoản để gọi điện.")
        return redirect("beneficiaries:call_list", inspection.pk)
    paid = [] if inspection.sample_drawn_on else paid_rows(inspection)
    context = {
        "title": "Chọn mẫu ngẫu nhiên",
        "subtitle": str(inspection),
        "inspection": inspection,
        "form": form,
        "paid": len(paid),
        "money": sum(row.fields["amount"] for row in paid),
        "unit_count": len({row.unit_id for row in paid}),
        "back": back,
    }
    return _render(request, "beneficiaries/inspection_draw.html", context)


@page(permission="beneficiaries.answer_finding", methods=_BOTH)
def finding_answer(request, finding_id):
    finding = get_object_or_404(Finding.objects.for_user(request.user), pk=finding_id)
    if not request.user.reach_for("beneficiaries.answer_finding").may_write(finding.unit_id):
        raise PermissionDenied
    form = ReplyForm(request.POST or None, request.FILES or None, initial={"answer": finding.answer})
    return _with_files(request, finding, form, "Giải trình kết quả kiểm tra", "Gửi giải trình",
                       lambda given: finding.answer_with(request.user, **given), "Đã gửi giải trình.")  # fmt: skip


@page(permission="beneficiaries.conduct_inspection", methods=_BOTH)
def finding_evidence(request, finding_id):
    findings = Finding.objects.for_user(request.user, "beneficiaries.conduct_inspection")
    finding = get_object_or_404(findings, pk=finding_id)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    return _with_files(request, finding, form, "Thêm bằng chứng", "Lưu bằng chứng",
                       lambda given: finding.add_evidence(request.user, given["files"]), "Đã thêm bằng chứng.")  # fmt: skip


def _with_files(request, finding, form, title, button, act, done):
    back = _page("finding", finding)
    if request.method == "POST":
        if was_too_big(request):
            form.add_error("files", _TOO_BIG)
        if _done(request, form, act):
            messages.success(request, done)
            return redirect(back)
    context = {
        "title": title,
        "subtitle": str(finding),
        "finding": finding,
        "form": form,
        "button": button,
        "back": back,
    }
    return _render(request, "beneficiaries/finding_form.html", context)


def _done(request, form, act) -> bool:
    """Whether ``act`` took the form; otherwise what is wrong stands on it."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _page(model, row) -> str:
    return reverse(f"admin:beneficiaries_{model}_change", args=[row.pk])


def _render(request, template, context):
    status = (413 if was_too_big(request) else 400) if request.method == "POST" else 200
    return render_page(request, template, context, status=status)
