"""Whole lists: the examples as unions send them, and others of the same kinds with other wordings and faults."""

import io
import json
import unicodedata
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beneficiaries.intake.limits import IntakeRefused
from beneficiaries.intake.oldexcel import scan_old
from beneficiaries.intake.reading import Book, Sheet
from beneficiaries.intake.understanding import understand, understand_book
from tests.sheets import ODS_BLANK_TAIL, opendocument, opendocument_row, workbook

TODAY = date(2026, 11, 22)
LISTS = Path(__file__).parent / "lists"
N = None


def read(file, filename="danh-sach.xlsx", **options):
    return understand(file, filename=filename, today=TODAY, **options)


def rows_of(understood, *names) -> list[tuple]:
    """(row number, the named values...) of every row."""
    columns = [understood.rows.column(name) for name in names]
    return list(zip(understood.rows.number, *columns, strict=True))


# --- the examples -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(LISTS.glob("*.json")), ids=lambda path: path.name)
def test_example_gives_exactly_its_rows(path):
    expected = json.loads(path.read_text())
    found = read(str(path.with_suffix(""))).as_json()
    assert [row["row"] for row in found["rows"]] == [row["row"] for row in expected["rows"]]
    for row, wanted in zip(found["rows"], expected["rows"], strict=True):
        allowed = wanted.pop("status")
        assert row["status"] in ([allowed] if isinstance(allowed, str) else allowed)
        keys = wanted.keys() - {"row", "why"}
        assert {key: row["values"][key] for key in keys} == {key: wanted[key] for key in keys}
    for key in expected.keys() & {"kind", "stated_total", "computed_total"}:
        assert found[key] == expected[key]


def test_json_has_the_agreed_shape():
    found = read(str(LISTS / "faults.xlsx")).as_json()
    assert list(found) == ["sheets", "kind", "rows", "counts", "stated_total", "computed_total", "messages"]
    assert json.loads(json.dumps(found)) == found
    assert found["sheets"] == ["Sheet"]
    assert found["counts"] == {"rows": 17, "ready": 2, "warning": 5, "error": 9, "duplicate": 1}
    assert list(found["rows"][1]) == ["sheet", "row", "status", "messages", "values"]
    assert found["rows"][1]["messages"] == [
        {
            "column": "C",
            "field": "birth",
            "text": "Ngày sinh “31/02/1985” không có trong lịch; hãy ghi ngày/tháng/năm, ví dụ 05/03/1985.",
        }
    ]


def test_title_block_names_sender_and_list():
    title = read(str(LISTS / "plain.xlsx")).title
    assert (title.unit, title.text) == (
        "LĐLĐ HUYỆN BA TRI",
        "DANH SÁCH ĐOÀN VIÊN, NGƯỜI LAO ĐỘNG THUỘC HỘ NGHÈO, HỘ CẬN NGHÈO",
    )


def test_wrong_total_is_one_message_of_the_file():
    assert [m.text for m in read(str(LISTS / "groups-and-wrong-total.xlsx")).messages] == [
        "Dòng tổng cộng 33 của trang “Sheet” ghi 25.500.000 đồng nhưng các dòng cộng lại được 25.000.000 đồng; "
        "hãy đối chiếu lại."
    ]


# --- headers --------------------------------------------------------------------------------------------


