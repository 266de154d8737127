"""A Word file's lines as Word shows them, and files that must be refused without harm to the process."""

import io
import re
import zipfile

import pytest

from programs.plans.word import limits
from programs.plans.word.limits import WordRefused
from programs.plans.word.reading import Line, read_pasted, read_word
from tests.words import DOCUMENT, Paper, part, repacked

EMPTY = "Tệp rỗng, không có nội dung; hãy kiểm tra lại tệp đã chọn."
OLD = "Tệp .doc đời cũ chưa đọc được; hãy mở bằng Word, chọn Lưu thành .docx rồi tải lại."
NOT_WORD = "Nội dung tệp không phải văn bản Word; hãy mở bằng Word, chọn Lưu thành .docx rồi tải lại."
BROKEN = "Tệp bị hỏng hoặc tải lên chưa trọn; hãy mở bằng Word, lưu lại rồi tải lên lần nữa."
TOO_LARGE = "Tệp giải nén ra quá lớn; hãy chép riêng phần chữ của kế hoạch sang tệp mới rồi tải lại."
PASSWORD = "Tệp có mật khẩu; hãy mở bằng Word, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ) rồi tải lại."
MARKUP = "Tệp có khai báo XML lạ (DOCTYPE) nên không được nhận; hãy mở bằng Word, lưu lại rồi tải lên."
MACRO = "Tệp có macro nên không được nhận; hãy lưu thành .docx rồi tải lại."
DIED = "Không đọc được tệp trong giới hạn bộ nhớ và thời gian cho phép; hãy chép phần chữ sang tệp mới rồi tải lại."
NO_TEXT = "Tệp không có chữ nào (có thể chỉ là ảnh quét); hãy dùng tệp Word gốc hoặc dán nội dung."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(data: bytes, name="ke-hoach.docx") -> list[Line]:
    return read_word(io.BytesIO(data), filename=name)


def shown(data: bytes) -> list[str]:
    return [line.shown for line in read(data)]


def refusal(data: bytes, name="ke-hoach.docx") -> str:
    with pytest.raises(WordRefused) as refused:
        read(data, name)
    return str(refused.value)


def a_paper() -> bytes:
    return Paper().line("Một đoạn").bytes()


def with_body(xml: str) -> bytes:
    """A file whose document part holds ``xml`` and nothing else."""
    data = a_paper()
    document = re.sub(rb"<w:body>.*</w:body>", b"<w:body>" + xml.encode() + b"</w:body>", part(data), flags=re.S)
    return repacked(data, changed={DOCUMENT: document})


# Lines --------------------------------------------------------------------------------------------


def test_words_own_numbers_are_read_as_shown():
    paper = Paper().numbered(
        (0, "Mở đầu"), (1, "Một"), (1, "Hai"), (2, "Nhỏ"), (2, "Nhỏ nữa"), (3, "Gạch"), (0, "Sau"), (1, "Lại một")
    )  # fmt: skip
    assert shown(paper.bytes()) == [
        "I. Mở đầu", "1. Một", "2. Hai", "a) Nhỏ", "b) Nhỏ nữa", "- Gạch", "II. Sau", "1. Lại một",
    ]  # fmt: skip


def test_two_lists_count_apart():
    assert shown(Paper().numbered((1, "A"), (1, "B")).numbered((1, "C")).bytes()) == ["1. A", "2. B", "1. C"]


def test_what_a_paragraph_looks_like_is_kept():
    lines = read(Paper().line("ĐẬM", bold=True, centred=True).line("nghiêng", italic=True).bytes())
    assert [(line.bold, line.italic, line.centred) for line in lines] == [(True, False, True), (False, True, False)]


def test_a_heading_by_its_style():
    assert [line.heading for line in read(Paper().line("Mục", style="Heading 2").line("chữ").bytes())] == [2, 0]


def test_cells_tell_where_they_stand():
    lines = read(Paper().line("trên").table(("A\nB", "C"), ("D", "E")).line("dưới").bytes())
    assert [(line.text, line.row, line.cell) for line in lines] == [
        ("trên", -1, -1), ("A", 0, 0), ("B", 0, 0), ("C", 0, 1), ("D", 1, 0), ("E", 1, 1), ("dưới", -1, -1),
    ]  # fmt: skip


def test_breaks_part_lines_tabs_stay_and_gaps_are_told():
    lines = read(Paper().lines("một\nhai", "", "Số:   5/KH\tngày").bytes())
    assert [(line.text, line.after_gap) for line in lines] == [
        ("một", False), ("hai", False), ("Số: 5/KH\tngày", True),
    ]  # fmt: skip


