"""Papers of a house in the official layout: the decision on its support, the minutes of its hand-over, the board."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from beneficiaries.feedback.public import feedback_notes
from beneficiaries.houses.board import houses_asked
from beneficiaries.houses.models import House
from beneficiaries.houses.stages import WAY, State, has_passed
from programs.targets.figures import viewpoint
from welfare.documents.blocks import Bullet, Column, GroupRow, Heading, Paragraph, Table
from welfare.documents.layout import OfficialDocument, PartialDate, Recipient, Signature
from welfare.documents.printing import about
from welfare.units.models import Unit, today
from welfare.vietnamese import format_money, format_number, money_words

_HINT = "(Ký, ghi rõ họ tên)"


@about("beneficiaries.House")
def house_decision_document(user, subject_id) -> OfficialDocument:
    """The decision on the support of a house: as it was decided, or as a draft once it is appraised.

    Raises ``Http404`` for a house out of sight or not appraised yet, ``PermissionDenied`` without the right to read houses.
    """
    house = _house(user, subject_id, State.APPRAISED)
    province = Unit.objects.filter(depth=1).order_by("path").first()
    head = _head(province, house.decided_on)
    number, _, symbol = house.decision_number.partition("/")
    what = f"{house.get_construction_display().lower()} {house.kind.name}"
    lines = [line for line in house.funding.select_related("fund", "donor") if line.source == line.Source.FUND]
    money = sum(line.amount for line in lines)
    return OfficialDocument(
        **head, number=number, symbol=symbol or "QĐ-LĐLĐ", kind="QUYẾT ĐỊNH",
        date=house.decided_on or PartialDate(today().year),
        summary=f"Về việc hỗ trợ {what}",
        authority="BAN THƯỜNG VỤ LIÊN ĐOÀN LAO ĐỘNG TỈNH",
        bases=[
            "Căn cứ Điều lệ Công đoàn Việt Nam",
            f"Căn cứ biên bản thẩm định ngày {house.appraised_on:%d/%m/%Y}",
            f"Xét đề nghị của {house.unit.name}",
        ],
        blocks=[
            Heading("QUYẾT ĐỊNH:", level=0),
            Paragraph(
                f"Hỗ trợ {house.recipient}, {house.address or house.unit.name}, số tiền {format_money(money)} "
                f"({money_words(money)}) để {what}. Tổng kinh phí căn nhà {format_money(house.cost)}.",
                lead="Điều 1.",
            ),
            Paragraph(f"Nguồn kinh phí: {_sources(lines)}.", lead="Điều 2."),
            Paragraph(
                f"Văn phòng, các ban của Liên đoàn Lao động tỉnh, {house.unit.name} và gia đình có tên tại Điều 1 chịu "
                "trách nhiệm thi hành quyết định này.",
                lead="Điều 3.",
            ),
        ],
        signatures=[Signature(["TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"])],
        recipients=[Recipient("Như Điều 3"), Recipient("Thường trực", "để b/c"), Recipient("Lưu: VT")],
        notes=feedback_notes(),
    )  # fmt: skip


def _sources(lines) -> str:
    return "; ".join(f"{line.name} {format_money(line.amount)}" for line in lines) or "không chi từ quỹ công đoàn"


@about("beneficiaries.House")
def hand_over_document(user, subject_id) -> OfficialDocument:
    """The minutes of handing a house over, to be signed there; before it with the day left open. Raises as the decision."""
    house = _house(user, subject_id, State.COMPLETED)
    day = house.handed_over_on
    survey = [f"Nghiệm thu ngày {house.completed_on:%d/%m/%Y}" if house.completed_on else ""]
    survey.append(house.acceptance_note)
    columns = [Column("Nguồn kinh phí", 4), Column("Số tiền", 2)]
    rows = [[line.name, line.amount] for line in house.funding.select_related("fund", "donor")]
    occasion = house.hand_over_note or (house.occasion.name if house.occasion_id else "")
    decided = f", ngày {house.decided_on:%d/%m/%Y}" if house.decided_on else ""
    return OfficialDocument(
        **_head(house.unit, day), kind="BIÊN BẢN", date=day or PartialDate(today().year), closing=False,
        summary=f"Bàn giao {house.kind.name}",
        blocks=[
            Paragraph(
                f"Thực hiện Quyết định số {house.decision_number}{decided} về việc hỗ trợ nhà, hôm nay tại "
                f"{house.address or '…………………………'}, chúng tôi tiến hành bàn giao căn nhà như sau:"
            ),
            Heading("Thành phần", "I"),
            *_party("Bên giao", house.unit.name),
            *_party("Bên nhận", house.recipient),
            *_party("Chứng kiến", "UBND xã và công đoàn cơ sở"),
            Heading("Nội dung bàn giao", "II"),
            *([Paragraph(occasion, lead="Dịp, thành phần:")] if occasion else []),
            Bullet(f"Căn nhà: {house.kind.name}, {house.get_construction_display().lower()}."),
            *[Bullet(f"{text.rstrip('.')}.") for text in survey if text],
            Table(columns, rows, total=["Tổng kinh phí", house.cost], numbered=True, note="Đơn vị tính: đồng"),
            Paragraph(
                "Bên nhận đã xem xét, nhận đủ căn nhà và cam kết giữ gìn, sử dụng đúng mục đích, không chuyển nhượng. Biên "
                "bản lập thành ba bản có giá trị như nhau, mỗi bên giữ một bản."
            ),
        ],
        signatures=[
            Signature(["BÊN NHẬN"], hint=_HINT),
            Signature(["CHỨNG KIẾN"], hint=_HINT),
            Signature(["BÊN GIAO"], hint=_HINT),
        ],
        notes=feedback_notes(),
    )  # fmt: skip


def _party(role, name):
    yield Paragraph(f"{name}. Đại diện: ………………………………", lead=f"{role}:", align="left")


def house_board_document(user, subject_id, *, kind=None, unit=None, year=None, quy=None, tre=None) -> OfficialDocument:
    """Every house of the board by step, as it is filtered. ``subject_id`` is the word "tat-ca".

    Raises ``Http404`` for another word, ``PermissionDenied`` without the right to read houses.
    """
    if not user.has_perm("beneficiaries.view_house"):
        raise PermissionDenied
    if subject_id != "tat-ca":
        raise Http404
    asked = {"kind": kind, "unit": unit, "year": year, "quy": quy, "tre": tre}
    houses = houses_asked(user, **{name: value or "" for name, value in asked.items()}).with_lateness()
    houses = list(houses.select_related("unit", "kind", "person", "household", "host").order_by("unit__path", "pk"))
    rows = []
    for state in WAY:
        here = [house for house in houses if house.state == state]
        if here:
            money = format_money(sum(house.cost for house in here))
            rows += [GroupRow(f"{state.label}: {format_number(len(here))} nhà, {money}"), *map(_row, here)]
    columns = [Column("Người nhận", 3), Column("Đơn vị", 2.6), Column("Loại nhà", 2.2), Column("Hình thức", 1.4),
               Column("Kinh phí", 1.7), Column("Năm", 0.9, "center"), Column("Đã chờ (ngày)", 1.3), Column("Chậm", 1.2)]  # fmt: skip
    shown = [house for house in houses if house.state in WAY]
    total = ["Cộng", f"{format_number(len(shown))} nhà", "", "", sum(house.cost for house in shown)]
    return OfficialDocument(
        **_head(viewpoint(user), today()), date=today(), kind="BẢNG THEO DÕI", closing=False, landscape=True,
        summary=f"Nhà ở hỗ trợ theo từng bước\n(đến ngày {today():%d/%m/%Y})",
        blocks=[Table(columns, rows, total=total, numbered=True, note="Đơn vị tính tiền: đồng")],
        signatures=[Signature(["NGƯỜI LẬP"], hint=_HINT)],
    )  # fmt: skip


def _row(house):
    return [
        house.recipient, house.unit.short_name, house.kind.name, house.get_construction_display(), house.cost,
        str(house.year), house.days_waiting or None, house.is_late,
    ]  # fmt: skip


def _house(user, subject_id, step) -> House:
    if not user.has_perm("beneficiaries.view_house"):
        raise PermissionDenied
    houses = House.objects.for_user(user).select_related("unit", "kind", "person", "household", "host", "occasion")
    house = get_object_or_404(houses, pk=subject_id)
    if (
        not has_passed(house, step)
        or house.is_recorded_afterwards
        and not house.appraised_on
        and step == State.APPRAISED
    ):
        raise Http404
    return house


def _head(unit, on) -> dict:
    head = unit.letterhead(on or today())
    return {
        "superior": head.superior if head else "",
        "issuer": head.issuer if head else unit.name,
        "issuer_name": unit.name,
        "place": head.place if head else "",
    }
