"""Nobody reads or writes another unit's rows, by any URL of the resolver, whatever its method or parameters."""

import csv
import io
import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from beneficiaries.models import House, HouseKind, Person
from tests.factories import appoint, fresh, make_person, make_unit, make_user
from tests.strangers import CANARY, make_strangers_rows, scoped_models, without_unit_names
from welfare.models import AuditEvent, Unit, User
from welfare.scoping import Reach

# What a parameter of a URL names: a model of the strangers' rows, or a fixed word. An unknown one fails the walk.
PARAMETERS = {
    "plan_id": "plan",
    "target_id": "target",
    "activity_id": "activity",
    "photo_id": "activityphoto",
    "report_id": "unitreport",
    "period_id": "reportingperiod",
    "proposal_id": "proposal",
    "reading_id": "wordreading",
    "part_id": "section",
    "batch_id": "listbatch",
    "row_id": "stagedrow",
    "grant_id": "grant",
    "round_id": "grantround",
    "fund_id": "fund",
    "entry_id": "fundentry",
    "house_id": "house",
    "funding_id": "housefunding",
    "paper_id": "dossierfile",
    "draft_id": "paper",
    "form_id": "outerform",
    "house_photo_id": "housephoto",
    "person_id": "person",
    "hardship_id": "hardship",
    "consent_id": "consent",
    "filter_id": "savedfilter",
    "case_id": "duplicatecase",
    "unit_id": "unit",
    "campaign_id": "campaign",
    "event_id": "event",
    "share_id": "quotashare",
    "body_id": "invitedbody",
    "line_id": "quotaline",
    "delegate_id": "delegate",
    "notice_id": "eventnotice",
    "invitation_id": "invitation",
    "list_id": "delegatelist",
    "job_id": "job",
    "figure_id": "reportfigure",
    "feedback_id": "feedback",
    "inspection_id": "inspection",
    "sample_id": "samplerow",
    "finding_id": "finding",
    "issue_id": "dashboardissue",
    "file_id": "storedfile",
    "id": "user",  # the admin's change-password page
}
WORDS = {
    "kind": "plan",
    "format": "pdf",
    "verb": "issue",
    "part": "muc",
    "act": "xuong",
    "version_id": "1",
    "app_label": "welfare",
    "indicator_id": "1",
    "how": "deu",
}
OPEN_TO_ALL = {"livez", "readyz", "login", "feedback_new", "feedback_track"}
ALONE = {"logout"}  # would end the session of the walk itself
FORGED = ("abc", "1\0", "9" * 30)
STRANGERS = ("unit_officer_a", "administrator")
PEOPLE = ("officer", "inspector")  # who writes every row and who reads every row; the crawl walks as all the others


@pytest.fixture
def rows(province):
    return make_strangers_rows(province)


def every_url():
    """(name, route) of every pattern, admin included; redirects and static files too."""
    return [(name, full) for name, route in _walk(get_resolver().url_patterns, "") for full in _with_each_verb(route)]


def _with_each_verb(route) -> list[str]:
    """The page of a model's verbs once for each verb it really has."""
    if "<slug:verb>" not in route:
        return [route]
    admins = (
        a for m, a in admin.site._registry.items() if route.startswith(f"{m._meta.app_label}/{m._meta.model_name}/")
    )
    return [route.replace("<slug:verb>", verb.name) for found in admins for verb in found.verbs] or [route]


