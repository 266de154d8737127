"""A plan's beginning: issuer, number, place and date, kind, title, bases, and the words that lead over to the text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from programs.plans.word.citations import a_date, begins_basis, kind_at, split_bases, split_number
from programs.plans.word.found import FoundBasis, FoundPlan
from programs.plans.word.markers import LONGEST_READ, marker
from programs.plans.word.reading import Line, in_capitals
from welfare.vietnamese import fold

_WITHIN = 60  # lines, in which the kind stands if at all
_PRINTED_ANYWAY = ("cong hoa xa hoi chu nghia viet nam", "doc lap - tu do - hanh phuc", "doc lap tu do hanh phuc")
_NUMBER_LINE = re.compile(r"số\s*:?\s*(?P<number>.*)", re.IGNORECASE)
_DATE_LINE = re.compile(
    r"(?P<place>[^,]{1,60}?)\s*,?\s*ngày(?P<day>[\s.…_]*\d{0,2})[\s.…_]*tháng(?P<month>[\s.…_]*\d{0,2})[\s.…_]*"
    r"năm\s*(?P<year>(?:19|20)\d\d)?[\s.…_]*",
    re.IGNORECASE,
)
_BODIES = re.compile(
    r"liên đoàn lao động|lđlđ|công đoàn|tổng liên đoàn|đảng|ban chấp hành|ban thường vụ", re.IGNORECASE
)
_ISSUING = re.compile(
    r"(?:^|[,;.]\s*)(?P<body>(?:Ban Thường vụ|Ban Chấp hành|Thường trực|Đoàn Chủ tịch|Liên đoàn Lao động|LĐLĐ|Công đoàn)"
    r"\b[^,;.]{0,130}?)\s+(?:xây dựng|ban hành|đề ra|tổ chức|triển khai)\b"
)
LONGEST_TITLE = 400
_SAYS_BASIS = re.compile(r"(?:căn cứ|theo đề nghị)\b", re.IGNORECASE)


def is_rule(text: str) -> bool:
    return not any(c.isalnum() for c in text)


def is_printed_anyway(text: str) -> bool:
    """Words every official document has, which the layout itself prints."""
    return fold(text).strip(" .-–_*") in _PRINTED_ANYWAY or is_rule(text)


def read_head(lines: Sequence[Line], kinds: Iterable[str], plan: FoundPlan) -> list[Line]:
    """Fills ``plan`` from the beginning; returns the lines that come after it."""
    kinds = sorted(kinds, key=len, reverse=True)
    kind_line = next((n for n, line in enumerate(lines[:_WITHIN]) if _is_kind(line, kinds)), None)
    before = lines[:kind_line] if kind_line is not None else _header_lines(lines)
    for line in before:
        for n, text in enumerate(line.text.split("\t")):
            _read_fragment(replace(line, text=text, number="" if n else line.number), plan)
    rest = list(lines[len(before) :])
    if kind_line is not None:
        rest = _read_title(rest, kinds, plan)
    return _read_bases(rest, kinds, plan)


def _is_kind(line: Line, kinds) -> bool:
    """The kind stands alone and stands out, or in capitals before the title."""
    kind = kind_at(line.text, kinds)
    if not kind or line.number:
        return False
    return in_capitals(kind) or (len(kind) == len(line.text) and (line.bold or line.centred))


def _header_lines(lines):
    """Without a kind, only what can be nothing else."""
    count = 0
    for line in lines:
        if line.number or not all(_is_header(text) for text in line.text.split("\t")):
            break
        count += 1
    return lines[:count]


def _is_header(text: str) -> bool:
    return is_printed_anyway(text) or bool(_number_of(text) or _DATE_LINE.fullmatch(text)) or _is_body(text)


def _is_body(text: str) -> bool:
    return in_capitals(text) and len(text) <= 150 and bool(_BODIES.search(text))


def _number_of(text: str) -> tuple[str, str] | None:
    said = _NUMBER_LINE.fullmatch(text)
    if not said:
        return None
    found = split_number(f"số {said['number']}")
    is_whole = found and len(found[0]) <= 20 and len(found[1]) <= 40
    # "Số: 12/KH-LĐLĐ V/v chăm lo" holds more than a number: it stays text
    plain = "".join(c for c in said["number"] if c.isalnum())
    return found if is_whole and "".join(c for c in "".join(found) if c.isalnum()) == plain else None


def _read_fragment(line: Line, plan: FoundPlan):
    text = line.text
    if is_printed_anyway(line.shown):
        return
    if not (line.number or plan.number or plan.symbol) and (found := _number_of(text)):
        plan.number, plan.symbol = found
    elif not (line.number or plan.place or plan.year) and (found := _DATE_LINE.fullmatch(text)):
        plan.place = found["place"].strip(" ,.…_")
        plan.day, plan.month, plan.year = a_date(found["day"], found["month"], found["year"])
    elif _is_body(text) and not (line.number or (plan.superior and plan.issuer)):
        plan.superior, plan.issuer = (plan.issuer, text) if plan.issuer else ("", text)
    else:
        plan.summary.append(line.shown)
        plan.unsure.setdefault("summary", "Có dòng ở đầu văn bản chưa rõ là gì, tạm để trong lời dẫn.")


def _read_title(lines: list[Line], kinds, plan: FoundPlan) -> list[Line]:
    kind = kind_at(lines[0].text, kinds)
    plan.kind = next(name for name in kinds if name.lower() == kind.lower())
    title = [lines[0].text[len(kind) :].strip(" .:\t")]
    formatted, count = lines[0].bold or lines[0].centred, 1
    for line in lines[1:]:
        if _ends_title(line, title, kinds, formatted):
            break
        title.append(line.shown)
        count += 1
    _keep_title(" ".join(filter(None, title)).replace("\t", " "), plan)
    return lines[count:]


def _ends_title(line: Line, title: list[str], kinds, formatted: bool) -> bool:
    """Where the kind stands out, so do the title's lines; in plain text a stop, a gap or a basis ends them."""
    begun, stands_out = any(title), line.bold or line.centred
    if is_rule(line.shown) or line.is_item or len(line.text) > LONGEST_TITLE:
        return True
    if (found := marker(line)) and found.number:
        return True
    if formatted and begun:
        return not stands_out
    if begins_basis(line.text, kinds) and (not begun or line.text[-1] in ";.:,"):
        return not stands_out
    return begun and (line.after_gap or line.text[-1] in ";.:" or (found is not None and not stands_out))


