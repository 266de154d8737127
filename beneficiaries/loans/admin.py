from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, Sum
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display

from beneficiaries.loans.forms import LoanForm, LoanProjectForm, ReviewForm
from beneficiaries.loans.models import Loan
from beneficiaries.loans.projects import LoanProject, LoanReview
from beneficiaries.people.models import Person
from welfare.audit import record_search
from welfare.exports import ListExport
from welfare.filters import LongList, UnitFilter, of_unit, unit_choices
from welfare.scoped_admin import ScopedAdmin, ScopedInline, rows_for
from welfare.verbs import DateForm, ReasonForm, Verb, VerbsMixin
from welfare.vietnamese import format_money, format_number

STATE_LABELS = {
    "assigned": "info", "on_schedule": "success", "delayed": "warning", "closed": "default",
    "proposed": "warning", "approved": "info", "disbursed": "success", "refused": "danger", "overdue": "danger",
}  # fmt: skip
_LENT = [Loan.State.APPROVED, Loan.State.DISBURSED, Loan.State.CLOSED]


class OverdueFilter(DropdownFilter):
    title, parameter_name = "hạn", "han"

    def lookups(self, request, model_admin):
        return [("qua", "Quá hạn")]

    def queryset(self, request, queryset):
        return queryset.overdue() if self.value() == "qua" else queryset


class ManagingUnitFilter(DropdownFilter):
    """Without the units one keeps as a start: most projects are the province's own."""

    title, parameter_name = "đơn vị quản lý", "unit"

    def lookups(self, request, model_admin):
        return unit_choices(request.user)

    def queryset(self, request, queryset):
        return of_unit(queryset, request.user, self.value())


class ReviewInline(ScopedInline):
    """Reviews are made by the button; here they are read."""

    model = LoanReview
    fields = readonly_fields = ["on", "on_schedule", "note", "by"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(LoanProject)
class LoanProjectAdmin(VerbsMixin, ListExport, LongList, ScopedAdmin):
    form = LoanProjectForm
    list_display = ["name", "source", "unit", "money", "lent", "due_on", "state_label"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("source", ChoicesDropdownFilter),
        OverdueFilter,
        ManagingUnitFilter,
    ]
    list_select_related = ["unit"]
    sortable_by = ["due_on", "money"]
    search_fields = ["name"]
    search_help_text = "Tên dự án"
    fields = ["unit", "source", "name", "amount", "assigned_on", "due_on"]
    inlines = [ReviewInline]
    export_columns = {
        "Dự án": "name",
        "Nguồn vốn": "get_source_display",
        "Đơn vị": "unit__short_name",
        "Số vốn": "amount",
        "Ngày giao": "assigned_on",
        "Ngày đến hạn": "due_on",
        "Trạng thái": "get_state_display",
    }
    verbs = [
        Verb("review", "Ghi rà soát", "beneficiaries.change_loanproject", ("assigned", "on_schedule", "delayed"),
             ReviewForm, "Đã ghi kết quả rà soát.", icon="fact_check"),
        Verb("close", "Kết thúc dự án", "beneficiaries.change_loanproject", ("assigned", "on_schedule", "delayed"),
             DateForm, "Đã kết thúc dự án.", icon="flag"),
    ]  # fmt: skip

    def get_queryset(self, request):
        lent = Q(loans__state__in=_LENT, loans__in=rows_for(request.user, Loan).order_by().values("pk"))
        rows = super().get_queryset(request)
        return rows.annotate(loan_count=Count("loans", filter=lent), loan_total=Sum("loans__amount", filter=lent))

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or obj.state == LoanProject.State.ASSIGNED
        return is_open and super().has_change_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        shown = super().get_fieldsets(request, obj)
        return [*shown, ("Theo dõi", {"fields": ["state", "closed_on", "lent"]})] if obj else shown

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "state", "closed_on", "lent"]

    def may_do(self, request, row, verb):
        writes_here = request.user.reach_for(verb.permission).may_write(row.unit_id)
        return writes_here and super().may_do(request, row, verb)

    @display(description="số vốn", ordering="amount")
    def money(self, project):
        return format_money(project.amount)

    @display(description="đã cho vay")
    def lent(self, project):
        if not project.loan_count:
            return "–"
        return f"{format_number(project.loan_count)} khoản, {format_money(project.loan_total)}"

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, project):
        return ("overdue", "Quá hạn") if project.is_overdue else (project.state, project.get_state_display())


