"""A hall as a picture for paper: every seat with its label and who sits there, blocks by letter and pattern."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from events.seating.grid import LETTERS, SEAT, STAGE, row_names, spots_of
from welfare.documents.blocks import Picture

_FONT = "Tinos, 'Times New Roman', serif"
_WIDTH, _HEIGHT, _BAND = 64, 46, 10  # of a cell and of its head
_EDGE = 26  # the rows' names, left and right
_LEGEND = 20  # of a line of the legend
_LINE = 12  # letters in a line of a name
_MOST = {"A3": (20, 24), "A4": (8, 14)}  # rows and columns on one picture: beyond it names could not be read


@dataclass(frozen=True)
class HallPicture(Picture):
    """A part of a hall: rows ``top`` to ``bottom`` and columns ``left`` to ``right`` of the drawing, the ends left out.

    ``names``: who sits in each cell, row by row as the drawing, "" where nobody does.
    """

    rows: Sequence[str]
    names: Sequence[Sequence[str]]
    blocks: Sequence[Sequence[str]]  # (letter, name)
    top: int
    bottom: int
    left: int
    right: int

    @property
    def svg(self) -> SafeString:
        per_line = max(1, (self.right - self.left) // 5)
        head = _LEGEND * -(-len(self.blocks) // per_line)
        width = 2 * _EDGE + _WIDTH * (self.right - self.left)
        height = head + _HEIGHT * (self.bottom - self.top)
        parts = [*self._legend(per_line), *self._stage(head), *self._row_names(head), *self._seats(head)]
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" role="img" font-family="{}" fill="#000">'
            "<title>{}</title>{}</svg>",
            width,
            height,
            width,
            _FONT,
            self.alt,
            format_html_join("", "{}", ((part,) for part in parts)),
        )

    def _legend(self, per_line) -> Iterator[SafeString]:
        for n, (letter, name) in enumerate(self.blocks):
            x, y = _EDGE + _WIDTH * 5 * (n % per_line), _LEGEND * (n // per_line)
            yield _band(letter, x, y + 2, 34, 12)
            yield _text(x + 40, y + 12, f"{letter} – {name}"[:48], 11, anchor="start")

    def _stage(self, head) -> Iterator[SafeString]:
        cells = [
            (r, c)
            for r in range(self.top, self.bottom)
            for c in range(self.left, self.right)
            if self.rows[r][c] == STAGE
        ]
        for r, c in cells:
            x, y = self._corner(r, c, head)
            yield format_html('<rect x="{}" y="{}" width="{}" height="{}" fill="#d9d9d9"/>', x, y, _WIDTH, _HEIGHT)
        if cells:
            corners = [self._corner(r, c, head) for r, c in cells]
            middle = (min(x for x, _ in corners) + max(x for x, _ in corners) + _WIDTH) / 2
            centre = (min(y for _, y in corners) + max(y for _, y in corners) + _HEIGHT) / 2
            yield _text(round(middle), round(centre) + 6, "SÂN KHẤU", 18, bold=True)

    def _row_names(self, head) -> Iterator[SafeString]:
        for row, letters in row_names(self.rows).items():
            if self.top <= row < self.bottom:
                y = head + _HEIGHT * (row - self.top) + _HEIGHT // 2 + 6
                yield _text(_EDGE // 2, y, letters, 15, bold=True)
                yield _text(_EDGE + _WIDTH * (self.right - self.left) + _EDGE // 2, y, letters, 15, bold=True)

    def _seats(self, head) -> Iterator[SafeString]:
        for spot in spots_of(self.rows):
            if self.top <= spot.row < self.bottom and self.left <= spot.column < self.right:
                x, y = self._corner(spot.row, spot.column, head)
                yield format_html(
                    '<rect x="{}" y="{}" width="{}" height="{}" fill="#fff" stroke="#000" stroke-width="0.8"/>',
                    x + 2, y + 2, _WIDTH - 4, _HEIGHT - 4,
                )  # fmt: skip
                yield _band(spot.block, x + 2, y + 2, _WIDTH - 4, _BAND)
                yield format_html(
                    '<rect x="{}" y="{}" width="26" height="{}" fill="#fff" stroke="#000" stroke-width="0.5"/>',
                    x + 2, y + 2, _BAND,
                )  # fmt: skip
                yield _text(x + 15, y + 10, spot.label, 8.5, bold=True)
                lines = _lines(self.names[spot.row][spot.column])
                first = y + 2 + _BAND + (_HEIGHT - 4 - _BAND) / 2 + 3.2 - 4.6 * (len(lines) - 1)
                for n, line in enumerate(lines):
                    yield _text(x + _WIDTH // 2, round(first + 9.2 * n, 1), line, 9.2)

    def _corner(self, row, column, head):
        return _EDGE + _WIDTH * (column - self.left), head + _HEIGHT * (row - self.top)


def pictures_of(rows, names, blocks, alt, paper="A3") -> Iterator[HallPicture]:
    """The hall in as few pictures as its names can be read on."""
    most_rows, most_columns = _MOST[paper]
    for top, bottom in _cut(len(rows), most_rows):
        for left, right in _cut(len(rows[0]), most_columns):
            part = [row[left:right] for row in rows[top:bottom]]
            if any(cell in SEAT + LETTERS for row in part for cell in row):
                yield HallPicture(alt, rows, names, blocks, top, bottom, left, right)


def _cut(length: int, most: int) -> list[tuple[int, int]]:
    parts = -(-length // most)
    size = -(-length // parts)
    return [(start, min(start + size, length)) for start in range(0, length, size)]


def _band(letter, x, y, width, height) -> SafeString:
    """The head of a block's seats: one of twelve patterns, told apart without any colour."""
    if not letter:
        return SafeString("")
    n = LETTERS.index(letter)
    step, weight = (4, 1.4) if n < 6 else (8, 0.7)
    return format_html(
        '<rect x="{0}" y="{1}" width="{2}" height="{3}" fill="#fff" stroke="#000" stroke-width="0.5"/>'
        '<path d="{4}" fill="none" stroke="#000" stroke-width="{5}"/>',
        x, y, width, height, " ".join(_strokes(n % 6, x, y, width, height, step)), weight,
    )  # fmt: skip


def _strokes(kind, x, y, width, height, step) -> Iterator[str]:
    if kind in (0, 4):  # upright; with 4 crossed by level ones
        for at in range(x + step // 2, x + width, step):
            yield f"M{at} {y}V{y + height}"
    if kind in (1, 4):  # level
        for at in range(y + step // 2, y + height, max(3, step // 2)):
            yield f"M{x} {at}H{x + width}"
    if kind in (2, 5):  # rising; with 5 crossed by falling ones
        for at in range(x, x + width - height + 1, step):
            yield f"M{at} {y + height}L{at + height} {y}"
    if kind in (3, 5):  # falling
        for at in range(x, x + width - height + 1, step):
            yield f"M{at} {y}L{at + height} {y + height}"


def _text(x, y, words, size, *, bold=False, anchor="middle") -> SafeString:
    return format_html(
        '<text x="{}" y="{}" font-size="{}" text-anchor="{}"{}>{}</text>',
        x, y, size, anchor, SafeString(' font-weight="bold"') if bold else "", words,
    )  # fmt: skip


def _lines(name: str) -> list[str]:
    """At most three lines; one word too long for a cell is cut."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + 1 + len(word) <= _LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(word[:_LINE])
    return lines if len(lines) <= 3 else [*lines[:2], f"{lines[2][: _LINE - 1]}…"]
