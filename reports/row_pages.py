"""The page a figure opens: the rows behind it, in the columns of their kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from beneficiaries.models import Grant, Hardship, House, PovertyRecord
from programs.models import Indicator
from programs.targets.figures import viewpoint
from reports.counting import end_of_month
from reports.measures import MEASURES, SupportedShare
from reports.rows import figure_rows
from welfare.documents.blocks import cell_align, cell_text
from welfare.site import page, render_page
from welfare.units.models import Unit, today

PER_PAGE = 50


@dataclass(frozen=True)
class Listing:
    """How rows of one model are shown. ``columns`` are (header, value of a row); the first opens ``opens(row)``."""

    permission: str
    related: tuple[str, ...]
    opens: Callable
    columns: tuple[tuple[str, Callable], ...]


LISTINGS = {
    House: Listing(
        "beneficiaries.view_house",
        ("unit", "kind", "person", "household"),
        lambda row: reverse("admin:beneficiaries_house_change", args=[row.pk]),
        (
            ("Người, hộ nhận nhà", lambda row: str(row.person or row.household or row.kind)),
            ("Đơn vị", lambda row: row.unit.short_name),
            ("Loại nhà", lambda row: row.kind.name),
            ("Hình thức", lambda row: row.get_construction_display()),
            ("Ngày", lambda row: row.on),
            ("Kinh phí (đồng)", lambda row: row.cost),
        ),
    ),
    Grant: Listing(
        "beneficiaries.view_grant",
        ("unit", "round", "person", "household"),
        lambda row: reverse("admin:beneficiaries_grant_change", args=[row.pk]),
        (
            ("Người nhận", lambda row: str(row.person or row.household or "Không ghi tên")),
            ("Đơn vị", lambda row: row.unit.short_name),
            ("Đợt", lambda row: row.round.name),
            ("Ngày chi", lambda row: row.on),
            ("Số suất", lambda row: row.people_count),
            ("Số tiền (đồng)", lambda row: row.value),
        ),
    ),
    Hardship: Listing(
        "beneficiaries.view_hardship",
        ("person__unit",),
        lambda row: reverse("admin:beneficiaries_person_change", args=[row.person_id]),
        (
            ("Họ và tên", lambda row: row.person.full_name),
            ("Đơn vị", lambda row: row.person.unit.short_name),
            ("Sinh", lambda row: row.person.born),
            ("Nơi làm việc", lambda row: row.person.workplace),
            ("Biết hoàn cảnh từ", lambda row: row.known_on),
            ("Được hỗ trợ ngày", lambda row: row.supported_on or "Chưa"),
        ),
    ),
    PovertyRecord: Listing(
        "beneficiaries.view_povertyrecord",
        ("household__unit",),
        lambda row: reverse("admin:beneficiaries_household_change", args=[row.household_id]),
        (
            ("Chủ hộ", lambda row: row.household.head_name),
            ("Đơn vị", lambda row: row.household.unit.short_name),
            ("Diện", lambda row: row.get_status_display()),
            ("Năm", lambda row: str(row.year)),
            ("Số giấy chứng nhận", lambda row: row.certificate_number),
            ("Nhân khẩu", lambda row: row.household.size),
        ),
    ),
}


@page(permission="programs.view_actual")
def figure_rows_page(request, indicator_id):
    """``?unit=`` (default: where the user stands) with ``from`` and ``to`` as months ("2026-01"), or ``season``.

    ``con-thieu=1`` lists of a share only those who still wait.
    """
    indicator = get_object_or_404(Indicator, pk=indicator_id)
    unit = asked_unit(request)
    first, last, season = _asked_time(request.GET)
    context = {"title": indicator.name, "indicator": indicator, "unit": unit, "season": season}
    measure = MEASURES.get(indicator.code)
    if season and not (measure and measure.has_seasons):
        raise Http404
    if measure:
        listing = LISTINGS[measure.rows().model]
        if not request.user.has_perm(listing.permission):
            raise PermissionDenied
        found = figure_rows(measure, request.user, unit, first, last, season=season)
        context |= {"found": found, "first": first, "last": last, **_table(request, found, listing)}
    return render_page(request, "reports/rows.html", context)


def asked_unit(request) -> Unit:
    """The unit named by ``?unit=``; raises ``Http404`` for one out of reach."""
    asked = request.GET.get("unit")
    if not asked:
        return viewpoint(request.user)
    if not asked.isdecimal() or len(asked) > 18 or not request.user.reach.covers(int(asked)):
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
    only_missing = isinstance(found.measure, SupportedShare) and request.GET.get("con-thieu") == "1"
    rows = found.missing if only_missing else found.rows
    paginator = Paginator(rows.select_related(*listing.related), PER_PAGE)
    paginator.count = found.count - found.supported if only_missing else found.count
    shown = paginator.get_page(request.GET.get("p"))
    query = request.GET.copy()
    for name in ("p", "con-thieu"):
        query.pop(name, None)
    return {
        "only_missing": only_missing,
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
