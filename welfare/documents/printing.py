"""Documents made on request: a job renders one as its owner, keeps the file and says when it is ready.

``settings.DOCUMENTS`` names for each kind a function ``f(user, subject_id, **extra) -> OfficialDocument``. It raises
``Http404`` or ``PermissionDenied`` for what ``user`` may not read; it is asked when printing is requested and again
when it runs. Its further keyword arguments are what a request may add, as text.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.module_loading import import_string

from welfare.audit import AuditEvent, record
from welfare.documents.docx import render_docx
from welfare.documents.layout import OfficialDocument
from welfare.documents.models import store_file
from welfare.documents.rendering import RenderingError, render_pdf
from welfare.documents.tables import TableError, render_xlsx
from welfare.jobs.models import Job, JobFailed
from welfare.jobs.queue import submit
from welfare.units.models import User

DOUBLE_CLICK = timedelta(seconds=10)
KEEP_DAYS = 30
_OUT_OF_SIGHT = "Bạn không còn được xem nội dung này hoặc nội dung đã bị xóa nên không in được."


@dataclass(frozen=True)
class Format:
    name: str
    content_type: str
    render: Callable[[OfficialDocument, Callable], bytes]


FORMATS = {
    "pdf": Format("PDF", "application/pdf", lambda document, tick: render_pdf(document, tick=tick)),
    "docx": Format(
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda document, tick: render_docx(document),
    ),
    "xlsx": Format(
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda document, tick: render_xlsx(document),
    ),
}


def about(label: str):
    """Marks a document's function: its ``subject_id`` is a row of this model ("programs.Plan").

    Whoever may see that row and reaches the unit the file was made for may open the file. Files of a function without
    this mark are their owner's alone.
    """

    def mark(function):
        function.subject = label
        return function

    return mark


def make_document(user, kind: str, subject_id, **extra) -> OfficialDocument:
    """Raises ``Http404`` for an unknown kind and for whatever the document's function refuses so."""
    if kind not in settings.DOCUMENTS:
        raise Http404
    try:
        return import_string(settings.DOCUMENTS[kind])(user, subject_id, **extra)
    except (ObjectDoesNotExist, ValueError):
        raise Http404 from None


def extra_names(kind: str) -> list[str]:
    """The keyword arguments a request may add to a document of this kind. Raises ``Http404`` for an unknown kind."""
    if kind not in settings.DOCUMENTS:
        raise Http404
    names = list(inspect.signature(import_string(settings.DOCUMENTS[kind])).parameters)
    return names[2:]


def request_document(user, kind: str, subject_id, format: str, **extra) -> Job:
    """Submit the job that prints a document, after asking whether ``user`` may read it.

    The same request again within seconds, or while the first is unfinished, is the same job.
    """
    if format not in FORMATS:
        raise Http404
    document = make_document(user, kind, subject_id, **extra)
    params = {"kind": kind, "subject_id": str(subject_id), "format": format, **extra}
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        return _same_request(user, params) or submit(
            "print_document", title=f"In {document.title} ({FORMATS[format].name})", owner=user, unit=user.unit,
            params=params,
        )  # fmt: skip


def _same_request(user, params):
    own = Job.objects.filter(owner=user, kind="print_document", params=params)
    just_now = own.filter(state=Job.State.DONE, created_at__gt=timezone.now() - DOUBLE_CLICK)
    return (own.unfinished() | just_now).order_by("-created_at").first()


def print_document(job):
    """The job: as its owner is allowed now, not when it was asked for."""
    extra = dict(job.params)
    kind, subject_id, format = (extra.pop(name) for name in ("kind", "subject_id", "format"))
    job.progress(0, 3, "Đang lấy số liệu.")
    document = _made_for_job(job, kind, subject_id, extra)
    job.progress(1, 3, f"Đang dàn trang {FORMATS[format].name}.")
    content = rendered(document, format, tick=job.beat)
    job.progress(2, 3, "Đang lưu tệp.")
    with job.completing("Đã in xong."):
        job.result = _kept(job, document, content, kind, subject_id, format)


def rendered(document, format, tick=lambda: None) -> bytes:
    """Raises ``JobFailed`` with a sentence when the document is beyond what can be set."""
    try:
        return FORMATS[format].render(document, tick)
    except (RenderingError, TableError) as error:
        raise JobFailed(str(error)) from error


def _made_for_job(job, kind, subject_id, extra):
    try:
        return make_document(job.owner, kind, subject_id, **extra)
    except (Http404, PermissionDenied):
        raise JobFailed(_OUT_OF_SIGHT) from None


def _kept(job, document, content, kind, subject_id, format):
    subject = _subject(kind, subject_id)
    stored = store_file(
        content, name=f"{document.title[:120].rstrip(' .')}.{format}", content_type=FORMATS[format].content_type,
        owner=job.owner, unit=job.unit, subject=subject, keep_days=KEEP_DAYS,
    )  # fmt: skip
    detail = {"document": kind, "format": format}
    record(AuditEvent.Action.PRINT, actor=job.owner, subject=subject or stored, unit=job.unit, detail=detail)
    return stored


def _subject(kind, subject_id):
    label = getattr(import_string(settings.DOCUMENTS[kind]), "subject", None)
    return apps.get_model(label)._base_manager.get(pk=subject_id) if label else None
