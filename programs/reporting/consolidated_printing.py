"""The reports of a period put together, on paper and as a workbook."""

from django.core.exceptions import PermissionDenied

from programs.reporting.consolidated import Consolidated, figures_of, period_seen_by
from programs.reporting.models import UnitReport
from programs.targets.figures import viewpoint
from welfare.documents.blocks import Bullet, Column, GroupRow, Heading, Paragraph, Table, text_blocks
from welfare.documents.layout import Appendix, OfficialDocument, PartialDate, Recipient, signature_of
from welfare.documents.printing import about, issued_as
from welfare.units.models import Unit, today
from welfare.vietnamese import within

_NUMBERS = ("I", "II", "III", "IV", "V")
_MOST_ROWS_ON_PAPER = 1_500


@about("programs.ReportingPeriod")
@issued_as("Báo cáo tổng hợp của các đơn vị")
def consolidated_document(user, subject_id, *, whole_year=None, by_unit=None) -> OfficialDocument:
    """What ``user`` may read of a period's accepted reports; with ``whole_year`` all periods of its year beside each other.

    The units' own figures come along as an appendix, where they are very many only when ``by_unit`` asks for them.
    Raises ``Http404`` for a period out of sight, ``PermissionDenied`` without the right to read reports.
    """
    if not user.has_perm("programs.view_unitreport"):
        raise PermissionDenied
    period = period_seen_by(user, int(subject_id))
    found = Consolidated(user, period, whole_year=bool(whole_year))
    unit = viewpoint(user)
    head = unit.letterhead()
    return OfficialDocument(
        superior=head.superior if head else "",
        issuer=head.issuer if head else unit.name,
        issuer_name=unit.name,
        unit_id=unit.pk,
        symbol=f"BC-{head.abbreviation if head else 'LĐLĐ'}",
        place=head.place if head else "",
        date=PartialDate(today().year, today().month),
        kind="BÁO CÁO",
        summary=f"Tổng hợp {within(found.title)}",
        blocks=list(_body(found, unit)),
        signatures=[signature_of(unit)],
        recipients=_recipients(period, unit),
        appendices=[*_figures_by_unit(user, found, bool(by_unit)), *_missing(found)],
    )


def _recipients(period, unit):
    above = Unit.objects.get_parent(unit)
    organization = period.rule.to_organization if above is None else None
    first = above.name if above else (organization.name if organization else "Thường trực")
    return [Recipient(first, "để b/c"), Recipient("Các ban, đơn vị liên quan", "để t/h"), Recipient("Lưu: VT")]


def _body(found, unit):
    """Sections that have something to say, numbered as they come."""
    yield Paragraph(_opening(found, unit))
    sections = [
        ("Tình hình gửi báo cáo", _standing(found)),
        ("Số liệu tổng hợp", _figures(found)),
        ("Kết quả nổi bật của các đơn vị", _told(found, "results")),
        ("Khó khăn, kiến nghị", _proposals(found)),
        ("Phương hướng", _told(found, "next_steps")),
    ]
    numbers = iter(_NUMBERS)
    for title, blocks in sections:
        if blocks:
            yield Heading(title, next(numbers))
            yield from blocks


def _opening(found, unit) -> str:
    plan = found.period.rule.plan
    number = f" số {plan.number_and_symbol}" if plan.number else ""
    issued = f" ngày {plan.issued_on:%d/%m/%Y}" if plan.issued_on else ""
    return (
        f"Thực hiện {plan.kind.name}{number}{issued} của {plan.unit.name} về {within(plan.title)}, "
        f"{unit.name} tổng hợp {within(found.title)} của các đơn vị như sau:"
    )


def _standing(found):
    counted = found.tally
    on_time = "" if counted.on_time_rate is None else f"; gửi đúng hạn {counted.on_time_rate}%"
    return [
        Paragraph(
            f"Có {counted.owed:02d} báo cáo phải gửi; đã gửi {counted.sent:02d}, đã duyệt {counted.accepted:02d}{on_time}. "
            "Số liệu dưới đây cộng từ các báo cáo đã duyệt."
        )
    ]


