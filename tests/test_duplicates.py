"""The same human twice: found, shown side by side to those who may know, merged with everything and back again."""

from datetime import date

import pytest

from beneficiaries.duplicates.finding import ask_for_search
from beneficiaries.duplicates.models import case_of
from beneficiaries.models import DuplicateCase, Hardship, HardshipKind, House, HouseKind, Loan, Person, Transfer, Visit
from tests.deeds import in_need, pay
from tests.factories import an_id, fresh, make_grant, make_person, make_round
from welfare.jobs.queue import run
from welfare.site import todo_items
from welfare.states import Refused

BORN = date(1985, 3, 4)
State = DuplicateCase.State


def found():
    return {(case.first.full_name, case.second.full_name, case.reason) for case in DuplicateCase.objects.all()}


def search(by=None):
    job = ask_for_search(by=by)
    run(job.pk)
    job.refresh_from_db()
    return job


@pytest.fixture
def twins(district_a):
    """One human twice in district A: with a number, and by hand without one."""
    kept = make_person(district_a, "Lê Thị Hồng", birth_date=BORN, gender="female", national_id=an_id(female=True))
    return kept, make_person(district_a, "Lê Thị Hồng", birth_year=1985, phone="0912000111", address="Ấp 1, xã An")


# Finding -----------------------------------------------------------------------------------------------


def test_the_search_finds_same_numbers_same_names_and_near_names(district_a, district_b):
    number = an_id()
    make_person(district_a, "Trần Văn Bảy", birth_date=BORN, national_id=number)
    make_person(district_b, "Trần Văn Bẩy", birth_year=1985, national_id=number)
    make_person(district_a, "Võ Thị Kim Ngân", birth_date=BORN, national_id=an_id())
    make_person(district_b, "Võ Thị Kim Ngan", birth_date=BORN)
    make_person(district_a, "Huỳnh Công Nghĩa", birth_date=date(1990, 5, 6), national_id=an_id(1990))
    make_person(district_a, "Huỳnh Cống Nghia", birth_date=date(1990, 6, 5))
    make_person(district_a, "Phan Thị Mỹ Linh", birth_date=BORN, national_id=an_id())
    make_person(district_a, "Phan Thị Mĩ Linh", birth_date=BORN)
    assert search().state == "done"
    assert found() == {
        ("Trần Văn Bảy", "Trần Văn Bẩy", "id"),
        ("Võ Thị Kim Ngân", "Võ Thị Kim Ngan", "name"),
        ("Huỳnh Công Nghĩa", "Huỳnh Cống Nghia", "name"),
        ("Phan Thị Mỹ Linh", "Phan Thị Mĩ Linh", "near"),
    }


def test_people_told_apart_by_number_birth_gender_or_name_are_not_queued(district_a, district_b):
    make_person(district_a, "Lê Văn Một", birth_date=BORN, national_id=an_id())
    make_person(district_b, "Lê Văn Một", birth_date=BORN, national_id="001" + an_id()[3:])
    make_person(district_a, "Lê Thị Hai", birth_date=BORN)
    make_person(district_a, "Lê Thị Hai", birth_date=date(1985, 8, 9))
    make_person(district_a, "Lê Thanh Ba", birth_date=BORN, gender="male")
    make_person(district_a, "Lê Thanh Ba", birth_date=BORN, gender="female")
    make_person(district_a, "Nguyễn Hữu Bốn", birth_date=BORN)
    make_person(district_a, "Trương Quốc Bốn", birth_date=BORN)
    search()
    assert found() == set()


def test_an_old_number_and_a_mistyped_digit_are_suspected(district_a, district_b):
    make_person(district_a, "Bùi Văn Cũ", birth_date=BORN, national_id="320123456")
    make_person(district_b, "Bùi Văn Cũ", birth_date=BORN, national_id=an_id())
    number = an_id()
    make_person(district_a, "Bùi Thị Gõ", birth_date=BORN, national_id=number)
    make_person(district_b, "Bùi Thị Gõ", birth_date=BORN, national_id=number[:-1] + str((int(number[-1]) + 1) % 10))
    search()
    assert {names[0] for names in found()} == {"Bùi Văn Cũ", "Bùi Thị Gõ"}


