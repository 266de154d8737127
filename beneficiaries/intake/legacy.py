"""Turns a book written in TCVN3 or VNI fonts, or read in the wrong encoding, into Unicode, cell by cell."""

from collections import Counter

from beneficiaries.intake.cells import lost_letters
from beneficiaries.intake.reading import Book, Sheet
from welfare.vietnamese import decode_legacy

_NAMES = {"tcvn3": "TCVN3 (phông .Vn)", "vni": "VNI", "utf8": "UTF-8 bị đọc nhầm"}


def to_unicode(book: Book) -> tuple[str | None, set[str]]:
    """Decodes in place. Returns (sentence for the user or None, decoded texts that seem to have lost letters).

    The encoding that most cells prove decides those that could be read both ways ("Hé" is also "Hộ"), as long
    as the book's other cells are not plainly Unicode.
    """
    texts = {cell for sheet in book.sheets for row in sheet.rows for cell in row if type(cell) is str}
    texts = {text for text in texts if not text.isascii()}
    decoded = {text: decode_legacy(text) for text in texts}
    proofs = Counter(encoding for _, encoding in decoded.values() if encoding in ("tcvn3", "vni"))
    fonts = any(sheet.fonts for sheet in book.sheets)
    if not fonts and not book.hint and not any(encoding for _, encoding in decoded.values()):
        return None, set()
    hint = _hint(book, proofs, undecided=sum(1 for _, encoding in decoded.values() if encoding is None))
    found = Counter()
    doubtful: set[str] = set()
    for sheet in book.sheets:
        _decode_sheet(sheet, hint, found, doubtful)
    if not found:
        return None, set()
    names = ", ".join(_NAMES[encoding] for encoding, _ in found.most_common())
    return f"Đã chuyển {found.total()} ô từ bảng mã {names} sang Unicode; hãy xem lại chữ.", doubtful


def _hint(book: Book, proofs: Counter, *, undecided: int) -> str | None:
    if proofs:
        encoding, count = proofs.most_common(1)[0]
        return encoding if count * 3 >= undecided else None
    return book.hint


def _decode_sheet(sheet: Sheet, hint: str | None, found: Counter, doubtful: set[str]) -> None:
    fonts = _fonts_by_cell(sheet)
    known: dict[tuple, str] = {}
    for number, row in enumerate(sheet.rows):
        for column, cell in enumerate(row):
            if type(cell) is not str or cell.isascii():
                continue
            key = (cell, fonts.get((number, column)))
            if key not in known:
                text, encoding = decode_legacy(cell, key[1], hint=hint)
                known[key] = text if encoding else cell
                if encoding == "tcvn3" and lost_letters(text):
                    doubtful.add(text)
            if known[key] is not cell and known[key] != cell:
                row[column] = known[key]
                found[_encoding_of(key[1], hint, cell)] += 1


def _encoding_of(font: str | None, hint: str | None, cell: str) -> str:
    return decode_legacy(cell, font, hint=hint)[1] or "tcvn3"


def _fonts_by_cell(sheet: Sheet) -> dict[tuple[int, int], str]:
    return {
        (row, column): font
        for font, column, first, last in sheet.fonts
        for row in range(first, min(last, len(sheet.rows) - 1) + 1)
        if column < len(sheet.rows[row]) and type(sheet.rows[row][column]) is str
    }
