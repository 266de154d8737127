from import_export.fields import Field

from welfare.imports import CatalogueExport, ScopedResource


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
