"""The way of a proposal, and who takes each of its steps.

A unit proposes in a round of its own or of a unit above it. Where another level stands between the two, the unit right
below the round's own forwards what comes from below, as one list with its covering letter, or returns it; where no
such level stands between, the proposal lies before the round's unit at once. The round's unit appraises, approves and
pays. Where nobody there may take a step (one officer alone can't approve what that officer proposed), somebody of a
unit above it does. Whoever proposed, forwarded or appraised a grant, or once changed it, never approves it.
"""

from django.db.models import F, Q

from beneficiaries.rules import need
from welfare.states import Refused
from welfare.units.models import Appointment, Unit

COMES_THROUGH = Q(unit__depth__gt=F("round__unit__depth") + 1)  # another unit forwards it


def forwarding_units(round, user) -> list[Unit]:
    """Units right below the round's own for which ``user`` forwards, where units stand below them."""
    reach = user.reach_for("beneficiaries.propose_grant")
    units = Unit.objects.filter(path__startswith=round.unit.path, depth=round.unit.depth + 1, numchild__gt=0)
    return [unit for unit in units if reach.may_write(unit.pk)]


def decides(user, round, permission: str) -> bool:
    """Whether a permission of ``user`` counts for a round: held in its unit or in one above it."""
    name = f"beneficiaries.{permission}"
    return user.has_perm(name) and user.reach_for(name).covers(round.unit_id)


def falls_to(rounds, permission: str) -> dict[int, str]:
    """For each round's id the path of the unit nearest to its own, upward, in which somebody holds the permission."""
    held = Appointment.objects.effective().filter(role__permissions__codename=permission)
    paths = set(held.values_list("unit__path", flat=True))
    above = {round.pk: [path for path in paths if round.unit.path.startswith(path)] for round in rounds}
    return {key: max(found, key=len, default="") for key, found in above.items()}


def need_for(user, rounds, permission: str, doing: str):
    """Raises ``Refused`` unless ``user`` takes this step in each of the rounds."""
    need(user, permission, doing)
    for round in rounds:
        if not decides(user, round, permission):
            raise Refused(f"Bạn không có quyền {doing} trong đợt “{round}”; việc này do {round.unit} làm.")


def need_fund(user, fund):
    """Raises ``Refused`` unless ``user`` pays out of this fund: that of a unit one writes for."""
    if not user.reach_for("beneficiaries.pay_grant").may_write(fund.unit_id):
        raise Refused(f"{fund} do {fund.unit} quản lý nên bạn không chi được; hãy chọn quỹ khác.")
