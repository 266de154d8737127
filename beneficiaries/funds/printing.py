"""A fund's statement, and what came in and went out by kind, as documents."""

from datetime import date
from itertools import groupby

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404

from beneficiaries.funds.books import Kind, balances_of, fund_balances, kind_label, months_of
from beneficiaries.funds.models import Fund
from welfare.documents.blocks import Chart, Column, GroupRow, Heading, Paragraph, Table
from welfare.documents.charts import Series
from welfare.documents.layout import OfficialDocument, PartialDate, Recipient, Signature
from welfare.documents.printing import about, issued_as
from welfare.units.models import Unit, today
from welfare.vietnamese import format_money, money_words

CAME = [Kind.ALLOCATION, Kind.CONTRIBUTION, Kind.TRANSFER]
WENT = [Kind.SPEND, Kind.TRANSFER]
_NOTE = "Đơn vị tính: đồng"


@about("beneficiaries.Fund")
def statement_document(user, subject_id, *, first=None, last=None) -> OfficialDocument:
    """The book of one fund from ``first`` to ``last`` (days as typed; default: this year until today).

    Entries of one paper stand in one line. Raises ``Http404`` for a fund out of sight or no such time.
    """
    if not user.has_perm("beneficiaries.view_fundentry"):
        raise PermissionDenied
    fund = get_object_or_404(Fund.objects.for_user(user).select_related("unit"), pk=subject_id)
    first, last = period(first, last)
    found = balances_of(Fund.objects.filter(pk=fund.pk), first, last)
    return OfficialDocument(
        **head_of(fund.unit, last),
        kind="SAO KÊ",
        summary=f"{fund}\n(từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y})",
        blocks=[*_statement(fund, found[0], first, last)] if found else [Paragraph("Quỹ chưa có bút toán nào.")],
        closing=False,
        signatures=bookkeepers(),
        landscape=True,
    )


def _statement(fund, balance, first, last):
    yield Paragraph(f"{format_money(balance.before)}.", lead="Số dư đầu kỳ:")
    rows, after = [], balance.before
    for line in _lines(fund, first, last):
        after += line["total"]
        came, went = (line["total"], None) if line["total"] > 0 else (None, -line["total"])
        rows.append([line["on"], line["number"], line["words"], came, went, after])
    columns = [
        Column("Ngày", 1.2),
        Column("Số chứng từ", 1.8),
        Column("Nội dung", 5),
        *(Column(name, 1.8) for name in ("Thu", "Chi", "Còn lại")),
    ]
    came, went = (sum(row[n] or 0 for row in rows) for n in (3, 4))
    total = [None, None, "Cộng trong kỳ", came, went, after]
    yield Table(columns, rows, total=total, note=_NOTE, caption="Bảng 1. Các khoản thu, chi")
    yield _by_kind_table(balance)
    yield Paragraph(f"{format_money(after)} ({money_words(after)}).", lead="Số dư cuối kỳ:")


def _lines(fund, first, last):
    """An opening balance written in the time stands before it. Lines of one paper, day and wording are added up."""
    entries = (
        fund.entries.filter(on__range=(first, last)).exclude(kind=Kind.OPENING).exclude(reverses__kind=Kind.OPENING)
    )
    same = lambda e: (e.on, e.kind, e.document_number, e.note, e.donor_id, e.amount > 0)  # noqa: E731
    for _, group in groupby(
        entries.select_related("donor", "from_unit").order_by("on", "kind", "document_number", "pk"), same
    ):
        of_paper = list(group)
        entry = of_paper[0]
        many = f" ({len(of_paper)} khoản)" if len(of_paper) > 1 else ""
        giver = entry.donor or entry.from_unit
        told = ": ".join(part for part in (entry.get_kind_display(), str(giver or ""), entry.note) if part)
        yield {
            "on": entry.on, "number": entry.document_number, "words": f"{told}{many}",
            "total": sum(e.amount for e in of_paper),
        }  # fmt: skip


def _by_kind_table(balance) -> Table:
    columns = [Column("Loại", 4), Column("Thu", 2), Column("Chi", 2)]
    total = ["Cộng, khoản đã ghi đảo không tính", balance.income, balance.spent]
    return Table(columns, _kind_rows(balance), total=total, note=_NOTE, caption="Bảng 2. Theo loại")


@issued_as("Báo cáo thu, chi các quỹ")
def summary_document(user, subject_id, *, year=None) -> OfficialDocument:
    """Income and spending of all funds of the unit ``subject_id`` and under it, by kind, fund and month of a year."""
    unit, year = unit_and_year(user, subject_id, year)
    first, last = date(year, 1, 1), min(date(year, 12, 31), today())
    return OfficialDocument(
        **head_of(unit, last),
        symbol=symbol_of(unit, last, "BC"),
        kind="BÁO CÁO",
        summary=f"Thu, chi các quỹ năm {year}\n(đến ngày {last:%d/%m/%Y})",
        blocks=list(_summary(user, unit, first, last)),
        closing=False,
        signatures=bookkeepers(),
        recipients=recipients(unit),
    )


