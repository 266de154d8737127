"""The papers of a round that are printed, all from one set of figures: submission, decision, lists, summary."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.http import Http404

from beneficiaries.feedback.printed import feedback_notes
from beneficiaries.grants.chain import decides
from beneficiaries.grants.models import Grant, GrantRound
from beneficiaries.grants.papers import decision_days
from welfare.documents.blocks import Column, GroupRow, Heading, Paragraph, Table
from welfare.documents.boards import board_blocks
from welfare.documents.layout import (
    Appendix,
    OfficialDocument,
    PartialDate,
    Recipient,
    Signature,
    collective,
    date_text,
    signature_of,
)
from welfare.documents.printing import issued_as
from welfare.units.models import Unit, today
from welfare.vietnamese import format_money, format_number, money_words

_NOTE = "Đơn vị tính: đồng"


@dataclass(frozen=True)
class Figures:
    """The grants of a round that go into one dossier. ``decision``: its number, "" for a draft of what still waits."""

    round: GrantRound
    decision: str
    grants: Sequence[Grant]

    @cached_property
    def by_unit(self) -> list[tuple[Unit, list[Grant]]]:
        return [(unit, list(rows)) for unit, rows in groupby(self.grants, key=lambda grant: grant.unit)]

    @property
    def total(self) -> int:
        return sum(grant.value for grant in self.grants)

    @property
    def cash(self) -> int:
        return sum(grant.cash for grant in self.grants)

    @property
    def people(self) -> int:
        return sum(grant.people_count for grant in self.grants)

    @property
    def decided_on(self):
        if not self.decision:
            return None
        known = decision_days([self.round]).get((self.round.pk, self.decision))
        return known or next((grant.approved_on for grant in self.grants if grant.approved_on), None)

    def in_words(self) -> str:
        return f"{format_number(self.people)} suất, tổng giá trị {format_money(self.total)} ({money_words(self.total)})"


def figures_of(user, round_id, decision="") -> Figures:
    """Raises ``Http404`` for a round out of sight or with nothing to print, ``PermissionDenied`` for who prints none."""
    round = (
        GrantRound.objects.for_user(user)
        .select_related("unit", "occasion", "plan__kind", "plan__unit")
        .get(pk=round_id)
    )
    if not decides(user, round, "view_grant"):
        raise PermissionDenied
    grants = round.grants.for_user(user, "beneficiaries.view_grant")
    chosen = _chosen(grants, decision).select_related("unit", "person", "household", "support_kind")
    rows = list(chosen.order_by("unit__path", "person__sort_name", "pk"))
    if not rows:
        raise Http404
    for grant in rows:
        grant.round = round
    return Figures(round, decision, rows)


def _chosen(grants, decision):
    """By its decision; else what waits, and where nothing waits any more, all that was approved."""
    if decision:
        return grants.binding().filter(decision_number=decision)
    waiting = grants.waiting()
    return waiting if waiting.exists() else grants.binding()


# The documents of settings.DOCUMENTS ------------------------------------------------------------


@issued_as("Tờ trình hỗ trợ")
def submission(user, subject_id, decision="") -> OfficialDocument:
    return submission_of(figures_of(user, int(subject_id), decision))


@issued_as("Quyết định hỗ trợ")
def decision_document(user, subject_id, decision="") -> OfficialDocument:
    return decision_of(figures_of(user, int(subject_id), decision))


def approved_list(user, subject_id, decision="") -> OfficialDocument:
    return list_of(figures_of(user, int(subject_id), decision))


def signing_list(user, subject_id, decision="") -> OfficialDocument:
    return signing_of(figures_of(user, int(subject_id), decision))


def summary(user, subject_id, decision="") -> OfficialDocument:
    return summary_of(figures_of(user, int(subject_id), decision))


def presentation_board(user, subject_id, decision="") -> OfficialDocument:
    return board_of(figures_of(user, int(subject_id), decision))


def bank_list(user, subject_id, decision="") -> OfficialDocument:
    """Account numbers: only to who may see them."""
    if not user.has_perm("beneficiaries.view_identity"):
        raise PermissionDenied
    return bank_of(figures_of(user, int(subject_id), decision))


# What each says -----------------------------------------------------------------------------------


def submission_of(figures: Figures) -> OfficialDocument:
    round = figures.round
    blocks = [
        Paragraph(f"{_grounds(round)}, qua xem xét đề nghị của các đơn vị, bộ phận tham mưu kính trình phê duyệt hỗ trợ {_subject(round)} như sau:"),
        Heading("Đối tượng và mức hỗ trợ", "1", 2),
        Paragraph(f"{figures.in_words()}, trong đó tiền mặt {format_money(figures.cash)}."),
        Heading("Tổng hợp theo đơn vị", "2", 2),
        _unit_table(figures),
        Paragraph("Kính trình lãnh đạo xem xét, phê duyệt (kèm danh sách)"),
    ]  # fmt: skip
    return _official(
        figures, kind="TỜ TRÌNH", code="TTr", summary=f"về việc hỗ trợ {_subject(round)}", blocks=blocks,
        addressees=[f"Thường trực {round.unit.name}"], signatures=[Signature(["NGƯỜI TRÌNH"])],
        recipients=[Recipient("Như trên"), Recipient("Lưu: VT")],
        appendices=[Appendix("Danh sách đề nghị hỗ trợ", [_name_table(figures)])],
    )  # fmt: skip


def decision_of(figures: Figures) -> OfficialDocument:
    round = figures.round
    blocks = [
        Heading("QUYẾT ĐỊNH:", level=0),
        Paragraph(f"Hỗ trợ {_subject(round)} cho {figures.in_words()} (danh sách kèm theo).", "Điều 1."),
        Paragraph(f"Kinh phí: {_sources(figures)}.", "Điều 2."),
        Paragraph("Các bộ phận liên quan, các đơn vị và cá nhân có tên trong danh sách chịu trách nhiệm thi hành Quyết định này", "Điều 3."),
    ]  # fmt: skip
    return _official(
        figures, kind="QUYẾT ĐỊNH", code="QĐ", summary=f"về việc hỗ trợ {_subject(round)}", blocks=blocks,
        bases=[f"Căn cứ {_plan(round)}" if round.plan else "Căn cứ quy định về chi hỗ trợ của tổ chức công đoàn", "Xét đề nghị của các đơn vị"],
        authority=f"{collective(round.unit)} {round.unit.name}".upper(), signatures=[signature_of(round.unit)],
        recipients=[Recipient("Như Điều 3"), Recipient("Lưu: VT")],
        appendices=[Appendix("Danh sách được hỗ trợ", [_name_table(figures)])], notes=feedback_notes(),
    )  # fmt: skip


def list_of(figures: Figures) -> OfficialDocument:
    """May be posted up: name, year of birth, unit and amount, nothing else."""
    subject, signatures = (
        f"được hỗ trợ {_subject(figures.round)}",
        [Signature(["NGƯỜI LẬP"]), signature_of(figures.round.unit)],
    )
    return _list(figures, subject, _name_table(figures), signatures, notes=feedback_notes())


def signing_of(figures: Figures) -> OfficialDocument:
    columns = [Column("Họ và tên", 3), Column("Năm sinh", 1, "center"), Column("Tiền mặt", 1.4), Column("Hiện vật", 1.4),
               Column("Ký nhận", 2), Column("Người nhận thay, quan hệ", 2)]  # fmt: skip
    rows = []
    for unit, grants in figures.by_unit:
        rows.append(GroupRow(unit.name))
        rows += [
            [_name(grant), _born(grant), grant.cash or None, grant.in_kind_value or None, "", ""] for grant in grants
        ]
    gifts = figures.total - figures.cash
    table = Table(columns, rows, total=["Cộng", "", figures.cash, gifts or None, "", ""], note=_NOTE, numbered=True)
    signatures = [Signature(["NGƯỜI LẬP"]), Signature(["NGƯỜI CHI"]), signature_of(figures.round.unit)]
    subject = f"ký nhận hỗ trợ {_subject(figures.round)}"
    return _list(figures, subject, table, signatures, landscape=True, notes=feedback_notes())


def summary_of(figures: Figures) -> OfficialDocument:
    subject = f"kết quả hỗ trợ {_subject(figures.round)} theo đơn vị"
    return _list(
        figures,
        subject,
        _unit_table(figures),
        [Signature(["NGƯỜI LẬP"]), signature_of(figures.round.unit)],
        kind="BẢNG TỔNG HỢP",
    )


def board_of(figures: Figures) -> OfficialDocument:
    """The large board held up when a round's gifts are given."""
    round, head = figures.round, figures.round.unit.letterhead()
    givers = dict.fromkeys(grant.outside_source for grant in figures.grants if grant.outside_source)
    subject = f"{format_number(figures.people)} suất quà"
    return _official(
        figures, kind="BẢNG TƯỢNG TRƯNG", summary=f"{subject} {_subject(round)}", poster=True, closing=False,
        blocks=board_blocks(
            issuer=head.issuer if head else round.unit.name, gift=subject, to=round.name,
            where="Cho đoàn viên, người lao động có hoàn cảnh khó khăn", amount=figures.total, givers=givers,
            dated=f"{head.place}, {date_text(PartialDate(today().year))}" if head else "",
        ),
    )  # fmt: skip


