from django.contrib import admin
from django.db import models
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from beneficiaries.funds import donor_admin
from beneficiaries.funds.forms import CloseMonthForm, FundForm, ReceiptForm, ReopenMonthForm, ReversalForm
from beneficiaries.funds.importing import EntryResource
from beneficiaries.funds.models import Fund, FundEntry, FundKind
from beneficiaries.funds.page import fund_page
from programs.activities.fields import WholeNumberField
from welfare.asked import whole_number
from welfare.exports import ListExport
from welfare.filters import LongList, UnitFilter, of_unit
from welfare.imports import CatalogueExport, CatalogueImport
from welfare.scoped_admin import CatalogueAdmin, OwnUnitAdmin, ReadOnlyAdmin, rows_for
from welfare.verbs import Verb, VerbsMixin
from welfare.vietnamese import format_money

__all__ = ["donor_admin"]


@admin.register(FundKind)
class FundKindAdmin(CatalogueImport, CatalogueAdmin):
    export_fields = import_id_fields = ("name",)
    list_display = ["name"]
    search_fields = ["name"]


class BooksUnitFilter(UnitFilter):
    """The unit that keeps the books, with all under it."""

    def queryset(self, request, queryset):
        funds = of_unit(rows_for(request.user, Fund), request.user, self.value())
        return self.of(queryset, funds) if self.value() else queryset

    def of(self, queryset, funds):
        return queryset.filter(pk__in=funds.order_by().values("pk"))


class EntryUnitFilter(BooksUnitFilter):
    def of(self, queryset, funds):
        return queryset.filter(fund__in=funds.order_by().values("pk"))


