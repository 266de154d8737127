from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display

from events.delegates.models import Delegate, EventGift
from events.delegates.states import HOLDING, State
from events.gatherings.models import Event
from events.quotas.models import QuotaLine
from events.seating.places import seat_label
from welfare.asked import whole_number
from welfare.audit import record_search
from welfare.exports import ListExport
from welfare.filters import KeptUnitFilter, LongList
from welfare.scoped_admin import ScopedAdmin, rows_for
from welfare.states import Refused
from welfare.verbs import DateForm, ReasonForm, Verb, VerbForm, VerbsMixin

STATE_LABELS = {
    "nominated": "warning", "accepted": "info", "invited": "info", "confirmed": "success", "attended": "success",
    "returned": "danger", "withdrawn": "danger", "declined": "danger", "substituted": "danger",
}  # fmt: skip
LIMIT = 500  # rows one action takes


def act_on_each(request, rows, verb, done, what):
    """One after the other by the same verb; those it refuses are told, the first reason in full."""
    refused, count = [], 0
    for row in rows[:LIMIT]:
        try:
            getattr(row, verb)(request.user)
            count += 1
        except Refused as refusal:
            refused.append(str(refusal))
    if count:
        messages.success(request, f"{done} {count} {what}.")
    if refused:
        messages.warning(request, f"{len(refused)} {what} chưa làm được: {refused[0]}")


class EventFilter(DropdownFilter):
    title, parameter_name = "sự kiện", "su-kien"

    def lookups(self, request, model_admin):
        return [(str(event.pk), event.name) for event in rows_for(request.user, Event)[:100]]

    def queryset(self, request, queryset):
        asked = whole_number(self.value())
        return queryset.filter(event=asked) if asked else queryset


class LineFilter(DropdownFilter):
    title, parameter_name = "thành phần", "thanh-phan"

    def lookups(self, request, model_admin):
        asked = whole_number(request.GET.get("su-kien"))
        if not asked:
            return []
        lines = rows_for(request.user, QuotaLine).filter(event=asked, delegates__in=rows_for(request.user, Delegate))
        return [(str(line.pk), line.name) for line in lines.distinct()]

    def queryset(self, request, queryset):
        asked = whole_number(self.value())
        return queryset.filter(line=asked) if asked else queryset


class WithdrawForm(VerbForm):
    reason = forms.CharField(label="Lý do", max_length=300, required=False)


class DelegateForm(forms.ModelForm):
    class Meta:
        fields = ["title", "workplace", "phone", "companion"]


