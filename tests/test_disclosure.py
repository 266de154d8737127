"""What a fund's books say on paper: its statement, income and spending by kind, and the year's public disclosure."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from beneficiaries.models import Donor, FundEntry, GiftInKind
from tests.deeds import in_need
from tests.factories import make_fund, make_grant, make_person, make_round
from tests.test_printing import content, printed, text_of_docx, text_of_pdf
from welfare.documents.blocks import GroupRow
from welfare.documents.printing import make_document

Kind = FundEntry.Kind
YEAR = 2025
DAY = date(YEAR, 3, 10)


@pytest.fixture
def fund(province, finance):
    fund = make_fund(province)
    fund.post(Kind.OPENING, 50_000_000, by=finance, on=date(YEAR - 1, 6, 1), document_number="SD")
    fund.post(Kind.CONTRIBUTION, 8_000_000, by=finance, on=date(YEAR, 1, 5), document_number="PT1", note="Ủng hộ Tết")
    fund.post(Kind.SPEND, -3_000_000, by=finance, on=date(YEAR, 2, 6), document_number="PC1", note="Thăm hỏi")
    twice = fund.post(Kind.CONTRIBUTION, 1_000_000, by=finance, on=date(YEAR, 2, 7), document_number="PT2")
    twice.reverse(finance, note="Ghi trùng", on=date(YEAR, 2, 8))
    return fund


def pay(round, unit, person, people, cash=500_000):
    officer, leader, finance, fund = people
    grant = make_grant(round, unit, officer, person, cash, proposed_on=date(YEAR, 1, 2))
    grant.approve(leader, decision_number="1/QĐ", on=DAY)
    grant.pay(finance, fund=fund, on=DAY, document_number="PC9")


@pytest.fixture
def paid(fund, province, district_a, district_b, officer, leader, finance):
    """Six of district A, one of whom is ill; two of district B."""
    round = make_round(province, code="TET2025", name="Tết 2025", year=YEAR)
    people = (officer, leader, finance, fund)
    named = [
        make_person(district_a, f"Nguyễn Thị {name}", birth_year=1980) for name in ("An", "Bé", "Cúc", "Dung", "Em")
    ]
    ill = make_person(district_a, "Trần Văn Bệnh", birth_year=1970)
    in_need(ill, kind="serious_illness", year=YEAR, known_on=DAY)
    few = [make_person(district_b, f"Lê Văn {name}") for name in ("Một", "Hai")]
    for person in (*named, ill, *few):
        pay(round, person.unit, person, people)


def test_a_statement_holds_every_paper_and_agrees_with_the_balance(fund, paid, finance):
    extra = {"first": f"01/02/{YEAR}", "last": f"31/12/{YEAR}"}
    words = text_of_pdf(content(printed(finance, fund, kind="fund_statement", **extra)))
    for part in ("SAO KÊ", "Số dư đầu kỳ: 58.000.000 đồng", "PC1", "Chi: Chi Tết 2025 (8 khoản)", "4.000.000", "Ghi đảo: Ghi trùng",
                 "Số dư cuối kỳ: 51.000.000 đồng"):  # fmt: skip
        assert part in words
    assert "PT1" not in words
    fund.refresh_from_db()
    assert fund.balance == 51_000_000
    book = load_workbook(io.BytesIO(content(printed(finance, fund, "xlsx", kind="fund_statement", **extra))))
    assert [sheet.max_row > 1 for sheet in book] == [True, True]


@pytest.mark.parametrize(
    "extra",
    [{"first": "x"}, {"first": "02/02/2025", "last": "01/02/2025"}, {"last": "31/02/2025"}, {"first": "01/01/1900"}],
)
def test_a_statement_of_no_such_time_is_a_404(fund, finance, client_of, extra):
    assert client_of(finance).post(f"/in/fund_statement/{fund.pk}/pdf/", extra).status_code == 404


def test_the_summary_leaves_out_what_was_reversed(fund, finance, province):
    other = make_fund(province, code="QMA", name="Quỹ Mái ấm")
    fund.transfer(other, 2_000_000, by=finance, on=date(YEAR, 4, 1))
    document = make_document(finance, "fund_summary", province.pk, year=str(YEAR))
    by_fund, by_kind, by_month = document.tables
    assert list(by_fund.rows) == [
        ["Quỹ Mái ấm", 0, 2_000_000, 0, 2_000_000],
        ["Quỹ Xã hội Công đoàn", 50_000_000, 8_000_000, 5_000_000, 53_000_000],
    ]
    assert list(by_kind.rows) == [
        GroupRow("Quỹ Mái ấm"), ["Nhận từ quỹ khác", 2_000_000, None],
        GroupRow("Quỹ Xã hội Công đoàn"), ["Đóng góp, ủng hộ", 8_000_000, None], ["Chi", None, 3_000_000],
        ["Chuyển sang quỹ khác", None, 2_000_000],
    ]  # fmt: skip
    assert (len(by_month.rows), by_month.rows[1], by_month.total) == (
        12, ["02/2025", 0, 3_000_000, 55_000_000], ["Cộng", 10_000_000, 5_000_000, 55_000_000],
    )  # fmt: skip


def test_the_screen_and_the_paper_say_the_same(fund, finance, province, client_of):
    page = client_of(finance).get(f"/quy/thu-chi/?unit={province.pk}&year={YEAR}")
    figures = [
        ("Dư đầu kỳ", 50_000_000),
        ("Dư cuối kỳ", 55_000_000),
        ("Đóng góp, ủng hộ", 8_000_000),
        ("Chi", 3_000_000),
    ]
    assert ([row["cells"] for row in page.context["rows"]], page.context["total"]) == ([figures], figures)
    shown = page.content.decode()
    assert ("55.000.000" in shown, "Bảng công khai năm 2025" in shown) == (True, True)


def disclosed(user, unit, **extra) -> str:
    return text_of_docx(content(printed(user, unit, "docx", kind="disclosure", year=str(YEAR), **extra)))


def test_the_disclosure_names_no_supported_person_unless_asked(paid, fund, finance, province):
    words = disclosed(finance, province)
    for part in ("THÔNG BÁO", "LĐLĐ huyện An", "3.000.000", "LĐLĐ huyện Bình", "1.000.000", "Đóng góp, ủng hộ"):
        assert part in words
    assert not any(name in words for name in ("Nguyễn Thị", "Trần Văn", "Lê Văn"))


def test_the_list_of_people_hides_the_ill_and_the_few(paid, finance, province):
    words = disclosed(finance, province, names="1")
    for part in ("Nguyễn Thị An", "1980", "và 1 người không nêu tên", "2 người không nêu tên"):
        assert part in words
    assert not any(name in words for name in ("Trần Văn Bệnh", "1970", "Lê Văn Một", "Lê Văn Hai"))


def test_a_person_who_gives_is_named_only_where_they_agreed(fund, finance, province):
    for name, kind, agrees, amount in (
        ("Công ty Ánh Dương", "organization", False, 5_000), ("Ông Sáu Rộng Rãi", "person", True, 6_000),
        ("Bà Bảy Kín Đáo", "person", False, 7_000), ("Bà Tám Kín Đáo", "person", False, 8_000),
    ):  # fmt: skip
        donor = Donor.objects.create(unit=province, name=name, kind=kind, is_named=agrees)
        fund.post(Kind.CONTRIBUTION, amount, by=finance, donor=donor, on=DAY)
        GiftInKind.objects.create(donor=donor, what="Gạo", value=1_000, given_on=DAY, by=finance)
    words = disclosed(finance, province)
    for part in ("Công ty Ánh Dương", "Ông Sáu Rộng Rãi", "Nhà hảo tâm không nêu tên (2 người)", "15.000"):
        assert part in words
    assert "Kín Đáo" not in words


def test_a_unit_prints_its_own_books_alone(paid, fund, district_a, district_b, province, unit_officer_a, client_of):
    own = make_fund(district_a, code="QA", name="Quỹ huyện An")
    own.post(Kind.OPENING, 9_000, by=unit_officer_a, on=DAY)
    words = disclosed(unit_officer_a, district_a, names="1")
    assert ("Quỹ huyện An" in words, "Quỹ Xã hội" in words, "Nguyễn Thị An" in words, "huyện Bình" in words) == (
        True, False, True, False,
    )  # fmt: skip
    client = client_of(unit_officer_a)
    for kind in ("disclosure", "fund_summary"):
        assert [client.post(f"/in/{kind}/{unit.pk}/pdf/").status_code for unit in (province, district_b)] == [404, 404]
    assert client.post(f"/in/fund_statement/{fund.pk}/pdf/").status_code == 404
    assert [client.get(f"/quy/thu-chi/?unit={unit.pk}").status_code for unit in (province, district_b)] == [404, 404]
    assert client.get("/quy/thu-chi/").context["unit"] == district_a


@pytest.mark.parametrize("extra", [{"year": "x"}, {"year": "1999"}, {"year": "2100"}])
def test_a_disclosure_of_no_such_year_is_a_404(fund, finance, province, client_of, extra):
    assert client_of(finance).post(f"/in/disclosure/{province.pk}/pdf/", extra).status_code == 404


@pytest.mark.parametrize("query", ["unit=x", "year=x", "year=99999999999", "unit=99999999999999999999", "year=1999"])
def test_a_mistyped_address_shows_ones_own_books_of_this_year(fund, finance, province, client_of, query):
    page = client_of(finance).get(f"/quy/thu-chi/?{query}")
    assert (page.status_code, page.context["unit"]) == (200, province)


def test_the_administrator_reads_no_books(fund, administrator, province, client_of):
    client = client_of(administrator)
    assert client.get("/quy/thu-chi/").status_code == 403
    assert client.post(f"/in/disclosure/{province.pk}/pdf/").status_code == 403
