"""What a plan of the demonstration is made of, before it becomes rows."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Figure:
    """One target. ``shares``: by unit code, in counts; ``year`` is the plan's own unless said."""

    text: str
    indicator: str
    value: int
    measure: str = "%"
    comparator: str = "="
    value_max: int | None = None
    level: int = 2
    department: str = "CSPL"
    own_part: int = 0
    shares: dict[str, int] = field(default_factory=dict)
    combine: str = "anew"
    deadline: date | None = None
    year: int | None = None
    season: str = ""
    milestones: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A section with its text, its targets and the sections under it."""

    number: str
    heading: str
    body: str = ""
    figures: tuple[Figure, ...] = ()
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class Task:
    """``lead``: a department's code, a unit's code, or the level (1 to 3) that does it; ``joins``: who coordinates, alike.

    ``evidence``: how it ended.
    """

    text: str
    lead: str | int
    time: str
    due: date | None = None
    joins: str | int = ""
    evidence: str = ""


@dataclass(frozen=True)
class Paper:
    """A plan. ``issued``: None while it is a draft. ``closed``: the day it ended."""

    key: str
    title: str
    symbol: str
    number: str
    issued: date | None
    first_year: int
    parts: tuple[Part, ...]
    kind: str = "KH"
    last_year: int | None = None
    horizon_year: int | None = None
    vision_year: int | None = None
    implements: str = ""
    body: str = "Ban Thường vụ Liên đoàn Lao động tỉnh"
    bases: tuple[tuple[str, str], ...] = ()
    summary: str = ""
    closing: str = ""
    tasks: tuple[Task, ...] = ()
    recipients: tuple[tuple[str, str], ...] = ()
    signer: str = "lanhdao"
    closed: date | None = None
    unit_plans_due: date | None = None  # by when the units issue plans of their own


RECIPIENTS = (
    ("Đoàn Chủ tịch Tổng Liên đoàn", "để b/c"),
    ("Thường trực Tỉnh ủy", "để b/c"),
    ("Thường trực LĐLĐ tỉnh", "để chỉ đạo"),
    ("Các ban, Văn phòng, Ủy ban Kiểm tra LĐLĐ tỉnh", "để t/h"),
    ("LĐLĐ huyện, thành phố, công đoàn ngành và tương đương", "để t/h"),
    ("Lưu: VT, Ban CSPL", ""),
)
