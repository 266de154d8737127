from django.db import IntegrityError, models, transaction
from django.db.models import F, Q

from welfare.audit import AppendOnly, AuditEvent, record
from welfare.scoping import Owned, ScopedManager, Via
from welfare.states import Refused
from welfare.units.models import Organization, Unit, User, today
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

    def post(self, kind, amount: int, *, by, on=None, document_number="", donor=None, note="", reverses=None):
        """Write one entry (``amount`` in VND, positive in, negative out) and move the balance with it.

        Raises ``Refused`` when the fund is closed or would go below zero; nothing is written then.
        """
        if not amount:
            raise Refused("Số tiền phải khác 0.")
        with transaction.atomic():
            try:
                with transaction.atomic():
                    moved = Fund.objects.filter(pk=self.pk, is_open=True).update(balance=F("balance") + amount)
            except IntegrityError:
                raise Refused(f"{self.name} không đủ tiền để chi {format_money(-amount)}.") from None
            if not moved:
                raise Refused(f"{self.name} đã khóa sổ, không ghi thêm được.")
            entry = FundEntry.objects.create(
                fund=self, kind=kind, amount=amount, on=on or today(), document_number=document_number,
                donor=donor, note=note, by=by, reverses=reverses,
            )  # fmt: skip
            record(
                AuditEvent.Action.PAY,
                actor=by,
                subject=entry,
                unit=self.unit,
                detail={"kind": kind, "amount": amount},
            )
        self.refresh_from_db(fields=["balance"])
        return entry


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
                condition=Q(kind__in=["transfer", "reversal"])
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

    def reverse(self, by, *, on=None, note=""):
        """A line of the opposite amount; an entry is reversed once."""
        if hasattr(self, "reversed_by"):
            raise Refused("Bút toán này đã được ghi đảo.")
        return self.fund.post(
            self.Kind.REVERSAL,
            -self.amount,
            by=by,
            on=on,
            document_number=self.document_number,
            note=note,
            reverses=self,
        )
