"""Visits: written in seconds, never before birth or to come, shown where the person is, and who still waits."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries.duplicates.models import case_of
from beneficiaries.models import Hardship, HardshipKind, Occasion, Person, Visit
from beneficiaries.visits.todo import waiting
from beneficiaries.visits.unreached import days_to_first_visit, unreached
from programs.models import Stale
from tests.factories import make_fund, make_grant, make_person, make_round, make_unit
from welfare.models import AuditEvent
from welfare.units.models import today

DUE = "/tham-hoi/con-cho/"
FIND = "/tham-hoi/ghi/"


@pytest.fixture
def person(district_a):
    return make_person(district_a, "Lê Thị Chờ", birth_date=date(1980, 5, 6), phone="0912345678")


def text(response) -> str:
    return response.content.decode()


def in_need(person, known_on=None, kind="illness", year=None):
    known_on = known_on or today()
    kind = HardshipKind.objects.get(code=kind)
    return Hardship.objects.create(person=person, kind=kind, year=year or known_on.year, known_on=known_on)


def visit(person, by, on=None, **fields) -> Visit:
    return Visit.objects.create(person=person, unit=by.unit, by=by, on=on or today(), visitors="Đ/c Thăm", **fields)


def add_page(person) -> str:
    return reverse("beneficiaries:visit_add", args=[person.pk])


def form_data(**changes) -> dict:
    return {"on": f"{today():%d/%m/%Y}", "visitors": "Đ/c Hòa, đ/c Bình", "gift_value": ""} | changes


def waiting_names(user=None) -> list[str]:
    people = Person.objects.for_user(user) if user else Person.objects.all()
    return [person.full_name for person in unreached(people, today().year)]


# Writing a visit -------------------------------------------------------------------------------


def test_a_visit_is_found_tapped_and_saved(person, unit_officer_a, client_of):
    client, tet = client_of(unit_officer_a), Occasion.objects.get(code="tet")
    found = text(client.get(FIND, {"q": "le thi cho"}))
    assert (add_page(person) in found, "Lê Thị Chờ" in found) == (True, True)
    page = client.get(add_page(person))
    assert page.context["form"]["on"].value() == today()
    gift = {"occasion": tet.pk, "gift": "Túi quà", "gift_value": "500.000", "note": "Đang điều trị"}
    saved = client.post(add_page(person), form_data(**gift))
    assert saved["Location"] == reverse("beneficiaries:person", args=[person.pk])
    row = Visit.objects.get()
    assert (row.person, row.unit, row.by, row.on, row.gift_value) == (
        person, unit_officer_a.unit, unit_officer_a, today(), 500_000,
    )  # fmt: skip
    shown = text(client.get(saved["Location"]))
    assert [words in shown for words in ("Đ/c Hòa, đ/c Bình", "Túi quà, 500.000 đồng", "Đang điều trị")] == [True] * 3


def test_the_next_visit_names_those_who_went_last(person, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    assert client.get(add_page(person)).context["form"]["visitors"].value() == unit_officer_a.full_name
    client.post(add_page(person), form_data())
    assert client.get(add_page(person)).context["form"]["visitors"].value() == "Đ/c Hòa, đ/c Bình"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"on": "01/01/2999"}, "Ngày 01/01/2999 chưa tới; hãy ghi ngày đã đi thăm."),
        ({"on": "05/05/1980"}, "Ngày thăm trước ngày sinh của người được thăm (06/05/1980)."),
        ({"gift_value": "-1"}, "Giá trị quà không được âm."),
        ({"gift_value": "0,5"}, "Giá trị quà phải là số đồng chẵn, không quá 1.000 tỷ."),
        ({"gift_value": "9" * 13}, "Giá trị quà phải là số đồng chẵn, không quá 1.000 tỷ."),
        ({"visitors": ""}, "Không được để trống ô này."),
    ],
)
def test_bad_input_is_a_sentence_and_changes_nothing(person, unit_officer_a, client_of, changes, sentence):
    page = client_of(unit_officer_a).post(add_page(person), form_data(note="Giữ nguyên chữ này") | changes)
    assert (page.status_code, sentence in text(page), "Giữ nguyên chữ này" in text(page)) == (200, True, True)
    assert not Visit.objects.exists()


def test_a_second_tap_is_told(person, unit_officer_a, officer, client_of):
    client = client_of(unit_officer_a)
    client.post(add_page(person), form_data())
    assert "Đơn vị đã ghi lượt thăm người này trong ngày đó" in text(client.post(add_page(person), form_data()))
    client_of(officer).post(add_page(person), form_data())
    assert list(Visit.objects.order_by("pk").values_list("unit__code", flat=True)) == ["A", "LDT"]
    with pytest.raises(IntegrityError), transaction.atomic():
        visit(person, unit_officer_a)


def test_a_unit_above_visits_people_of_a_unit_below(district_a, unit_officer_a, client_of):
    below = make_person(make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a), "Trần Văn Dưới")
    client_of(unit_officer_a).post(add_page(below), form_data())
    assert Visit.objects.get().unit == district_a


def test_who_may_write_and_who_reads(person, unit_officer_b, inspector, leader, client_of):
    assert client_of(unit_officer_b).get(add_page(person)).status_code == 404
    assert client_of(unit_officer_b).post(add_page(person), form_data()).status_code == 404
    for reader in (inspector, leader):
        assert client_of(reader).post(add_page(person), form_data()).status_code == 403
        assert client_of(reader).get(DUE).status_code == 200
    assert "Ghi thăm</a>" not in text(client_of(leader).get(DUE))
    assert not Visit.objects.exists()


def test_nobody_visits_a_file_that_was_merged(person, district_a, unit_officer_a, client_of):
    other = make_person(district_a, "Lê Thị Chờ", birth_year=1980)
    case_of(person, other, unit_officer_a).merge(unit_officer_a, kept=other)
    client = client_of(unit_officer_a)
    assert client.post(add_page(person), form_data()).status_code == 404
    assert add_page(person) not in text(client.get(f"/nguoi/{person.pk}/"))
    found = text(client.get(FIND, {"q": "le thi cho"}))
    assert (add_page(person) in found, add_page(other) in found) == (False, True)


def test_the_province_s_visit_shows_to_the_unit_which_can_not_change_it(person, officer, unit_officer_a, client_of):
    row = visit(person, officer, note="Tỉnh đi thăm")
    client = client_of(unit_officer_a)
    page = client.get(reverse("admin:beneficiaries_visit_change", args=[row.pk]))
    assert ("Tỉnh đi thăm" in text(page), b'name="_save"' in page.content) == (True, False)
    assert client.post(reverse("admin:beneficiaries_visit_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert Visit.objects.get() == row


def test_a_visit_is_mended_and_taken_back_by_its_unit(person, unit_officer_a, client_of):
    client, row = client_of(unit_officer_a), visit(person, unit_officer_a)
    other = visit(person, unit_officer_a, on=today() - timedelta(days=1))
    page = reverse("admin:beneficiaries_visit_change", args=[row.pk])
    assert client.post(page, form_data(gift_value="200.000")).status_code == 302
    refused = client.post(page, form_data(on=f"{other.on:%d/%m/%Y}"))
    assert "Đơn vị đã ghi lượt thăm người này trong ngày đó" in text(refused)
    row.refresh_from_db()
    assert (row.gift_value, row.on) == (200_000, today())
    client.post(reverse("admin:beneficiaries_visit_delete", args=[row.pk]), {"post": "yes"})
    assert list(Visit.objects.all()) == [other]


def test_a_visit_moved_to_another_month_marks_both(person, unit_officer_a):
    row = visit(person, unit_officer_a, on=date(2025, 3, 9))
    Stale.objects.all().delete()
    row = Visit.objects.get()
    row.on = date(2025, 5, 9)
    row.save()
    marks = Stale.objects.values_list("source", "unit", "month")
    assert set(marks) == {("visits", person.unit_id, date(2025, month, 1)) for month in (3, 5)}


def test_looking_and_searching_are_on_record(person, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    client.get(FIND, {"q": "le"})
    client.get(DUE, {"q": "le"})
    client.get(add_page(person))
    told = AuditEvent.objects.exclude(action="sign_in").order_by("pk").values_list("action", flat=True)
    assert list(told) == ["search", "search", "view"]


# Who still waits -------------------------------------------------------------------------------


def test_those_neither_visited_nor_paid_this_year_wait_longest_first(
    province, district_a, district_b, unit_officer_a, leader, finance, officer, client_of
):
    year = today().year
    names = ("Được Thăm", "Được Chi", "Chờ Lâu", "Mới Chờ", "Không Khó", "Năm Trước", "Chỉ Đề Nghị", "Huyện Khác")
    of = {name: make_person(district_b if name == "Huyện Khác" else district_a, name) for name in names}
    for name in set(names) - {"Không Khó", "Năm Trước", "Chờ Lâu"}:
        in_need(of[name])
    in_need(of["Chờ Lâu"], known_on=today() - timedelta(days=1), year=year)
    in_need(of["Chờ Lâu"], kind="housing")
    in_need(of["Năm Trước"], known_on=date(year - 1, 5, 1))
    visit(of["Được Thăm"], unit_officer_a)
    visit(of["Chờ Lâu"], unit_officer_a, on=date(year - 1, 12, 31))
    round = make_round(province, year=year)
    make_grant(round, district_a, unit_officer_a, of["Chỉ Đề Nghị"])
    paid = make_grant(round, district_a, unit_officer_a, of["Được Chi"])
    paid.approve(leader, decision_number="1/QĐ")
    paid.pay(finance, fund=make_fund(province, balance=10**9, by=finance))
    assert waiting_names() == ["Chờ Lâu", "Mới Chờ", "Chỉ Đề Nghị", "Huyện Khác"]
    assert "Huyện Khác" not in waiting_names(unit_officer_a)
    page = text(client_of(unit_officer_a).get(DUE))
    assert ("3 người đang chờ" in page, "1 ngày" in page, "Huyện Khác" in page) == (True, True, False)
    assert f"{add_page(of['Mới Chờ'])}?tu=danh-sach" in page
    assert "Huyện Khác" in text(client_of(officer).get(DUE, {"unit": district_b.pk}))


def test_from_the_list_one_comes_back_to_the_list(person, unit_officer_a, client_of):
    in_need(person)
    client = client_of(unit_officer_a)
    saved = client.post(f"{add_page(person)}?tu=danh-sach", form_data())
    assert saved["Location"] == DUE
    assert "đều đã được thăm hỏi hoặc hỗ trợ" in text(client.get(DUE))


@pytest.mark.parametrize(("days", "count"), [(30, 0), (31, 1)])
def test_a_month_of_waiting_is_on_the_units_list(person, unit_officer_a, unit_officer_b, officer, days, count):
    in_need(person, known_on=today() - timedelta(days=days), year=today().year)
    assert [item.count for item in waiting(unit_officer_a)] == [count]
    assert [item.count for user in (unit_officer_b, officer) for item in waiting(user)] == [0]


def test_days_from_hardship_to_first_visit(person, unit_officer_a, client_of):
    hardship = in_need(person, known_on=date(2025, 3, 1))
    visit(person, unit_officer_a, on=date(2025, 2, 1))
    waiting = Hardship.objects.with_first_visit().get(pk=hardship.pk)
    assert (waiting.first_visit_on, waiting.waited) == (None, None)
    visit(person, unit_officer_a, on=date(2025, 3, 20))
    visit(person, unit_officer_a, on=date(2025, 3, 11))
    reached = Hardship.objects.with_first_visit().get(pk=hardship.pk)
    assert (reached.first_visit_on, reached.waited) == (date(2025, 3, 11), timedelta(days=10))
    shown = text(client_of(unit_officer_a).get(reverse("beneficiaries:person", args=[person.pk])))
    assert "Được thăm sau 10 ngày (11/03/2025)" in shown


def test_lists_take_as_many_queries_for_three_as_for_one(district_a, unit_officer_a, client_of):
    client, counts = client_of(unit_officer_a), []
    for n in (1, 3):
        while Person.objects.count() < n:
            person = make_person(district_a, f"Người {Person.objects.count()}")
            in_need(person)
            visit(make_person(district_a, "Đã thăm"), unit_officer_a) if n == 1 else visit(
                person, unit_officer_a, on=date(2024, 1, 2)
            )
        for page in (DUE, "/beneficiaries/visit/", f"{FIND}?q=nguoi"):
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]


def test_the_days_from_hardship_to_first_visit_are_measured(person, district_b, unit_officer_a, officer, client_of):
    first = max(today() - timedelta(days=30), today().replace(month=1, day=1))
    in_need(person, known_on=first)
    in_need(person, known_on=today(), kind="accident")
    in_need(make_person(district_b), known_on=first)
    days = (today() - first).days
    assert days_to_first_visit(Person.objects.all(), today().year) == {"count": 0, "average": 0, "longest": 0}
    for on in {first + timedelta(days=days // 2), today()}:
        visit(person, unit_officer_a, on=on)
    average, longest = round(days // 2 / 2), days // 2
    assert days_to_first_visit(Person.objects.all(), today().year) == {
        "count": 2,
        "average": average,
        "longest": longest,
    }
    assert f"trung bình sau <strong>{average} ngày</strong>" in text(client_of(officer).get(DUE))
    assert "trung bình sau" not in text(client_of(officer).get(DUE, {"unit": district_b.pk}))
