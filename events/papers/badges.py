"""Thẻ đại biểu: four A6 badges on an A4 sheet, each with the QR code the door reads and the same in letters."""

from dataclasses import dataclass

import segno

from events.delegates.states import State
from events.door.tokens import badge_codes
from events.papers.heads import event_for
from events.papers.lists import delegates_of
from events.seating.places import seat_labels
from welfare.documents.bundles import Bundle, Paper
from welfare.documents.printing import about

_BADGED = (State.ACCEPTED, State.INVITED, State.CONFIRMED)
_ON_A_SHEET = 4


@dataclass(frozen=True)
class Badge:
    event: str
    day: str
    full_name: str
    post: str
    sender: str
    category: str
    seat: str
    code: str
    qr: str


@dataclass(frozen=True)
class Sheet:
    badges: list[Badge]


@about("events.Event")
def badges_document(user, subject_id, *, unit="") -> Bundle:
    """In the order of units, for those who still may come."""
    event = event_for(user, subject_id, of_organiser=True)
    delegates = delegates_of(user, event, _BADGED, unit)
    codes, seats = badge_codes(delegates), seat_labels(event.pk)
    badges = [_badge(event, each, codes[each.pk], seats.get(each.pk, "")) for each in delegates]
    sheets = [badges[n : n + _ON_A_SHEET] for n in range(0, len(badges), _ON_A_SHEET)]
    papers = [Paper(f"{some[0].full_name} – {some[-1].full_name}", Sheet(some)) for some in sheets]
    return Bundle(
        f"Thẻ đại biểu {event.name}",
        papers,
        template="events/badges.html",
        css="events/badges.css",
        formats=("pdf",),
        part_size=35,
    )


def _badge(event, delegate, code, seat) -> Badge:
    return Badge(
        event=event.name, day=f"{event.on:%d/%m/%Y}" if event.on else "", full_name=delegate.full_name,
        post=", ".join(part for part in (delegate.title, delegate.workplace) if part), sender=delegate.sender,
        category=delegate.line.name, seat=seat, code=code,
        qr=segno.make(code, error="m", micro=False).svg_data_uri(border=1, omitsize=True),
    )  # fmt: skip
