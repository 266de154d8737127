"""The official letter that urges late units to send their reports (công văn đôn đốc)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from programs.reporting.consolidated import period_seen_by
from programs.reporting.models import UnitReport
from programs.targets.figures import viewpoint
from welfare.documents.blocks import Column, Paragraph, Table
from welfare.documents.layout import OfficialDocument, PartialDate, Recipient, Signature
from welfare.documents.printing import about, issued_as
from welfare.units.models import today
from welfare.vietnamese import within

_NAMED_AT_MOST = 10


@about("programs.ReportingPeriod")
@issued_as("Công văn đôn đốc báo cáo")
def reminder_letter(user, subject_id) -> OfficialDocument:
    """To every unit whose report of this period is late today and comes to a unit ``user`` writes for.

    Raises ``Http404`` for a period out of sight or with nobody late, ``PermissionDenied`` for who judges no reports.
    """
    if not user.has_perm("programs.accept_unitreport"):
        raise PermissionDenied
    period, unit = period_seen_by(user, int(subject_id)), viewpoint(user)
    late = _late(user, period)
    if not late:
        raise Http404
    head, department = unit.letterhead(), period.rule.to_department
    abbreviation = head.abbreviation if head else "LĐLĐ"
    return OfficialDocument(
        superior=head.superior if head else "",
        issuer=head.issuer if head else unit.name,
        issuer_name=unit.name,
        unit_id=unit.pk,
        symbol="-".join(part for part in (abbreviation, _abbreviated(department)) if part),
        place=head.place if head else "",
        date=PartialDate(today().year, today().month),
        summary=f"đôn đốc gửi {within(str(period))}",
        addressees=_addressees(late),
        blocks=[*_text(period, unit, late), _table(late), Paragraph(_closing(period, unit))],
        signatures=[Signature([period.rule.plan.capacity, period.rule.plan.signer_title or "CHỦ TỊCH"])],
        recipients=[Recipient("Như trên"), Recipient("Thường trực", "để b/c"), Recipient("Lưu: VT")],
    )


def _abbreviated(department) -> str:
    """As it stands in a letter's symbol: "Ban CSPL" is "CSPL"."""
    return department.short_name.removeprefix("Ban ") if department else ""


def _late(user, period) -> list[UnitReport]:
    late = UnitReport.objects.coming_to(user).received_by(user).late().filter(period=period)
    return list(late.select_related("unit", "department", "period__rule").order_by("due_on", "unit__path", "pk"))


def _addressees(late):
    """By name where they are few."""
    if len(late) > _NAMED_AT_MOST:
        return ["Các đơn vị có tên trong danh sách dưới đây"]
    return [report.department.name if report.department else report.unit.name for report in late]


def _text(period, unit, late):
    plan = period.rule.plan
    number = f" số {plan.number_and_symbol}" if plan.number else ""
    issued = f" ngày {plan.issued_on:%d/%m/%Y}" if plan.issued_on else ""
    yield Paragraph(
        f"Thực hiện {plan.kind.name}{number}{issued} của {plan.unit.name} về {within(plan.title)}, các đơn vị gửi "
        f"{within(str(period))} về {_where(unit, late)} {_by_when(period)}."
    )
    yield Paragraph(
        f"Đến ngày {today():%d/%m/%Y} còn {len(late):02d} đơn vị chưa gửi hoặc chưa gửi lại báo cáo đã được trả để sửa, cụ thể:"
    )


def _where(unit, late) -> str:
    """What grassroots units owe comes to the units above them, also where the province urges."""
    comes_here = all(report.receiver_id == unit.pk for report in late)
    return unit.name if comes_here else "công đoàn cấp trên trực tiếp"


def _by_when(period) -> str:
    return period.rule.due_words or f"chậm nhất ngày {period.due_on:%d/%m/%Y}"


def _table(late) -> Table:
    columns = [
        Column("Đơn vị", 4),
        Column("Hạn gửi", 1.5),
        Column("Số ngày trễ", 1.2),
        Column("Tình trạng", 1.6, "center"),
    ]
    rows = [[r.writer, r.due_on, (today() - r.due_on).days, r.get_state_display()] for r in late]
    return Table(columns, rows, numbered=True)


def _closing(period, unit) -> str:
    until = f", chậm nhất ngày {period.locks_on:%d/%m/%Y}" if period.locks_on >= today() else ""
    return (
        f"{unit.name} đề nghị các đơn vị khẩn trương hoàn thành và gửi báo cáo trên phần mềm{until}; nếu có khó khăn, "
        "vướng mắc đề nghị phản ánh để được hướng dẫn hoặc xem xét gia hạn."
    )
