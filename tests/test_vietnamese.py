import re
import subprocess
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from welfare.templatetags.vietnamese_format import percent
from welfare.vietnamese import (
    clean,
    decode_legacy,
    decode_tcvn3,
    decode_vni,
    fold,
    format_money,
    format_number,
    is_syllable,
    money_words,
    number_words,
    official_date,
    sort_key,
    title_name,
    windows_text,
    within,
)

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
TONED = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]
NAMES = [
    "Nguyễn Thị Ánh Tuyết",
    "Hùynh Tân",
    "Lò Văn Pó",
    "Vàng A Chứ",
    "Hà Quý Hòa",
    "Trần Công Khoái",
    "Lê Hoà",
    "H'Hen Niê",
    "Quàng Quôc Quân",
    "LÒ THÙY TRÂM",
    "Giàng Thìn",
    "Công ty may Hòa Phú",
    "Müller GmbH",
    "Café Señor",
    "36 m² × 2",
]
names = st.lists(st.sampled_from(" ".join(NAMES).split()), min_size=1, max_size=6).map(" ".join)
words = st.lists(st.sampled_from([*"bcdđghklmnpqrstvxfjwz", *TONED]), min_size=1, max_size=5).map("".join)


# --- clean, fold ----------------------------------------------------------------------------------


def test_clean_makes_one_line_of_plain_spaces():
    assert clean(" Nguyễn\u00a0\u2003Văn\u200b\r\n\u202aAn\ufeff\x00 ") == "Nguyễn Văn An"


def test_clean_composes_letters():
    assert clean(unicodedata.normalize("NFD", "Trần Thị Ưởng")) == "Trần Thị Ưởng"
    assert clean("Nguyê\u0303n") == "Nguyễn"


def test_clean_drops_soft_hyphens_but_not_the_tcvn3_letter():
    assert clean("đồng\u00ad chí thanh\u00adtoán") == "đồng chí thanhtoán"
    assert decode_legacy(clean("n\u00adíc H\u00ad¬ng")) == ("nước Hương", "tcvn3")


@given(st.text())
def test_clean_twice_is_clean_once(text):
    assert clean(clean(text)) == clean(text)


def test_fold_removes_accents_and_both_kinds_of_d_stroke():
    assert fold("Họ & tên: ĐÀO Ðức  ðệ") == "ho & ten: dao duc de"
    assert fold(unicodedata.normalize("NFD", "ĐƯỜNG Thuỷ")) == "duong thuy"
    assert fold("".join(TONED)) == "".join(unicodedata.normalize("NFD", letter)[0] for letter in TONED)


@given(st.text())
def test_fold_twice_is_fold_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=[*TONED, *"đ Đbc-"]))
def test_fold_does_not_depend_on_case_or_composition(text):
    assert fold(text.upper()) == fold(unicodedata.normalize("NFD", text)) == fold(text)
    assert fold(text).isascii()


# --- sorting --------------------------------------------------------------------------------------


def test_sort_key_orders_a_hard_list():
    expected = """
        Dương An, Đỗ Văn An, Lê An, Lê Ân An, Nguyễn Thị An, Nguyễn Văn An, Vũ An, Bùi Ản, Bùi Án, Bùi Anh,
        Bùi Ánh, Bùi Ăn, Bùi Ân, Bùi Ấn, Bùi Bắc, Bùi Châu, Bùi Dân, Bùi Duy, Bùi Đan, Bùi Em, Bùi Êm,
        Bùi Hòa, Lê Hoà, Bùi Hoá, Bùi Hoàng, Bùi Hồng, Bùi Hơn, Bùi Tú, Bùi Tư, Bùi Tường, Bùi Vy,
        Bùi Ý, Bùi Yên, Bùi Zin
    """.strip()
    expected = [name.strip() for name in expected.split(",")]
    assert sorted(expected[1::2] + expected[::2], key=sort_key) == expected


def test_sort_key_ignores_case_spacing_composition_and_nicknames():
    assert sort_key(unicodedata.normalize("NFD", "NGUYỄN  VĂN An")) == sort_key("Nguyễn văn an (Tư)")