def _keep_title(title: str, plan: FoundPlan):
    if len(title) <= LONGEST_TITLE:
        plan.title = title
        return
    cut = title.rfind(" ", 0, LONGEST_TITLE)
    plan.title, rest = title[: cut if cut > 0 else LONGEST_TITLE], title[cut if cut > 0 else LONGEST_TITLE :].strip()
    plan.summary.append(rest)
    plan.unsure["title"] = "Trích yếu dài quá 400 chữ cái nên phần cuối nằm trong lời dẫn."


def _read_bases(lines: list[Line], kinds, plan: FoundPlan) -> list[Line]:
    """Up to the first section, or what leads over to it ("… như sau:")."""
    for n, line in enumerate(lines):
        if is_rule(line.shown):
            continue
        is_basis = len(line.text) <= LONGEST_READ and begins_basis(line.text, kinds)
        if not is_basis and (marker(line) or line.is_item or line.table >= 0):
            return lines[n:]
        bases, words = split_bases(line.shown, kinds) if is_basis else ([], line.shown)
        plan.bases += [FoundBasis(verb, citation, line.at) for verb, citation in bases]
        if words and not is_basis and _SAYS_BASIS.match(words):
            plan.unsure.setdefault(
                "summary", "Có căn cứ chưa đọc ra số, ký hiệu hoặc loại văn bản nên để trong lời dẫn."
            )
        if words:
            plan.summary.append(words.replace("\t", " "))
            _read_issuing_body(words, plan)
            if words.endswith(":"):
                return lines[n + 1 :]
    return []


def _read_issuing_body(words: str, plan: FoundPlan):
    found = _ISSUING.search(words[:LONGEST_READ])
    if found and not plan.issuing_body:
        plan.issuing_body = found["body"]
