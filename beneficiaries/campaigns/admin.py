from django.contrib import admin
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from beneficiaries.campaigns.models import Campaign, CampaignResult
from beneficiaries.funds.admin import FundFilter
from welfare.filters import YearFilter
from welfare.scoped_admin import OwnUnitAdmin, rows_for
from welfare.vietnamese import format_money


@admin.register(Campaign)
class CampaignAdmin(OwnUnitAdmin):
    """Campaigns; what the units brought in is written on their common page."""

    change_form_outer_before_template = "admin/verbs.html"
    list_display = ["name", "fund", "plain_year", "time", "answered", "money", "received", "results_link"]
    list_filter = [YearFilter, FundFilter]
    list_select_related = ["fund"]
    sortable_by = []
    search_fields = ["name"]
    search_help_text = "Tên đợt vận động"
    fields = ["unit", "fund", "name", "year", "starts_on", "ends_on"]

    def get_queryset(self, request):
        own = Q(results__in=rows_for(request.user, CampaignResult).order_by().values("pk"))
        said = own & Q(results__contributors__isnull=False)
        return super().get_queryset(request).annotate(
            asked=Count("results", filter=own), said=Count("results", filter=said), total=Sum("results__amount", filter=own)
        ).with_received(request.user)  # fmt: skip

    def change_view(self, request, object_id, form_url="", extra_context=None):
        page = {"label": "Nhập kết quả các đơn vị", "icon": "table_view"}
        context = {**(extra_context or {})}
        if self.get_object(request, object_id):
            context["verbs"] = [page | {"url": reverse("beneficiaries:campaign_results", args=[object_id])}]
        return super().change_view(request, object_id, form_url, context)

    @display(description="năm", ordering="year")
    def plain_year(self, campaign):
        return str(campaign.year)

    @display(description="thời gian")
    def time(self, campaign):
        return f"{campaign.starts_on:%d/%m/%Y} – {campaign.ends_on:%d/%m/%Y}"

    @display(description="đã có kết quả")
    def answered(self, campaign):
        return f"{campaign.said}/{campaign.asked} đơn vị"

    @display(description="các đơn vị báo")
    def money(self, campaign):
        return format_money(campaign.total) if campaign.total else "–"

    @display(description="quỹ đã nhận")
    def received(self, campaign):
        return format_money(campaign.received) if campaign.received else "–"

    @display(description="kết quả")
    def results_link(self, campaign):
        page = reverse("beneficiaries:campaign_results", args=[campaign.pk])
        return format_html('<a class="text-primary-600" href="{}">Xem, nhập kết quả</a>', page)
