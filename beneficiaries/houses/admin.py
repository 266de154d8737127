from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from beneficiaries.houses import catalogues, forms
from beneficiaries.houses.already import given_before, in_words
from beneficiaries.houses.casefile import case_file
from beneficiaries.houses.filters import HouseFundFilter, LateFilter, MoneyFilter
from beneficiaries.houses.funding import HouseFunding
from beneficiaries.houses.imports import HOUSES
from beneficiaries.houses.models import House
from beneficiaries.houses.norms import above_norm
from beneficiaries.houses.stages import PAYABLE, State
from beneficiaries.past import PastImport
from beneficiaries.people.households import Household
from beneficiaries.people.models import Person
from programs.activities.fields import WholeNumberField
from welfare.audit import record_search
from welfare.exports import ListExport
from welfare.filters import KeptUnitFilter, LongList, YearFilter
from welfare.scoped_admin import ScopedAdmin, ScopedInline
from welfare.units.models import today
from welfare.verbs import DateForm, ReasonForm, Verb, VerbsMixin
from welfare.vietnamese import format_money, format_number

__all__ = ["catalogues"]

STATE_LABELS = {
    "proposed": "warning", "surveyed": "warning", "appraised": "warning", "decided": "info", "started": "info",
    "completed": "info", "handed_over": "success", "settled": "success", "refused": "danger", "withdrawn": "danger",
}  # fmt: skip
_LIVED_IN = (State.HANDED_OVER, State.SETTLED)


