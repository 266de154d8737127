"""What one cell says. A reader takes a cell and returns (value, problem); it never raises.

A cell is text, int, float or [year, month, day] (as a tuple here, so that equal cells are read once). A problem
is None or (level, Vietnamese sentence): an "error" keeps the row out, a "warning" marks it, a "note" only tells.
"""

import re
import unicodedata

from welfare.vietnamese import clean, fold, is_syllable, title_name

ERROR, WARNING, NOTE = "error", "warning", "note"

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_HIDDEN = re.compile("[\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SEPARATOR = re.compile(r"[\n\r;]+")
_LONGEST_TEXT = 1000
_LONGEST_NAME = 80
_QUOTED = 40


def as_text(cell) -> str:
    """The cell as one would read it on the screen."""
    if type(cell) is str:
        return cell
    if type(cell) in (tuple, list):
        return f"{cell[2]:02}/{cell[1]:02}/{cell[0]}" if len(cell) == 3 else ""
    if type(cell) is float and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def quoted(cell) -> str:
    """The cell between Vietnamese quotation marks, short enough for a message."""
    text = clean(_CONTROL.sub("", as_text(cell)))
    return f"“{text[:_QUOTED]}…”" if len(text) > _QUOTED else f"“{text}”"


def screened(cell) -> tuple[str, tuple | None]:
    """Text on one line with what is invisible taken out and reported; "" with an error for what can't stay."""
    text = as_text(cell)
    if text.isascii() and text.isprintable() and len(text) <= _LONGEST_TEXT and "_x" not in text:
        return " ".join(text.split()), None
    if "_x" in text:
        text = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text).replace("\r", " ")
    if _CONTROL.search(text):
        return "", (ERROR, "Ô có ký tự điều khiển không đọc được; hãy gõ lại ô này.")
    if len(text) > _LONGEST_TEXT:
        return "", (ERROR, f"Ô dài {len(text)} ký tự (tối đa {_LONGEST_TEXT}); hãy rút gọn.")
    if _HIDDEN.search(text):
        return clean(text), (WARNING, "Ô có ký tự ẩn, đã bỏ; hãy kiểm tra lại chữ còn lại.")
    return clean(text), None


def read_text(cell):
    text, problem = screened(cell)
    return text or None, problem


# --- names ----------------------------------------------------------------------------------------

_NOT_IN_A_NAME = re.compile(r"[<>=@{}\[\]\\|#$%^*_+!?~:\"“”/&\d]")
_BROKEN_FONT = re.compile("[¡-¿×÷\ufffd\u0080-\u009f\u0370-\u1dff\u2000-\u2012\u2020-\uffff]")
_LOOSE_MARK = re.compile("(?:^| )[\u0300-\u036f]")
_BEFORE_A_NAME = re.compile(r"^\s*(?:\d{1,4}\s*[.)]\s*|[-–•*]+\s+|\*+)(?=[^\W\d_])")  # "1. ", "- ", a footnote's star
_FOOTNOTE = re.compile(r"\s*\(\*+\)\s*$")
_REMARK = re.compile(
    r"\s*\(\s*(?:là )?(chủ hộ|thành viên|thuộc hộ|đại diện|p?ctcđ|ttcđ|chủ tịch|tổ trưởng|đoàn viên|công nhân|nghỉ|vợ|chồng|con|cha|bố|mẹ|nam|nữ|đã chết|chết|đã mất|mất|mới|cũ)"
    r"\b[^()]*\)\s*$",
    re.I,
)


_BORN = re.compile(
    r"^(.*?[^\W\d_][.*]?)[\s,;:(–-]*(?:(?:năm )?sinh(?: năm| ngày)?|s\.?n\.?|n\.?s\.?)?[\s.:]*"
    r"((?:\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?)?(?:19|20)\d\d)\s*\)?$",
    re.I | re.S,
)


def split_birth(cell) -> tuple:
    """ "Nguyễn Văn An (1985)" as the name and "1985"; what no birth ends with stays whole, beside ""."""
    text = cell.rstrip() if type(cell) is str and len(cell) <= 2 * _LONGEST_NAME else ""
    found = _BORN.match(text) if text[-1:].isdecimal() or text[-2:-1].isdecimal() else None
    return (found[1], found[2]) if found and len(_SEPARATOR.split(found[1])) == 1 else (cell, "")


def read_name(cell):
    """full_name, members: a cell with several people gives the first and the list of the others."""
    text, problem = screened(cell)
    if problem and problem[0] == ERROR:
        return (None, None), problem
    parts = [part for part in _SEPARATOR.split(as_text(cell)) if clean(part)]
    if len(parts) > 1 and len(text) <= _LONGEST_TEXT:
        name, *members = names = [_name(part) for part in parts]
        problem = (WARNING, f"Ô có {len(names)} người; hãy xác nhận các thành viên hộ hoặc tách thành từng dòng.")
    else:
        name, members = _name(text), None
    if fault := name_fault(name, cell):
        return (None, None), (ERROR, fault)
    if name and problem is None:
        problem = _doubt(name) or _remarked(text)
    return (name or None, members), problem


