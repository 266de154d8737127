"""Record numbers ("PL000123") and masked numbers, by which a list names a person without showing who they are; counts."""

import re

from beneficiaries.intake.cells import ERROR, WARNING, as_text, quoted, read_text
from welfare.vietnamese import fold

_RECORD = re.compile(r"\s*PL[\s.\-]*0*([1-9][0-9]{0,14})\s*", re.I)
_WHOLE = re.compile(r"([0-9]{1,3}(?:[.,\s][0-9]{3})+|[0-9]{1,9})(?:[.,]0+)?(?![0-9.,])")
_YEARS = re.compile(r"([0-9]{1,2})\s*nam\b(?:\s*(?:va\s*)?([0-9]{1,2})\s*thang)?")
_SHORTEST_TERM = 5
_MONTHLY = re.compile(r"([0-9]{1,2}(?:[.,][0-9]{1,3})?)\s*%?\s*(?:/|mot|moi|1)?\s*(?:1\s*)?(?:thang|th)\b")
_BELOW_ONE = re.compile(r"\s*(0[.,][0-9]{1,3})\s*%?\s*")
_NONE = ("", "-", "–")
_FRACTION = 0.3
_LONGEST_UNIT = 200
_MASKED = re.compile(r"[0-9]{0,3}[*•x]{3,}[0-9]{1,4}", re.I)


def record_number(pk: int) -> str:
    """As it stands in templates and in files that come back."""
    return f"PL{pk:06}"


def read_record_number(cell):
    """The key of a person, which only matching proves to be one of the unit's."""
    text = as_text(cell).strip()
    found = _RECORD.fullmatch(text)
    if found or not text:
        return found and int(found[1]), None
    return None, (WARNING, f"Không hiểu mã hồ sơ {quoted(cell)}; mã lấy từ mẫu tải về, có dạng PL000123.")


def read_whole(cell):
    """How many: "1.200", "15 suất"."""
    text = as_text(cell).strip()
    found = _WHOLE.match(text)
    if found:
        return int(re.sub(r"[.,\s]", "", found[1])), None
    return None, (
        ERROR,
        f"Không hiểu số {quoted(cell)}; hãy ghi một số nguyên, ví dụ 1.200.",
    ) if text not in _NONE else None


def read_term(cell):
    """Months: "24", "12 tháng", "1 năm 6 tháng"; a bare figure that may well be years is doubted."""
    if found := _YEARS.match(fold(as_text(cell).strip())):
        return int(found[1]) * 12 + int(found[2] or 0), None
    months, problem = read_whole(cell)
    if months and months <= _SHORTEST_TERM and "thang" not in fold(as_text(cell)):
        problem = (WARNING, f"Thời hạn {quoted(cell)} được hiểu là {months} tháng; nếu là năm, hãy ghi {months * 12}.")
    return months, problem


def read_unit_name(cell):
    text, problem = read_text(cell)
    if text and len(text) > _LONGEST_UNIT:
        return None, (ERROR, f"Tên đơn vị dài {len(text)} ký tự (tối đa {_LONGEST_UNIT}); hãy kiểm tra lại ô này.")
    return text, problem


def read_rate(cell):
    """Percent a year as text; a cell that Excel shows as 6,6% holds 0.066."""
    if type(cell) is float and 0 < cell < _FRACTION:
        percent = f"{round(cell * 100, 2):g}"
        return percent, (WARNING, f"Lãi suất {quoted(cell)} hiểu là {percent.replace('.', ',')}%; hãy kiểm tra.")
    text, problem = read_text(cell)
    if found := _MONTHLY.match(fold(text or "")):
        text = f"{round(_number(found[1]) * 12, 2):g}"
        problem = (
            WARNING,
            f"Lãi suất {quoted(cell)} một tháng hiểu là {text.replace('.', ',')}% một năm; hãy kiểm tra.",
        )
    elif (found := _BELOW_ONE.fullmatch(text or "")) and (rate := _number(found[1])):
        yearly = f"{round(rate * 12, 2):g}".replace(".", ",")
        problem = (WARNING, f"Lãi suất {quoted(cell)} hiểu là một năm; nếu là một tháng, hãy ghi {yearly}%.")
    return text, problem


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def is_record_number(cell) -> bool:
    return bool(_RECORD.fullmatch(as_text(cell)))


def is_masked(cell) -> bool:
    """ "083*****0999": a number of which the ledger showed only the ends."""
    return type(cell) is str and bool(_MASKED.fullmatch(cell.strip()))
