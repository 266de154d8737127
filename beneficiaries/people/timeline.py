"""All that was done for somebody so far, and what is still on its way, in one list by date.

Whoever sees the person sees what was done for them, also by another unit; a row opens only for who may open it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from beneficiaries.grants.models import Grant
from beneficiaries.houses.models import House
from beneficiaries.houses.stages import State as HouseState
from beneficiaries.houses.stages import date_field
from beneficiaries.loans.models import Loan
from beneficiaries.people.models import Person
from beneficiaries.transfers.models import Transfer
from beneficiaries.visits.models import Visit
from welfare.units.models import today

_PENDING_GRANTS = ("proposed", "appraised", "approved")
_PENDING_LOANS = ("proposed", "approved")
_ENDED_HOUSES = (HouseState.REFUSED, HouseState.WITHDRAWN)


@dataclass(frozen=True)
class Entry:
    """``amount`` in VND, None where money plays no part; ``row`` is what a state tag reads, or None."""

    on: date
    icon: str
    what: str
    by: str
    detail: str = ""
    source: str = ""
    amount: int | None = None
    url: str = ""
    row: object = None
    is_pending: bool = False


@dataclass(frozen=True)
class Story:
    done: list[Entry]
    pending: list[Entry]
    this_year: dict[str, tuple[int, int]]  # what was paid this year by occasion: how often, VND

    @property
    def times(self) -> int:
        return sum(count for count, _ in self.this_year.values())

    @property
    def total(self) -> int:
        return sum(total for _, total in self.this_year.values())


def story_of(person: Person, user) -> Story:
    """In a fixed number of queries, however much was done."""
    rows = [person.pk, *person.merged.values_list("pk", flat=True)]
    own = Q(person__in=rows)
    own_or_household = own | Q(household=person.household_id) if person.household_id else own
    grants = _grants(own_or_household)
    entries = [
        *(_of_grant(grant, user) for grant in grants), *_visits(rows, user), *_houses(own_or_household, user),
        *_loans(own_or_household, user), *_transfers(person),
    ]  # fmt: skip
    entries.sort(key=lambda entry: entry.on, reverse=True)
    paid = [grant for grant in grants if grant.state == Grant.State.PAID and grant.paid_on.year == today().year]
    return Story(
        [entry for entry in entries if not entry.is_pending], [entry for entry in entries if entry.is_pending],
        by_occasion(paid),
    )  # fmt: skip


def by_occasion(grants) -> dict[str, tuple[int, int]]:
    found = defaultdict(lambda: [0, 0])
    for grant in grants:
        found[grant.round.occasion.name][0] += 1
        found[grant.round.occasion.name][1] += grant.value
    return {name: tuple(both) for name, both in found.items()}


def elsewhere(person: Person, user) -> list[tuple[Person, dict]]:
    """The same number in other units that ``user`` sees, with what was paid there this year; nobody for a unit alone."""
    if not person.id_hash:
        return []
    others = Person.objects.for_user(user).standing().filter(id_hash=person.id_hash).exclude(pk=person.pk)
    rows = list(others.select_related("unit"))
    paid = Grant.objects.paid().filter(person__in=rows, paid_on__year=today().year).select_related("round__occasion")
    grants = list(paid) if rows else []
    return [(row, by_occasion(grant for grant in grants if grant.person_id == row.pk)) for row in rows]


def _opens(name, row, user) -> str:
    return reverse(f"admin:beneficiaries_{name}_change", args=[row.pk]) if user.reach.covers(row.unit_id) else ""


def _grants(own):
    related = ("round__occasion", "payment__fund", "unit", "proposed_by", "approved_by")
    return list(Grant.objects.filter(own).select_related(*related).order_by("-pk"))


def _of_grant(grant, user) -> Entry:
    on = grant.paid_on or grant.approved_on or grant.appraised_on or grant.proposed_on
    who = f"{grant.approved_by} duyệt" if grant.approved_by_id else f"{grant.proposed_by} đề nghị"
    source = grant.payment.fund.name if grant.payment_id else grant.outside_source
    detail = "; ".join(filter(None, [grant.in_kind, grant.reason, grant.refused_reason]))
    return Entry(
        on, "volunteer_activism", str(grant.round), f"{who} · {grant.unit}", detail, source, grant.value,
        _opens("grant", grant, user), grant, grant.state in _PENDING_GRANTS,
    )  # fmt: skip


def _visits(rows, user):
    visits = Visit.objects.filter(person__in=rows).select_related("unit", "occasion", "person_unit")
    for visit in visits:
        what = f"Thăm hỏi, {visit.occasion}" if visit.occasion_id else "Thăm hỏi"
        detail = "; ".join(filter(None, [visit.gift_text, visit.note]))
        url = reverse("admin:beneficiaries_visit_change", args=[visit.pk]) if user.reach.covers(visit.person_unit_id) else ""  # fmt: skip
        yield Entry(visit.on, "diversity_1", what, f"{visit.visitors} · {visit.unit}", detail, "", None, url)  # fmt: skip


def _houses(own, user):
    for house in House.objects.filter(own).select_related("kind", "unit").prefetch_related("funding__fund"):
        on = getattr(house, date_field(house.state), None) if house.state not in _ENDED_HOUSES else None
        funds = dict.fromkeys(line.fund.name for line in house.funding.all() if line.fund_id)
        pending = house.state not in (HouseState.HANDED_OVER, HouseState.SETTLED, *_ENDED_HOUSES)
        yield Entry(
            on or house.proposed_on, "house", f"{house.kind}, {house.get_construction_display().lower()}", str(house.unit),
            house.ended_reason, ", ".join(funds), house.cost, _opens("house", house, user), house, pending,
        )  # fmt: skip


def _loans(own, user):
    for loan in Loan.objects.filter(own).select_related("unit", "project"):
        on = loan.disbursed_on or loan.approved_on or loan.proposed_on
        pending = loan.state in _PENDING_LOANS
        yield Entry(
            on, "credit_score", f"Vay vốn: {loan.purpose}", str(loan.unit), "", str(loan.project or ""), loan.amount,
            _opens("loan", loan, user), loan, pending,
        )  # fmt: skip


def _transfers(person):
    moves = person.transfers.exclude(state=Transfer.State.REFUSED).exclude(state=Transfer.State.WITHDRAWN)
    for move in moves.select_related("from_unit", "to_unit", "asked_by", "decided_by"):
        pending = move.state == Transfer.State.ASKED
        yield Entry(
            move.decided_on or move.asked_on, "move_down", f"Chuyển từ {move.from_unit} sang {move.to_unit}",
            str(move.decided_by or move.asked_by), move.reason, row=move, is_pending=pending,
        )  # fmt: skip
