from django import forms

from programs.targets.fields import NumberField


class WholeNumberField(NumberField):
    """A count or VND typed with or without dots ("1.500.000"); where it may be left empty, that is 0."""

    def __init__(self, **options):
        super().__init__(**{**options, "min_value": 0})
        self.error_messages |= {"min_value": "Số không được âm.", "max_value": "Số quá lớn; hãy xem lại."}

    def clean(self, value):
        number = super().clean(value)
        if number is None:
            return 0
        if number != int(number):
            raise forms.ValidationError("Hãy nhập số nguyên, không có phần lẻ sau dấu phẩy.")
        return int(number)
