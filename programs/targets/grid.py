"""The share-out of a plan as one sheet: a row for every unit, a column for every target that can be shared out."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.db.models import OuterRef, Q, Subquery

from programs.plans.models import Plan
from programs.targets.models import Target, TargetShare, plain_number
from programs.targets.shares import Cells, Decision, shares_version
from welfare.documents.models import Document
from welfare.states import Refused
from welfare.units.models import Unit, UnitYear
from welfare.verbs import VerbForm

_AMOUNT = re.compile(r"\d{1,13}(\.\d{1,2})?")


@dataclass(frozen=True)
class Grid:
    """``own``: the issuer's own parts. ``rows``: (unit, its cells). Cells are texts in the columns' order, "" for none."""

    columns: list[Target]
    own: list[str]
    rows: list[tuple[Unit, list[str]]]
    version: int


def share_grid(plan: Plan, target_id: int | None = None) -> Grid:
    """The whole sheet, or one target's column; 5 queries, however many targets and units."""
    targets = plan.targets.select_related("indicator").filter(**{"pk": target_id} if target_id else {})
    columns = [target for target in targets if target.is_shareable]
    shares = TargetShare.objects.filter(target__in=columns).values_list("target_id", "unit_id", "value")
    cells = {(target_id, unit_id): value for target_id, unit_id, value in shares}
    return Grid(
        columns,
        [_text(target.own_part) for target in columns],
        [(unit, [_text(cells.get((t.pk, unit.pk))) for t in columns]) for unit in receiving_units(plan)],
        shares_version(plan),
    )


def receiving_units(plan: Plan) -> list[Unit]:
    """Open units right under the issuer, and closed ones that hold a share; each with its newest ``members``."""
    issuer = plan.unit
    members = UnitYear.objects.filter(unit=OuterRef("pk")).order_by("-year").values("members")[:1]
    right_under = Unit.objects.filter(path__startswith=issuer.path, depth=issuer.depth + 1).in_force()
    holding = TargetShare.objects.filter(target__plan=plan).values("unit")
    receiving = Unit.objects.filter(Q(pk__in=right_under.values("pk")) | Q(pk__in=holding))
    return list(receiving.annotate(members=Subquery(members)).order_by("path"))


def _text(value) -> str:
    return plain_number(value) if value else ""


class DecisionForm(VerbForm):
    """The paper of one share-out; its ``row`` is the plan."""

    number = forms.CharField(label="Số quyết định", max_length=60)
    on = forms.DateField(label="Ngày quyết định")
    document = forms.ModelChoiceField(
        Document.objects.none(), label="Văn bản trong sổ", required=False, empty_label="Chưa vào sổ"
    )

    def narrow(self):
        papers = Document.objects.for_user(self.user).filter(kind__code="QĐ", issuer_unit=self.row.unit_id)
        self.fields["document"].queryset = papers.filter(year__gte=self.row.first_year - 1).select_related("kind")


def read_posted(body: bytes, user, plan: Plan) -> tuple[Cells, int, Decision | None]:
    """(cells, version, decision) of a posted sheet: {"version", "cells": {target: {unit: "12.5"}}, "decision": {...}}.

    Raises ``Refused`` with a sentence for anything else.
    """
    try:
        posted = json.loads(body)
        cells = {_key(pk): _amounts(row) for pk, row in posted["cells"].items()}
        version, decision = _key(posted["version"]), posted.get("decision")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Refused("Bảng gửi lên không đọc được; hãy mở lại trang rồi nhập tiếp.") from None
    return cells, version, _decision(decision, user, plan) if plan.is_frozen else None


def _key(text) -> int:
    key = int(text)
    if not 0 <= key < 2**63:
        raise ValueError
    return key


def _amounts(row) -> dict[int, Decimal]:
    return {_key(unit_id): read_amount(text) for unit_id, text in row.items()}


def read_amount(text: str) -> Decimal:
    """As the sheet's script writes numbers: "1200.5", "" for none."""
    if text and not _AMOUNT.fullmatch(text):
        raise Refused(f"“{text[:40]}” không phải số giao được; hãy nhập số không âm, ví dụ 12 hoặc 1.200.")
    return Decimal(text or 0)


def _decision(given, user, plan) -> Decision | None:
    typed = {name: text for name, text in given.items() if isinstance(text, str)} if isinstance(given, dict) else {}
    form = DecisionForm(typed, user=user, row=plan)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused(f"{form.fields[name].label}: {errors[0]} Kế hoạch đã ban hành nên lần giao này cần quyết định.")
    return Decision(**form.cleaned_data)
