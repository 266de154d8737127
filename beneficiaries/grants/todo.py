from django.db.models import Count, Q
from django.urls import reverse

from beneficiaries.grants import desks
from beneficiaries.grants.chain import falls_to
from beneficiaries.grants.models import Advance, Grant, GrantRound
from welfare.site import TodoItem
from welfare.units.models import Unit, today


def waiting(user):
    """What waits for this user in each round, and the advances whose day of settlement has passed."""
    for desk in desks.DESKS:
        if user.has_perm(f"beneficiaries.{desk.permission}") and not is_said_elsewhere(desk, user):
            yield from _at(desk, user)
    yield from _late_advances(user)


def is_said_elsewhere(desk, user) -> bool:
    """Who approves is told of the same proposals there; what units hand in and forward, units are told."""
    if desk is desks.APPRAISE:
        return user.has_perm("beneficiaries.approve_grant")
    return desk in (desks.FORWARD, desks.RECEIVE) and user.reach.province


def _at(desk, user):
    permission = f"beneficiaries.{desk.permission}"
    rows = desk.rows(Grant.objects.for_user(user, permission).order_by(), user)
    rows = rows.to_forward() if desk is desks.FORWARD else rows
    counts = dict(rows.values_list("round").annotate(Count("pk")))
    late = _late_rounds(rows) if desk is desks.RECEIVE else set()
    for round in _mine(desk, user, GrantRound.objects.filter(pk__in=counts).select_related("unit")):
        past = bool(round.closes_on and round.closes_on < today())
        is_late = round.pk in late if desk is desks.RECEIVE else past
        url = reverse(f"beneficiaries:{desk.url_name}", args=[round.pk])
        yield TodoItem(counts[round.pk], f"{desk.todo}: {round.name}", url, desk.icon, is_late)


def _mine(desk, user, rounds) -> list:
    """A step of a round waits for its own unit, or for the nearest above in which somebody may take it."""
    own = user.reach_for(f"beneficiaries.{desk.permission}").own
    if not desk.for_deciders or all(round.unit_id in own for round in rounds):
        return list(rounds)
    nearest = falls_to(rounds, desk.permission)
    paths = set(Unit.objects.filter(pk__in=own).values_list("path", flat=True))
    return [round for round in rounds if nearest[round.pk] in paths]


def _late_rounds(rows) -> set[int]:
    late = Q(advance__settle_by__lt=today(), state=Grant.State.APPROVED)
    return set(rows.filter(late).values_list("round", flat=True))


def _late_advances(user):
    """To those who gave the money."""
    reach = user.reach_for("beneficiaries.pay_grant")
    if not user.has_perm("beneficiaries.pay_grant"):
        return
    late = Advance.objects.for_user(user, "beneficiaries.pay_grant").late()
    if count := (late if reach.writes_all else late.filter(fund__unit__in=reach.own)).count():
        url = f"{reverse('admin:beneficiaries_advance_changelist')}?standing=late"
        yield TodoItem(count, "khoản tạm ứng quá hạn quyết toán", url, "event_busy", True)
