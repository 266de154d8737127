"""Walks down a sheet and tells people from titles, group lines, repeated headers, totals and signatures."""

import re
from dataclasses import dataclass, field
from itertools import takewhile

from beneficiaries.intake import money
from beneficiaries.intake.columns import Column, Conflict, Matcher, settle
from beneficiaries.intake.headers import Header, HeaderFinder, is_numbering
from beneficiaries.intake.reading import Sheet
from welfare.vietnamese import clean, fold

_TOTAL = re.compile(
    r"tc\s*[:.]?$|(?!tong cong ty\b)(?:tong cong|tong so|tong tien|tong kinh phi|tong hop)\b|(?!tong cong ty\b)(?:tong|cong)\s*(?:$|[:(.,\d]|[ivx]+\b|"
    r"(?:nhom|muc|don vi|huyen|xa|khoi|cdcs|ldld|cong ty|toan|trang|phan|cac|danh|luy ke|rieng)\b)"
)
_BARE_TOTAL = re.compile(r"(?:tong )?cong|tong(?: so)?(?: tien)?|cong don|luy ke")
_IN_WORDS = re.compile(r"\W*(?:\(?\s*(?:tong )?(?:so tien )?(?:viet |ghi )?bang chu\b)")
_SIGNATURE = re.compile(
    r"(?:nguoi lap|lap (?:bieu|bang|danh sach)|nguoi tong hop|ke toan|thu truong|(?:p\.?\s*|pho )?chu tich|(?:pho )?giam doc|thay mat|thu quy|noi nhan|ban chap hanh|ban thuong vu|truong ban|"
    r"xac nhan cua|hieu truong|can bo|t/?m\b|t/?l\b|k/?t\b|tuq\b|dai dien (?:don vi|cong doan|ban)|\(ky)"
)
_DATE_LINE = re.compile(
    r"\bngay\b[\s.\d…_/]*\bthang\b[\s.\d…_/]*\bnam\b|[a-z],\s*ngay\s*[0-9]{1,2}\s*[/.-]\s*[0-9]{1,2}\s*[/.-]\s*[0-9]{4}\s*$"
)
_REMARK = re.compile(r"(?:ghi chu|luu y|danh sach (?:nay )?(?:co|gom)|an dinh|tong hop lai|\*|don vi tinh|dvt)")
_UNIT_LINE = re.compile(r"\b(?:don vi tinh|dvt|don vi)\s*:")
_ORDINAL = re.compile(r"(?:[IVXLivxl]+|[A-Za-zĐđ]|[0-9]{1,2}(?:\.[0-9]{1,2})*)\s*[.)/:-]?|[*•+–-]+")
_LETTERED = re.compile(r"(?:[IVXL]+|[A-HĐ])\s*[.)/:-]?")
_PREFIX = re.compile(r"^(?:[IVXL]+|[A-HĐ])\s*[.)/:-]\s*|^[IVXL]+\s+(?=\w{2})|^[0-9]{1,2}\s*[.)/]\s*")
_COUNT_TAIL = re.compile(r"\s*[:(-]\s*[0-9]+\s*(?:người|hộ|suất|đ/c|đại biểu|trường hợp|nhà|căn)\s*\)?\s*$", re.I)
_UNIT_WORDS = re.compile(
    r"\b(?:lđlđ|liên đoàn|công đoàn|cđcs|cđ|nghiệp đoàn|công ty|cty|tnhh|doanh nghiệp|trường|thpt|thcs|huyện|xã|phường|"
    r"thị trấn|thị xã|thành phố|tp|khối|ngành|cụm|khu|phòng|chi nhánh|nhà máy|xí nghiệp|bệnh viện|trung tâm|đơn vị|ubnd|"
    r"hợp tác xã|htx|bộ phận|nhóm|diện|hộ nghèo|cận nghèo|đối tượng|danh sách|xây mới|sửa chữa|tỉnh|sở|tổ|ban|bản|ấp|thôn|"
    r"hoàn cảnh|kcn|hộ|các|tổng công ty)\b"
)
_FAMILIES = frozenset(
    re.findall(
        r"\w+",
        """nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly dao doan dinh lam truong trinh mai to
        ta ha luong chau cao luu phung quach thach son kim danh lo giang sung vang ma thao vi quang hu cu ksor rcham
        siu h y nong trieu be chu tong kieu la nghiem ninh ong than thai tieu ton tu van vuong diep dam dong khuc lai
        luc mac nham phi pho""",
    )
)
_AMOUNT_IN_TEXT = re.compile(
    r"(?:so tien|kinh phi|la)\D{0,12}([0-9][0-9.,]{4,})|([0-9]{1,3}(?:[.,][0-9]{3}){1,3})\s*(?:d|dong|vnd)\b"
)
_UNIT_NAME = re.compile(
    r"(?:ldld|lien doan|cong doan|cdcs|cd |nghiep doan|cong ty|cty|doanh nghiep|truong (?:thpt|thcs|tieu hoc|mam non|mn|th|dai hoc|cao dang)"
    r"|huyen |khoi |cum |khu cong nghiep|chi nhanh|nha may|xi nghiep|benh vien|trung tam|ubnd|hop tac xa|thanh pho |thi tran |phuong )"
)
_PLACE_NAME = re.compile(  # with its accents: Xa and Ban begin names of people
    r"(?:xã|phường|thị trấn|thị xã|đặc khu|quận|huyện|tỉnh|sở|phòng|chi cục|cục|văn phòng|hội|ủy ban|uỷ ban|công an|bưu điện|điện lực"
    r"|kho bạc|ngân hàng|tòa án|toà án|viện|trạm|cơ quan|khối|cụm|khu phố|ấp|thôn|bản|khóm|tập đoàn|mầm non|mẫu giáo|tiểu học)\b"
)
_ABBREVIATED = re.compile(
    "(?:MN|MG|TH|THCS|THPT|TTGDTX|TTYT|BV|BVĐK|UBND|HĐND|TNHH|CTCP|HTX|CĐ|CĐN|CĐCS|KCN|KKT|TP|TX|TT|XN|NM|PGD|VP|BQL)[ .]"
)
_FAMILY_FIRST = re.compile(r"(?:huyen|khoi|cum|phuong) (?:thi|van)\b")
_PEOPLE = re.compile(r"([0-9]{1,6})\s*(?:nguoi|ho\b|suat|dai bieu|doan vien|truong hop|can\b|nha\b|d/c|dong chi)")
PROOF = ("birth", "birth_part_year", "national_id", "phone", "certificate_number", "bank_account")
_LETTERS = re.compile(r"[^\W\d_].*[^\W\d_]", re.S)
_DIGIT = re.compile("[0-9]")
_SAID = re.compile(r"[^\W_]")