def test_somebody_known_by_a_former_number_is_found(district_a, district_b):
    person = make_person(district_a, "Đỗ Thị Đổi", birth_date=BORN, national_id="320765432")
    person = Person.objects.get(pk=person.pk)
    person.national_id = an_id()
    person.save()
    make_person(district_b, "Đỗ Thị Đổi", birth_year=1985, national_id="320765432")
    search()
    assert found() == {("Đỗ Thị Đổi", "Đỗ Thị Đổi", "id")}


def test_the_search_may_run_again_and_forgets_nobody_told_apart(twins, officer):
    search()
    case = DuplicateCase.objects.get()
    case.judge_different(officer)
    search(by=officer)
    case.refresh_from_db()
    assert (DuplicateCase.objects.count(), case.state) == (1, State.DIFFERENT)


def test_the_button_is_the_provinces(twins, officer, unit_officer_a, inspector, client_of):
    page = "/nghi-trung/soat/"
    assert [client_of(who).post(page).status_code for who in (unit_officer_a, inspector)] == [403, 403]
    assert client_of(officer).post(page).status_code == 302


# Who sees ----------------------------------------------------------------------------------------------


def test_a_unit_sees_and_judges_pairs_of_its_own_alone(twins, district_b, officer, unit_officer_a, client_of):
    own = case_of(*twins, unit_officer_a)
    across = case_of(twins[0], make_person(district_b, "Lê Thị Hồng", birth_date=BORN), officer)
    client = client_of(unit_officer_a)
    assert [case.pk for case in client.get("/beneficiaries/duplicatecase/").context["cl"].result_list] == [own.pk]
    assert [client.get(f"/nghi-trung/{case.pk}/").status_code for case in (own, across)] == [200, 404]
    exported = client.post("/beneficiaries/duplicatecase/export/", {"format": "1"}).content.decode("utf-8-sig")
    assert len(exported.splitlines()) == 2
    client.post(f"/nghi-trung/{own.pk}/", {"act": "different"})
    own.refresh_from_db()
    assert (own.state, own.decided_by) == (State.DIFFERENT, unit_officer_a)


def test_the_list_takes_as_many_queries_for_three_pairs_as_for_one(twins, officer, client_of, query_count):
    client, counts = client_of(officer), []
    case_of(*twins, officer)
    for number in (1, 3):
        while DuplicateCase.objects.count() < number:
            case_of(twins[0], make_person(twins[0].unit, "Lê Thị Hồng", birth_year=1985), officer)
        client.get("/beneficiaries/duplicatecase/")
        counts.append(query_count(lambda: client.get("/beneficiaries/duplicatecase/")))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["officer", "unit_officer_a"])
def test_nobody_merges_a_person_with_themselves_or_with_a_strangers(twins, district_b, who, request, client_of):
    stranger, user = make_person(district_b, "Lê Thị Hồng"), request.getfixturevalue(who)
    client, page = client_of(user), f"/nguoi/{twins[0].pk}/gop/"
    told = client.post(page, {"other": twins[0].pk}, follow=True).content.decode()
    assert "Không gộp được một hồ sơ với chính nó" in told
    if who == "unit_officer_a":
        told = client.post(page, {"other": stranger.pk}, follow=True).content.decode()
        assert "Không tìm thấy hồ sơ kia trong phạm vi của bạn." in told
        with pytest.raises(Refused, match="đơn vị mình"):
            case_of(twins[0], stranger, user)
    assert DuplicateCase.objects.count() == 0


def test_a_pair_found_by_name_is_compared_and_merged_on_screen(twins, unit_officer_a, client_of):
    kept, other = twins
    client = client_of(unit_officer_a)
    assert other in client.get(f"/nguoi/{kept.pk}/gop/?q=hong+le").context["people"]
    page = client.post(f"/nguoi/{kept.pk}/gop/", {"other": other.pk})["Location"]
    shown = client.get(page).content.decode()
    assert ("Giữ hồ sơ này" in shown, kept.national_id in shown) == (True, False)
    assert "Hãy chọn hồ sơ được giữ." in client.post(page, {"act": "merge"}, follow=True).content.decode()
    client.post(page, {"act": "merge", "kept": kept.pk})
    other.refresh_from_db()
    assert (other.state, other.merged_into) == ("merged", kept)
    assert "Đã gộp vào hồ sơ khác" in client.get(f"/nguoi/{other.pk}/").content.decode()
    assert list(client.get("/beneficiaries/person/").context["cl"].result_list) == [kept]


