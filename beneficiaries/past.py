"""Rows of before this system, taken in from a spreadsheet through the admin, at once at the state they are in.

The columns of the sheet are the labels of a form, a line is what fills it: what is wrong is an error of that line.
"""

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.core.exceptions import ValidationError
from import_export.fields import Field
from import_export.resources import ModelResource

from beneficiaries.people.models import Person
from welfare.crypto import keyed_hashes
from welfare.imports import CatalogueImport, ScopedResource
from welfare.states import Refused
from welfare.units.models import Unit
from welfare.vietnamese import fold, format_number


class RecipientLine(forms.Form):
    """Who: by the ID number, or by name (and year of birth) where that is one person of the unit."""

    unit = forms.CharField(label="Mã đơn vị", error_messages={"required": "Phải ghi mã đơn vị."})
    national_id = forms.CharField(label="Số CCCD", required=False)
    full_name = forms.CharField(label="Họ và tên", required=False)
    birth_year = forms.CharField(label="Năm sinh", required=False)

    permission = ""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_unit(self):
        code = self.cleaned_data["unit"].strip()
        unit = Unit.objects.for_user(self.user).filter(code__iexact=code).first()
        if unit is None or not self.user.reach_for(self.permission).may_write(unit.pk):
            raise ValidationError(f"Không có đơn vị mã “{code}” mà bạn được ghi.")
        return unit

    def clean(self):
        super().clean()
        if unit := self.cleaned_data.get("unit"):
            self.cleaned_data["person"] = self._person(unit)
        return self.cleaned_data

    def _person(self, unit) -> Person:
        given = self.cleaned_data
        people = Person.objects.for_user(self.user).filter(unit=unit)
        if number := "".join(c for c in given["national_id"] if c.isdigit()):
            people = people.filter(id_hash__in=keyed_hashes(number))
        else:
            people = people.filter(folded_name=fold(given["full_name"]))
            people = people.filter(birth_year=int(given["birth_year"])) if given["birth_year"].isdecimal() else people
        found = list(people.order_by("pk")[:2])
        if len(found) == 1:
            return found[0]
        name = given["full_name"] or "người ở dòng này"
        if found:
            raise ValidationError(f"{unit} có nhiều hơn một người tên “{name}”; hãy ghi thêm số CCCD hoặc năm sinh.")
        raise ValidationError(f"Chưa có “{name}” trong danh sách của {unit}; hãy tải danh sách đối tượng lên trước.")


class PastResource(ScopedResource):
    """``line``: the form; ``fill`` writes it into a new row, ``finish`` brings the saved row to its state by its verb."""

    line: type[RecipientLine] = RecipientLine

    def fill(self, row, given: dict):
        raise NotImplementedError

    def finish(self, row, given: dict):
        raise NotImplementedError

    def is_there(self, row) -> bool:
        """Whether an earlier import brought it: the same file twice changes nothing."""
        raise NotImplementedError

    def get_instance(self, instance_loader, row):
        return None

    def import_instance(self, instance, row, **kwargs):
        form = self.line(self._by_name(row), user=self.user)
        if not form.is_valid():
            raise ValidationError(_told(form))
        instance.given = form.cleaned_data
        instance.read = SimpleNamespace(
            **{name: _shown(form.cleaned_data[name], form.data[name]) for name in form.fields}
        )
        self.fill(instance, form.cleaned_data)

    def _by_name(self, row) -> dict:
        heads = {fold(head or ""): value for head, value in row.items()}
        return {name: _text(heads.get(fold(field.label))) for name, field in self.line.base_fields.items()}

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return not import_validation_errors and self.is_there(instance)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """What the line says wrongly is told alone, without what the model then lacks."""
        if import_validation_errors:
            raise ValidationError(import_validation_errors)
        super().validate_instance(instance, None, validate_unique)

    def after_save_instance(self, instance, row, **kwargs):
        try:
            self.finish(instance, instance.given)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from None


def past_resource(resource: type[PastResource], model):
    """``resource`` for ``model``: its columns are those of the form, and the preview shows what was read of each."""
    labels = {name: field.label for name, field in resource.line.base_fields.items()}
    fields = {name: Field(f"read__{name}", label) for name, label in labels.items()}
    guards = {name: value for name, value in vars(ScopedResource.Meta).items() if not name.startswith("_")}
    meta = type("Meta", (), guards | {"model": model, "fields": tuple(fields), "import_id_fields": ()})
    return type(ModelResource)(resource.__name__, (resource,), {**fields, "Meta": meta})


class PastImport(CatalogueImport):
    """For an admin class that takes rows of before; ``past`` is its resource."""

    past = None

    def get_import_resource_classes(self, request):
        return [self.past]


def _shown(value, typed) -> str:
    """A day or number as it was understood, other cells as they were typed."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return format_number(value) if isinstance(value, int | Decimal) else str(typed)


def _told(form) -> list[str]:
    """What is wrong, each with the column it stands in."""
    named = {name: f"{field.label}: " for name, field in form.fields.items()}
    return [f"{named.get(name, '')}{error}" for name, errors in form.errors.items() for error in errors]


def _text(value):
    """A cell as somebody would type it: a day without its hour, a whole number without ".0"."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else value if not isinstance(value, int | float) else str(value)
