"""Opens a form of others (.xlsx, .docx) in a process of its own: reads its cells, or fills some in a copy.

Run by forms.py through ``welfare.children`` with paths; imports no Django. A workbook is filled in its own XML, so that
everything else in it, its formatting too, stays as it was; what is filled in is a number or plain text, never a formula.
"""

import io
import json
import re
import resource
import sys
import zipfile

SECONDS, MEMORY = 30, 1 << 30
FILE_BYTES, UNPACKED_BYTES, ENTRIES = 10 << 20, 80 << 20, 1_000
ROWS, COLUMNS, SHEETS, CELLS = 200, 40, 6, 4_000
BLANK = re.compile(r"[.…_]{3,}")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BROKEN = "Tệp bị hỏng hoặc không phải biểu mẫu .xlsx, .docx; hãy mở bằng Excel hoặc Word, lưu lại rồi tải lên."
_TOO_LARGE = "Biểu mẫu quá lớn; hãy bỏ bớt trang tính, ảnh và dòng trống rồi tải lên."
_MACROS = "Biểu mẫu có macro; hãy lưu lại thành .xlsx hoặc .docx không macro rồi tải lên."
_NOTHING = "Biểu mẫu không có ô nào để điền: không thấy ô trống hay chỗ chấm chấm nào."


class FormRefused(Exception):
    """str() is one Vietnamese sentence."""


def main(action: str, path: str, values_path: str = "", target_path: str = "") -> None:
    for limit, value in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (value, value))
    try:
        answer = _read(path) if action == "read" else _fill(path, values_path, target_path)
    except FormRefused as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        raise
    except Exception:  # a broken file breaks a reader in any way
        answer = {"refused": _BROKEN}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _read(path) -> dict:
    data, kind = _checked(path)
    sheets = _sheets_of_workbook(data) if kind == "xlsx" else _sheets_of_word(data)
    if not any(cell["fill"] for sheet in sheets for row in sheet["rows"] for cell in row):
        raise FormRefused(_NOTHING)
    return {"kind": kind, "sheets": sheets}


def _fill(path, values_path, target_path) -> dict:
    data, kind = _checked(path)
    with open(values_path, encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs the child time
        values = json.load(file)
    filled = _fill_workbook(data, values) if kind == "xlsx" else _fill_word(data, values)
    with open(target_path, "wb") as file:  # noqa: PTH123
        file.write(filled)
    return {"filled": len(values)}


def _checked(path) -> tuple[bytes, str]:
    """The file and its kind, after a look at the archive that unpacks nothing."""
    with open(path, "rb") as file:  # noqa: PTH123
        data = file.read(FILE_BYTES + 1)
    if len(data) > FILE_BYTES:
        raise FormRefused(_TOO_LARGE)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED_BYTES:
            raise FormRefused(_TOO_LARGE)
        names = {entry.filename for entry in entries}
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise FormRefused(_MACROS)
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(entry)[:4096]:
                raise FormRefused(_BROKEN)
    if "xl/workbook.xml" in names:
        return data, "xlsx"
    if "word/document.xml" in names:
        return data, "docx"
    raise FormRefused(_BROKEN)


# Workbooks ---------------------------------------------------------------------------------------------


def _sheets_of_workbook(data) -> list[dict]:
    from openpyxl import load_workbook

    book, sheets, left = load_workbook(io.BytesIO(data)), [], CELLS
    for sheet in book.worksheets[:SHEETS]:
        rows = _rows_of_sheet(sheet)
        left -= sum(len(row) for row in rows)
        if left < 0:
            raise FormRefused(_TOO_LARGE)
        sheets.append({"name": sheet.title, "rows": rows})
    return sheets


def _rows_of_sheet(sheet) -> list[list[dict]]:
    spans = {area.min_row * 1_000_000 + area.min_col: area for area in sheet.merged_cells.ranges}
    covered = {
        (row, column)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, min(area.max_row, ROWS) + 1)
        for column in range(area.min_col, min(area.max_col, COLUMNS) + 1)
        if (row, column) != (area.min_row, area.min_col)
    }
    rows = []
    for cells in sheet.iter_rows(max_row=min(sheet.max_row, ROWS), max_col=min(sheet.max_column, COLUMNS)):
        row, is_spoken = [], any(cell.value is not None for cell in cells)
        for cell in cells:
            if (cell.row, cell.column) not in covered:
                area = spans.get(cell.row * 1_000_000 + cell.column)
                row.append(_cell(sheet.title, cell, area, is_spoken))
        rows.append(row)
    return rows


