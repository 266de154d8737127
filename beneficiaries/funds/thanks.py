"""Letters of thanks: one for a donor, or those of all donors of a campaign in one file."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import Http404
from django.shortcuts import get_object_or_404

from beneficiaries.campaigns.models import Campaign
from beneficiaries.feedback.printed import feedback_notes
from beneficiaries.funds.donors import Donor
from beneficiaries.funds.models import FundEntry
from beneficiaries.funds.printing import head_of
from welfare.audit import AuditEvent, record
from welfare.documents.blocks import Column, Paragraph, Table
from welfare.documents.layout import OfficialDocument, Recipient, signature_of
from welfare.documents.models import store_file
from welfare.documents.printing import KEEP_DAYS, about, issued_as, make_document, rendered
from welfare.jobs.models import JobFailed
from welfare.jobs.queue import submit
from welfare.states import Refused
from welfare.units.models import today
from welfare.vietnamese import fold, format_money, money_words, within


@about("beneficiaries.Donor")
@issued_as("Thư cảm ơn nhà tài trợ")
def thanks_document(user, subject_id, *, campaign="", year="") -> OfficialDocument:
    """For what the donor gave in a campaign, or in ``year`` (default: this one).

    Raises ``Http404`` for a donor out of sight or with nothing given then.
    """
    donor = get_object_or_404(Donor.objects.for_user(user).select_related("unit", "organization"), pk=subject_id)
    drive = get_object_or_404(Campaign.objects.for_user(user), pk=campaign) if campaign else None
    year = int(year or today().year)
    rows = _given(donor, drive, year)
    if not rows:
        raise Http404
    unit, abbreviation = donor.unit, donor.unit.letterhead(today())
    return OfficialDocument(
        **head_of(unit, today()) | {"date": today()},
        symbol=abbreviation.abbreviation if abbreviation else "LĐLĐ",
        kind="THƯ CẢM ƠN",
        addressees=[_address(donor)],
        blocks=list(_letter(donor, unit, drive, year, rows)),
        signatures=[signature_of(unit)],
        recipients=[Recipient("Như trên"), Recipient("Lưu: VT")],
        notes=feedback_notes(),
    )


def _given(donor, drive, year) -> list[list]:
    """[day, what, VND]: money less what was reversed, and gifts in kind."""
    which = {"campaign": drive} if drive else {"on__year": year}
    entries = donor.gifts.filter(kind=FundEntry.Kind.CONTRIBUTION, reversed_by__isnull=True, **which)
    rows = [[entry.on, f"Tiền ủng hộ vào {entry.fund}", entry.amount] for entry in entries.select_related("fund")]
    which = {"campaign": drive} if drive else {"given_on__year": year}
    rows += [[gift.given_on, gift.what, gift.value] for gift in donor.gifts_in_kind.filter(**which)]
    return sorted(rows, key=lambda row: row[0])


def _address(donor) -> str:
    name = donor.organization.name if donor.organization else donor.name
    if donor.kind == Donor.Kind.PERSON:
        return f"Ông/Bà {name}"
    return f"{donor.representative}, {name}" if donor.representative else name


def _letter(donor, unit, drive, year, rows):
    what = f"đợt “{drive}”" if drive else f"công tác chăm lo đoàn viên, người lao động năm {year}"
    you = "Ông/Bà" if donor.kind == Donor.Kind.PERSON else "Quý cơ quan, đơn vị"
    total = sum(row[2] for row in rows)
    yield Paragraph(
        f"{unit.name} trân trọng cảm ơn {you} đã đồng hành, ủng hộ {what} với tổng giá trị {format_money(total)} "
        f"({money_words(total).lower()})"
        + (", gồm:" if len(rows) > 1 else f": {within(rows[0][1])}, ngày {rows[0][0]:%d/%m/%Y}.")
    )
    if len(rows) > 1:
        columns = [Column("Ngày", 1.3), Column("Nội dung", 4), Column("Giá trị", 2)]
        yield Table(columns, rows, total=[None, "Cộng", total], note="Đơn vị tính: đồng", numbered=True)
    yield Paragraph(
        "Sự giúp đỡ ấy đã góp phần để đoàn viên, người lao động có hoàn cảnh khó khăn được chăm lo kịp thời. Toàn bộ số tiền, "
        "hiện vật được quản lý, sử dụng đúng mục đích và công khai theo quy định."
    )
    yield Paragraph(f"{unit.name} mong tiếp tục nhận được sự quan tâm của {you}; kính chúc {you} sức khỏe, thành công.")


def donors_of(campaign: Campaign, user):
    """Donors who gave in the campaign, as far as the user sees them; what was reversed does not count."""
    stands = FundEntry.objects.filter(campaign=campaign, kind=FundEntry.Kind.CONTRIBUTION, reversed_by__isnull=True)
    donors = Donor.objects.for_user(user)
    with_money = donors.filter(pk__in=stands.order_by().values("donor"))
    return (with_money | donors.filter(pk__in=campaign.gifts_in_kind.order_by().values("donor"))).order_by("name", "pk")


def request_thanks(campaign: Campaign, user):
    """The job that writes a letter to every donor of the campaign. Raises ``Refused`` where there is none."""
    if not user.has_perm("beneficiaries.view_donor") or not donors_of(campaign, user).exists():
        raise Refused("Đợt vận động này chưa có nhà tài trợ nào ủng hộ để gửi thư cảm ơn.")
    return submit(
        "thank_donors", title=f"Thư cảm ơn: {campaign}", owner=user, unit=user.unit, params={"campaign": campaign.pk}
    )


def thank_donors(job):
    """The job: a Word letter each, so that it can still be worked over before it is signed, packed into one file."""
    user, campaign = job.owner, Campaign.objects.for_user(job.owner).filter(pk=job.params["campaign"]).first()
    if campaign is None:
        raise JobFailed("Bạn không còn được xem đợt vận động này nên không in được thư.")
    donors, packed = list(donors_of(campaign, user)), io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for n, donor in enumerate(donors, 1):
            job.progress(n - 1, len(donors), f"Đang viết thư {n}/{len(donors)}.")
            letter = make_document(user, "thanks", donor.pk, campaign=str(campaign.pk))
            name = fold(donor.name).replace(" ", "-").replace("/", "-")[:60]
            file.writestr(f"{n:02d}-{name}.docx", rendered(letter, "docx"))
    with job.completing(f"Đã viết {len(donors)} thư cảm ơn."):
        job.result = store_file(
            packed.getvalue(), name=f"Thư cảm ơn {campaign}.zip", content_type="application/zip", owner=user, unit=job.unit,
            keep_days=KEEP_DAYS,
        )  # fmt: skip
        record(
            AuditEvent.Action.PRINT, actor=user, subject=campaign, detail={"document": "thanks", "letters": len(donors)}
        )
