"""The targets among a plan's sentences: those with figures, in sections that are about targets."""

import re

from programs.plans.word.found import FoundSection, FoundTarget
from programs.plans.word.markers import LONGEST_READ, without_dash
from programs.targets.sentences import read_figures
from welfare.vietnamese import fold

_TARGETS = re.compile(r"\bchi tieu\b|\bmuc tieu cu the\b")
_OTHER = re.compile(
    r"\bmuc tieu (?:tong quat|chung)\b|\bmuc dich\b|\byeu cau\b|\btam nhin\b|\bquan diem\b|\bnhiem vu\b"
)


def opens_targets(heading: str) -> bool:
    return bool(_TARGETS.search(fold(heading)))


def holds_figures(text: str) -> bool:
    return len(text) <= LONGEST_READ and bool(read_figures(text))


def find_targets(sections: list[FoundSection], within=False):
    """Fills each section's ``targets``; a heading of another kind ends what the one above it opened."""
    for section in sections:
        heading = fold(section.heading)
        here = bool(_TARGETS.search(heading)) or (within and not _OTHER.search(heading))
        if here:
            section.targets = [target for at, text in section.body for target in _targets(at, without_dash(text))]
        find_targets(section.children, here)


def _targets(at: int, sentence: str):
    if len(sentence) <= LONGEST_READ:
        yield from (FoundTarget(sentence, figure, at) for figure in read_figures(sentence))
