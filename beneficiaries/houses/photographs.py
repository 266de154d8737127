"""Photographs of a house before, during and after the work."""

from django.db import models, transaction

from welfare.audit import AuditEvent, record
from welfare.documents.models import StoredFile, store_file
from welfare.photographs import Shrunk
from welfare.scoping import ScopedManager, Via
from welfare.states import Refused, locked

MOST_PHOTOS = 30  # of one house


class HousePhoto(models.Model):
    """A photograph as it is kept: at most 1600 pixels, without the place and time a phone writes into it."""

    class Stage(models.TextChoices):
        BEFORE = "before", "Trước khi làm"
        DURING = "during", "Đang làm"
        AFTER = "after", "Khi hoàn thành"

    house = models.ForeignKey("beneficiaries.House", models.CASCADE, verbose_name="nhà", related_name="photos")
    stage = models.CharField("lúc chụp", max_length=6, choices=Stage.choices)
    image = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    thumbnail = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    scope = Via("house")
    objects = ScopedManager()

    class Meta:
        verbose_name = "ảnh nhà"
        verbose_name_plural = "ảnh nhà"
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self):
        return self.image.name


def gallery(house) -> list[tuple[str, list[HousePhoto]]]:
    """[(when, photographs)] of the stages that have any."""
    photos = list(house.photos.all())
    by_stage = [(stage.label, [photo for photo in photos if photo.stage == stage]) for stage in HousePhoto.Stage]
    return [(label, found) for label, found in by_stage if found]


def add_photos(house, by, stage: str, photos: list[Shrunk]):
    """All of them or none. Raises ``Refused`` beyond what a house may hold."""
    house.need_to_write(by, "thêm ảnh nhà")
    with locked(house) as row:
        if row.photos.count() + len(photos) > MOST_PHOTOS:
            raise Refused(f"Mỗi căn nhà giữ nhiều nhất {MOST_PHOTOS} ảnh; hãy xóa bớt ảnh cũ.")
        for photo in photos:
            row.photos.create(
                stage=stage, image=_stored(row, by, photo.name, photo.image),
                thumbnail=_stored(row, by, f"nho-{photo.name}", photo.thumbnail),
            )  # fmt: skip
        record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"photos": len(photos)})


def _stored(house, by, name, content):
    return store_file(content, name=name, content_type="image/jpeg", owner=by, unit=house.unit, subject=house)


def remove_photo(photo: HousePhoto, by):
    """The files go with the row, once the database has let it go."""
    house = photo.house
    house.need_to_write(by, "xóa ảnh nhà")
    files = [photo.image, photo.thumbnail]
    with transaction.atomic():
        photo.delete()
        for stored in files:
            stored.delete()
        record(AuditEvent.Action.CHANGE, actor=by, subject=house, unit=house.unit, detail={"photos": -1})
        transaction.on_commit(lambda: [stored.file.delete(save=False) for stored in files])
