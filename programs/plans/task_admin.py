from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from unfold.decorators import display

from programs.plans.models import Assignment
from welfare.scoped_admin import ReadOnlyAdmin
from welfare.uploads import FilesField
from welfare.verbs import ReasonForm, Verb, VerbForm, VerbsMixin


class FinishForm(VerbForm):
    evidence = forms.CharField(label="Kết quả", max_length=300, help_text="Đã làm gì, văn bản nào, có ở đâu.")
    on = forms.DateField(label="Xong ngày", required=False, help_text="Để trống là hôm nay.")
    files = FilesField(
        label="Tệp kèm theo", required=False, help_text="PDF, Word, Excel hoặc ảnh; có thể chọn nhiều tệp."
    )


class MineFilter(admin.SimpleListFilter):
    title, parameter_name = "giao cho", "cua"

    def lookups(self, request, model_admin):
        return [("toi", "Đơn vị, ban của tôi chủ trì, chưa xong"), ("phoi-hop", "Tôi phối hợp, chưa xong")]

    def queryset(self, request, queryset):
        if self.value() == "phoi-hop":
            return queryset.joined_by(request.user)
        return queryset.of(request.user) if self.value() == "toi" else queryset


@admin.register(Assignment)
class AssignmentAdmin(VerbsMixin, ReadOnlyAdmin):
    unit_field = None
    list_display = ["text_start", "plan_link", "leads", "time", "state_label"]
    list_filter = [MineFilter, "state"]
    ordering = ["-state", "due_on", "pk"]
    search_fields = ["text"]
    search_help_text = "Nội dung nhiệm vụ"
    fields = [
        "text", "plan_link", "leads", "joins", "time_text", "due_on", "state", "done_on", "evidence", "files",
        "reopen_reason",
    ]  # fmt: skip
    readonly_fields = fields
    verbs = [
        Verb("finish", "Báo đã xong", "programs.finish_assignment", (Assignment.State.OPEN,), form=FinishForm,
             done="Đã ghi nhận nhiệm vụ hoàn thành.", icon="task_alt"),
        Verb("reopen", "Mở lại", "programs.finish_assignment", (Assignment.State.DONE,), form=ReasonForm,
             done="Đã mở lại nhiệm vụ.", icon="undo"),
    ]  # fmt: skip

    class Media:
        css = {"all": ["programs/programs.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).with_parties().select_related("plan__kind", "plan__unit")

    def may_do(self, request, row, verb):
        return super().may_do(request, row, verb) and row.may_be_finished_by(request.user) and row.plan.is_frozen

    def get_object(self, request, object_id, from_field=None):
        task = super().get_object(request, object_id, from_field)
        if task is not None:
            task.seen_files = task.files_seen_by(request.user)
        return task

    def get_fields(self, request, obj=None):
        """Why it was opened again is said while it is open."""
        return [name for name in self.fields if name != "reopen_reason" or (obj and obj.reopen_reason)]

    @admin.display(description="tệp kèm theo")
    def files(self, assignment):
        links = [(reverse("welfare:file", args=[file.pk]), file.name) for file in assignment.seen_files]
        return format_html_join(mark_safe("<br>"), '<a class="text-primary-600" href="{}">{}</a>', links) or "–"

    @admin.display(description="nhiệm vụ")
    def text_start(self, assignment):
        return str(assignment)

    @admin.display(description="kế hoạch", ordering="plan")
    def plan_link(self, assignment):
        page = reverse("programs:plan_view", args=[assignment.plan_id])
        return format_html('<a class="text-primary-600" href="{}">{}</a>', page, assignment.plan)

    @admin.display(description="chủ trì")
    def leads(self, assignment):
        return assignment.leads or "–"

    @admin.display(description="phối hợp")
    def joins(self, assignment):
        return assignment.joins or "–"

    @admin.display(description="thời gian", ordering="due_on")
    def time(self, assignment):
        return f"{assignment.due_on:%d/%m/%Y}" if assignment.due_on else assignment.time_text

    @display(description="trạng thái", label={"Chưa xong": "info", "Đã xong": "success", "Quá hạn": "danger"})
    def state_label(self, assignment):
        return "Quá hạn" if assignment.is_late else assignment.get_state_display()
