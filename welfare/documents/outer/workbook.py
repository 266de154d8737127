"""The cells of an .xlsx form, and its copy with some filled.

It is filled in its own XML, so that everything else in it, its formatting too, stays as it was; what is filled in is a
number, a day or plain text, never a formula.
"""

import io
import re
import zipfile
from collections import defaultdict
from copy import deepcopy
from datetime import date

from welfare.documents.outer.places import FormRefused, before_blanks, cell, in_words, is_blank, parted, with_blanks

ROWS, COLUMNS, SHEETS = 300, 60, 30
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TOO_MANY = f"Biểu mẫu có hơn {SHEETS} trang tính; hãy tách thành vài tệp rồi gửi từng tệp."
_PERCENTS, _DAYS = {9, 10}, {14, 15, 16, 17, 22}  # Excel's own number formats
_UNSHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def sheets_of(data) -> list[dict]:
    """Hidden sheets ask for nothing; they stay in the copy as they are."""
    from openpyxl import load_workbook

    shown = [sheet for sheet in load_workbook(io.BytesIO(data)).worksheets if sheet.sheet_state == "visible"]
    if len(shown) > SHEETS:
        raise FormRefused(_TOO_MANY)
    return [{"name": sheet.title, "rows": _rows(sheet), "is_cut": _is_cut(sheet)} for sheet in shown]


def _is_cut(sheet) -> bool:
    return any(
        each.value is not None and (row > ROWS or column > COLUMNS) for (row, column), each in sheet._cells.items()
    )


def _rows(sheet) -> list[list[dict]]:
    spans = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    covered = {
        (row, column)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, min(area.max_row, ROWS) + 1)
        for column in range(area.min_col, min(area.max_col, COLUMNS) + 1)
        if (row, column) != (area.min_row, area.min_col)
    }
    lines = list(sheet.iter_rows(max_row=min(sheet.max_row, ROWS), max_col=min(sheet.max_column, COLUMNS)))
    # A blank asks for something within a frame, in a row with one, or beside words; the gaps of a sheet ask for nothing.
    rows, is_open, has_frames = [], _is_open(sheet, lines), any(_is_framed(each) for line in lines for each in line)
    for line in lines:
        cells, has_row_frames = [], has_frames and any(_is_framed(each) for each in line)
        is_spoken = any(each.value is not None for each in line)
        for each in line:
            if (each.row, each.column) in covered:
                continue
            is_asked = _is_framed(each) or (
                is_spoken
                and (has_row_frames or not has_frames or bool(cells and cells[-1]["text"] and not cells[-1]["fill"]))
            )
            area = spans.get((each.row, each.column))
            cells.append(_cell(sheet.title, each, area, is_asked=is_asked, is_open=is_open(each)))
        rows.append(cells)
    while rows and not any(each["text"] or each["fill"] for each in rows[-1]):
        rows.pop()
    return rows


def _is_framed(found) -> bool:
    return bool(found.border.bottom and found.border.bottom.style)


def _is_open(sheet, lines):
    """Where the form's maker protected a sheet and left cells open, those are the ones to fill."""
    if sheet.protection.sheet and any(not each.protection.locked for line in lines for each in line):
        return lambda each: not each.protection.locked
    return lambda each: True


def _cell(title, found, area, *, is_asked, is_open) -> dict:
    is_formula = found.data_type == "f"
    text = "" if found.value is None else "công thức" if is_formula else str(found.value).strip()
    fill = (is_asked and not text) or is_blank(text)
    is_fillable = is_open and not is_formula
    return cell(
        f"{title}!{found.coordinate}", found.coordinate, text, fill=is_fillable and fill, formula=is_formula,
        column=found.column, columns=area.max_col - area.min_col + 1 if area else 1,
        rows=area.max_row - area.min_row + 1 if area else 1,
        blanks=before_blanks(str(found.value)) if is_fillable and not fill else (),
    )  # fmt: skip


def filled(data, values) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        book = _Book(source)
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "xl/workbook.xml":
                content = _bytes(_counting_again(book.root))
            elif entry.filename in book.titles:
                content = _bytes(book.filled(content, values.items(), book.titles[entry.filename]))
            copy.writestr(entry, content)
    return target.getvalue()