# Merging -----------------------------------------------------------------------------------------------


def deeds(person, by, leader):
    """One of everything that may point at somebody."""
    unit = person.unit
    in_need(person, "illness", 2025)
    Visit.objects.create(person=person, unit=unit, on=date(2025, 4, 1), visitors="Đ/c Hòa", by=by)
    grant = make_grant(make_round(unit, code="SUD", name="Đột xuất", occasion="sudden"), unit, by, person)
    kind = HouseKind.objects.get(code="mai_am")
    house = House.objects.create(unit=unit, kind=kind, construction="new", person=person, proposed_by=by, year=2025)
    loan = Loan.objects.create(unit=unit, person=person, purpose="Nuôi bò", amount=1, term_months=12, proposed_by=by)
    relative = make_person(unit, "Con Trai", relative_of=person, relation="con")
    return grant, house, loan, relative


def test_a_merge_moves_everything_and_fills_what_was_missing(twins, officer, leader):
    kept, other = twins
    rows = deeds(other, officer, leader)
    merge = case_of(kept, other, officer).merge(officer, kept=kept)
    kept.refresh_from_db()
    assert (kept.phone, kept.address, kept.birth_date) == ("0912000111", "Ấp 1, xã An", BORN)
    for row in rows[:3]:
        row.refresh_from_db()
        assert row.person == kept
        assert row.history.latest().history_change_reason == "Gộp hồ sơ"
    rows[3].refresh_from_db()
    assert (rows[3].relative_of, kept.hardships.count(), kept.visits.count()) == (kept, 1, 1)
    assert merge.counts == 6


def test_an_undone_merge_puts_everything_back(twins, officer, leader):
    kept, other = twins
    other.national_id = "320111222"
    other.save()
    rows = deeds(other, officer, leader)
    case = case_of(kept, other, officer)
    case.merge(officer, kept=kept)
    assert Person.objects.search("320111222").get() == kept
    kept = fresh_person(kept)
    kept.address = "Địa chỉ mới ghi"
    kept.save()
    late = Visit.objects.create(person=kept, unit=kept.unit, on=date(2025, 9, 9), visitors="Đ/c Tư", by=officer)
    case.take_apart(officer)
    for row in rows[:3]:
        row.refresh_from_db()
        assert row.person == other
    kept, other = fresh_person(kept), fresh_person(other)
    assert (kept.phone, kept.address, kept.former_ids.count()) == ("", "Địa chỉ mới ghi", 0)
    assert (other.state, other.merged_into, other.national_id) == ("active", None, "320111222")
    assert (list(kept.visits.all()), other.hardships.count(), case.state) == ([late], 1, State.OPEN)
    assert Person.objects.search("320111222").get() == other


def fresh_person(person):
    return Person.objects.get(pk=person.pk)


def test_what_may_stand_once_stays_with_the_merged_row_and_is_told(twins, officer, client_of):
    kept, other = twins
    kind = HardshipKind.objects.get(code="illness")
    for person in twins:
        Hardship.objects.create(person=person, kind=kind, year=2025, known_on=date(2025, 3, 3))
        Visit.objects.create(person=person, unit=person.unit, on=date(2025, 4, 1), visitors=f"Đoàn {person.pk}", by=officer)  # fmt: skip
    case_of(kept, other, officer).merge(officer, kept=kept)
    assert [person.hardships.count() for person in twins] == [1, 1]
    page = client_of(officer).get(f"/nguoi/{kept.pk}/").content.decode()
    assert (f"Đoàn {kept.pk}" in page, f"Đoàn {other.pk}" in page) == (True, True)


def test_whoever_waits_for_another_unit_is_not_merged_away(twins, district_a, district_b, officer):
    kept, other = twins
    asked = {"asked_by": officer, "reason": "Đổi việc"}
    Transfer.objects.create(person=other, from_unit=other.unit, to_unit=district_b, **asked)
    with pytest.raises(Refused, match="đang chờ một đơn vị khác nhận"):
        case_of(kept, other, officer).merge(officer, kept=kept)
    assert fresh_person(other).state == "active"


