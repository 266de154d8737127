"""Lists of people, households, houses and delegates are told apart by what their columns say."""

from tests.reading import N, read, rows_of
from tests.sheets import workbook


def test_household_list_with_members_in_a_cell():
    rows = [
        ["DANH SÁCH HỘ NGHÈO, HỘ CẬN NGHÈO"],
        ["STT", "Họ tên chủ hộ", "Dân tộc", "Số nhân khẩu", "Thôn/bản", "Xã", "Hộ nghèo", "Cận nghèo"],
        [1, "Lò Văn Pâng", "Thái", 5, "Bản Hon", "Tam Đường", "x"],
        [2, "Giàng A Páo\nSùng Thị Dơ", "Mông", "4 khẩu", "Bản 2", "Tam Đường", N, "x"],
        [3, "Lò Thị Cươi", "Thái", 3, "Bản 3", "Tam Đường", "x", "x"],
    ]
    understood = read(workbook(rows))
    names = ("full_name", "members", "household_role", "household_status", "household_size", "address")
    assert rows_of(understood, *names) == [
        (3, "Lò Văn Pâng", None, "head", "poor", 5, "Bản Hon, Tam Đường"),
        (4, "Giàng A Páo", ["Sùng Thị Dơ"], "head", "near_poor", 4, "Bản 2, Tam Đường"),
        (5, "Lò Thị Cươi", None, "head", None, 3, "Bản 3, Tam Đường"),
    ]
    assert understood.rows.status == ["ready", "warning", "error"]


def test_groups_that_name_a_class_give_it_to_their_rows():
    rows = [
        ["STT", "Họ và tên", "Năm sinh"],
        ["I. HỘ NGHÈO: 1 hộ"],
        [1, "Nguyễn Văn An", 1980],
        ["II. HỘ CẬN NGHÈO"],
        [1, "Trần Thị Bình", 1981],
    ]
    assert rows_of(read(workbook(rows)), "household_status", "group") == [
        (3, "poor", "HỘ NGHÈO"),
        (5, "near_poor", "HỘ CẬN NGHÈO"),
    ]


def test_gifts_in_cash_and_kind():
    rows = [
        ["STT", "Họ và tên", "Bộ phận", "Quà (nghìn đồng)", N, "Số tài khoản", "Ngân hàng", "Ký nhận"],
        [N, N, N, "Tiền mặt", "Hiện vật"],
        [1, "Nguyễn Văn An", "May 1", 1000, 300, "0071000123456", "Vietcombank"],
        [2, "Trần Thị Bình", "May 2", 1000, N, "0071000123457", "BIDV"],
    ]
    understood = read(workbook(rows, merges=["D1:E1"]))
    assert rows_of(understood, "amount", "amount_cash", "amount_in_kind", "bank_account") == [
        (3, 1_300_000, 1_000_000, 300_000, "0071000123456"),
        (4, 1_000_000, 1_000_000, None, "0071000123457"),
    ]


def test_houses_with_crosses_and_money_in_millions():
    rows = [
        ["DANH SÁCH ĐỀ NGHỊ XÂY, SỬA NHÀ"],
        ["STT", "Họ tên", "Xây mới", "Sửa chữa", "Tổng kinh phí (tr.đ)", "Công đoàn hỗ trợ (tr.đ)", "Gia đình (tr.đ)"],
        [1, "Nguyễn Văn An", "x", N, "120,5", 60, "60.5"],
        [2, "Trần Thị Bình", N, "X", 45, 25, 15],
        ["Tổng", N, N, N, "165,5", 85, "75,5"],
    ]
    understood = read(workbook(rows))
    assert understood.kind.name == "houses"
    assert rows_of(understood, "construction", "cost_total", "cost_union", "cost_family") == [
        (3, "new", 120_500_000, 60_000_000, 60_500_000),
        (4, "repair", 45_000_000, 25_000_000, 15_000_000),
    ]
    assert understood.rows.status == ["ready", "warning"]
    assert (understood.stated_total, understood.computed_total) == (85_000_000, 85_000_000)


def test_houses_with_amounts_under_the_kind_of_building():
    rows = [
        ["DANH SÁCH MÁI ẤM CÔNG ĐOÀN"],
        ["STT", "Họ tên", "CĐCS", "Đề nghị hỗ trợ (triệu đồng)", N],
        [N, N, N, "Xây mới", "Sửa chữa"],
        [1, "Nguyễn Văn An", "CĐCS Giày Phú Thuận", 60],
        [2, "Trần Thị Bình", "CĐCS Thủy sản", N, 25],
        ["Tổng cộng", N, N, 60, 25],
    ]
    understood = read(workbook(rows, merges=["D2:E2"]))
    assert rows_of(understood, "construction", "cost_union", "workplace") == [
        (4, "new", 60_000_000, "CĐCS Giày Phú Thuận"),
        (5, "repair", 25_000_000, "CĐCS Thủy sản"),
    ]
    assert understood.stated_total == 85_000_000


