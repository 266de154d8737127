from django import forms

from beneficiaries.forms import ForRecipientForm
from beneficiaries.funds.models import Fund
from welfare.verbs import VerbForm
from welfare.vietnamese import format_money


class ProposalForm(ForRecipientForm):
    def clean(self):
        super().clean()
        round = self.cleaned_data.get("round") or (self.instance.pk and self.instance.round)
        if round and not round.takes_proposals():
            raise forms.ValidationError(f"Đợt “{round}” hiện không nhận đề nghị; hãy chọn đợt đang mở.")
        return self.cleaned_data


class FundChoice(forms.ModelChoiceField):
    def label_from_instance(self, fund):
        return f"{fund.name} (còn {format_money(fund.balance)})"


class PaymentForm(VerbForm):
    fund = FundChoice(label="Chi từ quỹ", queryset=Fund.objects.none(), empty_label="Chọn quỹ")
    document_number = forms.CharField(label="Số chứng từ", max_length=60)
    on = forms.DateField(label="Ngày chi", required=False, help_text="Để trống là hôm nay.")

    def narrow(self):
        """``row`` is a round or a grant of one."""
        round = getattr(self.row, "round", self.row)
        self.fields["fund"].queryset = Fund.objects.for_user(self.user).filter(is_open=True)
        self.fields["fund"].initial = round.fund_id
        if getattr(self.row, "is_paid_from_fund", True) is False:
            del self.fields["fund"]
