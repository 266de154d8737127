"""People in need: found without accents, shown with masked numbers, every look audited, nobody else's."""

import pytest
from django.core.paginator import EmptyPage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beneficiaries.models import DuplicateCase, Hardship, HardshipKind, Person, PovertyRecord
from tests.factories import an_id, make_fund, make_grant, make_household, make_person, make_round, make_unit
from welfare.crypto import keyed_hash
from welfare.filters import CappedPaginator
from welfare.models import AuditEvent, Role, UnitKeeper
from welfare.units.models import today

LIST = "/beneficiaries/person/"
ID = "083085500777"


@pytest.fixture
def person(district_a):
    return make_person(
        district_a, "Đặng Thị Hường", birth_year=1985, national_id=ID, phone="0912345678", gender="male",
        bank_account="711A12345678",
    )  # fmt: skip


def text(response) -> str:
    return response.content.decode()


def listed(response) -> list[str]:
    return [row.full_name for row in response.context["cl"].result_list]


def form_data(**changes):
    inline = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    data = {"full_name": "Đặng Thị Hường", "birth_year": "1985", "gender": "male", "is_member": "unknown"}
    rows = {f"{rows}-{key}": value for rows in ("hardships", "vulnerabilities") for key, value in inline.items()}
    return data | rows | changes


def take_identity_from(role):
    role = Role.objects.get(code=role)
    role.permissions.remove(*role.permissions.filter(codename="view_identity"))


# The list --------------------------------------------------------------------------------------


def test_names_stand_in_vietnamese_order(district_a, officer, client_of):
    for name in ("Lê Văn Đào", "Lê Văn Dũng", "Nguyễn Thị An", "Trần Ánh", "Lê Thị Ân"):
        make_person(district_a, name)
    names = listed(client_of(officer).get(LIST))
    assert names == ["Nguyễn Thị An", "Trần Ánh", "Lê Thị Ân", "Lê Văn Dũng", "Lê Văn Đào"]


@pytest.mark.parametrize("words", ["dang huong", "HƯỜNG đặng", "thi  hường", ID, "0830 8550 0777", "0912345678"])
def test_a_person_is_found_by_words_in_any_order_or_a_whole_number(person, district_a, officer, client_of, words):
    make_person(district_a, "Nguyễn Văn Khác", national_id=an_id())
    assert listed(client_of(officer).get(LIST, {"q": words})) == ["Đặng Thị Hường"]


@pytest.mark.parametrize("words", ["dang hoa", ID[:11], "091234567", "%"])
def test_part_of_a_number_finds_nobody(person, officer, client_of, words):
    assert listed(client_of(officer).get(LIST, {"q": words})) == []


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("tran", ["Trần Văn Hoa"]),
        ("hoa tran", ["Trần Văn Hoa"]),
        ("trang", ["Lê Thị Trang"]),
        ("van ho", ["Lê Văn Hoàng", "Trần Văn Hoa"]),
        ("tra", ["Trần Văn Hoa", "Lê Thị Trang"]),
        ("l t tr", ["Lê Thị Trang"]),
        ("hoan tra", []),
    ],
)
def test_whole_words_go_before_their_beginnings(district_a, officer, client_of, words, names):
    for name in ("Trần Văn Hoa", "Lê Thị Trang", "Lê Văn Hoàng"):
        make_person(district_a, name, birth_year=1990)
    assert sorted(listed(client_of(officer).get(LIST, {"q": words}))) == sorted(names)


def test_a_search_leaves_only_a_hash(person, officer, client_of):
    client_of(officer).get(LIST, {"q": ID})
    event = AuditEvent.objects.get(action="search")
    assert (event.actor, event.detail) == (officer, {"of": "beneficiaries.person", "hash": keyed_hash(ID)})


def test_the_list_holds_no_whole_number(person, officer, client_of):
    page = text(client_of(officer).get(LIST))
    assert ("083*****0777" in page, ID in page, "711A12345678" in page) == (True, False, False)


def test_filters_by_unit_class_hardship_and_gender(province, district_a, district_b, officer, client_of):
    company = make_unit("A1", "CĐCS An", kind="grassroots", parent=district_a)
    kind, year = HardshipKind.objects.get(code="accident"), today().year
    of = {}
    for name, unit, status, record_year in [("Nghèo", company, "poor", year), ("Cận", district_a, "near_poor", year),
                                            ("Cũ", district_b, "poor", year - 1), ("Không", district_b, None, None)]:  # fmt: skip
        of[name] = make_person(unit, name, household=make_household(unit, name), gender="female" if status else "male")
        if status:
            PovertyRecord.objects.create(household=of[name].household, year=record_year, status=status)
    Hardship.objects.create(person=of["Cận"], kind=kind, year=year)
    client = client_of(officer)

    def names(**query):
        return sorted(listed(client.get(LIST, query)))

    assert names(unit=district_a.pk) == ["Cận", "Nghèo"]
    assert [names(poverty=asked) for asked in ("poor", "near_poor", "unconfirmed", "none")] == [
        ["Nghèo"], ["Cận"], ["Cũ"], ["Không"],
    ]  # fmt: skip
    assert names(hardship=kind.pk) == ["Cận"]
    assert names(gender__exact="male") == ["Không"]
    assert f"Chưa xác nhận năm {year}" in text(client.get(LIST, {"q": "cu"}))


