"""Vietnamese text: cleaning, folding, sorting, words for numbers and dates, legacy encodings.

Pure functions without settings or database; all are called once per cell of lists of 20,000 rows.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

from welfare.syllables import TONES, VOWELS, is_syllable, may_be_syllable, toned

# --- cleaning and folding -------------------------------------------------------------------------

_SOFT_HYPHEN = "\u00ad"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """NFC on one line: odd spaces become single spaces, invisible characters go.

    U+00AD goes too, except from text still in TCVN3, where it is the letter ư: decode_legacy() first.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _INVISIBLE.sub("", text)
    if _SOFT_HYPHEN in text and decode_legacy(text)[1] is None:
        text = text.replace(_SOFT_HYPHEN, "")
    return " ".join(unicodedata.normalize("NFC", text).split())


def _fold_table() -> dict[int, str]:
    table = dict.fromkeys(map(ord, "đĐðÐ"), "d")
    for letter in VOWELS:
        base = unicodedata.normalize("NFD", letter)[0]
        for form in letter + toned(letter):
            table[ord(form)] = table[ord(form.upper())] = base
    return table | dict.fromkeys(map(ord, TONES + "\u0302\u0306\u031b\u00ad"), "")


_FOLD = _fold_table()


def fold(text: str) -> str:
    """Form for searching and comparing: lower case, no accents, đ as d, single spaces; punctuation stays."""
    if not text.isascii():
        text = text.translate(_FOLD)
        if not text.isascii():
            text = _fold_foreign(text)
    return " ".join(text.lower().split())


def _fold_foreign(text: str) -> str:
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    return "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Cf", "Cc", "Cs") or c.isspace())


# --- sorting --------------------------------------------------------------------------------------

# Primary order of the CLDR's Vietnamese collation in plain ASCII: "z" after a letter sorts behind every
# letter that may follow it, because z itself is written "yz". "0" ends a word, "00" a level.
_PRIMARY = str.maketrans(
    {"ă": "az", "â": "azz", "đ": "dz", "ð": "dz", "ê": "ez", "ô": "oz", "ơ": "ozz", "ư": "uz", "z": "yz"}
    | {str(digit): f"1{digit}" for digit in range(10)}
)
_KEPT_MARKS = "\u0302\u0306\u031b"


def sort_key(name: str, *, given_first: bool = True) -> str:
    """Key of digits and a-z whose binary order is Vietnamese order (about twice as long as the name).

    The given name (last word) with its tone decides first, then family and middle names.
    given_first=False compares from the left: for units, places, titles.
    """
    words = [_primary_and_tone(word) for word in _sortable_words(name)]
    if given_first:
        words = words[-1:] + words[:-1]
    head, tail = (words[:1], words[1:]) if given_first else (words, [])
    return "00".join(level for part in (head, tail) if part for level in map("0".join, zip(*part, strict=True)))


def _sortable_words(name: str) -> list[str]:
    name = unicodedata.normalize("NFC", name).lower()
    return re.findall(r"[^\W_]+", re.sub(r"\([^()]*\)|['’\u00ad]", "", name)) or re.findall(r"[^\W_]+", name)


@lru_cache(maxsize=8192)
def _primary_and_tone(word: str) -> tuple[str, str]:
    """("nguyezn", "4") for "nguyễn": the tone of a whole word, so that hoà and hòa are equal."""
    letters, tones = [], ""
    for c in unicodedata.normalize("NFD", word):
        if c in TONES:
            tones += str(TONES.index(c) + 2)
        elif c in _KEPT_MARKS or not unicodedata.combining(c):
            letters.append(c)
    primary = unicodedata.normalize("NFC", "".join(letters)).translate(_PRIMARY)
    return "".join(c for c in fold(primary) if c in "0123456789abcdefghijklmnopqrstuvwxyz"), tones or "1"


# --- names ----------------------------------------------------------------------------------------

