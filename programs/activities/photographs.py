"""Photographs of an activity: taken in, kept small, and taken away again."""

import logging
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from programs.activities.models import Activity, ActivityPhoto
from programs.activities.photo_process import NOT_AN_IMAGE, TOO_LARGE
from welfare.audit import AuditEvent, record
from welfare.documents.models import store_file
from welfare.rules import need
from welfare.states import Refused, locked

MOST_PHOTOS = 30  # of one activity
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


def add_photos(activity: Activity, by, photos: list[Shrunk]):
    """All of them or none. Raises ``Refused`` beyond what an activity may hold."""
    need(by, "programs.change_activity", "thêm ảnh hoạt động", unit_id=activity.unit_id)
    with locked(activity) as row:
        if row.photos.count() + len(photos) > MOST_PHOTOS:
            raise Refused(f"Mỗi hoạt động giữ nhiều nhất {MOST_PHOTOS} ảnh; hãy xóa bớt ảnh cũ.")
        for photo in photos:
            ActivityPhoto.objects.create(
                activity=row, image=_stored(row, by, photo.name, photo.image),
                thumbnail=_stored(row, by, f"nho-{photo.name}", photo.thumbnail),
            )  # fmt: skip
        record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"photos": len(photos)})


def _stored(activity, by, name, content):
    return store_file(content, name=name, content_type="image/jpeg", owner=by, unit=activity.unit, subject=activity)


def remove_photo(photo: ActivityPhoto, by):
    """The files go with the row, once the database has let it go."""
    activity = photo.activity
    need(by, "programs.change_activity", "xóa ảnh hoạt động", unit_id=activity.unit_id)
    files = [photo.image, photo.thumbnail]
    with transaction.atomic():
        photo.delete()
        for stored in files:
            stored.delete()
        record(AuditEvent.Action.CHANGE, actor=by, subject=activity, unit=activity.unit, detail={"photos": -1})
        transaction.on_commit(lambda: [stored.file.delete(save=False) for stored in files])
