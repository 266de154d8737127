"""Takes somebody's name out of everything, for good. Figures stay: unit, amounts, dates, kinds and states are kept.

Reached are: the person's rows in every unit, whatever points at them in any room, the versions of all of these in
history, staged rows, the uploaded workbooks they stood in, evidence, papers and photographs, and the hashes of searches
for them. Kept are accounting papers (decisions, vouchers) and documents already printed, as the law on archives asks.

Every free text of a row that points at a person goes unless ``KEPT`` names it, so that a model added later is safe.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Cast, Concat

from beneficiaries.duplicates.merging import relations_to_person
from beneficiaries.duplicates.models import DuplicateCase, Merge
from beneficiaries.grants.models import Grant
from beneficiaries.houses.models import DossierFile, House, HousePhoto, HouseSurvey
from beneficiaries.houses.stages import OPEN
from beneficiaries.inspections.models import SampleRow
from beneficiaries.intake.models import ListBatch, StagedRow
from beneficiaries.loans.models import Loan
from beneficiaries.people.models import Consent, FormerId, Hardship, Household, Person, VulnerabilityMark
from welfare.audit import AuditEvent, forget_searches, record
from welfare.documents.models import StoredFile
from welfare.states import Refused
from welfare.vietnamese import fold

GONE = "Đã ẩn danh"
KEPT = {
    "beneficiaries.grant": {"decision_number", "in_kind", "outside_source"},
    "beneficiaries.house": {"decision_number"},
    "beneficiaries.loan": {"decision_number"},
    "beneficiaries.visit": {"visitors", "gift"},
    "beneficiaries.datarequest": {"extension_reason", "refused_reason", "outcome"},
}
_BORN = ("birth_date", "birth_year")
_DELETED = (VulnerabilityMark, FormerId)
_PERSON = {
    "full_name": GONE, "folded_name": fold(GONE), "sort_name": fold(GONE), "birth_date": None, "birth_year": None,
    "gender": "", "national_id": "", "id_hash": None, "ethnicity": "", "phone": "", "address": "", "workplace": "",
    "lives_in_boarding": False, "workplace_unit": None, "employment": None, "is_member": None, "member_since": None,
    "relation": "", "bank_account": "", "bank_name": "", "state_reason": "", "household_role": "",
}  # fmt: skip
_ACCOUNTING = Q(item__code__in=["decision", "vouchers"]) | Q(item__step="settled")
_UNDER_WAY = ["proposed", "returned", "forwarded", "appraised", "approved"]  # grants nobody may erase behind


def erase_human(person: Person, by, on):
    """The person's rows in all units. In the caller's transaction. Raises ``Refused`` while something is unfinished."""
    rows = _rows_of(person)
    for row in rows:
        _check_finished(row)
    sought = [word for row in rows for word in _words(row)]
    for row in rows:
        _erase(row, by, on)
    forget_searches(sought)


def _rows_of(person) -> list[Person]:
    person = person.merged_into or person
    same = Q(pk=person.pk) | Q(merged_into=person)
    if person.id_hash:
        same |= Q(id_hash=person.id_hash) | Q(merged_into__id_hash=person.id_hash)
    return list(Person.objects.select_for_update(of=("self",)).filter(same).exclude(state="erased").order_by("pk"))


def _check_finished(row):
    money = Grant.objects.filter(person=row, state__in=_UNDER_WAY)
    loans = Loan.objects.filter(person=row, state__in=["proposed", "approved", "disbursed"])
    houses = House.objects.filter(person=row, state__in=OPEN)
    for what, rows in (("khoản hỗ trợ", money), ("khoản vay", loans), ("hồ sơ nhà", houses)):
        if rows.exists():
            raise Refused(f"{row.full_name} còn {what} chưa xong ở {row.unit}; hãy kết thúc việc đó rồi ẩn danh.")


def _words(row) -> list[str]:
    numbers = [row.national_id, row.phone, *(former.national_id for former in row.former_ids.all())]
    return [row.full_name, row.full_name.lower(), row.folded_name, *filter(None, numbers)]


def _erase(row: Person, by, on):
    _erase_uploads(row)
    _erase_household(row)
    for model in _DELETED:
        _delete_with_history(model, model.objects.filter(person=row))
    for model in (Hardship, Consent):
        _delete_files(_about(model, model.objects.filter(person=row)))
    _delete_files(StoredFile.objects.filter(subject_kind=_kind(Person), subject_id=str(row.pk)))
    _erase_houses(row)
    for relation in relations_to_person():
        if relation.related_model not in (*_DELETED, Person, Household):
            _blank(relation.related_model, {relation.field.name: row.pk})
    _blank(SampleRow, {"grant__person": row.pk})
    _blank(SampleRow, {"house_payment__line__house__person": row.pk})
    DuplicateCase.objects.filter(Q(first=row) | Q(second=row), merges=None).delete()
    Merge.objects.filter(Q(kept=row) | Q(merged=row)).update(filled="", before="", former="")
    row.relatives.update(relative_of=None, relation="")
    Person.history.filter(id=row.pk).update(**_PERSON, household=None, relative_of=None)
    gone = {"state": Person.State.ERASED, "state_on": on, "merged_into": None, "household": None, "relative_of": None}
    Person.objects.filter(pk=row.pk).update(**_PERSON | gone)
    record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"erased": True, "on": str(on)})


def _blank(model, pointing: dict):
    """Every free text of the rows and of all their versions, and when somebody was born."""
    kept = KEPT.get(model._meta.label_lower, set())
    gone = {
        field.name: "" if field.blank else None if field.null else GONE[: field.max_length]
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not (field.choices or field.primary_key or field.unique or field.name in kept)
    }
    gone |= {field.name: None for field in model._meta.concrete_fields if field.name in _BORN and field.null}
    if not gone:
        return
    rows = model._base_manager.filter(**pointing)
    ids = list(rows.values_list("pk", flat=True))
    rows.update(**gone | _told_apart(model, gone))
    _blank_history(model, ids, gone)


def _told_apart(model, gone) -> dict:
    """Texts of which no two rows may have the same."""
    names = {name for each in model._meta.constraints for name in getattr(each, "fields", ())}
    return {
        name: Concat(Value(f"{GONE} "), Cast("pk", models.CharField()))
        for name in names & gone.keys() if gone[name] == GONE
    }  # fmt: skip


def _blank_history(model, ids, texts):
    if hasattr(model._meta, "simple_history_manager_attribute"):
        names = {field.name for field in model.history.model._meta.concrete_fields}
        model.history.filter(id__in=ids).update(**{name: text for name, text in texts.items() if name in names})


def _delete_with_history(model, rows):
    ids = list(rows.values_list("pk", flat=True))
    rows.delete()
    if hasattr(model._meta, "simple_history_manager_attribute"):
        model.history.filter(id__in=ids).delete()


def _erase_household(row):
    """Somebody else of the household may still need it; the name and a head's link go."""
    households = Household.objects.filter(Q(pk=row.household_id) | Q(head=row))
    for household in households:
        others = household.people.standing().exclude(pk=row.pk)
        texts = {} if others.exists() else {"head_name": GONE, "address": "", "note": ""}
        if household.head_id == row.pk or fold(household.head_name) == row.folded_name:
            texts |= {"head_name": GONE}
        household.note = _without(household.note, row.full_name)
        Household.objects.filter(pk=household.pk).update(**{"note": household.note, **texts})
        _blank_history(Household, [household.pk], {"note": household.note, **texts})
    Household.objects.filter(head=row).update(head=None)
    Household.history.filter(head=row.pk).update(head=None)


