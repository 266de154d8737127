"""Which rows of a list are people, and what several columns say of one thing."""

from datetime import date

import pytest

from tests.reading import N, read, rows_of
from tests.sheets import workbook

# --- rows -----------------------------------------------------------------------------------------------


def test_merged_cells_count_for_every_person_except_money():
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Đơn vị", "Số tiền"],
        [1, "Nguyễn Văn An", 1980, "CĐCS Giày", 500000],
        [2, "Trần Thị Bình", 1981],
        [3, "Lê Văn Cường", 1982, "CĐCS May", 300000],
    ]
    understood = read(workbook(rows, merges=["D2:D3", "E2:E3"]))
    assert rows_of(understood, "workplace", "amount") == [
        (2, "CĐCS Giày", 500_000),
        (3, "CĐCS Giày", None),
        (4, "CĐCS May", 300_000),
    ]


def test_person_without_number_is_a_person_and_not_a_group():
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Số tiền"],
        [1, "Nguyễn Văn An", 1980, 500000],
        [N, "Tô Thị Bình"],
        [N, "Trường THPT Ba Tri"],
        [2, "Lê Văn Cường", 1982, 500000],
    ]
    assert rows_of(read(workbook(rows)), "full_name", "group") == [
        (2, "Nguyễn Văn An", None),
        (3, "Tô Thị Bình", None),
        (5, "Lê Văn Cường", "Trường THPT Ba Tri"),
    ]


def test_numbered_group_lines_with_sums_are_groups():
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Số tiền"],
        [1, "LĐLĐ huyện Ba Tri", N, 1000000],
        [1, "Nguyễn Văn An", 1985, 500000],
        [2, "Trần Thị Bình", 1985, 500000],
        [2, "Công ty TNHH Giày", N, 500000],
        [1, "Lê Văn Cường", 1986, 500000],
        ["Tổng cộng: 03 người, số tiền: 1.500.000 đồng"],
    ]
    understood = read(workbook(rows))
    assert rows_of(understood, "full_name", "group") == [
        (3, "Nguyễn Văn An", "LĐLĐ huyện Ba Tri"),
        (4, "Trần Thị Bình", "LĐLĐ huyện Ba Tri"),
        (6, "Lê Văn Cường", "Công ty TNHH Giày"),
    ]
    assert (understood.stated_total, understood.computed_total, understood.messages) == (1_500_000, 1_500_000, [])


def test_sub_totals_of_groups_are_compared_with_their_groups():
    rows = [
        ["Họ và tên", "Số tiền"],
        ["I. LĐLĐ huyện Ba Tri"],
        ["Nguyễn Văn An", 500000],
        ["Cộng (I)", 500000],
        ["II. Công đoàn ngành Y tế"],
        ["Trần Thị Bình", 600000],
        ["Cộng (II)", 700000],
        ["Tổng cộng (I+II)", 1100000],
        ["Người lập", "Chủ tịch"],
        ["Lê Thị Lập", "Phạm Văn Tịch"],
    ]
    understood = read(workbook(rows))
    assert rows_of(understood, "full_name") == [(3, "Nguyễn Văn An"), (6, "Trần Thị Bình")]
    assert understood.stated_total == 1_100_000
    assert [m.text for m in understood.messages] == [
        "Dòng tổng cộng 7 của trang “Danh sách” ghi 700.000 đồng nhưng các dòng cộng lại được 600.000 đồng; "
        "hãy đối chiếu lại."
    ]


def test_rows_that_are_nothing_known_are_named():
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Đơn vị"],
        [1, "Nguyễn Văn An", 1980, "CĐCS Giày"],
        [N, N, N, "xem mặt sau"],
        [2, "Trần Thị Bình", 1981, "CĐCS Giày"],
    ]
    understood = read(workbook(rows))
    assert rows_of(understood, "full_name", "group") == [(2, "Nguyễn Văn An", None), (4, "Trần Thị Bình", None)]
    assert [m.text for m in understood.messages] == [
        "Trang “Danh sách” bỏ qua dòng 3 vì không giống dòng ghi người; hãy xem lại."
    ]


