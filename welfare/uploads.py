"""Files that come in: one too big is not written to disk at all, one of another kind is refused."""

from pathlib import PurePath

from django import forms
from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.html import format_html

_FORM_FIELDS = 64 * 1024  # what the rest of the request may take


class SizeLimit(FileUploadHandler):
    """First in ``FILE_UPLOAD_HANDLERS``: files of a request over ``UPLOAD_MAX_BYTES`` are read past, its fields kept."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.request.too_big = content_length > settings.UPLOAD_MAX_BYTES + _FORM_FIELDS

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self.request.too_big:
            raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None


def was_too_big(request) -> bool:
    return bool(request.FILES is not None and getattr(request, "too_big", False))


_KINDS = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}


def content_type(name: str) -> str:
    """By the ending of the name; what a browser says of its file is not believed."""
    return _KINDS.get(PurePath(name).suffix[1:].lower(), "application/octet-stream")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of documents and photographs, kept as they are and only ever handed out as downloads."""

    default_error_messages = {
        "kind": "Tệp “%(name)s” không nhận được; hãy chọn tệp PDF, Word, Excel hoặc ảnh JPG, PNG.",
        "empty": "Có tệp trống; hãy chọn lại tệp.",
    }

    def __init__(self, **options):
        endings = ",".join(f".{ending}" for ending in _KINDS)
        super().__init__(widget=FilesInput(attrs={"accept": endings}), **options)

    def clean(self, data, initial=None):
        return [self._checked(file) for file in data or []] if data else super().clean(None, initial) or []

    def _checked(self, file):
        if PurePath(file.name).suffix[1:].lower() not in _KINDS:
            raise forms.ValidationError(self.error_messages["kind"], "kind", {"name": file.name})
        return super().clean(file)


_BEGINNINGS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}


class ScanInput(forms.FileInput):
    """The site's own script writes the name of a chosen file into the first text field near it: it gets one to itself."""

    def render(self, *args, **options):
        field = super().render(*args, **options)
        return format_html('<span><input type="text" hidden disabled><span><span>{}</span></span></span>', field)


class ScanField(forms.FileField):
    """A PDF or a photograph by what its first bytes say, not by its name alone."""

    default_error_messages = {
        "required": "Chưa chọn tệp; hãy chọn bản quét PDF hoặc ảnh chụp.",
        "empty": "Tệp trống; hãy chọn lại tệp.",
        "kind": "Tệp “%(name)s” không phải PDF hay ảnh JPG, PNG; hãy quét hoặc chụp lại.",
    }

    def __init__(self, **options):
        endings = ",".join(f".{ending}" for ending in _BEGINNINGS)
        super().__init__(widget=ScanInput({"accept": endings, "class": "wf-file"}), **options)

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file is not None and not _is_scan(file):
            raise forms.ValidationError(self.error_messages["kind"], "kind", {"name": file.name[:80]})
        return file


def _is_scan(file) -> bool:
    wanted = _BEGINNINGS.get(file.name.rpartition(".")[2].lower())
    beginning = file.read(8)
    file.seek(0)
    return wanted is not None and beginning.startswith(wanted)
