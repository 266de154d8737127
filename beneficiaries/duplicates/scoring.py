"""How much two rows look like one human: a figure of 0 to 100 and the words for it."""

from datetime import date
from typing import NamedTuple

from rapidfuzz import fuzz

from welfare.vietnamese import fold

NEAR = 88  # per cent alike: one letter of a usual name, not another middle name
QUEUED = 60


class Likeness(NamedTuple):
    score: int
    agree: list[str]
    differ: list[str]


def compare(one, other) -> Likeness:
    """Of two people, whatever brought them together; same numbers speak loudest."""
    agree, differ = [], []
    same_id = bool(one.id_hash) and one.id_hash == other.id_hash
    alike = name_likeness(one.folded_name, other.folded_name)
    days = birth_agrees(one.birth_date, one.birth_year, other.birth_date, other.birth_year)
    score = 100 if same_id else round(0.5 * alike + 40 * days)
    _tell(agree, differ, "số CCCD/CMND", bool(one.id_hash and other.id_hash), same_id)
    _tell(agree, differ, "họ tên", True, alike == 100)
    _tell(agree, differ, "ngày sinh" if days != 0.5 else "năm sinh", days is not None, days > 0)
    for name, weight in (("phone", 10), ("workplace", 5), ("address", 5)):
        mine, theirs = fold(getattr(one, name)), fold(getattr(other, name))
        both = bool(mine and theirs)
        label = {"phone": "điện thoại", "workplace": "nơi làm việc", "address": "địa chỉ"}[name]
        _tell(agree, differ, label, both, mine == theirs)
        score += weight if both and mine == theirs else 0
    if one.gender and other.gender:
        _tell(agree, differ, "giới tính", True, one.gender == other.gender)
        score -= 25 if one.gender != other.gender else 0
    if one.id_hash and other.id_hash and not same_id:
        score -= 15
    return Likeness(max(0, min(100, score)), agree, differ)


def _tell(agree, differ, what, is_known, is_same):
    if is_known:
        (agree if is_same else differ).append(what)


def name_likeness(one: str, other: str) -> float:
    """Per cent, word order aside."""
    return 100.0 if one == other else max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))


def birth_agrees(day: date | None, year: int | None, other_day: date | None, other_year: int | None) -> float:
    """1 for the same day, 0.9 for day and month exchanged, 0.5 where only a year is known, 0 for another birth."""
    if day and other_day:
        if day == other_day:
            return 1
        return 0.9 if (day.year, day.month, day.day) == (other_day.year, other_day.day, other_day.month) else 0
    return 0.5 if year and year == other_year else 0
