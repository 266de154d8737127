"""Amounts of money as lists write them, to whole đồng."""

import re

from beneficiaries.intake.cells import ERROR, NOTE, WARNING, quoted, screened
from welfare.vietnamese import fold, format_money

LARGEST = 10_000_000_000
_PLAIN_DONG, _DOUBTED = 100_000, 1_000_000_000  # so many thousands or millions were meant as plain đồng
USUAL = range(50_000, 500_000_001)
_SCALES = {"d": 1, "dong": 1, "vnd": 1, "k": 1000, "ng": 1000, "nghin": 1000, "ngan": 1000} | {
    "tr": 1_000_000,
    "trieu": 1_000_000,
    "ty": 1_000_000_000,
    "ti": 1_000_000_000,
}
_TERM = re.compile(r"([0-9][0-9.,' ]*|)\s*(ty|ti|trieu|tr|nghin|ngan|ng|k|dong|vnd|d|ruoi|)\.?\s*")
_NOTHING = re.compile(r"[-–—. ]*|(khong|chua|ko)( co)?|n/?a")
_GROUPED = re.compile(r"[0-9]{1,3}([.,' ])[0-9]{3}(?:\1[0-9]{3})*")
_TAIL = re.compile(r"\s+chan$|[,.]-*\s*(?:d|dong|vnd)?$|/-$")
_CURRENCY_FIRST = re.compile(r"^(?:vnd|d)\s*(?=[0-9])")
_SPACED_OUT = re.compile(r"(?<=[0-9])\s*([.,])\s+(?=[0-9]{3}\b)|(?<=[0-9])\s+([.,])(?=[0-9]{3}\b)")
_PER = re.compile(r"\s*/\s*(?:0?1\s*)?(?:suat|nguoi|ho|nha|can|thang|phan|em|chau)\b.*$")
_REMARK = re.compile(r"\s*\(([^()]*)\)$")
_PLUS = re.compile(r"\s*(?:\+|\bva\b|&)\s*")
_TIMES = re.compile(r"\s*(?:x|\*|×)\s*")
_LABEL = re.compile(r"^[a-z][a-z ]*:?\s*(?=[0-9])")
_HOW_MANY = re.compile(r"0*([1-9][0-9]?)\s*(?:suat|nguoi|ho|phan|chau|em|thang|lan|dot|nha|can)?")
_GIFT = re.compile(
    r"(?:[0-9]{1,3}\s*(?!(?:ty|ti|trieu|tr|nghin|ngan|ng|k|dong|vnd|d)\b)[a-z]{2,}|qua|phan qua|tui qua|hien vat|nhu yeu pham)\b[^0-9]*"
)
_DIGITS = {"khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5} | {
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
}
_UNIT_WORD = re.compile(r"(nghin|ngan|trieu|ty|ti)?\s*(d|dong|vnd)?")


def header_unit(folded: str) -> int | None:
    """The unit that a folded header or "Đơn vị tính" line names: 1, 1_000 or 1_000_000 đồng."""
    if re.search(r"\btrieu\b|\btr\.?\s?(d|dong)\b|\(tr\.?\)|\btrd\b|1\.000\.000\s*d", folded):
        return 1_000_000
    if re.search(
        r"\b(nghin|ngan)\s*(d|dong|vnd)\b|[(:]\s*(nghin|ngan)\b|1[.,]?000\s?(d|dong|vnd)\b|\bng\.?\s?(d|dong)\b", folded
    ):
        return 1000
    if re.search(
        r"(?<!lao )(?<!hoat )(?<!hop )(?<!cong )\bdong\b(?! gop| ho| nghiep| nop| bao)|\b(vnd|vn d)\b|\(d\)", folded
    ):
        return 1
    return None


def read_money(cell, *, unit: int = 1):
    """Whole đồng. unit is what the header counts in; a cell that names its own unit is taken at its word."""
    if type(cell) in (int, float):
        return _from_number(cell, unit, cell)
    text, problem = screened(cell)
    if not text:
        return None, problem
    value, fault = _from_text(text, unit)
    return value, fault or problem


def _from_number(number: float, unit: int, cell):
    if unit > 1 and number * unit >= _DOUBTED and _PLAIN_DONG <= number <= USUAL[-1]:
        return _meant_in_dong(number, unit, cell)
    if number != number or number < 0 or number * unit > LARGEST:
        return None, (ERROR, _beyond(number, cell))
    amount = round(number * unit)
    if abs(amount - number * unit) > 0.01:
        return amount, (WARNING, f"Số tiền {quoted(cell)} lẻ hơn một đồng, đã làm tròn.")
    return amount, None


def _meant_in_dong(number: float, unit: int, cell):
    name = "triệu" if unit > 1000 else "nghìn"
    return round(number), (
        WARNING,
        f"Cột tính bằng {name} đồng nhưng ô ghi {quoted(cell)}: hiểu là {format_money(round(number))}.",
    )


def _beyond(number: float, cell) -> str:
    if number < 0:
        return f"Số tiền {quoted(cell)} âm; hãy ghi số dương."
    return f"Số tiền {quoted(cell)} lớn quá mức (hơn 10 tỷ đồng); hãy kiểm tra lại."


def _from_text(text: str, unit: int):
    plain = fold(text).replace("₫", "d").strip(" '\"")
    if _NOTHING.fullmatch(plain):
        return None, None
    if plain.startswith(("-", "(")) and re.fullmatch(r"[-(]\s*[0-9.,]+\s*(d|dong)?\)?", plain):
        return None, (ERROR, f"Số tiền {quoted(text)} âm; hãy ghi số dương.")
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?e\+?[0-9]{1,3}", plain):
        return _from_number(float(plain.replace(",", ".")), unit, text)
    remark = _REMARK.search(plain)
    if remark:
        plain = plain[: remark.start()] + (f" {remark[1]}" if _UNIT_WORD.fullmatch(remark[1]) else "")
    value, problem = _from_plain(plain, text, unit)
    if remark and problem is None and not _UNIT_WORD.fullmatch(remark[1]):
        problem = (WARNING, f"Số tiền {quoted(text)} có lời ghi thêm, hiểu là {format_money(value)}.")
    return value, problem


def _from_plain(plain: str, text: str, unit: int):
    plain = _CURRENCY_FIRST.sub("", _SPACED_OUT.sub(r"\1\2", _PER.sub("", plain)))
    plain = _TAIL.sub("", plain)
    if (number := _number(plain)) is not None:
        if unit == 1_000_000 and number * unit > LARGEST and re.fullmatch(r"[0-9]{1,3}[.,][0-9]{3}", plain):
            return _meant_as_decimal(number / 1000, unit, text)
        return _from_number(number, unit, text)
    total = _terms(plain, unit)
    if total is None:
        return _reckoned(plain, text, unit)
    return _from_number(total, 1, text)


# --- sums, products and words -------------------------------------------------------------------------


def _reckoned(plain: str, text: str, unit: int):
    """Amounts that somebody has to work out: "1.000.000 + 500.000", "500.000đ x 2", "Một triệu đồng"."""
    parts = [part for part in _PLUS.split(plain) if part]
    if len(parts) > 1:
        parts = [_LABEL.sub("", part) for part in parts]
    gifts = [part for part in parts if _GIFT.fullmatch(part)] if len(parts) > 1 else []
    amounts = [_product(part, unit) for part in parts if part not in gifts]
    if not amounts or None in amounts:
        return None, (ERROR, f"Không hiểu số tiền {quoted(text)}; hãy ghi bằng số, ví dụ 1.500.000.")
    amount, problem = _from_number(sum(amounts), 1, text)
    if problem:
        return amount, problem
    level = WARNING if gifts else NOTE
    return amount, (level, f"Số tiền {quoted(text)} hiểu là {format_money(amount)}.")


def _product(part: str, unit: int) -> float | None:
    """One amount, in figures or in words, or one taken so many times."""
    factors = _TIMES.split(_REMARK.sub("", part).strip())
    if len(factors) == 1:
        return _single(factors[0], unit)
    counts = [_HOW_MANY.fullmatch(factor) for factor in factors]
    if len(factors) != 2 or all(counts) or not any(counts):
        return None
    count, amount = (counts[0][1], factors[1]) if counts[0] else (counts[1][1], factors[0])
    worth = _single(amount, unit)
    return worth and worth * int(count)


def _single(part: str, unit: int) -> float | None:
    part = _TAIL.sub("", _CURRENCY_FIRST.sub("", _PER.sub("", part)))
    number = _number(part)
    if number is not None:
        return number * unit if number >= 1000 or unit > 1 else None
    return _terms(part, unit) or _said(part)


def _said(words: str) -> int | None:
    """ "mot trieu hai tram nghin dong" as 1_200_000; None for anything that isn't an amount in words."""
    total, scale, group, digit = 0, LARGEST, 0, None
    for word in re.sub(r"\b(?:dong|vnd|chan|viet nam|linh|le)\b|[./,!]+", " ", words).split():
        if word in _DIGITS and digit is None:
            digit = _DIGITS[word]
        elif word in ("muoi", "chuc") and digit != 0:
            group, digit = group + 10 * (digit or 1), None
        elif word == "tram" and digit is not None:
            group, digit = group + 100 * digit, None
        elif word == "ruoi" and total and not group and digit is None:
            total, scale = total + scale // 2, 1
        elif 1 < _SCALES.get(word, 0) < scale and (group or digit):
            scale = _SCALES[word]
            total, group, digit = total + (group + (digit or 0)) * scale, 0, None
        else:
            return None
    rest = group + (digit or 0)
    if rest and total and scale == 1_000_000:  # "một triệu hai", "một triệu hai trăm": of thousands
        rest *= 100_000 if rest < 10 else 1000
    return total + rest if total else None


def _meant_as_decimal(number: float, unit: int, text: str):
    """ "75.500" in a column of millions: as thousands of millions it would be beyond every amount."""
    amount, _ = _from_number(number, unit, text)
    return amount, (WARNING, f"Số tiền {quoted(text)} trong cột tính bằng triệu: hiểu là {format_money(amount)}.")


def _terms(plain: str, unit: int) -> float | None:
    """Sum of "1tr5", "2 triệu 500 nghìn", "1.530.000"; None where it doesn't add up to one amount."""
    total, scale, position = 0.0, None, 0
    while position < len(plain):
        term = _TERM.match(plain, position)
        if term is None or term.end() == position:
            return None
        number, word = term[1].strip(), term[2]
        position = term.end()
        if word == "ruoi" or not number:
            if word != "ruoi" or not scale:
                if word in ("d", "dong", "vnd") and total:
                    continue
                return None
            total += scale / 2
            continue
        value = _number(number)
        if value is None:
            return None
        step = _SCALES[word] if word else (unit if scale is None else _after(scale, number))
        if scale is not None and (step >= scale or value * step >= scale):
            return None
        total, scale = total + value * step, step
    return total if scale is not None else None


def _after(scale: int, digits: str) -> float:
    """The 5 of "1tr5" is five tenths of a million, the 500 of "1tr500" five hundred thousandths."""
    return scale / 10 ** len(digits)


def _number(text: str) -> float | None:
    """Dots, commas or spaces by threes are thousands; a single other one is the decimal mark.

    "1.500.00" is neither: a digit is missing, and nobody can tell where.
    """
    if grouped := _GROUPED.fullmatch(text):
        return float(text.replace(grouped[1], ""))
    if decimal := re.fullmatch(r"([0-9]{1,3}(?:([.,' ])[0-9]{3}(?:\2[0-9]{3})*)?|[0-9]+)(?!\2)[.,]([0-9]{1,2})", text):
        return float(re.sub(r"[^0-9]", "", decimal[1]) + "." + decimal[3])
    if decimal := re.fullmatch(r"(0)[.,]([0-9]{3,})|([0-9]{1,3})[.,]([0-9]{4,6})", text):
        return float(text.replace(",", "."))
    return float(text) if text.isdecimal() and len(text) < 16 else None
