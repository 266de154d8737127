from django import forms
from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from beneficiaries.people.models import Person
from beneficiaries.transfers.models import Transfer
from welfare.audit import record_search
from welfare.exports import ListExport
from welfare.scoped_admin import ReadOnlyAdmin
from welfare.verbs import ReasonForm, Verb, VerbForm, VerbsMixin


class AcceptForm(VerbForm):
    on = forms.DateField(label="Ngày nhận", required=False, help_text="Để trống là hôm nay.")


@admin.register(Transfer)
class TransferAdmin(VerbsMixin, ListExport, ReadOnlyAdmin):
    """Both units see a request: who, from where, why. The file itself opens for the unit that has the person."""

    unit_field = None
    list_display = ["who", "from_unit", "to_unit", "reason", "asked_on", "state_label", "decided_on"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_select_related = ["person", "from_unit", "to_unit"]
    search_fields = ["person__folded_name"]
    search_help_text = "Họ tên (không cần dấu)"
    sortable_by = []
    fields = [
        "who", ("from_unit", "to_unit"), "with_household", "reason", ("asked_by", "asked_on"), "state",
        ("decided_by", "decided_on"), "answer",
    ]  # fmt: skip
    readonly_fields = ["who"]
    export_columns = {
        "Họ tên": "person__full_name",
        "Năm sinh": "person__birth_year",
        "Từ đơn vị": "from_unit__short_name",
        "Đến đơn vị": "to_unit__short_name",
        "Lý do": "reason",
        "Ngày đề nghị": "asked_on",
        "Trạng thái": "get_state_display",
        "Ngày trả lời": "decided_on",
        "Trả lời": "answer",
    }
    verbs = [
        Verb("accept", "Nhận", "beneficiaries.change_person", (Transfer.State.ASKED,), AcceptForm, icon="check",
             explain="Hồ sơ thuộc đơn vị nhận từ ngày này; những gì đã làm vẫn tính cho đơn vị cũ."),
        Verb("refuse", "Không nhận", "beneficiaries.change_person", (Transfer.State.ASKED,), ReasonForm, icon="close"),
        Verb("withdraw", "Rút đề nghị", "beneficiaries.change_person", (Transfer.State.ASKED,), ReasonForm, icon="undo"),
    ]  # fmt: skip

    def may_do(self, request, row, verb) -> bool:
        reach = request.user.reach_for(verb.permission)
        unit = row.from_unit_id if verb.name == "withdraw" else row.to_unit_id
        return request.user.has_perm(verb.permission) and reach.may_write(unit)

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        record_search(request, search_term, "beneficiaries.transfer")
        return queryset.filter(person__in=Person.objects.search(search_term).order_by().values("pk")), False

    @display(description="người")
    def who(self, transfer):
        return f"{transfer.person.full_name} ({transfer.person.born})" if transfer.person.born else transfer.person.full_name  # fmt: skip

    @display(
        description="trạng thái",
        label={"asked": "warning", "done": "success", "refused": "danger", "withdrawn": "info"},
    )
    def state_label(self, transfer):
        return transfer.state, transfer.get_state_display()
