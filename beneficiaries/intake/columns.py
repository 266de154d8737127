"""Says which field each column of a header fills, and how sure that is."""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from beneficiaries.intake import money
from beneficiaries.intake.cells import (
    as_text,
    is_cross,
    read_construction,
    read_cross,
    read_gender,
    read_household_status,
    split_birth,
)
from beneficiaries.intake.dates import read_birth
from beneficiaries.intake.fields import BIRTH, CLASS_PARENTS, HOUSEHOLD_STATUS, IGNORED, MARKS, Field
from beneficiaries.intake.headers import Header, bare_key, header_key, names_other, names_person
from beneficiaries.intake.identity import PROVINCES
from beneficiaries.intake.prescan import column_letter
from beneficiaries.intake.records import is_record_number
from welfare.vietnamese import fold

SURE, UNSURE = "sure", "unsure"
_NEAR = 86
_SAMPLES = 40
_SHOWN = 5
_SUFFERING = re.compile("^(?:mac|bi|thuoc dien|thuoc|la|co|nhu cau|de nghi|dang ky) ")
_INNER = re.compile(r"\(([^()]+)\)")
_LEAST_DONG = 10_000


@dataclass
class Column:
    """index is zero-based; field is None for a column that fills nothing. mark: what a cross in it means.

    key: what a remembered choice is stored under; unit: the đồng that its numbers count in; merge: columns under
    one merged heading share it; spill: the field of those cells that don't say what the others say ("Diện": a class
    of household in most rows, an illness in some).
    """

    index: int
    header: str
    key: str
    field: Field | None = None
    certainty: str = SURE
    mark: object = None
    unit: int = 1
    merge: tuple | None = None
    spill: Field | None = None
    samples: list[str] = dataclasses.field(default_factory=list)

    @property
    def letter(self) -> str:
        return column_letter(self.index)


@dataclass
class Conflict:
    """Columns that all claim one field: somebody must choose."""

    field: Field
    columns: list[Column]

    def __str__(self) -> str:
        named = " và ".join(f"cột {column.letter} “{column.header}”" for column in self.columns)
        return f"Nhiều cột cùng là {self.field.label}: {named}; hãy chọn một cột."