def test_birth_in_three_columns():
    rows = [
        ["STT", "Họ và tên", "Ngày sinh", N, N],
        [N, N, "Ngày", "Tháng", "Năm"],
        [1, "Nguyễn Văn An", 5, 3, 1985],
        [2, "Trần Thị Bình", N, N, 1986],
        [3, "Lê Văn Cường", 31, 2, 1986],
    ]
    understood = read(workbook(rows, merges=["C1:E1"]))
    assert rows_of(understood, "birth_date", "birth_year") == [
        (3, date(1985, 3, 5), 1985),
        (4, None, 1986),
        (5, None, None),
    ]
    assert understood.rows.status == ["ready", "ready", "error"]


def test_people_named_like_totals_are_people():
    rows = [
        ["STT", "Họ và tên", "Năm sinh"],
        [1, "Tống Văn Cộng", 1980],
        [2, "Tổng Thị Cộng", 1981],
        [N, "Tống Thị Bình", 1982],
        [3, "Nguyễn Trường", 1983],
    ]
    assert [row[0] for row in rows_of(read(workbook(rows)), "full_name")] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    "ending",
    [
        [[N, "BAN CHẤP HÀNH CÔNG ĐOÀN CƠ SỞ"], [N, "Nguyễn Văn Tịch"]],
        [[N, "Người lập", N, "CHỦ TỊCH"], [N, "(Ký, ghi rõ họ tên)"], [N, "Lê Thị Lập", N, "Nguyễn Văn Tịch"]],
        [["Ba Tri, ngày    tháng    năm 2026"], [N, "P. CHỦ TỊCH"], [N, "Nguyễn Văn Tịch"]],
        [["Tổng cộng", N, N, 500000], [N, "Xác nhận của đơn vị"], [N, "Nguyễn Văn Tịch"]],
        [["Danh sách này có 01 người./."], ["Nơi nhận:"], ["- Như trên;"], ["- Lưu: VT."]],
    ],
)
def test_what_stands_below_the_list_is_kept_out(ending):
    rows = [["STT", "Họ và tên", "Năm sinh", "Số tiền"], [1, "Nguyễn Văn An", 1980, 500000], [], *ending]
    understood = read(workbook(rows))
    assert rows_of(understood, "full_name") == [(2, "Nguyễn Văn An")]
    assert understood.messages == []


def test_numbers_of_a_blank_form_are_no_people():
    rows = [["STT", "Họ và tên", "Năm sinh"], [1, "Nguyễn Văn An", 1980], [2], [3], [4]]
    assert rows_of(read(workbook(rows)), "full_name") == [(2, "Nguyễn Văn An")]


def test_doubles_in_the_file():
    rows = [
        ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Đơn vị"],
        [1, "Nguyễn Văn An", "01/02/1980", "083080001010", "A"],
        [2, "NGUYEN VAN AN", "01/02/1980", "083080001010", "B"],
        [3, "Trần Thị Bình", "03/04/1981", "083080001010", "A"],
        [4, "Lê Văn Cường", "05/06/1982", N, "A"],
        [5, "Lê Văn Cường", "05/06/1982", N, "B"],
        [6, "Lê Văn Cường", "05/06/1982", "083082001011", "B"],
        [7, "Lê Văn Cường", "05/06/1982", "083082001012", "B"],
        [8, "Đỗ Thị Dung", "07/08/1983", "083183001013", "B"],
        [9, "Đỗ Thị Dung", "07/08/1983", "083183001014", "B"],
        [10, "Đỗ Thị Dung", "07/08/1983", N, "B"],
    ]
    understood = read(workbook(rows))
    assert understood.rows.status == [
        "warning", "duplicate", "error", "warning", "duplicate", "warning", "warning", "ready", "ready", "warning",
    ]  # fmt: skip
    doubted = {row: understood.rows.messages[row][-1].text for row in (4, 5, 6, 9)}
    assert {row: text.split(" (")[0].rsplit(" ", 1)[1] for row, text in doubted.items()} == {
        4: "5",
        5: "5",
        6: "5",
        9: "9",
    }
    assert understood.rows.messages[1][-1].text == (
        "Trùng người với dòng 2 (cùng số giấy tờ); dòng này sẽ không được ghi."
    )


