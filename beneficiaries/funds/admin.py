from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import reverse
from django.utils.http import urlencode
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from beneficiaries.funds.forms import (
    CloseMonthForm,
    FundForm,
    GiftForm,
    PledgeForm,
    ReceiptForm,
    ReopenMonthForm,
    ReversalForm,
)
from beneficiaries.funds.importing import DonorResource, EntryResource
from beneficiaries.funds.models import Donor, Fund, FundEntry, FundKind, GiftInKind, Pledge
from beneficiaries.funds.page import fund_page
from programs.activities.fields import WholeNumberField
from welfare.exports import ListExport
from welfare.filters import LongList, of_unit, unit_choices
from welfare.imports import CatalogueExport, CatalogueImport
from welfare.scoped_admin import CatalogueAdmin, OwnUnitAdmin, ReadOnlyAdmin, ScopedAdmin, rows_for
from welfare.units.models import today
from welfare.verbs import ReasonForm, Verb, VerbsMixin
from welfare.vietnamese import format_money

PLEDGE_LABELS = {"kept": "success", "partly": "info", "waiting": "default", "late": "danger", "withdrawn": "default"}
_MONEY = {models.BigIntegerField: {"form_class": WholeNumberField}}


@admin.register(FundKind)
class FundKindAdmin(CatalogueAdmin):
    list_display = ["name"]
    search_fields = ["name"]


class BooksUnitFilter(DropdownFilter):
    """The unit that keeps the books, with all under it."""

    title, parameter_name, path = "đơn vị", "unit", "unit"

    def lookups(self, request, model_admin):
        return unit_choices(request.user)

    def queryset(self, request, queryset):
        funds = of_unit(rows_for(request.user, Fund), request.user, self.value())
        return self.of(queryset, funds) if self.value() else queryset

    def of(self, queryset, funds):
        return queryset.filter(pk__in=funds.order_by().values("pk"))


class EntryUnitFilter(BooksUnitFilter):
    def of(self, queryset, funds):
        return queryset.filter(fund__in=funds.order_by().values("pk"))


class DonorUnitFilter(BooksUnitFilter):
    def queryset(self, request, queryset):
        donors = of_unit(rows_for(request.user, Donor), request.user, self.value())
        return queryset.filter(pk__in=donors.order_by().values("pk")) if self.value() else queryset


@admin.register(Fund)
class FundAdmin(VerbsMixin, CatalogueExport, OwnUnitAdmin):
    form = FundForm
    formfield_overrides = _MONEY
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
        asked = self.value() or ""
        return queryset.filter(fund=asked) if asked.isdecimal() and len(asked) < 19 else queryset


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
    search_help_text = "Số chứng từ, nội dung, nhà tài trợ"
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


@admin.register(Donor)
class DonorAdmin(ListExport, CatalogueImport, OwnUnitAdmin):
    change_form_outer_before_template = "beneficiaries/donor_head.html"
    list_display = ["name", "kind", "money", "in_kind", "phone", "unit"]
    list_filter = [("kind", ChoicesDropdownFilter), DonorUnitFilter]
    list_select_related = ["organization", "unit"]
    sortable_by = ["name"]
    search_fields = ["name", "organization__name", "representative"]
    search_help_text = "Tên nhà tài trợ, tổ chức hoặc người đại diện"
    autocomplete_fields = ["organization"]
    fields = ["unit", "name", "kind", "organization", "representative", "phone", "address", "is_named"]
    export_columns = {
        "Mã đơn vị": "unit__code",
        "Tên": "name",
        "Là": "get_kind_display",
        "Người đại diện, chức vụ": "representative",
        "Điện thoại": "phone",
        "Địa chỉ": "address",
        "Tiền đã ủng hộ": "money",
        "Giá trị hiện vật": "in_kind",
    }

    def get_import_resource_classes(self, request):
        return [DonorResource]

    def get_queryset(self, request):
        return super().get_queryset(request).with_given()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        donor = self.get_object(request, object_id)
        context = {**(extra_context or {}), **(_donor_page(donor, request.user) if donor else {})}
        return super().change_view(request, object_id, form_url, context)

    @display(description="tiền đã ủng hộ", ordering="money")
    def money(self, donor):
        return format_money(donor.money) if donor.money else "–"

    @display(description="giá trị hiện vật", ordering="in_kind")
    def in_kind(self, donor):
        return format_money(donor.in_kind) if donor.in_kind else "–"


def _donor_page(donor, user) -> dict:
    may_add = {
        name: user.reach_for(f"beneficiaries.add_{name}").may_write(donor.unit_id) for name in ("pledge", "giftinkind")
    }
    year = today().year
    gifts = donor.gifts.select_related("fund")
    in_kind = donor.gifts_in_kind.all()
    gave = gifts.filter(kind="contribution", reversed_by__isnull=True, on__year=year).exists()
    return {
        "donor": donor,
        "pledges": donor.pledges.with_received().select_related("fund", "campaign"),
        "gifts": gifts[:20],
        "in_kind": in_kind[:20],
        "may_add": may_add,
        "this_year": year,
        "may_thank": gave or in_kind.filter(given_on__year=year).exists(),
    }


