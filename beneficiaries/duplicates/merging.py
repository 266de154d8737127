"""Two rows of one human become one: everything that points at the one goes to the other, and can go back.

Rows that may stand only once beside a person (a hardship of the year, a visit of the day, a grant of the round) and stand
at both stay with the merged row: nothing is lost, and the page of the kept person shows them too. Two grants of one round
that both still count are a question of money, so they are settled first.
"""

import json
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.utils import timezone

from beneficiaries.duplicates.models import DuplicateCase, Merge
from beneficiaries.grants.models import Grant
from beneficiaries.people.leaving import GONE
from beneficiaries.people.models import FormerId, Person
from programs.targets.models import mark_stale
from welfare.bulk import add_history
from welfare.crypto import keyed_hash
from welfare.documents.models import StoredFile
from welfare.states import Refused

_STAY = (DuplicateCase, Merge)
# What the kept row takes from the other where it has nothing itself; those of a group go together.
_TAKEN = (
    ("birth_date", "birth_year"), ("birth_year",), ("gender",), ("ethnicity",), ("phone",), ("address",),
    ("workplace",), ("workplace_unit_id",), ("employment_id",), ("is_member",), ("member_since",),
    ("relative_of_id", "relation"), ("bank_account", "bank_name"), ("national_id",),
)  # fmt: skip


def merge_people(kept: Person, other: Person, by, *, case) -> Merge:
    """In the caller's transaction. Raises ``Refused`` where the two can't be one."""
    kept, other = _locked(kept, other, by)
    _check(kept, other)
    moved = list(_move(other, kept, by))
    merge = Merge(case=case, kept=kept, merged=other, by=by, moved=moved)
    number = other.national_id
    merge.before = _as_json({"national_id": number, "state": other.state, "state_on": other.state_on,
                             "state_reason": other.state_reason})  # fmt: skip
    filled = _fill(kept, other)
    other.national_id, other.state, other.merged_into = "", other.State.MERGED, kept
    other.state_on, other.state_reason = timezone.localdate(), f"Gộp vào {kept}"[:300]
    _save(other, by, "Gộp hồ sơ")
    _save(kept, by, "Gộp hồ sơ")
    merge.former, merge.filled = _remember_number(kept, number), _as_json(filled)
    merge.save()
    _recount(kept, other)
    return merge


def undo_merge(merge: Merge, by):
    """Everything goes back as it stood; what the kept person got since stays with them."""
    kept, other = _locked(merge.kept, merge.merged, by, is_undo=True)
    if kept.state == kept.State.MERGED:
        raise Refused("Hồ sơ được giữ đã được gộp tiếp vào hồ sơ khác; hãy hoàn tác lần gộp đó trước.")
    if kept.state == kept.State.ERASED or other.state == other.State.ERASED:
        raise Refused("Hồ sơ đã ẩn danh theo yêu cầu nên không hoàn tác gộp được.")
    _recount(kept, other)
    for label, field, ids in merge.moved:
        _point(label, field, ids, kept, other, by)
    _give_back(kept, json.loads(merge.filled or "{}"))
    _save(kept, by, "Hoàn tác gộp hồ sơ")
    kept.former_ids.filter(id_hash=merge.former).delete()
    before = json.loads(merge.before)
    other.state, other.merged_into, other.national_id = before["state"], None, before["national_id"]
    other.state_on, other.state_reason = before["state_on"], before["state_reason"]
    if number := before["national_id"]:
        kept.former_ids.filter(id_hash=keyed_hash(number)).delete()
    _save(other, by, "Hoàn tác gộp hồ sơ")
    merge.undone_by, merge.undone_at = by, timezone.now()
    merge.save()
    _recount(kept, other)


def _locked(kept, other, by, *, is_undo=False) -> tuple[Person, Person]:
    seen = Person.objects.for_user(by).select_for_update(of=("self",)).filter(pk__in=(kept.pk, other.pk))
    found = {person.pk: person for person in seen.order_by("pk")}
    if kept.pk == other.pk:
        raise Refused("Không gộp được một hồ sơ với chính nó; hãy chọn hồ sơ khác.")
    if len(found) < 2:
        raise Refused("Một trong hai người thuộc đơn vị bạn không được xem nên không gộp được.")
    if not is_undo and any(person.state in GONE for person in found.values()):
        raise Refused("Một trong hai hồ sơ đã được gộp hoặc ẩn danh; hãy tải lại trang.")
    return found[kept.pk], found[other.pk]