def test_insertions_are_read_deletions_and_field_codes_are_not():
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    data = with_body(
        f"<w:p>{run.format('còn ')}<w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del><w:ins>{run.format('thêm')}</w:ins>"
        f"<w:r><w:instrText>PAGE</w:instrText></w:r></w:p><w:sdt><w:sdtContent><w:p>{run.format('trong ô')}</w:p></w:sdtContent></w:sdt>"
    )
    assert shown(data) == ["còn thêm", "trong ô"]


def test_pasted_text_is_one_paragraph_a_line():
    lines = read_pasted("KẾ HOẠCH\n\n I. Mục \u200bđích\r\n- việc")
    assert [(line.text, line.after_gap, line.at) for line in lines] == [
        ("KẾ HOẠCH", False, 0), ("I. Mục đích", True, 1), ("- việc", False, 2),
    ]  # fmt: skip


# Hostile and wrong files --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", EMPTY),
        (b"\0\0\0", EMPTY),
        (OLE + b"WordDocument", OLD),
        (OLE + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
        (b"%PDF-1.7 x", NOT_WORD),
        (b"<html>x</html>", NOT_WORD),
        (b"PK\x03\x04 broken", BROKEN),
    ],
)
def test_what_is_no_docx_is_refused_by_name(data, sentence):
    assert refusal(data) == sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a.doc", OLD),
        ("a.docm", "Tệp .docm có macro nên không được nhận; hãy lưu thành .docx rồi tải lại."),
        ("a.pdf", "Chỉ nhận tệp .docx; hãy mở văn bản bằng Word, chọn Lưu thành .docx rồi tải lại."),
        ("a", "Chỉ nhận tệp .docx; hãy mở văn bản bằng Word, chọn Lưu thành .docx rồi tải lại."),
    ],
)
def test_other_endings_are_refused(name, sentence):
    assert refusal(a_paper(), name) == sentence


def test_a_zip_of_something_else_is_no_word_file():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    assert refusal(file.getvalue()) == NOT_WORD


def test_a_truncated_file_is_refused():
    data = a_paper()
    assert refusal(data[: len(data) // 2]) == BROKEN


def test_macros_are_refused():
    assert refusal(repacked(a_paper(), added={"word/vbaProject.bin": b"x"})) == MACRO


@pytest.mark.parametrize("declared", [b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<!ENTITY a SYSTEM 'file:///etc/passwd'>"])
def test_a_doctype_is_refused(declared):
    data = a_paper()
    document = part(data).replace(b"<w:document", declared + b"<w:document", 1)
    assert refusal(repacked(data, changed={DOCUMENT: document})) == MARKUP


def test_a_bomb_is_refused_before_it_unfolds():
    document = part(a_paper()).replace(b"</w:body>", b"<!--" + b" " * (60 << 20) + b"--></w:body>")
    assert refusal(repacked(a_paper(), changed={DOCUMENT: document})) == TOO_LARGE


def test_too_many_entries_are_refused():
    many = {f"word/media/{n}.png": b"" for n in range(limits.ENTRIES)}
    assert refusal(repacked(a_paper(), added=many)) == TOO_LARGE


def test_too_many_paragraphs_are_refused():
    paragraph = "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
    assert refusal(with_body(paragraph * (limits.PARAGRAPHS + 1))) == limits.TOO_LONG


def test_a_file_over_ten_megabytes_is_refused():
    assert refusal(b"PK" + b"x" * limits.FILE_BYTES) == limits.TOO_BIG


def test_endless_nesting_kills_only_the_child():
    depth = 40_000
    assert refusal(with_body("<w:sdt>" * depth + "</w:sdt>" * depth)) == DIED


@pytest.mark.parametrize("body", ["", "<w:p/>", "<w:p><w:r><w:t>  </w:t></w:r></w:p>"])
def test_a_file_without_words_is_refused(body):
    assert refusal(with_body(body)) == NO_TEXT


def test_styles_that_are_based_on_each_other_end():
    data = Paper().line("chữ", style="Heading 1").bytes()
    styles = part(data, "word/styles.xml").replace(b'<w:basedOn w:val="Normal"/>', b'<w:basedOn w:val="Heading1"/>')
    assert shown(repacked(data, changed={"word/styles.xml": styles})) == ["chữ"]


def test_pasting_far_too_much_is_refused():
    with pytest.raises(WordRefused, match="Văn bản quá dài"):
        read_pasted("x\n" * (limits.PARAGRAPHS + 1))
