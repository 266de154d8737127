from django import forms

from programs.activities.photographs import ACCEPTED, shrunk
from programs.targets.fields import NumberField
from welfare.states import Refused


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


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self):
        super().__init__({"accept": ACCEPTED, "class": "ac-file", "data-photos": "", "aria-label": "Chọn ảnh"})


class PhotosField(forms.FileField):
    """Several photographs; cleaned they are small and without what a phone writes into them (``Shrunk``)."""

    widget = PhotosInput
    MOST = 12  # at once

    def clean(self, data, initial=None):
        files = data or [None]
        if len(files) > self.MOST:
            raise forms.ValidationError(f"Mỗi lần gửi nhiều nhất {self.MOST} ảnh; hãy chọn ít ảnh hơn.")
        given = [file for each in files if (file := super(PhotosField, self).clean(each, initial))]
        try:
            return [shrunk(file) for file in given]
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def has_changed(self, initial, data):
        return bool(data)
