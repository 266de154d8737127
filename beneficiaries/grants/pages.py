"""Pages of a round beside its lists: the dossier as one file, and its papers."""

from django.contrib import messages
from django.shortcuts import redirect

from beneficiaries.grants.dossier_file import request_dossier
from beneficiaries.grants.views import round_of
from welfare.site import page


@page(permission="beneficiaries.view_grant", methods=("POST",))
def round_dossier(request, round_id):
    job = request_dossier(request.user, round_of(request, round_id), request.POST.get("decision", ""))
    messages.info(request, f"Đang lập “{job.title}”. Tệp hiện ở đây khi xong.")
    return redirect("welfare:job_list")
