"""Going to another unit, dying, leaving the list: by verbs, with dates; what was done stays where it was done."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from beneficiaries.models import DuplicateCase, Person, Transfer, UnitClosing, Visit
from beneficiaries.people.evidence import attach
from beneficiaries.transfers.closing import ask_to_close
from beneficiaries.transfers.models import ask_transfer
from beneficiaries.visits.unreached import unreached
from tests.deeds import in_need
from tests.factories import an_id, fresh, make_grant, make_household, make_person, make_round, make_unit
from welfare.jobs.queue import run
from welfare.models import AuditEvent, StoredFile
from welfare.states import Refused
from welfare.units.models import today

BORN = date(1985, 3, 4)
LIST = "/beneficiaries/person/"


@pytest.fixture
def person(district_a):
    return make_person(district_a, "Lê Thị Hồng", birth_date=BORN, national_id=an_id(female=True))


def again(person):
    return Person.objects.get(pk=person.pk)


# Asked and accepted ------------------------------------------------------------------------------------


def test_a_unit_asks_and_the_receiving_unit_accepts(person, district_a, district_b, unit_officer_a, unit_officer_b):
    household = make_household(district_a)
    Person.objects.filter(pk=person.pk).update(household=household)
    asked = ask_transfer(again(person), unit_officer_a, to_unit=district_b, reason="Chuyển công tác")
    assert (asked.state, again(person).unit) == ("asked", district_a)
    with pytest.raises(Refused, match="Chỉ đơn vị nhận"):
        asked.accept(unit_officer_a)
    asked.accept(unit_officer_b)
    moved = again(person)
    assert (asked.state, moved.unit, moved.household) == ("done", district_b, None)
    assert moved.history.latest().history_change_reason == "Chuyển công tác"
    with pytest.raises(Refused, match="Đã chuyển"):
        asked.accept(unit_officer_b)


def test_the_whole_household_may_come_along(person, district_a, district_b, officer):
    household = make_household(district_a)
    child = make_person(district_a, "Con Gái", household=household)
    gone = make_person(district_a, "Cụ Ông", household=household)
    gone.die(officer, on=today())
    Person.objects.filter(pk=person.pk).update(household=household)
    ask_transfer(again(person), officer, to_unit=district_b, reason="Chuyển nhà", with_household=True)
    household.refresh_from_db()
    assert [each.unit for each in (household, again(child), again(person))] == [district_b] * 3
    assert again(gone).unit == district_a


def test_figures_of_the_past_and_evidence_follow_their_rules(person, district_a, district_b, officer, unit_officer_b):
    hardship = in_need(person)
    visit = Visit.objects.create(person=person, unit=district_a, on=date(2025, 4, 1), visitors="Đ/c Hòa", by=officer)
    grant = make_grant(make_round(district_a), district_a, officer, person)
    attach(hardship, person, officer, [SimpleUploadedFile("giay-ra-vien.pdf", b"%PDF-")])
    ask_transfer(person, officer, to_unit=district_b, reason="Chuyển công tác")
    for row in (hardship, visit, grant):
        row.refresh_from_db()
    assert [hardship.unit, visit.person_unit, grant.unit] == [district_a] * 3
    assert StoredFile.objects.get(name="giay-ra-vien.pdf").may_open(fresh(unit_officer_b))


def test_the_new_units_page_tells_what_the_old_one_did(
    person, province, district_a, district_b, officer, unit_officer_b, client_of
):
    Visit.objects.create(person=person, unit=district_a, on=date(2025, 4, 1), visitors="Đ/c Hòa", by=officer)
    make_grant(make_round(province), district_a, officer, person)
    client = client_of(unit_officer_b)
    assert client.get(f"/nguoi/{person.pk}/").status_code == 404
    ask_transfer(person, officer, to_unit=district_b, reason="Chuyển công tác")
    page = client.get(f"/nguoi/{person.pk}/").content.decode()
    assert [words in page for words in ("Đ/c Hòa", "Tết 2026", "Chuyển từ LĐLĐ huyện An sang LĐLĐ huyện Bình")] == [True] * 3  # fmt: skip
    assert f"/beneficiaries/grant/{person.grants.get().pk}/change/" not in page


def test_the_receiving_unit_sees_a_name_and_not_the_file(person, district_b, unit_officer_a, unit_officer_b, client_of):
    asked = ask_transfer(person, unit_officer_a, to_unit=district_b, reason="Chuyển công tác")
    client = client_of(unit_officer_b)
    page = client.get(f"/beneficiaries/transfer/{asked.pk}/change/")
    assert ("Lê Thị Hồng (04/03/1985)" in page.content.decode(), person.masked_id in page.content.decode()) == (True, False)  # fmt: skip
    assert client.get(f"/nguoi/{person.pk}/").status_code == 404
    client.post(f"/beneficiaries/transfer/{asked.pk}/lam/refuse/", {"reason": "Không thuộc địa bàn"})
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("refused", "Không thuộc địa bàn")


def test_who_has_nothing_to_do_with_it_sees_no_transfer(person, province, district_b, unit_officer_a, client_of):
    from tests.factories import make_user

    third = make_user("donvic", "unit_officer", make_unit("C", "LĐLĐ huyện Cát", parent=province))
    asked = ask_transfer(person, unit_officer_a, to_unit=district_b, reason="Chuyển công tác")
    client = client_of(third)
    assert list(client.get("/beneficiaries/transfer/").context["cl"].result_list) == []
    assert client.get(f"/beneficiaries/transfer/{asked.pk}/change/").status_code == 404
    exported = [
        each.post("/beneficiaries/transfer/export/", {"format": "1"}).content.decode("utf-8-sig").count("Lê Thị Hồng")
        for each in (client, client_of(unit_officer_a))
    ]
    assert exported == [0, 1]


def test_the_asking_unit_learns_nothing_of_whom_the_other_knows(
    person, district_b, unit_officer_a, unit_officer_b, officer
):
    twin = make_person(district_b, "Lê Thị Hồng", national_id=person.national_id)
    asked = ask_transfer(person, unit_officer_a, to_unit=district_b, reason="Chuyển công tác")
    assert asked.state == "asked"
    with pytest.raises(Refused, match="đã có hồ sơ Lê Thị Hồng mang cùng số"):
        asked.accept(unit_officer_b)
    case = DuplicateCase.objects.get()
    assert {case.first, case.second} == {person, twin}
    assert again(person).unit == person.unit


def test_a_unit_names_the_other_on_screen_and_the_province_chooses(
    person, district_b, unit_officer_a, officer, client_of
):
    page = f"{LIST}{person.pk}/lam/transfer/"
    client = client_of(unit_officer_a)
    assert "LĐLĐ huyện Bình" not in client.get(page).content.decode()
    told = client.post(page, {"to_unit": "Huyện không có", "reason": "Chuyển"}).content.decode()
    assert "Không có đơn vị nào đang hoạt động tên “Huyện không có”" in told
    client.post(page, {"to_unit": "ldld huyen binh", "reason": "Chuyển công tác"})
    assert Transfer.objects.get().to_unit == district_b
    Transfer.objects.get().withdraw(unit_officer_a, reason="Ghi nhầm")
    client_of(officer).post(page, {"to_unit": district_b.pk, "reason": "Chuyển công tác"})
    assert again(person).unit == district_b


@pytest.mark.parametrize("why", ["same unit", "closed unit", "asked twice", "dead", "of another unit", "before birth"])
def test_a_transfer_that_can_not_be_is_refused_and_changes_nothing(
    why, person, province, district_a, district_b, unit_officer_a, unit_officer_b
):
    by, given = unit_officer_a, {"to_unit": district_b, "reason": "Chuyển công tác"}
    if why == "same unit":
        given["to_unit"], told = district_a, "đã thuộc"
    elif why == "closed unit":
        given["to_unit"] = make_unit("C", "LĐLĐ huyện Cũ", parent=province, valid_to=date(2025, 6, 30))
        told = "đã ngừng hoạt động"
    elif why == "asked twice":
        ask_transfer(person, by, **given)
        told = "đang chờ LĐLĐ huyện Bình nhận"
    elif why == "dead":
        person.die(by, on=today())
        told = "đã mất"
    elif why == "of another unit":
        by, told = unit_officer_b, "đơn vị mình"
    else:
        given["on"], told = date(1980, 1, 1), "trước ngày sinh"
    before = Transfer.objects.count()
    with pytest.raises(Refused, match=told):
        ask_transfer(again(person), by, **given)
    assert (Transfer.objects.count(), again(person).unit) == (before, district_a)


# Dying and leaving -------------------------------------------------------------------------------------


def test_who_died_or_left_is_out_of_lists_and_new_proposals_and_comes_back(
    person, province, district_a, unit_officer_a, client_of
):
    in_need(person, year=today().year, known_on=today())
    client, round_ = client_of(unit_officer_a), make_round(province)
    person.leave(unit_officer_a, reason="Đã thoát khó khăn")
    assert list(client.get(LIST).context["cl"].result_list) == []
    assert "Lê Thị Hồng (đã rời danh sách)" in client.get(f"{LIST}?q=hong").content.decode()
    assert list(unreached(Person.objects.all(), today().year)) == []
    form = {"round": round_.pk, "person": person.pk, "people_count": 1, "cash": 500000, "in_kind_value": 0}
    refused = client.post("/beneficiaries/grant/add/", form).content.decode()
    assert "nên không lập đề nghị mới" in refused
    assert "Đề nghị hỗ trợ</a>" not in client.get(f"/nguoi/{person.pk}/").content.decode()
    person.come_back(unit_officer_a, reason="Tái khó khăn")
    assert list(client.get(LIST).context["cl"].result_list) == [person]
    person.die(unit_officer_a, on=today())
    assert (person.state, person.state_on, person.hardships.count()) == ("dead", today(), 1)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"on": "01/01/1980"}, "trước ngày sinh (04/03/1985)"),
        ({"on": (today() + timedelta(days=2)).strftime("%d/%m/%Y")}, "chưa tới"),
        ({"on": "32/13/2025"}, "Ngày không hợp lệ; hãy nhập dạng ngày/tháng/năm."),
    ],
)
def test_a_death_before_birth_or_to_come_is_refused(person, unit_officer_a, client_of, form, told):
    page = client_of(unit_officer_a).post(f"{LIST}{person.pk}/lam/die/", form).content.decode()
    assert told in page
    assert again(person).state == "active"


def test_a_list_names_whom_the_ledger_says_is_dead(person, officer, unit_officer_a):
    """See tests/test_upload.py for lists; here what a known person's row is told."""
    from beneficiaries.intake.matching import Known, _read

    person.die(officer, on=date(2026, 1, 5))
    (known,) = _read(Person.objects.all())
    assert (isinstance(known, Known), known.state, known.state_on) == (True, "dead", date(2026, 1, 5))


