from django.contrib import admin
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from beneficiaries.inspections import forms
from beneficiaries.inspections.casefile import finding_file, inspection_file
from beneficiaries.inspections.findings import State as FindingState
from beneficiaries.inspections.models import Finding, FindingKind, Inspection, InspectionMember, InspectionPlan
from beneficiaries.inspections.steps import State
from programs.activities.fields import WholeNumberField
from welfare.asked import whole_number
from welfare.exports import ListExport
from welfare.filters import KeptUnitFilter, LongList
from welfare.imports import CatalogueImport
from welfare.scoped_admin import CatalogueAdmin, ScopedAdmin, ScopedInline, rows_for
from welfare.units.models import Unit
from welfare.verbs import DateForm, ReasonForm, Verb, VerbsMixin, counts_on
from welfare.vietnamese import format_money

STATE_LABELS = {
    "planned": "default", "decided": "info", "running": "info", "concluded": "warning", "closed": "success",
    "cancelled": "danger",
}  # fmt: skip
FINDING_LABELS = {
    "draft": "default", "issued": "warning", "answered": "info", "returned": "danger", "settled": "success",
    "withdrawn": "default",
}  # fmt: skip


@admin.register(FindingKind)
class FindingKindAdmin(CatalogueImport, CatalogueAdmin):
    export_fields = ("name", "position")
    import_id_fields = ("name",)
    list_display = ["name", "position"]
    search_fields = ["name"]
    search_help_text = "Tên loại sai sót"
    fields = ["name", "position"]


class _InspectorsAdmin(ScopedAdmin):
    """Rows of the inspection: it sees the whole province and writes no unit's rows, so writing goes by seeing."""

    unit_field = None

    def _may_write(self, request, obj) -> bool:
        return (
            obj is None
            or obj.pk is None
            or counts_on(obj, request.user, f"{self.opts.app_label}.change_{self.opts.model_name}")
        )

    def save_model(self, request, obj, form, change):
        if not change:
            obj.unit, obj.created_by = Unit.objects.get_first_root_node(), request.user
        super().save_model(request, obj, form, change)


