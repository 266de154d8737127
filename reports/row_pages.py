"""The page a figure opens: the rows behind it, in the columns of their kind."""

from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from beneficiaries.models import Hardship
from beneficiaries.visits.views import proposing
from programs.models import Indicator
from programs.targets.figures import viewpoint
from reports.listings import LISTINGS
from reports.measures import Share, measure_of
from reports.measures.counting import end_of_month
from reports.rows import MOST, FigureRows, rows_under_figure
from welfare.documents.blocks import cell_align, cell_text
from welfare.site import page, render_page
from welfare.units.models import Unit, today

PER_PAGE = 50


@page(permission="programs.view_actual")
def figure_rows_page(request, indicator_id):
    """``?unit=`` (default: where the user stands) with ``from`` and ``to`` as months ("2026-01"), or ``season``.

    ``con-thieu=1`` lists of a share only those who still wait.
    """
    indicator = get_object_or_404(Indicator, pk=indicator_id)
    unit = asked_unit(request)
    first, last, season = _asked_time(request.GET)
    context = {"title": indicator.name, "indicator": indicator, "unit": unit, "season": season}
    measure = measure_of(indicator)
    if season and not (measure and measure.has_seasons):
        raise Http404
    if measure:
        listing = LISTINGS[measure.rows().model]
        if not all(request.user.has_perm(each) for each in (listing.permission, measure.needs) if each):
            raise PermissionDenied
        found = rows_under_figure(indicator, request.user, unit, first, last, season=season)
        context |= {"found": found, "first": first, "last": last, **_table(request, found, listing)}
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
    if season := query.get("season", ""):
        return None, None, season[:40].replace("\0", "")
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


def _table(request, found, listing):
    only_missing = isinstance(found.measure, Share) and request.GET.get("con-thieu") == "1"
    count = found.count - found.done if only_missing else found.count
    if only_missing:
        listing = replace(listing, columns=(*listing.columns, ("Đã chờ (ngày)", _days_waiting)))
    context = listed(request, _Pages(found, min(count, MOST), listing.related, only_missing), listing)
    query = request.GET.copy()
    query.pop("p", None)
    query.pop("con-thieu", None)
    people = [row.person for row in context["page"] if isinstance(row, Hardship)] if only_missing else []
    return context | {
        "only_missing": only_missing,
        "most": MOST if count > MOST else 0,
        "whole": query.urlencode(),
        "propose": proposing(request.user, people),
    }


@dataclass(frozen=True)
class _Pages:
    """What a figure opens, as a paginator cuts it."""

    found: FigureRows
    number: int
    related: tuple[str, ...]
    only_missing: bool

    def count(self):
        return self.number

    def __getitem__(self, part):
        return self.found.page(part.start, part.stop, self.related, only_missing=self.only_missing)


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
    return {
        "headers": [header for header, _ in listing.columns],
        "lines": [_line(row, listing) for row in shown],
        "page": shown,
        "query": query.urlencode(),
    }


def _line(row, listing):
    values = [value(row) for _, value in listing.columns]
    cells = [
        {"text": cell_text(value), "align": cell_align(value), "header": header}
        for value, (header, _) in zip(values, listing.columns, strict=True)
    ]
    return {"url": listing.opens(row), "cells": cells}