_HONORIFIC = re.compile(
    r"(?:(?:đ[/.]?c|đồng chí|em|cháu|cụ|cô|chú|bác|thầy|(?:ông|bà|anh|chị)(?:\s*[/(]\s*(?:ông|bà|anh|chị)\)?)?)"
    r"(?:[\s.:]+|$))+(?=\w)",
    re.IGNORECASE,
)
_MIDDLE_NAMES = ("van ", "thi ")


def title_name(text: str) -> str:
    """A person's name as printed: no Đ/c, Ông, Bà, Cháu in front; "NGUYỄN VĂN AN" and "NguyễN VăN An", which Excel's
    PROPER makes, as "Nguyễn Văn An"."""
    name = clean(text).replace("Ð", "Đ").replace("ð", "đ")
    bare = _HONORIFIC.sub("", name, count=1) if _HONORIFIC.match(name) else name
    is_given_name = " " not in bare and fold(name).startswith("anh ")  # "Anh Thư"
    if is_given_name or fold(bare).startswith(_MIDDLE_NAMES):  # Ông is also a family name: "Ông Văn Tùng"
        bare = name
    return " ".join(_title_word(word) for word in bare.split())


@lru_cache(maxsize=8192)
def _title_word(word: str) -> str:
    if word.islower() or (word.isupper() and len(word) > 1) or (not word.isascii() and is_syllable(word.lower())):
        return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
    return word