def _summary(user, unit, first, last):
    balances = fund_balances(user, unit, first, last)
    if not balances:
        yield Paragraph(f"{unit} chưa có quỹ nào có tiền trong năm {first.year}.")
        return
    yield Heading("Theo quỹ", "I")
    yield fund_table(balances)
    yield Heading("Từng quỹ theo loại thu, chi", "II")
    yield _kinds_by_fund(balances)
    yield Heading("Theo tháng", "III")
    months = months_of(Fund.objects.for_user(user).filter(unit__path__startswith=unit.path), first, last)
    names = [f"Tháng {month.first_day:%m}" for month in months]
    income, spent = ([getattr(month, name) / 1_000_000 for month in months] for name in ("income", "spent"))
    yield Chart("Thu, chi theo tháng", names, [Series("Thu", income), Series("Chi", spent)], "triệu đồng")
    yield month_table(months)


def fund_table(balances, caption="") -> Table:
    columns = [Column("Quỹ", 2.8), *(Column(name, 2) for name in ("Dư đầu kỳ", "Thu", "Chi", "Dư cuối kỳ"))]
    rows = [[b.fund.name, b.before, b.income, b.spent, b.after] for b in balances]
    total = ["Cộng", *(sum(row[n] for row in rows) for n in range(1, len(columns)))]
    return Table(columns, rows, total=total, caption=caption, note=_NOTE, numbered=True)


def _kinds_by_fund(balances) -> Table:
    rows = []
    for balance in balances:
        if found := _kind_rows(balance):
            rows += [GroupRow(balance.fund.name), *found]
    total = ["Cộng", sum(b.income for b in balances), sum(b.spent for b in balances)]
    return Table([Column("Loại", 4), Column("Thu", 2), Column("Chi", 2)], rows, total=total, note=_NOTE)


def _kind_rows(balance) -> list[list]:
    rows = [[kind_label(kind, is_out=False), total, None] for kind, total in sorted(balance.came.items())]
    return rows + [[kind_label(kind, is_out=True), None, total] for kind, total in sorted(balance.went.items())]


def kinds_in(balances) -> tuple[list[str], list[str]]:
    """Kinds of income and of spending that occur, in the order of the books."""
    order = [str(kind) for kind in Kind]
    came, went = ({kind for b in balances for kind in getattr(b, name)} for name in ("came", "went"))
    return sorted(came, key=order.index), sorted(went, key=order.index)


def fund_row(balance, came, went) -> list:
    incomes, spendings = [balance.came.get(kind, 0) for kind in came], [balance.went.get(kind, 0) for kind in went]
    return [balance.fund.name, balance.before, *incomes, *spendings, balance.after]


def month_table(months) -> Table:
    columns = [Column("Tháng", 1.2, "center"), *(Column(name, 2) for name in ("Thu", "Chi", "Dư cuối tháng"))]
    rows = [[f"{m.first_day:%m/%Y}", m.income, m.spent, m.after] for m in months]
    total = ["Cộng", sum(m.income for m in months), sum(m.spent for m in months), months[-1].after]
    return Table(columns, rows, total=total, note=_NOTE)


def period(first, last) -> tuple[date, date]:
    """Raises ``Http404`` for what is no day or a time that ends before it begins."""
    start, end = typed_day(first), typed_day(last)
    if (first and not start) or (last and not end):
        raise Http404
    end = min(end or today(), today())
    start = start or date(end.year, 1, 1)
    if start.year < 2000 or start > end:
        raise Http404
    return start, end


def typed_day(text) -> date | None:
    """A day typed as 31/12/2026 or as a browser's date field sends it; None for anything else."""
    try:
        return forms.DateField(input_formats=["%d/%m/%Y", "%Y-%m-%d"], required=False).clean((text or "")[:20])
    except ValidationError:
        return None


def unit_and_year(user, unit_id, year) -> tuple[Unit, int]:
    """Raises ``Http404`` for a unit out of reach or no such year, ``PermissionDenied`` for who reads no ledgers."""
    if not user.has_perm("beneficiaries.view_fundentry"):
        raise PermissionDenied
    unit, year = get_object_or_404(Unit, pk=unit_id), int(year or today().year)
    if not user.reach.covers(unit.pk) or not 2000 <= year <= today().year:
        raise Http404
    return unit, year


def head_of(unit, on) -> dict:
    head = unit.letterhead(on)
    return {
        "superior": head.superior if head else "",
        "issuer": head.issuer if head else unit.name,
        "issuer_name": unit.name,
        "unit_id": unit.pk,
        "place": head.place if head else "",
        "date": PartialDate(on.year, on.month),
    }


def symbol_of(unit, on, kind) -> str:
    head = unit.letterhead(on)
    return f"{kind}-{head.abbreviation if head else 'LĐLĐ'}"


def bookkeepers() -> list[Signature]:
    signs = "(Ký, họ tên)"
    return [Signature([who], hint=signs) for who in ("NGƯỜI LẬP", "KẾ TOÁN", "CHỦ TỊCH")]


def recipients(unit) -> list[Recipient]:
    above = Unit.objects.get_parent(unit)
    return [Recipient(above.name if above else "Ban Thường vụ", "để b/c"), Recipient("Lưu: VT")]
