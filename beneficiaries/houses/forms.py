from django import forms

from beneficiaries.forms import ForRecipientForm
from beneficiaries.houses.models import HouseFunding
from welfare.verbs import VerbForm


class HouseForm(ForRecipientForm):
    pass


class HousePaymentForm(VerbForm):
    line = forms.ModelChoiceField(label="Nguồn", queryset=HouseFunding.objects.none(), empty_label="Chọn nguồn chi")
    document_number = forms.CharField(label="Số chứng từ", max_length=60)
    on = forms.DateField(label="Ngày chi", required=False, help_text="Để trống là hôm nay.")

    def narrow(self):
        """``row`` is a house; its lines out of a fund that are still unpaid."""
        unpaid = self.row.funding.for_user(self.user).filter(fund__isnull=False, payment__isnull=True)
        self.fields["line"].queryset = unpaid
        self.fields["line"].initial = unpaid.first()
