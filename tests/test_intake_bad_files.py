"""Files that must be refused, or read in spite of what is wrong with them, without harm to the process."""

import io
import os
import struct
import zipfile
import zlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries.intake import limits
from beneficiaries.intake.limits import IntakeRefused
from beneficiaries.intake.reading import read_book
from beneficiaries.intake.understanding import understand
from tests.sheets import part, repacked, workbook

TODAY = date(2026, 11, 22)
ROWS = [["STT", "Họ và tên", "Năm sinh"], [1, "Nguyễn Văn An", 1980]]
SHEET = "xl/worksheets/sheet1.xml"
LISTS = Path(__file__).parent / "lists"
DIED = (
    "Không đọc được tệp trong giới hạn bộ nhớ và thời gian cho phép (vùng dữ liệu quá lớn hoặc tệp hỏng); "
    "hãy chép riêng bảng danh sách sang tệp mới rồi tải lại."
)
BROKEN_ZIP = "Tệp bị hỏng hoặc tải lên chưa trọn; hãy mở bằng Excel, lưu lại rồi tải lên lần nữa."
NOT_A_TABLE = "Nội dung tệp không phải bảng tính; hãy mở bằng Excel, chọn Lưu thành .xlsx rồi tải lại."
TOO_LARGE = "Tệp giải nén ra quá lớn (hơn 100 MB hoặc gấp hơn 100 lần); hãy chép riêng bảng danh sách sang tệp mới."
PASSWORD = "Tệp có mật khẩu. Bỏ mật khẩu (Excel: Tệp > Thông tin > Bảo vệ) rồi tải lại."
DOCTYPE = "Tệp có khai báo XML lạ (DOCTYPE) nên không được nhận; hãy mở bằng Excel, lưu lại rồi tải lên."
MACRO = "Tệp có macro nên không được nhận; hãy lưu thành .xlsx rồi tải lại."


def refusal(content, filename="danh-sach.xlsx") -> str:
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    with pytest.raises(IntakeRefused) as refused:
        understand(file, filename=filename, today=TODAY)
    return str(refused.value)


def read(file, filename="danh-sach.xlsx"):
    return understand(file, filename=filename, today=TODAY)


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def sheet_xml(old: bytes, new: bytes) -> io.BytesIO:
    file = workbook(ROWS)
    return repacked(file, {SHEET: part(file, SHEET).replace(old, new)})


# --- not a workbook ---------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"\0\0\0", b" \r\n"])
def test_empty_file_is_refused(content):
    assert refusal(content) == "Tệp rỗng, không có dữ liệu; hãy kiểm tra lại tệp đã chọn."


@pytest.mark.parametrize(
    "content",
    [
        b"<html><table><tr><td>STT</td><td>Ho va ten</td></tr></table></html>",
        b"%PDF-1.7 something",
        b"MZ\x90\x00\x03 an executable",
        b"just words",
    ],
)
def test_content_that_is_no_workbook_is_refused(content):
    assert [refusal(content, name) for name in ("a.xlsx", "a.xls", "a.ods")] == [NOT_A_TABLE] * 3


def test_web_page_named_csv_is_refused():
    assert refusal(b"<html><table></table></html>", "a.csv") == NOT_A_TABLE


def test_other_extensions_are_refused():
    expected = "Chỉ nhận tệp .xlsx, .xls, .ods hoặc .csv; hãy lưu danh sách thành .xlsx."
    assert [refusal(b"x", name) for name in ("a.pdf", "a", "a.exe")] == [expected] * 3


def test_zip_without_a_workbook_is_refused():
    assert refusal(zipped(**{"readme.txt": b"hello"})) == NOT_A_TABLE


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_truncated_workbook_is_refused(share):
    content = workbook(ROWS).getvalue()
    assert refusal(content[: int(len(content) * share)]) == BROKEN_ZIP


def test_damaged_part_is_refused():
    file = workbook(ROWS)
    assert refusal(repacked(file, {"xl/workbook.xml": b"<workbook><sheets>"})) == (
        "Tệp bị hỏng; hãy mở bằng Excel, lưu lại rồi tải lên lần nữa."
    )


# --- too much ---------------------------------------------------------------------------------------


def test_file_over_ten_megabytes_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.truncate(limits.FILE_BYTES + 1)
    expected = "Tệp lớn hơn 10 MB; hãy bỏ ảnh và các trang thừa, hoặc chia thành nhiều tệp."
    assert refusal(str(path)) == expected
    with path.open("rb") as file:
        assert refusal(file) == expected


