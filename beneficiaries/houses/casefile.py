"""What the page of a house shows above its form."""

from beneficiaries.houses.already import given_before
from beneficiaries.houses.dossier import checklist, lacking
from beneficiaries.houses.funding import HousePayment
from beneficiaries.houses.norms import above_norm
from beneficiaries.houses.photographs import gallery
from beneficiaries.houses.stages import WAY, State, Step, date_field, has_passed
from beneficiaries.houses.surveys import HouseSurvey
from welfare.units.models import today

_CLOSED = (State.SETTLED, State.REFUSED, State.WITHDRAWN)


def case_file(house, user) -> dict:
    step = _next_step(house)
    return {
        "house": house,
        "steps_done": [(_label(state), getattr(house, date_field(state))) for state in WAY],
        "next_step": step,
        "lacks": lacking(house, step) if step else [],
        "before": given_before(house, user) if house.state not in _CLOSED else [],
        "excess": above_norm(house, house.decided_on or today()) if house.state not in _CLOSED else [],
        "lines": house.funding.select_related("fund", "donor"),
        "payments": HousePayment.objects.filter(line__house=house).select_related("line__fund", "entry__reversed_by"),
        "survey": HouseSurvey.objects.filter(house=house).first(),
        "dossier": checklist(house),
        "gallery": gallery(house),
        "occupants": house.occupants.all(),
        "prints": _prints(house),
        "may_add": house.state not in _CLOSED and may_write(house, user),
    }


def _prints(house) -> list[tuple[str, str]]:
    """[(kind of document, its name)] of the papers that can be printed from the case file at its step."""
    decided = has_passed(house, State.APPRAISED) and house.appraised_on
    papers = [("house_dossier", "Hồ sơ nhà")] if house.state in WAY else []
    papers += [("house_decision", "Quyết định hỗ trợ")] if decided else []
    papers += [("house_presentation", "Bảng tượng trưng")] if has_passed(house, State.DECIDED) else []
    return papers + ([("house_hand_over", "Biên bản bàn giao")] if has_passed(house, State.COMPLETED) else [])


def may_write(house, user) -> bool:
    return user.reach_for("beneficiaries.change_house").may_write(house.unit_id)


def _label(state) -> str:
    return state.label if state == State.PROPOSED else Step(state.value).label


def _next_step(house) -> Step | None:
    """The step that comes after the state the house is in."""
    if house.state not in WAY[:-1]:
        return None
    return Step(WAY[WAY.index(house.state) + 1])
