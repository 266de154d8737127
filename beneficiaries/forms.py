from django import forms

from welfare.forms import UnmovedForm


class ForRecipientForm(UnmovedForm):
    """The unit is the recipient's. The admin sets ``user`` and ``home_unit`` on the class it makes for a request."""

    user = home_unit = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "unit" in self.fields:
            self.fields["unit"].required = False

    def clean(self):
        super().clean()
        unit = self._unit()
        if unit is None:
            raise forms.ValidationError("Phải chọn người nhận, hộ nhận hoặc đơn vị.")
        if not self.user.reach.may_write(unit.pk):
            raise forms.ValidationError(f"Người nhận thuộc {unit}; chỉ đơn vị đó được lập đề nghị.")
        person = self.cleaned_data.get("person")
        if person and not self.instance.pk and person.why_closed:
            raise forms.ValidationError(person.why_closed)
        self.instance.unit = self.cleaned_data["unit"] = unit
        return self.cleaned_data

    def _unit(self):
        if self.instance.pk:
            return self.instance.unit
        recipient = self.cleaned_data.get("person") or self.cleaned_data.get("household")
        if recipient:
            return recipient.unit
        return self.cleaned_data.get("unit") if self.user.reach.province else self.home_unit
