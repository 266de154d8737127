"""People of one unit who may also stand in another's books: cases for the province, which no unit sees."""

from datetime import date
from typing import NamedTuple

from django.db.models import Q

from beneficiaries.duplicates.models import DuplicateCase
from beneficiaries.intake.matching import born_as, numbered
from beneficiaries.people.models import Person

_SCORES = {DuplicateCase.Reason.ID: 100, DuplicateCase.Reason.NAME: 90}


class Written(NamedTuple):
    """A person just added or changed."""

    pk: int
    id_hash: str | None
    folded_name: str
    birth_date: date | None
    birth_year: int | None


def open_cases(unit_id: int, own: list[Written]) -> None:
    """Opens a case for every pair of one of these people with somebody alike of another unit, once."""
    pairs = {}
    for pk, other, reason in [*_same_number(unit_id, own), *_same_name(unit_id, own)]:
        pairs.setdefault((min(pk, other), max(pk, other)), reason)
    DuplicateCase.objects.bulk_create(
        [
            DuplicateCase(first_id=first, second_id=second, reason=reason, score=_SCORES[reason])
            for (first, second), reason in pairs.items()
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


def _same_number(unit_id, own):
    by_hash = {id_hash: pk for pk, id_hash, *_ in own if id_hash}
    if by_hash:
        elsewhere = Person.objects.standing().exclude(unit=unit_id).filter(numbered(by_hash)).order_by()
        for other, id_hash in elsewhere.values_list("pk", "id_hash"):
            yield by_hash[id_hash], other, DuplicateCase.Reason.ID


def _same_name(unit_id, own):
    """Same name and birth, where not two different numbers tell them apart."""
    born = {}
    for pk, id_hash, name, day, year in own:
        if year:
            born.setdefault((name, year), []).append((pk, id_hash, day))
    if not born:
        return
    with_number = {key for key, same in born.items() if all(id_hash for _, id_hash, _ in same)}
    bare = born.keys() - with_number
    alike = Q(pk__in=[])
    if with_number:
        alike |= Q(id_hash__isnull=True) & Q(born_as(with_number))
    if bare:
        alike |= Q(born_as(bare))
    others = Person.objects.standing().exclude(unit=unit_id).filter(alike).order_by()
    for other, other_hash, name, other_day, year in others.values_list(*Written._fields):
        for pk, id_hash, day in born[(name, year)]:
            told_apart = id_hash and other_hash
            if not told_apart and (day == other_day or not (day and other_day)):
                yield pk, other, DuplicateCase.Reason.NAME
