from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import reverse
from import_export.fields import Field
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from beneficiaries.models import Fund
from events.budget import forms
from events.budget.models import BudgetLine, EventBudget
from events.budget.table import comparison_of
from programs.activities.fields import WholeNumberField
from welfare.imports import CatalogueImport, ScopedKeyWidget, ScopedResource
from welfare.scoped_admin import ReadOnlyAdmin, ScopedAdmin, ScopedInline, rows_for
from welfare.verbs import ReasonForm, Verb, VerbsMixin
from welfare.vietnamese import format_money

State = EventBudget.State
STATE_LABELS = {"draft": "warning", "submitted": "info", "approved": "info", "settled": "success"}
_NUMBERS = {
    models.BigIntegerField: {"form_class": WholeNumberField},
    models.PositiveIntegerField: {"form_class": WholeNumberField},
}


class LineInline(ScopedInline):
    model = BudgetLine
    fields = ["order", "item", "measure", "quantity", "price", "source", "fund", "source_name"]
    formfield_overrides = _NUMBERS

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "fund":
            field.queryset = rows_for(request.user, Fund).filter(is_open=True)
        for act in ("add", "change", "view", "delete"):  # a narrow row has no room for buttons beside the choice
            setattr(field.widget, f"can_{act}_related", False)
        return field


@admin.register(EventBudget)
class EventBudgetAdmin(VerbsMixin, ScopedAdmin):
    """The estimate is written here until it is sent; after that only verbs move it and its lines."""

    unit_field = None
    change_form_outer_before_template = "events/budget_head.html"
    list_display = ["event", "estimated", "spent", "state_label"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_select_related = ["event"]
    search_fields = ["event__name", "event__code"]
    search_help_text = "Tên hoặc mã sự kiện"
    fields = ["event", "note"]
    inlines = [LineInline]
    verbs = [
        Verb("submit", "Trình dự toán", "events.submit_eventbudget", (State.DRAFT,), done="Đã trình dự toán, chờ duyệt.",
             icon="send", explain="Dự toán đã trình không sửa được nữa cho đến khi được trả lại."),
        Verb("approve", "Duyệt dự toán", "events.approve_eventbudget", (State.SUBMITTED,), forms.ApproveForm,
             "Đã duyệt dự toán; ghi chi được.", icon="check"),
        Verb("send_back", "Trả lại để sửa", "events.approve_eventbudget", (State.SUBMITTED, State.APPROVED), ReasonForm,
             "Đã trả lại dự toán để sửa.", icon="undo"),
        Verb("settle", "Duyệt quyết toán", "events.settle_eventbudget", (State.APPROVED,), done="Đã duyệt quyết toán.",
             icon="fact_check", explain="Mọi khoản phải ghi thực chi; sau bước này không ghi thêm được."),
        Verb("reopen", "Mở lại quyết toán", "events.settle_eventbudget", (State.SETTLED,), ReasonForm,
             "Đã mở lại quyết toán.", icon="lock_open"),
    ]  # fmt: skip

    class Media:
        css = {"all": ["events/events.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("lines")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "event":
            field.queryset = field.queryset.filter(budget=None)
        return field

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["event"] if obj else [])]

    def has_change_permission(self, request, obj=None):
        writes = obj is None or request.user.reach_for("events.change_eventbudget").may_write(obj.unit_id)
        return writes and super().has_change_permission(request, obj) and (obj is None or obj.state == State.DRAFT)

    def get_inlines(self, request, obj):
        """What may not be written any more stands in the table above."""
        return super().get_inlines(request, obj) if obj is None or self.has_change_permission(request, obj) else []

    def save_model(self, request, obj, form, change):
        if not request.user.reach_for("events.add_eventbudget", "events.change_eventbudget").may_write(
            obj.event.unit_id
        ):
            raise PermissionDenied
        super().save_model(request, obj, form, change)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        budget = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if budget:
            pays = request.user.reach_for("events.pay_budgetline").may_write(budget.unit_id)
            context |= {
                "budget": budget, "found": comparison_of(budget), "may_pay": pays and budget.state == State.APPROVED,
                "is_open": budget.state in (State.APPROVED, State.SETTLED),
            }  # fmt: skip
        return super().change_view(request, object_id, form_url, context)

    def may_do(self, request, row, verb):
        own = verb.name == "approve" and row.submitted_by_id == request.user.pk
        return not own and request.user.reach_for(verb.permission).may_write(row.unit_id)

    @admin.display(description="dự toán")
    def estimated(self, budget):
        return format_money(sum(line.estimated for line in budget.lines.all()))

    @admin.display(description="thực chi")
    def spent(self, budget):
        return format_money(sum(line.spent or 0 for line in budget.lines.all()))

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, budget):
        return budget.state, budget.get_state_display()


