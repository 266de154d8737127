"""Who is still waiting: in need this year, and neither visited nor supported in it."""

from django.db.models import Exists, Min, OuterRef, QuerySet

from beneficiaries.grants.models import Grant
from beneficiaries.people.models import PersonQuerySet
from beneficiaries.visits.models import Visit


def unreached(people: PersonQuerySet, year: int) -> QuerySet:
    """Those of ``people`` on the list nobody went to see or paid in ``year``, with ``need_since``; the longest waiting first."""
    visited = Visit.objects.filter(person=OuterRef("pk"), on__year=year)
    paid = Grant.objects.paid().filter(person=OuterRef("pk"), paid_on__year=year)
    waiting = people.active().filter(~Exists(visited), ~Exists(paid), hardships__year=year)
    return waiting.annotate(need_since=Min("hardships__known_on")).order_by("need_since", "pk")
