"""Donors, their pledges and gifts in kind on screen."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import reverse
from django.utils.http import urlencode
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display

from beneficiaries.funds.forms import GiftForm, PledgeForm
from beneficiaries.funds.importing import DonorResource
from beneficiaries.funds.models import Donor, Fund, GiftInKind, Pledge
from programs.activities.fields import WholeNumberField
from welfare.exports import ListExport
from welfare.filters import UnitFilter, of_unit
from welfare.imports import CatalogueImport
from welfare.scoped_admin import OwnUnitAdmin, ScopedAdmin, rows_for
from welfare.units.models import today
from welfare.verbs import ReasonForm, Verb, VerbsMixin
from welfare.vietnamese import format_money

PLEDGE_LABELS = {"kept": "success", "partly": "info", "waiting": "default", "late": "danger", "withdrawn": "default"}


class DonorUnitFilter(UnitFilter):
    """The unit that keeps account of them, with all under it."""

    def queryset(self, request, queryset):
        donors = of_unit(rows_for(request.user, Donor), request.user, self.value())
        return queryset.filter(pk__in=donors.order_by().values("pk")) if self.value() else queryset


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

    formfield_overrides = {models.BigIntegerField: {"form_class": WholeNumberField}}
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