def bank_of(figures: Figures) -> OfficialDocument:
    """Cash of named people that a fund kept here pays; who has no account is told so."""
    columns = [Column("Họ và tên", 3), Column("Số tài khoản", 2.2), Column("Ngân hàng", 2.2), Column("Số tiền", 1.5),
               Column("Nội dung", 3)]  # fmt: skip
    given = [grant for grant in figures.grants if grant.person_id and grant.is_paid_from_fund]
    rows = [
        [grant.person.full_name, grant.person.bank_account or "Chưa có", grant.person.bank_name, grant.cash,
         f"Hỗ trợ {_subject(figures.round)}"]
        for grant in given
    ]  # fmt: skip
    total = ["Cộng", "", "", sum(grant.cash for grant in given), ""]
    table = Table(columns, rows, total=total, note=_NOTE, numbered=True)
    return _list(
        figures,
        f"chuyển khoản hỗ trợ {_subject(figures.round)}",
        table,
        [Signature(["NGƯỜI LẬP"]), signature_of(figures.round.unit)],
        landscape=True,
    )


def _list(figures, subject, table, signatures, kind="DANH SÁCH", **parts) -> OfficialDocument:
    numbers = ", ".join(dict.fromkeys(grant.decision_number for grant in figures.grants if grant.decision_number))
    number = f"Kèm theo Quyết định số {numbers}" if numbers else "Dự thảo"
    words = f"Tổng giá trị bằng chữ: {money_words(figures.total)}"
    blocks = [Paragraph(f"({number})", italic=True, align="center"), table, Paragraph(words, italic=True)]
    return _official(figures, kind=kind, summary=subject, blocks=blocks, signatures=signatures, closing=False, **parts)


