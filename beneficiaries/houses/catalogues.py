"""The editable tables that houses go by."""

from django.contrib import admin
from import_export.fields import Field
from unfold.decorators import display

from beneficiaries.funds.models import Fund
from beneficiaries.houses.dossier import DossierItem
from beneficiaries.houses.kinds import HouseKind
from beneficiaries.houses.norms import SupportNorm
from beneficiaries.houses.stages import StageDeadline
from programs.activities.fields import WholeNumberField
from welfare.imports import CatalogueImport, ScopedKeyWidget, ScopedResource
from welfare.scoped_admin import CatalogueAdmin
from welfare.vietnamese import format_money


class DossierItemResource(ScopedResource):
    house_kind = Field("house_kind", "loại nhà", ScopedKeyWidget(HouseKind, "name"))


class SupportNormResource(ScopedResource):
    kind = Field("kind", "loại nhà", ScopedKeyWidget(HouseKind, "name"))
    fund = Field("fund", "mã quỹ", ScopedKeyWidget(Fund, "code"))


@admin.register(HouseKind)
class HouseKindAdmin(CatalogueImport, CatalogueAdmin):
    export_fields = ("name", "is_duty")
    import_id_fields = ("name",)
    list_display = ["name", "is_duty"]
    search_fields = ["name"]
    search_help_text = "Tên loại nhà"


@admin.register(DossierItem)
class DossierItemAdmin(CatalogueImport, CatalogueAdmin):
    resource_base = DossierItemResource
    export_fields = ("name", "house_kind", "step", "is_required", "needs_scan", "position", "valid_from", "valid_to")
    import_id_fields = ("name", "house_kind")
    list_display = ["name", "kind_name", "step", "is_required", "needs_scan", "position"]
    list_select_related = ["house_kind"]
    search_fields = ["name"]
    search_help_text = "Tên giấy tờ"
    fields = ["name", "house_kind", "step", ("is_required", "needs_scan"), "position", ("valid_from", "valid_to")]

    @display(description="loại nhà")
    def kind_name(self, item):
        return item.house_kind or "Mọi loại nhà"


@admin.register(SupportNorm)
class SupportNormAdmin(CatalogueImport, CatalogueAdmin):
    resource_base = SupportNormResource
    export_fields = ("kind", "construction", "fund", "amount", "valid_from", "valid_to")
    import_id_fields = ("kind", "construction", "fund", "valid_from")
    list_display = ["kind", "construction", "fund_name", "money", "valid_from", "valid_to"]
    list_select_related = ["kind", "fund"]
    search_fields = ["kind__name"]
    search_help_text = "Loại nhà"
    fields = [("kind", "construction"), "fund", "amount", ("valid_from", "valid_to")]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "amount":
            kwargs["form_class"] = WholeNumberField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @display(description="quỹ")
    def fund_name(self, norm):
        return norm.fund or "Tổng các quỹ"

    @display(description="mức hỗ trợ", ordering="amount")
    def money(self, norm):
        return format_money(norm.amount)


@admin.register(StageDeadline)
class StageDeadlineAdmin(CatalogueAdmin):
    """One row a state: its days are set, rows are neither added nor deleted."""

    deletable = False
    list_display = ["name", "days"]
    fields = ["name", "days"]
    readonly_fields = ["name"]

    def has_add_permission(self, request):
        return False