def test_restored_number_must_fit_birth_and_gender():
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Giới tính", "Số CCCD"],
        [1, "Nguyễn Văn An", 1980, "Nam", 83080001010],
        [2, "Trần Thị Bình", 1985, "Nữ", 83080001011],
    ]
    understood = read(workbook(rows))
    assert rows_of(understood, "national_id") == [(2, "083080001010"), (3, None)]
    assert understood.rows.status == ["warning", "error"]


def test_dates_exchanged_by_a_month_first_setting_are_doubted():
    rows = [["STT", "Họ và tên", "Ngày sinh"]]
    rows += [[n, f"Nguyễn Văn {name}", date(1980, 3, n)] for n, name in enumerate(["An", "Ba", "Chi"], 1)]
    rows += [[n, f"Trần Văn {name}", f"{n + 9}/05/1981"] for n, name in enumerate(["Dũng", "Em", "Gấm"], 4)]
    assert read(workbook(rows)).rows.status == ["warning"] * 3 + ["ready"] * 3


@pytest.mark.parametrize(
    ("amount", "status"), [(49_999, "warning"), (50_000, "ready"), (500_000_000, "ready"), (500_000_001, "warning")]
)
def test_amount_out_of_the_usual_is_doubted(amount, status):
    rows = [["STT", "Họ và tên", "Số tiền"], [1, "Nguyễn Văn An", amount]]
    assert read(workbook(rows)).rows.status == [status]


def test_stated_count_is_compared():
    rows = [["STT", "Họ và tên", "Năm sinh"], [1, "Nguyễn Văn An", 1980], ["Tổng cộng: 05 người"]]
    assert [m.text for m in read(workbook(rows)).messages] == [
        "Dòng tổng cộng 3 của trang “Danh sách” ghi 5 nhưng danh sách có 1 dòng; hãy đối chiếu lại."
    ]


def test_all_visible_sheets_are_read_and_others_named():
    first = [["STT", "Họ và tên", "Năm sinh"], [1, "Nguyễn Văn An", 1980]]
    second = [[], ["STT", "Họ và tên", "Số tiền"], [1, "Trần Văn Bé", 500000]]
    understood = read(workbook(first, more={"Trang 2": second, "Bìa": [["Kính gửi"]], "Ẩn": first}, hidden=["Ẩn"]))
    assert list(zip(understood.rows.sheet, rows_of(understood, "full_name", "amount"), strict=True)) == [
        ("Danh sách", (2, "Nguyễn Văn An", None)),
        ("Trang 2", (3, "Trần Văn Bé", 500_000)),
    ]
    assert understood.rows.status == ["ready", "ready"]
    assert [m.text for m in understood.messages] == [
        "Trang ẩn “Ẩn” không được đọc.",
        "Trang “Bìa” không có bảng danh sách nên bỏ qua.",
    ]


def test_rows_give_what_matching_needs():
    rows = [["STT", "Họ và tên", "Ngày sinh"], [1, "ĐẶNG THỊ NGỌC  MỸ", "05/03/1985"]]
    found = read(workbook(rows)).rows
    assert (found.name_folded, found.values["birth_date"], found.values["birth_year"], found.raw) == (
        ["dang thi ngoc my"],
        [date(1985, 3, 5)],
        [1985],
        [[1, "ĐẶNG THỊ NGỌC  MỸ", "05/03/1985"]],
    )


# --- two columns that say one thing ------------------------------------------------------------------


