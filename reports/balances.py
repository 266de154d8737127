"""Money into and out of funds over a time, out of their ledgers."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from beneficiaries.models import Fund, FundEntry
from welfare.units.models import Unit


@dataclass(frozen=True)
class FundBalance:
    """VND. ``before`` + ``income`` - ``spent`` = ``after``; a reversed line counts as not made."""

    fund: Fund
    before: int
    income: int
    spent: int

    @property
    def after(self) -> int:
        return self.before + self.income - self.spent


def fund_balances(user, unit: Unit, first: date, last: date) -> list[FundBalance]:
    """Funds of ``unit`` and all under it that ``user`` may see and that had money then, in two queries."""
    kind = Coalesce(F("reverses__kind"), F("kind"))
    opening = Q(on__lt=first) | Q(of_kind=FundEntry.Kind.OPENING)
    both_ways = (FundEntry.Kind.TRANSFER, FundEntry.Kind.LOAN)
    out = Q(of_kind=FundEntry.Kind.SPEND) | Q(kind__in=both_ways, amount__lt=0) | Q(
        reverses__kind__in=both_ways, amount__gt=0
    )  # fmt: skip
    entries = FundEntry.objects.for_user(user).filter(fund__unit__path__startswith=unit.path, on__lte=last)
    sums = entries.annotate(of_kind=kind).order_by().values("fund").annotate(
        before=Sum("amount", filter=opening, default=0),
        income=Sum("amount", filter=~opening & ~out, default=0),
        spent=-Sum("amount", filter=~opening & out, default=0),
    )  # fmt: skip
    funds = {fund.pk: fund for fund in Fund.objects.for_user(user).filter(unit__path__startswith=unit.path)}
    found = [FundBalance(funds[row["fund"]], row["before"], row["income"], row["spent"]) for row in sums]
    return sorted(found, key=lambda balance: (balance.fund.name, balance.fund.pk))
