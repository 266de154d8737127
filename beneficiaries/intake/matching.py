"""What a unit's ledger already knows of the rows of a list: set-based, in a fixed number of queries.

Only people of the unit that a row is of are looked at here. That the same human is known elsewhere is found at commit, for the
province alone (duplicates.py): nothing the sender sees may depend on it.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import BooleanField, F, Q, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from beneficiaries.grants.models import Grant
from beneficiaries.houses.models import House
from beneficiaries.intake.hardships import HardshipReader
from beneficiaries.intake.rows import Rows
from beneficiaries.loans.models import Loan
from beneficiaries.people.models import FormerId, Hardship, Household, Person, PovertyRecord
from welfare.bulk import among
from welfare.crypto import decrypt, keyed_hash_all, keyed_hashes
from welfare.units.models import Unit
from welfare.vietnamese import fold

# Attributes of a person that a list may fill or correct; an empty cell never empties one.
PLAIN = ("full_name", "gender", "ethnicity", "phone", "address", "workplace", "bank_name", "household_role")


class Known(NamedTuple):
    """A person of the unit as the ledger has them; ID and account still encrypted."""

    id: int
    unit_id: int
    household_id: int | None
    household_role: str
    full_name: str
    folded_name: str
    sort_name: str
    birth_date: date | None
    birth_year: int | None
    gender: str
    sealed_id: str
    id_hash: str | None
    ethnicity: str
    phone: str
    address: str
    workplace: str
    sealed_account: str
    bank_name: str
    state: str
    state_on: date | None


@dataclass
class Match:
    """What the ledger knows. same, shown: of lists without people, rows that change nothing, and {label: [old, new]}.

    Per row: ``units`` whose books it belongs in, ``known`` person or None, ``changes`` {attribute: new value}, ``needs`` ids of kinds of hardship to add.

    strangers: rows with a record number that no person of the unit has; clashes: rows whose record number is one
    person's and whose ID is another's. twins: rows that mean the same known person as an earlier one. households and
    poverty: of known people, by household id. in_round, housed, borrowing: ids of people who need no second proposal. former:
    numbers somebody had before, which replace nobody's. helped: person id to words about this year's support.
    """

    known: list[Known | None]
    units: list[int] = field(default_factory=list)
    changes: dict[int, dict] = field(default_factory=dict)
    needs: list[tuple[int, ...]] = field(default_factory=list)
    same: set[int] = field(default_factory=set)
    shown: dict[int, dict] = field(default_factory=dict)
    strangers: list[int] = field(default_factory=list)
    clashes: dict[int, Known] = field(default_factory=dict)
    twins: dict[int, int] = field(default_factory=dict)
    households: dict[int, dict] = field(default_factory=dict)
    poverty: dict[int, dict] = field(default_factory=dict)
    in_round: set[int] = field(default_factory=set)
    housed: set[int] = field(default_factory=set)
    borrowing: set[int] = field(default_factory=set)
    former: set[str] = field(default_factory=set)
    helped: dict[int, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))

    def effect(self, index: int) -> str:
        if index in self.same:
            return "same"
        if self.known[index] is None:
            return "changed" if index in self.shown else "new"
        return "changed" if index in self.changes or self.needs[index] else "same"


def asks_for_support(rows: Rows, index: int) -> bool:
    """Rows that a template came with ask for nothing unless an amount was written beside the person."""
    amounts = [rows.values[name][index] for name in ("amount", "amount_cash", "amount_in_kind") if name in rows.values]
    known = "record_number" in rows.values and rows.values["record_number"][index] is not None
    return not known or not amounts or any(amounts)


def hash_ids(rows: Rows) -> list[str | None]:
    return keyed_hash_all(rows.column("national_id"))


def match_rows(batch, rows: Rows, hashes: list[str | None]) -> Match:
    """Compares every row with the people, households, hardships and support of its unit and the batch's year."""
    former: dict[tuple, Known] = {}
    units = units_of(batch, rows)
    match = Match(_find_people(units, rows, hashes, former), units, former={number for _, number in former})
    _find_records(match, rows)
    _find_twins(match)
    ids = {person.id for person in match.known if person}
    _read_households(match, batch.year)
    _read_support(match, batch, ids)
    _read_needs(match, rows, batch.year, ids)
    _compare(match, rows, hashes)
    return match


