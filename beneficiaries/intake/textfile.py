"""Reads .csv and tab-separated text in the encodings that Vietnamese offices save."""

import csv
import re
import unicodedata

from beneficiaries.intake import limits
from beneficiaries.intake.limits import IntakeRefused
from welfare.vietnamese import decode_tcvn3, decode_vni, is_syllable, windows_text

_TONE_AFTER = re.compile("(.)[\u0300\u0301\u0303\u0309\u0323]")
_VOWELS = frozenset("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY")
_DELIMITERS = ",;\t|"
_SAMPLE = 100_000  # characters that tell an encoding
_MOST_LINES = 1 << 20  # of an Excel sheet; blank ones count
NOT_A_TABLE = "Nội dung tệp không phải bảng tính; hãy mở bằng Excel, chọn Lưu thành .xlsx rồi tải lại."


def read_text(data: bytes) -> list[list[str]]:
    """Rows of equal width, every cell a text."""
    text = _decoded(data)
    if re.match(r"\s*(<!doctype|<html|<table|<\?xml|%PDF|\{\\rtf|MZ)", text, re.I):
        raise IntakeRefused(NOT_A_TABLE)
    if text.count("\n") + text.count("\r") > _MOST_LINES:
        raise IntakeRefused(f"Tệp có hơn {limits.DATA_ROWS} dòng; hãy chia danh sách thành nhiều tệp.")
    rows = list(_rows(text))
    while rows and not any(rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    if width * len(rows) > limits.AREA_CELLS:
        raise IntakeRefused(
            f"Vùng quá lớn: tệp có {len(rows)} dòng và một dòng tới {width} cột; hãy bỏ dấu phân cách thừa rồi tải lại."
        )
    return [row + [""] * (width - len(row)) for row in rows]


def _rows(text: str):
    csv.field_size_limit(200_000)
    try:
        yield from csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text))
    except csv.Error as error:
        raise IntakeRefused("Tệp .csv sai định dạng; hãy mở bằng Excel, lưu thành .xlsx rồi tải lại.") from error


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").lstrip("\ufeff")
    if data[:400].count(0) > len(data[:400]) // 4:
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    if b"\0" in data:
        raise IntakeRefused(NOT_A_TABLE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded_windows(data)


def _decoded_windows(data: bytes) -> str:
    """cp1258 where its tone marks all stand behind vowels and its words are the more Vietnamese, otherwise cp1252 (TCVN3
    and VNI are told later)."""
    try:
        text = data.decode("cp1258")
    except UnicodeDecodeError:
        return windows_text(data)
    before = [unicodedata.normalize("NFC", letter) for letter in _TONE_AFTER.findall(text)]
    text, other = unicodedata.normalize("NFC", text), windows_text(data)
    if not before or not all(letter in _VOWELS for letter in before):
        return other
    legacy = [decode(other[:_SAMPLE]) for decode in (decode_tcvn3, decode_vni)]
    return text if _syllables(text[:_SAMPLE]) >= max(map(_syllables, legacy)) else other


def _syllables(text: str) -> float:
    """The share of Vietnamese syllables among the first words that aren't plain."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    return sum(map(is_syllable, words)) / len(words) if words else 0.0


def _delimiter(text: str) -> str:
    lines = [re.sub(r'"[^"]*"', "", line) for line in text.splitlines()[:50]]
    return max(_DELIMITERS, key=lambda mark: sum(sorted(line.count(mark) for line in lines)[-10:]))
