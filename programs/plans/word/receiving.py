"""A text on its way to a draft: received from an officer, read by a job."""

import hashlib

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from programs.plans.word import limits
from programs.plans.word.drafting import write_draft
from programs.plans.word.limits import WordRefused
from programs.plans.word.models import WordReading
from programs.plans.word.reading import read_pasted, read_word
from programs.plans.word.understanding import understand
from welfare.audit import AuditEvent, record
from welfare.documents.models import DocumentKind, store_file
from welfare.jobs.queue import submit
from welfare.states import Refused, locked

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def receive(user, unit, *, upload=None, pasted: str = "") -> tuple[WordReading, bool]:
    """(the reading, whether it is new): the same text of the same unit is read once. Raises ``Refused``."""
    _refuse_what_cannot_be_taken(user, unit, upload)
    digest = _digest(upload, pasted)
    with transaction.atomic():
        reading, is_new = WordReading.objects.get_or_create(
            unit=unit, sha256=digest, defaults={"owner": user, "pasted": pasted}
        )
        if is_new:
            _keep(reading, user, upload)
        elif reading.plan_id is None and (reading.broke_off or reading.state == WordReading.State.REFUSED):
            _start(reading, user)
    return reading, is_new


def _refuse_what_cannot_be_taken(user, unit, upload):
    if not (user.has_perm("programs.add_plan") and user.reach.may_write(unit.pk)):
        raise Refused("Bạn không có quyền soạn kế hoạch cho đơn vị này.")
    if upload is not None and upload.size > settings.UPLOAD_MAX_BYTES:
        raise Refused(limits.TOO_BIG)


def _digest(upload, pasted: str) -> str:
    digest = hashlib.sha256(pasted.encode("utf-8", "replace"))
    for chunk in upload.chunks() if upload is not None else ():
        digest.update(chunk)
    return digest.hexdigest()


def _keep(reading, user, upload):
    if upload is not None:
        reading.file = store_file(
            upload, name=upload.name, content_type=_TYPE, owner=user, unit=reading.unit, subject=reading
        )
        record(
            AuditEvent.Action.UPLOAD, actor=user, subject=reading, unit=reading.unit, detail={"sha256": reading.sha256}
        )
    _start(reading, user)


def _start(reading, user):
    reading.state, reading.message = WordReading.State.READING, ""
    reading.job = submit(
        "read_plan", title=f"Đọc {reading}", owner=user, unit=reading.unit, params={"reading": reading.pk}
    )
    reading.save()


def read_plan(job) -> None:
    """Reads the text and writes the draft with the end of the job; running it again changes nothing."""
    reading = WordReading.objects.select_related("unit", "owner", "file", "plan").get(pk=job.params["reading"])
    if reading.plan_id is not None:
        return
    job.progress(0, 2, "Đang đọc văn bản.")
    try:
        lines = _lines(reading, job)
    except WordRefused as refusal:
        _refuse(reading, job, str(refusal))
        return
    job.progress(1, 2, "Đang tách căn cứ, mục, chỉ tiêu, nhiệm vụ.")
    found = understand(lines, DocumentKind.objects.values_list("name", flat=True))
    with job.completing("Đã đọc thành bản dự thảo."), locked(reading) as row:
        if row.plan_id is None:
            name = reading.file.name.rpartition(".")[0] if reading.file_id else ""
            row.plan, row.origins = write_draft(found, unit=reading.unit, by=reading.owner, name=name)
            row.lines = [line.shown for line in lines]
            row.state, row.message = row.State.READ, ""
            row.save()
        job.result_url = reverse("programs:plan_write", args=[row.plan_id])


def _lines(reading, job):
    if not reading.file_id:
        return read_pasted(reading.pasted)
    with reading.file.file.open() as source:
        return read_word(source, filename=reading.file.name, tick=job.beat)


def _refuse(reading, job, sentence: str):
    with transaction.atomic():
        WordReading.objects.filter(pk=reading.pk).update(state=WordReading.State.REFUSED, message=sentence[:300])
        record(AuditEvent.Action.REFUSE, actor=reading.owner, subject=reading, unit=reading.unit)
        job.fail(sentence)
