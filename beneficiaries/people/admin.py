from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from simple_history.template_utils import HistoricalRecordContextHelper
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from beneficiaries.people.filters import HardshipFilter, PovertyFilter
from beneficiaries.people.forms import PersonForm
from beneficiaries.people.models import (
    DuplicateCase,
    Hardship,
    HardshipKind,
    Household,
    Person,
    PovertyRecord,
)
from welfare.audit import AuditEvent, record, record_search
from welfare.crypto import mask_id
from welfare.exports import ListExport
from welfare.filters import LongList, UnitFilter
from welfare.scoped_admin import CatalogueAdmin, ReadOnlyAdmin, ScopedAdmin, ScopedInline
from welfare.verbs import Verb, VerbsMixin
from welfare.vietnamese import fold


class PersonalDataAdmin(LongList, ScopedAdmin):
    """Opening a row or its history is a look at a person's data; a search leaves only a hash of its words."""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        self._record_look(request, object_id)
        return super().change_view(request, object_id, form_url, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        self._record_look(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        self._record_look(request, object_id)
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _record_look(self, request, object_id):
        row = self.get_object(request, object_id)
        if row is not None and request.method == "GET":
            record(AuditEvent.Action.VIEW, request=request, subject=row, unit=row.unit)

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        record_search(request, search_term, self.model._meta.label_lower)
        return self.search(queryset, search_term), False


@admin.register(HardshipKind)
class HardshipKindAdmin(CatalogueAdmin):
    list_display = ["name", "is_health", "words"]
    search_fields = ["name"]
    search_help_text = "Tên"


class HardshipInline(ScopedInline):
    model = Hardship
    fields = ["kind", "year", "known_on", "note"]


class MaskedHistory(HistoricalRecordContextHelper):
    def prepare_delta_change_value(self, change, value):
        is_number = change.field in ("national_id", "bank_account")
        return mask_id(value or "") if is_number else super().prepare_delta_change_value(change, value)


class PersonList(ChangeList):
    def url_for_result(self, result):
        return reverse("beneficiaries:person", args=[result.pk])


@admin.register(Person)
class PersonAdmin(ListExport, PersonalDataAdmin):
    form = PersonForm
    list_display = ["name", "birth", "number", "unit", "workplace", "poverty", "hardships"]
    list_filter = [UnitFilter, PovertyFilter, HardshipFilter, ("gender", ChoicesDropdownFilter)]
    sortable_by = ["name"]
    search_fields = ["folded_name"]
    search_help_text = "Họ tên (không cần dấu), số CCCD hoặc số điện thoại đầy đủ"
    autocomplete_fields = ["unit", "household"]
    inlines = [HardshipInline]
    actions = ["propose"]
    export_columns = {
        "Họ và tên": "full_name",
        "Ngày, năm sinh": "born",
        "Giới tính": "get_gender_display",
        "Số CCCD/CMND (đã che)": "masked_id",
        "Đơn vị": "unit__short_name",
        "Nơi làm việc": "workplace",
        "Điện thoại": "phone",
        "Địa chỉ": "address",
        "Diện hộ năm nay": "poverty_class",
        "Hoàn cảnh": "needs",
    }
    fieldsets = [
        ("Nhân thân", {"fields": ["unit", "full_name", "birth_date", "birth_year", "gender", "ethnicity", "new_id"]}),
        ("Liên hệ, công tác", {"fields": ["phone", "address", "workplace", "is_member"]}),
        ("Gia đình", {"fields": ["household", "household_role"]}),
        ("Tài khoản nhận tiền", {"fields": ["bank_name", "new_account"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_need()

    def get_changelist(self, request, **kwargs):
        is_choosing = "_popup" in request.GET
        return ChangeList if is_choosing else PersonList

    @admin.action(description="Đề nghị hỗ trợ…", permissions=["propose"])
    def propose(self, request, queryset):
        """To the page on which those chosen are proposed together; the keys go in the address."""
        keys = [("people", key) for key in queryset.order_by().values_list("pk", flat=True)[:300]]
        return redirect(f"{reverse('beneficiaries:round_propose_people')}?{urlencode(keys)}")

    def has_propose_permission(self, request):
        return request.user.has_perm("beneficiaries.propose_grant")

    def search(self, queryset, words):
        return queryset.search(words)

    def get_fieldsets(self, request, obj=None):
        if request.user.has_perm("beneficiaries.view_identity") and self._edits(request, obj):
            return super().get_fieldsets(request, obj)
        masked = {"new_id": "number", "new_account": "account"}
        return [
            (name, options | {"fields": [masked.get(field, field) for field in options["fields"]]})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def _edits(self, request, obj):
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "number", "account"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user, form.home_unit = request.user, self._home_unit(request)
        return form

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if warning := form.contradiction():
            messages.warning(request, warning)

    def get_historical_record_context_helper(self, request, historical_record):
        return MaskedHistory(self.model, historical_record)

    @display(description="họ và tên", ordering="sort_name")
    def name(self, person):
        return person.full_name

    @display(description="ngày sinh")
    def birth(self, person):
        return person.born

    @display(description="số CCCD/CMND")
    def number(self, person):
        return person.masked_id or "–"

    @display(description="số tài khoản")
    def account(self, person):
        return person.masked_account or "–"

    @display(description="diện hộ năm nay")
    def poverty(self, person):
        return person.poverty_class() or "–"

    @display(description="hoàn cảnh")
    def hardships(self, person):
        return person.needs() or "–"


class PovertyRecordInline(ScopedInline):
    model = PovertyRecord
    fields = ["year", "status", "certificate_number", "commune", "issued_on"]


class MemberInline(ScopedInline):
    """Who lives there; a person is edited on their own page."""

    model = Person
    fields = readonly_fields = ["full_name", "household_role", "born", "phone"]
    verbose_name_plural = "thành viên đã có hồ sơ"
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @display(description="ngày sinh")
    def born(self, person):
        return person.born


@admin.register(Household)
class HouseholdAdmin(ListExport, PersonalDataAdmin):
    list_display = ["head_name", "address", "size", "unit", "poverty"]
    list_filter = [UnitFilter]
    list_select_related = ["unit"]
    search_fields = ["head_name"]
    search_help_text = "Tên chủ hộ hoặc tên thành viên"
    sortable_by = []
    autocomplete_fields = ["unit"]
    fields = ["unit", "head_name", "address", "size", "note"]
    inlines = [PovertyRecordInline, MemberInline]
    export_columns = {
        "Chủ hộ": "head_name",
        "Địa chỉ": "address",
        "Số nhân khẩu": "size",
        "Đơn vị": "unit__short_name",
    }

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("poverty_records")

    def search(self, queryset, words):
        members = Person.objects.all()
        for word in fold(words).split()[:8]:
            members = members.filter(folded_name__contains=word)
        of_members = members.filter(household__isnull=False).order_by().values("household")
        return queryset.filter(Q(pk__in=of_members) | Q(head_name__icontains=words.strip()))

    @display(description="diện hộ")
    def poverty(self, household):
        latest = next(iter(household.poverty_records.all()), None)
        return str(latest) if latest else "–"


@admin.register(DuplicateCase)
class DuplicateCaseAdmin(VerbsMixin, ReadOnlyAdmin):
    """For the province and the inspection; a unit never learns of it."""

    unit_field = None
    list_display = ["first", "first_unit", "second", "second_unit", "reason", "state", "found_at"]
    list_filter = ["state", "reason"]
    list_select_related = ["first__unit", "second__unit"]
    fields = ["first", "first_unit", "second", "second_unit", "reason", "state", "decided_by"]
    readonly_fields = ["first_unit", "second_unit"]
    verbs = [
        Verb("judge_same", "Cùng một người", "beneficiaries.change_duplicatecase", ("open", "different"), icon="group"),
        Verb("judge_different", "Khác người", "beneficiaries.change_duplicatecase", ("open", "same"), icon="call_split"),
    ]  # fmt: skip

    @display(description="đơn vị thứ nhất")
    def first_unit(self, case):
        return case.first.unit

    @display(description="đơn vị thứ hai")
    def second_unit(self, case):
        return case.second.unit
