import io
import zipfile

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook

from tests.papers import people, plan
from welfare.documents.blocks import Bullet, Chart, Column, Heading, PageBreak, Paragraph, Table
from welfare.documents.charts import Series
from welfare.documents.docx import measurements, render_docx
from welfare.documents.layout import Appendix, OfficialDocument, Recipient, Signature


@pytest.fixture(scope="module")
def content():
    return render_docx(plan())


@pytest.fixture
def word(content):
    return Document(io.BytesIO(content))


def _all_paragraphs(word):
    cells = [cell for table in word.tables for row in table.rows for cell in row.cells]
    return [*word.paragraphs, *(paragraph for cell in cells for paragraph in cell.paragraphs)]


def _by_text(word, start):
    return next(p for p in _all_paragraphs(word) if p.text.startswith(start))


@pytest.mark.parametrize(
    ("text", "style", "size", "bold", "italic"),
    [
        ("CỘNG HÒA XÃ HỘI", "Quốc hiệu", 12, True, False),
        ("Độc lập - Tự do", "Tiêu ngữ", 13, True, False),
        ("TỔNG LIÊN ĐOÀN", "Cơ quan chủ quản", 12, False, False),
        ("TỈNH LAI CHÂU", "Cơ quan ban hành", 12, True, False),
        ("Số: 05/KH-LĐLĐ", "Số, ký hiệu", 13, False, False),
        ("Lai Châu, ngày 05 tháng 01 năm 2026", "Địa danh, thời gian", 13, False, True),
        ("KẾ HOẠCH", "Tên loại", 14, True, False),
        ("Chăm lo đời sống", "Trích yếu", 14, True, False),
        ("Căn cứ Chương trình", "Căn cứ", 14, False, True),
        ("Ban Thường vụ ban hành", "Nội dung", 14, False, False),
        ("I. MỤC ĐÍCH, YÊU CẦU", "Heading 1", 14, True, False),
        ("1. Mục đích", "Heading 2", 14, True, False),
        ("- Không để sót", "Gạch đầu dòng", 14, False, False),
        ("Mái ấm Công đoàn xây mới", "Bảng", 12, False, False),
        ("PHÓ CHỦ TỊCH", "Chức vụ", 14, True, False),
        ("Lò Văn Mẫu", "Họ tên người ký", 14, True, False),
        ("Nơi nhận:", "Nơi nhận", 12, True, True),
        ("- Lưu: VT, CSPL.", "Danh sách nơi nhận", 11, False, False),
        ("Phụ lục II", "Phụ lục", 14, True, False),
    ],
)
def test_every_part_has_its_style(word, text, style, size, bold, italic):
    found = _by_text(word, text).style
    look = (found.name, found.font.name, found.font.size.pt, found.font.bold, found.font.italic)
    assert look == (style, "Times New Roman", size, bold, italic)


def test_only_times_new_roman_and_vietnamese(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        styles = etree.fromstring(package.read("word/styles.xml"))
        body = package.read("word/document.xml").decode()
    used = [s for s in styles if s.get(qn("w:styleId")) in {"Normal", "Heading1", "Heading2", "Heading3"}]
    fonts = [f for s in used for f in s.iter(qn("w:rFonts"))]
    assert len(fonts) == 4
    assert {value for f in fonts for value in f.attrib.values()} == {"Times New Roman"}
    assert {language.get(qn("w:val")) for s in used for language in s.iter(qn("w:lang"))} == {"vi-VN"}
    assert "w:rFonts" not in body


def test_pages_have_the_margins_and_orientation(word):
    shapes = [(s.orientation, round(s.page_width.mm), round(s.page_height.mm)) for s in word.sections]
    portrait, landscape = (WD_ORIENT.PORTRAIT, 210, 297), (WD_ORIENT.LANDSCAPE, 297, 210)
    assert shapes == [portrait, portrait, landscape]
    for section in word.sections:
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]


def test_page_number_is_in_the_header_but_not_of_first_pages(word):
    first = word.sections[0]
    assert [i.text for i in first.header._element.iter(qn("w:instrText"))] == ["PAGE"]
    assert first.header.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert [s.different_first_page_header_footer for s in word.sections] == [True, True, True]
    assert [s.header.is_linked_to_previous for s in word.sections] == [False, True, True]
    starts = [[n.get(qn("w:start")) for n in s._sectPr.iter(qn("w:pgNumType"))] for s in word.sections]
    assert starts == [[], ["1"], ["1"]]


def test_tables_are_real_with_repeated_header_and_merged_cells(word):
    table = next(t for t in word.tables if t.cell(0, 0).text == "TT")
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["TT", "Chỉ tiêu", "Đơn vị tính", "Giao năm 2026", "Giao năm 2026", "Hạn"],
        ["TT", "Chỉ tiêu", "Đơn vị tính", "Cả tỉnh", "Quý I", "Hạn"],
        ["1", "Mái ấm Công đoàn xây mới", "nhà", "8", "2", "15/11/2026"],
        ["2", "Suất quà Tết", "suất", "1.530", "1.530", "10/02/2026"],
        ["3", "Tỷ lệ tham gia Quỹ Xã hội", "%", "92,5", "", ""],
        ["", "Cộng kinh phí", "đồng", "1.530.000.000", "", ""],
    ]
    headers = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
    assert headers == [True, True, False, False, False, False]
    assert table.cell(2, 3).paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert sum(column.width for column in table.columns) == pytest.approx(Mm(165), abs=Pt(1))