class LineResource(ScopedResource):
    """Lines of estimates still being written, by the code of their event and of the fund that pays."""

    budget = Field("budget", "mã sự kiện", ScopedKeyWidget(EventBudget, "event__code"))
    fund = Field("fund", "mã quỹ", ScopedKeyWidget(Fund, "code"))


class SpentFilter(admin.SimpleListFilter):
    title, parameter_name = "thực chi", "da-chi"

    def lookups(self, request, model_admin):
        return [("0", "Chưa ghi chi"), ("1", "Đã ghi chi"), ("vuot", "Vượt dự toán")]

    def queryset(self, request, queryset):
        if self.value() in ("0", "1"):
            return queryset.filter(spent_quantity__isnull=self.value() == "0")
        return queryset.exclude(reason="") if self.value() == "vuot" else queryset


@admin.register(BudgetLine)
class BudgetLineAdmin(VerbsMixin, CatalogueImport, ReadOnlyAdmin):
    unit_field = None
    resource_base = LineResource
    export_fields = ("id", "budget", "order", "item", "measure", "quantity", "price", "source", "fund", "source_name")
    list_display = ["item", "event", "estimated_money", "spent_money", "source_text"]
    list_filter = [SpentFilter, ("source", ChoicesDropdownFilter), "budget__event"]
    list_select_related = ["budget__event", "fund"]
    search_fields = ["item", "source_name"]
    search_help_text = "Nội dung chi hoặc tên nguồn"
    fields = [
        "budget", "item", "measure", "quantity", "price", "estimated_money", "source_text", "spent_quantity", "spent_price",
        "spent_money", "spent_on", "spent_by", "reason", "entry",
    ]  # fmt: skip
    readonly_fields = fields
    verbs = [
        Verb("spend", "Ghi thực chi", "events.pay_budgetline", (), forms.SpendForm, "Đã ghi thực chi.", icon="payments",
             explain="Khoản do quỹ trong hệ thống chi được trừ vào quỹ ngay."),
        Verb("take_back", "Thu hồi lần ghi chi", "events.pay_budgetline", (), forms.TakeBackForm, "Đã thu hồi lần ghi chi.",
             icon="undo", explain="Tiền quỹ đã chi được ghi đảo bằng một bút toán ngược dấu."),
    ]  # fmt: skip

    def may_do(self, request, row, verb):
        right = row.budget.state == State.APPROVED and (row.spent is None) == (verb.name == "spend")
        return right and request.user.reach_for(verb.permission).may_write(row.budget.unit_id)

    def _buttons(self, request, row):
        back = reverse("admin:events_eventbudget_change", args=[row.budget_id])
        return [*super()._buttons(request, row), {"label": "Về kinh phí sự kiện", "icon": "arrow_back", "url": back}]

    @admin.display(description="sự kiện", ordering="budget__event__name")
    def event(self, line):
        return line.budget.event

    @admin.display(description="dự toán")
    def estimated_money(self, line):
        return format_money(line.estimated)

    @admin.display(description="thực chi")
    def spent_money(self, line):
        return "–" if line.spent is None else format_money(line.spent)

    @admin.display(description="nguồn")
    def source_text(self, line):
        return line.pays
