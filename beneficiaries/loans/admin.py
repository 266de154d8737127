from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from beneficiaries.loans import catalogues, forms, project_admin
from beneficiaries.loans.casefile import case_file
from beneficiaries.loans.filters import DueFilter, ExtensionFilter, ProjectFilter
from beneficiaries.loans.imports import LOANS
from beneficiaries.loans.models import Loan, LoanInstalment
from beneficiaries.past import PastImport
from beneficiaries.people.households import Household
from beneficiaries.people.models import Person
from programs.activities.fields import WholeNumberField
from welfare.audit import record_search
from welfare.exports import ListExport
from welfare.filters import KeptUnitFilter, LongList
from welfare.scoped_admin import ScopedAdmin, ScopedInline
from welfare.units.models import today
from welfare.verbs import DateForm, ReasonForm, Verb, VerbsMixin
from welfare.vietnamese import format_money, format_number

__all__ = ["catalogues", "project_admin"]

STATE_LABELS = {
    "proposed": "warning", "approved": "info", "disbursed": "success", "referred": "info", "closed": "default",
    "written_off": "danger", "refused": "danger", "overdue": "danger",
}  # fmt: skip


class InstalmentInline(ScopedInline):
    """A schedule of the loan's own, written while the file may be."""

    model = LoanInstalment
    fields = ["month", "principal"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "principal":
            kwargs["form_class"] = WholeNumberField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_add_permission(self, request, obj=None):
        return True

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(Loan)
class LoanAdmin(VerbsMixin, ListExport, PastImport, LongList, ScopedAdmin):
    """The file may be written until it is decided; after that only verbs move it."""

    form = forms.LoanForm
    past = LOANS
    formfield_overrides = {models.BigIntegerField: {"form_class": WholeNumberField}}
    change_form_outer_before_template = "beneficiaries/loan_head.html"
    list_display = ["borrower_name", "unit", "lent_from", "money", "outstanding_money", "next_due", "state_label"]
    list_filter = [
        ("state", ChoicesDropdownFilter), DueFilter, KeptUnitFilter, ("source", ChoicesDropdownFilter),
        ProjectFilter, ExtensionFilter,
    ]  # fmt: skip
    list_select_related = ["person", "household", "unit", "project"]
    sortable_by = ["next_due", "money"]
    search_fields = ["person__folded_name"]
    search_help_text = "Họ tên người vay (không cần dấu), số CCCD đầy đủ hoặc tên chủ hộ"
    autocomplete_fields = ["person", "household", "unit"]
    export_columns = {
        "Người vay": "borrower",
        "Đơn vị": "unit__short_name",
        "Nguồn vốn": "get_source_display",
        "Dự án": "project__name",
        "Mục đích": "purpose",
        "Số tiền": "amount",
        "Thời hạn (tháng)": "term_months",
        "Lãi suất (%/năm)": "rate",
        "Cách trả nợ": "get_schedule_display",
        "Ngày giải ngân": "disbursed_on",
        "Ngày đến hạn": "due_on",
        "Gốc đã trả": "principal_repaid",
        "Còn nợ gốc": "outstanding",
        "Kỳ trả tới": "next_due_on",
        "Gốc quá hạn": "overdue_money",
        "Trạng thái": "get_state_display",
    }
    fieldsets = [
        ("Người vay", {"fields": ["person", "household", "unit"]}),
        ("Khoản vay", {"fields": ["project", "source", "fund", "purpose", "amount", "term_months", "rate", "schedule",
                                  "proposed_on"]}),
    ]  # fmt: skip
    verbs = [
        Verb("approve", "Duyệt", "beneficiaries.approve_loan", ("proposed",), DateForm, "Đã duyệt.", icon="check"),
        Verb("refuse", "Không duyệt", "beneficiaries.approve_loan", ("proposed",), ReasonForm, "Đã ghi không duyệt.",
             icon="close"),
        Verb("disburse", "Giải ngân", "beneficiaries.disburse_loan", ("approved",), forms.DisburseForm, "Đã ghi giải ngân.",
             "Thời hạn vay và lịch trả nợ tính từ ngày giải ngân.", "payments"),
        Verb("repay", "Ghi trả nợ", "beneficiaries.disburse_loan", ("disbursed",), forms.RepaymentForm, "Đã ghi trả nợ.",
             "Trả đủ gốc thì khoản vay tự tất toán.", "savings"),
        Verb("close", "Tất toán", "beneficiaries.disburse_loan", ("disbursed",), forms.ClosingForm, "Đã ghi tất toán.",
             "Người vay trả hết gốc còn nợ trong một lần.", "done_all"),
        Verb("take_back_repayment", "Ghi đảo lần trả", "beneficiaries.disburse_loan", ("disbursed", "closed"),
             forms.TakeBackRepaymentForm, "Đã ghi đảo lần trả.", "Lần trả vẫn còn trong sổ, đánh dấu đã ghi đảo.", "undo"),
        Verb("ask_extension", "Đề nghị gia hạn", "beneficiaries.change_loan", ("disbursed",), forms.ExtensionForm,
             "Đã ghi đề nghị gia hạn.", "Các kỳ chưa trả lùi lại; người khác quyết định.", "more_time"),
        Verb("grant_extension", "Duyệt gia hạn", "beneficiaries.approve_loan", ("disbursed",), DateForm, "Đã gia hạn.",
             icon="check"),
        Verb("refuse_extension", "Không gia hạn", "beneficiaries.approve_loan", ("disbursed",), forms.ExtensionRefusalForm,
             "Đã ghi không gia hạn.", icon="close"),
        Verb("write_off", "Xóa nợ", "beneficiaries.approve_loan", ("disbursed",), forms.WriteOffForm, "Đã ghi xóa nợ.",
             "Phần gốc còn lại không thu được; khoản vay và số liệu vẫn còn.", "money_off"),
        Verb("hear_back", "Ghi trả lời", "beneficiaries.change_loan", ("referred",), forms.LenderAnswerForm,
             "Đã ghi trả lời của bên cho vay.", "Khoản vay do bên cho vay quản lý, ở đây chỉ ghi kết quả.", "forum"),
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).with_dues()

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        record_search(request, search_term, "beneficiaries.loan")
        people = Person.objects.for_user(request.user).search(search_term).order_by()
        by_head = Q(household__in=Household.objects.search(search_term))
        return queryset.filter(Q(person__in=people) | by_head), False

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or obj.state == Loan.State.PROPOSED
        return is_open and super().has_change_permission(request, obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        loan = self.get_object(request, object_id)
        context = {**(extra_context or {}), **(case_file(loan, request.user) if loan else {})}
        return super().change_view(request, object_id, form_url, context)

    def get_fieldsets(self, request, obj=None):
        """A file that is closed to writing says all but who borrows above."""
        shown = super().get_fieldsets(request, obj)
        return shown if obj is None or self.has_change_permission(request, obj) else shown[:1]

    def get_inlines(self, request, obj):
        own = obj and obj.schedule == Loan.Way.OWN and self.has_change_permission(request, obj)
        return [InstalmentInline] if own else []

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
        self._warn(request, obj)

    def _warn(self, request, loan):
        held = Loan.objects.for_user(request.user).of_family(loan)
        held = held.filter(source=loan.source, state__in=[Loan.State.APPROVED, Loan.State.DISBURSED])
        if other := held.first():
            messages.warning(
                request,
                f"Gia đình này đang có khoản vay “{other}” cùng nguồn vốn; khoản mới chỉ được duyệt khi đã tất toán.",
            )

    def _buttons(self, request, row):
        hidden = {verb.label for verb in self.verbs if not _has_sense(row, verb.name)}
        return [button for button in super()._buttons(request, row) if button["label"] not in hidden]

    @display(description="người vay")
    def borrower_name(self, loan):
        return loan.borrower

    @display(description="nguồn vốn, dự án")
    def lent_from(self, loan):
        return loan.project or loan.get_source_display()

    @display(description="số tiền (đồng)", ordering="amount")
    def money(self, loan):
        return format_number(loan.amount)

    @display(description="còn nợ gốc (đồng)")
    def outstanding_money(self, loan):
        return format_number(loan.outstanding) if loan.outstanding else "–"

    @display(description="kỳ trả tới", ordering="next_due_on")
    def next_due(self, loan):
        return f"{loan.next_due_on:%d/%m/%Y}" if loan.next_due_on else "–"

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, loan):
        if not loan.overdue_money:
            return loan.state, loan.get_state_display()
        days = format_number((today() - loan.next_due_on).days)
        return "overdue", f"Quá hạn {days} ngày, {format_money(loan.overdue_money)}"


def _has_sense(loan, verb) -> bool:
    """Whether a button would find anything to act on."""
    asked = verb in ("ask_extension", "grant_extension", "refuse_extension")
    if asked and loan.state == Loan.State.DISBURSED:
        return loan.extensions.filter(is_granted=None).exists() == (verb != "ask_extension")
    return verb != "take_back_repayment" or loan.repayments.standing().exists()
