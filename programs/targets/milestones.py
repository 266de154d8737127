"""What a target should have by a day: a straight line to its end, or from one yearly milestone to the next."""

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from programs.plans.freezing import refuse_frozen
from programs.targets.models import BOUND, Target, TargetMilestone

_MILESTONE = re.compile(r"(?:năm\s*)?(\d{4})\s*[:=]\s*([\d.,]+)\s*%?", re.IGNORECASE)


def expected_part(target: Target, start: date, end: date, until: date) -> Decimal:
    """The part of what is wanted by ``end`` that should be there on the day ``until``, 0 and more."""
    before, part_before = start - timedelta(days=1), Decimal(0)
    for day, part in _points(target, start, end):
        if until <= day:
            gone = Decimal((until - before).days) / (day - before).days
            return part_before + (part - part_before) * max(gone, Decimal(0))
        before, part_before = day, part
    return part_before


def first_point(target: Target, start: date, end: date) -> date:
    return _points(target, start, end)[0][0]


def allowed_part(target: Target, year: int) -> Decimal:
    """Of a ceiling: what its milestone allows by the end of a year."""
    return _parts(target).get(year, Decimal(1))


def _points(target, start, end) -> list[tuple[date, Decimal]]:
    """(day, part of the whole) at the end of each year that has a milestone, then at the end."""
    parts = _parts(target)
    if target.combine == Target.Combine.ANEW or target.season:
        return [(end, parts.get(end.year, Decimal(1)))]
    between = [(date(year, 12, 31), part) for year, part in parts.items() if start <= date(year, 12, 31) < end]
    return [*sorted(between), (end, Decimal(1))]


def _parts(target) -> dict[int, Decimal]:
    return {row.year: row.value / target.value for row in target.milestones.all()} if target.value else {}


def set_milestones(target: Target, values: dict[int, Decimal]):
    """These and no others. Raises ``Refused`` where that would change what is out."""
    if values == dict(target.milestones.values_list("year", "value")):
        return
    refuse_frozen(target.plan)
    target.milestones.all().delete()
    TargetMilestone.objects.bulk_create(
        TargetMilestone(target=target, year=year, value=value) for year, value in values.items()
    )


# As they are typed: "2026: 3; 2027: 6" ----------------------------------------------------------------


def milestones_text(target: Target) -> str:
    return "; ".join(str(milestone) for milestone in target.milestones.all())


def read_milestones(text: str) -> dict[int, Decimal]:
    """{year: value}. Raises ``ValueError`` with a sentence for what is no milestone."""
    found = {}
    for piece in filter(None, (piece.strip() for piece in re.split(r"[;\n]", text))):
        match = _MILESTONE.fullmatch(piece)
        value = _number(match[2]) if match else None
        if value is None:
            raise ValueError(f"“{piece}” chưa phải mốc của một năm; hãy ghi như 2026: 3; 2027: 6.")
        if int(match[1]) in found:
            raise ValueError(f"Năm {match[1]} có hai mốc; mỗi năm chỉ ghi một mốc.")
        found[int(match[1])] = value
    return found


def _number(text) -> Decimal | None:
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", text):
        text = text.replace(".", "")
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return value if value < BOUND and value == round(value, 2) else None


def wrong_milestones(target: Target, milestones: dict[int, Decimal]) -> str:
    """A sentence about milestones that don't fit their target; empty when they do."""
    plan = target.plan
    years = (plan.first_year, plan.last_year, plan.horizon_year, plan.vision_year, target.year)
    last = max(year for year in (*years, target.deadline and target.deadline.year) if year)
    for year, value in milestones.items():
        if not plan.first_year <= year <= last:
            return f"Mốc năm {year} nằm ngoài thời kỳ của kế hoạch ({plan.period})."
        if target.is_percent and value > 100:
            return f"Mốc năm {year} quá 100%."
    at_end = milestones.get(target.year, target.value)
    if target.combine != Target.Combine.ANEW and at_end != target.value:
        return f"Mốc của năm cuối ({target.year}) phải bằng chính chỉ tiêu ({target.wanted()}); hãy bỏ mốc năm đó."
    return ""