def test_members_of_the_name_cell_and_of_their_column_come_together():
    file = workbook(
        [
            ["STT", "Họ tên chủ hộ", "Năm sinh", "Họ tên các thành viên", "Hộ nghèo"],
            [1, "Trần Thị Hoa", 1960, "Lê Văn Hùng (chồng)\nLê Thị Mai (con)", "x"],
            [2, "Lý Văn Bốn\nLý Thị Năm", 1971, "Lý Văn Sáu", "x"],
        ]
    )
    assert rows_of(read(file), "full_name", "members") == [
        (2, "Trần Thị Hoa", ["Lê Văn Hùng", "Lê Thị Mai"]),
        (3, "Lý Văn Bốn", ["Lý Văn Sáu", "Lý Thị Năm"]),
    ]


def test_a_column_of_its_own_counts_before_what_another_tells():
    heading = ["STT", "Họ tên chủ hộ", "Nam", "Nữ", "Giới tính", "Quan hệ với chủ hộ"]
    people = [[1, "Trần Thị Hoa", N, 1960, "Nữ", "Con"], [2, "Lý Văn Bốn", 1971, N, N, N]]
    found = read(workbook([heading, *people, [N], heading, [3, "Lê Thị Út", N, 1955, "Nữ", "Vợ"]]))
    assert rows_of(found, "full_name", "gender", "household_role") == [
        (2, "Trần Thị Hoa", "female", "member"),
        (3, "Lý Văn Bốn", "male", "head"),
        (6, "Lê Thị Út", "female", "member"),
    ]


def test_column_numbers_and_sums_of_crosses_are_no_samples():
    file = workbook(
        [
            ["DANH SÁCH ĐỀ NGHỊ HỖ TRỢ NHÀ MÁI ẤM CÔNG ĐOÀN"],
            ["TT", "Họ và tên", "Số CCCD", "Hình thức", N, "Kinh phí (triệu đồng)", N],
            [N, N, N, "Xây mới", "Sửa chữa", "Tổng", "LĐLĐ hỗ trợ"],
            [1, 2, 3, 4, 5, 6, 7],
            [1, "Bùi Thị Sương", "083180001111", "x", N, 120, 50],
            [2, "Phan Thị Lệ", "083182003333", N, "x", 45, 25],
            ["Cộng", N, N, 1, 1, 165, 75],
        ],
        merges=["D2:E2", "F2:G2"],
    )
    found = read(file)
    assert rows_of(found, "construction", "cost_total", "cost_union") == [
        (5, "new", 120_000_000, 50_000_000),
        (6, "repair", 45_000_000, 25_000_000),
    ]
    assert (found.stated_total, found.computed_total) == (75_000_000, 75_000_000)


def test_a_total_stated_in_parts_is_compared():
    file = workbook(
        [
            ["STT", "Họ và tên", "Năm sinh", "Tiền mặt", "Hiện vật"],
            [1, "Hồ Thị Mười", 1985, 300_000, 200_000],
            [2, "Huỳnh Văn Chín", 1979, 300_000, 200_000],
            ["Tổng cộng", N, N, 600_000, 300_000],
        ]
    )
    found = read(file)
    assert (found.stated_total, found.computed_total) == (900_000, 1_000_000)
    assert "900.000" in " ".join(message.text for message in found.messages)


def test_two_records_of_one_name_and_birth_are_two_people():
    heading = ["Mã hồ sơ", "Họ và tên", "Ngày sinh"]
    rows = [
        ["PL000001", "Bùi Văn An", "29/06/1984"],
        ["PL000002", "Bùi Văn An", "29/06/1984"],
        [N, "Bùi Văn An", "29/06/1984"],
    ]
    assert read(workbook([heading, *rows])).rows.status == ["ready", "ready", "duplicate"]


