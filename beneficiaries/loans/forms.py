from django import forms

from beneficiaries.forms import ForRecipientForm
from beneficiaries.loans.repayments import LoanRepayment
from programs.activities.fields import WholeNumberField
from programs.targets.fields import NumberField
from welfare.forms import UnmovedForm
from welfare.verbs import VerbForm
from welfare.vietnamese import format_money

MOST_MONEY = 100_000_000_000  # VND, of one loan
_TODAY = "Để trống là hôm nay."


def _day(label):
    return forms.DateField(label=label, required=False, help_text=_TODAY)


def _money(label, **options):
    return WholeNumberField(label=label, max_value=MOST_MONEY, **options)


def _reason(label="Lý do"):
    return forms.CharField(label=label, max_length=250, widget=forms.Textarea)


class LoanForm(ForRecipientForm):
    amount = _money("Số tiền vay (đồng)")
    rate = NumberField(
        label="Lãi suất (%/năm)",
        min_value=0,
        max_value=100,
        error_messages=dict.fromkeys(("min_value", "max_value"), "Lãi suất phải từ 0 đến 100 phần trăm một năm."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            self.fields["source"].help_text = "Đã chọn dự án thì lấy nguồn vốn của dự án."


class LoanProjectForm(UnmovedForm):
    pass


class ReviewForm(VerbForm):
    on_schedule = forms.ChoiceField(label="Kết quả", choices=[("yes", "Đúng tiến độ"), ("no", "Chậm tiến độ")])
    note = forms.CharField(label="Nhận xét, vướng mắc", max_length=300, required=False, widget=forms.Textarea)
    on = _day("Ngày rà soát")


class DisburseForm(VerbForm):
    on = _day("Ngày giải ngân")
    document_number = forms.CharField(label="Số chứng từ chi", max_length=60)

    def narrow(self):
        """Money from elsewhere has its voucher elsewhere."""
        if not self.row.fund_id:
            del self.fields["document_number"]


class RepaymentForm(VerbForm):
    """Opens with what is due next."""

    on = _day("Ngày trả")
    principal = _money("Gốc (đồng)", required=False)
    interest = _money("Lãi (đồng)", required=False)
    document_number = forms.CharField(label="Số chứng từ thu", max_length=60)

    def narrow(self):
        due = self.row.instalments.filter(due_total__gt=self.row.principal_repaid).first()
        self.fields["principal"].help_text = f"Còn nợ gốc {format_money(self.row.outstanding)}."
        if due:
            self.fields["principal"].initial = due.due_total - self.row.principal_repaid
            self.fields["interest"].initial = due.interest


class ClosingForm(VerbForm):
    on = _day("Ngày tất toán")
    interest = _money("Lãi trả cùng lúc (đồng)", required=False)
    document_number = forms.CharField(label="Số chứng từ thu", max_length=60)


class TakeBackRepaymentForm(VerbForm):
    repayment = forms.ModelChoiceField(
        label="Lần trả", queryset=LoanRepayment.objects.none(), empty_label="Chọn lần trả"
    )
    reason = _reason()
    on = _day("Ngày ghi đảo")

    def narrow(self):
        self.fields["repayment"].queryset = LoanRepayment.objects.for_user(self.user).standing().filter(loan=self.row)


class ExtensionForm(VerbForm):
    months = forms.IntegerField(label="Gia hạn thêm (tháng)", min_value=1, max_value=60)
    reason = _reason("Lý do gia hạn")
    on = _day("Ngày đề nghị")


class ExtensionRefusalForm(VerbForm):
    reason = _reason()
    on = _day("Ngày quyết định")


class WriteOffForm(VerbForm):
    decision_number = forms.CharField(label="Số quyết định xóa nợ", max_length=40)
    reason = _reason("Lý do xóa nợ")
    on = _day("Ngày quyết định")


class LenderAnswerForm(VerbForm):
    answer = forms.CharField(
        label="Trả lời của bên cho vay", max_length=300, widget=forms.Textarea,
        help_text="Ví dụ: Đã giải ngân 20.000.000 đồng, thời hạn 12 tháng; hoặc: Chưa đủ điều kiện vay.",
    )  # fmt: skip
    on = _day("Ngày trả lời")