def units_of(batch, rows: Rows) -> list[int]:
    """Of each row the unit in whose books it belongs.

    In a list of the whole province it is the one that the row's group names. A unit's own list stays in its books: its
    groups are places of work, most of which keep none.
    """
    named = {name for name in rows.values.get("group_unit", ()) if name}
    if not named or not batch.unit.is_root():
        return [batch.unit_id] * len(rows)
    reach = batch.owner.reach_for("beneficiaries.change_listbatch")
    below = Unit.objects.in_force().filter(path__startswith=batch.unit.path, short_name__in=named)
    own = {
        name: pk for pk, name in below.values_list("pk", "short_name") if batch.owner.is_system or reach.may_write(pk)
    }
    return [own.get(name, batch.unit_id) for name in rows.values["group_unit"]]


# --- people -----------------------------------------------------------------------------------------


def _find_people(units: list[int], rows: Rows, hashes: list, former: dict[tuple, Known]) -> list[Known | None]:
    people = Person.objects.standing().filter(unit__in=set(units))
    known = _by_number(people, units, rows, hashes, former)
    left = [index for index, person in enumerate(known) if person is None and rows.name_folded[index]]
    if left:
        _by_name(people, units, rows, hashes, left, known)
    return known


def _find_records(match: Match, rows: Rows) -> None:
    """A record number goes before ID and name. Merged people's lead to whom they were merged into."""
    given = {number for number in rows.values.get("record_number", ()) if number}
    if not given:
        return
    own = Person.objects.filter(unit__in=set(match.units), pk__in=among(given)).order_by()
    kept = {pk: into or pk for pk, into in own.values_list("pk", "merged_into")}
    people = Person.objects.filter(pk__in=among(kept.values())) if kept else Person.objects.none()
    by_id = {(person.unit_id, person.id): person for person in _read(people)}
    ids = rows.column("national_id")
    for index, number in enumerate(rows.column("record_number")):
        if not number:
            continue
        person, other = by_id.get((match.units[index], kept.get(number))), match.known[index]
        if person is None:
            match.strangers.append(index)
        elif other and other.id != person.id and ids[index]:
            match.clashes[index] = other
        match.known[index] = person


def _by_number(people, units: list[int], rows: Rows, hashes: list, former: dict[tuple, Known]) -> list[Known | None]:
    given = [each for each in hashes if each]
    newest = dict(zip(given, given, strict=True))
    if len(settings.HMAC_KEYS) > 1:
        for number, newer in zip(rows.column("national_id"), hashes, strict=True):
            newest |= dict.fromkeys(keyed_hashes(number or ""), newer)
    numbered_people = _read(people.filter(numbered(newest))) if given else []
    found = {(person.unit_id, newest[person.id_hash]): person for person in numbered_people}
    lacking = {each for unit, each in zip(units, hashes, strict=True) if each and (unit, each) not in found}
    if missing := [each for each in newest if newest[each] in lacking]:
        former |= _by_former_number(people, missing, newest)
        found = former | found
    return [found.get(key) for key in zip(units, hashes, strict=True)]


def _by_former_number(people, hashes: list[str], newest: dict) -> dict[tuple, Known]:
    """Those who had one of these numbers before, by unit and the number's hash under the newest key."""
    had = FormerId.objects.filter(person__in=people.order_by().values("pk"), id_hash__in=among(hashes))
    held = dict(had.order_by("pk").values_list("id_hash", "person"))
    by_id = {person.id: person for person in _read(people.filter(pk__in=among(held.values())))} if held else {}
    return {(by_id[person].unit_id, newest[each]): by_id[person] for each, person in held.items()}


def _read(people) -> list[Known]:
    sealed = {"sealed_id": Cast("national_id", TextField()), "sealed_account": Cast("bank_account", TextField())}
    return [Known(*values) for values in people.annotate(**sealed).order_by().values_list(*Known._fields)]


