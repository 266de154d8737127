"""Forms in the manner of those that confederation and province send: which places they offer, and how each is filled."""

import io
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from docx import Document as Word
from docx.shared import Pt
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText

from programs.models import Actual, Indicator
from tests.outer_forms import report_in_word, sent, table, workbook
from tests.test_printing import content
from welfare.documents.outer.filling import filled
from welfare.documents.outer.models import Percent, Year, fact_values
from welfare.documents.outer.periods import Period
from welfare.jobs import queue

pytestmark = pytest.mark.django_db
YEAR, QUARTER = Period(date(2025, 1, 1), date(2025, 12, 31)), Period(date(2025, 7, 1), date(2025, 9, 30))


def places(form) -> dict[str, str]:
    """{where to fill: what stands there}."""
    return {key.partition("!")[2] or key: place["text"] for key, place in form.cells.items() if place["fill"]}


def book_of(form, values):
    return load_workbook(
        io.BytesIO(filled(form, {f"Biểu 03!{at}": value for at, value in values.items()})), rich_text=True
    )


def test_dotted_places_within_words_are_filled_and_keep_the_look_of_the_rest(officer, province):
    def write(book, sheet):
        bold = book.add_format({"bold": True})
        sheet.write_rich_string("A1", "Đơn vị: ", bold, "…………", " (ký tên)")
        sheet.write("A2", "Quý …… năm 20……, từ ngày …/…/…… đến ngày ...../...../.......")
        sheet.write("A3", "Trao … suất, đạt …% kế hoạch")

    form = sent(officer, province, workbook(write))
    assert [places(form)[f"A2#{n}"] for n in range(4)] == ["Quý ……", " năm ……", ", từ ngày ……", " đến ngày ……"]
    first, last = {"day": "2025-07-01"}, {"day": "2025-09-30"}
    values = {
        "A1#0": "LĐLĐ tỉnh",
        "A2#0": "III",
        "A2#1": {"year": 2025},
        "A2#2": first,
        "A2#3": last,
        "A3#0": 1234567,
        "A3#1": {"percent": 33.333},
    }
    sheet = book_of(form, values).active
    assert str(sheet["A2"].value) == "Quý III năm 2025, từ ngày 01/07/2025 đến ngày 30/09/2025"
    assert str(sheet["A3"].value) == "Trao 1.234.567 suất, đạt 33,33% kế hoạch"
    unit = sheet["A1"].value
    assert isinstance(unit, CellRichText)
    assert (str(unit), unit[1].text, unit[1].font.b) == ("Đơn vị: LĐLĐ tỉnh (ký tên)", "LĐLĐ tỉnh", True)


@pytest.mark.parametrize("is_1904", [False, True])
def test_days_and_percentages_go_in_as_the_cells_format_shows_them(is_1904, officer, province):
    def write(book, sheet):
        for n, code in enumerate(["dd/mm/yyyy", "0.0%", "#,##0", None]):
            sheet.write(n, 0, "Mục")
            sheet.write_blank(n, 1, None, book.add_format({"border": 1, **({"num_format": code} if code else {})}))

    form = sent(officer, province, workbook(write, date_1904=is_1904))
    day, percent = {"day": "2025-09-30"}, {"percent": 75.5}
    sheet = book_of(form, {"B1": day, "B2": percent, "B3": percent, "B4": day}).active
    assert [sheet[f"B{n}"].value for n in range(1, 5)] == [
        datetime.combine(date(2025, 9, 30), time()),
        0.755,
        75.5,
        "30/09/2025",
    ]
    assert (
        book_of(form, {"B2": day}).active["B2"].value,
        book_of(form, {"B4": {"year": 2025}}).active["B4"].value,
    ) == ("30/09/2025", 2025)


def test_of_a_protected_sheet_the_open_cells_are_filled_and_it_stays_protected(officer, province):
    def write(book, sheet):
        opened = book.add_format({"border": 1, "locked": False})
        sheet.protect("matkhau")
        for n in range(2):
            sheet.write(n, 0, "Suất quà")
            sheet.write_blank(n, 1, None, opened)
            sheet.write_blank(n, 2, None, book.add_format({"border": 1}))

    form = sent(officer, province, workbook(write))
    assert list(places(form)) == ["B1", "B2"]
    sheet = book_of(form, {"B1": 12}).active
    assert (sheet["B1"].value, sheet.protection.sheet, sheet["C1"].protection.locked) == (12, True, True)


