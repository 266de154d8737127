"""A form on its way in: stored by the request, read by a job, put in the place of the edition before it."""

import hashlib
import tempfile

from django.db import IntegrityError, transaction
from django.urls import reverse

from welfare.audit import AuditEvent, record
from welfare.documents.models import store_file
from welfare.documents.outer.asking import ask
from welfare.documents.outer.editions import carried
from welfare.documents.outer.models import OuterForm
from welfare.jobs.models import JobFailed
from welfare.jobs.queue import submit
from welfare.states import Refused, locked
from welfare.uploads import content_type
from welfare.vietnamese import format_number

_AT_ONCE = 5
_JUST_SENT = "Biểu mẫu mang tên này vừa được người khác gửi; hãy xem trong danh sách biểu mẫu rồi gửi lại nếu cần."
_SENT_BEFORE = "Bản gửi sau bản này đã được đọc và đang dùng, nên bản này được đọc để xem chứ không thay bản đó."


def receive_form(user, unit, *, name: str, source: str, upload) -> tuple[OuterForm, bool]:
    """(the form, whether its file is new): the same file of a unit is one form.

    Under the name of a form that could not be read the file takes that form's place; under the name of one that was, it
    is its next edition. Raises ``Refused``.
    """
    digest = hashlib.sha256(b"".join(upload.chunks())).hexdigest()
    try:
        with transaction.atomic():
            return _received(user, unit, name, source, upload, digest)
    except IntegrityError:
        raise Refused(_JUST_SENT) from None


def _received(user, unit, name, source, upload, digest):
    of_unit = OuterForm.objects.filter(unit=unit).select_related("job")
    if same := of_unit.filter(sha256=digest).first():
        with locked(same) as row:
            if row.needs_another_file:
                _start(row, user)
        return row, False
    _refuse_too_many(user)
    named = list(of_unit.filter(name=name).order_by("-is_used", "-pk"))
    form = next((each for each in named if each.needs_another_file), None)
    if form is None:
        before = next((each for each in named if each.state == OuterForm.State.READ), None)
        is_used = not any(each.is_used for each in named)
        form = OuterForm(unit=unit, name=name, source=source, is_used=is_used, replaces=before, created_by=user)
        _keep(form, user, upload, digest)
        return form, True
    with locked(form) as row:
        if not row.needs_another_file:
            raise Refused(_JUST_SENT)
        _keep(row, user, upload, digest)
    return row, True


def read_again(form: OuterForm, by):
    """Have a form read whose reading broke off."""
    with locked(form) as row:
        if not row.needs_another_file:
            raise Refused("Biểu mẫu đang được đọc hoặc đã đọc xong; hãy tải lại trang.")
        _start(row, by)


def _refuse_too_many(user):
    waiting = [
        form for form in OuterForm.objects.filter(created_by=user, state=OuterForm.State.READING) if form.is_waiting
    ]
    if len(waiting) >= _AT_ONCE:
        raise Refused(f"Bạn có {_AT_ONCE} biểu mẫu đang chờ đọc; hãy đợi đọc xong rồi gửi tiếp.")


def _keep(form, user, upload, digest):
    upload.seek(0)
    form.file = store_file(upload, name=upload.name, content_type=content_type(upload.name), owner=user, unit=form.unit)
    form.sha256 = digest
    form.save()
    form.file.subject = form
    form.file.save(update_fields=["subject_kind", "subject_id"])
    record(AuditEvent.Action.UPLOAD, actor=user, subject=form, unit=form.unit, detail={"sha256": digest})
    _start(form, user)


def _start(form, user):
    form.state, form.message = OuterForm.State.READING, ""
    form.job = submit("read_form", title=f"Đọc {form}", owner=user, unit=form.unit, params={"form": form.pk})
    form.save()


def read_form(job):
    """The job: the form's cells, with the end of the job; run again it changes nothing."""
    form = OuterForm.objects.select_related("file", "unit").get(pk=job.params["form"])
    if form.job_id != job.pk:
        raise JobFailed("Biểu mẫu đã nhận tệp khác nên tệp này không được đọc nữa.")
    if form.state == OuterForm.State.READ:
        return
    job.progress(0, 2, "Đang mở tệp và đọc các ô.")
    try:
        sheets = _sheets(form.file, job)
    except Refused as refusal:
        _refuse(form, job, str(refusal))
        return
    job.progress(1, 2, "Đang ghi các ô của biểu mẫu.")
    with job.completing("Đã đọc biểu mẫu.", result_url=reverse("welfare:form_page", args=[form.pk])):
        _take(form, job, sheets)


def _sheets(stored, job) -> list[dict]:
    with tempfile.NamedTemporaryFile() as copy, stored.file.open() as source:
        for chunk in source.chunks():
            copy.write(chunk)
        copy.flush()
        answer = ask("read", copy.name, tick=job.beat)
    if not stored.name.lower().endswith(f".{answer['kind']}"):
        raise Refused(f"Tên tệp không đúng loại: bên trong là tệp .{answer['kind']}; hãy đổi lại đuôi tệp rồi gửi.")
    return answer["sheets"]


def _refuse(form, job, sentence):
    with transaction.atomic():
        with locked(form) as row:
            row.state, row.message = row.State.REFUSED, sentence[:300]
            row.save()
            record(AuditEvent.Action.REFUSE, actor=job.owner, subject=row, unit=row.unit)
        job.fail(sentence)


def _take(form, job, sheets):
    """All editions of the form are locked, in one order; of two being read the one sent later is used, whichever is read
    first."""
    editions = OuterForm.objects.filter(unit=form.unit_id, name=form.name).select_related("file").order_by("pk")
    by_id = {each.pk: each for each in editions.select_for_update(of=("self",))}
    row = by_id[form.pk]
    if row.job_id != job.pk or row.state == row.State.READ:
        return
    used = next((each for each in by_id.values() if each.is_used and each.pk != row.pk), None)
    row.sheets, row.state, row.message, row.is_used = sheets, row.State.READ, "", True
    is_read = used is not None and used.state == row.State.READ
    if is_read and used.file.created_at > row.file.created_at:
        row.is_used, row.message = False, _SENT_BEFORE
        row.save()
        return
    if before := used if is_read else by_id.get(row.replaces_id):
        row.replaces = before
        row.mapping, lost = carried(before.mapping, before.sheets, sheets)
        row.message = _told(len(row.mapping), lost)
    if used:
        used.is_used = False
        used.save(update_fields=["is_used"])
        record(AuditEvent.Action.CHANGE, actor=job.owner, subject=used, unit=used.unit, detail={"used": False})
    row.save()


def _told(kept: int, lost: int) -> str:
    told = f"Bản mới giữ chỉ số của {format_number(kept)} ô đã gắn ở bản trước."
    return (
        f"{told} {format_number(lost)} ô đã đổi chỗ hoặc đổi lời, không nhận ra; hãy gắn lại rồi lưu." if lost else told
    )
