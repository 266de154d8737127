"""Moves people's rows to another unit. What was done for them keeps the unit it was done in, so past figures stay."""

from django.contrib.contenttypes.models import ContentType

from beneficiaries.people.models import Consent, Hardship, Household, Person
from welfare.audit import AuditEvent, record
from welfare.bulk import add_history, among, update_rows
from welfare.documents.models import StoredFile
from welfare.states import Refused
from welfare.units.models import Unit


def move_person(person: Person, unit: Unit, by, *, on, with_household: bool, reason: str):
    """In the caller's transaction. Without their household they leave it; with it its other open members come along."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    person.check_open()
    household = person.household if with_household else None
    members = [person]
    if household:
        others = household.people.select_for_update(of=("self",)).active().filter(unit=person.unit_id)
        members += list(others.exclude(pk=person.pk))
    if any(colliding(Person.objects.filter(pk__in=[member.pk for member in members]), unit)):
        raise Refused(
            f"{unit} đã có người mang cùng số CCCD/CMND với một thành viên của hộ; hãy gộp hai hồ sơ đó trước."
        )
    if household is None and person.household_id:
        Person.objects.filter(pk=person.pk).update(household=None, household_role="")
    move_rows([member.pk for member in members], [household.pk] if household else [], unit, by, reason=reason)
    record(AuditEvent.Action.CHANGE, actor=by, subject=person, unit=unit,
           detail={"from_unit": person.unit_id, "to_unit": unit.pk, "on": str(on), "people": len(members)})  # fmt: skip


def colliding(people, unit: Unit):
    """(person, known) ids: those of ``people`` whose number somebody of ``unit`` already has."""
    there = Person.objects.filter(unit=unit).exclude(id_hash=None)
    numbers = dict(there.filter(id_hash__in=people.exclude(id_hash=None).order_by().values("id_hash")).values_list("id_hash", "pk"))  # fmt: skip
    if not numbers:
        return []
    return [(pk, numbers[each]) for pk, each in people.filter(id_hash__in=among(numbers)).values_list("pk", "id_hash")]


def move_rows(people: list[int], households: list[int], unit: Unit, by, *, reason: str):
    """Set-based: as quick for twenty thousand as for one."""
    for model, ids in ((Household, households), (Person, people)):
        if ids:
            update_rows(model, ["unit_id"], [(pk, unit.pk) for pk in ids])
            add_history(model, model.objects.filter(pk__in=among(ids)), change="~", by=by, reason=reason[:100])
    _take_evidence_along(people, unit)


def _take_evidence_along(people: list[int], unit: Unit):
    """Files are opened within reach of their unit too; those about these people go with them."""
    for model in (Hardship, Consent):
        kind = ContentType.objects.get_for_model(model)
        about = StoredFile.objects.filter(subject_kind=kind).exclude(unit=unit).values_list("subject_id", flat=True)
        of_them = model.objects.filter(person__in=among(people)).filter(pk__in=[int(pk) for pk in about[:100_000]])
        keys = [str(pk) for pk in of_them.values_list("pk", flat=True)]
        if keys:
            StoredFile.objects.filter(subject_kind=kind, subject_id__in=keys).update(unit=unit)