class Matcher:
    """aliases: (field name, wording) pairs beside the built-in ones; remembered: column key to field name or ""."""

    def __init__(self, fields: Iterable[Field], aliases=(), remembered: dict[str, str] | None = None, today=None):
        self.fields = {known.name: known for known in (*fields, *IGNORED)}
        self.remembered = {
            key: name for key, name in (remembered or {}).items() if not name or name in self.fields
        }  # a choice made in a list of another kind says nothing here
        self.today = today
        self.vocabulary: dict[str, list[Field]] = {}
        for known in self.fields.values():
            for alias in known.aliases:
                self._learn(alias, known)
        for name, wording in aliases:
            if name in self.fields:
                self.vocabulary[header_key(wording)] = [self.fields[name]]
        self._phrases = [key for key in self.vocabulary if len(key) >= 6]
        self._near: dict[str, list[Field]] = {}

    def _learn(self, alias: str, known: Field) -> None:
        """What only keeps other fields off a column gives way to a field that the kind wants."""
        for key in dict.fromkeys((alias, bare_key(alias))):
            fields = self.vocabulary.setdefault(key, []) if key else [known]
            if known not in fields and (known.kept or not any(field.kept for field in fields)):
                fields.append(known)

    def known(self, key: str) -> list[Field]:
        """Fields of a heading that says what it is."""
        found = self.vocabulary.get(key) or self.vocabulary.get(bare_key(key))
        if not found and names_person(key):
            found = self.vocabulary.get("ho va ten")
        elif not found and names_other(key):
            found = self.vocabulary.get("nguoi than")
        return found or []

    def near(self, key: str) -> list[Field]:
        """Fields of the wording that a key contains, or that it nearly is."""
        if key not in self._near:
            self._near[key] = self._nearest(key)
        return self._near[key]

    def _nearest(self, key: str) -> list[Field]:
        if len(key) < 4:
            return []
        contained = [
            phrase
            for phrase in self._phrases
            if f" {phrase} " in f" {key} " and len(phrase) >= (0.25 if key.startswith(phrase) else 0.4) * len(key)
        ]
        if contained:
            return self.vocabulary[max(contained, key=len)]
        close = process.extractOne(key, self._phrases, scorer=fuzz.ratio, score_cutoff=_NEAR)
        return self.vocabulary[close[0]] if close else []

    def columns(self, header: Header, rows: list[list], unit: int) -> list[Column]:
        """One Column per heading, before doubles are settled. rows: the cells below, for samples."""
        found: list[tuple[Column, list, bool]] = []
        seen: Counter = Counter()
        for index, path in enumerate(header.paths):
            if path:
                samples = _samples(rows, index, header.texts)
                column = Column(index, " / ".join(" ".join(part.split()) for part in path), _key(path, seen))
                column.merge = header.merges.get(index)
                stated = next((u for part in path[::-1] if (u := money.header_unit(fold(part)))), None)
                column.unit = stated or unit
                self._understand(column, path, samples)
                column.samples = [as_text(cell)[:60] for cell in samples[:_SHOWN]]
                found.append((column, samples, bool(stated) or unit > 1))
        _share_unit(found)
        return [column for column, _, _ in found]

    def _understand(self, column: Column, path: tuple[str, ...], samples: list) -> None:
        keys = [key for key in map(header_key, path) if key]
        if column.key in self.remembered:
            self._set_remembered(column, keys, samples)
        elif keys and not self._set_mark(column, keys, path[-1], samples):
            self._set_field(column, keys, path[-1], samples)

    def _set_remembered(self, column: Column, keys: list[str], samples: list) -> None:
        chosen = self.fields.get(self.remembered[column.key])
        if not (chosen and keys and self._set_mark(column, keys, "", samples) and column.field is chosen):
            column.field, column.mark = chosen, None

    def _set_mark(self, column: Column, keys: list[str], leaf: str, samples: list) -> bool:
        """A column of crosses, of birth dates under a gender, or of amounts under a kind of building."""
        name, value = MARKS.get(keys[-1]) or MARKS.get(_SUFFERING.sub("", keys[-1]), (None, None))
        inner = next((MARKS[key] for key in map(header_key, _INNER.findall(leaf)) if key in MARKS), None)
        if inner and inner[0] != name and _share(samples, _is_mark) >= 0.6 and any(map(is_cross, samples)):
            name, value = inner  # "Hộ nghèo (chủ hộ)", "Giới tính (nữ)"
        if name is None:
            if leaf and keys[0] in CLASS_PARENTS and len(keys) > 1 and _share(samples, _is_mark) >= 0.6:
                column.field, column.mark = self.fields.get("hardship"), " ".join(leaf.split())
            return column.mark is not None
        name = next((f.name for f in self.fields.values() if f.takes_marks_of == name), name)
        if name not in self.fields:
            return False
        if not samples or (_share(samples, _is_mark) >= 0.6 and any(map(is_cross, samples))):
            column.field, column.mark = self.fields[name], value
        elif name == "gender" and "birth" in self.fields and self._share_of(BIRTH, samples) >= 0.5:
            column.field, column.mark = self.fields["birth"], value
        elif name == "construction" and "cost_union" in self.fields and _share(samples, _is_amount) >= 0.5:
            column.field, column.mark = self.fields["cost_union"], value
        return column.mark is not None

    def _set_field(self, column: Column, keys: list[str], leaf_text: str, samples: list) -> None:
        whole, leaf = " ".join(keys), keys[-1]
        exact = dict.fromkeys(filter(None, (whole, bare_key(whole), leaf, bare_key(leaf))))
        beside = self.vocabulary.get(leaf, ())
        if beside and not any(field.kept for field in beside):
            exact = {leaf: None}  # "CCCD" over "Ngày cấp": the date, and no number with its date
        near = dict.fromkeys(filter(None, (whole, leaf, *keys[:-1])))
        found = next((self.vocabulary[key] for key in exact if key in self.vocabulary), None) or self.known(leaf)
        if found:
            column.field = self._fitting(found, samples)
        else:
            parts = [header_key(part) for part in leaf_text.split("/")[:2]] if "/" in leaf_text else []
            claims = (self.vocabulary.get(key) or self.near(key) for key in (*near, *parts))
            fields = next(filter(None, claims), [])
            column.field, column.certainty = self._fitting(fields, samples), UNSURE
        if column.field is None and not found:
            column.field = self._by_content(samples)
        if column.field and column.field.name == "hardship" and _share(samples, _is_status) >= 0.5:
            column.spill = column.field
            column.field = self.fields.get(HOUSEHOLD_STATUS.name, column.field)

    def _by_content(self, samples: list) -> Field | None:
        """What cells say that no other column says, under whatever heading."""
        for name, test in _TOLD_BY_CELLS:
            if len(samples) > 1 and _share(samples, test) >= 0.9:
                return self.fields.get(name)
        return None

    def _fitting(self, fields: Iterable[Field], samples: list) -> Field | None:
        """The field whose cells look like these. Wrong dates and numbers are still shown as wrong, but what a
        heading calls money or a name and isn't is left out."""
        ranked = sorted(fields, key=lambda known: self._share_of(known, samples), reverse=True)
        if not ranked:
            return None
        best = ranked[0]
        doubted = best.content == "record" or (best.content in ("money", "name", "construction") and len(samples) >= 3)
        wordy = best.joins == "sum" and not any(any(c.isdigit() for c in as_text(cell)) for cell in samples)
        return None if samples and (wordy or (doubted and self._share_of(best, samples) < 0.3)) else best

    def _share_of(self, known: Field, samples: list) -> float:
        if known.content == "any":
            return 0.5
        if known.content == "date":
            return _share(samples, lambda cell: self._is_date(cell))
        tests = {
            "number": _is_number,
            "money": _is_amount,
            "name": _is_name,
            "construction": _is_construction,
            "record": is_record_number,
        }
        return _share(samples, tests.get(known.content, bool))

    def _is_date(self, cell) -> bool:
        cell = tuple(cell) if type(cell) is list else cell
        value, _ = read_birth(cell, today=self.today)
        return value[1] is not None or (type(cell) is str and cell.count("/") == 2)


