"""What an official document says, apart from how it is drawn.

One OfficialDocument feeds the browser preview, the PDF, the DOCX and the tables' XLSX. It holds plain data only:
no text in it is ever taken as HTML, and every number, date or missing value is given as such, never pre-formatted.
The parts, their order and their punctuation follow NĐ 30/2020/NĐ-CP, Phụ lục I (and QĐ 933/QĐ-TLĐ, which keeps them);
sizes and positions are in static/documents/official.css.
"""

import dataclasses
import datetime
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from welfare.documents.charts import Series, bar_chart

BLANK = "\u00a0" * 6
_BREAK_BEFORE = re.compile(r" (?=(?:TỈNH|THÀNH PHỐ|HUYỆN|THỊ XÃ|XÃ|PHƯỜNG|VIỆT NAM)\b)")
_LETTERHEAD_LINE = 27
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class PartialDate:
    """A date some parts of which are still to be written in by hand."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True)
class Heading:
    """Level 0 is centred (Phần, Chương, "QUYẾT ĐỊNH:"), 1 is "I. TIÊU ĐỀ", 2 is "1. Tiêu đề", 3 is "a) tiêu đề".

    The number is printed as the document has it; only a bare "I" or "1" gets its full stop.
    """

    title: str
    number: str = ""
    level: int = 1
    type: ClassVar[str] = "heading"

    @property
    def text(self) -> str:
        title = self.title.upper() if self.level <= 1 else self.title
        number = f"{self.number}." if self.number[-1:].isalnum() else self.number
        return f"{number} {title}".strip()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `lead` is its bold beginning ("Điều 1.", "Thời gian:")."""

    text: str
    lead: str = ""
    italic: bool = False
    align: str = "justify"
    type: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Bullet:
    text: str
    type: ClassVar[str] = "bullet"


@dataclass(frozen=True)
class PageBreak:
    type: ClassVar[str] = "page_break"


@dataclass(frozen=True)
class Chart:
    """Horizontal bars: one group a category, one bar a series (at most three). None is "no figure"."""

    title: str
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    type: ClassVar[str] = "chart"

    @property
    def svg(self) -> str:
        return bar_chart(self.title, self.categories, self.series, unit=self.unit)


@dataclass(frozen=True)
class Column:
    """`width` is a share of the table's width; neighbours with the same `group` stand under one merged header.

    Without `align`, numbers stand right, dates centred, text left.
    """

    header: str
    width: float = 1
    align: str = ""
    group: str = ""


@dataclass(frozen=True)
class GroupRow:
    """A bold row over the whole width, without a running number ("I. LĐLĐ huyện …")."""

    text: str


@dataclass(frozen=True)
class Cell:
    text: str
    align: str


@dataclass(frozen=True)
class PrintedRow:
    kind: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class HeaderCell:
    text: str
    column: int
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Table:
    """Rows are sequences of str, int, Decimal, float, date, bool (a mark) or None, or a GroupRow.

    A year or a code is given as text, or it gets a thousands dot. `numbered` puts a running "TT" column in front.
    `note` stands over the right edge ("Đơn vị tính: đồng"). `total` has one value a column.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence | GroupRow]
    total: Sequence | None = None
    caption: str = ""
    note: str = ""
    numbered: bool = False
    type: ClassVar[str] = "table"

    @property
    def all_columns(self) -> list[Column]:
        return [Column("TT", _number_width(self.columns), "center"), *self.columns][not self.numbered :]

    @property
    def widths(self) -> list[float]:
        """Every column's share in percent."""
        whole = sum(column.width for column in self.all_columns) or 1
        return [round(100 * column.width / whole, 2) for column in self.all_columns]

    @property
    def header_rows(self) -> list[list[HeaderCell]]:
        """One row of cells, or two where some columns are grouped."""
        columns = self.all_columns
        if not any(column.group for column in columns):
            return [[HeaderCell(column.header, n) for n, column in enumerate(columns)]]
        upper, lower = [], []
        for n, column in enumerate(columns):
            if not column.group:
                upper.append(HeaderCell(column.header, n, rows=2))
                continue
            lower.append(HeaderCell(column.header, n))
            if n and columns[n - 1].group == column.group:
                upper[-1] = dataclasses.replace(upper[-1], columns=upper[-1].columns + 1)
            else:
                upper.append(HeaderCell(column.group, n))
        return [upper, lower]

    def printed_rows(self):
        """Yields every row below the header as PrintedRow; kind is "row", "group" or "total"."""
        number = 0
        for row in self.rows:
            if isinstance(row, GroupRow):
                yield PrintedRow("group", [Cell(row.text, "left")])
                continue
            number += 1
            yield self._printed("row", [str(number), *row] if self.numbered else row)
        if self.total is not None:
            yield self._printed("total", ["", *self.total] if self.numbered else self.total)

    def _printed(self, kind, values):
        columns = self.all_columns
        values = [*values, *[None] * (len(columns) - len(values))][: len(columns)]
        return PrintedRow(
            kind,
            [Cell(cell_text(v), c.align or cell_align(v)) for v, c in zip(values, columns, strict=True)],
        )


@dataclass(frozen=True)
class Signature:
    """`capacity` from the top: ("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"). The name carries no academic title."""

    capacity: Sequence[str]
    name: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Recipient:
    name: str
    purpose: str = ""

    @property
    def text(self) -> str:
        return f"{self.name} ({self.purpose})" if self.purpose else self.name


