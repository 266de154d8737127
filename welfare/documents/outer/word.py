"""The cells of a .docx form: its tables, and the dotted blanks in its paragraphs."""

import io
import re
from collections import defaultdict
from copy import deepcopy

from welfare.documents.outer.places import BLANK, before_blanks, cell, in_words, is_blank, parted, with_blanks

ROWS, COLUMNS, TABLES, LINES = 300, 40, 40, 300
_OR_LEADER = re.compile(rf"{BLANK.pattern}|\t")


def sheets_of(data) -> list[dict]:
    from docx import Document

    document = Document(io.BytesIO(data))
    lines = [
        [
            cell(f"L{n}.{m}", f"chỗ {m + 1} của đoạn {n + 1}", text, fill=True, column=m)
            for m, text in enumerate(before_blanks(_text(paragraph), _blank_of(paragraph)))
        ]
        for n, paragraph in enumerate(document.paragraphs)
    ]
    lines = [line for line in lines if line]
    sheets = [_sheet("Chỗ trống trong lời văn", lines[:LINES], len(lines) > LINES)] if lines else []
    for n, table in enumerate(document.tables[:TABLES], 1):
        is_last_shown = n == TABLES < len(document.tables)
        is_cut = len(table.rows) > ROWS or len(table.columns) > COLUMNS or is_last_shown
        sheets.append(_sheet(f"Bảng {n}", _rows(n, table), is_cut))
    return sheets


def _sheet(name, rows, is_cut) -> dict:
    return {"name": name, "rows": rows, "is_cut": is_cut}


def _text(paragraph) -> str:
    return "".join(run.text for run in paragraph.runs)


def _blank_of(paragraph):
    """A tab that draws a dotted line asks for something too."""
    leads = any(stop.leader for stop in paragraph.paragraph_format.tab_stops)
    return _OR_LEADER if leads else BLANK


def _rows(number, table) -> list[list[dict]]:
    """A merged cell stands once, where it begins."""
    rows, begun = [], {}
    for at, row in enumerate(table.rows[:ROWS], 1):
        cells = []
        for column, each in enumerate(row.cells[:COLUMNS], 1):
            if each._tc in begun:
                first, known = begun[each._tc]
                known["rows"] = at - first + 1
                known["columns"] += first == at
                continue
            cells.append(_cell(f"B{number}.{at}.{column}", f"hàng {at}, cột {column}", each, column))
            begun[each._tc] = at, cells[-1]
        rows.append(cells)
    return rows


def _cell(key, at, found, column) -> dict:
    text = found.text.strip()
    fill = not text or is_blank(text)
    blanks = [] if fill else [b for each in found.paragraphs for b in before_blanks(_text(each), _blank_of(each))]
    return cell(key, at, text, fill=fill, column=column, blanks=blanks)


def filled(data, values) -> bytes:
    from docx import Document

    document, target = Document(io.BytesIO(data)), io.BytesIO()
    paragraphs, tables = document.paragraphs, document.tables
    for place, texts in _by_place(values).items():
        if place[0] == "L":
            _write_blanks(paragraphs[int(place[1:])], texts)
            continue
        table, row, column = (int(number) for number in place[1:].split("."))
        cells = tables[table - 1].rows[row - 1].cells
        if None in texts:
            _write(cells[column - 1].paragraphs[0], texts[None], cells)
        else:
            _write_blanks_of_cell(cells[column - 1], texts)
    document.save(target)
    return target.getvalue()


def _by_place(values) -> dict[str, dict[int | None, str]]:
    """{paragraph or cell: {which of its blanks, None for the whole cell: text}}."""
    found = defaultdict(dict)
    for key, value in values.items():
        whole, number = parted(key)
        if whole[0] == "L":
            whole, _, blank = whole.partition(".")
            number = int(blank)
        found[whole][number] = in_words(value)
    return found


def _write_blanks_of_cell(found, texts):
    """They are numbered through all its paragraphs."""
    start = 0
    for paragraph in found.paragraphs:
        count = len(before_blanks(_text(paragraph), _blank_of(paragraph)))
        _write_blanks(paragraph, {n - start: text for n, text in texts.items() if start <= n < start + count})
        start += count


def _write(paragraph, text, row):
    """In the look that the cell has, or else its row."""
    runs = paragraph.runs
    if not runs:
        runs = [paragraph.add_run()]
        if (look := _look(paragraph, row)) is not None:
            runs[0]._r.insert(0, deepcopy(look))
    runs[0].text = text
    for run in runs[1:]:
        run.text = ""


def _look(paragraph, row):
    from docx.oxml.ns import qn

    marks = paragraph._p.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
    if marks is not None:
        look = deepcopy(marks)
        look.tag = qn("w:rPr")
        return look
    runs = (run for each in row for beside in each.paragraphs for run in beside.runs)
    return next((run._r.rPr for run in runs if run._r.rPr is not None), None)


def _write_blanks(paragraph, texts):
    runs = paragraph.runs
    for run, text in zip(runs, with_blanks([run.text for run in runs], texts, _blank_of(paragraph)), strict=True):
        if run.text != text:
            run.text = text
