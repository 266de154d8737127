"""Dự toán and quyết toán of an event as papers."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from events.budget.models import EventBudget
from events.budget.table import comparison_of
from events.papers.heads import official
from welfare.documents.blocks import Column, Paragraph, Table
from welfare.documents.layout import OfficialDocument, PartialDate, Signature
from welfare.documents.printing import about
from welfare.units.models import today
from welfare.vietnamese import format_money, money_words

_NOTE = "Đơn vị tính: đồng"


@about("events.EventBudget")
def budget_document(user, subject_id) -> OfficialDocument:
    """The estimate, line by line and by source."""
    budget, found = _budget(user, subject_id)
    columns = [
        Column("Nội dung chi", 4), Column("ĐVT", 1, "center"), Column("Số lượng", 1.1), Column("Đơn giá", 1.7),
        Column("Thành tiền", 1.9), Column("Nguồn", 2.6),
    ]  # fmt: skip
    rows = [[x.item, x.measure, x.quantity, x.price, x.estimated, x.pays] for x in found.lines]
    total = ["Cộng", "", "", "", found.total.estimated, ""]
    return _paper(
        budget, "DỰ TOÁN", f"Kinh phí tổ chức {budget.event}",
        [
            _standing(budget),
            Table(columns, rows, total=total, numbered=True, note=_NOTE),
            Paragraph(f"Bằng chữ: {money_words(found.total.estimated)}.", italic=True),
            _sources(found, lambda sums: [sums.estimated], [Column("Dự toán", 2)]),
            *([Paragraph(budget.note)] if budget.note else []),
        ],
    )  # fmt: skip


@about("events.EventBudget")
def settlement_document(user, subject_id) -> OfficialDocument:
    """What was spent beside the estimate, with the reason where it is above. Raises ``Http404`` before any approval."""
    budget, found = _budget(user, subject_id)
    if budget.state not in (EventBudget.State.APPROVED, EventBudget.State.SETTLED):
        raise Http404
    return _paper(
        budget, "BÁO CÁO QUYẾT TOÁN", f"Kinh phí tổ chức {budget.event}",
        [
            _standing(budget),
            comparison_table(found),
            Paragraph(
                f"Tổng thực chi {format_money(found.total.spent)} ({money_words(found.total.spent).lower()}), "
                f"dự toán {format_money(found.total.estimated)}.", italic=True,
            ),
            _sources(
                found, lambda sums: [sums.estimated, sums.spent, sums.difference],
                [Column("Dự toán", 2), Column("Thực chi", 2), Column("Chênh lệch", 2)],
            ),
        ],
    )  # fmt: skip


_WIDTHS = (4, 20, 11, 6.5, 10, 11, 10.5, 13, 14)  # percent of a wide page, the running number's first


def comparison_table(found) -> Table:
    columns = [
        Column("Nội dung chi"), Column("Dự toán"), Column("Số lượng", group="Thực chi"), Column("Đơn giá", group="Thực chi"),
        Column("Thành tiền", group="Thực chi"), Column("Chênh lệch"), Column("Nguồn"), Column("Chứng từ, lý do"),
    ]  # fmt: skip
    rows = [
        [x.item, x.estimated, x.spent_quantity, x.spent_price, x.spent, x.difference, x.pays, _remark(x)]
        for x in found.lines
    ]
    total = ["Cộng", found.total.estimated, "", "", found.total.spent, found.total.difference, "", ""]
    return Table(columns, rows, total=total, numbered=True, note=_NOTE, fixed_widths=_WIDTHS)


def _remark(line) -> str:
    paper = f"Chứng từ {line.entry.document_number}" if line.entry_id else ""
    return ". ".join(part for part in (paper, line.reason) if part)


def _sources(found, figures, columns) -> Table:
    rows = [[name, *figures(sums)] for name, sums in found.by_source.items()]
    return Table(
        [Column("Nguồn kinh phí", 5), *columns],
        rows,
        total=["Cộng", *figures(found.total)],
        caption="Theo nguồn",
        note=_NOTE,
    )


def _standing(budget) -> Paragraph:
    if budget.approved_on:
        number = f" theo {budget.decision_number}" if budget.decision_number else ""
        return Paragraph(f"Dự toán được duyệt ngày {budget.approved_on:%d/%m/%Y}{number}.", italic=True)
    return Paragraph("(Dự toán chưa được duyệt)", italic=True, align="center")


def _budget(user, subject_id):
    if not user.has_perm("events.view_eventbudget"):
        raise PermissionDenied
    budgets = EventBudget.objects.for_user(user).select_related("event__unit", "unit")
    budget = get_object_or_404(budgets, pk=subject_id)
    return budget, comparison_of(budget)


def _paper(budget, kind, summary, blocks) -> OfficialDocument:
    signs = "(Ký, họ tên)"
    return official(
        budget.unit, date=PartialDate(today().year, today().month), kind=kind, summary=summary, blocks=blocks, landscape=True,
        closing=False, signatures=[Signature([who], hint=signs) for who in ("NGƯỜI LẬP", "KẾ TOÁN", "CHỦ TỊCH")],
    )  # fmt: skip
