"""An official document as an editable Word file: the same content and measurements as the PDF.

Every kind of line has its own named style, so that a clerk changes a style, not a hundred lines.
"""

import io
import re
from functools import cache
from types import SimpleNamespace

from django.contrib.staticfiles import finders
from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from welfare.documents.bundles import Bundle
from welfare.documents.docx_chart import add_chart
from welfare.documents.docx_table import add_table, clear_borders, fit_to_page, keep_rows_whole, set_widths
from welfare.documents.layout import OfficialDocument, printable

FONT = "Times New Roman"
_ALIGN = {"left": ALIGN.LEFT, "center": ALIGN.CENTER, "right": ALIGN.RIGHT, "justify": ALIGN.JUSTIFY}
# Widths of capital and mixed bold text of this face, in em a letter: the short rules are as long as their text needs.
_CAPITALS, _MIXED = 0.604, 0.47
_SINGLE = 1.15  # the height of this face's line, in em: what Word multiplies
_MOTTO = "Độc lập - Tự do - Hạnh phúc"

# name: (size property, bold, italic, alignment, space before in points, first-line indent)
_STYLES = {
    "Cơ quan chủ quản": ("agency-size", False, False, ALIGN.CENTER, 0, False),
    "Cơ quan ban hành": ("agency-size", True, False, ALIGN.CENTER, 0, False),
    "Quốc hiệu": ("nation-size", True, False, ALIGN.CENTER, 0, False),
    "Tiêu ngữ": ("motto-size", True, False, ALIGN.CENTER, 0, False),
    "Số, ký hiệu": ("number-size", False, False, ALIGN.CENTER, 8, False),
    "Địa danh, thời gian": ("date-size", False, True, ALIGN.CENTER, 8, False),
    "Trích yếu công văn": ("subject-size", False, False, ALIGN.CENTER, 6, False),
    "Tên loại": ("kind-size", True, False, ALIGN.CENTER, 18, False),
    "Trích yếu": ("summary-size", True, False, ALIGN.CENTER, 0, False),
    "Thẩm quyền ban hành": ("body-size", True, False, ALIGN.CENTER, 12, False),
    "Kính gửi": ("body-size", False, False, ALIGN.LEFT, 0, False),
    "Căn cứ": ("body-size", False, True, ALIGN.JUSTIFY, 6, True),
    "Nội dung": ("body-size", False, False, ALIGN.JUSTIFY, 6, True),
    "Gạch đầu dòng": ("body-size", False, False, ALIGN.JUSTIFY, 6, True),
    "Tên bảng": ("body-size", True, False, ALIGN.CENTER, 8, False),
    "Đơn vị tính": ("table-size", False, True, ALIGN.RIGHT, 4, False),
    "Bảng": ("table-size", False, False, ALIGN.LEFT, 0, False),
    "Chức vụ": ("signature-size", True, False, ALIGN.CENTER, 0, False),
    "Ghi chú ký": ("table-size", False, True, ALIGN.CENTER, 0, False),
    "Họ tên người ký": ("signature-size", True, False, ALIGN.CENTER, 0, False),
    "Nơi nhận": ("recipients-title-size", True, True, ALIGN.LEFT, 0, False),
    "Danh sách nơi nhận": ("recipients-size", False, False, ALIGN.LEFT, 0, False),
    "Ghi cuối": ("recipients-size", False, True, ALIGN.LEFT, 6, False),
    "Phụ lục": ("appendix-size", True, False, ALIGN.CENTER, 0, False),
    "Kèm theo": ("body-size", False, True, ALIGN.CENTER, 0, False),
    "Bảng chữ nhỏ": ("banner-small", True, False, ALIGN.CENTER, 14, False),
    "Bảng chữ vừa": ("banner-medium", True, False, ALIGN.CENTER, 25, False),
    "Bảng chữ lớn": ("banner-large", True, False, ALIGN.CENTER, 25, False),
    "Bảng chữ rất lớn": ("banner-huge", True, False, ALIGN.CENTER, 25, False),
    "Đường kẻ": ("table-size", False, False, ALIGN.CENTER, 0, False),
}
_BANNERS = {
    "small": "Bảng chữ nhỏ",
    "medium": "Bảng chữ vừa",
    "large": "Bảng chữ lớn",
    "huge": "Bảng chữ rất lớn",
}
_SPACED = {"Căn cứ", "Nội dung", "Gạch đầu dòng", "Kính gửi"}


