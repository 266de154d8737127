"""The base of every admin class: whatever it lists, opens, offers, filters or exports starts from ``for_user``."""

import re
from functools import cache

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import RelatedFieldListFilter
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpResponseNotAllowed
from django.utils.html import escape
from django.utils.safestring import SafeString
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import HistoricalRecords
from simple_history.template_utils import HistoricalRecordContextHelper
from unfold.admin import ModelAdmin, StackedInline, TabularInline, checkbox
from unfold.fields import UnfoldAdminReadonlyField

from welfare.states import Refused

_LOOKUP_ENDINGS = (
    "__id__exact", "__exact", "__isnull", "__in", "__gte", "__lte", "__lt", "__year", "__month", "__day",
)  # fmt: skip
_DATE_PARTS = ("__year", "__month", "__day")
# Of Django's scripts, in the order in which they must be read.
_SELECT = "admin/js/vendor/select2/select2.full.js"
_SELECT_IN_VIETNAMESE = "admin/js/vendor/select2/i18n/vi.js"
_SELECT_READY = "admin/js/jquery.init.js"


def rows_for(user, model, permission: str | None = None):
    return model.objects.for_user(user, permission) if hasattr(model, "scope") else model._default_manager.none()


_KEY = "{key}"


@cache
def _box_to_tick() -> str:
    """Of every row of every list; Unfold draws each by a template, which takes as long as all the rest of its row."""
    return checkbox.render(ACTION_CHECKBOX_NAME, _KEY)


class ScopedRelatedFilter(RelatedFieldListFilter):
    """Offers only related rows the user may see."""

    def field_choices(self, field, request, model_admin):
        return [(row.pk, str(row)) for row in rows_for(request.user, field.related_model)[:500]]


class _ShowsKeysOnly:
    """A forged choice that is no key is left out when the form is shown again; the field's own error tells of it."""

    def optgroups(self, name, value, attr=None):
        key = self.field.related_model._meta.pk
        return super().optgroups(name, [text for text in value if _is_key(text, key)], attr)


class _OneFound(_ShowsKeysOnly, AutocompleteSelect):
    pass


class _SeveralFound(_ShowsKeysOnly, AutocompleteSelectMultiple):
    pass


