"""The year's public disclosure of welfare money (Luật Công đoàn 2024, Điều 34): posted, told at a meeting or on the web.

Of a person no more than name, year of birth, unit and amount is published, and only on request: nobody with an illness
or disability on record, and nobody of a group so small that the line would point at them.
"""

from datetime import date
from itertools import groupby

from django.db.models import Count, F, Q, Sum

from beneficiaries.feedback.printed import feedback_notes
from beneficiaries.funds.books import fund_balances, kind_label
from beneficiaries.funds.donors import Donor, GiftInKind
from beneficiaries.funds.models import FundEntry
from beneficiaries.funds.printing import fund_table, head_of, kinds_in, recipients, symbol_of, unit_and_year
from beneficiaries.grants.models import Grant
from beneficiaries.houses.funding import HousePayment
from beneficiaries.people.models import Hardship
from welfare.documents.blocks import Column, GroupRow, Heading, Paragraph, Table
from welfare.documents.layout import Appendix, OfficialDocument, signature_of
from welfare.documents.printing import issued_as
from welfare.units.models import today

FEW = 5
_NOTE = "Đơn vị tính: đồng"
_HIDDEN = "Nhà hảo tâm"


@issued_as("Công khai hằng năm")
def disclosure_document(user, subject_id, *, year=None, names="") -> OfficialDocument:
    """What the unit ``subject_id`` and those under it took in and spent in ``year``; with ``names`` also to whom."""
    unit, year = unit_and_year(user, subject_id, year)
    last = min(date(year, 12, 31), today())
    return OfficialDocument(
        **head_of(unit, last),
        symbol=symbol_of(unit, last, "TB"),
        kind="THÔNG BÁO",
        summary=f"Công khai thu, chi và kết quả chăm lo đoàn viên, người lao động\nnăm {year}",
        blocks=list(_blocks(user, unit, year, last)),
        closing=False,
        signatures=[signature_of(unit)],
        recipients=recipients(unit),
        notes=feedback_notes(),
        appendices=_people(user, unit, year) if names else [],
    )


def _blocks(user, unit, year, last):
    yield Paragraph(
        f"{unit.name} công khai thu, chi các quỹ chăm lo từ ngày 01/01/{year} đến ngày {last:%d/%m/%Y} để đoàn viên, người "
        "lao động và nhà tài trợ biết, giám sát."
    )
    yield Heading("Thu, chi các quỹ", "I")
    balances = fund_balances(user, unit, date(year, 1, 1), last)
    yield from _funds(balances) if balances else [Paragraph("Trong năm không có quỹ nào có tiền.")]
    yield Heading("Các nhà tài trợ", "II")
    yield _donors(user, unit, year)
    yield Heading("Đã hỗ trợ", "III")
    yield _support(user, unit, year)
    yield _houses(user, unit, year)


def _funds(balances):
    yield fund_table(balances)
    came, went = kinds_in(balances)
    rows = [[kind_label(kind, is_out=False), sum(b.came.get(kind, 0) for b in balances), None] for kind in came]
    rows += [[kind_label(kind, is_out=True), None, sum(b.went.get(kind, 0) for b in balances)] for kind in went]
    yield Table([Column("Thu, chi theo loại", 4), Column("Thu", 2), Column("Chi", 2)], rows, note=_NOTE)


def _donors(user, unit, year):
    """Who did not agree to be named stands with the others who did not, in one line."""
    given = {donor.pk: [donor.public_name, 0, 0] for donor in _donors_of(user, unit)}
    money = FundEntry.objects.for_user(user).filter(on__year=year, donor__in=given).order_by()
    for row in money.values("donor").annotate(total=Sum("amount")):
        given[row["donor"]][1] = row["total"]
    things = GiftInKind.objects.for_user(user).filter(given_on__year=year, donor__in=given).order_by()
    for row in things.values("donor").annotate(total=Sum("value")):
        given[row["donor"]][2] = row["total"]
    rows = [row for row in given.values() if row[1] or row[2]]
    if not rows:
        return Paragraph("Trong năm chưa có khoản tài trợ nào.")
    named = sorted((row for row in rows if row[0] != _HIDDEN), key=lambda row: (-row[1] - row[2], row[0]))
    hidden = [row for row in rows if row[0] == _HIDDEN]
    if hidden:
        told = f"{_HIDDEN} không nêu tên ({len(hidden)} người)" if len(hidden) > 1 else f"{_HIDDEN} không nêu tên"
        named.append([told, sum(row[1] for row in hidden), sum(row[2] for row in hidden)])
    columns = [Column("Nhà tài trợ", 4), Column("Tiền", 2), Column("Giá trị hiện vật", 2)]
    total = ["Cộng", sum(row[1] for row in named), sum(row[2] for row in named)]
    return Table(columns, [[figure or None for figure in row] for row in named], total=total, note=_NOTE, numbered=True)


def _donors_of(user, unit):
    return Donor.objects.for_user(user).filter(unit__path__startswith=unit.path)


def _support(user, unit, year):
    grants = _paid(user, unit, year).order_by("round__occasion__name", "unit__path")
    sums = grants.values("round__occasion__name", "unit__short_name", "unit__path").annotate(
        portions=Sum("people_count"), money=Sum("cash"), things=Sum("in_kind_value")
    )  # fmt: skip
    if not sums:
        return Paragraph("Trong năm chưa chi khoản hỗ trợ nào.")
    rows = []
    for occasion, of_occasion in groupby(sums, lambda row: row["round__occasion__name"]):
        rows.append(GroupRow(occasion))
        rows += [
            [row["unit__short_name"], row["portions"], row["money"] or None, row["things"] or None]
            for row in of_occasion
        ]
    columns = [Column("Dịp, đơn vị", 3.4), Column("Số suất", 1.2), Column("Tiền mặt", 2), Column("Giá trị hiện vật", 2)]
    total = ["Cộng", *(sum(row[name] for row in sums) for name in ("portions", "money", "things"))]
    return Table(columns, rows, total=total, note=_NOTE, caption="Hỗ trợ người, hộ khó khăn")


def _houses(user, unit, year):
    payments = HousePayment.objects.for_user(user).standing().filter(entry__on__year=year).order_by()
    payments = payments.filter(line__house__unit__path__startswith=unit.path).values(
        "line__house__unit__short_name", "line__house__unit__path"
    )
    sums = payments.annotate(houses=Count("line__house", distinct=True), total=Sum("amount"))
    rows = [
        [row["line__house__unit__short_name"], row["houses"], row["total"]]
        for row in sorted(sums, key=lambda row: row["line__house__unit__path"])
    ]
    if not rows:
        return Paragraph("Trong năm quỹ chưa chi làm nhà.")
    columns = [Column("Đơn vị", 4), Column("Số nhà", 1.2), Column("Quỹ đã chi", 2)]
    total = ["Cộng", *(sum(row[n] for row in rows) for n in (1, 2))]
    return Table(columns, rows, total=total, note=_NOTE, caption="Làm nhà Mái ấm")


def _paid(user, unit, year):
    return Grant.objects.for_user(user).paid().filter(paid_on__year=year, unit__path__startswith=unit.path)


def _people(user, unit, year) -> list[Appendix]:
    ill = Hardship.objects.filter(kind__is_health=True).values("person")
    grants = _paid(user, unit, year).filter(Q(person__isnull=False) | Q(household__isnull=False)).select_related(
        "person", "unit", "round__occasion"
    ).annotate(occasion=F("round__occasion__name"), is_ill=Q(person__in=ill))  # fmt: skip
    grants = grants.order_by("occasion", "round__occasion", "unit__path", "person__sort_name", "pk")
    rows = []
    for (occasion, group), members in groupby(grants, lambda grant: (grant.occasion, grant.unit)):
        rows += [GroupRow(f"{occasion}: {group}"), *_group(list(members))]
    if not rows:
        return []
    columns = [Column("Họ và tên", 3.4), Column("Năm sinh", 1.1, "center"), Column("Đơn vị", 2.4), Column("Số tiền", 2)]
    return [Appendix("Danh sách người được hỗ trợ", [Table(columns, rows, note=_NOTE)])]


def _group(grants) -> list[list]:
    """Those who may be named, then how many more there are."""
    named = [grant for grant in grants if grant.person_id and not grant.is_ill]
    if len(named) < FEW:
        named = []
    rows = [[g.person.full_name, str(g.person.birth_year or ""), str(g.unit), g.value] for g in named]
    others = [grant for grant in grants if grant not in named]
    if others:
        words = f"{'và ' if rows else ''}{len(others)} người không nêu tên"
        rows.append([words, "", str(others[0].unit), sum(grant.value for grant in others)])
    return rows
