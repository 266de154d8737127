"""What single cells of a list say, and that no cell can make a reader raise."""

from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.intake import cells
from beneficiaries.intake.dates import read_birth
from beneficiaries.intake.identity import PROVINCES, birth_year_of, gender_of, read_national_id
from beneficiaries.intake.kinds import HOUSES, PEOPLE
from beneficiaries.intake.money import header_unit, read_money
from events.delegates.lists import DELEGATES
from welfare.vietnamese import fold, format_number

TODAY = date(2026, 11, 22)
birth = partial(read_birth, today=TODAY)
national_id = partial(read_national_id, today=TODAY)


def level(answer) -> str | None:
    return answer[1] and answer[1][0]


# --- dates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "5/3/1985", "05/03/1985", "05-03-1985", "05.03.1985", "5-3-85", "05/03/85", "5.3.85", " 05 / 03 / 1985 ",
        "'05/03/1985", "05/03/1985 00:00:00", "1985-03-05", "1985-03-05 00:00:00", "1985/03/05", "05031985", 5031985,
        "ngày 5 tháng 3 năm 1985", "Ngày 05 tháng 03 năm 1985", "5 tháng 3 1985", "ngày 5 tháng 3năm 1985", "sinh ngày 05/03/1985",
        (1985, 3, 5), 31111, 31111.0, "31111", "05\\03\\1985", "05,03,1985", "05 03 1985", "5/3-1985",
        "5/3/1985.", "05/03/1985;", "05|03|1985", "05_03_1985", "mùng 5 tháng 3 năm 1985", "5-Mar-85", "05-Mar-1985",
        "5 March 1985", "5-thg 3-85", "5 Thg3 1985", "05/03/1985 12:00:00 AM", "ngày 5/3 năm 1985", "５/３/１９８５",
    ],
)  # fmt: skip
def test_birth_date_is_read_day_first_in_every_form(cell):
    assert birth(cell) == ((date(1985, 3, 5), 1985), None)


@pytest.mark.parametrize(
    "cell",
    [1985, 1985.0, "1985", "1985.0", "'1985", "sinh năm 1985", "SN 1985", "năm 1985", "NS: 1985", "00/00/1985",
     "--/--/1985", "../../1985", "/ /1985", "03/1985", "tháng 3 năm 1985", "Sn1985", "S. 1985", "1985.", "1985,", "1.985",
     "??/??/1985", "xx/xx/1985", "00/03/1985", "…/3/1985", "T3/1985", "thg 3 1985", "Mar-1985", "1985-03", "1985/3"],
)  # fmt: skip
def test_year_alone_is_enough(cell):
    assert birth(cell) == ((None, 1985), None)


def test_year_typed_into_a_date_cell_is_understood_and_told():
    value, problem = birth((1905, 6, 7))
    assert (value, problem[0]) == ((None, 1985), "warning")


@pytest.mark.parametrize(
    ("cell", "value"),
    [("05/03/1985 (âm lịch)", (date(1985, 3, 5), 1985)), ("1985 (41 tuổi)", (None, 1985)), ("1985 - 41 tuổi", (None, 1985)),
     ("khoảng 1985", (None, 1985)), ("~1985", (None, 1985)), ("1985?", (None, 1985)), ("05/03/1985\n(Tý)", (date(1985, 3, 5), 1985)),
     (19855, (date(1954, 5, 11), 1954)), ("19855", (date(1954, 5, 11), 1954))],
)  # fmt: skip
def test_remark_beside_a_birth_or_a_digit_too_many_is_told(cell, value):
    assert (birth(cell)[0], level(birth(cell))) == (value, "warning")


@pytest.mark.parametrize("cell", [85, "85", "'85", "Mar-85"])
def test_two_digit_year_is_understood_and_told(cell):
    assert (birth(cell)[0], level(birth(cell))) == ((None, 1985), "warning")


