"""The dashboard on paper: what a leader reads or hands on, without figures that would point at a person."""

from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from beneficiaries.funds.printing import head_of, recipients
from programs.targets.figures import RULE
from reports.dashboard.board import Board
from reports.dashboard.period import asked_period, number
from reports.dashboard.summary import CODES, SHARE
from reports.helped import NOTE
from reports.progress.sections import plain
from welfare.documents.blocks import Bullet, Chart, Column, GroupRow, Heading, Paragraph, Table, stacked
from welfare.documents.layout import OfficialDocument, signature_of
from welfare.units.models import Unit, today
from welfare.vietnamese import format_number, within

_LINE = 16  # letters that a cell of what was reached holds


def dashboard_document(user, subject_id, *, year=None, month=None, plan=None) -> OfficialDocument:
    """The dashboard of unit ``subject_id`` to the end of ``month`` of ``year`` (default now).

    Raises ``Http404`` for a unit out of reach, no such time or plan, ``PermissionDenied`` without the right to figures.
    """
    if not user.has_perm("programs.view_actual"):
        raise PermissionDenied
    if not user.reach.covers(int(subject_id)):
        raise Http404
    unit = get_object_or_404(Unit, pk=int(subject_id))
    board = Board(user, unit, asked_period({"nam": year, "den": month}), number(plan), for_print=True)
    if board.plan_elsewhere:
        raise Http404
    return OfficialDocument(
        **head_of(unit, board.period.until),
        kind="TỔNG QUAN",
        summary=f"Công tác chăm lo đoàn viên, người lao động\n{board.period} (tính đến ngày {board.period.until:%d/%m/%Y})",
        blocks=list(_blocks(board)),
        closing=False,
        signatures=[signature_of(unit)],
        recipients=recipients(unit),
    )


def _blocks(board):
    yield Heading("Số chính", "I")
    yield _cards(board)
    yield Heading("Cần chú ý", "II")
    yield from _red(board)
    yield Heading("Chỉ tiêu kế hoạch", "III")
    yield from _targets(board)
    yield Heading("Theo đơn vị", "IV")
    yield from _units(board)
    if board.drawings:
        yield Heading("Biểu đồ", "V")
    for drawing in board.drawings:
        yield Chart(drawing.title, drawing.categories, [_plain(one) for one in drawing.series], drawing.unit_of_measure)
        if drawing.note:
            yield Paragraph(drawing.note, italic=True)


def _plain(series):
    return type(series)(series.name, series.values)


def _cards(board):
    columns = [Column("Nội dung", 4), Column("Đơn vị tính", 1.2, "center"), Column("Kỳ này", 2), Column("Cùng kỳ năm trước", 2),
               Column("Tăng, giảm (%)", 1.4)]  # fmt: skip
    rows = [
        [card.title, card.unit_of_measure, _rounded(card.amount.value), _rounded(card.before.value), _rounded(card.change)]
        for card in board.cards
    ]  # fmt: skip
    return Table(columns, rows, numbered=True)


def _rounded(value):
    return None if value is None else int(value) if value == int(value) else round(value, 1)


def _red(board):
    for row in board.red_list:
        figure = row.figure
        of_plan = f"; {figure.target.plan}" if _has_several_plans(board) else ""
        yield Bullet(
            f"{figure.status.label}: {_name(figure.target, board)} ({figure.actual_text} / {figure.wanted_text}{of_plan})."
        )
    if board.red_lines and board.period.is_over:
        yield Paragraph(f"Báo cáo, nhà, quỹ và nghi trùng là tình hình ngày {today():%d/%m/%Y}.", italic=True)
    for line in board.red_lines:
        named = "; ".join(f"{what} ({where})" for what, where, _ in line.worst) if line.concern.may_be_named else ""
        more = f"; và {format_number(line.rest)} {line.concern.noun} khác" if named and line.rest > 0 else ""
        yield Bullet(
            f"{line.concern.title}: {format_number(line.count)} {line.concern.noun}{f' – {named}{more}' if named else ''}."
        )
    if not board.red_list and not board.red_lines:
        yield Paragraph("Không có việc nào chậm hoặc có nguy cơ.")


def _targets(board):
    if not board.targets:
        yield Paragraph("Không có chỉ tiêu nào đang thực hiện trong kỳ.")
        return
    columns = [Column("Chỉ tiêu", 4.6), Column("Cần đạt", 2.3, "center"), Column("Đã đạt", 2.3, "center"),
               Column("Tỷ lệ (%)", 1.1), Column("Tình trạng", 1.5, "center")]  # fmt: skip
    rows = []
    for plan, targets in groupby(board.targets, lambda row: row.figure.target.plan):
        if _has_several_plans(board):
            rows.append(GroupRow(str(plan)))
        rows += [_target_line(row, board) for row in targets]
    yield Table(columns, rows, numbered=True)
    if any(row.figure.is_withheld for row in board.targets):
        yield Paragraph(NOTE, italic=True)
    yield Paragraph(RULE, italic=True)


def _has_several_plans(board) -> bool:
    return len({row.figure.target.plan_id for row in board.targets}) > 1


def _target_line(row, board):
    reached = stacked(row.figure.actual_text, beyond=_LINE)
    return [_name(row.figure.target, board), row.figure.wanted_text, reached, _rounded(row.figure.percent), row.status]


def _name(target, board) -> str:
    """The plan's sentence; where it holds several figures, with what this one counts."""
    same = [
        row
        for row in board.targets
        if (row.figure.target.plan_id, row.figure.target.text) == (target.plan_id, target.text)
    ]
    return f"{plain(target.text)} ({within(target.indicator.name)})" if len(same) > 1 else plain(target.text)


def _units(board):
    titles = [f"{title} (%)" if code == SHARE else title for code, title, _ in board.headers()]
    columns = [Column("Đơn vị", 4.4), *(Column(title, 1.6) for title in titles)]
    if board.summary.children:
        yield Table(
            columns,
            _lines(board.unit_rows(board.units())),
            total=["Toàn đơn vị", *_figures(board.whole_row)],
            numbered=True,
        )
    else:
        yield Paragraph("Không có đơn vị trực thuộc.")
    if board.taken_over_rows:
        yield Paragraph(
            "Đơn vị đã đóng mà đơn vị này kế thừa; số liệu giữ theo đơn vị cũ, không cộng vào số của đơn vị."
        )
        yield Table(columns, _lines(board.taken_over_rows), numbered=True)


def _lines(rows):
    return [[row.name, *_figures(row)] for row in rows]


def _figures(row):
    return [
        None if cell.value is None else round(cell.value, 1) if code == SHARE else int(cell.value)
        for code, cell in zip(CODES, row.cells, strict=True)
    ]
