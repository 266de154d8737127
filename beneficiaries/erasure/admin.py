from django import forms
from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display

from beneficiaries.erasure.models import MOST_EXTENSION, DataRequest
from beneficiaries.people.models import Person
from welfare.audit import record_search
from welfare.exports import ListExport
from welfare.filters import KeptUnitFilter
from welfare.scoped_admin import ScopedAdmin
from welfare.units.models import today
from welfare.verbs import DateForm, ReasonForm, Verb, VerbForm, VerbsMixin

_State = DataRequest.State
_RUNNING = (_State.OPEN, _State.GRANTED)


class ExtendForm(ReasonForm):
    days = forms.IntegerField(label="Thêm mấy ngày", min_value=1, max_value=MOST_EXTENSION)
    field_order = ["days", "reason"]


class RefuseForm(ReasonForm):
    on = forms.DateField(label="Ngày quyết định", required=False, help_text="Để trống là hôm nay.")


class CarryOutForm(VerbForm):
    on = forms.DateField(label="Ngày thực hiện", required=False, help_text="Để trống là hôm nay.")
    outcome = forms.CharField(label="Kết quả", max_length=300, required=False, widget=forms.Textarea)
    sure = forms.BooleanField(label="Tôi hiểu việc này không lấy lại được")

    def narrow(self):
        if self.row.kind != DataRequest.Kind.ERASE:
            self.fields.pop("sure")

    def clean(self):
        super().clean()
        self.cleaned_data.pop("sure", None)
        return self.cleaned_data


class RequestForm(forms.ModelForm):
    user = None

    def _get_validation_exclusions(self):
        """A state stands in no field, yet by it a request waits once."""
        return super()._get_validation_exclusions() - {"state"}

    def clean_person(self):
        person = self.cleaned_data["person"]
        if not self.user.reach_for("beneficiaries.add_datarequest").may_write(person.unit_id):
            raise forms.ValidationError(f"{person.full_name} thuộc {person.unit}; chỉ đơn vị đó hoặc LĐLĐ tỉnh ghi yêu cầu.")  # fmt: skip
        return person


class WhatToDo(DropdownFilter):
    title, parameter_name = "việc", "viec"

    def lookups(self, request, model_admin):
        return [("bao", "Chưa báo đã nhận"), ("han", "Sắp đến hạn, quá hạn")]

    def queryset(self, request, queryset):
        if self.value() == "bao":
            return queryset.open().filter(acknowledged_on__isnull=True)
        return queryset.nearly_due() if self.value() == "han" else queryset


class AnyUnitFilter(KeptUnitFilter):
    """A register with deadlines opens on all units, whoever keeps them."""

    def value(self):
        self.opens_kept = False
        return super().value()


@admin.register(DataRequest)
class DataRequestAdmin(VerbsMixin, ListExport, ScopedAdmin):
    form = RequestForm
    list_display = ["person", "kind", "received_on", "acknowledged", "due", "state_label", "unit"]
    list_filter = [WhatToDo, ("state", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter), AnyUnitFilter]
    list_filter_submit = True
    list_select_related = ["person", "unit"]
    autocomplete_fields = ["person"]
    search_fields = ["person__folded_name"]
    search_help_text = "Họ tên (không cần dấu), số CCCD hoặc số điện thoại đầy đủ"
    sortable_by = ["received_on"]
    fields = ["person", "kind", ("received_on", "way"), "wording", "with_processor"]
    _told = [
        "person", "kind", ("received_on", "way"), "wording", "with_processor", ("acknowledged_on", "due_on"),
        ("extended_by_days", "extension_reason"), "state", ("recorded_by", "decided_by"), ("decided_on", "refused_reason"),
        ("done_on", "outcome"),
    ]  # fmt: skip
    export_columns = {
        "Người yêu cầu": "person__full_name",
        "Yêu cầu": "get_kind_display",
        "Nhận ngày": "received_on",
        "Báo đã nhận ngày": "acknowledged_on",
        "Hạn": "due_on",
        "Trạng thái": "get_state_display",
        "Thực hiện ngày": "done_on",
        "Đơn vị": "unit__short_name",
    }
    verbs = [
        Verb("acknowledge", "Đã báo người yêu cầu", "beneficiaries.change_datarequest", _RUNNING, DateForm,
             icon="mark_email_read", explain="Phải báo đã nhận yêu cầu trong 2 ngày làm việc."),
        Verb("extend", "Gia hạn", "beneficiaries.change_datarequest", _RUNNING, ExtendForm, icon="more_time",
             explain="Chỉ một lần, nhiều nhất 15 ngày, và phải báo lý do cho người yêu cầu."),
        Verb("grant", "Chấp thuận", "beneficiaries.decide_datarequest", (_State.OPEN,), DateForm, icon="check"),
        Verb("refuse", "Không chấp thuận", "beneficiaries.decide_datarequest", (_State.OPEN,), RefuseForm, icon="close"),
        Verb("carry_out", "Thực hiện", "beneficiaries.decide_datarequest", (_State.GRANTED,), CarryOutForm,
             icon="task_alt", explain="Rút đồng ý, hạn chế và ẩn danh được hệ thống làm ngay; việc khác hãy làm xong rồi ghi kết quả."),
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person", "unit")

    def get_fields(self, request, obj=None):
        return self._told if obj else self.fields

    def get_fieldsets(self, request, obj=None):
        return [(None, {"fields": self.get_fields(request, obj)})]

    def get_readonly_fields(self, request, obj=None):
        flat = [name for entry in self._told for name in (entry if isinstance(entry, tuple) else (entry,))]
        return flat if obj else []

    def has_change_permission(self, request, obj=None):
        """A request is written once; the rest is done by verbs."""
        return obj is None and super().has_change_permission(request, obj)

    def may_do(self, request, row, verb) -> bool:
        reach = request.user.reach_for(verb.permission)
        is_own = verb.name in ("grant", "refuse") and row.recorded_by_id == request.user.pk
        return not is_own and request.user.has_perm(verb.permission) and reach.may_write(row.unit_id)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def save_model(self, request, obj, form, change):
        obj.recorded_by, obj.unit = request.user, obj.person.unit
        super().save_model(request, obj, form, change)

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        record_search(request, search_term, "beneficiaries.datarequest")
        return queryset.filter(person__in=Person.objects.for_user(request.user).search(search_term).order_by().values("pk")), False  # fmt: skip

    @display(description="báo đã nhận")
    def acknowledged(self, row):
        if row.acknowledged_on or not row.is_open:
            return f"{row.acknowledged_on:%d/%m/%Y}" if row.acknowledged_on else "–"
        return f"Chưa, hạn {row.acknowledge_by:%d/%m/%Y}"

    @display(description="hạn thực hiện", ordering="due_on")
    def due(self, row):
        left = (row.due_on - today()).days
        if not row.is_open:
            return f"{row.due_on:%d/%m/%Y}"
        return f"{row.due_on:%d/%m/%Y} ({f'còn {left} ngày' if left >= 0 else f'quá {-left} ngày'})"

    @display(
        description="trạng thái", label={"open": "warning", "granted": "info", "done": "success", "refused": "danger"}
    )
    def state_label(self, row):
        return row.state, row.get_state_display()