def test_only_the_unit_or_the_province_says_who_left(person, unit_officer_b, inspector):
    for who in (unit_officer_b, inspector):
        with pytest.raises(Refused):
            person.leave(who, reason="Thử")
    assert again(person).state == "active"


# The closing of a unit ---------------------------------------------------------------------------------


@pytest.fixture
def closed(province, district_a):
    unit = make_unit("CU", "CĐ ngành Cũ", kind="sector", parent=province, valid_to=date(2026, 6, 30))
    unit.successors.add(district_a)
    return unit


def close(unit, successor, by, expected):
    job = ask_to_close(unit, successor, by, reason="QĐ 12/QĐ-LĐLĐ", on=date(2026, 7, 1), expected=expected)
    run(job.pk)
    job.refresh_from_db()
    return job


def test_a_closed_unit_hands_its_open_people_to_its_successor(closed, district_a, officer, client_of):
    household = make_household(closed)
    people = [make_person(closed, f"Người {n}", household=household, national_id=an_id()) for n in range(3)]
    dead = make_person(closed, "Người Đã Mất")
    dead.die(officer, on=today())
    twin = make_person(closed, "Lê Văn Trùng", national_id=an_id())
    known = make_person(district_a, "Lê Văn Trùng", national_id=twin.national_id)
    client = client_of(officer)
    assert closed in client.get("/don-vi-da-dong/").context["units"]
    shown = client.get(f"/don-vi-da-dong/{closed.pk}/").context
    assert (shown["preview"].moving, shown["preview"].people, shown["collisions"]) == (3, 4, [(twin, known)])
    job = close(closed, district_a, officer, 4)
    assert job.state == "done"
    assert [again(each).unit for each in people] == [district_a] * 3
    assert [again(each).unit for each in (dead, twin)] == [closed] * 2
    done = UnitClosing.objects.get()
    assert (done.people, done.households, done.left, done.transfers.count()) == (3, 1, 1, 3)
    assert DuplicateCase.objects.get().reason == "id"
    assert AuditEvent.objects.filter(subject_kind="beneficiaries.unitclosing", actor=officer).exists()