class _Book:
    """What a sheet's XML points at: its title, the shared strings, the formats of numbers."""

    def __init__(self, source):
        self.root, self._source = _parsed(source.read("xl/workbook.xml")), source
        links = {link.get("Id"): link for link in _parsed(source.read("xl/_rels/workbook.xml.rels"))}
        self.titles = {
            _path(links[sheet.get(f"{_LINKS}id")].get("Target")): sheet.get("name")
            for sheet in self.root.iter(f"{_MAIN}sheet")
        }
        parts = {link.get("Type").rpartition("/")[2]: _path(link.get("Target")) for link in links.values()}
        self._strings = list(self._part(parts.get("sharedStrings")))
        self._formats = _formats(self._part(parts.get("styles")))
        setting = self.root.find(f"{_MAIN}workbookPr")
        self._days_before = 1462 if setting is not None and setting.get("date1904") in ("1", "true") else 0

    def _part(self, path):
        return _parsed(self._source.read(path)) if path in self._source.namelist() else ()

    def filled(self, content, values, title):
        root = _parsed(content)
        _name_places(root)
        whole, within = {}, defaultdict(dict)
        for key, value in values:
            place, number = parted(key)
            of_sheet, _, at = place.rpartition("!")
            if of_sheet == title and number is None:
                whole[at] = value
            elif of_sheet == title:
                within[at][number] = in_words(value)
        for at, value in whole.items():
            self._set(_cell_at(root, at), value)
        for at, texts in within.items():
            self._set_blanks(_cell_at(root, at), texts)
        _forget_results(root)
        return root

    def _set(self, found, value):
        if found.find(f"{_MAIN}f") is not None:
            return
        format_ = self._formats[int(found.get("s", 0))] if self._formats else ""
        if isinstance(value, dict):
            value = self._number(format_, **value)
        _empty(found)
        if isinstance(value, str):
            found.set("t", "inlineStr")
            _add_text(_added(found, "is"), value)
        else:
            _added(found, "v").text = repr(value)

    def _number(self, format_, day="", year=0, percent=0):
        """As the cell's format shows it right: a day by its number, a percentage by its hundredth."""
        if day and format_ == "day":
            return (date.fromisoformat(day) - date(1899, 12, 30)).days - self._days_before
        if day:
            return in_words({"day": day})
        return year or (percent / 100 if format_ == "percent" else percent)

    def _set_blanks(self, found, texts):
        """The words keep their look, run by run."""
        words = self._words(found)
        if words is None:
            return
        parts = [each for each in words.iter(f"{_MAIN}t") if each.getparent().tag != f"{_MAIN}rPh"]
        for part, text in zip(parts, with_blanks([part.text or "" for part in parts], texts), strict=True):
            part.text = text
            part.set(_SPACE, "preserve")
        _empty(found)
        found.set("t", "inlineStr")
        found.append(words)

    def _words(self, found):
        """The cell's text as an inline one, or None."""
        if found.get("t") == "inlineStr":
            return deepcopy(found.find(f"{_MAIN}is"))
        if found.get("t") != "s":
            return None
        words = deepcopy(self._strings[int(found.findtext(f"{_MAIN}v"))])
        words.tag = f"{_MAIN}is"
        return words


def _formats(styles) -> list[str]:
    """ "percent", "day" or "" for each of a workbook's cell styles."""
    if not len(styles):
        return []
    codes = {int(each.get("numFmtId")): each.get("formatCode") for each in styles.iter(f"{_MAIN}numFmt")}
    styles_of_cells = styles.find(f"{_MAIN}cellXfs")
    return [_format(int(each.get("numFmtId", 0)), codes) for each in styles_of_cells if styles_of_cells is not None]


def _format(number, codes) -> str:
    code = _UNSHOWN.sub("", codes.get(number, "")).lower()
    if number in _PERCENTS or "%" in code:
        return "percent"
    return "day" if number in _DAYS or re.search("[dy]", code) else ""


def _parsed(content):
    from lxml import etree

    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _bytes(root) -> bytes:
    from lxml import etree

    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _added(parent, name):
    from lxml import etree

    return etree.SubElement(parent, f"{_MAIN}{name}")


def _add_text(parent, value):
    text = _added(parent, "t")
    text.text = value
    text.set(_SPACE, "preserve")


def _empty(found):
    for child in list(found):
        found.remove(child)
    found.attrib.pop("t", None)


def _path(target) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _counting_again(book):
    """The program that opens the copy counts every formula anew."""
    setting = book.find(f"{_MAIN}calcPr")
    if setting is None:
        setting = _added(book, "calcPr")
        before = book.find(f"{_MAIN}definedNames")
        (before if before is not None else book.find(f"{_MAIN}sheets")).addnext(setting)
    setting.set("fullCalcOnLoad", "1")
    return book


def _name_places(root):
    """Some programs leave out where a row and a cell stand: after the one before."""
    row_number = 0
    for row in root.iter(f"{_MAIN}row"):
        row_number, column = int(row.get("r") or row_number + 1), 0
        row.set("r", str(row_number))
        row.attrib.pop("spans", None)
        for each in row.iter(f"{_MAIN}c"):
            column = _column(each.get("r").rstrip("0123456789")) if each.get("r") else column + 1
            each.set("r", f"{_letters(column)}{row_number}")


def _forget_results(root):
    for each in root.iter(f"{_MAIN}c"):
        result = each.find(f"{_MAIN}v")
        if each.find(f"{_MAIN}f") is not None and result is not None:
            each.remove(result)


def _cell_at(root, at):
    letters, number = re.fullmatch(r"([A-Z]+)(\d+)", at).groups()
    data = root.find(f"{_MAIN}sheetData")
    row = _placed(data, "row", number, int(number), lambda each: int(each.get("r")))
    return _placed(row, "c", at, _column(letters), lambda each: _column(each.get("r").rstrip("0123456789")))


def _placed(parent, name, place_name, place, place_of):
    """The child that stands at ``place``, made there where it is missing."""
    for child in parent:
        if place_of(child) >= place:
            if place_of(child) > place:
                made = parent.makeelement(f"{_MAIN}{name}", r=place_name)
                child.addprevious(made)
                return made
            return child
    made = _added(parent, name)
    made.set("r", place_name)
    return made


def _column(letters) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number) -> str:
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters
