"""The closing of a unit: its open people and households go to a successor, looked through first, all at once."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from beneficiaries.people.models import Household, Person
from beneficiaries.rules import business_day, need
from beneficiaries.transfers.models import Transfer, UnitClosing, open_case
from beneficiaries.transfers.moving import colliding, move_rows
from welfare.audit import AuditEvent, record
from welfare.bulk import add_rows
from welfare.jobs.queue import submit
from welfare.scoped_admin import rows_for
from welfare.states import Refused
from welfare.units.models import Unit, today

SHOWN = 50


def closed_units(user):
    """Units that have ended and still have open people, with ``left`` of them."""
    ended = rows_for(user, Unit).filter(valid_to__lt=today())
    people = Person.objects.active().filter(unit=OuterRef("pk"))
    found = ended.filter(Exists(people)).prefetch_related("successors").order_by("valid_to", "pk")
    counts = dict(Person.objects.active().filter(unit__in=found).order_by().values_list("unit").annotate(n=Count("pk")))
    units = list(found)
    for unit in units:
        unit.left = counts.get(unit.pk, 0)
        unit.heirs = [heir for heir in unit.successors.all() if heir.is_open()]
    return units


@dataclass(frozen=True)
class Preview:
    """What moving the people of ``unit`` to ``successor`` would do."""

    unit: Unit
    successor: Unit
    people: int
    households: int
    collisions: list[tuple[Person, Person]]

    @property
    def moving(self) -> int:
        return self.people - len(self.collisions)


def preview(unit: Unit, successor: Unit) -> Preview:
    people = Person.objects.active().filter(unit=unit)
    pairs = colliding(people, successor)
    shown = {person.pk: person for person in Person.objects.filter(pk__in=[pk for pair in pairs for pk in pair])}
    return Preview(
        unit, successor, people.count(), Household.objects.filter(unit=unit).count(),
        [(shown[one], shown[other]) for one, other in pairs],
    )  # fmt: skip


def ask_to_close(unit: Unit, successor: Unit, by, *, reason: str, on, expected: int):
    """Submits the move, once however often it is asked. ``expected``: how many people the officer saw."""
    check_closing(unit, successor, by)
    business_day(on, since=unit.valid_to, after="ngày đơn vị ngừng hoạt động")
    if Person.objects.active().filter(unit=unit).count() != expected:
        raise Refused("Danh sách của đơn vị đã thay đổi sau khi bạn mở trang; hãy xem lại rồi chuyển.")
    params = {"unit": unit.pk, "successor": successor.pk, "reason": reason.strip()[:300], "on": str(on)}
    turn = UnitClosing.objects.filter(unit=unit).count()
    return submit(
        "move_unit", title=f"Chuyển người của {unit} sang {successor}", owner=by, unit=successor, params=params,
        key=f"move_unit:{unit.pk}:{successor.pk}:{turn}:{expected}",
    )  # fmt: skip


def check_closing(unit: Unit, successor: Unit, by):
    need(by, "move_unit", "chuyển người của đơn vị đã đóng")
    if unit.is_open():
        raise Refused(f"{unit} còn hoạt động nên không chuyển cả đơn vị; hãy chuyển từng người.")
    if not unit.successors.filter(pk=successor.pk).exists():
        raise Refused(f"{successor} không phải đơn vị kế thừa của {unit}.")
    if not successor.is_open():
        raise Refused(f"{successor} cũng đã ngừng hoạt động; hãy chọn đơn vị kế thừa khác.")


def move_unit(job):
    """The job: everything and its end in one transaction, so that it happens once or not at all."""
    given = job.params
    unit, successor = Unit.objects.get(pk=given["unit"]), Unit.objects.get(pk=given["successor"])
    check_closing(unit, successor, job.owner)
    job.progress(0, 1, "Đang chuyển hồ sơ sang đơn vị kế thừa.")
    with job.completing(
        f"Đã chuyển người của {unit} sang {successor}.", result_url=reverse("beneficiaries:closed_units")
    ):
        _move(unit, successor, job.owner, given["reason"], given["on"])


def _move(unit, successor, by, reason, on) -> UnitClosing:
    Unit.objects.select_for_update(no_key=True).get(pk=successor.pk)
    people = Person.objects.active().filter(unit=unit)
    twins = colliding(people, successor)
    staying = {pk for pk, _ in twins}
    ids = [pk for pk in people.select_for_update().order_by("pk").values_list("pk", flat=True) if pk not in staying]
    households = _households_of(unit, staying)
    closing = UnitClosing.objects.create(
        unit=unit, successor=successor, reason=reason, on=on, by=by, people=len(ids), households=len(households),
        left=len(staying),
    )  # fmt: skip
    move_rows(ids, households, successor, by, reason=f"Chuyển từ {unit}")
    add_rows(
        Transfer, len(ids), person_id=ids, from_unit_id=unit.pk, to_unit_id=successor.pk, reason=reason,
        asked_by_id=by.pk, asked_on=on, state=Transfer.State.DONE.value, decided_by_id=by.pk, decided_on=on,
        closing_id=closing.pk,
    )  # fmt: skip
    for one, other in twins:
        open_case(Person(pk=one), Person(pk=other))
    record(AuditEvent.Action.CHANGE, actor=by, subject=closing, unit=successor,
           detail={"from_unit": unit.pk, "people": len(ids), "households": len(households), "left": len(staying)})  # fmt: skip
    return closing


def _households_of(unit, staying) -> list[int]:
    """All but those of somebody who stays behind."""
    kept = Person.objects.filter(pk__in=staying).exclude(household=None).values("household")
    return list(Household.objects.filter(unit=unit).exclude(pk__in=kept).values_list("pk", flat=True))
