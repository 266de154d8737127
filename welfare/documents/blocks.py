"""What the body of an official document is made of, in its order: headings, paragraphs, items, tables, charts, pictures.

Plain data: no text is ever taken as HTML, and a table's figures and dates are given as such, never pre-formatted, so
that the same table is printed on paper and typed in a workbook.
"""

import dataclasses
import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import NoneType
from typing import ClassVar

from welfare.documents.charts import Series, bar_chart

# Percent of the text's width on an upright page: a digit of a table, bold as in a total, and a cell's padding.
_DIGIT, _PADDING = 1.3, 1.7
_ON_A_WIDE_PAGE = 165 / 252  # of those; the widths of the text in mm
_TIGHT = 10
_NUMBER = re.compile(r"[(\d][\d./,%)]*")
_LONGEST_NUMBER = 18  # longer ones are broken: they would leave the other columns no room
_HEADER_OF_NUMBERS = 3  # digits as wide as "TT"
_SHORT, _SHORT_ON_A_WIDE_PAGE = 8, 4  # rows


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
class Banner:
    """One centred line of a board, in one of four sizes: "small", "medium", "large", "huge"."""

    text: str
    size: str = "medium"
    italic: bool = False
    type: ClassVar[str] = "banner"


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
class Picture:
    """A drawing of a room's own: a subclass makes ``svg`` of its fields; Word shows ``alt`` instead."""

    alt: str
    type: ClassVar[str] = "picture"

    @property
    def svg(self) -> str:
        raise NotImplementedError


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
    `first_number` and `fixed_widths` (percent) make a part of a table go on as the part before it. `is_wide` is said by
    the landscape page that the table stands on.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence | GroupRow]
    total: Sequence | None = None
    caption: str = ""
    note: str = ""
    numbered: bool = False
    first_number: int = 1
    fixed_widths: Sequence[float] = ()
    is_wide: bool = False
    type: ClassVar[str] = "table"

    @property
    def is_short(self) -> bool:
        """Stands on one page."""
        return len(self.rows) <= (_SHORT_ON_A_WIDE_PAGE if self.is_wide else _SHORT)

    @property
    def all_columns(self) -> list[Column]:
        return [Column("TT", _number_width(self.columns), "center"), *self.columns][not self.numbered :]

    @property
    def widths(self) -> list[float]:
        """Every column's share in percent; figures and dates get the room not to be broken over two lines."""
        if self.fixed_widths:
            return list(self.fixed_widths)
        wished, least, fixed = [column.width for column in self.all_columns], self._least_widths(), set()
        while True:
            free = max(100 - sum(least[n] for n in fixed), _TIGHT)
            rest = sum(width for n, width in enumerate(wished) if n not in fixed) or 1
            shares = [least[n] if n in fixed else width * free / rest for n, width in enumerate(wished)]
            lacking = {n for n, share in enumerate(shares) if share < least[n]}
            if not lacking:
                return [round(100 * share / sum(shares), 2) for share in shares]
            fixed |= lacking

    def _least_widths(self):
        rows = [row for row in [*self.rows, self.total or ()] if not isinstance(row, GroupRow)]
        longest = [0] * len(self.columns)
        for row in rows:
            for n, value in enumerate(row[: len(longest)]):
                longest[n] = max(longest[n], _unbroken(value))
        longest = [max(_HEADER_OF_NUMBERS, len(str(len(rows)))), *longest] if self.numbered else longest
        scale = _ON_A_WIDE_PAGE if self.is_wide else 1
        return [scale * (_DIGIT * digits + _PADDING) if digits else 0 for digits in longest]

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
        number = self.first_number - 1
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


def stacked(text: str, beyond: int = 0) -> str:
    """A rate of more than ``beyond`` letters with its parts under it, long ones over two lines, for a narrow cell."""
    rate, _, parts = text.partition(" (") if len(text) > beyond else (text, "", "")
    if len(parts) > 15:
        parts = parts.replace("/", "/\n")
    return f"{rate}\n({parts}" if parts else rate


def _unbroken(value) -> int:
    """Letters that must stand on one line: of figures and days, and of the longest number within a text."""
    if isinstance(value, str):
        return max((len(number) for number in _NUMBER.findall(value) if len(number) <= _LONGEST_NUMBER), default=0)
    return 0 if isinstance(value, (bool, NoneType)) else len(cell_text(value))


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
    if isinstance(value, (bool, datetime.date)):
        return "center"
    return "right" if isinstance(value, (int, float, Decimal)) else "left"


def text_blocks(text: str) -> list[Paragraph | Bullet]:
    """Free text of a form: a paragraph a line; a line that begins with a dash is an item."""
    blocks = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        item = re.match(r"[-–•+*]\s+(.+)", line)
        blocks.append(Bullet(item[1]) if item else Paragraph(line))
    return blocks


def _number_width(columns):
    return 0.065 * sum(column.width for column in columns)


def _vietnamese_marks(text):
    return text.translate({ord(","): ".", ord("."): ","})
