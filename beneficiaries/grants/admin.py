from django.contrib import admin
from django.core.exceptions import PermissionDenied
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from beneficiaries.funds.forms import ReversalForm
from beneficiaries.grants.chain import decides
from beneficiaries.grants.forms import ApprovalForm, IssueForm, PaymentForm, ProposalForm
from beneficiaries.grants.models import Grant
from beneficiaries.grants.past import PastGrants
from beneficiaries.grants.round_admin import STATE_LABELS, RoundFilter, TypesMoney
from welfare.audit import record_search
from welfare.exports import ListExport
from welfare.filters import KeptUnitFilter, LongList
from welfare.imports import CatalogueImport
from welfare.scoped_admin import ScopedAdmin
from welfare.verbs import DateForm, ReasonForm, Verb, VerbForm, VerbsMixin, counts_on
from welfare.vietnamese import format_money

_WAITING = ("proposed", "forwarded", "appraised")


@admin.register(Grant)
class GrantAdmin(TypesMoney, VerbsMixin, ListExport, CatalogueImport, LongList, ScopedAdmin):
    """Proposals are typed by those who propose, and changed by nobody else: whoever writes one never approves it."""

    form = ProposalForm
    typed_by = ("propose",)
    list_display = ["recipient", "unit", "round", "amount", "state_label", "proposed_by", "proposed_on", "paid_on"]
    list_filter = [("state", ChoicesDropdownFilter), RoundFilter, KeptUnitFilter]
    list_select_related = ["person", "household", "unit", "round", "proposed_by"]
    sortable_by = ["proposed_on", "paid_on"]
    search_fields = ["person__folded_name"]
    search_help_text = "Họ tên (không cần dấu), số CCCD hoặc số điện thoại đầy đủ"
    autocomplete_fields = ["person", "household", "unit"]
    export_columns = {
        "Người nhận": "recipient",
        "Đơn vị": "unit__short_name",
        "Đợt": "round__name",
        "Loại hỗ trợ": "support_kind__name",
        "Số suất": "people_count",
        "Tiền mặt": "cash",
        "Giá trị hiện vật": "in_kind_value",
        "Trạng thái": "get_state_display",
        "Số quyết định": "decision_number",
        "Ngày duyệt": "approved_on",
        "Ngày chi": "paid_on",
        "Hình thức chi": "get_way_display",
        "Người nhận thay": "receiver_name",
    }
    fieldsets = [
        ("Người nhận", {"fields": ["round", "person", "household", "unit", "people_count"]}),
        (
            "Mức hỗ trợ",
            {"fields": ["cash", "support_kind", "quantity", "in_kind_value", "in_kind", "outside_source", "reason"]},
        ),
        ("Nhận thay", {"fields": ["receiver_name", "receiver_relation"]}),
    ]
    steps = [
        "state", "proposed_by", "proposed_on", "forwarded_by", "forwarded_on", "letter", "returned_reason", "appraised_by",
        "appraised_on", "approved_by", "approved_on", "decision_number", "refused_reason", "paid_on", "way", "payment",
        "advance", "receipt", "is_recorded_afterwards",
    ]  # fmt: skip
    verbs = [
        Verb("resubmit", "Gửi lại", "beneficiaries.propose_grant", ("returned",), VerbForm, "Đã gửi lại.", icon="send"),
        Verb("appraise", "Thẩm định", "beneficiaries.appraise_grant", ("proposed", "forwarded"), DateForm,
             "Đã thẩm định.", icon="rule"),
        Verb("approve", "Duyệt", "beneficiaries.approve_grant", _WAITING, ApprovalForm,
             "Đã duyệt khoản hỗ trợ.", icon="check"),
        Verb("refuse", "Không duyệt", "beneficiaries.approve_grant", _WAITING, ReasonForm,
             "Đã ghi không duyệt.", icon="close"),
        Verb("send_back", "Trả lại", "beneficiaries.appraise_grant", _WAITING, ReasonForm, "Đã trả lại.", icon="reply"),
        Verb("issue", "Ghi quyết định", "beneficiaries.approve_grant", ("approved",), IssueForm, "Đã ghi quyết định.",
             icon="gavel"),
        Verb("pay", "Chi", "beneficiaries.pay_grant", ("approved",), PaymentForm, "Đã chi.", icon="payments"),
        Verb("reverse", "Ghi đảo khoản chi", "beneficiaries.pay_grant", ("paid",), ReversalForm,
             "Đã ghi đảo, tiền trở lại quỹ.", icon="undo"),
    ]  # fmt: skip

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        record_search(request, search_term, "beneficiaries.grant")
        return queryset.search(search_term), False

    def has_add_permission(self, request):
        return request.user.has_perm("beneficiaries.propose_grant")

    def has_change_permission(self, request, obj=None):
        if obj is None or obj.state not in ("proposed", "returned") or obj.proposed_by_id != request.user.pk:
            return False
        return request.user.has_perm("beneficiaries.propose_grant") and self._may_write(request, obj)

    def get_import_resource_classes(self, request):
        return [PastGrants]

    def may_do(self, request, row, verb) -> bool:
        """A proposal is its unit's, every other step is the round's unit's."""
        if verb.name == "resubmit":
            return counts_on(row, request.user, verb.permission)
        return decides(request.user, row.round, verb.permission.removeprefix("beneficiaries."))

    def _buttons(self, request, row):
        hidden = {verb.label for verb in self.verbs if not _has_sense(row, verb.name)}
        return [button for button in super()._buttons(request, row) if button["label"] not in hidden]

    def get_fieldsets(self, request, obj=None):
        shown = super().get_fieldsets(request, obj)
        return [*shown, ("Quá trình", {"fields": self.steps})] if obj else shown

    def get_readonly_fields(self, request, obj=None):
        fixed = ["round", "person", "household"] if obj else []
        return [*super().get_readonly_fields(request, obj), *fixed, *self.steps]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user, form.home_unit = self._writer(request), self._home_unit(request)
        return form

    def save_model(self, request, obj, form, change):
        if not change:
            obj.proposed_by = request.user
        if not self._may_write(request, obj):
            raise PermissionDenied
        super(ScopedAdmin, self).save_model(request, obj, form, change)

    @display(description="người nhận")
    def recipient(self, grant):
        return grant.recipient

    @display(description="giá trị", ordering="cash")
    def amount(self, grant):
        return format_money(grant.value)

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, grant):
        return grant.state, grant.get_state_display()


def _has_sense(grant, verb) -> bool:
    """Whether the verb would find the grant where it needs it."""
    if verb in ("pay", "issue"):
        return not grant.advance_id and bool(grant.decision_number) == (verb == "pay")
    if verb in ("approve", "refuse", "appraise"):
        return type(grant).objects.filter(pk=grant.pk).waiting().exists()
    return True
