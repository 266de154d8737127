"""Every row a figure counts can be reached: page by page in both directions, by a name, and all of them in a workbook."""

import re
from datetime import date
from html import unescape

import pytest
from openpyxl import load_workbook

from beneficiaries.models import Person
from programs.models import Actual, Indicator
from reports.measures.counting import recount_stale
from tests.deeds import hold, in_need, is_poor, pay
from tests.factories import an_id, make_household, make_person, make_round
from welfare.jobs.queue import run
from welfare.models import AuditEvent, Job

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
YEAR = 2025
NAMES = ["Trần Văn Ấm", "Lê Thị Bưởi", "Đỗ Văn Cam", "Phạm Thị Dừa", "Ngô Văn Én"]


@pytest.fixture(autouse=True)
def short_pages(monkeypatch):
    monkeypatch.setattr("reports.rows.views.PER_PAGE", 2)
    monkeypatch.setattr("reports.rows.workbook.AT_ONCE", 2)


@pytest.fixture
def rounds(people, province):
    return [make_round(province, year=YEAR, code=f"D{n}", name=f"Đợt {n}", occasion="sudden") for n in range(2)]


@pytest.fixture
def paid(people, rounds, district_a, district_b):
    """Five people paid in February, the first of them also in May and, as a person of the other unit, in June."""
    number = an_id()
    persons = [make_person(district_a, name, national_id=number if n == 0 else "") for n, name in enumerate(NAMES)]
    for person in persons:
        pay(people, rounds[0], district_a, person)
    pay(people, rounds[1], district_a, persons[0], on=date(YEAR, 5, 6))
    same_human = make_person(district_b, NAMES[0], national_id=number)
    pay(people, rounds[1], district_b, same_human, on=date(YEAR, 6, 7))
    recount_stale()
    return persons


def url_of(code, query="", what="") -> str:
    return f"/so-lieu/{Indicator.objects.get(code=code).pk}/{what}?from={YEAR}-01&to={YEAR}-12{query}"


def get(client, path, status=200) -> str:
    response = client.get(path)
    assert (path, response.status_code) == (path, status)
    return " ".join(unescape(response.content.decode()).split())


def names_on(html) -> list[str]:
    """The first cell of each row, which opens it."""
    return re.findall(r'<td data-label="[^"]*" class="\s*"> ?<a href="[^"]+">([^<]+)</a>', html)


def link(html, words) -> str | None:
    found = re.search(rf'href="(\?[^"]+)">{words}<', html)
    return found and found[1]


def pages(client, path, onward="Trang sau", start="") -> list[list[str]]:
    """Names on each page, from the first by "Trang sau", or from the last by "Trang trước"."""
    base, found = path.partition("?")[0], []
    html = get(client, f"{base}{start}" if start else path)
    while True:
        found.append(names_on(html))
        if not (address := link(html, onward)):
            return found
        html = get(client, f"{base}{address}")


@pytest.mark.parametrize(
    ("code", "listed"),
    [
        ("gifts", [NAMES[0], NAMES[0], *NAMES[::-1]]),
        ("support_money", [NAMES[0], NAMES[0], *NAMES[::-1]]),
        ("people_supported", [NAMES[0], *NAMES[:0:-1]]),  # two units' rows of one human are one human
    ],
)
def test_all_rows_come_page_by_page_in_both_directions(paid, leader, client_of, code, listed):
    client, path = client_of(leader), url_of(code)
    ahead = pages(client, path)
    assert [name for names in ahead for name in names] == listed
    assert {len(names) for names in ahead[:-1]} == {2}
    first = get(client, path)
    assert f"Trang 1/{len(ahead)}" in first
    last = link(first, "Trang cuối")
    assert pages(client, path, "Trang trước", last)[::-1] == ahead
    page_two = get(client, path.partition("?")[0] + link(first, "Trang sau"))
    assert (f"Trang 2/{len(ahead)}" in page_two, link(page_two, "Trang đầu") is not None) == (True, True)


