from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from beneficiaries.forms import ForRecipientForm
from beneficiaries.houses.already import given_before, in_words
from beneficiaries.houses.dossier import DossierFile, items_for
from beneficiaries.houses.funding import HouseFunding, HousePayment
from beneficiaries.houses.photographs import HousePhoto
from beneficiaries.houses.surveys import HouseSurvey
from programs.activities.fields import WholeNumberField
from welfare.photographs import PhotosForm
from welfare.uploads import FilesField
from welfare.verbs import DecisionForm, VerbForm
from welfare.vietnamese import format_money

MOST_MONEY = 100_000_000_000  # VND, of one house
_TODAY = "Để trống là hôm nay."
_CHOOSE = [("", "– Chọn –")]


def _day(label, **options):
    return forms.DateField(label=label, **options)


def _money(label, **options):
    return WholeNumberField(label=label, max_value=MOST_MONEY, **options)


class HouseForm(ForRecipientForm):
    pass


class SurveyForm(VerbForm):
    on = _day("Ngày khảo sát", required=False, help_text=_TODAY)
    surveyors = forms.CharField(label="Người khảo sát", max_length=200)
    roof = forms.ChoiceField(label="Mái", choices=_CHOOSE + HouseSurvey.Condition.choices)
    walls = forms.ChoiceField(label="Vách, tường", choices=_CHOOSE + HouseSurvey.Condition.choices)
    floor = forms.ChoiceField(label="Nền", choices=_CHOOSE + HouseSurvey.Condition.choices)
    area = WholeNumberField(label="Diện tích (m²)", max_value=10_000)
    residents = WholeNumberField(label="Số người đang ở", max_value=100)
    land = forms.ChoiceField(label="Giấy tờ đất", choices=_CHOOSE + HouseSurvey.Land.choices)
    own_means = _money("Gia đình tự lo được (đồng)", required=False)
    estimate = _money("Dự toán (đồng)")
    proposal = forms.CharField(label="Đề xuất của đoàn khảo sát", max_length=500, widget=forms.Textarea)

    def narrow(self):
        self.fields["estimate"].initial = self.row.cost or None
        survey = HouseSurvey.objects.filter(house=self.row).first()
        for name in self.fields:
            if survey and name != "on":
                self.fields[name].initial = getattr(survey, name)

    def clean_estimate(self):
        if not self.cleaned_data["estimate"]:
            raise forms.ValidationError("Dự toán phải lớn hơn 0.")
        return self.cleaned_data["estimate"]


class AppraisalForm(VerbForm):
    on = _day("Ngày họp thẩm định", required=False, help_text=_TODAY)
    members = forms.CharField(label="Thành phần", max_length=300, widget=forms.Textarea)
    conclusion = forms.CharField(label="Kết luận", max_length=1000, widget=forms.Textarea)


class AboveNormForm(VerbForm):
    on = _day("Ngày duyệt", required=False, help_text=_TODAY)
    reason = forms.CharField(label="Lý do hỗ trợ vượt mức", max_length=300, widget=forms.Textarea)


class HouseDecisionForm(DecisionForm):
    """Asks to look twice where the family may have been given a house before."""

    looked = forms.BooleanField(label="Đã xem xét, vẫn quyết định hỗ trợ")

    def narrow(self):
        if found := in_words(given_before(self.row, self.user)):
            self.fields["looked"].help_text = f"Có thể đã được hỗ trợ: {'; '.join(found)}."
        else:
            del self.fields["looked"]

    def clean(self):
        super().clean()
        self.cleaned_data.pop("looked", None)
        return self.cleaned_data


class CompletionForm(VerbForm):
    on = _day("Ngày nghiệm thu", required=False, help_text=_TODAY)
    note = forms.CharField(label="Kết quả nghiệm thu", max_length=300, widget=forms.Textarea, required=False)


class HandOverForm(VerbForm):
    on = _day("Ngày bàn giao", required=False, help_text=_TODAY)
    note = forms.CharField(
        label="Dịp, thành phần bàn giao", max_length=300, widget=forms.Textarea, required=False,
        help_text="Ví dụ: Lễ trao Mái ấm Công đoàn dịp Tháng Công nhân.",
    )  # fmt: skip


