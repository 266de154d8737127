from unfold.contrib.filters.admin import DropdownFilter

from beneficiaries.people.models import Hardship, HardshipKind, PovertyRecord
from welfare.units.models import today


class PovertyFilter(DropdownFilter):
    title = "diện hộ năm nay"
    parameter_name = "poverty"

    def lookups(self, request, model_admin):
        return [*PovertyRecord.Status.choices, ("unconfirmed", "Chưa xác nhận năm nay"), ("none", "Không có")]

    def queryset(self, request, queryset):
        asked = self.value()
        return queryset.in_class(asked, today().year) if asked in dict(self.lookup_choices) else queryset


class HardshipFilter(DropdownFilter):
    title = "hoàn cảnh"
    parameter_name = "hardship"

    def lookups(self, request, model_admin):
        return [(str(kind.pk), kind.name) for kind in HardshipKind.objects.all()]

    def queryset(self, request, queryset):
        asked = self.value() or ""
        return (
            queryset.filter(pk__in=Hardship.objects.filter(kind=asked).values("person"))
            if asked.isdecimal()
            else queryset
        )
