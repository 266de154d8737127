from django import forms
from django.contrib import admin
from django.db import models
from django.forms.models import BaseInlineFormSet, ModelChoiceIterator
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from programs.plans.models import Assignment, LegalBasis, Plan, Recipient, Section
from programs.plans.writing.saving import may_write
from programs.targets.fields import NumberField
from programs.targets.models import Target
from welfare.scoped_admin import ReadOnlyAdmin, ScopedAdmin, ScopedInline, ScopedStackedInline
from welfare.verbs import DateForm, Verb, VerbForm, VerbsMixin

STATE_COLOURS = {
    "draft": "warning", "submitted": "info", "issued": "success", "in_force": "success", "closed": "default",
}  # fmt: skip


class YearFilter(admin.SimpleListFilter):
    """Plans in force in a year, also those of several years."""

    title, parameter_name = "năm", "nam"

    def lookups(self, request, model_admin):
        years = model_admin.get_queryset(request).order_by().values_list("first_year", "last_year").distinct()
        found = {year for first, last in years for year in range(first, min(last or first, first + 20) + 1)}
        return [(str(year), str(year)) for year in sorted(found, reverse=True)]

    def queryset(self, request, queryset):
        return queryset.in_year(int(self.value())) if (self.value() or "").isdecimal() else queryset


class _ReadOnce(ModelChoiceIterator):
    def __iter__(self):
        if not self.field.listed:
            self.field.listed.extend(super().__iter__())
        return iter(self.field.listed)


class SharedChoiceField(forms.ModelChoiceField):
    """Reads its choices once for all rows of a formset; the rows' copies of the field share the list."""

    iterator = _ReadOnce

    def __init__(self, *args, **kwargs):
        self.listed = []
        super().__init__(*args, **kwargs)


class PartFormSet(BaseInlineFormSet):
    """Rows are checked against the plan as it is being saved, also a new one. New rows come after those there are."""

    def save_new(self, form, commit=True):
        orders = [row.order for row in self.queryset] + [row.order for row in self.new_objects]
        form.instance.order = max(orders, default=-1) + 1
        return super().save_new(form, commit)

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.instance.plan = self.instance
        return form


class PlanPartInline:
    """A part of the plan's text: moved by its handle, written only while the plan may be."""

    formset = PartFormSet
    ordering_field = "order"
    hide_ordering_field = True
    tab = True

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name not in self.get_autocomplete_fields(request):
            kwargs["form_class"] = SharedChoiceField
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.related_model is Section:
            plan_id = request.resolver_match.kwargs.get("object_id", "")
            field.queryset = field.queryset.filter(plan_id=int(plan_id) if plan_id.isdecimal() else None)
        return field

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, models.TextField):
            field.widget.attrs["rows"] = 3
        return field

    def has_add_permission(self, request, plan=None):
        return super().has_add_permission(request, plan) and (plan is None or plan.is_editable)

    def has_change_permission(self, request, plan=None):
        return super().has_change_permission(request, plan) and (plan is None or plan.is_editable)

    def has_delete_permission(self, request, plan=None):
        return super().has_delete_permission(request, plan) and (plan is None or plan.is_editable)


class StackedPartInline(PlanPartInline, ScopedStackedInline):
    collapsible = True


class LegalBasisInline(PlanPartInline, ScopedInline):
    model = LegalBasis
    fields = ["verb", "document", "order"]
    autocomplete_fields = ["document"]


class SectionInline(StackedPartInline):
    model = Section
    fields = [("number", "heading", "parent"), "body", "order"]


class TargetInline(StackedPartInline):
    model = Target
    fields = [
        "text",
        ("indicator", "section"),
        ("comparator", "value", "value_max", "unit_of_measure"),
        ("year", "season", "deadline", "combine"),
        ("binds_level", "department", "own_part"),
        "order",
    ]
    formfield_overrides = {models.DecimalField: {"form_class": NumberField}}

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("indicator", "section", "department")