@dataclass
class Total:
    """A line that states a sum: cells of the sheet's row, how many people it names, rows of the table before it."""

    row: int
    cells: list
    count: int | None
    before: int


@dataclass
class Table:
    """rows: zero-based sheet rows of people; groups: the group line above each, "" where there is none; skipped:
    rows that say something but are neither people nor anything else that is known."""

    sheet: Sheet
    header: Header
    columns: list[Column]
    conflicts: list[Conflict]
    rows: list[int] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    amount_in_text: dict[int, int] = field(default_factory=dict)

    def column_indexes(self, *names: str) -> list[int]:
        return [column.index for column in self.columns if column.field and column.field.name in names]


def title_lines(sheet: Sheet, top: int) -> list[list[str]]:
    """Text cells above the header, line by line as one reads them (line breaks in a cell split it)."""
    lines = []
    for row in sheet.rows[:top]:
        texts = [text for text in row if type(text) is str and text.strip()]
        lines += [[clean(part) for part in text.split("\n") if part.strip()] for text in texts]
    return [line for line in lines if line]


def first_columns(sheet: Sheet, matcher: Matcher) -> tuple[Header, list[Column]] | None:
    """The first header of the sheet and its columns, without walking down the rows."""
    header = HeaderFinder(matcher.known, matcher.near).first(sheet)
    if header is None:
        return None
    columns, _ = settle(matcher.columns(header, _sample_rows(sheet, header), 1))
    return header, columns


def _sample_rows(sheet: Sheet, header: Header) -> list[list]:
    """The rows below the header that show what its columns hold: no line of column numbers, no sum of crosses, nobody
    who signs."""
    below = sheet.rows[header.bottom + 1 : header.bottom + 401]
    below = takewhile(lambda row: not _is_signed(row), below)
    return [row for row in below if not is_numbering(row, share=1) and not _says_total(row)]


