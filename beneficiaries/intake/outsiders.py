"""Units that a list names: its title block, the groups above its rows, the place of work in a row."""

from beneficiaries.intake.cells import ERROR
from beneficiaries.intake.rows import Rows
from welfare.units.models import Unit
from welfare.vietnamese import fold


def other_unit(batch) -> list[dict]:
    """One message about the file when its title block names a unit that isn't the sender's or under it."""
    named = unit_key(batch.title_unit)
    if not named or named not in _outside(batch.unit):
        return []
    text = f"Tiêu đề tệp ghi “{batch.title_unit}” nhưng danh sách gửi cho {batch.unit}; hãy kiểm tra đơn vị."
    return [{"level": "warning", "column": None, "field": None, "text": text}]


def tell_outsiders(unit: Unit, understood) -> None:
    """Rows whose group or place of work is a unit elsewhere in the tree can't go in here."""
    rows: Rows = understood.rows
    columns = ("full_name",) if understood.kind.of_units else ("group", "workplace")
    named = {name for column in columns for name in rows.values.get(column, ()) if name}
    outside = _outside(unit) if named else set()
    wrong = {name for name in named if unit_key(name) in outside}
    for column in columns if wrong else ():
        for index, name in enumerate(rows.values.get(column, ())):
            if name in wrong:
                text = f"Dòng này ghi đơn vị “{name}”, không thuộc {unit}; hãy gửi dòng này từ đơn vị đó."
                rows.tell(index, ERROR, column, text)


def _outside(unit: Unit) -> set[str]:
    """Names of units neither at nor under nor above this one, without those that some unit of its own bears too."""
    own, others = set(), set()
    for path, *names in Unit.objects.values_list("path", "name", "short_name"):
        keys = {unit_key(name) for name in names}
        (own if path.startswith(unit.path) or unit.path.startswith(path) else others).update(keys)
    return others - own - {""}


def unit_key(name: str) -> str:
    return fold(name).replace("lien doan lao dong", "ldld").replace("cong doan", "cd").strip(" .:")