@admin.register(Loan)
class LoanAdmin(VerbsMixin, ListExport, LongList, ScopedAdmin):
    """The file may be written until it is decided; after that only verbs move it."""

    form = LoanForm
    list_display = ["borrower_name", "unit", "project", "money", "term", "due_on", "state_label"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        OverdueFilter,
        UnitFilter,
        ("project__source", ChoicesDropdownFilter),
    ]
    list_select_related = ["person", "household", "unit", "project"]
    sortable_by = ["due_on", "money"]
    search_fields = ["person__folded_name"]
    search_help_text = "Họ tên người vay (không cần dấu), số CCCD đầy đủ hoặc tên chủ hộ"
    autocomplete_fields = ["person", "household", "unit"]
    export_columns = {
        "Người vay": "borrower",
        "Đơn vị": "unit__short_name",
        "Dự án": "project__name",
        "Mục đích": "purpose",
        "Số tiền": "amount",
        "Thời hạn (tháng)": "term_months",
        "Lãi suất (%/năm)": "rate",
        "Ngày giải ngân": "disbursed_on",
        "Ngày đến hạn": "due_on",
        "Trạng thái": "get_state_display",
    }
    fieldsets = [
        ("Người vay", {"fields": ["person", "household", "unit"]}),
        ("Khoản vay", {"fields": ["project", "purpose", "amount", "term_months", "rate", "proposed_on"]}),
    ]
    steps = [
        "state", "proposed_by", "approved_by", "approved_on", "disbursed_on", "due_on", "closed_on", "refused_reason",
    ]  # fmt: skip
    verbs = [
        Verb("approve", "Duyệt", "beneficiaries.approve_loan", ("proposed",), DateForm, "Đã duyệt cho vay.", icon="check"),
        Verb("refuse", "Không duyệt", "beneficiaries.approve_loan", ("proposed",), ReasonForm, "Đã ghi không duyệt.",
             icon="close"),
        Verb("disburse", "Giải ngân", "beneficiaries.disburse_loan", ("approved",), DateForm, "Đã ghi giải ngân.",
             "Thời hạn vay tính từ ngày giải ngân.", "payments"),
        Verb("close", "Tất toán", "beneficiaries.disburse_loan", ("disbursed",), DateForm, "Đã ghi tất toán.", icon="done_all"),
    ]  # fmt: skip

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        record_search(request, search_term, "beneficiaries.loan")
        people = Person.objects.for_user(request.user).search(search_term).order_by()
        by_head = queryset.filter(household__head_name__icontains=search_term.strip())
        return queryset.filter(person__in=people) | by_head, False

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or obj.state == Loan.State.PROPOSED
        return is_open and super().has_change_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        shown = super().get_fieldsets(request, obj)
        return [*shown, ("Quá trình", {"fields": self.steps})] if obj else shown

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *self.steps]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user, form.home_unit = request.user, self._home_unit(request)
        return form

    def save_model(self, request, obj, form, change):
        if not change:
            obj.proposed_by = request.user
        if not self._may_write(request, obj):
            raise PermissionDenied
        super(ScopedAdmin, self).save_model(request, obj, form, change)

    @display(description="người vay")
    def borrower_name(self, loan):
        return loan.borrower

    @display(description="số tiền", ordering="amount")
    def money(self, loan):
        return format_money(loan.amount)

    @display(description="thời hạn")
    def term(self, loan):
        return f"{loan.term_months} tháng"

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, loan):
        return ("overdue", "Quá hạn") if loan.is_overdue else (loan.state, loan.get_state_display())
