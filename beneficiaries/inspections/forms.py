from django import forms
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from beneficiaries.funds.models import FundEntry
from beneficiaries.inspections.findings import Recovery
from beneficiaries.inspections.models import Finding, Inspection, InspectionPlan
from beneficiaries.inspections.sampling import MOST_MONEY, MOST_ROWS, SampleRow
from programs.activities.fields import WholeNumberField
from welfare.forms import UnmovedForm
from welfare.units.models import Unit, today
from welfare.uploads import FilesField
from welfare.verbs import VerbForm
from welfare.vietnamese import format_money

_TODAY = "Để trống là hôm nay."


def _day(label, **options):
    return forms.DateField(label=label, **options)


def _long(label, length, **options):
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea, **options)


class InspectionForm(UnmovedForm):
    def clean_plan(self):
        """An approved plan is what the leaders approved; what comes later is done besides it."""
        plan = self.cleaned_data["plan"]
        if plan and plan.pk != self.instance.plan_id and plan.state != InspectionPlan.State.DRAFT:
            raise forms.ValidationError(
                f"“{plan}” đã duyệt nên không thêm cuộc kiểm tra được; hãy để trống (kiểm tra đột xuất)."
            )
        return plan

    class Meta:
        model = Inspection
        fields = "__all__"


class PlanForm(UnmovedForm):
    pass


class DecideForm(VerbForm):
    number = forms.CharField(label="Số quyết định", max_length=20)
    symbol = forms.CharField(label="Ký hiệu", max_length=40, initial="QĐ-UBKT")
    on = _day("Ngày quyết định", required=False, help_text=_TODAY)


class ConcludeForm(VerbForm):
    number = forms.CharField(label="Số kết luận", max_length=20)
    symbol = forms.CharField(label="Ký hiệu", max_length=40, initial="KL-UBKT")
    conclusion = _long("Kết luận", 10_000)
    on = _day("Ngày kết luận", required=False, help_text=_TODAY)


class MinutesForm(VerbForm):
    minutes_on = _day("Ngày lập biên bản", initial=today)
    minutes_place = forms.CharField(label="Tại", max_length=200)
    minutes_present = _long("Thành phần", 1000)
    minutes_text = _long("Nội dung làm việc", 10_000)

    def narrow(self):
        for name in self.fields:
            if value := getattr(self.row, name):
                self.fields[name].initial = value


class DrawForm(forms.Form):
    """How much to draw: so many rows or so many percent."""

    count = WholeNumberField(label="Số dòng", max_value=MOST_ROWS, required=False, widget=UnfoldAdminTextInputWidget())
    percent = WholeNumberField(
        label="Hoặc tỷ lệ (%)", max_value=100, required=False, widget=UnfoldAdminTextInputWidget(),
        help_text="Ghi một trong hai. Mỗi đơn vị được chọn theo tỷ lệ số khoản của đơn vị, ít nhất một khoản.",
    )  # fmt: skip

    def clean(self):
        super().clean()
        if not self.errors and bool(self.cleaned_data["count"]) == bool(self.cleaned_data["percent"]):
            raise forms.ValidationError("Ghi số dòng hoặc tỷ lệ phần trăm, một trong hai.")
        return self.cleaned_data


class CallForm(forms.Form):
    """Answered on a phone in a few taps."""

    reached = forms.ChoiceField(
        label="Liên lạc", choices=SampleRow.Reached.choices, widget=UnfoldAdminRadioSelectWidget,
        error_messages={"required": "Hãy chọn có liên lạc được hay không."},
    )  # fmt: skip
    received = forms.ChoiceField(
        label="Người nhận nói", choices=SampleRow.Received.choices, widget=UnfoldAdminRadioSelectWidget, required=False
    )
    amount = WholeNumberField(
        label="Số tiền thực nhận (đồng)", max_value=MOST_MONEY, required=False, help_text="Chỉ ghi khi nhận thiếu.",
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    note = forms.CharField(
        label="Ghi chú", max_length=500, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2})
    )


