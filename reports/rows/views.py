"""The page a figure opens: the rows behind it, in the columns of their kind."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.http import urlencode

from beneficiaries.models import Hardship
from beneficiaries.visits.views import proposing
from programs.models import Indicator
from programs.targets.figures import viewpoint
from reports.measures import Share, measure_of
from reports.measures.counting import end_of_month
from reports.rows.figure_rows import MOST, FigureRows, rows_under_figure
from reports.rows.listings import LISTINGS, Listing
from reports.rows.walks import Stretch
from welfare.asked import whole_number
from welfare.audit import record_search
from welfare.documents.blocks import cell_align, cell_text
from welfare.site import page, render_page
from welfare.units.models import Unit, today

PER_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What an address of rows asks for, as ``user`` may read it. ``listing`` and ``found`` are None for what units report:
    the ledger holds no rows of it."""

    indicator: Indicator
    unit: Unit
    first: date | None
    last: date | None
    season: str
    only_missing: bool
    listing: Listing | None = None
    found: FigureRows | None = None

    @property
    def query(self) -> dict[str, str]:
        """The same as an address says it, whichever day it is read."""
        time = {"season": self.season} if self.season else {"from": f"{self.first:%Y-%m}", "to": f"{self.last:%Y-%m}"}
        return {"unit": str(self.unit.pk), **time} | ({"con-thieu": "1"} if self.only_missing else {})

    @property
    def count(self) -> int:
        return self.found.count - self.found.done if self.only_missing else self.found.count

    @property
    def is_counted(self) -> bool:
        """Whether ``count`` is all there are."""
        return not self.found.is_capped

    def walk(self, words=""):
        find = partial(self.listing.find, words=words) if words else None
        return self.found.walk(self.listing.related, only_missing=self.only_missing, find=find)


def asked_rows(user, indicator_id, query) -> Asked:
    """``query``: ``unit`` (default: where the user stands) with ``from`` and ``to`` as months ("2026-01"), or ``season``;
    ``con-thieu=1`` for those of a share who still wait.

    Raises ``Http404`` for what is not there or out of reach, ``PermissionDenied`` for rows the user may not read.
    """
    indicator = get_object_or_404(Indicator, pk=indicator_id)
    unit, (first, last, season) = unit_by_id(user, query.get("unit")), _asked_time(query)
    measure = measure_of(indicator)
    if season and not (measure and measure.has_seasons):
        raise Http404
    if not measure:
        return Asked(indicator, unit, first, last, season, False)
    listing = LISTINGS[measure.rows().model]
    if not all(user.has_perm(each) for each in (listing.permission, measure.needs) if each):
        raise PermissionDenied
    only_missing = isinstance(measure, Share) and query.get("con-thieu") == "1"
    if only_missing:
        listing = replace(listing, columns=(*listing.columns, ("Đã chờ (ngày)", _days_waiting)))
    found = rows_under_figure(indicator, user, unit, first, last, season=season)
    return Asked(indicator, unit, first, last, season, only_missing, listing, found)


@page(permission="programs.view_actual")
def figure_rows_page(request, indicator_id):
    """What ``asked_rows`` reads of the address; ``tim=`` narrows the rows to a name; ``sau=`` or ``truoc=`` is the place
    after or before which they are shown ("truoc=" alone: the last), on the page that ``p=`` calls itself."""
    asked = asked_rows(request.user, indicator_id, request.GET)
    context = {"title": asked.indicator.name, "asked": asked, "indicator": asked.indicator, "unit": asked.unit}
    if asked.found:
        context |= _table(request, asked)
    return render_page(request, "reports/rows.html", context)


def asked_unit(request) -> Unit:
    """The unit named by ``?unit=``; raises ``Http404`` for one out of reach."""
    return unit_by_id(request.user, request.GET.get("unit"))


def unit_by_id(user, asked: str | None) -> Unit:
    """``asked``: an id out of an address or form; none is where the user stands."""
    if not asked:
        return viewpoint(user)
    if not asked.isdecimal() or len(asked) > 18 or not user.reach.covers(int(asked)):
        raise Http404
    return get_object_or_404(Unit, pk=int(asked))


