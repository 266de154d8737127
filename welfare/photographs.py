"""Photographs that come in: made small and anonymous by a process of their own, shown in the page."""

import logging
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse

from welfare.photo_process import NOT_AN_IMAGE, TOO_LARGE
from welfare.states import Refused

ACCEPTED = "image/jpeg,image/png,image/webp"
TOO_BIG = "Các ảnh gửi cùng lúc lớn hơn 10 MB; hãy chọn ít ảnh hơn rồi gửi thêm lần nữa."
_SECONDS, _MEMORY = 20, 1024**3
_PROCESS = Path(__file__).with_name("photo_process.py")

logger = logging.getLogger(__name__)


class Shrunk(NamedTuple):
    """A photograph as it will be kept, not stored yet."""

    name: str
    image: bytes
    thumbnail: bytes


def shrunk(upload) -> Shrunk:
    """Made in a limited child process. Raises ``Refused`` with the file's name for what isn't a photograph."""
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise Refused(f"Ảnh “{upload.name}” lớn hơn 10 MB; hãy chọn ảnh nhỏ hơn.")
    command = [sys.executable, "-I", str(_PROCESS), str(_SECONDS), str(_MEMORY)]
    upload.seek(0)
    try:
        done = subprocess.run(command, input=upload.read(), capture_output=True, timeout=_SECONDS, env={}, cwd="/")
    except subprocess.TimeoutExpired:
        raise Refused(_too_large(upload.name)) from None
    if done.returncode:
        _refuse(upload.name, done)
    length = int.from_bytes(done.stdout[:8], "big")
    return Shrunk(f"{Path(upload.name).stem}.jpg", done.stdout[8 : 8 + length], done.stdout[8 + length :])


def _refuse(name, done):
    if done.returncode not in (NOT_AN_IMAGE, TOO_LARGE) and done.returncode > 0:
        logger.error("photo process ended with %s: %s", done.returncode, done.stderr[-2000:].decode("utf-8", "replace"))
    raise Refused(_not_a_photo(name) if done.returncode == NOT_AN_IMAGE else _too_large(name))


def _too_large(name) -> str:
    return f"Ảnh “{name}” có kích thước quá lớn nên không đọc được; hãy chụp lại hoặc chọn ảnh khác."


def _not_a_photo(name) -> str:
    return f"Tệp “{name}” không phải ảnh JPG, PNG hoặc WebP đọc được; hãy chọn ảnh khác."


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


class PhotosForm(forms.Form):
    photos = PhotosField(label="Thêm ảnh", error_messages={"required": "Chưa chọn ảnh nào."})


def shown(request, stored):
    """In the page, not as a download."""
    if not stored.may_open(request.user) or not stored.file.storage.exists(stored.file.name):
        raise Http404
    with stored.file.open() as file:
        return HttpResponse(file.read(), content_type=stored.content_type)
