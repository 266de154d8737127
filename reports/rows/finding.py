"""Rows behind a figure by a name: of a person, a household, a unit, or whatever the rows themselves are called.

A few people are asked for by their names and the rows by their keys. Where very many bear a name, rows are read in the order
they are listed and their names compared, until the page is full: to gather all those people would take longer.
"""

from functools import reduce
from operator import and_

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan

from beneficiaries.models import FundEntry, Household, Person
from beneficiaries.words import FoldedWords, words_of
from welfare.units.models import Unit
from welfare.vietnamese import fold

FEW = 1_000


def of_person(rows: QuerySet, words: str) -> QuerySet:
    return rows.filter(_of_people(_few(Person.objects.search(words)), words))


def of_person_or_household(rows, words):
    people = _few(Person.objects.search(words))
    return rows.filter(_of_people(people, words) | _of_households(people, words))


def of_household(rows, words):
    return rows.filter(_of_households(_few(Person.objects.search(words)), words))


def of_unit(rows, words):
    wanted, units = fold(words), Unit.objects.values_list("pk", "name", "short_name")
    return rows.filter(unit__in=[pk for pk, *names in units if wanted in fold(" ".join(names))])


def of_entry(rows, words):
    few = _few(FundEntry.objects.search(words))
    return rows.search(words) if few is None else rows.filter(pk__in=few)


def of_care(rows, words):
    return rows.search(words)


def of_roster(rows: list, words: str) -> list:
    wanted = fold(words)
    return [row for row in rows if wanted in fold(row.name)]


def _of_people(few, words) -> Q:
    return _has_words(F("person__folded_name"), words) if few is None else Q(person__in=few)


def _of_households(people, words) -> Q:
    """By the head's name or a member's."""
    heads = _few(Household.objects.search(words))
    by_head = Q(household__in=heads)
    if heads is None:
        by_head = _has_words(FoldedWords("household__head_name"), words)
    if people is None:
        return by_head
    members = Person.objects.filter(pk__in=people, household__isnull=False)
    return by_head | Q(household__in=list(members.order_by().values_list("household", flat=True)))


def _has_words(name, text) -> Q:
    """Compared so that the database reckons with a third of all names, not with hardly any, and tries no index on them."""
    spaced = Concat(Value(" "), name)
    return reduce(and_, (Q(GreaterThan(StrIndex(spaced, Value(f" {word}")), 0)) for word in words_of(text)), Q())


def _few(found: QuerySet) -> list[int] | None:
    """Their keys; None for more than ``FEW``."""
    keys = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
    return keys if len(keys) <= FEW else None
