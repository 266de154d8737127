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
