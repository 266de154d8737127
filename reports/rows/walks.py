"""Rows in the order in which they are listed, read a stretch at a time from any place in it.

A place is what a row is ordered by, so that the millionth row costs no more than the first. Of rows alike, which count
once, the first of that order is listed and stands for the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import F, Func, Model, QuerySet, TextField, Value
from django.db.models.lookups import GreaterThan, LessThan

from reports.measures import Measure


class Stretch(NamedTuple):
    """``first`` and ``last`` are the places of its ends, as addresses hold them."""

    rows: list[Model]
    first: str = ""
    last: str = ""
    has_before: bool = False
    has_after: bool = False


@dataclass(frozen=True)
class Walk:
    """``of_ids``: {id: row} with all that is shown of a row; which ones is asked first, by their ids alone, as to sort a
    million whole rows for fifty takes seconds."""

    measure: Measure
    rows: QuerySet
    of_ids: Callable[[list[int]], dict[int, Model]]
    season: str = ""
    descends: bool = True

    def stretch(self, size: int, *, after: str = "", before: str | None = None) -> Stretch:
        """So many rows after a place (default: from the beginning), or those ``before`` one ("": up to the end).

        Raises ``ValueError`` for what is no place.
        """
        is_back = before is not None
        place = self._place(before if is_back else after)
        found = self._found(place, size + 1, is_back)
        has_more, found = len(found) > size, list(found.items())[:size]
        if is_back:
            found.reverse()
        if not found:
            return Stretch([])
        rows = self.of_ids([pk for pk, _ in found])
        first, last = (_text(end) for _, end in (found[0], found[-1]))
        ends = (has_more, bool(before)) if is_back else (bool(after), has_more)
        return Stretch([rows[pk] for pk, _ in found if pk in rows], first, last, *ends)

    def _found(self, place, stop, is_back) -> dict[int, tuple]:
        """{id: place}. Few rows are alike, so that hardly more is read than asked for."""
        descends, found = self.descends != is_back, {}
        is_of_start, take = place is None and not is_back, 2 * stop if self._alike else stop
        while True:
            rows = self.rows.filter(_beyond(self.measure.order, place, descends)) if place else self.rows
            read = self._read(rows, descends, take)
            found |= self._first_of_alike(read, is_of_start)
            if len(found) >= stop or len(read) < take:
                return dict(list(found.items())[:stop])
            place, is_of_start, take = read[-1].place, False, 4 * take

    def _first_of_alike(self, read, is_of_start):
        """Of the rows ``read`` those before which none alike is listed."""
        if not self._alike:
            return {each.pk: each.place for each in read}
        first, kin = {}, read
        if not is_of_start:
            kin = self._read(self.measure.sharing(self.rows, {each.alike[0] for each in read}), self.descends)
        for each in kin:
            first.setdefault(each.alike, each.pk)
        return {each.pk: each.place for each in read if first.get(each.alike) == each.pk}

    def _read(self, rows, descends, most=None) -> list["_Read"]:
        names = self.measure.order
        ordered = rows.annotate(**self._alike).order_by(*(f"-{name}" if descends else name for name in names))
        read = ordered.values_list("pk", *names, *self._alike)[:most]
        return [_Read(pk, tuple(rest[: len(names)]), tuple(rest[len(names) :])) for pk, *rest in read]

    @property
    def _alike(self):
        return self.measure.alike(self.season)

    def _place(self, text) -> tuple | None:
        if not text:
            return None
        parts = text.split(".")
        if len(parts) != len(self.measure.order):
            raise ValueError(text)
        return tuple(
            _number(part) if name in ("pk", "year") else date.fromisoformat(part)
            for name, part in zip(self.measure.order, parts, strict=True)
        )


@dataclass(frozen=True)
class ListWalk:
    """Of rows read already; a place is how many lie before or up to it."""

    rows: list[Model]

    def stretch(self, size, *, after="", before=None):
        if before is None:
            start = _number(after or "0")
            stop = start + size
        else:
            stop = min(_number(before), len(self.rows)) if before else len(self.rows)
            start = max(stop - size, 0)
        rows = self.rows[start:stop]
        return Stretch(rows, str(start), str(start + len(rows)), start > 0, stop < len(self.rows))


class _Read(NamedTuple):
    pk: int
    place: tuple
    alike: tuple


class _Row(Func):
    """Compared with another of its like as a whole, which an index on its columns answers at once."""

    template = "(%(expressions)s)"
    output_field = TextField()


def _beyond(names, place, descends):
    return (LessThan if descends else GreaterThan)(_Row(*map(F, names)), _Row(*map(Value, place)))


def _text(place) -> str:
    return ".".join(part.isoformat() if isinstance(part, date) else str(part) for part in place)


def _number(text) -> int:
    if not (text.isdecimal() and text.isascii() and len(text) <= 18):
        raise ValueError(text)
    return int(text)
