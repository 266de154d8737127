from django.db.models import Q
from django.urls import reverse

from beneficiaries.houses.models import House, HouseFunding
from welfare.site import TodoItem
from welfare.units.models import today

State = House.State


def waiting(user):
    """Houses to be surveyed, decided, paid or finished by this user."""
    houses = House.objects.for_user(user).order_by()
    if user.has_perm("beneficiaries.change_house"):
        yield _item(houses.filter(state=State.PROPOSED), "nhà chờ khảo sát", "proposed", "real_estate_agent")
    if user.has_perm("beneficiaries.decide_house"):
        written = Q(proposed_by=user) | Q(surveyed_by=user)
        yield _item(houses.filter(~written, state=State.SURVEYED), "nhà chờ quyết định", "surveyed", "gavel")
    if user.has_perm("beneficiaries.build_house"):
        late = houses.filter(state__in=[State.DECIDED, State.STARTED], year__lt=today().year)
        yield _item(late, "nhà của năm trước chưa bàn giao", "started", "home_work", is_late=True)
    if user.has_perm("beneficiaries.pay_house"):
        yield TodoItem(_unpaid(user).count(), "nguồn quỹ chờ chi làm nhà", _list("decided"), "payments")


def _unpaid(user):
    states = [State.DECIDED, State.STARTED, State.HANDED_OVER]
    lines = HouseFunding.objects.for_user(user).filter(fund__isnull=False, payment__isnull=True)
    return lines.filter(house__state__in=states)


def _item(houses, text, state, icon, is_late=False):
    return TodoItem(houses.count(), text, _list(state), icon, is_late)


def _list(state) -> str:
    return f"{reverse('admin:beneficiaries_house_changelist')}?state__exact={state}"
