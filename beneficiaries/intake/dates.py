"""Birth dates in every form that lists write them: day first always, or only a year."""

import re
from datetime import date, timedelta

from beneficiaries.intake.cells import ERROR, WARNING, quoted, screened
from welfare.vietnamese import fold

_OLDEST = 120
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIALS = range(10_000, 60_001)
_WORDS = re.compile(r"\b(sinh|ngay|nam|sn|ns|thang)\b\.?")
_PLAIN = re.compile("([0-3][0-9])/(0[1-9]|1[0-9])/([12][0-9]{3})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[\s/.,\\-]+([0-9]{1,2})[\s/.,\\-]+([0-9]{4}|[0-9]{2})(?:\s+[0-9]{1,2}:[0-9:.]+)?")
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[t\s].*)?")
_MONTH = re.compile(r"([0-9]{1,2})[\s/.,\\-]+([0-9]{4})")
_YEAR = re.compile(r"(?:[\s./\\_…x-]*[/.\s…_-])?([0-9]{4}|[3-9][0-9])(?:\.0)?")
_NO_DAY = re.compile(r"0{1,2}[/.-]0{1,2}[/.-]([0-9]{4})")
_BLANK = re.compile(r"[\s./\\_…-]*")


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
        return _checked(day.year, day.month, day.day, today, number)
    if whole == number and (30 <= whole <= 99 or 1000 <= whole <= 9999):
        return _year(whole, today, number)
    if whole == number and 6 < len(str(whole)) < 9:
        return _run_together(f"{whole:08}", today, number)
    return _none(f"Không hiểu ngày sinh {quoted(number)}; hãy ghi ngày/tháng/năm, ví dụ 05/03/1985.")


def _from_text(text: str, today: date):
    plain = fold(text).strip(" '’`\"()")
    if not plain or _BLANK.fullmatch(plain):
        return (None, None), None
    if not plain.isascii():
        plain = plain.replace("–", "-").replace("…", ".")
    plain = re.sub(r"\s*(?:ngay|sinh|,)\s+", " ", _spelt(plain)).strip()
    if found := _DAY_FIRST.fullmatch(plain):
        return _two_digit_checked(*found.groups(), today, text)
    if found := _NO_DAY.fullmatch(plain) or _YEAR.fullmatch(plain):
        return _year(int(found[1]), today, text)
    if found := _ISO.fullmatch(plain):
        return _checked(int(found[1]), int(found[2]), int(found[3]), today, text)
    if found := _MONTH.fullmatch(plain):
        return _month(int(found[1]), int(found[2]), today, text)
    if re.fullmatch("[0-9]{8}", plain):
        return _run_together(plain, today, text)
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", plain):
        return _from_number(float(plain), today)
    return _none(f"Không hiểu ngày sinh {quoted(text)}; hãy ghi ngày/tháng/năm, ví dụ 05/03/1985.")


def _spelt(plain: str) -> str:
    """ "ngày 9 tháng 3 năm 2025" as "9/3/2025"."""
    if plain.isascii() and not _WORDS.search(plain):
        return plain
    plain = re.sub(r"\s*\b(?:thang|nam)\b\s*", "/", plain)
    return re.sub(r"\s{2,}", " ", _WORDS.sub(" ", plain)).strip(" /:.")


def _two_digit_checked(day: str, month: str, year: str, today: date, cell):
    number = int(year)
    if len(year) == 2:
        number += 2000 if 2000 + number <= today.year else 1900
    if int(day) == int(month) == 0:
        return _year(number, today, cell)
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