def _by_name(people, units: list[int], rows: Rows, hashes: list, left: list[int], known: list) -> None:
    """Those without a number in the list or in the ledger: same name and same birth, or lacking that same workplace."""
    if namesakes := _read(people.filter(_namesakes(rows, hashes, left))):
        of_unit = defaultdict(list)
        for person in namesakes:
            of_unit[person.unit_id].append(person)
        everybody = {unit: _by_birth(people) for unit, people in of_unit.items()}
        unnumbered = {unit: _by_birth(each for each in people if not each.id_hash) for unit, people in of_unit.items()}
        days, years, workplaces = map(rows.column, ("birth_date", "birth_year", "workplace"))
        for index in left:
            among_them = (unnumbered if hashes[index] else everybody).get(units[index], {})
            names, place = _orders(rows.name_folded[index]), fold(workplaces[index] or "")
            known[index] = _same_human(among_them, names, days[index], years[index], place)


def _orders(folded: str) -> tuple[str, ...]:
    """A name as written and with the given name moved to the other end."""
    first, _, rest = folded.partition(" ")
    front, _, last = folded.rpartition(" ")
    return (folded, f"{rest} {first}", f"{last} {front}") if rest else (folded,)


def _namesakes(rows: Rows, hashes: list, left: list[int]) -> Q:
    years = rows.column("birth_year")
    with_number, bare, unborn, names = set(), set(), set(), set()
    for index in left:
        for name in _orders(rows.name_folded[index]):
            names.add(name)
            if years[index] is None:
                unborn.add(name)
            else:
                (with_number if hashes[index] else bare).add((name, years[index]))
    found = Q(birth_year__isnull=True, folded_name__in=among(names))
    if with_number:
        found |= Q(id_hash__isnull=True) & Q(born_as(with_number))
    if bare:
        found |= Q(born_as(bare))
    return found | Q(folded_name__in=among(unborn)) if unborn else found


def numbered(hashes) -> RawSQL:
    """Condition: the ID's hash is one of these. PostgreSQL takes half the time for an array that it does for a query."""
    if connection.vendor == "postgresql":
        sql, listed = "beneficiaries_person.id_hash = ANY(string_to_array(%s, ' '))", " ".join(hashes)
    else:
        sql, listed = "beneficiaries_person.id_hash IN (SELECT value FROM json_each(%s))", json.dumps(list(hashes))
    return RawSQL(sql, [listed], output_field=BooleanField())


def born_as(pairs) -> RawSQL:
    """Condition: (folded name, birth year) is one of the pairs."""
    if connection.vendor == "postgresql":
        listed = "SELECT value->>0, (value->>1)::int FROM json_array_elements(%s::json)"
    else:
        listed = "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(%s)"
    sql = f"(beneficiaries_person.folded_name, beneficiaries_person.birth_year) IN ({listed})"
    return RawSQL(sql, [json.dumps(list(pairs))], output_field=BooleanField())


def _by_birth(people) -> dict[tuple, Known]:
    """By name, birth and workplace (None for any) who was written first. A birth is a day, ("only", a year) where no day is
    known, ("in", a year), or "any": a whole list may be of one name, and is not compared with everybody of that name."""
    first: dict[tuple, Known] = {}
    for person in sorted(people, key=itemgetter(0)):
        place = fold(person.workplace)
        for birth in (person.birth_date or ("only", person.birth_year), ("in", person.birth_year), "any"):
            first.setdefault((person.folded_name, birth, place), person)
            first.setdefault((person.folded_name, birth, None), person)
    return first


def _same_human(first: dict, names: tuple, day: date | None, year: int | None, workplace: str) -> Known | None:
    """Of the same birth, and best of the same workplace; where one of the births is unknown only of the same workplace."""
    if day:
        same, unknown = (day, ("only", year)), ("only", None)
    else:
        same, unknown = ((("in", year),), ("in", None)) if year else ((), "any")

    def those(births, place):
        return [person for name in names for birth in births if (person := first.get((name, birth, place)))]

    return min(those((*same, unknown), workplace) or those(same, None), key=itemgetter(0), default=None)


def _find_twins(match: Match) -> None:
    first: dict[int, int] = {}
    for index, person in enumerate(match.known):
        if person is not None and first.setdefault(person.id, index) != index:
            match.twins[index] = first[person.id]


# --- what belongs to them ----------------------------------------------------------------------------


