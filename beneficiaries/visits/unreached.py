"""Who is still waiting: in need this year, and neither visited nor supported in it."""

from django.db.models import Avg, Count, Exists, F, Max, Min, OuterRef, QuerySet

from beneficiaries.grants.models import Grant
from beneficiaries.people.models import Hardship, PersonQuerySet
from beneficiaries.visits.models import Visit


def unreached(people: PersonQuerySet, year: int) -> QuerySet:
    """Those of ``people`` on the list nobody went to see or paid in ``year``, with ``need_since``; the longest waiting first."""
    visited = Visit.objects.filter(person=OuterRef("pk"), on__year=year)
    paid = Grant.objects.paid().filter(person=OuterRef("pk"), paid_on__year=year)
    waiting = people.active().filter(~Exists(visited), ~Exists(paid), hardships__year=year)
    return waiting.annotate(need_since=Min("hardships__known_on")).order_by("need_since", "pk")


def days_to_first_visit(people: PersonQuerySet, year: int) -> dict[str, int]:
    """Over the hardships of ``year`` of ``people`` who were visited since: ``count``, ``average`` and ``longest`` in days."""
    visited = Hardship.objects.filter(person__in=people.order_by(), year=year, person__visits__on__gte=F("known_on"))
    told = visited.with_first_visit().aggregate(count=Count("pk"), average=Avg("waited"), longest=Max("waited"))
    days = {name: round(told[name].total_seconds() / 86_400) for name in ("average", "longest") if told[name]}
    return {"count": told["count"], "average": 0, "longest": 0} | days
