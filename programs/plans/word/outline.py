"""A plan's text as a tree of sections, by their numbers and by headings that stand out."""

from collections.abc import Sequence
from dataclasses import replace

from programs.plans.word.found import FoundSection
from programs.plans.word.markers import Marker, is_heading, marker
from programs.plans.word.reading import Line
from programs.plans.word.targets import holds_figures, opens_targets

_UNNUMBERED = ("bold", "caps", "style")
_OPEN_END = (".", ":", ";", "!", "?", "…", "”", '"', ",")


def read_outline(lines: Sequence[Line]) -> list[FoundSection]:
    """Every line stands in some section; doubled numbers stay as they are."""
    return _Outline(list(lines)).read()


class _Outline:
    def __init__(self, lines: list[Line]):
        self._lines = lines
        self._roots: list[FoundSection] = []
        self._open: list[tuple[int, FoundSection]] = []
        self._bold_rank = self._first_bold_rank()

    def _first_bold_rank(self) -> int | None:
        """Bold headings head the text where nothing numbered comes before them."""
        first = next(filter(None, map(marker, self._lines)), None)
        return 2 if first and first.kind == "bold" else None

    def read(self) -> list[FoundSection]:
        n = 0
        while n < len(self._lines):
            line = self._lines[n]
            if line.table >= 0:
                n = self._take_row(n)
                continue
            after = self._lines[n + 1] if n + 1 < len(self._lines) else None
            found = self._marker(line)
            if found:
                self._begin(found, line, after)
            else:
                self._add(line)
            n += 1
        return self._roots

    def _marker(self, line: Line) -> Marker | None:
        found = marker(line)
        if found and found.kind == "bold" and self._bold_rank:
            return replace(found, rank=self._bold_rank)
        return found

    def _begin(self, found: Marker, line: Line, after: Line | None):
        while self._open and self._open[-1][0] >= found.rank:
            self._open.pop()
        siblings = self._open[-1][1].children if self._open else self._roots
        section = FoundSection(number=found.number, at=line.at)
        if self._is_heading(found, line, after):
            section.heading = found.rest.replace("\t", " ")
        elif found.rest:
            section.body.append((line.at, found.rest.replace("\t", " ")))
        siblings.append(section)
        self._open.append((found.rank, section))

    def _is_heading(self, found: Marker, line: Line, after: Line | None) -> bool:
        """A sentence with a figure among the targets is a target, however short."""
        stands_out = line.bold or line.heading or found.kind in _UNNUMBERED
        among_targets = any(opens_targets(section.heading) for _, section in self._open)
        if among_targets and not stands_out and holds_figures(found.rest):
            return False
        return is_heading(found, line, after)

    def _add(self, line: Line):
        """A paragraph broken in the middle of a sentence is joined again."""
        body = self._section(line).body
        text = line.shown.replace("\t", " ")
        if body and text[:1].islower() and not line.is_item and not body[-1][1].endswith(_OPEN_END):
            body[-1] = (body[-1][0], f"{body[-1][1]} {text}")
        elif text:
            body.append((line.at, text))

    def _section(self, line: Line) -> FoundSection:
        if not self._open:
            self._roots.append(FoundSection(at=line.at))
            self._open.append((99, self._roots[-1]))
        return self._open[-1][1]

    def _take_row(self, n: int) -> int:
        """A table's row is one paragraph, its cells parted by a bar."""
        first, cells = self._lines[n], {}
        while n < len(self._lines) and (self._lines[n].table, self._lines[n].row) == (first.table, first.row):
            cells.setdefault(self._lines[n].cell, []).append(self._lines[n].shown.replace("\t", " "))
            n += 1
        self._section(first).body.append((first.at, " | ".join(" ".join(words) for words in cells.values())))
        return n
