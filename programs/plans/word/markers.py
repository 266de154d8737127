"""What begins a section: a number, typed or Word's own, or a heading that stands out without one."""

import re
from dataclasses import dataclass, replace

from programs.plans.word.reading import ITEM, Line, in_capitals

LONGEST_NUMBER, LONGEST_HEADING = 12, 400
LONGEST_READ = 5_000  # a longer line is text and nothing else
_ROMAN = re.compile(r"[IVXLC]+")
_PATTERNS = (
    ("part", re.compile(r"((?:phần|chương|mục|điều)\s+(?:[IVXLC]+|\d{1,3}))\s*[.:]?(?:\s+|$)", re.IGNORECASE)),
    ("roman", re.compile(r"([IVXLC]{1,6}\s?[.)/])(?:\s*(?=[^\W\d_a-z])|\s+|$)")),
    ("decimal", re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3}[.)/]?)(?:\s+(?=[^\W\d_])|(?<=[.)/])\s*(?=[A-ZĐÀ-Ỹ])|(?<=[.)/])(?:\s+|$))")),
    ("capital", re.compile(r"([A-HĐ][.)/])(?:\s+|$)")),
    ("letter", re.compile(r"([a-zđ][.)/])(?:\s+|$)")),
)  # fmt: skip
_RANKS = {"part": 0, "capital": 1, "roman": 2, "caps": 2, "letter": 30, "bold": 25}
_SENTENCE_END = (".", ";", ",")
_SHORT, _MIDDLING = 120, 250
_STYLE_RANKS = {1: 2, 2: 10}


@dataclass(frozen=True)
class Marker:
    """``rank``: how deep; a lower one holds the higher ones after it. ``rest``: the line without its number."""

    number: str
    rest: str
    rank: int
    kind: str


def marker(line: Line) -> Marker | None:
    """None for running text and for items with a dash."""
    if line.is_item or len(line.text) > LONGEST_READ:
        return None
    if line.number:
        found = _numbered(line.number)
        return replace(found, rest=line.text) if found else None
    return _numbered(line.text) or _standing_out(line)


def _numbered(text: str) -> Marker | None:
    for kind, pattern in _PATTERNS:
        found = pattern.match(text)
        if found and len(found[1]) <= LONGEST_NUMBER and not _is_no_number(kind, found[1], text):
            return Marker(found[1], text[found.end() :].strip(), _rank(kind, found[1]), kind)
    return None


def _is_no_number(kind: str, number: str, text: str) -> bool:
    """ "12 nhà" and "1.5 triệu" are figures: without a stop behind it only "1.1 Mục đích" is a number."""
    if kind != "decimal" or number[-1] in ".)/":
        return False
    return "." not in number or not text[len(number) :].strip()[:1].isupper()


def _rank(kind: str, number: str) -> int:
    if kind != "decimal":
        return _RANKS[kind]
    if number.endswith(")"):
        return 20
    return 10 + number.rstrip("./").count(".")


def _standing_out(line: Line) -> Marker | None:
    if line.table >= 0 or len(line.text) > 200 or "\t" in line.text or line.text.endswith(_SENTENCE_END):
        return None
    if line.heading:
        return Marker("", line.text, _STYLE_RANKS.get(line.heading, 25), "style")
    if line.caps:
        return Marker("", line.text, _RANKS["caps"], "caps")
    if line.bold and any(c.isalpha() for c in line.text):
        return Marker("", line.text, _RANKS["bold"], "bold")
    return None


def is_heading(found: Marker, line: Line, after: Line | None) -> bool:
    """Whether the words behind a number head what follows, or are the paragraph itself."""
    if len(found.rest) > LONGEST_HEADING or not found.rest:
        return False
    if not found.number or line.bold or line.heading or in_capitals(found.rest):
        return True
    if found.rest.endswith(_SENTENCE_END) or re.search(r"[.;]\s", found.rest):
        return False
    goes_on = after is not None and (after.is_item or (deeper := marker(after)) and deeper.rank > found.rank)
    return len(found.rest) <= (_MIDDLING if goes_on else _SHORT)


def without_dash(text: str) -> str:
    dash = ITEM.match(text)
    return text[dash.end() :] if dash else text
