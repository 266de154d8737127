from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from beneficiaries.funds.donors import MOST, Donor, GiftInKind, Pledge
from beneficiaries.funds.kinds import FundKind
from beneficiaries.funds.months import ClosedMonths
from beneficiaries.funds.purposes import Purposed
from beneficiaries.rules import business_day, need
from beneficiaries.words import FoldedWords, named, words_of
from programs.targets.models import mark_stale
from welfare.audit import AppendOnly, AuditEvent, record
from welfare.history import History
from welfare.scoping import Owned, ScopedManager, Via
from welfare.states import Refused, locked
from welfare.units.models import Unit, User
from welfare.vietnamese import format_money

__all__ = ["Donor", "Fund", "FundEntry", "FundKind", "GiftInKind", "Pledge"]


class Fund(Purposed, ClosedMonths):
    """Money kept for welfare. ``balance`` (VND) is changed only by ``post``, with the entry, in one transaction."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị quản lý", related_name="funds")
    code = models.CharField("mã", max_length=30, unique=True)
    name = models.CharField("tên quỹ", max_length=160)
    kind = models.ForeignKey(FundKind, models.PROTECT, verbose_name="loại quỹ", null=True, related_name="funds")
    purpose = models.CharField("mục đích", max_length=300, blank=True)
    balance = models.BigIntegerField("số dư", default=0, editable=False)
    low_mark = models.BigIntegerField(
        "báo sắp hết khi còn dưới (đồng)", default=0, help_text="Trừ cả phần đã duyệt chưa chi. Ghi 0 là không báo."
    )
    is_open = models.BooleanField("đang hoạt động", default=True)
    history = History(verbose_name="lịch sử quỹ", excluded_fields=["balance"])

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "quỹ"
        verbose_name_plural = "quỹ"
        default_permissions = ("view", "add", "change", "delete", "export")
        ordering = ["name"]
        permissions = [("close_fund", "Khóa sổ quỹ theo tháng"), ("reopen_fund", "Mở lại sổ quỹ đã khóa")]
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0), name="fund_never_negative"),
            models.CheckConstraint(
                condition=Q(low_mark__gte=0, low_mark__lte=MOST), name="fund_low_mark_sane",
                violation_error_message="Mức báo sắp hết không được âm và không quá 10.000 tỷ đồng.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def save(self, **options):
        """Balance and closed months move only by their verbs: a form that was open meanwhile must not carry old ones back."""
        if self.pk and "update_fields" not in options:
            moved = ("id", "balance", "closed_through")
            options["update_fields"] = [f.name for f in self._meta.concrete_fields if f.name not in moved]
        super().save(**options)

    def post(self, kind, amount: int, *, by, on=None, document_number="", note="", use=None, occasions=(), **links):
        """Write one entry (``amount`` in VND, positive in, negative out) and move the balance with it.

        ``use``, ``occasions``: what a spending is for (see ``refuse_other_use``). ``links``: what else the entry names,
        such as ``donor``. Raises ``Refused`` when the fund or the month is closed, the money is bound to something else
        or the fund would go below zero; nothing is written then.
        """
        _refuse_absurd(amount)
        on = business_day(on)
        with transaction.atomic():
            self._move_balance(amount, on)
            self._check_entry(kind, amount, use, occasions, links)
            entry = FundEntry.objects.create(
                fund=self, kind=kind, amount=amount, on=on, document_number=document_number, note=note[:300], by=by,
                **links,
            )  # fmt: skip
            detail = {"kind": kind, "amount": amount}
            if links.get("reverses"):
                detail["reverses"] = links["reverses"].pk
            record(AuditEvent.Action.PAY, actor=by, subject=entry, unit=self.unit, detail=detail)
            mark_stale("funds", self.unit_id, on)
        self.refresh_from_db(fields=["balance"])
        return entry

    def spend_each(self, lines, *, by, on, document_number="", use=None, occasions=()) -> list["FundEntry"]:
        """One spend entry for each ``(amount, note)`` (VND, positive), the balance moved once by their sum.

        Call inside the transaction of what is paid. ``use``, ``occasions``: as in ``post``, for all lines together.
        Raises ``Refused`` as ``post`` does.
        """
        if not lines:
            return []
        for amount, _ in lines:
            _refuse_absurd(amount, least=1)
        total = sum(amount for amount, _ in lines)
        with transaction.atomic():
            self._move_balance(-total, on)
            self._check_entry(FundEntry.Kind.SPEND, -total, use, occasions, {})
            entries = FundEntry.objects.bulk_create(
                FundEntry(
                    fund=self, kind=FundEntry.Kind.SPEND, amount=-amount, on=on, document_number=document_number,
                    note=note[:300], by=by,
                )
                for amount, note in lines
            )  # fmt: skip
            detail = {"kind": FundEntry.Kind.SPEND, "amount": -total, "entries": len(entries)}
            record(AuditEvent.Action.PAY, actor=by, subject=self, unit=self.unit, detail=detail)
            mark_stale("funds", self.unit_id, on)
        self.refresh_from_db(fields=["balance"])
        return entries

    def transfer(self, to, amount: int, *, by, on=None, document_number="", received_number="", note=""):
        """Move ``amount`` (VND) to another fund: one entry in each, both or neither. Returns the one that went out.

        ``document_number`` is the paper it was paid out by, ``received_number`` the one it was taken in by, where that
        is another.
        """
        _refuse_absurd(amount, least=1)
        if to.pk == self.pk:
            raise Refused("Quỹ nhận phải khác quỹ chuyển.")
        kind, told = FundEntry.Kind.TRANSFER, {"by": by, "on": on}
        with transaction.atomic():
            _lock_in_order(self.pk, to.pk)
            self.refuse_wider(to)
            out = self.post(
                kind, -amount, document_number=document_number, note=f"Chuyển đến {to.name}. {note}".strip(), **told
            )
            to.post(
                kind, amount, document_number=received_number or document_number, paired_with=out,
                note=f"Nhận từ {self.name}. {note}".strip(), **told,
            )  # fmt: skip
        return out

    def _move_balance(self, amount: int, on):
        """Takes the fund's row for this transaction; what is checked after it holds until the end of it."""
        has_open_month = Q(closed_through__isnull=True) | Q(closed_through__lt=on)
        enough = Fund.objects.filter(has_open_month, pk=self.pk, is_open=True, balance__gte=-amount)
        if enough.update(balance=F("balance") + amount):
            return
        now = Fund.objects.get(pk=self.pk)
        if not now.is_open:
            raise Refused(f"{self.name} đã khóa sổ, không ghi thêm được.")
        now.refuse_closed(on)
        raise Refused(
            f"{self.name} không đủ tiền để chi {format_money(-amount)}: số dư còn {format_money(now.balance)}."
        )

    def _check_entry(self, kind, amount, use, occasions, links):
        now = Fund.objects.get(pk=self.pk)
        if amount < 0 and kind not in (FundEntry.Kind.REVERSAL, FundEntry.Kind.TRANSFER):
            now.refuse_other_use(use, occasions)
        if kind == FundEntry.Kind.OPENING and now.entries.filter(kind=kind, reversed_by__isnull=True).exists():
            raise Refused(f"{self.name} đã có số dư đầu kỳ; muốn sửa, hãy ghi đảo bút toán đó trước.")
        if kind != FundEntry.Kind.REVERSAL:
            _check_donor(now, **{name: links.get(name) for name in ("donor", "pledge", "campaign")})


