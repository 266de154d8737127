from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from beneficiaries.duplicates.models import DuplicateCase
from beneficiaries.people.evidence import attach, with_files
from beneficiaries.people.forms import ConsentForm, EvidenceForm, SavedFilterForm
from beneficiaries.people.models import Consent, Hardship, Person, SavedFilter
from beneficiaries.people.timeline import elsewhere, story_of
from beneficiaries.visits.views import may_visit
from welfare.audit import AuditEvent, record
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import today
from welfare.uploads import was_too_big

_TOO_BIG = "Các tệp gửi cùng lúc lớn hơn 10 MB; hãy chọn ít tệp hơn rồi gửi thêm lần nữa."
_RELATED = ("unit", "household", "employment", "workplace_unit")


@page(permission="beneficiaries.view_person")
def person(request, person_id):
    """Who, where, family, why in need, what is on its way, and all that was done so far."""
    people = Person.objects.for_user(request.user).with_need().select_related(*_RELATED)
    row = get_object_or_404(people, pk=person_id)
    record(AuditEvent.Action.VIEW, request=request, subject=row, unit=row.unit)
    hardships = with_files(list(row.hardships.select_related("kind").with_first_visit()))
    context = {
        "title": row.full_name,
        "subtitle": f"{row.born or 'Chưa rõ năm sinh'} · {row.unit}",
        "person": row,
        "family": _family(row, request.user),
        **_others(row, request.user),
        "relatives": row.relatives.for_user(request.user),
        "former_ids": row.former_ids.all(),
        "marks": [mark for mark in row.vulnerabilities.select_related("kind") if mark.is_in_force],
        "consents": row.consents.all(),
        "poverty_class": row.poverty_class(),
        "story": story_of(row, request.user),
        "elsewhere": elsewhere(row, request.user),
        "hardships": hardships,
        "cases": _cases(row, request.user),
        "this_year": today().year,
        **_links(row, request.user),
    }
    return render_page(request, "beneficiaries/person.html", context)


def _others(row, user) -> dict:
    """Who stands in another unit by now is shown to nobody who may not open them."""
    seen = Person.objects.for_user(user).in_bulk([pk for pk in (row.relative_of_id, row.merged_into_id) if pk])
    return {"relative_of": seen.get(row.relative_of_id), "merged_into": seen.get(row.merged_into_id)}


def _family(row, user):
    return row.household.people.for_user(user).standing().exclude(pk=row.pk) if row.household_id else []


def _cases(row, user):
    if not user.has_perm("beneficiaries.view_duplicatecase"):
        return []
    cases = DuplicateCase.objects.for_user(user).filter(state=DuplicateCase.State.OPEN)
    return list((cases.filter(first=row) | cases.filter(second=row))[:5])


def _links(row, user) -> dict:
    links = {"may_write": user.reach_for("beneficiaries.change_person").may_write(row.unit_id)}
    if links["may_write"]:
        links["edit_url"] = reverse("admin:beneficiaries_person_change", args=[row.pk])
    if not row.stands:
        return links
    if may_visit(user):
        links["visit_url"] = reverse("beneficiaries:visit_add", args=[row.pk])
    if row.is_active and user.reach_for("beneficiaries.propose_grant").may_write(row.unit_id):
        links["propose_url"] = f"{reverse('admin:beneficiaries_grant_add')}?person={row.pk}"
    if user.reach_for("beneficiaries.change_duplicatecase").may_write(row.unit_id):
        links["merge_url"] = reverse("beneficiaries:person_merge", args=[row.pk])
    if user.reach_for("beneficiaries.add_datarequest").may_write(row.unit_id):
        links["request_url"] = f"{reverse('admin:beneficiaries_datarequest_add')}?person={row.pk}"
    return links


@never_cache
@page(permission="beneficiaries.view_identity", methods=("POST",))
def person_identity(request, person_id):
    """The full ID and account numbers, shown once and audited."""
    rows = Person.objects.for_user(request.user, "beneficiaries.view_identity")
    row = get_object_or_404(rows, pk=person_id)
    record(AuditEvent.Action.REVEAL, request=request, subject=row, unit=row.unit)
    context = {"title": row.full_name, "person": row, "former_ids": row.former_ids.all(), "shown": True}
    if request.htmx:
        return render(request, "beneficiaries/person_identity.html", context)
    return render_page(request, "beneficiaries/person_identity_page.html", context)


# Evidence and consent ----------------------------------------------------------------------------------