def _cell(title, cell, area, is_spoken) -> dict:
    """A blank asks for something in a row that says something or within a frame; the gaps of a sheet ask for nothing."""
    is_formula = cell.data_type == "f"
    text = "" if cell.value is None else "công thức" if is_formula else str(cell.value)
    is_blank = (not text.strip() and (is_spoken or bool(cell.border.bottom.style))) or bool(
        BLANK.fullmatch(text.strip())
    )
    fill = not is_formula and is_blank
    return {
        "key": f"{title}!{cell.coordinate}", "at": cell.coordinate, "text": text[:300], "fill": fill,
        "formula": is_formula, "columns": area.max_col - area.min_col + 1 if area else 1,
        "rows": area.max_row - area.min_row + 1 if area else 1,
    }  # fmt: skip


def _fill_workbook(data, values) -> bytes:
    from lxml import etree

    reader = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    target, by_sheet = io.BytesIO(), {}
    for key, value in values.items():
        title, _, at = key.rpartition("!")
        by_sheet.setdefault(title, {})[at] = value
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        book = etree.fromstring(source.read("xl/workbook.xml"), reader)
        parts = _parts_of(book, etree.fromstring(source.read("xl/_rels/workbook.xml.rels"), reader))
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "xl/workbook.xml":
                content = _count_again(book, etree)
            elif entry.filename in parts:
                root = etree.fromstring(content, reader)
                _name_places(root)
                for at, value in by_sheet.get(parts[entry.filename], {}).items():
                    _set_cell(root, at, value, etree)
                _forget_results(root)
                content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            copy.writestr(entry, content)
    return target.getvalue()


def _parts_of(book, links) -> dict[str, str]:
    """{the sheet's file: its title}."""
    targets = {link.get("Id"): link.get("Target") for link in links}
    found = {}
    for sheet in book.iter(f"{{{_MAIN}}}sheet"):
        target = targets[sheet.get(f"{{{_LINKS}}}id")]
        found[target.lstrip("/") if target.startswith("/") else f"xl/{target}"] = sheet.get("name")
    return found


def _count_again(book, etree) -> bytes:
    """The program that opens the copy counts every formula anew."""
    setting = book.find(f"{{{_MAIN}}}calcPr")
    if setting is None:
        setting = etree.SubElement(book, f"{{{_MAIN}}}calcPr")
        before = book.find(f"{{{_MAIN}}}definedNames")
        (before if before is not None else book.find(f"{{{_MAIN}}}sheets")).addnext(setting)
    setting.set("fullCalcOnLoad", "1")
    return etree.tostring(book, xml_declaration=True, encoding="UTF-8", standalone=True)


def _name_places(root):
    """Some programs leave out where a row and a cell stand: after the one before."""
    row_number = 0
    for row in root.iter(f"{{{_MAIN}}}row"):
        row_number, column = int(row.get("r") or row_number + 1), 0
        row.set("r", str(row_number))
        for cell in row.iter(f"{{{_MAIN}}}c"):
            column = _column(cell.get("r").rstrip("0123456789")) if cell.get("r") else column + 1
            cell.set("r", f"{_letters(column)}{row_number}")


def _forget_results(root):
    for cell in root.iter(f"{{{_MAIN}}}c"):
        result = cell.find(f"{{{_MAIN}}}v")
        if cell.find(f"{{{_MAIN}}}f") is not None and result is not None:
            cell.remove(result)


def _set_cell(root, at, value, etree):
    cell = _cell_at(root, at, etree)
    if cell.find(f"{{{_MAIN}}}f") is not None:
        return
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, f"{{{_MAIN}}}is"), f"{{{_MAIN}}}t")
        text.text = value
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    else:
        etree.SubElement(cell, f"{{{_MAIN}}}v").text = repr(value)


