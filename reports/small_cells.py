"""Which counts of people are not shown, so that no small group can be told: by itself or by subtracting what is shown.

A cell is how many people of one sensitive kind a unit has with all under it. Cells under ``FEW`` are hidden, and where
one of them could be computed from the whole and its other parts, another part is hidden too. What a unit has directly,
not by the units under it, counts as a part of its own.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from welfare.units.models import Unit

FEW = 5
_DIRECTLY = "."  # after a unit's path: whom it has itself, not by the units under it


class Cells:
    """``counts``: {path in the tree: people}, every unit that has any; the root's path is the shortest.

    ``shown``: what was told of an earlier month of the year. Counts only grow within it, so each is at least as much.
    ``of``: cells of which these are some of the people: told beside them, neither they nor the others may be few, and
    where those are hidden these would say how many they are at least.
    """

    def __init__(self, counts: Mapping[str, int], shown: Mapping[str, int] | None = None, of: "Cells | None" = None):
        self.counts = {path: int(count) for path, count in counts.items() if count}
        self.shown, self.of = shown or {}, of
        self.children = defaultdict(list)
        for path in self.counts:
            if (above := path[: -Unit.steplen]) in self.counts:
                self.children[above].append(path)
        self._judged: dict[str, bool] = {}

    @cached_property
    def hidden(self) -> frozenset[str]:
        roots = [path for path in self.counts if path[: -Unit.steplen] not in self.counts]
        return frozenset(path for root in roots for path in self._hidden_from(root, self._is_secret(root)))

    @property
    def told(self) -> dict[str, int]:
        """Cells that are shown, and whom a unit has directly where all the units under it are."""
        told = {path: count for path, count in self.counts.items() if path not in self.hidden}
        for path in list(told):
            if all(child in told for child in self.children[path]):
                told |= self._parts(path)
        return told

    def _hidden_from(self, path, is_hidden) -> Iterator[str]:
        """Under a hidden cell nothing is shown: its parts would tell at least how much it is."""
        if is_hidden:
            yield path
        closed = set(self.children[path]) if is_hidden else self._closed_parts(path) or set()
        for child in self.children[path]:
            yield from self._hidden_from(child, child in closed)

    def _is_secret(self, path) -> bool:
        """Too small, or with small parts that nothing but hiding the whole protects."""
        if path not in self._judged:
            tells = self.counts[path] < FEW or self._tells_of_others(path)
            self._judged[path] = tells or self._closed_parts(path) is None
        return self._judged[path]

    def _tells_of_others(self, path) -> bool:
        if self.of is None:
            return False
        return path in self.of.hidden or 0 < self.of.counts.get(path, 0) - self.counts[path] < FEW

    def _closed_parts(self, path) -> set[str] | None:
        """The parts of a shown cell to hide: none, or so many that none of them follows from their sum.

        Of two or more hidden parts with nobody to spare each is exactly what it is at least: one person, or what was
        shown of it before. None: can't be done.
        """
        parts = self._parts(path)
        closed = {part for part in parts if self._is_small(part, parts)}
        others = sorted((part for part in parts if part not in closed), key=lambda part: (parts[part], part))
        while closed and (len(closed) < 2 or self._spare(parts, closed) == 0):
            if not others:
                return None
            closed.add(others.pop(0))
        return closed

    def _spare(self, parts, closed) -> int:
        return sum(parts[part] - int(self.shown.get(part, 1)) for part in closed)

    def _parts(self, path) -> dict[str, int]:
        parts = {child: self.counts[child] for child in self.children[path]}
        directly = self.counts[path] - sum(parts.values())
        return parts | {f"{path}{_DIRECTLY}": directly} if parts and directly > 0 else parts

    def _is_small(self, part, parts) -> bool:
        return parts[part] < FEW if part.endswith(_DIRECTLY) else self._is_secret(part)
