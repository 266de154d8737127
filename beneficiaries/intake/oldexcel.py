"""Error cells and legacy fonts of an .xls (BIFF8 in a compound file), which calamine doesn't tell.

Formats: [MS-CFB] for the container, [MS-XLS] for the records. Only what is asked is read; a file that isn't as
these say gives no facts, and is left to calamine.
"""

import struct
from collections.abc import Iterator

from beneficiaries.intake.prescan import LEGACY_FONT, SheetFacts

_END_OF_CHAIN = 0xFFFFFFFA  # this and above are no sectors
_MOST_SECTORS = 40_000  # of a 10 MB file
_BOUND_SHEET, _FONT, _XF, _FORMULA, _BOOLERR, _LABEL_SST, _LABEL, _EOF = (
    0x0085, 0x0031, 0x00E0, 0x0006, 0x0205, 0x00FD, 0x0204, 0x000A,
)  # fmt: skip
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def scan_old(data: bytes) -> dict[str, SheetFacts]:
    """Facts of every sheet by name."""
    try:
        return _sheets(_workbook_stream(data))
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return {}


# --- the compound file ------------------------------------------------------------------------------


def _workbook_stream(data: bytes) -> bytes:
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    directory, difat = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 68)[0]
    fat_sectors = [n for n in struct.unpack_from("<109I", data, 76) if n < _END_OF_CHAIN]
    while difat < _END_OF_CHAIN and len(fat_sectors) < _MOST_SECTORS:
        *more, difat = struct.unpack_from(f"<{size // 4}I", data, (difat + 1) * size)
        fat_sectors += [n for n in more if n < _END_OF_CHAIN]
    fat = [n for sector in fat_sectors for n in struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)]
    entries = _chain(data, fat, directory, size)
    for start in range(0, len(entries), 128):
        name_size = struct.unpack_from("<H", entries, start + 64)[0]
        name = entries[start : start + max(name_size - 2, 0)].decode("utf-16-le")
        if name in ("Workbook", "Book"):
            first, length = struct.unpack_from("<II", entries, start + 116)
            return _chain(data, fat, first, size)[:length]
    raise ValueError("no workbook stream")


def _chain(data: bytes, fat: list[int], sector: int, size: int) -> bytes:
    found = []
    while sector < _END_OF_CHAIN and len(found) < _MOST_SECTORS:
        found.append(data[(sector + 1) * size : (sector + 2) * size])
        sector = fat[sector]
    return b"".join(found)


# --- the records ------------------------------------------------------------------------------------


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + length]
        if kind == _EOF:
            return
        start += 4 + length


def _sheets(stream: bytes) -> dict[str, SheetFacts]:
    places, fonts, styles = {}, [], []
    for kind, body in _records(stream, 0):
        if kind == _BOUND_SHEET:
            places[_text(body, 6)] = struct.unpack_from("<I", body)[0]
        elif kind == _FONT:
            fonts.append(_text(body, 14))
            if len(fonts) == 4:
                fonts.append("")  # the format skips index 4
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", body)[0])
    legacy = {
        style: fonts[font] for style, font in enumerate(styles) if font < len(fonts) and LEGACY_FONT.match(fonts[font])
    }
    return {name: _facts(stream, start, legacy) for name, start in places.items()}


def _text(body: bytes, start: int) -> str:
    """A short Unicode string: length, a flag for two-byte letters, the letters."""
    length, wide = body[start], body[start + 1] & 1
    letters = body[start + 2 : start + 2 + length * (1 + wide)]
    return letters.decode("utf-16-le" if wide else "latin-1")


def _facts(stream: bytes, start: int, legacy: dict[int, str]) -> SheetFacts:
    facts = SheetFacts()
    for kind, body in _records(stream, start):
        if kind in (_LABEL_SST, _LABEL):
            row, column, style = struct.unpack_from("<HHH", body)
            if style in legacy:
                facts.fonts.append([legacy[style], column, row, row])
        elif kind == _BOOLERR and body[7]:
            facts.errors.append([*struct.unpack_from("<HH", body), _ERRORS.get(body[6], "#N/A")])
        elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            facts.errors.append([*struct.unpack_from("<HH", body), _ERRORS.get(body[8], "#N/A")])
    return facts
