"""Finds the header of a list by what it says: one to three rows, merged or not, anywhere on the sheet."""

import re
from dataclasses import dataclass
from functools import lru_cache

from beneficiaries.intake.fields import MARKS, PARENTS, Field
from beneficiaries.intake.reading import Sheet
from welfare.vietnamese import fold

NAME_FIELDS = frozenset(("full_name", "head_name", "family_part"))
_PERSON = re.compile(
    r"(?:stt )?ho (?:va |chu dem va |chu dem |dem va )?ten\b(?! (?:cua )?(?:cha|me|bo|vo|chong|con|chu|nguoi (?:giam ho|nuoi duong|than|gioi thieu"
    r"|lien he|nhan thay|ky|bao lanh|dai dien|lap|uy quyen|duoc uy quyen|phu thuoc)|than|cac|thanh vien|phu huynh|giao vien|ngan hang|chinh quyen|nguoi thue)\b)"
)  # whoever's name it is, the list is about them
_NAME = re.compile(r"(?:stt )?ho (?:va |chu dem va |chu dem |dem va )?ten\b")
_SPELT = re.compile(r"\b(?:[a-z] )+[a-z]\b")
_CROSSED = re.compile(r"\s(?:danh dau|danh|ghi|tich|dau)(?: dau)? x$")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\([^()]*$")
_UNIT_TAIL = re.compile(
    r"\s+(?:dvt|don vi tinh)\b.*$|(?<!\bdi)(?<!\blao)(?<!\bhoat)(?<!\bhop)(?<!\bcong)(?<!\btac)\s+(?:tinh bang )?(?:(?:trieu|nghin|ngan|tr|ng|1 000|1000) ?)?(?:dong|vnd|vn d|d)$|\s+trieu$"
)
_NOISE = re.compile(
    r"\b(?:cua|cac|nguoi lao dong|doan vien|cnvcld|cnlđ|cnld|cbcnv|nld|dv|ghi ro|neu co|ghi cu the|cu the|hien nay|"
    r"ca nhan|nguoi nhan|nguoi duoc ho tro|dai bieu|cong nhan|thong tin|du kien)\b"
)
_CELL_NUMBER = re.compile(r"\(?[0-9]{1,2}\)?(?:\s*=.*)?|\(?[A-Za-z]\)?|\([0-9]{1,2}[=+x*()/\-0-9 ]*\)")
_LONGEST_HEADING = 120
_TALLEST = 3


@dataclass
class Header:
    """top and bottom rows; paths: the headings above each column, outermost first; merges: column to merged range."""

    top: int
    bottom: int
    paths: list[tuple[str, ...]]
    merges: dict[int, tuple]
    texts: frozenset[str]


@lru_cache(maxsize=8192)
def header_key(text: str) -> str:
    """ "Họ & tên (ghi rõ)" as "ho va ten": folded, no punctuation, no brackets, no unit of money at the end."""
    plain = _BRACKETS.sub(" ", fold(text.replace("&", " va ")))
    plain = re.sub(r"[^a-z0-9]+", " ", plain).strip()
    plain = _SPELT.sub(lambda letters: letters[0].replace(" ", ""), plain)  # "S.T.T"
    if plain == "nam" and "ă" in text.lower():
        return "nam so"  # Năm, a year, and not Nam, a man
    return _UNIT_TAIL.sub("", _CROSSED.sub("", plain))


def names_person(key: str) -> bool:
    """ "Họ tên người được thăm hỏi", "Họ và tên nạn nhân": the name of those listed, in words of its own."""
    return bool(_PERSON.match(key))


def names_other(key: str) -> bool:
    """ "Họ tên bố (mẹ)": somebody's beside them."""
    return bool(_NAME.match(key)) and not names_person(key)


@lru_cache(maxsize=8192)
def bare_key(key: str) -> str:
    """The key without the words that only say whose it is."""
    return " ".join(_NOISE.sub(" ", key).split())


def is_value(cell) -> bool:
    """Numbers and dates: what a heading never is."""
    return type(cell) is not str or (cell.strip(" '.-/").replace(".", "").replace("/", "").isdigit())


def is_numbering(row: list, share: float = 0.8) -> bool:
    """The line of column numbers under a header: (1) (2) (3), A B 1 2; in that share of its cells at least."""
    filled = [str(cell).strip() for cell in row if cell != "" and type(cell) is not list]
    if len(filled) < 2 or len(filled) < sum(1 for cell in row if cell != ""):
        return False
    return sum(1 for text in filled if _CELL_NUMBER.fullmatch(text)) >= share * len(filled)


class HeaderFinder:
    """known: of a header key the fields it may stand for; near: of a key that is none, those of wordings like it."""

    def __init__(self, known, near):
        self.known = known
        self.near = near

    def first(self, sheet: Sheet) -> Header | None:
        """The first header of the sheet; near spellings count only where no row is a plain header."""
        for exact in (True, False):
            for row in range(len(sheet.rows) if exact else min(len(sheet.rows), 100)):
                if header := self.at(sheet, row, exact=exact):
                    return header
        return None

    def at(self, sheet: Sheet, row: int, *, exact: bool = True) -> Header | None:
        if not self._is_header(sheet.rows[row], exact=exact):
            return None
        top, bottom = row, row
        first = next(column for column, cell in enumerate(sheet.rows[row]) if cell != "")
        while top > 0 and row - top < _TALLEST - 1 and self._is_above(sheet, top - 1, first):
            top -= 1
        anchors = self._anchors(sheet.rows[row])
        while (
            bottom + 1 < len(sheet.rows)
            and bottom - top < _TALLEST - 1
            and self._is_below(sheet, top, bottom + 1, anchors)
        ):
            bottom += 1
        return _header(sheet, top, bottom)

    def is_of_others(self, row: list) -> bool:
        """A header of something that isn't people: known headings and no name."""
        texts = [cell for cell in row if cell != ""]
        if len(texts) < 3 or any(is_value(cell) or len(cell) > _LONGEST_HEADING for cell in texts):
            return False
        hits = [self.fields_of(text) for text in texts]
        names = {field.name for fields in hits for field in fields}
        return len(names) >= 3 and sum(map(bool, hits)) >= 0.6 * len(texts) and names.isdisjoint(NAME_FIELDS)

    def fields_of(self, text: str) -> list[Field]:
        return self.known(header_key(text))

    def _is_header(self, row: list, *, exact: bool) -> bool:
        texts = [cell for cell in row if cell != ""]
        if len(texts) < 2 or any(is_value(cell) or len(cell) > _LONGEST_HEADING for cell in texts):
            return False
        hits = [self.fields_of(text) or ([] if exact else self.near(header_key(text))) for text in texts]
        names = {field.name for fields in hits for field in fields}
        found = sum(1 for fields in hits if fields)
        return found >= 2 and len(names) >= 2 and found >= 0.4 * len(texts) and not names.isdisjoint(NAME_FIELDS)

    def _is_above(self, sheet: Sheet, row: int, first: int) -> bool:
        """Headings that stand over others; a lone text over the first column is a title. Among headings that are
        known, one merged over several columns may say anything."""
        cells = sheet.rows[row]
        texts = {column: cell for column, cell in enumerate(cells) if cell != ""}
        if not texts or any(is_value(cell) for cell in texts.values()) or (len(texts) == 1 and cells[first] != ""):
            return False
        unknown = [column for column, text in texts.items() if not self._is_known(text)]
        over = {left for top, left, bottom, right in sheet.merges if top == bottom == row and right > left}
        return (len(unknown) < len(texts) and over.issuperset(unknown)) or self._is_upper_half(sheet, row)

    def _is_upper_half(self, sheet: Sheet, row: int) -> bool:
        """Headings written over two rows: "Họ và" above "tên", "Năm" above "sinh"."""
        pairs = [(up, low) for up, low in zip(sheet.rows[row], sheet.rows[row + 1], strict=False) if up != "" != low]
        if len(pairs) < 3 or any(is_value(cell) for pair in pairs for cell in pair):
            return False
        whole = sum(1 for up, low in pairs if self.fields_of(f"{up} {low}") and not self._is_known(up))
        return whole >= 3 and whole >= 0.6 * len(pairs)

    def _is_known(self, text: str) -> bool:
        key = header_key(text)
        return key in PARENTS or bare_key(key) in PARENTS or bool(self.fields_of(text))

    def _anchors(self, row: list) -> list[int]:
        """Columns of the name and the running number: they are empty below a header's first row."""
        return [
            column
            for column, cell in enumerate(row)
            if cell != "" and {field.name for field in self.fields_of(cell)} & (NAME_FIELDS | {"number"})
        ]

    def _is_below(self, sheet: Sheet, top: int, row: int, anchors: list[int]) -> bool:
        cells = sheet.rows[row]
        filled = {column: cell for column, cell in enumerate(cells) if cell != ""}
        if not filled or is_numbering(cells) or any(is_value(cell) for cell in filled.values()):
            return False
        if any(column in filled and not self._says_heading(filled[column]) for column in anchors):
            return False
        said = [column for column, cell in filled.items() if self._says_heading(cell)]
        rest = [column for column in filled if column not in said]
        if any(len(filled[column]) > 40 for column in rest):
            return False
        merged = all(_is_under(sheet, top, row, column) for column in rest)
        return merged or (len(said) >= len(rest) and all(sheet.rows[row - 1][column] == "" for column in rest))

    def _says_heading(self, text: str) -> bool:
        key = header_key(text)
        return not key or key in MARKS or key in PARENTS or bool(self.fields_of(text))


def _is_under(sheet: Sheet, top: int, row: int, column: int) -> bool:
    """Whether a heading above is merged sideways over this column."""
    return any(
        first >= top and last < row and left <= column <= right and right > left
        for first, left, last, right in sheet.merges
    )


def _header(sheet: Sheet, top: int, bottom: int) -> Header:
    lines = [list(sheet.rows[row]) for row in range(top, bottom + 1)]
    texts = frozenset(cell for line in lines for cell in line if type(cell) is str and cell)
    merges: dict[int, tuple] = {}
    for first, left, last, right in sheet.merges:
        if top <= first <= last <= bottom and right > left:
            for column in range(left, min(right + 1, len(lines[0]))):
                lines[first - top][column] = lines[first - top][left]
                if last == bottom:
                    merges[column] = (first, left, last, right)
    for upper, lower in zip(lines, lines[1:], strict=False):
        _fill_right(upper, lower)
    paths = [
        tuple(dict.fromkeys(line[column].strip() for line in lines if _is_heading(line[column])))
        for column in range(len(lines[0]))
    ]
    return Header(top, bottom, paths, merges, texts)


def _is_heading(cell) -> bool:
    return type(cell) is str and bool(cell.strip())


def _fill_right(upper: list, lower: list) -> None:
    """A heading that stands over several sub-headings without being merged counts for all of them."""
    for column in range(1, len(upper)):
        if upper[column] == "" and lower[column] != "" and lower[column - 1] != "" and upper[column - 1] != "":
            upper[column] = upper[column - 1]