def _official(figures, *, code="", **parts) -> OfficialDocument:
    unit, on = figures.round.unit, figures.decided_on if code == "QĐ" else None
    head = unit.letterhead(on)
    number, _, symbol = figures.decision.partition("/") if code == "QĐ" else ("", "", "")
    return OfficialDocument(
        superior=head.superior if head else "", issuer=head.issuer if head else unit.name, issuer_name=unit.name, unit_id=unit.pk,
        number=number if symbol else "", place=head.place if head else "", date=on or PartialDate(today().year, today().month),
        symbol=symbol or (f"{code}-{head.abbreviation if head else 'LĐLĐ'}" if code else ""), **parts,
    )  # fmt: skip


def _name_table(figures) -> Table:
    columns = [Column("Họ và tên", 3.2), Column("Năm sinh", 1, "center"), Column("Đơn vị", 2.6), Column("Số tiền", 1.6)]
    rows = [[_name(grant), _born(grant), grant.unit.short_name, grant.value] for grant in figures.grants]
    return Table(columns, rows, total=["Cộng", "", "", figures.total], note=_NOTE, numbered=True)


def _unit_table(figures) -> Table:
    columns = [
        Column("Đơn vị", 4),
        Column("Số suất", 1),
        Column("Tiền mặt", 1.5),
        Column("Hiện vật", 1.5),
        Column("Cộng", 1.5),
    ]
    rows = [
        [unit.name, sum(g.people_count for g in grants), sum(g.cash for g in grants) or None, sum(g.in_kind_value for g in grants) or None,
         sum(g.value for g in grants)]
        for unit, grants in figures.by_unit
    ]  # fmt: skip
    total = ["Cộng", figures.people, figures.cash, figures.total - figures.cash, figures.total]
    return Table(columns, rows, total=total, note=_NOTE, numbered=True)


def _name(grant) -> str:
    if grant.person:
        return grant.person.full_name
    return str(grant.household) if grant.household else f"{format_number(grant.people_count)} suất không ghi tên"


def _born(grant) -> str:
    return str(grant.person.birth_year or "") if grant.person else ""


def _subject(round) -> str:
    return f"đợt “{round.name}”"


def _plan(round) -> str:
    plan = round.plan
    number = f" số {plan.number_and_symbol}" if plan.number else ""
    return f"{plan.kind.name}{number} của {plan.unit.name}"


def _grounds(round) -> str:
    return f"Thực hiện {_plan(round)}" if round.plan else f"Nhằm chăm lo đoàn viên, người lao động dịp {round.occasion}"


def _sources(figures) -> str:
    funds = [str(line.fund) for line in figures.round.funds.select_related("fund")]
    outside = dict.fromkeys(grant.outside_source for grant in figures.grants if grant.outside_source)
    return "; ".join([*funds, *outside]) or "theo quy định"