def test_header_of_three_rows_with_numbering_groups_and_signatures():
    rows = [
        ["LIÊN ĐOÀN LAO ĐỘNG TỈNH BẾN TRE\nCÔNG ĐOÀN NGÀNH GIÁO DỤC", N, N, N, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["DANH SÁCH ĐOÀN VIÊN CÓ HOÀN CẢNH KHÓ KHĂN"],
        [N, N, N, N, N, "Đơn vị tính: nghìn đồng"],
        ["TT", "Họ và tên", "Thông tin cá nhân", N, N, "Đơn vị", "Mức hỗ trợ"],
        [N, N, "Ngày tháng năm sinh", N, "CCCD"],
        [N, N, "Nam", "Nữ"],
        [1, 2, 3, 4, 5, 6, 7],
        ["A", "Khối mầm non"],
        [1, "Nguyễn Văn An", "05/03/1985", N, "083085001010", "MN Sao Mai", 500],
        [2, "Trần Thị Bình", N, 1990, "083190001011", "MN Sao Mai", 1000],
        ["Cộng A", N, N, N, N, N, 1500],
        ["B", "Khối tiểu học"],
        [1, "Lê Thị Cúc", N, "1/2/93", "083193001012", "TH Phú Lễ", "500"],
        ["Tổng cộng: 3 người", N, N, N, N, N, 2000],
        ["Bằng chữ: Hai triệu đồng chẵn"],
        [N, N, N, N, N, "Bến Tre, ngày 05 tháng 01 năm 2026"],
        [N, "Người lập biểu", N, N, N, "TM. BAN THƯỜNG VỤ"],
        [N, "Nguyễn Thị Lập", N, N, N, "Trần Văn Tịch"],
    ]  # fmt: skip
    merges = ["A4:A6", "B4:B6", "C4:E4", "C5:D5", "E5:E6", "F4:F6", "G4:G6", "A2:G2"]
    understood = read(workbook(rows, merges=merges))
    assert rows_of(understood, "full_name", "birth_year", "gender", "amount", "group") == [
        (9, "Nguyễn Văn An", 1985, "male", 500_000, "Khối mầm non"),
        (10, "Trần Thị Bình", 1990, "female", 1_000_000, "Khối mầm non"),
        (13, "Lê Thị Cúc", 1993, "female", 500_000, "Khối tiểu học"),
    ]
    assert understood.title_unit == "CÔNG ĐOÀN NGÀNH GIÁO DỤC"
    assert (understood.stated_total, understood.computed_total, understood.messages) == (2_000_000, 2_000_000, [])


def test_header_not_merged_at_all_is_understood():
    rows = [
        ["TT", "Họ tên", "Giới tính", N, "Thuộc diện", N, N],
        [N, N, "Nam", "Nữ", "Hộ nghèo", "Hộ cận nghèo", "BHN"],
        [1, "Nguyễn Văn An", "x", N, "x", N, N],
        [2, "Trần Thị Bình", N, "x", N, "x", "x"],
    ]
    understood = read(workbook(rows))
    assert rows_of(understood, "full_name", "gender", "household_status", "hardship") == [
        (3, "Nguyễn Văn An", "male", "poor", None),
        (4, "Trần Thị Bình", "female", "near_poor", "Bệnh hiểm nghèo"),
    ]


def test_header_broken_over_two_lines_of_one_cell_and_in_other_order():
    rows = [
        ["Ghi\nchú", "Số tiền\n(đồng)", "Số\nCCCD", "HỌ VÀ\nTÊN", "Năm\nsinh"],
        ["a", "500.000", "083080001010", "Nguyễn Văn An", 1980],
        [N, 600000, "083181001011", "Trần Thị Bình", 1981],
    ]
    assert rows_of(read(workbook(rows)), "full_name", "birth_year", "national_id", "amount", "note") == [
        (2, "Nguyễn Văn An", 1980, "083080001010", 500_000, "a"),
        (3, "Trần Thị Bình", 1981, "083181001011", 600_000, None),
    ]


def test_near_spellings_are_taken_and_called_unsure():
    rows = [["STT", "Họ vàtên", "Ngày tháng năm sin", "Số tiền ho tro Tết"], [1, "Nguyễn Văn An", 1980, 500000]]
    columns = read(workbook(rows)).columns
    assert [(c.field.name, c.certainty) for c in columns] == [
        ("number", "sure"),
        ("full_name", "unsure"),
        ("birth", "unsure"),
        ("amount", "unsure"),
    ]


def test_repeated_header_and_a_second_table_with_other_columns():
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Số tiền"],
        [1, "Nguyễn Văn An", 1980, 500000],
        ["STT", "Họ và tên", "Năm sinh", "Số tiền"],
        [2, "Trần Thị Bình", 1981, 500000],
        ["Tổng cộng", N, N, 1000000],
        [N, N, N, "CHỦ TỊCH"],
        [],
        ["TT", "Họ tên", "Số tiền", "Năm sinh"],
        [1, "Lê Văn Cường", 700000, 1983],
    ]
    understood = read(workbook(rows))
    assert rows_of(understood, "full_name", "birth_year", "amount") == [
        (2, "Nguyễn Văn An", 1980, 500_000),
        (4, "Trần Thị Bình", 1981, 500_000),
        (9, "Lê Văn Cường", 1983, 700_000),
    ]
    assert understood.stated_total == 1_000_000
    assert [understood.rows.letter(index, "amount") for index in range(3)] == ["D", "D", "C"]