def _name(text: str) -> str:
    if "(" in text or not text[:1].isalpha() or text.endswith("*"):
        text = _FOOTNOTE.sub("", text)
        text = _REMARK.sub("", _BEFORE_A_NAME.sub("", clean(text))).rstrip(" *")
    return title_name(text).rstrip(" .,;-")


def _remarked(text: str):
    remark = _REMARK.search(text) if "(" in text else None
    return remark and (WARNING, f"Ô họ tên ghi thêm {quoted(remark[0].strip())}, đã bỏ; hãy chuyển sang cột ghi chú.")


def name_fault(name: str, cell) -> str | None:
    if _LOOSE_MARK.search(name) or _BROKEN_FONT.search(unicodedata.normalize("NFC", name)):
        return f"Họ tên {quoted(cell)} bị lỗi phông chữ; hãy gõ lại bằng Unicode."
    if name[:1] in "=+-@" and name or _NOT_IN_A_NAME.search(name):
        return f"Họ tên {quoted(cell)} có ký hiệu hoặc chữ số không thể có trong tên; hãy gõ lại."
    if len(name) > _LONGEST_NAME:
        return f"Họ tên dài {len(name)} ký tự (tối đa {_LONGEST_NAME}); hãy kiểm tra lại ô này."
    return None


_FOREIGN = re.compile("[^\\W\\da-zA-ZÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")


def _doubt(name: str):
    if strange := _FOREIGN.search(name):
        return WARNING, f"Họ tên {quoted(name)} có chữ “{strange[0]}” không có trong tiếng Việt; hãy kiểm tra."
    if " " not in name:
        return WARNING, f"Họ tên {quoted(name)} chỉ có một chữ; hãy ghi đủ họ và tên."
    return None


def lost_letters(text: str) -> bool:
    """Whether text decoded from TCVN3 has words that are no Vietnamese syllables: a letter was lost on the way."""
    return not all(is_syllable(word) for word in re.findall(r"[^\W\d_]+", text))


def read_members(cell):
    """List of names out of "Trần Thị B (vợ, 1975); Trần Văn C"."""
    text, problem = screened(cell)
    if not text:
        return None, problem
    parts = re.split(r"[\n\r;]+|,(?![^()]*\))", as_text(cell))
    names = [title_name(re.sub(r"\([^()]*\)|^[\s\d.)+-]+|\s+[-:].*$|\d{4}", "", part)) for part in parts]
    return [name for name in names if name and not name_fault(name, name)] or None, problem


# --- closed sets of answers -----------------------------------------------------------------------

_GENDERS = {"nam": "male", "trai": "male", "m": "male", "male": "male", "ong": "male"} | {
    "nu": "female",
    "gai": "female",
    "f": "female",
    "female": "female",
    "ba": "female",
}
_CROSSES = frozenset(["x", "×", "✓", "✔", "√", "v", "+", "*", "1", "co", "true", "yes", "☑", "☒", "●", "•"])
_BLANKS = frozenset(["0", "-", "–", "—", ".", "/", "khong", "false", "no", "o"])
_NO_STATUS = re.compile(r"(ho )?(khong|binh thuong|trung binh|kha|moi thoat ngheo|thoat ngheo|khac|on dinh)\b")


def read_gender(cell):
    text, problem = screened(cell)
    word = fold(text).strip(" .")
    if not word:
        return None, problem
    if word in _GENDERS:
        return _GENDERS[word], problem
    return None, (WARNING, f"Không hiểu giới tính {quoted(cell)}; hãy ghi Nam hoặc Nữ.")


def is_cross(cell) -> bool:
    return fold(as_text(cell)) in _CROSSES


def read_cross(cell):
    """True, False, or None with a warning for anything but a mark."""
    text, problem = screened(cell)
    word = fold(text)
    if not word or word in _BLANKS:
        return False, problem
    if word in _CROSSES:
        return True, problem
    return None, (WARNING, f"Ô đánh dấu ghi {quoted(cell)}; hãy đánh x hoặc để trống.")


def read_household_status(cell):
    text, problem = screened(cell)
    word = re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()
    if not word or word in _BLANKS:
        return None, problem
    if re.search(r"can ngheo|\bhcn\b|^cn$", word):
        return "near_poor", problem
    if _NO_STATUS.match(word):
        return None, problem
    if re.search(r"^(thuoc )?(ho )?ngheo\b|\bho ngheo\b|^hn$|^x$", word):
        return "poor", problem
    return None, (WARNING, f"Không có loại hộ {quoted(cell)}; hãy ghi Hộ nghèo hoặc Hộ cận nghèo.")


