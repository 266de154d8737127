"""The admin's import and export (django-import-export) with its doors locked; people come in only by upload."""

import re
from contextvars import ContextVar
from io import BytesIO
from uuid import uuid4

from django.core.exceptions import NON_FIELD_ERRORS, SuspiciousOperation, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, transaction
from import_export.admin import ExportMixin, ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource, modelresource_factory
from import_export.tmp_storages import BaseStorage
from import_export.widgets import ForeignKeyWidget
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from welfare.audit import AuditEvent, record
from welfare.documents.tables import Sheet, write_csv, write_xlsx
from welfare.scoped_admin import rows_for
from welfare.vietnamese import clean

_importer: ContextVar[int | None] = ContextVar("importer", default=None)


class OwnedTemporaryStorage(BaseStorage):
    """Holds an uploaded file between preview and confirmation where only its uploader can name it."""

    def save(self, data):
        self.name = uuid4().hex
        default_storage.save(self._path(), ContentFile(data if isinstance(data, bytes) else data.encode()))

    def read(self):
        path = self._path()
        if not default_storage.exists(path):
            raise SuspiciousOperation("import file of another user, or already used")
        with default_storage.open(path, "rb") as file:
            data = file.read()
        return data if self.read_mode == "rb" else data.decode(self.encoding or "utf-8-sig")

    def remove(self):
        default_storage.delete(self._path())

    def _path(self) -> str:
        if _importer.get() is None or not re.fullmatch(r"[0-9a-f]{32}", self.name or ""):
            raise SuspiciousOperation("forged import file name")
        return f"imports/{_importer.get()}/{self.name}"


class SafeXLSX(XLSX):
    """Every text cell is typed as text: nothing a person typed can run as a formula."""

    def export_data(self, dataset, **kwargs):
        stream = BytesIO()
        write_xlsx(stream, [Sheet("Dữ liệu", dataset.headers or [], dataset)])
        return stream.getvalue()


class SafeCSV(CSV):
    def export_data(self, dataset, **kwargs):
        stream = BytesIO()
        write_csv(stream, dataset.headers or [], dataset)
        return stream.getvalue().decode()


class ScopedKeyWidget(ForeignKeyWidget):
    """A row that the importing user may see, found by one field; any other is told in a sentence."""

    user = None

    def clean(self, value, row=None, **kwargs):
        words = clean(str(value if value is not None else ""))
        if not words:
            return None
        found = rows_for(self.user, self.model).filter(**{self.field: words})[:2]
        if len(found) != 1:
            name = self.model._meta.verbose_name
            raise ValueError(f"Không tìm được đúng một {name} “{words}” trong phạm vi của bạn.")
        return found[0]


class ScopedResource(ModelResource):
    """Reads and writes only rows of ``user``; a key of somebody else's row is an ordinary error of the line."""

    def __init__(self, *, user=None, **kwargs):
        super().__init__(**kwargs)
        self.user = user
        for field in self.fields.values():
            if isinstance(field.widget, ScopedKeyWidget):
                field.widget.user = user

    def get_queryset(self):
        return rows_for(self.user, self._meta.model)

    def do_instance_save(self, instance, is_create):
        """What the database alone finds wrong is an error of the line too, in words of ours."""
        try:
            with transaction.atomic():
                super().do_instance_save(instance, is_create)
        except (IntegrityError, DataError):
            raise ValidationError("Dòng này trùng với dòng đã có, hoặc thiếu số liệu; hãy xem lại.") from None

    def import_row(self, row, instance_loader, **kwargs):
        """Errors name the column they stand in."""
        result = super().import_row(row, instance_loader, **kwargs)
        if result.validation_error and hasattr(result.validation_error, "error_dict"):
            told = result.validation_error.error_dict.items()
            result.validation_error = ValidationError({self._column(name): errors for name, errors in told})
        return result

    def _column(self, name: str) -> str:
        if name in self.fields or name == NON_FIELD_ERRORS:
            return self.fields[name].column_name if name in self.fields else name
        return str(self._meta.model._meta.get_field(name).verbose_name)

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        """Columns are headed as the forms label them; a relation's column by the relation."""
        field = super().field_from_django_field(field_name, django_field, readonly)
        labelled = cls._meta.model._meta.get_field(field_name.split("__")[0])
        field.column_name = str(labelled.verbose_name)
        return field

    class Meta:
        clean_model_instances = True
        use_transactions = True
        rollback_on_validation_errors = True
        skip_unchanged = True
        report_skipped = True


class CatalogueExport(ExportMixin):
    """Export of an admin list: scoped, formula-safe, audited."""

    export_form_class = ExportForm
    resource_base = ScopedResource  # a subclass names columns that need more than the model tells
    export_fields: tuple[str, ...] = ()
    import_id_fields: tuple[str, ...] = ("id",)

    def get_export_queryset(self, request):
        """What the list shows and the right to export it reaches."""
        permission = f"{self.opts.app_label}.export_{self.opts.model_name}"
        reached = rows_for(request.user, self.model, permission)
        return super().get_export_queryset(request).filter(pk__in=reached.order_by().values("pk"))

    def get_export_formats(self):
        return [SafeXLSX, SafeCSV]

    def get_export_resource_classes(self, request):
        return [modelresource_factory(self.model, resource_class=self.resource_base, meta_options=self._meta_options())]

    def get_export_resource_kwargs(self, request, **kwargs):
        return {"user": request.user}

    def _meta_options(self):
        guards = {name: value for name, value in vars(ScopedResource.Meta).items() if not name.startswith("_")}
        fields = {"fields": self.export_fields} if self.export_fields else {}
        return guards | fields | {"import_id_fields": self.import_id_fields}

    def get_export_data(self, file_format, request, queryset, **kwargs):
        record(
            AuditEvent.Action.EXPORT,
            request=request,
            detail={"of": self.model._meta.label_lower, "rows": queryset.count()},
        )
        return super().get_export_data(file_format, request, queryset, **kwargs)


class CatalogueImport(CatalogueExport, ImportExportMixin):
    """Import too, for catalogues and the organisation; never for people."""

    import_form_class = ImportForm

    def get_import_formats(self):
        return [SafeXLSX, SafeCSV]

    def get_import_resource_classes(self, request):
        return self.get_export_resource_classes(request)

    def get_import_resource_kwargs(self, request, **kwargs):
        return {"user": request.user}

    def import_action(self, request, **kwargs):
        with _importing(request.user):
            return super().import_action(request, **kwargs)

    def process_import(self, request, **kwargs):
        with _importing(request.user):
            return super().process_import(request, **kwargs)


class _importing:
    def __init__(self, user):
        self.user_id = user.pk

    def __enter__(self):
        self.token = _importer.set(self.user_id)

    def __exit__(self, *error):
        _importer.reset(self.token)
