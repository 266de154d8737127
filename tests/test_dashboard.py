"""The dashboard and the progress report: each sees its own place, and every figure equals the rows it opens."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beneficiaries.funds.books import fund_balances
from beneficiaries.models import FundEntry, Hardship, HardshipKind, House, HouseKind
from beneficiaries.transfers.models import open_case
from programs.models import Actual, Indicator, Proposal, TargetShare
from programs.targets.models import mark_stale
from reports.dashboard.board import Board
from reports.dashboard.period import Period
from reports.dashboard.red_list import CONCERNS, red_lines
from reports.measures.counting import recount_calendar, recount_stale
from tests.deeds import in_need
from tests.factories import (
    appoint,
    fresh,
    make_fund,
    make_grant,
    make_person,
    make_plan,
    make_report,
    make_round,
    make_rule,
    make_target,
    make_unit,
    make_user,
)
from tests.test_printing import content, printed, text_of_docx, text_of_pdf
from welfare.models import Appointment

pytestmark = pytest.mark.django_db
YEAR = 2025  # a year that is over: the figures don't move with the day of the test


@pytest.fixture
def fund(province, finance):
    fund = make_fund(province)
    fund.post(FundEntry.Kind.OPENING, 50_000_000, by=finance, on=date(YEAR - 1, 1, 2))
    fund.post(FundEntry.Kind.CONTRIBUTION, 10_000_000, by=finance, on=date(YEAR, 3, 2))
    return fund


@pytest.fixture
def plan(province, officer, leader, district_a, district_b):
    plan = make_plan(province, officer, first_year=YEAR, title=f"Chăm lo đoàn viên năm {YEAR}")
    gifts = make_target(plan, indicator="gifts", value=100, text="Trao 100 suất quà", unit_of_measure="suất")
    TargetShare.objects.create(target=gifts, unit=district_a, value=60)
    TargetShare.objects.create(target=gifts, unit=district_b, value=40)
    make_target(
        plan,
        indicator="hardship_supported_share",
        value=100,
        unit_of_measure="%",
        text="100% người khó khăn được hỗ trợ",
    )
    plan.submit(officer)
    plan.issue(leader, number="05", on=date(YEAR, 1, 15))
    return plan


@pytest.fixture
def figures(plan, province, district_a, district_b, leader, officer, finance, unit_officer_a, unit_officer_b, fund):
    """A: 61 gifts, of which one to a named person in need; B: one person in need who waits, named to be looked for."""
    sudden = make_round(province, year=YEAR, code="DX", name="Đột xuất", occasion="sudden")
    helped, waiting = make_person(district_a, "Trần Thị Được Giúp"), make_person(district_b, "Lê Văn Còn Chờ")
    for person in (helped, waiting):
        known_on = date(YEAR, 3, 4)
        Hardship.objects.create(
            person=person, kind=HardshipKind.objects.get(code="job_loss"), year=YEAR, known_on=known_on
        )
        mark_stale("people", person.unit_id, known_on)
    for fields in ({"person": helped}, {"people_count": 60, "cash": 6_000_000}):
        grant = make_grant(sudden, district_a, unit_officer_a, proposed_on=date(YEAR, 3, 5), **fields)
        grant.approve(leader, decision_number="01/QĐ", on=date(YEAR, 3, 6))
        grant.pay(finance, fund=fund, on=date(YEAR, 3, 7))
    recount_stale()


def get(client, path, status=200) -> str:
    response = client.get(path)
    assert (path, response.status_code) == (path, status)
    return unescape(response.content.decode())


def text_of(html) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style|select).*?</\1>", " ", html)).split())


def dashboard(client, **query) -> str:
    return get(client, f"/tong-quan/?nam={YEAR}" + "".join(f"&{name}={value}" for name, value in query.items()))


def links(html) -> set[str]:
    return set(re.findall(r'href="(/so-lieu/[^"]+)"', html))


def parts(client, html) -> str:
    """What opens below the targets: their units."""
    return " ".join(get(client, unescape(url)) for url in re.findall(r'hx-get="(/tong-quan/chi-tieu/[^"]+)"', html))


def test_a_leader_sees_the_whole_province_by_unit(figures, plan, leader, client_of):
    html = dashboard(client_of(leader))
    page = text_of(html)
    assert "Trao 100 suất quà" in page
    assert "từ 100 suất trở lên 61 suất 61%" in page
    assert "50% (1/2) Còn thiếu 1 50% Chậm" in page
    assert "Cần chú ý 2 chỉ tiêu chậm hoặc có nguy cơ" in page
    below = text_of(parts(client_of(leader), html))
    assert "LĐLĐ huyện An 60 suất 61 suất 101,7% Đã đạt" in below
    assert "LĐLĐ huyện Bình 40 suất 0 suất 0% Chậm" in below
    drawn = ["theo tháng", "chi của các quỹ", "theo đơn vị", "theo hoàn cảnh"]
    assert [title for title in drawn if title not in " ".join(re.findall(r"<title>(.*?)</title>", html))] == []


def test_a_unit_officer_sees_the_same_for_their_own_unit_only(figures, plan, unit_officer_b, client_of):
    page = text_of(dashboard(client_of(unit_officer_b)))
    assert "LĐLĐ huyện An" not in page
    assert "40 suất 0 suất 0% Chậm" in page
    assert "0% (0/1)" in page


def test_a_target_of_which_a_unit_was_given_no_part_is_not_said_to_lack_figures(
    figures, plan, unit_officer_a, client_of
):
    make_target(plan, indicator="support_money", value=9_000_000, text="Chi 9 triệu đồng", unit_of_measure="đồng")
    page = text_of(dashboard(client_of(unit_officer_a)))
    assert "– 6.500.000 đồng – Không giao" in page
    assert "Chưa có số liệu" not in page


def test_every_figure_opens_as_many_rows_as_it_says(figures, plan, leader, unit_officer_a, client_of, province):
    for user in (leader, unit_officer_a):
        client, seen = client_of(user), 0
        html = dashboard(client)
        for link in links(html) | links(parts(client, html)):
            rows = get(client, link)
            indicator = Indicator.objects.get(pk=link.split("/")[2])
            unit = province.__class__.objects.get(pk=re.search(r"unit=(\d+)", link)[1])
            assert figure_on_page(rows) == figure_in_actual(indicator, unit, link)
            seen += 1
        assert seen > 10


def test_the_units_of_a_target_open_to_those_alone_who_see_its_plan(figures, plan, leader, unit_officer_b, client_of):
    address = re.search(r'hx-get="(/tong-quan/chi-tieu/[^"]+)"', dashboard(client_of(leader)))[1]
    assert "LĐLĐ huyện An" in get(client_of(leader), unescape(address))
    assert client_of(unit_officer_b).get(unescape(address)).status_code == 404
    assert client_of(leader).get("/tong-quan/chi-tieu/999999/").status_code == 404


def figure_on_page(html) -> str:
    return re.search(r'(?s)rp-figure">\s*<strong>(.*?)</strong>', html)[1].split()[0]


def figure_in_actual(indicator, unit, link) -> str:
    first, last = (date.fromisoformat(f"{month}-01") for month in re.findall(r"(\d{4}-\d\d)", link))
    rows = Actual.objects.filter(indicator=indicator, season="")
    if indicator.roll_up == "distinct":
        value = sum(row.value for row in rows.filter(unit=unit, month=last))
    else:
        rows = rows.filter(unit__path__startswith=unit.path, month__range=(first, last))
        value = sum(row.value for row in rows)
    if indicator.is_ratio:
        below = sum(row.denominator for row in rows)
        return "–" if not below else f"{100 * sum(row.numerator for row in rows) / below:.0f}%"
    return f"{value:,.0f}".replace(",", ".")


def test_rows_show_names_only_to_those_who_reach_them(figures, unit_officer_a, unit_officer_b, leader, client_of):
    share = Indicator.objects.get(code="hardship_supported_share")
    path = f"/so-lieu/{share.pk}/?from={YEAR}-01&to={YEAR}-12"
    assert "Lê Văn Còn Chờ" in get(client_of(unit_officer_b), path)
    assert "Lê Văn Còn Chờ" not in get(client_of(unit_officer_a), path)
    missing = get(client_of(leader), f"{path}&con-thieu=1")
    assert ("Lê Văn Còn Chờ" in missing, "Trần Thị Được Giúp" in missing) == (True, False)


@pytest.mark.parametrize(
    "query",
    ["unit=0", "unit=x", "unit=999999999999999999999", "from=2025", "to=9999-12", "from=0000-01", "season=Tết 2025"],
)
def test_a_made_up_address_of_rows_is_a_404(query, figures, leader, client_of):
    share = Indicator.objects.get(code="hardship_supported_share")
    get(client_of(leader), f"/so-lieu/{share.pk}/?{query}", 404)


@pytest.mark.parametrize("query", ["nam=1900", "nam=x", "ke-hoach=0", "ke-hoach=abc", "unit=0"])
def test_a_made_up_address_of_the_dashboard_is_a_404(query, figures, leader, client_of):
    if query != "ke-hoach=0":
        get(client_of(leader), f"/tong-quan/?{query}", 404)
    else:
        get(client_of(leader), f"/tong-quan/?{query}")


def test_strangers_units_plans_and_indicators_are_404(
    figures, province, district_a, district_b, officer, unit_officer_a, client_of
):
    client = client_of(unit_officer_a)
    draft = make_plan(province, officer, first_year=YEAR)
    gifts = Indicator.objects.get(code="gifts")
    for path in (
        f"/tong-quan/?unit={district_b.pk}", f"/tong-quan/?unit={province.pk}",
        f"/tong-quan/?nam={YEAR}&ke-hoach={draft.pk}", f"/so-lieu/{gifts.pk}/?unit={district_b.pk}", "/so-lieu/0/",
    ):  # fmt: skip
        get(client, path, 404)


def test_a_plan_is_left_behind_where_it_binds_nobody(figures, plan, province, district_a, officer, leader, client_of):
    """Whoever picks another year, or goes up to the unit above, with a plan still chosen."""
    of_unit = make_plan(district_a, officer, state="in_force", number="7", issued_on=date(YEAR, 1, 9), first_year=YEAR)
    client = client_of(leader)
    for chosen, asked in ((plan, {"nam": YEAR - 1}), (of_unit, {"unit": province.pk})):
        page = dashboard(client, **{"ke-hoach": chosen.pk} | asked)
        assert f"“{chosen}” không phải kế hoạch năm" in page
        assert f"ke-hoach={chosen.pk}" not in page.partition("Theo đơn vị")[2]
    assert "không phải kế hoạch năm" not in dashboard(client, unit=district_a.pk, **{"ke-hoach": of_unit.pk})
    of_no_year = {"year": str(YEAR - 1), "month": "12", "plan": str(plan.pk)}
    assert client.post(f"/in/dashboard/{province.pk}/pdf/", of_no_year).status_code == 404


def test_whoever_is_appointed_in_two_units_goes_from_one_to_the_other(
    figures, unit_officer_a, district_a, district_b, client_of
):
    assert "Đơn vị khác của bạn" not in dashboard(client_of(unit_officer_a))
    first = unit_officer_a.appointments.get()
    Appointment.objects.create(
        user=unit_officer_a, role=first.role, unit=district_b, confirmed_at=first.confirmed_at,
        confirmed_by=first.confirmed_by, granted_by=first.granted_by,
    )  # fmt: skip
    client = client_of(fresh(unit_officer_a))
    for there, back in ((district_b, district_a), (district_a, district_b)):
        page = dashboard(client, unit=back.pk)
        (link,) = re.findall(r'(?s)Đơn vị khác của bạn.*?href="([^"]+)"[^>]*>([^<]+)</a>\s*</p>', page)
        assert link[1] == there.short_name
        assert f"{there.name}" in text_of(get(client, link[0].replace("&amp;", "&")))


def test_the_administrator_sees_no_figures(administrator, client_of):
    get(client_of(administrator), "/tong-quan/", 403)
    get(client_of(administrator), f"/so-lieu/{Indicator.objects.first().pk}/", 403)


def test_what_units_report_has_no_rows_but_says_so(figures, leader, client_of):
    reported = Indicator.objects.filter(source="reported").first()
    page = text_of(get(client_of(leader), f"/so-lieu/{reported.pk}/"))
    assert "do đơn vị báo cáo, không đếm từ sổ" in page


def test_without_plans_the_page_says_what_to_do(province, leader, client_of):
    page = text_of(dashboard(client_of(leader)))
    assert f"Năm {YEAR} chưa có kế hoạch nào đang thực hiện có chỉ tiêu" in page


def test_the_page_takes_as_many_queries_for_three_of_everything(
    figures, plan, province, officer, leader, client_of, district_a
):
    client = client_of(leader)
    dashboard(client)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            dashboard(client)
        return len(captured)

    before = queries()
    for n in range(3):
        unit = make_unit(f"C{n}", f"LĐLĐ huyện Cù {n}", parent=province)
        another = make_plan(province, officer, first_year=YEAR, title=f"Kế hoạch {n}")
        target = make_target(another, indicator="houses_new")
        TargetShare.objects.create(target=target, unit=unit, value=10)
        another.submit(officer)
        another.issue(leader, number=str(n + 6), on=date(YEAR, 1, 15))
        mark_stale("houses", unit.pk, date(YEAR, 1, 1))
    recount_stale()
    assert queries() == before
    assert before <= 30


def test_lists_of_rows_take_as_many_queries_for_two_rows_as_for_five(
    figures, leader, client_of, province, finance, unit_officer_b, district_b, fund
):
    gifts = Indicator.objects.get(code="gifts")
    client, path = client_of(leader), f"/so-lieu/{gifts.pk}/?from={YEAR}-01&to={YEAR}-12"
    get(client, path)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            get(client, path)
        return len(captured)

    before = queries()
    round = make_round(province, year=YEAR, code="R2", name="Đợt 2", occasion="sudden")
    for n in range(3):
        grant = make_grant(
            round, district_b, unit_officer_b, make_person(district_b, f"Lê Văn {n}"), proposed_on=date(YEAR, 3, 5)
        )
        grant.approve(leader, decision_number="02/QĐ", on=date(YEAR, 4, 6))
        grant.pay(finance, fund=fund, on=date(YEAR, 4, 7))
    assert queries() == before


def test_rows_whose_number_no_figure_tells_are_counted_so_far_only(figures, leader, client_of, monkeypatch):
    for module in ("figure_rows", "views"):
        monkeypatch.setattr(f"reports.rows.{module}.MOST", 1)
    gifts, share = (Indicator.objects.get(code=code) for code in ("gifts", "hardship_supported_share"))
    page = get(client_of(leader), f"/so-lieu/{gifts.pk}/?from={YEAR}-01&to={YEAR}-12")
    assert ("Hơn 1 dòng" in text_of(page), page.count("<tr>")) == (True, 3)
    page = get(client_of(leader), f"/so-lieu/{share.pk}/?from={YEAR}-01&to={YEAR}-12")
    assert ("1 trong 2 người" in text_of(page), page.count("<tr>")) == (True, 3)


def test_the_progress_report_tells_the_plans_story(figures, plan, leader):
    text = text_of_pdf(content(printed(leader, plan, kind="progress", year=str(YEAR))))
    assert "Số: /BC-LĐLĐ" in text
    assert f"từ ngày 01/01/{YEAR} đến ngày 31/12/{YEAR}" in text
    for expected in ("Trao 100 suất quà", "61 suất", "50% (1/2)", "LĐLĐ huyện An", "Dư cuối kỳ", "53.500.000",
                     "Đơn vị còn chậm: LĐLĐ huyện Bình"):  # fmt: skip
        assert expected in text


def test_the_progress_report_of_a_unit_holds_nothing_of_another(figures, plan, unit_officer_b):
    text = text_of_docx(content(printed(unit_officer_b, plan, "docx", kind="progress", year=str(YEAR))))
    assert "LĐLĐ huyện An" not in text
    assert "40 suất" in text
    assert "Dư cuối kỳ" not in text


def test_the_report_on_a_units_plan_tells_of_that_unit(figures, province, district_a, officer, client_of):
    plan = make_plan(district_a, officer, state="in_force", number="7", issued_on=date(YEAR, 1, 9), first_year=YEAR)
    text = text_of_pdf(content(printed(officer, plan, kind="progress", year=str(YEAR))))
    assert ("LĐLĐ huyện An báo cáo kết quả" in " ".join(text.split()), "LĐLĐ huyện Bình" in text) == (True, False)
    of_all = {"unit": str(province.pk), "year": str(YEAR)}
    assert client_of(officer).post(f"/in/progress/{plan.pk}/pdf/", of_all).status_code == 404


def test_a_plan_from_above_is_reported_on_by_the_unit_of_ones_own_under_it(
    figures, district_a, district_b, officer, client_of
):
    """Somebody works in one district and in a union under another, whose plan they read but whose figures they don't."""
    union = make_unit("B1", "CĐCS Bê Một", kind="grassroots", parent=district_b)
    user = make_user("hainoi", "unit_officer", district_a)
    appoint(user, "unit_officer", union)
    plan = make_plan(district_b, officer, state="in_force", number="7", issued_on=date(YEAR, 1, 9), first_year=YEAR)
    text = " ".join(text_of_pdf(content(printed(user, plan, kind="progress", year=str(YEAR)))).split())
    assert "CĐCS Bê Một báo cáo kết quả" in text
    of_the_other = {"unit": str(district_b.pk), "year": str(YEAR)}
    assert client_of(user).post(f"/in/progress/{plan.pk}/pdf/", of_the_other).status_code == 404


