from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from beneficiaries.funds.forms import ReversalForm
from beneficiaries.grants.forms import PaymentForm, ProposalForm
from beneficiaries.grants.models import Grant, GrantRound, Occasion
from welfare.audit import record_search
from welfare.exports import ListExport
from welfare.filters import LongList, UnitFilter, YearFilter
from welfare.forms import UnmovedForm
from welfare.scoped_admin import CatalogueAdmin, ScopedAdmin, rows_for
from welfare.verbs import DateForm, DecisionForm, ReasonForm, Verb, VerbsMixin
from welfare.vietnamese import format_money

STATE_LABELS = {
    "proposed": "warning", "appraised": "warning", "approved": "info", "paid": "success",
    "refused": "danger", "reversed": "danger", "open": "success", "closed": "danger",
}  # fmt: skip


@admin.register(Occasion)
class OccasionAdmin(CatalogueAdmin):
    list_display = ["name", "is_season"]
    search_fields = ["name"]
    search_help_text = "Tên dịp"


@admin.register(GrantRound)
class GrantRoundAdmin(VerbsMixin, LongList, ScopedAdmin):
    form = UnmovedForm
    change_form_outer_before_template = "beneficiaries/round_head.html"
    list_display = ["name", "code", "occasion", "plain_year", "unit", "closes_on", "state_label"]
    list_filter = [("state", ChoicesDropdownFilter), YearFilter, ("occasion", RelatedDropdownFilter)]
    list_select_related = ["occasion", "unit"]
    search_fields = ["name", "code"]
    search_help_text = "Tên hoặc mã đợt"
    fields = [
        "unit", "name", "code", "occasion", "year", "plan", "fund", "ceiling", "default_amount", "opens_on", "closes_on",
    ]  # fmt: skip
    verbs = [
        Verb("close", "Khóa đợt", "beneficiaries.change_grantround", ("open",), icon="lock",
             explain="Đợt đã khóa không nhận thêm đề nghị; các khoản đã đề nghị vẫn được duyệt và chi.",
             done="Đã khóa đợt hỗ trợ."),
        Verb("reopen", "Mở lại đợt", "beneficiaries.change_grantround", ("closed",), icon="lock_open",
             done="Đợt hỗ trợ nhận đề nghị trở lại."),
    ]  # fmt: skip

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.state == GrantRound.State.OPEN)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        round = self.get_object(request, object_id)
        context = {**(extra_context or {}), **(_figures(round, request.user) if round else {})}
        return super().change_view(request, object_id, form_url, context)

    @display(description="năm", ordering="year")
    def plain_year(self, round):
        return str(round.year)

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, round):
        return round.state, round.get_state_display()


def _figures(round, user) -> dict:
    """Counts and sums by state of the grants the user may see, and where they are decided."""
    summary = round.grants.for_user(user).by_state()
    links = []
    for codename, url_name, label, icon in (
        ("approve_grant", "beneficiaries:round_review", "Duyệt các đề nghị", "fact_check"),
        ("pay_grant", "beneficiaries:round_pay", "Chi các khoản đã duyệt", "payments"),
    ):
        if user.has_perm(f"beneficiaries.{codename}"):
            links.append({"url": reverse(url_name, args=[round.pk]), "label": label, "icon": icon})
    return {"summary": summary, "round": round, "round_links": links, "may_propose": _may_propose(round, user)}


def _may_propose(round, user) -> bool:
    return user.has_perm("beneficiaries.propose_grant") and round.takes_proposals()


class RoundFilter(DropdownFilter):
    title = "đợt hỗ trợ"
    parameter_name = "round"

    def lookups(self, request, model_admin):
        return [(str(round.pk), round.name) for round in rows_for(request.user, GrantRound)[:200]]

    def queryset(self, request, queryset):
        asked = self.value() or ""
        return queryset.filter(round=asked) if asked.isdecimal() else queryset


@admin.register(Grant)
class GrantAdmin(VerbsMixin, ListExport, LongList, ScopedAdmin):
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
        "Tiền mặt": "cash",
        "Giá trị hiện vật": "in_kind_value",
        "Trạng thái": "get_state_display",
        "Số quyết định": "decision_number",
        "Ngày duyệt": "approved_on",
        "Ngày chi": "paid_on",
    }
    fieldsets = [
        ("Người nhận", {"fields": ["round", "person", "household", "unit", "people_count"]}),
        ("Mức hỗ trợ", {"fields": ["cash", "in_kind_value", "in_kind", "outside_source", "reason"]}),
    ]
    steps = [
        "state", "proposed_by", "proposed_on", "appraised_by", "appraised_on", "approved_by", "approved_on",
        "decision_number", "refused_reason", "paid_on", "payment",
    ]  # fmt: skip
    verbs = [
        Verb("appraise", "Thẩm định", "beneficiaries.appraise_grant", ("proposed",), DateForm,
             "Đã thẩm định.", icon="rule"),
        Verb("approve", "Duyệt", "beneficiaries.approve_grant", ("proposed", "appraised"), DecisionForm,
             "Đã duyệt khoản hỗ trợ.", icon="check"),
        Verb("refuse", "Không duyệt", "beneficiaries.approve_grant", ("proposed", "appraised"), ReasonForm,
             "Đã ghi không duyệt.", icon="close"),
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
        if obj is None or obj.state != Grant.State.PROPOSED or obj.proposed_by_id != request.user.pk:
            return False
        return request.user.has_perm("beneficiaries.propose_grant") and self._may_write(request, obj)

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
