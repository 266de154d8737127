from django.contrib import admin
from django.urls import reverse
from django.utils.text import Truncator
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from beneficiaries.feedback import forms
from beneficiaries.feedback.kinds import FeedbackKind
from beneficiaries.feedback.models import Feedback, FeedbackStep
from beneficiaries.feedback.work import State
from welfare.audit import AuditEvent, record
from welfare.exports import ListExport
from welfare.filters import KeptUnitFilter, LongList
from welfare.imports import CatalogueImport
from welfare.scoped_admin import CatalogueAdmin, ScopedAdmin
from welfare.verbs import ReasonForm, Verb, VerbsMixin, counts_on
from welfare.vietnamese import format_number

STATE_LABELS = {
    "received": "warning", "assigned": "info", "answered": "success", "closed": "default", "dismissed": "danger",
}  # fmt: skip
_OPEN = (State.RECEIVED, State.ASSIGNED)
_LINKS = ["unit", "person", "grant", "house", "round"]


@admin.register(FeedbackKind)
class FeedbackKindAdmin(CatalogueImport, CatalogueAdmin):
    export_fields = ("name", "hint", "is_confidential", "acknowledge_days", "answer_days", "valid_from", "valid_to")
    import_id_fields = ("name",)
    list_display = ["name", "is_confidential", "acknowledge_days", "answer_days", "valid_from", "valid_to", "position"]
    search_fields = ["name"]
    search_help_text = "Tên loại phản ánh"
    fields = [
        "name",
        "hint",
        "is_confidential",
        ("acknowledge_days", "answer_days"),
        "position",
        ("valid_from", "valid_to"),
    ]


class DueFilter(DropdownFilter):
    title, parameter_name = "thời hạn", "han"

    def lookups(self, request, model_admin):
        return [("qua", "Quá hạn")]

    def queryset(self, request, queryset):
        return queryset.overdue() if self.value() == "qua" else queryset


class MineFilter(DropdownFilter):
    title, parameter_name = "của ai", "cua"

    def lookups(self, request, model_admin):
        return [("toi", "Giao tôi trả lời")]

    def queryset(self, request, queryset):
        return queryset.given_to(request.user) if self.value() == "toi" else queryset


