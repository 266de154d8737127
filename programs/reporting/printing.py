"""One unit's report on paper, in the official layout."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from programs.reporting.models import UnitReport
from programs.reporting.sheet import Line, lines_of
from welfare.documents.blocks import Bullet, Column, Heading, Paragraph, Table, stacked, text_blocks
from welfare.documents.layout import OfficialDocument, PartialDate, Recipient, Signature, roman, signature_of
from welfare.documents.printing import about
from welfare.vietnamese import within


@about("programs.UnitReport")
def unit_report_document(user, subject_id) -> OfficialDocument:
    """What the report says now, or said when it was sent.

    Raises ``Http404`` for a report out of the user's sight, ``PermissionDenied`` without the right to read reports.
    """
    if not user.has_perm("programs.view_unitreport"):
        raise PermissionDenied
    reports = UnitReport.objects.for_user(user).select_related(
        "period__rule__plan__kind", "period__rule__plan__unit", "period__rule__to_organization", "unit", "department",
        "receiver",
    )  # fmt: skip
    report = get_object_or_404(reports, pk=subject_id)
    head = report.unit.letterhead(report.submitted_on or report.due_on)
    return OfficialDocument(
        superior=head.superior if head else "",
        issuer=head.issuer if head else report.unit.name,
        issuer_name=report.unit.name,
        unit_id=report.unit.pk,
        symbol=f"BC-{head.abbreviation if head else 'LĐLĐ'}",
        place=head.place if head else "",
        date=report.submitted_on or PartialDate(report.due_on.year),
        kind="BÁO CÁO",
        summary=_title(report),
        addressees=[_receiver(report)],
        blocks=_blocks(report),
        signatures=[_signature(report)],
        recipients=[Recipient(_receiver(report), "để b/c"), Recipient("Lưu: VT")],
    )


def _title(report):
    plan = report.period.rule.plan
    return f"Kết quả thực hiện {plan.kind.name} {plan.title}\n({within(report.period.name)})"


def _receiver(report) -> str:
    rule = report.period.rule
    if report.department_id or not report.receiver_id:
        return str(rule.to_organization or report.unit.name)
    return report.receiver.name


def _signature(report):
    if report.department_id:
        return Signature([report.department.name.upper()])
    return signature_of(report.unit)


def _blocks(report):
    yield Paragraph(_opening(report))
    sections = [
        ("Kết quả nổi bật", text_blocks(report.results)),
        ("Số liệu thực hiện", _figures(report)),
        ("Khó khăn, kiến nghị", list(_proposals(report))),
        ("Phương hướng kỳ tới", text_blocks(report.next_steps)),
    ]
    for number, (title, blocks) in enumerate([each for each in sections if each[1]], 1):
        yield Heading(title, roman(number))
        yield from blocks


def _opening(report):
    plan, writer = report.period.rule.plan, report.department.name if report.department_id else report.unit.name
    number = f" số {plan.number_and_symbol}" if plan.number else ""
    issued = f" ngày {plan.issued_on:%d/%m/%Y}" if plan.issued_on else ""
    return (
        f"Thực hiện {plan.kind.name}{number}{issued} của {plan.unit.name}, {writer} báo cáo kết quả từ ngày "
        f"{report.first_day:%d/%m/%Y} đến ngày {report.last_day:%d/%m/%Y} như sau:"
    )


def _figures(report):
    columns = [Column("Chỉ số", 3.4), Column("Kỳ trước", 2, "center"), Column("Đã có trong sổ", 2, "center"),
               Column("Đơn vị báo cáo", 2, "center"), Column("Giải trình", 2.2)]  # fmt: skip
    rows = [_row(line) for line in lines_of(report)]
    return [Table(columns, rows, numbered=True)] if rows else []


def _row(line: Line):
    figure = line.figure
    known = figure.known_text if figure.is_known else "–"
    said = [stacked(text) for text in (line.last_text, known, figure.stated_text)]
    explained = ". ".join(words for words in (line.difference_text, figure.note) if words)
    return [line.indicator.name, *said, explained]


def _proposals(report):
    for each in report.proposals.standing().select_related("to_department", "to_organization").order_by("pk"):
        to = f" (đề nghị {each.addressee} trả lời)" if each.addressee else ""
        yield Bullet(f"{each.text.strip().rstrip('.')}{to}.")
        if each.answer:
            yield Paragraph(f"Trả lời ngày {each.answered_on:%d/%m/%Y}: {each.answer}", italic=True)