def render_docx(document: OfficialDocument | Bundle) -> bytes:
    document = printable(document)
    word = Document()
    _set_properties(word, document)
    _make_styles(word)
    if not getattr(document, "poster", False):
        _number_pages(word.sections[0])
    papers = [paper.content for paper in document.papers] if isinstance(document, Bundle) else [document]
    for n, paper in enumerate(papers):
        _paper(word, paper, _restarted(word.add_section(WD_SECTION.NEW_PAGE)) if n else word.sections[0])
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def _paper(word, document, section):
    if document.poster:
        _set_poster(section)
    else:
        _set_page(section, document.landscape)
        _letterhead(word, document)
        _title(word, document)
    _bases(word, document.base_lines)
    _blocks(word, document.body)
    _foot(word, document.signatures, document.recipient_lines)
    for line in document.notes:
        _line(word, line, "Ghi cuối")
    for label, note, appendix in document.numbered_appendices:
        _appendix(word, label, note, appendix)


def render_body(document: OfficialDocument) -> bytes:
    """The body with its appendices, to be put into a template that has the rest and a page of its own.

    Where several sign, their columns are a part of it: a template has room for one.
    """
    document, word, target = printable(document), Document(), io.BytesIO()
    _make_styles(word)
    _set_page(word.sections[0], document.landscape)
    _blocks(word, document.body)
    if len(document.signatures) > 1:
        _foot(word, document.signatures, [])
    for line in document.notes:
        _line(word, line, "Ghi cuối")
    for label, note, appendix in document.numbered_appendices:
        _page_break(word, None)
        for line in (label, appendix.title.upper()):
            _add_text(word.add_paragraph(style="Phụ lục"), line)
        _add_text(word.add_paragraph(style="Kèm theo"), note)
        _blocks(word, appendix.blocks)
        _foot(word, appendix.signatures, [])
    for table in word.tables:
        fit_to_page(table)
    word.save(target)
    return target.getvalue()


def render_fields() -> bytes:
    """The official layout with the fields of a template in place of its texts, for a unit to change in Word."""
    word, target = Document(), io.BytesIO()
    _make_styles(word)
    _number_pages(word.sections[0])
    _set_page(word.sections[0], False)
    _letterhead(word, _FIELDS)
    for style, lines in _FIELD_LINES:
        for line in lines:
            _line(word, line, style)
    _foot(word, [_FIELDS.signature], _each("noi_nhan"))
    signer = word.tables[-1].cell(0, 1).paragraphs[0]
    for line in _each("chuc_vu"):
        signer.insert_paragraph_before(line, style="Chức vụ")
    word.save(target)
    return target.getvalue()


def _each(name) -> list[str]:
    """Three lines of a template that print one for each of a list."""
    return [f"{{%p for dong in {name} %}}", "{{ dong }}", "{%p endfor %}"]


_FIELDS = SimpleNamespace(
    letterhead=[["{{ co_quan_chu_quan }}"], ["{{ co_quan }}"]],
    number_line="{{ so_ky_hieu }}",
    subject_line="",
    place_line="{{ dia_danh_thoi_gian }}",
    signature=SimpleNamespace(capacity=[], hint="", name="{{ nguoi_ky }}"),
)
_FIELD_LINES = [
    ("Tên loại", ["{{ ten_loai }}"]),
    ("Trích yếu", ["{{ trich_yeu }}"]),
    ("Thẩm quyền ban hành", ["{%p if tham_quyen %}", "{{ tham_quyen }}", "{%p endif %}"]),
    ("Kính gửi", ["{%p if kinh_gui %}", "Kính gửi: {{ kinh_gui|join('; ') }}", "{%p endif %}"]),
    ("Căn cứ", _each("can_cu")),
    ("Nội dung", ["{{p noi_dung }}"]),
]


@cache
def measurements() -> dict[str, float]:
    """The style sheet's custom properties: lengths in points, percentages as shares of one."""
    with open(finders.find("documents/official.css"), encoding="utf-8") as file:
        found = re.findall(r"--([\w-]+):\s*([\d.]+)(mm|pt|%);", file.read())
    factor = {"mm": 72 / 25.4, "pt": 1, "%": 0.01}
    return {name: float(number) * factor[unit] for name, number, unit in found}


def _set_properties(word, document):
    properties = word.core_properties
    properties.title, properties.language, properties.author = (
        document.title[:255],
        "vi-VN",
        getattr(document, "issuer", "")[:255],
    )
    properties.comments = ""


def _make_styles(word):
    normal = word.styles["Normal"]
    _set_font(normal, "body-size", False, False)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.widow_control = True
    for name, look in _STYLES.items():
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = normal, True
        _set_look(style, *look, spaced=name in _SPACED)
    for level in (1, 2, 3):
        style = word.styles[f"Heading {level}"]
        _set_look(style, "body-size", True, level == 3, ALIGN.JUSTIFY, 12 if level == 1 else 6, True, spaced=True)
        style.paragraph_format.keep_with_next = True
    for name in ("Tên loại", "Trích yếu", "Tên bảng", "Đơn vị tính", "Chức vụ", "Ghi chú ký", "Phụ lục"):
        word.styles[name].paragraph_format.keep_with_next = True
    rule = word.styles["Đường kẻ"].paragraph_format
    rule.line_spacing = Pt(3)


