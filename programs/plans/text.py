"""The running text of a plan: its sections as a tree, each with the targets and tasks that stand in it."""

from collections import defaultdict
from dataclasses import dataclass, field

from programs.plans.models import Assignment, Plan, Section


@dataclass
class Part:
    """``section`` is None for what stands in no section."""

    section: Section | None
    level: int
    targets: list = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)

    @property
    def sentences(self) -> list[str]:
        """What the targets say: a sentence that holds several figures once, none that the section's text holds."""
        body = self.section.body if self.section else ""
        texts = dict.fromkeys(target.text.strip() for target in self.targets)
        return [text for text in texts if text not in body]

    @property
    def tasks(self) -> list[Assignment]:
        """The tasks whose words the section's text does not already hold."""
        body = self.section.body if self.section else ""
        return [task for task in self.assignments if task.text.strip() not in body]


def outline(plan: Plan) -> list[Part]:
    """Parts in reading order, children after their parent; the last holds what has no section. 3 queries."""
    sections = list(plan.sections.all())
    children = defaultdict(list)
    for section in sections:
        children[section.parent_id].append(section)
    parts = list(_walk(children, None, 1))
    lost = {section.pk for section in sections} - {part.section.pk for part in parts}
    parts += [Part(section, 1) for section in sections if section.pk in lost]
    parts.append(Part(None, 1))
    by_section = {part.section.pk if part.section else None: part for part in parts}
    for target in plan.targets.select_related("indicator"):
        by_section[target.section_id].targets.append(target)
    for assignment in plan.assignments.with_parties():
        by_section[assignment.section_id].assignments.append(assignment)
    return parts


def _walk(children, parent_id, level):
    for section in children[parent_id]:
        yield Part(section, level)
        yield from _walk(children, section.pk, level + 1)
