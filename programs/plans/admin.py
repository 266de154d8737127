from django import forms
from django.contrib import admin
from django.db import models
from django.forms.models import BaseInlineFormSet, ModelChoiceIterator
from django.urls import reverse
from unfold.decorators import display

from programs.plans.forms import CopyForm, IssueForm, NewVersionForm, opening_words
from programs.plans.models import Assignment, LegalBasis, Plan, Recipient, Section
from programs.plans.nesting import owed_by
from programs.plans.writing.saving import may_write
from programs.targets.fields import NumberField
from programs.targets.forms import TargetForm
from programs.targets.milestones import milestones_text
from programs.targets.models import Target
from welfare.asked import whole_number
from welfare.scoped_admin import OwnUnitAdmin, ScopedInline, ScopedStackedInline
from welfare.verbs import DateForm, ReasonForm, Verb, VerbsMixin

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
        year = whole_number(self.value(), digits=4)
        return queryset.in_year(year) if year else queryset


class WhoseFilter(admin.SimpleListFilter):
    title, parameter_name = "của ai", "cua"

    def lookups(self, request, model_admin):
        return [
            ("don-vi", "Của đơn vị tôi"),
            ("noi-khac", "Của đơn vị khác"),
            ("trien-khai", "Chờ đơn vị tôi triển khai"),
        ]

    def queryset(self, request, queryset):
        if self.value() == "trien-khai":
            return queryset.filter(pk__in=[plan.pk for plan in owed_by(request.user)])
        own = request.user.reach.own
        if self.value() == "noi-khac":
            return queryset.exclude(unit__in=own)
        return queryset.filter(unit__in=own) if self.value() == "don-vi" else queryset


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
            plan_id = whole_number(request.resolver_match.kwargs.get("object_id"))
            field.queryset = field.queryset.filter(plan_id=plan_id)
        return field

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, models.TextField):
            field.widget.attrs["rows"] = 3
        return field

    def has_add_permission(self, request, plan=None):
        return super().has_add_permission(request, plan) and _is_open(request, plan)

    def has_change_permission(self, request, plan=None):
        return super().has_change_permission(request, plan) and _is_open(request, plan)

    def has_delete_permission(self, request, plan=None):
        return super().has_delete_permission(request, plan) and _is_open(request, plan)


def _is_open(request, plan) -> bool:
    return plan is None or may_write(request.user, plan)


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
        ("milestone_line", "binds_level", "department"),
        "order",
    ]
    form = TargetForm
    formfield_overrides = {models.DecimalField: {"form_class": NumberField}}

    def get_queryset(self, request):
        targets = super().get_queryset(request).select_related("indicator", "section", "department")
        return targets.prefetch_related("milestones")

    @admin.display(description="mốc từng năm")
    def milestone_line(self, target):
        """Of a plan that is read only; else the form's field of that name stands here."""
        return milestones_text(target) or "–"


