from django.contrib import admin
from django.db import models
from django.db.models import Count, Q, Sum
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from beneficiaries.loans.board import sums_of
from beneficiaries.loans.filters import ManagingUnitFilter, PastEndFilter
from beneficiaries.loans.forms import LoanProjectForm, ReviewForm
from beneficiaries.loans.models import Loan
from beneficiaries.loans.projects import LoanProject, LoanReview
from programs.activities.fields import WholeNumberField
from welfare.exports import ListExport
from welfare.filters import LongList
from welfare.scoped_admin import ScopedAdmin, ScopedInline, rows_for
from welfare.verbs import DateForm, Verb, VerbsMixin
from welfare.vietnamese import format_money, format_number

STATE_LABELS = {
    "assigned": "info", "on_schedule": "success", "delayed": "warning", "closed": "default", "overdue": "danger",
}  # fmt: skip
_LENT = [Loan.State.APPROVED, Loan.State.DISBURSED, Loan.State.CLOSED, Loan.State.WRITTEN_OFF]


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
    formfield_overrides = {models.BigIntegerField: {"form_class": WholeNumberField}}
    change_form_outer_before_template = "beneficiaries/loan_project_head.html"
    list_display = ["name", "source", "unit", "money", "lent_out", "due_on", "state_label"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("source", ChoicesDropdownFilter),
        PastEndFilter,
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
             DateForm, "Đã kết thúc dự án.", "Mọi khoản vay của dự án phải đã tất toán hoặc xóa nợ.", "flag"),
    ]  # fmt: skip

    def get_queryset(self, request):
        lent = Q(loans__state__in=_LENT, loans__in=rows_for(request.user, Loan).order_by().values("pk"))
        rows = super().get_queryset(request)
        return rows.annotate(loan_count=Count("loans", filter=lent), loan_total=Sum("loans__amount", filter=lent))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        project = self.get_object(request, object_id)
        loans = rows_for(request.user, Loan).filter(project=project).running().with_dues()
        context = {**(extra_context or {}), "project": project, "sums": sums_of(loans)}
        return super().change_view(request, object_id, form_url, context)

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or obj.state == LoanProject.State.ASSIGNED
        return is_open and super().has_change_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        shown = super().get_fieldsets(request, obj)
        return [*shown, ("Theo dõi", {"fields": ["state", "closed_on", "lent_out"]})] if obj else shown

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "state", "closed_on", "lent_out"]

    def may_do(self, request, row, verb):
        writes_here = request.user.reach_for(verb.permission).may_write(row.unit_id)
        return writes_here and super().may_do(request, row, verb)

    @display(description="số vốn", ordering="amount")
    def money(self, project):
        return format_money(project.amount)

    @display(description="đã cho vay")
    def lent_out(self, project):
        if not project.loan_count:
            return "–"
        return f"{format_number(project.loan_count)} khoản, {format_money(project.loan_total)}"

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, project):
        return ("overdue", "Quá hạn") if project.is_overdue else (project.state, project.get_state_display())
