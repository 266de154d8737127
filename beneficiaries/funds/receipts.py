"""Phiếu thu: the numbered paper a donor gets for money the fund took in."""

from django.db import models, transaction

from beneficiaries.funds.models import FundEntry
from beneficiaries.rules import need
from welfare.documents.blocks import Paragraph
from welfare.documents.layout import OfficialDocument, Signature
from welfare.documents.models import Document, DocumentKind
from welfare.documents.printing import about
from welfare.documents.registers import NumberRegister
from welfare.scoping import ScopedManager, Via
from welfare.states import Refused, locked
from welfare.units.models import User
from welfare.vietnamese import format_money, money_words


class Receipt(models.Model):
    """One entry's receipt, numbered in the register of the fund's unit."""

    entry = models.OneToOneField(FundEntry, models.PROTECT, verbose_name="bút toán", related_name="receipt")
    document = models.OneToOneField(Document, models.PROTECT, verbose_name="số phiếu", related_name="+")
    payer = models.CharField("người nộp tiền", max_length=200)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người lập phiếu", related_name="+")

    scope = Via("entry")
    objects = ScopedManager()

    class Meta:
        verbose_name = "phiếu thu"
        verbose_name_plural = "phiếu thu"
        default_permissions = ("view",)
        ordering = ["-pk"]

    def __str__(self):
        return f"Phiếu thu số {self.document.number_and_symbol}"


def issue_receipt(entry: FundEntry, by: User, *, payer: str, address: str = "") -> Receipt:
    """Give an incoming entry its receipt with the next number of the unit's register; once, and never for a reversed one."""
    need(by, "add_fundentry", "lập phiếu thu")
    if not by.reach_for("beneficiaries.add_fundentry").may_write(entry.fund.unit_id):
        raise Refused(f"Chỉ {entry.fund.unit} được lập phiếu thu của {entry.fund}.")
    if not payer.strip():
        raise Refused("Phải ghi họ tên người nộp tiền.")
    with transaction.atomic(), locked(entry) as fresh:
        if fresh.kind != FundEntry.Kind.CONTRIBUTION or fresh.is_reversed:
            raise Refused("Chỉ lập phiếu thu cho khoản đóng góp, ủng hộ chưa ghi đảo.")
        if existing := Receipt.objects.filter(entry=fresh).select_related("document").first():
            raise Refused(f"Bút toán này đã có {existing}.")
        return Receipt.objects.create(
            entry=fresh, document=_numbered(fresh), payer=payer.strip()[:200], address=address.strip()[:300], by=by
        )


def _numbered(entry) -> Document:
    """Units below see an own paper's title, so it names neither donor nor sum."""
    kind, unit, on = DocumentKind.objects.get(code="PT"), entry.fund.unit, entry.on
    register = NumberRegister.objects.find_or_open(unit.pk, kind, on)
    if register is None:
        raise Refused(f"{unit} chưa có sổ số cho phiếu thu ngày {on:%d/%m/%Y}; hãy mở sổ trong mục Sổ số văn bản.")
    with locked(register):
        paper = Document(
            unit=unit, issuer_unit=unit, kind=kind, number=register.next_number(on), symbol="PT", year=on.year,
            month=on.month, day=on.day, title=f"Thu tiền ủng hộ vào {entry.fund}",
        )  # fmt: skip
        return paper.enter(adopting=Document.objects.none())


@about("beneficiaries.Receipt")
def receipt_document(user, subject_id) -> OfficialDocument:
    rows = Receipt.objects.for_user(user).select_related("entry__fund__unit", "entry__by", "document", "by")
    receipt = rows.get(pk=subject_id)
    entry, unit = receipt.entry, receipt.entry.fund.unit
    head = unit.letterhead(entry.on)
    return OfficialDocument(
        superior=head.superior if head else "",
        issuer=head.issuer if head else unit.name,
        issuer_name=unit.name,
        unit_id=unit.pk,
        number=receipt.document.number,
        symbol=receipt.document.symbol,
        place=head.place if head else "",
        date=entry.on,
        kind="PHIẾU THU",
        summary=f"Thu tiền ủng hộ vào {entry.fund}",
        blocks=list(_lines(receipt, entry)),
        closing=False,
        signatures=[
            Signature(["NGƯỜI NỘP TIỀN"], receipt.payer, hint="(Ký, họ tên)"),
            Signature(["NGƯỜI LẬP PHIẾU"], receipt.by.full_name, hint="(Ký, họ tên)"),
            Signature(["THỦ QUỸ"], hint="(Ký, họ tên)"),
        ],
    )


def _lines(receipt, entry):
    yield Paragraph(receipt.payer, lead="Họ và tên người nộp tiền:")
    if entry.donor and entry.donor.name != receipt.payer:
        yield Paragraph(entry.donor.name, lead="Nộp thay cho:")
    if receipt.address:
        yield Paragraph(receipt.address, lead="Địa chỉ:")
    yield Paragraph(entry.note or f"Ủng hộ vào {entry.fund}", lead="Lý do nộp:")
    yield Paragraph(format_money(entry.amount), lead="Số tiền:")
    yield Paragraph(f"{money_words(entry.amount)}.", lead="Viết bằng chữ:")
    if entry.document_number:
        yield Paragraph(entry.document_number, lead="Chứng từ gốc kèm theo:")
    if entry.is_reversed:
        yield Paragraph(
            f"Khoản thu này đã được ghi đảo ngày {entry.reversed_by.on:%d/%m/%Y}; phiếu không còn giá trị.", italic=True
        )
    else:
        yield Paragraph(f"Đã nhận đủ số tiền: {money_words(entry.amount).lower()}.")
