from django import forms
from django.db.models import Q
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from beneficiaries.grants.models import GrantRound
from welfare.units.models import Unit, today

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
        widget=UnfoldAdminSelectWidget,
        error_messages={"invalid_choice": "Đơn vị này không thuộc phạm vi của bạn; hãy chọn lại."},
    )  # fmt: skip
    year = forms.IntegerField(
        label="Năm", min_value=2015, widget=UnfoldAdminIntegerFieldWidget,
        help_text="Năm của danh sách: diện hộ và hoàn cảnh được ghi theo năm này.",
    )  # fmt: skip
    round = forms.ModelChoiceField(
        GrantRound.objects.none(), label="Đợt hỗ trợ", required=False,
        empty_label="Không đề nghị, chỉ ghi vào sổ", widget=UnfoldAdminSelectWidget,
        help_text="Chọn đợt thì mỗi người trong danh sách được một đề nghị hỗ trợ.",
        error_messages={"invalid_choice": "Đợt này đã khóa hoặc không áp dụng cho đơn vị; hãy chọn đợt khác."},
    )  # fmt: skip

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units = _units(user)
        self.fields["round"].queryset = _open_rounds(user)
        self.fields["year"].initial = today().year
        self.fields["year"].max_value = today().year + 1
        own = list(units[:2])
        if len(own) == 1:
            self.only_unit = self.fields["unit"].initial = own[0]
            self.fields["unit"].widget = forms.HiddenInput()


def _units(user):
    units = Unit.objects.in_force()
    reach = user.reach_for("beneficiaries.add_listbatch")
    return units if reach.writes_all else units.filter(pk__in=reach.own)


def _open_rounds(user):
    running = Q(closes_on=None) | Q(closes_on__gte=today())
    rounds = GrantRound.objects.for_user(user).filter(running, state=GrantRound.State.OPEN, opens_on__lte=today())
    return rounds.select_related("unit")