@page(permission="beneficiaries.change_hardship", methods=("GET", "HEAD", "POST"))
def hardship_evidence(request, hardship_id):
    """Scans and photographs that show a hardship."""
    hardships = Hardship.objects.for_user(request.user).select_related("person__unit", "kind")
    hardship = get_object_or_404(hardships, pk=hardship_id)
    _need_to_write(request, hardship.person)
    form = EvidenceForm(*_sent(request))
    if request.method == "POST" and _is_fine(request, form):
        attach(hardship, hardship.person, request.user, form.cleaned_data["files"])
        messages.success(request, f"Đã thêm {len(form.cleaned_data['files'])} tệp.")
        return redirect("beneficiaries:person", hardship.person_id)
    context = {
        "title": "Chứng cứ hoàn cảnh",
        "subtitle": f"{hardship.person} · {hardship}",
        "person": hardship.person,
        "form": form,
        "files": with_files([hardship])[0].files,
    }
    return render_page(request, "beneficiaries/person_evidence.html", context, status=_status(request))


@page(permission="beneficiaries.view_consent", methods=("GET", "HEAD", "POST"))
def person_consents(request, person_id):
    """On what basis this person's data is kept, with the form that adds one."""
    row = get_object_or_404(Person.objects.for_user(request.user).select_related("unit"), pk=person_id)
    may_write = request.user.reach_for("beneficiaries.add_consent").may_write(row.unit_id) and row.stands
    form = ConsentForm(*_sent(request), instance=Consent(person=row, by=request.user))
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        if _is_fine(request, form):
            consent = form.save()
            attach(consent, row, request.user, form.cleaned_data["files"])
            messages.success(request, "Đã ghi căn cứ sử dụng dữ liệu.")
            return redirect("beneficiaries:person_consents", row.pk)
    consents = with_files(list(row.consents.select_related("by")))
    record(AuditEvent.Action.VIEW, request=request, subject=row, unit=row.unit)
    context = {
        "title": "Sự đồng ý cho dùng dữ liệu",
        "subtitle": f"{row} · {row.unit}",
        "person": row,
        "consents": consents,
        "may_write": may_write,
        "form": form,
    }
    return render_page(request, "beneficiaries/person_consents.html", context, status=_status(request))


@page(permission="beneficiaries.change_consent", methods=("POST",))
def consent_withdraw(request, consent_id):
    consents = Consent.objects.for_user(request.user).select_related("person__unit")
    consent = get_object_or_404(consents, pk=consent_id)
    try:
        consent.withdraw(request.user, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Đã ghi việc rút đồng ý.")
    return redirect("beneficiaries:person_consents", consent.person_id)


def _need_to_write(request, row):
    if not request.user.reach_for("beneficiaries.change_person").may_write(row.unit_id):
        raise PermissionDenied


def _sent(request) -> tuple:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _is_fine(request, form) -> bool:
    if was_too_big(request):
        form.add_error("files", _TOO_BIG)
    return form.is_valid()


def _status(request) -> int:
    return 200 if request.method != "POST" else 413 if was_too_big(request) else 400


# Saved filters -----------------------------------------------------------------------------------------


@page(permission="beneficiaries.view_person", methods=("POST",))
def filter_save(request):
    """Keeps the conditions of the list as it was shown, under a name."""
    query = request.POST.get("query", "")[:1000]
    form = SavedFilterForm(request.POST, instance=SavedFilter(user=request.user, query=query))
    if form.is_valid():
        kept = form.save()
        messages.success(request, f"Đã lưu bộ lọc “{kept}”.")
        return redirect(_list(kept.query))
    messages.error(request, "; ".join(error for errors in form.errors.values() for error in errors))
    return redirect(_list(query))


@page(permission="beneficiaries.view_person", methods=("POST",))
def filter_change(request, filter_id):
    """Another name, or away with it."""
    kept = get_object_or_404(SavedFilter.objects.for_user(request.user), pk=filter_id)
    if request.POST.get("act") == "delete":
        kept.delete()
        messages.success(request, f"Đã xóa bộ lọc “{kept}”.")
        return redirect(_list(""))
    form = SavedFilterForm(request.POST, instance=kept)
    if form.is_valid():
        form.save()
        messages.success(request, f"Đã đổi tên thành “{kept}”.")
    else:
        messages.error(request, "; ".join(error for errors in form.errors.values() for error in errors))
    return redirect(_list(kept.query))


def _list(query: str) -> str:
    url = reverse("admin:beneficiaries_person_changelist")
    return f"{url}?{query}" if query else url