def _refuse_absurd(amount: int, least: int | None = None):
    if not amount or least and amount < least:
        raise Refused("Số tiền phải lớn hơn 0." if least else "Số tiền phải khác 0.")
    if abs(amount) > MOST:
        raise Refused(f"Số tiền {format_money(abs(amount))} quá lớn; mỗi bút toán nhiều nhất {format_money(MOST)}.")


def _check_donor(fund, donor, pledge, campaign):
    if donor and donor.unit_id != fund.unit_id:
        raise Refused(
            f"{donor} do {donor.unit} theo dõi, không phải nhà tài trợ của {fund.unit}; hãy chọn nhà tài trợ khác, hoặc thêm vào sổ của {fund.unit}."
        )
    if pledge and (pledge.donor_id != getattr(donor, "pk", None) or pledge.fund_id not in (None, fund.pk)):
        raise Refused(f"Lời hứa “{pledge}” là của nhà tài trợ khác hoặc cho quỹ khác.")
    if campaign and campaign.fund_id != fund.pk:
        raise Refused(f"Đợt vận động “{campaign}” ủng hộ quỹ khác, không phải {fund}.")


def _lock_in_order(*keys: int):
    """Always in the same order, so that two opposite transfers can't wait for each other."""
    list(Fund.objects.filter(pk__in=keys).order_by("pk").select_for_update())