def _read_households(match: Match, year: int) -> None:
    ids = {person.household_id for person in match.known if person and person.household_id}
    if ids:
        households = Household.objects.filter(pk__in=among(ids)).values("id", "head_name", "address", "size")
        match.households = {each["id"]: each for each in households.order_by()}
        records = PovertyRecord.objects.filter(household__in=among(ids), year=year).order_by()
        match.poverty = {
            each["household_id"]: each for each in records.values("id", "household_id", "status", "certificate_number")
        }


def _read_support(match: Match, batch, ids: set[int]) -> None:
    if not ids:
        return
    own = Grant.objects.filter(unit__in=set(match.units), person__in=among(ids))
    given = own.filter(round__year=batch.year).annotate(total=F("cash") + F("in_kind_value")).order_by("pk")
    for person, round_id, name, state, total in given.values_list("person", "round", "round__name", "state", "total"):
        if round_id == batch.round_id:
            match.in_round.add(person)
        elif state in (Grant.State.APPROVED, Grant.State.PAID):
            match.helped[person].append((name, total))
    if batch.kind == batch.Kind.LOANS:
        match.borrowing = _borrowing(batch, ids)
    if batch.kind == batch.Kind.HOUSES:
        ended = [House.State.REFUSED, House.State.WITHDRAWN]
        houses = House.objects.filter(person__in=among(ids), year=batch.year).exclude(state__in=ended)
        match.housed = set(houses.order_by().values_list("person", flat=True))


def _borrowing(batch, ids: set[int]) -> set[int]:
    open_ones = [Loan.State.PROPOSED, Loan.State.APPROVED, Loan.State.DISBURSED, Loan.State.REFERRED]
    loans = Loan.objects.filter(person__in=among(ids), project=batch.project_id, state__in=open_ones)
    return set(loans.order_by().values_list("person", flat=True))


def _read_needs(match: Match, rows: Rows, year: int, ids: set[int]) -> None:
    reader = HardshipReader()
    match.needs = [reader.kinds_in(text) for text in rows.column("hardship")]
    if ids:
        noted = defaultdict(set)
        for person, kind in Hardship.objects.filter(person__in=among(ids), year=year).values_list("person", "kind"):
            noted[person].add(kind)
        for index, person in enumerate(match.known):
            if person and person.id in noted:
                match.needs[index] = tuple(kind for kind in match.needs[index] if kind not in noted[person.id])


# --- differences --------------------------------------------------------------------------------------


def _compare(match: Match, rows: Rows, hashes: list) -> None:
    columns = {name: rows.values[name] for name in PLAIN if name in rows.values}
    names = ("birth_date", "birth_year", "household_status", "certificate_number", "household_size", "bank_account")
    given = zip(*(rows.column(name) for name in names), strict=True)
    for index, (person, values) in enumerate(zip(match.known, given, strict=True)):
        if person is None:
            continue
        day, year, status, certificate, size, account = values
        changed = {
            name: column[index]
            for name, column in columns.items()
            if column[index] is not None and column[index] != getattr(person, name)
        }
        changed |= _birth_change(person, day, year)
        if hashes[index] and hashes[index] != person.id_hash and hashes[index] not in match.former:
            changed["id_hash"] = hashes[index]
        if account and account != decrypt(person.sealed_account):
            changed["bank_account"] = account
        changed |= _household_change(match, person, status, certificate, size)
        if changed:
            match.changes[index] = changed


def _birth_change(person: Known, day: date | None, year: int | None) -> dict:
    """A year alone never replaces a full date."""
    if day:
        return {"birth_date": day, "birth_year": year} if day != person.birth_date else {}
    known = person.birth_date or year == person.birth_year
    return {"birth_date": None, "birth_year": year} if year and not known else {}


def _household_change(match: Match, person: Known, status, certificate, size) -> dict:
    household = match.households.get(person.household_id, {"size": None})
    record = match.poverty.get(person.household_id, {"status": None, "certificate_number": ""})
    given = {"household_status": (status, record["status"]), "household_size": (size, household["size"])}
    if status:
        given["certificate_number"] = (certificate, record["certificate_number"])
    return {name: new for name, (new, old) in given.items() if new is not None and new != old}
