"""Filters and paging that lists of several rooms share."""

from django.contrib.admin import ShowFacets
from django.core.paginator import Paginator
from django.utils.functional import cached_property
from unfold.contrib.filters.admin import DropdownFilter

from welfare.asked import whole_number
from welfare.scoped_admin import rows_for
from welfare.units.models import Unit


class UnitFilter(DropdownFilter):
    """A unit with everything under it; offers only units the user may see.

    A list opened afresh shows the units the user keeps, if any (``UnitKeeper``); a link or a search asks all.
    """

    title = "đơn vị"
    parameter_name = "unit"
    KEPT = "phu-trach"

    def lookups(self, request, model_admin):
        self.opens_kept = opens_kept_units(request)
        kept = [(self.KEPT, "Đơn vị tôi phụ trách")] if request.user.kept_unit_ids else []
        return kept + unit_choices(request.user)

    def value(self):
        asked = super().value()
        return self.KEPT if asked is None and self.opens_kept else asked

    def queryset(self, request, queryset):
        if self.value() == self.KEPT:
            units = (
                unit.subtree_ids() for unit in rows_for(request.user, Unit).filter(pk__in=request.user.kept_unit_ids)
            )
            return queryset.filter(unit__in=set().union(*units))
        return of_unit(queryset, request.user, self.value())


def opens_kept_units(request) -> bool:
    return not request.GET and bool(request.user.kept_unit_ids)


def unit_choices(user) -> list[tuple[str, str]]:
    units = list(rows_for(user, Unit)[:500])
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
        opens_on_units = any(isinstance(each, type) and issubclass(each, UnitFilter) for each in self.list_filter)
        shows_kept = opens_on_units and opens_kept_units(request)
        return super().changelist_view(request, {**(extra_context or {}), "shows_kept_units": shows_kept})
