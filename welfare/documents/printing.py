"""Documents made on request: a job renders one as its owner, keeps the file and says when it is ready.

``settings.DOCUMENTS`` names for each kind a function ``f(user, subject_id, **extra) -> OfficialDocument | Bundle``. It raises
``Http404`` or ``PermissionDenied`` for what ``user`` may not read; it is asked when printing is requested and again
when it runs. Its further keyword arguments are what a request may add, as text.

A long PDF is printed in parts: the job cuts the document and waits as a row; each part is a job that any worker takes;
the last of them to finish queues the first job again, which merges. No job waits in a worker for another.
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
from welfare.documents.bundles import Bundle, bind
from welfare.documents.docx import render_docx
from welfare.documents.layout import OfficialDocument
from welfare.documents.models import PrintPart, StoredFile, store_file
from welfare.documents.parts import merge, parts_of
from welfare.documents.rendering import PART_VARIANT, RenderingError, html_to_pdf, need_font, render_pdf
from welfare.documents.styles.models import style_changed_at, styled
from welfare.documents.styles.template import fill_template
from welfare.documents.tables import TableError, render_xlsx
from welfare.jobs.models import Job, JobFailed
from welfare.jobs.queue import send, submit, submit_parts
from welfare.states import Refused
from welfare.units.models import User

DOUBLE_CLICK = timedelta(seconds=10)
KEEP_DAYS = 30
_OUT_OF_SIGHT = "Bạn không còn được xem nội dung này hoặc nội dung đã bị xóa nên không in được."


@dataclass(frozen=True)
class Format:
    name: str
    content_type: str
    render: Callable[[OfficialDocument | Bundle, Callable], bytes]


def _pdf(document, tick) -> bytes:
    """In one process, part by part where the document is long."""
    parts = _parts(document)
    if len(parts) == 1 and not isinstance(document, Bundle):
        return render_pdf(document, tick=tick)
    need_font()
    return _joined(
        document, [(part.numbering, html_to_pdf(part.html(), tick=tick, variant=PART_VARIANT)) for part in parts], tick
    )


def _parts(document):
    return document.parts() if isinstance(document, Bundle) else parts_of(document)


def _joined(document, pdfs, tick) -> bytes:
    return bind([pdf for _, pdf in pdfs]) if isinstance(document, Bundle) else merge(pdfs, tick=tick)


def _docx(document, tick) -> bytes:
    """In the unit's own template where it has one."""
    own = "" if isinstance(document, Bundle) else document.template
    stored = StoredFile.objects.filter(pk=own).first() if own else None
    if stored is None:
        return render_docx(document)
    with stored.file.open() as file:
        return fill_template(file.read(), document, tick=tick)


FORMATS = {
    "pdf": Format("PDF", "application/pdf", _pdf),
    "docx": Format(
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _docx,
    ),
    "xlsx": Format(
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda document, tick: render_xlsx(document),
    ),
}


def about(label: str):
    """Marks a document's function: its ``subject_id`` is a row of this model ("programs.Plan").

    Whoever may view that row may ask for the document; whoever also reaches the unit the file was made for may open the
    file. Files of a function without this mark are their owner's alone.
    """

    def mark(function):
        function.subject = label
        return function

    return mark


def issued_as(name: str):
    """Marks a document whose words may be edited and which is issued with a number (``papers``), and names it.

    It says its ``unit_id``; once issued it is read by everybody who reads the papers of that unit.
    """

    def mark(function):
        function.issued_as = name
        return function

    return mark


def make_document(user, kind: str, subject_id, **extra) -> OfficialDocument | Bundle:
    """Raises ``Http404`` for an unknown kind and for whatever the document's function refuses so, ``PermissionDenied``
    where ``user`` may view no rows of what it is about.
    """
    function = function_of(kind)
    try:
        if label := getattr(function, "subject", None):
            _need_view(user, apps.get_model(label), subject_id)
        return styled(function(user, subject_id, **extra), kind)
    except (ObjectDoesNotExist, ValueError, OverflowError):  # of a date in no calendar
        raise Http404 from None


def _need_view(user, model, pk):
    """That a row is in reach says nothing of what may be read of it: who keeps a door reaches the whole province."""
    permission = f"{model._meta.app_label}.view_{model._meta.model_name}"
    if not user.has_perm(permission):
        raise PermissionDenied
    if not model.objects.for_user(user, permission).filter(pk=pk).exists():
        raise Http404


def function_of(kind: str) -> Callable[..., OfficialDocument]:
    """Raises ``Http404`` for an unknown kind."""
    if kind not in settings.DOCUMENTS:
        raise Http404
    return import_string(settings.DOCUMENTS[kind])