class PledgeStandingFilter(DropdownFilter):
    title, parameter_name = "tình hình", "tinh-hinh"

    def lookups(self, request, model_admin):
        return [("qua-hen", "Quá hẹn"), ("con", "Còn phải trao"), ("du", "Đã trao đủ")]

    def queryset(self, request, queryset):
        if self.value() == "du":
            return queryset.filter(received__gte=models.F("amount"))
        narrowed = {"qua-hen": queryset.overdue, "con": queryset.due}.get(self.value() or "")
        return narrowed() if narrowed else queryset


class _OfDonorAdmin(ListExport, ScopedAdmin):
    """Rows of a donor: who writes the donor's unit writes them; the donor stands once saved."""

    formfield_overrides = _MONEY
    autocomplete_fields = ["donor"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["donor"] if obj else [])]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.by = request.user
        if not self._may_write(request, obj):
            raise PermissionDenied
        super(ScopedAdmin, self).save_model(request, obj, form, change)


@admin.register(Pledge)
class PledgeAdmin(VerbsMixin, _OfDonorAdmin):
    form = PledgeForm
    change_form_outer_before_template = "beneficiaries/pledge_head.html"
    list_display = ["donor", "money", "received_money", "due_on", "target", "status_label"]
    list_filter = [PledgeStandingFilter]
    list_select_related = ["donor__unit", "fund", "campaign"]
    sortable_by = ["due_on"]
    search_fields = ["donor__name", "purpose"]
    search_help_text = "Nhà tài trợ, việc được tài trợ"
    fields = ["donor", "amount", "fund", "campaign", "purpose", "pledged_on", "due_on"]
    export_columns = {
        "Nhà tài trợ": "donor__name",
        "Số tiền hứa": "amount",
        "Đã trao": "received",
        "Ngày hứa": "pledged_on",
        "Hẹn trao trước": "due_on",
        "Cho quỹ": "fund__name",
        "Đợt vận động": "campaign__name",
        "Để làm việc gì": "purpose",
    }
    verbs = [
        Verb("withdraw", "Rút lời hứa", "beneficiaries.change_pledge", ("open",), ReasonForm, "Đã ghi rút lời hứa.",
             "Dùng khi nhà tài trợ không trao nữa; phần đã trao vẫn ở trong sổ.", "block"),
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).with_received()

    def has_change_permission(self, request, obj=None):
        return (obj is None or obj.state == Pledge.State.OPEN) and super().has_change_permission(request, obj)

    def may_do(self, request, row, verb):
        return request.user.reach_for(verb.permission).may_write(row.unit_id)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        pledge = self.get_object(request, object_id)
        context = {**(extra_context or {}), **(_pledge_page(pledge, request.user) if pledge else {})}
        return super().change_view(request, object_id, form_url, context)

    @display(description="số tiền hứa", ordering="amount")
    def money(self, pledge):
        return format_money(pledge.amount)

    @display(description="đã trao")
    def received_money(self, pledge):
        return format_money(pledge.received) if pledge.received else "–"

    @display(description="cho")
    def target(self, pledge):
        return pledge.fund or pledge.campaign or pledge.purpose or "–"

    @display(description="tình hình", label=PLEDGE_LABELS)
    def status_label(self, pledge):
        return pledge.status


def _pledge_page(pledge, user) -> dict:
    """With a link to the fund where the money is booked, the amount still due filled in."""
    funds = (
        [pledge.fund] if pledge.fund else list(Fund.objects.for_user(user).filter(unit=pledge.unit_id, is_open=True))
    )
    may_post = user.reach_for("beneficiaries.add_fundentry").may_write(pledge.unit_id)
    is_due = pledge.state == Pledge.State.OPEN and pledge.remaining
    known = {"kind": "contribution", "donor": pledge.donor_id, "pledge": pledge.pk, "amount": pledge.remaining}
    return {
        "pledge": pledge,
        "entries": pledge.entries.select_related("fund"),
        "in_kind": pledge.gifts_in_kind.all(),
        "receive_urls": [
            (fund, f"{reverse('beneficiaries:fund_post', args=[fund.pk])}?{urlencode(known)}") for fund in funds
        ] if may_post and is_due else [],
    }  # fmt: skip


@admin.register(GiftInKind)
class GiftInKindAdmin(_OfDonorAdmin):
    form = GiftForm
    list_display = ["given_on", "donor", "what", "money", "campaign"]
    list_select_related = ["donor__unit", "campaign"]
    date_hierarchy = "given_on"
    sortable_by = ["given_on"]
    search_fields = ["what", "donor__name", "document_number"]
    search_help_text = "Hiện vật, nhà tài trợ, số biên bản"
    fields = ["donor", "what", "value", "given_on", "document_number", "pledge", "campaign"]
    export_columns = {
        "Ngày nhận": "given_on",
        "Nhà tài trợ": "donor__name",
        "Hiện vật": "what",
        "Giá trị": "value",
        "Số biên bản": "document_number",
        "Đợt vận động": "campaign__name",
    }

    @display(description="giá trị", ordering="value")
    def money(self, gift):
        return format_money(gift.value)