_RELATIVES = re.compile(
    r"(vo|chong|con|cha|bo|me|ong|ba|anh|chi|em|chau|dau|re)\b|thanh vien|^tv|thuoc ho|nguoi trong ho"
)


def read_household_role(cell):
    text, problem = screened(cell)
    word = re.sub(r"[^a-z]+", " ", fold(text)).strip()
    if not word:
        return None, problem
    if re.search(r"\bdai dien|^(than nhan|nguoi nha|gia dinh)", word):
        return "family", problem
    if re.match(r"(la )?chu ho|ch$|ban than$", word):
        return "head", problem
    if _RELATIVES.match(word) or "thuoc ho" in word or "thanh vien" in word:
        return "member", problem
    if "chu ho" in word:
        return "head", problem
    return None, (WARNING, f"Không hiểu {quoted(cell)}; hãy ghi Chủ hộ, Thành viên hoặc Đại diện gia đình.")


def read_construction(cell):
    text, problem = screened(cell)
    word = re.sub(r"[^a-z]+", " ", fold(text)).strip()
    if not word:
        return None, problem
    if re.search(r"sua|cai tao|nang cap|\bs ?c\b", word):
        return "repair", problem
    if re.search(r"xay|lam moi|^moi$|\bx ?m\b", word):
        return "new", problem
    return None, (WARNING, f"Không hiểu hình thức {quoted(cell)}; hãy ghi Xây mới hoặc Sửa chữa.")


# --- numbers that are not money ---------------------------------------------------------------------

_COUNT = re.compile(r"0*([0-9]{1,3})(?:[.,]0+)?(?:\s*(?:nguoi|khau|nhan khau|nk|ng|thanh vien)\b.*)?")


def read_count(cell):
    """Number of people in a household."""
    text, problem = screened(cell)
    if not text:
        return None, problem
    found = _COUNT.fullmatch(fold(text))
    if found and 0 < int(found[1]) <= 50:
        return int(found[1]), problem
    return None, (WARNING, f"Không hiểu số nhân khẩu {quoted(cell)}; hãy ghi một số từ 1 đến 50.")


_OLD_MOBILE = re.compile("01[2-9][0-9]{8}")
_MOBILE = re.compile("0[35789][0-9]{8}")
_LANDLINE = re.compile("02[0-9]{9}")
_SEVERAL_PHONES = re.compile(r"[,;/\n\r]|\s-\s|\bhoặc\b|(?<=\d{3})\s{2,}")
_NO_PHONE = re.compile(r"[-–—./x ]*|0|(khong|chua|ko|k)( co)?( dt| sdt| dien thoai)?")


def read_phone(cell):
    if type(cell) is str and _MOBILE.fullmatch(cell):
        return cell, None
    text, problem = screened(cell)
    if _NO_PHONE.fullmatch(fold(text)):
        return None, problem
    digits = [number for part in _SEVERAL_PHONES.split(as_text(cell)) for number in _phone_numbers(part)]
    if digits and (_MOBILE.fullmatch(digits[0]) or _LANDLINE.fullmatch(digits[0])):
        return digits[0], (WARNING, "Ô có nhiều số điện thoại, chỉ lấy số đầu.") if digits[1:] else problem
    if digits and _OLD_MOBILE.fullmatch(digits[0]):
        return digits[0], (WARNING, "Số điện thoại 11 số đã đổi đầu số; hãy ghi số mới.")
    return None, (WARNING, f"Số điện thoại {quoted(cell)} không đúng; hãy ghi đủ 10 số.")


def _phone_numbers(text: str) -> list[str]:
    """The number in the text with its leading zero, or two that only a space or a dash keeps apart."""
    number = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", re.sub(r"\.0$", "", text)))
    if len(number) == 20 and _MOBILE.fullmatch(number[:10]) and _MOBILE.fullmatch(number[10:]):
        return [number[:10], number[10:]]
    abroad = re.fullmatch("(?:00)?840?([0-9]{9,10})", number)
    if abroad:
        return ["0" + abroad[1]]
    if number and not number.startswith("0") and len(number) in (9, 10):
        return ["0" + number]
    return [number] if number else []


def read_account(cell):
    """Bank account number as text without spaces."""
    text, problem = screened(cell)
    number = re.sub(r"[\s.\-'’]", "", text)
    if not number:
        return None, problem
    if re.fullmatch(r"[0-9.,]+[eE]\+?[0-9]+", text) or type(cell) is float or len(str(cell)) > 15 > len(number):
        return None, (ERROR, "Số tài khoản bị Excel làm tròn; hãy định dạng cột kiểu Văn bản rồi gõ lại.")
    if re.fullmatch(r"[0-9A-Za-z]{5,24}", number):
        return number, problem
    return None, (WARNING, f"Số tài khoản {quoted(cell)} không đúng; hãy kiểm tra lại.")