class HousePaymentForm(VerbForm):
    line = forms.ModelChoiceField(label="Nguồn", queryset=HouseFunding.objects.none(), empty_label="Chọn nguồn chi")
    amount = _money("Số tiền (đồng)", required=False, help_text="Để trống là chi hết phần còn lại của nguồn.")
    document_number = forms.CharField(label="Số chứng từ", max_length=60)
    on = _day("Ngày chi", required=False, help_text=_TODAY)

    def narrow(self):
        """``row`` is a house; its lines out of a fund that are not paid up."""
        unpaid = [line.pk for line in self.row.funding.for_user(self.user) if line.unpaid]
        lines = HouseFunding.objects.filter(pk__in=unpaid).select_related("fund")
        self.fields["line"].queryset, self.fields["line"].initial = lines, lines.first()
        self.fields["line"].label_from_instance = lambda line: f"{line.name} (còn {format_money(line.unpaid)})"

    def clean_amount(self):
        return self.cleaned_data["amount"] or None


class TakeBackForm(VerbForm):
    payment = forms.ModelChoiceField(label="Lần chi", queryset=HousePayment.objects.none(), empty_label="Chọn lần chi")
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea)
    on = _day("Ngày ghi đảo", required=False, help_text=_TODAY)

    def narrow(self):
        payments = HousePayment.objects.for_user(self.user).standing().filter(line__house=self.row)
        self.fields["payment"].queryset = payments.select_related("entry")
        self.fields["payment"].label_from_instance = lambda payment: (
            f"{payment.get_kind_display()} {format_money(payment.amount)} ngày {payment.entry.on:%d/%m/%Y}"
        )


class SettlementForm(VerbForm):
    """One field a funding line besides the whole."""

    on = _day("Ngày quyết toán", required=False, help_text=_TODAY)
    final_cost = _money("Tổng quyết toán (đồng)")

    def narrow(self):
        self.fields["final_cost"].initial = self.row.cost
        for line in self.row.funding.select_related("fund", "donor"):
            initial = line.paid if line.fund_id else line.amount
            self.fields[f"line_{line.pk}"] = _money(f"{line.name} (đồng)", initial=initial)

    def clean(self):
        super().clean()
        names = [name for name in self.fields if name.startswith("line_")]
        if not self.errors:
            self.cleaned_data["finals"] = {int(n.removeprefix("line_")): self.cleaned_data.pop(n) for n in names}
        return self.cleaned_data


class PastForm(VerbForm):
    surveyed_on = _day("Ngày khảo sát", required=False)
    decided_on = _day("Ngày quyết định")
    decision_number = forms.CharField(label="Số quyết định", max_length=60)
    started_on = _day("Ngày khởi công", required=False)
    completed_on = _day("Ngày nghiệm thu", required=False)
    handed_over_on = _day("Ngày bàn giao")
    settled_on = _day("Ngày quyết toán", required=False, help_text="Để trống nếu chưa quyết toán.")
    note = forms.CharField(label="Dịp, thành phần bàn giao", max_length=300, widget=forms.Textarea, required=False)


class MoveInForm(VerbForm):
    full_name = forms.CharField(label="Họ và tên", max_length=120)
    job = forms.CharField(label="Chức vụ, công việc", max_length=160, required=False)
    from_day = _day("Ở từ ngày")


class MoveOutForm(VerbForm):
    occupant = forms.ModelChoiceField(label="Người chuyển đi", queryset=HouseSurvey.objects.none(), empty_label=None)
    to_day = _day("Ở đến hết ngày")

    def narrow(self):
        self.fields["occupant"].queryset = self.row.occupants.for_user(self.user).filter(to_day__isnull=True)


class PaperForm(forms.Form):
    item = forms.ModelChoiceField(
        label="Giấy tờ", queryset=DossierFile.objects.none(), widget=UnfoldAdminSelectWidget, empty_label="– Chọn giấy tờ –",
        error_messages={"required": "Chọn giấy tờ được bổ sung."},
    )  # fmt: skip
    number = forms.CharField(label="Số", max_length=60, required=False, widget=UnfoldAdminTextInputWidget)
    on = _day("Ngày", required=False, widget=UnfoldAdminSingleDateWidget)
    files = FilesField(
        label="Tệp quét, chụp", required=False,
        help_text="PDF, Word, Excel hoặc ảnh, đến 10 MB mỗi lần. Không có tệp thì ghi đủ số và ngày của bản giấy.",
    )  # fmt: skip

    def __init__(self, *args, house, **options):
        super().__init__(*args, **options)
        self.fields["item"].queryset = items_for(house)
        self.fields["files"].widget.attrs |= {"class": "ac-file", "data-papers": "", "aria-label": "Chọn tệp"}

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if not self.errors and not given["files"] and not (given["number"] and given["on"]):
            raise forms.ValidationError("Kèm tệp quét, hoặc ghi đủ số và ngày của bản giấy.")
        return given


class HousePhotosForm(PhotosForm):
    stage = forms.ChoiceField(label="Lúc chụp", choices=HousePhoto.Stage.choices, widget=UnfoldAdminSelectWidget)
    field_order = ["stage", "photos"]
