"""What units reported for indicators the ledger can't count, for last year and for the first half of this one."""

from datetime import date

from programs.models import Actual, Indicator
from welfare.management.demo.province import Province
from welfare.management.demo.units import UPPER_CODES
from welfare.models import UnitYear

# indicator: the rate last year and in this year's first half; of whom it is a part.
_RATES = {
    "members_informed_share": (0.86, 0.91, "members"),
    "welfare_spending_share": (0.57, 0.61, "money"),
    "dialogues_share": (0.82, 0.87, "meetings"),
}
_COUNTS = {"collective_agreements": (6, 3)}


def report_by_units(province: Province):
    indicators = {indicator.code: indicator for indicator in Indicator.objects.filter(source="reported")}
    members = dict(UnitYear.objects.filter(year=province.year).values_list("unit__code", "members"))
    months = [date(province.year - 1, 11, 1), date(province.year, 6, 1)]
    rows = []
    for n, month in enumerate(months):
        if month > province.today:
            continue
        for code, (*rates, of) in _RATES.items():
            rows += [_rate(province, indicators[code], unit, month, rates[n], of, members) for unit in UPPER_CODES]
        for code, counts in _COUNTS.items():
            for unit in UPPER_CODES[: counts[n]]:
                rows.append(Actual(indicator=indicators[code], unit=province.units[unit], month=month, value=1))
    Actual.objects.bulk_create(rows)


def _rate(province, indicator, code, month, rate, of, members) -> Actual:
    whole = {
        "members": members[code],
        "money": members[code] * 100_000,
        "meetings": 1 + members[code] // 300,
    }[of]
    spread = rate if rate == 1 else min(0.99, rate * province.random.uniform(0.94, 1.06))
    part = round(whole * spread)
    return Actual(indicator=indicator, unit=province.units[code], month=month, numerator=part, denominator=whole,
                  value=round(100 * part / whole, 2))  # fmt: skip
