"""The dashboard and the progress report: each sees its own place, and every figure equals the rows it opens."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beneficiaries.funds.books import fund_balances
from beneficiaries.models import FundEntry, Hardship, HardshipKind
from programs.models import Actual, Indicator, TargetShare
from programs.targets.models import mark_stale
from reports.counting import recount_stale
from tests.factories import make_fund, make_grant, make_person, make_plan, make_round, make_target, make_unit
from tests.test_printing import content, printed, text_of_docx, text_of_pdf

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


def test_a_leader_sees_the_whole_province_by_unit(figures, plan, leader, client_of):
    html = dashboard(client_of(leader))
    page = text_of(html)
    assert "Trao 100 suất quà" in page
    assert "từ 100 suất trở lên 61 suất 61%" in page
    assert "50% (1/2) Còn thiếu 1 50% Chậm" in page
    assert "Cần chú ý 2 chỉ tiêu chậm hoặc có nguy cơ" in page
    assert "LĐLĐ huyện An 60 suất 61 suất 101,7% Đã đạt" in page
    assert "LĐLĐ huyện Bình 40 suất 0 suất 0% Chậm" in page
    drawn = ["theo tháng", "chi của các quỹ", "theo đơn vị", "theo hoàn cảnh"]
    assert [title for title in drawn if title not in " ".join(re.findall(r"<title>(.*?)</title>", html))] == []


def test_a_unit_officer_sees_the_same_for_their_own_unit_only(figures, plan, unit_officer_b, client_of):
    page = text_of(dashboard(client_of(unit_officer_b)))
    assert "LĐLĐ huyện An" not in page
    assert "40 suất 0 suất 0% Chậm" in page
    assert "0% (0/1)" in page


def test_every_figure_opens_as_many_rows_as_it_says(figures, plan, leader, unit_officer_a, client_of, province):
    for user in (leader, unit_officer_a):
        client, seen = client_of(user), 0
        for link in links(dashboard(client)):
            rows = get(client, link)
            indicator = Indicator.objects.get(pk=link.split("/")[2])
            unit = province.__class__.objects.get(pk=re.search(r"unit=(\d+)", link)[1])
            assert figure_on_page(rows) == figure_in_actual(indicator, unit, link)
            seen += 1
        assert seen > 10


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
