"""The number and symbol of a paper, however it is typed, and how papers are found by them.

"309/KH - LĐLĐ", "0309 /kh–ldld" and "Số: 309/KH-LĐLĐ" are one number; so are "07-NQ/BCH", as Party papers write it, and
"07/NQ-BCH".
"""

import re

from django.db.models import Q

from welfare.vietnamese import clean, fold

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_LABEL = re.compile(r"^\s*số\b[\s:]*", re.IGNORECASE)
_BLANK = re.compile(r"^[\s._…]+")
_NUMBER = re.compile(r"^(?P<number>\d+[A-Za-zĐđ]?(?![^\W_])(?:/(?:19|20)\d\d(?=/))?)(?P<symbol>.*)$", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")


def parse(text: str) -> tuple[str, str]:
    """(number, symbol), either of which may be missing: ("309", "KH-LĐLĐ"), ("", "KH-LĐLĐ"), ("730", "LĐLĐ")."""
    text = clean(re.sub("[.…_]{2,}", " ", _LABEL.sub("", text)).translate(_DASHES))
    text = re.sub(r"\s*([/-])\s*", r"\1", _BLANK.sub("", text))
    found = _NUMBER.match(text)
    number, symbol = (found["number"], found["symbol"]) if found else ("", text)
    return number, symbol.strip(" /-.,;:")


def join(number: str, symbol: str) -> str:
    """As it is printed: "309/KH-LĐLĐ", and "07-NQ/BCH" where the symbol has the stroke already."""
    return f"{number}{'-' if '/' in symbol else '/'}{symbol}" if symbol else number


def words(text: str) -> list[str]:
    """The words something is found by: no accents, no punctuation, no leading zeros."""
    return [word.lstrip("0") or "0" for word in _WORD.findall(fold(text))]


def key(number: str, symbol: str = "") -> str:
    """The same for every way to write one number and symbol, and different for every other number."""
    return " ".join(words(f"{number} {symbol}"))


def key_of(text: str) -> str:
    """The ``key`` of a number and symbol typed as one text."""
    return key(*parse(text))


def searchable(number: str, symbol: str, title: str) -> str:
    """What a row keeps in its column ``search_text`` for ``matching``."""
    return f" {' '.join(words(f'{number} {symbol} {title}'))} "


def matching(text: str) -> Q:
    """Rows whose ``search_text`` has every word of ``text``. The beginning of a word is enough, except of a number that
    stands before its symbol: "30/KH" does not find 309/KH.
    """
    number, symbol = parse(text)
    whole = 1 if number and symbol else 0
    found = Q()
    for n, word in enumerate(words(f"{number} {symbol}")):
        found &= Q(search_text__contains=f" {word} " if n < whole else f" {word}")
    return found