def test_several_sheets_are_offered_and_hidden_ones_stay_as_they_are(officer, province):
    def write(book, sheet):
        for each in (sheet, book.add_worksheet("Tổng & 'hợp' năm")):
            each.write("A1", "Suất quà")
        sheet.write_formula("B2", "='Tổng & ''hợp'' năm'!B1*2", None, 99)
        hidden, very = book.add_worksheet("Danh mục"), book.add_worksheet("Mã")
        for each in (hidden, very):
            each.write("A1", "Mã chỉ tiêu")
        hidden.hide()
        very.very_hidden()

    form = sent(officer, province, workbook(write))
    assert [sheet["name"] for sheet in form.sheets] == ["Biểu 03", "Tổng & 'hợp' năm"]
    data = filled(form, {"Tổng & 'hợp' năm!B1": 21})
    book = load_workbook(io.BytesIO(data))
    assert (book["Tổng & 'hợp' năm"]["B1"].value, book["Biểu 03"]["B2"].value) == (21, "='Tổng & ''hợp'' năm'!B1*2")
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "visible", "hidden", "veryHidden"]
    assert load_workbook(io.BytesIO(data), data_only=True)["Biểu 03"]["B2"].value is None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"fullCalcOnLoad" in archive.read("xl/workbook.xml")


def test_gaps_around_a_framed_table_ask_for_nothing(officer, province):
    def write(book, sheet):
        frame = book.add_format({"border": 1})
        sheet.write("A1", "BIỂU 03")
        sheet.write("A2", "Đơn vị:")
        sheet.write("D2", "Mẫu số 3")
        for row in (3, 4):
            sheet.write(row, 0, "Suất quà", frame)
            for column in (1, 2, 3):
                sheet.write_blank(row, column, None, frame)
        sheet.write("C9", "NGƯỜI LẬP")

    form = sent(officer, province, workbook(write))
    assert list(places(form)) == ["B1", "B2", "B4", "C4", "D4", "B5", "C5", "D5", "D9"]


def test_a_sheet_without_frames_offers_what_stands_beside_words(officer, province):
    form = sent(
        officer,
        province,
        workbook(lambda book, sheet: sheet.write_row("A1", ["Tên đơn vị", None, "Số tiền", None, "đồng"])),
    )
    assert list(places(form)) == ["B1", "D1"]
    sheet = book_of(form, {"D1": 5_000_000}).active
    assert [cell.value for cell in sheet[1]] == ["Tên đơn vị", None, "Số tiền", 5_000_000, "đồng"]


def test_a_form_of_hundreds_of_rows_is_read_and_filled_whole(officer, province):
    form = sent(officer, province, table(*[[f"Đơn vị {n}", None, None] for n in range(280)]))
    assert len(places(form)) == 560
    sheet = book_of(form, {f"{letter}{n}": n for letter in "BC" for n in range(1, 281)}).active
    assert sum(cell.value for column in "BC" for cell in sheet[column]) == 280 * 281


def test_a_sheet_longer_than_can_be_shown_says_so(officer, province, client_of):
    form = sent(officer, province, table(*[[f"Đơn vị {n}", None] for n in range(302)]))
    assert (len(places(form)), form.sheets[0]["is_cut"]) == (300, True)
    page = client_of(officer).get(f"/bieu-mau/{form.pk}/").content.decode()
    assert ("các ô ở cuối không gắn được" in page, 'name="c:Biểu 03!B300"' in page) == (True, True)
    at_the_end = load_workbook(io.BytesIO(filled(form, {"Biểu 03!B1": 1}))).active["A302"].value
    assert at_the_end == "Đơn vị 301"


