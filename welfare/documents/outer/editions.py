"""Next year's edition of a form: which of its cells ask for the same as in the edition before."""

import re
from collections import Counter

from welfare.vietnamese import fold

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NUMBERING = re.compile(r"[\d\s.,()/-]*|[ivxlc]+|[a-z]")


def carried(mapping: dict[str, str], before: list[dict], after: list[dict]) -> tuple[dict[str, str], int]:
    """(the new edition's mapping, how many of the old one's cells have no place in it).

    A cell in the same place under the same labels keeps its fact; so does one that moved, where its labels are the only
    such in both editions. The years that labels name are no difference.
    """
    old, new = _labels(before), _labels(after)
    only_once = {labels for labels, count in Counter(old.values()).items() if count == 1}
    moved = {labels: key for key, labels in old.items() if labels in only_once and any(labels)}
    counts, kept = Counter(new.values()), {}
    for key, labels in new.items():
        source = key if old.get(key) == labels else moved.get(labels) if counts[labels] == 1 else None
        if source in mapping:
            kept[key] = mapping[source]
    return kept, len(mapping) - len(kept)


def _labels(sheets: list[dict]) -> dict[str, tuple]:
    """{key of a place to fill: (its sheet, what its row says, what stands above it, which one of its blanks)}."""
    found = {}
    for sheet in sheets:
        above = {}
        for row in sheet["rows"]:
            said = " ".join(filter(None, (_said(cell["text"]) for cell in row)))
            for place, cell in enumerate(row):
                column = cell.get("column", place)
                for n, blank in enumerate((cell, *cell.get("blanks", ()))):
                    if blank["fill"]:
                        found[blank["key"]] = (_said(sheet["name"]), said, above.get(column, ""), n)
                if heading := _said(cell["text"]):
                    for covered in range(column, column + cell["columns"]):
                        above[covered] = heading
    return found


def _said(text: str) -> str:
    """The words, whatever their case and signs; numbers of rows and columns say nothing."""
    words = _YEAR.sub("year", fold(text)).strip()
    return "" if _NUMBERING.fullmatch(words) else words
