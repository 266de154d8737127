"""Keeps a file that is too big from being written to disk at all."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

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
