"""Plans above and below one another: which units have issued theirs, and whose is still owed."""

from dataclasses import dataclass

from programs.plans.models import Plan
from welfare.units.models import Unit, today


@dataclass(frozen=True)
class UnitPlan:
    """``plan`` is None while the unit has not issued one."""

    unit: Unit
    plan: Plan | None


def versions_of(plan: Plan) -> list[int]:
    """Ids of a plan and of what it superseded, newest first: whoever carries out one carries out the newest."""
    ids, older = [plan.pk], plan.supersedes_id
    while older and older not in ids:
        ids.append(older)
        older = Plan.objects.values_list("supersedes_id", flat=True).get(pk=older)
    return ids


def carried_out_by(user, plan: Plan):
    """Issued plans ``user`` may see that carry out ``plan`` or a version it superseded."""
    below = Plan.objects.for_user(user).standing().filter(implements_plan__in=versions_of(plan))
    return below.exclude(pk=plan.pk).select_related("kind", "unit").order_by("unit__path", "issued_on")


def unit_plans(user, plan: Plan, below) -> list[UnitPlan]:
    """Every unit right under the issuer that ``user`` reaches, with its plan out of ``below``."""
    on = today() if plan.state in Plan.LIVE else plan.issued_on
    units = Unit.objects.filter(path__startswith=plan.unit.path, depth=plan.unit.depth + 1).in_force(on)
    issued = {found.unit_id: found for found in below}
    return [UnitPlan(unit, issued.get(unit.pk)) for unit in units if user.reach.covers(unit.pk)]


def owed_by(user) -> list[Plan]:
    """Plans in force that ask for a unit's own, where a unit of the user's right below has not issued it."""
    asking = Plan.objects.for_user(user).filter(state__in=Plan.LIVE, asks_unit_plans=True).select_related("unit")
    own = list(Unit.objects.filter(pk__in=user.reach.own, depth__gt=1)) if asking else []
    return [plan for plan in asking if any(_owes(unit, plan) for unit in own)]


def _owes(unit, plan) -> bool:
    is_right_below = unit.path[: -unit.steplen] == plan.unit.path
    return is_right_below and not unit.plans.filter(state__in=Plan.OUT, implements_plan__in=versions_of(plan)).exists()
