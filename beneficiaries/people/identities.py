"""ID numbers somebody had before: a CMND that a CCCD replaced, or one that was corrected. They stay searchable."""

from django.db import models

from welfare.crypto import EncryptedTextField, mask_id
from welfare.scoping import ScopedManager, Via
from welfare.units.models import today


class FormerId(models.Model):
    """A number that stood in a person's row until ``replaced_on``. Of one unit's people nobody else may take it."""

    person = models.ForeignKey(
        "beneficiaries.Person", models.CASCADE, verbose_name="người", related_name="former_ids", db_index=False
    )
    national_id = EncryptedTextField("số CCCD/CMND cũ")
    id_hash = models.CharField(max_length=80, editable=False)
    replaced_on = models.DateField("thay ngày", default=today)

    scope = Via("person")
    objects = ScopedManager()

    class Meta:
        verbose_name = "số giấy tờ cũ"
        verbose_name_plural = "số giấy tờ cũ"
        default_permissions = ()
        ordering = ["-replaced_on", "-pk"]
        indexes = [models.Index(fields=["id_hash"], name="former_id_by_hash")]
        constraints = [models.UniqueConstraint(fields=["person", "id_hash"], name="former_id_once")]

    def __str__(self):
        return self.masked

    @property
    def masked(self) -> str:
        return mask_id(self.national_id)


def keep_former(person, national_id: str, id_hash: str):
    FormerId.objects.get_or_create(person=person, id_hash=id_hash, defaults={"national_id": national_id})


def holder_in_unit(unit_id, hashes: list[str], but=None):
    """The person of the unit who has, or had, one of these numbers; None when nobody does."""
    from beneficiaries.people.models import Person

    people = Person.objects.filter(unit=unit_id).exclude(pk=but).exclude(state="merged")
    now = people.filter(id_hash__in=hashes).first()
    return now or people.filter(pk__in=FormerId.objects.filter(id_hash__in=hashes).values("person")).first()