def test_a_rate_that_excel_shows_as_percent_is_percent():
    heading = ["STT", "Họ và tên", "Năm sinh", "Mục đích vay", "Số tiền", "Lãi suất"]
    rows = [[n, "Lê Thị Vay", 1980 + n, "Nuôi bò", 20_000_000, rate] for n, rate in enumerate([0.066, 6.6, "6,6%"])]
    assert [rate for _, rate in rows_of(read(workbook([heading, *rows]), kind="loans"), "rate")] == [
        "6.6",
        "6.6",
        "6,6%",
    ]


def test_a_choice_made_for_another_kind_of_list_counts_for_none():
    rows = [["STT", "Họ và tên", "Số tiền"], [1, "Nguyễn Văn An", 500_000]]
    found = read(workbook(rows), remembered={"so tien": "cost_union"}, kind="people")
    assert rows_of(found, "amount") == [(2, 500_000)]


def test_parts_that_make_another_amount_leave_the_stated_one():
    heading = ["STT", "Họ và tên", "Năm sinh", "Tiền mặt", "Hiện vật", "Thành tiền"]
    rows = [[1, "Võ Thị Chi", 1980, 300_000, 200_000, 500_000], [2, "Mai Văn Út", 1981, 300_000, 1, 300_000]]
    found = read(workbook([heading, *rows]))
    assert rows_of(found, "amount", "amount_cash", "amount_in_kind") == [
        (2, 500_000, 300_000, 200_000),
        (3, 300_000, N, N),
    ]
    assert found.rows.status == ["ready", "warning"]


def test_a_date_among_masked_numbers_is_an_error_of_its_row():
    heading = ["Mã hồ sơ", "Họ và tên", "Số CCCD"]
    rows = [["PL000001", "Bùi Văn An", "083*****0999"], [N, "Lê Thị Bình", date(1980, 2, 29)]]
    assert read(workbook([heading, *rows])).rows.status == ["ready", "error"]


def test_heads_and_members_of_households_in_one_column():
    file = workbook(
        [
            ["STT", "Họ và tên chủ hộ/thành viên", "Số CMND hoặc CCCD", "Quan hệ với chủ hộ", "Số sổ hộ nghèo"],
            [1, "Lê Văn Hổ", "083060000441", "Chủ hộ", "HN01"],
            [2, "Lê Thị Hến", "083162000442", "Vợ", "HN01"],
            ["Cộng: 01 hộ"],
        ]
    )
    assert read(file).messages == []
    assert rows_of(read(file), "full_name", "national_id", "household_role") == [
        (2, "Lê Văn Hổ", "083060000441", "head"),
        (3, "Lê Thị Hến", "083162000442", "member"),
    ]


def test_whoevers_name_it_is_the_list_is_about_them():
    """And a heading in two languages, or of several words, says what its first part says."""
    rows = [
        ["DANH SÁCH THĂM HỎI ĐOÀN VIÊN BỊ TAI NẠN"],
        ["TT", "Họ tên người được thăm hỏi", "Ngày sinh/DOB", "CCCD/ID No.", "Chức danh, nơi công tác", "Xưởng/Tổ", "Mức chi", "Người nhận"],
        [1, "Lý Văn Tám", "1/2/1980", "083080001010", "Công nhân, Công ty May", "May 1", 500_000, "Vợ"],
    ]  # fmt: skip
    assert rows_of(read(workbook(rows)), "full_name", "birth_year", "national_id", "workplace", "amount") == [
        (3, "Lý Văn Tám", 1980, "083080001010", "Công nhân, Công ty May", 500_000)
    ]


def test_numbered_places_are_groups_and_numbered_people_are_people():
    rows = [
        ["STT", "Họ và tên", "Số tiền"],
        ["1", "Xã Bản Hon", 1_000_000],
        ["1.1", "Lò Văn Pâng", 500_000],
        ["1.2", "Xa Thị Mỷ", 500_000],
        ["2", "MN Hoa Mai", 500_000],
        ["2.1", "Kim Thị Út", 500_000],
        [3, "Cộng", 1_500_000],
    ]
    found = read(workbook(rows))
    assert rows_of(found, "full_name", "group") == [
        (3, "Lò Văn Pâng", "Xã Bản Hon"), (4, "Xa Thị Mỷ", "Xã Bản Hon"), (6, "Kim Thị Út", "MN Hoa Mai"),
    ]  # fmt: skip
    assert (found.stated_total, found.messages) == (1_500_000, [])


