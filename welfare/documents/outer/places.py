"""What both kinds of forms have in common: dotted blanks within words, and values as a reader sees them."""

import re
from datetime import date

_DOTS = r"[.…_]"
BLANK = re.compile(
    rf"{_DOTS}+\s?/\s?{_DOTS}+\s?/\s?(?:20)?{_DOTS}+"  # one whole date
    rf"|\b20{_DOTS}{{2,}}"  # a year whose century is printed
    rf"|{_DOTS}{{3,}}|…{{2,}}|(?<=\s)…(?=[\s/,;)%]|$)"
)
_WITHIN = re.compile(r"(.+)#(\d+)")
_NOTHING_ELSE = re.compile(rf"…|{_DOTS}{{2,}}|{BLANK.pattern}")


class FormRefused(Exception):
    """str() is one Vietnamese sentence."""


def cell(key: str, at: str, text: str, *, fill: bool, column: int, formula=False, columns=1, rows=1, blanks=()) -> dict:
    """``blanks``: the places within its words, each [what stands before it]."""
    found = {
        "key": key, "at": at, "text": text[:300], "fill": fill, "formula": formula, "column": column,
        "columns": columns, "rows": rows,
    }  # fmt: skip
    if blanks:
        found["blanks"] = [
            {"key": f"{key}#{n}", "at": f"{at}, chỗ {n + 1}", "text": before, "fill": True}
            for n, before in enumerate(blanks)
        ]
    return found


def is_blank(text: str) -> bool:
    """Dots and nothing else."""
    return bool(_NOTHING_ELSE.fullmatch(text))


def before_blanks(text: str, blank=BLANK) -> list[str]:
    """What a reader sees before each blank: from the one before it on."""
    places = [0, *(found.end() for found in blank.finditer(text))]
    return [
        f"{text[start : found.start()][-60:]}……" for start, found in zip(places, blank.finditer(text), strict=False)
    ]


def with_blanks(pieces: list[str], texts: dict[int, str], blank=BLANK) -> list[str]:
    """The pieces of a text with its blanks replaced; a replacement stands in the piece in which its blank begins."""
    found = list(blank.finditer("".join(pieces)))
    for number in sorted((n for n in texts if n < len(found)), reverse=True):
        start, end = found[number].span()
        text = f" {texts[number]}" if found[number][0] == "\t" else texts[number]
        pieces = _replaced(pieces, start, end, text)
    return pieces


def _replaced(pieces, start, end, text) -> list[str]:
    place, is_written, made = 0, False, []
    for piece in pieces:
        first, last = max(start - place, 0), min(end - place, len(piece))
        place += len(piece)
        if first < last:
            piece = piece[:first] + ("" if is_written else text) + piece[last:]
            is_written = True
        made.append(piece)
    return made


def parted(key: str) -> tuple[str, int | None]:
    """The cell's key, and which of its blanks."""
    within = _WITHIN.fullmatch(key)  # a sheet's name may hold the mark too
    return (within[1], int(within[2])) if within else (key, None)


def in_words(value) -> str:
    """1234567 as "1.234.567", 12.345 as "12,35", a day as "30/09/2026", a year as "2026"."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return _named_in_words(**value)
    rounded = round(value, 2)
    whole = int(rounded) if rounded == int(rounded) else rounded
    return f"{whole:,}".translate(str.maketrans(",.", ".,"))


def _named_in_words(day="", year=0, percent=0) -> str:
    if day:
        return f"{date.fromisoformat(day):%d/%m/%Y}"
    return str(year) if year else in_words(percent)