def test_a_report_in_word_is_filled_in_its_letterhead_lines_and_table(officer, province):
    form = sent(officer, province, report_in_word(), "bao cao.docx")
    assert [key for key in places(form) if key[0] == "L"] == ["L0.0", "L0.1", "L1.0"]
    values = {
        "B1.1.1#0": "HÀ TĨNH", "B1.1.2#0": "Hà Tĩnh", "B1.1.2#1": "26", "B1.1.2#2": "11", "B1.1.2#3": {"year": 2025},
        "L0.0": "III", "L0.1": {"year": 2025}, "L1.0": "LĐLĐ tỉnh", "B2.2.2": 1234, "B2.3.1#0": 5_000_000, "B2.2.3": "Chung",
    }  # fmt: skip
    document = Word(io.BytesIO(filled(form, values)))
    head, rows = document.tables
    assert [cell.text for cell in head.rows[0].cells] == ["LĐLĐ TỈNH HÀ TĨNH", "Hà Tĩnh, ngày 26 tháng 11 năm 2025"]
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "BÁO CÁO QUÝ III NĂM 2025",
        "Đơn vị báo cáo: LĐLĐ tỉnh",
    ]
    assert document.paragraphs[0].runs[1].bold
    assert [[cell.text for cell in row.cells] for row in rows.rows[1:]] == [
        ["Suất quà", "1.234", "Chung"], ["Tiền hỗ trợ: 5.000.000 đồng", "", "Chung"],
    ]  # fmt: skip
    run = rows.cell(1, 1).paragraphs[0].runs[0]
    assert (run.font.size, run.font.name) == (Pt(13), "Times New Roman")


# Figures and the days they are of ------------------------------------------------------------------------


@pytest.fixture
def counted(province):
    """Gifts of each month; people by what is known at its end, from January on; a rate."""
    codes = {
        each.code: each
        for each in Indicator.objects.filter(code__in=["gifts", "people_supported", "welfare_spending_share"])
    }
    for year in (2024, 2025):
        for month in range(1, 13):
            on = {"unit": province, "month": date(year, month, 1)}
            Actual.objects.create(indicator=codes["gifts"], value=Decimal(year - 2023), **on)
            Actual.objects.create(indicator=codes["people_supported"], value=Decimal(month), **on)
    Actual.objects.create(
        indicator=codes["welfare_spending_share"],
        unit=province,
        month=date(2025, 1, 1),
        value=75,
        numerator=3,
        denominator=4,
    )


def test_a_quarter_has_no_count_that_is_kept_from_january_on(counted, leader, province):
    keys = [
        f"{part}:{code}"
        for code in ("gifts", "people_supported", "welfare_spending_share")
        for part in ("value", "so_far", "before")
    ]
    quarter, year = ([fact_values(leader, province, period, keys)[key] for key in keys] for period in (QUARTER, YEAR))
    assert quarter == [6, 18, 3, None, 9, None, None, Percent(75), None]
    assert year == [24, 24, 12, 12, 12, 12, Percent(75), Percent(75), None]
    several = Period(date(2024, 1, 1), date(2025, 12, 31))
    assert fact_values(leader, province, several, keys)["value:people_supported"] is None


def test_the_words_for_the_period_are_those_of_its_figures(counted, leader, province):
    keys = ["period_name", "period", "first", "last", "quarter", "month", "year"]
    assert list(fact_values(leader, province, QUARTER, keys).values()) == [
        "Quý III/2025", "từ ngày 01/07/2025 đến ngày 30/09/2025", date(2025, 7, 1), date(2025, 9, 30), "III", None, Year(2025),
    ]  # fmt: skip


def test_a_copy_tells_how_many_cells_it_left_empty(counted, officer, province):
    form = sent(officer, province, table(["Suất quà", None], ["Số người", None]))
    form.map_cells(officer, {"Biểu 03!B1": "value:gifts", "Biểu 03!B2": "value:people_supported"}, edition=0)
    job = form.request_copy(officer, province, QUARTER)
    queue.run(job.pk)
    job.refresh_from_db()
    sheet = load_workbook(io.BytesIO(content(job))).active
    assert (sheet["B1"].value, sheet["B2"].value) == (6, None)
    assert (job.message[:28], job.result.name) == (
        "Đã điền 1 trên 2 ô đã gắn; ô",
        f"Biểu 03 {province.short_name} Quý III-2025.xlsx",
    )
