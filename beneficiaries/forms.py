from django import forms


class UnmovedForm(forms.ModelForm):
    """Refuses when the row's state moved while the form was open: saving would carry the old state back."""

    def clean(self):
        super().clean()
        if self.instance.pk:
            now = type(self.instance)._base_manager.select_for_update().get(pk=self.instance.pk)
            if now.state != self.instance.state:
                raise forms.ValidationError(
                    f"Trong lúc bạn sửa, trạng thái đã chuyển sang “{now.get_state_display()}”; hãy mở lại trang."
                )
        return self.cleaned_data


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
        self.instance.unit = self.cleaned_data["unit"] = unit
        return self.cleaned_data

    def _unit(self):
        if self.instance.pk:
            return self.instance.unit
        recipient = self.cleaned_data.get("person") or self.cleaned_data.get("household")
        if recipient:
            return recipient.unit
        return self.cleaned_data.get("unit") if self.user.reach.province else self.home_unit
