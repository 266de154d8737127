"""Sharing a target out: which units, the form of all their values, and proposals."""

from decimal import Decimal
from itertools import islice

from django import forms
from django.db.models import OuterRef, Q, Subquery

from programs.targets.fields import NumberField
from programs.targets.models import Target
from welfare.units.models import Unit, UnitYear

_SHARE = {"min_value": 0, "error_messages": {"min_value": "Số giao không được âm."}, "attrs": {"data-share": ""}}
PROPOSALS = {"deu": "Chia đều", "doan-vien": "Theo số đoàn viên"}


def receiving_units(target: Target) -> list[Unit]:
    """Open units right under the issuer, and closed ones that hold a share; each with its newest ``members``."""
    issuer = target.plan.unit
    members = UnitYear.objects.filter(unit=OuterRef("pk")).order_by("-year").values("members")[:1]
    right_under = Unit.objects.filter(path__startswith=issuer.path, depth=issuer.depth + 1).in_force()
    receiving = Unit.objects.filter(Q(pk__in=right_under) | Q(target_shares__target=target)).distinct()
    return list(receiving.annotate(members=Subquery(members)).order_by("path"))


def split(total: int, weights: list[int]) -> list[int]:
    """Whole parts that add up to ``total``, as near to the weights as whole parts can be (largest remainder).

    Without any weight all get alike; the earlier ones the rest.
    """
    if not weights:
        return []
    if not sum(weights):
        weights = [1] * len(weights)
    parts = [total * weight // sum(weights) for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: -(total * weights[n] % sum(weights)))
    for n in islice(by_remainder, total - sum(parts)):
        parts[n] += 1
    return parts


def proposal(name: str, target: Target, units: list[Unit]) -> dict:
    """The form's initial values: parts of what the province doesn't do itself, over the open units."""
    units = [unit for unit in units if unit.is_open()]
    weights = [unit.members or 0 for unit in units] if name == "doan-vien" else [1] * len(units)
    total = max(int(target.value - target.own_part), 0)
    parts = zip(units, split(total, weights), strict=True)
    return {f"unit_{unit.pk}": part or "" for unit, part in parts}


class SharesForm(forms.Form):
    """A field for every unit, empty where it has no share, and the province's own part."""

    version = forms.CharField(widget=forms.HiddenInput)
    own_part = NumberField(label="Phần tỉnh trực tiếp làm", **_SHARE)

    def __init__(self, *args, target: Target, units: list[Unit], **kwargs):
        super().__init__(*args, **kwargs)
        self.units = units
        for unit in units:
            self.fields[f"unit_{unit.pk}"] = NumberField(label=unit.short_name, required=False, **_SHARE)

    @property
    def rows(self):
        return [(unit, self[f"unit_{unit.pk}"]) for unit in self.units]

    @property
    def shares(self) -> dict[int, Decimal]:
        given = {unit.pk: self.cleaned_data[f"unit_{unit.pk}"] for unit in self.units}
        return {unit_id: value for unit_id, value in given.items() if value}


def saved_values(target: Target) -> dict:
    """The form's initial values: what is shared out now, and its version."""
    shares = target.shares.values_list("unit_id", "value")
    given = {f"unit_{unit_id}": value for unit_id, value in shares}
    return {"own_part": target.own_part, "version": target.shares_version(), **given}