def test_a_unit_is_offered_only_its_own_units_to_filter_by(person, district_b, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    assert "LĐLĐ huyện Bình" not in text(client.get(LIST))
    assert listed(client.get(LIST, {"unit": district_b.pk})) == []


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    "lookup", ["national_id__startswith", "id_hash", "bank_account__contains", "phone__startswith", "folded_name__lt",
               "household__people__id_hash", "unit__users__username"]
)  # fmt: skip
def test_hidden_fields_can_not_be_asked_for(person, officer, client_of, lookup):
    assert client_of(officer).get(LIST, {lookup: "0"}).status_code == 400


def test_the_list_takes_as_many_queries_for_three_people_as_for_one(district_a, officer, client_of):
    client, counts = client_of(officer), []
    for number in (1, 3):
        while Person.objects.count() < number:
            made = make_person(district_a, household=make_household(district_a), national_id=an_id())
            PovertyRecord.objects.create(household=made.household, year=today().year, status="poor")
            Hardship.objects.create(person=made, kind=HardshipKind.objects.first(), year=today().year)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_counting_stops_at_the_cap(district_a):
    for _ in range(5):
        make_person(district_a)
    paginator = CappedPaginator(Person.objects.all(), 2)
    paginator.cap = 3
    with CaptureQueriesContext(connection) as queries:
        assert (paginator.count, paginator.num_pages) == (3, 2)
    assert "LIMIT 3" in queries[0]["sql"]
    with pytest.raises(EmptyPage):
        paginator.page(3)


# The page --------------------------------------------------------------------------------------


def test_the_page_tells_what_was_done(person, province, officer, leader, finance, client_of):
    household = make_household(person.unit, "Đặng Văn Chủ", size=4)
    Person.objects.filter(pk=person.pk).update(household=household)
    PovertyRecord.objects.create(household=household, year=today().year, status="poor", certificate_number="12/GCN")
    fund = make_fund(province, balance=5_000_000, by=finance)
    grant = make_grant(make_round(province), person.unit, officer, person)
    client = client_of(officer)
    assert f"Chưa được hỗ trợ lần nào trong năm {today().year}" in text(client.get(f"/nguoi/{person.pk}/"))
    grant.approve(leader, decision_number="1/QĐ")
    grant.pay(finance, fund=fund)
    page = text(client.get(f"/nguoi/{person.pk}/"))
    for told in (f"Đã được hỗ trợ trong năm {today().year}: 1 lần, 500.000 đồng.", "Tết 2026", "Đã chi", fund.name,
                 "12/GCN", "Đặng Văn Chủ", "083*****0777"):  # fmt: skip
        assert told in page
    assert (ID in page, "711A12345678" in page) == (False, False)


def test_opening_a_person_is_audited(person, officer, client_of):
    client = client_of(officer)
    for url in (f"/nguoi/{person.pk}/", f"{LIST}{person.pk}/change/", f"{LIST}{person.pk}/history/"):
        assert client.get(url).status_code == 200
    seen = AuditEvent.objects.filter(action="view", subject_id=str(person.pk))
    assert [(event.actor, event.unit) for event in seen] == [(officer, person.unit)] * 3


def test_the_whole_number_is_shown_by_a_button_and_audited(person, officer, client_of):
    client = client_of(officer)
    url = f"/nguoi/{person.pk}/so-dinh-danh/"
    assert client.get(url).status_code == 405
    assert not AuditEvent.objects.filter(action="reveal").exists()
    plain, part = client.post(url), client.post(url, headers={"hx-request": "true"})
    assert [ID in text(plain), ID in text(part), "711A12345678" in text(part)] == [True] * 3
    assert ("<html" in text(plain), "<html" in text(part)) == (True, False)
    assert "no-store" in plain["Cache-Control"]
    assert [event.actor for event in AuditEvent.objects.filter(action="reveal")] == [officer] * 2
    assert ID not in str(list(AuditEvent.objects.values()))


