"""Documents as running text cites them: "Kế hoạch số 12/KH-LĐLĐ ngày 05/3/2026 của … về …"."""

import re
from calendar import monthrange
from collections.abc import Iterable

from programs.plans.word.found import Citation

VERBS = ("Căn cứ", "Tiếp tục thực hiện", "Triển khai thực hiện", "Thực hiện", "Thi hành", "Triển khai", "Theo", "Xét")
_VERB = re.compile(rf"({'|'.join(VERBS)})\s+(?=\S)", re.IGNORECASE)
_PART = r"(?:\d{4}|[A-ZĐ][\wĐđ&.]*)"
_NUMBER = re.compile(
    rf"(?:số\s*:?\s*)?(?P<number>\d{{1,6}}[a-zA-Z]?)(?P<rest>(?:\s*[/–—-]\s*{_PART})+)"
    rf"|số\s*:?\s*(?P<blank>[\s.…_]*)/\s*(?P<symbol>{_PART}(?:\s*[/–—-]\s*{_PART})*)"
    r"|số\s*:?\s*(?P<bare>\d{1,6})\b"
)
_DATE = re.compile(
    r"[\s,]*(?:(?:ký\s+)?ngày\s+)?(?P<d>\d{1,2})\s*[/.-]\s*(?P<m>\d{1,2})\s*[/.-]\s*(?P<y>(?:19|20)\d\d)\b"
    r"|[\s,]*ngày(?P<d2>[\s.…_]*\d{0,2})[\s.…_]*tháng(?P<m2>[\s.…_]*\d{0,2})[\s.…_]*năm\s*(?P<y2>(?:19|20)\d\d)\b"
    r"|[\s,]*tháng\s*(?P<m3>\d{1,2})\s*(?:/|năm)\s*(?P<y3>(?:19|20)\d\d)\b"
    r"|[\s,]*năm\s*(?P<y4>(?:19|20)\d\d)\b(?=\s*(?:của|về|,|$))",
    re.IGNORECASE,
)
_ABOUT = r"về|v/v|V/v|ban hành|phê duyệt|quy định|sửa đổi|hướng dẫn|phát động|triển khai|tổ chức|thực hiện"
_ISSUER = re.compile(rf"[\s,]*(?:của|Của|do)\s+(?P<issuer>.+?)(?=\s*,\s|\s+(?:{_ABOUT})\b|\s+[“\"]|$)")
_WORD_ABOUT = re.compile(r"[\s,]*(?:về(?=\s)|v/v)\s*", re.IGNORECASE)
_LEAD_IN = re.compile(
    r"[,;]\s*(?=(?:Ban Thường vụ|Ban Chấp hành|Thường trực|Đoàn Chủ tịch|Liên đoàn Lao động|LĐLĐ|Công đoàn)\b"
    r"[^;]*\b(?:như sau|sau đây|dưới đây)\s*[:.]?$)"
)
_LONGEST = {"number": 20, "symbol": 40, "issuer": 200, "title": 500}


def split_number(text: str) -> tuple[str, str] | None:
    """("309", "KH-LĐLĐ") of "309/KH - LĐLĐ", ("02", "NQ/TW") of "02-NQ/TW"; None when it isn't one."""
    found = _NUMBER.match(text)
    return _number_of(found) if found else None


def _number_of(found: re.Match) -> tuple[str, str]:
    if found["symbol"]:
        return "", _tight(found["symbol"])
    if found["bare"]:
        return found["bare"], ""
    return found["number"], _tight(found["rest"])[1:]


def _tight(symbol: str) -> str:
    return re.sub(r"\s*([/-])\s*", r"\1", re.sub("[–—]", "-", symbol)).strip(" .")


def read_citation(text: str, kinds: Iterable[str]) -> Citation | None:
    """A text that begins with the name of a kind of document; None for any other, or one too long to be kept."""
    kind = kind_at(text, kinds)
    if not kind:
        return None
    rest = text[len(kind) :].lstrip(" ,")
    number, symbol, day, month, year, issuer = "", "", None, None, None, ""
    if found := _NUMBER.match(rest):
        (number, symbol), rest = _number_of(found), rest[found.end() :]
    if found := _DATE.match(rest):
        (day, month, year), rest = _date_of(found), rest[found.end() :]
    if found := _ISSUER.match(rest):
        issuer, rest = found["issuer"].strip(), rest[found.end() :]
    title = _WORD_ABOUT.sub("", rest, count=1) if _WORD_ABOUT.match(rest) else rest.strip(" ,")
    citation = Citation(kind, number, symbol, day, month, year, issuer, title.strip().rstrip(" ;.,:"))
    says_something = citation.number or citation.symbol or citation.year or citation.title
    return citation if says_something and _fits(citation) else None


def _fits(citation: Citation) -> bool:
    return all(len(getattr(citation, name)) <= most for name, most in _LONGEST.items())


def kind_at(text: str, kinds: Iterable[str]) -> str:
    """The longest name of a kind that ``text`` begins with, as the text writes it."""
    low = text.lower()
    found = [kind for kind in kinds if low.startswith(kind.lower()) and not low[len(kind) : len(kind) + 1].isalnum()]
    return text[: len(max(found, key=len))] if found else ""


def _date_of(found: re.Match):
    return a_date(
        found["d"] or found["d2"], found["m"] or found["m2"] or found["m3"],
        found["y"] or found["y2"] or found["y3"] or found["y4"],
    )  # fmt: skip


def a_date(day: str | None, month: str | None, year: str | None) -> tuple[int | None, int | None, int | None]:
    """(day, month, year) as far as they are written; a day or month that no calendar has is left out."""
    d, m, y = _whole(day), _whole(month), _whole(year)
    m = m if m and 1 <= m <= 12 else None
    is_day = d and m and 1 <= d <= monthrange(y or 2000, m)[1]
    return (d if is_day else None), m, y


def _whole(text: str | None) -> int | None:
    digits = re.sub(r"\D", "", text or "")
    return int(digits) if digits else None


def split_bases(text: str, kinds: Iterable[str]) -> tuple[list[tuple[str, Citation]], str]:
    """([(verb, citation)], what follows them) of a paragraph that begins with a basis; ([], text) of any other.

    Several stand in one paragraph, parted by ";"; the words that lead over to the plan may end it.
    """
    kinds = list(kinds)
    bases, lead_in = text, ""
    if found := list(_LEAD_IN.finditer(text)):
        bases, lead_in = text[: found[-1].start()], text[found[-1].end() :]
    read, verb = [], ""
    for piece in _pieces(bases, kinds):
        said = _VERB.match(piece)
        verb = said[1].capitalize() if said else verb
        citation = read_citation(piece[said.end() :] if said else piece, kinds)
        if citation is None or not verb:
            return [], text
        read.append((verb, citation))
    return read, lead_in


def _pieces(text: str, kinds: list[str]) -> list[str]:
    """The parts between semicolons that begin with a kind of document; others belong to the part before them."""
    pieces: list[str] = []
    for part in text.split(";"):
        bare = part.strip()
        said = _VERB.match(bare)
        begins = kind_at(bare[said.end() :] if said else bare, kinds)
        if pieces and not begins:
            pieces[-1] = f"{pieces[-1]};{part}" if bare else pieces[-1]
        else:
            pieces.append(bare)
    return pieces


def begins_basis(text: str, kinds: Iterable[str]) -> bool:
    said = _VERB.match(text)
    return bool(said and kind_at(text[said.end() :], kinds))
