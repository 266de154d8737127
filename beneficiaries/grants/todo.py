from django.db.models import Count
from django.urls import reverse

from beneficiaries.grants.models import Grant, GrantRound
from welfare.site import TodoItem
from welfare.units.models import today


def waiting(user):
    """Proposals this user may decide, and approved grants to be paid, by round."""
    grants = Grant.objects.for_user(user).order_by()
    if user.has_perm("beneficiaries.approve_grant"):
        open_ones = grants.waiting().of_others(user)
        yield from _by_round(open_ones, "khoản đề nghị chờ duyệt", "beneficiaries:round_review", "fact_check")
    if user.has_perm("beneficiaries.pay_grant"):
        yield from _by_round(grants.payable(), "khoản đã duyệt chờ chi", "beneficiaries:round_pay", "payments")


def _by_round(grants, text, url_name, icon):
    counts = dict(grants.values_list("round").annotate(Count("pk")))
    for round in GrantRound.objects.filter(pk__in=counts):
        is_late = bool(round.closes_on and round.closes_on < today())
        yield TodoItem(counts[round.pk], f"{text}: {round.name}", reverse(url_name, args=[round.pk]), icon, is_late)
