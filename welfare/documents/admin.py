from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from welfare.documents.models import Document, DocumentKind, StoredFile
from welfare.documents.registers import NumberRegister
from welfare.scoped_admin import CatalogueAdmin, OwnUnitAdmin, OwnUnitForm, ReadOnlyAdmin


@admin.register(DocumentKind)
class DocumentKindAdmin(CatalogueAdmin):
    list_display = ["code", "name", "symbol"]


@admin.register(Document)
class DocumentAdmin(OwnUnitAdmin):
    list_display = ["number_and_symbol", "kind", "title", "issued_by", "in_year"]
    list_display_links = ["number_and_symbol", "title"]
    list_filter = ["kind", "year"]
    list_select_related = ["kind", "issuer", "issuer_unit"]
    search_fields = ["title"]
    search_help_text = "Số, ký hiệu hoặc trích yếu"
    autocomplete_fields = ["issuer", "issuer_unit", "supersedes"]
    compressed_fields = False
    fields = [
        "unit", ("kind", "number", "symbol"), "title", ("day", "month", "year"), ("issuer_unit", "issuer"),
        "issuer_words", "supersedes",
    ]  # fmt: skip

    def get_search_results(self, request, queryset, search_term):
        return queryset.search(search_term), False

    @admin.display(description="số, ký hiệu", ordering="number")
    def number_and_symbol(self, document):
        return document.number_and_symbol or "–"

    @admin.display(description="năm", ordering="year")
    def in_year(self, document):
        return str(document.year or "–")

    @admin.display(description="cơ quan ban hành")
    def issued_by(self, document):
        return document.issued_by


class NumberRegisterForm(OwnUnitForm):
    def _post_clean(self):
        """Only now is the row filled, to be compared with the unit's other registers."""
        super()._post_clean()
        if self.errors:
            return
        try:
            self.instance.refuse_overlap(self.cleaned_data.get("kinds", self.instance.pk and self.instance.kinds.all()))
        except ValidationError as refusal:
            self.add_error(None, refusal)


@admin.register(NumberRegister)
class NumberRegisterAdmin(OwnUnitAdmin):
    form = NumberRegisterForm
    list_display = ["name", "unit", "held", "period", "starts_on", "ends_on"]
    list_filter = ["period"]
    list_select_related = ["unit"]
    search_fields = ["name", "unit__name", "unit__short_name"]
    search_help_text = "Tên sổ hoặc đơn vị"
    autocomplete_fields = ["unit"]
    compressed_fields = False
    fields = ["unit", "name", "kinds", "period", ("starts_on", "ends_on")]

    class Media:
        css = {"all": ["documents/registers.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("kinds")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(
            db_field, request, widget=UnfoldAdminCheckboxSelectMultipleWidget(), **kwargs
        )

    def get_fields(self, request, obj=None):
        return [*self.fields, "next_number"] if obj else self.fields

    def get_readonly_fields(self, request, obj=None):
        """What numbers were given by stays as it was; a register that is to change is ended, another begun."""
        fixed = ["kinds", "period", "starts_on"] if obj and obj.documents.exists() else []
        return [*super().get_readonly_fields(request, obj), *fixed, "next_number"]

    @admin.display(description="loại văn bản")
    def held(self, register):
        return ", ".join(kind.name for kind in register.kinds.all()) or "Mọi loại chưa có sổ riêng"

    @admin.display(description="số tiếp theo")
    def next_number(self, register):
        return register.next_number()


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
