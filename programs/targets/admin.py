from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from programs.targets.counted import CountedLinks
from programs.targets.figures import figures_seen_by
from programs.targets.milestones import milestones_text
from programs.targets.models import Indicator, Target, TargetShare, plain_number
from programs.targets.shares import ShareChange
from welfare.scoped_admin import CatalogueAdmin, ReadOnlyAdmin, ScopedInline
from welfare.templatetags.vietnamese_format import percent
from welfare.vietnamese import fold

STATUS_COLOURS = {
    "reached": "success", "on_track": "info", "at_risk": "warning", "behind": "danger", "pending": "default",
}  # fmt: skip

REPORTED_WAYS = (Indicator.RollUp.SUM, Indicator.RollUp.RATIO, Indicator.RollUp.LATEST)


@admin.register(Indicator)
class IndicatorAdmin(CountedLinks, CatalogueAdmin):
    list_display = ["name_and_definition", "source_label", "roll_up", "unit_of_measure", "targets_count"]
    list_display_links = ["name_and_definition"]
    list_filter = ["source", "roll_up", "unit_of_measure"]
    search_fields = ["name"]
    search_help_text = "Tên, cách tính hoặc đơn vị tính"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(used=Count("targets"))

    def get_search_results(self, request, queryset, search_term):
        """The register is short: read whole, so that accents don't matter."""
        words = fold(search_term).split()
        said = {i.pk: fold(f"{i.name} {i.definition} {i.unit_of_measure}") for i in queryset}
        return queryset.filter(pk__in=[pk for pk, text in said.items() if all(word in text for word in words)]), False

    def get_fields(self, request, obj=None):
        """What is added here, units report: nothing would count it."""
        return ["name", *(["source"] if obj else []), "unit_of_measure", "roll_up", "definition"]

    def get_readonly_fields(self, request, obj=None):
        """What the ledger counts by the code must go on being counted that way."""
        return ["source", "roll_up"] if obj else []

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "roll_up":
            kwargs["choices"] = [(way.value, way.label) for way in REPORTED_WAYS]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        obj.source = obj.source or Indicator.Source.REPORTED
        super().save_model(request, obj, form, change)

    @admin.display(description="chỉ số", ordering="name")
    def name_and_definition(self, indicator):
        words = '<span class="text-base-500">{}</span>'
        return (
            format_html("{}<br>" + words, indicator.name, indicator.definition) if indicator.definition else indicator
        )

    @display(description="nguồn", ordering="source", label={"counted": "success", "reported": "info"})
    def source_label(self, indicator):
        return indicator.source, indicator.get_source_display()

    @admin.display(description="chỉ tiêu đang dùng", ordering="used")
    def targets_count(self, indicator):
        return indicator.used or "–"

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
        "text", "plan_link", "indicator", "wanted_whole", "year", "season", "deadline", "combine", "yearly",
        "binds_level", "department", "own", "mismatch",
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
            page = reverse("programs:plan_shares", args=[target.plan_id]) + f"?chi-tieu={target.pk}"
            links.append({"label": "Giao cho đơn vị", "icon": "account_tree", "url": page})
        if target.is_shareable and request.user.has_perm("programs.view_sharechange"):
            page = reverse("admin:programs_sharechange_changelist") + f"?target__id__exact={target.pk}"
            links.append({"label": "Lịch sử giao", "icon": "history", "url": page})
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

    @admin.display(description="mốc từng năm")
    def yearly(self, target):
        return milestones_text(target) or "–"

    @admin.display(description="phần tỉnh trực tiếp làm")
    def own(self, target):
        return target.in_words(target.own_part)

    @admin.display(description="phần giao")
    def mismatch(self, target):
        total = target.shares.count()
        return target.share_mismatch() or (
            f"Đã giao {plain_number(total)} đơn vị, khớp chỉ tiêu." if total else "Chưa giao."
        )


@admin.register(ShareChange)
class ShareChangeAdmin(ReadOnlyAdmin):
    """Who gave whom how much, when and by which paper."""

    list_display = ["at", "target_start", "unit", "amounts", "paper", "by"]
    list_filter = ["target__plan", "unit", "at"]
    list_select_related = ["target", "unit", "decision", "by"]
    lookups = ("target",)
    search_fields = ["target__text", "unit__name", "unit__short_name", "decision__number"]
    search_help_text = "Chỉ tiêu, đơn vị hoặc số quyết định"
    fields = readonly_fields = ["at", "target", "unit", "before", "after", "decision", "by"]

    @admin.display(description="chỉ tiêu")
    def target_start(self, change):
        return str(change.target)

    @admin.display(description="giao")
    def amounts(self, change):
        return f"{plain_number(change.before)} → {change.target.in_words(change.after)}"

    @admin.display(description="theo văn bản", ordering="decision")
    def paper(self, change):
        return str(change.decision or "Khi soạn kế hoạch")