class AssignmentInline(StackedPartInline):
    model = Assignment
    fields = [
        "text",
        ("section", "time_text", "due_on"),
        ("lead_department", "lead_unit", "lead_level"),
        "coordinators",
        "order",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("section", "lead_department", "lead_unit")


class RecipientInline(PlanPartInline, ScopedInline):
    model = Recipient
    fields = ["name", "purpose", "order"]


class IssueForm(VerbForm):
    number = forms.CharField(label="Số", max_length=20)
    on = forms.DateField(label="Ngày ban hành", required=False, help_text="Để trống là hôm nay.")

    def narrow(self):
        self.fields["number"].initial = self.row.number
        self.fields["on"].initial = self.row.issued_on


@admin.register(Plan)
class PlanAdmin(VerbsMixin, ScopedAdmin):
    list_display = ["name", "number_line", "years", "issuer", "state_label", "issued_on"]
    list_display_links = ["name"]
    list_filter = ["state", YearFilter, "kind"]
    list_select_related = ["kind", "unit"]
    search_fields = ["title"]
    search_help_text = "Số, ký hiệu hoặc trích yếu"
    compressed_fields = False  # labels above, so that short fields stand side by side
    autocomplete_fields = ["implements_plan", "implements_document", "supersedes"]
    readonly_fields = ["issuer"]
    inlines = [LegalBasisInline, SectionInline, TargetInline, AssignmentInline, RecipientInline]
    fieldsets = [
        (None, {"fields": [("kind", "number", "symbol"), "title", ("place", "issued_on", "issuer")]}),
        ("Thời kỳ", {"fields": [("first_year", "last_year"), ("horizon_year", "vision_year")]}),
        (
            "Văn bản",
            {
                "fields": [
                    ("issuing_body", "department"),
                    ("implements_plan", "implements_document", "supersedes"),
                    "summary",
                    "closing",
                ]
            },
        ),
        ("Ký ban hành", {"fields": [("capacity", "signer_title", "signer_name")]}),
    ]
    verbs = [
        Verb("submit", "Trình ký", "programs.change_plan", (Plan.State.DRAFT,), done="Đã trình lãnh đạo.", icon="send",
             explain="Sau khi trình, văn bản không sửa được nữa, trừ khi trả lại cho người soạn."),
        Verb("issue", "Ban hành", "programs.issue_plan", (Plan.State.DRAFT, Plan.State.SUBMITTED), form=IssueForm,
             done="Đã ban hành kế hoạch.", icon="verified",
             explain="Sau khi ban hành, nội dung được giữ nguyên và mọi đơn vị nhìn thấy kế hoạch."),
        Verb("return_to_draft", "Trả lại để sửa", "programs.change_plan", (Plan.State.SUBMITTED,), icon="undo",
             done="Đã trả lại cho người soạn."),
        Verb("close", "Kết thúc", "programs.change_plan", (Plan.State.ISSUED, Plan.State.IN_FORCE), form=DateForm,
             done="Đã kết thúc kế hoạch.", icon="inventory_2"),
    ]  # fmt: skip

    class Media:
        css = {"all": ["programs/programs.css"]}

    # Rows ------------------------------------------------------------------------------------------

    def get_search_results(self, request, queryset, search_term):
        return queryset.search(search_term), False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.is_editable)

    def get_exclude(self, request, obj=None):
        return [*super().get_exclude(request, obj), self.unit_field]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.unit, obj.created_by = self._home_unit(request), request.user
        super().save_model(request, obj, form, change)

    def _buttons(self, request, row):
        """Verbs are the issuer's; everybody who sees the plan may read it as one page."""
        verbs = super()._buttons(request, row) if self._may_write(request, row) else []
        page = reverse("programs:plan_view", args=[row.pk])
        links = [{"label": "Xem toàn văn", "icon": "visibility", "url": page}]
        if may_write(request.user, row):
            links.append(
                {"label": "Soạn tại chỗ", "icon": "edit_note", "url": reverse("programs:plan_write", args=[row.pk])}
            )
        return [*links, *verbs]

    # Columns ---------------------------------------------------------------------------------------

    @admin.display(description="kế hoạch", ordering="title")
    def name(self, plan):
        return str(plan)

    @admin.display(description="số, ký hiệu", ordering="number")
    def number_line(self, plan):
        return plan.number_and_symbol if plan.number else f"…/{plan.symbol}"

    @admin.display(description="thời kỳ", ordering="first_year")
    def years(self, plan):
        return plan.years

    @admin.display(description="đơn vị ban hành", ordering="unit")
    def issuer(self, plan):
        return str(plan.unit) if plan.unit_id else "–"

    @display(description="trạng thái", ordering="state", label=STATE_COLOURS)
    def state_label(self, plan):
        return plan.state, plan.get_state_display()


class FinishForm(VerbForm):
    evidence = forms.CharField(label="Kết quả", max_length=300, help_text="Đã làm gì, văn bản nào, có ở đâu.")
    on = forms.DateField(label="Xong ngày", required=False, help_text="Để trống là hôm nay.")


class MineFilter(admin.SimpleListFilter):
    title, parameter_name = "giao cho", "cua"

    def lookups(self, request, model_admin):
        return [("toi", "Đơn vị, ban của tôi, chưa xong")]

    def queryset(self, request, queryset):
        return queryset.of(request.user) if self.value() == "toi" else queryset


@admin.register(Assignment)
class AssignmentAdmin(VerbsMixin, ReadOnlyAdmin):
    unit_field = None
    list_display = ["text_start", "plan_link", "leads", "time", "state_label"]
    list_filter = [MineFilter, "state"]
    list_select_related = ["plan__kind", "plan__unit", "lead_department", "lead_unit"]
    ordering = ["-state", "due_on", "pk"]
    search_fields = ["text"]
    search_help_text = "Nội dung nhiệm vụ"
    fields = [
        "text", "plan_link", "leads", "coordinators", "time_text", "due_on", "state", "done_on", "evidence",
    ]  # fmt: skip
    readonly_fields = fields
    verbs = [
        Verb("finish", "Báo đã xong", "programs.finish_assignment", (Assignment.State.OPEN,), form=FinishForm,
             done="Đã ghi nhận nhiệm vụ hoàn thành.", icon="task_alt"),
    ]  # fmt: skip

    class Media:
        css = {"all": ["programs/programs.css"]}

    def _buttons(self, request, row):
        return super()._buttons(request, row) if row.may_be_finished_by(request.user) and row.plan.is_frozen else []

    @admin.display(description="nhiệm vụ")
    def text_start(self, assignment):
        return str(assignment)

    @admin.display(description="kế hoạch", ordering="plan")
    def plan_link(self, assignment):
        page = reverse("programs:plan_view", args=[assignment.plan_id])
        return format_html('<a class="text-primary-600" href="{}">{}</a>', page, assignment.plan)

    @admin.display(description="chủ trì")
    def leads(self, assignment):
        return assignment.leads or "–"

    @admin.display(description="thời gian", ordering="due_on")
    def time(self, assignment):
        return f"{assignment.due_on:%d/%m/%Y}" if assignment.due_on else assignment.time_text

    @display(description="trạng thái", label={"Chưa xong": "info", "Đã xong": "success", "Quá hạn": "danger"})
    def state_label(self, assignment):
        return "Quá hạn" if assignment.is_late else assignment.get_state_display()