def test_a_total_may_stand_above_its_rows_and_count_several_tables():
    first = [["STT", "Họ tên", "Năm sinh", "Số tiền"], [N, "TỔNG CỘNG", N, 300_000]]
    first += [[1, "Ma Văn A", 1980, 100_000], [2, "Ma Văn B", 1981, 200_000], []]
    second = [["TT", "Họ tên", "Số tiền", "Năm sinh"], [1, "Ma Thị C", 400_000, 1982], ["Cộng II", N, 400_000]]
    found = read(workbook([*first, *second, ["Tổng cộng (I+II)", N, 700_000]]))
    assert (found.stated_total, found.computed_total, found.messages) == (700_000, 700_000, [])


def test_signatures_are_no_samples_and_a_date_line_ends_the_list():
    """Below three houses they would be half of what stands in a column."""
    rows = [
        ["DANH SÁCH XÂY, SỬA NHÀ MÁI ẤM CÔNG ĐOÀN"],
        ["STT", "Họ và tên", "Ngày sinh", "Xây mới", "Sửa chữa", "Quỹ Mái ấm CĐ"],
        [1, "Nguyễn Văn An", "1/2/1980", "x", N, 50_000_000],
        [2, "Trần Thị Bình", "3/4/1981", N, "x", 30_000_000],
        [N, N, "Bắc Ninh, ngày 10 tháng 8 năm 2026"],
        [N, "NGƯỜI LẬP BIỂU", N, "TM. BAN THƯỜNG VỤ"], [N, N, N, "CHỦ TỊCH"], [N, N, N, "Trần Quốc Việt"],
    ]  # fmt: skip
    assert rows_of(read(workbook(rows)), "construction", "cost_union") == [
        (3, "new", 50_000_000),
        (4, "repair", 30_000_000),
    ]


def test_whoever_has_left_poverty_is_not_poor():
    rows = [
        ["TT", "Họ và tên", "Thuộc hộ", N, N],
        [N, N, "Nghèo", "Cận nghèo", "Mới thoát nghèo"],
        [1, "Nguyễn Văn An", "x"],
        [2, "Trần Thị Bình", N, N, "x"],
    ]
    assert rows_of(read(workbook(rows)), "household_status") == [(3, "poor"), (4, None)]


def test_what_one_column_of_money_counts_in_its_parts_count_in_too():
    rows = [
        ["DANH SÁCH ĐỀ NGHỊ HỖ TRỢ XÂY, SỬA NHÀ Ở"],
        ["STT", "Họ và tên", "Hình thức", "Tổng kinh phí (triệu đồng)", "Trong đó", N],
        [N, N, N, N, "CĐ hỗ trợ", "Gia đình đóng góp"],
        [1, "Nguyễn Văn An", "Xây mới", 100, 60, 40],
    ]
    found = read(workbook(rows, merges=["E2:F2"]))
    assert rows_of(found, "cost_total", "cost_union", "cost_family") == [(4, 100_000_000, 60_000_000, 40_000_000)]


