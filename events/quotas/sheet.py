"""The quota as one sheet: read for the page, read back from what the page or a workbook sends."""

import json
import re
from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.db.models import Count, Q

from events.delegates.fits import Fit
from events.delegates.states import FIRM, HOLDING
from events.quotas.sums import Row, rows_of
from welfare.states import Refused
from welfare.units.models import Unit, today
from welfare.verbs import VerbForm
from welfare.vietnamese import clean

MOST = 100_000
MOST_LINES = 500
_NUMBER = re.compile(r"\d{1,6}")
_UNREADABLE = "Bảng gửi lên không đọc được; hãy mở lại trang rồi nhập tiếp."


@dataclass
class Line:
    """One line as typed. ``pk``: of the stored line, None for a new one. ``depth``: 0 at the top."""

    pk: int | None
    depth: int
    name: str
    count: int
    is_overlay: bool = False
    fits: str = ""
    note: str = ""
    cells: dict[int, int] = field(default_factory=dict)


def sheet_of(event) -> list[Line]:
    """The stored quota; four queries."""
    lines = {line.pk: line for line in event.lines.all()}
    return [
        Line(
            row.key, row.depth, row.name, row.count, row.is_overlay, lines[row.key].fits, lines[row.key].note, row.cells
        )
        for row in rows_of(event)
    ]


def as_rows(lines: list[Line], guests: dict[int, int]) -> list[Row]:
    """For the arithmetic; a line is known by its place. ``guests``: people of invited organisations by stored line."""
    return [
        Row(place, line.depth, line.name, line.count, line.is_overlay, line.cells, guests.get(line.pk, 0))
        for place, line in enumerate(lines)
    ]


def guests_of(event) -> dict[int, int]:
    found: dict[int, int] = {}
    for line_id, count in event.bodies.values_list("line", "count"):
        found[line_id] = found.get(line_id, 0) + count
    return found


def as_json(event) -> dict:
    """What the page draws: {"version", "expected", "lines": [...], "held": {line: {unit: firm}}}."""
    guests = guests_of(event)
    return {
        "version": event.quota_version,
        "expected": event.expected,
        "lines": [
            {
                "id": line.pk, "depth": line.depth, "name": line.name, "count": line.count, "overlay": line.is_overlay,
                "fits": line.fits, "note": line.note, "cells": line.cells, "guests": guests.get(line.pk, 0),
            }
            for line in sheet_of(event)
        ],
        "held": held_places(event),
    }  # fmt: skip


def held_places(event) -> dict[int, dict[int, list[int]]]:
    """{line: {unit: [accepted and after, all that hold a place]}} of units' shares."""
    counted = event.delegates.filter(share__isnull=False, is_over_quota=False, state__in=HOLDING)
    rows = counted.order_by().values_list("line", "share__unit").annotate(
        firm=Count("pk", filter=Q(state__in=FIRM)), held=Count("pk")
    )  # fmt: skip
    found: dict[int, dict[int, list[int]]] = {}
    for line_id, unit_id, firm, held in rows:
        found.setdefault(line_id, {})[unit_id] = [firm, held]
    return found


def sheet_units(event) -> tuple[list[Unit], list[Unit]]:
    """(units with a column, further ones to be added): those that have a share, else the open ones right under."""
    organiser = event.unit
    under = Unit.objects.filter(path__startswith=organiser.path, depth=organiser.depth + 1).in_force()
    sharing = Unit.objects.filter(quota_shares__line__event=event).distinct()
    everyone = list(Unit.objects.filter(Q(pk__in=under.values("pk")) | Q(pk__in=sharing.values("pk"))).order_by("path"))
    shown = set(sharing.values_list("pk", flat=True)) or (
        {unit.pk for unit in everyone} if len(everyone) <= 40 else set()
    )
    return [u for u in everyone if u.pk in shown], [u for u in everyone if u.pk not in shown]


