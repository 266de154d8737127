"""Birth dates in every form that lists write them: day first always, or only a year."""

import re
from datetime import date, timedelta

from beneficiaries.intake.cells import ERROR, WARNING, quoted, screened
from welfare.vietnamese import fold

_OLDEST = 120
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIALS = range(10_000, 60_001)
_YEAR_LIKE_SERIALS = range(19_000, 20_270)  # five digits that may be a year with one too many
_WORDS = re.compile(r"\b(sinh|ngay|mung|nam|sn|ns|thang)(?:\b|(?=[0-9]))\.?|\bs(?:[.:]|/n)\s*(?=[0-9])")
_MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAMED_MONTH = re.compile(rf"(?<=[0-9])[\s/.-]*({'|'.join(_MONTH_NAMES)})[a-z]*[\s/.,-]*")  # as an English Excel does
_NAMED_MONTH_FIRST = re.compile(rf"(?:{'|'.join(_MONTH_NAMES)})[a-z]*[\s/.-]+([0-9]{{4}}|[0-9]{{2}})")  # "Sep-85"
_SHORT_MONTH = re.compile(r"(?:\bthg|\bt(?=[\s.]?[0-9]))[\s.]*")  # as a Vietnamese Excel does
_PLAIN = re.compile("((?!00)[0-3][0-9])/(0[1-9]|1[0-9])/([12][0-9]{3})")
_BETWEEN = r"[\s/.,\\|_-]+"
_CLOCK = r"(?:\s+[0-9]{1,2}:[0-9:.]+(?:\s*(?:am|pm|sa|ch))?)?"
_DAY_FIRST = re.compile(f"([0-9]{{1,2}}){_BETWEEN}([0-9]{{1,2}}){_BETWEEN}([0-9]{{4}}|[0-9]{{2}}){_CLOCK}")
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[t\s].*)?")
_MONTH = re.compile(rf"(?:[.…_x?]+[/.-])?([0-9]{{1,2}}){_BETWEEN}([0-9]{{4}})")
_MONTH_LAST = re.compile(r"()([12][0-9]{3})[-/](?:0?[1-9]|1[0-2])")
_YEAR = re.compile(r"(?:[\s./\\_…x?-]*[/.\s…_-])?([0-9]{4}|[3-9][0-9])(?:\.0)?")
_GROUPED_YEAR = re.compile(r"([12])[.,]([0-9]{3})")
_BLANK = re.compile(
    r"[\s./\\_…?-]*|n/?a|(khong|chua|ko|k)( co| ro| nho| biet| xac dinh)?( ngay| nam| thang| ngay thang)?( sinh)?"
)
_REMARK = re.compile(r"\s*(?:\([^()0-9]*[0-9]{0,3}[^()0-9]*\)|-\s*[0-9]{1,3}\s*tuoi)$")
_GUESS = re.compile(r"^(?:khoang|~)\s*|\s*\?$")


def read_birth(cell, *, today: date):
    """(date or None, year or None). A year alone is precise enough; a month with a year keeps the year."""
    if type(cell) is str and (plain := _PLAIN.fullmatch(cell)):
        return _checked(int(plain[3]), int(plain[2]), int(plain[1]), today, cell)
    if type(cell) is tuple:
        return _from_date_cell(cell, today)
    if type(cell) in (int, float):
        return _from_number(cell, today)
    text, problem = screened(cell)
    value, fault = _from_text(text, today)
    return value, fault or problem


def _none(text: str):
    return (None, None), (ERROR, text)


def _checked(year: int, month: int, day: int, today: date, cell):
    try:
        born = date(year, month, day)
    except ValueError:
        return _none(f"Ngày sinh {quoted(cell)} không có trong lịch; hãy ghi ngày/tháng/năm, ví dụ 05/03/1985.")
    if not today.year - _OLDEST < year < today.year and born > today:
        return _none(f"Ngày sinh {quoted(cell)} ở tương lai; hãy kiểm tra lại năm.")
    if today.year - year > _OLDEST:
        return _none(f"Ngày sinh {quoted(cell)} đã quá {_OLDEST} năm; hãy kiểm tra lại năm.")
    return (born, year), None


def _year(year: int, today: date, cell):
    if 30 <= year <= 99:
        year += 1900
        return (None, year), (WARNING, f"Năm sinh {quoted(cell)} hiểu là {year}; hãy ghi đủ bốn chữ số.")
    if year > today.year:
        return _none(f"Năm sinh {quoted(cell)} ở tương lai; hãy kiểm tra lại.")
    if today.year - year > _OLDEST:
        return _none(f"Năm sinh {quoted(cell)} không đúng; hãy ghi đủ bốn chữ số của năm.")
    return (None, year), None


