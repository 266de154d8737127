"""Filters and paging that lists of several rooms share."""

from django import forms
from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.paginator import Paginator
from django.utils.functional import cached_property
from unfold.contrib.filters.admin import DropdownFilter

from welfare.asked import whole_number
from welfare.scoped_admin import rows_for
from welfare.units.models import Unit, User

OFFERED = 100  # units of a filter's select; among more one is looked for by name


class UnitSelect(AutocompleteSelect):
    """Finds a unit by its name or code, among those the reader may see. ``also``: choices that are no units."""

    def __init__(self, also=(), **options):
        self.also = dict(also)
        super().__init__(User._meta.get_field("unit"), admin.site, **options)

    def build_attrs(self, *attrs, **extra):
        return super().build_attrs(*attrs, **extra) | {"data-placeholder": "Tất cả"}

    def optgroups(self, name, value, attr=None):
        groups = super().optgroups(name, [one for one in value if whole_number(str(one))], attr)
        groups[0][1].extend(
            self.create_option(name, one, self.also[one], selected=True, index=0) for one in value if one in self.also
        )
        return groups


class UnitSearchForm(forms.Form):
    def __init__(self, name, label, *, user, also, data):
        super().__init__(data)
        self.fields[name] = forms.ModelChoiceField(
            label=label,
            required=False,
            queryset=rows_for(user, Unit),
            widget=UnitSelect(also, attrs={"class": "unfold-filter-autocomplete"}),
        )


class UnitFilter(DropdownFilter):
    """A unit with everything under it; offers only units the user may see."""

    title = "đơn vị"
    parameter_name = "unit"

    def lookups(self, request, model_admin):
        self.user = request.user
        units = list(rows_for(request.user, Unit)[: OFFERED + 1])
        self.is_searched = len(units) > OFFERED
        return [] if self.is_searched else _as_a_tree(units)

    def has_output(self):
        return self.is_searched or super().has_output()

    def choices(self, changelist):
        if not self.is_searched:
            return super().choices(changelist)
        form = UnitSearchForm(
            self.parameter_name, f" Theo {self.title} ", user=self.user, also=self.lookup_choices,
            data={self.parameter_name: self.value()},
        )  # fmt: skip
        return iter([{"form": form}])

    def queryset(self, request, queryset):
        return of_unit(queryset, request.user, self.value())


class KeptUnitFilter(UnitFilter):
    """A list opened afresh shows the units the user keeps, if any (``UnitKeeper``); a link or a search asks all."""

    KEPT = "phu-trach"

    def lookups(self, request, model_admin):
        self.opens_kept = opens_kept_units(request)
        kept = [(self.KEPT, "Đơn vị tôi phụ trách")] if request.user.kept_unit_ids else []
        return kept + super().lookups(request, model_admin)

    def value(self):
        asked = super().value()
        return self.KEPT if asked is None and self.opens_kept else asked

    def queryset(self, request, queryset):
        if self.value() == self.KEPT:
            units = (
                unit.subtree_ids() for unit in rows_for(request.user, Unit).filter(pk__in=request.user.kept_unit_ids)
            )
            return queryset.filter(unit__in=set().union(*units))
        return super().queryset(request, queryset)


def opens_kept_units(request) -> bool:
    return not request.GET and bool(request.user.kept_unit_ids)


def unit_choices(user, most=500) -> list[tuple[str, str]]:
    """The tree of units the user may see; where they are more, without some of its lowest level."""
    highest = rows_for(user, Unit).order_by("depth", "path")[:most]
    return _as_a_tree(sorted(highest, key=lambda unit: unit.path))


def _as_a_tree(units) -> list[tuple[str, str]]:
    top = min((unit.depth for unit in units), default=1)
    return [(str(unit.pk), "– " * (unit.depth - top) + unit.short_name) for unit in units]


def of_unit(rows, user, unit_id):
    """``rows`` of one unit and what is under it, none where the user may not see it; all when nothing is asked."""
    if not unit_id:
        return rows
    unit = rows_for(user, Unit).filter(pk=whole_number(str(unit_id))).first()
    return rows.filter(unit__in=unit.subtree_ids()) if unit else rows.none()


class YearFilter(DropdownFilter):
    title = "năm"
    parameter_name = "year"

    def lookups(self, request, model_admin):
        years = model_admin.get_queryset(request).order_by("-year").values_list("year", flat=True).distinct()
        return [(str(year), str(year)) for year in years]

    def queryset(self, request, queryset):
        year = whole_number(self.value(), digits=4)
        return queryset.filter(year=year) if year else queryset


class CappedPaginator(Paginator):
    """Counts no further than ``cap``: counting a million rows costs more than showing a page of them."""

    cap = 10_000

    @cached_property
    def count(self):
        return self.object_list.order_by().values("pk")[: self.cap].count()


class LongList:
    """For an admin class with very many rows."""

    paginator = CappedPaginator
    list_filter_submit = True
    show_facets = ShowFacets.NEVER
    list_before_template = "admin/kept_units.html"

    def changelist_view(self, request, extra_context=None):
        opens_on_units = any(isinstance(each, type) and issubclass(each, KeptUnitFilter) for each in self.list_filter)
        shows_kept = opens_on_units and opens_kept_units(request)
        return super().changelist_view(request, {**(extra_context or {}), "shows_kept_units": shows_kept})
