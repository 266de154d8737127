"""A random sample of what was paid, and what those paid said when called."""

from collections import defaultdict
from random import Random
from typing import NamedTuple

from django.db import models
from django.db.models import F, Q

from beneficiaries.grants.models import Grant
from beneficiaries.houses.models import HousePayment
from beneficiaries.rules import business_day
from welfare.audit import AuditEvent, record
from welfare.history import History
from welfare.scoping import ScopedQuerySet, Via
from welfare.states import Refused
from welfare.units.models import Unit, User
from welfare.vietnamese import format_money

MOST_ROWS = 500
MOST_MONEY = 100_000_000_000  # VND


class SampleRowQuerySet(ScopedQuerySet):
    def uncalled(self):
        return self.filter(reached="")

    def suspicious(self):
        """Reached, and not all of it received."""
        return self.filter(received__in=["part", "none"])

    def with_recipient(self):
        return self.select_related(
            "unit", "grant__person", "grant__household", "grant__round", "house_payment__line__house__person",
            "house_payment__line__house__household", "house_payment__line__house__kind", "called_by",
        )  # fmt: skip


class SampleRow(models.Model):
    """One payment drawn: a grant or a payment for a house. Amounts in VND."""

    class Reached(models.TextChoices):
        YES = "yes", "Gặp được"
        OTHER = "other", "Gặp người nhà"
        NO = "no", "Không liên lạc được"

    class Received(models.TextChoices):
        ALL = "all", "Nhận đủ"
        PART = "part", "Nhận thiếu"
        NONE = "none", "Không nhận được"

    inspection = models.ForeignKey(
        "beneficiaries.Inspection", models.CASCADE, verbose_name="cuộc kiểm tra", related_name="sample"
    )
    position = models.PositiveSmallIntegerField("số thứ tự")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="+")
    grant = models.ForeignKey(Grant, models.PROTECT, verbose_name="khoản hỗ trợ", null=True, related_name="+")
    house_payment = models.ForeignKey(
        HousePayment, models.PROTECT, verbose_name="lần chi làm nhà", null=True, related_name="+"
    )
    amount = models.BigIntegerField("số tiền đã chi (đồng)")
    paid_on = models.DateField("ngày chi")
    reached = models.CharField("liên lạc", max_length=5, choices=Reached.choices, blank=True, default="")
    received = models.CharField("nhận tiền", max_length=4, choices=Received.choices, blank=True, default="")
    amount_received = models.BigIntegerField("số tiền người nhận nói (đồng)", null=True)
    note = models.CharField("ghi chú", max_length=500, blank=True, default="")
    called_by = models.ForeignKey(User, models.PROTECT, verbose_name="người gọi", null=True, related_name="+")
    called_on = models.DateField("ngày gọi", null=True)
    history = History(verbose_name="lịch sử gọi điện")

    scope = Via("inspection")
    objects = models.Manager.from_queryset(SampleRowQuerySet)()

    class Meta:
        verbose_name = "khoản trong mẫu"
        verbose_name_plural = "mẫu kiểm tra"
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "position"], name="sample_position_once"),
            models.UniqueConstraint(fields=["inspection", "grant"], name="sample_grant_once"),
            models.UniqueConstraint(fields=["inspection", "house_payment"], name="sample_house_payment_once"),
            models.CheckConstraint(
                condition=Q(grant__isnull=True) ^ Q(house_payment__isnull=True), name="sample_of_one_payment"
            ),
            models.CheckConstraint(
                condition=Q(amount_received__isnull=True) | Q(amount_received__gte=0, amount_received__lte=F("amount")),
                name="sample_received_within_paid",
                violation_error_message="Số tiền đã nhận không được quá số tiền đã chi.",
            ),
        ]

    def __str__(self):
        return f"{self.recipient}: {format_money(self.amount)}"

    @property
    def _house(self):
        return self.house_payment.line.house if self.house_payment_id else None

    @property
    def recipient(self) -> str:
        return (self.grant or self._house).recipient

    @property
    def person(self):
        """Whom to call: the person, or the head of the household; None for a house without either."""
        source = self.grant or self._house
        return source.person or (source.household and source.household.people.order_by("pk").first())

    @property
    def paid_for(self) -> str:
        return (
            str(self.grant.round)
            if self.grant_id
            else f"{self._house.kind}, {self.house_payment.get_kind_display().lower()}"
        )

    def answer(self, by, *, reached, received, amount, note, on):
        """Called by ``Inspection.record_call``, which locks. Raises ``Refused`` for an answer that contradicts itself."""
        if reached not in self.Reached.values:
            raise Refused("Hãy chọn có liên lạc được hay không.")
        spoken = reached != self.Reached.NO
        if spoken and received not in self.Received.values:
            raise Refused("Hãy chọn người nhận nói đã nhận tiền thế nào.")
        self.reached, self.received = reached, received if spoken else ""
        self.amount_received = self._said(self.received, amount)
        self.note, self.called_by, self.called_on = note.strip()[:500], by, business_day(on)
        self.save()
        detail = {"call": self.position, "reached": reached, "received": self.received}
        record(AuditEvent.Action.CHANGE, actor=by, subject=self.inspection, unit=self.unit, detail=detail)

    def _said(self, received, amount):
        if received == self.Received.ALL:
            return self.amount
        if received == self.Received.NONE:
            return 0
        if received != self.Received.PART:
            return None
        if not amount or not 0 < amount < self.amount:
            raise Refused(f"Nhận thiếu thì ghi số tiền thực nhận, lớn hơn 0 và nhỏ hơn {format_money(self.amount)}.")
        return amount


