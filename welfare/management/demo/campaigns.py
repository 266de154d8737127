"""Drives for the social fund, last year's and this year's; one unit has not said yet."""

from datetime import date
from random import Random

from beneficiaries.models import Campaign
from welfare.management.demo.province import Province
from welfare.models import UnitYear

_SEED = 87  # of its own, so that what the other modules draw stays as it is
_RATES = (0.93, 0.88)
_SILENT = "CHOLACH"
_A_DAYS_WAGE = 50_000  # VND from a member, about


def make_campaigns(province: Province, fund):
    random = Random(_SEED)
    for year, rate in zip((province.year - 1, province.year), _RATES, strict=True):
        starts_on = date(year, 3, 1)
        if starts_on > province.today:
            continue
        campaign = Campaign.objects.create(
            unit=province.root, fund=fund, name=f"Vận động ủng hộ Quỹ Xã hội Công đoàn năm {year}", year=year,
            starts_on=starts_on, ends_on=date(year, 6, 30),
        )  # fmt: skip
        _answer(province, campaign, rate, random)


def _answer(province, campaign, rate, random):
    members = dict(UnitYear.objects.filter(year=campaign.year).values_list("unit", "members"))
    for result in campaign.results.select_related("unit"):
        if result.unit.code == _SILENT and campaign.year == province.year:
            continue
        result.contributors = round(members[result.unit_id] * min(0.99, rate * random.uniform(0.94, 1.06)))
        result.amount = result.contributors * _A_DAYS_WAGE
        result.by = province.officer(result.unit)
        result.save()
