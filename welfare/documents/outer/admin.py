from django.contrib import admin
from django.shortcuts import redirect
from unfold.decorators import display

from welfare.documents.outer.models import OuterForm
from welfare.scoped_admin import ScopedAdmin
from welfare.vietnamese import format_number


@admin.register(OuterForm)
class OuterFormAdmin(ScopedAdmin):
    """The list; a form is added and mapped on pages of its own."""

    list_display = ["name", "source", "unit", "mapped", "state_label", "created_at"]
    list_filter = ["state", "is_used", "unit"]
    list_select_related = ["unit", "job"]
    search_fields = ["name", "source"]
    search_help_text = "Tên biểu mẫu hoặc cơ quan ban hành"

    def add_view(self, request, form_url="", extra_context=None):
        return redirect("welfare:form_new")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        self._visible_or_404(request, object_id)
        return redirect("welfare:form_page", object_id)

    @admin.display(description="số ô đã gắn")
    def mapped(self, form):
        return format_number(len(form.mapping))

    @display(
        description="trạng thái",
        label={"used": "success", "reading": "info", "aside": "danger", "refused": "danger", "broken": "danger"},
    )
    def state_label(self, form):
        if form.is_waiting:
            return "reading", "Đang đọc"
        if form.state == OuterForm.State.READING:
            return "broken", "Đọc dở"
        if form.state == OuterForm.State.REFUSED:
            return "refused", "Không đọc được"
        return ("used", "Đang dùng") if form.is_used else ("aside", "Ngừng dùng")
