from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode

from beneficiaries.campaigns.forms import ResultsForm
from beneficiaries.campaigns.models import Campaign, CampaignResult
from beneficiaries.campaigns.reminders import remind
from beneficiaries.funds.thanks import donors_of, request_thanks
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.vietnamese import format_number


@page(permission="beneficiaries.view_campaignresult", methods=("GET", "HEAD", "POST"))
def campaign_results(request, campaign_id):
    """All units of a campaign in one grid; who may write a unit writes its row."""
    campaign, user = _campaign(request, campaign_id), request.user
    form = ResultsForm(request.POST or None, campaign=campaign, user=user)
    may_write = bool(form.writable) and user.has_perm("beneficiaries.change_campaignresult")
    if request.method == "POST" and may_write and form.is_valid() and _save(request, form):
        return redirect("beneficiaries:campaign_results", campaign.pk)
    results = CampaignResult.objects.for_user(user).filter(campaign=campaign).with_members().with_received()
    _add_links(form.results, campaign, user)
    context = {
        "title": campaign.name,
        "subtitle": f"{campaign.fund} · từ {campaign.starts_on:%d/%m/%Y} đến {campaign.ends_on:%d/%m/%Y}",
        "campaign": campaign,
        "form": form,
        "may_write": may_write,
        "may_run": user.reach_for("beneficiaries.change_campaign").may_write(campaign.unit_id),
        "donors": donors_of(campaign, user).count() if user.has_perm("beneficiaries.view_donor") else 0,
        "totals": results.totals(),
        "back": reverse("admin:beneficiaries_campaign_changelist"),
    }
    return render_page(request, "beneficiaries/campaign_results.html", context)


def _add_links(results, campaign, user):
    """Where the fund books what a unit brings: the sum that is said and not yet received is filled in."""
    may_post = user.reach_for("beneficiaries.add_fundentry").may_write(campaign.fund.unit_id) and campaign.fund.is_open
    page = reverse("beneficiaries:fund_post", args=[campaign.fund_id])
    for result in results:
        known = {"kind": "contribution", "campaign": campaign.pk, "from_unit": result.unit_id, "amount": result.missing}
        result.receive_url = f"{page}?{urlencode(known)}" if may_post and result.missing > 0 else ""


@page(permission="beneficiaries.change_campaign", methods=("POST",))
def campaign_remind(request, campaign_id):
    campaign = _campaign(request, campaign_id)
    try:
        count = remind(campaign, request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Đã nhắc {format_number(count)} đơn vị chưa báo kết quả.")
    return redirect("beneficiaries:campaign_results", campaign.pk)


@page(permission="beneficiaries.view_donor", methods=("POST",))
def campaign_thank(request, campaign_id):
    campaign = _campaign(request, campaign_id)
    try:
        request_thanks(campaign, request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("beneficiaries:campaign_results", campaign.pk)
    messages.info(request, "Đang viết thư cảm ơn cho từng nhà tài trợ. Tệp hiện ở đây khi xong.")
    return redirect("welfare:job_list")


def _campaign(request, campaign_id) -> Campaign:
    return get_object_or_404(Campaign.objects.for_user(request.user).select_related("unit", "fund"), pk=campaign_id)


def _save(request, form) -> bool:
    try:
        changed = form.save()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, f"Đã lưu kết quả của {format_number(changed)} đơn vị.")
    return True
