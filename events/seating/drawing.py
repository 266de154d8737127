"""The hall of an event: drawn, saved in one piece, copied from an earlier event."""

import json

from django.db import transaction
from django.db.models import F

from events.delegates.states import FIRM
from events.gatherings.models import Event
from events.quotas.models import QuotaLine
from events.seating.grid import LETTERS, blank_hall, is_seat, need_drawing, spots_of
from events.seating.models import Hall, Seat, SeatBlock
from welfare.audit import AuditEvent, record
from welfare.rules import need
from welfare.states import Refused, locked
from welfare.vietnamese import clean, fold, format_number

_LEADING = ("lanh dao", "ban thuong vu", "chu tich", "tai tro", "khach")
_UNREADABLE = "Sơ đồ hội trường không đọc được; hãy mở lại trang."


def need_to_seat(event: Event, by, doing: str):
    need(by, "events.change_hall", doing)
    if not by.reach_for("events.change_hall").may_write(event.unit_id):
        raise Refused(f"Bạn chỉ được {doing} ở sự kiện của đơn vị mình.")
    if event.state == Event.State.HELD:
        raise Refused("Sự kiện đã tổ chức nên không sửa chỗ ngồi nữa.")


def must_sit(event: Event):
    """The delegates for whom there has to be a seat."""
    return event.delegates.filter(state__in=FIRM)


def first_hall(event: Event) -> Hall:
    """A hall large enough for whoever is expected, to begin drawing with; not stored."""
    seats = max(event.expected, must_sit(event).count())
    return Hall(event=event, drawing="\n".join(blank_hall(seats)))


def seems_to_lead(line: QuotaLine) -> bool:
    """Guessed by its name, until somebody says which categories sit in front."""
    return any(word in fold(line.name) for word in _LEADING)


def lines_of(event: Event):
    return event.lines.filter(is_overlay=False)


def read_drawing(body: bytes) -> dict:
    """``{version, rows, blocks: [{letter, name, lines}], leading}`` as the page posts it. Raises ``Refused``."""
    try:
        posted = json.loads(body)
        blocks = [
            {"letter": str(b["letter"]), "name": clean(str(b["name"]))[:80], "lines": [int(pk) for pk in b["lines"]]}
            for b in posted["blocks"]
        ]
        leading = [int(pk) for pk in posted["leading"]]
        return {
            "version": int(posted["version"]),
            "rows": need_drawing(posted["rows"]),
            "blocks": blocks,
            "leading": leading,
        }
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise Refused(_UNREADABLE) from error


def save_drawing(event: Event, by, *, version: int, rows: list[str], blocks: list[dict], leading: list[int]) -> str:
    """All of it or nothing; whoever sat where no seat is left has no seat any more. Returns what is to be told.

    Raises ``Refused`` for a page older than what is stored and for a hall with fewer seats than delegates accepted or expected.
    """
    need_to_seat(event, by, "vẽ hội trường")
    lines = {line.pk: line for line in lines_of(event)}
    _refuse_blocks(rows, blocks, lines)
    with transaction.atomic():
        hall, _ = Hall.objects.get_or_create(event=event, defaults={"drawing": "\n".join(rows)})
        if not Hall.objects.filter(pk=hall.pk, version=version).update(version=F("version") + 1):
            raise Refused("Người khác vừa lưu sơ đồ này; hãy mở lại trang để thấy bản mới.")
        with locked(hall) as hall:
            places = {spot.place for spot in spots_of(rows)}
            _refuse_small(event, len(places))
            hall.drawing = "\n".join(rows)
            hall.save()
            hall.leading.set([lines[pk] for pk in leading if pk in lines])
            _write_blocks(hall, rows, blocks, lines)
            lost = [seat.pk for seat in hall.seats.all() if (seat.row, seat.column) not in places]
            Seat.objects.filter(pk__in=lost).delete()
            record(AuditEvent.Action.CHANGE, actor=by, subject=hall, unit=event.unit, detail={"seats": len(places)})
    return f"Đã lưu sơ đồ {format_number(len(places))} ghế." + (
        f" {format_number(len(lost))} đại biểu mất chỗ vì ghế đã bỏ; hãy xếp lại." if lost else ""
    )