@pytest.mark.parametrize(
    ("cell", "born"),
    [("1/2/26", date(2026, 2, 1)), ("1/2/27", date(1927, 2, 1)), ("1/2/08", date(2008, 2, 1))],
)
def test_two_digit_years_never_lie_in_the_future(cell, born):
    assert birth(cell)[0] == (born, born.year)


@pytest.mark.parametrize(
    "cell",
    ["31/02/1985", "29/02/2023", "12/25/1990", "01/13/1985", "00/13/1990", "March 5, 1985", "2091985",
     "020985", "41 tuổi", "05/03/985", "05/O3/1985", "32/01/1985", "01/01/2031", 2031, "2031",
     "23/11/2026", "1/1/1850", "1850", "abc", "10/10/198O", "1985-1987", -5, 0.5, float("nan"), float("inf"), 1e300,
     (2031, 1, 1), (1, 2), (1985, 2, 31), 61000000, "45.45.45", "12/5", "x"],
)  # fmt: skip
def test_impossible_birth_is_an_error(cell):
    assert (birth(cell)[0], level(birth(cell))) == ((None, None), "error")


@pytest.mark.parametrize(
    "cell", ["", " ", "-", "…", "../../", "/", ".", "?", "không rõ", "Không nhớ ngày sinh", "chưa rõ", "N/A"]
)
def test_no_birth_is_nothing(cell):
    assert birth(cell) == ((None, None), None)


@given(
    st.dates(date(1930, 1, 1), TODAY),
    st.sampled_from(["{d:02}/{m:02}/{y}", "{d}-{m}-{y}", "{d}.{m}.{y}", "ngày {d} tháng {m} năm {y}"]),
)
def test_every_written_date_comes_back(born, form):
    assert birth(form.format(d=born.day, m=born.month, y=born.year)) == ((born, born.year), None)


@given(st.dates(date(1930, 1, 1), TODAY))
def test_every_serial_comes_back(born):
    assert birth((born - date(1899, 12, 30)) // timedelta(days=1))[0] == (born, born.year)


# --- national IDs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    ["083070001010", "'083070001010", "083 070 001 010", "083.070.001.010", "083-070-001-010", "\xa0083070001010 ",
     "083070001010.0", "０８３０７０００１０１０", "`083070001010", "CCCD: 083070001010", "Số 083070001010", "(083070001010)",
     "0 8 3 0 7 0 0 0 1 0 1 0", "Mã định danh: 083070001010", "083070001010."],
)  # fmt: skip
def test_full_number_is_read_through_its_decoration(cell):
    assert national_id(cell) == ("083070001010", None)


@pytest.mark.parametrize(
    ("cell", "number"),
    [(83070001010, "083070001010"), ("83070001010", "083070001010"), (83070001010.0, "083070001010"),
     (1070001010, "001070001010"), ("1070001010", "001070001010"), ("83,070,001,010", "083070001010"),
     ("83.070.001.010", "083070001010"), ("83070001010.0", "083070001010")],
)  # fmt: skip
def test_lost_zeros_are_restored_and_told(cell, number):
    value, (grade, text) = national_id(cell)
    assert (value, grade, "đã khôi phục" in text) == (number, "warning", True)


@pytest.mark.parametrize(
    "cell",
    ["8.3E+10", "8,3E+10", "1.23E+11", "8.3192e+10", 8.3e10, 1.23e11, "08318900188O", "0830850001234", "083985000123",
     "003070001010", "099070001010", "083340001010", "123", "1234567", "B1234567", "abc", 123456789012345678,
     float("nan"), float("inf"), -83070001010, 0.5, 1234567890, "8.3070001010E+10", "083070001010 083170001011",
     "083070001010a", "111111111111", "000000000000", "999999999", "Hộ chiếu C1234567", "############"],
)  # fmt: skip
def test_number_that_cannot_be_is_an_error(cell):
    assert (national_id(cell)[0], level(national_id(cell))) == (None, "error")