def _set_look(style, size, bold, italic, align, before, indent, *, spaced):
    _set_font(style, size, bold, italic)
    form, sizes = style.paragraph_format, measurements()
    form.alignment, form.space_before, form.space_after = align, Pt(before), Pt(0)
    form.first_line_indent = Pt(sizes["indent"]) if indent else None
    form.line_spacing = round(sizes["line"] / _SINGLE, 2) if spaced else 1.0


def _set_font(style, size, bold, italic):
    font = style.font
    font.name, font.size, font.bold, font.italic = FONT, Pt(measurements()[size]), bold, italic
    font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), "vi-VN")


def _set_page(section, landscape):
    sizes = measurements()
    width, height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
    section.top_margin, section.bottom_margin = Pt(sizes["page-top"]), Pt(sizes["page-bottom"])
    section.left_margin, section.right_margin = Pt(sizes["page-left"]), Pt(sizes["page-right"])
    section.header_distance = Pt(sizes["page-top"] / 2 - sizes["page-number-size"] / 2)
    section.different_first_page_header_footer = True


def _set_poster(section):
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(420), Mm(297)
    section.top_margin = section.bottom_margin = Mm(18)
    section.left_margin = section.right_margin = Mm(22)


def _number_pages(section):
    """The later sections' headers follow this one."""
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    run.font.size = Pt(measurements()["page-number-size"])
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _text_width(word):
    section = word.sections[-1]
    return (section.page_width - section.left_margin - section.right_margin) / Pt(1)