def _share_unit(read: list[tuple[Column, list, bool]]) -> None:
    """ "Tổng kinh phí (triệu đồng) | Trong đó: Gia đình, Khác": what one column of money counts in, those beside it count in
    too that don't say and hold no more, or no amounts of đồng. read: (column, its first cells, whether it says its unit)."""
    amounts = [each for each in read if each[0].field and each[0].field.binds == "unit"]
    stated = {column.unit for column, _, says in amounts if says and column.unit > 1}
    most = max((_largest(samples) for column, samples, says in amounts if says and column.unit > 1), default=0)
    for column, samples, says in amounts if len(stated) == 1 else ():
        if not says and 0 < _largest(samples) <= max(most, _LEAST_DONG - 1):
            (column.unit,) = stated


def _largest(samples: list) -> float:
    return max((cell for cell in samples if type(cell) in (int, float)), default=0)


def _key(path: tuple[str, ...], seen: Counter) -> str:
    """The folded heading; "#2" tells the second of two equal ones."""
    key = " ".join(filter(None, map(header_key, path)))
    seen[key] += 1
    return key if seen[key] == 1 else f"{key} #{seen[key]}"


def _samples(rows: list[list], index: int, headings: frozenset[str]) -> list:
    """The first cells below a heading, without those of a header that is repeated on the next page."""
    cells = (row[index] for row in rows[:200] if index < len(row) and row[index] != "")
    return [cell for cell in cells if type(cell) is not str or cell not in headings][:_SAMPLES]


def _share(samples: list, test) -> float:
    return sum(1 for cell in samples if test(cell)) / len(samples) if samples else 0.0


def _is_number(cell) -> bool:
    return sum(1 for letter in as_text(cell) if letter.isdigit()) >= 6


def _is_amount(cell) -> bool:
    if type(cell) in (int, float):
        return True
    if type(cell) is not str:
        return False
    value, _ = money.read_money(cell)
    return value is not None or cell.lstrip("-( ")[:1].isdigit()


def _is_name(cell) -> bool:
    name, _ = split_birth(cell)
    return type(name) is str and not any(letter.isdigit() for letter in name[:40]) and not is_cross(name)


def _is_mark(cell) -> bool:
    return read_cross(tuple(cell) if type(cell) is list else cell)[0] is not None