def within(text: str) -> str:
    """As a heading's words stand within a sentence: "quý II/2026"; an abbreviation that begins them stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


# --- numbers and dates ----------------------------------------------------------------------------

_DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_SWAP = str.maketrans(",.", ".,")


def number_words(n: int, *, south: bool = False) -> str:
    """1010000 as "một triệu không trăm mười nghìn"; south says lẻ and ngàn for linh and nghìn."""
    if n != int(n):
        raise ValueError("only whole numbers have words")
    words = _whole(int(n))
    return words.replace("linh", "lẻ").replace("nghìn", "ngàn") if south else words


def money_words(vnd: int, *, south: bool = False) -> str:
    """Amount in words as written under a list: "Một triệu không trăm mười nghìn đồng"."""
    words = number_words(vnd, south=south)
    return f"{words[0].upper()}{words[1:]} đồng"


def _whole(n: int) -> str:
    if n < 0:
        return f"âm {_whole(-n)}"
    if n == 0:
        return _DIGITS[0]
    billions, rest = divmod(n, 10**9)
    words = [_whole(billions), "tỷ"] if billions else []
    for size, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group, rest = divmod(rest, size)
        if group:
            words += [_group(group, leading=not words), name]
    return " ".join(filter(None, words))


def _group(n: int, *, leading: bool) -> str:
    """Words for 1..999; behind a larger group the hundreds are always said."""
    hundreds, rest = divmod(n, 100)
    if leading and not hundreds:
        return _below_hundred(rest)
    words = f"{_DIGITS[hundreds]} trăm"
    if not rest:
        return words
    return f"{words} linh {_DIGITS[rest]}" if rest < 10 else f"{words} {_below_hundred(rest)}"


def _below_hundred(n: int) -> str:
    tens, unit = divmod(n, 10)
    if not tens:
        return _DIGITS[unit]
    if not unit:
        return "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if tens == 1:
        return f"mười {'lăm' if unit == 5 else _DIGITS[unit]}"
    return f"{_DIGITS[tens]} mươi { ({1: 'mốt', 4: 'tư', 5: 'lăm'}.get(unit) or _DIGITS[unit]) }"


def format_number(n: int | float | Decimal) -> str:
    """1530000 as "1.530.000", 12.5 as "12,5"."""
    return f"{n:,}".translate(_SWAP)


def format_money(vnd: int) -> str:
    return f"{format_number(vnd)} đồng"


def official_date(day: date) -> str:
    """Date line of a document: days below 10 and months 1 and 2 take a zero (Decree 30/2020, annex I)."""
    month = f"{day.month:02}" if day.month < 3 else day.month
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


# --- legacy encodings -----------------------------------------------------------------------------

# Code points 0xA1..0xFE of TCVN 5712 VN3 as they appear when read as cp1252.
_TCVN3 = str.maketrans(
    "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
)
_WINDOWS = {code: seen for code in range(0x80, 0xA0) if (seen := bytes([code]).decode("cp1252", "ignore"))}


def windows_text(data: bytes) -> str:
    """Bytes read as cp1252. The five that it leaves out stay: TCVN 5712 has letters there."""
    return data.decode("latin-1").translate(_WINDOWS)


# What VN1, the whole of TCVN 5712, has beside VN3: capitals with a tone, where Windows has punctuation, letters of
# other languages or control characters; and tones that stand behind their letter.
_VN1 = dict(
    zip(
        windows_text(bytes([1, 2, 4, 5, 6, *range(0x11, 0x18), *range(0x80, 0xA0)]))
        + "\xaf\xba\xbf\xc0\xc1\xc2\xc3\xc4\xc5\xcd\xd9\xda\xdb\xe0\xf0\xff\xb0\xb1\xb2\xb3\xb4",
        "ÚỤỪỬỮỨỰỲỶỸÝỴÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨẰẲẴẮẦẨẪẤỀỂỄẾỒỔỖỐ\u0300\u0309\u0303\u0301\u0323",
        strict=True,
    )
)
_VN1 |= {chr(code): _VN1[seen] for code, seen in _WINDOWS.items()}  # read as Latin 1
_VN1_ONLY = re.compile(f"[{re.escape(''.join(_VN1))}]")
_TCVN1 = _TCVN3 | str.maketrans(_VN1)
_MARK = re.compile("[\x80-\xff\u0192-\u2122]")  # a quotation mark or dash that stands alone
_CODED_CONTROL = re.compile("[\x01\x02\x04-\x06\x11-\x17]")
_UNICODE_ONLY = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ\u0300-\u0303\u0306\u0309\u031b\u0323]")
_ACRONYM = re.compile("[B-DF-HJ-NP-TV-XZĐ]+")
_WORD_BREAK = re.compile(r"[\s!-@\[-`{-~]+")
_WORD = re.compile(r"(?:[^\s!-@\[-`{-~]|\x85)+")  # U+0085 is a space, and Ặ read as Latin 1


def decode_tcvn3(text: str, *, capitals: bool = False) -> str:
    """TCVN3 (ABC) text read as cp1252. The capital fonts (.VnTimeH) share the codes of small letters, so
    words whose plain letters are all capitals are put in capitals; capitals=True does so to all words."""
    decoded = _decode_vn1(text) if _VN1_ONLY.search(text) else text.translate(_TCVN3)
    if capitals:
        return decoded.upper()
    loud = [_is_loud(word) for word in text.split(" ")]
    if not any(loud):
        return decoded
    shouting = not re.search("[a-z]", text)
    words = zip(decoded.split(" "), loud, strict=True)
    return " ".join(word.upper() if shouting or is_loud else word for word, is_loud in words)


def _decode_vn1(text: str) -> str:
    """Codes of VN1 alone count only where they make a syllable of what is none ("TH‘" is THỊ, "“M¸i" a quotation mark),
    then in the whole text ("B¸n B¸" says nothing of "HÂN")."""
    words = {word: unicodedata.normalize("NFC", word.translate(_TCVN1)) for word in _WORD.findall(text)}
    told = {word: whole for word, whole in words.items() if is_syllable(whole) and not _MARK.fullmatch(word)}
    proven = any(_VN1_ONLY.search(word) and not may_be_syllable(word) for word in told)
    return _WORD.sub(lambda word: (proven and told.get(word[0])) or word[0].translate(_TCVN3), text)


def _is_loud(word: str) -> bool:
    plain = re.sub("[^A-Za-z]", "", word)
    return plain.isupper() and (len(plain) > 1 or re.search("[^\x00-\x7f][A-Z]", word) is not None)


def _vni_table() -> dict[str, str]:
    table = dict(zip("ôöñæóòîÔÖÑÆÓÒÎ", "ơưđỉĩịỵƠƯĐỈĨỊỴ", strict=True))
    tones = "øûõùï"
    for base, letter in zip("aeouyôö", "aeouyơư", strict=True):
        table |= {base + mark: form for mark, form in zip(tones, toned(letter), strict=True)}
    for base, letter, marks in (
        ("a", "â", "âàåãáä"),
        ("e", "ê", "âàåãáä"),
        ("o", "ô", "âàåãáä"),
        ("a", "ă", "êèúüéë"),
    ):
        table |= {base + mark: form for mark, form in zip(marks, letter + toned(letter), strict=True)}
    for code, form in list(table.items()):
        if len(code) == 2:
            table[code.upper()] = table[code[0].upper() + code[1]] = form.upper()
    return table


_VNI = _vni_table()
_VNI_CODE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def decode_vni(text: str) -> str:
    """VNI Windows text read as cp1252: a vowel and its marks are two characters."""
    return _VNI_CODE.sub(lambda code: _VNI[code[0]], text)


def decode_legacy(text: str, font: str | None = None, *, hint: str | None = None) -> tuple[str, str | None]:
    """(text, encoding) with encoding "tcvn3", "vni", "utf8" (UTF-8 read as cp1252), or None if left alone.

    A font named .Vn* or VNI-* decides. Otherwise text is decoded only where it can't be Vietnamese as it
    stands and is Vietnamese in exactly one encoding; a cell that could be both ("Hé" is also "Hộ") is
    decoded only with hint, the encoding known from the rest of the sheet. Correct Unicode never changes.
    """
    if not may_be_legacy(text) or _UNICODE_ONLY.search(text):
        return text, None
    if (repaired := _repair_utf8(text)) is not None:
        return repaired, "utf8"
    font = (font or "").lower()
    if font.startswith(".vn"):
        return decode_tcvn3(text, capitals=font.endswith("h")), "tcvn3"
    if font.startswith("vni"):
        return decode_vni(text), "vni"
    return _decode_by_proof(text, hint)


def may_be_legacy(text: str) -> bool:
    return not text.isascii() or (not text.isprintable() and _CODED_CONTROL.search(text) is not None)


_DECODERS = {"tcvn3": decode_tcvn3, "vni": decode_vni}


def _decode_by_proof(text: str, hint: str | None) -> tuple[str, str | None]:
    words = [word for word in _WORD_BREAK.split(text) if may_be_legacy(word) and re.search("[A-Za-z]", word)]
    readable = sum(map(may_be_syllable, words))
    scores = {encoding: _score(words, decode) for encoding, decode in _DECODERS.items()}
    best, other = sorted(scores, key=scores.get, reverse=True)
    if scores[best] * 2 >= max(readable, 1) and scores[best] > scores[other]:
        return _DECODERS[best](text), best
    if words and hint in _DECODERS:
        return _decode_by_hint(text, hint, readable=readable == len(words))
    return text, None


def _decode_by_hint(text: str, hint: str, *, readable: bool) -> tuple[str, str | None]:
    decoded = _DECODERS[hint](text)
    if decoded == text or readable and not all(map(is_syllable, _WORD_BREAK.split(decoded))):
        return text, None
    return decoded, hint


def _score(words: list[str], decode) -> int:
    """Unreadable words that decoding makes Vietnamese, less the words that are none once decoded."""
    score = 0
    for word in words:
        decoded = decode(word)
        if not is_syllable(decoded):
            score -= not _ACRONYM.fullmatch(decoded)
        elif not may_be_syllable(word):
            score += 1
    return score


def _repair_utf8(text: str) -> str | None:
    """Text whose UTF-8 bytes were read as cp1252 ("HÆ°á»›ng"), or None if it isn't that."""
    try:
        data = b"".join(c.encode("latin-1" if ord(c) < 256 else "cp1252") for c in text)
        repaired = data.decode()
    except UnicodeError:
        return None
    return repaired if _UNICODE_ONLY.search(repaired) or _all_vietnamese(repaired) else None


def _all_vietnamese(text: str) -> bool:
    words = [word for word in _WORD_BREAK.split(text) if not word.isascii()]
    return bool(words) and all(map(may_be_syllable, words))