def _walk(patterns, prefix):
    for pattern in patterns:
        route = prefix + _route(pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield pattern.name or route, route


def _route(pattern) -> str:
    return getattr(pattern.pattern, "_route", None) or _from_regex(pattern.pattern._regex)


def _from_regex(regex) -> str:
    """The two regular expressions of the resolver: simple_history's version page, the admin's list of one app."""
    named = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", regex.removeprefix("^").removesuffix(r"\Z").removesuffix("$"))
    return named.replace("([^/]+)", "<object_id>", 1).replace("([^/]+)", "<version_id>", 1).replace("/?", "/")


def filled(route, name, rows) -> str:
    """The route with the strangers' own keys in it."""

    def key(match):
        parameter = match.group(1).split(":")[-1]
        if parameter == "object_id":
            return str(rows.get(_admin_model(name, route), rows["unit"]).pk)
        if parameter == "subject_id":
            return str(rows["plan"].pk)
        if parameter in PARAMETERS:
            return str(rows[PARAMETERS[parameter]].pk)
        if parameter in WORDS:
            return WORDS[parameter]
        if parameter in ("content_type_id", "url", "path"):
            return "1"
        raise LookupError(f"the walk does not know <{parameter}> of {route}: add it to PARAMETERS")

    return "/" + re.sub(r"<([^>]+)>", key, route)


def _admin_model(name, route) -> str:
    return route.split("/")[1] if route.count("/") > 1 else ""


def test_every_scoped_model_has_a_strangers_row(rows):
    assert sorted({model._meta.model_name for model in scoped_models()} - set(rows)) == []


def test_every_parameter_of_every_url_is_known(rows):
    assert [filled(route, name, rows) for name, route in every_url()]


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_get_no_row_of_another_unit_by_any_url(who, request, rows, client_of):
    client = client_of(request.getfixturevalue(who))
    leaks, wrong = [], []
    for name, route in every_url():
        if name in ALONE:
            continue
        url = filled(route, name, rows)
        for method in ("get", "post"):
            response = getattr(client, method)(url)
            body = _body(response)
            if CANARY in body and not _may_see_structure(who, route):
                leaks.append(f"{method} {url}")
            allowed = (
                (403, 404, 405, 400)
                if "<" in route and not _may_see_structure(who, route)
                else (200, 302, 400, 403, 404, 405)
            )
            if response.status_code not in allowed and not _is_free_of_rows(route):
                wrong.append(f"{method} {url} {response.status_code}")
    assert (leaks, wrong) == ([], [])


@pytest.mark.parametrize("who", PEOPLE)
def test_no_url_breaks_for_those_who_may_see_the_row(who, request, rows, client_of):
    client = client_of(request.getfixturevalue(who))
    statuses = {
        url: client.get(url).status_code
        for name, route in every_url()
        if name not in ALONE and (url := filled(route, name, rows))
    }
    assert {url: status for url, status in statuses.items() if status not in (200, 302, 400, 403, 404, 405)} == {}


def test_the_canary_shows_to_those_who_may_see_it(rows, client_of, officer):
    """Else the walk would prove nothing."""
    client = client_of(officer)
    names = ["person", "household", "grant", "house", "fund", "plan", "grantround", "event"]
    rooms = {"plan": "programs", "event": "events"}
    pages = [f"/{rooms.get(name, 'beneficiaries')}/{name}/{rows[name].pk}/change/" for name in names]
    assert [CANARY in _body(client.get(page)) for page in pages] == [True] * len(pages)


def test_signed_out_everything_but_health_leads_to_the_sign_in(rows):
    client, answered = Client(), []
    for name, route in every_url():
        if name in ALONE:
            continue
        for method in ("get", "post"):
            response = getattr(client, method)(filled(route, name, rows))
            sends_to_login = response.status_code == 302 and response["Location"].startswith("/login/")
            if name not in OPEN_TO_ALL and not sends_to_login and response.status_code not in (403, 404, 405):
                answered.append(f"{method} {route} {response.status_code}")
            assert CANARY not in _body(response)
    assert [line for line in answered if "jsi18n" not in line and "static" not in line] == []


@pytest.mark.parametrize("query", ["", f"q={CANARY[:7]}", "o=1", "p=1", "all="])
def test_lists_of_a_unit_officer_hold_nothing_of_a_stranger(query, rows, client_of, unit_officer_a):
    client = client_of(unit_officer_a)
    leaks = [
        route
        for name, route in every_url()
        if name and name.endswith("_changelist") and CANARY in _body(client.get(f"/{route}?{query}"))
    ]
    assert leaks == []


def test_a_prefilled_form_shows_no_strangers_label(rows, client_of, unit_officer_a):
    client = client_of(unit_officer_a)
    pages = [
        client.get(f"/beneficiaries/person/add/?household={rows['household'].pk}&unit={rows['unit'].pk}"),
        client.get(f"/beneficiaries/house/add/?person={rows['person'].pk}&household={rows['household'].pk}"),
    ]
    assert [CANARY in _body(page) for page in pages] == [False, False]


@pytest.mark.parametrize("field", ["household", "person"])
def test_autocomplete_offers_no_strangers_rows(field, rows, client_of, unit_officer_a):
    client = client_of(unit_officer_a)
    model = {"household": "person", "person": "grant"}[field]
    query = {"app_label": "beneficiaries", "model_name": model, "field_name": field, "term": CANARY}
    response = client.get("/autocomplete/", query)
    assert CANARY not in _body(response).replace(f'"{CANARY}"', "")


def test_a_forged_choice_shows_the_form_again(rows, client_of, officer, administrator):
    """Of what a form looks up as one types, in its rows too."""
    statuses, clients = {}, [client_of(officer), client_of(administrator)]
    for model, shown in admin.site._registry.items():
        page = f"/{model._meta.app_label}/{model._meta.model_name}/add/"
        for client in clients:
            empty = client.get(page)
            if empty.status_code == 200 and (names := _looked_up(shown, empty)):
                for forged in FORGED:
                    answer = client.post(page, dict.fromkeys(names, forged) | _totals(empty))
                    statuses[page, forged] = answer.status_code
    assert {tried: status for tried, status in statuses.items() if status != 200} == {}
    assert len(statuses) > 10 * len(FORGED)


def _looked_up(shown, page) -> list[str]:
    in_rows = [
        f"{rows.formset.prefix}-0-{name}"
        for rows in page.context["inline_admin_formsets"]
        for name in rows.opts.autocomplete_fields
    ]
    return [*shown.autocomplete_fields, *in_rows]


def _totals(page) -> dict[str, int]:
    prefixes = [rows.formset.prefix for rows in page.context["inline_admin_formsets"]]
    return {f"{prefix}-{name}_FORMS": count for prefix in prefixes for name, count in (("TOTAL", 1), ("INITIAL", 0))}


def test_a_posted_unit_or_a_strangers_household_is_refused(rows, client_of, unit_officer_a, district_a):
    client = client_of(unit_officer_a)
    form = {"full_name": "Lê Văn Mới", "household": rows["household"].pk, "unit": rows["unit"].pk}
    client.post("/beneficiaries/person/add/", form)
    assert list(Person.objects.filter(full_name="Lê Văn Mới").exclude(unit=district_a)) == []
    assert Person.objects.filter(household=rows["household"]).count() == 1


def test_a_row_can_not_be_moved_to_another_unit_by_its_form(rows, client_of, unit_officer_a, district_a):
    person = make_person(district_a, "Lê Thị Ở Lại")
    client_of(unit_officer_a).post(
        f"/beneficiaries/person/{person.pk}/change/", {"full_name": "Lê Thị Ở Lại", "unit": rows["unit"].pk}
    )
    person.refresh_from_db()
    assert person.unit == district_a


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    "lookup", ["national_id__startswith=0", "id_hash=1", "unit__users__username=x", "phone__contains=09"]
)
def test_hidden_columns_can_not_be_asked_through_the_address_bar(lookup, client_of, officer):
    assert client_of(officer).get(f"/beneficiaries/person/?{lookup}").status_code == 400


