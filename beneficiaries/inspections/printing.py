"""The papers of an inspection in the official layout: decision, call list, minutes, conclusion."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from beneficiaries.feedback.printed import feedback_notes
from beneficiaries.inspections.casefile import progress_of
from beneficiaries.inspections.models import Inspection
from welfare.audit import AuditEvent, record
from welfare.documents.blocks import Bullet, Column, GroupRow, Heading, Paragraph, Table, text_blocks
from welfare.documents.layout import OfficialDocument, PartialDate, Recipient, Signature
from welfare.documents.printing import about
from welfare.units.models import today
from welfare.vietnamese import format_money, format_number, money_words

_ISSUER = "ỦY BAN KIỂM TRA"


@about("beneficiaries.Inspection")
def decision_document(user, subject_id) -> OfficialDocument:
    """Before its number is known the draft to be signed."""
    row = _inspection(user, subject_id)
    period = f"từ ngày {row.period_from:%d/%m/%Y} đến ngày {row.period_to:%d/%m/%Y}"
    return _paper(
        row, "QUYẾT ĐỊNH", f"Về việc kiểm tra {row.subject}", row.decision, "QĐ-UBKT", row.decided_on,
        authority=f"{_ISSUER} {row.unit.name.upper()}",
        bases=_bases(row),
        blocks=[
            Heading("QUYẾT ĐỊNH:", level=0),
            Paragraph(f"Kiểm tra {row.subject} đối với: {_names(row)}. Kiểm tra các khoản đã chi {period}; {_scope(row)}.", "Điều 1."),
            Paragraph(f"Thời gian kiểm tra từ ngày {row.starts_on:%d/%m/%Y} đến ngày {row.ends_on:%d/%m/%Y}.", "Điều 2."),
            Paragraph("Thành lập đoàn kiểm tra gồm các ông, bà có tên sau:", "Điều 3."),
            _team(row),
            Paragraph(
                "Đoàn kiểm tra thực hiện đúng nội dung, thời gian nêu trên và báo cáo kết quả bằng văn bản. Các đơn vị được "
                "kiểm tra và thành viên đoàn kiểm tra chịu trách nhiệm thi hành Quyết định này.", "Điều 4.",
            ),
        ],
        signature=["TM. ỦY BAN KIỂM TRA", "CHỦ NHIỆM"],
        recipients=[Recipient("Như Điều 4"), Recipient("Thường trực", "để b/c"), Recipient("Lưu: VT, UBKT")],
    )  # fmt: skip


@about("beneficiaries.Inspection")
def sample_document(user, subject_id) -> OfficialDocument:
    """Everybody drawn, with telephone numbers and what they said; for the team alone."""
    row = _inspection(user, subject_id)
    if not row.sample_drawn_on:
        raise Http404
    record(AuditEvent.Action.VIEW, actor=user, subject=row, unit=row.unit, detail={"sample": row.sample.count()})
    return _paper(
        row, "DANH SÁCH", f"Các khoản được chọn ngẫu nhiên để gọi điện xác minh\n({row})", None, "", row.sample_drawn_on,
        landscape=True, closing=False,
        blocks=[Paragraph(_how_drawn(row)), _sample(row)],
        signature=["TRƯỞNG ĐOÀN KIỂM TRA"], signer=row.head,
    )  # fmt: skip


@about("beneficiaries.Inspection")
def minutes_document(user, subject_id) -> OfficialDocument:
    row = _inspection(user, subject_id)
    if not row.minutes_on:
        raise Http404
    blocks = [
        Paragraph(f"Hôm nay, ngày {row.minutes_on:%d/%m/%Y}, tại {row.minutes_place}, đoàn kiểm tra{_by_decision(row)} lập biên bản "
                  f"kiểm tra {row.subject} đối với: {_names(row)}."),
        Heading("Thành phần", "I"), *text_blocks(row.minutes_present),
        Heading("Nội dung làm việc", "II"), *text_blocks(row.minutes_text),
        Heading("Kết quả gọi điện xác minh", "III"), Paragraph(_calls(row)),
        Heading("Nhận xét của đoàn kiểm tra", "IV"), *_findings(row),
        Paragraph("Biên bản đã đọc cho các thành phần nghe, thống nhất và ký tên, lập thành 02 bản có giá trị như nhau."),
    ]  # fmt: skip
    return _paper(
        row, "BIÊN BẢN", f"Kiểm tra {row.subject}", None, "", row.minutes_on, blocks=blocks,
        signatures=[
            Signature(["ĐẠI DIỆN ĐƠN VỊ", "ĐƯỢC KIỂM TRA"], hint="(Ký, ghi rõ họ tên)"),
            Signature(["THƯ KÝ"], name=_named(row, "secretary")),
            Signature(["TRƯỞNG ĐOÀN", "KIỂM TRA"], name=row.head),
        ],
    )  # fmt: skip


@about("beneficiaries.Inspection")
def conclusion_document(user, subject_id) -> OfficialDocument:
    row = _inspection(user, subject_id)
    if not row.concluded_on:
        raise Http404
    return _paper(
        row, "KẾT LUẬN", f"Kiểm tra {row.subject}", row.conclusion_document, "KL-UBKT", row.concluded_on,
        blocks=[
            Paragraph(f"Ủy ban Kiểm tra{_by_decision(row)} đã kiểm tra {row.subject} đối với: {_names(row)}. Kết luận như sau:"),
            Heading("Kết quả kiểm tra", "I"), Paragraph(_calls(row)), *text_blocks(row.conclusion),
            Heading("Sai sót và yêu cầu khắc phục", "II"), *_findings(row), *_money(row),
            Heading("Tổ chức thực hiện", "III"),
            Paragraph("Các đơn vị giải trình, khắc phục đúng hạn nêu trên; Ủy ban Kiểm tra theo dõi, báo cáo Thường trực."),
        ],
        signature=["TM. ỦY BAN KIỂM TRA", "CHỦ NHIỆM"],
        recipients=[
            Recipient("Thường trực", "để b/c"), Recipient("Các đơn vị được kiểm tra", "để thực hiện"), Recipient("Lưu: VT, UBKT"),
        ],
        notes=feedback_notes(),
    )  # fmt: skip


def _inspection(user, subject_id) -> Inspection:
    if not user.has_perm("beneficiaries.view_inspection"):
        raise PermissionDenied
    rows = Inspection.objects.for_user(user, "beneficiaries.view_inspection")
    rows = rows.select_related("unit", "plan", "decision__kind", "conclusion_document__kind")
    return get_object_or_404(rows.prefetch_related("units", "members"), pk=subject_id)


def _paper(
    row, kind, summary, paper, symbol, day, *, signature=(), signer="", signatures=(), **parts
) -> OfficialDocument:
    head = row.unit.letterhead(day)
    return OfficialDocument(
        superior=head.issuer if head else row.unit.name,
        issuer=_ISSUER,
        issuer_name=f"Ủy ban Kiểm tra {row.unit.name}",
        number=paper.number if paper else "",
        symbol=paper.symbol if paper else symbol,
        place=head.place if head else "",
        date=day or PartialDate(today().year),
        kind=kind,
        summary=summary,
        signatures=signatures or [Signature(signature, name=signer)],
        **parts,
    )


def _bases(row) -> list[str]:
    bases = ["Căn cứ Điều lệ Công đoàn Việt Nam"]
    if row.plan:
        bases.append(f"Căn cứ {row.plan.document.citation() if row.plan.document else row.plan.title}")
    if row.feedback_id:
        bases.append(f"Xét phản ánh số {row.feedback_id} gửi đến công đoàn")
    return bases


def _names(row) -> str:
    return "; ".join(unit.name for unit in row.units.all())


def _scope(row) -> str:
    what = [name for name, is_in in (("khoản hỗ trợ", row.with_grants), ("tiền làm nhà", row.with_houses)) if is_in]
    rounds, funds = [str(each) for each in row.rounds.all()], [str(each) for each in row.funds.all()]
    limits = [f"thuộc đợt {', '.join(rounds)}"] * bool(rounds) + [f"từ {', '.join(funds)}"] * bool(funds)
    return " ".join([f"gồm {' và '.join(what)}", *limits])


def _team(row) -> Table:
    columns = [Column("Họ và tên", 3), Column("Chức vụ", 4), Column("Trong đoàn", 2)]
    rows = [[m.full_name, m.job_title, m.get_part_display()] for m in row.members.all()]
    return Table(columns, rows, numbered=True)


def _named(row, part) -> str:
    return next((member.full_name for member in row.members.all() if member.part == part), "")


def _by_decision(row) -> str:
    decision = row.decision
    return (
        f" theo {decision.kind.name} số {decision.number_and_symbol} ngày {row.decided_on:%d/%m/%Y}" if decision else ""
    )


def _how_drawn(row) -> str:
    return (
        f"Chọn ngày {row.sample_drawn_on:%d/%m/%Y}: {format_number(row.sample.count())} trong {format_number(row.sample_of)} khoản "
        f"đã chi có tên người nhận, theo tỷ lệ số khoản của từng đơn vị, số gieo {row.sample_seed}."
    )


def _sample(row) -> Table:
    columns = [
        Column("Người nhận", 3), Column("Điện thoại", 2.4), Column("Khoản", 3), Column("Ngày chi", 1.3),
        Column("Số tiền", 1.4), Column("Liên lạc", 1.6), Column("Nhận tiền", 1.5), Column("Ghi chú", 2.4),
    ]  # fmt: skip
    rows, unit = [], None
    for each in row.sample.with_recipient():
        if each.unit_id != unit:
            rows.append(GroupRow(each.unit.name))
            unit = each.unit_id
        person = each.person
        rows.append([
            each.recipient, person.phone if person else "", each.paid_for, each.paid_on, each.amount,
            each.get_reached_display(), each.get_received_display(), each.note,
        ])  # fmt: skip
    total = ["Cộng", None, None, None, sum(each.amount for each in row.sample.all()), None, None, None]
    return Table(columns, rows, total=total, numbered=True, note="Đơn vị tính: đồng")


def _calls(row) -> str:
    if not row.sample_drawn_on:
        return "Không chọn mẫu gọi điện."
    progress = progress_of(row)
    return (
        f"Đã gọi {format_number(progress['called'])}/{format_number(progress['all'])} người nhận được chọn ngẫu nhiên; "
        f"{format_number(progress['unreached'])} người không liên lạc được; {format_number(progress['short'])} người nói "
        "nhận thiếu hoặc không nhận được tiền."
    )


def _findings(row):
    findings = row.findings.exclude(state="withdrawn").select_related("unit", "kind").order_by("unit__path", "pk")
    if not findings:
        return [Paragraph("Không phát hiện sai sót.")]
    return [Bullet(_finding(finding)) for finding in findings]


def _finding(finding) -> str:
    money = f" Phải thu hồi {format_money(finding.to_recover)}." if finding.to_recover else ""
    text = " ".join(finding.text.split()).rstrip(".")
    return f"{finding.unit.name}: {finding.kind.name}. {text}.{money} Hạn giải trình, khắc phục: {finding.answer_by:%d/%m/%Y}."


def _money(row):
    total = sum(row.findings.exclude(state="withdrawn").values_list("to_recover", flat=True))
    words = money_words(total)
    return [Paragraph(f"Tổng số tiền phải thu hồi: {format_money(total)} ({words.lower()}).")] if total else []