def _figures(found):
    if not found.rows:
        return []
    return [_year_table(found) if found.whole_year else _period_table(found)]


def _period_table(found) -> Table:
    before = found.before.name if found.before else "Kỳ trước"
    columns = [Column("Chỉ số", 4), Column("Đơn vị tính", 1.3, "center"), Column("Kết quả", 1.6), Column(before, 1.6),
               Column("Theo sổ", 1.6), Column("Số đơn vị báo", 1.1)]  # fmt: skip
    rows = [
        [row.indicator.name, row.indicator.unit_of_measure, _value(row.line), _value(row.before),
         row.line.known[0] if row.indicator.source == "counted" else None, row.line.units]
        for row in found.rows
    ]  # fmt: skip
    return Table(columns, rows, numbered=True, caption="Bảng 1. Số liệu tổng hợp")


def _year_table(found) -> Table:
    columns = [Column("Chỉ số", 4), Column("Đơn vị tính", 1.3, "center")]
    columns += [Column(period.name, 1.4) for period in found.periods] + [Column("Cả năm", 1.5)]
    rows = [
        [
            row.indicator.name,
            row.indicator.unit_of_measure,
            *(_value(line) for _, line in row.by_period),
            _value(row.year),
        ]
        for row in found.rows
    ]
    return Table(columns, rows, numbered=True, caption="Bảng 1. Số liệu tổng hợp các kỳ trong năm")


def _value(line):
    return line.value if line else None


def _told(found, field):
    blocks = []
    for report in found.narratives:
        if text := getattr(report, field).strip():
            blocks += [Paragraph("", lead=f"{report.writer}:"), *text_blocks(text)]
    return blocks


def _proposals(found):
    blocks = []
    for addressee, proposals in found.proposals:
        blocks.append(Paragraph("", lead=f"{addressee}:"))
        blocks += [Bullet(_proposal(each)) for each in proposals]
    return blocks


def _proposal(proposal) -> str:
    said = f"{proposal.unit}: {' '.join(proposal.text.split())}"
    return f"{said} (đã trả lời: {' '.join(proposal.answer.split())})" if proposal.answer else said


def _figures_by_unit(user, found, asked: bool):
    """Each indicator's figures of the accepted reports, unit by unit."""
    figures = figures_of(user, [found.period]).filter(report__state=UnitReport.State.ACCEPTED)
    if not asked and figures.count() > _MOST_ROWS_ON_PAPER:
        return []
    by_indicator: dict = {}
    for figure in figures.order_by("order", "indicator", "report__unit__path"):
        by_indicator.setdefault(figure.indicator, []).append(figure)
    rows = []
    for indicator, stated in by_indicator.items():
        rows.append(GroupRow(f"{indicator} ({indicator.unit_of_measure})"))
        rows += [_figure_row(figure) for figure in stated]
    columns = [Column("Đơn vị", 4), Column("Số liệu", 1.4), Column("Tử số", 1.3), Column("Mẫu số", 1.3),
               Column("Giải trình", 3)]  # fmt: skip
    return [Appendix("Số liệu từng chỉ số theo đơn vị", [Table(columns, rows, caption="Theo đơn vị")])] if rows else []


def _figure_row(figure):
    return [figure.report.unit.short_name, figure.value, figure.numerator, figure.denominator, figure.note]


def _missing(found):
    rows = [[r.writer, r.get_state_display(), r.due_on, r.days_late() or None] for r in found.missing]
    columns = [
        Column("Đơn vị", 4),
        Column("Trạng thái", 1.5, "center"),
        Column("Hạn gửi", 1.5),
        Column("Trễ (ngày)", 1.2),
    ]
    table = Table(columns, rows, numbered=True, caption="Chưa tổng hợp")
    return [Appendix("Báo cáo chưa có trong bản tổng hợp", [table])] if rows else []