def test_officers_read_what_is_under_them_and_write_only_their_own(province, district_a, unit_officer_a, client_of):
    company = make_unit("A1", "CĐCS Công ty An", kind="grassroots", parent=district_a)
    below = make_person(company, "Người Cấp Dưới")
    client = client_of(unit_officer_a)
    assert client.get(f"/beneficiaries/person/{below.pk}/change/").status_code == 200
    client.post(f"/beneficiaries/person/{below.pk}/change/", {"full_name": "Đã Bị Sửa"})
    below.refresh_from_db()
    assert below.full_name == "Người Cấp Dưới"


def test_a_successor_reads_the_rows_of_the_unit_it_took_over(province, district_a, unit_officer_a, rows):
    Unit.objects.get(pk=rows["unit"].pk).successors.add(district_a)
    assert rows["person"] in Person.objects.for_user(fresh(unit_officer_a))


def test_an_ended_appointment_counts_at_the_next_request(unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    assert client.get("/beneficiaries/person/").status_code == 200
    unit_officer_a.appointments.update(valid_from="2020-01-01", valid_to="2020-12-31")
    assert client.get("/beneficiaries/person/").status_code == 302


def test_a_deactivated_account_is_out_at_the_next_request(unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    User.objects.filter(pk=unit_officer_a.pk).update(is_active=False)
    assert client.get("/beneficiaries/person/")["Location"].startswith("/login/")


def test_a_role_over_people_needs_a_leaders_confirmation(province, administrator, leader, client_of):
    newcomer = User.objects.create_user("moi", "mat-khau-thu-nghiem-2026", full_name="Người Mới", unit=province)
    appointment = appoint(newcomer, "province_officer", province, confirmed_at=None, granted_by=administrator)
    assert fresh(newcomer).appointments_in_force == []
    for someone in (administrator, newcomer):
        with pytest.raises(Exception, match="lãnh đạo"):
            appointment.confirm(fresh(someone))
    appointment.confirm(fresh(leader))
    assert fresh(newcomer).works_for_province


def test_a_link_alone_confirms_nothing(province, administrator, leader, client_of):
    newcomer = User.objects.create_user("moi", "mat-khau-thu-nghiem-2026", full_name="Người Mới", unit=province)
    appointment = appoint(newcomer, "province_officer", province, confirmed_at=None, granted_by=administrator)
    client, page = client_of(leader), f"/welfare/appointment/{appointment.pk}/"
    assert f"{page}lam/confirm/" in client.get(f"{page}change/").content.decode()
    for address in (f"{page}confirm/", f"{page}lam/confirm/"):
        client.get(address)
        assert fresh(newcomer).appointments_in_force == []
    assert client_of(administrator).post(f"{page}lam/confirm/").status_code == 403
    client.post(f"{page}lam/confirm/")
    assert fresh(newcomer).works_for_province


def test_setting_anothers_password_or_closing_an_account_is_on_record(province, administrator, client_of):
    other = User.objects.create_user("moi", "mat-khau-thu-nghiem-2026", full_name="Người Mới", unit=province)
    client, password = client_of(administrator), "mot-mat-khau-khac-2026"
    told = AuditEvent.objects.filter(action="permission", subject_kind="welfare.user", subject_id=str(other.pk))
    page = f"/welfare/user/{other.pk}/"
    client.post(f"{page}password/", {"password1": password, "password2": "khac", "usable_password": "true"})
    assert not told.exists()
    client.post(f"{page}password/", {"password1": password, "password2": password, "usable_password": "true"})
    client.post(f"{page}change/", {"username": "moi", "full_name": "Người Mới", "unit": province.pk})
    assert [event.detail for event in told.order_by("pk")] == [{"changed": ["password"]}, {"changed": ["is_active"]}]
    assert {event.actor for event in told} == {administrator}


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("/beneficiaries/listbatch/?unit=99999999999999999999", 302),
        ("/beneficiaries/listbatch/?state__exact=%00", 302),
        ("/beneficiaries/person/?gender__exact=%00", 302),
        ("/beneficiaries/person/add/?unit=99999999999999999999", 200),
        ("/beneficiaries/person/add/?household=%00", 200),
        ("/search/?s=nguyen&page=zz", 404),
    ],
)
def test_what_no_database_can_hold_is_a_wrong_address(province, client_of, page, status):
    officer = make_user("canbo-thu", "province_officer", province)
    assert client_of(officer).get(page).status_code == status