@pytest.mark.parametrize(
    ("cell", "number"),
    [("321234567", "321234567"), (45123456, "045123456"), ("321 234 567", "321234567"), ("123070001010", "123070001010"),
     ("083070001010/321234567", "083070001010"), ("083070001010\n321234567", "083070001010"),
     ("083070001010 - 321234567", "083070001010"), ("321234567 (cũ) 083070001010", "083070001010"),
     ("083070001010 cấp ngày 01/01/2022", "083070001010"), ("CMND: 321234567", "321234567"), ("083070001010 (CCCD)", "083070001010"),
     ("không có", None), ("Chưa có CCCD", None), ("đang làm", None), ("mất", None), ("0", None), (0, None), ("x", None)],
)  # fmt: skip
def test_doubtful_number_is_kept_with_a_warning(cell, number):
    assert (national_id(cell)[0], level(national_id(cell))) == (number, "warning")


def test_messages_never_hold_the_number():
    doubted = ["321234567", "0830850001234", "083985000123", "08318900188O", 83070001010, "8.3E+10", "B1234567"]
    told = [national_id(cell)[1][1] for cell in doubted]
    assert [text for text in told if any(str(cell) in text for cell in doubted if cell != "8.3E+10")] == []


@given(st.sampled_from(sorted(PROVINCES)), st.sampled_from("01"), st.integers(0, 99), st.integers(0, 999_999))
def test_every_number_of_the_last_century_says_birth_and_gender(province, digit, year, serial):
    number = f"{province}{digit}{year:02}{serial:06}"
    assert national_id(number) == (number, None)
    assert (birth_year_of(number), gender_of(number)) == (1900 + year, ["male", "female"][int(digit)])


# --- money ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [1500000, 1500000.0, "1500000", "1.500.000", "1,500,000", "1 500 000", "1.500.000đ", "1,500,000 đ", "1.500.000 đồng",
     "1.500.000 VNĐ", "1.500.000vnd", "1500k", "1.500k", "1500 nghìn", "1.500 ngàn đồng", "1tr5", "1tr500", "1 tr 5",
     "1,5tr", "1.5 triệu", "1,5 triệu đồng", "1 triệu rưỡi", "1 triệu 500 nghìn", "1 triệu 5", "1.500.000,-", "1.500.000/suất",
     "1.500.000 đ/người", "'1.500.000", "1.500.000.", "1,500,000.00", "1.500.000,00", "1500000.0", "1.500.000₫",
     "VNĐ 1.500.000", "₫1.500.000", "1.500.000,-đ", "1. 500. 000", "1.500 .000 đ", "1.500.000đ/01 hộ", "1500 (nghìn đồng)", "1,5trđ",
     "1tr50", "1.500.000 đồng chẵn", "1.5E+06", "1,5 Tr.đ"],
)  # fmt: skip
def test_amount_is_read_in_every_form(cell):
    assert read_money(cell) == (1_500_000, None)


@pytest.mark.parametrize(
    ("cell", "unit", "amount"),
    [(75.5, 10**6, 75_500_000), ("75,5", 10**6, 75_500_000), ("75.5", 10**6, 75_500_000), (50, 10**6, 50_000_000),
     ("1.500", 1000, 1_500_000), (500, 1000, 500_000), ("500k", 10**6, 500_000), ("2 triệu", 1000, 2_000_000)],
)  # fmt: skip
def test_amount_counts_in_the_unit_of_its_header(cell, unit, amount):
    assert read_money(cell, unit=unit) == (amount, None)


@pytest.mark.parametrize("cell", [2000000, "2.000.000", "2,000,000"])
def test_amount_plainly_in_dong_under_a_header_of_thousands_or_millions_is_told(cell):
    answers = [read_money(cell, unit=unit) for unit in (1000, 10**6)]
    assert [(value, problem[0]) for value, problem in answers] == [(2_000_000, "warning")] * 2


