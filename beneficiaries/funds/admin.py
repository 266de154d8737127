from django.contrib import admin
from django.db.models import Count, Sum
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display

from beneficiaries.funds.forms import ReversalForm
from beneficiaries.funds.models import Donor, Fund, FundEntry
from welfare.exports import ListExport
from welfare.filters import LongList
from welfare.scoped_admin import ReadOnlyAdmin, ScopedAdmin, rows_for
from welfare.units.models import today
from welfare.verbs import Verb, VerbsMixin
from welfare.vietnamese import format_money


@admin.register(Fund)
class FundAdmin(ScopedAdmin):
    change_form_outer_before_template = "beneficiaries/fund_head.html"
    list_display = ["name", "code", "unit", "balance_money", "is_open"]
    list_filter = ["is_open"]
    list_select_related = ["unit"]
    search_fields = ["name", "code"]
    search_help_text = "Tên hoặc mã quỹ"
    fields = ["unit", "name", "code", "purpose", "is_open"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        fund = self.get_object(request, object_id)
        context = {**(extra_context or {}), **(_ledger(fund, request.user) if fund else {})}
        return super().change_view(request, object_id, form_url, context)

    @display(description="số dư", ordering="balance")
    def balance_money(self, fund):
        return format_money(fund.balance)


def _ledger(fund, user) -> dict:
    """What the head of a fund's page shows: the year by kind and the latest entries."""
    entries = fund.entries.for_user(user)
    year = (
        entries.filter(on__year=today().year).order_by().values("kind").annotate(count=Count("pk"), total=Sum("amount"))
    )
    labels = dict(FundEntry.Kind.choices)
    links = {}
    if fund.is_open and user.reach_for("beneficiaries.add_fundentry").may_write(fund.unit_id):
        links["post_url"] = reverse("beneficiaries:fund_post", args=[fund.pk])
    return {
        "fund": fund,
        "by_kind": [row | {"label": labels[row["kind"]]} for row in year],
        "entries": entries.select_related("donor", "by")[:10],
        "this_year": today().year,
        **links,
    }


class FundFilter(DropdownFilter):
    title = "quỹ"
    parameter_name = "fund"

    def lookups(self, request, model_admin):
        return [(str(fund.pk), fund.name) for fund in rows_for(request.user, Fund)[:200]]

    def queryset(self, request, queryset):
        asked = self.value() or ""
        return queryset.filter(fund=asked) if asked.isdecimal() else queryset


@admin.register(FundEntry)
class FundEntryAdmin(VerbsMixin, ListExport, LongList, ReadOnlyAdmin):
    unit_field = None
    list_display = ["on", "fund", "kind", "money", "document_number", "donor", "note", "by"]
    list_filter = [FundFilter, ("kind", ChoicesDropdownFilter)]
    date_hierarchy = "on"
    list_select_related = ["fund", "donor", "by"]
    sortable_by = ["on"]
    search_fields = ["document_number", "note", "donor__name"]
    search_help_text = "Số chứng từ, nội dung, nhà tài trợ"
    fields = [
        "fund",
        "kind",
        "money",
        "on",
        "document_number",
        "donor",
        "note",
        "by",
        "recorded_at",
        "reverses",
        "paid_for",
    ]
    readonly_fields = ["money", "paid_for"]
    export_columns = {
        "Ngày": "on",
        "Quỹ": "fund__name",
        "Loại": "get_kind_display",
        "Số tiền": "amount",
        "Số chứng từ": "document_number",
        "Nhà tài trợ": "donor__name",
        "Nội dung": "note",
    }
    verbs = [
        Verb("reverse", "Ghi đảo", "beneficiaries.add_fundentry", form=ReversalForm, icon="undo",
             explain="Bút toán quỹ không sửa, không xóa: ghi thêm một dòng ngược dấu.", done="Đã ghi đảo bút toán."),
    ]  # fmt: skip

    def _buttons(self, request, row):
        return super()._buttons(request, row) if row.is_reversible else []

    @display(description="số tiền", ordering="amount")
    def money(self, entry):
        return format_money(entry.amount)

    @display(description="chi cho")
    def paid_for(self, entry):
        return entry.pays_for or "–"


@admin.register(Donor)
class DonorAdmin(ScopedAdmin):
    list_display = ["name", "organization", "phone", "unit"]
    list_select_related = ["organization", "unit"]
    search_fields = ["name", "organization__name"]
    search_help_text = "Tên nhà tài trợ hoặc tổ chức"
    autocomplete_fields = ["organization"]
    fields = ["unit", "name", "organization", "phone", "address"]