def test_sort_key_of_titles_reads_from_the_left():
    units = ["Ba Tri", "Bình Đại", "Chợ Lách", "Giồng Trôm", "Mỏ Cày Bắc", "Mỏ Cày Nam", "Thạnh Phú"]
    assert sorted(units[1::2] + units[::2], key=lambda name: sort_key(name, given_first=False)) == units


def _dictionary_order(word):
    """Slow restatement of the CLDR rule: letters first, then the tones."""
    decomposed = unicodedata.normalize("NFD", word)
    letters = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES[1:]))
    return [LETTERS.index(c) for c in letters], [TONES.index(c) for c in decomposed if c in TONES[1:]]


@given(words, words)
def test_sort_key_agrees_with_dictionary_order(one, other):
    assert (sort_key(one) < sort_key(other)) == (_dictionary_order(one) < _dictionary_order(other))


@given(st.text())
def test_sort_key_is_plain_for_every_database(text):
    assert re.fullmatch("[0-9a-z]*", sort_key(text))


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("NGUYỄN  VĂN AN", "Nguyễn Văn An"),
        ("nguyễn văn an", "Nguyễn Văn An"),
        ("Đ/c Trần Thị BÌNH", "Trần Thị Bình"),
        ("đồng chí: Lê Lai", "Lê Lai"),
        ("Ông/Bà: LÝ A", "Lý A"),
        ("Ông (Bà) Lê Lai", "Lê Lai"),
        ("Chị Hoa", "Hoa"),
        ("Anh", "Anh"),
        ("Anh Đào Thị Hoa", "Đào Thị Hoa"),
        ("Ông Văn Tùng", "Ông Văn Tùng"),
        ("Bà", "Bà"),
        ("Bành Thị Anh", "Bành Thị Anh"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("ÐẶNG Thị Ðào", "Đặng Thị Đào"),
        ("Y Bhăm McDonald", "Y Bhăm McDonald"),
        ("", ""),
    ],
)
def test_title_name(raw, name):
    assert title_name(raw) == name


@given(names)
def test_title_name_twice_is_title_name_once(name):
    assert title_name(title_name(name)) == title_name(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quý II/2026", "quý II/2026"),
        ("Ủng hộ quỹ LĐLĐ huyện", "ủng hộ quỹ LĐLĐ huyện"),
        ("CĐCS nộp", "CĐCS nộp"),
        ("Ý kiến", "ý kiến"),
        ("", ""),
    ],
)
def test_words_within_a_sentence_keep_names_and_abbreviations(text, expected):
    assert within(text) == expected


# --- numbers and dates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, "không"),
        (4, "bốn"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (55, "năm mươi lăm"),
        (101, "một trăm linh một"),
        (1005, "một nghìn không trăm linh năm"),
        (2025, "hai nghìn không trăm hai mươi lăm"),
        (1_005_000, "một triệu không trăm linh năm nghìn"),
        (1_000_005, "một triệu không trăm linh năm"),
        (1_000_000_000, "một tỷ"),
        (1_005_000_000_000, "một nghìn không trăm linh năm tỷ"),
        (1_000_000_000_014, "một nghìn tỷ không trăm mười bốn"),
        (-5, "âm năm"),
    ],
)
def test_number_words(n, expected):
    assert number_words(n) == expected


def _read(text):
    """The number a Vietnamese reader hears: split at the greatest unit, then at hundreds and tens."""
    for unit, size in (("tỷ", 10**9), ("triệu", 10**6), ("nghìn", 10**3), ("trăm", 100), ("mươi", 10)):
        head, found, tail = f" {text} ".rpartition(f" {unit} ")
        if found:
            return _read(head.strip()) * size + _read(tail.strip())
    if text.startswith("mười"):
        return 10 + _read(text.removeprefix("mười").strip())
    digits = "không một hai ba bốn năm sáu bảy tám chín".split() + ["mốt", "tư", "lăm"]  # noqa: SIM905
    text = text.removeprefix("linh ")
    return [*range(10), 1, 4, 5][digits.index(text)] if text else 0


@given(st.integers(0, 10**12) | st.integers(0, 2000) | st.integers(0, 10**6).map(lambda n: n * 1000))
def test_number_words_can_be_read_back(n):
    assert _read(number_words(n)) == n