def test_houses_by_word():
    rows = [
        ["DANH SÁCH NHÀ MÁI ẤM CÔNG ĐOÀN"],
        ["STT", "Họ tên", "Hình thức", "Số tiền hỗ trợ"],
        [1, "Nguyễn Văn An", "Xây mới", "60.000.000"],
        [2, "Trần Thị Bình", "Sửa chữa", 25000000],
    ]
    assert rows_of(read(workbook(rows)), "construction", "cost_union") == [
        (3, "new", 60_000_000),
        (4, "repair", 25_000_000),
    ]


def test_delegates_with_crosses():
    rows = [
        ["Danh sách đại biểu dự Hội nghị"],
        ["TT", "Họ tên đại biểu", "Chức vụ, đơn vị", "Điện thoại", "Chủ hộ", "Thành viên", "Đại diện gia đình"],
        [1, "Nguyễn Văn An", "CĐCS Giày", "0912345678", "x"],
        [2, "Trần Thị Bình", "CĐCS Giày", "0912345679", N, "x"],
        [3, "Lê Văn Cường", "CĐCS Giày", "0912345670", N, N, "x"],
    ]
    understood = read(workbook(rows))
    assert understood.kind.name == "delegates"
    assert rows_of(understood, "full_name", "role") == [
        (3, "Nguyễn Văn An", "head"),
        (4, "Trần Thị Bình", "member"),
        (5, "Lê Văn Cường", "family"),
    ]


def test_kind_can_be_given():
    rows = [["STT", "Họ và tên", "Năm sinh"], [1, "Nguyễn Văn An", 1980]]
    assert [read(workbook(rows), kind=kind).kind.name for kind in ("people", "houses", "delegates")] == [
        "people",
        "houses",
        "delegates",
    ]


def test_household_members_one_a_line_under_a_merged_head():
    rows = [
        ["TT", "Họ tên chủ hộ", "Họ tên thành viên", "Năm sinh", "Quan hệ với chủ hộ", "Hộ nghèo"],
        [1, "Nguyễn Văn An", "Nguyễn Văn An", 1970, "Chủ hộ", "x"],
        [N, N, "Trần Thị Bình", 1975, "Vợ"],
        [2, "Lê Văn Cường", "Lê Văn Cường", 1980, "Chủ hộ", "x"],
    ]
    understood = read(workbook(rows, merges=["A2:A3", "B2:B3", "F2:F3"]))
    assert rows_of(understood, "head_name", "full_name", "household_role", "household_status") == [
        (2, "Nguyễn Văn An", "Nguyễn Văn An", "head", "poor"),
        (3, "Nguyễn Văn An", "Trần Thị Bình", "member", "poor"),
        (4, "Lê Văn Cường", "Lê Văn Cường", "head", "poor"),
    ]


def test_class_and_illness_in_one_column_go_to_their_fields():
    rows = [
        ["STT", "Họ và tên", "Diện"],
        [1, "Nguyễn Văn An", "Hộ nghèo"],
        [2, "Trần Thị Bình", "Cận nghèo"],
        [3, "Lê Văn Cường", "Bệnh hiểm nghèo"],
    ]
    assert rows_of(read(workbook(rows)), "household_status", "hardship") == [
        (2, "poor", None),
        (3, "near_poor", None),
        (4, None, "Bệnh hiểm nghèo"),
    ]


def test_crosses_under_any_class_tell_it():
    rows = [
        ["STT", "Họ và tên", "Đối tượng", N, N],
        [N, N, "Hộ nghèo", "Mồ côi", "Neo đơn"],
        [1, "Nguyễn Văn An", "x", "x"],
        [2, "Trần Thị Bình", N, "x", "x"],
    ]
    assert rows_of(read(workbook(rows, merges=["C1:E1"])), "household_status", "hardship") == [
        (3, "poor", "Mồ côi"),
        (4, None, "Mồ côi; Neo đơn"),
    ]


def test_yes_and_no_are_marks_too():
    rows = [
        ["STT", "Họ và tên", "Hộ nghèo", "Hộ cận nghèo"],
        [1, "Nguyễn Văn An", "Có", "Không"],
        [2, "Trần Thị Bình", "Không", "Có"],
    ]
    assert rows_of(read(workbook(rows)), "household_status") == [(2, "poor"), (3, "near_poor")]
