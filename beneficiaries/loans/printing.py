"""A project's loans and a loan's schedule on paper, in the official layout."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from beneficiaries.loans.board import sums_of
from beneficiaries.loans.casefile import schedule_of
from beneficiaries.loans.models import Loan
from beneficiaries.loans.projects import LoanProject
from beneficiaries.loans.steps import State
from programs.targets.models import plain_number
from welfare.documents.blocks import Column, Paragraph, Table
from welfare.documents.layout import OfficialDocument, Signature, signature_of
from welfare.documents.printing import about
from welfare.units.models import today
from welfare.vietnamese import format_money, format_number

_LISTED = [State.APPROVED, State.DISBURSED, State.CLOSED, State.WRITTEN_OFF, State.REFERRED]
_MADE_BY = Signature(["NGƯỜI LẬP"], hint="(Ký, ghi rõ họ tên)")


@about("beneficiaries.LoanProject")
def loan_project_document(user, subject_id) -> OfficialDocument:
    """The loans of a project that ``user`` may see, as they stand today.

    Raises ``Http404`` for a project out of sight, ``PermissionDenied`` without the right to read loans.
    """
    if not (user.has_perm("beneficiaries.view_loanproject") and user.has_perm("beneficiaries.view_loan")):
        raise PermissionDenied
    project = get_object_or_404(LoanProject.objects.for_user(user).select_related("unit"), pk=subject_id)
    loans = Loan.objects.for_user(user).filter(project=project, state__in=_LISTED).with_dues()
    rows = [_row(loan) for loan in loans.select_related("person", "household", "unit").order_by("unit__path", "pk")]
    columns = [Column("Người vay", 3), Column("Đơn vị", 2.4), Column("Mục đích", 2.4), Column("Số tiền", 1.7),
               Column("Giải ngân", 1.5), Column("Đến hạn", 1.5), Column("Còn nợ gốc", 1.7),
               Column("Quá hạn", 1.6), Column("Tình trạng", 1.7, "center")]  # fmt: skip
    sums = sums_of(loans.running())
    out = sum(row[6] or 0 for row in rows)
    total = ["Cộng", "", "", sum(row[3] for row in rows), None, None, out, sum(row[7] or 0 for row in rows), ""]
    opening = (
        f"Nguồn vốn: {project.get_source_display()}; số vốn {format_money(project.amount)}; giao ngày "
        f"{project.assigned_on:%d/%m/%Y}, đến hạn ngày {project.due_on:%d/%m/%Y}. Đang vay "
        f"{format_number(sums['count'])} khoản, còn nợ gốc {format_money(sums['outstanding'])}."
    )
    table = Table(columns, rows, total=total, numbered=True, note="Đơn vị tính tiền: đồng")
    return OfficialDocument(
        **_head(project.unit), kind="DANH SÁCH", landscape=True, closing=False,
        summary=f"Khoản vay của dự án “{project.name}”\n(đến ngày {today():%d/%m/%Y})",
        blocks=[Paragraph(opening), table], signatures=[_MADE_BY, signature_of(project.unit)],
    )  # fmt: skip


def _row(loan):
    return [
        loan.borrower, loan.unit.short_name, loan.purpose, loan.amount, loan.disbursed_on, loan.due_on,
        loan.outstanding or None, loan.overdue_money or None, loan.get_state_display(),
    ]  # fmt: skip


@about("beneficiaries.Loan")
def loan_schedule_document(user, subject_id) -> OfficialDocument:
    """When a loan is to be paid back, and what of it is paid. Raises as ``loan_project_document`` does."""
    if not user.has_perm("beneficiaries.view_loan"):
        raise PermissionDenied
    loans = Loan.objects.for_user(user).select_related("person", "household", "unit", "project")
    loan = get_object_or_404(loans, pk=subject_id)
    dues = schedule_of(loan)
    rows, left = [], loan.amount
    for due in dues:
        left -= due["principal"]
        rows.append([due["due_on"], due["principal"], due["interest"], due["principal"] + due["interest"], left, None])
    columns = [Column("Ngày trả", 1.6), Column("Gốc", 1.8), Column("Lãi", 1.6), Column("Cộng", 1.8),
               Column("Gốc còn lại", 1.8), Column("Ký nhận", 1.6)]  # fmt: skip
    total = ["Cộng", *(sum(row[n] for row in rows) for n in (1, 2, 3)), None, None]
    return OfficialDocument(
        **_head(loan.unit), kind="LỊCH TRẢ NỢ", closing=False, summary=f"Khoản vay của {loan.borrower}",
        blocks=[Paragraph(_terms(loan)), Table(columns, rows, total=total, numbered=True, note="Đơn vị tính: đồng")],
        signatures=[Signature(["NGƯỜI VAY"], hint="(Ký, ghi rõ họ tên)"), _MADE_BY],
    )  # fmt: skip


def _terms(loan) -> str:
    project = f" (dự án “{loan.project.name}”)" if loan.project_id else ""
    since = (
        f"giải ngân ngày {loan.disbursed_on:%d/%m/%Y}" if loan.disbursed_on else "lịch dự kiến, nếu giải ngân hôm nay"
    )
    paid = (
        f" Đến ngày {today():%d/%m/%Y} đã trả gốc {format_money(loan.principal_repaid)}." if loan.disbursed_on else ""
    )
    return (
        f"Nguồn vốn: {loan.get_source_display()}{project}. Số tiền vay {format_money(loan.amount)}, thời hạn "
        f"{loan.term_months} tháng, lãi suất {plain_number(loan.rate)}%/năm, {loan.get_schedule_display().lower()}; {since}.{paid}"
    )


def _head(unit) -> dict:
    head = unit.letterhead(today())
    return {
        "superior": head.superior if head else "",
        "issuer": head.issuer if head else unit.name,
        "issuer_name": unit.name,
        "unit_id": unit.pk,
        "place": head.place if head else "",
        "date": today(),
    }
