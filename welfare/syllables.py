"""What a Vietnamese syllable can look like: tells readable text from text in a legacy encoding."""

import re
import unicodedata
from functools import lru_cache

TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of dictionaries
VOWELS = "aăâeêioôơuưy"
_MARKED = "ăâêôơư"


def toned(letter: str) -> str:
    """The five toned forms of a vowel, in dictionary order."""
    return "".join(unicodedata.normalize("NFC", letter + tone) for tone in TONES)


_UNTONED = str.maketrans({form: vowel for vowel in VOWELS for form in toned(vowel)})
_ONSETS = re.findall(r"\w+", "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")
_RHYMES = frozenset(
    re.findall(
        r"\w+",
        """a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oc oi om on ong op ot oong ooc oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt
    oe oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uân uâng uât uây
    uê uêch uên uênh uêt uêu uôc uôi uôm uôn uông uôt uơ uy uya uych uyên uyêt uyn uynh uyp uyt uyu
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu""",
    )
)


@lru_cache(maxsize=16384)
def is_syllable(word: str) -> bool:
    """Whether a word is a well-formed Vietnamese syllable; words in pure ASCII always pass."""
    if word.isascii():
        return True
    letters = unicodedata.normalize("NFC", word.lower())
    plain = letters.translate(_UNTONED)
    marks = [place for place, letter in enumerate(letters) if letter != plain[place]]
    if plain.endswith(("c", "ch", "p", "t")) and not (marks and letters[marks[0]] in _STOP_TONES):
        return False
    return _has_one_case(word) and any(
        _bears(rhyme, [place - start for place in marks]) for start, rhyme in _rhymes(plain)
    )


_STOP_TONES = {form for vowel in VOWELS for form in toned(vowel)[3:]}


@lru_cache(maxsize=16384)
def may_be_syllable(word: str) -> bool:
    """As is_syllable(), but forgives a missing or misplaced tone: "Hùynh", "Quôc"."""
    letters = unicodedata.normalize("NFC", word.lower())
    plain = letters.translate(_UNTONED)
    tones = sum(letter != bare for letter, bare in zip(letters, plain, strict=True))
    return tones <= 1 and _has_one_case(word) and any(True for _ in _rhymes(plain))


def _has_one_case(word: str) -> bool:
    return word.islower() or word.isupper() or word[1:].islower()


def _rhymes(plain: str):
    """Ways to read a toneless word as onset and rhyme: (place where the rhyme starts, rhyme)."""
    for onset in ["", *_ONSETS]:
        rhyme = plain.removeprefix(onset)
        spoken = {f"u{rhyme}", f"o{rhyme}"} - {"uyu"} if onset == "qu" else {rhyme}
        if plain.startswith(onset) and not _RHYMES.isdisjoint(spoken):
            yield len(onset), rhyme


def _bears(rhyme: str, marks: list[int]) -> bool:
    """Whether a rhyme's tone mark stands where spelling puts it, old style ("hòa") or new ("hoà")."""
    if len(marks) != 1:
        return not marks
    vowels = [place for place, letter in enumerate(rhyme) if letter in VOWELS]
    if hats := [place for place in vowels if rhyme[place] in _MARKED]:
        places = hats[-1:]
    elif len(vowels) < len(rhyme):
        places = vowels[-1:]
    elif len(vowels) == 3:
        places = vowels[1:2]
    else:
        places = vowels if rhyme in ("oa", "oe", "uy") else vowels[:1]
    return marks[0] in places
