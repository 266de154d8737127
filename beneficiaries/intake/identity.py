"""National ID numbers: 12 digits (CCCD, Circular 07/2016/TT-BCA: province, gender and century, year, serial),
9 digits (CMND, valid to 31/12/2024), and what Excel leaves of them.

The number itself stays out of every message: messages are stored, logged and printed.
"""

import re
import unicodedata
from datetime import date

from beneficiaries.intake.cells import ERROR, WARNING, as_text, screened
from welfare.vietnamese import fold

PROVINCES = frozenset(
    re.findall(
        "[0-9]+",
        """001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038
        040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082
        083 084 086 087 089 091 092 093 094 095 096""",
    )
)
RESTORED = "đã khôi phục"
_ABROAD = 100  # from here on the first three digits are the country of birth
_STRIPPED = re.compile(r"[\s.\-'’‘`´\"]+")
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?\s*e\s*\+?\s*[0-9]+", re.I)
_NOTHING = re.compile(
    r"[-–—x]+|0|(?:tre em |con nho )?(?:khong|chua|dang|ko)(?: duoc)?(?: co| cap| lam| cho| cho cap)?"
    r"(?: so| the)?(?: cccd| cmnd| can cuoc| giay to)?|(?:bi |lam )?(?:mat|that lac)(?: the| cccd| cmnd| giay to)?"
)
_LABEL = re.compile(r"^\(?(?:so|the|ma|cccd|cmnd|cmt|can cuoc|cong dan|dinh danh|ca nhan|[\s:./])+(?=[0-9])")
_GROUPED = re.compile("[0-9]{1,3}(?:,[0-9]{3}){2,3}")
_FULL = re.compile(r"(?<![0-9A-Za-z])[0-9]{12}(?![0-9A-Za-z])")
_ONE_DIGIT = re.compile(r"([0-9])\1+")
_BY_TEXT = re.compile(r"[/;\n]+|\s{3,}")


def read_national_id(cell, *, today: date):
    if type(cell) is str and len(cell) == 12 and cell.isascii() and cell.isdecimal():
        return _from_full(cell, today)
    if cell == 0:
        return _MISSING
    if type(cell) in (int, float):
        return _from_number(cell, today)
    text, problem = screened(cell)
    if not text:
        return None, problem
    if _NOTHING.fullmatch(fold(text).strip(" .'")):
        return _MISSING
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if text.isdecimal():
        return _from_digits(text, today)
    value, fault = _from_text(text, as_text(cell), today)
    return value, fault or problem


_MISSING = None, (WARNING, "Chưa có số CCCD; hãy bổ sung khi có.")


def _error(text: str):
    return None, (ERROR, text)


def _from_number(number: float, today: date):
    if number != number or abs(number) >= 1e15 or number != int(number) or number < 0:
        return _error("Số CCCD không đọc được; hãy định dạng cột kiểu Văn bản rồi gõ đủ 12 số.")
    if number >= 1e10 and int(number) % 1_000_000 == 0:
        return _error(_ROUNDED)
    return _from_digits(str(int(number)), today)


_ROUNDED = "Số CCCD bị Excel làm tròn (dạng 8.3E+10); hãy định dạng cột kiểu Văn bản rồi gõ đủ 12 số."


def _from_text(text: str, raw: str, today: date):
    if _SCIENTIFIC.fullmatch(text.strip(" '")):
        return _error(_ROUNDED)
    bare = _LABEL.sub("", fold(text)).strip(" ()")
    digits = _STRIPPED.sub("", re.sub(r"(?<=[0-9]{8})[.,]0$", "", bare))
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    if digits.isdecimal() and digits.isascii() and len(digits) < 16 and "\n" not in raw.strip():
        return _from_digits(digits, today)
    several = [_STRIPPED.sub("", part) for part in _BY_TEXT.split(raw)]
    full = {part for part in several if re.fullmatch("[0-9]{12}", part)} or {*_FULL.findall(text)}
    if len(full) == 1:
        value, problem = _from_full(*full, today)
        return value, problem or (WARNING, "Ô có nhiều số giấy tờ hoặc lời ghi thêm, chỉ lấy số CCCD 12 số.")
    if digits.isdecimal():
        return _from_digits(digits, today)
    if re.fullmatch("[0-9OoQDIl]+", _STRIPPED.sub("", text)):
        return _error("Số CCCD có chữ cái lẫn vào (chữ O thay số 0?); hãy gõ lại đủ 12 chữ số.")
    return _error("Số CCCD có ký tự không phải chữ số; hãy gõ lại đủ 12 chữ số.")


def _from_digits(digits: str, today: date):
    length = len(digits)
    if length == 12:
        return _from_full(digits, today)
    if length > 7 and _ONE_DIGIT.fullmatch(digits):
        return _error(_FILLED_IN)
    if length in (10, 11):
        value, problem = _from_full(digits.zfill(12), today)
        if value is None or int(value[:3]) >= _ABROAD:
            return _error(f"Số CCCD chỉ có {length} chữ số; hãy gõ lại đủ 12 chữ số.")
        return value, (WARNING, f"Số CCCD mất số 0 ở đầu, {RESTORED}; hãy đối chiếu với thẻ.")
    if length == 9:
        return digits, (WARNING, "CMND 9 số đã hết giá trị từ 01/01/2025; hãy thay bằng số CCCD 12 số.")
    if length == 8:
        return "0" + digits, (WARNING, f"CMND có 8 số, thiếu số 0 ở đầu, {RESTORED}; hãy thay bằng số CCCD.")
    return _error(f"Số CCCD có {length} chữ số; CCCD phải có đúng 12 chữ số.")


_FILLED_IN = "Số CCCD chỉ lặp một chữ số, không phải số thật; hãy ghi số trên thẻ hoặc để trống."


def _from_full(digits: str, today: date):
    if _ONE_DIGIT.fullmatch(digits):
        return _error(_FILLED_IN)
    if int(digits[3]) > 3 or birth_year_of(digits) > today.year:
        return _error("Số CCCD sai: chữ số thứ tư đến thứ sáu chỉ một năm sinh chưa tới; hãy đối chiếu với thẻ.")
    if digits[:3] in PROVINCES:
        return digits, None
    if int(digits[:3]) >= _ABROAD:
        return digits, (WARNING, "Ba số đầu của CCCD là mã nước ngoài; hãy đối chiếu với thẻ.")
    return _error(f"Số CCCD sai: không có tỉnh nào mang mã {digits[:3]}; hãy đối chiếu với thẻ.")


def birth_year_of(number: str) -> int:
    """Year in a 12-digit number."""
    return 1900 + int(number[3]) // 2 * 100 + int(number[4:6])


def gender_of(number: str) -> str:
    """Gender in a 12-digit number."""
    return "female" if int(number[3]) % 2 else "male"