@pytest.mark.parametrize(
    "cell",
    [-500000, "-500000", "-500.000đ", "(500.000)", 1e30, "1E+30", "1e+30", "99.999.999.999", "abc", "năm", "năm 2025", "hai hai triệu",
     "1..5", "1tr2tr", "1.500.00", "500.000.00", "5.00.000",
     "1.500,000", "5000,000", "500.000 - 1.000.000", "500.000\n300.000", "1 + 1", "2 x 2", "500.OOO", "quà", "10 kg gạo", float("nan"), float("inf"), "triệu", "=1+1"],
)  # fmt: skip
def test_amount_that_is_none_is_an_error(cell):
    assert (read_money(cell)[0], level(read_money(cell))) == (None, "error")


@pytest.mark.parametrize(
    ("cell", "unit", "amount"),
    [("500.000 (năm trăm nghìn đồng)", 1, 500_000), ("500.000đ (02 phần)", 1, 500_000), ("75.500", 10**6, 75_500_000)],
)
def test_amount_with_a_remark_or_two_meanings_is_told(cell, unit, amount):
    assert (read_money(cell, unit=unit)[0], level(read_money(cell, unit=unit))) == (amount, "warning")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [("Một triệu đồng", 1_000_000), ("năm trăm nghìn", 500_000), ("Hai mươi lăm triệu đồng chẵn", 25_000_000), ("hai triệu rưỡi", 2_500_000),
     ("mười triệu không trăm năm mươi nghìn", 10_050_000), ("một trăm linh năm ngàn đồng", 105_000), ("một triệu hai", 1_200_000),
     ("1.000.000 + 500.000", 1_500_000), ("tiền mặt 1.000.000 + quà 300.000", 1_300_000), ("1tr + 500k", 1_500_000),
     ("500.000đ x 2", 1_000_000), ("02 suất x 500.000đ", 1_000_000), ("500.000 * 3 tháng", 1_500_000)],
)  # fmt: skip
def test_amount_in_words_or_to_be_added_up_is_understood_with_a_note(cell, amount):
    assert (read_money(cell)[0], level(read_money(cell))) == (amount, "note")


@pytest.mark.parametrize("cell", ["500.000 + 1 phần quà", "500.000đ và quà", "500.000 + 10kg gạo"])
def test_gift_without_a_value_beside_an_amount_is_told(cell):
    assert (read_money(cell)[0], level(read_money(cell))) == (500_000, "warning")


@pytest.mark.parametrize("cell", ["", " ", "-", "–", "không", "không có", "chưa có", "N/A"])
def test_no_amount_is_nothing(cell):
    assert read_money(cell) == (None, None)


@given(st.integers(0, 10**10))
def test_every_printed_amount_comes_back(amount):
    assert [read_money(form)[0] for form in (amount, str(amount), format_number(amount), f"{amount:,}đ")] == [
        amount
    ] * 4


@pytest.mark.parametrize(
    ("header", "unit"),
    [("Kinh phí (triệu đồng)", 10**6), ("Tổng (tr.đ)", 10**6), ("Mức (nghìn đồng)", 1000), ("Số tiền (1.000đ)", 1000),
     ("Số tiền (đồng)", 1), ("ĐVT: triệu đồng", 10**6), ("Số tiền", None), ("Ngân hàng", None), ("Số tiền VNĐ", 1),
     ("Kinh phí (ngàn đồng)", 1000), ("Kinh phí (Tr.đồng)", 10**6), ("Gia đình đóng góp", None),
     ("Hợp đồng lao động", None), ("Đồng nghiệp", None)],
)  # fmt: skip
def test_unit_of_a_header(header, unit):
    assert header_unit(fold(header)) == unit