def test_without_the_right_the_number_stays_masked(person, officer, client_of):
    take_identity_from("province_officer")
    client = client_of(officer)
    assert "Hiện số CCCD" not in text(client.get(f"/nguoi/{person.pk}/"))
    assert client.post(f"/nguoi/{person.pk}/so-dinh-danh/").status_code == 403
    form = text(client.get(f"{LIST}{person.pk}/change/"))
    assert ("083*****0777" in form, 'name="new_id"' in form) == (True, False)


@pytest.mark.parametrize("url", ["/nguoi/{}/", LIST + "{}/change/", LIST + "{}/history/"])
def test_another_units_person_is_not_found(person, unit_officer_b, client_of, url):
    client = client_of(unit_officer_b)
    assert client.get(url.format(person.pk)).status_code == 404
    assert client.post(f"/nguoi/{person.pk}/so-dinh-danh/").status_code == 404
    assert not AuditEvent.objects.filter(action__in=["view", "reveal"]).exists()


def test_the_administrator_opens_nobody(person, administrator, client_of):
    client = client_of(administrator)
    assert [client.get(url).status_code for url in (LIST, f"/nguoi/{person.pk}/")] == [403, 403]


# The form --------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["", "083*****0777"])
def test_a_blank_or_masked_number_keeps_the_old(person, unit_officer_a, client_of, typed):
    data = form_data(full_name="Đặng Thị Hương", new_id=typed, new_account=typed)
    assert client_of(unit_officer_a).post(f"{LIST}{person.pk}/change/", data).status_code == 302
    person.refresh_from_db()
    assert (person.full_name, person.national_id, person.bank_account) == ("Đặng Thị Hương", ID, "711A12345678")


def test_a_new_number_is_checked_kept_and_found(person, unit_officer_a, client_of):
    client, url = client_of(unit_officer_a), f"{LIST}{person.pk}/change/"
    for wrong in ("999", "083985500777", "08308550077O", "005085500777"):
        assert client.post(url, form_data(new_id=wrong)).status_code == 200
    assert client.post(url, form_data(new_id="083 085 500 888")).status_code == 302
    assert Person.objects.search("083085500888").get() == person


def test_the_same_number_twice_in_a_unit_is_a_clear_error(person, district_a, unit_officer_a, client_of):
    other = make_person(district_a, "Lê Văn Hai")
    response = client_of(unit_officer_a).post(f"{LIST}{other.pk}/change/", form_data(new_id=ID))
    assert "Đơn vị đã có Đặng Thị Hường mang số CCCD/CMND này" in text(response)


def test_the_same_number_in_another_unit_is_no_oracle(person, district_b, unit_officer_b, client_of):
    response = client_of(unit_officer_b).post(f"{LIST}add/", form_data(new_id=ID))
    assert (response.status_code, Person.objects.filter(unit=district_b).get().national_id) == (302, ID)


def test_a_new_person_is_of_the_officers_own_unit(district_a, district_b, unit_officer_a, client_of):
    client_of(unit_officer_a).post(f"{LIST}add/", form_data(unit=district_b.pk))
    assert Person.objects.get().unit == district_a


def test_a_posted_number_without_the_right_is_ignored(person, officer, client_of):
    take_identity_from("province_officer")
    data = form_data(new_id="083085500888", national_id="083085500888", new_account="999999999")
    client_of(officer).post(f"{LIST}{person.pk}/change/", data)
    person.refresh_from_db()
    assert (person.national_id, person.bank_account) == (ID, "711A12345678")


@pytest.mark.parametrize("wrong", [{"birth_year": "1850"}, {"birth_year": "2999"}, {"birth_date": "01/01/2999"}])
def test_an_impossible_birth_is_refused(person, unit_officer_a, client_of, wrong):
    response = client_of(unit_officer_a).post(f"{LIST}{person.pk}/change/", form_data(full_name="Đổi Tên", **wrong))
    person.refresh_from_db()
    assert (response.status_code, person.full_name) == (200, "Đặng Thị Hường")


def test_a_number_that_disagrees_with_the_birth_year_warns(person, unit_officer_a, client_of):
    response = client_of(unit_officer_a).post(f"{LIST}{person.pk}/change/", form_data(birth_year="1984"), follow=True)
    assert "Năm sinh 1984 không khớp với số CCCD" in text(response)


def test_history_shows_numbers_masked_and_is_not_a_form(person, officer, client_of):
    person.national_id, person.bank_account = "083085500888", "711A99999999"
    person.save()
    client = client_of(officer)
    page = text(client.get(f"{LIST}{person.pk}/history/"))
    assert ("083*****0888" in page, "083*****0777" in page) == (True, True)
    version = person.history.earliest().history_id
    older = text(client.get(f"{LIST}{person.pk}/history/{version}/"))
    for number in (ID, "083085500888", "711A12345678", "711A99999999"):
        assert (number in page, number in older) == (False, False)


