from django.db.models import F, Q
from django.urls import reverse

from beneficiaries.houses.funding import HouseFunding
from beneficiaries.houses.models import House
from beneficiaries.houses.stages import PAYABLE, State
from welfare.site import TodoItem


def waiting(user):
    """Houses that wait for this user: to be surveyed, appraised, decided, paid, settled; late ones apart."""
    for permission, state, mine, text, icon in (
        ("change_house", State.PROPOSED, Q(), "nhà chờ khảo sát", "real_estate_agent"),
        ("appraise_house", State.SURVEYED, ~Q(proposed_by=user), "nhà chờ thẩm định", "rule"),
        ("decide_house", State.APPRAISED, _not_made_by(user), "nhà chờ quyết định", "gavel"),
        ("pay_house", State.HANDED_OVER, Q(), "nhà chờ quyết toán", "fact_check"),
    ):
        if user.has_perm(f"beneficiaries.{permission}"):
            houses = _written_by(user, permission).filter(mine, state=state)
            yield TodoItem(houses.count(), text, _list(f"state__exact={state}"), icon)
    if user.has_perm("beneficiaries.pay_house"):
        yield TodoItem(unpaid_lines(user).count(), "nguồn quỹ chờ chi làm nhà", _list("tien=chua-chi"), "payments")
    if user.has_perm("beneficiaries.build_house"):
        late = _written_by(user, "build_house").late()
        yield TodoItem(late.count(), "nhà chậm so với hạn của bước đang làm", _list("tre=1"), "home_work", is_late=True)


def _written_by(user, permission):
    houses, reach = House.objects.for_user(user).order_by(), user.reach_for(f"beneficiaries.{permission}")
    return houses if reach.writes_all else houses.filter(unit__in=reach.own)


def _not_made_by(user):
    made = Q(proposed_by=user) | Q(surveyed_by=user) | Q(appraised_by=user)
    return ~made & (Q(above_norm_by__isnull=True) | ~Q(above_norm_by=user))


def unpaid_lines(user):
    lines = HouseFunding.objects.for_user(user).filter(fund__isnull=False, paid__lt=F("amount"))
    return lines.filter(house__state__in=PAYABLE, house__is_recorded_afterwards=False)


def _list(query) -> str:
    return f"{reverse('admin:beneficiaries_house_changelist')}?{query}"
