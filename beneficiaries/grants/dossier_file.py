"""The whole dossier of a round as one ZIP, made by a job from one reading of the figures; for its owner alone."""

import io
import zipfile

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from beneficiaries.grants import dossier
from welfare.audit import AuditEvent, record
from welfare.documents.models import store_file
from welfare.documents.printing import rendered
from welfare.jobs.models import Job, JobFailed
from welfare.jobs.queue import submit
from welfare.units.models import User
from welfare.vietnamese import fold

KEEP_DAYS = 30
# kind in settings.DOCUMENTS, name of the file, its document, its formats
PARTS = [
    ("round_submission", "1-to-trinh", dossier.submission_of, ("pdf", "docx")),
    ("round_decision", "2-quyet-dinh", dossier.decision_of, ("pdf", "docx")),
    ("round_list", "3-danh-sach", dossier.list_of, ("pdf", "xlsx")),
    ("round_signing", "4-ky-nhan", dossier.signing_of, ("pdf", "xlsx")),
    ("round_summary", "5-tong-hop", dossier.summary_of, ("pdf", "xlsx")),
]
BANK = ("round_bank", "6-chuyen-khoan", dossier.bank_of, ("xlsx",))


def request_dossier(user, round, decision: str):
    """Submits the job, after asking whether ``user`` may print the round; asked again while unfinished, it is the same."""
    dossier.figures_of(user, round.pk, decision)
    params = {"round": round.pk, "decision": decision}
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        same = Job.objects.filter(owner=user, kind="round_dossier", params=params).unfinished().first()
        return same or submit("round_dossier", title=f"Hồ sơ {round}"[:200], owner=user, unit=user.unit, params=params)


def make_dossier(job):
    """As its owner may print now. The bank list is there only for who may see account numbers."""
    try:
        figures = dossier.figures_of(job.owner, job.params["round"], job.params["decision"])
    except (Http404, PermissionDenied, dossier.GrantRound.DoesNotExist):
        raise JobFailed("Đợt này không còn gì để in hoặc bạn không còn được in; hãy mở lại trang của đợt.") from None
    parts = [*PARTS, BANK] if job.owner.has_perm("beneficiaries.view_identity") else PARTS
    content = _zipped(job, figures, parts)
    with job.completing("Đã lập xong hồ sơ."):
        name = f"ho-so-{fold(figures.round.code).replace(' ', '-')}.zip"
        job.result = store_file(
            content, name=name, content_type="application/zip", owner=job.owner, unit=job.unit, keep_days=KEEP_DAYS
        )
        detail = {"document": "round_dossier", "rows": len(figures.grants)}
        record(AuditEvent.Action.PRINT, actor=job.owner, subject=figures.round, unit=job.unit, detail=detail)


def _zipped(job, figures, parts) -> bytes:
    target, whole = io.BytesIO(), sum(len(formats) for *_, formats in parts)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as folder:
        made = 0
        for _, name, write, formats in parts:
            document = write(figures)
            for format in formats:
                job.progress(made, whole, f"Đang in {document.title[:200]}.")
                folder.writestr(f"{name}.{format}", rendered(document, format, tick=job.beat))
                made += 1
    return target.getvalue()
