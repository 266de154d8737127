from django.contrib import admin
from django.core.exceptions import PermissionDenied
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from beneficiaries.funds.forms import ReversalForm
from beneficiaries.grants.chain import decides
from beneficiaries.grants.forms import ApprovalForm, IssueForm, PaymentForm, ProposalForm, TakeBackForm
from beneficiaries.grants.models import Advance, Grant, GrantRound, Occasion, RoundFund, RoundPaper, SupportKind
from beneficiaries.grants.past import PastGrants
from beneficiaries.grants.round_page import round_page
from welfare.audit import record_search
from welfare.exports import ListExport
from welfare.filters import LongList, UnitFilter, YearFilter
from welfare.forms import UnmovedForm
from welfare.imports import CatalogueExport, CatalogueImport
from welfare.scoped_admin import CatalogueAdmin, ReadOnlyAdmin, ScopedAdmin, ScopedInline, rows_for
from welfare.verbs import DateForm, ReasonForm, Verb, VerbForm, VerbsMixin, counts_on
from welfare.vietnamese import format_money

STATE_LABELS = {
    "proposed": "warning", "forwarded": "warning", "appraised": "warning", "returned": "danger", "approved": "info", "paid": "success",
    "refused": "danger", "reversed": "danger", "open": "success", "closed": "danger",
}  # fmt: skip
_WAITING = ("proposed", "forwarded", "appraised")


@admin.register(Occasion)
class OccasionAdmin(CatalogueImport, CatalogueAdmin):
    export_fields = ("name", "is_season")
    import_id_fields = ("name",)
    list_display = ["name", "is_season"]
    search_fields = ["name"]
    search_help_text = "Tên dịp"


@admin.register(SupportKind)
class SupportKindAdmin(CatalogueImport, CatalogueAdmin):
    export_fields = ("name", "unit_word")
    import_id_fields = ("name",)
    list_display = ["name", "unit_word"]
    search_fields = ["name"]
    search_help_text = "Tên"


class RoundFundInline(ScopedInline):
    """Follows the round: whoever may edit it names its funds."""

    model = RoundFund
    fields = ["fund", "most"]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("beneficiaries.view_fund")

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("beneficiaries.change_grantround")

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(GrantRound)
class GrantRoundAdmin(VerbsMixin, CatalogueExport, LongList, ScopedAdmin):
    form = UnmovedForm
    change_form_outer_before_template = "beneficiaries/round_head.html"
    list_display = ["name", "code", "occasion", "plain_year", "unit", "closes_on", "state_label"]
    list_filter = [("state", ChoicesDropdownFilter), YearFilter, ("occasion", RelatedDropdownFilter)]
    list_select_related = ["occasion", "unit"]
    search_fields = ["name", "code"]
    search_help_text = "Tên hoặc mã đợt"
    inlines = [RoundFundInline]
    export_fields = (
        "code", "name", "unit__short_name", "occasion__name", "year", "default_amount", "other_amount", "ceiling",
        "total_ceiling", "opens_on", "closes_on", "state",
    )  # fmt: skip
    autocomplete_fields = ["proposers"]
    fieldsets = [
        ("Đợt hỗ trợ", {"fields": ["unit", "name", "code", "occasion", "year", "plan"]}),
        ("Mức hỗ trợ", {"fields": ["default_amount", "other_amount", "ceiling", "total_ceiling"]}),
        ("Nhận đề nghị", {"fields": ["opens_on", "closes_on", "for_level", "proposers"]}),
    ]
    verbs = [
        Verb("close", "Khóa đợt", "beneficiaries.change_grantround", ("open",), icon="lock",
             explain="Đợt đã khóa không nhận thêm đề nghị; các khoản đã đề nghị vẫn được duyệt và chi.",
             done="Đã khóa đợt hỗ trợ."),
        Verb("reopen", "Mở lại đợt", "beneficiaries.change_grantround", ("closed",), icon="lock_open",
             done="Đợt hỗ trợ nhận đề nghị trở lại."),
    ]  # fmt: skip

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.state == GrantRound.State.OPEN)

    def get_inlines(self, request, obj):
        """A closed round shows its funds above."""
        return super().get_inlines(request, obj) if obj is None or self.has_change_permission(request, obj) else []

    def may_do(self, request, row, verb) -> bool:
        return request.user.reach_for(verb.permission).may_write(row.unit_id)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        round = self.get_object(request, object_id)
        context = {**(extra_context or {}), **(round_page(round, request.user) if round else {})}
        return super().change_view(request, object_id, form_url, context)

    @display(description="năm", ordering="year")
    def plain_year(self, round):
        return str(round.year)

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, round):
        return round.state, round.get_state_display()


