"""How a row changes state: locked, checked, written and audited in one short transaction."""

from contextlib import contextmanager

from django.db import transaction

from welfare.audit import AuditEvent, record


class Refused(Exception):
    """An act that the rules forbid now. Its text is one Vietnamese sentence for the person who tried."""


@contextmanager
def locked(instance):
    """Yields the same row, locked and fresh, inside a transaction."""
    with transaction.atomic():
        yield type(instance)._base_manager.select_for_update(of=("self",)).get(pk=instance.pk)


@contextmanager
def moving(instance, to, *, by, came_from, action=AuditEvent.Action.CHANGE, on=None):
    """Move ``instance.state`` to ``to``: yields the locked row for the caller's checks and fields, then saves it.

    ``came_from``: the states it may leave. ``on``: the business date, audited beside the time it was recorded.
    Raises ``Refused`` when the row is in another state; the caller's own ``Refused`` rolls everything back.
    """
    with locked(instance) as row:
        if row.state not in came_from:
            raise Refused(
                f"{row._meta.verbose_name.capitalize()} “{row}” đang ở trạng thái “{row.get_state_display()}” nên không làm được việc này."
            )
        before, row.state = row.state, to
        yield row
        row.save()
        record(
            action,
            actor=by,
            subject=row,
            unit=getattr(row, "unit", None),
            detail={"from": before, "to": to, "on": str(on or "")},
        )
    instance.refresh_from_db()
