"""Every row a figure counts can be reached: page by page in both directions, by a name, and all of them in a workbook."""

import re
from datetime import date
from html import unescape
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from beneficiaries.models import Donor, FundEntry, Grant, Person
from beneficiaries.transfers.models import ask_transfer
from programs.models import Actual, Indicator
from reports.measures.counting import recount_stale
from tests.deeds import hold, in_need, is_poor, pay
from tests.factories import an_id, make_fund, make_household, make_person, make_round
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
    for words in ("Lý Thị", "ly thi", "hai ly", "LÝ-THỊ"):
        assert names_on(get(client, url_of("poor_households", f"&tim={words}"))) == ["Lý Thị Hai"], words
    assert names_on(get(client, url_of("poor_households", "&tim=y"))) == []
    if few:
        assert names_on(get(client, url_of("poor_households", "&tim=dinh con"))) == ["Đinh Văn Chủ"]


@pytest.mark.parametrize("few", [0, 1_000])
def test_a_head_is_found_whichever_letter_stands_for_d(few, people, district_a, leader, client_of, monkeypatch):
    """Ð of Iceland looks like Đ and comes out of old fonts."""
    monkeypatch.setattr("reports.rows.finding.FEW", few)
    is_poor(make_household(district_a, head_name="\u00d0\u1ed7 Văn \ufb01"), YEAR)
    recount_stale()
    for words in ("do van", "đỗ", "fi"):
        assert len(names_on(get(client_of(leader), url_of("poor_households", f"&tim={words}")))) == 1, words


@pytest.mark.parametrize("few", [0, 1_000])
def test_entries_of_funds_are_found_by_what_they_say_and_who_gave(
    few, province, finance, leader, client_of, monkeypatch
):
    monkeypatch.setattr("reports.rows.finding.FEW", few)
    fund, on = make_fund(province), date(YEAR, 3, 4)
    donor = Donor.objects.create(unit=province, name="Công ty Đường Bến Tre")
    for note, number, giver in (
        ("Ủng hộ Tết", "PT-012/25", donor),
        ("Đóng góp Mái ấm", "PT-7", None),
        ("Lãi tiền gửi", "", None),
    ):
        fund.post(FundEntry.Kind.CONTRIBUTION, 1_000, by=finance, on=on, note=note, document_number=number, donor=giver)
    recount_stale()
    client = client_of(leader)

    def found(words):
        return names_on(get(client, url_of("fund_income", f"&{urlencode({'tim': words})}")))

    assert [found(words) for words in ("dong gop", "Đóng  góp", "mai", "pt-7", "PT 012", "duong cong ty")] == [
        ["Đóng góp Mái ấm"], ["Đóng góp Mái ấm"], ["Đóng góp Mái ấm"], ["Đóng góp Mái ấm"], ["Ủng hộ Tết"], ["Ủng hộ Tết"]
    ]  # fmt: skip
    assert (found("tet cong ty"), found("tet mai"), found("ong")) == (["Ủng hộ Tết"], [], [])


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


# People who moved, and other rows that come and go ----------------------------------------------


def move(person, officer, unit):
    ask_transfer(person, officer, to_unit=unit, reason="Chuyển công tác")


def test_where_people_have_moved_the_page_says_why_it_lists_fewer(
    paid, officer, unit_officer_a, leader, district_a, district_b, client_of
):
    """The figure stays where they were; who they are is read where they are now."""
    for person in paid:
        in_need(person)
    recount_stale()
    path = url_of("hardship_supported_share", f"&unit={district_a.pk}")
    client, told = client_of(unit_officer_a), "Danh sách có ít dòng hơn con số"
    assert told not in get(client, path)
    move(paid[2], officer, district_b)
    move(paid[1], officer, district_b)
    before = get(client, path)
    assert (told in before, "5 trong 5 người" in before) == (True, True)
    ahead = pages(client, path)
    assert sorted(sum(ahead, [])) == sorted([NAMES[0], *NAMES[3:]])
    assert ("Trang 1/2" in before, "Tải Excel 3 dòng" in before) == (True, True)
    assert pages(client, path, "Trang trước", link(before, "Trang cuối"))[::-1] == ahead
    of_province = get(client_of(leader), path)
    assert (told in of_province, "Tải Excel 5 dòng" in of_province) == (False, True)
    job = ask(client, url_of("hardship_supported_share", f"&unit={district_a.pk}", "excel/"))
    run(job.pk)
    assert len(rows_of(job)) == 3
    assert sheets_of(job)[0][2][0].startswith(told)


@pytest.mark.parametrize("code", ["visits", "people_visited"])
def test_of_visits_too_the_rows_in_reach_are_counted(
    code, paid, officer, unit_officer_a, district_a, district_b, client_of
):
    for person in paid[1:4]:
        person.visits.create(on=date(YEAR, 4, 1), visitors="Cán bộ", by=unit_officer_a, unit=district_a)
    recount_stale()
    move(paid[2], officer, district_b)
    html = get(client_of(unit_officer_a), url_of(code, f"&unit={district_a.pk}"))
    assert ("<strong> 3 " in html, "2 dòng" in html, len(names_on(html))) == (True, True, 2)