def _cell_at(root, at, etree):
    letters, number = re.fullmatch(r"([A-Z]+)(\d+)", at).groups()
    data = root.find(f"{{{_MAIN}}}sheetData")
    row = _placed(data, f"{{{_MAIN}}}row", number, int(number), lambda each: int(each.get("r")), etree)
    return _placed(
        row, f"{{{_MAIN}}}c", at, _column(letters), lambda each: _column(each.get("r").rstrip("0123456789")), etree
    )


def _placed(parent, tag, name, place, place_of, etree):
    """The child that stands at ``place``, made there where it is missing."""
    for n, child in enumerate(parent):
        if place_of(child) == place:
            return child
        if place_of(child) > place:
            made = etree.Element(tag, r=name)
            parent.insert(n, made)
            return made
    return etree.SubElement(parent, tag, r=name)


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


# Word documents ----------------------------------------------------------------------------------------


def _sheets_of_word(data) -> list[dict]:
    from docx import Document

    word = Document(io.BytesIO(data))
    lines = [
        [_word_cell(f"L{n}.{m}", text, True) for m, text in enumerate(_around_blanks(paragraph.text))]
        for n, paragraph in enumerate(word.paragraphs)
        if BLANK.search(paragraph.text)
    ]
    sheets = [{"name": "Chỗ trống trong lời văn", "rows": lines[:ROWS]}] if lines else []
    for n, table in enumerate(word.tables[:SHEETS], 1):
        sheets.append({"name": f"Bảng {n}", "rows": _word_rows(n, table)})
    return sheets


def _around_blanks(text) -> list[str]:
    return [f"{text[max(found.start() - 60, 0) : found.start()]}……" for found in BLANK.finditer(text)]


def _word_rows(number, table) -> list[list[dict]]:
    """A merged cell stands once, where it begins."""
    rows, begun = [], {}
    for at, row in enumerate(table.rows[:ROWS], 1):
        cells = []
        for column, cell in enumerate(row.cells[:COLUMNS], 1):
            if cell._tc in begun:
                first, known = begun[cell._tc]
                known["rows"] = at - first + 1
                known["columns"] += first == at
                continue
            text = cell.text.strip()
            cells.append(_word_cell(f"B{number}.{at}.{column}", text, not text or bool(BLANK.fullmatch(text))))
            begun[cell._tc] = at, cells[-1]
        rows.append(cells)
    return rows


def _word_cell(key, text, fill) -> dict:
    return {"key": key, "at": key, "text": text[:300], "fill": fill, "formula": False, "columns": 1, "rows": 1}


def _fill_word(data, values) -> bytes:
    from docx import Document

    word, target = Document(io.BytesIO(data)), io.BytesIO()
    blanks: dict[int, dict[int, str]] = {}
    for key, value in values.items():
        places = [int(place) for place in key[1:].split(".")]
        if key[0] == "L":
            blanks.setdefault(places[0], {})[places[1]] = str(value)
        else:
            table, row, column = places
            _write(word.tables[table - 1].rows[row - 1].cells[column - 1].paragraphs[0], str(value))
    for number, texts in blanks.items():
        _write_blanks(word.paragraphs[number], texts)
    word.save(target)
    return target.getvalue()


def _write(paragraph, text):
    runs = paragraph.runs or [paragraph.add_run()]
    runs[0].text = text
    for run in runs[1:]:
        run.text = ""


def _write_blanks(paragraph, texts):
    """From the last on, so that the places of the earlier ones stay true."""
    found = list(BLANK.finditer(paragraph.text))
    for number in sorted(texts, reverse=True):
        if number < len(found):
            _replace(paragraph, found[number].start(), found[number].end(), texts[number])


def _replace(paragraph, start, end, text):
    """Keeps every run's own look; the text takes that of the run in which the blank begins."""
    place, is_written = 0, False
    for run in paragraph.runs:
        length = len(run.text)
        first, last = max(start - place, 0), min(end - place, length)
        if first < last:
            run.text = run.text[:first] + ("" if is_written else text) + run.text[last:]
            is_written = True
        place += length