def test_many_parts_that_add_up_to_a_bomb_are_refused():
    noise = (os.urandom(1000) + bytes(29_000)) * 700  # some 30 to 1: no part is a bomb by itself
    parts = {f"xl/part{n}.bin": noise for n in range(8)}
    assert refusal(repacked(workbook(ROWS), {}, added=parts)) == TOO_LARGE


def test_size_declared_falsely_is_counted_while_inflating():
    file = workbook(ROWS)
    content = bytearray(repacked(file, {SHEET: b"<worksheet><sheetData>" + b" " * (200 << 20)}).getvalue())
    true_size = struct.pack("<I", len(b"<worksheet><sheetData>") + (200 << 20))
    assert content.count(true_size) >= 2
    assert refusal(bytes(content.replace(true_size, struct.pack("<I", 1000)))) == TOO_LARGE


def test_workbook_of_thousands_of_parts_is_refused():
    file = repacked(workbook(ROWS), {}, added={f"xl/media/{n}.png": b"x" for n in range(5000)})
    assert refusal(file).startswith("Tệp chứa quá nhiều phần (5")


def test_nested_archive_is_refused():
    expected = "Tệp có tệp khác nhúng bên trong; hãy xóa phần nhúng rồi tải lại."
    assert refusal(repacked(workbook(ROWS), {}, added={"xl/embeddings/a.zip": b"x"})) == expected
    inner = zipped(a=b"x")
    assert refusal(repacked(workbook(ROWS), {}, added={"xl/embeddings/a.bin": inner})) == expected


def test_value_in_the_last_cell_is_refused_with_its_place():
    file = sheet_xml(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    assert refusal(file) == (
        "Vùng quá lớn: trang “Danh sách” có giá trị ở tận cột XFD, dòng 1048576; hãy xóa ô lạc đó rồi tải lại."
    )


def test_reader_that_aborts_leaves_this_process_alive():
    """References written in a form that the pre-scan doesn't read: only the child's limit is left."""
    file = sheet_xml(
        b"</sheetData>",
        b'<row r="1048576"><c r="&#88;FD1048576"><v>1</v></c></row></sheetData>',
    )
    before = os.getpid()
    assert refusal(file) in (
        DIED,
        "Tệp bị hỏng hoặc không phải bảng tính; hãy mở bằng Excel, lưu lại thành .xlsx rồi tải lên.",
    )
    assert os.getpid() == before


def test_child_killed_at_its_limit_gives_a_sentence(monkeypatch):
    monkeypatch.setattr(limits, "CHILD_WALL_SECONDS", 0)
    assert refusal(workbook(ROWS)) == DIED


def test_too_many_columns_are_refused():
    rows = [["STT", "Họ và tên", *range(120)]]
    assert refusal(workbook(rows)) == "Trang “Danh sách” có 122 cột (tối đa 100); hãy bỏ bớt cột thừa."


def test_too_many_rows_are_refused():
    lines = ["STT,Họ và tên,Năm sinh", *(f"{n},Nguyễn Văn An,1980" for n in range(1, 20_002))]
    assert refusal("\n".join(lines).encode(), "a.csv") == (
        "Danh sách có 20001 dòng (tối đa 20000); hãy chia thành nhiều tệp."
    )
    lines += lines[1:]
    assert refusal("\n".join(lines).encode(), "a.csv") == (
        "Trang “CSV” có hơn 20000 dòng; hãy chia danh sách thành nhiều tệp."
    )


def test_long_text_used_many_times_is_refused():
    """One shared string of 3,000 characters in 20,000 cells is 60 MB of text in a small file."""
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"a" * 3_000
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(10, 20_000))
    file = repacked(
        sheet_xml(b"</sheetData>", cells + b"</sheetData>"),
        {},
        added={"xl/sharedStrings.xml": strings + b"</t></si></sst>"},
    )
    assert refusal(file) == "Trang “Danh sách” có quá nhiều chữ; hãy chỉ giữ lại bảng danh sách."


def test_a_million_styled_blank_rows_are_read():
    blank = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(10, 1_048_577))
    file = sheet_xml(b"</sheetData>", blank + b"</sheetData>")
    assert len(read(file).rows) == 1


# --- hostile markup, passwords, macros ----------------------------------------------------------------


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        b"<!doctype x>",
    ],
)
@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
def test_doctype_is_refused_in_every_part(declaration, name):
    file = workbook(ROWS)
    assert refusal(repacked(file, {name: declaration + part(file, name)})) == DOCTYPE


