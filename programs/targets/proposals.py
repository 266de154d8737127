"""How a target might be shared out: alike, by members, or by what the units were given or did the year before."""

from collections import defaultdict
from decimal import Decimal
from itertools import islice

from programs.targets.figures import counted_in
from programs.targets.models import Target, TargetShare
from welfare.states import Refused
from welfare.units.models import Unit

PROPOSALS = {
    "doan-vien": "Theo số đoàn viên",
    "nam-truoc": "Theo phần giao năm trước",
    "thuc-hien": "Theo kết quả năm trước",
    "deu": "Chia đều",
}


def propose(how: str, target: Target, units: list[Unit], own_part: Decimal) -> dict[int, Decimal]:
    """{unit id: share} over the open units, adding up to what the issuer doesn't do itself.

    ``units`` carry ``members``. Raises ``Refused`` where there is nothing to go by.
    """
    units = [unit for unit in units if unit.is_open()]
    weights = _WEIGHTS[how](target, units)
    if how != "deu" and not any(weights.values()):
        raise Refused(_NOTHING[how])
    rest = max(target.value - own_part, Decimal(0))
    scale = 1 if rest == int(rest) else 100
    parts = split(int(rest * scale), [weights.get(unit.pk, 0) for unit in units])
    return {unit.pk: Decimal(part) / scale for unit, part in zip(units, parts, strict=True)}


def split(total: int, weights: list) -> list[int]:
    """Whole parts that add up to ``total``, as near to the weights as whole parts can be (largest remainder).

    Without any weight all get alike; the earlier ones the rest.
    """
    if not weights:
        return []
    if not sum(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    parts = [int(total * weight // whole) for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: -(total * weights[n] % whole))
    for n in islice(by_remainder, total - sum(parts)):
        parts[n] += 1
    return parts


def _alike(target, units):
    return {unit.pk: 1 for unit in units}


def _by_members(target, units):
    return {unit.pk: unit.members or 0 for unit in units}


def _by_last_shares(target, units):
    """What the units held of the issuer's newest earlier target of the same indicator."""
    earlier = (
        Target.objects.filter(
            plan__unit=target.plan.unit_id, indicator=target.indicator_id, shares__isnull=False,
            plan__first_year__lt=target.plan.first_year,
        )
        .order_by("-plan__first_year", "-plan__pk", "order", "pk")
        .values("pk")[:1]
    )  # fmt: skip
    shares = TargetShare.objects.filter(target__in=list(earlier.values_list("pk", flat=True)))
    return _handed_on(dict(shares.values_list("unit_id", "value")), units)


def _by_last_actuals(target, units):
    year, issuer = (target.year or target.plan.first_year) - 1, target.plan.unit
    below = Unit.objects.filter(path__startswith=issuer.path, depth=issuer.depth + 1)
    return _handed_on(counted_in(target.indicator, below, year), units)


def _handed_on(weights, units):
    """What a unit closed since had goes to its successors among ``units``, in equal parts."""
    receiving, heirs = {unit.pk for unit in units}, defaultdict(list)
    pairs = Unit.successors.through.objects.filter(from_unit__in=set(weights) - receiving, to_unit__in=receiving)
    for closed_id, heir_id in pairs.values_list("from_unit", "to_unit"):
        heirs[closed_id].append(heir_id)
    handed = {unit_id: Decimal(weight) for unit_id, weight in weights.items() if unit_id in receiving}
    for closed_id, heir_ids in heirs.items():
        for heir_id in heir_ids:
            handed[heir_id] = handed.get(heir_id, Decimal(0)) + Decimal(weights[closed_id]) / len(heir_ids)
    return handed


_WEIGHTS = {"deu": _alike, "doan-vien": _by_members, "nam-truoc": _by_last_shares, "thuc-hien": _by_last_actuals}
_NOTHING = {
    "doan-vien": "Chưa có số đoàn viên của các đơn vị; hãy nhập ở trang Đơn vị hoặc chọn cách chia khác.",
    "nam-truoc": "Các năm trước chưa giao chỉ tiêu nào có cùng chỉ số; hãy chọn cách chia khác.",
    "thuc-hien": "Năm trước chưa có kết quả nào của chỉ số này; hãy chọn cách chia khác.",
}