@pytest.mark.parametrize("extra", [{"year": "x"}, {"year": "1999"}, {"until": "hôm nay"}, {"unit": "0"}, {"unit": "x"}])
def test_a_report_of_no_such_place_or_time_is_a_404(extra, figures, plan, unit_officer_a, client_of):
    assert client_of(unit_officer_a).post(f"/in/progress/{plan.pk}/pdf/", extra).status_code == 404


def test_balances_of_funds_follow_their_ledger(figures, province, finance, fund):
    entry = fund.post(FundEntry.Kind.CONTRIBUTION, 900_000, by=finance, on=date(YEAR, 5, 1))
    entry.reverse(finance, note="Ghi nhầm", on=date(YEAR, 5, 2))
    (balance,) = fund_balances(finance, province, date(YEAR, 1, 1), date(YEAR, 12, 31))
    assert (balance.before, balance.income, balance.spent) == (50_000_000, 10_000_000, 6_500_000)
    fund.refresh_from_db()
    assert balance.after == fund.balance


def test_a_successor_opens_the_rows_of_the_unit_it_took_over(
    figures, leader, unit_officer_b, district_a, district_b, client_of
):
    district_a.valid_to = date(YEAR, 6, 30)
    district_a.save()
    recount_calendar()
    client = client_of(unit_officer_b)
    assert "Huyện An" not in text_of(dashboard(client)).title()
    district_a.successors.add(district_b)
    html = dashboard(client_of(unit_officer_b))
    line = text_of(re.search(r"(?s)mà đơn vị này kế thừa.*?</tfoot>", html)[0])
    assert "LĐLĐ huyện An (đã đóng) 1 6.500.000 61 0 100% 0" in line
    assert "Suất quà 0 suất" in text_of(html)  # its own figures stay its own
    (url,) = set(re.findall(rf'href="(/tong-quan/[^"]*unit={district_a.pk})"', html))
    old = get(client, url)
    assert ("Suất quà 61 suất" in text_of(old), "← LĐLĐ huyện Bình" in text_of(old)) == (True, True)
    for link in links(old):
        get(client, link)
    assert "Suất quà 61 suất" in text_of(dashboard(client_of(leader)))
    paper = text_of_docx(content(printed(unit_officer_b, district_b, "docx", kind="dashboard", year=str(YEAR))))
    assert ("LĐLĐ huyện An (đã đóng)" in paper, "Người khó khăn đã thăm, hỗ trợ (%)" in paper) == (True, True)


