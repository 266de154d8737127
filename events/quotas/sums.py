"""The arithmetic of a quota, one for the sheet being typed and for what is stored: where sums differ, and by how much.

Lines stand in the order they are read, each with its depth. A line's children are what follows it one step deeper;
together they make the line, except overlays ("trong đó"), which are part of it and never add.
"""

from dataclasses import dataclass, field


@dataclass
class Row:
    """``key``: what the caller knows the line by. ``cells``: people by unit id; ``guests``: of invited organisations,
    beside whom the organiser may name others of the line itself.
    """

    key: object
    depth: int
    name: str
    count: int
    is_overlay: bool = False
    cells: dict[int, int] = field(default_factory=dict)
    guests: int = 0

    @property
    def given(self) -> int:
        return sum(self.cells.values()) + self.guests


@dataclass(frozen=True)
class Mismatch:
    """``key`` of the line it is about; None for the whole event."""

    key: object
    sentence: str


def children_of(rows: list[Row], place: int | None) -> list[int]:
    """Places of the lines right under the one at ``place``; of the top lines for None."""
    depth, start = (rows[place].depth + 1, place + 1) if place is not None else (0, 0)
    found = []
    for at in range(start, len(rows)):
        if rows[at].depth < depth:
            break
        if rows[at].depth == depth:
            found.append(at)
    return found


def mismatches_of(rows: list[Row], expected: int) -> list[Mismatch]:
    top = sum(rows[at].count for at in children_of(rows, None) if not rows[at].is_overlay)
    found = [] if top == expected else [Mismatch(None, f"Các dòng cộng lại {top} đại biểu, dự kiến {expected}.")]
    for place, row in enumerate(rows):
        adding = [rows[at].count for at in children_of(rows, place) if not rows[at].is_overlay]
        found += [Mismatch(row.key, f"“{row.name}”: {what}") for what in _differences(row, adding)]
    return found


def _differences(row: Row, adding: list[int]):
    if adding and sum(adding) != row.count:
        yield f"các dòng con cộng lại {sum(adding)}, dòng này {row.count}."
    if adding and row.given:
        yield "đã có dòng con nên không ghi số cho đơn vị ở dòng này; hãy ghi ở các dòng con."
    if not adding and row.guests and row.given > row.count:
        yield f"phân bổ cho đơn vị và tổ chức được mời {row.given}, dòng này {row.count}."
    if not adding and row.cells and not row.guests and row.given != row.count:
        yield f"phân bổ cho đơn vị {row.given}, dòng này {row.count}."


def overlays_too_big(rows: list[Row], expected: int) -> list[Mismatch]:
    """Overlays that are more than what they are part of, as a whole or in one unit."""
    found = []
    for place, row in enumerate(rows):
        if not row.is_overlay:
            continue
        base = _parent(rows, place)
        most, name = (base.count, f"“{base.name}”") if base else (expected, "cả sự kiện")
        if row.count > most:
            found.append(Mismatch(row.key, f"“{row.name}” là phần trong đó nên không quá {most} của {name}."))
        for unit_id, number in row.cells.items():
            of_unit = _of_unit(rows, rows.index(base), unit_id) if base else None
            if of_unit is not None and number > of_unit:
                found.append(Mismatch(row.key, f"“{row.name}” ghi {number} cho một đơn vị chỉ có {of_unit} ở {name}."))
    return found


def _parent(rows, place) -> Row | None:
    return next((rows[at] for at in range(place - 1, -1, -1) if rows[at].depth < rows[place].depth), None)


def _of_unit(rows, place, unit_id) -> int:
    """What a unit has of a line: its own cell, or those of the lines that make it."""
    adding = [at for at in children_of(rows, place) if not rows[at].is_overlay]
    if not adding:
        return rows[place].cells.get(unit_id, 0)
    return sum(_of_unit(rows, at, unit_id) for at in adding)


def rows_of(event) -> list[Row]:
    """The stored quota, in the order of its tree; three queries."""
    children: dict = {}
    for line in event.lines.all():
        children.setdefault(line.parent_id, []).append(line)
    rows: dict[int, Row] = {}

    def walk(parent_id, depth):
        for line in children.get(parent_id, ()):
            rows[line.pk] = Row(line.pk, depth, line.name, line.count, line.is_overlay)
            walk(line.pk, depth + 1)

    walk(None, 0)
    for line_id, unit_id, count in event.lines.values_list("pk", "shares__unit", "shares__count"):
        if count:
            rows[line_id].cells[unit_id] = count
    for line_id, count in event.bodies.values_list("line", "count"):
        rows[line_id].guests += count
    return list(rows.values())
