from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from beneficiaries.campaigns.forms import ResultsForm
from beneficiaries.campaigns.models import Campaign, CampaignResult
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.vietnamese import format_number


@page(permission="beneficiaries.view_campaignresult", methods=("GET", "HEAD", "POST"))
def campaign_results(request, campaign_id):
    """All units of a campaign in one grid; who may write a unit writes its row."""
    campaigns = Campaign.objects.for_user(request.user).select_related("unit", "fund")
    campaign = get_object_or_404(campaigns, pk=campaign_id)
    form = ResultsForm(request.POST or None, campaign=campaign, user=request.user)
    may_write = bool(form.writable) and request.user.has_perm("beneficiaries.change_campaignresult")
    if request.method == "POST" and may_write and form.is_valid() and _save(request, form):
        return redirect("beneficiaries:campaign_results", campaign.pk)
    context = {
        "title": campaign.name,
        "subtitle": f"{campaign.fund} · từ {campaign.starts_on:%d/%m/%Y} đến {campaign.ends_on:%d/%m/%Y}",
        "campaign": campaign,
        "form": form,
        "may_write": may_write,
        "totals": CampaignResult.objects.for_user(request.user).filter(campaign=campaign).with_members().totals(),
        "back": reverse("admin:beneficiaries_campaign_changelist"),
    }
    return render_page(request, "beneficiaries/campaign_results.html", context)


def _save(request, form) -> bool:
    try:
        changed = form.save()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, f"Đã lưu kết quả của {format_number(changed)} đơn vị.")
    return True
