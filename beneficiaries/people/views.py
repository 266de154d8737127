from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from beneficiaries.people.models import Person
from beneficiaries.visits.views import may_visit
from welfare.audit import AuditEvent, record
from welfare.site import page, render_page
from welfare.units.models import today


@page(permission="beneficiaries.view_person")
def person(request, person_id):
    """Who, where, family, why in need, and all that was done so far."""
    row = get_object_or_404(Person.objects.for_user(request.user).with_need(), pk=person_id)
    record(AuditEvent.Action.VIEW, request=request, subject=row, unit=row.unit)
    grants = row.grants.for_user(request.user).select_related("round__occasion", "payment__fund").order_by("-pk")
    helped = [grant for grant in grants if grant.state == "paid" and grant.paid_on.year == today().year]
    context = {
        "title": row.full_name,
        "subtitle": f"{row.born or 'Chưa rõ năm sinh'} · {row.unit}",
        "person": row,
        "family": _family(row, request.user),
        "poverty_class": row.poverty_class(),
        "grants": grants,
        "houses": _houses(row, request.user),
        "hardships": row.hardships.select_related("kind").with_first_visit(),
        "visits": row.visits.select_related("unit", "occasion"),
        "helped": helped,
        "helped_total": sum(grant.value for grant in helped),
        "this_year": today().year,
        **_links(row, request.user),
    }
    return render_page(request, "beneficiaries/person.html", context)


def _family(row, user):
    return row.household.people.for_user(user).exclude(pk=row.pk) if row.household_id else []


def _houses(row, user):
    from beneficiaries.houses.models import House

    of_household = Q(household=row.household_id) if row.household_id else Q(pk__in=[])
    return House.objects.for_user(user).filter(Q(person=row) | of_household).select_related("kind")


def _links(row, user) -> dict:
    links = {}
    if may_visit(user):
        links["visit_url"] = reverse("beneficiaries:visit_add", args=[row.pk])
    if user.reach_for("beneficiaries.change_person").may_write(row.unit_id):
        links["edit_url"] = reverse("admin:beneficiaries_person_change", args=[row.pk])
    if user.reach_for("beneficiaries.propose_grant").may_write(row.unit_id):
        links["propose_url"] = f"{reverse('admin:beneficiaries_grant_add')}?person={row.pk}"
    return links


@never_cache
@page(permission="beneficiaries.view_identity", methods=("POST",))
def person_identity(request, person_id):
    """The full ID and account numbers, shown once and audited."""
    rows = Person.objects.for_user(request.user, "beneficiaries.view_identity")
    row = get_object_or_404(rows, pk=person_id)
    record(AuditEvent.Action.REVEAL, request=request, subject=row, unit=row.unit)
    context = {"title": row.full_name, "person": row, "shown": True}
    if request.htmx:
        return render(request, "beneficiaries/person_identity.html", context)
    return render_page(request, "beneficiaries/person_identity_page.html", context)
