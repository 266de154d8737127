from django import forms

from beneficiaries.forms import ForRecipientForm
from programs.targets.fields import NumberField
from welfare.forms import UnmovedForm
from welfare.verbs import VerbForm


class LoanForm(ForRecipientForm):
    rate = NumberField(
        label="Lãi suất (%/năm)",
        min_value=0,
        max_value=100,
        error_messages=dict.fromkeys(("min_value", "max_value"), "Lãi suất phải từ 0 đến 100 phần trăm một năm."),
    )


class LoanProjectForm(UnmovedForm):
    pass


class ReviewForm(VerbForm):
    on_schedule = forms.ChoiceField(label="Kết quả", choices=[("yes", "Đúng tiến độ"), ("no", "Chậm tiến độ")])
    note = forms.CharField(label="Nhận xét, vướng mắc", max_length=300, required=False, widget=forms.Textarea)
    on = forms.DateField(label="Ngày rà soát", required=False, help_text="Để trống là hôm nay.")
