from datetime import timedelta

from django.urls import reverse

from beneficiaries.people.models import Person
from beneficiaries.visits.unreached import unreached
from beneficiaries.visits.views import may_visit
from welfare.site import TodoItem
from welfare.units.models import today

WAIT_AT_MOST = timedelta(days=30)


def waiting(user):
    """People of a unit in need this year whom nobody went to see or paid for a month."""
    if may_visit(user) and not user.works_for_province:
        people = unreached(Person.objects.for_user(user), today().year)
        late = people.filter(need_since__lt=today() - WAIT_AT_MOST).order_by()
        text = "người có hoàn cảnh đã chờ hơn 30 ngày, chưa được thăm hay hỗ trợ"
        yield TodoItem(late.count(), text, reverse("beneficiaries:visits_due"), "person_search")
