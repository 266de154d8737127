"""The same lists in other words and habits."""

import io

import openpyxl
import pytest

from beneficiaries.intake.limits import IntakeRefused
from tests.reading import N, read, rows_of
from tests.sheets import opendocument, opendocument_row, workbook

# --- other wordings ---------------------------------------------------------------------------------------


def test_three_rows_of_headings_under_a_merged_one_that_ends_in_lao_dong():
    """ "lao động" is no unit of money; a heading merged over several columns may say anything."""
    rows = [
        ["CĐCS CÔNG TY MAY SÁNG", N, N, N, N, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["DANH SÁCH CNLĐ KHÓ KHĂN"],
        ["TT", "Thông tin người lao động", N, N, N, "Hỗ trợ dịp Tết (triệu đồng)", N, N, "Ghi chú"],
        [N, "Họ, tên", "Ngày tháng năm sinh", N, "Số CCCD/ mã định danh", "Tiền mặt", "Quà", "Cộng", N],
        [N, N, "Nam", "Nữ"],
        ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
        [1, "NGUYỄN VĂN BA", "12/3/1980", N, "083080500101", "1,5", "0,3", "1,8", "Bệnh tim"],
        [2, "lê thị tư", N, "7/8/1991", "083191500102", 1, 0.5, 1.5, N],
        ["Tổng cộng (02 người)", N, N, N, N, 2.5, 0.8, 3.3],
    ]
    found = read(workbook(rows, merges=("B3:E3", "F3:H3", "C4:D4", "A1:D1", "F1:I1")))
    assert rows_of(found, "full_name", "gender", "amount_in_kind", "amount") == [
        (7, "Nguyễn Văn Ba", "male", 300_000, 1_800_000), (8, "Lê Thị Tư", "female", 500_000, 1_500_000),
    ]  # fmt: skip
    assert (found.stated_total, found.title.text) == (3_300_000, "DANH SÁCH CNLĐ KHÓ KHĂN")


def test_cash_and_gifts_beside_their_total_in_other_words():
    headings = ["STT", "Họ tên người nhận", "Tiền mặt (đồng)", "Quà trị giá (đồng)", "Tổng trị giá", "Tại ngân hàng"]
    found = read(workbook([headings, [1, "Kim Thị Sa Mết", 300_000, 200_000, 500_000, "Agribank"]]))
    assert (found.conflicts, rows_of(found, "amount_cash", "amount_in_kind", "amount", "bank_name")) == (
        [], [(2, 300_000, 200_000, 500_000, "Agribank")],
    )  # fmt: skip


def test_starred_groups_and_a_title_that_calls_itself_a_summary():
    rows = [
        ["BẢNG TỔNG HỢP ĐOÀN VIÊN KHÓ KHĂN"],
        ["TT", "Họ và tên", "Nơi đang công tác", "Mức hỗ trợ"],
        ["* Xã An Thủy"], [1, "Phạm Thị Mai", "MN An Thủy", 2_000_000],
    ]  # fmt: skip
    found = read(workbook(rows))
    assert rows_of(found, "workplace", "group") == [(4, "MN An Thủy", "Xã An Thủy")]
    assert found.title.text == "BẢNG TỔNG HỢP ĐOÀN VIÊN KHÓ KHĂN"


SUMMARY = [
    ["LĐLĐ TỈNH"],
    ["TỔNG HỢP SỐ SUẤT QUÀ TẾT THEO ĐƠN VỊ"],
    ["TT", "Tên đơn vị", "Số suất", "Thành tiền (triệu đồng)"],
    ["I", "Khối huyện"],
    [1, "LĐLĐ huyện An", "1.200", 600],
    [2, "LĐLĐ huyện Bình", 15, "7,5"],
    ["II", "Khối ngành"],
    [3, "CĐ ngành Y tế", 5, 2.5],
    [N, "Tổng cộng", 1220, 610],
    ["Số tiền bằng chữ: Sáu trăm mười triệu đồng"],
    [N, N, "CHỦ TỊCH"],
]


def test_a_summary_by_unit_is_read_when_it_is_called_one():
    found = read(workbook(SUMMARY), kind="summary")
    assert rows_of(found, "full_name", "people_count", "amount", "group") == [
        (5, "LĐLĐ huyện An", 1200, 600_000_000, "Khối huyện"),
        (6, "LĐLĐ huyện Bình", 15, 7_500_000, "Khối huyện"),
        (8, "CĐ ngành Y tế", 5, 2_500_000, "Khối ngành"),
    ]
    assert (found.stated_total, found.computed_total) == (610_000_000, 610_000_000)
    with pytest.raises(IntakeRefused):
        read(workbook(SUMMARY))


def test_results_of_a_campaign_by_unit():
    rows = [
        ["STT", "Công đoàn cơ sở", "Tổng số đoàn viên", "Số đoàn viên ủng hộ", "Số tiền ủng hộ (đồng)"],
        [1, "CĐCS Công ty 1", 200, 150, "15.000.000"], [2, "CĐCS Công ty 2", "90", "-", 0], ["Cộng", N, 290, 150, 15_000_000],
    ]  # fmt: skip
    found = read(workbook(rows), kind="campaign")
    assert rows_of(found, "full_name", "members", "contributors", "amount") == [
        (2, "CĐCS Công ty 1", 200, 150, 15_000_000), (3, "CĐCS Công ty 2", 90, None, 0),
    ]  # fmt: skip


def test_a_list_of_loans():
    headings = [
        "STT",
        "Họ tên người vay",
        "Năm sinh",
        "Mục đích vay",
        "Số tiền vay (triệu đồng)",
        "Thời hạn (tháng)",
        "Lãi suất",
    ]
    found = read(workbook([headings, [1, "Trần Văn Một", 1980, "Nuôi bò", 30, "24 tháng", "6,5%"]]), kind="loans")
    assert rows_of(found, "purpose", "amount", "term_months", "rate") == [(2, "Nuôi bò", 30_000_000, 24, "6,5%")]


def test_a_units_own_numbering_is_no_record_number():
    found = read(workbook([["Mã hồ sơ", "Họ và tên", "Năm sinh"], ["HS-01", "Trần Văn Một", 1980]]))
    assert "record_number" not in found.rows.values
    mine = read(workbook([["Mã hồ sơ", "Họ và tên", "Năm sinh"], ["PL000012", "Trần Văn Một", 1980]]))
    assert rows_of(mine, "record_number") == [(2, 12)]


def test_a_header_repeated_on_every_page_is_no_sample():
    headings = [["TT", "HỌ TÊN", "NĂM SINH", N, "SỐ TIỀN"], [N, N, "NAM", "NỮ"]]
    rows = [*headings, [1, "Cao Văn A", 1970, N, 10**6], [2, "Cao Thị B", N, 1971, 10**6], *headings, [3, "Cao Thị C", N, 1972, 10**6]]  # fmt: skip
    found = read(workbook(rows, merges=("C1:D1", "C5:D5")))
    assert rows_of(found, "gender", "birth_year") == [(3, "male", 1970), (4, "female", 1971), (7, "female", 1972)]


def test_headings_broken_over_two_rows():
    rows = [
        ["Danh sách công nhân khó khăn"],
        ["Số", "Họ và", "Năm", "Số", "Số tiền"], ["TT", "tên", "sinh", "CCCD", "(ngàn đồng)"],
        [1, "Kiều Thị Một", 1990, "083 190 500 801", 500],
    ]  # fmt: skip
    found = read(workbook(rows))
    assert rows_of(found, "full_name", "birth_year", "amount") == [(4, "Kiều Thị Một", 1990, 500_000)]
    assert found.title.text == "Danh sách công nhân khó khăn"


def test_a_sum_without_a_word_is_a_total():
    found = read(workbook([["STT", "Họ tên", "Năm sinh", "Số tiền"], [1, "Ma Văn A", 1980, 100_000], [2, "Ma Văn B", 1981, 200_000], [N, N, N, 400_000]]))  # fmt: skip
    assert (len(found.rows), found.stated_total, found.computed_total) == (2, 400_000, 300_000)
    assert "ghi 400.000 đồng" in found.messages[0].text


# --- habits of the second round ----------------------------------------------------------------------


def test_the_date_under_a_number_is_no_number():
    rows = [["STT", "Họ và tên", "CCCD", N, N], [N, N, "Số", "Ngày cấp", "Nơi cấp"]]
    rows += [[1, "Nguyễn Văn An", "083080001234", "01/02/2021", "Cục CS"]]
    found = read(workbook(rows, merges=["C1:E1"]))
    assert (found.conflicts, rows_of(found, "national_id")) == ([], [(3, "083080001234")])


@pytest.mark.parametrize(
    ("heads", "kind", "cells"),
    [
        (["Số tháng", "Mức hỗ trợ 1 tháng", "Tổng tiền hỗ trợ"], None, [3, "500.000", "1.500.000"]),
        (["Số suất quà", "Mức quà", "Thành tiền"], "summary", [3, "500.000", "1.500.000"]),
    ],
)
def test_the_price_of_one_gives_way_to_the_sum(heads, kind, cells):
    rows = [["STT", "Đơn vị" if kind else "Họ và tên", *heads], [1, "Nguyễn Văn An", *cells]]
    found = read(workbook(rows), kind=kind)
    assert (found.conflicts, found.rows.column("amount")) == ([], [1_500_000])


def test_bullets_head_groups_and_dots_are_nobody():
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Số tiền"],
        ["*", "Xã An Thủy"],
        [1, "Nguyễn Văn An", 1980, 500_000],
        ["-", "Xã Tân Xuân (02 người)"],
        [1, "Trần Thị Bình (CTCĐ)", 1981, 500_000],
        [2, "…", "…", "…"],
        ["...", ".....", "..."],
        ["Tổng:", N, N, 1_000_000],
        [N, N, "Ba Tri, ngày 5/1/2026"],
        [N, "KT. CHỦ TỊCH"],
    ]
    assert rows_of(read(workbook(rows)), "full_name", "group") == [
        (3, "Nguyễn Văn An", "Xã An Thủy"),
        (5, "Trần Thị Bình", "Xã Tân Xuân"),
    ]


