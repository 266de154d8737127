"""A hall drawn on a grid: one text a row, one character a cell. What is a seat, what it is called, how near the stage."""

from collections.abc import Sequence
from dataclasses import dataclass

from welfare.states import Refused
from welfare.vietnamese import format_number

FLOOR, STAGE, SEAT = ".", "=", "o"
LETTERS = "ABCDEFGHIJKL"  # a seat of a block is the block's letter
MOST = 60  # rows, and columns
_CELLS = frozenset(FLOOR + STAGE + SEAT + LETTERS)


@dataclass(frozen=True)
class Spot:
    """A seat of the drawing. ``block`` is "" outside the blocks; ``label`` is what the ticket says, such as "C12"."""

    row: int
    column: int
    block: str
    label: str

    @property
    def place(self) -> tuple[int, int]:
        return self.row, self.column


def need_drawing(rows) -> list[str]:
    """The rows as they are stored. Raises ``Refused`` for what is no rectangle of known cells with a seat in it."""
    if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows) or not rows:
        raise Refused("Sơ đồ hội trường không đọc được; hãy mở lại trang.")
    if len(rows) > MOST or len(rows[0]) > MOST:
        raise Refused(f"Sơ đồ lớn nhất {format_number(MOST)} hàng, {format_number(MOST)} cột.")
    if len({len(row) for row in rows}) != 1 or not _CELLS.issuperset("".join(rows)):
        raise Refused("Sơ đồ hội trường không đọc được; hãy mở lại trang.")
    if not any(is_seat(cell) for row in rows for cell in row):
        raise Refused("Sơ đồ chưa có ghế nào; hãy vẽ ít nhất một ghế.")
    return rows


def is_seat(cell: str) -> bool:
    return cell == SEAT or cell in LETTERS


def spots_of(rows: Sequence[str]) -> list[Spot]:
    """Every seat from the stage backwards, the rows to and fro, so that neighbours in the list sit beside each other."""
    found, number = [], 0
    for row in _from_the_stage(rows):
        seats = [column for column, cell in enumerate(rows[row]) if is_seat(cell)]
        spots = [
            Spot(row, column, rows[row][column] if rows[row][column] != SEAT else "", f"{_letters(number)}{n}")
            for n, column in enumerate(seats, 1)
        ]
        found += spots if number % 2 == 0 else reversed(spots)
        number += bool(seats)
    return found


def blank_hall(seats: int) -> list[str]:
    """A stage, an aisle in the middle and at least so many seats, to begin drawing with."""
    half = min(max(4, round(max(seats, 8) ** 0.5 / 2) + 1), MOST // 2 - 1)
    rows = min(-(-max(seats, 8) // (2 * half)), MOST - 2)
    width = 2 * half + 1
    stage = FLOOR * (width // 4) + STAGE * (width - 2 * (width // 4)) + FLOOR * (width // 4)
    return [stage, FLOOR * width, *[SEAT * half + FLOOR + SEAT * half] * rows]


def row_names(rows: Sequence[str]) -> dict[int, str]:
    """{row: its letters} of the rows that have seats."""
    seated = [row for row in _from_the_stage(rows) if any(map(is_seat, rows[row]))]
    return {row: _letters(number) for number, row in enumerate(seated)}


def _from_the_stage(rows) -> range:
    stage = [n for n, row in enumerate(rows) for cell in row if cell == STAGE]
    seats = [n for n, row in enumerate(rows) for cell in row if is_seat(cell)]
    behind = stage and seats and sum(stage) / len(stage) > sum(seats) / len(seats)
    return range(len(rows) - 1, -1, -1) if behind else range(len(rows))


def _letters(number: int) -> str:
    """A to Z, then AA, AB …"""
    return (_letters(number // 26 - 1) if number >= 26 else "") + chr(65 + number % 26)
