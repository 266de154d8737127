from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from beneficiaries.duplicates.models import DuplicateCase
from beneficiaries.people.models import Person
from welfare.audit import record_search
from welfare.exports import ListExport
from welfare.filters import CappedPaginator
from welfare.scoped_admin import ReadOnlyAdmin


class CaseList(ChangeList):
    def url_for_result(self, result):
        return reverse("beneficiaries:duplicate", args=[result.pk])


@admin.register(DuplicateCase)
class DuplicateCaseAdmin(ListExport, ReadOnlyAdmin):
    """The queue; a pair opens side by side on a page of its own. A unit sees pairs wholly of its own alone."""

    unit_field = None
    paginator = CappedPaginator
    list_before_template = "beneficiaries/duplicate_list.html"
    list_display = ["pair", "units", "reason", "likeness", "state_label", "found"]
    list_filter = [("state", ChoicesDropdownFilter), ("reason", ChoicesDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["first__unit", "second__unit"]
    search_fields = ["first__folded_name"]
    search_help_text = "Họ tên (không cần dấu), số CCCD hoặc số điện thoại của một trong hai người"
    sortable_by = []
    export_columns = {
        "Người thứ nhất": "first__full_name",
        "Năm sinh": "first__birth_year",
        "Đơn vị": "first__unit__short_name",
        "Người thứ hai": "second__full_name",
        "Năm sinh (2)": "second__birth_year",
        "Đơn vị (2)": "second__unit__short_name",
        "Vì sao nghi": "get_reason_display",
        "Độ giống (%)": "score",
        "Trạng thái": "get_state_display",
    }

    def get_queryset(self, request):
        """Pairs of a row that was merged elsewhere meanwhile wait for nobody."""
        rows, gone = super().get_queryset(request), Person.objects.gone().values("pk")
        for side in ("first", "second"):
            rows = rows.exclude(state=DuplicateCase.State.OPEN, **{f"{side}__in": gone})
        return rows

    def get_changelist(self, request, **kwargs):
        return CaseList

    def changelist_view(self, request, extra_context=None):
        context = {"may_search": may_search(request.user)}
        return super().changelist_view(request, {**(extra_context or {}), **context})

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        record_search(request, search_term, "beneficiaries.duplicatecase")
        people = Person.objects.for_user(request.user).search(search_term).order_by().values("pk")
        return queryset.filter(first__in=people) | queryset.filter(second__in=people), False

    @display(description="hai người")
    def pair(self, case):
        return str(case)

    @display(description="đơn vị")
    def units(self, case):
        names = dict.fromkeys((str(case.first.unit), str(case.second.unit)))
        return " – ".join(names)

    @display(description="độ giống", ordering="-score")
    def likeness(self, case):
        return f"{case.score}%"

    @display(description="trạng thái", label={"open": "warning", "same": "success", "different": "info"})
    def state_label(self, case):
        return case.state, case.get_state_display()

    @display(description="phát hiện")
    def found(self, case):
        return case.found_at.date().strftime("%d/%m/%Y")


def may_search(user) -> bool:
    """Whether a button lets them look through everybody: the whole province's concern."""
    return user.reach_for("beneficiaries.change_duplicatecase").writes_all