class FundingInline(ScopedInline):
    """Follows the house: while it may be edited, so may its sources of money."""

    model = HouseFunding
    fields = ["source", "fund", "donor", "amount"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("fund", "donor")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "amount":
            kwargs["form_class"] = WholeNumberField
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(House)
class HouseAdmin(VerbsMixin, ListExport, PastImport, LongList, ScopedAdmin):
    """The case file may be written until it is appraised; after that only verbs move it."""

    form = forms.HouseForm
    past = HOUSES
    formfield_overrides = {models.BigIntegerField: {"form_class": WholeNumberField}}
    change_form_outer_before_template = "beneficiaries/house_head.html"
    list_display = ["recipient", "unit", "kind", "construction", "cost_money", "plain_year", "waiting", "state_label"]
    list_filter = [
        ("state", ChoicesDropdownFilter), ("kind", RelatedDropdownFilter), YearFilter, KeptUnitFilter, LateFilter,
        HouseFundFilter, MoneyFilter, ("construction", ChoicesDropdownFilter),
    ]  # fmt: skip
    list_select_related = ["person", "household", "host", "unit", "kind"]
    sortable_by = ["plain_year", "cost_money"]
    search_fields = ["person__folded_name"]
    search_help_text = "Họ tên người nhận (không cần dấu), số CCCD đầy đủ hoặc tên chủ hộ"
    autocomplete_fields = ["person", "household", "unit", "host"]
    inlines = [FundingInline]
    export_columns = {
        "Người nhận": "recipient",
        "Đơn vị": "unit__short_name",
        "Loại nhà": "kind__name",
        "Hình thức": "get_construction_display",
        "Kinh phí": "cost",
        "Năm": "year",
        "Trạng thái": "get_state_display",
        "Ngày khảo sát": "surveyed_on",
        "Ngày thẩm định": "appraised_on",
        "Số quyết định": "decision_number",
        "Ngày quyết định": "decided_on",
        "Ngày khởi công": "started_on",
        "Ngày nghiệm thu": "completed_on",
        "Ngày bàn giao": "handed_over_on",
        "Ngày quyết toán": "settled_on",
        "Số quyết toán": "final_cost",
    }
    fieldsets = [
        ("Người nhận nhà", {"fields": ["person", "household", "host", "unit", "address", "condition"]}),
        ("Căn nhà", {"fields": ["kind", "construction", "cost", "year", "occasion", "proposed_on"]}),
    ]
    verbs = [
        Verb("survey", "Ghi khảo sát", "beneficiaries.change_house", (State.PROPOSED,), forms.SurveyForm,
             "Đã ghi khảo sát.", icon="real_estate_agent"),
        Verb("appraise", "Thẩm định", "beneficiaries.appraise_house", (State.SURVEYED,), forms.AppraisalForm,
             "Đã ghi biên bản thẩm định.", "Các nguồn kinh phí phải cộng đúng bằng tổng kinh phí; sau bước này hồ sơ không sửa được nữa.", "rule"),
        Verb("send_back", "Trả lại khảo sát", "beneficiaries.appraise_house", (State.APPRAISED,), ReasonForm,
             "Đã trả hồ sơ về bước khảo sát.", "Hồ sơ sửa được trở lại và phải thẩm định lại.", "reply"),
        Verb("allow_above_norm", "Duyệt vượt mức", "beneficiaries.decide_house", (State.APPRAISED,), forms.AboveNormForm,
             "Đã duyệt vượt mức; một lãnh đạo khác sẽ quyết định.", "Hỗ trợ vượt mức cần hai lãnh đạo khác nhau duyệt.", "trending_up"),
        Verb("decide", "Quyết định hỗ trợ", "beneficiaries.decide_house", (State.APPRAISED,), forms.HouseDecisionForm,
             "Đã ghi quyết định hỗ trợ.", icon="gavel"),
        Verb("start", "Khởi công", "beneficiaries.build_house", (State.DECIDED,), DateForm, "Đã ghi khởi công.",
             icon="construction"),
        Verb("pay", "Chi tiền", "beneficiaries.pay_house", tuple(PAYABLE), forms.HousePaymentForm,
             "Đã chi từ quỹ.", "Chi trước khi nghiệm thu là tạm ứng.", "payments"),
        Verb("take_back_payment", "Ghi đảo lần chi", "beneficiaries.pay_house", tuple(PAYABLE), forms.TakeBackForm,
             "Đã ghi đảo lần chi.", "Sổ quỹ ghi thêm một dòng ngược dấu; nguồn này chi lại được.", "undo"),
        Verb("complete", "Nghiệm thu", "beneficiaries.build_house", (State.STARTED,), forms.CompletionForm,
             "Đã ghi nghiệm thu.", icon="task"),
        Verb("hand_over", "Bàn giao", "beneficiaries.build_house", (State.COMPLETED,), forms.HandOverForm,
             "Đã ghi bàn giao nhà.", icon="key"),
        Verb("settle", "Quyết toán", "beneficiaries.pay_house", (State.HANDED_OVER,), forms.SettlementForm,
             "Đã ghi quyết toán.", "Các nguồn phải cộng đúng bằng tổng quyết toán; phần của quỹ là số quỹ đã chi.", "fact_check"),
        Verb("move_in", "Ghi người đến ở", "beneficiaries.build_house", _LIVED_IN, forms.MoveInForm, "Đã ghi người đến ở.",
             icon="person_add"),
        Verb("move_out", "Ghi người chuyển đi", "beneficiaries.build_house", _LIVED_IN, forms.MoveOutForm,
             "Đã ghi người chuyển đi.", icon="person_remove"),
        Verb("record_past", "Ghi nhận nhà đã bàn giao", "beneficiaries.record_past_house", (State.PROPOSED,), forms.PastForm,
             "Đã ghi nhận nhà bàn giao từ năm trước.", "Dùng cho nhà bàn giao từ năm trước, khi chưa có hệ thống.", "history"),
        Verb("refuse", "Không duyệt", "beneficiaries.decide_house", (State.PROPOSED, State.SURVEYED, State.APPRAISED),
             ReasonForm, "Đã ghi không duyệt.", icon="close"),
        Verb("withdraw", "Rút hồ sơ", "beneficiaries.change_house",
             (State.PROPOSED, State.SURVEYED, State.APPRAISED, State.DECIDED), ReasonForm, "Đã rút hồ sơ.", icon="delete_history"),
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).with_lateness()

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        record_search(request, search_term, "beneficiaries.house")
        people = Person.objects.for_user(request.user).search(search_term).order_by()
        by_head = queryset.filter(household__in=Household.objects.search(search_term))
        return queryset.filter(person__in=people) | by_head, False

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or obj.state in (State.PROPOSED, State.SURVEYED)
        return is_open and super().has_change_permission(request, obj)

    def get_inlines(self, request, obj):
        """A closed case file shows its money above."""
        return super().get_inlines(request, obj) if self.has_change_permission(request, obj) or obj is None else []

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
        if found := in_words(given_before(obj, request.user)):
            messages.warning(request, f"Gia đình này có thể đã được hỗ trợ nhà: {'; '.join(found)}. Hãy kiểm tra lại.")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        house = self.get_object(request, object_id)
        context = {**(extra_context or {}), **(case_file(house, request.user) if house else {})}
        return super().change_view(request, object_id, form_url, context)

    def may_do(self, request, row, verb) -> bool:
        return request.user.reach_for(verb.permission).may_write(row.unit_id)

    def _buttons(self, request, row):
        hidden = {verb.label for verb in self.verbs if not _has_sense(row, verb.name)}
        return [button for button in super()._buttons(request, row) if button["label"] not in hidden]

    @display(description="người nhận")
    def recipient(self, house):
        return house.recipient

    @display(description="kinh phí", ordering="cost")
    def cost_money(self, house):
        return format_money(house.cost)

    @display(description="năm", ordering="year")
    def plain_year(self, house):
        return str(house.year)

    @display(description="đã chờ")
    def waiting(self, house):
        if not house.days_waiting:
            return "–"
        return f"{format_number(house.days_waiting)} ngày{', chậm' if house.is_late else ''}"

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, house):
        return house.state, house.get_state_display()


def _has_sense(house, verb) -> bool:
    """Whether a button would find anything to act on."""
    if verb == "allow_above_norm":
        return not house.above_norm_by_id and bool(above_norm(house, today()))
    if verb == "pay":
        return not house.is_recorded_afterwards and any(line.unpaid for line in house.funding.all())
    if verb == "take_back_payment":
        return house.paid > 0
    if verb in ("move_in", "move_out"):
        return house.kind.is_duty and (verb == "move_in" or house.occupants.filter(to_day__isnull=True).exists())
    return verb != "record_past" or house.proposed_on.year < today().year
