from django import forms
from django.db.models import Q
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from beneficiaries.campaigns.models import Campaign
from beneficiaries.grants.models import Grant, GrantRound
from beneficiaries.intake.kinds import configured_kinds
from beneficiaries.loans.projects import LoanProject
from welfare.forms import LongSelect
from welfare.units.models import Unit, today
from welfare.uploads import ScanField

_FIRST_YEAR = 2015  # of lists, and so of their letters
ACCEPTED = ".xlsx,.xls,.ods,.csv"


class UploadForm(forms.Form):
    """What an upload needs. A unit officer's unit is fixed; somebody with several, or the province, chooses."""

    file = forms.FileField(
        label="Tệp danh sách",
        allow_empty_file=True,  # the reader says what is wrong with an empty one
        max_length=300,
        widget=forms.FileInput(attrs={"accept": ACCEPTED, "class": "in-file"}),
        error_messages={"required": "Chưa chọn tệp; hãy chọn hoặc kéo tệp danh sách vào khung."},
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Đơn vị gửi danh sách", empty_label="– Chọn đơn vị –",
        widget=LongSelect,
        error_messages={"invalid_choice": "Đơn vị này không thuộc phạm vi của bạn; hãy chọn lại."},
    )  # fmt: skip
    year = forms.IntegerField(
        label="Năm", min_value=_FIRST_YEAR, widget=UnfoldAdminIntegerFieldWidget,
        help_text="Năm của danh sách: diện hộ và hoàn cảnh được ghi theo năm này.",
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="Loại danh sách", required=False, widget=UnfoldAdminSelectWidget,
        help_text="Để “Tự nhận” với danh sách người cần chăm lo và nhà Mái ấm.",
    )  # fmt: skip
    round = forms.ModelChoiceField(
        GrantRound.objects.none(), label="Đợt hỗ trợ", required=False,
        empty_label="Không đề nghị, chỉ ghi vào sổ", widget=UnfoldAdminSelectWidget,
        help_text="Chọn đợt thì mỗi người trong danh sách được một đề nghị hỗ trợ.",
        error_messages={"invalid_choice": "Đợt này đã khóa hoặc không áp dụng cho đơn vị; hãy chọn đợt khác."},
    )  # fmt: skip

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="Đợt vận động", required=False, empty_label="– Chỉ với kết quả vận động quỹ –",
        widget=UnfoldAdminSelectWidget,
    )  # fmt: skip
    project = forms.ModelChoiceField(
        LoanProject.objects.none(), label="Dự án vay vốn", required=False,
        empty_label="– Chỉ với danh sách đề nghị vay vốn –", widget=UnfoldAdminSelectWidget,
    )  # fmt: skip

    def clean_year(self):
        """Next year's lists are written before Tết."""
        latest = today().year + 1
        if self.cleaned_data["year"] > latest:
            raise forms.ValidationError(f"Chưa nhận danh sách của năm sau {latest}; hãy xem lại năm.")
        return self.cleaned_data["year"]

    def clean(self):
        given = super().clean()
        kind = configured_kinds().get(given.get("kind") or "")
        if kind and kind.needs and kind.needs not in self.errors and not given.get(kind.needs):
            self.add_error(kind.needs, f"“{kind.label}” cần chọn mục này.")
        for name in ("campaign", "project"):
            given[name] = given.get(name) if kind and kind.needs == name else None
        if kind and kind.needs in ("campaign", "project"):
            given["round"] = None
        return given

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Tự nhận theo nội dung"), *_kinds(user)]
        self.fields["campaign"].queryset = Campaign.objects.for_user(user).order_by("-year", "-starts_on")
        self.fields["project"].queryset = LoanProject.objects.for_user(user).running()
        self.fields["unit"].queryset = units = _units(user)
        self.fields["round"].queryset = _open_rounds(user)
        self.fields["year"].initial = today().year
        self.fields["year"].widget.attrs["max"] = today().year + 1
        own = list(units[:2])
        if len(own) == 1:
            self.only_unit = self.fields["unit"].initial = own[0]
            self.fields["unit"].widget = forms.HiddenInput()


class TemplateForm(forms.Form):
    """Which workbook to fill."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="Đơn vị", widget=LongSelect)
    kind = forms.ChoiceField(
        label="Mẫu",
        choices=[("people", "Người cần chăm lo, kèm người đã có trong sổ"), ("houses", "Nhà Mái ấm Công đoàn")],
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, prefix="mau", **kwargs)
        self.fields["unit"].queryset = units = _units(user)
        own = list(units[:2])
        if len(own) == 1:
            self.only_unit = self.fields["unit"].initial = own[0]
            self.fields["unit"].widget = forms.HiddenInput()


class LetterForm(forms.Form):
    """The covering letter of a list."""

    number = forms.CharField(label="Số công văn", max_length=60, widget=UnfoldAdminTextInputWidget)
    on = forms.DateField(label="Ngày", widget=UnfoldAdminSingleDateWidget)
    scan = ScanField(label="Bản quét có chữ ký (PDF hoặc ảnh)", required=False)

    def clean_on(self):
        if self.cleaned_data["on"] > today():
            raise forms.ValidationError("Ngày công văn chưa tới; hãy xem lại.")
        if self.cleaned_data["on"].year < _FIRST_YEAR:
            raise forms.ValidationError(f"Ngày công văn trước năm {_FIRST_YEAR}; hãy xem lại năm.")
        return self.cleaned_data["on"]


def _kinds(user):
    rights = {
        "summary": "propose_grant", "campaign": "change_campaignresult", "loans": "add_loan", "receipts": "receive_grant",
    }  # fmt: skip
    return [
        (name, kind.label)
        for name, kind in configured_kinds().items()
        if name not in rights or user.has_perm(f"beneficiaries.{rights[name]}")
    ]


def _units(user):
    units = Unit.objects.in_force()
    reach = user.reach_for("beneficiaries.add_listbatch")
    return units if reach.writes_all else units.filter(pk__in=reach.own)


def _open_rounds(user):
    running = Q(closes_on=None) | Q(closes_on__gte=today())
    opened = Q(running, state=GrantRound.State.OPEN, opens_on__lte=today())
    paying = Q(pk__in=Grant.objects.for_user(user).to_receive().order_by().values("round"))
    return GrantRound.objects.for_user(user).filter(opened | paying).select_related("unit")