def _is_signed(row: list) -> bool:
    """Whether only signatures stand in the row."""
    texts = [cell for cell in row if cell != ""]
    return bool(texts) and all(
        type(text) is str and not _DIGIT.search(text) and _SIGNATURE.match(_plain(text)) for text in texts
    )


def find_tables(sheet: Sheet, matcher: Matcher, unit: int | None = None) -> list[Table]:
    """Every table of people on the sheet; one repeated header continues its table."""
    return _Walk(sheet, matcher, unit).tables()


def find_unit_tables(sheet: Sheet, matcher: Matcher) -> list[Table]:
    """Every table whose rows are units."""
    return _UnitWalk(sheet, matcher, None).tables()


class _Walk:
    def __init__(self, sheet: Sheet, matcher: Matcher, unit: int | None):
        self.sheet, self.matcher = sheet, matcher
        self.finder = HeaderFinder(matcher.known, matcher.near)
        self.unit = unit
        self.found: list[Table] = []
        self.table: Table | None = None
        self.open = False
        self.group = ""

    def tables(self) -> list[Table]:
        header = self.finder.first(self.sheet)
        if header is None:
            return []
        if self.unit is None:
            self.unit = _stated_unit(self.sheet, header.top)
        row = self._start(header)
        while row < len(self.sheet.rows):
            row = self._step(row)
        return self.found

    def _start(self, header: Header) -> int:
        samples = _sample_rows(self.sheet, header)
        columns, conflicts = settle(self.matcher.columns(header, samples, self.unit or 1))
        keys = [(column.key, column.index) for column in columns]
        if self.table is None or keys != [(column.key, column.index) for column in self.table.columns]:
            self.table = Table(self.sheet, header, columns, conflicts)
            self.found.append(self.table)
        self._aim()
        self.open = bool(self.names)
        return header.bottom + 1

    def _aim(self) -> None:
        """Notes where the number, the name and what identifies a person stand in the table."""
        self.number = next(iter(self.table.column_indexes("number")), None)
        self.names = self.table.column_indexes("full_name", "family_part")
        self.money = [c.index for c in self.table.columns if c.field and c.field.binds == "unit"]
        self.proof = self.table.column_indexes(*PROOF)

    def _step(self, row: int) -> int:
        cells = self.sheet.rows[row]
        if self.names and self._is_plainly_person(cells):
            self.open = True
            self._add(row)
        elif any(cell != "" and cell != " " for cell in cells):
            return self._unplain(row, cells)
        return row + 1

    def _is_plainly_person(self, cells: list) -> bool:
        name = cells[self.names[0]]
        if type(name) is not str or name in self.table.header.texts or not _LETTERS.search(name):
            return False
        if self.number is not None and self.open:
            number = cells[self.number]
            if type(number) is int or (type(number) is str and number.strip().rstrip(".").isdecimal()):
                return self._proves(cells) or not (self._heads_group(cells, name) or _is_bare_total(name))
        return self._proves(cells) and not _says_total(cells) and not self._is_lettered_unit(cells)

    def _is_lettered_unit(self, cells: list) -> bool:
        """ "I | CĐCS xã An Thủy | 02 người", with a count where a birth would stand."""
        number = cells[self.number] if self.number is not None else ""
        name = cells[self.names[0]] if self.names else ""
        lettered = type(number) is str and _LETTERED.fullmatch(number.strip())
        return bool(lettered) and type(name) is str and _is_body(name)

    def _heads_group(self, cells: list, name: str) -> bool:
        """ "1 | LĐLĐ huyện Ba Tri" with at most a sum beside it."""
        others = [c.index for c in self.table.columns if c.index not in (*self.names, self.number, *self.money)]
        return not any(cells[index] != "" for index in others) and _is_body(name)

    def _proves(self, cells: list) -> bool:
        """Whether a birth, an ID or the like stands in the row."""
        return any(type(cells[i]) is not str or _DIGIT.search(cells[i]) for i in self.proof if cells[i] != "")

    def _unplain(self, row: int, cells: list) -> int:
        texts = [cell for cell in cells if type(cell) is str and cell.strip()]
        if self.open and texts and all(text in self.table.header.texts for text in texts) and not self._values(cells):
            return row + 1
        if header := self.finder.at(self.sheet, row):
            return self._start(header)
        if self.table.rows and self.finder.is_of_others(cells):
            self.open, self.names = False, []  # what follows is about something else, until a header of people
            return row + 1
        if is_numbering(cells) and (not self.names or _is_number_cell(cells[self.names[0]])):
            return row + 1
        if self.open:
            self._classify(row, cells, texts)
        return row + 1

    def _values(self, cells: list) -> bool:
        return any(type(cell) is not str for cell in cells)

    def _classify(self, row: int, cells: list, texts: list[str]) -> None:
        plain = [_plain(text) for text in texts]
        numbered = self.number is not None and type(cells[self.number]) is int
        if numbered and plain and _is_bare_total(plain[0]):
            self._total(row, cells, plain)
            return
        if plain and not numbered:
            if _TOTAL.match(plain[0]) or (
                len(plain) > 1 and _ORDINAL.fullmatch(texts[0].strip()) and _TOTAL.match(plain[1])
            ):
                self._total(row, cells, plain)
                return
            if _IN_WORDS.match(plain[0]) or (_REMARK.match(plain[0]) and len(texts) == 1):
                return
            dated = len(plain) == 1 and not self._values(cells) and _DATE_LINE.search(plain[0])
            signed = any(_SIGNATURE.match(text) or _DATE_LINE.search(text) for text in plain)
            if dated or (signed and not self._proves(cells)):
                self.open = False
                return
        if not plain and self.table.rows and self._is_bare_sum(cells):
            self._total(row, cells, plain)
        elif (group := self._group(cells)) is not None:
            self.group = group
        elif self._says_something(cells):
            if numbered or self._proves(cells) or self._says_much(cells):
                self._add(row)
            else:
                self.table.skipped.append(row)

    def _is_bare_sum(self, cells: list) -> bool:
        """Amounts and nothing else: a total whose line says no word."""
        filled = [index for index, cell in enumerate(cells) if cell != ""]
        return bool(filled) and all(index in self.money and type(cells[index]) is not list for index in filled)

    def _total(self, row: int, cells: list, plain: list[str]) -> None:
        counts = [int(found[1]) for text in plain if (found := _PEOPLE.search(text))]
        self.table.totals.append(Total(row, cells, counts[0] if counts else None, len(self.table.rows)))
        for text in plain:
            if amount := _AMOUNT_IN_TEXT.search(text.rsplit("=", 1)[-1]):
                value, _ = money.read_money((amount[1] or amount[2]).rstrip(".,"))
                self.table.amount_in_text[row] = value

    def _group(self, cells: list) -> str | None:
        """The text of a line that heads the people below it, or None."""
        if self._is_lettered_unit(cells):
            return _group_name(cells[self.names[0]])
        filled = {index: cell for index, cell in enumerate(cells) if cell != "" and str(cell).strip()}
        ordinal = filled.pop(self.number, None) if self.number is not None else None
        said = {i: cell for i, cell in filled.items() if i not in self.money and type(cell) is str}
        if any(i in filled for i in self.proof):
            return None
        if _is_count(ordinal) and said:
            name = str(cells[self.names[0]])
            return _group_name(name) if self._heads_group(cells, name) else None
        if len(said) == 0 and type(ordinal) is str and len(ordinal.strip()) > 3:
            return _group_name(ordinal)
        if len(said) != 1 or (ordinal is not None and not _ORDINAL.fullmatch(str(ordinal).strip())):
            return None
        ((index, text),) = said.items()
        if ordinal or _PREFIX.match(text.strip()) or _starts_as_unit(text):
            return _group_name(text) if index not in self.names or not self._is_person(text, ordinal) else None
        if self.number is not None and index in self.names and not self._is_person(text, None):
            return _group_name(text)
        return _group_name(text) if self._spans(cells, index) else None

    def _is_person(self, text: str, ordinal) -> bool:
        words = _plain(text).split()
        numbered = ordinal and _DIGIT.search(str(ordinal))  # a person may be "1.1", no person is "I" or "A"
        if not 2 <= len(words) <= 6 or (ordinal and not numbered) or _DIGIT.search(text) or _starts_as_unit(text):
            return False
        return words[0] in _FAMILIES or bool(numbered and all(word[0].isupper() for word in clean(text).split()))

    def _spans(self, cells: list, index: int) -> bool:
        return index < self.names[0] and not any(cells[name] != "" for name in self.names)

    def _says_much(self, cells: list) -> bool:
        """Several cells that belong to a person; before any total a name alone will do (below stand signatures)."""
        named = any(cells[index] != "" for index in self.names)
        filled = sum(1 for c in self.table.columns if c.field and c.field.kept and cells[c.index] != "")
        return filled >= 3 or (named and (filled == 2 or not self.table.totals))

    def _says_something(self, cells: list) -> bool:
        """Rows of a blank form carry a running number and nothing else, or dots to write on."""
        matched = {column.index for column in self.table.columns if column.field and column.field.kept}
        return any(cells[index] != "" and _SAID.search(str(cells[index])) for index in matched)

    def _add(self, row: int) -> None:
        self.table.rows.append(row)
        self.table.groups.append(self.group)