# --- names and the rest -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "name"),
    [("NGUYỄN VĂN AN", "Nguyễn Văn An"), ("  Phan\xa0Mỹ\xa0 Nhung ", "Phan Mỹ Nhung"), ("Đ/c Lê Văn Đạt", "Lê Văn Đạt"),
     ("Ông Trần Minh", "Trần Minh"), ("Nguye\u0302\u0303n Va\u0306n An", "Nguyễn Văn An"), ("H'Hen Niê", "H'Hen Niê"),
     ("Nguyễn Văn An.", "Nguyễn Văn An"), ("Lê Thị Lan (B)", "Lê Thị Lan (B)"), ("nguyễn văn an", "Nguyễn Văn An"),
     ("NguyễN VăN An", "Nguyễn Văn An"), ("1. Nguyễn Văn An", "Nguyễn Văn An"), ("2) Nguyễn Văn An", "Nguyễn Văn An"),
     ("- Nguyễn Văn An", "Nguyễn Văn An"), ("Nguyễn Văn An*", "Nguyễn Văn An"), ("Cháu Nguyễn An", "Nguyễn An"),
     ("Ông/Bà: Nguyễn Văn An", "Nguyễn Văn An"), ("ĐIỂU K’RÊ", "Điểu K’Rê"), ("Thạch Sa Rươne", "Thạch Sa Rươne"), ("Ông Văn Tùng", "Ông Văn Tùng")],
)  # fmt: skip
def test_name_is_put_in_order(cell, name):
    assert cells.read_name(cell) == ((name, None), None)


@pytest.mark.parametrize(
    "cell",
    ["<script>alert(1)</script> Lan", '=HYPERLINK("x")', "+An", "-An Văn", "@An", "Nguyễn Văn 2", "a\x00b", "a\x07b",
     "_x0000_An", "Nguyễn " * 20, "x" * 32_767, "Nguy?n V?n An", "Nguy\ufffdn An", "D¬ng ThÞ", 5, 12.5, (1985, 3, 5),
     "Nguye \u0302n"],
)  # fmt: skip
def test_what_cannot_be_a_name_is_an_error(cell):
    assert (cells.read_name(cell)[0], level(cells.read_name(cell))) == ((None, None), "error")


@pytest.mark.parametrize("cell", ["Lê Thị Lan (chủ hộ)", "LÊ THỊ LAN (VỢ)", "Lê Thị Lan(đã mất)", "3. Lê Thị Lan (nữ)"])
def test_remark_behind_a_name_is_taken_off_and_told(cell):
    assert (cells.read_name(cell)[0], level(cells.read_name(cell))) == (("Lê Thị Lan", None), "warning")


def test_invisible_marks_are_taken_out_and_told():
    value, problem = cells.read_name("Nguyễn\u200b Văn\u202e An")
    assert (value, problem[0]) == (("Nguyễn Văn An", None), "warning")


def test_several_people_in_a_cell_are_one_name_and_members():
    value, problem = cells.read_name("Trần Văn A\nLÊ THỊ B; Trần C")
    assert (value, problem[0]) == (("Trần Văn A", ["Lê Thị B", "Trần C"]), "warning")


def test_members_lose_their_remarks():
    text = "1. Trần Thị B (vợ, 1975); 2. Trần Văn C - con\nTrần D 2010"
    assert cells.read_members(text)[0] == ["Trần Thị B", "Trần Văn C", "Trần D"]


@pytest.mark.parametrize(
    ("cell", "number"),
    [(900001850, "0900001850"), ("900001850", "0900001850"), ("0900 001 850", "0900001850"), ("+84 900001850", "0900001850"),
     ("84900001850", "0900001850"), ("0900.001.850", "0900001850"), ("0275.3822.123", "02753822123"), (84900001850, "0900001850"),
     ("+84(0)900001850", "0900001850"), ("0084 900 001 850", "0900001850"), ("ĐT: 0900001850", "0900001850"), (900001850.0, "0900001850"),
     ("0900001850 (vợ)", "0900001850"), ("(0275) 3822123", "02753822123"), ("０９００００１８５０", "0900001850")],
)  # fmt: skip
def test_phone_is_put_in_order(cell, number):
    assert cells.read_phone(cell) == (number, None)


