"""Turns a book written in TCVN3 or VNI fonts, or read in the wrong encoding, into Unicode, cell by cell."""

from collections import Counter
from itertools import islice

from beneficiaries.intake.cells import lost_letters
from beneficiaries.intake.reading import Book, Sheet
from welfare.vietnamese import decode_legacy, may_be_legacy

_NAMES = {"tcvn3": "TCVN3 (phông .Vn)", "vni": "VNI", "utf8": "UTF-8 bị đọc nhầm"}


def to_unicode(book: Book) -> tuple[str | None, set[str]]:
    """Decodes in place. Returns (sentence for the user or None, decoded texts that seem to have lost letters).

    The encoding that most cells prove decides those that could be read both ways ("Hé" is also "Hộ"), as long
    as the book's other cells are not plainly Unicode.
    """
    texts = {cell for sheet in book.sheets for row in sheet.rows for cell in row if type(cell) is str}
    texts = {text for text in texts if not (text.isascii() and text.isprintable()) and may_be_legacy(text)}
    decoded = {text: decode_legacy(text) for text in texts}
    proofs = Counter(encoding for _, encoding in decoded.values() if encoding in ("tcvn3", "vni"))
    fonts = any(sheet.fonts for sheet in book.sheets)
    if not fonts and not book.hint and not any(encoding for _, encoding in decoded.values()):
        return None, set()
    hint = _hint(book, proofs, undecided=sum(1 for _, encoding in decoded.values() if encoding is None))
    decoder = _Decoder(hint)
    for sheet in book.sheets:
        decoder.decode(sheet)
    if not decoder.found:
        return None, set()
    names = ", ".join(_NAMES[encoding] for encoding, _ in decoder.found.most_common())
    sentence = f"Đã chuyển {decoder.found.total()} ô từ bảng mã {names} sang Unicode; hãy xem lại chữ."
    return sentence, decoder.doubtful


def _hint(book: Book, proofs: Counter, *, undecided: int) -> str | None:
    if proofs:
        encoding, count = proofs.most_common(1)[0]
        return encoding if count * 3 >= undecided else None
    return book.hint


class _Decoder:
    """Decodes equal cells once. found: how many cells each encoding had; doubtful: texts that lost letters."""

    def __init__(self, hint: str | None):
        self.hint = hint
        self.found: Counter = Counter()
        self.doubtful: set[str] = set()
        self.known: dict[tuple, tuple[str, str | None]] = {}

    def decode(self, sheet: Sheet) -> None:
        fonts = _fonts_by_cell(sheet)
        for number, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                if type(cell) is str and may_be_legacy(cell):
                    row[column] = self._decoded(cell, fonts.get((number, column)))

    def _decoded(self, cell: str, font: str | None) -> str:
        if (cell, font) not in self.known:
            self.known[cell, font] = decode_legacy(cell, font, hint=self.hint)
        text, encoding = self.known[cell, font]
        if encoding is None:
            return cell
        self.found[encoding] += 1
        if encoding == "tcvn3" and lost_letters(text):
            self.doubtful.add(text)
        return text


def _fonts_by_cell(sheet: Sheet) -> dict[tuple[int, int], str]:
    """The fonts of cells with letters that could be legacy, without fonts in which the sheet plainly has Unicode:
    someone typed Unicode over an old form."""
    fonts = {
        (row, column): font
        for font, column, first, last in sheet.fonts
        for row in range(first, min(last, len(sheet.rows) - 1) + 1)
        if column < len(sheet.rows[row])
        and type(sheet.rows[row][column]) is str
        and may_be_legacy(sheet.rows[row][column])
    }
    trusted = {font for font in set(fonts.values()) if _is_trusted(sheet, fonts, font)}
    return {place: font for place, font in fonts.items() if font in trusted}


def _is_trusted(sheet: Sheet, fonts: dict[tuple[int, int], str], font: str) -> bool:
    """Whether the font's first cells speak for it: those that can't be Vietnamese as they stand more than Unicode."""
    places = islice((place for place, name in fonts.items() if name == font), 300)
    cells = {sheet.rows[row][column] for row, column in places}
    unicode = sum(1 for cell in cells if decode_legacy(cell, font)[1] is None)
    proofs = sum(1 for cell in cells if decode_legacy(cell)[1])
    return proofs >= unicode
