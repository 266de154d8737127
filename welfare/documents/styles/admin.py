from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from unfold.widgets import UnfoldAdminSelectWidget

from welfare.documents.styles.models import DocumentStyle, kind_choices
from welfare.documents.styles.template import FIELDS
from welfare.scoped_admin import OwnUnitAdmin, OwnUnitForm
from welfare.uploads import ScanInput
from welfare.verbs import Verb, VerbForm, VerbsMixin


class StyleForm(OwnUnitForm):
    kind = forms.ChoiceField(
        label="Văn bản", required=False, widget=UnfoldAdminSelectWidget(), help_text="“Mọi văn bản” dùng khi văn bản đó không có dòng riêng."
    )  # fmt: skip

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if "kind" in self.fields:
            self.fields["kind"].choices = [("", "Mọi văn bản"), *kind_choices()]
            self.fields["kind"].widget.choices = self.fields["kind"].choices


class TemplateForm(VerbForm):
    template = forms.FileField(
        label="Mẫu Word (.docx)", widget=ScanInput({"accept": ".docx", "class": "wf-file"}),
        error_messages={"required": "Chưa chọn tệp; hãy chọn mẫu .docx.", "empty": "Tệp trống; hãy chọn lại tệp."},
    )  # fmt: skip

    def narrow(self):
        self.fields["template"].help_text = format_html(
            '<a class="text-primary-600" href="{}">Tải mẫu có sẵn theo thể thức chung</a>, sửa bằng Word rồi gửi lên ở đây.',
            reverse("welfare:style_template"),
        )

    def clean_template(self):
        file = self.cleaned_data["template"]
        if not file.name.lower().endswith(".docx"):
            raise forms.ValidationError("Chỉ nhận mẫu .docx; hãy lưu mẫu bằng Word ở dạng này.")
        return file


_EXPLAIN = (
    "Mẫu được điền thử trước khi giữ lại. Khi in, mỗi trường viết như {{ so_ky_hieu }} được thay bằng nội dung của văn bản; "
    "trường là danh sách viết {% for dong in noi_nhan %}{{ dong }}{% endfor %}. Các trường: "
    + "; ".join(f"{name} – {label}" for name, label in FIELDS.items())
    + "."
)


@admin.register(DocumentStyle)
class DocumentStyleAdmin(VerbsMixin, OwnUnitAdmin):
    form = StyleForm
    list_display = ["kind_name", "unit", "signer", "has_template", "valid_from", "valid_to"]
    list_filter = ["unit"]
    list_select_related = ["unit", "template"]
    search_fields = ["signer", "unit__name"]
    search_help_text = "Người ký hoặc đơn vị"
    autocomplete_fields = ["unit"]
    compressed_fields = False
    fields = ["unit", "kind", "capacity", "signer", "recipients", "closing_words", ("valid_from", "valid_to")]
    verbs = [
        Verb("set_template", "Thay mẫu Word", "welfare.change_documentstyle", form=TemplateForm, icon="upload_file",
             explain=_EXPLAIN, done="Đã nhận mẫu; bản Word in từ nay theo mẫu này."),
        Verb("drop_template", "Bỏ mẫu Word", "welfare.change_documentstyle", icon="delete",
             explain="Bản Word trở lại theo thể thức chung.", done="Đã bỏ mẫu."),
    ]  # fmt: skip

    def get_fields(self, request, obj=None):
        return [*self.fields, "template_file"] if obj else self.fields

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "template_file"]

    def may_do(self, request, row, verb):
        return (
            super().may_do(request, row, verb)
            and request.user.reach_for(verb.permission).may_write(row.unit_id)
            and (verb.name != "drop_template" or row.template_id is not None)
        )

    @admin.display(description="văn bản", ordering="kind")
    def kind_name(self, style):
        return style.kind_name

    @admin.display(description="mẫu Word riêng", boolean=True)
    def has_template(self, style):
        return style.template_id is not None

    @admin.display(description="mẫu Word")
    def template_file(self, style):
        if not style.template_id:
            return "Theo thể thức chung"
        return format_html(
            '<a class="text-primary-600" href="{}">{}</a>',
            reverse("welfare:file", args=[style.template_id]),
            style.template.name,
        )
