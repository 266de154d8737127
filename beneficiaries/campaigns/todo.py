from collections import Counter

from django.urls import reverse

from beneficiaries.campaigns.models import CampaignResult
from welfare.site import TodoItem
from welfare.units.models import today


def waiting(user):
    """A campaign one's unit has not answered yet, and money said to be brought in that the fund has not received."""
    if user.has_perm("beneficiaries.change_campaignresult"):
        own = user.reach_for("beneficiaries.change_campaignresult").own
        yield from _silent(CampaignResult.objects.for_user(user).silent().filter(unit__in=own))
    if user.has_perm("beneficiaries.add_fundentry"):
        kept = user.reach_for("beneficiaries.add_fundentry").own
        yield from _owing(CampaignResult.objects.for_user(user).owing().filter(campaign__fund__unit__in=kept))


def _silent(results):
    for row in results.order_by("campaign__ends_on").values("campaign", "campaign__name", "campaign__ends_on"):
        is_late = row["campaign__ends_on"] < today()
        text = f"đợt vận động chờ đơn vị báo kết quả: {row['campaign__name']}"
        yield TodoItem(1, text, _page(row["campaign"]), "savings", is_late)


def _owing(results):
    campaigns = Counter(results.order_by("campaign").values_list("campaign", "campaign__name"))
    for (campaign, name), count in campaigns.items():
        yield TodoItem(count, f"đơn vị báo đã thu mà quỹ chưa nhận đủ: {name}", _page(campaign), "price_change")


def _page(campaign) -> str:
    return reverse("beneficiaries:campaign_results", args=[campaign])