@admin.register(Delegate)
class DelegateAdmin(VerbsMixin, ListExport, LongList, ScopedAdmin):
    """Nominated on a page of their own; here read, moved on by verbs, and put right in what is no name."""

    form = DelegateForm
    list_display = ["full_name", "born", "event", "line_name", "sender_name", "companion", "state_label"]
    list_filter = [("state", ChoicesDropdownFilter), EventFilter, LineFilter, KeptUnitFilter]
    list_select_related = ["event", "line", "unit", "body__organization"]
    search_fields = ["folded_name"]
    search_help_text = "Họ tên đại biểu (không cần dấu)"
    fieldsets = [
        ("Đại biểu", {"fields": ["full_name", "born", "title", "workplace", "phone", "companion"]}),
        ("Phân bổ", {"fields": ["event", "line", "sender_name", "substitute_of", "over_quota_reason"]}),
        ("Quá trình", {"fields": [
            "state", "state_reason", "nominated_by", "nominated_on", "accepted_by", "accepted_on", "seat_name",
            "attended_at",
        ]}),
    ]  # fmt: skip
    readonly_fields = [
        "full_name", "born", "event", "line", "sender_name", "substitute_of", "over_quota_reason", "state", "state_reason",
        "nominated_by", "nominated_on", "accepted_by", "accepted_on", "seat_name", "attended_at",
    ]  # fmt: skip
    export_columns = {
        "Sự kiện": "event__name", "Thành phần": "line__name", "Đơn vị": "sender", "Họ và tên": "full_name", "Sinh": "born",
        "Chức vụ": "title", "Nơi làm việc": "workplace", "Điện thoại": "phone", "Người đi cùng": "companion",
        "Trạng thái": "get_state_display", "Thay cho": "substitute_of", "Lý do": "state_reason",
    }  # fmt: skip
    actions = ["accept_all", "invite_all", "confirm_all", "attend_all"]
    verbs = [
        Verb("accept", "Nhận đại biểu", "events.accept_delegate", (State.NOMINATED,), done="Đã nhận đại biểu.", icon="how_to_reg"),
        Verb("return_to_unit", "Trả lại đơn vị", "events.accept_delegate", (State.NOMINATED, State.ACCEPTED), ReasonForm,
             "Đã trả lại; đơn vị thấy lý do và đề cử người khác.", icon="undo"),
        Verb("invite", "Ghi đã mời", "events.accept_delegate", (State.ACCEPTED,), done="Đã ghi gửi giấy mời.", icon="mail"),
        Verb("confirm", "Xác nhận dự", "events.nominate_delegate", (State.ACCEPTED, State.INVITED), done="Đã ghi xác nhận dự.",
             icon="check"),
        Verb("decline", "Không dự được", "events.nominate_delegate", (State.ACCEPTED, State.INVITED, State.CONFIRMED), ReasonForm,
             "Đã ghi không dự được; chỗ này đề cử người khác được.", icon="event_busy"),
        Verb("withdraw", "Rút đề cử", "events.nominate_delegate", (State.NOMINATED,), WithdrawForm, "Đã rút đề cử.", icon="remove"),
        Verb("attend", "Ghi có mặt", "events.attend_delegate", (State.ACCEPTED, State.INVITED, State.CONFIRMED),
             done="Đã ghi có mặt.", icon="where_to_vote"),
        Verb("unattend", "Hủy ghi có mặt", "events.attend_delegate", (State.ATTENDED,), ReasonForm,
             "Đã hủy; đại biểu trở lại như trước khi ghi có mặt.", icon="undo"),
    ]  # fmt: skip

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.state in HOLDING)

    def get_search_results(self, request, queryset, search_term):
        if search_term.strip():
            record_search(request, search_term, "events.delegate")
        return queryset.search(search_term), False

    def may_do(self, request, row, verb):
        writes = request.user.reach_for(verb.permission).may_write(row.unit_id)
        own = verb.name == "accept" and row.nominated_by_id == request.user.pk
        late = row.event.state == Event.State.HELD and verb.name not in ("accept", "attend", "unattend")
        return writes and not own and not late and super().may_do(request, row, verb)

    def _buttons(self, request, row):
        shown = super()._buttons(request, row)
        writes = request.user.reach_for("events.nominate_delegate").may_write(row.unit_id)
        is_over = row.event.state == Event.State.HELD
        if writes and row.state in HOLDING and row.state != State.ATTENDED and not is_over:
            page = reverse("events:delegate_substitute", args=[row.pk])
            shown.append({"label": "Thay người khác", "icon": "swap_horiz", "url": page})
        if invitation := row.invitations.order_by("pk").last():
            page = reverse("events:invitation_file", args=[invitation.pk])
            shown.append({"label": "Tải giấy mời", "icon": "mail", "url": page})
        return shown

    def get_actions(self, request):
        """Only what this user may do to some delegate."""
        needed = {
            "accept_all": "accept_delegate", "invite_all": "accept_delegate", "confirm_all": "nominate_delegate",
            "attend_all": "attend_delegate",
        }  # fmt: skip
        actions = super().get_actions(request)
        return {name: each for name, each in actions.items() if request.user.has_perm(f"events.{needed.get(name)}")}

    @admin.action(description="Nhận các đại biểu đã chọn")
    def accept_all(self, request, queryset):
        self._each(request, queryset, "accept", "Đã nhận")

    @admin.action(description="Ghi đã mời")
    def invite_all(self, request, queryset):
        self._each(request, queryset, "invite", "Đã ghi mời")

    @admin.action(description="Ghi xác nhận dự")
    def confirm_all(self, request, queryset):
        self._each(request, queryset, "confirm", "Đã ghi xác nhận dự")

    @admin.action(description="Ghi có mặt")
    def attend_all(self, request, queryset):
        self._each(request, queryset, "attend", "Đã ghi có mặt")

    def _each(self, request, queryset, verb, done):
        rows = queryset.select_related("person", "share", "body", "line", "event")
        act_on_each(request, rows, verb, done, "đại biểu")

    @admin.display(description="sinh")
    def born(self, delegate):
        return delegate.born or "–"

    @admin.display(description="chỗ ngồi")
    def seat_name(self, delegate):
        return seat_label(delegate) or "–"

    @admin.display(description="thành phần", ordering="line__order")
    def line_name(self, delegate):
        return delegate.line.name

    @admin.display(description="đơn vị, tổ chức", ordering="unit__path")
    def sender_name(self, delegate):
        return delegate.sender

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, delegate):
        return delegate.state, delegate.get_state_display()


