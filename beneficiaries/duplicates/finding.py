"""Looks for people who stand in the ledger twice. Safe to run again: a pair is a case once, whatever became of it.

Never all pairs: people are compared within one year of birth and one given name, and of those only where a number is
missing or may be an older one. A year of a million people is some 25,000 rows at a time.
"""

from collections import defaultdict
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db.models import Count
from rapidfuzz import fuzz, process

from beneficiaries.duplicates.models import DuplicateCase
from beneficiaries.duplicates.scoring import NEAR, QUEUED, birth_agrees
from beneficiaries.people.models import FormerId, Person
from welfare.jobs.queue import submit
from welfare.models import Unit, User
from welfare.units.models import today

_AT_ONCE = 20_000
_MOST_OF_ONE = 20  # namesakes of somebody of whom only the year is known


class Seen(NamedTuple):
    pk: int
    birth_year: int
    folded_name: str
    birth_date: date | None
    gender: str
    id_hash: str | None


def ask_for_search(by=None, batch=None):
    """Submits the search: over everybody, or for those whom a list brought. Nobody of a unit is told what it finds."""
    of_batch = batch is not None
    owner = by or User.objects.system()
    return submit(
        "find_duplicates", title="Soát người trùng", owner=owner,
        unit=batch.unit if of_batch else Unit.objects.get_first_root_node(),
        params={"batch": batch.pk} if of_batch else {},
        key=f"find_duplicates:{batch.pk}" if of_batch else f"find_duplicates:{today()}:{owner.pk if by else 'all'}:{_open_turn(by)}",
    )  # fmt: skip


def _open_turn(by) -> int:
    """A button pressed while its search runs means that one; pressed later, another."""
    from welfare.jobs.models import Job

    ended = Job.objects.filter(
        kind="find_duplicates", key__startswith=f"find_duplicates:{today()}:{by.pk if by else 'all'}"
    )
    return ended.exclude(state__in=["queued", "running"]).count() if by else 0


def find_duplicates(job):
    """The job. ``params["batch"]``: only pairs with somebody whom that list wrote."""
    from beneficiaries.intake.models import ListBatch

    batch = ListBatch.objects.filter(pk=job.params.get("batch")).first()
    among = _written_by(batch) if batch else None
    job.progress(0, 2, "Đang soát các số giấy tờ.")
    _open(_same_numbers())
    years = set(Person.objects.filter(pk__in=among).values_list("birth_year", flat=True)) if among is not None else None
    job.progress(1, 2, "Đang soát họ tên và ngày sinh.")
    for people in _by_year(years):
        job.beat()
        _open(_alike_in_year(people, among))


def _written_by(batch) -> set[int]:
    versions = Person.history.filter(history_change_reason=batch.history_reason, history_date__gte=batch.created_at)
    return set(versions.order_by().values_list("id", flat=True))


def _by_year(years):
    people = Person.objects.standing().filter(birth_year__isnull=False)
    if years is not None:
        people = people.filter(birth_year__in=[year for year in years if year])
    rows = people.order_by("birth_year").values_list(*Seen._fields).iterator(_AT_ONCE)
    for _, found in groupby(map(Seen._make, rows), key=lambda person: person.birth_year):
        yield list(found)


# --- pairs --------------------------------------------------------------------------------------------


def _same_numbers():
    """People of one number, now or before, whatever their units."""
    people = Person.objects.standing().exclude(id_hash=None).order_by()
    shared = people.values("id_hash").annotate(n=Count("pk")).filter(n__gt=1).values("id_hash")
    rows = people.filter(id_hash__in=shared).order_by("id_hash", "pk").values_list("id_hash", "pk")
    for _, found in groupby(rows, key=lambda row: row[0]):
        ids = [pk for _, pk in found]
        yield from ((ids[0], other, DuplicateCase.Reason.ID, 100) for other in ids[1:])
    former = FormerId.objects.exclude(person__in=Person.objects.gone()).values_list("id_hash", "person")
    holders = dict(people.filter(id_hash__in=FormerId.objects.values("id_hash")).values_list("id_hash", "pk"))
    for id_hash, person in former:
        if holders.get(id_hash, person) != person:
            yield person, holders[id_hash], DuplicateCase.Reason.ID, 100


def _alike_in_year(people: list[Seen], among: set[int] | None):
    """Pairs of one given name; at least one of them has no number, or they bear one name and day with two numbers."""
    blocks = defaultdict(list)
    for person in people:
        blocks[person.folded_name.rpartition(" ")[2]].append(person)
    for block in blocks.values():
        if len(block) > 1 and (among is None or any(person.pk in among for person in block)):
            for one, other in _candidates(block):
                if (among is None or one.pk in among or other.pk in among) and (case := _case(one, other)):
                    yield case


def _candidates(block: list[Seen]):
    bare = [person for person in block if not person.id_hash]
    by_day = defaultdict(list)
    for person in block:
        by_day[person.birth_date].append(person)
    for person in bare:
        yield from _near(person, _fitting(person, block, by_day))
    for day, same in by_day.items():
        if day and len(same) > 1:
            yield from _same_name_two_numbers(same)


def _fitting(person, block, by_day):
    if person.birth_date is None:
        return block
    return [*by_day[person.birth_date], *by_day.get(_exchanged(person.birth_date), ()), *by_day.get(None, ())]


def _exchanged(day: date) -> date | None:
    """Day and month the other way round; a key that nobody has where that is no day."""
    return date(day.year, day.day, day.month) if day.day <= 12 and day.day != day.month else date.min


def _near(person, others):
    others = [each for each in others if each.pk != person.pk and not (each.pk < person.pk and not each.id_hash)]
    names = [each.folded_name for each in others]
    found = process.extract(person.folded_name, names, scorer=fuzz.ratio, score_cutoff=NEAR, limit=_MOST_OF_ONE)
    yield from ((person, others[index]) for _, _, index in found)


def _same_name_two_numbers(same: list[Seen]):
    """One name and one day of birth: an old CMND beside a CCCD, or a number with a digit mistyped."""
    by_name = defaultdict(list)
    for person in same:
        if person.id_hash:
            by_name[person.folded_name].append(person)
    for namesakes in by_name.values():
        for other in namesakes[1:]:
            if _may_be_one_number(namesakes[0].pk, other.pk):
                yield namesakes[0], other


def _may_be_one_number(one: int, other: int) -> bool:
    numbers = list(Person.objects.filter(pk__in=(one, other)).values_list("national_id", flat=True))
    lengths = sorted(map(len, numbers))
    if lengths == [9, 12]:
        return True
    return lengths == [12, 12] and sum(a != b for a, b in zip(*numbers, strict=True)) <= 2


def _case(one: Seen, other: Seen):
    if one.gender and other.gender and one.gender != other.gender:
        return None
    alike = fuzz.ratio(one.folded_name, other.folded_name)
    days = birth_agrees(one.birth_date, one.birth_year, other.birth_date, other.birth_year)
    score = round(0.5 * alike + 40 * days)
    if score < QUEUED:
        return None
    reason = DuplicateCase.Reason.NAME if alike == 100 else DuplicateCase.Reason.NEAR
    return one.pk, other.pk, reason, score


def _open(pairs):
    made = [
        DuplicateCase(first_id=min(one, other), second_id=max(one, other), reason=reason, score=score)
        for one, other, reason, score in pairs
    ]
    DuplicateCase.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
