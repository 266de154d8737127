"""The figures a sentence of a plan holds: "từ 10 Mái ấm công đoàn trở lên", "trên 90%", "01 - 02 thỏa thuận".

What is read is a proposal: an officer confirms it. Years, dates, numbers of documents, of items and of periods are no
figures.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from programs.targets.models import BOUND, Target

Comparator = Target.Comparator
_MULTIPLIERS = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)(?![\d]|[.,]\d)"
    rf"(?P<multipliers>(?:\s*(?:{'|'.join(_MULTIPLIERS)})\b)*)(?P<percent>\s*(?:%|phần trăm\b))?(?!\w)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*(?:[-–—]|đến|tới)\s*", re.IGNORECASE)

# No figure: what stands right before or after the number says so.
_ITEM = re.compile(r"\s*(?:\d+(?:\.\d+)*[.)/](?=\s)|[-+*•])\s*")
_OTHER_BEFORE = re.compile(
    r"(?:(?<!mỗi )(?<!hàng )(?<!hằng )\b(?:ngày|tháng)|\b(?:quý|lần|thứ|khóa|khoá|đợt|điều|khoản|điểm|mục|cấp|loại|hạng"
    r"|nghị quyết|quyết định|chỉ thị|nghị định|thông tư|công văn|hướng dẫn)(?: số)?"
    r"|(?<!tổng )(?<!trong )\bsố|covid\s*[-–]?)[\s:]*$|[\w][-–/]$|/\s*$",
    re.IGNORECASE,
)
_OTHER_AFTER = re.compile(
    r"\s*/|\s*[-–]\s*[^\W\d_]{2,}/|[-–][A-ZĐ]{2}|\s+(?:năm|tháng|tuần|giờ|quý|ngày(?! công))\b", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_BEFORE = re.compile(r"\b(?:năm|giai đoạn|nhiệm kỳ|tầm nhìn|đến)\s*$", re.IGNORECASE)

_FILLING = r"(?:\s+(?:có|là|đạt|phải|được|từ|đến|khoảng|mỗi năm|hằng năm|hàng năm|hỗ trợ|trao|ký))*\s*$"
_BEFORE = [
    (comparator, re.compile(rf"(?:\b(?:{words})|{sign}){_FILLING}", re.IGNORECASE))
    for comparator, words, sign in (
        (Comparator.AT_LEAST, "không (?:dưới|(?:ít|thấp|nhỏ) hơn)|ít nhất|tối thiểu|thấp nhất|từ", ">=|≥"),
        (Comparator.AT_MOST, "không (?:vượt )?quá|không (?:vượt|trên|hơn|(?:cao|nhiều|lớn) hơn)|tối đa|nhiều nhất", "<=|≤"),
        (Comparator.LESS, "dưới|(?:ít|thấp|nhỏ) hơn", "<"),
        (Comparator.MORE, "trên|hơn|vượt|quá", ">"),
    )
]  # fmt: skip
_AFTER = [
    (Comparator.AT_LEAST, re.compile(r"(?:(?!\btừ\b)[^,;:.])*?\btrở lên\b", re.IGNORECASE)),
    (Comparator.AT_MOST, re.compile(r"(?:(?!\btừ\b)[^,;:.])*?\btrở xuống\b", re.IGNORECASE)),
]

_MEASURES = (
    "suất quà", "suất học bổng", "suất", "phần quà", "căn nhà", "ngôi nhà", "nhà", "căn", "mái ấm", "hộ gia đình", "hộ",
    "bản", "thỏa thuận", "thoả thuận", "thỏa ước", "thoả ước", "công đoàn cơ sở", "công đoàn", "đơn vị", "doanh nghiệp",
    "đoàn viên", "người lao động", "lượt người", "lượt", "người", "công nhân", "cán bộ", "dự án", "mô hình", "sáng kiến",
    "cuộc", "lớp", "buổi", "hội nghị", "chuyến", "đại biểu", "ngày công", "công trình", "đồng",
)  # fmt: skip
_KNOWN_MEASURE = re.compile(rf"\s*(?:\([^)]*\)\s*)?({'|'.join(_MEASURES)})\b", re.IGNORECASE)
_ANY_MEASURE = re.compile(
    r"\s+(?!(?:và|hoặc|trong|cho|của|đến|tới|trở|tại|ở|là|so|với|theo|để|khi|mà|trên|dưới|từ|về|do)\b)([^\W\d_]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ReadFigure:
    """``comparator``: a value of ``Target.Comparator``. ``start``..``end``: the number itself in the sentence."""

    comparator: str
    value: Decimal
    value_max: Decimal | None
    unit_of_measure: str
    start: int
    end: int

    def wanted(self) -> str:
        target = Target(
            **{name: getattr(self, name) for name in ("comparator", "value", "value_max", "unit_of_measure")}
        )
        return target.wanted()


@dataclass(frozen=True)
class _Number:
    """``before`` and ``after``: the sentence's text on either side, up to the number next to it."""

    match: re.Match
    before: str
    after: str

    @property
    def value(self):
        digits = self.match["digits"]
        if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", digits):
            digits = digits.replace(".", "")
        return Decimal(digits.replace(",", "."))

    @property
    def multiplier(self):
        words = self.match["multipliers"].lower().split()
        return reduce(lambda product, word: product * _MULTIPLIERS[word], words, 1)

    @property
    def measure(self):
        if self.match["percent"]:
            return "%"
        if known := _KNOWN_MEASURE.match(self.after):
            return known[1]
        word = _ANY_MEASURE.match(self.after)
        return word[1][:30] if word else ""

    @property
    def comparator(self):
        before = next((comparator for comparator, words in _BEFORE if words.search(self.before)), None)
        after = next((comparator for comparator, words in _AFTER if words.match(self.after)), None)
        return after if after and before in (None, Comparator.AT_LEAST) else before or Comparator.EQUAL

    @property
    def is_figure(self):
        return not (
            _OTHER_BEFORE.search(self.before)
            or _OTHER_AFTER.match(self.after) and not self.match["percent"]
            or self.is_year
        )  # fmt: skip

    @property
    def is_year(self):
        if self.match["percent"] or not _YEAR.fullmatch(self.match[0].strip()):
            return False
        says_what = _KNOWN_MEASURE.match(self.after) or self.comparator != Comparator.EQUAL
        return bool(_YEAR_BEFORE.search(self.before)) or not says_what