def _letterhead(word, document):
    sizes, width = measurements(), _text_width(word)
    left = width * sizes["agency-width"]
    table = word.add_table(rows=2, cols=2)
    clear_borders(table)
    set_widths(table, [left, width - left])
    agency, nation = table.rows[0].cells
    superior, issuer = document.letterhead
    for style, lines in (("Cơ quan chủ quản", superior), ("Cơ quan ban hành", issuer)):
        for line in lines:
            _line(agency, line, style)
    longest = max((len(line) for line in issuer), default=0) * _CAPITALS * sizes["agency-size"]
    _rule(agency, left, longest * sizes["agency-rule"])
    _line(nation, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Quốc hiệu")
    _line(nation, _MOTTO, "Tiêu ngữ")
    _rule(nation, width - left, 0.4526 * len(_MOTTO) * sizes["motto-size"])
    number, date = table.rows[1].cells
    _line(number, document.number_line, "Số, ký hiệu")
    if document.subject_line:
        _line(number, document.subject_line, "Trích yếu công văn")
    _line(date, document.place_line, "Địa danh, thời gian")


def _line(container, text, style):
    """Appends a line, in a table cell using up the empty paragraph that every new cell has."""
    paragraphs = container.paragraphs if isinstance(container, _Cell) else []
    unused = len(paragraphs) == 1 and paragraphs[0].style.name == "Normal"
    paragraph = paragraphs[0] if unused else container.add_paragraph()
    paragraph.style = style
    _add_text(paragraph, text)
    return paragraph


def _rule(container, width, length):
    """A line of the given length in the middle of the width: the lower border of an indented empty paragraph."""
    paragraph = container.add_paragraph(style="Đường kẻ")
    side = max(Pt(width - length) // 2, 0)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc"
    )


def _add_text(paragraph, text, bold=None, italic=None):
    run = paragraph.add_run(text.replace("\r\n", "\n").replace("\r", "\n"))
    run.bold, run.italic = bold, italic


def _title(word, document):
    if document.kind:
        _add_text(word.add_paragraph(style="Tên loại"), document.kind.upper())
    if document.kind and document.summary:
        _add_text(word.add_paragraph(style="Trích yếu"), document.summary)
        sizes, width = measurements(), _text_width(word)
        longest = max(len(line) for line in document.summary.split("\n")) * _MIXED * sizes["summary-size"]
        _rule(word, width, min(longest, width * 0.85) * sizes["summary-rule"])
    if document.authority:
        _add_text(word.add_paragraph(style="Thẩm quyền ban hành"), document.authority.upper())
    if len(document.addressees) == 1:
        paragraph = word.add_paragraph(f"Kính gửi: {document.addressees[0]}", style="Kính gửi")
        paragraph.alignment, paragraph.paragraph_format.space_before = ALIGN.CENTER, Pt(14)
    elif document.addressees:
        for n, line in enumerate(["Kính gửi:", *document.addressee_lines]):
            paragraph = word.add_paragraph(line, style="Kính gửi")
            paragraph.paragraph_format.left_indent = Mm(30)
            paragraph.paragraph_format.space_before = Pt(0 if n else 14)


def _bases(word, lines):
    for n, line in enumerate(lines):
        paragraph = word.add_paragraph(style="Căn cứ")
        paragraph.paragraph_format.space_before = None if n else Pt(12)
        _add_text(paragraph, line)


def _blocks(word, blocks):
    for block in blocks:
        _BLOCKS[block.type](word, block)


def _heading(word, block):
    paragraph = word.add_paragraph(style=f"Heading {max(block.level, 1)}")
    _add_text(paragraph, block.text)
    if block.level == 0:
        paragraph.alignment, paragraph.paragraph_format.first_line_indent = ALIGN.CENTER, Pt(0)


def _paragraph(word, block):
    paragraph = word.add_paragraph(style="Nội dung")
    paragraph.alignment = _ALIGN[block.align]
    if block.align in ("center", "right"):
        paragraph.paragraph_format.first_line_indent = Pt(0)
    if block.lead:
        _add_text(paragraph, f"{block.lead} ", bold=True)
    paragraph.paragraph_format.keep_with_next = None if block.text else True
    _add_text(paragraph, block.text, italic=block.italic or None)


def _banner(word, block):
    paragraph = word.add_paragraph(style=_BANNERS[block.size])
    _add_text(paragraph, block.text, **({"bold": False, "italic": True} if block.italic else {}))


def _bullet(word, block):
    _add_text(word.add_paragraph(style="Gạch đầu dòng"), f"- {block.text}")


def _table(word, block):
    if block.caption:
        _add_text(word.add_paragraph(style="Tên bảng"), block.caption)
    if block.note:
        _add_text(word.add_paragraph(style="Đơn vị tính"), block.note)
    add_table(word, block, _text_width(word))


def _chart(word, block):
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(8)
    add_chart(paragraph, block)


def _picture(word, block):
    _line(word, block.alt, "Nội dung")


def _page_break(word, _block):
    word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


_BLOCKS = {
    "heading": _heading,
    "paragraph": _paragraph,
    "bullet": _bullet,
    "banner": _banner,
    "table": _table,
    "chart": _chart,
    "picture": _picture,
    "page_break": _page_break,
}


def _foot(word, signatures, recipients):
    """One signature: recipients left of it; several: a column each and the recipients below.

    It never stands on a page without the end of the text.
    """
    if not (signatures or recipients):
        return
    for paragraph in (*word.paragraphs[-1:], word.add_paragraph()):
        paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.line_spacing = Pt(8)
    several = len(signatures) > 1
    columns = len(signatures) if several else 2
    table = word.add_table(rows=2 if several else 1, cols=columns)
    clear_borders(table)
    keep_rows_whole(table)
    set_widths(table, [_text_width(word) / columns] * columns)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    if not several:
        _recipients(table.cell(0, 0), recipients)
    for n, signature in enumerate(signatures, 0 if several else 1):
        _signature(table.rows[0].cells[n], table.rows[-1].cells[n], signature)
    if several and recipients:
        _recipients(word, recipients)


def _recipients(container, lines):
    if not lines:
        return
    _line(container, "Nơi nhận:", "Nơi nhận")
    for line in lines:
        _line(container, line, "Danh sách nơi nhận")


def _signature(upper, lower, signature):
    for line in signature.capacity:
        _line(upper, line.upper(), "Chức vụ")
    if signature.hint:
        _line(upper, signature.hint, "Ghi chú ký")
    name = _line(lower, signature.name, "Họ tên người ký")
    name.paragraph_format.space_before = Pt(measurements()["signature-room"])


def _appendix(word, label, note, appendix):
    section = _restarted(word.add_section(WD_SECTION.NEW_PAGE))
    _set_page(section, appendix.landscape)
    _add_text(word.add_paragraph(style="Phụ lục"), label)
    _add_text(word.add_paragraph(style="Phụ lục"), appendix.title.upper())
    enclosed = word.add_paragraph(style="Kèm theo")
    enclosed.paragraph_format.space_after = Pt(8)
    _add_text(enclosed, note)
    _blocks(word, appendix.blocks)
    _foot(word, appendix.signatures, [])


def _restarted(section):
    """Its pages count from 1."""
    properties = section._sectPr
    for former in properties.findall(qn("w:pgNumType")):
        properties.remove(former)
    numbering = OxmlElement("w:pgNumType")
    numbering.set(qn("w:start"), "1")
    properties.insert_element_before(numbering, "w:cols", "w:titlePg", "w:docGrid")
    return section
