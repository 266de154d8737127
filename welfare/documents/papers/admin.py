from django import forms
from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from welfare.documents.papers.models import Paper
from welfare.documents.papers.pages import may_write
from welfare.scoped_admin import ReadOnlyAdmin
from welfare.uploads import ScanField
from welfare.verbs import ReasonForm, Verb, VerbForm, VerbsMixin, counts_on

_STATE = Paper.State
STATE_LABELS = {"draft": "warning", "submitted": "info", "issued": "success", "dropped": "danger"}


class IssueForm(VerbForm):
    number = forms.CharField(label="Số", max_length=20, help_text="Số tiếp theo của sổ đã ghi sẵn.")
    on = forms.DateField(label="Ngày ban hành", required=False, help_text="Để trống là hôm nay.")

    def narrow(self):
        self.fields["number"].initial = self.row.suggested_number()


class ScanForm(VerbForm):
    scan = ScanField(label="Bản đã ký (PDF hoặc ảnh)")


@admin.register(Paper)
class PaperAdmin(VerbsMixin, ReadOnlyAdmin):
    change_form_outer_before_template = "documents/paper_head.html"
    list_display = ["plain_title", "number", "unit", "state_label", "created_by", "created_at"]
    list_filter = [("state", ChoicesDropdownFilter), "unit"]
    list_select_related = ["unit", "created_by", "document"]
    search_fields = ["title", "document__number"]
    search_help_text = "Trích yếu hoặc số"
    fields = ["unit", "created_by", "created_at", "submitted_by", "submitted_on", "return_reason", "issued_by"]
    readonly_fields = ["created_at"]
    verbs = [
        Verb(
            "submit", "Trình ký", "welfare.change_paper", (_STATE.DRAFT,), icon="send",
            explain="Lời văn và số liệu được giữ nguyên như bây giờ để trình; muốn sửa thì người ký trả lại.",
            done="Đã trình ký.",
        ),
        Verb("issue", "Ban hành", "welfare.issue_paper", (_STATE.SUBMITTED,), form=IssueForm, icon="approval",
             explain="Văn bản lấy số trong sổ của đơn vị. Đã ban hành thì không sửa, không xóa được.",
             done="Đã ban hành; tệp PDF và Word đang được lập."),
        Verb("send_back", "Trả lại để sửa", "welfare.issue_paper", (_STATE.SUBMITTED,), form=ReasonForm, icon="undo",
             done="Đã trả lại người soạn."),
        Verb("attach_scan", "Đính kèm bản đã ký", "welfare.change_paper", (_STATE.ISSUED,), form=ScanForm,
             icon="attach_file_add", explain="Bản quét có chữ ký và dấu, giữ cạnh bản đã ban hành.", done="Đã đính kèm."),
        Verb("drop", "Bỏ bản thảo", "welfare.change_paper", Paper.OPEN, icon="delete",
             explain="Bản thảo không dùng nữa vẫn còn trong danh sách, không trình lại được.", done="Đã bỏ bản thảo."),
    ]  # fmt: skip

    def change_view(self, request, object_id, form_url="", extra_context=None):
        paper = self.get_object(request, object_id)
        known = {"paper": paper, "may_write": may_write(paper, request.user), "files": _files(paper)} if paper else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **known})

    def may_do(self, request, row, verb):
        """On a unit's own papers, as one may write its rows. No maker issues; the signed sheet is added once."""
        if verb.name == "issue" and request.user.pk in (row.created_by_id, row.submitted_by_id):
            return False
        permission_counts = counts_on(row, request.user, verb.permission)
        reach = request.user.reach_for(verb.permission)
        is_open = verb.name != "attach_scan" or row.scan_id is None
        return permission_counts and reach.may_write(row.unit_id) and is_open

    @admin.display(description="văn bản", ordering="title")
    def plain_title(self, paper):
        return paper.plain_title

    @admin.display(description="số, ký hiệu", ordering="document__number")
    def number(self, paper):
        return paper.document.number_and_symbol if paper.document_id else "–"

    @display(description="trạng thái", ordering="state", label=STATE_LABELS)
    def state_label(self, paper):
        return paper.state, paper.get_state_display()


def _files(paper):
    names = (("pdf", "Bản PDF"), ("docx", "Bản Word"), ("scan", "Bản đã ký"))
    return [(name, getattr(paper, field)) for field, name in names if getattr(paper, f"{field}_id")]
