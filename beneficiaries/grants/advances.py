from django.db import models, transaction
from django.db.models import F, Q

from beneficiaries.funds.models import Fund, FundEntry
from beneficiaries.grants.rounds import GrantRound
from beneficiaries.rules import business_day, need
from welfare.audit import AuditEvent, record
from welfare.history import History
from welfare.scoping import Owned, ScopedQuerySet
from welfare.states import Refused, locked
from welfare.units.models import Unit, User, today
from welfare.vietnamese import format_money


class AdvanceQuerySet(ScopedQuerySet):
    def open(self):
        """Neither settled nor returned in full."""
        return self.filter(amount__gt=F("spent") + F("returned"))

    def late(self, on=None):
        return self.open().filter(settle_by__lt=on or today())


class Advance(models.Model):
    """Money handed to a unit, which pays people on a signed list, settles by a day and returns the rest.

    In the fund's ledger: -amount when it goes out; at each settlement the part that was spent comes back and goes out
    again as one spending a grant; the rest comes back when the unit returns it.
    """

    round = models.ForeignKey(GrantRound, models.PROTECT, verbose_name="đợt", related_name="advances")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị nhận tạm ứng", related_name="+")
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name="quỹ", related_name="+")
    entry = models.OneToOneField(FundEntry, models.PROTECT, verbose_name="bút toán tạm ứng", related_name="advance")
    amount = models.BigIntegerField("số tạm ứng (đồng)")
    spent = models.BigIntegerField("đã quyết toán (đồng)", default=0)
    returned = models.BigIntegerField("đã hoàn lại (đồng)", default=0)
    on = models.DateField("ngày tạm ứng")
    settle_by = models.DateField("hạn quyết toán")
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người chi", related_name="+")
    history = History(verbose_name="lịch sử tạm ứng")

    scope = Owned()
    objects = models.Manager.from_queryset(AdvanceQuerySet)()

    class Meta:
        verbose_name = "tạm ứng cho đơn vị"
        verbose_name_plural = "tạm ứng cho đơn vị"
        default_permissions = ("view", "export")
        ordering = ["settle_by", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, spent__gte=0, returned__gte=0) & Q(amount__gte=F("spent") + F("returned")),
                name="advance_never_overspent",
                violation_error_message="Số quyết toán và hoàn lại không được vượt số tạm ứng.",
            )
        ]

    def __str__(self):
        return f"Tạm ứng {format_money(self.amount)} cho {self.unit}"

    @property
    def remaining(self) -> int:
        """What the unit still holds, VND."""
        return self.amount - self.spent - self.returned

    @property
    def is_late(self) -> bool:
        return self.remaining > 0 and self.settle_by < today()

    def spend(self, cash: int, by, on):
        """Bring ``cash`` (VND) back into the fund, to be spent from it at once; the caller's transaction does that.

        Raises ``Refused`` above what the unit still holds.
        """
        with locked(self) as row:
            if cash > row.remaining:
                raise Refused(
                    f"Danh sách ký nhận {format_money(cash)} vượt số tạm ứng {row.unit} còn giữ ({format_money(row.remaining)})."
                )
            business_day(on, since=row.on, after="ngày tạm ứng")
            row.spent += cash
            row.save()
            if cash:
                note = f"Quyết toán tạm ứng của {row.unit}"
                row.fund.post(FundEntry.Kind.ADVANCE, cash, by=by, on=on, note=note)
        self.refresh_from_db()

    def take_back(self, by, *, amount: int, document_number: str, on=None):
        """The unit returns money. When it holds none any more, what it did not pay can be paid otherwise."""
        need(by, "pay_grant", "nhận hoàn tạm ứng")
        if not by.reach_for("beneficiaries.pay_grant").may_write(self.fund.unit_id):
            raise Refused(f"Chỉ {self.fund.unit} được nhận hoàn tạm ứng của quỹ này.")
        if amount <= 0 or not document_number.strip():
            raise Refused("Phải ghi số tiền lớn hơn 0 và số chứng từ.")
        with locked(self) as row:
            if amount > row.remaining:
                raise Refused(f"{row.unit} còn giữ {format_money(row.remaining)}; không hoàn nhiều hơn số đó.")
            on = business_day(on, since=row.on, after="ngày tạm ứng")
            note, number = f"{row.unit} hoàn tạm ứng {row.round}"[:300], document_number.strip()
            same = {"kind": FundEntry.Kind.ADVANCE, "amount": amount, "document_number": number, "note": note}
            if row.fund.entries.filter(**same).exists():
                raise Refused(f"{row.unit} hoàn {format_money(amount)} theo chứng từ {number} đã được ghi rồi.")
            row.returned += amount
            row.save()
            row.fund.post(FundEntry.Kind.ADVANCE, amount, by=by, on=on, document_number=number, note=note)
            if not row.remaining:
                row.grants.filter(state="approved").release(by)
            detail = {"returned": amount, "on": str(on)}
            record(AuditEvent.Action.PAY, actor=by, subject=row, unit=row.unit, detail=detail)
        self.refresh_from_db()


def pay_out(round, unit, fund, amount: int, by, *, on, settle_by, document_number) -> Advance:
    """The money leaves the fund; call in the transaction that ties the grants to it."""
    if settle_by < on:
        raise Refused("Hạn quyết toán phải từ ngày tạm ứng trở đi.")
    if amount <= 0:
        raise Refused("Các khoản đã chọn không có tiền mặt chi từ quỹ nên không tạm ứng.")
    with transaction.atomic():
        note = f"Tạm ứng {round} cho {unit}"
        entry = fund.post(
            FundEntry.Kind.ADVANCE, -amount, by=by, on=on, document_number=document_number, note=note,
            use=fund.Use.GRANTS, occasions={round.occasion_id},
        )  # fmt: skip
        return Advance.objects.create(
            round=round, unit=unit, fund=fund, entry=entry, amount=amount, on=on, settle_by=settle_by, by=by
        )