def _check(kept, other):
    if kept.relative_of_id == other.pk or other.relative_of_id == kept.pk:
        raise Refused("Hai hồ sơ ghi là người thân của nhau nên không phải một người; hãy bỏ quan hệ đó trước.")
    if kept.gender and other.gender and kept.gender != other.gender:
        raise Refused("Hai hồ sơ khác giới tính; hãy sửa hồ sơ sai trước khi gộp.")
    if other.transfers.filter(state="asked").exists():
        raise Refused(f"{other} đang chờ một đơn vị khác nhận; hãy rút hoặc trả lời việc chuyển đó rồi gộp.")
    counting = Grant.objects.standing()
    both = counting.filter(person=kept, round__in=counting.filter(person=other).values("round"))
    if grant := both.select_related("round").first():
        raise Refused(
            f"Cả hai hồ sơ đều có khoản hỗ trợ trong đợt “{grant.round}”; hãy không duyệt hoặc ghi đảo một khoản rồi gộp."
        )


# --- what points at a person ---------------------------------------------------------------------------


def relations_to_person() -> list:
    """Every foreign key to a person in any room; versions in history and staged rows point without holding."""
    fields = Person._meta.get_fields(include_hidden=True)
    found = [each for each in fields if each.auto_created and not each.concrete and not each.many_to_many]
    return [each for each in found if each.field.db_constraint and each.related_model not in _STAY]


def _move(other, kept, by):
    for relation in relations_to_person():
        model, field = relation.related_model, relation.field
        rows = model._base_manager.filter(**{field.name: other})
        ids = sorted(rows.exclude(pk__in=_colliding(model, field, other, kept)).values_list("pk", flat=True))
        if model is Person:
            ids = [pk for pk in ids if pk != kept.pk]
        if ids:
            _point(model._meta.label_lower, field.name, ids, other, kept, by)
            yield [model._meta.label_lower, field.name, ids]
    if files := [str(pk) for pk in _files(other).values_list("pk", flat=True)]:
        _point("welfare.storedfile", "subject_id", files, other, kept, by)
        yield ["welfare.storedfile", "subject_id", files]


def _files(person):
    return StoredFile.objects.filter(subject_kind=ContentType.objects.get_for_model(Person), subject_id=str(person.pk))


def _colliding(model, field, other, kept) -> set:
    """Rows of ``other`` that a unique constraint keeps from standing beside one of ``kept``."""
    found = set()
    if field.unique and model._base_manager.filter(**{field.name: kept}).exists():
        found |= set(model._base_manager.filter(**{field.name: other}).values_list("pk", flat=True))
    for constraint in model._meta.constraints:
        if field.name in getattr(constraint, "fields", ()):
            beside = [name for name in constraint.fields if name != field.name]
            rows = model._base_manager.filter(constraint.condition or Q())
            taken = set(rows.filter(**{field.name: kept}).values_list(*beside)) if beside else {()}
            mine = rows.filter(**{field.name: other}).values_list("pk", *beside)
            found |= {pk for pk, *rest in mine if tuple(rest) in taken}
    return found


def _point(label, field, ids, source, target, by):
    """Rows that still point at ``source`` to ``target``, each with a version in its history."""
    from django.apps import apps

    model = apps.get_model(label)
    rows = model._base_manager.filter(pk__in=ids, **{field: str(source.pk) if field == "subject_id" else source.pk})
    changed = list(rows.values_list("pk", flat=True))
    rows.update(**{field: str(target.pk) if field == "subject_id" else target.pk})
    if hasattr(model._meta, "simple_history_manager_attribute"):
        add_history(model, model.objects.filter(pk__in=changed), change="~", by=by, reason="Gộp hồ sơ")


# --- the two rows themselves ------------------------------------------------------------------------------


def _fill(kept, other) -> dict:
    filled = {}
    groups = [*_TAKEN, ("household_id", "household_role")] if kept.unit_id == other.unit_id else _TAKEN
    for names in groups:
        if getattr(kept, names[0]) in (None, "") and getattr(other, names[0]) not in (None, ""):
            for name in names:
                filled[name] = [getattr(kept, name), getattr(other, name)]
                setattr(kept, name, getattr(other, name))
    return filled


def _give_back(kept, filled: dict):
    """Only what nobody changed since."""
    for name, (before, given) in filled.items():
        if _as_json(getattr(kept, name)) == _as_json(given):
            setattr(kept, name, before)


def _remember_number(kept, number: str) -> str:
    """The other's number stays searchable. Returns its hash where it was added, else ""."""
    if not number or keyed_hash(number) == kept.id_hash:
        return ""
    _, is_new = FormerId.objects.get_or_create(person=kept, id_hash=keyed_hash(number), defaults={"national_id": number})  # fmt: skip
    return keyed_hash(number) if is_new else ""


def _save(person, by, why):
    person._history_user, person._change_reason = by, why
    person.save()


def _as_json(value) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder)


def _recount(*people):
    """The months in which something of either counts, since one human now counts once, or twice again."""
    for person in people:
        for unit_id, year, day in person.hardships.values_list("unit_id", "year", "known_on"):
            mark_stale("people", unit_id, date(year, 1, 1), day)
        for unit_id, day in person.visits.values_list("person_unit_id", "on"):
            mark_stale("visits", unit_id, day)
        person.grants.all().mark_stale()
