"""An event prepared after an earlier one: its quota, invited organisations, agenda, committee and tasks, without any name or date of it."""

from django.db import transaction

from events.gatherings.models import Event
from events.programme.models import AgendaItem, CommitteeMember, EventTask
from events.quotas.models import InvitedBody, QuotaLine, QuotaShare
from welfare.audit import AuditEvent, record
from welfare.states import Refused, locked

_SKIPPED = {"id", "event", "state", "done_on", "result", "due_on", "parent"}


def copy_event(source: Event, into: Event, by) -> None:
    """Only into a draft that has none of it yet. Closed units get no share. Raises ``Refused``."""
    with transaction.atomic(), locked(into) as event:
        if event.state != Event.State.DRAFT:
            raise Refused("Chỉ chép vào sự kiện đang chuẩn bị.")
        if event.pk == source.pk:
            raise Refused("Không chép một sự kiện vào chính nó.")
        if event.lines.exists() or event.agenda.exists():
            raise Refused("Sự kiện này đã có phân bổ hoặc chương trình; chỉ chép vào sự kiện còn trống.")
        _copy_quota(source, event)
        for model in (AgendaItem, CommitteeMember, EventTask):
            model.objects.bulk_create(_copy(row, event=event) for row in model.objects.filter(event=source))
        record(AuditEvent.Action.CHANGE, actor=by, subject=event, unit=event.unit, detail={"copied_from": source.pk})


def _copy(row, **given):
    names = [field.attname for field in row._meta.concrete_fields if field.name not in {*_SKIPPED, *given}]
    return type(row)(**{name: getattr(row, name) for name in names}, **given)


def _copy_quota(source, event):
    made: dict[int | None, QuotaLine | None] = {None: None}
    waiting = list(QuotaLine.objects.filter(event=source))
    while waiting:
        ready = [line for line in waiting if line.parent_id in made]
        for line in ready:
            made[line.pk] = _copy(line, event=event, parent=made[line.parent_id])
            made[line.pk].save()
        waiting = [line for line in waiting if line.pk not in made]
    InvitedBody.objects.bulk_create(
        _copy(body, event=event, line=made[body.line_id]) for body in InvitedBody.objects.filter(event=source)
    )
    shares = QuotaShare.objects.filter(line__event=source, count__gt=0).select_related("unit")
    QuotaShare.objects.bulk_create(
        QuotaShare(line=made[share.line_id], unit=share.unit, count=share.count)
        for share in shares
        if share.unit.is_open()
    )
