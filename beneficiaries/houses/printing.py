"""Papers of a house in the official layout: the decision on its support, the minutes of its hand-over, the board."""

import re

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from beneficiaries.feedback.printed import feedback_notes
from beneficiaries.houses.board import houses_asked
from beneficiaries.houses.dossier import checklist
from beneficiaries.houses.models import House
from beneficiaries.houses.stages import WAY, State, date_field, has_passed
from beneficiaries.houses.surveys import HouseSurvey
from programs.targets.figures import viewpoint
from welfare.documents.blocks import Bullet, Column, GroupRow, Heading, Paragraph, Table
from welfare.documents.boards import board_blocks
from welfare.documents.layout import (
    OfficialDocument,
    PartialDate,
    Recipient,
    Signature,
    collective,
    date_text,
    signature_of,
)
from welfare.documents.printing import about, issued_as
from welfare.units.models import Unit, today
from welfare.vietnamese import format_money, format_number, money_words

_BIRTH_YEAR = re.compile(r" \(\d{4}\)$")
_HINT = "(Ký, ghi rõ họ tên)"


@about("beneficiaries.House")
@issued_as("Quyết định hỗ trợ nhà")
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
        authority=f"{collective(province)} {province.name}".upper(),
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
                f"Văn phòng, các ban của {province.name}, {house.unit.name} và gia đình có tên tại Điều 1 chịu "
                "trách nhiệm thi hành quyết định này.",
                lead="Điều 3.",
            ),
        ],
        signatures=[signature_of(province)],
        recipients=[Recipient("Như Điều 3"), Recipient("Thường trực", "để b/c"), Recipient("Lưu: VT")],
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
        notes=feedback_notes(),
        summary=f"Bàn giao {house.kind.name}",
        blocks=[
            Paragraph(
                f"Thực hiện Quyết định số {house.decision_number or '……'}{decided} về việc hỗ trợ nhà, hôm nay, "
                f"{date_text(day or PartialDate(today().year))}, tại {house.address or '…………………………'}, chúng tôi tiến "
                "hành bàn giao căn nhà như sau:"
            ),
            Heading("Thành phần", "I"),
            *_party("Bên giao", house.unit.name),
            *_party("Bên nhận", house.recipient),
            *_party("Chứng kiến", "UBND xã và công đoàn cơ sở"),
            Heading("Nội dung bàn giao", "II"),
            *([Paragraph(f"{occasion.rstrip('.')}.", lead="Dịp, thành phần:")] if occasion else []),
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
    )  # fmt: skip


@about("beneficiaries.House")
def presentation_board(user, subject_id) -> OfficialDocument:
    """The large board held up when a house is given, once its support is decided. Raises as the decision."""
    house = _house(user, subject_id, State.DECIDED)
    day = house.handed_over_on or PartialDate(today().year)
    lines = list(house.funding.select_related("fund", "donor"))
    given = sum(line.amount for line in lines if line.source != line.Source.FAMILY)
    givers = dict.fromkeys(line.name for line in lines if line.source != line.Source.FAMILY)
    head = _head(house.unit, house.handed_over_on)
    dated = f"{head['place']}, {date_text(day)}" if head["place"] else ""
    return OfficialDocument(
        **head, kind="BẢNG TƯỢNG TRƯNG", summary=f"{house.kind.name} {house.recipient}", poster=True, closing=False,
        blocks=board_blocks(
            issuer=head["issuer"], gift=house.kind.name, to=f"Gia đình: {_BIRTH_YEAR.sub('', str(house.recipient))}", where=house.address or house.unit.name,
            amount=given or house.cost, givers=givers, dated=dated,
        ),
    )  # fmt: skip


