from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache

from beneficiaries.feedback.codes import code_of_form, new_form_token
from beneficiaries.feedback.forms import STALE, TOO_BIG, WrittenDownForm, refresh_token
from beneficiaries.feedback.models import Feedback
from beneficiaries.feedback.receiving import unit_names, write_down
from welfare.audit import AuditEvent, record
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.uploads import was_too_big


@page(permission="beneficiaries.add_feedback", methods=("GET", "HEAD", "POST"))
def feedback_write(request):
    """What an officer was told by telephone, by letter or face to face."""
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = WrittenDownForm(*sent, initial={"token": new_form_token()})
    status = 200
    if request.method == "POST":
        if code := _written(request, form):
            context = {"title": "Đã ghi nhận phản ánh", "code": code}
            return render_page(request, "beneficiaries/feedback_code.html", context)
        refresh_token(form)
        status = 413 if was_too_big(request) else 400
    context = {"title": "Ghi phản ánh nhận được", "form": form, "units": unit_names()}
    return render_page(request, "beneficiaries/feedback_write.html", context, status=status)


def _written(request, form) -> str | None:
    if was_too_big(request):
        form.add_error("files", TOO_BIG)
    code = code_of_form(request.POST.get("token", ""))
    if code is None:
        form.add_error(None, STALE)
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        return write_down(request.user, code=code, **form.said, channel=given["channel"], on=given["received_on"])
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


@never_cache
@page(permission="beneficiaries.reveal_sender", methods=("POST",))
def feedback_sender(request, feedback_id):
    """Who sent it, shown once and audited."""
    rows = Feedback.objects.for_user(request.user, "beneficiaries.reveal_sender")
    row = get_object_or_404(rows, pk=feedback_id)
    if not row.has_sender:
        messages.info(request, "Người gửi không ghi tên và cách liên hệ.")
        return redirect("admin:beneficiaries_feedback_change", row.pk)
    record(AuditEvent.Action.REVEAL, request=request, subject=row, unit=row.unit)
    context = {"title": "Người gửi phản ánh", "subtitle": str(row), "feedback": row}
    return render_page(request, "beneficiaries/feedback_sender.html", context)
