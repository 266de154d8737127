from unfold.contrib.filters.admin import DropdownFilter

from beneficiaries.funds.models import Fund
from beneficiaries.houses.todo import unpaid_lines
from welfare.asked import whole_number
from welfare.scoped_admin import rows_for


class LateFilter(DropdownFilter):
    title, parameter_name = "thời hạn", "tre"

    def lookups(self, request, model_admin):
        return [("1", "Chậm so với hạn của bước")]

    def queryset(self, request, queryset):
        return queryset.late() if self.value() == "1" else queryset


class MoneyFilter(DropdownFilter):
    title, parameter_name = "tiền từ quỹ", "tien"

    def lookups(self, request, model_admin):
        return [("chua-chi", "Còn phải chi")]

    def queryset(self, request, queryset):
        if self.value() != "chua-chi":
            return queryset
        return queryset.filter(pk__in=unpaid_lines(request.user).values("house"))


class HouseFundFilter(DropdownFilter):
    title, parameter_name = "quỹ", "quy"

    def lookups(self, request, model_admin):
        return [(str(fund.pk), fund.name) for fund in rows_for(request.user, Fund)]

    def queryset(self, request, queryset):
        asked = whole_number(self.value())
        return queryset.funded_by(asked) if asked else queryset
