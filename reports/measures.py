"""What the ledger counts: every counted indicator, as the rows behind it and the way they are added.

``MEASURES`` (named in ``settings.MEASURES``) is {indicator code: measure}. ``reports/counting.py`` fills ``Actual``
from it and ``reports/rows.py`` lists the same rows, so that a figure and what it opens can't drift apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Aggregate, CharField, Count, DateField, F, QuerySet, Sum, TextField, Value, Window
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear, Greatest, Least, RowNumber

from beneficiaries.models import Grant, Hardship, House, PovertyRecord

SOURCES = {"houses", "grants", "people"}


@dataclass(frozen=True)
class Measure:
    """``rows`` are what is counted, each with its business date as ``on``; ``unit`` is the path to its unit.

    ``sources``: the words of ``mark_stale`` after which it is counted anew.
    """

    code: str
    sources: frozenset[str]
    rows: Callable[[], QuerySet]
    unit: str = "unit"
    has_seasons: bool = False

    def between(self, first: date, last: date) -> QuerySet:
        return self.rows().filter(on__range=(first, last))

    def of_seasons(self) -> QuerySet:
        """Rows of rounds whose occasion is a season, with its name as ``season`` ("Tết 2026")."""
        name = Concat("round__occasion__name", Value(" "), Cast("round__year", CharField()))
        return self.rows().filter(round__occasion__is_season=True).annotate(season=name)

    def listed(self, rows: QuerySet, *, season: str = "") -> QuerySet:
        """Those of the already narrowed ``rows`` that the figure counts."""
        return rows


@dataclass(frozen=True)
class Total(Measure):
    """Adds over months and over units."""

    amount: Aggregate = Count("pk")


@dataclass(frozen=True)
class Distinct(Measure):
    """Counts ``key`` once a year (once a season) under each node of the tree, at its first row."""

    key: str | Coalesce = "pk"

    def listed(self, rows, *, season=""):
        once = [self.keyed()] if season else [self.keyed(), ExtractYear("on")]
        place = Window(RowNumber(), partition_by=once, order_by=[F("on").asc(), F("pk").asc()])
        return rows.annotate(place=place).filter(place=1)

    def keyed(self):
        return F(self.key) if isinstance(self.key, str) else self.key


@dataclass(frozen=True)
class SupportedShare(Distinct):
    """People in need of a year (denominator), and those of them paid support in that year (numerator).

    Each is counted once a year in the person's own unit: as in need in the month that became known, as supported in
    the month when both were true. So both add over months and units, and the ratio is one of sums.
    """

    key: str = "person"

    def supported(self, rows: QuerySet) -> QuerySet:
        """``rows`` whose person was paid support in the year, with the date as ``paid``."""
        return rows.filter(
            person__grants__state=Grant.State.PAID, person__grants__paid_on__year=F("year")
        ).annotate(paid=F("person__grants__paid_on"))  # fmt: skip


def _day_of_year(month_and_day):
    return Cast(Concat(Cast("year", CharField()), Value(month_and_day)), DateField())


def houses_handed_over():
    return House.objects.exclude(handed_over_on=None).annotate(on=F("handed_over_on"))


def houses_new():
    return houses_handed_over().filter(construction=House.Construction.NEW)


def houses_repaired():
    return houses_handed_over().filter(construction=House.Construction.REPAIR)


def houses_surveyed():
    return House.objects.exclude(surveyed_on=None).annotate(on=F("surveyed_on"))


def grants_paid():
    return Grant.objects.paid().annotate(on=F("paid_on"))


def people_paid():
    return grants_paid().exclude(person=None)


def people_in_need():
    """A hardship belongs to its year also when it became known before or after it."""
    on = Least(Greatest("known_on", _day_of_year("-01-01")), _day_of_year("-12-31"))
    return Hardship.objects.annotate(on=on)


def poor_households():
    """A class holds for its whole year."""
    return PovertyRecord.objects.annotate(on=_day_of_year("-01-01"))


# One human may have a row in several units: the same ID number counts once above them.
_HUMAN = Coalesce("person__id_hash", Cast("person_id", TextField()), output_field=TextField())
_HOUSES, _GRANTS, _PEOPLE = frozenset({"houses"}), frozenset({"grants"}), frozenset({"people"})

MEASURES = {
    measure.code: measure
    for measure in (
        Total("houses_handed_over", _HOUSES, houses_handed_over),
        Total("houses_new", _HOUSES, houses_new),
        Total("houses_repaired", _HOUSES, houses_repaired),
        Total("houses_surveyed", _HOUSES, houses_surveyed),
        Total("gifts", _GRANTS, grants_paid, has_seasons=True, amount=Sum("people_count")),
        Total("support_money", _GRANTS, grants_paid, has_seasons=True, amount=Sum(F("cash") + F("in_kind_value"))),
        Distinct("people_supported", _GRANTS, people_paid, has_seasons=True, key=_HUMAN),
        SupportedShare("hardship_supported_share", _GRANTS | _PEOPLE, people_in_need, unit="person__unit"),
        Distinct("poor_households", _PEOPLE, poor_households, unit="household__unit", key="household"),
    )
}
