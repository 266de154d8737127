"""Old encodings and file formats, and whatever else a sheet may hold: nothing raises."""

import io
import json
import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beneficiaries.intake.limits import IntakeRefused
from beneficiaries.intake.oldexcel import scan_old
from beneficiaries.intake.reading import Book, Sheet
from beneficiaries.intake.understanding import understand_book
from tests.reading import LISTS, TODAY, N, read, rows_of
from tests.sheets import ODS_BLANK_TAIL, opendocument, opendocument_row, workbook

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
