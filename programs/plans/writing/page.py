"""A plan as the writing page shows it: its parts in reading order, each with its key, its marks and what may be done."""

from dataclasses import dataclass, field

from django.urls import reverse

from programs.plans.models import Plan
from programs.plans.text import outline
from programs.plans.word.models import WordReading
from programs.plans.writing.parts import KINDS, Kind


@dataclass
class Shown:
    """One part. ``lines``: those of the Word text it came from; ``unsure``: what of it an officer should look at."""

    kind: Kind
    row: object
    plan_id: int
    level: int = 0
    in_text: bool = False
    lines: list[int] = field(default_factory=list)
    unsure: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind.slug}-{self.row.pk}"

    @property
    def template(self) -> str:
        return f"programs/write/{self.kind.slug}.html"

    @property
    def url(self) -> str:
        return reverse("programs:plan_part", args=[self.plan_id, self.kind.slug, self.row.pk])

    @property
    def is_row(self) -> bool:
        return not self.kind.is_of_plan

    @property
    def source(self) -> str:
        return " ".join(map(str, self.lines))


class Page:
    """At most 8 queries, however many parts."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.reading = WordReading.objects.select_related("file").filter(plan=plan).first()
        self._origins = self.reading.origins if self.reading else {}

    def context(self) -> dict:
        plan = self.plan
        bases = plan.bases.select_related("document__kind", "document__issuer", "document__issuer_unit")
        return {
            "plan": plan,
            "reading": self.reading,
            "unsure": len(self.reading.unsure()) if self.reading else 0,
            **{
                slug.replace("-", "_"): self.shown(KINDS[slug], plan) for slug, kind in KINDS.items() if kind.is_of_plan
            },
            "bases": [self.shown(KINDS["can-cu"], row) for row in bases],
            "parts": (parts := list(self._body())),
            "last_section": next((one for one in reversed(parts) if one.kind.slug == "muc" and one.level == 1), None),
            "recipients": [self.shown(KINDS["noi-nhan"], row) for row in plan.recipients.all()],
        }

    def _body(self):
        for part in outline(self.plan):
            body = part.section.body if part.section else ""
            if part.section:
                yield self.shown(KINDS["muc"], part.section, part.level)
            for target in part.targets:
                yield self.shown(KINDS["chi-tieu"], target, part.level, target.text in body)
            for task in part.assignments:
                yield self.shown(KINDS["nhiem-vu"], task, part.level, task.text in body)

    def shown(self, kind: Kind, row, level=1, in_text=False) -> Shown:
        origin = self._origins.get(f"{kind.slug}-{row.pk}", {})
        lines, unsure = origin.get("lines", []), origin.get("unsure", "")
        return Shown(kind, row, self.plan.pk, min(level, 4), in_text, lines, unsure)
