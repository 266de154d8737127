"""The editable tables that houses go by."""

from django.contrib import admin
from unfold.decorators import display

from beneficiaries.houses.dossier import DossierItem
from beneficiaries.houses.kinds import HouseKind
from beneficiaries.houses.norms import SupportNorm
from beneficiaries.houses.stages import StageDeadline
from programs.activities.fields import WholeNumberField
from welfare.scoped_admin import CatalogueAdmin
from welfare.vietnamese import format_money


@admin.register(HouseKind)
class HouseKindAdmin(CatalogueAdmin):
    list_display = ["name", "is_duty"]
    search_fields = ["name"]
    search_help_text = "Tên loại nhà"


@admin.register(DossierItem)
class DossierItemAdmin(CatalogueAdmin):
    list_display = ["name", "kind_name", "step", "is_required", "needs_scan", "position"]
    list_select_related = ["house_kind"]
    search_fields = ["name"]
    search_help_text = "Tên giấy tờ"
    fields = ["name", "house_kind", "step", ("is_required", "needs_scan"), "position", ("valid_from", "valid_to")]

    @display(description="loại nhà")
    def kind_name(self, item):
        return item.house_kind or "Mọi loại nhà"


@admin.register(SupportNorm)
class SupportNormAdmin(CatalogueAdmin):
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
