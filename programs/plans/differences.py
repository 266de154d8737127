"""What a newer version of a plan says differently: header, bases, sections, targets, tasks, recipients."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from programs.plans.models import Plan

_ALIKE = 0.5  # of their words; less and a line counts as removed, the other as added
_HEADER = (
    "kind", "number_and_symbol", "title", "place", "issuing_body", "department", "period", "implements_plan",
    "implements_document", "summary", "closing", "unit_plans_due_on", "capacity", "signer_title", "signer_name",
)  # fmt: skip
_PROPERTIES = {"number_and_symbol": "Số, ký hiệu", "period": "Thời kỳ"}


@dataclass(frozen=True)
class Piece:
    text: str
    is_changed: bool = False


@dataclass(frozen=True)
class Change:
    """One line as it was and as it is; ``name`` says which where its text doesn't."""

    before: list[Piece]
    after: list[Piece]
    name: str = ""

    @property
    def kind(self) -> str:
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"


@dataclass(frozen=True)
class Group:
    title: str
    changes: list[Change]


def differences(old: Plan, new: Plan) -> list[Group]:
    """Groups in the order of the paper, those without a change left out. A line that only moved has not changed."""
    groups = [Group("Thông tin chung", list(_of_header(old, new)))]
    for title, lines in (
        ("Căn cứ", _bases), ("Mục", _sections), ("Chỉ tiêu", _targets), ("Nhiệm vụ", _tasks), ("Nơi nhận", _recipients),
    ):  # fmt: skip
        groups.append(Group(title, compare(lines(old), lines(new))))
    return [group for group in groups if group.changes]


def compare(old: list[str], new: list[str]) -> list[Change]:
    """Changed lines side by side, the others where they stood."""
    changes = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            changes += _pairs(old[a:b], new[c:d])
    moved = {c.before[0].text for c in changes if c.kind == "removed"} & {
        c.after[0].text for c in changes if c.kind == "added"
    }
    return [c for c in changes if c.kind == "changed" or (c.before or c.after)[0].text not in moved]


def _pairs(old: list[str], new: list[str]) -> list[Change]:
    changes, left = [], list(new)
    for line in old:
        best = max(left, key=lambda other: _likeness(line, other), default=None)
        if best is None or _likeness(line, best) < _ALIKE:
            changes.append(Change([Piece(line)], []))
        else:
            left.remove(best)
            changes.append(Change(*_pieces(line, best)))
    return changes + [Change([], [Piece(line)]) for line in left]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def _pieces(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts, cut where their words differ."""
    before, after = re.findall(r"\s*\S+", old), re.findall(r"\s*\S+", new)
    pieces = [], []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for side, words in zip(pieces, (before[a:b], after[c:d]), strict=True):
            if words:
                side.append(Piece("".join(words), tag != "equal"))
    return pieces


def _of_header(old, new) -> Iterator[Change]:
    for name in _HEADER:
        was, now = _shown(old, name), _shown(new, name)
        if was != now:
            before, after = _pieces(was, now)
            yield Change(before, after, _PROPERTIES.get(name) or _label(name))


def _shown(plan, name) -> str:
    value = getattr(plan, name)
    if name == "unit_plans_due_on":
        return f"{value:%d/%m/%Y}" if value else ""
    return str(value or "")


def _label(name) -> str:
    label = Plan._meta.get_field(name).verbose_name
    return label[0].upper() + label[1:]


def _bases(plan) -> list[str]:
    related = ("document__kind", "document__issuer", "document__issuer_unit")
    return [f"{basis.verb} {basis.document.citation()}" for basis in plan.bases.select_related(*related)]


def _sections(plan) -> list[str]:
    return ["\n".join(filter(None, (f"{s.number} {s.heading}".strip(), s.body))) for s in plan.sections.all()]


def _targets(plan) -> list[str]:
    return [
        f"{target.text.strip()}\n{target.indicator}: {target.wanted()}"
        + (f", hạn {target.deadline:%d/%m/%Y}" if target.deadline else "")
        for target in plan.targets.select_related("indicator")
    ]


def _tasks(plan) -> list[str]:
    lines = []
    for task in plan.assignments.with_parties():
        due = f"{task.due_on:%d/%m/%Y}" if task.due_on else ""
        parts = {"Chủ trì": task.leads, "Phối hợp": task.joins, "Thời gian": task.time_text, "Hạn": due}
        lines.append("\n".join([task.text.strip(), *[f"{name}: {said}" for name, said in parts.items() if said]]))
    return lines


def _recipients(plan) -> list[str]:
    return [f"{row.name} ({row.purpose})" if row.purpose else row.name for row in plan.recipients.all()]
