from django import forms

from events.budget.models import MOST_PIECES, MOST_PRICE
from programs.activities.fields import WholeNumberField
from welfare.verbs import VerbForm
from welfare.vietnamese import format_money


class ApproveForm(VerbForm):
    decision_number = forms.CharField(label="Số văn bản duyệt", max_length=60, required=False)
    on = forms.DateField(label="Ngày duyệt", required=False, help_text="Để trống là hôm nay.")


class SpendForm(VerbForm):
    """What one line really cost. ``row``: the line."""

    quantity = WholeNumberField(label="Số lượng thực chi", help_text="Không chi thì ghi 0.", max_value=MOST_PIECES)
    price = WholeNumberField(label="Đơn giá thực chi (đồng)", max_value=MOST_PRICE)
    on = forms.DateField(label="Ngày chi", required=False, help_text="Để trống là hôm nay.")
    document_number = forms.CharField(label="Số chứng từ", max_length=60, required=False)
    reason = forms.CharField(label="Lý do vượt dự toán", max_length=300, required=False, widget=forms.Textarea)

    def narrow(self):
        line, fields = self.row, self.fields
        fields["quantity"].initial, fields["price"].initial = line.quantity, line.price
        fields["reason"].help_text = f"Ghi khi thực chi vượt {format_money(line.estimated)}."
        if line.fund_id:
            fields["document_number"].help_text = f"Bắt buộc: {line.fund} chi theo chứng từ này."
        else:
            del fields["document_number"]


class TakeBackForm(VerbForm):
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea)
    on = forms.DateField(label="Ngày ghi đảo", required=False, help_text="Để trống là hôm nay.")
