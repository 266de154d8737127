from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from events.gatherings.models import Event
from events.quotas.models import QuotaLine, QuotaShare
from welfare.scoped_admin import ScopedAdmin, ScopedInline
from welfare.verbs import Verb, VerbsMixin


class QuotaLineInline(ScopedInline):
    """Lines change while the event is a draft; what was announced stands."""

    model = QuotaLine
    fields = ["parent", "order", "name", "count", "is_overlay", "note"]
    show_change_link = True

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "parent":
            event_id = request.resolver_match.kwargs.get("object_id")
            field.queryset = field.queryset.filter(event=event_id) if event_id else field.queryset.none()
        return field

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and _is_draft(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and _is_draft(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and _is_draft(obj)


def _is_draft(event) -> bool:
    return event is None or event.state == Event.State.DRAFT


@admin.register(Event)
class EventAdmin(VerbsMixin, ScopedAdmin):
    list_display = ["name", "on", "venue", "expected", "state", "quota"]
    list_filter = ["state"]
    search_fields = ["name", "code", "venue"]
    search_help_text = "Tên, mã hoặc địa điểm"
    date_hierarchy = "on"
    autocomplete_fields = ["plan"]
    fields = ["unit", "plan", "code", "name", "venue", "on", "expected", "state"]
    readonly_fields = ["state"]
    verbs = [
        Verb("announce", "Thông báo cho các đơn vị", "events.change_event", (Event.State.DRAFT,),
             done="Đã thông báo; mỗi đơn vị thấy số đại biểu của mình.", icon="campaign",
             explain="Phân bổ phải khớp: các dòng cộng lại bằng số đại biểu dự kiến, phần giao đơn vị bằng từng dòng."),
        Verb("reopen", "Thu hồi để sửa phân bổ", "events.change_event", (Event.State.ANNOUNCED,),
             done="Đã thu hồi thông báo, phân bổ sửa được.", icon="undo"),
        Verb("hold", "Ghi nhận đã tổ chức", "events.change_event", (Event.State.ANNOUNCED,),
             done="Đã ghi nhận sự kiện đã tổ chức.", icon="event_available"),
    ]  # fmt: skip

    @admin.display(description="phân bổ")
    def quota(self, event):
        return format_html('<a href="{}">Xem bảng</a>', reverse("events:event_quota", args=[event.pk]))

    def get_inlines(self, request, obj):
        """Units read their own shares on the quota's page, not the whole province's lines."""
        return [QuotaLineInline] if request.user.reach.province else []

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and _is_draft(obj)

    def get_changeform_initial_data(self, request):
        return {"unit": request.user.unit_id, **super().get_changeform_initial_data(request)}

    def _buttons(self, request, row):
        quota = {
            "label": "Bảng phân bổ đại biểu",
            "icon": "table_chart",
            "url": reverse("events:event_quota", args=[row.pk]),
        }
        return [quota, *super()._buttons(request, row)]


class QuotaShareInline(ScopedInline):
    model = QuotaShare
    fields = ["unit", "count"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "unit":
            field.queryset = field.queryset.in_force()
        return field

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and _is_draft(obj and obj.event)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and _is_draft(obj and obj.event)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and _is_draft(obj and obj.event)


@admin.register(QuotaLine)
class QuotaLineAdmin(ScopedAdmin):
    """Where one line is shared out to units; reached from its event."""

    unit_field = None
    list_display = ["name", "event", "count", "is_overlay"]
    list_filter = ["event"]
    list_select_related = ["event"]
    search_fields = ["name"]
    search_help_text = "Tên thành phần"
    fields = ["event", "name", "count", "note"]
    readonly_fields = ["event"]
    inlines = [QuotaShareInline]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and _is_draft(obj and obj.event)