class _UnitWalk(_Walk):
    """Rows that name a unit and hold a figure; a name without one heads those below it."""

    def _is_plainly_person(self, cells: list) -> bool:
        name = cells[self.names[0]]
        named = type(name) is str and _LETTERS.search(name) and name not in self.table.header.texts
        return bool(named and self._figures(cells) and not _says_total(cells))

    def _classify(self, row: int, cells: list, texts: list[str]) -> None:
        plain = [_plain(text) for text in texts]
        if _says_total(cells):
            self._total(row, cells, plain)
        elif any(_SIGNATURE.match(text) or _DATE_LINE.search(text) for text in plain):
            self.open = False
        elif len(texts) <= 2 and texts and not any(_IN_WORDS.match(text) or _REMARK.match(text) for text in plain):
            self.group = _group_name(texts[-1])

    def _figures(self, cells: list) -> bool:
        kept = [c.index for c in self.table.columns if c.field and c.field.kept and c.index not in self.names]
        return any(_DIGIT.search(str(cells[index])) for index in kept if cells[index] != "")


def _says_total(cells: list) -> bool:
    return any(_TOTAL.match(_plain(cell)) for cell in cells[:4] if type(cell) is str and cell)


def _is_bare_total(text: str) -> bool:
    return bool(_BARE_TOTAL.fullmatch(_plain(text).rstrip(" :.")))


