"""The lists of activities, models, awards and agreements: what they share on screen."""

from django.contrib.admin.views.main import ChangeList
from django.db import models

from programs.activities.fields import WholeNumberField
from welfare.exports import ListExport
from welfare.filters import LongList
from welfare.forms import UnmovedForm
from welfare.scoped_admin import ScopedAdmin
from welfare.verbs import VerbsMixin


class SummedList(ChangeList):
    """Also says how many rows the filters leave, and what they add up to."""

    def get_results(self, request):
        super().get_results(request)
        self.summary = self.model_admin.summary(self.queryset)


class CareAdmin(VerbsMixin, ListExport, LongList, ScopedAdmin):
    """A list with sums over what is filtered; forms and verbs for who writes the row's unit."""

    form = UnmovedForm
    list_before_template = "programs/list_summary.html"
    formfield_overrides = {
        models.PositiveIntegerField: {"form_class": WholeNumberField},
        models.BigIntegerField: {"form_class": WholeNumberField},
    }
    closed_states: tuple[str, ...] = ()  # in which a row is read, no longer written

    class Media:
        css = {"all": ["programs/activities.css"]}

    def summary(self, rows) -> list[tuple[str, str]]:
        """[(figure, what it counts)] over the filtered rows."""
        raise NotImplementedError

    def get_changelist(self, request, **kwargs):
        return SummedList

    def get_search_results(self, request, queryset, search_term):
        return queryset.search(search_term), False

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or obj.state not in self.closed_states
        return is_open and super().has_change_permission(request, obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, models.TextField):
            field.widget.attrs["rows"] = 3
        return field

    def get_inlines(self, request, obj):
        """What is written later has no place in the form of a new row."""
        return super().get_inlines(request, obj) if obj else []

    def get_changeform_initial_data(self, request):
        return {"unit": request.user.unit_id, **super().get_changeform_initial_data(request)}

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def _buttons(self, request, row):
        return super()._buttons(request, row) if self._may_write(request, row) else []
