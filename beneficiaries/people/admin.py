from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from beneficiaries.people.filters import (
    AgeFilter,
    HardshipFilter,
    PovertyFilter,
    StateFilter,
    VulnerabilityFilter,
)
from beneficiaries.people.forms import DeathForm, LeaveForm, PersonForm, TransferForm
from beneficiaries.people.leaving import GONE
from beneficiaries.people.models import (
    EmploymentKind,
    Hardship,
    HardshipKind,
    Household,
    Person,
    PovertyRecord,
    SavedFilter,
    VulnerabilityKind,
    VulnerabilityMark,
)
from beneficiaries.people.search import MOST_FOUND
from welfare.audit import AuditEvent, record, record_search
from welfare.crypto import mask_id
from welfare.exports import ListExport
from welfare.filters import CappedPaginator, KeptUnitFilter, LongList
from welfare.imports import CatalogueImport
from welfare.scoped_admin import CatalogueAdmin, Changes, ScopedAdmin, ScopedInline
from welfare.verbs import ReasonForm, Verb, VerbsMixin


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


class PeopleKindAdmin(CatalogueImport, CatalogueAdmin):
    list_display = ["name"]
    search_fields = ["name"]
    search_help_text = "Tên"
    export_fields = ("name",)
    import_id_fields = ("name",)


@admin.register(HardshipKind)
class HardshipKindAdmin(PeopleKindAdmin):
    list_display = ["name", "is_health", "words"]
    export_fields = ("name", "is_health", "words")


admin.site.register([VulnerabilityKind, EmploymentKind], PeopleKindAdmin)


class HardshipInline(ScopedInline):
    model = Hardship
    fields = ["kind", "year", "known_on", "severity", "note"]


class VulnerabilityInline(ScopedInline):
    model = VulnerabilityMark
    fields = ["kind", "until"]


class MaskedHistory(Changes):
    def prepare_delta_change_value(self, change, value):
        is_number = change.field in ("national_id", "bank_account")
        return mask_id(value or "") if is_number else super().prepare_delta_change_value(change, value)


class PersonList(ChangeList):
    def url_for_result(self, result):
        return reverse("beneficiaries:person", args=[result.pk])

    def get_results(self, request):
        """Above the list no number stands where only "more than a thousand" is known."""
        super().get_results(request)
        if self.paginator.is_capped:
            self.full_result_count = self.result_count


class PeoplePaginator(CappedPaginator):
    """How many there are is said up to a thousand: nobody reads further, and to count a million takes longer."""

    cap = MOST_FOUND
    template_name = "beneficiaries/person_pagination.html"

    @cached_property
    def count(self):
        return len(self.object_list.in_order[1]) if self.object_list.in_order else super().count

    @property
    def is_capped(self) -> bool:
        return self.count >= self.cap

    def page(self, number):
        if not self.object_list.in_order:
            return super().page(number)
        people, keys = self.object_list.in_order
        number = self.validate_number(number)
        end = number * self.per_page
        return self._get_page(people.filter(pk__in=keys[end - self.per_page : end]), number, self)


_OPEN, _GONE = (Person.State.ACTIVE,), (Person.State.LEFT, Person.State.DEAD)


