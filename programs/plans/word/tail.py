"""A plan's end: who receives it, who signs it, and its last words."""

import re
from collections.abc import Sequence
from dataclasses import replace

from programs.plans.word.found import FoundPlan, FoundRecipient
from programs.plans.word.head import is_printed_anyway
from programs.plans.word.markers import LONGEST_READ, marker, without_dash
from programs.plans.word.reading import BULLETS, Line, in_capitals
from welfare.vietnamese import fold

_CAPACITY = re.compile(r"(?:TM|T/M|KT|TL|TUQ|Q)\s*\.\s*\S")
_TITLE = re.compile(r"chủ tịch|trưởng|chánh|giám đốc|bí thư|chủ nhiệm|phó|ủy viên|tổng biên tập", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_]+(?:\s+[^\W\d_]+){1,5}")
_PURPOSE = re.compile(
    r"\(\s*((?:để|b/c|t/h|th/h|p/h|báo cáo|thực hiện|phối hợp|chỉ đạo|biết)[^()]{0,36}?)\s*\)", re.IGNORECASE
)
_LAST_WORDS = re.compile(
    r"(?:Trên đây là|Trong quá trình (?:triển khai|tổ chức|thực hiện)|(?:Đề nghị|Yêu cầu) (?:các|Ban|Công đoàn|LĐLĐ|Thường)"
    r"|Nhận được|Kế hoạch này|Chương trình này)"
)
_ABOVE = 6  # lines above "Nơi nhận" in which a signature may stand
_SIGNED = ("(da ky)", "da ky", "[da ky]")


def read_tail(lines: Sequence[Line], plan: FoundPlan) -> list[Line]:
    """Fills ``plan`` from the end; returns the lines that come before it, with what could not be placed."""
    begins = next((n for n in reversed(range(len(lines))) if _names_recipients(lines[n])), None)
    if begins is None:
        begins = next((n for n in range(max(0, len(lines) - _ABOVE), len(lines)) if _is_capacity(lines[n].text)), None)
        if begins is None:
            return _without_last_words(list(lines), plan)
        body, recipients, signature = list(lines[:begins]), [], list(lines[begins:])
        rest = []
    elif lines[begins].table >= 0:
        body, recipients, signature, rest = _of_table(lines, begins)
    else:
        body, recipients, signature, rest = _of_paragraphs(lines, begins)
    body, above = _signature_above(body) if not signature else (body, [])
    rest += _read_recipients(recipients, plan)
    unplaced = _read_signature(above + signature, plan)
    return _without_last_words(body, plan) + sorted(unplaced + rest, key=lambda line: line.at)


def _own_number(line: Line) -> str:
    return "" if line.number in BULLETS else line.number


def _names_recipients(line: Line) -> bool:
    return not _own_number(line) and any(_opens(text) for text in line.text.split("\t"))


def _opens(text: str) -> bool:
    return fold(text).lstrip(" #*_").startswith("noi nhan") and len(text) < 80


def _of_table(lines, begins):
    """Recipients stand in their cell, the signature in the others."""
    at = lines[begins]
    table = [line for line in lines if line.table == at.table and line.row >= at.row]
    recipients = [line for line in table if line.cell == at.cell]
    signature = [line for line in table if line.cell != at.cell]
    before = [line for line in lines[:begins] if line not in table]
    return before, recipients, signature, [line for line in lines[begins:] if line not in table]


def _of_paragraphs(lines, begins):
    """A tab parts the two columns; without one, recipients end where capitals begin or the dashes stop."""
    recipients, signature, rest = [], [], []
    for line in lines[begins:]:
        left, *right = line.text.split("\t")
        if right:
            in_left = recipients if _opens(left) or line.is_item else signature
            in_left.append(replace(line, text=left))
            signature += [replace(line, text=text, number="") for text in right]
        elif _opens(left) or (line.is_item and not signature):
            recipients.append(line)
        elif _may_sign(line):
            signature.append(line)
        elif recipients and not signature and marker(line) is None and not line.after_gap:
            recipients.append(line)
        else:
            rest.append(line)
    return list(lines[:begins]), recipients, signature, rest


def _may_sign(line: Line) -> bool:
    text = line.text
    return _is_capacity(text) or fold(text) in _SIGNED or _is_title(text) or _is_name(text)


def _is_capacity(text: str) -> bool:
    return bool(_CAPACITY.match(text)) and len(text) <= 80 and in_capitals(text)


def _is_title(text: str) -> bool:
    return in_capitals(text) and len(text) <= 80 and bool(_TITLE.search(text))


def _is_name(text: str) -> bool:
    is_cased = in_capitals(text) or all(word[:1].isupper() for word in text.split())
    return len(text) <= 60 and is_cased and bool(_NAME.fullmatch(text)) and not _is_title(text)


def _signature_above(body):
    start = next((n for n in range(max(0, len(body) - _ABOVE), len(body)) if _is_capacity(body[n].text)), None)
    if start is None or not all(_may_sign(line) for line in body[start:]):
        return body, []
    return body[:start], body[start:]


def _read_recipients(lines, plan: FoundPlan) -> list[Line]:
    """What is no recipient is given back."""
    lost = []
    for line in lines:
        text = re.sub(r"(?i)^[\s#*_]*nơi nhận\s*:?\s*", "", line.text) if _opens(line.text) else line.text
        name = without_dash(text)
        said = _PURPOSE.search(name)
        purpose = said[1].strip() if said else ""
        name = (name[: said.start()] + name[said.end() :] if said else name).strip(" ;.,")
        name = f"{_own_number(line)} {name}".strip()
        if not any(c.isalnum() for c in name):
            lost += [replace(line, text=purpose)] if purpose else []
        elif len(name) > 200 or len(purpose) > 40:
            lost.append(line)
        else:
            plan.recipients.append(FoundRecipient(name, purpose, line.at))
    return lost


def _read_signature(lines, plan: FoundPlan) -> list[Line]:
    """Capacity, title and name in whatever order they stand; what is none of them is given back."""
    lost = []
    for line in lines:
        text = line.shown
        if is_printed_anyway(text) or fold(text) in _SIGNED:
            continue
        if _is_capacity(text) and not plan.capacity:
            plan.capacity = text
        elif (_is_capacity(text) or _is_title(text)) and len(f"{plan.signer_title}, {text}") <= 80:
            plan.signer_title = f"{plan.signer_title}, {text}".removeprefix(", ")
        elif _is_name(text) and not plan.signer_name:
            plan.signer_name = text
        else:
            lost.append(replace(line, table=-1))
    return lost


def _without_last_words(body: list[Line], plan: FoundPlan) -> list[Line]:
    """The paragraphs from the last "Trên đây là …" on, when only running text follows."""
    for n in reversed(range(max(0, len(body) - 4), len(body))):
        line = body[n]
        if marker(line) or line.is_item or line.table >= 0 or len(line.text) > LONGEST_READ:
            break
        if _LAST_WORDS.match(line.text):
            first = n
            while first and _LAST_WORDS.match(body[first - 1].text) and not marker(body[first - 1]):
                first -= 1
            plan.closing = [each.shown.replace("\t", " ") for each in body[first:]]
            return body[:first]
    return body