def test_number_words_of_a_fraction_are_refused():
    with pytest.raises(ValueError, match="whole"):
        number_words(Decimal("1.5"))


def test_money_words_begin_with_a_capital_and_end_with_the_currency():
    assert money_words(1_010_000) == "Một triệu không trăm mười nghìn đồng"
    assert money_words(0) == "Không đồng"
    assert money_words(Decimal(1_004_000), south=True) == "Một triệu không trăm lẻ bốn ngàn đồng"


def test_numbers_have_dots_and_a_decimal_comma():
    assert format_number(1530000) == "1.530.000"
    assert format_number(Decimal("-1234.50")) == "-1.234,50"
    assert format_money(0) == "0 đồng"
    assert [percent(n) for n in (None, Decimal("88.93"), 100.0, 12345.67)] == ["–", "88,9%", "100%", "12.345,7%"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (date(2026, 2, 10), "ngày 10 tháng 02 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_official_date_has_zeros_only_where_the_decree_puts_them(day, expected):
    assert official_date(day) == expected


# --- legacy encodings -----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def tcvn3_codes():
    """What glibc says every small letter's TCVN 5712 byte is, seen as cp1252."""
    letters = "".join(letter for letter in [*TONED, "đ"] if not letter.isascii())
    encoded = subprocess.run(
        ["iconv", "-f", "UTF-8", "-t", "TCVN5712-1"], input=letters.encode(), capture_output=True, check=True
    ).stdout.decode("cp1252")
    return dict(zip(letters, encoded, strict=True))


def test_tcvn3_agrees_with_glibc(tcvn3_codes):
    assert {letter: decode_tcvn3(code) for letter, code in tcvn3_codes.items()} == {
        letter: letter for letter in tcvn3_codes
    }


@pytest.mark.parametrize("letter", [*TONED, *"ăâêôơưđ"])
def test_tcvn3_agrees_with_glibc_on_capitals_too(letter):
    """Single codes are also punctuation or letters of other languages: the word beside them proves them."""
    word = f"TH\u1eca {letter.upper()}" if fold(letter) == "y" else f"TH\u1eca B{letter.upper()}N"
    for text in (word, word.lower()):
        encoded = subprocess.run(["iconv", "-t", "TCVN5712-1"], input=text.encode(), capture_output=True, check=True)
        assert decode_tcvn3(windows_text(encoded.stdout)) == decode_tcvn3(encoded.stdout.decode("latin-1")) == text


def test_tcvn3_takes_tones_behind_their_letter():
    assert decode_tcvn3("ky² thuËt, 5m²") == "kỹ thuật, 5m²"


@pytest.mark.parametrize(
    ("raw", "text"),
    [("“M¸i Êm” – n¨m 2026…", "“Mái ấm” – năm 2026…"), ("Tr\u00adêng TH–THCS", "Trường TH–THCS"), ("TrÇn ThÞ HÂN", "Trần Thị HÂN"), ("30°", "30°")],
)  # fmt: skip
def test_punctuation_beside_tcvn3_stays(raw, text):
    assert decode_tcvn3(raw) == text


@given(text=words)
def test_tcvn3_reads_back_what_was_written(tcvn3_codes, text):
    assert decode_tcvn3("".join(tcvn3_codes.get(c, c) for c in text)) == text


@pytest.mark.parametrize(
    ("raw", "font", "expected"),
    [
        ("NguyÔn V¨n Hïng", None, ("Nguyễn Văn Hùng", "tcvn3")),
        ("Lª Hµ", None, ("Lê Hà", "tcvn3")),
        ("BIÖN PH¸P", None, ("BIỆN PHÁP", "tcvn3")),
        ("Lª ®øC Hµ", None, ("LÊ ĐỨC HÀ", "tcvn3")),
        ("Nguyeãn Thò Quyù Sôn", None, ("Nguyễn Thị Quý Sơn", "vni")),
        ("CNVCL§ tØnh", None, ("CNVCLĐ tỉnh", "tcvn3")),
        ("T\u00ad, n\u00adíc", None, ("Tư, nước", "tcvn3")),
        ("Hé", None, ("Hé", None)),
        ("Hé", ".VnTime", ("Hộ", "tcvn3")),
        ("Hé", ".VnTimeH", ("HỘ", "tcvn3")),
        ("H¬ng", None, ("H¬ng", None)),
        ("Nguyeãn Vaên", None, ("Nguyễn Văn", "vni")),
        ("TRAÀN THÒ ÑÖÔÏC", None, ("TRẦN THỊ ĐƯỢC", "vni")),
        ("Hoà", None, ("Hoà", None)),
        ("Hoà", "VNI-Times", ("Hồ", "vni")),
        ("HÆ°á»›ng Ngá»\x8dc", None, ("Hướng Ngọc", "utf8")),
        ("LÃª", None, ("Lê", "utf8")),
        ("Nguyễn", ".VnTime", ("Nguyễn", None)),
        ("Nguyen Van An", ".VnTime", ("Nguyen Van An", None)),
    ],
)
def test_decode_legacy(raw, font, expected):
    assert decode_legacy(raw, font) == expected


def test_decode_legacy_takes_a_hint_only_for_what_the_cell_leaves_open():
    assert decode_legacy("Hé", hint="tcvn3") == ("Hộ", "tcvn3")
    assert decode_legacy("Hoà", hint="vni") == ("Hồ", "vni")
    assert decode_legacy("Nguyeãn Vaên", hint="tcvn3") == ("Nguyễn Văn", "vni")
    assert decode_legacy("Nguyễn", hint="tcvn3") == ("Nguyễn", None)


@pytest.mark.parametrize("text", NAMES)
def test_decode_legacy_leaves_correct_names_alone(text):
    assert decode_legacy(text) == (text, None)


@given(names)
def test_decode_legacy_leaves_correct_text_alone(text):
    assert decode_legacy(text) == (text, None)
    assert decode_legacy(text.upper()) == (text.upper(), None)


@given(st.lists(st.sampled_from("Hướng Đặng Thị Lệ nghèo hộ Nguyễn Ưởng số".split()), min_size=1))  # noqa: SIM905
def test_utf8_read_as_cp1252_is_repaired(parts):
    text = " ".join(parts)
    broken = "".join(
        bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte) for byte in text.encode()
    )
    assert decode_legacy(broken) == (text, "utf8")


@given(st.text(), st.sampled_from([None, ".VnTime", ".VnTimeH", "VNI-Times", "Arial"]))
def test_any_text_is_read(text, font):
    decoded, encoding = decode_legacy(text, font)
    assert encoding is not None or decoded == text
    assert title_name(clean(decoded)) == title_name(decoded)


def test_vni_of_every_toned_vowel():
    tones = ["", "ø", "û", "õ", "ù", "ï"]
    hats = ["â", "à", "å", "ã", "á", "ä"]
    breve = ["ê", "è", "ú", "ü", "é", "ë"]
    codes = {"ă": [f"a{mark}" for mark in breve], "â": [f"a{mark}" for mark in hats]}
    codes |= {"ê": [f"e{mark}" for mark in hats], "ô": [f"o{mark}" for mark in hats]}
    codes |= {"i": ["i", "ì", "æ", "ó", "í", "ò"], "y": ["y", "yø", "yû", "yõ", "yù", "î"]}
    codes |= {"ơ": [f"ô{mark}" for mark in tones], "ư": [f"ö{mark}" for mark in tones]}
    codes |= {vowel: [vowel + mark for mark in tones] for vowel in "aeou"}
    assert [decode_vni(code) for vowel in VOWELS for code in codes[vowel]] == TONED


@pytest.mark.parametrize(
    "word", ["Nguyễn", "QUYẾT", "giữ", "Gì", "Quốc", "khuỷu", "Nghiêng", "hòa", "hoà", "Ý", "nước"]
)
def test_is_syllable_knows_vietnamese(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["Hơng", "nớc", "nghÌo", "Quôc", "Mỹller", "ẵ", "NguyÔn", "leõ", "Hùynh"])
def test_is_syllable_refuses_what_lost_a_letter(word):
    assert not is_syllable(word)