def test_the_report_of_a_seasons_plan_tells_of_its_own_time_and_figures_only(
    figures, plan, province, officer, leader, finance, district_a, unit_officer_a, fund
):
    """The year's 61 gifts and the season before are no part of it; what came before its issue is what a fund had."""
    seasons = []
    for year, people, paid_on in ((YEAR, 20, date(YEAR, 1, 7)), (YEAR + 1, 30, date(YEAR, 12, 20))):
        tet = make_round(province, year=year, code=f"TET{year}", name=f"Tết {year}", occasion="tet")
        grant = make_grant(
            tet, district_a, unit_officer_a, people_count=people, cash=people * 100_000, proposed_on=paid_on
        )
        grant.approve(leader, decision_number="02/QĐ", on=paid_on)
        grant.pay(finance, fund=fund, on=paid_on)
        seasons.append(f"{tet.occasion.name} {year}")
    recount_stale()
    next_plan = make_plan(province, officer, first_year=YEAR, title="Tết sau")
    end = date(YEAR + 1, 2, 16)
    make_target(next_plan, indicator="gifts", value=50, season=seasons[1], deadline=end)
    make_target(next_plan, indicator="units_tet_sum_vay", value=100, unit_of_measure="%", deadline=end)
    next_plan.submit(officer)
    next_plan.issue(leader, number="09", on=date(YEAR, 11, 20))
    for raised_on, text in ((date(YEAR, 10, 1), "Việc cũ"), (date(YEAR, 12, 1), "Xe chở quà")):
        Proposal.objects.create(
            plan=next_plan, unit=district_a, text=text, raised_on=raised_on, raised_by=unit_officer_a
        )

    def told(of_plan, **until):
        return text_of_pdf(content(printed(fresh(leader), of_plan, kind="progress", **until)))

    of_year, of_season = told(plan, year=str(YEAR)), told(next_plan, until=f"{YEAR + 1}-01-31")
    assert f"từ ngày 01/01/{YEAR} đến ngày 31/12/{YEAR}" in of_year
    assert f"từ ngày 20/11/{YEAR} đến ngày 31/01/{YEAR + 1}" in of_season
    given = f"{seasons[1]}: đã trao 30 suất, trị giá 3.000.000 đồng"
    assert (f"{seasons[0]}: đã trao 20 suất" in of_year, given in of_season) == (True, True)
    for row in (
        "1 LĐLĐ huyện An 0 30 3.000.000",
        "2 LĐLĐ huyện Bình 0 0 0",
        "51.500.000 0 3.000.000 48.500.000",
        "Xe chở quà",
    ):
        assert row in of_season
    assert [word for word in (seasons[0], "Cùng kỳ", "Nhà bàn giao", "Việc cũ") if word in of_season] == []


