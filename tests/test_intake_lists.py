"""Whole lists: the examples as unions send them, and the headers that others put above theirs."""

import json

import pytest

from beneficiaries.intake.limits import IntakeRefused
from tests.reading import LISTS, N, read, rows_of
from tests.sheets import workbook

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
