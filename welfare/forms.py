from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminSelectWidget


class LongSelect(UnfoldAdminSelectWidget):
    """For thousands of choices without groups: Django draws each by a template, which takes a second for them."""

    def optgroups(self, name, value, attrs=None):
        return []

    def render(self, name, value, attrs=None, renderer=None):
        chosen, selected = self.format_value(value), SafeString(" selected")
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            ((key, selected if str(key) in chosen else "", label) for key, label in self.choices),
        )
        return SafeString(super().render(name, value, attrs, renderer).replace("</select>", f"{options}</select>", 1))


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
