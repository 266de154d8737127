"""In which columns the rows behind a figure are shown, by their model."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from beneficiaries.funds.books import kind_label
from beneficiaries.models import (
    CampaignResult,
    FundEntry,
    Grant,
    Hardship,
    House,
    Loan,
    LoanProject,
    PovertyRecord,
    Visit,
)
from programs.models import Activity, Award, CareModel, PartnerAgreement
from reports.rows import finding
from welfare.units.models import Unit


@dataclass(frozen=True)
class Listing:
    """How rows of one model are shown. ``columns`` are (header, value of a row); the first opens ``opens(row)``.

    ``find(rows, words)`` leaves those of a name, ``named`` says whose; a roster's rows are a list.
    """

    permission: str
    related: tuple[str, ...]
    opens: Callable
    columns: tuple[tuple[str, Callable], ...]
    find: Callable
    named: str = "Tên người"


LISTINGS = {
    House: Listing(
        "beneficiaries.view_house",
        ("unit", "kind", "person", "household"),
        lambda row: reverse("admin:beneficiaries_house_change", args=[row.pk]),
        (
            ("Người, hộ nhận nhà", lambda row: str(row.person or row.household or row.kind)),
            ("Đơn vị", lambda row: row.unit.short_name),
            ("Loại nhà", lambda row: row.kind.name),
            ("Hình thức", lambda row: row.get_construction_display()),
            ("Ngày", lambda row: row.on),
            ("Kinh phí (đồng)", lambda row: row.cost),
        ),
        finding.of_person_or_household,
    ),
    Grant: Listing(
        "beneficiaries.view_grant",
        ("unit", "round", "person", "household"),
        lambda row: reverse("admin:beneficiaries_grant_change", args=[row.pk]),
        (
            ("Người nhận", lambda row: str(row.person or row.household or "Không ghi tên")),
            ("Đơn vị", lambda row: row.unit.short_name),
            ("Đợt", lambda row: row.round.name),
            ("Ngày chi", lambda row: row.on),
            ("Số suất", lambda row: row.people_count),
            ("Số tiền (đồng)", lambda row: row.value),
        ),
        finding.of_person_or_household,
    ),
    FundEntry: Listing(
        "beneficiaries.view_fundentry",
        ("fund__unit", "donor"),
        lambda row: reverse("admin:beneficiaries_fundentry_change", args=[row.pk]),
        (
            ("Nội dung", lambda row: row.note or row.get_kind_display()),
            ("Quỹ", lambda row: row.fund.name),
            ("Đơn vị", lambda row: row.fund.unit.short_name),
            ("Ngày ghi sổ", lambda row: row.on),
            ("Loại", lambda row: kind_label(row.of_kind, is_out=row.is_out)),
            ("Số tiền (đồng)", lambda row: row.money),
        ),
        finding.of_entry,
        "Nội dung, nhà tài trợ, số chứng từ",
    ),
    Hardship: Listing(
        "beneficiaries.view_hardship",
        ("person__unit",),
        lambda row: reverse("admin:beneficiaries_person_change", args=[row.person_id]),
        (
            ("Họ và tên", lambda row: row.person.full_name),
            ("Đơn vị", lambda row: row.person.unit.short_name),
            ("Sinh", lambda row: row.person.born),
            ("Nơi làm việc", lambda row: row.person.workplace),
            ("Biết hoàn cảnh từ", lambda row: row.known_on),
            ("Được thăm, hỗ trợ ngày", lambda row: row.done_on or "Chưa"),
        ),
        finding.of_person,
    ),
    PovertyRecord: Listing(
        "beneficiaries.view_povertyrecord",
        ("household__unit",),
        lambda row: reverse("admin:beneficiaries_household_change", args=[row.household_id]),
        (
            ("Chủ hộ", lambda row: row.household.head_name),
            ("Đơn vị", lambda row: row.household.unit.short_name),
            ("Diện", lambda row: row.get_status_display()),
            ("Năm", lambda row: str(row.year)),
            ("Số giấy chứng nhận", lambda row: row.certificate_number),
            ("Nhân khẩu", lambda row: row.household.size),
        ),
        finding.of_household,
        "Tên chủ hộ, thành viên",
    ),
    Visit: Listing(
        "beneficiaries.view_visit",
        ("person__unit", "occasion"),
        lambda row: reverse("beneficiaries:person", args=[row.person_id]),
        (
            ("Người được thăm", lambda row: row.person.full_name),
            ("Đơn vị", lambda row: row.person.unit.short_name),
            ("Ngày thăm", lambda row: row.on),
            ("Người đi thăm", lambda row: row.visitors),
            ("Dịp", lambda row: str(row.occasion or "")),
            ("Quà", lambda row: row.gift_text),
        ),
        finding.of_person,
    ),
    Loan: Listing(
        "beneficiaries.view_loan",
        ("unit", "project", "person", "household"),
        lambda row: reverse("admin:beneficiaries_loan_change", args=[row.pk]),
        (
            ("Người vay", lambda row: row.borrower),
            ("Đơn vị", lambda row: row.unit.short_name),
            ("Dự án", lambda row: str(row.project or "")),
            ("Ngày duyệt", lambda row: row.on),
            ("Thời hạn (tháng)", lambda row: row.term_months),
            ("Số tiền (đồng)", lambda row: row.amount),
        ),
        finding.of_person_or_household,
    ),
    LoanProject: Listing(
        "beneficiaries.view_loanproject",
        ("unit",),
        lambda row: reverse("admin:beneficiaries_loanproject_change", args=[row.pk]),
        (
            ("Dự án", lambda row: row.name),
            ("Đơn vị", lambda row: row.unit.short_name),
            ("Nguồn vốn", lambda row: row.get_source_display()),
            ("Năm", lambda row: str(row.on.year)),
            ("Số vốn (đồng)", lambda row: row.amount),
            ("Đúng tiến độ từ", lambda row: row.done_on or "Chưa"),
        ),
        finding.of_roster,
        "Tên dự án",
    ),
    CampaignResult: Listing(
        "beneficiaries.view_campaignresult",
        ("unit", "campaign"),
        lambda row: reverse("beneficiaries:campaign_results", args=[row.campaign_id]),
        (
            ("Đơn vị", lambda row: row.unit.short_name),
            ("Đợt vận động", lambda row: row.campaign.name),
            ("Đoàn viên", lambda row: row.whole),
            ("Đã ủng hộ", lambda row: "Chưa báo" if row.contributors is None else row.contributors),
            ("Số tiền (đồng)", lambda row: row.amount),
        ),
        finding.of_unit,
        "Tên đơn vị",
    ),
    Activity: Listing(
        "programs.view_activity",
        ("unit", "kind"),
        lambda row: reverse("admin:programs_activity_change", args=[row.pk]),
        (
            ("Hoạt động", lambda row: row.title),
            ("Đơn vị", lambda row: row.unit.short_name),
            ("Loại", lambda row: row.kind.name),
            ("Ngày tổ chức", lambda row: row.on),
            ("Số người tham gia", lambda row: row.participants),
        ),
        finding.of_care,
        "Tên hoạt động",
    ),
    Unit: Listing(
        "welfare.view_unit",
        ("kind",),
        lambda row: reverse("admin:welfare_unit_change", args=[row.pk]),
        (
            ("Đơn vị", lambda row: row.name),
            ("Cấp", lambda row: row.kind.name),
            ("Năm", lambda row: str(row.on.year)),
            ("Đã tổ chức ngày", lambda row: row.done_on or "Chưa"),
        ),
        finding.of_roster,
        "Tên đơn vị",
    ),
    PartnerAgreement: Listing(
        "programs.view_partneragreement",
        ("unit", "partner"),
        lambda row: reverse("admin:programs_partneragreement_change", args=[row.pk]),
        (
            ("Đối tác", lambda row: row.partner.name),
            ("Đơn vị ký", lambda row: row.unit.short_name),
            ("Số thỏa thuận", lambda row: row.document_number),
            ("Ngày ký", lambda row: row.on),
            ("Thời hạn", lambda row: row.term),
        ),
        finding.of_care,
        "Tên đối tác, nội dung",
    ),
    Award: Listing(
        "programs.view_award",
        ("unit", "form", "recipient_unit", "organization", "decision"),
        lambda row: reverse("admin:programs_award_change", args=[row.pk]),
        (
            ("Được khen", lambda row: row.recipient),
            ("Đơn vị khen", lambda row: row.unit.short_name),
            ("Hình thức", lambda row: row.form.name),
            ("Ngày quyết định", lambda row: row.on),
            ("Số quyết định", lambda row: row.decision_words),
        ),
        finding.of_care,
        "Ai được khen",
    ),
    CareModel: Listing(
        "programs.view_caremodel",
        ("unit", "kind"),
        lambda row: reverse("admin:programs_caremodel_change", args=[row.pk]),
        (
            ("Mô hình", lambda row: row.name),
            ("Đơn vị", lambda row: row.unit.short_name),
            ("Loại", lambda row: row.kind.name),
            ("Ngày đăng ký", lambda row: row.registered_on),
            ("Hoạt động từ", lambda row: row.running_since),
        ),
        finding.of_care,
        "Tên mô hình",
    ),
}