class RoundFilter(DropdownFilter):
    title = "đợt hỗ trợ"
    parameter_name = "round"

    def lookups(self, request, model_admin):
        return [(str(round.pk), round.name) for round in rows_for(request.user, GrantRound)[:200]]

    def queryset(self, request, queryset):
        asked = self.value() or ""
        return queryset.filter(round=asked) if asked.isdecimal() else queryset


@admin.register(Grant)
class GrantAdmin(VerbsMixin, ListExport, CatalogueImport, LongList, ScopedAdmin):
    """Proposals are typed by those who propose, and changed by nobody else: whoever writes one never approves it."""

    form = ProposalForm
    typed_by = ("propose",)
    list_display = ["recipient", "unit", "round", "amount", "state_label", "proposed_by", "proposed_on", "paid_on"]
    list_filter = [("state", ChoicesDropdownFilter), RoundFilter, UnitFilter]
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


@admin.register(RoundPaper)
class RoundPaperAdmin(LongList, ReadOnlyAdmin):
    list_display = ["kind", "number", "on", "round", "unit", "by"]
    list_filter = [("kind", ChoicesDropdownFilter), RoundFilter, UnitFilter]
    list_select_related = ["round", "unit", "by"]
    fields = ["kind", "number", "on", "round", "unit", "file", "by", "recorded_at"]


class StandingFilter(DropdownFilter):
    title = "tình trạng"
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [("open", "Chưa quyết toán hết"), ("late", "Quá hạn quyết toán")]

    def queryset(self, request, queryset):
        narrowed = {"open": queryset.open, "late": queryset.late}.get(self.value())
        return narrowed() if narrowed else queryset


@admin.register(Advance)
class AdvanceAdmin(VerbsMixin, ListExport, LongList, ReadOnlyAdmin):
    list_display = ["unit", "round", "amount_money", "remaining_money", "on", "settle_by", "standing"]
    list_filter = [StandingFilter, RoundFilter, UnitFilter]
    list_select_related = ["unit", "round", "fund"]
    sortable_by = ["on", "settle_by"]
    fields = readonly_fields = [
        "round", "unit", "fund", "amount_money", "spent_money", "returned_money", "remaining_money", "on", "settle_by",
        "by", "entry",
    ]  # fmt: skip
    export_columns = {
        "Đơn vị": "unit__short_name",
        "Đợt": "round__name",
        "Quỹ": "fund__name",
        "Số tạm ứng": "amount",
        "Đã quyết toán": "spent",
        "Đã hoàn lại": "returned",
        "Còn giữ": "remaining",
        "Ngày tạm ứng": "on",
        "Hạn quyết toán": "settle_by",
    }
    verbs = [
        Verb("take_back", "Nhận hoàn tạm ứng", "beneficiaries.pay_grant", form=TakeBackForm, icon="undo",
             done="Đã ghi tiền hoàn về quỹ.",
             explain="Khi đơn vị hoàn hết phần còn giữ, các khoản chưa ký nhận trở lại danh sách chờ chi."),
    ]  # fmt: skip

    def may_do(self, request, row, verb) -> bool:
        return request.user.reach_for(verb.permission).may_write(row.fund.unit_id)

    def _buttons(self, request, row):
        return super()._buttons(request, row) if row.remaining else []

    @display(description="số tạm ứng", ordering="amount")
    def amount_money(self, advance):
        return format_money(advance.amount)

    @display(description="đã quyết toán")
    def spent_money(self, advance):
        return format_money(advance.spent)

    @display(description="đã hoàn lại")
    def returned_money(self, advance):
        return format_money(advance.returned)

    @display(description="đơn vị còn giữ")
    def remaining_money(self, advance):
        return format_money(advance.remaining)

    @display(description="tình trạng", label={"late": "danger", "open": "warning", "done": "success"})
    def standing(self, advance):
        if advance.is_late:
            return "late", "Quá hạn"
        return ("open", "Chưa quyết toán hết") if advance.remaining else ("done", "Đã quyết toán")
