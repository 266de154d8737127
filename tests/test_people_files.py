"""What a person's file keeps besides name and number: old numbers, marks, evidence, consent, relatives; and filters."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from beneficiaries.models import (
    Consent,
    EmploymentKind,
    Hardship,
    HardshipKind,
    Household,
    Loan,
    Person,
    SavedFilter,
    Visit,
    VulnerabilityKind,
    VulnerabilityMark,
)
from tests.deeds import in_need, pay
from tests.factories import an_id, make_grant, make_household, make_person, make_round
from welfare.models import AuditEvent, StoredFile
from welfare.states import Refused
from welfare.units.models import today

LIST = "/beneficiaries/person/"
OLD, NEW = "320500123", "083085500999"


@pytest.fixture
def person(district_a):
    return make_person(district_a, "Đặng Thị Hường", birth_date=date(1985, 3, 4), gender="female")


def again(person):
    return Person.objects.get(pk=person.pk)


def form_data(**changes):
    inline = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    data = {"full_name": "Đặng Thị Hường", "birth_date": "04/03/1985", "gender": "female", "is_member": "unknown"}
    rows = {f"{rows}-{key}": value for rows in ("hardships", "vulnerabilities") for key, value in inline.items()}
    return data | rows | changes


def row(prefix, **fields):
    return {f"{prefix}-TOTAL_FORMS": 1} | {f"{prefix}-0-{name}": value for name, value in fields.items()}


def listed(response):
    return [each.full_name for each in response.context["cl"].result_list]


# Numbers -----------------------------------------------------------------------------------------------


def test_a_number_that_another_replaces_stays_searchable_and_masked(person, unit_officer_a, client_of):
    client, page = client_of(unit_officer_a), f"{LIST}{person.pk}/change/"
    client.post(page, form_data(new_id=OLD))
    client.post(page, form_data(new_id=NEW))
    assert [Person.objects.search(number).get() for number in (OLD, NEW)] == [person] * 2
    shown = client.get(f"/nguoi/{person.pk}/").content.decode()
    assert ("*****123" in shown, OLD in shown) == (True, False)
    assert OLD in client.post(f"/nguoi/{person.pk}/so-dinh-danh/").content.decode()


def test_nobody_of_the_unit_takes_a_number_somebody_had(person, district_a, unit_officer_a, client_of):
    for number in (OLD, NEW):
        person = again(person)
        person.national_id = number
        person.save()
    page = client_of(unit_officer_a).post(f"{LIST}add/", form_data(full_name="Lê Văn Khác", new_id=OLD))
    assert "Đơn vị đã có Đặng Thị Hường mang số CCCD/CMND này" in page.content.decode()
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("number", "told"), [("320500124", "CMND 9 số đã hết giá trị"), ("101185500124", "mã nước ngoài")]
)
def test_an_old_or_foreign_number_is_kept_with_a_warning(person, unit_officer_a, client_of, number, told):
    page = f"{LIST}{person.pk}/change/"
    shown = client_of(unit_officer_a).post(page, form_data(new_id=number), follow=True).content.decode()
    assert told in shown
    assert again(person).national_id == number


# Marks, work, relatives, households --------------------------------------------------------------------


def test_the_form_keeps_work_marks_relatives_and_a_graded_hardship(person, district_a, unit_officer_a, client_of):
    relative = make_person(district_a, "Đặng Văn Cha")
    kind, mark = HardshipKind.objects.get(code="illness"), VulnerabilityKind.objects.get(code="pregnant")
    until = today() + timedelta(days=60)
    data = form_data(
        employment=EmploymentKind.objects.get(code="lost").pk, lives_in_boarding="on", member_since="01/05/2015",
        relative_of=relative.pk, relation="con",
        **row("hardships", kind=kind.pk, year=today().year, known_on=today().strftime("%d/%m/%Y"), severity=3),
        **row("vulnerabilities", kind=mark.pk, until=until.strftime("%d/%m/%Y")),
    )  # fmt: skip
    client = client_of(unit_officer_a)
    assert client.post(f"{LIST}{person.pk}/change/", data).status_code == 302
    page = client.get(f"/nguoi/{person.pk}/").content.decode()
    for told in (
        "Mất việc làm",
        "(ở trọ)",
        "từ 01/05/2015",
        "Là con của",
        "Đặng Văn Cha",
        "Nặng",
        "Đang mang thai đến",
    ):
        assert told in page
    assert "Đặng Thị Hường" in client.get(f"/nguoi/{relative.pk}/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (row("hardships", kind=1, year=1984, known_on="01/01/2020"), "Năm 1984 không hợp lý"),
        (row("hardships", kind=1, year=2020, known_on="01/01/1980"), "trước ngày sinh (04/03/1985)"),
        (row("hardships", kind=1, year=2020, known_on="01/01/2999"), "chưa tới"),
        (row("vulnerabilities", kind=1, until="01/01/1980"), "trước ngày sinh"),
        ({"member_since": "01/01/1980"}, "trước ngày sinh"),
        ({"birth_date": "01/01/2999"}, "Ngày sinh chưa tới"),
        ({"birth_date": "05/05/2025"}, "ghi trước ngày sinh này"),
    ],
)
def test_a_day_before_birth_or_to_come_is_one_clear_sentence(person, unit_officer_a, client_of, wrong, told):
    in_need(person, year=2025, known_on=date(2025, 3, 15))
    kinds = {"hardships-0-kind": HardshipKind.objects.get(code="illness").pk}
    kinds["vulnerabilities-0-kind"] = VulnerabilityKind.objects.first().pk
    data = form_data(full_name="Đổi Tên") | wrong
    data |= {name: kinds[name] for name in kinds if name in wrong}
    page = client_of(unit_officer_a).post(f"{LIST}{person.pk}/change/", data)
    assert told in page.content.decode()
    assert (again(person).full_name, Hardship.objects.count(), VulnerabilityMark.objects.count()) == ("Đặng Thị Hường", 1, 0)  # fmt: skip


def test_nobody_is_their_own_relative(person, unit_officer_a, client_of):
    data = form_data(relative_of=person.pk, relation="mình")
    page = client_of(unit_officer_a).post(f"{LIST}{person.pk}/change/", data).content.decode()
    assert "Không ai là người thân của chính mình" in page


def test_a_head_with_a_file_lends_the_household_their_name(person, district_a, unit_officer_a, client_of):
    household = make_household(district_a, "Tên Cũ")
    inline = {
        f"{rows}-{end}_FORMS": 0
        for rows in ("poverty_records", "people")
        for end in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")
    }
    data = {"head_name": "Tên Cũ", "head": person.pk, "size": 4} | inline
    client_of(unit_officer_a).post(f"/beneficiaries/household/{household.pk}/change/", data)
    household.refresh_from_db()
    moved = again(person)
    assert (household.head_name, moved.household, moved.household_role) == ("Đặng Thị Hường", household, "head")


# Evidence and consent ----------------------------------------------------------------------------------


def test_evidence_hangs_on_the_hardship_and_opens_for_the_unit_alone(person, unit_officer_a, unit_officer_b, client_of):
    hardship = in_need(person)
    client, page = client_of(unit_officer_a), f"/nguoi/hoan-canh/{hardship.pk}/chung-cu/"
    assert "Hãy chọn ít nhất một tệp." in client.post(page, {}).content.decode()
    refused = client.post(page, {"files": SimpleUploadedFile("virus.exe", b"MZ")})
    assert (refused.status_code, "không nhận được" in refused.content.decode()) == (400, True)
    client.post(page, {"files": SimpleUploadedFile("giay-ra-vien.pdf", b"%PDF-")})
    assert "giay-ra-vien.pdf" in client.get(f"/nguoi/{person.pk}/").content.decode()
    stored = StoredFile.objects.get()
    opened = client.get(f"/tep/{stored.pk}/")
    assert b"".join(opened.streaming_content) == b"%PDF-"
    assert client_of(unit_officer_b).get(f"/tep/{stored.pk}/").status_code == 404
    assert client_of(unit_officer_b).get(page).status_code == 404


def test_a_consent_is_recorded_with_its_sheet_and_withdrawn_once(person, unit_officer_a, client_of):
    client, page = client_of(unit_officer_a), f"/nguoi/{person.pk}/dong-y/"
    client.post(page, {"basis": "sheet", "given_on": "05/05/2025", "files": SimpleUploadedFile("phieu.pdf", b"%PDF-")})
    again = client.post(page, {"basis": "sheet", "given_on": "05/05/2025"})
    assert "Đã ghi căn cứ này với cùng ngày" in again.content.decode()
    consent = Consent.objects.get()
    shown = client.get(page).content.decode()
    assert ("Phiếu đồng ý riêng" in shown, "phieu.pdf" in shown) == (True, True)
    client.post(f"/nguoi/dong-y/{consent.pk}/rut/", {"reason": "Không muốn nữa"})
    consent.refresh_from_db()
    assert (consent.withdrawn_on, consent.withdrawn_reason) == (today(), "Không muốn nữa")
    with pytest.raises(Refused, match="đã được rút"):
        consent.withdraw(unit_officer_a)


@pytest.mark.parametrize(("day", "told"), [("01/01/1980", "trước ngày sinh"), ("01/01/2999", "chưa tới")])
def test_a_consent_before_birth_or_to_come_is_refused(person, unit_officer_a, client_of, day, told):
    page = client_of(unit_officer_a).post(f"/nguoi/{person.pk}/dong-y/", {"basis": "form", "given_on": day})
    assert told in page.content.decode()
    assert Consent.objects.count() == 0


def test_who_only_reads_records_no_consent(person, inspector, unit_officer_b, client_of):
    page = f"/nguoi/{person.pk}/dong-y/"
    form = {"basis": "form", "given_on": "05/05/2025"}
    assert [client_of(who).post(page, form).status_code for who in (inspector, unit_officer_b)] == [403, 404]
    assert Consent.objects.count() == 0


# The page ----------------------------------------------------------------------------------------------


def test_the_page_tells_what_is_on_its_way_and_what_this_occasion_gave(
    people, person, province, district_a, officer, client_of
):
    tet = make_round(province, year=today().year)
    month = make_round(province, code="T5", name="Tháng 5", occasion="workers_month", year=today().year)
    pay(people, tet, district_a, person, on=today())
    make_grant(month, district_a, officer, person)
    Loan.objects.create(
        unit=district_a, person=person, purpose="Nuôi bò", amount=5, term_months=12, proposed_by=officer
    )
    context = client_of(officer).get(f"/nguoi/{person.pk}/").context
    assert context["story"].this_year == {"Tết": (1, 500_000)}
    assert {entry.what for entry in context["story"].pending} == {"Tháng 5", "Vay vốn: Nuôi bò"}
    assert [(entry.what, entry.source) for entry in context["story"].done] == [("Tết 2026", "Quỹ Xã hội Công đoàn")]


def test_the_same_number_in_another_unit_tells_the_province_alone(
    people, person, province, district_a, district_b, officer, unit_officer_a, client_of
):
    person = again(person)
    person.national_id = an_id(female=True)
    person.save()
    other = make_person(district_b, "Đặng Thị Hường", national_id=person.national_id)
    pay(people, make_round(province), district_b, other, on=today())
    pages = [client_of(who).get(f"/nguoi/{person.pk}/").content.decode() for who in (officer, unit_officer_a)]
    assert ["Cùng số giấy tờ" in page for page in pages] == [True, False]
    assert "Tết 1 lần, 500.000 đồng" in pages[0]


def test_the_page_takes_as_many_queries_for_three_deeds_as_for_one(person, district_a, officer, client_of, query_count):
    client, counts = client_of(officer), []
    for number in (1, 3):
        while person.visits.count() < number:
            n = person.visits.count()
            Visit.objects.create(person=person, unit=district_a, on=date(2025, 4, n + 1), visitors="Đ/c", by=officer)
            make_grant(make_round(district_a, code=f"R{n}"), district_a, officer, person)
            in_need(person, ("illness", "accident", "housing")[n])
            Consent.objects.create(person=person, basis="form", given_on=date(2025, 1, 1), by=officer)
            Loan.objects.create(
                unit=district_a, person=person, purpose="x", amount=5, term_months=1, proposed_by=officer
            )
        client.get(f"/nguoi/{person.pk}/")
        counts.append(query_count(lambda: client.get(f"/nguoi/{person.pk}/")))
    assert counts[0] == counts[1]


# Filters -----------------------------------------------------------------------------------------------


def test_people_are_filtered_by_work_mark_age_lodging_and_state(district_a, officer, client_of):
    lost, mark = EmploymentKind.objects.get(code="lost"), VulnerabilityKind.objects.get(code="disabled")
    make_person(district_a, "Trẻ Mất Việc", birth_year=today().year - 25, employment=lost, lives_in_boarding=True)
    old = make_person(district_a, "Già Khuyết Tật", birth_year=today().year - 70)
    ended = make_person(district_a, "Từng Khuyết Tật", birth_year=today().year - 40)
    make_person(district_a, "Đã Rời", state="left")
    VulnerabilityMark.objects.create(person=old, kind=mark)
    VulnerabilityMark.objects.create(person=ended, kind=mark, until=today() - timedelta(days=1))
    client = client_of(officer)

    def names(**query):
        return sorted(listed(client.get(LIST, query)))

    assert names(employment__id__exact=lost.pk) == ["Trẻ Mất Việc"]
    assert names(vulnerability=mark.pk) == ["Già Khuyết Tật"]
    assert names(age_from=60) == ["Già Khuyết Tật"]
    assert names(age_from=20, age_to=45) == ["Trẻ Mất Việc", "Từng Khuyết Tật"]
    assert names(lives_in_boarding__exact=1) == ["Trẻ Mất Việc"]
    assert names(state="left") == ["Đã Rời"]
    assert len(names()) == 3
    assert len(names(state="all")) == 4


@pytest.mark.parametrize("query", ["age_from=abc", "age_from=99999999999999999999", "vulnerability=x", "state=zz"])
def test_a_filter_that_means_nothing_does_no_harm(person, officer, client_of, query):
    assert client_of(officer).get(f"{LIST}?{query}").status_code in (200, 302)


def test_a_filter_is_saved_under_a_name_renamed_and_deleted_by_its_owner(person, officer, unit_officer_a, client_of):
    client = client_of(officer)
    client.post("/nguoi/bo-loc/luu/", {"name": "Nghèo", "query": "poverty=poor&q=duong&p=2&gender__exact=female"})
    kept = SavedFilter.objects.get()
    assert (kept.user, kept.query) == (officer, "poverty=poor&gender__exact=female")
    assert 'href="?poverty=poor&amp;gender__exact=female"' in client.get(LIST).content.decode()
    assert "Nghèo" not in client_of(unit_officer_a).get(LIST).content.decode()
    page = f"/nguoi/bo-loc/{kept.pk}/"
    assert client_of(unit_officer_a).post(page, {"act": "delete"}).status_code == 404
    client.post(page, {"act": "rename", "name": "Hộ nghèo, nữ"})
    kept.refresh_from_db()
    assert kept.name == "Hộ nghèo, nữ"
    client.post(page, {"act": "delete"})
    assert SavedFilter.objects.count() == 0


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": "", "query": "poverty=poor"}, "Hãy đặt tên cho bộ lọc."),
        ({"name": "Trùng", "query": "poverty=poor"}, "Bạn đã có bộ lọc tên này"),
        ({"name": "Không gì", "query": "q=hong"}, "Danh sách chưa lọc gì"),
        ({"name": "Dài", "query": "poverty=" + "ộ" * 900}, "Bộ lọc có quá nhiều điều kiện"),
    ],
)
def test_a_filter_without_name_or_condition_or_twice_is_refused(officer, client_of, form, told):
    SavedFilter.objects.create(user=officer, name="Trùng", query="poverty=poor")
    page = client_of(officer).post("/nguoi/bo-loc/luu/", form, follow=True).content.decode()
    assert told in page
    assert SavedFilter.objects.count() == 1


def test_a_search_shows_its_first_rows_by_name_and_exports_all(district_a, officer, client_of):
    for name in ("Lê Văn Lan", "Lê Thị Lan", "Trần Thị Lan"):
        make_person(district_a, name)
    client = client_of(officer)
    assert len(Person.objects.found("lan", 2)) == 2
    assert listed(client.get(f"{LIST}?q=lan")) == ["Lê Thị Lan", "Lê Văn Lan", "Trần Thị Lan"]
    sheet = client.post(f"{LIST}export/?q=lan", {"format": "1"}).content.decode()
    assert sheet.count("Lan") == 3


def test_only_who_is_on_the_list_is_offered_where_a_form_looks_somebody_up(person, district_a, officer, client_of):
    make_person(district_a, "Đặng Thị Đã Rời", state="left")
    query = {"app_label": "beneficiaries", "model_name": "grant", "field_name": "person", "term": "dang thi"}
    found = client_of(officer).get("/autocomplete/", query).json()["results"]
    assert [each["id"] for each in found] == [str(person.pk)]


# Catalogues --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["hardshipkind", "vulnerabilitykind", "employmentkind"])
def test_the_tables_of_kinds_come_in_and_go_out_by_whoever_keeps_them(kind, officer, unit_officer_a, client_of):
    client, page = client_of(officer), f"/beneficiaries/{kind}/"
    header = "tên,thuộc sức khỏe (dữ liệu nhạy cảm),từ thường gặp trong danh sách" if kind == "hardshipkind" else "tên"
    line = "=Mới,0," if kind == "hardshipkind" else "=Mới"
    file = SimpleUploadedFile("loai.csv", f"{header}\n{line}\n".encode())
    shown = client.post(f"{page}import/", {"import_file": file, "format": "1"})
    client.post(f"{page}process_import/", shown.context["confirm_form"].initial)
    exported = client.post(f"{page}export/", {"format": "1"}).content.decode()
    assert ("'=Mới" in exported, ",=Mới" in exported or "\n=Mới" in exported) == (True, False)
    assert client_of(unit_officer_a).get(f"{page}import/").status_code == 403
    assert AuditEvent.objects.filter(action="export", actor=officer).count() == 1


def test_households_go_out_scoped_with_their_class(district_a, district_b, unit_officer_a, client_of):
    make_household(district_a, "Chủ Hộ An").poverty_records.create(year=2025, status="poor")
    make_household(district_b, "Chủ Hộ Bình")
    sheet = client_of(unit_officer_a).post("/beneficiaries/household/export/", {"format": "1"}).content.decode()
    assert ("Chủ Hộ An" in sheet, "Hộ nghèo 2025" in sheet, "Chủ Hộ Bình" in sheet) == (True, True, False)
    assert Household.objects.count() == 2


@pytest.mark.parametrize("typed", ["0987 654 321", "0987.654.321", "+84 987 654 321"])
def test_a_phone_however_it_is_typed_is_kept_and_found_as_digits(person, unit_officer_a, client_of, typed):
    client = client_of(unit_officer_a)
    client.post(f"{LIST}{person.pk}/change/", form_data(phone=typed))
    assert Person.objects.get(pk=person.pk).phone == "0987654321"
    assert list(client.get(LIST, {"q": typed}).context["cl"].result_list) == [person]


def test_what_is_no_phone_is_refused(person, unit_officer_a, client_of):
    response = client_of(unit_officer_a).post(f"{LIST}{person.pk}/change/", form_data(phone="12"))
    assert "Số điện thoại “12” không đúng; hãy ghi đủ 10 số." in response.content.decode()


def test_a_household_of_another_unit_is_refused(person, district_b, officer, client_of):
    household = make_household(district_b, "Hộ Bình")
    response = client_of(officer).post(f"{LIST}{person.pk}/change/", form_data(household=household.pk))
    assert "thuộc đơn vị khác; hãy chọn hộ của đơn vị này." in response.content.decode()
    assert Person.objects.get(pk=person.pk).household is None


def test_a_relative_who_moved_to_another_unit_is_named_to_nobody_there(person, district_b, unit_officer_b, client_of):
    child = make_person(district_b, "Con Gái", relative_of=person, relation="con")
    assert person.full_name not in client_of(unit_officer_b).get(f"/nguoi/{child.pk}/").content.decode()


def test_a_nul_in_what_a_form_looks_up_does_no_harm(person, officer, client_of):
    asked = {"app_label": "beneficiaries", "model_name": "person", "field_name": "household", "term": "h\0"}
    assert client_of(officer).get("/autocomplete/", asked).status_code == 200
