"""The clean list on paper, for the signature that goes with it: rows a commit takes, as the sender has them."""

from django.http import Http404

from beneficiaries.intake.models import ListBatch
from beneficiaries.intake.preview import line
from welfare.crypto import decrypt
from welfare.documents.blocks import Column, GroupRow, Paragraph, Table
from welfare.documents.layout import OfficialDocument, PartialDate, Signature, signature_of
from welfare.documents.printing import about
from welfare.units.models import today
from welfare.vietnamese import money_words


@about("beneficiaries.ListBatch")
def list_document(user, subject_id) -> OfficialDocument:
    """Numbers in full only for who may see them. ``Http404`` for a list without kept rows."""
    batch = (
        ListBatch.objects.for_user(user, "beneficiaries.view_listbatch")
        .select_related("unit", "round")
        .get(pk=subject_id)
    )
    rows = [] if batch.is_stripped else list(batch.rows.accepted().order_by("position"))
    if not rows:
        raise Http404
    head = batch.unit.letterhead(batch.letter_on)
    table, total = _table(batch, rows, in_clear=user.has_perm("beneficiaries.view_identity"))
    words = [Paragraph(f"Số tiền bằng chữ: {money_words(total)}", italic=True)] if total else []
    return OfficialDocument(
        superior=head.superior if head else "", issuer=head.issuer if head else batch.unit.name,
        issuer_name=batch.unit.name, place=head.place if head else "", kind="DANH SÁCH", landscape=True, closing=False,
        date=batch.letter_on or PartialDate(today().year, today().month),
        summary=_subject(batch), blocks=[*_letter(batch), table, *words],
        signatures=[Signature(["NGƯỜI LẬP"]), signature_of(batch.unit)],
    )  # fmt: skip


def _subject(batch) -> str:
    what = "nhà Mái ấm Công đoàn" if batch.kind == "houses" else "đoàn viên, người lao động cần chăm lo"
    asked = f" đề nghị hỗ trợ đợt “{batch.round}”" if batch.round else f" năm {batch.year}"
    return what + asked


def _letter(batch) -> list[Paragraph]:
    if not batch.letter_number:
        return []
    on = f" ngày {batch.letter_on:%d/%m/%Y}" if batch.letter_on else ""
    return [
        Paragraph(
            f"(Kèm theo Công văn số {batch.letter_number}{on} của {batch.unit.name})", italic=True, align="center"
        )
    ]


def _table(batch, rows, *, in_clear: bool) -> tuple[Table, int]:
    columns = [
        Column("Họ và tên", 2.4), Column("Ngày sinh", 1.2, "center"), Column("Số CCCD", 1.5, "center"),
        Column("Nơi làm việc, địa chỉ", 3), Column("Hoàn cảnh", 2.6), Column("Số tiền", 1.3),
    ]  # fmt: skip
    lines, group, total = [], "", 0
    for row in rows:
        if (row.values.get("group") or "") != group:
            group = row.values.get("group") or ""
            lines += [GroupRow(group)] if group else []
        shown = line(row, batch)
        number = decrypt(row.values.get("national_id", "")) if in_clear else row.masked_id
        total += shown["amount"] or 0
        lines.append([row.full_name, shown["born"], number, shown["where"], shown["need"], shown["amount"]])
    sums = ["Cộng", "", "", "", "", total] if total else None
    return Table(columns, lines, total=sums, note="Đơn vị tính: đồng" if total else "", numbered=True), total