@admin.register(Person)
class PersonAdmin(VerbsMixin, ListExport, PersonalDataAdmin):
    form = PersonForm
    paginator = PeoplePaginator
    list_before_template = "beneficiaries/person_list.html"
    list_display = ["name", "birth", "number", "unit", "workplace", "poverty", "hardships"]
    list_filter = [
        KeptUnitFilter, StateFilter, PovertyFilter, HardshipFilter, VulnerabilityFilter, AgeFilter,
        ("employment", RelatedDropdownFilter), "is_member", "lives_in_boarding",
        ("gender", ChoicesDropdownFilter),
    ]  # fmt: skip
    lookups = ("age_from", "age_to")

    class Media:
        css = {"all": ["beneficiaries/beneficiaries.css"]}

    sortable_by = ["name"]
    search_fields = ["folded_name"]
    search_help_text = "Họ tên (không cần dấu), số CCCD hoặc số điện thoại đầy đủ"
    autocomplete_fields = ["unit", "household", "workplace_unit", "relative_of"]
    inlines = [HardshipInline, VulnerabilityInline]
    actions = ["propose"]
    verbs = [
        Verb("transfer", "Chuyển đơn vị", "beneficiaries.change_person", _OPEN, TransferForm, icon="move_down",
             explain="Đơn vị nhận phải đồng ý thì hồ sơ mới chuyển; những gì đã làm vẫn tính cho đơn vị cũ."),
        Verb("die", "Ghi nhận đã mất", "beneficiaries.change_person", (*_OPEN, Person.State.LEFT), DeathForm,
             icon="deceased", explain="Người đã mất không còn trong danh sách và không nhận đề nghị mới; số liệu đã có giữ nguyên."),
        Verb("leave", "Rời danh sách", "beneficiaries.change_person", _OPEN, LeaveForm, icon="person_remove",
             explain="Ví dụ: đã thoát khó khăn, chuyển đi nơi khác ngoài tỉnh."),
        Verb("come_back", "Đưa trở lại danh sách", "beneficiaries.change_person", _GONE, ReasonForm, icon="person_add"),
    ]  # fmt: skip
    export_columns = {
        "Họ và tên": "full_name",
        "Ngày, năm sinh": "born",
        "Giới tính": "get_gender_display",
        "Số CCCD/CMND (đã che)": "masked_id",
        "Đơn vị": "unit__short_name",
        "Nơi làm việc": "workplace",
        "Việc làm": "employment__name",
        "Điện thoại": "phone",
        "Địa chỉ": "address",
        "Diện hộ năm nay": "poverty_class",
        "Hoàn cảnh": "needs",
        "Tình trạng": "get_state_display",
    }
    fieldsets = [
        ("Nhân thân", {"fields": ["unit", "full_name", "birth_date", "birth_year", "gender", "ethnicity", "new_id"]}),
        ("Liên hệ", {"fields": ["phone", "address", "lives_in_boarding"]}),
        ("Công tác", {"fields": ["workplace", "workplace_unit", "employment", "is_member", "member_since"]}),
        ("Gia đình", {"fields": ["household", "household_role", "relative_of", "relation"]}),
        ("Tài khoản nhận tiền", {"fields": ["bank_name", "new_account"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_need().select_related("unit", "household", "employment")

    def get_search_results(self, request, queryset, search_term):
        """Where a form looks somebody up, only who is on the list is offered; an export holds all that is found."""
        page = request.resolver_match.url_name if request.resolver_match else ""
        if page.endswith("_export") and search_term.strip():
            record_search(request, search_term, self.model._meta.label_lower)
            return queryset.closest(search_term), False
        return super().get_search_results(
            request, queryset.active() if page == "autocomplete" else queryset, search_term
        )

    def changelist_view(self, request, extra_context=None):
        kept = {"saved_filters": SavedFilter.objects.for_user(request.user), "query": request.GET.urlencode()}
        return super().changelist_view(request, {**(extra_context or {}), **kept})

    def may_do(self, request, row, verb) -> bool:
        reach = request.user.reach_for(verb.permission)
        return super().may_do(request, row, verb) and reach.may_write(row.unit_id)

    def has_change_permission(self, request, obj=None):
        """A row that was merged or made nameless is read, no longer written."""
        is_closed = obj is not None and obj.state in GONE
        return not is_closed and super().has_change_permission(request, obj)

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
        return queryset.found(words)

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
        for caution in form.cautions():
            messages.warning(request, caution)

    def get_historical_record_context_helper(self, request, historical_record):
        return MaskedHistory(self.model, historical_record)

    @display(description="họ và tên", ordering="sort_name")
    def name(self, person):
        return person.full_name if person.is_active else f"{person.full_name} ({person.get_state_display().lower()})"

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
    list_filter = [KeptUnitFilter]
    list_select_related = ["unit"]
    search_fields = ["head_name"]
    search_help_text = "Tên chủ hộ, thành viên (không cần dấu); số CCCD hoặc điện thoại của thành viên"
    sortable_by = []
    autocomplete_fields = ["unit", "head"]
    fields = ["unit", "head_name", "head", "address", "size", "note"]
    inlines = [PovertyRecordInline, MemberInline]
    export_columns = {
        "Chủ hộ": "head_name",
        "Địa chỉ": "address",
        "Số nhân khẩu": "size",
        "Đơn vị": "unit__short_name",
        "Diện hộ": "latest_class",
    }

    def save_model(self, request, obj, form, change):
        """A head who has a page lends their name, and belongs to the household."""
        if obj.head_id:
            obj.head_name = obj.head.full_name
        super().save_model(request, obj, form, change)
        if obj.head_id and (obj.head.household_id, obj.head.household_role) != (obj.pk, Person.HouseholdRole.HEAD):
            obj.head.household, obj.head.household_role = obj, Person.HouseholdRole.HEAD
            obj.head.save()

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("poverty_records")

    def search(self, queryset, words):
        members = Person.objects.search(words)
        of_members = members.filter(household__isnull=False).order_by().values("household")
        by_head = Household.objects.search(words).values("pk")
        return queryset.filter(Q(pk__in=of_members) | Q(pk__in=by_head))

    @display(description="diện hộ")
    def poverty(self, household):
        return household.latest_class or "–"