def read_figures(sentence: str) -> list[ReadFigure]:
    """In the sentence's order; places count in its NFC form. What a target can't hold is left out."""
    numbers = _numbers(unicodedata.normalize("NFC", sentence))
    figures = []
    while numbers:
        first = numbers.pop(0)
        last = numbers.pop(0) if numbers and _JOINED.fullmatch(first.after) else first
        figures += _figure(first, last)
    return figures


def _numbers(sentence):
    item = _ITEM.match(sentence)
    found = list(_NUMBER.finditer(sentence, item.end() if item else 0))
    ends, starts = [0, *(match.end() for match in found)], [*(match.start() for match in found), len(sentence)]
    return [
        _Number(match, sentence[ends[n] : match.start()], sentence[match.end() : starts[n + 1]])
        for n, match in enumerate(found)
    ]


def _figure(first: _Number, last: _Number) -> list[ReadFigure]:
    """None or one; a year joined to a figure ("đến năm 2030 - 100% đoàn viên") is left aside."""
    if first is not last and first.is_year and not last.is_year:
        first = last
    if not (first.is_figure and last.is_figure):
        return []
    low, high = (
        first.value * (first.multiplier if first.multiplier > 1 else last.multiplier),
        last.value * last.multiplier,
    )
    fits = all(value < BOUND and value == round(value, 2) for value in (low, high))
    is_range = first is not last
    if not fits or (is_range and low >= high):
        return []
    comparator = Comparator.RANGE if is_range else last.comparator
    return [
        ReadFigure(
            comparator.value, low, high if is_range else None, last.measure, first.match.start(), last.match.end()
        )
    ]
