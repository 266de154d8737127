from django.contrib import admin
from django.shortcuts import redirect
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from programs.activities.fields import WholeNumberField
from programs.activities.forms import HoldForm, plans_of
from programs.activities.lists import CareAdmin
from programs.activities.models import Activity, ActivityCost, ActivityKind
from welfare.asked import whole_number
from welfare.filters import KeptUnitFilter
from welfare.photographs import PhotosForm
from welfare.scoped_admin import CatalogueAdmin, ScopedStackedInline
from welfare.verbs import ReasonForm, Verb
from welfare.vietnamese import format_money, format_number

STATE_COLOURS = {"planned": "info", "held": "success", "cancelled": "danger"}
State = Activity.State


@admin.register(ActivityKind)
class ActivityKindAdmin(CatalogueAdmin):
    list_display = ["name", "season"]
    search_fields = ["name"]
    search_help_text = "Tên loại hoạt động"


class SeasonFilter(DropdownFilter):
    title, parameter_name = "mùa", "mua"

    def lookups(self, request, model_admin):
        seasons = model_admin.get_queryset(request).exclude(season_year=None).order_by("-season_year", "kind__season")
        names = seasons.values_list("kind__season", "season_year").distinct()
        return [(f"{season} {year}", f"{season} {year}") for season, year in names]

    def queryset(self, request, queryset):
        season, _, year = (self.value() or "").rpartition(" ")
        year = whole_number(year, digits=4)
        return queryset.filter(kind__season=season, season_year=year) if year else queryset


class DueFilter(DropdownFilter):
    title, parameter_name = "việc phải làm", "viec"

    def lookups(self, request, model_admin):
        return [("qua-ngay", "Đã qua ngày, chưa ghi kết quả")]

    def queryset(self, request, queryset):
        return queryset.overdue() if self.value() == "qua-ngay" else queryset


class CostInline(ScopedStackedInline):
    model = ActivityCost
    fields = [("source", "amount"), ("organization", "payer")]
    autocomplete_fields = ["organization"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organization")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "amount":
            kwargs["form_class"] = WholeNumberField
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Activity)
class ActivityAdmin(CareAdmin):
    """Entered on its own short page; here it is found, completed and moved on."""

    change_form_outer_before_template = "programs/activity_head.html"
    closed_states = (State.CANCELLED,)
    list_display = ["title", "unit", "kind", "when", "people", "gift_count", "cost_money", "state_label"]
    list_filter = [
        ("state", ChoicesDropdownFilter), ("kind", RelatedDropdownFilter), SeasonFilter, KeptUnitFilter, DueFilter,
    ]  # fmt: skip
    list_select_related = ["unit", "kind"]
    date_hierarchy = "held_on"
    sortable_by = ["title", "when", "people", "gift_count"]
    search_fields = ["search_text"]
    search_help_text = "Tên, địa điểm, loại hoạt động hoặc đơn vị, không cần dấu"
    inlines = [CostInline]
    compressed_fields = False
    fieldsets = [
        (None, {"fields": ["unit", "title", ("kind", "season_year"), "plan"]}),
        ("Thời gian, địa điểm", {"fields": [("held_on", "held_to"), "place"]}),
        ("Kết quả", {"fields": [("participants", "gifts", "gifts_value"), "note"]}),
    ]
    export_columns = {
        "Hoạt động": "title",
        "Loại": "kind__name",
        "Mùa": "season_name",
        "Đơn vị": "unit__short_name",
        "Từ ngày": "held_on",
        "Đến ngày": "held_to",
        "Địa điểm": "place",
        "Số người tham gia": "participants",
        "Số suất quà": "gifts",
        "Trị giá quà": "gifts_value",
        "Kinh phí": "cost",
        "Trạng thái": "get_state_display",
    }
    verbs = [
        Verb("hold", "Ghi đã tổ chức", "programs.change_activity", (State.PLANNED,), HoldForm,
             "Đã ghi nhận hoạt động đã tổ chức.", "Số liệu được tính vào chỉ tiêu từ lúc này.", "event_available"),
        Verb("cancel", "Hủy hoạt động", "programs.change_activity", (State.PLANNED,), ReasonForm,
             "Đã hủy hoạt động.", icon="event_busy"),
        Verb("take_back", "Ghi lại là chưa tổ chức", "programs.change_activity", (State.HELD,),
             done="Hoạt động trở lại dự kiến.", explain="Dùng khi đã ghi nhầm. Số liệu không còn được tính vào chỉ tiêu.",
             icon="undo"),
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).with_cost()

    def summary(self, rows):
        totals = rows.totals()
        return [
            (format_number(totals["count"]), "hoạt động"),
            (format_number(totals["held"]), "đã tổ chức, với"),
            (format_number(totals["participants"]), "lượt người tham gia"),
            (format_number(totals["gifts"]), "suất quà"),
            (format_money(totals["gifts_value"]), "trị giá quà"),
            (format_money(totals["cost"]), "kinh phí"),
        ]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "plan":
            field.queryset = plans_of(request.user)
        return field

    def add_view(self, request, form_url="", extra_context=None):
        return redirect("programs:activity_new")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        activity = self.get_object(request, object_id)
        context = {**(extra_context or {}), **(self._head(request, activity) if activity else {})}
        return super().change_view(request, object_id, form_url, context)

    def _head(self, request, activity) -> dict:
        return {
            "activity": activity,
            "photos": activity.photos.select_related("image"),
            "photos_form": PhotosForm() if self.has_change_permission(request, activity) else None,
            "photos_url": reverse("programs:activity_photos", args=[activity.pk]),
        }

    @display(description="ngày tổ chức", ordering="held_on")
    def when(self, activity):
        return activity.days

    @display(description="người tham gia", ordering="participants")
    def people(self, activity):
        return format_number(activity.participants)

    @display(description="suất quà", ordering="gifts")
    def gift_count(self, activity):
        return format_number(activity.gifts)

    @display(description="kinh phí (đồng)", ordering="cost")
    def cost_money(self, activity):
        return format_number(activity.cost) if activity.cost else "–"

    @display(description="trạng thái", ordering="state", label=STATE_COLOURS)
    def state_label(self, activity):
        return activity.state, activity.get_state_display()
