"""Writes to a draft, one part at a time, under the plan's lock; what somebody else changed is not overwritten."""

from contextlib import contextmanager

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from programs.plans.models import Plan, Section
from programs.plans.word.models import WordReading
from programs.plans.writing.order import Tree, move_row, put_row_after
from programs.plans.writing.parts import Kind
from welfare.audit import AuditEvent, record
from welfare.documents.models import StoredFile
from welfare.states import Refused, locked

FROZEN = "Kế hoạch không còn là dự thảo nên không sửa được nữa; phần bạn vừa gõ vẫn ở đây để chép lại."


def may_write(user, plan: Plan) -> bool:
    return plan.is_editable and plan.may_be_written_by(user)


@contextmanager
def writing(plan: Plan):
    """Yields the locked plan while it is a draft."""
    with locked(plan) as row:
        if not row.is_editable:
            raise Refused(FROZEN)
        yield row


def save_part(form, kind: Kind, plan: Plan, *, old_text: str = "") -> Section | None:
    """Saves a valid form; returns the section whose text was changed along with a sentence of it."""
    form.save()
    row = form.instance
    _looked_at(plan, f"{kind.slug}-{row.pk}")
    if not kind.stands_in_section or not row.section_id or not old_text or old_text == row.text:
        return None
    section = Section.objects.get(pk=row.section_id)
    if old_text not in section.body:
        return None
    section.body = section.body.replace(old_text, row.text, 1)
    section.save(update_fields=["body"])
    return section


def add_part(form, kind: Kind, plan: Plan, after) -> None:
    """Saves a new row after ``after``: a row of its kind, the section it stands in, or None for the beginning."""
    row = form.instance
    row.plan, row.order = plan, 0
    if kind.stands_in_section:
        row.section_id = after.pk if isinstance(after, Section) else getattr(after, "section_id", None)
    elif isinstance(after, Section) and isinstance(row, Section):
        row.parent_id = after.parent_id
    form.save()
    if isinstance(row, Section):
        Tree(plan).put_after(row, after)
    else:
        put_row_after(plan, row, after)


ACTS = {"len": -1, "xuong": 1}


def act_on(plan: Plan, row, act: str):
    """``len`` up, ``xuong`` down, ``vao`` in, ``ra`` out, ``da-xem`` looked at. Raises ``Refused``."""
    if act == "da-xem":
        return
    if not isinstance(row, Section):
        if act not in ACTS:
            raise Refused("Chỉ mục mới đưa vào trong hoặc ra ngoài được.")
        move_row(plan, row, ACTS[act])
        return
    if act in ACTS:
        Tree(plan).move(row, ACTS[act])
    elif act == "vao":
        Tree(plan).indent(row)
    else:
        Tree(plan).outdent(row)


def discard(plan: Plan, by):
    """A draft read from Word goes with all its parts, for instance when it was the wrong file."""
    with writing(plan) as draft:
        reading = WordReading.objects.filter(plan=draft).first()
        if reading is None:
            raise Refused("Chỉ bỏ được bản dự thảo đọc từ Word.")
        record(AuditEvent.Action.CHANGE, actor=by, subject=draft, unit=draft.unit, detail={"to": "discarded"})
        StoredFile.objects.filter(pk=reading.file_id).update(expires_at=timezone.now())
        try:
            draft.delete()
        except ProtectedError:
            raise Refused("Đã có văn bản khác dẫn đến kế hoạch này nên không bỏ được.") from None


def looked_at(plan: Plan, key: str):
    with transaction.atomic():
        _looked_at(plan, key)


def _looked_at(plan: Plan, key: str):
    """A part that was saved or looked at is no longer unsure."""
    reading = WordReading.objects.select_for_update().filter(plan=plan).first()
    if reading and reading.origins.get(key, {}).get("unsure"):
        reading.origins[key]["unsure"] = ""
        reading.save(update_fields=["origins"])