def test_a_report_draws_no_chart_of_nothing(figures, province, officer, leader):
    def told(indicator, number):
        plan = make_plan(
            province, officer, state="in_force", number=number, issued_on=date(YEAR, 1, 2), first_year=YEAR
        )
        make_target(plan, indicator=indicator, value=50)
        return text_of_pdf(content(printed(fresh(leader), plan, kind="progress", year=str(YEAR))))

    asked = {"gifts": "8", "houses_repaired": "9"}
    drawn = {code: "Mức đạt so với chỉ tiêu" in told(code, number) for code, number in asked.items()}
    assert drawn == {"gifts": True, "houses_repaired": False}


# What a leader has to look at --------------------------------------------------------------------


@pytest.fixture
def concerns(province, district_a, district_b, officer, finance, plan):
    """One of each kind at A, none at B but a low fund."""
    person, twin = (make_person(district_a, name) for name in ("Phạm Thị Nhà", "Phạm Thị Trùng"))
    House.objects.create(
        unit=district_a, kind=HouseKind.objects.get(code="mai_am"), construction="new", year=YEAR, person=person,
        proposed_by=officer, proposed_on=date(YEAR, 1, 2),
    )  # fmt: skip
    make_report(make_rule(plan), district_a, first=date(YEAR, 1, 1), last=date(YEAR, 6, 30))
    open_case(person, twin)
    low = make_fund(district_b, code="QB", name="Quỹ huyện Bình")
    low.low_mark = 1_000_000
    low.save()


