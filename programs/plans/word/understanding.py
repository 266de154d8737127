"""Lines of a file to what they are in a plan. Pure: the register and the units come in when the draft is written."""

import re
from collections.abc import Iterable, Sequence

from programs.plans.word.citations import read_citation
from programs.plans.word.found import FoundPlan
from programs.plans.word.head import read_head
from programs.plans.word.outline import read_outline
from programs.plans.word.reading import Line
from programs.plans.word.tail import read_tail
from programs.plans.word.targets import find_targets
from programs.plans.word.tasks import find_tasks

_DATES = re.compile(
    r"ngày\s*\d{1,2}\s*tháng\s*\d{1,2}\s*năm\s*\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|tháng\s*\d{1,2}\s*(?:/|năm)\s*\d{4}",
    re.IGNORECASE,
)
_YEAR = r"((?:19|20)\d\d)"
_PERIOD = re.compile(
    rf"(?:giai đoạn|từ năm|nhiệm kỳ|các năm)?\s*{_YEAR}\s*(?:-|–|—|đến(?: năm)?)\s*{_YEAR}", re.IGNORECASE
)
_VISION = re.compile(rf"tầm nhìn(?:\s+đến)?(?:\s+năm)?\s*{_YEAR}", re.IGNORECASE)
_HORIZON = re.compile(rf"đến(?:\s+hết)?\s+năm\s*{_YEAR}", re.IGNORECASE)
_ONE_YEAR = re.compile(rf"năm\s*{_YEAR}", re.IGNORECASE)
_IMPLEMENTS = re.compile(r"(?:^|\s)(?:triển khai )?thực hiện\s+(?=\S)", re.IGNORECASE)


def understand(lines: Sequence[Line], kinds: Iterable[str]) -> FoundPlan:
    """``kinds``: the names of the kinds of documents there are. Every line's words are somewhere in the result."""
    kinds = list(kinds)
    plan = FoundPlan()
    body = read_tail(read_head(lines, kinds, plan), plan)
    plan.sections = read_outline(body)
    find_targets(plan.sections)
    find_tasks(plan.sections)
    _read_years(plan)
    plan.implements = _implemented(plan.title, kinds)
    return plan


def _read_years(plan: FoundPlan):
    """From the title; a horizon and a vision also from headings ("Chỉ tiêu đến năm 2030")."""
    title = _DATES.sub(" ", plan.title)
    headings = " . ".join([title, *(section.heading for section in plan.walk())])
    vision = _VISION.search(headings)
    without_vision = _VISION.sub(" ", headings)
    plan.vision_year = int(vision[1]) if vision else None
    if period := _PERIOD.search(title):
        plan.first_year, plan.last_year = int(period[1]), int(period[2])
    elif one := _ONE_YEAR.search(_HORIZON.sub(" ", _VISION.sub(" ", title))):
        plan.first_year = int(one[1])
    else:
        plan.first_year = plan.year
    horizon = _HORIZON.search(_PERIOD.sub(" ", without_vision))
    plan.horizon_year = int(horizon[1]) if horizon else None
    _drop_years_out_of_order(plan)


def _drop_years_out_of_order(plan: FoundPlan):
    first = plan.first_year or 0
    if plan.last_year and plan.last_year <= first:
        plan.last_year = None
    if plan.horizon_year and plan.horizon_year <= first:
        plan.horizon_year = None
    if plan.vision_year and plan.vision_year <= max(first, plan.horizon_year or 0):
        plan.vision_year = None


def _implemented(title: str, kinds: list[str]):
    """The document a title says it carries out: "… thực hiện Nghị quyết số 07/NQ-BCH …"."""
    for found in _IMPLEMENTS.finditer(title):
        citation = read_citation(title[found.end() :], kinds)
        if citation and (citation.number or citation.symbol):
            return citation
    return None