@dataclass(frozen=True)
class Appendix:
    """Starts a page, counts its own pages. `note` defaults to "(Kèm theo … số … ngày …)"."""

    title: str
    blocks: Sequence
    landscape: bool = False
    signatures: Sequence[Signature] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class OfficialDocument:
    """A document without `kind` is an official letter (công văn): its summary goes under the number as "V/v …".

    `authority` is the line of a decision's issuing body above the bases. One signature stands right of the
    recipients; of several, each has its column and the recipients follow below. `issuer_name` is the issuer in running
    text, for the appendices' note.
    """

    superior: str = ""
    issuer: str = ""
    issuer_name: str = ""
    number: str = ""
    symbol: str = ""
    place: str = ""
    date: datetime.date | PartialDate | None = None
    kind: str = ""
    summary: str = ""
    authority: str = ""
    addressees: Sequence[str] = ()
    bases: Sequence[str] = ()
    blocks: Sequence = ()
    closing: bool = True
    signatures: Sequence[Signature] = ()
    recipients: Sequence[Recipient] = ()
    appendices: Sequence[Appendix] = ()
    landscape: bool = False

    @property
    def title(self) -> str:
        return " ".join(f"{self.kind} {self.summary}".split()) or "Văn bản"

    @property
    def letterhead(self) -> list[list[str]]:
        """Superior and issuer, each as the lines it is broken into."""
        return [_letterhead_lines(self.superior), _letterhead_lines(self.issuer)]

    @property
    def number_line(self) -> str:
        """ "Số: 05/KH-LĐLĐ"; the number's place stays blank until there is one."""
        if not (self.number or self.symbol):
            return ""
        return f"Số: {self.number.zfill(2) if self.number else BLANK}/{self.symbol}".rstrip("/")

    @property
    def place_line(self) -> str:
        return f"{self.place}, {date_text(self.date)}" if self.place else ""

    @property
    def subject_line(self) -> str:
        return "" if self.kind or not self.summary else f"V/v {self.summary}"

    @property
    def base_lines(self) -> list[str]:
        return _punctuated(self.bases, last=".")

    @property
    def addressee_lines(self) -> list[str]:
        return [f"- {line}" for line in _punctuated(self.addressees, last=".")]

    @property
    def recipient_lines(self) -> list[str]:
        return [f"- {line}" for line in _punctuated([r.text for r in self.recipients], last=".")]

    @property
    def body(self) -> list:
        """The blocks, the last sentence closed by "./."."""
        blocks = list(self.blocks)
        if self.closing and blocks and isinstance(blocks[-1], (Paragraph, Bullet)):
            blocks[-1] = dataclasses.replace(blocks[-1], text=blocks[-1].text.rstrip(" .;/") + "./.")
        return blocks

    @property
    def numbered_appendices(self) -> list[tuple[str, str, Appendix]]:
        """(label, note, appendix); the label has a Roman number where there is more than one."""
        several = len(self.appendices) > 1
        return [
            (f"Phụ lục {roman(n)}" if several else "Phụ lục", appendix.note or self._enclosed_with(), appendix)
            for n, appendix in enumerate(self.appendices, 1)
        ]

    @property
    def tables(self) -> list[Table]:
        blocks = [*self.blocks, *(block for appendix in self.appendices for block in appendix.blocks)]
        return [block for block in blocks if isinstance(block, Table)]

    def _enclosed_with(self):
        number = self.number_line.removeprefix("Số:").strip(" ")
        parts = [
            f"Kèm theo {self.kind.capitalize() or 'Công văn'}",
            f"số {number}" if number else "",
            date_text(self.date),
            f"của {self.issuer_name}" if self.issuer_name else "",
        ]
        return f"({' '.join(part for part in parts if part)})"


def cell_text(value) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "x"
    if isinstance(value, datetime.datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int):
        return _vietnamese_marks(f"{value:,}")
    if isinstance(value, (float, Decimal)):
        text = f"{value:,.2f}"
        return _vietnamese_marks(text.rstrip("0").rstrip(".") if "." in text else text)
    return str(value)


def cell_align(value) -> str:
    if isinstance(value, bool) or isinstance(value, datetime.date):
        return "center"
    return "right" if isinstance(value, (int, float, Decimal)) else "left"


def date_text(date) -> str:
    """ "ngày 05 tháng 01 năm 2026": days below 10 and the months 1 and 2 take a zero; a missing part stays blank."""
    day = f"{date.day:02}" if date and date.day else BLANK
    month = str(date.month).zfill(2 if date.month < 3 else 1) if date and date.month else BLANK
    return f"ngày {day} tháng {month} năm {date.year if date and date.year else BLANK}"


def text_blocks(text: str) -> list[Paragraph | Bullet]:
    """Free text of a form: a paragraph a line; a line that begins with a dash is an item."""
    blocks = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        item = re.match(r"[-–•+*]\s+(.+)", line)
        blocks.append(Bullet(item[1]) if item else Paragraph(line))
    return blocks


def roman(number: int) -> str:
    text = ""
    for value, letters in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        text += letters * (number // value)
        number %= value
    return text


def printable(value):
    """The same document with every text in NFC and without what XML can't hold (control characters, lone surrogates)."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", _NOT_XML.sub("", value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{f.name: printable(getattr(value, f.name)) for f in dataclasses.fields(value)})
    if isinstance(value, Iterable):
        return [printable(item) for item in value]
    return value


def _number_width(columns):
    return 0.065 * sum(column.width for column in columns)


def _letterhead_lines(text):
    lines = text.upper().splitlines()
    if len(lines) != 1 or len(text) <= _LETTERHEAD_LINE:
        return lines
    return _BREAK_BEFORE.split(lines[0], maxsplit=1)


def _punctuated(lines, last):
    lines = [line.rstrip(" ;.,") for line in lines]
    return [f"{line};" for line in lines[:-1]] + [f"{line}{last}" for line in lines[-1:]]


def _vietnamese_marks(text):
    return text.translate({ord(","): ".", ord("."): ","})