def _plain(text: str) -> str:
    return fold(text).strip(" *•-–")


def _starts_as_unit(text: str) -> bool:
    return bool(_UNIT_WORDS.search(" ".join(clean(text).lower().split()[:3])))


def is_unit_name(text: str) -> bool:
    """Stricter than _starts_as_unit: nobody is called this."""
    return bool(_UNIT_NAME.match(fold(text))) and not _FAMILY_FIRST.match(fold(text))


def _is_body(text: str) -> bool:
    """A union body, an employer or a place."""
    name = clean(text)
    return is_unit_name(name) or bool(_PLACE_NAME.match(name.lower()) or _ABBREVIATED.match(name))


def _is_count(cell) -> bool:
    return type(cell) is int or (type(cell) is str and cell.strip().rstrip(".)").isdecimal())


def _is_number_cell(cell) -> bool:
    return cell == "" or type(cell) is int or len(str(cell).strip(" ()")) <= 2


def _group_name(text: str) -> str:
    name = clean(_COUNT_TAIL.sub("", clean(text)))
    return _PREFIX.sub("", name.lstrip("*•+-– ")).strip(" :.;-")


def _stated_unit(sheet: Sheet, top: int) -> int | None:
    """ "Đơn vị tính: triệu đồng" above the table."""
    texts = [fold(cell) for row in sheet.rows[:top] for cell in row if type(cell) is str]
    stated = [money.header_unit(text) for text in texts if _UNIT_LINE.search(text)]
    return next(filter(None, stated), None)


def fill_merged(table: Table) -> None:
    """A cell merged over several people counts for each, in the fields where that makes sense."""
    filled = {column.index for column in table.columns if column.field and column.field.filled}
    people = set(table.rows)
    for top, left, bottom, _ in table.sheet.merges:
        if bottom > top > table.header.bottom and left in filled:
            for row in range(top + 1, min(bottom, len(table.sheet.rows) - 1) + 1):
                if row in people and table.sheet.rows[row][left] == "":
                    table.sheet.rows[row][left] = table.sheet.rows[top][left]
