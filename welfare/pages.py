"""Pages every room shares: the live row of a job, the list of one's jobs, and the one door to stored files."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path

from welfare.audit import AuditEvent, record
from welfare.documents.models import StoredFile
from welfare.documents.outer import pages as outer
from welfare.documents.papers import pages as papers
from welfare.documents.printing import extra_of, request_document
from welfare.documents.styles.pages import style_template
from welfare.jobs.models import Job
from welfare.jobs.queue import send
from welfare.site import page, render_page

app_name = "welfare"


@page()
def start(request):
    """For addresses that those type who know other sites of this kind."""
    return redirect("admin:index")


@page()
def job_list(request):
    jobs = list(Job.objects.for_user(request.user).filter(owner=request.user)[:50])
    ended = [job.pk for job in jobs if not (job.is_unfinished or job.seen)]
    Job.objects.filter(pk__in=ended).update(seen=True)
    return render_page(request, "jobs/list.html", {"title": "Việc đang chạy", "jobs": jobs})


@page()
def job_row(request, job_id):
    """The part of a page that htmx asks for again each second until the job ends."""
    job = _job(request, job_id)
    if not job.is_unfinished and not job.seen:
        Job.objects.filter(pk=job.pk).update(seen=True)
    return render_page(request, "jobs/row.html", {"job": job, "waiting_before": _waiting_before(job)})


@page(methods=("POST",))
def job_cancel(request, job_id):
    if not _job(request, job_id).cancel():
        messages.warning(request, "Việc này đã kết thúc nên không hủy được nữa.")
    return redirect(_back(request))


@page(methods=("POST",))
def job_retry(request, job_id):
    job = _job(request, job_id)
    if job.retry():
        send(job.pk)
    else:
        messages.warning(request, "Chỉ chạy lại được việc không thành công hoặc đã hủy.")
    return redirect(_back(request))


@page()
def file(request, file_id):
    stored = get_object_or_404(StoredFile, pk=file_id)
    if not stored.may_open(request.user) or not stored.file.storage.exists(stored.file.name):
        raise Http404
    record(AuditEvent.Action.DOWNLOAD, request=request, subject=stored, unit=stored.unit)
    return FileResponse(stored.file.open(), as_attachment=True, filename=stored.name, content_type=stored.content_type)


@page(methods=("POST",))
def print_document(request, kind, subject_id, format):
    """Ask for a document as a file; who may read it is known to the document's own function."""
    job = request_document(request.user, kind, subject_id, format, **extra_of(kind, request.POST))
    messages.info(request, f"Đang chuẩn bị “{job.title}”. Tệp hiện ở đây khi xong.")
    return redirect("welfare:job_list")


def _job(request, job_id):
    """One's own job: another's is a 404, also within the unit, as its result may be for its owner alone."""
    return get_object_or_404(Job.objects.for_user(request.user), pk=job_id, owner=request.user)


def _waiting_before(job) -> int:
    if job.state != Job.State.QUEUED:
        return 0
    return Job.objects.unfinished().filter(created_at__lt=job.created_at).count()


def _back(request):
    from urllib.parse import urlsplit

    referer = urlsplit(request.headers.get("Referer", ""))
    return (
        referer.path
        if referer.netloc == request.get_host() and referer.path.startswith("/") and referer.path[1:2] != "/"
        else "welfare:job_list"
    )


urlpatterns = [
    path("admin/", start, name="start"),
    path("admin/login/", start, name="start_signed_in"),
    path("viec/", job_list, name="job_list"),
    path("viec/<uuid:job_id>/", job_row, name="job_row"),
    path("viec/<uuid:job_id>/huy/", job_cancel, name="job_cancel"),
    path("viec/<uuid:job_id>/chay-lai/", job_retry, name="job_retry"),
    path("tep/<uuid:file_id>/", file, name="file"),
    path("van-ban/soan/<slug:kind>/<str:subject_id>/", papers.paper_start, name="paper_start"),
    path("van-ban/<int:draft_id>/", papers.paper_write, name="paper_write"),
    path("van-ban/<int:draft_id>/xem/", papers.paper_read, name="paper_read"),
    path("van-ban/mau-word/", style_template, name="style_template"),
    path("bieu-mau/moi/", outer.form_new, name="form_new"),
    path("bieu-mau/<int:form_id>/", outer.form_page, name="form_page"),
    path("bieu-mau/<int:form_id>/dien/", outer.form_fill, name="form_fill"),
    path("bieu-mau/<int:form_id>/gui-tep/", outer.form_send, name="form_send"),
    path("bieu-mau/<int:form_id>/doc-lai/", outer.form_read_again, name="form_read_again"),
    path("bieu-mau/<int:form_id>/ngung/", outer.form_set_aside, name="form_set_aside"),
    path("in/<slug:kind>/<str:subject_id>/<slug:format>/", print_document, name="print_document"),
]