def test_two_grants_of_one_round_are_settled_before_a_merge(twins, officer, leader):
    kept, other = twins
    round_ = make_round(kept.unit)
    for person in twins:
        make_grant(round_, person.unit, officer, person)
    case = case_of(kept, other, officer)
    with pytest.raises(Refused, match="Cả hai hồ sơ đều có khoản hỗ trợ trong đợt “Tết 2026”"):
        case.merge(officer, kept=kept)
    case.refresh_from_db()
    assert (case.state, fresh_person(other).state) == (State.OPEN, "active")
    other.grants.get().refuse(leader, reason="Trùng người")
    case.merge(officer, kept=kept)
    assert sorted(grant.state for grant in kept.grants.all()) == ["proposed", "refused"]


def test_relatives_and_people_of_another_gender_are_not_one(twins, district_a, officer):
    kept, other = twins
    other.relative_of, other.relation = kept, "em"
    other.save()
    with pytest.raises(Refused, match="người thân của nhau"):
        case_of(kept, other, officer).merge(officer, kept=kept)
    man = make_person(district_a, "Lê Thị Hồng", gender="male")
    with pytest.raises(Refused, match="khác giới tính"):
        case_of(kept, man, officer).merge(officer, kept=kept)


def test_a_merge_happens_once_and_the_inspection_only_looks(twins, officer, inspector, client_of):
    kept, other = twins
    case = case_of(kept, other, officer)
    with pytest.raises(Refused, match="không có quyền"):
        case.merge(inspector, kept=kept)
    case.merge(officer, kept=kept)
    with pytest.raises(Refused, match="Đã gộp"):
        DuplicateCase.objects.get(pk=case.pk).merge(officer, kept=kept)
    assert "Bạn chỉ xem" in client_of(inspector).get(f"/nghi-trung/{case.pk}/").content.decode()


def test_a_merge_across_units_leaves_past_figures_where_they_were(people, district_a, district_b, officer, province):
    """What was counted for district B stays there, now of one human."""
    kept = make_person(district_a, "Lê Thị Hồng", birth_date=BORN, national_id=an_id(female=True))
    other = make_person(district_b, "Lê Thị Hồng", birth_date=BORN)
    in_need(other)
    Visit.objects.create(person=other, unit=district_b, on=date(2025, 4, 1), visitors="Đ/c Hòa", by=officer)
    grant = pay(people, make_round(province, code="T5", name="Tháng 5", year=2025), district_b, other)
    case_of(kept, other, officer).merge(officer, kept=kept)
    grant.refresh_from_db()
    units = [kept.hardships.get().unit, kept.visits.get().person_unit, grant.unit]
    assert (units, grant.person) == ([district_b] * 3, kept)


def test_a_unit_learns_nothing_of_its_list_by_the_search_after_it(twins, unit_officer_a):
    job = search()
    assert (job.owner.is_system, "trùng" in job.message) == (True, False)
    assert fresh(unit_officer_a).jobs.count() == 0


def test_a_pair_of_somebody_made_nameless_or_merged_waits_nowhere(
    twins, district_a, officer, unit_officer_a, client_of
):
    """Neither on the to-do list nor in the list that it opens."""
    kept, twin = twins
    third, fourth = make_person(district_a, "Lê Thị Hồng"), make_person(district_a, "Lê Thị Hồng Em")
    for other in (third, fourth):
        DuplicateCase.objects.create(first=kept, second=other, reason="asked")
    open_pair = "cặp nghi trùng chờ kết luận"

    def waiting():
        listed = (
            client_of(fresh(officer)).get("/beneficiaries/duplicatecase/?state__exact=open").context["cl"].result_count
        )
        told = {item.text: item.count for item in todo_items(fresh(officer))}
        return told.get(open_pair, 0), listed

    assert waiting() == (2, 2)
    Person.objects.filter(pk=third.pk).update(state="erased")
    assert waiting() == (1, 1)
    case_of(fourth, twin, unit_officer_a).merge(unit_officer_a, kept=twin)
    assert waiting() == (0, 0)
