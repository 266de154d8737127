"""The ways of counting. ``cells.py`` does it by them, ``reports/rows/`` lists the same rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar

from django.db.models import Aggregate, CharField, Count, F, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear

from beneficiaries.models import Person
from programs.models import Indicator
from reports.measures.options import EVERY, Option

RollUp = Indicator.RollUp


@dataclass(frozen=True)
class Measure:
    """``rows`` are what is counted, each with its business date as ``on``; ``unit`` is the path to its unit.

    ``words``: what is counted, for people. ``sources``: the words of ``mark_stale`` after which it is counted anew.
    ``needs``: a permission without which nobody reads the rows, besides that of their model.
    ``options``: to what an indicator may narrow it, ``chosen``: to what this one does, by the options' names.
    ``order``: in which its rows are listed, backwards; that of an index where they are very many.
    """

    code: str
    name: str
    words: str
    sources: frozenset[str]
    rows: Callable[[], QuerySet]
    options: tuple[Option, ...] = ()
    unit: str = "unit"
    has_seasons: bool = False
    needs: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ("on", "pk")
    roll_up: ClassVar[str] = RollUp.SUM

    @property
    def path(self) -> str:
        """From a row to the path of its unit in the tree."""
        return "path" if self.unit == "pk" else f"{self.unit}__path"

    @property
    def adds_over_units(self) -> bool:
        return self.roll_up in (RollUp.SUM, RollUp.RATIO)

    def narrowed(self, chosen: Mapping[str, str]) -> "Measure":
        return replace(self, chosen=chosen)

    def with_every_part(self) -> tuple["Measure", str]:
        """What counts this one's rows together with those of its like, and which ``part`` of them is its own.

        Itself and "" where no option splits.
        """
        for option in self.options:
            if option.split and (part := self.value_of(option)):
                return self.narrowed({**self.chosen, option.name: EVERY}), part
        return self, ""

    def value_of(self, option: Option) -> str:
        return self.chosen.get(option.name) or option.default

    def counted(self) -> QuerySet:
        rows = self.rows()
        for option in self.options:
            if value := self.value_of(option):
                rows = option.chosen(rows, value)
        return rows

    def between(self, first: date, last: date) -> QuerySet:
        rows = self.counted().filter(on__range=(first, last))
        return rows.filter(year__range=(first.year, last.year)) if "year" in self.order else rows

    def of_seasons(self) -> QuerySet:
        """Rows of rounds whose occasion is a season, with its name as ``season`` ("Tết 2026")."""
        name = Concat("round__occasion__name", Value(" "), Cast("round__year", CharField()))
        return self.counted().filter(round__occasion__is_season=True).annotate(season=name)

    def once(self, season: str = "") -> list:
        """Rows alike in all of these count once; empty where each counts."""
        return []

    def alike(self, season: str = "") -> dict:
        """The same as columns to be read."""
        return {f"alike_{n}": each for n, each in enumerate(self.once(season))}

    def sharing(self, rows: QuerySet, keys: Iterable) -> QuerySet:
        """Those of ``rows`` that are alike in the first of them, found by indexes."""
        return rows

    def number_of(self, rows: QuerySet, *, season: str = "") -> int:
        """How many ``rows`` there are, those alike taken for one."""
        if not (alike := self.alike(season)):
            return rows.count()
        return rows.order_by().annotate(**alike).values(*alike).distinct().count()

    def lines(self, value, numerator, denominator) -> int | None:
        """How many rows lie behind a kept figure; None where it does not say."""
        return int(value)

    @property
    def listed_once(self) -> str:
        """Which row stands for those alike, for people; "" where each is listed."""
        return ""

    def definition(self) -> str:
        """The words with what was chosen: "… Chỉ đếm: loại nhà: Nhà ở công vụ."."""
        chosen = [option.in_words(value) for option in self.options if (value := self.value_of(option))]
        return f"{self.words} Chỉ đếm: {'; '.join(chosen)}." if chosen else self.words


@dataclass(frozen=True)
class Total(Measure):
    """Adds over months and over units."""

    amount: Aggregate = Count("pk")

    def lines(self, value, numerator, denominator):
        return int(value) if self.amount is Total.amount else None


@dataclass(frozen=True)
class Distinct(Measure):
    """Counts ``key`` once a year (once a season) under each node of the tree, at its first row.

    ``stands``: which of its rows is listed, for people.
    """

    key: str | Coalesce = "pk"
    stands: str = ""
    roll_up: ClassVar[str] = RollUp.DISTINCT

    @property
    def listed_once(self):
        return self.stands

    def once(self, season=""):
        return [self.keyed()] if season else [self.keyed(), ExtractYear("on")]

    def sharing(self, rows, keys):
        if self.is_of_humans:
            return rows.filter(person__in=_humans(keys))
        return rows.filter(**{f"{self.key}__in": keys})

    @property
    def is_of_humans(self) -> bool:
        """One human may have rows in several units; no household and no unit has."""
        return self.key is HUMAN

    def keyed(self):
        return F(self.key) if isinstance(self.key, str) else self.key


@dataclass(frozen=True)
class DistinctUnits(Distinct):
    """Units that have a row in the year."""

    key: str = "unit"
    roll_up: ClassVar[str] = RollUp.UNITS


@dataclass(frozen=True)
class Stock(Measure):
    """What there is at the end of a month: rows from ``on`` until the day before ``off`` (None: until now)."""

    roll_up: ClassVar[str] = RollUp.LATEST

    def between(self, first, last):
        return self.counted().filter(on__lte=last).filter(Q(off=None) | Q(off__gt=last))


@dataclass(frozen=True)
class Share(Measure):
    """A ratio. Its rows carry ``done_on``: None while they stand in the denominator alone.

    ``noun`` is what both parts count; ``missing``: how those without ``done_on`` are called for.
    """

    noun: str = ""
    missing: str = ""
    roll_up: ClassVar[str] = RollUp.RATIO

    def lacking(self, rows: QuerySet, until: date | None) -> QuerySet:
        """Those of ``rows`` that stood in the denominator alone on the day."""
        return rows.filter(done_on=None)

    def lines(self, value, numerator, denominator):
        return None


@dataclass(frozen=True)
class Parts(Share):
    """Both parts are sums over rows, and add over months and units."""

    numerator: Aggregate = Sum("numerator")
    denominator: Aggregate = Sum("denominator")


@dataclass(frozen=True)
class Reached(Share):
    """People in need of a year (denominator), and those of them ``done_on`` in that year (numerator).

    Each is counted once a year in the person's own unit: as in need in the month that became known, as reached in the
    month when both were true. So both add over months and units, and the ratio is one of sums. ``ways``: each gives the
    rows reached that way, with the ``day``; ``reach(rows, until)`` adds ``done_on`` to all, which is slow over many;
    ``unreached(rows, until)`` are those it finds None for.
    """

    ways: tuple[Callable[[QuerySet], QuerySet], ...] = ()
    reach: Callable[[QuerySet, date], QuerySet] = None
    unreached: Callable[[QuerySet, date], QuerySet] = None

    def between(self, first, last):
        """Of whole years, but of the last those only who were known by ``last``. Said in columns: how many rows what is made
        of them leaves the database can't know, and where it takes them for few it reads them all first."""
        rows = self.counted().filter(year__range=(first.year, last.year))
        return (
            rows if (last.month, last.day) == (12, 31) else rows.filter(Q(year__lt=last.year) | Q(known_on__lte=last))
        )

    def once(self, season=""):
        return [F("person"), F("year")]

    @property
    def listed_once(self):
        return "Người có nhiều hoàn cảnh trong năm chỉ có một dòng, theo một hoàn cảnh."

    def sharing(self, rows, keys):
        return rows.filter(person__in=keys)

    def lacking(self, rows, until):
        return self.unreached(rows, until)

    def lines(self, value, numerator, denominator):
        return int(denominator)


@dataclass(frozen=True)
class Roster(Share):
    """Who is bound in a year (denominator, in the month of ``on``), and who of them did it (that of ``done_on``).

    Who is bound changes with the calendar too: whole years are counted, of all units. ``of_year(year, chosen)`` and
    ``of_season(year, chosen)`` give the rows; ``season(chosen)`` names the season, "" for none.
    """

    of_year: Callable[[int, Mapping], QuerySet] = None
    of_season: Callable[[int, Mapping], QuerySet] | None = None
    season: Callable[[Mapping], str] = lambda chosen: ""

    def wanted(self) -> dict[str, str]:
        """The value of each option."""
        return {option.name: self.value_of(option) for option in self.options}


# One human may have a row in several units: the same ID number counts once above them.
HUMAN = Coalesce("person__id_hash", Cast("person_id", TextField()), output_field=TextField())


def _humans(keys: Iterable[str]) -> list[int]:
    """Their rows of people: asked by themselves, as indexes know a few people and not what is made of two columns."""
    own = [int(key) for key in keys if key.isdecimal()]
    return list(Person.objects.filter(Q(id_hash__in=keys) | Q(pk__in=own)).values_list("pk", flat=True))
