"""Báo cáo kết quả of an event: who came of whom was expected, what was handed over, what it cost; all counted."""

from decimal import Decimal

from django.http import Http404

from events.budget.models import EventBudget
from events.budget.table import comparison_of
from events.delegates.board import Tally, board_of
from events.delegates.states import State
from events.papers.heads import event_for, official, when_of
from events.papers.lists import by_sender
from welfare.documents.blocks import Bullet, Column, GroupRow, Heading, Paragraph, Table
from welfare.documents.layout import OfficialDocument, PartialDate, Recipient, Signature
from welfare.documents.printing import about, issued_as
from welfare.units.models import Unit, today
from welfare.vietnamese import format_money, format_number

_FIGURES = ("Phân bổ", "Đề cử", "Xác nhận", "Có mặt", "Tỷ lệ (%)")
_NOT_THERE = {
    State.ACCEPTED: "Được nhận, không thấy đến", State.INVITED: "Đã mời, không thấy đến",
    State.CONFIRMED: "Xác nhận dự nhưng không đến", State.DECLINED: "Báo không dự được",
}  # fmt: skip


@about("events.Event")
@issued_as("Báo cáo kết quả sự kiện")
def report_document(user, subject_id) -> OfficialDocument:
    """For the organiser, once the event was announced. Absences count once it was held."""
    event = event_for(user, subject_id, of_organiser=True)
    if event.state == event.State.DRAFT:
        raise Http404
    above = Unit.objects.get_parent(event.unit)
    sections = [_attendance(event), _absences(event), _handed_over(event), _money(user, event)]
    blocks = list(_opening(event))
    for number, (title, section) in enumerate(sections, 1):
        blocks += [Heading(title, ["I", "II", "III", "IV"][number - 1]), *section]
    return official(
        event.unit, symbol="BC", date=PartialDate(today().year, today().month), kind="BÁO CÁO",
        summary=f"Kết quả tổ chức {event.name}", blocks=blocks, closing=False,
        signatures=[Signature(["TM. BAN TỔ CHỨC", "TRƯỞNG BAN"])],
        recipients=[Recipient(above.name if above else f"Thường trực {event.unit.name}", "để b/c"), Recipient("Lưu: VT")],
    )  # fmt: skip


def _opening(event):
    yield Paragraph(f"{when_of(event.on, event.starts_at)}.", lead="Thời gian:")
    yield Paragraph(f"{event.venue or '………'}.", lead="Địa điểm:")
    if event.plan_id:
        yield Paragraph(f"{event.plan}.", lead="Theo:")


def _attendance(event):
    board = board_of(event)
    total = board.total
    lines = [[f"{'– ' * row.depth}{row.name}", *_counts(row)] for row in board.lines if not row.is_overlay]
    units = [[str(row.unit), *_counts(row)] for row in board.units]
    whole = Tally()
    for row in board.units:
        whole.add(row)
    columns = [Column(name, 1.2) for name in _FIGURES]
    return "Đại biểu tham dự", [
        Paragraph(
            f"Dự kiến {format_number(event.expected)} đại biểu; các đơn vị đề cử {format_number(total.sent)}, xác nhận dự "
            f"{format_number(total.confirmed)}, có mặt {format_number(total.attended)} đại biểu{_share_in_words(total)}."
        ),
        Table([Column("Thành phần", 5), *columns], lines, total=["Cộng", *_counts(total)], caption="Theo thành phần"),
        Table([Column("Đơn vị", 5), *columns], units, total=["Cộng", *_counts(whole)], caption="Theo đơn vị", numbered=True),
    ]  # fmt: skip


def _counts(tally):
    return [tally.allocated, tally.sent, tally.confirmed, tally.attended, rate(tally)]


def rate(tally) -> Decimal | None:
    """Percent of the allocated who came, with one decimal; None where none was allocated."""
    if not tally.allocated:
        return None
    return (Decimal(100) * tally.attended / tally.allocated).quantize(Decimal("0.1"))


def _share_in_words(total) -> str:
    share = rate(total)
    return f", đạt {str(share).removesuffix('.0').replace('.', ',')}% phân bổ" if share is not None else ""


