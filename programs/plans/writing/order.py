"""Where a plan's rows stand: moved up and down, in and out, taken away and put back. Callers hold the plan's lock."""

import json
from collections import defaultdict

from django.contrib.admin.utils import NestedObjects
from django.core import serializers, signing
from django.db import models

from programs.plans.models import Assignment, Plan, Section
from programs.plans.text import outline
from programs.targets.models import Target
from welfare.states import Refused

_SALT = "programs.plans.writing.removed"
_UNDO_SECONDS = 60 * 60
_TOO_DEEP = 6


class Tree:
    """A plan's sections as lists of siblings; ``write`` numbers them in reading order."""

    def __init__(self, plan: Plan):
        self._plan = plan
        self._sections = [part.section for part in outline(plan) if part.section]
        known = {section.pk for section in self._sections}
        self._children: dict[int | None, list[Section]] = defaultdict(list)
        for section in self._sections:
            self._children[section.parent_id if section.parent_id in known else None].append(section)

    def siblings(self, section: Section) -> list[Section]:
        return next(row for row in self._children.values() if section in row)

    def move(self, section: Section, by: int):
        row = self.siblings(section)
        at = row.index(section)
        if not 0 <= at + by < len(row):
            raise Refused("Mục này đã ở đầu hoặc cuối trong cấp của nó.")
        row[at], row[at + by] = row[at + by], row[at]
        self.write()

    def indent(self, section: Section):
        """Under the one before it, as its last."""
        row = self.siblings(section)
        at = row.index(section)
        if at == 0:
            raise Refused("Chưa có mục nào phía trên cùng cấp để đưa mục này vào trong.")
        if self._depth(section) >= _TOO_DEEP:
            raise Refused("Mục này đã ở cấp sâu nhất.")
        row.remove(section)
        self._children[row[at - 1].pk].append(section)
        self.write()

    def outdent(self, section: Section):
        """Beside the one it stands under, right after it."""
        row = self.siblings(section)
        parent = next((one for one in self._sections if row is self._children.get(one.pk)), None)
        if parent is None:
            raise Refused("Mục này đã ở cấp ngoài cùng.")
        row.remove(section)
        outer = self.siblings(parent)
        outer.insert(outer.index(parent) + 1, section)
        self.write()

    def put_after(self, section: Section, before: Section | None):
        """A new section right after another of its level; first of all where there is none."""
        self.siblings(section).remove(section)
        row = self.siblings(before) if before else self._children[None]
        row.insert(row.index(before) + 1 if before else 0, section)
        self.write()

    def under(self, section: Section) -> list[Section]:
        return [section, *(row for child in self._children[section.pk] for row in self.under(child))]

    def write(self):
        ordered = list(self._numbered(None))
        Section.objects.bulk_update(ordered, ["parent", "order"], batch_size=500)

    def _numbered(self, parent_id, count=None):
        count = count if count is not None else iter(range(32_767))
        for section in self._children[parent_id]:
            section.parent_id, section.order = parent_id, next(count)
            yield section
            yield from self._numbered(section.pk, count)

    def _depth(self, section: Section) -> int:
        depth = 1
        while section := next((one for one in self._sections if section in self._children.get(one.pk, ())), None):
            depth += 1
        return depth


def move_row(plan: Plan, row, by: int):
    """Among the plan's rows of its kind; a target or task leaves its section for the one before or after it."""
    rows = _in_reading_order(plan, type(row))
    at = rows.index(row)
    if hasattr(row, "section_id"):
        beside = rows[at + by] if 0 <= at + by < len(rows) else None
        if beside is None or beside.section_id != row.section_id:
            _move_to_section(plan, row, by)
            return
    if not 0 <= at + by < len(rows):
        raise Refused("Dòng này đã ở đầu hoặc cuối.")
    rows[at], rows[at + by] = rows[at + by], rows[at]
    _write_order(rows)


def put_row_after(plan: Plan, row, before):
    """A new row right after another of its kind; first where ``before`` is None or of another kind."""
    rows = [one for one in _in_reading_order(plan, type(row)) if one != row]
    at = rows.index(before) + 1 if before in rows else 0
    _write_order([*rows[:at], row, *rows[at:]])


def _move_to_section(plan, row, by: int):
    sections = [part.section for part in outline(plan) if part.section] + [None]
    at = next((n for n, one in enumerate(sections) if one and one.pk == row.section_id), len(sections) - 1)
    if not 0 <= at + by < len(sections):
        raise Refused("Dòng này đã ở đầu hoặc cuối kế hoạch.")
    row.section = sections[at + by]
    row.save(update_fields=["section"])
    others = [one for one in _in_reading_order(plan, type(row)) if one != row]
    same = [n for n, one in enumerate(others) if one.section_id == row.section_id]
    at = (same[-1] + 1 if by < 0 else same[0]) if same else len(others)
    _write_order([*others[:at], row, *others[at:]])


def _in_reading_order(plan: Plan, model: type[models.Model]) -> list:
    rows = list(model.objects.filter(plan=plan))
    if not hasattr(model, "section_id"):
        return rows
    places = {part.section.pk if part.section else None: n for n, part in enumerate(outline(plan))}
    return sorted(rows, key=lambda row: places.get(row.section_id, len(places)))


def _write_order(rows: list):
    for order, row in enumerate(rows):
        row.order = order
    type(rows[0]).objects.bulk_update(rows, ["order"], batch_size=500)


# Taken away and put back -----------------------------------------------------------------------------


def remove(plan: Plan, row) -> tuple[str, str]:
    """(what went, in words, token): with a section goes all under it. The token puts it back within an hour."""
    gone = [row]
    if isinstance(row, Section):
        sections = Tree(plan).under(row)
        gone = [one for model in (Target, Assignment) for one in model.objects.filter(section__in=sections)] + sections
    token = _token(plan, gone)
    for one in gone:
        if one.pk:  # a section's children go with it
            one.delete()
    return _in_words(row, gone), token


def _token(plan, rows) -> str:
    collector = NestedObjects(using="default")
    for row in rows:
        collector.collect([row])
    everything = [one for found in collector.data.values() for one in found]
    kept = json.loads(serializers.serialize("json", everything))
    return signing.dumps({"plan": plan.pk, "rows": kept}, salt=_SALT, compress=True)


def _in_words(row, gone) -> str:
    with_it = len(gone) - 1
    name = row._meta.verbose_name
    said = f"{row.number} {row.heading or row.body}" if isinstance(row, Section) else str(row)
    return f"{name} “{_short(said.strip())}”" + (f" cùng {with_it} phần bên trong" if with_it else "")


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"


def put_back(plan: Plan, token: str):
    """Raises ``Refused`` for a token of another plan, an old one, or one that was used."""
    try:
        kept = signing.loads(token, salt=_SALT, max_age=_UNDO_SECONDS)
    except signing.BadSignature:
        raise Refused("Đã quá lâu nên không hoàn tác được nữa.") from None
    rows = list(serializers.deserialize("json", json.dumps(kept["rows"])))
    if kept["plan"] != plan.pk or any(type(row.object).objects.filter(pk=row.object.pk).exists() for row in rows):
        raise Refused("Phần này đã được hoàn tác.")
    for row in rows:
        row.save()
