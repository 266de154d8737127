from django.contrib import admin
from django.db import models
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from beneficiaries.loans.limits import LoanLimit
from programs.targets.fields import NumberField
from programs.targets.models import plain_number
from welfare.imports import CatalogueImport
from welfare.scoped_admin import CatalogueAdmin
from welfare.vietnamese import format_number


@admin.register(LoanLimit)
class LoanLimitAdmin(CatalogueImport, CatalogueAdmin):
    import_id_fields = ("source", "valid_from")
    export_fields = ("source", "name", "most", "min_age", "max_term", "max_rate", "valid_from", "valid_to")
    formfield_overrides = {models.BigIntegerField: {"form_class": NumberField}}
    list_display = ["name", "source", "money", "age", "term", "rate", "since", "until"]
    list_filter = [("source", ChoicesDropdownFilter)]
    search_fields = ["name"]
    search_help_text = "Tên hạn mức, văn bản quy định"
    fields = ["source", "name", "most", "min_age", "max_term", "max_rate", ("valid_from", "valid_to")]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "name":
            field.help_text = "Văn bản quy định, ví dụ: Quỹ quốc gia về việc làm theo NĐ 338/2025/NĐ-CP."
        return field

    @display(description="mức tối đa (đồng)", ordering="most")
    def money(self, limit):
        return "–" if limit.most is None else format_number(limit.most)

    @display(description="từ tuổi", ordering="min_age")
    def age(self, limit):
        return limit.min_age or "–"

    @display(description="số tháng", ordering="max_term")
    def term(self, limit):
        return limit.max_term or "–"

    @display(description="lãi (%/năm)", ordering="max_rate")
    def rate(self, limit):
        return "–" if limit.max_rate is None else plain_number(limit.max_rate)

    @display(description="từ ngày", ordering="valid_from")
    def since(self, limit):
        return f"{limit.valid_from:%d/%m/%Y}"

    @display(description="đến ngày", ordering="valid_to")
    def until(self, limit):
        return f"{limit.valid_to:%d/%m/%Y}" if limit.valid_to else "–"
