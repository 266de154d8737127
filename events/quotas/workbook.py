"""The quota as a workbook: lines down with their numbering, units across. Written and read back in the same layout."""

import io
import re

from beneficiaries.intake.limits import IntakeRefused
from beneficiaries.intake.reading import read_book
from events.quotas.sheet import MOST_LINES, Line, check_shape, read_count, sheet_of, sheet_units
from welfare.documents.tables import Sheet, write_xlsx
from welfare.states import Refused
from welfare.vietnamese import fold

_OVERLAY = "Trong đó: "
_HEAD = ("TT", "Thành phần", "Số đại biểu")
_TAIL = ("Ghi chú",)


def quota_xlsx(event) -> bytes:
    units, lines = sheet_units(event)[0], sheet_of(event)
    header = [*_HEAD, *(str(unit) for unit in units), *_TAIL]
    rows = [
        [
            number, f"{_OVERLAY if line.is_overlay else ''}{line.name}", line.count,
            *(line.cells.get(unit.pk) for unit in units), line.note,
        ]
        for number, line in zip(_numbers(lines), lines, strict=True)
    ]  # fmt: skip
    stream = io.BytesIO()
    titles = [f"PHÂN BỔ ĐẠI BIỂU: {event.name}", f"Tổng số: {event.expected} đại biểu"]
    write_xlsx(stream, [Sheet("Phân bổ", header, rows, titles=titles, widths=[8, 48, 10, *[9] * len(units), 30])])
    return stream.getvalue()


def _numbers(lines: list[Line]) -> list[str]:
    """ "2.1" for the first line under the second; an overlay stands as "2.*", so that it is known again."""
    counters, found = [], []
    for line in lines:
        counters = counters[: line.depth + 1] + [0] * (line.depth + 1 - len(counters))
        counters[line.depth] += not line.is_overlay
        above = [str(number) for number in counters[: line.depth]]
        found.append(".".join([*above, "*" if line.is_overlay else str(counters[line.depth])]))
    return found


def read_quota(source, filename: str, event) -> dict:
    """{"lines": [...], "units": [ids with a column], "told": sentence}. Raises ``Refused``.

    Depth comes from the numbering; lines and units are known by their names, accents aside.
    """
    try:
        book = read_book(source, filename=filename)
    except IntakeRefused as refusal:
        raise Refused(str(refusal)) from refusal
    sheet = next((sheet for sheet in book.sheets if not sheet.hidden and sheet.rows), None)
    start, columns = _head(sheet.rows if sheet else [])
    units, unknown = _units(sheet.rows[start], columns, event)
    if unknown:
        raise Refused(
            f"Cột “{unknown[0]}” không phải tên đơn vị cấp dưới nào; hãy sửa tiêu đề cột như tên trong phần mềm."
        )
    rows = [row for row in sheet.rows[start + 1 :] if _text(row, columns["name"])]
    if not rows or len(rows) > MOST_LINES:
        raise Refused(f"Bảng phải có từ 1 đến {MOST_LINES} dòng thành phần dưới dòng tiêu đề.")
    lines = _lines(rows, columns, units, event)
    check_shape(lines)
    shown = [
        {
            "id": line.pk, "depth": line.depth, "name": line.name, "count": line.count, "overlay": line.is_overlay,
            "fits": line.fits, "note": line.note, "cells": line.cells, "guests": 0,
        }
        for line in lines
    ]  # fmt: skip
    return {"lines": shown, "units": list(units.values()), "told": f"Đã đọc {len(lines)} dòng từ tệp, chưa lưu."}


def _head(rows) -> tuple[int, dict[str, int]]:
    for at, row in enumerate(rows[:30]):
        said = [fold(str(cell)) for cell in row]
        name = next(
            (i for i, text in enumerate(said) if text in ("thanh phan", "thanh phan dai bieu", "noi dung")), None
        )
        count = next(
            (i for i, text in enumerate(said) if text in ("so dai bieu", "so luong", "tong so", "tong cong", "cong")),
            None,
        )
        if name is not None and count is not None:
            number = next((i for i, text in enumerate(said) if text in ("tt", "stt", "so tt")), None)
            note = next((i for i, text in enumerate(said) if text == "ghi chu"), None)
            return at, {"name": name, "count": count, "number": number, "note": note}
    raise Refused(
        "Không thấy dòng tiêu đề có các cột “TT”, “Thành phần” và “Số đại biểu”; hãy dùng tệp tải về từ bảng này."
    )


def _units(head, columns, event) -> tuple[dict[int, int], list[str]]:
    """({column: unit id}, headings that name no unit)."""
    known: dict[str, int] = {}
    for unit in sum(sheet_units(event), []):
        for name in (unit.name, unit.short_name, unit.code):
            known.setdefault(_unit_key(name), unit.pk)
    taken, units, unknown = set(columns.values()), {}, []
    for at, cell in enumerate(head):
        if at in taken or not str(cell).strip():
            continue
        found = known.get(_unit_key(str(cell)))
        if found in units.values():
            raise Refused(f"Cột “{str(cell)[:60]}” lặp lại một đơn vị đã có cột; hãy gộp hai cột làm một rồi tải lại.")
        if found:
            units[at] = found
        else:
            unknown.append(str(cell)[:60])
    return units, unknown


def _unit_key(name: str) -> str:
    words = fold(name).replace("lien doan lao dong", "ldld").replace("cong doan", "cd")
    return re.sub(r"^((ldld|cd) )?((huyen|thanh pho|tp|nganh|cac) )?", "", words).strip()


def _lines(rows, columns, units, event) -> list[Line]:
    old = {(line.depth, fold(line.name)): line for line in reversed(sheet_of(event))}
    lines, numbered = [], 0
    for row in rows:
        number, name = _text(row, columns["number"]).strip(" )"), _text(row, columns["name"])
        is_overlay = number.endswith("*") or fold(name).startswith("trong do")
        name = re.sub(r"^trong đó\s*:?\s*", "", name, flags=re.IGNORECASE) if is_overlay else name
        depth = _depth(number, numbered)
        numbered = depth if number[:1].isdecimal() and not is_overlay else numbered
        known = old.pop((depth, fold(name)), None)
        cells = {unit: read_count(_cell(row, at), name) for at, unit in units.items()}
        lines.append(Line(
            known.pk if known else None, depth, name[:300], read_count(_cell(row, columns["count"]), name), is_overlay,
            known.fits if known else "", _text(row, columns["note"])[:300], {unit: n for unit, n in cells.items() if n},
        ))  # fmt: skip
    return lines


def _depth(number: str, numbered: int) -> int:
    """Dots of the numbering; a line with a dash, or with nothing, stands one step inside the numbered one above."""
    if re.fullmatch(r"(\d+\.)*(\d+|\*)\.?", number):
        return number.rstrip(".").count(".")
    return numbered + 1


def _text(row, at) -> str:
    value = _cell(row, at)
    return " ".join(str(value).replace("\0", "").split())


def _cell(row, at):
    if at is None or at >= len(row) or isinstance(row[at], list):
        return ""
    value = row[at]
    return int(value) if isinstance(value, float) and value.is_integer() else value