def test_a_late_target_names_its_plan_where_there_are_several(figures, plan, province, officer, leader, client_of):
    client = client_of(leader)
    red = lambda: dashboard(client).partition("Cần chú ý")[2].partition("Chỉ tiêu kế hoạch")[0]  # noqa: E731
    assert plan.title not in red()
    another = make_plan(province, officer, first_year=YEAR, title="Chăm lo dịp Tết")
    make_target(another, indicator="gifts", value=900, text="Trao 100 suất quà", unit_of_measure="suất")
    another.submit(officer)
    another.issue(leader, number="9", on=date(YEAR, 1, 15))
    assert ("Kế hoạch Chăm lo dịp Tết" in red(), f"Kế hoạch {plan.title}" in red()) == (True, True)


def test_the_red_list_counts_each_kind_and_opens_its_rows(concerns, leader, district_a, client_of):
    client = client_of(leader)
    page = text_of(dashboard(client))
    for title in ("Báo cáo quá hạn: 1 báo cáo", "Nhà đứng lại quá hạn: 1 nhà", "Quỹ sắp hết tiền: 1 quỹ",
                  "Nghi trùng chờ kết luận: 1 cặp"):  # fmt: skip
        assert title in page
    opened = {kind: text_of(get(client, f"/tong-quan/can-chu-y/{kind}/")) for kind in CONCERNS}
    words = {
        "bao-cao-cham": "LĐLĐ huyện An",
        "nha-cham": "Phạm Thị Nhà",
        "quy-thap": "Quỹ huyện Bình",
        "nghi-trung": "Phạm Thị Trùng",
    }
    assert [kind for kind, word in words.items() if word not in opened[kind]] == []


