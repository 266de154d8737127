"""Finding people among very many: by words of a name, by a whole number, by what they are in need of."""

from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Concat

from beneficiaries.people.leaving import GONE
from beneficiaries.words import named, words_of
from welfare.crypto import keyed_hashes
from welfare.scoping import ScopedQuerySet

MOST_FOUND = 1001  # one more than is said


def digits_of(words: str) -> str:
    """The number that ``words`` are, where they can be one of an ID or a telephone; else ""."""
    digits = "".join(c for c in words if c.isdigit())
    return digits if len(digits) >= 9 and not any(c.isalpha() for c in words) else ""


class _AnyOf(Func):
    """One of very many keys, given as one value: a list of placeholders costs more than the search itself."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def _of_keys(keys: list[int]):
    if connection.vendor == "postgresql":
        return _AnyOf(F("pk"), Value(keys))
    return Q(pk__in=keys)


def _named(whole: list[str], begun: list[str]) -> list:
    return named(F("folded_name"), whole, begun)


class PersonQuerySet(ScopedQuerySet):
    # Of people just ``found``: the set they were found in and their keys, both in order, so that a list counts them
    # without asking and a page asks for its own rows alone. Narrowed further it is a set like any other.
    in_order: tuple["PersonQuerySet", list[int]] | None = None

    def search(self, words: str):
        """By an exact ID number, also one they had before, or phone; or by the beginnings of a name's words."""
        if digits := digits_of(words):
            return self.filter(self._numbered(digits))
        if not words.strip():
            return self
        return self.filter(*_named([], words_of(words)))

    def closest(self, words: str):
        """Who bears the words whole; where nobody does, whose names begin with the last of them; then with each.

        Whoever looks for Trần doesn't look for Trang, and words are found whole ten times faster than by their beginnings.
        """
        return next((people for people in self._readings(words) if people.exists()), self.none())

    def found(self, words: str, most: int = MOST_FOUND):
        """The ``closest``, at most so many, by name; beyond that somebody types more of the name.

        The rows come first and are sorted then: people of one given name stand together in the order of names, and a
        walk along it would pass a third of a million others before it came to them.
        """
        if not words.strip():
            return self
        names = (list(people.values_list("sort_name", "pk")[:most]) for people in self.order_by()._readings(words))
        descends = str((self.query.order_by or [""])[0]).startswith("-")
        keys = [key for _, key in sorted(next(filter(None, names), []), reverse=descends)]
        by_name = Concat(F("sort_name"), Value(""))  # an expression, so that no index is walked for it
        ordered = self.order_by(by_name.desc(), "-pk") if descends else self.order_by(by_name, "pk")
        rows = ordered.filter(_of_keys(keys))
        rows.in_order = ordered, keys
        return rows

    def _readings(self, text: str):
        words = words_of(text)
        if digits_of(text) or not words:
            yield self.search(text)
            return
        yield self.filter(*_named(words, []))
        yield self.filter(*_named(words[:-1], words[-1:]))
        if len(words) > 1:
            yield self.filter(*_named([], words))

    def _numbered(self, digits: str) -> Q:
        from beneficiaries.people.identities import FormerId

        hashes = keyed_hashes(digits)
        # Looked up first: one OR over a join would read the whole table.
        before = list(FormerId.objects.filter(id_hash__in=hashes).values_list("person", flat=True)[:50])
        national = "0" + digits[2:] if digits.startswith("84") and len(digits) in (11, 12) else digits
        return Q(id_hash__in=hashes) | Q(phone__in={digits, national}) | Q(pk__in=before)

    def active(self):
        """Who is cared for today: neither dead, nor gone from the list, nor merged into another row."""
        return self.filter(state="active")

    def standing(self):
        """Everyone the ledger still speaks of as a person of their own."""
        return self.exclude(state__in=GONE)

    def gone(self):
        """Rows that stand for nobody any more."""
        return self.filter(state__in=GONE)

    def in_class(self, status: str, year: int):
        """``status``: "poor", "near_poor", "unconfirmed" (a class of an earlier year only) or "none"."""
        from beneficiaries.people.households import PovertyRecord

        records = PovertyRecord.objects.filter(household=OuterRef("household"))
        this_year = records.filter(year=year)
        if status == "unconfirmed":
            return self.filter(Exists(records.filter(year__lt=year)), ~Exists(this_year))
        if status == "none":
            return self.filter(~Exists(records.filter(year__lte=year)))
        return self.filter(Exists(this_year.filter(status=status)))

    def with_need(self):
        """With what ``poverty_class`` and lists of hardships read, in a fixed number of queries."""
        from beneficiaries.people.hardships import Hardship

        hardships = Prefetch("hardships", Hardship.objects.select_related("kind"))
        return self.select_related("unit", "household").prefetch_related("household__poverty_records", hardships)