class GivenFilter(admin.SimpleListFilter):
    title, parameter_name = "đã trao", "da-trao"

    def lookups(self, request, model_admin):
        return [("0", "Chưa trao"), ("1", "Đã trao")]

    def queryset(self, request, queryset):
        return queryset.filter(given_on__isnull=self.value() == "0") if self.value() in ("0", "1") else queryset


@admin.register(EventGift)
class EventGiftAdmin(VerbsMixin, ListExport, ScopedAdmin):
    unit_field = None
    list_display = ["gift", "event", "unit", "delegate", "what", "given_label"]
    list_filter = [GivenFilter, EventFilter, KeptUnitFilter]
    list_select_related = [
        "event",
        "unit",
        "delegate",
        "house__kind",
        "house__person",
        "house__household",
        "grant__person",
    ]
    search_fields = ["what", "delegate__folded_name"]
    search_help_text = "Vật trao hoặc tên đại biểu"
    autocomplete_fields = ["house", "grant", "delegate"]
    fields = ["event", "line", "delegate", "house", "grant", "what"]
    deletable = True
    export_columns = {
        "Sự kiện": "event__name", "Đơn vị": "unit__short_name", "Nội dung": "__str__", "Đại biểu nhận": "delegate",
        "Vật trao": "what", "Ngày trao": "given_on",
    }  # fmt: skip
    actions = ["hand_over_all"]
    verbs = [
        Verb("hand_over", "Ghi đã trao", "events.hand_over_eventgift", (), DateForm, "Đã ghi trao tại sự kiện.",
             "Nhà được ghi bàn giao, khoản hỗ trợ được ghi chi vào ngày tổ chức sự kiện.", "featured_seasonal_and_gifts"),
    ]  # fmt: skip

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "line":
            field.queryset = field.queryset.filter(is_overlay=True)
        return field

    def get_readonly_fields(self, request, obj=None):
        shown = super().get_readonly_fields(request, obj)
        return [*shown, "event", "house", "grant", "given_on"] if obj else shown

    def get_fields(self, request, obj=None):
        return [*self.fields, "given_on"] if obj else self.fields

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.given_on is None)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.given_on is None)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions if request.user.has_perm("events.hand_over_eventgift") else {}

    @admin.action(description="Ghi đã trao các mục đã chọn")
    def hand_over_all(self, request, queryset):
        act_on_each(request, queryset, "hand_over", "Đã ghi trao", "mục")

    def may_do(self, request, row, verb):
        writes = request.user.reach_for(verb.permission).may_write(row.event.unit_id)
        return writes and row.given_on is None and super().may_do(request, row, verb)

    @admin.display(description="nhà, khoản hỗ trợ")
    def gift(self, row):
        return str(row)

    @display(description="trao", label={"yes": "success", "no": "warning"})
    def given_label(self, row):
        return ("yes", f"{row.given_on:%d/%m/%Y}") if row.given_on else ("no", "Chưa trao")