def test_of_what_waits_only_the_worst_are_named_and_the_rest_is_counted(
    concerns, leader, district_a, officer, client_of
):
    for n in range(1, 5):
        person = make_person(district_a, f"Lê Văn Chờ {n}", birth_year=1980)
        open_case(person, make_person(district_a, f"Lê Văn Đôi {n}"))
        House.objects.create(
            unit=district_a, kind=HouseKind.objects.get(code="mai_am"), construction="new", year=YEAR, person=person,
            proposed_by=officer, proposed_on=date(YEAR, 1, 2 + n),
        )  # fmt: skip
    page = text_of(dashboard(client_of(leader)))
    houses = page[page.index("Nhà đứng lại quá hạn: 5 nhà") : page.index("Nghi trùng chờ kết luận: 5 cặp")]
    assert ("Phạm Thị Nhà" in houses, "Lê Văn Chờ 1 (1980)" in houses, "Lê Văn Chờ 3" in houses) == (True, True, False)
    assert "và 2 nhà khác" in houses
    lines = red_lines(leader, leader.unit)
    with CaptureQueriesContext(connection) as captured:
        named = [line.worst for line in lines]
    assert ([len(each) for each in named], len(captured)) == ([1, 3, 1, 3], 4)


def test_the_red_list_of_a_unit_is_its_own(concerns, unit_officer_b, district_a, client_of):
    client = client_of(unit_officer_b)
    page = text_of(dashboard(client))
    assert ("Quỹ sắp hết tiền: 1 quỹ" in page, "Nhà đứng lại" in page, "Nghi trùng chờ" in page) == (True, False, False)
    assert "Phạm Thị Nhà" not in get(client, "/tong-quan/can-chu-y/nha-cham/")
    get(client, f"/tong-quan/can-chu-y/nha-cham/?unit={district_a.pk}", 404)
    get(client, "/tong-quan/can-chu-y/khong-co/", 404)


