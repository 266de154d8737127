from unfold.contrib.filters.admin import DropdownFilter, RangeNumericListFilter

from beneficiaries.people.hardships import VulnerabilityMark
from beneficiaries.people.leaving import PersonState
from beneficiaries.people.models import Hardship, HardshipKind, PovertyRecord, VulnerabilityKind
from welfare.asked import whole_number
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
        asked = whole_number(self.value())
        return queryset.filter(pk__in=Hardship.objects.filter(kind=asked).values("person")) if asked else queryset


class VulnerabilityFilter(DropdownFilter):
    title = "diện yếu thế"
    parameter_name = "vulnerability"

    def lookups(self, request, model_admin):
        return [(str(kind.pk), kind.name) for kind in VulnerabilityKind.objects.all()]

    def queryset(self, request, queryset):
        asked = whole_number(self.value())
        if not asked:
            return queryset
        marks = VulnerabilityMark.objects.filter(kind=asked).exclude(until__lt=today())
        return queryset.filter(pk__in=marks.values("person"))


class AgeFilter(RangeNumericListFilter):
    """In years of age reached within this year, so that a year of birth is enough."""

    title = "tuổi (từ – đến)"
    parameter_name = "age"

    def queryset(self, request, queryset):
        youngest, oldest = self._years("from"), self._years("to")
        if youngest is not None:
            queryset = queryset.filter(birth_year__lte=today().year - youngest)
        if oldest is not None:
            queryset = queryset.filter(birth_year__gte=today().year - oldest)
        return queryset

    def _years(self, end) -> int | None:
        return whole_number(str(self.used_parameters.get(f"age_{end}") or ""), digits=3)


class StateFilter(DropdownFilter):
    """A list opened afresh shows who is on it today; a search finds those who left, too."""

    title = "tình trạng"
    parameter_name = "state"
    ALL = "all"
    all_option = None

    def lookups(self, request, model_admin):
        self.searches = bool(request.GET.get("q", "").strip())
        shown = [(state.value, state.label) for state in PersonState]
        return [*shown, (self.ALL, "Tất cả")]

    def value(self):
        return super().value() or (self.ALL if self.searches else PersonState.ACTIVE.value)

    def queryset(self, request, queryset):
        asked = self.value()
        if asked in PersonState.values:
            return queryset.filter(state=asked)
        return queryset.standing()
