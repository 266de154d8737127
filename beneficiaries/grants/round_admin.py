from django.contrib import admin
from django.db import models
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from beneficiaries.grants.forms import OptionalMoneyField, TakeBackForm
from beneficiaries.grants.models import Advance, GrantRound, Occasion, RoundFund, RoundPaper, SupportKind
from beneficiaries.grants.round_page import round_page
from programs.activities.fields import WholeNumberField
from welfare.asked import whole_number
from welfare.exports import ListExport
from welfare.filters import KeptUnitFilter, LongList, YearFilter
from welfare.forms import UnmovedForm
from welfare.imports import CatalogueExport, CatalogueImport
from welfare.scoped_admin import CatalogueAdmin, ReadOnlyAdmin, ScopedAdmin, ScopedInline, rows_for
from welfare.verbs import Verb, VerbsMixin
from welfare.vietnamese import format_money

STATE_LABELS = {
    "proposed": "warning", "forwarded": "warning", "appraised": "warning", "returned": "danger", "approved": "info", "paid": "success",
    "refused": "danger", "reversed": "danger", "open": "success", "closed": "danger",
}  # fmt: skip


class TypesMoney:
    """VND typed with or without dots: a plain number field would read 500.000 as 500."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.BigIntegerField):
            kwargs["form_class"] = OptionalMoneyField if db_field.null else WholeNumberField
        return super().formfield_for_dbfield(db_field, request, **kwargs)


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


class RoundFundInline(TypesMoney, ScopedInline):
    """Follows the round: whoever may edit it names its funds."""

    model = RoundFund
    fields = ["fund", "most"]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("beneficiaries.view_fund")

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("beneficiaries.change_grantround")

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(GrantRound)
class GrantRoundAdmin(TypesMoney, VerbsMixin, CatalogueExport, LongList, ScopedAdmin):
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
        asked = whole_number(self.value())
        return queryset.filter(round=asked) if asked else queryset


@admin.register(RoundPaper)
class RoundPaperAdmin(LongList, ReadOnlyAdmin):
    list_display = ["kind", "number", "on", "round", "unit", "by"]
    list_filter = [("kind", ChoicesDropdownFilter), RoundFilter, KeptUnitFilter]
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
    list_filter = [StandingFilter, RoundFilter, KeptUnitFilter]
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