class _ScopedForms:
    """Choices of foreign keys, in forms and inlines."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs["queryset"] = rows_for(request.user, db_field.related_model)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = _OneFound(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["queryset"] = rows_for(request.user, db_field.related_model)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = _SeveralFound(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class _ScopedRows(_ScopedForms):
    extra = 0
    can_delete = True
    show_change_link = False

    def __init__(self, parent_model, admin_site):
        super().__init__(parent_model, admin_site)
        self.readonly_preprocess_fields = _years(self.model) | self.readonly_preprocess_fields

    def get_queryset(self, request):
        return super().get_queryset(request).filter(pk__in=rows_for(request.user, self.model).values("pk"))


class ScopedInline(_ScopedRows, TabularInline):
    pass


class ScopedStackedInline(_ScopedRows, StackedInline):
    pass


class ScopedAdmin(_ScopedForms, ModelAdmin, SimpleHistoryAdmin):
    """Set ``unit_field`` where the row carries its unit: unit officers never choose or change it."""

    unit_field = "unit"
    typed_by = ("add", "change")  # permissions that let somebody fill in the form
    lookups: tuple[str, ...] = ()  # query-string look-ups allowed besides list_filter and date_hierarchy
    deletable = False
    list_per_page = 25
    list_max_show_all = 200
    show_full_result_count = False
    history_list_per_page = 25
    compressed_fields = True
    warn_unsaved_form = True
    list_filter_submit = False
    add_fieldsets = ()

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.readonly_preprocess_fields = _years(model) | self.readonly_preprocess_fields

    @property
    def media(self):
        """With the words of the filters' selects in Vietnamese, which Unfold leaves out."""
        media = super().media
        has_selects = _SELECT in media._js
        return media + forms.Media(js=[_SELECT, _SELECT_IN_VIETNAMESE, _SELECT_READY]) if has_selects else media

    # Rows ------------------------------------------------------------------------------------------

    def get_queryset(self, request):
        rows = rows_for(request.user, self.model)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def history_view(self, request, object_id, extra_context=None):
        self._visible_or_404(request, object_id)
        if not self._keeps_history:
            return super(SimpleHistoryAdmin, self).history_view(request, object_id, extra_context)
        names = {} if request.user.has_perm("welfare.view_user") else {"admin_user_view": ""}  # names without links
        return super().history_view(request, object_id, {**(extra_context or {}), **names})

    def get_historical_record_context_helper(self, request, historical_record):
        return Changes(self.model, historical_record)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """An older version is looked at; its form would save it over the row, also for those who only read."""
        self._visible_or_404(request, object_id)
        if not self._keeps_history:
            raise Http404
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return super().history_form_view(request, object_id, version_id, extra_context)

    @property
    def _keeps_history(self) -> bool:
        return hasattr(self.model._meta, "simple_history_manager_attribute")

    def _visible_or_404(self, request, object_id):
        if self.get_object(request, object_id) is None:
            raise Http404

    # What may be done ------------------------------------------------------------------------------

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may_write(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.deletable and super().has_delete_permission(request, obj) and self._may_write(request, obj)

    def _may_write(self, request, obj) -> bool:
        unit_id = getattr(obj, f"{self.unit_field}_id", None) if obj is not None and self.unit_field else None
        return unit_id is None or self._reach(self._writer(request)).may_write(unit_id)

    def _reach(self, user):
        return user.reach

    def _writer(self, request):
        """The user with what lets them type such rows; who types none has verbs, with rules of their own."""
        permissions = [f"{self.opts.app_label}.{verb}_{self.opts.model_name}" for verb in self.typed_by]
        types = any(map(request.user.has_perm, permissions))
        return request.user.only_with(*permissions) if types else request.user

    def get_deleted_objects(self, objs, request):
        """Names only rows the user may see; others that would go too are counted, not shown."""
        shown, counts, perms, protected = super().get_deleted_objects(objs, request)
        visible = {str(obj) for obj in objs}
        protected = [f"Còn {len(protected)} dòng khác đang dùng mục này"] if protected else []
        return [str(obj) for obj in objs if str(obj) in visible], counts, perms, protected

    # Forms -----------------------------------------------------------------------------------------

    def get_exclude(self, request, obj=None):
        excluded = [*(super().get_exclude(request, obj) or [])]
        return excluded + self._unit_field_to_hide(request, obj)

    def _unit_field_to_hide(self, request, obj) -> list[str]:
        has_unit = self.unit_field and _has_field(self.model, self.unit_field)
        reach = self._reach(request.user if obj else self._writer(request))
        return [self.unit_field] if has_unit and not reach.province else []

    def get_readonly_fields(self, request, obj=None):
        """A saved row never moves to another unit by a form."""
        fixed = [self.unit_field] if obj and self.unit_field and _has_field(self.model, self.unit_field) else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_fieldsets(self, request, obj=None):
        hidden = set(self._unit_field_to_hide(request, obj))
        return [
            (name, {**options, "fields": [f for f in options["fields"] if f not in hidden]})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def get_changeform_initial_data(self, request):
        """``?field=`` may prefill only with rows the user may see."""
        initial = super().get_changeform_initial_data(request)
        return {name: value for name, value in initial.items() if self._may_prefill(request, name, value)}

    def _may_prefill(self, request, name, value) -> bool:
        try:
            field = self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        if not field.is_relation:
            return True
        keys = value if isinstance(value, list) else [value]
        if not all(_is_storable(key) for key in keys):
            return False
        try:
            return rows_for(request.user, field.related_model).filter(pk__in=keys).count() == len(set(keys))
        except (ValueError, TypeError):
            return False

    def save_model(self, request, obj, form, change):
        if not change and self._unit_field_to_hide(request, obj):
            setattr(obj, self.unit_field, self._home_unit(request))
        if not self._may_write(request, obj):
            raise PermissionDenied
        super().save_model(request, obj, form, change)

    def _home_unit(self, request):
        reach = self._reach(self._writer(request))
        return request.user.unit if request.user.unit_id in reach.own else _first_own_unit(reach)

    # Lists -----------------------------------------------------------------------------------------

    @admin.display(description=ModelAdmin.action_checkbox.short_description)
    def action_checkbox(self, obj):
        return SafeString(_box_to_tick().replace(_KEY, escape(str(obj.pk))))

    def get_list_filter(self, request):
        return [self._scoped_filter(entry) for entry in super().get_list_filter(request)]

    def _scoped_filter(self, entry):
        """Also at the end of a path: ``target__plan`` offers plans."""
        is_relation = isinstance(entry, str) and get_fields_from_path(self.model, entry)[-1].is_relation
        return (entry, ScopedRelatedFilter) if is_relation else entry

    def lookup_allowed(self, lookup, value, request=None):
        """An allow-list: hidden columns must not be guessed at letter by letter through the address bar.

        A value no database can hold is answered as any other wrong one: the whole list, with a word about it.
        """
        if not _is_storable(value) or lookup.endswith(_DATE_PARTS) and len(str(value)) > 4:
            raise IncorrectLookupParameters
        stem = lookup
        for ending in _LOOKUP_ENDINGS:
            stem = stem.removesuffix(ending)
        return stem in {*self.lookups, *map(_parameter, self.list_filter), self.date_hierarchy}

    def get_actions(self, request):
        actions = super().get_actions(request)
        if not self.deletable:
            actions.pop("delete_selected", None)
        return actions

    def attempt(self, request, act, done: str):
        """Run a verb and tell the user how it went; a refusal is its own sentence. Returns True when it was done."""
        try:
            act()
        except Refused as refusal:
            messages.error(request, str(refusal))
            return False
        messages.success(request, done)
        return True


class OwnUnitForm(forms.ModelForm):
    """Checks see the unit that a unit officer's row will get, as they never choose it themselves."""

    home_unit = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.unit_id is None and "unit" not in self.fields:
            self.instance.unit = self.home_unit


class OwnUnitAdmin(ScopedAdmin):
    """Rows whose checks depend on the unit, also on that of a row still being added."""

    form = OwnUnitForm

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.home_unit = self._home_unit(request)
        return form

    def get_changeform_initial_data(self, request):
        return {self.unit_field: self._home_unit(request), **super().get_changeform_initial_data(request)}


class CatalogueAdmin(ScopedAdmin):
    """Editable tables such as kinds of hardship: no unit, deletable while unused."""

    unit_field = None
    deletable = True


class ReadOnlyAdmin(ScopedAdmin):
    """Rows made by verbs and jobs: looked at, never typed."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def _years(model) -> dict:
    """How Unfold shows a read-only year: 2026, not 2.026."""
    fields = [
        f.name for f in model._meta.fields if isinstance(f, models.PositiveSmallIntegerField) and "year" in f.name
    ]
    return dict.fromkeys(fields, lambda year: str(year).replace(".", ""))


class Changes(HistoricalRecordContextHelper):
    """What changed between two versions, in words: a choice by its label, nothing as a dash."""

    def prepare_delta_change_value(self, change, value):
        if (
            value is None or getattr(value, "pk", "") is None
        ):  # a relation to nothing comes as a deleted row without key
            return "–"
        labels = dict(self.model._meta.get_field(change.field).flatchoices)
        return labels.get(value, value) if labels else super().prepare_delta_change_value(change, value)


def _link_to_what_may_be_opened(self, remote_field, remote_obj):
    """A read-only relation links to its page only for who may open it; Unfold links always, and offers no hook."""
    request = getattr(HistoricalRecords.context, "request", None)
    model = remote_field.model
    may_view = request and request.user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    if not may_view or not rows_for(request.user, model).filter(pk=remote_obj.pk).exists():
        return str(remote_obj)
    return _unfolds_link(self, remote_field, remote_obj)


_unfolds_link = UnfoldAdminReadonlyField.get_admin_url
UnfoldAdminReadonlyField.get_admin_url = _link_to_what_may_be_opened


def _is_storable(text) -> bool:
    """PostgreSQL holds no NUL, and neither engine a number beyond eight bytes."""
    return "\0" not in str(text) and not re.search(r"\d{19}", str(text))


def _is_key(text, field: models.Field) -> bool:
    try:
        field.to_python(text)
    except ValidationError:
        return False
    return _is_storable(text)


def _parameter(entry) -> str:
    """The query-string name of an entry of ``list_filter``."""
    if isinstance(entry, str):
        return entry
    return entry[0] if isinstance(entry, tuple | list) else entry.parameter_name


def _has_field(model: type[models.Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def _first_own_unit(reach):
    from welfare.units.models import Unit

    return Unit.objects.filter(pk__in=reach.own).first()