def _without(text: str, name: str) -> str:
    return text.replace(name, GONE)


def _erase_houses(row):
    """Photographs, survey and papers of the family; what accounts for money stays."""
    houses = list(House.objects.filter(person=row).values_list("pk", flat=True))
    if not houses:
        return
    photos = HousePhoto.objects.filter(house__in=houses)
    files = [pk for pair in photos.values_list("image", "thumbnail") for pk in pair]
    papers = DossierFile.objects.filter(house__in=houses).exclude(_ACCOUNTING)
    files += [pk for pk in papers.values_list("file", flat=True) if pk]
    photos.delete()
    papers.delete()
    _delete_files(StoredFile.objects.filter(pk__in=files))
    _blank(HouseSurvey, {"house__in": houses})


def _erase_uploads(row):
    """Workbooks and staged rows of the lists that brought them."""
    held = Q(person=row) | (Q(id_hash=row.id_hash) if row.id_hash else Q(pk__in=[]))
    staged = StagedRow.objects.filter(held)
    batches = set(staged.values_list("batch", flat=True))
    reasons = Person.history.filter(id=row.pk).values_list("history_change_reason", flat=True).distinct()
    batches |= {int(text.rpartition(" ")[2]) for text in reasons if (text or "").startswith("Danh sách số ")}
    staged.update(full_name="", folded_name="", id_hash=None, values={}, cells="", messages=[], changes={})
    ListBatch.objects.filter(pk__in=batches).update(mends={}, members={})
    for batch in ListBatch.objects.filter(pk__in=batches).select_related("file", "marked_file"):
        for stored in filter(None, (batch.file, batch.marked_file)):
            _empty(stored)


def _empty(stored: StoredFile):
    """The row stays as part of the list's record; its content goes once the database has let it go."""
    StoredFile.objects.filter(pk=stored.pk).update(size=0, sha256="")
    transaction.on_commit(lambda: stored.file.storage.delete(stored.file.name))


def _about(model, rows):
    keys = [str(pk) for pk in rows.values_list("pk", flat=True)]
    return StoredFile.objects.filter(subject_kind=_kind(model), subject_id__in=keys)


def _kind(model):
    return ContentType.objects.get_for_model(model)


def _delete_files(files):
    for stored in list(files):
        stored.delete()
        transaction.on_commit(lambda gone=stored: gone.file.storage.delete(gone.file.name))