def test_what_cells_say_of_a_house_is_taken_under_any_heading():
    rows = [["DANH SÁCH NHÀ MÁI ẤM"], ["TT", "Họ và tên", "Loại", "Mức hỗ trợ (triệu)"]]
    rows += [[1, "Nguyễn Văn An", "Xây mới", 50], [2, "Trần Thị Bình", "S/c", 30]]
    found = read(workbook(rows))
    assert rows_of(found, "construction", "cost_union") == [(3, "new", 50_000_000), (4, "repair", 30_000_000)]


def test_abbreviations_of_houses_sums_and_support():
    rows = [
        ["DANH SÁCH NHÀ MÁI ẤM"],
        ["TT", "Họ và tên", "Nhu cầu xây mới", "Nhu cầu sửa chữa", "Tổng trị giá (1.000đ)", "CĐ", "GĐ"],
        [1, "Nguyễn Văn An", "x", N, 110_000, 50_000, 60_000],
        [2, "Trần Thị Bình", N, "x", 40_000, 30_000, 10_000],
        ["TC", N, N, N, 150_000, 80_000, 70_000],
    ]
    assert rows_of(read(workbook(rows)), "construction", "cost_total", "cost_union", "cost_family") == [
        (3, "new", 110_000_000, 50_000_000, 60_000_000),
        (4, "repair", 40_000_000, 30_000_000, 10_000_000),
    ]
    people = [
        ["STT", "Họ tên", "NTNS", "HT (đồng)"],
        [1, "Nguyễn Văn An", "05/03/1985", "500.000"],
        ["TC", N, N, 500_000],
    ]
    found = read(workbook(people))
    assert (rows_of(found, "amount"), found.messages) == ([(2, 500_000)], [])
    summary = [["TT", "Tên CĐCS", "Tổng số ĐV", "Số ĐV được chăm lo", "Số tiền"], [1, "CĐCS Một", 120, 20, 10_000_000]]
    assert rows_of(read(workbook(summary), kind="summary"), "people_count") == [(2, 20)]


