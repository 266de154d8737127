"""The numbers Word shows before paragraphs but keeps out of their text ("I.", "1.", "a)", "-")."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from programs.plans.word.markup import attribute, children, first, value_of

_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_BULLETS_AS_THEY_ARE = ("-", "+", "*")
_MOST = 9_999  # what a list counts to; a number beyond is no list's


@dataclass
class Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""


@dataclass
class List:
    """An abstract list: its levels, and how far each has counted."""

    levels: dict[int, Level] = field(default_factory=dict)
    counted: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the paragraphs of each list in the document's order."""

    def __init__(self, root: Element | None):
        lists = {attribute(item, "abstractNumId"): List(dict(_levels(item))) for item in children(root, "abstractNum")}
        self._numbers: dict[str, tuple[List, dict[int, int]]] = {}
        for number in children(root, "num"):
            of = lists.get(value_of(number, "abstractNumId") or "")
            if of:
                self._numbers[attribute(number, "numId")] = (of, dict(_restarts(number)))

    def next(self, number_id: str, level: int) -> str:
        """The number of the next paragraph of a list, as it is shown; empty for none."""
        of, restarts = self._numbers.get(number_id, (None, {}))
        if of is None or level not in of.levels:
            return ""
        of.counted = {depth: count for depth, count in of.counted.items() if depth <= level}
        if level in restarts:
            of.counted[level] = restarts.pop(level)
        else:
            of.counted[level] = min(of.counted.get(level, of.levels[level].start - 1) + 1, _MOST)
        return _shown(of, level)


def _levels(element: Element):
    for level in children(element, "lvl"):
        yield (
            _number(attribute(level, "ilvl")),
            Level(
                start=_number(value_of(level, "start"), 1),
                form=value_of(level, "numFmt") or "decimal",
                text=value_of(level, "lvlText") or "",
            ),
        )


def _restarts(number: Element):
    for override in children(number, "lvlOverride"):
        if (start := first(override, "startOverride")) is not None:
            yield _number(attribute(override, "ilvl")), _number(attribute(start, "val"), 1)


def _shown(of: List, level: int) -> str:
    own = of.levels[level]
    if own.form == "none":
        return ""
    if own.form == "bullet":
        return own.text if own.text in _BULLETS_AS_THEY_ARE else "-"
    text = own.text
    for depth in range(level + 1):
        if f"%{depth + 1}" in text:
            above = of.levels.get(depth, Level())
            count = of.counted.get(depth, above.start)
            text = text.replace(f"%{depth + 1}", _in_form(count, above.form))
    return text.strip()


def _in_form(count: int, form: str) -> str:
    if form in ("upperRoman", "lowerRoman"):
        return _roman(count) if form == "upperRoman" else _roman(count).lower()
    if form in ("upperLetter", "lowerLetter") and count > 0:
        letter = chr(97 + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    return f"{count:02}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    text = ""
    for worth, letters in _ROMAN:
        times, count = divmod(count, worth)
        text += letters * times
    return text


def _number(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else default
