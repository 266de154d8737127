"""Word files for the tests, made in memory."""

import io
import zipfile

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

DOCUMENT = "word/document.xml"


class Paper:
    """A Word file paragraph by paragraph; every method returns the paper, so that one reads down the page."""

    def __init__(self):
        self._file = docx.Document()

    def line(self, text, *, bold=False, italic=False, centred=False, style=None):
        paragraph = self._file.add_paragraph(style=style)
        run = paragraph.add_run(text)
        run.bold, run.italic = bold or None, italic or None
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        return self

    def lines(self, *texts):
        for text in texts:
            self.line(text)
        return self

    def table(self, *rows):
        """Cells hold their paragraphs parted by line ends."""
        table = self._file.add_table(len(rows), len(rows[0]))
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                first, *others = text.split("\n")
                table.cell(row, column).text = first
                for other in others:
                    table.cell(row, column).add_paragraph(other)
        return self

    def numbered(self, *items):
        """(level, text) in one list of Word's own: "I." "1." "a)" and a dash."""
        number = _list(self._file)
        for level, text in items:
            paragraph = self._file.add_paragraph(text)
            of = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            of.get_or_add_numId().val, of.get_or_add_ilvl().val = number, level
        return self

    def bytes(self) -> bytes:
        file = io.BytesIO()
        self._file.save(file)
        return file.getvalue()


_LEVELS = (("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "\uf0b7"))


def _list(file) -> int:
    numbering = file.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    taken = [int(one.get(qn("w:abstractNumId"))) for one in numbering.findall(qn("w:abstractNum"))]
    abstract.set(qn("w:abstractNumId"), str(max(taken, default=0) + 1))
    for depth, (form, text) in enumerate(_LEVELS):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(depth))
        for name, value in (("start", "1"), ("numFmt", form), ("lvlText", text)):
            part = OxmlElement(f"w:{name}")
            part.set(qn("w:val"), value)
            level.append(part)
        abstract.append(level)
    numbering.insert(0, abstract)
    return numbering.add_num(max(taken, default=0) + 1).numId


def repacked(data: bytes, *, changed=None, added=None) -> bytes:
    """The file's zip with parts replaced, given as {name: bytes}, or added."""
    changed, result = changed or {}, io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, changed.get(name, source.read(name)))
        for name, content in (added or {}).items():
            target.writestr(name, content)
    return result.getvalue()


def part(data: bytes, name=DOCUMENT) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read(name)