def _from_date_cell(cell, today: date):
    """A year typed into a cell formatted as date is stored as a day of 1905: the year is meant."""
    try:
        day = date(*cell)
    except (ValueError, TypeError):
        return _none("Ngày sinh không đọc được; hãy ghi ngày/tháng/năm, ví dụ 05/03/1985.")
    serial = (day - _SERIAL_EPOCH).days
    if 1900 <= serial <= today.year:
        return (None, serial), (WARNING, f"Ô định dạng ngày nhưng ghi số {serial}: hiểu là năm sinh {serial}.")
    return _checked(day.year, day.month, day.day, today, cell)


def _from_number(number: float, today: date):
    if number != number or abs(number) > 1e9:
        return _none("Ngày sinh không đọc được; hãy ghi ngày/tháng/năm, ví dụ 05/03/1985.")
    whole = int(number)
    if whole in _SERIALS:
        day = _SERIAL_EPOCH + timedelta(days=whole)
        value, problem = _checked(day.year, day.month, day.day, today, number)
        if problem is None and whole in _YEAR_LIKE_SERIALS:
            problem = (WARNING, f"Ô ghi số {whole}, hiểu là ngày {day:%d/%m/%Y}; hãy kiểm tra có phải năm gõ thừa số.")
        return value, problem
    if whole == number and (30 <= whole <= 99 or 1000 <= whole <= 9999):
        return _year(whole, today, number)
    if whole == number and 6 < len(str(whole)) < 9:
        return _run_together(f"{whole:08}", today, number)
    return _none(f"Không hiểu ngày sinh {quoted(number)}; hãy ghi ngày/tháng/năm, ví dụ 05/03/1985.")


def _from_text(text: str, today: date):
    plain = fold(text).strip(" '’`\"").rstrip(".,;: ")
    if not plain or _BLANK.fullmatch(plain):
        return (None, None), None
    if not plain.isascii():
        plain = plain.replace("–", "-").replace("…", ".")
    bare = _GUESS.sub("", _REMARK.sub("", plain)).strip(" ()")
    value, problem = _from_plain(bare, text, today)
    if problem is None and bare != plain.strip(" ()"):
        problem = (WARNING, f"Ngày sinh {quoted(text)} có lời ghi thêm, đã bỏ qua; hãy kiểm tra lại.")
    return value, problem


def _from_plain(plain: str, text: str, today: date):
    plain = re.sub(r"\s*(?:ngay|sinh|,)\s+", " ", _spelt(plain)).strip()
    if found := _DAY_FIRST.fullmatch(plain):
        return _two_digit_checked(*found.groups(), today, text)
    if found := _YEAR.fullmatch(plain):
        return _year(int(found[1]), today, text)
    if found := _ISO.fullmatch(plain):
        return _checked(int(found[1]), int(found[2]), int(found[3]), today, text)
    if found := _MONTH.fullmatch(plain):
        return _month(int(found[1]), int(found[2]), today, text)
    if found := _MONTH_LAST.fullmatch(plain) or _GROUPED_YEAR.fullmatch(plain):
        return _year(int(found[1] + found[2]), today, text)
    if re.fullmatch("[0-9]{8}", plain):
        return _run_together(plain, today, text)
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", plain):
        return _from_number(float(plain), today)
    return _none(f"Không hiểu ngày sinh {quoted(text)}; hãy ghi ngày/tháng/năm, ví dụ 05/03/1985.")


def _spelt(plain: str) -> str:
    """ "ngày 9 tháng 3 năm 2025", "9-Mar-2025" and "9 thg 3 2025" as "9/3/2025"."""
    if plain.isascii() and not re.search("[a-z]", plain):
        return plain
    if found := _NAMED_MONTH_FIRST.fullmatch(plain):
        return found[1]
    plain = _NAMED_MONTH.sub(lambda name: f"/{_MONTH_NAMES.index(name[1]) + 1}/", plain)
    plain = _SHORT_MONTH.sub("/", plain)
    plain = re.sub(r"\s*(?:\b|(?<=[0-9]))(?:thang|nam)(?:\b|(?=[0-9]))\s*", "/", plain)
    return re.sub(r"\s{2,}", " ", _WORDS.sub(" ", plain)).strip(" /:.")


def _two_digit_checked(day: str, month: str, year: str, today: date, cell):
    number = int(year)
    if len(year) == 2:
        number += 2000 if 2000 + number <= today.year else 1900
    if int(day) == 0:
        return _month(int(month), number, today, cell)
    value, problem = _checked(number, int(month), int(day), today, cell)
    if problem is None and len(year) == 2 and today.year - number < 15:
        problem = (WARNING, f"Năm sinh hai chữ số {quoted(cell)} hiểu là {number}; hãy ghi đủ bốn chữ số.")
    return value, problem


def _month(month: int, year: int, today: date, cell):
    if not 0 <= month <= 12:
        return _none(f"Ngày sinh {quoted(cell)} có tháng {month}; hãy ghi ngày/tháng/năm.")
    return _year(year, today, cell)


def _run_together(digits: str, today: date, cell):
    """ "01051990" read day first; nothing else is tried."""
    return _checked(int(digits[4:]), int(digits[2:4]), int(digits[:2]), today, cell)
