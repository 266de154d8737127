"""The seating of an event on paper: the picture of the hall with names, and the table of who sits where."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from events.seating.grid import spots_of
from events.seating.models import Hall
from events.seating.picture import pictures_of
from events.seating.places import seated_in
from welfare.documents.blocks import Column, PageBreak, Table
from welfare.documents.layout import OfficialDocument, PartialDate
from welfare.documents.printing import about
from welfare.units.models import today


@about("events.Hall")
def seating_document(user, subject_id, *, giay="A3") -> OfficialDocument:
    """``giay``: "A3" or "A4". Raises ``Http404`` for a hall out of sight, ``PermissionDenied`` without the right to see it."""
    if not user.has_perm("events.view_hall"):
        raise PermissionDenied
    hall = get_object_or_404(Hall.objects.for_user(user).select_related("event__unit"), pk=subject_id)
    event, rows = hall.event, hall.rows
    seated = {(seat.row, seat.column): seat.delegate for seat in _seats(hall)}
    head = event.unit.letterhead(event.on or today())
    blocks = [(block.letter, block.name) for block in hall.blocks.all()]
    names = [
        [seated[r, c].full_name if (r, c) in seated else "" for c in range(len(row))] for r, row in enumerate(rows)
    ]
    alt = f"Sơ đồ chỗ ngồi có {len(seated)} đại biểu; hình vẽ có trong bản PDF."
    body = []
    paper = giay if giay == "A4" else "A3"
    for picture in pictures_of(rows, names, blocks, alt, paper):
        body += [picture, PageBreak()]
    return OfficialDocument(
        superior=head.superior if head else "", issuer=head.issuer if head else event.unit.name,
        issuer_name=event.unit.name, place=head.place if head else "", date=event.on or PartialDate(today().year),
        kind="SƠ ĐỒ CHỖ NGỒI", summary=event.name, closing=False, landscape=True, paper=paper,
        blocks=[*body, _table(rows, seated, dict(blocks))],
    )  # fmt: skip


def _seats(hall):
    return seated_in(hall).select_related("delegate__line", "delegate__unit", "delegate__body__organization")


def _table(rows, seated, blocks) -> Table:
    found = [
        [spot.label, seated[spot.place].full_name, seated[spot.place].sender, seated[spot.place].line.name,
         blocks.get(spot.block, "")]
        for spot in sorted(spots_of(rows), key=_in_order) if spot.place in seated
    ]  # fmt: skip
    columns = [
        Column("Ghế", 1, "center"),
        Column("Họ và tên", 3),
        Column("Đơn vị", 3),
        Column("Thành phần", 4),
        Column("Khối", 2),
    ]
    return Table(columns, found, caption="Chỗ ngồi của đại biểu", numbered=True)


def _in_order(spot):
    letters = spot.label.rstrip("0123456789")
    return len(letters), letters, int(spot.label[len(letters) :])