def test_the_administrator_sees_no_concern(concerns, administrator, client_of):
    get(client_of(administrator), "/tong-quan/can-chu-y/nha-cham/", 403)


# The period --------------------------------------------------------------------------------------


def test_a_period_ends_with_its_month_and_is_compared_with_the_same_months(figures, plan, leader, client_of):
    client = client_of(leader)
    february, march = (text_of(dashboard(client, den=month)) for month in (2, 3))
    assert "Suất quà 0 suất" in february
    assert "Suất quà 61 suất" in march
    assert f"tính đến 28/02/{YEAR}" in february
    of_plan = f'name="until" value="{YEAR}-02-28"'
    assert of_plan in " ".join(
        dashboard(client, den=2, **{"ke-hoach": plan.pk}).split()
    )  # the report printed from there
    for link in links(dashboard(client, den=2)):
        assert "-12" not in link


@pytest.mark.parametrize("query", ["den=0x", "den=13", "den=-1", "den=99999999999999999999"])
def test_a_made_up_month_is_a_404(query, province, leader, client_of):
    get(client_of(leader), f"/tong-quan/?nam={YEAR}&{query}", 404)


def test_money_in_and_out_is_what_the_books_say(figures, fund, leader, finance, unit_officer_a, client_of):
    entry = fund.post(FundEntry.Kind.CONTRIBUTION, 900_000, by=finance, on=date(YEAR, 4, 1))
    entry.reverse(finance, note="Ghi nhầm", on=date(YEAR, 4, 2))
    recount_stale()
    page = text_of(dashboard(client_of(leader)))
    assert "Tiền thu vào quỹ 10.000.000 đồng" in page
    assert "Tiền chi ra từ quỹ 6.500.000 đồng" in page
    assert "Tiền thu vào quỹ 0 đồng" in text_of(dashboard(client_of(unit_officer_a)))