def test_nobody_edits_their_own_appointment(administrator, client_of):
    own = administrator.appointments.get()
    page = client_of(administrator).get(f"/welfare/appointment/{own.pk}/change/")
    assert b'name="_save"' not in page.content


def test_the_administrator_opens_no_page_of_people(administrator, client_of):
    client = client_of(administrator)
    pages = ["person", "household", "grant", "house", "fund", "listbatch"]
    assert [client.get(f"/beneficiaries/{name}/").status_code for name in pages] == [403] * len(pages)


def _body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return without_unit_names(content.decode(errors="replace"))


def _may_see_structure(who, route) -> bool:
    """Units, accounts, appointments and the audit trail are the administrator's work."""
    structure = (
        "welfare/unit",
        "welfare/user",
        "welfare/department",
        "welfare/appointment",
        "welfare/auditevent",
        "welfare/organization",
    )
    return who == "administrator" and (route.startswith(structure) or route in ("", "search/"))


def _is_free_of_rows(route) -> bool:
    """Pages of catalogues and of an indicator, whose rows are scoped by themselves; redirects that look nothing up."""
    models = {f"{model._meta.app_label}/{model._meta.model_name}/" for model in scoped_models()}
    is_admin_page = "<path:object_id>" in route or "<object_id>" in route
    is_catalogue = is_admin_page and not route.startswith(tuple(models))
    return (
        is_catalogue
        or route.endswith("/<path:object_id>/")
        or route.startswith(("r/", "<app_label>", "<path:url>", "so-lieu/"))
    )


