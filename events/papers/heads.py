"""What every paper of an event begins with."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from events.gatherings.models import Event
from welfare.documents.layout import OfficialDocument, date_text
from welfare.units.models import today


def event_for(user, subject_id, *, of_organiser=False) -> Event:
    """Raises ``Http404`` for an event out of sight, ``PermissionDenied`` to a unit for what is the organiser's alone."""
    events = Event.objects.for_user(user).select_related("unit", "plan__kind", "plan__unit")
    event = get_object_or_404(events, pk=subject_id)
    if of_organiser and not user.reach.covers(event.unit_id):
        raise PermissionDenied
    return event


def official(unit, *, on=None, symbol="", **parts) -> OfficialDocument:
    """``symbol`` is the kind's short form ("QĐ"); the letterhead's own follows it."""
    head = unit.letterhead(on or today())
    return OfficialDocument(
        superior=head.superior if head else "",
        issuer=head.issuer if head else unit.name,
        issuer_name=unit.name,
        unit_id=unit.pk,
        place=head.place if head else "",
        symbol=f"{symbol}-{head.abbreviation if head else 'LĐLĐ'}" if symbol else "",
        **parts,
    )


def when_of(held_on, starts_at) -> str:
    """ "08 giờ 00, thứ Tư, ngày 04 tháng 02 năm 2026"; a part that is not known yet stays open."""
    day = f"{_WEEKDAYS[held_on.weekday()]}, {date_text(held_on)}" if held_on else "ngày ………"
    return f"{starts_at:%H} giờ {starts_at:%M}, {day}" if starts_at else day


_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
