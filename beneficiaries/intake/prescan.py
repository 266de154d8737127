"""What the reader library would pass over in silence or choke on, found in a workbook's raw parts.

calamine turns #N/A and formulas without a stored result into nothing, tells no fonts, and asks for the whole
bounding box of a sheet at once, so a value in the last cell makes it abort the process.
"""

import re
import zipfile
from bisect import bisect
from dataclasses import dataclass, field
from xml.etree import ElementTree

from beneficiaries.intake import limits
from beneficiaries.intake.archive import PASSWORD, part_name, parts
from beneficiaries.intake.limits import IntakeRefused

_NS = rb"(?:[A-Za-z]\w*:)?"
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_WIDE_ENCODING = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_ONE_LETTER = 26
# Both begin with plain letters, which are found ten times as fast; what they find besides in a text only makes the bounds wider.
_WIDE = re.compile(rb"""r=["'][A-Z]{2}""")
_ROW = re.compile(rb"""row\b[^>]*?\sr=["']([0-9]{1,7})["']""")
_VALUED_CELL = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["'][^>/]*>\s*<""")
_ROW_START = re.compile(rb"<" + _NS + rb"row[\s>/]")
_HIDDEN_ROW = re.compile(rb"<" + _NS + rb"""row\b[^>]{0,400}?\shidden=["'](?:1|true)["'][^>]{0,400}>""")
_CELL_START = re.compile(rb"<" + _NS + rb"c(?=[\s>/])([^>]*)>")
_ERROR_CELL = re.compile(rb"<" + _NS + rb"""c\b[^>]*\bt=["']e["'][^>]*>(.{0,400}?)</""" + _NS + rb"c>", re.S)
_FORMULA_END = re.compile(rb"(?:</" + _NS + rb"f>|<" + _NS + rb"f\b[^>]*/>)")
_NO_VALUE = re.compile(rb"\s*(<" + _NS + rb"v\s*/>|<" + _NS + rb"v>\s*</" + _NS + rb"v>)?\s*</" + _NS + rb"c>")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_STYLE = re.compile(rb"""\bs=["']([0-9]+)["']""")
_ERROR_TEXT = re.compile(rb"#[A-Z0-9/!?_]+")
MACRO = "Tệp có macro nên không được nhận; hãy lưu thành .xlsx rồi tải lại."
LEGACY_FONT = re.compile(r"(?:\.vn|vni[-_ ])", re.I)


@dataclass
class SheetFacts:
    """Zero-based positions; last_row, last_column and columns are upper bounds. fonts: [font, column, first row, last row] for cells in a legacy font."""

    errors: list = field(default_factory=list)
    formulas: list = field(default_factory=list)
    hidden_rows: list = field(default_factory=list)
    fonts: list = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0
    columns: int = 0

    def check_extent(self, sheet: str) -> None:
        if self.last_row * self.last_column > limits.AREA_CELLS:
            raise IntakeRefused(
                f"Vùng quá lớn: trang “{sheet}” có giá trị ở tận cột {column_letter(self.last_column - 1)}, "
                f"dòng {self.last_row}; hãy xóa ô lạc đó rồi tải lại."
            )
        check_columns(sheet, self.columns)


def check_columns(sheet: str, columns: int) -> None:
    if columns > limits.COLUMNS:
        raise IntakeRefused(f"Trang “{sheet}” có {columns} cột (tối đa {limits.COLUMNS}); hãy bỏ bớt cột thừa.")


@dataclass
class BookFacts:
    """kind: "xlsx" or "ods"; sheets by the name shown on the tab."""

    kind: str
    sheets: dict[str, SheetFacts]


