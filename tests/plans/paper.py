"""What a plan's paper holds, as an officer would type it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cited:
    """A paper the plan rests on. ``issuer``: an outside body, or "" for the federation itself."""

    verb: str
    kind: str
    number: str
    symbol: str
    date: tuple[int | None, int | None, int | None]  # day, month, year
    issuer: str
    title: str
    issuer_words: str = ""

    @property
    def printed_number(self) -> str:
        return f"{self.number}{'-' if '/' in self.symbol else '/'}{self.symbol}"


@dataclass(frozen=True)
class Goal:
    """One figure; a sentence that holds several stands in several."""

    text: str
    indicator: str
    comparator: str
    value: int
    value_max: int | None = None
    level: int = 2


@dataclass(frozen=True)
class Task:
    """``lead``: the code of a department or a unit, or a level; ``joins`` codes; ``others`` as the paper words them."""

    text: str
    lead: str | int = 0
    joins: tuple[str, ...] = ()
    joins_level: int | None = None
    others: str = ""
    time: str = ""
    due: str = ""


@dataclass(frozen=True)
class Part:
    number: str
    heading: str
    body: str = ""
    parts: tuple["Part", ...] = ()
    goals: tuple[Goal, ...] = ()
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True)
class Paper:
    """``header``: the fields of the plan's form by name."""

    kind: str
    header: dict
    parts: tuple[Part, ...]
    recipients: tuple[tuple[str, str], ...]
    bases: tuple[Cited, ...] = ()
    implements: Cited | None = None
    number: str = ""
    issued_on: str = ""
    departments: dict = field(default_factory=dict)
    units: dict = field(default_factory=dict)

    def all_parts(self, parts=None):
        for part in self.parts if parts is None else parts:
            yield part
            yield from self.all_parts(part.parts)