def test_list_without_numbers_and_title():
    rows = [
        ["Họ tên", "Năm sinh", "SĐT", "Mức hỗ trợ"],
        ["Công ty TNHH Giày Phú Thuận"],
        ["Nguyễn Văn An", 1980, 912345678, "1tr5"],
        ["Trần Thị Bình", "1981", "0912.345.679", "2 triệu"],
        ["Tổng cộng", N, N, 3500000],
    ]
    understood = read(workbook(rows))
    assert rows_of(understood, "full_name", "phone", "amount", "group") == [
        (3, "Nguyễn Văn An", "0912345678", 1_500_000, "Công ty TNHH Giày Phú Thuận"),
        (4, "Trần Thị Bình", "0912345679", 2_000_000, "Công ty TNHH Giày Phú Thuận"),
    ]
    assert understood.stated_total == 3_500_000


@pytest.mark.parametrize("merges", [(), ("B1:C1",)])
def test_name_in_two_columns(merges):
    heads = ["Họ và tên", N] if merges else ["Họ và chữ đệm", "Tên"]
    rows = [["STT", *heads, "Ngày sinh"], [1, "Nguyễn Văn", "An", "1/2/1980"], [2, "TRẦN THỊ", "BÌNH", "2/2/1981"]]
    assert rows_of(read(workbook(rows, merges=merges)), "full_name") == [(2, "Nguyễn Văn An"), (3, "Trần Thị Bình")]


def test_number_merged_over_two_columns_is_one_number():
    rows = [["STT", "Họ và tên", "Số tiền", N], [1, "Nguyễn Văn An", 500000, N], [2, "Trần Thị Bình", N, "600k"]]
    understood = read(workbook(rows, merges=["C1:D1"]))
    assert rows_of(understood, "amount") == [(2, 500_000), (3, 600_000)]
    assert understood.conflicts == []


def test_two_columns_for_one_field_are_a_conflict_that_a_choice_settles():
    rows = [["STT", "Họ và tên", "Mức hỗ trợ", "Thành tiền"], [1, "Nguyễn Văn An", 500000, 600000]]
    understood = read(workbook(rows))
    text = "Nhiều cột cùng là Số tiền: cột C “Mức hỗ trợ” và cột D “Thành tiền”; hãy chọn một cột."
    assert [m.text for m in understood.messages] == [text]
    with pytest.raises(IntakeRefused, match="Nhiều cột cùng là Số tiền"):
        understood.refuse_conflicts()
    chosen = read(workbook(rows), remembered={"muc ho tro": ""})
    assert (chosen.conflicts, chosen.rows.values["amount"]) == ([], [600_000])
    chosen.refuse_conflicts()


def test_same_heading_twice_is_a_conflict_even_for_text():
    rows = [["STT", "Họ và tên", "Địa chỉ", "Địa chỉ"], [1, "Nguyễn Văn An", "Ấp 1", "Ấp 2"]]
    assert [str(conflict) for conflict in read(workbook(rows)).conflicts] == [
        "Nhiều cột cùng là Địa chỉ: cột C “Địa chỉ” và cột D “Địa chỉ”; hãy chọn một cột."
    ]


def test_aliases_and_remembered_choices_extend_the_built_in_ones():
    rows = [["STT", "Họ và tên", "Mã bí mật", "Chỗ đứng máy"], [1, "Nguyễn Văn An", "083080001010", "Giày Phú Thuận"]]
    plain = read(workbook(rows))
    assert [m.text for m in plain.messages] == [
        "Trang “Danh sách” có cột không dùng đến: C “Mã bí mật”, D “Chỗ đứng máy”."
    ]
    taught = read(workbook(rows), aliases=[("national_id", "Mã bí mật")], remembered={"cho dung may": "workplace"})
    assert rows_of(taught, "national_id", "workplace") == [(2, "083080001010", "Giày Phú Thuận")]