def test_doctype_hidden_by_a_wide_encoding_is_refused():
    file = workbook(ROWS)
    wide = part(file, SHEET).decode().encode("utf-16")
    assert refusal(repacked(file, {SHEET: wide})) == DOCTYPE


def test_macros_are_refused_by_name_and_by_content():
    assert refusal(workbook(ROWS), "a.xlsm") == (
        "Tệp .xlsm có macro nên không được nhận; hãy lưu thành .xlsx rồi tải lại."
    )
    assert refusal(repacked(workbook(ROWS), {}, added={"xl/vbaProject.bin": b"x"})) == MACRO


def ole(*names: str) -> bytes:
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + directory


def test_password_is_told():
    assert refusal(ole("Root Entry", "EncryptedPackage")) == PASSWORD
    assert refusal(ole("Root Entry", "EncryptedPackage"), "a.xls") == PASSWORD


def test_encrypted_zip_is_told():
    content = bytearray(workbook(ROWS).getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        content[at + offset] |= 1
    assert refusal(bytes(content)) == PASSWORD


def test_encrypted_opendocument_is_told():
    manifest = b'<?xml version="1.0"?><manifest><encryption-data/></manifest>'
    assert refusal(zipped(**{"content.xml": b"\x8f\x01", "META-INF/manifest.xml": manifest}), "a.ods") == PASSWORD


def test_macro_sheets_are_refused():
    file = repacked(workbook(ROWS), {}, added={"xl/macrosheets/sheet1.xml": b"<x/>"})
    assert refusal(file) == MACRO


def test_macros_in_an_old_workbook_are_refused():
    assert refusal(ole("Root Entry", "Workbook", "_VBA_PROJECT"), "a.xls") == MACRO


def test_compound_file_that_is_no_workbook_is_refused():
    expected = "Tệp bị hỏng hoặc không phải bảng tính; hãy mở bằng Excel, lưu lại thành .xlsx rồi tải lên."
    assert refusal(ole("Root Entry", "WordDocument"), "a.xls") == expected


def test_binary_workbook_is_refused():
    file = repacked(workbook(ROWS), {"xl/workbook.xml": None}, added={"xl/workbook.bin": b"x"})
    assert refusal(file) == "Tệp dạng .xlsb chưa đọc được; hãy lưu thành .xlsx rồi tải lại."


# --- no list ----------------------------------------------------------------------------------------


def test_empty_workbook_has_no_data():
    assert refusal(workbook([])) == "Không có dữ liệu: mọi trang đang hiện của tệp đều trống."


def test_workbook_with_only_hidden_sheets_of_data_has_no_data():
    file = workbook([], more={"Ẩn": ROWS}, hidden=["Ẩn"])
    assert refusal(file) == "Không có dữ liệu: mọi trang đang hiện của tệp đều trống."


def test_header_alone_has_no_data():
    expected = "Không có dữ liệu: dưới dòng tiêu đề không có dòng nào ghi tên người."
    assert refusal(workbook(ROWS[:1])) == expected
    assert refusal(workbook([ROWS[0], [1], [2]])) == expected


def test_sheet_without_a_header_is_refused():
    assert refusal(workbook([["Kính gửi"], [1, "Nguyễn Văn An", 1980]])) == (
        "Không tìm thấy dòng tiêu đề của danh sách (phải có cột Họ và tên và ít nhất một cột khác) ở trang "
        "“Danh sách”; hãy ghi tên cột ở ngay trên các dòng dữ liệu."
    )


# --- read all the same --------------------------------------------------------------------------------


def test_formula_without_result_and_error_cell_are_errors_of_their_rows():
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Số tiền"],
        [1, "Nguyễn Văn An", 1980, "=500000*2"],
        [2, "Trần Thị Bình", "#N/A", 500000],
        [3, "Lê Văn Cường", 1982, "#REF!"],
        [4, "Phạm Thị Dung", 1983, 500000],
    ]
    found = read(workbook(rows)).rows
    assert found.status == ["error", "error", "error", "ready"]
    assert [message.text for messages in found.messages.values() for message in messages] == [
        "Ô là công thức chưa có kết quả; hãy mở bằng Excel, lưu lại hoặc gõ giá trị.",
        "Ô báo lỗi #N/A của Excel; hãy sửa công thức hoặc gõ giá trị.",
        "Ô báo lỗi #REF! của Excel; hãy sửa công thức hoặc gõ giá trị.",
    ]
    assert [messages[0].column for messages in found.messages.values()] == ["D", "C", "D"]