def test_one_row_stands_for_a_person_and_the_page_says_which(paid, leader, client_of):
    html = get(client_of(leader), url_of("people_supported"))
    assert "5 người" in html
    assert "Mỗi người một dòng mỗi năm: khoản hỗ trợ được chi gần nhất; số tiền là của riêng khoản đó" in html
    assert names_on(html)[0] == NAMES[0]
    assert "07/06/2025" in html
    assert "Mỗi người một dòng" not in get(client_of(leader), url_of("gifts"))


def test_rows_are_found_by_name_without_accents_over_all_pages(paid, leader, client_of):
    client = client_of(leader)
    assert names_on(get(client, url_of("gifts", "&tim=cam"))) == ["Đỗ Văn Cam"]
    assert pages(client, url_of("gifts", "&tim=tran+am")) == [[NAMES[0]] * 2, [NAMES[0]]]
    assert pages(client, url_of("people_supported", "&tim=tran")) == [[NAMES[0]]]
    nobody = get(client, url_of("gifts", "&tim=<Nam>"))
    assert (names_on(nobody), "Không có dòng nào có “<Nam>”" in nobody) == ([], True)
    events = AuditEvent.objects.filter(action="search")
    assert events.count() == 5
    assert [
        event.detail for event in events if "cam" in str(event.detail) or event.detail["of"] != "beneficiaries.grant"
    ] == []


def test_where_very_many_bear_a_name_their_rows_are_found_too(paid, leader, client_of, monkeypatch):
    monkeypatch.setattr("reports.rows.finding.FEW", 1)
    client = client_of(leader)
    assert pages(client, url_of("gifts", "&tim=thi")) == [["Phạm Thị Dừa", "Lê Thị Bưởi"]]
    assert pages(client, url_of("people_supported", "&tim=van+t")) == [[NAMES[0]]]
    assert names_on(get(client, url_of("gifts", "&tim=hi"))) == []  # words are found by how they begin


@pytest.mark.parametrize("few", [0, 1_000])
def test_households_are_found_by_their_head_and_their_members(few, people, district_a, leader, client_of, monkeypatch):
    monkeypatch.setattr("reports.rows.finding.FEW", few)
    one, other = make_household(district_a, "Đinh Văn Chủ"), make_household(district_a, "Lý Thị Hai")
    make_person(district_a, "Đinh Thị Con", household=one)
    for household in (one, other):
        is_poor(household, YEAR)
    recount_stale()
    client = client_of(leader)
    assert names_on(get(client, url_of("poor_households", "&tim=Lý Thị"))) == ["Lý Thị Hai"]
    if few:
        assert names_on(get(client, url_of("poor_households", "&tim=dinh con"))) == ["Đinh Văn Chủ"]


def test_a_roster_is_paged_and_searched_like_the_others(people, province, district_a, district_b, leader, client_of):
    hold(people, district_a, "workers_month", date(YEAR, 5, 4))
    recount_stale()
    client, path = client_of(leader), url_of("units_workers_month")
    assert [names for names in pages(client, path) if district_a.name in names or district_b.name in names] != []
    assert names_on(get(client, f"{path}&tim=huyen+binh")) == [district_b.name]
    missing = sum(pages(client, f"{path}&con-thieu=1"), [])
    assert (district_a.name in missing, district_b.name in missing) == (False, True)


@pytest.mark.parametrize(
    "place",
    ["sau=x", "sau=2025-01-01", "sau=2025-13-01.1", "sau=2025-01-01.1.1", "truoc=9.9", f"sau=2025-01-01.{'9' * 30}"],
)
def test_a_made_up_place_is_a_404(place, paid, leader, client_of):
    get(client_of(leader), url_of("gifts", f"&{place}"), 404)


def test_a_place_past_the_end_says_so(paid, leader, client_of):
    assert "Các dòng ở trang này đã thay đổi" in get(client_of(leader), url_of("gifts", "&sau=2000-01-01.1"))


# The workbook -----------------------------------------------------------------------------------


def ask(client, path) -> Job:
    assert client.post(path).status_code == 302
    return Job.objects.get()


def sheets_of(job) -> list[list[tuple]]:
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.message
    with job.result.file.open() as file:
        return [list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(file)]


