from django.contrib import messages
from django.shortcuts import redirect
from import_export.fields import Field

from welfare.imports import CatalogueExport, ScopedResource
from welfare.vietnamese import format_number

MAX_ROWS = 50_000


def resource_of(model, columns: dict[str, str]):
    """A resource that exports ``columns``: heading to attribute path (a method, property or related field)."""
    fields = {f"column_{n}": Field(path, heading) for n, (heading, path) in enumerate(columns.items())}
    names = {"model": model, "fields": tuple(fields), "export_order": tuple(fields)}
    meta = type("Meta", (ScopedResource.Meta,), names)
    return type(ScopedResource)(f"{model.__name__}Export", (ScopedResource,), {**fields, "Meta": meta})


class ListExport(CatalogueExport):
    """Export of a list under Vietnamese headings; what stands masked on screen leaves masked."""

    export_columns: dict[str, str] = {}

    def get_export_resource_classes(self, request):
        return [resource_of(self.model, self.export_columns)]

    def export_action(self, request):
        if request.method == "POST" and self.get_export_queryset(request).order_by()[: MAX_ROWS + 1].count() > MAX_ROWS:
            messages.error(request, f"Danh sách có hơn {format_number(MAX_ROWS)} dòng; hãy lọc bớt rồi xuất.")
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return super().export_action(request)