def column_letter(index: int) -> str:
    """0 as "A", 26 as "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def scan(archive: zipfile.ZipFile, data: bytes) -> BookFacts:
    names = {part_name(name) for name in archive.namelist()}
    _check_names(names)
    kept, by_part = {}, {}
    for name, content in parts(archive, data):
        if "/media/" in name:
            continue
        _check_markup(content)
        if name.endswith("manifest.xml") and b"encryption-data" in content:
            raise IntakeRefused(PASSWORD)
        if name.endswith("content.xml") or name.rpartition("/")[2] in _SMALL_PARTS:
            kept[name] = content
        if b"sheetData" in content:
            by_part[name] = _sheet_facts(content)
    if "xl/workbook.xml" not in names:
        return BookFacts("ods", _ods_facts(kept.get("content.xml", b"")))
    named = _named_parts(kept)
    if fonts := _legacy_styles(kept.get("xl/styles.xml", b"")):
        for name, content in parts(archive, data):
            if name in by_part:
                by_part[name].fonts = _font_runs(content, fonts)
    return BookFacts("xlsx", {title: by_part[part] for title, part in named.items() if part in by_part})


_SMALL_PARTS = ("workbook.xml", "workbook.xml.rels", "styles.xml")


def _check_names(names: set[str]) -> None:
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise IntakeRefused(MACRO)
    if "xl/workbook.bin" in names:
        raise IntakeRefused("Tệp dạng .xlsb chưa đọc được; hãy lưu thành .xlsx rồi tải lại.")
    if any(name.endswith((".zip", ".xlsx", ".xls", ".docx", ".ods", ".rar", ".7z")) for name in names):
        raise IntakeRefused("Tệp có tệp khác nhúng bên trong; hãy xóa phần nhúng rồi tải lại.")
    if "xl/workbook.xml" not in names and "content.xml" not in names:
        raise IntakeRefused("Nội dung tệp không phải bảng tính; hãy mở bằng Excel, chọn Lưu thành .xlsx rồi tải lại.")


def _check_markup(content: bytes) -> None:
    if _FORBIDDEN.search(content) or content[:2] in _WIDE_ENCODING:
        raise IntakeRefused(
            "Tệp có khai báo XML lạ (DOCTYPE) nên không được nhận; hãy mở bằng Excel, lưu lại rồi tải lên."
        )


def _sheet_facts(xml: bytes) -> SheetFacts:
    facts = SheetFacts()
    facts.last_row = max(map(int, _ROW.findall(xml)), default=0)
    facts.last_column = facts.columns = _ONE_LETTER
    if _WIDE.search(xml) or facts.last_row * facts.last_column > limits.AREA_CELLS:
        _measure(facts, xml)
    positions = _Positions(xml)
    facts.errors = [
        [*positions.of(cell.start()), _error_text(cell[1])] for cell in _matches(_ERROR_CELL, xml, b'"e"', b"'e'")
    ]
    facts.formulas = [positions.of(start) for start in _uncached(xml)]
    hidden = [_ROW.search(row[0]) for row in _matches(_HIDDEN_ROW, xml, b" hidden=")]
    facts.hidden_rows = [int(number[1]) - 1 for number in hidden if number]
    return facts


def _measure(facts: SheetFacts, xml: bytes) -> None:
    """The exact extent of the cells with values; most lists are spared this."""
    cells = _VALUED_CELL.findall(xml)
    columns = {column_index(letters.decode()) for letters in {letters for letters, _ in cells}}
    facts.columns, facts.last_column = len(columns), max(columns, default=-1) + 1
    facts.last_row = max((int(row) for _, row in cells), default=0)


def _matches(pattern: re.Pattern, xml: bytes, *tokens: bytes):
    """The regular expression's matches, skipped altogether where none of the plain tokens occurs."""
    return pattern.finditer(xml) if any(token in xml for token in tokens) else ()


def _error_text(body: bytes) -> str:
    found = _ERROR_TEXT.search(body)
    return found[0].decode() if found else "#N/A"


def _uncached(xml: bytes):
    for formula in _matches(_FORMULA_END, xml, b"f>", b"<f", b":f"):
        if empty := _NO_VALUE.match(xml, formula.end()):
            cell = _cell_before(xml, formula.start())
            is_text = cell and re.search(rb"""\bt=["']str["']""", cell[1])
            if cell and not (empty[1] and is_text):  # Excel stores an empty text result as <v></v>
                yield cell.start()


def _cell_before(xml: bytes, end: int) -> re.Match | None:
    """The cell that the formula stands in, found from tag to tag backwards: forwards would be read again for each."""
    at, first = end, max(0, end - 16_384)
    while (at := xml.rfind(b"<", first, at)) >= 0:
        if cell := _CELL_START.match(xml, at):
            return cell
    return None


class _Positions:
    """Row and column of cells, also in files whose cells carry no reference."""

    def __init__(self, xml: bytes):
        self.xml = xml
        self.rows: list[int] | None = None

    def of(self, start: int) -> list[int]:
        head = self.xml[start : self.xml.index(b">", start)]
        if reference := _REFERENCE.search(head):
            return [int(reference[2]) - 1, column_index(reference[1].decode())]
        if self.rows is None:
            self.rows = [row.start() for row in _ROW_START.finditer(self.xml)]
        row = bisect(self.rows, start) - 1
        before = _CELL_START.findall(self.xml, self.rows[row], start) if row >= 0 else []
        return [max(row, 0), len(before)]