def _absences(event):
    if event.state != event.State.HELD:
        return "Vắng mặt", [Paragraph("Sự kiện chưa ghi nhận đã tổ chức nên chưa tính vắng mặt.")]
    missing = event.delegates.filter(state__in=_NOT_THERE).select_related("unit", "line", "body__organization")
    rows = []
    found = list(missing.order_by("unit__path", "body", "sort_name", "pk"))
    for name, some in by_sender(found):
        rows.append(GroupRow(f"{name}: {format_number(len(some))}"))
        rows += [[d.full_name, d.line.name, d.state_reason or _NOT_THERE[d.state]] for d in some]
    if not rows:
        return "Vắng mặt", [Paragraph("Không có đại biểu vắng mặt.")]
    columns = [Column("Họ và tên", 3), Column("Thành phần", 3.4), Column("Lý do", 3.6)]
    return "Vắng mặt", [
        Paragraph(f"{format_number(len(found))} đại biểu vắng mặt."),
        Table(columns, rows, numbered=True),
    ]


def _handed_over(event):
    gifts = list(event.gifts.select_related("unit", "house__kind", "house__person", "house__household", "grant__person",
                                            "grant__household", "delegate"))  # fmt: skip
    given = [gift for gift in gifts if gift.given_on]
    if not gifts:
        return "Trao nhà, trao quà tại sự kiện", [Paragraph("Sự kiện không có phần trao.")]
    houses = [gift.house.cost for gift in given if gift.house_id]
    grants = [gift.grant.value for gift in given if gift.grant_id]
    waiting = len(gifts) - len(given)
    columns = [
        Column("Nội dung", 4),
        Column("Đơn vị", 2.6),
        Column("Vật trao", 2.4),
        Column("Giá trị", 1.8),
        Column("Ngày trao", 1.4),
    ]
    rows = [[str(g.house or g.grant.recipient), g.unit.short_name, g.what, _value(g), g.given_on] for g in given]
    blocks = [
        Bullet(f"Nhà Mái ấm Công đoàn: {len(houses):02} căn, trị giá {format_money(sum(houses))}."),
        Bullet(f"Quà, trợ cấp: {len(grants):02} phần, trị giá {format_money(sum(grants))}."),
        *([Bullet(f"Còn {waiting:02} phần đã đăng ký nhưng chưa ghi trao.")] if waiting else []),
        *([Table(columns, rows, total=["Cộng", "", "", sum(map(_value, given)), ""], numbered=True, note="Đơn vị tính: đồng")]
          if rows else []),
    ]  # fmt: skip
    return "Trao nhà, trao quà tại sự kiện", blocks


def _value(gift) -> int:
    return gift.house.cost if gift.house_id else gift.grant.value


def _money(user, event):
    budget = EventBudget.objects.for_user(user).filter(event=event).select_related("event__unit", "unit").first()
    if budget is None or not user.has_perm("events.view_eventbudget"):
        return "Kinh phí", [Paragraph("Chưa lập dự toán kinh phí trong hệ thống.")]
    found = comparison_of(budget)
    total = found.total
    unfinished = f" Còn {total.open:02} khoản chưa ghi thực chi." if total.open else ""
    return "Kinh phí", [
        Paragraph(
            f"Dự toán {format_money(total.estimated)}, thực chi {format_money(total.spent)}; "
            f"{budget.get_state_display().lower()}.{unfinished}"
        ),
        *[Bullet(f"{name}: {format_money(sums.spent)}.") for name, sums in found.by_source.items()],
        Table(
            [Column("Nội dung chi", 3), Column("Dự toán", 1.6), Column("Thực chi", 1.6), Column("Chênh lệch", 1.5),
             Column("Lý do vượt", 2)],
            [[line.item, line.estimated, line.spent, line.difference, line.reason] for line in found.lines],
            total=["Cộng", total.estimated, total.spent, total.difference, ""], numbered=True, note="Đơn vị tính: đồng",
        ),
    ]  # fmt: skip