def _refuse_small(event, seats):
    guests = must_sit(event).count()
    for people, who in ((guests, "đại biểu đã nhận"), (event.expected, "đại biểu dự kiến")):
        if seats < people:
            raise Refused(
                f"Hội trường vẽ có {format_number(seats)} ghế, ít hơn {format_number(people)} {who}; "
                "hãy thêm ghế. Chưa lưu gì."
            )


def _refuse_blocks(rows, blocks, lines):
    letters = [block["letter"] for block in blocks]
    used = {cell for row in rows for cell in row if is_seat(cell) and cell in LETTERS}
    if len(set(letters)) != len(letters) or not set(letters) <= set(LETTERS) or not used <= set(letters):
        raise Refused(_UNREADABLE)
    for block in blocks:
        if not block["name"]:
            raise Refused(f"Khối {block['letter']} chưa có tên; hãy ghi tên khối.")
        if not set(block["lines"]) <= set(lines):
            raise Refused("Phân bổ đại biểu vừa thay đổi; hãy mở lại trang rồi chọn lại thành phần của các khối.")
        if block["lines"] and block["letter"] not in used:
            raise Refused(
                f"Khối {block['letter']} dành cho thành phần đã chọn nhưng chưa có ghế nào; hãy tô ghế hoặc xóa khối."
            )


def _write_blocks(hall, rows, blocks, lines):
    hall.blocks.exclude(letter__in=[block["letter"] for block in blocks]).delete()
    for given in blocks:
        block, _ = SeatBlock.objects.update_or_create(
            hall=hall, letter=given["letter"], defaults={"name": given["name"]}
        )
        block.lines.set([lines[pk] for pk in given["lines"]])


def copy_hall(source: Event, into: Event, by) -> str:
    """The drawing and its blocks; a block's lines and the leading ones are found again by their names. No seat is copied.

    Returns what is to be told.
    """
    lines = {fold(line.name): line.pk for line in lines_of(into)}

    def same(rows):
        return [lines[name] for name in (fold(line.name) for line in rows) if name in lines]

    hall = Hall.objects.get(event=source)
    mine = Hall.objects.filter(event=into).first()
    blocks = [
        {"letter": block.letter, "name": block.name, "lines": same(block.lines.all())}
        for block in hall.blocks.prefetch_related("lines")
    ]
    leading = same(hall.leading.all()) or [line.pk for line in lines_of(into) if seems_to_lead(line)]
    told = save_drawing(into, by, version=mine.version if mine else 0, rows=hall.rows, blocks=blocks, leading=leading)
    had = {block.letter for block in hall.blocks.filter(lines__isnull=False)}
    if open_now := [block["letter"] for block in blocks if block["letter"] in had and not block["lines"]]:
        told += f" Khối {', '.join(open_now)} chưa có thành phần tương ứng ở đây nên ai cũng ngồi được; hãy chọn lại."
    return told


def reserved_in(hall: Hall) -> dict[str, frozenset[int]]:
    """{letter: the lines a block is kept for, with all under them}; blocks for anybody are left out."""
    below: dict[int | None, list[int]] = {}
    for pk, parent in QuotaLine.objects.filter(event=hall.event_id).values_list("pk", "parent"):
        below.setdefault(parent, []).append(pk)

    def whole(pk):
        yield pk
        for child in below.get(pk, ()):
            yield from whole(child)

    found = {}
    for block in hall.blocks.prefetch_related("lines"):
        if lines := frozenset(pk for line in block.lines.all() for pk in whole(line.pk)):
            found[block.letter] = lines
    return found


def leading_in(hall: Hall) -> frozenset[int]:
    """The lines that sit in front, with all under them."""
    chosen, found = set(hall.leading.values_list("pk", flat=True)), set()
    parents = dict(QuotaLine.objects.filter(event=hall.event_id).values_list("pk", "parent"))
    for pk in parents:
        above = pk
        while above is not None and above not in chosen:
            above = parents[above]
        if above is not None:
            found.add(pk)
    return frozenset(found)
