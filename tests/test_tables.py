import csv
import datetime
import io
import tracemalloc
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.papers import people, plan
from welfare.documents import tables
from welfare.documents.blocks import GroupRow
from welfare.documents.layout import OfficialDocument, printable
from welfare.documents.tables import Sheet, TableError, render_xlsx, write_csv, write_xlsx

FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://a\")", "＝1"]  # fmt: skip


def workbook(*sheets):
    target = io.BytesIO()
    write_xlsx(target, sheets)
    return target


def read_csv(header, rows):
    target = io.BytesIO()
    write_csv(target, header, rows)
    text = target.getvalue().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_no_text_becomes_a_formula_or_a_link():
    sheet = Sheet("=1+1", ["=A1", "@x"], [[text, text] for text in FORMULAS], titles=["=2"], total=["=3", "+4"])
    target = workbook(sheet)
    with zipfile.ZipFile(target) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
        names = package.namelist()
    assert "<f>" not in xml
    assert "<hyperlink" not in xml
    assert "xl/worksheets/_rels/sheet1.xml.rels" not in names
    cells = [cell for row in load_workbook(target).active for cell in row if cell.value is not None]
    assert len(cells) == 2 * len(FORMULAS) + 5
    assert {cell.data_type for cell in cells} == {"s"}


def test_values_keep_their_type_and_vietnamese_format():
    moment = datetime.datetime(2026, 1, 5, 1, 30, tzinfo=datetime.UTC)
    values = [
        1_530_000,
        Decimal("92.5"),
        0.5,
        datetime.date(2026, 1, 5),
        moment,
        True,
        False,
        None,
        "083070001010",
        10**18,
    ]
    target = workbook(Sheet("Kiểu", [str(n) for n in range(len(values))], [values]))
    row = load_workbook(target).active[2]
    assert [cell.value for cell in row] == [
        1530000,
        92.5,
        0.5,
        datetime.datetime.fromisoformat("2026-01-05"),
        datetime.datetime.fromisoformat("2026-01-05T08:30"),
        "x",
        None,
        None,
        "083070001010",
        "1000000000000000000",
    ]
    assert [cell.number_format for cell in row][:5] == [
        "#,##0",
        "#,##0.##",
        "#,##0.##",
        "dd/mm/yyyy",
        "dd/mm/yyyy hh:mm",
    ]


def test_not_a_number_is_written_as_text():
    row = load_workbook(workbook(Sheet("x", ["a", "b", "c"], [[float("nan"), float("inf"), Decimal("NaN")]]))).active[2]
    assert [cell.value for cell in row] == ["nan", "inf", "NaN"]


def test_groups_totals_and_titles_stand_in_their_places():
    rows = [GroupRow("I. LĐLĐ huyện A"), ["Nguyễn Thị Mẫu", 500_000]]
    sheet = Sheet("Danh sách", ["Họ tên", "Số tiền"], rows, titles=["DANH SÁCH"], total=["Tổng cộng", 500_000])
    assert list(load_workbook(workbook(sheet)).active.values) == [
        ("DANH SÁCH", None),
        ("Họ tên", "Số tiền"),
        ("I. LĐLĐ huyện A", None),
        ("Nguyễn Thị Mẫu", 500_000),
        ("Tổng cộng", 500_000),
    ]


def test_sheet_names_are_made_valid_and_distinct():
    names = ["Tết [2026]/A:B", "'x'", "", "X", "History", "a" * 40, "a" * 50]
    target = workbook(*(Sheet(name, ["a"], []) for name in names))
    assert load_workbook(target).sheetnames == [
        "Tết  2026  A B",
        "x",
        "Bảng 3",
        "X 4",
        "History 5",
        "a" * 31,
        "a" * 29 + " 7",
    ]


def test_document_tables_become_sheets_with_numbers():
    book = load_workbook(io.BytesIO(render_xlsx(plan())))
    assert book.sheetnames == ["Bảng 1. Chỉ tiêu giao", "Bảng 2", "Bảng 3"]
    assert list(book.worksheets[0].values)[3:6] == [
        ("TT", "Chỉ tiêu", "Đơn vị tính", "Giao năm 2026: Cả tỉnh", "Giao năm 2026: Quý I", "Hạn"),
        (1, "Mái ấm Công đoàn xây mới", "nhà", 8, 2, datetime.datetime.fromisoformat("2026-11-15")),
        (2, "Suất quà Tết", "suất", 1530, 1530, datetime.datetime.fromisoformat("2026-02-10")),
    ]


def test_document_list_is_one_sheet_named_after_its_kind():
    book = load_workbook(io.BytesIO(render_xlsx(OfficialDocument(kind="DANH SÁCH", blocks=[people(3)]))))
    assert book.sheetnames == ["Danh sách"]
    assert [row[0] for row in book.active.values][2:] == ["I. LĐLĐ huyện A", 1, 2, 3]


def test_too_long_text_is_cut_not_lost():
    value = load_workbook(workbook(Sheet("x", ["a"], [["ơ" * 40_000]]))).active["A2"].value
    assert value == "ơ" * 32_766 + "…"


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    with pytest.raises(TableError) as refusal:
        workbook(Sheet("x", ["a"], [[1], [2], [3]]))
    assert str(refusal.value) == (
        "Danh sách có hơn 1.048.576 dòng, một trang tính không chứa hết; hãy lọc bớt rồi xuất lại."
    )


def test_memory_does_not_grow_with_the_rows():
    def peak(rows):
        tracemalloc.start()
        workbook(Sheet("x", ["a", "b"], ((f"Nguyễn Thị Mẫu {n}", n) for n in range(rows))))
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(10)
    assert peak(8_000) - peak(1_000) < 600_000


def test_csv_quotes_what_a_spreadsheet_would_run():
    rows = read_csv(["=Tên", "Số"], [[text, -5] for text in FORMULAS] + [[" =1", Decimal("-1.50")], ["a-b", None]])
    assert rows == [["'=Tên", "Số"]] + [[f"'{text}", "-5"] for text in FORMULAS] + [["' =1", "-1.50"], ["a-b", ""]]


def test_csv_writes_dates_the_vietnamese_way_and_keeps_codes():
    assert read_csv(["a", "b"], [[datetime.date(2026, 1, 5), "083070001010"]])[1] == ["05/01/2026", "083070001010"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=50), min_size=2, max_size=2))
def test_any_text_comes_back(texts):
    target = workbook(Sheet(texts[0], ["a", "b"], [texts]))
    with zipfile.ZipFile(target) as package:
        assert "<f>" not in package.read("xl/worksheets/sheet1.xml").decode()
    kept = [cell.value or "" for cell in load_workbook(target).active[2]]
    assert [_lines(text) for text in kept] == [_lines(printable(text)) for text in texts]
    assert [_lines(text.removeprefix("'")) for text in read_csv(["a", "b"], [texts])[1]] == [
        _lines(printable(text).removeprefix("'")) for text in texts
    ]


def _lines(text):
    """XML readers make one line end of all kinds."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
