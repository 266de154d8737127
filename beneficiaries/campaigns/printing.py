"""The board of a campaign, and the official letter to the units that said nothing yet."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from beneficiaries.campaigns.models import Campaign, CampaignResult
from beneficiaries.funds.printing import head_of, recipients
from welfare.documents.blocks import Column, Paragraph, Table
from welfare.documents.layout import OfficialDocument, PartialDate, Recipient, signature_of
from welfare.documents.printing import about, issued_as
from welfare.units.models import today
from welfare.vietnamese import format_money, format_number, within

_NAMED_AT_MOST = 10


@about("beneficiaries.Campaign")
def board_document(user, subject_id) -> OfficialDocument:
    """What every unit the user sees said and what the fund received of it."""
    campaign, results = _seen(user, subject_id)
    totals = results.totals()
    columns = [
        Column("Đơn vị", 3), Column("Đoàn viên", 1.3), Column("Đoàn viên ủng hộ", 1.3), Column("Tỷ lệ (%)", 1),
        Column("Đơn vị báo", 1.9), Column("Quỹ đã nhận", 1.9), Column("Chênh lệch", 1.8),
    ]  # fmt: skip
    rows = [
        [
            str(r.unit),
            r.whole,
            r.contributors,
            _share(r.contributors, r.whole),
            r.amount,
            r.received,
            r.received - r.amount,
        ]
        for r in results.select_related("unit").order_by("unit__path")
    ]
    said, received = totals["amount_total"], totals["received_total"]
    share = _share(totals["contributors_total"], totals["whole_total"])
    total = ["Cộng", totals["whole_total"], totals["contributors_total"], share, said, received, received - said]
    return OfficialDocument(
        **head_of(campaign.unit, today()),
        kind="BÁO CÁO",
        summary=f"Kết quả {within(campaign.name)}\n(đến ngày {today():%d/%m/%Y})",
        blocks=[
            Paragraph(
                f"{format_number(totals['said_total'])} trong {format_number(totals['unit_total'])} "
                f"đơn vị đã báo kết quả với {format_money(said)}; {campaign.fund} đã nhận {format_money(received)}."
            ),
            Table(columns, rows, total=total, numbered=True, note="Đơn vị tính tiền: đồng"),
        ],
        closing=False,
        signatures=[signature_of(campaign.unit)],
        recipients=recipients(campaign.unit),
        landscape=True,
    )


@about("beneficiaries.Campaign")
@issued_as("Công văn đôn đốc ủng hộ")
def letter_document(user, subject_id) -> OfficialDocument:
    """Urges the units that are silent. Raises ``Http404`` where there is none, or for who does not run the campaign."""
    campaign, results = _seen(user, subject_id)
    silent = list(results.silent().select_related("unit").order_by("unit__path"))
    if not silent or not user.reach_for("beneficiaries.change_campaign").may_write(campaign.unit_id):
        raise Http404
    unit, head = campaign.unit, campaign.unit.letterhead()
    names = [result.unit.name for result in silent]
    is_many = len(names) > _NAMED_AT_MOST
    return OfficialDocument(
        **head_of(unit, today()) | {"date": PartialDate(today().year, today().month)},
        symbol=head.abbreviation if head else "LĐLĐ",
        summary=f"đôn đốc báo kết quả {within(campaign.name)}",
        addressees=["Các đơn vị có tên trong danh sách dưới đây"] if is_many else names,
        blocks=[
            Paragraph(
                f"Thực hiện đợt “{campaign}” từ ngày {campaign.starts_on:%d/%m/%Y} đến ngày {campaign.ends_on:%d/%m/%Y}, đến "
                f"nay còn {len(names):02d} đơn vị chưa báo kết quả cho {unit.name}."
            ),
            *([Table([Column("Đơn vị")], [[name] for name in names], numbered=True)] if is_many else []),
            Paragraph(
                f"{unit.name} đề nghị các đơn vị khẩn trương vận động, ghi số đoàn viên ủng hộ và số tiền trên phần mềm, đồng "
                f"thời chuyển tiền về {campaign.fund}; nếu có khó khăn, vướng mắc đề nghị phản ánh để được hướng dẫn."
            ),
        ],
        signatures=[signature_of(unit)],
        recipients=[Recipient("Như trên"), Recipient("Thường trực", "để b/c"), Recipient("Lưu: VT")],
    )  # fmt: skip


def _seen(user, campaign_id):
    campaigns = Campaign.objects.for_user(user).select_related("unit", "fund")
    campaign = get_object_or_404(campaigns, pk=campaign_id)
    return campaign, CampaignResult.objects.for_user(user).filter(campaign=campaign).with_members().with_received()


def _share(part, whole):
    return round(100 * part / whole, 1) if part is not None and whole else None