class AssignmentInline(StackedPartInline):
    model = Assignment
    fields = [
        "text",
        ("section", "time_text", "due_on"),
        ("lead_department", "lead_unit", "lead_level"),
        ("coordinator_departments", "coordinator_units", "coordinator_level"),
        "coordinators",
        "order",
    ]
    autocomplete_fields = ["coordinator_departments", "coordinator_units"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("section").with_parties()


class RecipientInline(PlanPartInline, ScopedInline):
    model = Recipient
    fields = ["name", "purpose", "order"]


@admin.register(Plan)
class PlanAdmin(VerbsMixin, OwnUnitAdmin):
    list_display = ["name", "number_line", "years", "issuer", "state_label", "issued_on"]
    list_display_links = ["name"]
    list_filter = ["state", YearFilter, WhoseFilter, "kind"]
    list_select_related = ["kind", "unit"]
    search_fields = ["title"]
    search_help_text = "Số, ký hiệu hoặc trích yếu"
    compressed_fields = False  # labels above, so that short fields stand side by side
    autocomplete_fields = ["implements_plan", "implements_document", "supersedes"]
    readonly_fields = ["issuer", "return_reason"]
    inlines = [LegalBasisInline, SectionInline, TargetInline, AssignmentInline, RecipientInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("kind", "number", "symbol"),
                    "title",
                    ("place", "issued_on", "dated_month", "dated_year"),
                    ("issuer", "has_letterhead"),
                ]
            },
        ),
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
        ("Đơn vị triển khai", {"fields": [("asks_unit_plans", "unit_plans_due_on")]}),
        ("Ký ban hành", {"fields": [("capacity", "signer_title", "signer_name")]}),
    ]
    verbs = [
        Verb("submit", "Trình ký", "programs.change_plan", (Plan.State.DRAFT,), done="Đã trình lãnh đạo.", icon="send",
             explain="Sau khi trình, văn bản không sửa được nữa, trừ khi trả lại cho người soạn."),
        Verb("issue", "Ban hành", "programs.issue_plan", (Plan.State.DRAFT, Plan.State.SUBMITTED), form=IssueForm,
             done="Đã ban hành kế hoạch.", icon="verified",
             explain="Sau khi ban hành, nội dung được giữ nguyên và mọi đơn vị nhìn thấy kế hoạch."),
        Verb("return_to_draft", "Trả lại để sửa", "programs.issue_plan", (Plan.State.SUBMITTED,), form=ReasonForm,
             done="Đã trả lại cho người soạn.", icon="undo"),
        Verb("make_new_version", "Lập bản thay thế", "programs.add_plan", Plan.LIVE, form=NewVersionForm,
             done="Đã lập bản dự thảo thay thế.", icon="file_copy",
             explain="Bản dự thảo mới có đủ mọi phần. Khi bản mới được ban hành, kế hoạch này kết thúc."),
        Verb("copy_for_year", "Sao chép cho năm khác", "programs.add_plan", form=CopyForm, icon="content_copy",
             done="Đã sao chép. Hãy sửa năm trong trích yếu và nội dung; năm của chỉ tiêu, hạn đã đổi theo.",
             explain="Chép mọi phần thành một bản dự thảo, số và ngày để trống."),
        Verb("close", "Kết thúc", "programs.change_plan", Plan.LIVE, form=DateForm,
             done="Đã kết thúc kế hoạch.", icon="inventory_2"),
    ]  # fmt: skip

    class Media:
        css = {"all": ["programs/programs.css"]}

    # Rows ------------------------------------------------------------------------------------------

    def get_search_results(self, request, queryset, search_term):
        return queryset.search(search_term), False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and _is_open(request, obj)

    def get_fieldsets(self, request, obj=None):
        returned = [("Trả lại để sửa", {"fields": ["return_reason"]})] if obj and obj.return_reason else []
        return [*returned, *super().get_fieldsets(request, obj)]

    def get_exclude(self, request, obj=None):
        return [*super().get_exclude(request, obj), self.unit_field]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.unit, obj.created_by = self._home_unit(request), request.user
        super().save_model(request, obj, form, change)

    def get_changeform_initial_data(self, request):
        """A unit's plan to carry out a plan from above begins with what that one says."""
        initial = super().get_changeform_initial_data(request)
        above = Plan.objects.for_user(request.user).filter(pk=initial.get("implements_plan")).first()
        return {**opening_words(self._home_unit(request), above), **initial}

    def may_do(self, request, row, verb):
        """Verbs are the issuer's: who wrote the plan, or who issues it."""
        issues = row.may_be_issued_by(request.user) and verb.name in ("submit", "issue", "return_to_draft", "close")
        return super().may_do(request, row, verb) and (issues or row.may_be_written_by(request.user))

    def _buttons(self, request, row):
        """Everybody who sees the plan may read it as one page."""
        page = reverse("programs:plan_view", args=[row.pk])
        links = [{"label": "Xem toàn văn", "icon": "visibility", "url": page}]
        if may_write(request.user, row):
            links.append(
                {"label": "Soạn tại chỗ", "icon": "edit_note", "url": reverse("programs:plan_write", args=[row.pk])}
            )
        return [*links, *super()._buttons(request, row)]

    # Columns ---------------------------------------------------------------------------------------

    @admin.display(description="kế hoạch", ordering="title")
    def name(self, plan):
        return str(plan)

    @admin.display(description="số, ký hiệu", ordering="number")
    def number_line(self, plan):
        return plan.number_and_symbol

    @admin.display(description="thời kỳ", ordering="first_year")
    def years(self, plan):
        return plan.years

    @admin.display(description="đơn vị ban hành", ordering="unit")
    def issuer(self, plan):
        return str(plan.unit) if plan.unit_id else "–"

    @display(description="trạng thái", ordering="state", label=STATE_COLOURS)
    def state_label(self, plan):
        return plan.state, plan.get_state_display()