def test_a_list_changed_meanwhile_or_asked_twice_moves_nothing_more(closed, district_a, officer):
    make_person(closed)
    with pytest.raises(Refused, match="đã thay đổi"):
        ask_to_close(closed, district_a, officer, reason="QĐ", on=date(2026, 7, 1), expected=5)
    first = ask_to_close(closed, district_a, officer, reason="QĐ", on=date(2026, 7, 1), expected=1)
    assert ask_to_close(closed, district_a, officer, reason="QĐ", on=date(2026, 7, 1), expected=1) == first
    for _ in range(2):
        run(first.pk)
    assert UnitClosing.objects.count() == 1


@pytest.mark.parametrize("who", ["unit_officer_a", "inspector", "leader"])
def test_only_a_province_officer_closes(who, closed, district_a, request, client_of):
    user = request.getfixturevalue(who)
    assert client_of(user).get("/don-vi-da-dong/").status_code == 403
    with pytest.raises(Refused, match="không có quyền"):
        ask_to_close(closed, district_a, user, reason="QĐ", on=date(2026, 7, 1), expected=0)


def test_an_open_unit_or_one_that_succeeds_nobody_is_refused(closed, district_a, district_b, officer):
    for unit, heir, told in (
        (district_a, district_b, "còn hoạt động"),
        (closed, district_b, "không phải đơn vị kế thừa"),
    ):
        with pytest.raises(Refused, match=told):
            ask_to_close(unit, heir, officer, reason="QĐ", on=date(2026, 7, 1), expected=0)