@pytest.mark.parametrize(
    "cell",
    ["0900001850/0900001851", "0900001850 - 0900001851", "0900001850-0900001851", "0900 001 850 0900 001 851",
     "0900001850\n0900001851", "0900001850 hoặc 0900001851"],
)  # fmt: skip
def test_first_of_two_phones_is_taken_and_told(cell):
    assert (cells.read_phone(cell)[0], level(cells.read_phone(cell))) == ("0900001850", "warning")


@pytest.mark.parametrize("cell", ["", "-", "0", 0, "x", "không có", "Chưa có ĐT"])
def test_no_phone_is_nothing(cell):
    assert cells.read_phone(cell) == (None, None)


@pytest.mark.parametrize("cell", ["0123", "abc", 5, "090000185", "0000000000"])
def test_wrong_phone_is_only_a_warning(cell):
    assert (cells.read_phone(cell)[0], level(cells.read_phone(cell))) == (None, "warning")


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (cells.read_gender, "NỮ", "female"), (cells.read_gender, "nam", "male"), (cells.read_gender, "", None),
        (cells.read_household_status, "Hộ nghèo", "poor"), (cells.read_household_status, "HCN", "near_poor"),
        (cells.read_household_status, "Cận nghèo", "near_poor"), (cells.read_household_status, "Không", None),
        (cells.read_household_status, "Hộ cận nghèo 2025", "near_poor"), (cells.read_household_status, "HN", "poor"),
        (cells.read_household_role, "Chủ hộ", "head"), (cells.read_household_role, "Vợ", "member"),
        (cells.read_household_role, "thuộc hộ", "member"), (cells.read_household_role, "Đại diện gia đình", "family"),
        (cells.read_household_role, "Thành viên", "member"), (cells.read_household_role, "TV", "member"),
        (cells.read_construction, "Xây mới", "new"), (cells.read_construction, "sửa chữa", "repair"),
        (cells.read_count, "05", 5), (cells.read_count, "4 khẩu", 4), (cells.read_count, 3.0, 3),
        (cells.read_cross, "X", True), (cells.read_cross, "x ", True), (cells.read_cross, "TRUE", True),
        (cells.read_cross, "", False), (cells.read_cross, "0", False), (cells.read_account, 71000123457, "71000123457"),
    ],
)  # fmt: skip
def test_closed_answers(read, cell, value):
    assert read(cell) == (value, None)


@pytest.mark.parametrize(
    ("read", "cell"),
    [(cells.read_gender, "abc"), (cells.read_household_status, "Hộ giàu"), (cells.read_household_role, "abc"),
     (cells.read_construction, "abc"), (cells.read_count, "nhiều"), (cells.read_count, 500), (cells.read_cross, "abc")],
)  # fmt: skip
def test_unknown_answer_is_a_warning(read, cell):
    assert (read(cell)[0], level(read(cell))) == (None, "warning")


# --- never raises -----------------------------------------------------------------------------------

ANY_CELL = st.one_of(
    st.text(),
    st.text(st.characters(codec=None, exclude_categories=())),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.tuples(st.integers(-5, 9999), st.integers(-1, 13), st.integers(-1, 32)),
    st.from_regex(r"[0-9./\-, ]{1,14}(đ|tr|triệu|k|E\+[0-9]{1,4})?[0-9]{0,3}", fullmatch=True),
)
FIELDS = {field.name: field for kind in (PEOPLE, HOUSES, DELEGATES) for field in kind.fields}
BOUND = {"today": TODAY, "unit": 10**6}


@pytest.mark.parametrize("name", sorted(FIELDS))
@given(cell=ANY_CELL)
def test_no_cell_makes_a_reader_raise(name, cell):
    field = FIELDS[name]
    bound = {field.binds: BOUND[field.binds]} if field.binds else {}
    value, problem = field.read(cell, **bound)
    assert problem is None or (problem[0] in ("error", "warning", "note") and problem[1].endswith("."))
    if problem and problem[0] == "error":
        assert value in (None, (None, None))
