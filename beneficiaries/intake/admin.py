from django import forms
from django.contrib import admin
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.widgets import UnfoldAdminSelectWidget

from beneficiaries.intake.models import ColumnAlias, ListBatch
from beneficiaries.intake.preview import configured_labels
from welfare.scoped_admin import CatalogueAdmin, ReadOnlyAdmin
from welfare.vietnamese import format_number


@admin.register(ListBatch)
class ListBatchAdmin(ReadOnlyAdmin):
    """The history of uploads; each line opens the list's own page."""

    list_display = ["file_name", "unit", "kind", "of_year", "rows_found", "outcome", "state", "owner", "created_at"]
    list_display_links = None
    list_filter = ["state", "kind", "year", "unit"]
    list_select_related = ["file", "unit", "owner", "committed_by"]
    search_fields = ["file__name", "title"]
    date_hierarchy = "created_at"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        self._visible_or_404(request, object_id)
        return redirect("beneficiaries:batch_preview", object_id)

    @admin.display(description="năm", ordering="year")
    def of_year(self, batch):
        return str(batch.year)

    @admin.display(description="tệp", ordering="file__name")
    def file_name(self, batch):
        return format_html(
            '<a href="{}">{}</a>', reverse("beneficiaries:batch_preview", args=[batch.pk]), batch.file.name
        )

    @admin.display(description="vào sổ")
    def outcome(self, batch):
        if not batch.committed_at:
            return "–"
        on = timezone.localtime(batch.committed_at)
        return f"{format_number(batch.accepted)} dòng, {on:%d/%m/%Y}, {batch.committed_by}"

    @admin.display(description="số dòng (lỗi)")
    def rows_found(self, batch):
        rows, faulty = batch.counts.get("rows"), batch.counts.get("error", 0)
        return f"{format_number(rows)} ({format_number(faulty)})" if rows else "–"


@admin.register(ColumnAlias)
class ColumnAliasAdmin(CatalogueAdmin):
    list_display = ["alias", "field_label"]
    search_fields = ["alias"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "field":
            choices = [("", "– Chọn –"), *configured_labels().items()]
            return forms.ChoiceField(choices=choices, label="Là cột", widget=UnfoldAdminSelectWidget(choices=choices))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="là cột", ordering="field")
    def field_label(self, alias):
        return configured_labels().get(alias.field, "(không dùng)")