def rows_of(job) -> list[tuple]:
    """Below the header."""
    (rows,) = sheets_of(job)
    start = next(n for n, row in enumerate(rows) if row[-1] is not None and row[1] is not None)
    return rows[start + 1 :]


def test_the_workbook_holds_every_row_as_the_page_lists_them(paid, leader, client_of):
    client = client_of(leader)
    assert "Tải Excel 7 dòng" in get(client, url_of("gifts"))
    job = ask(client, url_of("gifts", what="excel/"))
    assert ask(client, url_of("gifts", what="excel/")) == job
    run(job.pk)
    rows = rows_of(job)
    assert [row[0] for row in rows] == sum(pages(client, url_of("gifts")), [])
    assert rows[0][3].date() == date(YEAR, 6, 7)
    (event,) = AuditEvent.objects.filter(action="export")
    assert (event.actor, event.detail["of"], event.detail["rows"]) == (leader, "gifts", 7)
    assert job.result.expires_at is not None


def test_of_a_share_the_workbook_holds_who_still_waits(paid, people, district_a, leader, client_of):
    in_need(paid[0])
    for name in ("Vũ Văn Chờ", "Vũ Văn Đợi", "Vũ Văn Ngóng"):
        in_need(make_person(district_a, name))
    recount_stale()
    path = url_of("hardship_supported_share", "&con-thieu=1")
    assert "Tải Excel 3 dòng" in get(client_of(leader), path)
    job = ask(client_of(leader), url_of("hardship_supported_share", "&con-thieu=1", "excel/"))
    run(job.pk)
    rows = rows_of(job)
    assert [(row[0], row[-2]) for row in rows] == [(f"Vũ Văn {name}", "Chưa") for name in ("Chờ", "Đợi", "Ngóng")]
    assert {type(row[-1]) for row in rows} == {int}


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(paid, leader, client_of, monkeypatch):
    monkeypatch.setattr("reports.rows.workbook.A_SHEET", 4)
    job = ask(client_of(leader), url_of("gifts", what="excel/"))
    run(job.pk)
    heads_and_rows = [[row for row in rows if row[1] is not None] for rows in sheets_of(job)]
    assert [len(rows) - 1 for rows in heads_and_rows] == [4, 3]
    assert heads_and_rows[0][0] == heads_and_rows[1][0]


def test_a_workbook_is_of_what_its_owner_reaches_and_theirs_alone(
    paid, leader, unit_officer_a, unit_officer_b, district_a, client_of
):
    client = client_of(unit_officer_b)
    assert client.post(url_of("gifts", f"&unit={district_a.pk}", "excel/")).status_code == 404
    assert client.get(url_of("gifts", what="excel/")).status_code == 405
    job = ask(client, url_of("gifts", what="excel/"))
    run(job.pk)
    assert [row[0] for row in rows_of(job)] == [NAMES[0]]
    response = client.get(f"/tep/{job.result_id}/")
    assert (response.status_code, len(list(response.streaming_content)) > 0) == (
        200,
        True,
    )  # read to its end it is closed
    assert [client_of(user).get(f"/tep/{job.result_id}/").status_code for user in (leader, unit_officer_a)] == [
        404,
        404,
    ]


def test_who_may_not_read_the_rows_gets_no_workbook(paid, administrator, leader, client_of):
    assert client_of(administrator).post(url_of("gifts", what="excel/")).status_code == 403
    reported = Indicator.objects.filter(source="reported").first()
    assert client_of(leader).post(f"/so-lieu/{reported.pk}/excel/").status_code == 404
    job = ask(client_of(leader), url_of("gifts", what="excel/"))
    leader.appointments.update(valid_from="2020-01-01", valid_to="2020-12-31")
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.FAILED, None)
    assert job.message.startswith("Bạn không còn được xem danh sách này")


def test_an_empty_list_has_no_workbook_to_offer(people, leader, client_of):
    assert Actual.objects.count() == Person.objects.count() == 0
    assert "Tải Excel" not in get(client_of(leader), url_of("gifts"))