def test_columns_of_others_are_not_taken_for_the_persons():
    rows = [
        ["STT", "Họ và tên", "Số CCCD", "Ngày cấp", "Nơi cấp", "Họ tên chủ hộ", "Số CCCD chủ hộ", "Quê quán"],
        [1, "Nguyễn Văn An", "083080001010", "01/05/2021", "Cục CSQLHC", "Nguyễn Văn Bé", "083050001011", "Bến Tre"],
    ]
    understood = read(workbook(rows))
    assert rows_of(understood, "full_name", "national_id", "birth_date", "address") == [
        (2, "Nguyễn Văn An", "083080001010", None, None)
    ]


# --- kinds ----------------------------------------------------------------------------------------------


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


# --- encodings and formats ------------------------------------------------------------------------------

VNI = [
    ["Lieân ñoaøn Lao ñoäng tænh Beán Tre"],
    ["STT", "Hoï vaø teân", "Ngaøy sinh", "Ñôn vò coâng taùc"],
    [1, "Nguyeãn Vaên An", "05/03/1985", "Coâng ty Giaøy"],
    [2, "Leâ Thò Höông", "06/04/1986", "Coâng ty May"],
]
TCVN3 = [
    ["Liªn ®oµn Lao ®éng tØnh BÕn Tre"],
    ["STT", "Hä vµ tªn", "Ngµy sinh", "§¬n vÞ c«ng t¸c"],
    [1, "NguyÔn V¨n An", "05/03/1985", "C«ng ty Giµy"],
    [2, "Lª ThÞ H\xad¬ng", "06/04/1986", "C«ng ty May"],
]


@pytest.mark.parametrize(("rows", "font"), [(VNI, "VNI-Times"), (VNI, N), (TCVN3, ".VnTime"), (TCVN3, N)])
def test_legacy_fonts_are_decoded_with_or_without_their_font_name(rows, font):
    understood = read(workbook(rows, font=font))
    assert rows_of(understood, "full_name", "workplace") == [
        (3, "Nguyễn Văn An", "Công ty Giày"),
        (4, "Lê Thị Hương", "Công ty May"),
    ]
    assert understood.title_unit == "Liên đoàn Lao động tỉnh Bến Tre"


def test_letter_lost_in_tcvn3_is_doubted():
    rows = [*TCVN3, [3, "TrÇn ThÞ H¬ngg", "07/04/1986", "C«ng ty May"]]
    assert read(workbook(rows, font=".VnTime")).rows.status == ["ready", "ready", "warning"]


def test_utf8_read_as_windows_text_is_repaired():
    def garble(text):
        return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())

    rows = [
        ["STT", garble("Họ và tên"), garble("Ngày sinh")],
        [1, garble("Nguyễn Văn Hướng"), "05/03/1985"],
    ]
    assert rows_of(read(workbook(rows)), "full_name") == [(2, "Nguyễn Văn Hướng")]


def test_unicode_in_a_legacy_font_stays():
    rows = [["STT", "Họ và tên", "Ngày sinh"], [1, "Lê Lan", "05/03/1985"], [2, "Nguyễn Văn Hướng", "05/03/1985"]]
    assert rows_of(read(workbook(rows, font=".VnTime")), "full_name") == [(2, "Lê Lan"), (3, "Nguyễn Văn Hướng")]