class FundEntryQuerySet(AppendOnly):
    def search(self, text: str):
        """Each word begins one of the entry's note, its document number or its donor's name."""
        rows, words = self, words_of(text)
        for word in words:
            donors = Donor.objects.filter(*named(FoldedWords("name"), [], [word])).values_list("pk", flat=True)
            (says_it,) = named(FoldedWords("note", "document_number"), [], [word])
            rows = rows.filter(Q(says_it) | Q(donor__in=list(donors)))  # a list, so that an index serves both
        return rows if words else self.none()


class FundEntry(models.Model):
    """One line of a fund's ledger: written once, corrected only by a reversing line."""

    class Kind(models.TextChoices):
        OPENING = "opening", "Số dư đầu kỳ"
        ALLOCATION = "allocation", "Cấp kinh phí"
        CONTRIBUTION = "contribution", "Đóng góp, ủng hộ"
        TRANSFER = "transfer", "Chuyển quỹ"
        SPEND = "spend", "Chi"
        LOAN = "loan", "Cho vay, thu nợ"
        ADVANCE = "advance", "Tạm ứng, hoàn tạm ứng"
        REVERSAL = "reversal", "Ghi đảo"

    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name="quỹ", related_name="entries")
    kind = models.CharField("loại", max_length=12, choices=Kind.choices)
    amount = models.BigIntegerField("số tiền")
    on = models.DateField("ngày", db_index=True)
    document_number = models.CharField("số chứng từ", max_length=60, blank=True)
    donor = models.ForeignKey(
        Donor, models.PROTECT, verbose_name="nhà tài trợ", null=True, blank=True, related_name="gifts"
    )
    note = models.CharField("nội dung", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", related_name="+")
    reverses = models.OneToOneField(
        "self", models.PROTECT, verbose_name="ghi đảo cho", null=True, blank=True, related_name="reversed_by"
    )
    pledge = models.ForeignKey(
        Pledge, models.PROTECT, verbose_name="theo lời hứa", null=True, blank=True, related_name="entries"
    )
    campaign = models.ForeignKey(
        "beneficiaries.Campaign", models.PROTECT, verbose_name="đợt vận động", null=True, blank=True,
        related_name="entries",
    )  # fmt: skip
    from_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="đơn vị nộp", null=True, blank=True, related_name="paid_into_funds"
    )
    paired_with = models.OneToOneField(
        "self", models.PROTECT, verbose_name="cùng lần chuyển với", null=True, blank=True, related_name="pair"
    )
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)

    scope = Via("fund")
    objects = models.Manager.from_queryset(FundEntryQuerySet)()

    class Meta:
        verbose_name = "bút toán quỹ"
        verbose_name_plural = "sổ quỹ"
        default_permissions = ("view", "add", "export", "import")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["transfer", "reversal", "loan", "advance"])
                | Q(kind="spend", amount__lt=0)
                | (~Q(kind="spend") & Q(amount__gt=0)),
                name="fund_entry_sign",
                violation_error_message="Khoản chi phải là số âm, khoản thu phải là số dương.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=-MOST, amount__lte=MOST), name="fund_entry_bounded",
                violation_error_message="Mỗi bút toán nhiều nhất 10.000 tỷ đồng.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.get_kind_display()} {format_money(self.amount)}"

    def save(self, **options):
        if self.pk:
            raise TypeError("Bút toán quỹ chỉ ghi thêm, không sửa.")
        super().save(**options)

    def delete(self, **options):
        raise TypeError("Bút toán quỹ chỉ ghi thêm, không xóa.")

    @property
    def pays_for(self):
        """What was paid by this entry, such as a grant or a loan, or None."""
        return next((row for name in settings.FUND_PAYMENTS if (row := getattr(self, name, None))), None)

    @property
    def other_side(self):
        """Of a transfer: the entry in the other fund, or None where none is known."""
        return self.paired_with or getattr(self, "pair", None)

    @property
    def is_reversed(self) -> bool:
        return hasattr(self, "reversed_by")

    @property
    def is_reversible(self) -> bool:
        """By hand, on its own page."""
        fixed = self.kind in (self.Kind.REVERSAL, self.Kind.TRANSFER, self.Kind.ADVANCE) or self.pays_for
        return not fixed and not self.is_reversed

    @property
    def is_returnable(self) -> bool:
        return self.kind == self.Kind.TRANSFER and not self.is_reversed and self.other_side is not None

    def reverse(self, by, *, note: str, on=None):
        """Correct an entry that was recorded by hand. What a grant or a house was paid with is reversed from there."""
        self._need_writer(by)
        if self.pays_for:
            raise Refused(f"Bút toán này chi cho “{self.pays_for}”; hãy ghi đảo từ hồ sơ đó.")
        if self.recoveries.standing().exists():
            raise Refused("Bút toán này là tiền thu hồi sau kiểm tra; hãy hủy lần thu hồi ở kết quả kiểm tra trước.")
        if self.kind == self.Kind.TRANSFER:
            raise Refused("Khoản chuyển quỹ được sửa bằng một lần chuyển ngược lại.")
        if self.kind == self.Kind.ADVANCE:
            raise Refused("Khoản tạm ứng được quyết toán hoặc hoàn lại từ đợt hỗ trợ, không ghi đảo ở sổ quỹ.")
        return self.cancel(by, note=note, on=on)

    def issue_receipt(self, by, *, payer: str, address: str = ""):
        from beneficiaries.funds.receipts import issue_receipt

        return issue_receipt(self, by, payer=payer, address=address)

    def return_transfer(self, by, *, note: str, on=None):
        """Undo a transfer, once: the money goes back, by a line in each fund, both or neither."""
        if not self.is_returnable:
            raise Refused("Chỉ chuyển ngược được một khoản chuyển quỹ chưa chuyển ngược lại.")
        sides = sorted([self, self.other_side], key=lambda entry: -entry.amount)  # where the money is now comes first
        for side in sides:
            side._need_writer(by)
        with transaction.atomic():
            _lock_in_order(*(side.fund_id for side in sides))
            for side in sides:
                side.cancel(by, note=note, on=on)

    def cancel(self, by, *, note: str, on=None):
        """A line of the opposite amount, once; for the row that was paid, which changes in the same transaction.

        It stands on ``on``, default today: also what was written in a month now closed is corrected in an open one.
        """
        if not note.strip():
            raise Refused("Phải ghi lý do khi ghi đảo.")
        with locked(self) as entry:
            if entry.kind == self.Kind.REVERSAL or FundEntry.objects.filter(reverses=entry).exists():
                raise Refused("Bút toán này đã được ghi đảo hoặc là bút toán ghi đảo.")
            links = {name: getattr(entry, name) for name in ("donor", "pledge", "campaign", "from_unit")}
            return entry.fund.post(
                self.Kind.REVERSAL, -entry.amount, by=by, on=business_day(on, since=entry.on, after="ngày ghi bút toán"),
                document_number=entry.document_number, note=note, reverses=entry, **links,
            )  # fmt: skip

    def _need_writer(self, by):
        need(by, "add_fundentry", "ghi sổ quỹ")
        if not by.reach_for("beneficiaries.add_fundentry").may_write(self.fund.unit_id):
            raise Refused(f"Chỉ {self.fund.unit} được ghi sổ {self.fund}.")