def test_those_still_waiting_are_counted_among_those_in_reach(
    paid, officer, unit_officer_a, district_a, district_b, client_of
):
    moved, stays = (make_person(district_a, f"Vũ Văn {name}") for name in ("Đi", "Ở"))
    for person in (*paid[1:3], moved, stays):
        in_need(person)
    recount_stale()
    move(moved, officer, district_b)
    move(paid[2], officer, district_b)
    path = url_of("hardship_supported_share", f"&unit={district_a.pk}&con-thieu=1")
    html = get(client_of(unit_officer_a), path)
    assert (names_on(html), "Tải Excel 1 dòng" in html, "Xem tất cả 2 dòng" in html) == (["Vũ Văn Ở"], True, True)


def test_rows_that_come_and_go_between_pages_leave_no_page_without_a_way(paid, leader, client_of):
    client, path = client_of(leader), url_of("gifts")
    base, two = path.partition("?")[0], link(get(client, path), "Trang sau")
    grants = list(Grant.objects.order_by("-paid_on", "-pk"))
    Grant.objects.filter(pk__in=[grant.pk for grant in grants[:2]]).delete()
    html = get(client, f"{base}{two}")
    assert names_on(html) == [grant.person.full_name for grant in grants[2:4]]
    empty = get(client, f"{base}{link(html, 'Trang trước')}")
    assert ("Các dòng ở trang này đã thay đổi" in empty, link(empty, "Về trang đầu") is not None) == (True, True)


@pytest.mark.parametrize(("said", "shown"), [("0", 2), ("1", 2), ("999999999", 4), ("-3", 2), ("hai", 2), ("3", 3)])
def test_a_page_calls_itself_by_no_number_there_is_not(said, shown, paid, leader, client_of):
    client, path = client_of(leader), url_of("gifts")
    two = link(get(client, path), "Trang sau").replace("p=2", f"p={said}")
    assert f"Trang {shown}/4" in get(client, f"{path.partition('?')[0]}{two}")


@pytest.mark.parametrize(
    "code",
    ["gifts", "people_supported", "poor_households", "units_workers_month", "activities", "fund_income"],
)
def test_a_search_takes_any_letters(code, paid, leader, client_of):
    client = client_of(leader)
    for words in ("%", "_", "\0", "\0%", "'", "\\", "a" * 300, "🙂", "()", "& | !", "<b>", "\u200b", "0" * 40, "  "):
        assert client.get(url_of(code), {"tim": words}).status_code == 200, words
        html = client.get(f"{url_of(code)}&{urlencode({'tim': words})}")
        assert html.status_code == 200, words
        assert names_on(html.content.decode()) == [] or not words.replace("\0", "").strip(), words
    assert client.get(f"{url_of(code)}&season=%00").status_code == 200


@pytest.mark.parametrize("few", [1, 1_000])
def test_signs_between_the_words_of_a_name_are_no_difference(few, paid, leader, client_of, monkeypatch):
    monkeypatch.setattr("reports.rows.finding.FEW", few)
    client = client_of(leader)
    assert sum(pages(client, url_of("people_supported", "&tim=Văn.")), []) == [NAMES[0], NAMES[4], NAMES[2]]
    assert names_on(get(client, url_of("gifts", "&tim=van,+cam."))) == [NAMES[2]]


def test_a_name_that_looks_like_a_formula_is_text_in_the_workbook(people, rounds, district_a, leader, client_of):
    names = ["=1+1", "+CMD|' /C calc'!A0", "@SUM(A1)", "-2"]
    for name in names:
        pay(people, rounds[0], district_a, make_person(district_a, name))
    recount_stale()
    job = ask(client_of(leader), url_of("gifts", what="excel/"))
    run(job.pk)
    job.refresh_from_db()
    with job.result.file.open() as file:
        cells = [row[0] for row in load_workbook(file).active.iter_rows() if row[0].value in names]
    assert [(cell.value, cell.data_type) for cell in cells] == [(name, "s") for name in names[::-1]]


def test_an_indicator_no_longer_counted_makes_no_workbook(paid, leader, client_of):
    job = ask(client_of(leader), url_of("gifts", what="excel/"))
    Indicator.objects.filter(code="gifts").update(source="reported", measure=None)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message[:32]) == ("failed", "Chỉ số này không còn được đếm từ")


def test_the_rows_of_a_season_are_paged_too(people, province, district_a, leader, client_of):
    tet = make_round(province, code="TET2025", name="Tết 2025", year=YEAR)
    for name in NAMES:
        pay(people, tet, district_a, make_person(district_a, name))
    recount_stale()
    client = client_of(leader)
    base = url_of("gifts").partition("?")[0]
    ahead = pages(client, f"{base}?{urlencode({'season': 'Tết 2025'})}")
    assert sum(ahead, []) == NAMES[::-1]
    assert names_on(get(client, f"{base}?season=%25+2025")) == names_on(get(client, f"{base}?season=x")) == []


def test_rows_of_a_closed_unit_are_read_by_whoever_succeeds_it(
    paid, officer, district_a, district_b, unit_officer_b, client_of
):
    client, path = client_of(unit_officer_b), url_of("gifts", f"&unit={district_a.pk}")
    get(client, path, 404)
    district_a.valid_to = date(2025, 12, 31)
    district_a.save()
    district_a.successors.add(district_b)
    assert len(sum(pages(client, path), [])) == 6