def test_houses_stand_at_their_step_as_of_the_day(province, district_a, officer, leader, client_of):
    house = House.objects.create(
        unit=district_a, kind=HouseKind.objects.get(code="mai_am"), construction="new", year=YEAR,
        proposed_by=officer, proposed_on=date(YEAR, 1, 2),
    )  # fmt: skip
    house.survey(officer, on=date(YEAR, 4, 5))
    recount_stale()

    def standing(month):
        board = Board(leader, province, Period(YEAR, month))
        (drawn,) = [drawing for drawing in board.drawings if "từng bước" in drawing.title]
        return dict(zip(drawn.categories, drawn.series[0].values, strict=True))

    assert [(standing(month)["Đề xuất"], standing(month)["Đã khảo sát"]) for month in (3, 4, 12)] == [
        (1, 0),
        (0, 1),
        (0, 1),
    ]
    call_command("recount_measures")
    assert standing(12)["Đã khảo sát"] == 1


def test_who_is_missing_is_listed_by_days_one_click_from_a_round(figures, officer, district_b, client_of):
    earlier = make_person(district_b, "Lê Văn Chờ Lâu")
    in_need(earlier, year=YEAR, known_on=date(YEAR, 1, 2))
    recount_stale()
    client = client_of(officer)
    (link,) = re.findall(r'href="(/so-lieu/[^"]+con-thieu=1)">Còn thiếu 2', dashboard(client))
    page = get(client, link)
    assert page.index("Lê Văn Chờ Lâu") < page.index("Lê Văn Còn Chờ")
    assert "Đã chờ (ngày)" in page
    (propose,) = re.findall(r'href="(/dot-ho-tro/de-nghi/[^"]+)"', page)
    assert "Lê Văn Chờ Lâu" in get(client, propose)


def test_a_kind_of_hardship_added_on_screen_is_counted_too(province, district_a, figures):
    kind = HardshipKind.objects.create(name="Mất mùa")
    recount_calendar()
    assert Indicator.objects.filter(code=f"helped_{kind.code}", options={"hardship": kind.code}).exists()
    person = make_person(district_a, "Trần Văn Mùa")
    Hardship.objects.create(person=person, kind=kind, year=YEAR, known_on=date(YEAR, 3, 1))
    recount_calendar()
    assert Indicator.objects.filter(code__startswith="helped_").count() == HardshipKind.objects.count()


def test_a_meeting_sees_the_same_in_large_type(figures, plan, leader, client_of):
    html = dashboard(client_of(leader), hop=1)
    assert ("rp-meeting" in html, "Trao 100 suất quà" in html, "Nhận bản PDF" in html) == (True, True, False)
    within = re.findall(r'href="(/tong-quan/\?[^"]*)"', html)
    assert [url for url in within if "hop=1" not in url] == []
    assert "rp-meeting" not in dashboard(client_of(leader))


def test_units_are_sorted_both_ways(figures, leader, client_of):
    client = client_of(leader)

    def names(order):
        table = dashboard(client, xep=order).split('id="rp-units-head"')[1]
        return re.findall(r"LĐLĐ huyện \w+", table.split("<tfoot>")[0])

    assert (names("gifts")[0], names("-gifts")[0]) == ("LĐLĐ huyện An", "LĐLĐ huyện Bình")


def test_many_units_come_by_pages_and_are_found_by_name(figures, province, leader, client_of, monkeypatch):
    monkeypatch.setattr("reports.dashboard.views.UNITS_SHOWN", 2)
    make_unit("C", "LĐLĐ huyện Chợ Lách", parent=province)
    client = client_of(leader)

    def names(**query):
        table = dashboard(client, **query).split('id="rp-units-head"')[1].split("<tfoot>")[0]
        return re.findall(r"LĐLĐ huyện [^<]+(?=</a>)", table)

    an, binh, cho_lach = "LĐLĐ huyện An", "LĐLĐ huyện Bình", "LĐLĐ huyện Chợ Lách"
    assert [names(p=page) for page in (1, 2)] == [[an, binh], [cho_lach]]
    assert names(xep="-gifts", p=2) == [an]
    assert (names(tim="cho lach"), names(tim="Nam")) == ([cho_lach], [])
    assert "Không có đơn vị nào tên như “<Nam>”" in dashboard(client, tim="<Nam>")


def test_what_waits_today_is_not_taken_for_a_past_year(concerns, leader, province, client_of):
    words = "Báo cáo, nhà, quỹ và nghi trùng là tình hình"
    assert words in dashboard(client_of(leader))
    assert f"tính đến 31/12/{YEAR}" in text_of(dashboard(client_of(leader)))
    assert words not in get(client_of(leader), "/tong-quan/")
    assert words in text_of_pdf(content(printed(leader, province, kind="dashboard", year=str(YEAR))))
