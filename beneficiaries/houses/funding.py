from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from beneficiaries.funds.models import Donor, Fund, FundEntry
from beneficiaries.houses.stages import PAYABLE, State
from beneficiaries.rules import business_day, need
from welfare.scoping import ScopedManager, ScopedQuerySet, Via
from welfare.states import Refused, locked
from welfare.vietnamese import format_money


class HouseFunding(models.Model):
    """Who pays which part of a house. ``paid`` (VND) moves only with payments out of a fund kept here."""

    class Source(models.TextChoices):
        FUND = "fund", "Quỹ công đoàn"
        ENTERPRISE = "enterprise", "Doanh nghiệp, nhà tài trợ"
        FAMILY = "family", "Gia đình"
        OTHER = "other", "Khác"

    house = models.ForeignKey("beneficiaries.House", models.CASCADE, verbose_name="nhà", related_name="funding")
    source = models.CharField("nguồn", max_length=10, choices=Source.choices)
    fund = models.ForeignKey(
        Fund, models.PROTECT, verbose_name="quỹ", null=True, blank=True, related_name="+",
        help_text="Đơn vị không thấy quỹ của tỉnh thì để trống; LĐLĐ tỉnh chọn quỹ trước khi thẩm định.",
    )  # fmt: skip
    donor = models.ForeignKey(
        Donor, models.PROTECT, verbose_name="nhà tài trợ", null=True, blank=True, related_name="+"
    )
    amount = models.BigIntegerField("số tiền (đồng)")
    paid = models.BigIntegerField("đã chi (đồng)", default=0, editable=False)
    final = models.BigIntegerField("quyết toán (đồng)", null=True, editable=False)

    scope = Via("house")
    objects = ScopedManager()

    class Meta:
        verbose_name = "nguồn kinh phí"
        verbose_name_plural = "nguồn kinh phí"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="house_funding_sane",
                violation_error_message="Số tiền phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(paid__gte=0, paid__lte=F("amount")), name="house_funding_never_overpaid",
                violation_error_message="Tổng các lần chi không được vượt số tiền của nguồn.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.name}: {format_money(self.amount)}"

    @property
    def name(self) -> str:
        return str(self.fund or self.donor or self.get_source_display())

    @property
    def lacks_fund(self) -> bool:
        """A unit proposes that a union fund pays; the province names which before it appraises."""
        return self.source == self.Source.FUND and not self.fund_id

    @property
    def unpaid(self) -> int:
        """What the fund still has to pay, VND."""
        return self.amount - self.paid if self.fund_id else 0

    def clean(self):
        if self.fund_id and self.source != self.Source.FUND:
            raise ValidationError({"fund": "Chỉ chọn quỹ khi nguồn là quỹ công đoàn."})

    def pay(self, by, *, amount: int | None = None, document_number="", on=None) -> "HousePayment":
        """Spend ``amount`` (VND; all that is left) of this line from its fund: an advance until the work is accepted.

        Raises ``Refused`` before the decision, above the line or the fund's balance, and for a paper recorded already.
        """
        need(by, "pay_house", "chi tiền làm nhà")
        with locked(self.house) as house, locked(self) as line:
            line._check_payable(house, amount)
            line._check_first(document_number)
            amount = line.unpaid if amount is None else amount
            entry = line.fund.post(
                FundEntry.Kind.SPEND, -amount, by=by, document_number=document_number,
                on=business_day(on, since=house.decided_on, after="ngày quyết định"),
                note=f"Hỗ trợ {house.get_construction_display().lower()} nhà",
                use=Fund.Use.HOUSES, occasions=[house.occasion_id],
            )  # fmt: skip
            early = house.state in (State.DECIDED, State.STARTED)
            kind = HousePayment.Kind.ADVANCE if early else HousePayment.Kind.FINAL
            payment = line.payments.create(kind=kind, amount=amount, entry=entry)
            HouseFunding.objects.filter(pk=line.pk).update(paid=F("paid") + amount)
        self.refresh_from_db()
        return payment

    def _check_payable(self, house, amount):
        if house.is_recorded_afterwards:
            raise Refused("Nhà này được ghi nhận lại từ trước; tiền đã chi ngoài hệ thống.")
        if house.state not in PAYABLE:
            raise Refused("Chỉ chi sau khi có quyết định hỗ trợ nhà và trước khi quyết toán.")
        if not self.unpaid:
            raise Refused("Nguồn này đã chi đủ hoặc không chi từ quỹ của hệ thống.")
        if amount is not None and not 0 < amount <= self.unpaid:
            raise Refused(f"Nguồn này còn {format_money(self.unpaid)}; hãy chi trong số đó.")

    def _check_first(self, document_number):
        """A part of a line may be paid any number of times, on the same paper only once."""
        if document_number and self.payments.standing().filter(entry__document_number=document_number).exists():
            raise Refused(f"Chứng từ {document_number} đã được ghi chi cho nguồn này rồi; mỗi lần chi một số chứng từ.")


class HousePaymentQuerySet(ScopedQuerySet):
    def standing(self):
        """Those that were not reversed."""
        return self.filter(entry__reversed_by__isnull=True)


class HousePayment(models.Model):
    """One payment out of a fund, with the one entry of the fund's ledger that it is."""

    class Kind(models.TextChoices):
        ADVANCE = "advance", "Tạm ứng"
        FINAL = "final", "Thanh toán"

    line = models.ForeignKey(HouseFunding, models.PROTECT, verbose_name="nguồn", related_name="payments")
    kind = models.CharField("lần chi", max_length=8, choices=Kind.choices)
    amount = models.BigIntegerField("số tiền (đồng)")
    entry = models.OneToOneField(FundEntry, models.PROTECT, verbose_name="bút toán chi", related_name="house_payment")

    scope = Via("line")
    objects = models.Manager.from_queryset(HousePaymentQuerySet)()

    class Meta:
        verbose_name = "lần chi làm nhà"
        verbose_name_plural = "các lần chi làm nhà"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="house_payment_sane")]

    def __str__(self):
        return f"{self.get_kind_display()} {format_money(self.amount)}, {self.line.house}"

    def take_back(self, by, *, reason: str, on=None):
        """Reverse the entry; the line may be paid again."""
        need(by, "pay_house", "chi tiền làm nhà")
        with locked(self.line.house) as house, locked(self.line) as line:
            if house.state not in PAYABLE:
                raise Refused("Nhà đã quyết toán nên không ghi đảo khoản chi được.")
            self.entry.cancel(by, note=reason, on=on)
            HouseFunding.objects.filter(pk=line.pk).update(paid=F("paid") - self.amount)