def _is_construction(cell) -> bool:
    return type(cell) is str and read_construction(cell)[0] is not None


def _is_class(cell) -> bool:
    return _is_status(cell) and not is_cross(cell)


def _is_gender(cell) -> bool:
    return type(cell) is str and read_gender(cell)[0] is not None


def _is_national_id(cell) -> bool:
    digits = as_text(cell).strip(" '").replace(" ", "")
    return len(digits) == 12 and digits.isdecimal() and digits[:3] in PROVINCES and digits[3] in "0123"


def _is_status(cell) -> bool:
    return type(cell) is str and read_household_status(cell)[0] is not None


_TOLD_BY_CELLS = (
    ("household_status", _is_class),
    ("gender", _is_gender),
    ("national_id", _is_national_id),
    ("construction", _is_construction),
)


# --- doubles --------------------------------------------------------------------------------------

_FULL_PRICE = re.compile(r"(?:thanh tien|tong|thuc nhan|thuc linh)\b|cong$")
_PRICE_OF_ONE = re.compile(r"(?:don gia|dinh muc)\b|.* (?:thang|nguoi|suat|phan|ho)$")
_PRICE_OF_GIFT = re.compile(rf"muc\b|{_PRICE_OF_ONE.pattern}")  # beside how many there are


def settle(columns: list[Column]) -> tuple[list[Column], list[Conflict]]:
    """Columns with the weaker claims dropped, and the conflicts that only a person can decide."""
    columns = _promote_head(columns)
    claims: dict[tuple, list[Column]] = {}
    for column in columns:
        if column.field and column.field.kept:
            claims.setdefault((column.field.name, repr(column.mark)), []).append(column)
    dropped: set[int] = set()
    conflicts = []
    for same in claims.values():
        losers, conflict = _decide(same, columns)
        dropped.update(column.index for column in losers)
        conflicts += [conflict] if conflict else []
    return [replace(c, field=None) if c.index in dropped else c for c in columns], conflicts


def _promote_head(columns: list[Column]) -> list[Column]:
    """In a list of households the head is the person, and so is the head's number."""
    names = {column.field.name for column in columns if column.field}
    if "full_name" in names or names.isdisjoint(("head_name", "family_part")):
        return columns
    own = {"head_name": "full_name"} if "head_name" in names else {"family_part": "full_name"}
    if "head_name" in names and "national_id" not in names:
        own["head_national_id"] = "national_id"
    return [
        replace(column, field=replace(column.field, name=own[column.field.name], filled=False))
        if column.field and column.field.name in own
        else column
        for column in columns
    ]


def _decide(same: list[Column], columns: list[Column]) -> tuple[list[Column], Conflict | None]:
    merged = Counter(column.merge for column in same if column.merge)
    if len(same) == 1 or len(same) == max(merged.values(), default=0):
        return [], None
    sure = [column for column in same if column.certainty == SURE]
    if sure and len(sure) < len(same):
        unsure = [column for column in same if column.certainty == UNSURE]
        if same[0].field.joins:
            return [], None
        losers, conflict = _decide(sure, columns)
        return [*unsure, *losers], conflict
    if same[0].field.joins and len({column.header.lower() for column in same}) == len(same):
        return [], None
    if winner := _preferred(same, columns):
        return [column for column in same if column is not winner], None
    return [], Conflict(same[0].field, same)


def _preferred(same: list[Column], columns: list[Column]) -> Column | None:
    """The fuller of differently named columns: date over year, CCCD over old CMND, total over its parts."""
    named = {column.field.name for column in columns if column.field}
    tests = {
        "birth": lambda column: "ngay" in column.key,
        "full_name": lambda column: names_person(column.key),
        "national_id": lambda column: any(word in column.key for word in ("cccd", "can cuoc", "dinh danh")),
    }
    one = _PRICE_OF_GIFT if "people_count" in named else _PRICE_OF_ONE
    others = [column for column in same if not _FULL_PRICE.match(column.key)]
    if all(one.match(column.key) for column in others) or named & {"quantity", "amount_cash", "amount_in_kind"}:
        tests["amount"] = lambda column: _FULL_PRICE.match(column.key)
    test = tests.get(same[0].field.name)
    winners = [column for column in same if test(column)] if test else []
    return winners[0] if len(winners) == 1 else None