def test_decomposed_letters_are_stored_composed():
    rows = [["STT", "Họ và tên", "Năm sinh"], [1, "Nguyễn Văn Hướng", 1980]]
    rows = [[unicodedata.normalize("NFD", cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    assert rows_of(read(workbook(rows)), "full_name") == [(2, "Nguyễn Văn Hướng")]


def test_old_excel_files():
    understood = read(str(LISTS / "old-format.xls"), "a.xls")
    assert rows_of(understood, "full_name", "birth_date", "gender", "national_id", "amount") == [
        (7, "Nguyễn Văn Giàu", date(1980, 3, 5), "male", "083080500001", 1_500_000),
        (8, "Trần Thị Lụa", date(1986, 4, 6), "female", "083186500002", 2_000_000),
    ]
    assert (understood.hidden, understood.stated_total) == (["Ẩn"], 3_500_000)
    old = read(str(LISTS / "old-tcvn3.xls"), "a.xls")
    assert rows_of(old, "full_name", "workplace") == [
        (3, "Nguyễn Văn Hùng", "Công ty Giày"),
        (4, "Hộ Văn Bưởi", "Công ty Giày"),
        (5, "Võ Thị Hồng", "Trường Ba Tri"),
    ]


def test_old_excel_files_tell_error_cells_and_fonts():
    broken = read(str(LISTS / "old-errors.xls"), "a.xls")
    assert broken.rows.status == ["ready", "error", "error"]
    assert [m.text for messages in broken.rows.messages.values() for m in messages] == [
        "Ô báo lỗi #N/A của Excel; hãy sửa công thức hoặc gõ giá trị.",
        "Ô báo lỗi #REF! của Excel; hãy sửa công thức hoặc gõ giá trị.",
    ]
    mixed = read(str(LISTS / "old-two-fonts.xls"), "a.xls")
    assert rows_of(mixed, "full_name", "workplace") == [(2, "Hộ Văn Bộ", "Tổ 1"), (3, "Võ Văn Hộ", "Tổ 2")]


OLD = (LISTS / "old-errors.xls").read_bytes()


@given(st.lists(st.tuples(st.integers(0, len(OLD) - 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_damaged_old_files_give_no_facts_or_some(edits):
    data = bytearray(OLD)
    for place, byte in edits:
        data[place] = byte
    assert isinstance(scan_old(bytes(data)), dict)


def test_opendocument():
    rows = opendocument_row("STT", "Họ và tên", "Ngày sinh", "Số tiền")
    rows += opendocument_row(1, "Nguyễn Văn An", date(1985, 3, 5), 500000)
    rows += opendocument_row(2, "Trần Thị Bình", "06/03/1986", "#N/A")
    understood = read(opendocument(rows + ODS_BLANK_TAIL), "a.ods")
    assert rows_of(understood, "full_name", "birth_date", "amount") == [
        (2, "Nguyễn Văn An", date(1985, 3, 5), 500_000),
        (3, "Trần Thị Bình", date(1986, 3, 6), None),
    ]
    assert understood.rows.status == ["ready", "error"]


TEXT = 'STT;Họ và tên;Ngày sinh;Số CCCD;Số tiền\r\n1;Nguyễn Văn Hướng;05/03/1985;83085001010;1.500.000\r\n2;"Trần Thị Bưởi";1986;;"2.000.000"\r\n;Tổng cộng;;;3.500.000\r\n'


def in_cp1258(text: str) -> bytes:
    """As Windows saves it: tone marks apart from their letters where it has no whole letter."""
    result = b""
    for letter in text:
        try:
            result += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = "".join(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tone))
            result += base.encode("cp1258") + tone.encode("cp1258")
    return result


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.replace(";", "\t").encode("utf-16-le"),
        TEXT.replace(";", ",").encode("utf-16-be"),
        in_cp1258(TEXT),
    ],
)
def test_text_files_in_every_encoding(content):
    understood = read(io.BytesIO(content), "a.csv")
    assert rows_of(understood, "full_name", "birth_year", "national_id", "amount") == [
        (2, "Nguyễn Văn Hướng", 1985, "083085001010", 1_500_000),
        (3, "Trần Thị Bưởi", 1986, None, 2_000_000),
    ]
    assert (understood.rows.status, understood.stated_total) == (["warning", "warning"], 3_500_000)


def test_text_file_in_tcvn3_whose_codes_could_be_tones_behind_vowels():
    content = "STT;Hä vµ tªn;Ngµy sinh;Sè tiÒn\n1;Vâ A Quý;05/03/1985;500000\n2;TrÇn ThÞ TiÒn;06/03/1985;500000\n"
    found = read(io.BytesIO(content.encode("latin-1")), "a.csv")
    assert rows_of(found, "full_name", "amount") == [(2, "Võ A Quý", 500_000), (3, "Trần Thị Tiền", 500_000)]


def test_text_file_in_tcvn3():
    content = "STT,Hä vµ tªn,Ngµy sinh\n1,NguyÔn V¨n H\xadíng,05/03/1985\n2,TrÇn ThÞ B\xadëi,06/03/1985\n".encode(
        "latin-1"
    )
    assert rows_of(read(io.BytesIO(content), "a.csv"), "full_name") == [(2, "Nguyễn Văn Hướng"), (3, "Trần Thị Bưởi")]


# --- nothing raises ---------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["STT", "Họ và tên", "Họ tên chủ hộ", "Ngày sinh", "Nam", "Nữ", "Năm", "Số CCCD", "Đơn vị", "Địa chỉ", "Hộ nghèo", "BHN",
     "Thuộc diện", "Xây mới", "Sửa chữa", "Kinh phí (triệu đồng)", "Tổng", "Gia đình", "Số tiền", "Chủ hộ", "Tên", "Họ đệm",
     "Tổng cộng: 5 người", "Cộng", "I", "I. LĐLĐ huyện Ba Tri", "NGƯỜI LẬP", "x", "(1)", "Nguyễn Văn An", "Trần Thị Bình",
     "083080001010", "8.3E+10", "05/03/1985", "31/02/1985", "1tr5", "-5", "Bằng chữ: năm", "DANH SÁCH", "NguyÔn V¨n H\xad",
     "Nguyeãn Vaên An", "A\nB", "\x00", "=1+1", ""]
)  # fmt: skip
CELLS = st.one_of(
    WORDS,
    WORDS,
    st.integers(-5, 10**12),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.dates(date(1900, 1, 1), date(2040, 1, 1)).map(lambda day: [day.year, day.month, day.day]),
)


HEADS = [
    "Ngày sinh",
    "Số CCCD",
    "Số tiền",
    "Hộ nghèo",
    "Nam",
    "Nữ",
    "Địa chỉ",
    "Họ đệm",
    "Chủ hộ",
    "Xây mới",
    "Kinh phí",
    "Thành phần",
    "Giới tính",
    "Họ tên chủ hộ",
    "Quan hệ với chủ hộ",
    "Các thành viên trong hộ",
    "Tiền mặt",
    "Hiện vật",
]


@st.composite
def books(draw) -> Book:
    width = draw(st.integers(2, 8))
    row = st.lists(CELLS, min_size=width, max_size=width)
    rows = draw(st.lists(row, max_size=4))
    if draw(st.booleans()):
        heads = draw(st.permutations(HEADS))
        rows.append(["STT", "Họ và tên", *heads][:width])
        rows += draw(st.lists(row, max_size=1))
        for number in range(draw(st.integers(0, 5))):
            rows.append([number, "Nguyễn Văn An", *draw(row)][:width])
    rows += draw(st.lists(row, min_size=1, max_size=4))
    corner = st.tuples(st.integers(0, len(rows)), st.integers(0, width - 1))
    spans = draw(st.lists(st.tuples(corner, corner), max_size=3))
    merges = [[min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])] for a, b in spans]
    errors = dict.fromkeys(draw(st.lists(corner, max_size=2)), "#N/A")
    return Book(
        "xlsx", draw(st.sampled_from([None, "tcvn3", "vni"])), [Sheet("Danh sách", False, rows, merges, errors)]
    )


@settings(max_examples=100, deadline=None)
@given(books())
def test_no_sheet_does_more_than_refuse(book):
    height = len(book.sheets[0].rows)
    try:
        understood = understand_book(book, today=TODAY)
    except IntakeRefused:
        return
    found = understood.as_json()
    assert json.loads(json.dumps(found)) == found
    assert {len(column) for column in understood.rows.values.values()} == {len(found["rows"])}
    assert all(1 <= row["row"] <= height for row in found["rows"])
    assert len({(row["sheet"], row["row"]) for row in found["rows"]}) == len(found["rows"])
    assert all(row["messages"] for row in found["rows"] if row["status"] != "ready")


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