@pytest.mark.parametrize(("cells", "genders"), [(("x", N), ["female", "male"]), (("Nữ", "Nam"), ["female", "male"])])
def test_a_bracket_may_say_what_a_cross_means(cells, genders):
    rows = [["STT", "Họ và tên", "Giới tính (Nữ)"], [1, "Trần Thị Bình", cells[0]], [2, "Nguyễn Văn An", cells[1]]]
    assert read(workbook(rows)).rows.values["gender"] == genders
    delegates = [["TT", "Họ và tên", "Hộ nghèo (chủ hộ)", "Hộ nghèo (thành viên)"]]
    delegates += [[1, "Trần Thị Bình", "x", N], [2, "Nguyễn Văn An", N, "x"]]
    assert read(workbook(delegates), kind="delegates").rows.values["role"] == ["head", "member"]


def test_years_of_a_term_and_a_rate_by_the_month_are_reckoned():
    heads = ["STT", "Họ và tên", "Mục đích vay", "Số tiền vay", "Thời hạn vay", "Lãi suất"]
    terms = [("1 năm 6 tháng", "0,55%/tháng"), ("2 năm", "6,6%"), (3, "6,6% năm"), ("3 tháng", "0,5")]
    rows = [[n, f"Người Vay {'ABCD'[n - 1]}", "Nuôi bò", "30.000.000", *term] for n, term in enumerate(terms, 1)]
    found = read(workbook([heads, *rows]), kind="loans")
    assert rows_of(found, "term_months", "rate") == [(2, 18, "6.6"), (3, 24, "6,6%"), (4, 3, "6,6% năm"), (5, 3, "0,5")]
    told = [{m.field for m in found.rows.messages.get(i, ())} & {"rate", "term_months"} for i in range(4)]
    assert told == [{"rate"}, set(), {"term_months"}, {"rate"}]


def test_rows_hidden_by_a_filter_are_read_and_said():
    book = openpyxl.load_workbook(workbook([["STT", "Họ và tên"], [1, "Nguyễn Văn An"], [2, "Trần Thị Bình"]]))
    book.active.row_dimensions[3].hidden = True
    file = io.BytesIO()
    book.save(file)
    row = opendocument_row("Trần Thị Bình", "1981").replace(
        "<table:table-row", '<table:table-row table:visibility="filter"'
    )
    sheets = opendocument(opendocument_row("Họ và tên", "Năm sinh") + opendocument_row("Nguyễn Văn An", "1980") + row)
    for found in (read(file), read(sheets, "danh-sach.ods")):
        assert len(found.rows) == 2
        assert [m.text for m in found.messages if "đang ẩn hoặc bị lọc vẫn được đọc: dòng 3;" in m.text] != []
