from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from programs.activities.lists import CareAdmin
from programs.caremodels.models import CareModel, CareModelKind, Evaluation
from welfare.filters import KeptUnitFilter
from welfare.scoped_admin import CatalogueAdmin, ScopedInline
from welfare.verbs import DateForm, ReasonForm, Verb, VerbForm
from welfare.vietnamese import format_number

STATE_COLOURS = {"registered": "info", "running": "success", "ended": "default"}
State = CareModel.State


@admin.register(CareModelKind)
class CareModelKindAdmin(CatalogueAdmin):
    list_display = ["name"]
    search_fields = ["name"]
    search_help_text = "Tên loại mô hình"


class EvaluateForm(VerbForm):
    result = forms.ChoiceField(label="Kết quả", choices=Evaluation.Result.choices)
    note = forms.CharField(label="Nhận xét", max_length=500, required=False, widget=forms.Textarea)
    on = forms.DateField(label="Ngày đánh giá", required=False, help_text="Để trống là hôm nay.")


class EndForm(ReasonForm):
    on = forms.DateField(label="Ngày kết thúc", required=False, help_text="Để trống là hôm nay.")


class EvaluationFilter(DropdownFilter):
    title, parameter_name = "tình trạng", "tinh-trang"

    def lookups(self, request, model_admin):
        return [("dang-chay", "Đang chạy hôm nay"), ("chua-danh-gia", "Chưa đánh giá trong 12 tháng")]

    def queryset(self, request, queryset):
        chosen = {"dang-chay": queryset.running, "chua-danh-gia": queryset.unevaluated}.get(self.value())
        return chosen() if chosen else queryset


class EvaluationInline(ScopedInline):
    """Written by the verb, read here."""

    model = Evaluation
    hide_title = True
    fields = readonly_fields = ["on", "result", "note", "by"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(CareModel)
class CareModelAdmin(CareAdmin):
    closed_states = (State.ENDED,)
    list_display = ["name", "unit", "kind", "registered_on", "running_since", "latest", "state_label"]
    list_filter = [
        ("state", ChoicesDropdownFilter), EvaluationFilter, ("kind", RelatedDropdownFilter), KeptUnitFilter,
    ]  # fmt: skip
    list_select_related = ["unit", "kind"]
    date_hierarchy = "registered_on"
    sortable_by = ["name", "registered_on", "running_since"]
    search_fields = ["search_text"]
    search_help_text = "Tên, loại mô hình, địa điểm hoặc đơn vị, không cần dấu"
    inlines = [EvaluationInline]
    compressed_fields = False
    fieldsets = [(None, {"fields": ["unit", "name", ("kind", "registered_on"), "place", "note"]})]
    steps = ["state", "running_since", "ended_on", "ended_reason"]
    export_columns = {
        "Mô hình": "name",
        "Loại": "kind__name",
        "Đơn vị": "unit__short_name",
        "Địa điểm": "place",
        "Ngày đăng ký": "registered_on",
        "Hoạt động từ": "running_since",
        "Đánh giá gần nhất": "evaluated_on",
        "Kết quả": "result_label",
        "Ngày kết thúc": "ended_on",
        "Trạng thái": "get_state_display",
    }
    verbs = [
        Verb("start", "Bắt đầu hoạt động", "programs.change_caremodel", (State.REGISTERED,), DateForm,
             "Đã ghi mô hình bắt đầu hoạt động.", icon="play_arrow"),
        Verb("evaluate", "Đánh giá", "programs.change_caremodel", (State.RUNNING,), EvaluateForm,
             "Đã ghi đánh giá mô hình.", icon="rate_review"),
        Verb("end", "Kết thúc", "programs.change_caremodel", (State.REGISTERED, State.RUNNING), EndForm,
             "Đã ghi mô hình kết thúc.", "Mô hình đã kết thúc không còn được đếm và không mở lại.", "stop_circle"),
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).with_latest()

    def summary(self, rows):
        of_state = Count("pk", filter=Q(state=State.RUNNING))
        counts = rows.order_by().aggregate(all=Count("pk"), running=of_state, units=Count("unit", distinct=True))
        return [
            (format_number(counts["all"]), "mô hình"),
            (format_number(counts["running"]), "đang chạy"),
            (format_number(counts["units"]), "đơn vị"),
        ]

    def get_fieldsets(self, request, obj=None):
        shown = super().get_fieldsets(request, obj)
        return [*shown, ("Quá trình", {"fields": [tuple(self.steps[:3]), "ended_reason"]})] if obj else shown

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *self.steps]

    @display(description="đánh giá gần nhất")
    def latest(self, model):
        return f"{model.result_label} ({model.evaluated_on:%m/%Y})" if model.result else "–"

    @display(description="trạng thái", ordering="state", label=STATE_COLOURS)
    def state_label(self, model):
        return model.state, model.get_state_display()
