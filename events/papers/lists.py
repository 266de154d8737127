"""Lists of an event's delegates: to be signed at the door by unit, and all of them."""

from itertools import groupby

from django.http import Http404

from events.delegates.models import Delegate
from events.delegates.states import FIRM, State
from events.papers.heads import event_for, official, when_of
from events.seating.places import seat_labels
from welfare.asked import whole_number
from welfare.documents.blocks import Column, GroupRow, Paragraph, Table
from welfare.documents.bundles import Bundle, Paper
from welfare.documents.layout import OfficialDocument, PartialDate, Signature
from welfare.documents.printing import about
from welfare.units.models import today
from welfare.vietnamese import format_number

_SIGNED = (State.ACCEPTED, State.INVITED, State.CONFIRMED, State.ATTENDED)


def delegates_of(user, event, states, unit="") -> list[Delegate]:
    """Those ``user`` may see, by unit and name; of one unit (its key) where asked. Raises ``Http404`` for none."""
    if unit and whole_number(unit) is None:
        raise Http404
    rows = Delegate.objects.for_user(user).filter(event=event, state__in=states)
    rows = rows.filter(unit=whole_number(unit)) if unit else rows
    found = list(
        rows.select_related("unit", "line", "body__organization").order_by("unit__path", "body", "sort_name", "pk")
    )
    if not found:
        raise Http404
    return found


def by_sender(delegates):
    """(sender, its delegates): a unit, or an organisation that was invited."""
    return [(name, list(rows)) for name, rows in groupby(delegates, key=lambda delegate: delegate.sender)]


@about("events.Event")
def attendance_document(user, subject_id, *, unit="") -> Bundle:
    """A list a unit with a column to sign in; accepted delegates and whoever came."""
    event = event_for(user, subject_id)
    senders, seats = by_sender(delegates_of(user, event, _SIGNED, unit)), seat_labels(event.pk)
    papers = [Paper(name, _attendance(event, name, rows, seats)) for name, rows in senders]
    return Bundle(f"Danh sách ký nhận có mặt {event.name}", papers, kind="DANH SÁCH", part_size=20)


def _attendance(event, name, delegates, seats) -> OfficialDocument:
    columns = [
        Column("Họ và tên", 3), Column("Chức vụ, nơi làm việc", 3.2), Column("Thành phần", 3), Column("Chỗ ngồi", 1.3),
        Column("Ký tên", 1.8),
    ]  # fmt: skip
    rows = [[d.full_name, _post(d), d.line.name, seats.get(d.pk, ""), ""] for d in delegates]
    return official(
        event.unit, date=event.on, kind="DANH SÁCH", summary=f"Đại biểu dự {event.name}\n{name}", closing=False,
        blocks=[
            Paragraph(f"({when_of(event.on, event.starts_at)}, tại {event.venue or '………'})", italic=True, align="center"),
            Table(columns, rows, numbered=True),
            Paragraph(f"Danh sách có {len(rows):02} đại biểu; có mặt: …… đại biểu.", italic=True),
        ],
        signatures=[Signature(["TRƯỞNG ĐOÀN"], hint="(Ký, họ tên)"), Signature(["NGƯỜI ĐIỂM DANH"], hint="(Ký, họ tên)")],
    )  # fmt: skip


@about("events.Event")
def delegates_document(user, subject_id, *, unit="") -> OfficialDocument:
    """Everybody accepted, by unit, with category and state."""
    event = event_for(user, subject_id)
    delegates, seats = delegates_of(user, event, FIRM, unit), seat_labels(event.pk)
    columns = [
        Column("Họ và tên", 3), Column("Sinh", 2, "center"), Column("Chức vụ, nơi làm việc", 3.2),
        Column("Thành phần", 3.4), Column("Người đi cùng", 2), Column("Chỗ ngồi", 1.3), Column("Trạng thái", 1.5),
    ]  # fmt: skip
    rows = []
    for name, some in by_sender(delegates):
        rows.append(GroupRow(f"{name}: {format_number(len(some))} đại biểu"))
        rows += [
            [d.full_name, d.born, _post(d), d.line.name, d.companion, seats.get(d.pk, ""), d.get_state_display()]
            for d in some
        ]
    return official(
        event.unit, date=PartialDate(today().year, today().month), kind="DANH SÁCH", summary=f"Đại biểu dự {event.name}", landscape=True, closing=False,
        blocks=[
            Paragraph(f"Tổng số {format_number(len(delegates))} đại biểu của {len(by_sender(delegates)):02} đơn vị, tổ chức."),
            Table(columns, rows, numbered=True),
        ],
        signatures=[Signature(["NGƯỜI LẬP"]), Signature(["TM. BAN TỔ CHỨC", "TRƯỞNG BAN"])],
    )  # fmt: skip


def _post(delegate) -> str:
    return ", ".join(part for part in (delegate.title, delegate.workplace) if part)