def test_the_first_and_last_rows_of_a_long_table_stay_together():
    rows = [(f"Người {n}", n) for n in range(20)]
    content = render_docx(OfficialDocument(kind="Danh sách", blocks=[Table([Column("Tên"), Column("Số")], rows)]))
    table = next(t for t in Document(io.BytesIO(content)).tables if t.cell(0, 0).text == "Tên")
    stays = [row._tr.find(f".//{qn('w:keepNext')}") is not None for row in table.rows[1:]]
    assert [n for n, stay in enumerate(stays) if stay] == [0, 1, 17, 18, 19]


def test_group_row_spans_the_table():
    word = Document(io.BytesIO(render_docx(OfficialDocument(kind="Danh sách", blocks=[people(2)]))))
    rows = next(t for t in word.tables if t.cell(0, 0).text == "TT").rows
    assert {cell.text for cell in rows[1].cells} == {"I. LĐLĐ huyện A"}
    assert [rows[n].cells[0].text for n in (2, 3)] == ["1", "2"]


def test_chart_is_an_editable_one_with_its_figures(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        chart = etree.fromstring(package.read("word/charts/chart1.xml"))
        sheet = load_workbook(io.BytesIO(package.read("word/embeddings/chart1.xlsx"))).active
    texts = [element.text for element in chart.iter() if element.tag.endswith("}v")]
    assert texts == ["Giao", "LĐLĐ huyện A", "LĐLĐ huyện B", "8", "4", "Đạt", "LĐLĐ huyện A", "LĐLĐ huyện B", "6"]
    assert list(sheet.values) == [("", "Giao", "Đạt"), ("LĐLĐ huyện A", 8, 6), ("LĐLĐ huyện B", 4, None)]


def test_letter_decision_and_several_signatures_keep_their_parts():
    document = plan(
        kind="",
        authority="Ban Thường vụ",
        addressees=["Nơi một", "Nơi hai"],
        blocks=[Heading("Quyết định:", level=0), Paragraph("Hỗ trợ.", lead="Điều 1."), PageBreak(), Bullet("x")],
        signatures=[Signature(["Người lập"], "Mẫu Một", hint="(Ký tên)"), Signature(["Chủ tịch"], "Mẫu Hai")],
        appendices=[],
    )
    word = Document(io.BytesIO(render_docx(document)))
    texts = [p.text.strip() for p in _all_paragraphs(word) if p.text.strip()]
    assert texts == [
        "BAN THƯỜNG VỤ", "Kính gửi:", "- Nơi một;", "- Nơi hai.",
        "Căn cứ Chương trình số 12/CTr-LĐLĐ về phúc lợi đoàn viên;", "Thực hiện Kế hoạch công tác năm 2026.",
        "QUYẾT ĐỊNH:", "Điều 1. Hỗ trợ.", "- x./.",
        "Nơi nhận:", "- Đoàn Chủ tịch Tổng Liên đoàn (để b/c);", "- Lưu: VT, CSPL.",
        "TỔNG LIÊN ĐOÀN LAO ĐỘNG", "VIỆT NAM", "LIÊN ĐOÀN LAO ĐỘNG", "TỈNH LAI CHÂU",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "Số: 05/KH-LĐLĐ", "V/v Chăm lo đời sống đoàn viên năm 2026", "Lai Châu, ngày 05 tháng 01 năm 2026",
        "NGƯỜI LẬP", "(Ký tên)", "CHỦ TỊCH", "Mẫu Một", "Mẫu Hai",
    ]  # fmt: skip


def test_sizes_are_those_of_the_style_sheet():
    sizes = measurements()
    assert (sizes["page-left"], sizes["indent"], sizes["line"]) == (pytest.approx(Mm(30).pt), pytest.approx(36), 1.2)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=9, max_size=9))
def test_any_text_makes_a_file_that_opens(texts):
    document = plan(
        superior=texts[0],
        issuer=texts[1],
        summary=texts[2],
        bases=[texts[3]],
        blocks=[
            Paragraph(texts[4]),
            Table([Column(texts[5], group=texts[1])], [(texts[6],)], caption=texts[7]),
            Chart(texts[7], [texts[8]], [Series(texts[0], [1])], texts[2]),
        ],
        recipients=[Recipient(texts[5], texts[6])],
        appendices=[Appendix(texts[7], [Bullet(texts[8])])],
    )
    word = Document(io.BytesIO(render_docx(document)))
    assert word.core_properties.language == "vi-VN"
    for part in word.part.package.iter_parts():
        if str(part.partname).startswith("/word/charts/"):
            etree.fromstring(part.blob)
