from datetime import timedelta

from django import forms

from programs.agreements.models import AgreementReview
from welfare.forms import UnmovedForm
from welfare.units.models import Unit
from welfare.verbs import ReasonForm, VerbForm


class AgreementForm(UnmovedForm):
    """Somebody must have the offer. The admin sets ``home_unit`` on the class it makes for a request."""

    home_unit = None

    def clean(self):
        given = super().clean()
        if "level" not in self.fields and "units" not in self.fields:
            return given
        unit, named = self._signer(), list(given.get("units") or [])
        if given.get("level") is None and not named:
            self.add_error("level", "Phải chọn cấp được áp dụng hoặc ít nhất một đơn vị được hưởng.")
        if outside := [row for row in named if unit and not self._is_under(row, unit)]:
            self.add_error("units", f"{outside[0]} không phải cấp dưới của {unit} nên không thuộc thỏa thuận này.")
        return given

    def _signer(self) -> Unit | None:
        return self.instance.unit if self.instance.unit_id else self.cleaned_data.get("unit", self.home_unit)

    def _is_under(self, row, unit) -> bool:
        return row.pk != unit.pk and row.path.startswith(unit.path)


class RenewForm(VerbForm):
    document_number = forms.CharField(label="Số thỏa thuận mới", max_length=60, required=False)
    signed_on = forms.DateField(label="Ngày ký", required=False, help_text="Để trống là hôm nay.")
    starts_on = forms.DateField(label="Có hiệu lực từ")
    ends_on = forms.DateField(label="Đến hết ngày", required=False, help_text="Để trống là không thời hạn.")

    def narrow(self):
        """Proposes the same length again, from the day after."""
        old = self.row
        if old.ends_on:
            self.fields["starts_on"].initial = next_day = old.ends_on + timedelta(days=1)
            self.fields["ends_on"].initial = next_day + (old.ends_on - old.starts_on)


class EndForm(ReasonForm):
    on = forms.DateField(label="Ngày chấm dứt", required=False, help_text="Để trống là hôm nay.")


class ReviewForm(VerbForm):
    unit = forms.ModelChoiceField(label="Đơn vị đánh giá", queryset=Unit.objects.none(), empty_label=None)
    score = forms.TypedChoiceField(label="Điểm", choices=[("", "– Chọn điểm –"), *AgreementReview.SCORES], coerce=int)
    comment = forms.CharField(label="Ý kiến", max_length=500, required=False, widget=forms.Textarea)
    on = forms.DateField(label="Ngày đánh giá", required=False, help_text="Để trống là hôm nay.")

    def narrow(self):
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=reviewing_units(self.user, self.row))


def reviewing_units(user, agreement) -> list[int]:
    """The user's own units that the agreement covers."""
    own = Unit.objects.filter(pk__in=user.reach.own).select_related("kind")
    return [unit.pk for unit in own if agreement.covers(unit)]