def test_cells_tell_what_their_heading_does_not():
    """Crosses for women leave men; amounts in words beside figures are no second amount; parents are others."""
    rows = [
        ["Tên đơn vị: CĐCS Trường Kim Đồng"],
        ["STT hộ", "Họ tên cháu", "Nữ (đánh dấu x)", "Họ tên bố (mẹ)", "Kết quả rà soát", "Mã thẻ", "Số tiền", N],
        [N, N, N, N, N, N, "Bằng số", "Bằng chữ"],
        [1, "Lê Văn Tí", N, "Lê Văn Cha", "Hộ nghèo", "083215001010", 500_000, "Năm trăm nghìn đồng"],
        [2, "Lê Thị Tèo", "x", "Lê Thị Mẹ", "Cận nghèo", "083315001011", 500_000, "Năm trăm nghìn đồng"],
    ]
    found = read(workbook(rows, merges=["G2:H2"]))
    assert rows_of(found, "full_name", "gender", "household_status", "national_id", "amount") == [
        (4, "Lê Văn Tí", "male", "poor", "083215001010", 500_000),
        (5, "Lê Thị Tèo", "female", "near_poor", "083315001011", 500_000),
    ]
    assert found.title_unit == "CĐCS Trường Kim Đồng"
    assert "Cột nữ được đánh dấu; dòng không đánh dấu được hiểu là nam." in [m.text for m in found.messages]


def test_a_birth_in_the_cell_of_the_name_is_taken_out_of_it():
    rows = [
        ["STT", "Họ và tên\nNăm sinh", "Địa chỉ"],
        [1, "Nguyễn Văn An (1985)", "Ấp 1"],
        [2, "Trần Thị Bình\n05/03/1986", "Ấp 2"],
        [3, "Lê Văn Cường, sinh năm 1987", "Ấp 3"],
        [4, "Lê Thị Dung", "Ấp 4"],
    ]
    assert rows_of(read(workbook(rows)), "full_name", "birth_date", "birth_year", "members") == [
        (2, "Nguyễn Văn An", None, 1985, None),
        (3, "Trần Thị Bình", date(1986, 3, 5), 1986, None),
        (4, "Lê Văn Cường", None, 1987, None),
        (5, "Lê Thị Dung", None, None, None),
    ]


def test_a_table_of_units_below_the_people_is_about_something_else():
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Đơn vị", "Số tiền"],
        ["I", "Tổng Công ty CP Phong Phú"],
        [1, "Nguyễn Văn An", 1980, "CĐCS A", 500_000],
        [2, "Trần Thị Bình", 1981, "CĐCS B", 500_000],
        ["Tổng cộng", N, N, N, 1_000_000],
        ["TỔNG HỢP THEO ĐƠN VỊ"],
        ["STT", "Đơn vị", "Số người", "Số tiền"],
        [1, "CĐCS A", 1, 500_000],
        [2, "CĐCS B", 1, 500_000],
    ]
    found = read(workbook(rows))
    assert rows_of(found, "full_name", "group") == [
        (3, "Nguyễn Văn An", "Tổng Công ty CP Phong Phú"),
        (4, "Trần Thị Bình", "Tổng Công ty CP Phong Phú"),
    ]
    assert (found.stated_total, found.messages) == (1_000_000, [])


def test_groups_with_counts_and_roles_and_abbreviated_headings():
    rows = [
        ["DANH SÁCH ĐẠI BIỂU"],
        ["S.T.T", "Họ và tên", "Năm sinh", "Số C.C.C.D", "Thành tiền"],
        ["I", "CĐCS xã Thạnh Hải", "02 người", N, "1.000.000đ"],
        [1, "Nguyễn Văn An (*)", 1980, "083080001010", 500_000],
        ["II", "Thuộc hộ (01 người)"],
        [2, "Trần Thị Bình", 1981, "083181001011", 500_000],
        ["Tổng cộng: 02 người x 500.000 đồng/người = 1.000.000 đồng"],
    ]
    found = read(workbook(rows), kind="people")
    assert rows_of(found, "full_name", "national_id", "group", "household_role") == [
        (4, "Nguyễn Văn An", "083080001010", "CĐCS xã Thạnh Hải", None),
        (6, "Trần Thị Bình", "083181001011", "Thuộc hộ", "member"),
    ]
    assert (found.stated_total, found.messages) == (1_000_000, [])
    assert read(workbook(rows)).rows.values["role"] == [None, "member"]
