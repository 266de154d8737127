from django.contrib import admin
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from beneficiaries.people.models import Person
from beneficiaries.visits.forms import VisitForm
from beneficiaries.visits.models import Visit
from beneficiaries.visits.views import may_visit
from welfare.audit import AuditEvent, record, record_search
from welfare.exports import ListExport
from welfare.filters import KeptUnitFilter, LongList
from welfare.scoped_admin import ScopedAdmin


class VisitedUnitFilter(KeptUnitFilter):
    """By the unit of the person: what the province visited there is the unit's concern too."""

    title = "đơn vị của người được thăm"

    def queryset(self, request, queryset):
        people = super().queryset(request, Person.objects.all())
        return queryset.filter(person__in=people.order_by()) if self.value() else queryset


@admin.register(Visit)
class VisitAdmin(ListExport, LongList, ScopedAdmin):
    """Visits are written on their own short page; here they are looked up, mended or taken back by who wrote them."""

    form = VisitForm
    deletable = True
    list_before_template = "beneficiaries/visit_list.html"
    list_display = ["on", "name", "of_unit", "visitors", "occasion", "given", "unit"]
    list_filter = [VisitedUnitFilter, ("occasion", RelatedDropdownFilter)]
    date_hierarchy = "on"
    list_select_related = ["person__unit", "person_unit", "occasion", "unit"]
    sortable_by = ["on"]
    search_fields = ["person__folded_name"]
    search_help_text = "Họ tên người được thăm (không cần dấu), số CCCD hoặc số điện thoại đầy đủ"
    fields = ["person", "unit", "on", "visitors", "occasion", "gift", "gift_value", "note", "by"]
    readonly_fields = ["person", "unit", "by"]
    export_columns = {
        "Ngày thăm": "on",
        "Người được thăm": "person__full_name",
        "Đơn vị": "person_unit__short_name",
        "Người đi thăm": "visitors",
        "Đơn vị đi thăm": "unit__short_name",
        "Dịp": "occasion__name",
        "Quà": "gift",
        "Tiền, giá trị quà": "gift_value",
        "Ghi chú": "note",
    }

    class Media:
        css = {"all": ["beneficiaries/beneficiaries.css"]}

    def has_add_permission(self, request):
        return False

    def _unit_field_to_hide(self, request, obj):
        return []

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        record_search(request, search_term, "beneficiaries.visit")
        people = Person.objects.for_user(request.user).search(search_term).order_by()
        return queryset.filter(person__in=people), False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {**(extra_context or {}), "may_visit": may_visit(request.user)})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        visit = self.get_object(request, object_id)
        if visit is not None and request.method == "GET":
            record(AuditEvent.Action.VIEW, request=request, subject=visit, unit=visit.person.unit)
        return super().change_view(request, object_id, form_url, extra_context)

    def get_actions(self, request):
        """One at a time: a list may hold visits of other units, which are not one's own to take back."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @display(description="người được thăm")
    def name(self, visit):
        return visit.person.full_name

    @display(description="đơn vị")
    def of_unit(self, visit):
        """Where the person belonged then."""
        return visit.person_unit

    @display(description="quà")
    def given(self, visit):
        return visit.gift_text or "–"