@admin.register(Fund)
class FundAdmin(VerbsMixin, CatalogueExport, OwnUnitAdmin):
    form = FundForm
    formfield_overrides = {models.BigIntegerField: {"form_class": WholeNumberField}}
    change_form_outer_before_template = "beneficiaries/fund_head.html"
    list_display = ["name", "kind", "unit", "balance_money", "closed", "standing"]
    list_filter = [("kind", RelatedDropdownFilter), BooksUnitFilter, "is_open"]
    list_select_related = ["unit", "kind"]
    search_fields = ["name", "code"]
    search_help_text = "Tên hoặc mã quỹ"
    export_fields = (
        "code",
        "name",
        "unit__short_name",
        "kind__name",
        "purpose",
        "balance",
        "closed_through",
        "is_open",
    )
    fieldsets = [
        ("Quỹ", {"fields": ["unit", "kind", "name", "code", "purpose", "low_mark", "is_open"]}),
        ("Tiền chỉ dùng cho một việc", {"fields": ["use", "occasions"]}),
    ]
    verbs = [
        Verb("close_month", "Khóa sổ tháng", "beneficiaries.close_fund", form=CloseMonthForm, icon="lock",
             explain="Sau khi khóa, không ai ghi thêm được vào tháng đó và các tháng trước nữa.", done="Đã khóa sổ."),
        Verb("reopen_month", "Mở lại sổ tháng", "beneficiaries.reopen_fund", form=ReopenMonthForm, icon="lock_open",
             explain="Lãnh đạo mở lại sổ đã khóa; lý do được lưu trong nhật ký.", done="Đã mở lại sổ."),
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("occasions")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(
            db_field, request, widget=UnfoldAdminCheckboxSelectMultipleWidget(), **kwargs
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        fund = self.get_object(request, object_id)
        context = {**(extra_context or {}), **(fund_page(fund, request) if fund else {})}
        return super().change_view(request, object_id, form_url, context)

    def may_do(self, request, row, verb):
        return request.user.reach_for(verb.permission).may_write(row.unit_id)

    def _buttons(self, request, row):
        buttons = super()._buttons(request, row)
        return buttons if row.closed_through else [b for b in buttons if b["label"] != "Mở lại sổ tháng"]

    @display(description="số dư", ordering="balance")
    def balance_money(self, fund):
        return format_money(fund.balance)

    @display(description="đã khóa sổ đến", ordering="closed_through")
    def closed(self, fund):
        return f"{fund.closed_through:%m/%Y}" if fund.closed_through else "–"

    @display(description="tình trạng", label={"open": "success", "low": "danger", "closed": "default"})
    def standing(self, fund):
        if not fund.is_open:
            return "closed", "Đã ngừng"
        return ("low", "Sắp hết") if fund.balance < fund.low_mark else ("open", "Đang dùng")


class FundFilter(DropdownFilter):
    title = "quỹ"
    parameter_name = "fund"

    def lookups(self, request, model_admin):
        return [(str(fund.pk), fund.name) for fund in rows_for(request.user, Fund)[:200]]

    def queryset(self, request, queryset):
        asked = whole_number(self.value())
        return queryset.filter(fund=asked) if asked else queryset


@admin.register(FundEntry)
class FundEntryAdmin(VerbsMixin, ListExport, CatalogueImport, LongList, ReadOnlyAdmin):
    unit_field = None
    change_form_outer_before_template = "beneficiaries/entry_head.html"
    list_display = ["on", "fund", "kind", "money", "document_number", "giver", "note", "by"]
    list_filter = [FundFilter, ("kind", ChoicesDropdownFilter), EntryUnitFilter]
    date_hierarchy = "on"
    list_select_related = ["fund", "donor", "from_unit", "by"]
    sortable_by = ["on"]
    search_fields = ["document_number", "note", "donor__name"]
    search_help_text = "Số chứng từ, nội dung, nhà tài trợ (không cần dấu)"
    fields = [
        "fund", "kind", "money", "on", "document_number", "donor", "pledge", "campaign", "from_unit", "note", "by",
        "recorded_at", "reverses", "paid_for",
    ]  # fmt: skip
    readonly_fields = ["money", "paid_for"]
    export_columns = {
        "Ngày": "on",
        "Mã quỹ": "fund__code",
        "Quỹ": "fund__name",
        "Loại": "get_kind_display",
        "Số tiền": "amount",
        "Số chứng từ": "document_number",
        "Nhà tài trợ": "donor__name",
        "Đơn vị nộp": "from_unit__short_name",
        "Đợt vận động": "campaign__name",
        "Nội dung": "note",
        "Người ghi": "by__full_name",
    }
    verbs = [
        Verb("issue_receipt", "Lập phiếu thu", "beneficiaries.add_fundentry", form=ReceiptForm, icon="receipt",
             explain="Phiếu lấy số tiếp theo trong sổ số văn bản của đơn vị.", done="Đã lập phiếu thu; in ngay ở trang này."),
        Verb("reverse", "Ghi đảo", "beneficiaries.add_fundentry", form=ReversalForm, icon="undo",
             explain="Bút toán quỹ không sửa, không xóa: ghi thêm một dòng ngược dấu.", done="Đã ghi đảo bút toán."),
        Verb("return_transfer", "Chuyển ngược lại", "beneficiaries.add_fundentry", form=ReversalForm, icon="swap_horiz",
             explain="Tiền về lại quỹ đã chuyển: mỗi quỹ thêm một dòng ngược dấu.", done="Đã chuyển ngược lại."),
    ]  # fmt: skip

    def get_import_resource_classes(self, request):
        return [EntryResource]

    def get_search_results(self, request, queryset, search_term):
        return (queryset.search(search_term) if search_term.strip() else queryset), False

    def may_do(self, request, row, verb):
        return request.user.reach_for(verb.permission).may_write(row.fund.unit_id)

    def _buttons(self, request, row):
        is_gift = row.kind == FundEntry.Kind.CONTRIBUTION and row.is_reversible
        shown = {
            "Ghi đảo": row.is_reversible,
            "Chuyển ngược lại": row.is_returnable,
            "Lập phiếu thu": is_gift and not hasattr(row, "receipt"),
        }
        return [button for button in super()._buttons(request, row) if shown[button["label"]]]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        entry = self.get_object(request, object_id)
        context = {**(extra_context or {}), "entry": entry, "receipt": getattr(entry, "receipt", None)}
        return super().change_view(request, object_id, form_url, context)

    @display(description="số tiền", ordering="amount")
    def money(self, entry):
        return format_money(entry.amount)

    @display(description="của")
    def giver(self, entry):
        return entry.donor or entry.from_unit or "–"

    @display(description="chi cho")
    def paid_for(self, entry):
        return entry.pays_for or "–"