@pytest.mark.parametrize("who", ["inspector", "officer"])
def test_an_older_version_is_no_way_back(person, who, request, client_of):
    person.full_name = "Đặng Thị Hương"
    person.save()
    version = person.history.earliest().history_id
    client_of(request.getfixturevalue(who)).post(f"{LIST}{person.pk}/history/{version}/", form_data())
    person.refresh_from_db()
    assert person.full_name == "Đặng Thị Hương"


# Leaving the system ----------------------------------------------------------------------------


def test_an_export_is_scoped_masked_and_audited(person, district_b, unit_officer_a, client_of):
    make_person(district_b, "Người Huyện Khác")
    response = client_of(unit_officer_a).post(f"{LIST}export/", {"format": "1"})
    sheet = text(response)
    assert response["Content-Type"].startswith("text/csv")
    assert ("Đặng Thị Hường" in sheet, "083*****0777" in sheet) == (True, True)
    assert ("Người Huyện Khác" in sheet, ID in sheet, "711A12345678" in sheet) == (False, False, False)
    assert AuditEvent.objects.get(action="export").detail == {"of": "beneficiaries.person", "rows": 1}


def test_an_export_of_too_many_rows_is_refused(person, district_a, officer, client_of, monkeypatch):
    monkeypatch.setattr("welfare.exports.MAX_ROWS", 1)
    make_person(district_a)
    response = client_of(officer).post(f"{LIST}export/", {"format": "1"}, follow=True)
    assert "Danh sách có hơn 1 dòng; hãy lọc bớt rồi xuất." in text(response)
    assert not AuditEvent.objects.filter(action="export").exists()


def test_people_never_come_in_by_the_admins_import(officer, client_of):
    assert client_of(officer).get(f"{LIST}import/").status_code in (302, 404)
    assert client_of(officer).post(f"{LIST}import/").status_code in (302, 404)
    assert Person.objects.count() == 0


def test_a_leader_may_not_export(person, leader, client_of):
    assert client_of(leader).post(f"{LIST}export/", {"format": "1"}).status_code == 403


# Households and duplicates ---------------------------------------------------------------------


def test_a_household_shows_members_and_classes(person, unit_officer_a, client_of):
    household = make_household(person.unit, "Đặng Văn Chủ")
    Person.objects.filter(pk=person.pk).update(household=household)
    PovertyRecord.objects.create(household=household, year=2025, status="poor", certificate_number="77/GCN")
    client = client_of(unit_officer_a)
    page = text(client.get(f"/beneficiaries/household/{household.pk}/change/"))
    assert ("Đặng Thị Hường" in page, "77/GCN" in page, ID in page) == (True, True, False)
    for words in ("huong", "dang chu", "Đặng Văn"):
        found = client.get("/beneficiaries/household/", {"q": words}).context["cl"].result_list
        assert [row.pk for row in found] == [household.pk], words


@pytest.fixture
def case(person, district_b):
    return DuplicateCase.objects.create(first=person, second=make_person(district_b, national_id=ID), reason="id")


def test_only_the_province_and_the_inspection_see_duplicates(case, inspector, officer, unit_officer_a, client_of):
    url = "/beneficiaries/duplicatecase/"
    assert [row.pk for row in client_of(inspector).get(url).context["cl"].result_list] == [case.pk]
    page = f"/nghi-trung/{case.pk}/"
    client_of(inspector).post(page, {"act": "different"})
    case.refresh_from_db()
    assert case.state == "open"
    assert client_of(officer).post(page, {"act": "different"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.decided_by) == ("different", officer)
    assert list(client_of(unit_officer_a).get(url).context["cl"].result_list) == []
    assert client_of(unit_officer_a).get(page).status_code == 404
    assert list(DuplicateCase.objects.for_user(unit_officer_a)) == []


def test_a_list_opened_afresh_shows_the_units_an_officer_keeps(officer, district_a, district_b, client_of):
    make_person(district_a, "Của Đơn Vị Phụ Trách")
    make_person(district_b, "Của Đơn Vị Khác")
    UnitKeeper.objects.create(unit=district_a, user=officer)

    def shown(query=""):
        page = client_of(officer).get(f"/beneficiaries/person/{query}").content.decode()
        return ["Của Đơn Vị Phụ Trách" in page, "Của Đơn Vị Khác" in page, "các đơn vị bạn phụ trách" in page]

    assert [shown(), shown("?unit="), shown("?q=cua+don+vi")] == [
        [True, False, True],
        [True, True, False],
        [True, True, False],
    ]
