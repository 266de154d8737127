from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from beneficiaries.people.models import Hardship, Person
from beneficiaries.visits.forms import VisitForm
from beneficiaries.visits.models import Visit
from beneficiaries.visits.unreached import days_to_first_visit, unreached
from programs.targets.figures import viewpoint
from welfare.audit import AuditEvent, record, record_search
from welfare.filters import of_unit, unit_choices
from welfare.site import page, render_page
from welfare.units.models import today

ROWS_A_PAGE = 50
FOUND = 20


def may_visit(user) -> bool:
    """Whether ``user`` writes visits of the unit they stand in; whom they visit is a matter of scope."""
    return user.reach_for("beneficiaries.add_visit").may_write(viewpoint(user).pk)


@page(permission="beneficiaries.add_visit", methods=("GET", "HEAD", "POST"))
def visit_add(request, person_id):
    """The short page: today, the names of last time, one tap. ``?tu=danh-sach`` goes back to those still waiting."""
    person = get_object_or_404(Person.objects.for_user(request.user).standing().with_need(), pk=person_id)
    if not may_visit(request.user):
        raise PermissionDenied
    visit = Visit(person=person, unit=viewpoint(request.user), by=request.user)
    form = VisitForm(request.POST or None, instance=visit, initial={"visitors": _last_visitors(request.user)})
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"Đã ghi lượt thăm {person.full_name} ngày {visit.on:%d/%m/%Y}.")
        return redirect(_back(request, person))
    record(AuditEvent.Action.VIEW, request=request, subject=person, unit=person.unit)
    context = {
        "title": f"Thăm {person.full_name}",
        "subtitle": f"{person.born or 'Chưa rõ năm sinh'} · {person.unit}",
        "person": person,
        "form": form,
        "last_visit": person.visits.select_related("unit").first(),
        "back": _back(request, person),
    }
    return render_page(request, "beneficiaries/visit_add.html", context)


def _last_visitors(user) -> str:
    last = Visit.objects.filter(by=user).order_by("-pk").values_list("visitors", flat=True).first()
    return last or user.full_name


def _back(request, person) -> str:
    if request.GET.get("tu") == "danh-sach":
        return reverse("beneficiaries:visits_due")
    return reverse("beneficiaries:person", args=[person.pk])


@page(permission="beneficiaries.add_visit")
def visit_find(request):
    """Whom one stands before now: found by name, ID or phone."""
    if not may_visit(request.user):
        raise PermissionDenied
    words, found = request.GET.get("q", "").replace("\0", "").strip(), []
    if words:
        record_search(request, words, "beneficiaries.person")
        found = list(Person.objects.for_user(request.user).standing().with_need().found(words, FOUND + 1))
    latest = Visit.objects.for_user(request.user).filter(by=request.user).select_related("person__unit")
    context = {
        "title": "Ghi thăm hỏi",
        "words": words,
        "people": found[:FOUND],
        "has_more": len(found) > FOUND,
        "latest": [] if words else latest.order_by("-pk")[:10],
    }
    return render_page(request, "beneficiaries/visit_find.html", context)


@page(permission="beneficiaries.view_visit")
def visits_due(request):
    """People in need this year whom nobody went to see or paid yet, by the days they wait."""
    words, year = request.GET.get("q", "").replace("\0", "").strip(), today().year
    people = of_unit(Person.objects.for_user(request.user), request.user, request.GET.get("unit", ""))
    measured = days_to_first_visit(people, year)
    if words:
        record_search(request, words, "beneficiaries.person")
        people = people.closest(words)
    waiting = unreached(people, year)
    shown = Paginator(waiting.select_related("unit"), ROWS_A_PAGE).get_page(request.GET.get("p"))
    needs = _needs(shown.object_list, year)
    for person in shown.object_list:
        person.days_waiting, person.why = (today() - person.need_since).days, needs[person.pk]
    query = request.GET.copy()
    query.pop("p", None)
    context = {
        "title": "Còn ai chưa được thăm?",
        "subtitle": f"Người có hoàn cảnh năm {year}, từ đầu năm chưa được thăm hỏi hay hỗ trợ",
        "shown": shown,
        "measured": measured,
        "query": query.urlencode(),
        "units": unit_choices(request.user),
        "may_visit": may_visit(request.user),
        "propose": proposing(request.user, shown.object_list),
    }
    return render_page(request, "beneficiaries/visits_due.html", context)


def proposing(user, people) -> tuple[str, int] | None:
    """Where those shown for whom ``user`` may propose support are proposed together, and how many they are."""
    reach = user.reach_for("beneficiaries.propose_grant")
    keys = [("people", person.pk) for person in people if reach.may_write(person.unit_id)]
    try:
        page = reverse("beneficiaries:round_propose_people")
    except NoReverseMatch:
        return None
    return (f"{page}?{urlencode(keys)}", len(keys)) if keys else None


def _needs(people, year) -> dict[int, str]:
    """Why each of them is in need: the kinds of the year, by person."""
    kinds: dict[int, list[str]] = {person.pk: [] for person in people}
    rows = Hardship.objects.filter(person__in=kinds, year=year).order_by("known_on")
    for person_id, kind in rows.values_list("person_id", "kind__name"):
        kinds[person_id].append(kind)
    return {person_id: ", ".join(dict.fromkeys(names)) for person_id, names in kinds.items()}
