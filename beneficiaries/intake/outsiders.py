"""Units that a list names: its title block, the groups above its rows, the place of work in a row."""

import re

from beneficiaries.intake.cells import ERROR, WARNING
from beneficiaries.intake.rows import Message, Rows
from welfare.units.models import Unit
from welfare.vietnamese import fold

_SHORT = [
    (re.compile(rf"\b(?:{long})\b"), short)
    for long, short in (
        ("lien doan lao dong", "ldld"),
        ("cong doan co so", "cdcs"),
        ("cong doan", "cd"),
        ("cd nganh", "cd"),
        ("thanh pho", "tp"),
        ("thi xa", "tx"),
        ("cong ty", "cty"),
        ("khu cong nghiep", "kcn"),
        ("cac kcn", "kcn"),
    )
]
_OF_UNION = re.compile(r"(?:ldld|cd|cdcs|nghiep doan)\b")
_MOST_NAMED = 10


def other_unit(batch) -> list[dict]:
    """One message about the file when its title block names a unit that isn't the sender's or under it."""
    named = unit_key(batch.title_unit)
    if not named or named not in _KnownUnits(batch.unit).outside:
        return []
    text = f"Tiêu đề tệp ghi “{batch.title_unit}” nhưng danh sách gửi cho {batch.unit}; hãy kiểm tra đơn vị."
    return [{"level": "warning", "column": None, "field": None, "text": text}]


def name_units(unit: Unit, understood) -> None:
    """Groups name the unit of their rows; rows whose group or place of work is a unit elsewhere can't go in here."""
    rows: Rows = understood.rows
    columns = ("full_name",) if understood.kind.of_units else ("group", "workplace")
    named = {name for column in columns for name in rows.values.get(column, ()) if name}
    if not named:
        return
    known = _KnownUnits(unit)
    for column in columns:
        _tell_outsiders(unit, rows, column, known.outside)
    if "group" in columns and "group" in rows.values:
        found = {group: known.under(group) for group in set(rows.values["group"]) if group}
        if any(found.values()):
            rows.values["group_unit"] = [found.get(group) for group in rows.values["group"]]
        _tell_unmatched(unit, understood, [group for group, own in found.items() if own is None], known)


def _tell_outsiders(unit: Unit, rows: Rows, column: str, outside: set[str]) -> None:
    wrong = {name for name in set(rows.values.get(column, ())) if name and unit_key(name) in outside}
    for index, name in enumerate(rows.values.get(column, ())) if wrong else ():
        if name in wrong:
            text = f"Dòng này ghi đơn vị “{name}”, không thuộc {unit}; hãy gửi dòng này từ đơn vị đó."
            rows.tell(index, ERROR, column, text)


def _tell_unmatched(unit: Unit, understood, groups: list[str], known: "_KnownUnits") -> None:
    """One message for all groups that look like a union body and are none here."""
    strange = [name for name in groups if _OF_UNION.match(unit_key(name)) and unit_key(name) not in known.all]
    strange = [name for name in dict.fromkeys(understood.rows.values["group"]) if name in strange]
    if strange:
        listed = ", ".join(f"“{name}”" for name in strange[:_MOST_NAMED])
        more = f" và {len(strange) - _MOST_NAMED} nhóm khác" if len(strange) > _MOST_NAMED else ""
        text = (
            f"Nhóm {listed}{more} không khớp tên đơn vị nào trong hệ thống; các dòng của nhóm được ghi cho {unit}, hãy "
            "kiểm tra tên đơn vị."
        )
        understood.messages.append(Message(WARNING, None, "group", text))


class _KnownUnits:
    """outside: names of units that are neither at nor under nor above this one, nor succeeded by one of its own, without
    those that some unit of its own bears too; all: names of every unit."""

    def __init__(self, unit: Unit):
        own_ids, above = unit.subtree_ids(), unit.ancestor_ids()
        self._own: dict[str, str | None] = {}
        mine, others = set(), set()
        for pk, *names in Unit.objects.values_list("pk", "short_name", "name"):
            keys = {unit_key(name) for name in names} - {""}
            (mine if pk in own_ids or pk in above else others).update(keys)
            for key in keys if pk in own_ids else ():
                self._own[key] = None if self._own.get(key, names[0]) != names[0] else names[0]  # two bear the name
        self.outside, self.all = others - mine, others | mine

    def under(self, name: str) -> str | None:
        """Short name of the one unit, the sender's or under it, that bears the name; "Huyện Ba Tri" is its LĐLĐ."""
        key = unit_key(name)
        return self._own.get(key) or self._own.get(f"ldld {key}")


def unit_key(name: str) -> str:
    """ "Liên đoàn Lao động huyện Ba Tri", "LĐLĐ H. Ba Tri:" as "ldld huyen ba tri"."""
    key = re.sub(r"[^a-z0-9]+", " ", fold(name).replace("&", " va ")).strip()
    key = re.sub(r"\bh (?=\w{2})", "huyen ", re.sub(r"^don vi (?=ldld|lien doan|cong doan|cd)", "", key))
    for long, short in _SHORT:
        key = long.sub(short, key)
    return key
