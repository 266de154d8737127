from unfold.contrib.filters.admin import DropdownFilter

from beneficiaries.loans.projects import LoanProject
from welfare.asked import whole_number
from welfare.filters import UnitFilter
from welfare.scoped_admin import rows_for


class DueFilter(DropdownFilter):
    title, parameter_name = "hạn", "han"

    def lookups(self, request, model_admin):
        return [("qua", "Quá hạn"), ("sap", "Đến hạn trong 30 ngày")]

    def queryset(self, request, queryset):
        asked = {"qua": "overdue", "sap": "due_soon"}.get(self.value())
        return getattr(queryset, asked)() if asked else queryset


class PastEndFilter(DropdownFilter):
    title, parameter_name = "hạn", "han"

    def lookups(self, request, model_admin):
        return [("qua", "Quá hạn")]

    def queryset(self, request, queryset):
        return queryset.overdue() if self.value() == "qua" else queryset


class ProjectFilter(DropdownFilter):
    title, parameter_name = "dự án", "du-an"

    def lookups(self, request, model_admin):
        return [(str(project.pk), project.name) for project in rows_for(request.user, LoanProject)[:200]]

    def queryset(self, request, queryset):
        asked = whole_number(self.value())
        return queryset.filter(project=asked) if asked else queryset


class ExtensionFilter(DropdownFilter):
    title, parameter_name = "gia hạn", "gia-han"

    def lookups(self, request, model_admin):
        return [("cho", "Chờ quyết định gia hạn")]

    def queryset(self, request, queryset):
        return queryset.filter(extensions__is_granted=None, extensions__isnull=False) if self.value() else queryset


class ManagingUnitFilter(UnitFilter):
    title = "đơn vị quản lý"
