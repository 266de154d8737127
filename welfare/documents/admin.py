from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from welfare.documents.models import Document, DocumentKind, StoredFile
from welfare.scoped_admin import CatalogueAdmin, ReadOnlyAdmin, ScopedAdmin


@admin.register(DocumentKind)
class DocumentKindAdmin(CatalogueAdmin):
    list_display = ["code", "name", "symbol"]


@admin.register(Document)
class DocumentAdmin(ScopedAdmin):
    list_display = ["number_and_symbol", "kind", "title", "issued_by", "in_year"]
    list_display_links = ["number_and_symbol", "title"]
    list_filter = ["kind", "year"]
    list_select_related = ["kind", "issuer", "issuer_unit"]
    search_fields = ["number", "symbol", "title"]
    search_help_text = "Số, ký hiệu hoặc trích yếu"
    autocomplete_fields = ["issuer", "issuer_unit", "supersedes"]

    @admin.display(description="số, ký hiệu", ordering="number")
    def number_and_symbol(self, document):
        return document.number_and_symbol or "–"

    @admin.display(description="năm", ordering="year")
    def in_year(self, document):
        return str(document.year or "–")

    @admin.display(description="cơ quan ban hành")
    def issued_by(self, document):
        return document.issued_by


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnlyAdmin):
    list_display = ["name", "download", "owner", "unit", "created_at", "expires_at"]
    list_select_related = ["owner", "unit"]
    search_fields = ["name"]
    search_help_text = "Tên tệp"
    fields = ["name", "size", "owner", "unit", "created_at", "expires_at", "download"]

    def get_queryset(self, request):
        """Photographs are looked at where they belong; here they would bury the papers."""
        return super().get_queryset(request).exclude(content_type__startswith="image/")

    @admin.display(description="tải về")
    def download(self, stored):
        return format_html(
            '<a class="text-primary-600" href="{}">Tải về</a>', reverse("welfare:file", args=[stored.pk])
        )
