from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from programs.targets.counted import CountedLinks
from programs.targets.figures import figures_seen_by
from programs.targets.models import Indicator, Target, TargetShare, plain_number
from welfare.scoped_admin import CatalogueAdmin, ReadOnlyAdmin, ScopedInline
from welfare.templatetags.vietnamese_format import percent

STATUS_COLOURS = {
    "reached": "success", "on_track": "info", "at_risk": "warning", "behind": "danger", "pending": "default",
}  # fmt: skip


@admin.register(Indicator)
class IndicatorAdmin(CountedLinks, CatalogueAdmin):
    list_display = ["name", "source", "roll_up", "unit_of_measure"]
    list_filter = ["source", "roll_up"]
    search_fields = ["name"]
    search_help_text = "Tên hoặc mã chỉ số"

    def get_readonly_fields(self, request, obj=None):
        """What the ledger counts by the code must go on being counted that way."""
        return ["source", "roll_up"] if obj else []

    def has_delete_permission(self, request, obj=None):
        is_reported = obj is None or obj.source == Indicator.Source.REPORTED
        return is_reported and super().has_delete_permission(request, obj)


class FiguresChangeList(ChangeList):
    """Counts the figures of the page's targets together."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        figures = figures_seen_by(request.user, self.result_list)
        for target in self.result_list:
            target.figure = figures[target.pk]


class ShareFilter(admin.SimpleListFilter):
    title, parameter_name = "giao đơn vị", "giao"

    def lookups(self, request, model_admin):
        return [("lech", "Giao chưa khớp"), ("roi", "Đã giao"), ("chua", "Chưa giao")]

    def queryset(self, request, queryset):
        if self.value() == "lech":
            return queryset.filter(pk__in=[target.pk for target in queryset.mismatched()])
        if self.value() in ("roi", "chua"):
            return queryset.filter(shares__isnull=self.value() == "chua").distinct()
        return queryset


class TargetShareInline(ScopedInline):
    """Shares are given on their own page, all together; here they are read."""

    model = TargetShare
    fields = readonly_fields = ["unit", "given"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("unit", "target").order_by("unit__path")

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission

    @admin.display(description="giao")
    def given(self, share):
        return share.target.in_words(share.value)


@admin.register(Target)
class TargetAdmin(ReadOnlyAdmin):
    """Every target with its figure. A target is written in its plan, its shares on the share-out page."""

    unit_field = None
    list_display = ["text_start", "plan_link", "wanted_here", "actual", "percent_done", "status"]
    list_display_links = ["text_start"]
    list_filter = ["plan__first_year", "indicator", ShareFilter]
    list_select_related = ["plan__kind", "plan__unit", "indicator"]
    search_fields = ["text", "plan__title"]
    search_help_text = "Nội dung chỉ tiêu hoặc tên kế hoạch"
    ordering = ["-plan__first_year", "plan", "order", "pk"]
    inlines = [TargetShareInline]
    change_form_outer_before_template = "admin/verbs.html"
    fields = [
        "text", "plan_link", "indicator", "wanted_whole", "year", "season", "deadline", "combine", "binds_level",
        "department", "own", "mismatch",
    ]  # fmt: skip
    readonly_fields = fields

    class Media:
        css = {"all": ["programs/programs.css"]}

    def get_changelist(self, request, **kwargs):
        return FiguresChangeList

    def change_view(self, request, object_id, form_url="", extra_context=None):
        target = self.get_object(request, object_id)
        context = {**(extra_context or {}), "verbs": self._links(request, target) if target else []}
        return super().change_view(request, object_id, form_url, context)

    def _links(self, request, target):
        page = reverse("programs:plan_view", args=[target.plan_id])
        links = [{"label": "Xem kế hoạch", "icon": "visibility", "url": page}]
        if target.may_be_shared_out_by(request.user):
            page = reverse("programs:target_shares", args=[target.pk])
            links.append({"label": "Giao cho đơn vị", "icon": "account_tree", "url": page})
        return links

    @admin.display(description="chỉ tiêu")
    def text_start(self, target):
        return format_html('{}<br><span class="text-base-500">{}</span>', target, target.indicator)

    @admin.display(description="kế hoạch", ordering="plan")
    def plan_link(self, target):
        page = reverse("programs:plan_view", args=[target.plan_id])
        return format_html('<a class="text-primary-600" href="{}">{}</a>', page, target.plan)

    @admin.display(description="cần đạt")
    def wanted_whole(self, target):
        return target.wanted()

    @admin.display(description="cần đạt")
    def wanted_here(self, target):
        return target.figure.wanted_text

    @admin.display(description="đã đạt")
    def actual(self, target):
        return target.figure.actual_text

    @admin.display(description="so với chỉ tiêu")
    def percent_done(self, target):
        return percent(target.figure.percent)

    @display(description="tình trạng", label=STATUS_COLOURS)
    def status(self, target):
        return target.figure.status.value, target.figure.status.label

    @admin.display(description="phần tỉnh trực tiếp làm")
    def own(self, target):
        return target.in_words(target.own_part)

    @admin.display(description="phần giao")
    def mismatch(self, target):
        total = target.shares.count()
        return target.share_mismatch() or (
            f"Đã giao {plain_number(total)} đơn vị, khớp chỉ tiêu." if total else "Chưa giao."
        )