def _tree(xml: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise IntakeRefused("Tệp bị hỏng; hãy mở bằng Excel, lưu lại rồi tải lên lần nữa.") from error


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _named_parts(kept: dict[str, bytes]) -> dict[str, str]:
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in _tree(kept.get("xl/_rels/workbook.xml.rels", b"<none/>"))
    }
    named = {}
    for element in _tree(kept.get("xl/workbook.xml", b"<none/>")).iter():
        if _local(element) == "sheet":
            key = next((value for name, value in element.items() if name.rpartition("}")[2] == "id"), None)
            target = part_name(targets.get(key, ""))
            named[element.get("name", "")] = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
    return named


def _legacy_styles(xml: bytes) -> dict[bytes, str]:
    """Style number to font name, for cell styles in a .Vn* or VNI-* font."""
    if not xml or not re.search(rb"val=[\"'](?:\.vn|vni)", xml, re.I):
        return {}
    root = _tree(xml)
    fonts = [
        next((part.get("val", "") for part in font if _local(part) == "name"), "")
        for group in root
        if _local(group) == "fonts"
        for font in group
    ]
    styles = [style for group in root if _local(group) == "cellXfs" for style in group]
    found = {}
    for number, style in enumerate(styles):
        font_id = style.get("fontId", "0")
        if font_id.isdecimal() and int(font_id) < len(fonts) and LEGACY_FONT.match(fonts[int(font_id)]):
            found[str(number).encode()] = fonts[int(font_id)]
    return found


def _font_runs(xml: bytes, fonts: dict[bytes, str]) -> list:
    last: dict[int, list] = {}
    runs = []
    for cell in _CELL_START.finditer(xml):
        style, reference = _STYLE.search(cell[1]), _REFERENCE.search(cell[1])
        font = fonts.get(style[1] if style else b"0")
        if font is None or reference is None:
            continue
        row, column = int(reference[2]) - 1, column_index(reference[1].decode())
        run = last.get(column)
        if run and run[0] == font and run[3] == row - 1:
            run[3] = row
        else:
            last[column] = [font, column, row, row]
            runs.append(last[column])
    return runs


_ODS_TABLE = re.compile(rb"""<table:table\s[^>]*?table:name=["']([^"']*)["'][^>]*>(.*?)</table:table>""", re.S)
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.S)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)", re.S)
_ODS_ROWS = re.compile(rb"""number-rows-repeated=["']([0-9]{1,9})["']""")
_ODS_COLUMNS = re.compile(rb"""number-columns-repeated=["']([0-9]{1,9})["']""")
_ODS_HIDDEN = re.compile(rb"""table:visibility=["'](?:filter|collapse)["']""")
_ODS_UNCACHED = re.compile(rb"(?=.*\btable:formula=)(?!.*\boffice:value)", re.S)
_ODS_ERROR = re.compile(rb"""value-type=["']error["']|<text:p>(#N/A|#REF!|#DIV/0!|#VALUE!|#NAME\?|Err:[0-9]+)""")


def _ods_facts(xml: bytes) -> dict[str, SheetFacts]:
    return {name.decode("utf-8", "replace"): _ods_sheet(body) for name, body in _ODS_TABLE.findall(xml)}


def _ods_sheet(body: bytes) -> SheetFacts:
    facts, row, used = SheetFacts(), 0, set()
    for attributes, cells in _ODS_ROW.findall(body):
        column, valued = 0, False
        for cell_attributes, content in _ODS_CELL.findall(cells):
            repeated = _repeats(_ODS_COLUMNS, cell_attributes)
            if _ODS_UNCACHED.match(cell_attributes) and not content.strip():
                facts.formulas.append([row, column])
            if content.strip() or b"office:value" in cell_attributes:
                valued = True
                used.update(range(column, min(column + repeated, column + limits.COLUMNS + 1)))
                facts.last_column = max(facts.last_column, column + repeated)
                if error := _ODS_ERROR.search(cell_attributes + b">" + content):
                    facts.errors.append([row, column, (error[1] or b"#N/A").decode()])
            column += repeated
        first, row = row, row + _repeats(_ODS_ROWS, attributes)
        if valued:
            facts.last_row = row
            facts.hidden_rows += range(first, min(row, limits.AREA_CELLS)) if _ODS_HIDDEN.search(attributes) else ()
    facts.columns = len(used)
    return facts


def _repeats(pattern: re.Pattern, attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1
