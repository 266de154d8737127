from django.db import models, transaction
from django.db.models import F, Q

from beneficiaries.rules import business_day, need
from welfare.audit import AppendOnly, AuditEvent, record
from welfare.scoping import Owned, ScopedManager, Via
from welfare.states import Refused, locked
from welfare.units.models import Organization, Unit, User
from welfare.vietnamese import format_money


class Fund(models.Model):
    """Money kept for welfare. ``balance`` (VND) is changed only by ``post``, with the entry, in one transaction."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị quản lý", related_name="funds")
    code = models.CharField("mã", max_length=30, unique=True)
    name = models.CharField("tên quỹ", max_length=160)
    purpose = models.CharField("mục đích", max_length=300, blank=True)
    balance = models.BigIntegerField("số dư", default=0, editable=False)
    is_open = models.BooleanField("đang hoạt động", default=True)

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "quỹ"
        verbose_name_plural = "quỹ"
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(balance__gte=0), name="fund_never_negative")]

    def __str__(self):
        return self.name

    def save(self, **options):
        """The balance moves only with entries: a form that was open meanwhile must not carry an old one back."""
        if self.pk and "update_fields" not in options:
            options["update_fields"] = [f.name for f in self._meta.concrete_fields if f.name not in ("id", "balance")]
        super().save(**options)

    def post(self, kind, amount: int, *, by, on=None, document_number="", donor=None, note="", reverses=None):
        """Write one entry (``amount`` in VND, positive in, negative out) and move the balance with it.

        Raises ``Refused`` when the fund is closed or would go below zero; nothing is written then.
        """
        if not amount:
            raise Refused("Số tiền phải khác 0.")
        on = business_day(on)
        with transaction.atomic():
            self._move_balance(amount)
            entry = FundEntry.objects.create(
                fund=self, kind=kind, amount=amount, on=on, document_number=document_number,
                donor=donor, note=note[:300], by=by, reverses=reverses,
            )  # fmt: skip
            detail = {"kind": kind, "amount": amount}
            record(AuditEvent.Action.PAY, actor=by, subject=entry, unit=self.unit, detail=detail)
        self.refresh_from_db(fields=["balance"])
        return entry

    def spend_each(self, lines, *, by, on, document_number="") -> list["FundEntry"]:
        """One spend entry for each ``(amount, note)`` (VND, positive), the balance moved once by their sum.

        Call inside the transaction of what is paid. Raises ``Refused`` as ``post`` does.
        """
        total = sum(amount for amount, _ in lines)
        if not lines:
            return []
        with transaction.atomic():
            self._move_balance(-total)
            entries = FundEntry.objects.bulk_create(
                FundEntry(
                    fund=self, kind=FundEntry.Kind.SPEND, amount=-amount, on=on, document_number=document_number,
                    note=note[:300], by=by,
                )
                for amount, note in lines
            )  # fmt: skip
            detail = {"kind": FundEntry.Kind.SPEND, "amount": -total, "entries": len(entries)}
            record(AuditEvent.Action.PAY, actor=by, subject=self, unit=self.unit, detail=detail)
        self.refresh_from_db(fields=["balance"])
        return entries

    def transfer(self, to, amount: int, *, by, on=None, document_number="", note=""):
        """Move ``amount`` (VND) to another fund: one entry in each, both or neither."""
        if amount <= 0:
            raise Refused("Số tiền chuyển phải lớn hơn 0.")
        if to.pk == self.pk:
            raise Refused("Quỹ nhận phải khác quỹ chuyển.")
        with transaction.atomic():
            # Always in the same order, so that two opposite transfers can't wait for each other.
            for fund, change, other in sorted([(self, -amount, to), (to, amount, self)], key=lambda move: move[0].pk):
                told = f"{'Chuyển đến' if change < 0 else 'Nhận từ'} {other.name}. {note}".strip()
                fund.post(FundEntry.Kind.TRANSFER, change, by=by, on=on, document_number=document_number, note=told)

    def _move_balance(self, amount: int):
        enough = Fund.objects.filter(pk=self.pk, is_open=True, balance__gte=-amount)
        if enough.update(balance=F("balance") + amount):
            return
        now = Fund.objects.get(pk=self.pk)
        if not now.is_open:
            raise Refused(f"{self.name} đã khóa sổ, không ghi thêm được.")
        raise Refused(
            f"{self.name} không đủ tiền để chi {format_money(-amount)}: số dư còn {format_money(now.balance)}."
        )


class Donor(models.Model):
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị theo dõi", related_name="+")
    name = models.CharField("tên", max_length=200)
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="tổ chức", null=True, blank=True, related_name="+"
    )
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    address = models.CharField("địa chỉ", max_length=300, blank=True)

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "nhà tài trợ"
        verbose_name_plural = "nhà tài trợ"
        ordering = ["name"]

    def __str__(self):
        return self.name


class FundEntry(models.Model):
    """One line of a fund's ledger: written once, corrected only by a reversing line."""

    class Kind(models.TextChoices):
        OPENING = "opening", "Số dư đầu kỳ"
        ALLOCATION = "allocation", "Cấp kinh phí"
        CONTRIBUTION = "contribution", "Đóng góp, ủng hộ"
        TRANSFER = "transfer", "Chuyển quỹ"
        SPEND = "spend", "Chi"
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
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)

    scope = Via("fund")
    objects = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        verbose_name = "bút toán quỹ"
        verbose_name_plural = "sổ quỹ"
        default_permissions = ("view", "add", "export")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["transfer", "advance", "reversal"])
                | Q(kind="spend", amount__lt=0)
                | (~Q(kind="spend") & Q(amount__gt=0)),
                name="fund_entry_sign",
                violation_error_message="Khoản chi phải là số âm, khoản thu phải là số dương.",
            )
        ]

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
        """The grant or payment for a house that this entry is, or None."""
        return getattr(self, "grant", None) or getattr(self, "house_payment", None)

    @property
    def is_reversible(self) -> bool:
        """By hand, on its own page."""
        fixed = self.kind in (self.Kind.REVERSAL, self.Kind.TRANSFER, self.Kind.ADVANCE) or self.pays_for
        return not fixed and not hasattr(self, "reversed_by")

    def reverse(self, by, *, note: str, on=None):
        """Correct an entry that was recorded by hand. What a grant or a house was paid with is reversed from there."""
        need(by, "add_fundentry", "ghi sổ quỹ")
        if self.pays_for:
            raise Refused(f"Bút toán này chi cho “{self.pays_for}”; hãy ghi đảo từ hồ sơ đó.")
        if self.kind == self.Kind.TRANSFER:
            raise Refused("Khoản chuyển quỹ được sửa bằng một lần chuyển ngược lại.")
        if self.kind == self.Kind.ADVANCE:
            raise Refused("Khoản tạm ứng được quyết toán hoặc hoàn lại từ đợt hỗ trợ, không ghi đảo ở sổ quỹ.")
        return self.cancel(by, note=note, on=on)

    def cancel(self, by, *, note: str, on=None):
        """A line of the opposite amount, once; for the row that was paid, which changes in the same transaction."""
        if not note.strip():
            raise Refused("Phải ghi lý do khi ghi đảo.")
        with locked(self) as entry:
            if entry.kind == self.Kind.REVERSAL or FundEntry.objects.filter(reverses=entry).exists():
                raise Refused("Bút toán này đã được ghi đảo hoặc là bút toán ghi đảo.")
            return entry.fund.post(
                self.Kind.REVERSAL, -entry.amount, by=by, on=business_day(on, since=entry.on, after="ngày ghi bút toán"),
                document_number=entry.document_number, note=note, reverses=entry,
            )  # fmt: skip