@about("beneficiaries.House")
def house_dossier_document(user, subject_id) -> OfficialDocument:
    """What is known of a house from its proposal to its settlement, with the list of its papers. Raises as the decision."""
    house = _house(user, subject_id, State.PROPOSED)
    numbers = iter(("I", "II", "III", "IV", "V"))
    sections = [
        ("Người nhận và căn nhà", list(_facts(house))),
        ("Các bước đã làm", [_steps_table(house)]),
        ("Kết quả khảo sát", list(_survey(house))),
        ("Kinh phí", [_funding_table(house)]),
        ("Giấy tờ trong hồ sơ", [_papers_table(house)]),
    ]
    blocks = [block for title, found in sections if found for block in (Heading(title, next(numbers)), *found)]
    return OfficialDocument(
        **_head(house.unit, today()), date=today(), kind="HỒ SƠ NHÀ", summary=f"{house.kind.name} {house.recipient}",
        blocks=blocks, closing=False, signatures=[Signature(["NGƯỜI LẬP"], hint=_HINT), Signature(["THỦ TRƯỞNG ĐƠN VỊ"], hint=_HINT)],
    )  # fmt: skip


def _facts(house):
    yield Bullet(f"Người nhận: {house.recipient}; đơn vị: {house.unit.name}.")
    if house.address:
        yield Bullet(f"Địa chỉ: {house.address}.")
    yield Bullet(f"Loại nhà: {house.kind.name}, {house.get_construction_display().lower()}, năm {house.year}.")
    if house.condition:
        yield Bullet(f"Hoàn cảnh: {house.condition.rstrip('.')}.")
    if house.ended_reason:
        yield Bullet(f"{house.get_state_display()}: {house.ended_reason.rstrip('.')}.")


def _steps_table(house) -> Table:
    said = {State.DECIDED: house.decision_number and f"Quyết định số {house.decision_number}",
            State.APPRAISED: house.appraisal_conclusion, State.COMPLETED: house.acceptance_note,
            State.HANDED_OVER: house.hand_over_note}  # fmt: skip
    rows = [[state.label, getattr(house, date_field(state)) or "chưa", said.get(state) or ""] for state in WAY]
    return Table([Column("Bước", 2), Column("Ngày", 1.4, "center"), Column("Ghi chú", 4)], rows, numbered=True)


def _survey(house):
    survey = HouseSurvey.objects.filter(house=house).first()
    if survey is None:
        return
    yield Bullet(
        f"Mái {survey.get_roof_display().lower()}, vách {survey.get_walls_display().lower()}, nền "
        f"{survey.get_floor_display().lower()}; diện tích {survey.area} m², {survey.residents} người ở; đất: "
        f"{survey.get_land_display().lower()}."
    )
    yield Bullet(f"Dự toán {format_money(survey.estimate)}, gia đình tự lo {format_money(survey.own_means)}.")
    yield Bullet(f"Đề xuất: {survey.proposal.rstrip('.')}.")


def _funding_table(house) -> Table:
    rows = [[line.name, line.amount] for line in house.funding.select_related("fund", "donor")]
    total = ["Tổng kinh phí", house.cost]
    return Table(
        [Column("Nguồn kinh phí", 4), Column("Số tiền", 2)], rows, total=total, numbered=True, note="Đơn vị tính: đồng"
    )


def _papers_table(house) -> Table:
    rows = []
    for step, items in checklist(house):
        rows.append(GroupRow(f"Trước khi {step.lower()}"))
        for item, papers in items:
            if not papers:
                rows.append([item.name, "", None, "còn thiếu" if item.is_required else "không bắt buộc"])
            rows += [
                [item.name, paper.number, paper.on, "có bản quét" if paper.file_id else "bản giấy"] for paper in papers
            ]
    columns = [Column("Giấy tờ", 4), Column("Số", 1.6), Column("Ngày", 1.4), Column("Tình trạng", 1.6, "center")]
    return Table(columns, rows, numbered=True)


def _party(role, name):
    yield Paragraph(f"{name}.", lead=f"{role}:")
    yield Bullet("Đại diện: ………………………………, chức vụ: ……………………")


def house_board_document(user, subject_id, *, loai=None, unit=None, year=None, quy=None, tre=None) -> OfficialDocument:
    """Every house of the board by step, as it is filtered. ``subject_id`` is the word "tat-ca".

    Raises ``Http404`` for another word, ``PermissionDenied`` without the right to read houses.
    """
    if not user.has_perm("beneficiaries.view_house"):
        raise PermissionDenied
    if subject_id != "tat-ca":
        raise Http404
    asked = {"loai": loai, "unit": unit, "year": year, "quy": quy, "tre": tre}
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
        "unit_id": unit.pk,
        "place": head.place if head else "",
    }