@admin.register(Feedback)
class FeedbackAdmin(VerbsMixin, ListExport, LongList, ScopedAdmin):
    """What was written is never changed; those who handle it say what it is about, and verbs move it."""

    unit_field = None  # visible to others than the unit it is about, and written by those it was given to
    change_form_outer_before_template = "beneficiaries/feedback_head.html"
    list_display = [
        "number",
        "text_start",
        "kind",
        "about_unit",
        "received_on",
        "due",
        "days_open",
        "handler_name",
        "state_label",
    ]
    list_display_links = ["number", "text_start"]
    list_filter = [
        ("state", ChoicesDropdownFilter), DueFilter, MineFilter, ("kind", RelatedDropdownFilter), KeptUnitFilter,
        ("channel", ChoicesDropdownFilter),
    ]  # fmt: skip
    list_select_related = ["kind", "unit", "handler_unit", "handler_department"]
    date_hierarchy = "received_on"
    sortable_by = ["received_on"]
    search_fields = ["folded_text"]
    search_help_text = "Chữ trong nội dung hoặc tên đơn vị, không cần dấu"
    autocomplete_fields = _LINKS
    fieldsets = [("Phản ánh nói về", {"fields": _LINKS})]
    export_columns = {
        "Số": "pk",
        "Loại": "kind__name",
        "Đơn vị": "about",
        "Nội dung": "text",
        "Nhận qua": "get_channel_display",
        "Ngày nhận": "received_on",
        "Nơi xử lý": "handled_by",
        "Hạn trả lời": "answer_by",
        "Ngày trả lời": "answered_on",
        "Trả lời": "answer",
        "Số ngày": "days",
        "Trạng thái": "get_state_display",
    }
    verbs = [
        Verb("assign", "Phân công", "beneficiaries.assign_feedback", _OPEN, forms.AssignForm,
             "Đã phân công xử lý.", icon="forward_to_inbox"),
        Verb("reply", "Trả lời", "beneficiaries.answer_feedback", (State.ASSIGNED,), forms.ReplyForm,
             "Đã trả lời; người gửi đọc được bằng mã tra cứu.", icon="reply"),
        Verb("note", "Ghi chú nội bộ", "beneficiaries.answer_feedback", (), forms.NoteForm, "Đã ghi chú.",
             "Chỉ cán bộ xử lý đọc được.", "edit_note"),
        Verb("send_back", "Trả lại nơi phân công", "beneficiaries.answer_feedback", (State.ASSIGNED,), ReasonForm,
             "Đã trả lại để phân công nơi khác.", icon="undo"),
        Verb("close", "Kết thúc", "beneficiaries.assign_feedback", (State.ANSWERED,), done="Đã kết thúc phản ánh.",
             icon="task_alt"),
        Verb("reopen", "Yêu cầu trả lời lại", "beneficiaries.assign_feedback", (State.ANSWERED,), ReasonForm,
             "Đã yêu cầu trả lời lại.", icon="replay"),
        Verb("extend", "Gia hạn", "beneficiaries.assign_feedback", (State.ASSIGNED,), forms.ExtendForm, "Đã gia hạn.",
             icon="more_time"),
        Verb("reclassify", "Đổi loại", "beneficiaries.assign_feedback", _OPEN, forms.ReclassifyForm, "Đã đổi loại.",
             "Thời hạn tính lại từ ngày nhận theo loại mới.", "category"),
        Verb("share", "Chia sẻ cho đơn vị", "beneficiaries.share_feedback", (), forms.ShareForm,
             "Đã chia sẻ; đơn vị và các ban thấy được từ bây giờ.",
             "LĐLĐ tỉnh và đơn vị được phản ánh sẽ đọc được nội dung; ghi chú trước đó vẫn giữ kín.", "share"),
        Verb("dismiss", "Không thụ lý", "beneficiaries.assign_feedback", _OPEN, forms.DismissForm,
             "Đã ghi không thụ lý.", "Người gửi đọc được lý do bằng mã tra cứu.", "block"),
    ]  # fmt: skip

    def get_search_results(self, request, queryset, search_term):
        return (queryset.search(search_term) if search_term.strip() else queryset), False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or (obj.is_open and counts_on(obj, request.user, "beneficiaries.change_feedback"))
        return is_open and super().has_change_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        """What can't be written any more shows only where something is."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        known = [name for name in _LINKS if getattr(obj, f"{name}_id")]
        return [("Phản ánh nói về", {"fields": known})] if known else []

    def save_model(self, request, obj, form, change):
        obj.save(update_fields=[*form.changed_data, "folded_text"])
        obj.place_files()
        record(
            AuditEvent.Action.CHANGE, request=request, subject=obj, unit=obj.unit, detail={"about": form.changed_data}
        )

    def may_do(self, request, row, verb) -> bool:
        if verb.name in ("reply", "send_back"):
            return row.may_handle(request.user)
        if verb.name == "close" and row.is_confidential and row.answered_by_id == request.user.pk:
            return False
        return (verb.name != "share" or row.is_restricted) and super().may_do(request, row, verb)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row, context = self.get_object(request, object_id), {**(extra_context or {})}
        if row:
            record(AuditEvent.Action.VIEW, request=request, subject=row, unit=row.unit)
            steps = FeedbackStep.objects.for_user(request.user).filter(feedback=row).select_related("by")
            context |= {"feedback": row, "steps": steps, "links": _links(row, request.user)}
        return super().change_view(request, object_id, form_url, context)

    @display(description="số", ordering="pk")
    def number(self, row):
        return str(row.pk)

    @display(description="nội dung")
    def text_start(self, row):
        return Truncator(row.text).chars(60)

    @display(description="về đơn vị")
    def about_unit(self, row):
        return row.about

    @display(description="hạn")
    def due(self, row):
        return f"{row.due_on:%d/%m/%Y}{', quá hạn' if row.is_overdue else ''}" if row.due_on else "–"

    @display(description="số ngày")
    def days_open(self, row):
        return format_number(row.days)

    @display(description="nơi xử lý")
    def handler_name(self, row):
        return row.handled_by or "Chưa giao"

    @display(description="trạng thái", label=STATE_LABELS)
    def state_label(self, row):
        return row.state, row.get_state_display()


def _links(row, user) -> dict:
    links = {}
    if row.has_sender and counts_on(row, user, "beneficiaries.reveal_sender"):
        links["sender"] = reverse("beneficiaries:feedback_sender", args=[row.pk])
    if user.has_perm("beneficiaries.view_inspection"):
        links["inspections"] = row.inspections.all()
    if user.has_perm("beneficiaries.add_inspection"):
        links["inspect"] = f"{reverse('admin:beneficiaries_inspection_add')}?feedback={row.pk}"
    return links