def test_stored_result_of_a_formula_is_its_value():
    file = sheet_xml(b"<v>1980</v>", b"<f>1979+1</f><v>1980</v>")
    found = read(file).rows
    assert (found.values["birth_year"], found.status) == ([1980], ["ready"])


def test_empty_text_stored_by_a_formula_is_no_fault():
    file = sheet_xml(b'<c r="C2" t="n"><v>1980</v></c>', b'<c r="C2" t="str"><f>IF(1,"")</f><v></v></c>')
    assert [m.text for m in read(file).rows.messages[0]] == ["Thiếu ngày sinh; hãy bổ sung."]


def test_cells_without_references_keep_their_place():
    import re

    file = workbook([*ROWS, [2, "Trần Thị Bình", "#N/A"]])
    bare = re.sub(rb' r="[A-Z]*[0-9]+"', b"", part(file, SHEET))
    found = read(repacked(file, {SHEET: bare})).rows
    assert (found.number, found.status) == ([2, 3], ["ready", "error"])


def test_prefixed_markup_is_read():
    import re

    file = workbook([*ROWS, [2, "Trần Thị Bình", "#N/A"]])
    xml = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", part(file, SHEET)).replace(b"xmlns=", b"xmlns:x=")
    found = read(repacked(file, {SHEET: xml})).rows
    assert (found.number, found.status) == ([2, 3], ["ready", "error"])


def test_hidden_sheets_are_left_out_and_said_so():
    file = workbook(ROWS, more={"Cũ": [["STT", "Họ và tên"], [1, "Lê Văn Ẩn"]]}, hidden=["Cũ"])
    understood = read(file)
    assert (understood.sheets, understood.hidden, len(understood.rows)) == (["Danh sách"], ["Cũ"], 1)
    assert [m.text for m in understood.messages] == ["Trang ẩn “Cũ” không được đọc."]


def test_row_numbers_are_excels_when_rows_are_blank():
    rows = [[], [], ["", *ROWS[0]], [], ["", 1, "Nguyễn Văn An", 1980], [], ["", 2, "Trần Thị Bình", 1981]]
    found = read(workbook(rows)).rows
    assert found.number == [5, 7]


def test_dates_of_the_1904_calendar_are_right():
    rows = [["STT", "Họ và tên", "Ngày sinh"], [1, "Nguyễn Văn An", date(1990, 5, 6)]]
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    assert read(workbook(rows, epoch=CALENDAR_MAC_1904)).rows.values["birth_date"] == [date(1990, 5, 6)]


def test_workbook_named_as_another_format_is_read_by_its_content():
    assert len(read(workbook(ROWS), "a.xls").rows) == 1


def test_waiting_calls_tick_and_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    blank = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(10, 1_048_577))
    file = sheet_xml(b"</sheetData>", blank + b"</sheetData>")
    ticks = []
    understand(file, filename="a.xlsx", today=TODAY, tick=lambda: ticks.append(1))
    assert ticks
    assert list(tmp_path.iterdir()) == []


def test_tick_that_raises_ends_the_child():
    class LeaseLost(Exception):
        pass

    def tick():
        raise LeaseLost

    blank = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(10, 1_048_577))
    file = sheet_xml(b"</sheetData>", blank + b"</sheetData>")
    with pytest.raises(LeaseLost):
        read_book(file, filename="a.xlsx", tick=tick)


SAMPLE = workbook(ROWS).getvalue()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=400),
        st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
        st.binary(max_size=200).map(lambda tail: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + tail),
        st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(min_size=1, max_size=8)).map(
            lambda edit: SAMPLE[: edit[0]] + edit[1] + SAMPLE[edit[0] + len(edit[1]) :]
        ),
    ),
    st.sampled_from(["a.xlsx", "a.xls", "a.ods", "a.csv"]),
)
def test_no_bytes_do_more_than_refuse(content, filename):
    assert outcome(content, filename) == "sentence"


def outcome(content: bytes, filename: str) -> str:
    try:
        understood = understand(io.BytesIO(content), filename=filename, today=TODAY)
    except IntakeRefused as refused:
        return "sentence" if str(refused).endswith(".") else str(refused)
    return "sentence" if len(understood.rows) else "no rows"


def test_zlib_garbage_in_a_part_is_refused():
    file = workbook(ROWS)
    content = bytearray(file.getvalue())
    entry = zipfile.ZipFile(file).getinfo(SHEET)
    start = entry.header_offset + 30 + len(SHEET)
    content[start : start + 20] = zlib.compress(b"x")[:8] + b"\xff" * 12
    assert refusal(bytes(content)) == BROKEN_ZIP