class FindingForm(UnmovedForm):
    """Of one inspection: its units, its sample."""

    inspection_row: Inspection | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        inspection = self.instance.inspection if self.instance.pk else self.inspection_row
        if inspection and "unit" in self.fields:
            self.fields["unit"].queryset = Unit.objects.filter(pk__in=inspection.inspected_unit_ids())
            inspected = list(inspection.units.all()[:2])
            self.fields["unit"].initial = inspected[0].pk if len(inspected) == 1 else None
        if inspection and "rows" in self.fields:
            self.fields["rows"].queryset = inspection.sample.with_recipient()
            self.fields["rows"].label_from_instance = _row_name

    def clean(self):
        super().clean()
        given = self.cleaned_data
        wrong = [
            row
            for row in given.get("rows") or []
            if given.get("unit") and row.unit_id not in given["unit"].subtree_ids()
        ]
        if wrong:
            self.add_error("rows", f"“{wrong[0]}” không thuộc {given['unit']}; hãy chọn các khoản của đơn vị này.")
        return given

    class Meta:
        model = Finding
        fields = "__all__"


def _row_name(row) -> str:
    said = f" ({row.get_received_display().lower()})" if row.received else ""
    return f"{row.position}. {row}, {row.unit}{said}"


class ReplyForm(forms.Form):
    """The unit's answer with what proves it."""

    answer = forms.CharField(
        label="Nội dung giải trình, khắc phục", max_length=5000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 8})
    )
    files = FilesField(label="Tệp kèm theo", required=False, help_text="PDF, Word, Excel hoặc ảnh; tất cả đến 10 MB.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _dress_files(self)


class EvidenceForm(forms.Form):
    files = FilesField(label="Bằng chứng", help_text="PDF, Word, Excel hoặc ảnh; tất cả đến 10 MB.",
                       error_messages={"required": "Chưa chọn tệp nào."})  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _dress_files(self)

    def clean_files(self):
        if not self.cleaned_data["files"]:
            raise forms.ValidationError("Chưa chọn tệp nào.")
        return self.cleaned_data["files"]


def _dress_files(form):
    form.fields["files"].widget.attrs |= {"class": "ac-file", "data-papers": "", "aria-label": "Chọn tệp"}


class IssueForm(VerbForm):
    on = _day("Ngày gửi", required=False, help_text=_TODAY)


class SendBackForm(VerbForm):
    reason = _long("Lý do", 300)
    answer_by = _day("Hạn giải trình mới")


class ExtendForm(VerbForm):
    answer_by = _day("Hạn giải trình mới")
    reason = _long("Lý do", 300)


class RecoverForm(VerbForm):
    entry = forms.ModelChoiceField(
        FundEntry.objects.none(), label="Bút toán thu vào quỹ", required=False, empty_label="– Không qua quỹ –"
    )
    document_number = forms.CharField(label="Hoặc số chứng từ", max_length=60, required=False)
    amount = WholeNumberField(
        label="Số tiền (đồng)", max_value=MOST_MONEY, required=False, help_text="Để trống là đủ số tiền của bút toán."
    )
    on = _day("Ngày thu hồi", required=False, help_text="Để trống là ngày của bút toán, hoặc hôm nay.")

    def narrow(self):
        """Money that came in since the finding was issued and is not used for another recovery."""
        used = Recovery.objects.standing().filter(entry__isnull=False).values("entry")
        entries = (
            FundEntry.objects.for_user(self.user).filter(amount__gt=0, reversed_by__isnull=True).exclude(pk__in=used)
        )
        since = self.row.issued_on or today()
        entries = entries.filter(on__gte=since, reverses__isnull=True).exclude(kind__in=["opening", "transfer"])
        self.fields["entry"].queryset = entries.select_related("fund")
        self.fields["entry"].label_from_instance = _entry_name
        self.fields["amount"].help_text += f" Còn phải thu hồi {format_money(self.row.owed)}."

    def clean_amount(self):
        return self.cleaned_data["amount"] or None

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if not self.errors and not given.get("entry") and not given.get("document_number"):
            raise forms.ValidationError("Chọn bút toán quỹ, hoặc ghi số chứng từ thu hồi.")
        return given


def _entry_name(entry) -> str:
    number = f", chứng từ {entry.document_number}" if entry.document_number else ""
    return f"{entry.on:%d/%m/%Y}: {format_money(entry.amount)} vào {entry.fund}{number}"


class TakeBackForm(VerbForm):
    recovery = forms.ModelChoiceField(Recovery.objects.none(), label="Lần thu hồi", empty_label="– Chọn –")
    reason = _long("Lý do", 300)

    def narrow(self):
        self.fields["recovery"].queryset = Recovery.objects.for_user(self.user).standing().filter(finding=self.row)