class Paid(NamedTuple):
    """A payment that may be drawn."""

    unit_id: int
    fields: dict


def paid_rows(inspection) -> list[Paid]:
    """Every payment in the inspection's scope whose recipient has a name, always in the same order.

    Counts without names ("200 suất") are left out: there is nobody to call.
    """
    units, rows = inspection.inspected_unit_ids(), []
    if inspection.with_grants:
        rows += _grants(inspection, units)
    if inspection.with_houses:
        rows += _house_payments(inspection, units)
    return rows


def _grants(inspection, units):
    named = Q(person__isnull=False) | Q(household__isnull=False)
    grants = Grant.objects.paid().filter(
        named, unit__in=units, paid_on__range=(inspection.period_from, inspection.period_to)
    )
    if rounds := list(inspection.rounds.all()):
        grants = grants.filter(round__in=rounds)
    if funds := list(inspection.funds.all()):
        grants = grants.filter(payment__fund__in=funds)
    for grant in grants.order_by("unit", "pk"):
        yield Paid(grant.unit_id, {
            "unit_id": grant.unit_id, "grant_id": grant.pk, "amount": grant.value, "paid_on": grant.paid_on,
        })  # fmt: skip


def _house_payments(inspection, units):
    payments = HousePayment.objects.standing().filter(
        line__house__unit__in=units, entry__on__range=(inspection.period_from, inspection.period_to)
    )
    if funds := list(inspection.funds.all()):
        payments = payments.filter(entry__fund__in=funds)
    for payment in payments.select_related("line__house", "entry").order_by("line__house__unit", "pk"):
        unit_id = payment.line.house.unit_id
        yield Paid(unit_id, {
            "unit_id": unit_id, "house_payment_id": payment.pk, "amount": payment.amount, "paid_on": payment.entry.on,
        })  # fmt: skip


def drawn(paid: list[Paid], size: int, seed: int) -> list[dict]:
    """``size`` of ``paid`` by chance, each unit in proportion to what it has; the same seed draws the same rows."""
    random, by_unit = Random(seed), defaultdict(list)
    for row in paid:
        by_unit[row.unit_id].append(row)
    sizes = shares({unit: len(rows) for unit, rows in by_unit.items()}, size)
    return [row.fields for unit in sorted(by_unit) for row in random.sample(by_unit[unit], sizes[unit])]


def shares(counts: dict[int, int], size: int) -> dict[int, int]:
    """``size`` over units by largest remainder; a unit gets one at least as long as there are enough for all."""
    total = sum(counts.values())
    least = 1 if size >= len(counts) else 0
    given = {unit: min(count, max(least, size * count // total)) for unit, count in counts.items()}
    order = sorted(counts, key=lambda unit: (-(size * counts[unit] % total), unit))
    while sum(given.values()) < size:
        for unit in order:
            if sum(given.values()) < size and given[unit] < counts[unit]:
                given[unit] += 1
    while sum(given.values()) > size:
        largest = max(order, key=lambda unit: (given[unit], unit))
        given[largest] -= 1
    return given