@admin.register(InspectionPlan)
class InspectionPlanAdmin(VerbsMixin, ListExport, _InspectorsAdmin):
    form = forms.PlanForm
    change_form_outer_before_template = "beneficiaries/inspection_plan_head.html"
    list_display = ["title", "plain_year", "count", "state_label"]
    search_fields = ["title"]
    search_help_text = "Tên kế hoạch"
    autocomplete_fields = ["document"]
    fields = ["year", "title", "aims", "document"]
    export_columns = {
        "Năm": "year",
        "Kế hoạch": "title",
        "Mục đích": "aims",
        "Số cuộc": "inspection_count",
        "Trạng thái": "get_state_display",
    }
    verbs = [
        Verb("approve", "Duyệt kế hoạch", "beneficiaries.approve_inspectionplan", (InspectionPlan.State.DRAFT,), DateForm,
             "Đã duyệt kế hoạch kiểm tra.", icon="verified"),
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(inspection_count=Count("inspections"))

    def has_change_permission(self, request, obj=None):
        is_draft = obj is None or obj.state == InspectionPlan.State.DRAFT
        return is_draft and super().has_change_permission(request, obj)

    def may_do(self, request, row, verb) -> bool:
        return row.created_by_id != request.user.pk and super().may_do(request, row, verb)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        plan, context = self.get_object(request, object_id), {**(extra_context or {})}
        if plan:
            planned = rows_for(request.user, Inspection).filter(plan=plan).prefetch_related("units")
            add = f"{reverse('admin:beneficiaries_inspection_add')}?plan={plan.pk}"
            may_add = plan.state == InspectionPlan.State.DRAFT and request.user.has_perm("beneficiaries.add_inspection")
            context |= {"plan": plan, "planned": planned.order_by("starts_on"), "add_url": add if may_add else ""}
        return super().change_view(request, object_id, form_url, context)

    @display(description="năm", ordering="year")
    def plain_year(self, plan):
        return str(plan.year)

    @display(description="số cuộc")
    def count(self, plan):
        return plan.inspection_count

    @display(description="trạng thái", label={"draft": "warning", "approved": "success"})
    def state_label(self, plan):
        return plan.state, plan.get_state_display()


class MemberInline(ScopedInline):
    model = InspectionMember
    fields = ["full_name", "job_title", "part", "user"]
    autocomplete_fields = ["user"]

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and _is_open(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and _is_open(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and _is_open(obj)


def _is_open(inspection) -> bool:
    return inspection is None or inspection.state == State.PLANNED


class LateFilter(DropdownFilter):
    title, parameter_name = "thời hạn", "han"

    def lookups(self, request, model_admin):
        return [("qua", "Quá hạn")]

    def queryset(self, request, queryset):
        return queryset.overdue() if self.value() == "qua" else queryset


@admin.register(Inspection)
class InspectionAdmin(VerbsMixin, ListExport, LongList, _InspectorsAdmin):
    """Written while it is planned; after that only verbs move it."""

    form = forms.InspectionForm
    change_form_outer_before_template = "beneficiaries/inspection_head.html"
    list_display = ["subject", "units_text", "days", "head_name", "finding_count", "state_label"]
    list_filter = [
        ("state", ChoicesDropdownFilter), ("plan", RelatedDropdownFilter), LateFilter, ("units", RelatedDropdownFilter),
    ]  # fmt: skip
    date_hierarchy = "starts_on"
    sortable_by = []
    search_fields = ["subject", "units__name", "members__full_name"]
    search_help_text = "Nội dung kiểm tra, tên đơn vị hoặc thành viên đoàn"
    autocomplete_fields = ["feedback", "units", "rounds", "funds"]
    inlines = [MemberInline]
    fieldsets = [
        ("Cuộc kiểm tra", {"fields": ["subject", "plan", "feedback", "units", ("starts_on", "ends_on")]}),
        ("Kiểm tra những khoản nào", {
            "fields": [("period_from", "period_to"), ("with_grants", "with_houses"), "rounds", "funds"],
        }),
    ]  # fmt: skip
    export_columns = {
        "Nội dung": "subject",
        "Đơn vị được kiểm tra": "unit_names",
        "Từ ngày": "starts_on",
        "Đến ngày": "ends_on",
        "Trưởng đoàn": "head",
        "Ngày quyết định": "decided_on",
        "Ngày kết luận": "concluded_on",
        "Trạng thái": "get_state_display",
    }
    verbs = [
        Verb("decide", "Ghi quyết định", "beneficiaries.conduct_inspection", (State.PLANNED,), forms.DecideForm,
             "Đã ghi quyết định kiểm tra.", "Số quyết định được vào sổ văn bản; sau bước này nội dung không sửa được nữa.", "gavel"),
        Verb("start", "Bắt đầu kiểm tra", "beneficiaries.conduct_inspection", (State.DECIDED,), DateForm,
             "Đã ghi bắt đầu kiểm tra.", icon="play_arrow"),
        Verb("record_minutes", "Ghi biên bản", "beneficiaries.conduct_inspection", (State.RUNNING,), forms.MinutesForm,
             "Đã ghi biên bản.", icon="description"),
        Verb("conclude", "Ghi kết luận", "beneficiaries.conduct_inspection", (State.RUNNING,), forms.ConcludeForm,
             "Đã ghi kết luận và gửi kết quả cho các đơn vị.",
             "Các kết quả đang ghi được gửi cho đơn vị cùng lúc; đơn vị giải trình đến hạn đã ghi.", "assignment_turned_in"),
        Verb("close", "Kết thúc", "beneficiaries.close_inspection", (State.CONCLUDED,), DateForm,
             "Đã kết thúc cuộc kiểm tra.", icon="task_alt"),
        Verb("cancel", "Không tiến hành", "beneficiaries.conduct_inspection", (State.PLANNED, State.DECIDED), ReasonForm,
             "Đã ghi không tiến hành.", icon="block"),
    ]  # fmt: skip

    def get_queryset(self, request):
        standing = ~Q(findings__state=FindingState.WITHDRAWN)
        rows = super().get_queryset(request).prefetch_related("units", "members")
        return rows.annotate(found=Count("findings", filter=standing & Q(findings__isnull=False), distinct=True))

    def has_change_permission(self, request, obj=None):
        return _is_open(obj) and super().has_change_permission(request, obj)

    def may_do(self, request, row, verb) -> bool:
        is_own_word = verb.name == "close" and row.concluded_by_id == request.user.pk
        return not is_own_word and super().may_do(request, row, verb)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row, context = self.get_object(request, object_id), {**(extra_context or {})}
        if row:
            context |= inspection_file(row, request.user)
        return super().change_view(request, object_id, form_url, context)

    @display(description="đơn vị được kiểm tra")
    def units_text(self, row):
        return row.unit_names

    @display(description="thời gian")
    def days(self, row):
        return f"{row.starts_on:%d/%m/%Y} – {row.ends_on:%d/%m/%Y}{', quá hạn' if row.is_overdue else ''}"

    @display(description="trưởng đoàn")
    def head_name(self, row):
        return row.head or "–"

    @display(description="kết quả")
    def finding_count(self, row):
        return row.found or "–"

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, row):
        return row.state, row.get_state_display()


class OwingFilter(DropdownFilter):
    title, parameter_name = "thu hồi", "thu-hoi"

    def lookups(self, request, model_admin):
        return [("con", "Còn phải thu hồi")]

    def queryset(self, request, queryset):
        return queryset.owing() if self.value() == "con" else queryset


class OpenFilter(DropdownFilter):
    title, parameter_name = "xử lý", "xu-ly"

    def lookups(self, request, model_admin):
        return [("chua", "Chờ đơn vị giải trình")]

    def queryset(self, request, queryset):
        return queryset.waiting_for_unit() if self.value() == "chua" else queryset


@admin.register(Finding)
class FindingAdmin(VerbsMixin, ListExport, LongList, _InspectorsAdmin):
    """Written by the inspection until it goes to the unit."""

    form = forms.FindingForm
    formfield_overrides = {models.BigIntegerField: {"form_class": WholeNumberField}}
    change_form_outer_before_template = "beneficiaries/finding_head.html"
    list_display = ["kind", "unit", "inspection", "due", "money", "owed_money", "state_label"]
    list_filter = [
        ("state", ChoicesDropdownFilter), OpenFilter, LateFilter, OwingFilter, ("kind", RelatedDropdownFilter), KeptUnitFilter,
    ]  # fmt: skip
    list_select_related = ["kind", "unit", "inspection"]
    date_hierarchy = "written_on"
    sortable_by = []
    search_fields = ["text", "inspection__subject"]
    search_help_text = "Nội dung kết quả hoặc cuộc kiểm tra"
    fields = ["inspection", "unit", "kind", "text", "rows", "to_recover", "answer_by"]
    export_columns = {
        "Cuộc kiểm tra": "inspection__subject",
        "Đơn vị": "unit__short_name",
        "Loại sai sót": "kind__name",
        "Nội dung": "text",
        "Phải thu hồi": "to_recover",
        "Đã thu hồi": "recovered",
        "Được miễn": "waived",
        "Hạn giải trình": "answer_by",
        "Giải trình": "answer",
        "Ngày giải trình": "answered_on",
        "Trạng thái": "get_state_display",
    }
    verbs = [
        Verb("issue", "Gửi đơn vị", "beneficiaries.conduct_inspection", (FindingState.DRAFT,), forms.IssueForm,
             "Đã gửi cho đơn vị giải trình.", "Đơn vị thấy kết quả này từ bây giờ; sau đó không sửa được nữa.", "send"),
        Verb("settle", "Xác nhận xử lý xong", "beneficiaries.settle_finding", (FindingState.ANSWERED,), DateForm,
             "Đã xác nhận xử lý xong.", icon="task_alt"),
        Verb("send_back", "Yêu cầu giải trình lại", "beneficiaries.conduct_inspection", (FindingState.ANSWERED,),
             forms.SendBackForm, "Đã yêu cầu giải trình lại.", icon="replay"),
        Verb("recover", "Ghi thu hồi", "beneficiaries.record_recovery",
             (FindingState.ISSUED, FindingState.ANSWERED, FindingState.RETURNED), forms.RecoverForm,
             "Đã ghi thu hồi.", icon="savings"),
        Verb("take_back_recovery", "Hủy lần thu hồi", "beneficiaries.record_recovery",
             (FindingState.ISSUED, FindingState.ANSWERED, FindingState.RETURNED), forms.TakeBackForm,
             "Đã hủy lần thu hồi.", icon="undo"),
        Verb("waive", "Miễn phần còn lại", "beneficiaries.waive_recovery",
             (FindingState.ISSUED, FindingState.ANSWERED, FindingState.RETURNED), ReasonForm,
             "Đã miễn phần còn phải thu hồi.", icon="money_off"),
        Verb("extend", "Gia hạn", "beneficiaries.conduct_inspection",
             (FindingState.DRAFT, FindingState.ISSUED, FindingState.RETURNED), forms.ExtendForm, "Đã gia hạn.",
             icon="more_time"),
        Verb("withdraw", "Bỏ kết quả", "beneficiaries.conduct_inspection", (FindingState.DRAFT,), ReasonForm,
             "Đã bỏ kết quả này.", icon="delete"),
    ]  # fmt: skip

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """The sample's rows are ticked, nobody holds a key."""
        return super().formfield_for_manytomany(
            db_field, request, widget=UnfoldAdminCheckboxSelectMultipleWidget(), **kwargs
        )

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "inspection":
            field.queryset = field.queryset.filter(state__in=[State.DECIDED, State.RUNNING, State.CONCLUDED])
        return field

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["inspection"] if obj else [])]

    def get_fields(self, request, obj=None):
        """Units and sample follow the inspection, so that is known first."""
        return self.fields if obj or _inspection_asked(request) else [f for f in self.fields if f != "rows"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.inspection_row = None if obj else _inspection_asked(request)
        return form

    def has_change_permission(self, request, obj=None):
        is_draft = obj is None or obj.state == FindingState.DRAFT
        return is_draft and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.written_by = request.user
        super(_InspectorsAdmin, self).save_model(request, obj, form, change)

    def may_do(self, request, row, verb) -> bool:
        if verb.name == "settle" and row.written_by_id == request.user.pk:
            return False
        if verb.name in ("recover", "waive") and not row.owed:
            return False
        if verb.name == "take_back_recovery" and not row.recovered:
            return False
        return super().may_do(request, row, verb)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row, context = self.get_object(request, object_id), {**(extra_context or {})}
        if row:
            context |= finding_file(row, request.user)
        return super().change_view(request, object_id, form_url, context)

    @display(description="hạn giải trình", ordering="answer_by")
    def due(self, row):
        return f"{row.answer_by:%d/%m/%Y}{', quá hạn' if row.is_overdue else ''}"

    @display(description="phải thu hồi", ordering="to_recover")
    def money(self, row):
        return format_money(row.to_recover) if row.to_recover else "–"

    @display(description="còn lại")
    def owed_money(self, row):
        return format_money(row.owed) if row.owed else "–"

    @display(description="trạng thái", label=FINDING_LABELS)
    def state_label(self, row):
        return row.state, row.get_state_display()


def _inspection_asked(request) -> Inspection | None:
    """The inspection of a finding being added: of the form that was sent, else of the address."""
    asked = whole_number(request.POST.get("inspection") or request.GET.get("inspection"))
    return rows_for(request.user, Inspection).filter(pk=asked).first()