def _asked_time(query):
    if season := query.get("season", "").replace("\0", "")[:40]:
        return None, None, season
    first = _month(query.get("from")) or today().replace(month=1, day=1)
    last = _month(query.get("to")) or today()
    return first, end_of_month(last), ""


def _month(text) -> date | None:
    if not text:
        return None
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
    if not 1990 <= month.year <= 2100:
        raise Http404
    return month


def _table(request, asked):
    words = request.GET.get("tim", "").replace("\0", "").strip()[:80]
    if words:
        record_search(request, words, asked.found.measure.rows().model._meta.label_lower)
    pages = None if words or not asked.is_counted else max(-(-asked.count // PER_PAGE), 1)
    stretch = _stretch(request.GET, asked.walk(words), asked.count if pages else 0)
    people = [row.person for row in stretch.rows if isinstance(row, Hardship)] if asked.only_missing else []
    return table_of(stretch.rows, asked.listing) | {
        "found": asked.found,
        "most": MOST,
        "words": words,
        "pages": pages,
        "nav": _Nav(asked, words, stretch, _page_number(request.GET, stretch, pages), pages),
        "address": urlencode(asked.query),
        "whole": urlencode(replace(asked, only_missing=False).query),
        "missing": urlencode(replace(asked, only_missing=True).query),
        "propose": proposing(request.user, people),
    }


def _stretch(query, walk, count):
    try:
        if "truoc" not in query:
            return walk.stretch(PER_PAGE, after=query.get("sau", ""))
        is_last = not query["truoc"]
        return walk.stretch(count % PER_PAGE or PER_PAGE if is_last else PER_PAGE, before=query["truoc"])
    except ValueError:
        raise Http404 from None


def _page_number(query, stretch, pages) -> int:
    """As the page says that was left, within what there is; the first and the last know theirs."""
    if not stretch.has_before:
        return 1
    if pages and not stretch.has_after:
        return pages
    said = max(whole_number(query.get("p"), digits=9) or 2, 2)
    return min(said, pages) if pages else said


@dataclass(frozen=True)
class _Nav:
    """The addresses around a stretch of rows; "" for those that lead nowhere."""

    asked: Asked
    words: str
    stretch: Stretch
    number: int
    pages: int | None

    @property
    def first(self):
        return self._address() if self.stretch.has_before else ""

    @property
    def before(self):
        return self._address(truoc=self.stretch.first, p=self.number - 1) if self.stretch.has_before else ""

    @property
    def after(self):
        return self._address(sau=self.stretch.last, p=self.number + 1) if self.stretch.has_after else ""

    @property
    def last(self):
        return self._address(truoc="", p=self.pages) if self.stretch.has_after and self.pages else ""

    def _address(self, **place):
        named = {"tim": self.words} if self.words else {}
        return "?" + urlencode({**self.asked.query, **named, **place})


@dataclass(frozen=True)
class Narrow:
    """Rows a paginator cuts: which ones is asked first, by their ids alone, as sorting all of them whole takes long."""

    rows: QuerySet

    def count(self):
        return self.rows.count()

    def __getitem__(self, part):
        return list(self.rows.filter(pk__in=list(self.rows.values_list("pk", flat=True)[part])))


def _days_waiting(row) -> int:
    return max((today() - row.on).days, 0)


def listed(request, rows, listing) -> dict:
    """``?p=`` of ``rows`` in the columns of ``listing``, as ``reports/listed.html`` shows them."""
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    query = request.GET.copy()
    query.pop("p", None)
    return {**table_of(shown, listing), "page": shown, "query": query.urlencode()}


def table_of(rows, listing) -> dict:
    return {
        "headers": [header for header, _ in listing.columns],
        "lines": [_line(row, listing) for row in rows],
    }


def _line(row, listing):
    values = [value(row) for _, value in listing.columns]
    cells = [
        {"text": cell_text(value), "align": cell_align(value), "header": header}
        for value, (header, _) in zip(values, listing.columns, strict=True)
    ]
    return {"url": listing.opens(row), "cells": cells}
