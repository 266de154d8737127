"""What is done in the ledger, by its verbs on a business date; ``people`` is the fixture of that name."""

from datetime import date
from itertools import count

from beneficiaries.houses.dossier import add_papers, items_for
from beneficiaries.models import Hardship, HardshipKind, House, HouseKind, PovertyRecord
from programs.models import Activity, ActivityKind, Actual, CareModel, CareModelKind
from programs.targets.models import mark_stale
from tests.factories import make_grant, make_round
from welfare.models import Unit

LONG_AGO = date(2024, 1, 2)
_serial = count(1)


def make_tet(unit):
    return make_round(unit, code="TET2025", name="Tết 2025", year=2025)


def pay(people, round, unit, person=None, on=date(2025, 2, 3), **fields):
    grant = make_grant(round, unit, people.get(unit) or people["officer"], person, proposed_on=LONG_AGO, **fields)
    forward(people, grant, on)
    grant.approve(people["leader"], decision_number=f"{on:%d%m}/QĐ", on=on)
    grant.pay(people["finance"], fund=people["finance"].unit.funds.get(), on=on)
    return grant


def forward(people, grant, on):
    """By the province, where another unit stands between the grant's and the round's."""
    if grant.unit.depth > grant.round.unit.depth + 1:
        grant.forward(people["officer"], unit=Unit.objects.get_parent(grant.unit), letter_number="01/CV", on=on)


def hand_over(people, unit, construction="new", surveyed=date(2025, 1, 10), on=date(2025, 5, 20)):
    house = House.objects.create(
        unit=unit, kind=HouseKind.objects.get(code="mai_am"), construction=construction, year=2025, cost=60_000_000,
        proposed_by=people[unit], proposed_on=LONG_AGO,
    )  # fmt: skip
    house.funding.create(source="family", amount=house.cost)
    officer = people["officer"]
    bring_papers(house, officer)
    house.survey(officer, on=surveyed)
    house.appraise(officer, members="Ban Chính sách", conclusion="Đủ điều kiện", on=surveyed)
    house.decide(people["leader"], decision_number="02/QĐ", on=surveyed)
    house.start(officer, on=surveyed)
    house.complete(officer, on=on)
    house.hand_over(officer, on=on)
    return house


def bring_papers(house, by):
    """Every paper that a step of this house needs, by its number."""
    for item in items_for(house).filter(is_required=True):
        add_papers(house, by, item=item, number=f"{item.position}/HS", on=house.proposed_on)


def in_need(person, kind="job_loss", year=2025, known_on=date(2025, 3, 15)):
    hardship = Hardship.objects.create(
        person=person, kind=HardshipKind.objects.get(code=kind), year=year, known_on=known_on
    )
    mark_stale("people", person.unit_id, known_on, date(year, 1, 1))
    return hardship


def is_poor(household, year=2025, status="poor"):
    PovertyRecord.objects.create(household=household, year=year, status=status)
    mark_stale("people", household.unit_id, date(year, 1, 1))


def hold(people, unit, kind, on, **fields):
    kind = ActivityKind.objects.get(code=kind)
    title = f"Hoạt động {next(_serial)}"
    activity = Activity(unit=unit, kind=kind, title=title, held_on=on, created_by=people["officer"], **fields)
    activity.full_clean()
    activity.save()
    activity.hold(people["officer"], on=on)
    return activity


def run_model(people, unit, since, until=None, kind="mutual_fund"):
    kind = CareModelKind.objects.get(code=kind)
    fields = {"unit": unit, "kind": kind, "name": "Mô hình", "registered_on": since, "created_by": people["officer"]}
    model = CareModel.objects.create(**fields)
    model.start(people["officer"], on=since)
    if until:
        model.end(people["officer"], reason="Hết vốn", on=until)
    return model


def value(code, unit, month, season="") -> int:
    found = Actual.objects.filter(indicator__code=code, unit=unit, month=month, season=season).first()
    return int(found.value) if found else 0


def cells():
    columns = ("indicator__code", "unit__code", "month", "season", "value", "numerator", "denominator")
    return sorted(Actual.objects.values_list(*columns))
