"""What was understood of a plan's text. Only what the text says: a missing line is an empty field."""

from dataclasses import dataclass, field
from datetime import date

from programs.targets.sentences import ReadFigure


@dataclass(frozen=True)
class Citation:
    """A document as a text names it; whatever the text leaves out is empty or None."""

    kind: str
    number: str = ""
    symbol: str = ""
    day: int | None = None
    month: int | None = None
    year: int | None = None
    issuer: str = ""
    title: str = ""


@dataclass(frozen=True)
class FoundBasis:
    verb: str
    citation: Citation
    at: int


@dataclass(frozen=True)
class FoundTarget:
    """One figure of a sentence; a sentence that holds several is found several times."""

    text: str
    figure: ReadFigure
    at: int


@dataclass
class FoundTask:
    """``lead``: the words that name who leads. ``whole_lead``: all bodies these words name, not only the first."""

    text: str
    at: int
    lead: str = ""
    whole_lead: bool = False
    coordinators: str = ""
    time: str = ""
    due_on: date | None = None
    unsure: str = ""


@dataclass
class FoundSection:
    """``body``: (line of the file, text) of each paragraph, items with their dash."""

    number: str = ""
    heading: str = ""
    at: int = 0
    body: list[tuple[int, str]] = field(default_factory=list)
    children: list["FoundSection"] = field(default_factory=list)
    targets: list[FoundTarget] = field(default_factory=list)
    tasks: list[FoundTask] = field(default_factory=list)
    unsure: str = ""

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.body)

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class FoundRecipient:
    name: str
    purpose: str
    at: int


@dataclass
class FoundPlan:
    """``unsure``: a sentence by the field's name, for what the officer should look at."""

    superior: str = ""
    issuer: str = ""
    number: str = ""
    symbol: str = ""
    place: str = ""
    day: int | None = None
    month: int | None = None
    year: int | None = None
    kind: str = ""
    title: str = ""
    issuing_body: str = ""
    first_year: int | None = None
    last_year: int | None = None
    horizon_year: int | None = None
    vision_year: int | None = None
    implements: Citation | None = None
    bases: list[FoundBasis] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)
    sections: list[FoundSection] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    recipients: list[FoundRecipient] = field(default_factory=list)
    capacity: str = ""
    signer_title: str = ""
    signer_name: str = ""
    unsure: dict[str, str] = field(default_factory=dict)

    def walk(self):
        for section in self.sections:
            yield from section.walk()