def test_a_role_that_only_reads_adds_nothing_to_where_its_holder_writes(
    province, district_b, unit_officer_a, client_of
):
    appoint(unit_officer_a, "inspector", province)
    reach = fresh(unit_officer_a).reach
    assert (reach.covers(district_b.pk), reach.may_write(district_b.pk)) == (True, False)
    stranger = make_person(district_b, "Người Của Huyện Bình")
    page = client_of(fresh(unit_officer_a)).get(f"/beneficiaries/person/{stranger.pk}/change/")
    assert (page.status_code, b'name="_save"' in page.content) == (200, False)


def test_a_password_set_by_another_puts_data_roles_back_to_the_leader(administrator, officer, client_of):
    new = {"password1": "mot-mat-khau-moi-2026", "password2": "mot-mat-khau-moi-2026"}
    client_of(administrator).post(f"/welfare/user/{officer.pk}/password/", new)
    assert fresh(officer).check_password("mot-mat-khau-moi-2026")
    assert fresh(officer).appointments_in_force == []


def test_only_an_ended_unit_has_a_successor(administrator, district_a, district_b, client_of):
    formsets = {
        f"{name}-{part}_FORMS": 0
        for name in ("years", "letterheads", "keepers")
        for part in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")
    }
    form = {
        "kind": district_b.kind_id,
        "code": "B",
        "name": "B",
        "short_name": "B",
        "successors": [district_a.pk],
        **formsets,
    }
    client = client_of(administrator)
    client.post(f"/welfare/unit/{district_b.pk}/change/", form)
    assert not district_b.successors.exists()
    client.post(f"/welfare/unit/{district_b.pk}/change/", form | {"valid_to": "30/06/2025"})
    assert district_b.successors.get() == district_a


@pytest.fixture
def two_roles(province, district_a):
    """Finance officer of the province, and officer of district A."""
    user = make_user("kiemnhiem", "finance_officer", province)
    appoint(user, "unit_officer", district_a)
    return fresh(user)


def test_a_permission_counts_only_in_reach_of_the_appointment_that_gives_it(two_roles, district_a, district_b):
    upload, entry = (
        two_roles.reach_for("beneficiaries.add_listbatch"),
        two_roles.reach_for("beneficiaries.add_fundentry"),
    )
    assert [upload.may_write(unit.pk) for unit in (district_a, district_b)] == [True, False]
    assert [entry.may_write(unit.pk) for unit in (district_a, district_b)] == [True, True]
    assert two_roles.reach_for("beneficiaries.approve_grant") == Reach()
    assert two_roles.reach.covers(district_b.pk)


def test_two_roles_of_one_person_lend_each_other_nothing(two_roles, district_a, district_b, client_of):
    client = client_of(two_roles)
    own, other = make_person(district_a, "Người Huyện An"), make_person(district_b, "Người Huyện Bình")
    pages = [client.get(f"/beneficiaries/person/{person.pk}/change/") for person in (own, other)]
    assert [(page.status_code, b'name="_save"' in page.content) for page in pages] == [(200, True), (200, False)]
    client.post(f"/beneficiaries/person/{other.pk}/change/", {"full_name": "Đã Bị Sửa"})
    other.refresh_from_db()
    assert other.full_name == "Người Huyện Bình"
    assert list(client.get("/danh-sach/tai-len/").context["form"].fields["unit"].queryset) == [district_a]
    form = client.get("/beneficiaries/person/add/").context["adminform"].form
    assert ("unit" in form.fields, form.home_unit) == (False, district_a)


def test_a_verb_reaches_as_far_as_the_appointment_that_gives_it(two_roles, district_a, district_b, client_of):
    statuses = {}
    for unit in (district_a, district_b):
        house = House.objects.create(
            unit=unit, person=make_person(unit), kind=HouseKind.objects.first(), proposed_by=two_roles, year=2026
        )
        url = f"/beneficiaries/house/{house.pk}/lam/withdraw/"
        statuses[unit] = client_of(two_roles).post(url, {"reason": "Gia đình xin rút"}).status_code
    assert statuses == {district_a: 302, district_b: 403}


def test_an_export_reaches_as_far_as_the_appointment_that_gives_it(province, district_a, district_b, client_of):
    user = make_user("kiemnhiem", "leader", province)
    appoint(user, "unit_officer", district_a)
    for unit in (district_a, district_b):
        make_person(unit, f"Người {unit.code}")
    response = client_of(user).post("/beneficiaries/person/export/", {"format": "1"})
    lines = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert [line["Họ và tên"] for line in lines] == ["Người A"]
