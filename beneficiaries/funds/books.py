"""What a set of funds took in and spent over a time, by kind and month, out of their ledgers.

A reversed line counts as not made: its reversal is taken from the kind it was of.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import BooleanField, Case, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce, TruncMonth

from beneficiaries.funds.models import Fund, FundEntry
from welfare.units.models import Unit

Kind = FundEntry.Kind
_INCOME = (Kind.OPENING, Kind.ALLOCATION, Kind.CONTRIBUTION)
_BOTH_WAYS = {  # of money that goes out and comes in: its words for each
    Kind.TRANSFER: ("Chuyển sang quỹ khác", "Nhận từ quỹ khác"),
    Kind.LOAN: ("Cho vay", "Thu nợ vay"),
    Kind.ADVANCE: ("Tạm ứng cho đơn vị", "Hoàn tạm ứng"),
}


@dataclass(frozen=True)
class FundBalance:
    """VND. ``before`` + ``income`` - ``spent`` = ``after``. What came in and went out also by kind."""

    fund: Fund
    before: int = 0
    came: dict[str, int] = field(default_factory=dict)
    went: dict[str, int] = field(default_factory=dict)

    @property
    def income(self) -> int:
        return sum(self.came.values())

    @property
    def spent(self) -> int:
        return sum(self.went.values())

    @property
    def after(self) -> int:
        return self.before + self.income - self.spent


@dataclass(frozen=True)
class Month:
    first_day: date
    income: int
    spent: int
    after: int


def fund_balances(user, unit: Unit, first: date, last: date) -> list[FundBalance]:
    """Funds of ``unit`` and all under it that ``user`` may see and that had money then, in two queries."""
    return balances_of(Fund.objects.for_user(user).filter(unit__path__startswith=unit.path), first, last)


def balances_of(funds, first: date, last: date) -> list[FundBalance]:
    """An opening balance written in the time counts as having been there before it."""
    entries = by_kind(FundEntry.objects.filter(fund__in=funds.order_by(), on__lte=last))
    is_before = Q(on__lt=first) | Q(of_kind=Kind.OPENING)
    sums = entries.annotate(is_before=_flag(is_before)).order_by().values("fund", "of_kind", "is_out", "is_before")
    found = {fund.pk: {"before": 0, "came": {}, "went": {}} for fund in funds}
    had_money = set()
    for row in sums.annotate(total=Sum("amount")):
        had_money.add(row["fund"])
        of_fund = found[row["fund"]]
        if row["is_before"]:
            of_fund["before"] += row["total"]
        elif row["is_out"]:
            of_fund["went"][row["of_kind"]] = -row["total"]
        else:
            of_fund["came"][row["of_kind"]] = row["total"]
    balances = [FundBalance(fund, **found[fund.pk]) for fund in funds if fund.pk in had_money]
    return sorted(balances, key=lambda balance: (balance.fund.name, balance.fund.pk))


def months_of(funds, first: date, last: date) -> list[Month]:
    """Every month from the one of ``first`` to the one of ``last``, of all the funds together, in two queries.

    An opening balance is there from its month on, and no income of it.
    """
    entries = by_kind(FundEntry.objects.filter(fund__in=funds.order_by()))
    balance = entries.filter(on__lt=first).aggregate(total=Sum("amount"))["total"] or 0
    within = entries.filter(on__range=(first, last)).annotate(month=TruncMonth("on")).order_by()
    within = within.annotate(is_opening=_flag(Q(of_kind=Kind.OPENING)))
    sums: dict = defaultdict(int)
    for row in within.values("month", "is_out", "is_opening").annotate(total=Sum("amount")):
        sums[row["month"], "opening" if row["is_opening"] else row["is_out"]] = row["total"]
    months = []
    for month in _months(first, last):
        came, went = sums[month, False], -sums[month, True]
        balance += sums[month, "opening"] + came - went
        months.append(Month(month, came, went, balance))
    return months


def by_kind(entries):
    """Adds ``of_kind``, that of the reversed line for a reversal, and ``is_out``."""
    kind = Coalesce(F("reverses__kind"), F("kind"))
    came_back = Q(of_kind__in=_BOTH_WAYS) & (
        Q(reverses__isnull=True, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0)
    )
    entries = entries.annotate(of_kind=kind)
    return entries.annotate(is_out=_flag(~(Q(of_kind__in=_INCOME) | came_back)))


def kind_label(kind: str, *, is_out: bool) -> str:
    if words := _BOTH_WAYS.get(kind):
        return words[0 if is_out else 1]
    return str(Kind(kind).label)


def _flag(condition):
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _months(first: date, last: date):
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month.replace(day=28) + 4 * date.resolution).replace(day=1)
