from django import forms
from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from events.programme.models import EventTask, Speech
from events.programme.todo import tasks_of
from welfare.exports import ListExport
from welfare.filters import KeptUnitFilter
from welfare.scoped_admin import ReadOnlyAdmin
from welfare.units.models import today
from welfare.verbs import ReasonForm, Verb, VerbForm, VerbsMixin


class FinishForm(VerbForm):
    result = forms.CharField(label="Kết quả", max_length=300, help_text="Đã làm gì, văn bản nào, có ở đâu.")
    on = forms.DateField(label="Xong ngày", required=False, help_text="Để trống là hôm nay.")


class MineFilter(admin.SimpleListFilter):
    title, parameter_name = "giao cho", "cua"

    def lookups(self, request, model_admin):
        return [("toi", "Ban, đơn vị của tôi, chưa xong")]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=tasks_of(request.user).values("pk")) if self.value() == "toi" else queryset


@admin.register(EventTask)
class EventTaskAdmin(VerbsMixin, ReadOnlyAdmin):
    unit_field = None
    list_display = ["text_start", "event", "who", "due_on", "state_label"]
    list_filter = [MineFilter, ("state", ChoicesDropdownFilter), "event"]
    list_select_related = ["event", "department", "unit"]
    ordering = ["-state", "due_on", "pk"]
    search_fields = ["text"]
    search_help_text = "Nội dung công việc"
    fields = ["text", "event", "who", "due_on", "state", "done_on", "result"]
    readonly_fields = fields
    verbs = [
        Verb("finish", "Báo đã xong", "events.finish_eventtask", ("open",), FinishForm, "Đã ghi công việc hoàn thành.",
             icon="task_alt"),
        Verb("reopen", "Mở lại", "events.finish_eventtask", ("done",), done="Đã mở lại công việc.", icon="undo"),
    ]  # fmt: skip

    def may_do(self, request, row, verb):
        return super().may_do(request, row, verb) and row.may_be_finished_by(request.user)

    @admin.display(description="công việc")
    def text_start(self, task):
        return str(task)

    @admin.display(description="phụ trách")
    def who(self, task):
        return task.department or task.unit

    @display(description="trạng thái", label={"open": "info", "done": "success", "late": "danger"})
    def state_label(self, task):
        is_late = task.state == "open" and task.due_on and task.due_on < today()
        return ("late", "Quá hạn") if is_late else (task.state, task.get_state_display())


class SendForm(VerbForm):
    speaker = forms.CharField(
        label="Người được chọn", max_length=160, help_text="Họ tên, nơi làm việc; người trong gia đình cùng dự nếu có."
    )
    text = forms.CharField(
        label="Bài phát biểu, nội dung clip", max_length=20_000, required=False, widget=forms.Textarea
    )

    def narrow(self):
        self.fields["speaker"].initial, self.fields["text"].initial = self.row.speaker, self.row.text


class ApproveForm(VerbForm):
    review = forms.CharField(label="Ý kiến", max_length=500, required=False, widget=forms.Textarea)


@admin.register(Speech)
class SpeechAdmin(VerbsMixin, ListExport, ReadOnlyAdmin):
    list_display = ["asked", "unit", "event", "kind", "speaker", "due_on", "state_label"]
    list_filter = [("state", ChoicesDropdownFilter), KeptUnitFilter, "event"]
    list_select_related = ["event", "unit"]
    search_fields = ["asked", "speaker"]
    search_help_text = "Yêu cầu hoặc người được chọn"
    fields = [
        "event",
        "unit",
        "kind",
        "asked",
        "due_on",
        "speaker",
        "text",
        "state",
        "sent_by",
        "reviewed_by",
        "review",
    ]
    readonly_fields = fields
    export_columns = {
        "Sự kiện": "event__name", "Đơn vị": "unit__short_name", "Hình thức": "get_kind_display", "Yêu cầu": "asked",
        "Người được chọn": "speaker", "Hạn": "due_on", "Trạng thái": "get_state_display",
    }  # fmt: skip
    verbs = [
        Verb("send", "Gửi bài", "events.send_speech", ("asked", "returned", "sent"), SendForm,
             "Đã gửi, chờ LĐLĐ tỉnh thẩm định.", icon="send"),
        Verb("approve", "Duyệt bài", "events.review_speech", ("sent",), ApproveForm, "Đã duyệt bài.", icon="check"),
        Verb("send_back", "Trả lại để sửa", "events.review_speech", ("sent",), ReasonForm, "Đã trả lại bài.", icon="undo"),
    ]  # fmt: skip

    def may_do(self, request, row, verb):
        writes = request.user.reach_for(verb.permission).may_write(row.unit_id)
        return writes and super().may_do(request, row, verb)

    @display(
        description="trạng thái",
        label={"asked": "warning", "sent": "info", "returned": "danger", "approved": "success"},
    )
    def state_label(self, speech):
        return speech.state, speech.get_state_display()