def extra_names(kind: str) -> list[str]:
    """The keyword arguments a request may add to a document of this kind. Raises ``Http404`` for an unknown kind."""
    return list(inspect.signature(function_of(kind)).parameters)[2:]


def extra_of(kind: str, sent) -> dict[str, str]:
    """What a request adds to a document of this kind, out of the form it ``sent``."""
    found = {name: sent.get(name, "").replace("\0", "") for name in extra_names(kind)}
    return {name: value for name, value in found.items() if value}


def request_document(user, kind: str, subject_id, format: str, **extra) -> Job:
    """Submit the job that prints a document, after asking whether ``user`` may read it.

    The same request again within seconds, or while the first is unfinished, is the same job, unless the unit changed
    meanwhile how its documents look.
    """
    if format not in FORMATS:
        raise Http404
    document = make_document(user, kind, subject_id, **extra)
    if format not in _formats(document):
        raise Http404
    params = {"kind": kind, "subject_id": str(subject_id), "format": format, **extra}
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        return _same_request(user, params, document) or submit(
            "print_document", title=f"In {document.title} ({FORMATS[format].name})", owner=user, unit=user.unit,
            params=params,
        )  # fmt: skip


def _formats(document):
    return document.formats if isinstance(document, Bundle) else FORMATS


def _same_request(user, params, document):
    own = Job.objects.filter(owner=user, kind="print_document", params=params)
    just_now = own.filter(state=Job.State.DONE, created_at__gt=timezone.now() - DOUBLE_CLICK)
    same = own.unfinished() | just_now
    if changed_at := style_changed_at(document):
        same = same.filter(created_at__gt=changed_at)
    return same.order_by("-created_at").first()


def print_document(job):
    """The job: as its owner is allowed now, not when it was asked for."""
    extra = dict(job.params)
    kind, subject_id, format = (extra.pop(name) for name in ("kind", "subject_id", "format"))
    job.progress(0, 3, "Đang lấy số liệu.")
    document = _made_for_job(job, kind, subject_id, extra)
    merged = _merged_parts(job, document)
    if merged is None and format == "pdf" and _leave_to_parts(job, document):
        return
    job.progress(1, 3, f"Đang dàn trang {FORMATS[format].name}.")
    content = merged or rendered(document, format, tick=job.beat)
    job.progress(2, 3, "Đang lưu tệp.")
    with job.completing("Đã in xong."):
        job.result = _kept(job, document, content, kind, subject_id, format)
        job.print_parts.all().delete()


def _leave_to_parts(job, document) -> bool:
    """Cut a long document and have its parts printed; False when it is short. A second try begins anew."""
    parts = _parts(document)
    if len(parts) == 1:
        return False
    _fails_as_a_sentence(need_font)
    pages = [
        PrintPart(whole=job, position=n, numbering=part.numbering, html=part.html()) for n, part in enumerate(parts)
    ]
    with transaction.atomic():
        job.print_parts.all().delete()
        job.parts.all().delete()
        PrintPart.objects.bulk_create(pages, batch_size=5)
        job.wait_for_parts(len(parts), f"Văn bản dài, đang in {len(parts)} phần.")
        submit_parts(job, "print_part", [{"part": page.pk} for page in pages])
    return True


def print_part(job):
    """The job of one part; the last to finish has the whole merged."""
    part = PrintPart.objects.filter(pk=job.params["part"]).first()
    if part is None:  # the whole was cancelled or begun anew
        return
    content = _fails_as_a_sentence(html_to_pdf, part.html, tick=job.beat, variant=PART_VARIANT)
    with job.completing():
        PrintPart.objects.filter(pk=part.pk).update(pdf=content, html="")
        if job.note_finished_part():
            transaction.on_commit(lambda: send(job.parent_id))


def _merged_parts(job, document) -> bytes | None:
    """None unless the parts were all printed."""
    if not job.print_parts.exists() or job.print_parts.filter(pdf=None).exists():
        return None
    job.progress(1, 3, "Đang ghép các phần.")
    pdfs = [(part.numbering, bytes(part.pdf)) for part in job.print_parts.all()]
    return _fails_as_a_sentence(_joined, document, pdfs, job.beat)


def rendered(document, format, tick=lambda: None) -> bytes:
    """Raises ``JobFailed`` with a sentence when the document is beyond what can be set, or not made in this format."""
    if format not in _formats(document):
        raise JobFailed(f"“{document.title}” không in được dạng {FORMATS[format].name}; hãy in PDF.")
    return _fails_as_a_sentence(FORMATS[format].render, document, tick)


def _fails_as_a_sentence(act, *args, **options):
    try:
        return act(*args, **options)
    except (RenderingError, TableError, Refused) as error:
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
    label = getattr(function_of(kind), "subject", None)
    return apps.get_model(label)._base_manager.get(pk=subject_id) if label else None
