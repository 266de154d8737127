from django import forms
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from beneficiaries.feedback.codes import code_of_form, new_form_token
from beneficiaries.feedback.fields import EvidenceField
from beneficiaries.feedback.kinds import FeedbackKind
from beneficiaries.feedback.models import MOST_TEXT, Feedback
from beneficiaries.feedback.receiving import Sender
from beneficiaries.feedback.work import Handler
from beneficiaries.rules import business_day
from welfare.states import Refused
from welfare.units.models import Department, Unit, today
from welfare.verbs import VerbForm

TOO_BIG = "Các tệp gửi cùng lúc lớn hơn 10 MB; hãy chọn ít tệp hơn rồi gửi lại."
STALE = "Trang đã mở quá lâu nên chưa gửi được; nội dung vẫn còn dưới đây, hãy bấm gửi lại."
_NO_UNITS = "Gõ vài chữ rồi chọn trong danh sách; không thấy thì cứ ghi tên như bạn biết."


class _Content(forms.Form):
    """What any feedback says."""

    kind = forms.ModelChoiceField(label="Bạn muốn gửi", queryset=FeedbackKind.objects.none(), empty_label=None)
    about = forms.CharField(label="Về đơn vị nào", max_length=200, required=False, help_text=_NO_UNITS)
    text = forms.CharField(
        label="Nội dung", max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": 7, "maxlength": MOST_TEXT})
    )
    name = forms.CharField(label="Họ và tên", max_length=120, required=False)
    phone = forms.CharField(label="Điện thoại", max_length=20, required=False)
    email = forms.EmailField(label="Thư điện tử", max_length=120, required=False)
    files = EvidenceField(
        label="Ảnh hoặc tệp PDF kèm theo", help_text="Không bắt buộc. Nhiều nhất 5 tệp, tất cả đến 10 MB."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = FeedbackKind.objects.in_force()
        self.fields["about"].widget.attrs["list"] = "units"
        for name, kind in (("name", "name"), ("phone", "tel"), ("email", "email")):
            self.fields[name].widget.attrs["autocomplete"] = kind

    @property
    def said(self) -> dict:
        given = self.cleaned_data
        return {
            "kind": given["kind"], "about": given["about"], "text": given["text"], "evidence": given["files"],
            "sender": Sender(given["name"], given["phone"], given["email"]),
        }  # fmt: skip


class PublicForm(_Content):
    """Of the public page. ``website`` is a trap: nobody sees it, programmes that fill in every field do."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=300)
    website = forms.CharField(required=False, label="Để trống ô này")
    consent = forms.BooleanField(
        required=False,
        label="Tôi đồng ý để công đoàn dùng tên và thông tin liên hệ trên chỉ để giải quyết phản ánh này.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget = forms.RadioSelect()
        self.fields["kind"].widget.choices = self.fields["kind"].choices
        self.fields["kind"].initial = FeedbackKind.objects.in_force().first()
        self.fields["website"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if given.get("website"):
            raise forms.ValidationError("Ô “Để trống ô này” phải để trống; hãy xóa chữ trong đó rồi gửi lại.")
        if any(given.get(name) for name in ("name", "phone", "email")) and not given.get("consent"):
            self.add_error("consent", "Hãy đánh dấu đồng ý, hoặc xóa tên và thông tin liên hệ để gửi ẩn danh.")
        return given


def refresh_token(form):
    """A form that came back gets a fresh token where its own will not do."""
    if form.is_bound and code_of_form(form.data.get("token", "")) is None:
        form.data = form.data.copy()
        form.data["token"] = new_form_token()


class TrackForm(forms.Form):
    code = forms.CharField(label="Mã tra cứu", max_length=40)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        attributes = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        self.fields["code"].widget.attrs |= attributes | {"placeholder": "XXXX-XXXX-XXXX"}


class WrittenDownForm(_Content):
    """Of an officer who took a call or a letter."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=300)
    channel = forms.ChoiceField(label="Nhận qua", choices=Feedback.Channel.choices[1:], widget=UnfoldAdminSelectWidget)
    received_on = forms.DateField(label="Ngày nhận", initial=today, widget=UnfoldAdminSingleDateWidget)
    field_order = ["channel", "received_on", "kind", "about", "text", "files", "name", "phone", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].label = "Loại"
        self.fields["kind"].widget = UnfoldAdminSelectWidget(choices=self.fields["kind"].choices)
        self.fields["about"].widget = UnfoldAdminTextInputWidget(attrs={"list": "units"})
        self.fields["about"].help_text = "Gõ vài chữ rồi chọn tên đơn vị; không có thì ghi như người gửi nói."
        self.fields["text"].widget = UnfoldAdminTextareaWidget(attrs={"rows": 6})
        for name in ("name", "phone", "email"):
            self.fields[name].widget = UnfoldAdminTextInputWidget()
            self.fields[name].help_text = "Để trống nếu người gửi không muốn nêu." if name == "name" else ""
        self.fields["files"].widget.attrs |= {"class": "ac-file", "data-papers": ""}

    def clean_received_on(self):
        try:
            return business_day(self.cleaned_data["received_on"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class AssignForm(VerbForm):
    handler = forms.ChoiceField(label="Giao cho", choices=Handler.choices)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Đơn vị", required=False, empty_label="– Chọn đơn vị –",
        help_text="Khi giao cho đơn vị.",
    )  # fmt: skip
    department = forms.ModelChoiceField(
        Department.objects.none(), label="Ban", required=False, empty_label="– Chọn ban –",
        help_text="Khi giao cho ban của LĐLĐ tỉnh.",
    )  # fmt: skip
    note = forms.CharField(label="Ghi chú nội bộ", max_length=2000, required=False, widget=forms.Textarea)

    def narrow(self):
        if self.row.is_restricted:
            self.fields["handler"].choices = [(Handler.INSPECTION.value, Handler.INSPECTION.label)]
            self.fields["handler"].help_text = "Phản ánh mật chỉ giao cho Ủy ban Kiểm tra."
            del self.fields["unit"], self.fields["department"]
            return
        units = Unit.objects.for_user(self.user).in_force()
        self.fields["unit"].queryset, self.fields["unit"].initial = units, self.row.unit
        self.fields["department"].queryset = Department.objects.for_user(self.user)
        self.fields["handler"].initial = Handler.UNIT if self.row.unit else Handler.DEPARTMENT

    def clean(self):
        super().clean()
        handler = self.cleaned_data.get("handler")
        for wanted, name in ((Handler.UNIT, "unit"), (Handler.DEPARTMENT, "department")):
            if handler == wanted and not self.cleaned_data.get(name) and name in self.fields:
                self.add_error(name, f"Hãy chọn {self.fields[name].label.lower()} xử lý.")
        return self.cleaned_data


class ReplyForm(VerbForm):
    answer = forms.CharField(
        label="Câu trả lời", max_length=MOST_TEXT, widget=forms.Textarea,
        help_text="Người gửi đọc được bằng mã tra cứu; không ghi tên hay số liệu riêng của người khác.",
    )  # fmt: skip
    on = forms.DateField(label="Ngày trả lời", required=False, help_text="Để trống là hôm nay.")


class NoteForm(VerbForm):
    note = forms.CharField(label="Ghi chú nội bộ", max_length=2000, widget=forms.Textarea)


class DismissForm(VerbForm):
    reason = forms.CharField(label="Lý do", max_length=1000, widget=forms.Textarea)


class ShareForm(VerbForm):
    note = forms.CharField(label="Ghi chú", max_length=2000, required=False, widget=forms.Textarea)


class ReclassifyForm(VerbForm):
    kind = forms.ModelChoiceField(FeedbackKind.objects.none(), label="Loại", empty_label=None)

    def narrow(self):
        self.fields["kind"].queryset = FeedbackKind.objects.in_force()
        self.fields["kind"].initial = self.row.kind


class ExtendForm(VerbForm):
    until = forms.DateField(label="Hạn trả lời mới")
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea)