class RevisionForm(VerbForm):
    """The paper by which an announced quota is changed; its ``row`` is the event."""

    number = forms.CharField(label="Số văn bản điều chỉnh", max_length=60)
    on = forms.DateField(label="Ngày")
    reason = forms.CharField(label="Lý do", max_length=300)
    expected = forms.IntegerField(
        label="Tổng số đại biểu mới", min_value=1, max_value=MOST, required=False, help_text="Để trống nếu không đổi."
    )

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > today():
            raise forms.ValidationError("Ngày chưa tới.")
        return on


@dataclass(frozen=True)
class Revision:
    number: str
    on: date
    reason: str
    expected: int | None = None  # the new whole, where it changes


def read_posted(body: bytes, user, event) -> tuple[list[Line], int, Revision | None]:
    """(lines, version, revision) of a posted sheet. Raises ``Refused`` with a sentence for anything else."""
    try:
        posted = json.loads(body)
        lines, version = posted["lines"], int(posted["version"])
        if not isinstance(lines, list) or not 0 <= version < 2**31:
            raise ValueError
        found = [_line(line) for line in lines]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise Refused(_UNREADABLE) from None
    check_shape(found)
    return found, version, _revision(posted.get("revision"), user, event)


def check_shape(lines: list[Line]) -> None:
    """Raises ``Refused`` for what no tree of lines can be."""
    if len(lines) > MOST_LINES:
        raise Refused(f"Bảng có hơn {MOST_LINES} dòng; hãy gộp bớt các thành phần.")
    above = -1
    for line in lines:
        if not line.name:
            raise Refused("Có dòng chưa ghi tên thành phần; hãy ghi tên hoặc xóa dòng đó.")
        if line.depth > above + 1:
            raise Refused(f"“{line.name}” thụt vào quá một bậc so với dòng trên; hãy đưa ra ngoài một bậc.")
        if line.is_overlay and above < 0 and line.depth > 0:
            raise Refused(f"“{line.name}” là phần trong đó nhưng không có dòng nào ở trên.")
        above = line.depth


def _line(posted) -> Line:
    name = _words(posted["name"])
    pk, depth, fits = posted.get("id"), posted["depth"], str(posted.get("fits") or "")
    if not isinstance(depth, int) or not 0 <= depth < 20 or (pk is not None and not 0 < int(pk) < 2**63):
        raise ValueError
    cells = {_key(unit): read_count(text, name) for unit, text in posted.get("cells", {}).items()}
    return Line(
        pk=int(pk) if pk is not None else None, depth=depth, name=name, count=read_count(posted.get("count", ""), name),
        is_overlay=posted.get("overlay") is True, fits=fits if fits in Fit.values else "",
        note=_words(posted.get("note") or ""),
        cells={unit: number for unit, number in cells.items() if number},
    )  # fmt: skip


def _words(text) -> str:
    return clean(str(text))[:300]


def _key(text) -> int:
    key = int(text)
    if not 0 < key < 2**63:
        raise ValueError
    return key


def read_count(text, name: str) -> int:
    """A number of people as typed: "1.200" or 1200, "" for none. The dot of a float is a fraction."""
    said = str(text).strip().replace(" ", "")
    if not isinstance(text, float) and re.fullmatch(r"\d{1,3}(\.\d{3})+", said):
        said = said.replace(".", "")
    if said and (not _NUMBER.fullmatch(said) or int(said) > MOST):
        raise Refused(f"“{said[:40]}” ở dòng “{name}” không phải số đại biểu; hãy ghi số nguyên không âm, ví dụ 12.")
    return int(said or 0)


def _revision(given, user, event) -> Revision | None:
    if event.state == event.State.DRAFT:
        return None
    typed = {name: text for name, text in given.items() if isinstance(text, str)} if isinstance(given, dict) else {}
    form = RevisionForm(typed, user=user, row=event)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused(f"{form.fields[name].label}: {errors[0]} Sự kiện đã thông báo nên lần điều chỉnh cần văn bản.")
    return Revision(**form.cleaned_data)
