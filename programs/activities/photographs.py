"""Photographs of an activity: taken in, kept small, and taken away again."""

from django.db import transaction

from programs.activities.models import Activity, ActivityPhoto
from welfare.audit import AuditEvent, record
from welfare.documents.models import store_file
from welfare.photographs import Shrunk
from welfare.rules import need
from welfare.states import Refused, locked

MOST_PHOTOS = 30  # of one activity


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
