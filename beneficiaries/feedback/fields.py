from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError

from beneficiaries.feedback.receiving import Evidence
from welfare.photographs import shrunk
from welfare.states import Refused
from welfare.uploads import FilesInput

MOST_FILES = 5
_PICTURES = (".jpg", ".jpeg", ".png", ".webp")


class EvidenceField(forms.FileField):
    """Photographs, made small and without what a phone writes into them, and PDF files, kept as they are."""

    def __init__(self, **options):
        attributes = {"accept": ",".join((*_PICTURES, ".pdf")), "aria-label": "Chọn ảnh hoặc tệp PDF"}
        super().__init__(widget=FilesInput(attrs=attributes), required=False, **options)

    def clean(self, data, initial=None) -> list[Evidence]:
        files = data or []
        if len(files) > MOST_FILES:
            raise ValidationError(f"Gửi nhiều nhất {MOST_FILES} tệp; hãy chọn ít tệp hơn.")
        return [_evidence(super(EvidenceField, self).clean(file)) for file in files]


def _evidence(file) -> Evidence:
    ending = PurePath(file.name).suffix.lower()
    if ending in _PICTURES:
        try:
            return Evidence("jpg", "image/jpeg", shrunk(file).image)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from None
    if ending != ".pdf" or not file.read(1024).lstrip().startswith(b"%PDF-"):
        raise ValidationError(f"Tệp “{file.name[:80]}” không phải ảnh hoặc PDF đọc được; hãy chọn tệp khác.")
    file.seek(0)
    return Evidence("pdf", "application/pdf", file.read())
