"""Who sits where, worked out: leaders in front, units side by side, reserved blocks for those they are reserved for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from events.seating.grid import Spot

Place = tuple[int, int]


@dataclass(frozen=True)
class Guest:
    """``sender``: the order of the unit or organisation that sends them, the same for all of it; ``rank``: among those."""

    id: int
    line: int
    line_order: int = 0
    sender: tuple = ()
    leads: bool = False
    rank: tuple = ()

    @property
    def turn(self) -> tuple:
        """Leaders by category, then everybody else unit by unit."""
        first = (0, self.line_order, self.sender) if self.leads else (1, self.sender, self.line_order)
        return *first, self.rank, self.id


class NoRoom(Exception):
    """``left``: the guests for whom no seat was left."""

    def __init__(self, left: list[Guest]):
        super().__init__(f"{len(left)} guests without a seat")
        self.left = left


def arrange(
    spots: Sequence[Spot],
    guests: Iterable[Guest],
    reserved: Mapping[str, frozenset[int]],
    kept: Mapping[int, Place],
) -> dict[int, Place]:
    """{guest's id: place} of everybody, the same for the same input. Raises ``NoRoom``.

    ``spots`` stand from the stage backwards. ``reserved``: the lines whose guests alone sit in a block; whoever finds no
    room there sits among the seats that are reserved for nobody. ``kept``: who stays where they are.
    """
    held = set(kept.values())
    free: dict[str, list[Spot]] = {}
    for spot in reversed(spots):
        if spot.place not in held:
            free.setdefault(spot.block if reserved.get(spot.block) else "", []).append(spot)
    placed, left = dict(kept), []
    blocks = list(dict.fromkeys(spot.block for spot in spots))
    for guest in sorted((g for g in guests if g.id not in kept), key=lambda g: g.turn):
        own = [block for block in blocks if guest.line in reserved.get(block, ())]
        row = next((free[block] for block in [*own, ""] if free.get(block)), None)
        if row:
            placed[guest.id] = row.pop().place
        else:
            left.append(guest)
    if left:
        raise NoRoom(left)
    return placed
