from django.contrib import admin
from django.core.exceptions import PermissionDenied
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from beneficiaries.houses.forms import HouseForm, HousePaymentForm
from beneficiaries.houses.models import House, HouseFunding, HouseKind
from beneficiaries.people.models import Person
from welfare.audit import record_search
from welfare.exports import ListExport
from welfare.filters import LongList, UnitFilter, YearFilter
from welfare.scoped_admin import CatalogueAdmin, ScopedAdmin, ScopedInline
from welfare.verbs import DateForm, DecisionForm, ReasonForm, Verb, VerbsMixin
from welfare.vietnamese import format_money

STATE_LABELS = {
    "proposed": "warning", "surveyed": "warning", "decided": "info", "started": "info", "handed_over": "success",
    "refused": "danger", "withdrawn": "danger",
}  # fmt: skip


@admin.register(HouseKind)
class HouseKindAdmin(CatalogueAdmin):
    list_display = ["name"]
    search_fields = ["name"]
    search_help_text = "Tên loại nhà"


class FundingInline(ScopedInline):
    """Follows the house: while it may be edited, so may its sources of money."""

    model = HouseFunding
    fields = ["source", "fund", "donor", "amount", "paid_on"]
    readonly_fields = ["paid_on"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("fund", "donor", "payment")

    @display(description="đã chi ngày")
    def paid_on(self, line):
        return line.payment.on if line.payment_id else "–"


@admin.register(House)
class HouseAdmin(VerbsMixin, ListExport, LongList, ScopedAdmin):
    """The case file may be written until it is decided; after that only verbs move it."""

    form = HouseForm
    change_form_outer_before_template = "beneficiaries/house_head.html"
    list_display = ["recipient", "unit", "kind", "construction", "cost_money", "plain_year", "state_label"]
    list_filter = [("state", ChoicesDropdownFilter), YearFilter, UnitFilter, ("construction", ChoicesDropdownFilter)]
    list_select_related = ["person", "household", "unit", "kind"]
    sortable_by = ["plain_year", "cost_money"]
    search_fields = ["person__folded_name"]
    search_help_text = "Họ tên người nhận (không cần dấu), số CCCD đầy đủ hoặc tên chủ hộ"
    autocomplete_fields = ["person", "household", "unit"]
    inlines = [FundingInline]
    export_columns = {
        "Người nhận": "recipient",
        "Đơn vị": "unit__short_name",
        "Loại nhà": "kind__name",
        "Hình thức": "get_construction_display",
        "Kinh phí": "cost",
        "Năm": "year",
        "Trạng thái": "get_state_display",
        "Số quyết định": "decision_number",
        "Ngày bàn giao": "handed_over_on",
    }
    fieldsets = [
        ("Người nhận nhà", {"fields": ["person", "household", "unit", "address", "condition"]}),
        ("Căn nhà", {"fields": ["kind", "construction", "cost", "year", "proposed_on"]}),
    ]
    steps = [
        "state", "proposed_by", "surveyed_on", "surveyed_by", "decided_on", "decided_by", "decision_number",
        "started_on", "handed_over_on", "ended_reason",
    ]  # fmt: skip
    verbs = [
        Verb("survey", "Ghi khảo sát", "beneficiaries.change_house", ("proposed",), DateForm, "Đã ghi khảo sát.",
             icon="real_estate_agent"),
        Verb("decide", "Quyết định hỗ trợ", "beneficiaries.decide_house", ("surveyed",), DecisionForm,
             "Đã ghi quyết định hỗ trợ.", "Các nguồn kinh phí phải cộng đúng bằng tổng kinh phí.", "gavel"),
        Verb("start", "Khởi công", "beneficiaries.build_house", ("decided",), DateForm, "Đã ghi khởi công.",
             icon="construction"),
        Verb("pay", "Chi tiền", "beneficiaries.pay_house", ("decided", "started", "handed_over"), HousePaymentForm,
             "Đã chi từ quỹ.", icon="payments"),
        Verb("hand_over", "Bàn giao", "beneficiaries.build_house", ("started",), DateForm, "Đã ghi bàn giao nhà.",
             icon="key"),
        Verb("refuse", "Không duyệt", "beneficiaries.decide_house", ("proposed", "surveyed"), ReasonForm,
             "Đã ghi không duyệt.", icon="close"),
        Verb("withdraw", "Rút hồ sơ", "beneficiaries.change_house", ("proposed", "surveyed", "decided"), ReasonForm,
             "Đã rút hồ sơ.", icon="undo"),
    ]  # fmt: skip

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        record_search(request, search_term, "beneficiaries.house")
        people = Person.objects.for_user(request.user).search(search_term).order_by()
        by_head = queryset.filter(household__head_name__icontains=search_term.strip())
        return queryset.filter(person__in=people) | by_head, False

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or obj.state in (House.State.PROPOSED, House.State.SURVEYED)
        return is_open and super().has_change_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        shown = super().get_fieldsets(request, obj)
        return [*shown, ("Quá trình", {"fields": self.steps})] if obj else shown

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *self.steps]

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

    def change_view(self, request, object_id, form_url="", extra_context=None):
        house = self.get_object(request, object_id)
        context = {**(extra_context or {}), "house": house, "steps_done": _steps(house) if house else []}
        return super().change_view(request, object_id, form_url, context)

    @display(description="người nhận")
    def recipient(self, house):
        return house.recipient

    @display(description="kinh phí", ordering="cost")
    def cost_money(self, house):
        return format_money(house.cost)

    @display(description="năm", ordering="year")
    def plain_year(self, house):
        return str(house.year)

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, house):
        return house.state, house.get_state_display()


def _steps(house) -> list[tuple]:
    """The way of a house as (label, date or None)."""
    return [
        ("Đề xuất", house.proposed_on),
        ("Khảo sát", house.surveyed_on),
        ("Quyết định", house.decided_on),
        ("Khởi công", house.started_on),
        ("Bàn giao", house.handed_over_on),
    ]
