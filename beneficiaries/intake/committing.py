"""Accepted rows of a list into the ledger, all of them in one transaction or none, with history."""

from datetime import date
from functools import cached_property

from beneficiaries.grants.models import Grant
from beneficiaries.houses.addresses import address_key
from beneficiaries.houses.models import House, HouseFunding, HouseKind
from beneficiaries.intake.duplicates import Written, open_cases
from beneficiaries.intake.matching import PLAIN, asks_for_support, match_rows
from beneficiaries.intake.models import StagedRow
from beneficiaries.intake.staging import load
from beneficiaries.intake.tables import is_unit_name
from beneficiaries.intake.verdicts import read_rate
from beneficiaries.loans.models import Loan
from beneficiaries.people.models import FormerId, Hardship, Household, Person, PovertyRecord
from programs.targets.models import mark_stale
from welfare.bulk import add_history, add_rows, among, of_ids, update_rows
from welfare.crypto import decrypt
from welfare.states import Refused
from welfare.units.models import today
from welfare.vietnamese import fold, format_money, sort_key

_PERSON = [*PLAIN, "folded_name", "sort_name", "birth_date", "birth_year", "national_id", "id_hash", "bank_account"]
_HOUSEHOLD = ("household_status", "certificate_number", "household_size", "household_role", "head_name", "members")
_SOURCES = (("cost_union", "fund"), ("cost_family", "family"), ("cost_other", "other"))


def write_rows(batch, by) -> dict[str, int]:
    """Writes the batch's accepted rows; call in the transaction that ends its job, which holds the unit.

    Returns how many rows of what. Raises ``Refused`` when the round's ceiling has come down since the check.
    """
    writing = _Writing(batch, by)
    writing.write()
    return {name: count for name, count in writing.counts.items() if count}


class _Writing:
    def __init__(self, batch, by):
        self.batch, self.by, self.on = batch, by, today()
        self.staged, self.rows, self.hashes, self.sealed = load(batch)
        self.match = match_rows(batch, self.rows, self.hashes)
        self.units = self.match.units
        if not batch.books.issuperset(self.units):
            raise Refused("Đơn vị ghi trong danh sách vừa được đổi tên hoặc lập mới; hãy tải lại danh sách.")
        if self.match.strangers or self.match.clashes:
            raise Refused("Có người mang mã hồ sơ trong danh sách vừa được sửa hoặc chuyển đi; hãy tải lại danh sách.")
        self.taken = [index for index in range(len(self.rows)) if index not in self.match.twins]
        self.person: list[int | None] = [known and known.id for known in self.match.known]
        self.household: list[int | None] = [known and known.household_id for known in self.match.known]
        self.counts: dict[str, int] = {}

    def write(self) -> None:
        self._households()
        self._new_people()
        self._members()
        self._changed_people()
        self._poverty()
        self._hardships()
        if self.batch.kind == self.batch.Kind.HOUSES:
            self._houses()
        elif self.batch.kind == self.batch.Kind.LOANS:
            self._loans()
        elif self.batch.round_id:
            self._grants()
        for unit, people in self._touched().items():
            open_cases(unit, people)
        self._recount()

    # --- households -----------------------------------------------------------------------------------

    def _households(self) -> None:
        columns = {name: self.rows.column(name) for name in _HOUSEHOLD}
        told = [*map(any, zip(*columns.values(), strict=True))]
        lacking = [i for i in self.taken if told[i] and not self.household[i]]
        keys = {index: self._household_key(index, columns) for index in lacking}
        known = self._certified([key[1] for key in keys.values() if key[0] == "certificate"])
        fresh: dict[tuple, list[int]] = {}
        for index, key in keys.items():
            if key in known:
                self.household[index] = known[key]
            else:
                fresh.setdefault(key, []).append(index)
        self._add_households(fresh, columns)
        self._resize(columns["household_size"])

    def _household_key(self, index: int, columns: dict) -> tuple:
        """Rows of one certificate, or under one head at one address, are one household."""
        if columns["certificate_number"][index]:
            return "certificate", columns["certificate_number"][index], self.units[index]
        head = columns["head_name"][index]
        if columns["household_role"][index] == "head":
            head = self.rows.at(index, "full_name")
        if not head:
            return "row", index
        return "head", fold(head), fold(self.rows.at(index, "address") or ""), self.units[index]

    def _certified(self, numbers: list[str]) -> dict[tuple, int]:
        own = PovertyRecord.objects.filter(household__unit__in=set(self.units), certificate_number__in=among(numbers))
        columns = ("certificate_number", "household__unit", "household")
        listed = own.order_by("year", "pk").values_list(*columns) if numbers else ()
        return {("certificate", number, unit): household for number, unit, household in listed}

    def _add_households(self, fresh: dict[tuple, list[int]], columns: dict) -> None:
        names, addresses, roles = self.rows.column("full_name"), self.rows.column("address"), columns["household_role"]
        heads, notes = [], []
        for indexes in fresh.values():
            head = next((names[i] for i in indexes if roles[i] == "head"), None)
            heads.append(head or next(filter(None, (columns["head_name"][i] for i in indexes)), names[indexes[0]]))
            members = dict.fromkeys(
                name for i in indexes for name in columns["members"][i] or () if name not in self._confirmed(i)
            )
            notes.append(f"Thành viên theo danh sách: {', '.join(members)}" if members else "")
        first = [indexes[0] for indexes in fresh.values()]
        ids = self._add(
            Household, len(fresh), unit_id=self._unit(first), head_name=[name[:120] for name in heads], note=notes,
            address=[addresses[i] or "" for i in first],
            size=[columns["household_size"][i] for i in first],
        )  # fmt: skip
        for household, indexes in zip(ids, fresh.values(), strict=True):
            for index in indexes:
                self.household[index] = household

    def _resize(self, sizes: list) -> None:
        changed = {
            self.household[i]: sizes[i]
            for i in self.taken
            if self.match.known[i] and self.household[i] and "household_size" in self.match.changes.get(i, ())
        }
        self._change(Household, ["size"], [(pk, size) for pk, size in changed.items() if pk in self.match.households])

    # --- people ---------------------------------------------------------------------------------------

    def _new_people(self) -> None:
        new = [index for index in self.taken if self.person[index] is None]
        columns = {name: [column[i] for i in new] for name, column in self._person_columns.items()}
        groups = self.rows.column("group")
        columns["workplace"] = [
            place
            or (groups[i] if groups[i] and is_unit_name(groups[i]) and self.units[i] == self.batch.unit_id else None)
            for place, i in zip(columns["workplace"], new, strict=True)
        ]
        for name in (*PLAIN, "national_id", "bank_account"):
            columns[name] = [value or "" for value in columns[name]]
        household = [self.household[index] for index in new]
        ids = self._add(Person, len(new), unit_id=self._unit(new), household_id=household, **columns)
        for index, pk in zip(new, ids, strict=True):
            self.person[index] = pk
        if new:
            update_rows(
                StagedRow, ["person_id"], [(self.staged[index], pk) for index, pk in zip(new, ids, strict=True)]
            )

    def _confirmed(self, index: int) -> list[str]:
        members = self.rows.at(index, "members")
        return self.batch.confirmed_of(self.rows.sheet[index], self.rows.number[index], members) if members else []

    def _members(self) -> None:
        """Confirmed members of a household who are not in it yet, known by name alone."""
        named = {i: names for i in self.taken if self.household[i] and (names := self._confirmed(i))}
        if not named:
            return
        homes = {self.household[i]: self.units[i] for i in named}
        there = set(Person.objects.filter(household__in=among(homes)).values_list("household", "folded_name"))
        fresh = {(self.household[i], fold(name)): name for i, names in named.items() for name in names}
        lines = [(home, folded, name) for (home, folded), name in fresh.items() if (home, folded) not in there]
        units = [homes[home] for home, *_ in lines]
        homes, folded, names = map(list, zip(*lines, strict=True)) if lines else ([], [], [])
        self._add(
            Person, len(lines), unit_id=units, household_id=homes, full_name=names, folded_name=folded,
            sort_name=[sort_key(name) for name in names], household_role=Person.HouseholdRole.MEMBER,
        )  # fmt: skip

    @cached_property
    def _person_columns(self) -> dict[str, list]:
        rows = self.rows
        keys: dict[str, str] = {}
        names = rows.column("full_name")
        for name in names:
            if name not in keys:
                keys[name] = sort_key(name)
        return {name: rows.column(name) for name in (*PLAIN, "birth_date", "birth_year")} | {
            "folded_name": rows.name_folded,
            "sort_name": [keys[name] for name in names],
            "national_id": self.sealed["national_id"],
            "id_hash": self.hashes,
            "bank_account": self.sealed["bank_account"],
        }

    def _changed_people(self) -> None:
        lines = []
        for index in self.taken:
            known = self.match.known[index]
            if known is None:
                continue
            changes = self.match.changes.get(index, {})
            if known.household_id != self.household[index] or changes.keys() & set(_PERSON):
                lines.append((known.id, self.household[index], *self._as_changed(known, changes, index)))
        self._change(Person, ["household_id", *_PERSON], lines)
        self._former_numbers()

    def _former_numbers(self) -> None:
        """A number that another takes the place of stays searchable."""
        replaced = [
            known for index in self.taken
            if (known := self.match.known[index]) and known.id_hash and "id_hash" in self.match.changes.get(index, {})
        ]  # fmt: skip
        FormerId.objects.bulk_create(
            [FormerId(person_id=known.id, id_hash=known.id_hash, national_id=decrypt(known.sealed_id)) for known in replaced],
            ignore_conflicts=True,
        )  # fmt: skip

    def _as_changed(self, known, changes, index):
        """The person's columns, in the order of _PERSON, after the changes."""
        columns = self._person_columns
        old = known._asdict() | {"national_id": known.sealed_id, "bank_account": known.sealed_account}
        with_them = {"full_name": ("folded_name", "sort_name"), "id_hash": ("national_id",)}
        for name in changes.keys() & set(_PERSON):
            for written in (name, *with_them.get(name, ())):
                old[written] = columns[written][index] if written not in changes else changes[written]
        if "bank_account" in changes:
            old["bank_account"] = columns["bank_account"][index]
        return [old[name] for name in _PERSON]

    # --- what they need -------------------------------------------------------------------------------

    def _poverty(self) -> None:
        statuses, numbers = self.rows.column("household_status"), self.rows.column("certificate_number")
        said = {self.household[i]: (statuses[i], (numbers[i] or "")) for i in self.taken[::-1] if statuses[i]}
        stored = {
            each["household_id"]: each
            for each in PovertyRecord.objects.filter(household__in=among(said), year=self.batch.year).values()
        } if said else {}  # fmt: skip
        new, units = {pk: value for pk, value in said.items() if pk not in stored}, self._units_of_households()
        status, number = [value[0] for value in new.values()], [value[1] for value in new.values()]
        self._add(
            PovertyRecord,
            len(new),
            household_id=list(new),
            unit_id=[units[pk] for pk in new],
            year=self.batch.year,
            status=status,
            certificate_number=number,
        )
        lines = [
            (each["id"], said[pk][0], said[pk][1] or each["certificate_number"])
            for pk, each in stored.items()
            if said[pk][0] != each["status"] or (said[pk][1] and said[pk][1] != each["certificate_number"])
        ]
        self._change(PovertyRecord, ["status", "certificate_number"], lines)

    def _units_of_households(self) -> dict[int, int]:
        return {self.household[i]: self.units[i] for i in self.taken}

    def _hardships(self) -> None:
        texts = self.rows.column("hardship")
        lines = {(self.person[i], kind): i for i in self.taken for kind in self.match.needs[i]}
        self._add(
            Hardship, len(lines), person_id=[person for person, _ in lines], kind_id=[kind for _, kind in lines],
            unit_id=self._unit(lines.values()), year=self.batch.year, known_on=self.on,
            note=[texts[i] or "" for i in lines.values()],
        )  # fmt: skip

    # --- what is proposed -----------------------------------------------------------------------------

    def _grants(self) -> None:
        round_ = self.batch.round
        given = [
            index
            for index in self.taken
            if self.person[index] not in self.match.in_round and asks_for_support(self.rows, index)
        ]
        cash, in_kind = self._amounts(given, round_)
        if given and (most := max(map(sum, zip(cash, in_kind, strict=True)))) > round_.ceiling:
            raise Refused(
                f"Có dòng ghi {format_money(most)}, vượt mức tối đa {format_money(round_.ceiling)} một người của đợt "
                f"“{round_}”; hãy sửa danh sách rồi tải lại."
            )
        texts = self.rows.column("hardship")
        self._add(
            Grant, len(given), round_id=round_.pk, unit_id=self._unit(given),
            person_id=[self.person[index] for index in given], cash=cash, in_kind_value=in_kind,
            reason=[texts[index] or "" for index in given], proposed_by_id=self.batch.owner_id, proposed_on=self.on,
        )  # fmt: skip

    def _amounts(self, given: list[int], round_) -> tuple[list[int], list[int]]:
        """Cash and value in kind; a row that names no amount gets the round's, by membership where it is known."""
        others = self._outside_the_union(given) if round_.other_amount else set()
        default = {i: round_.amount_for(self.person[i] not in others) for i in given}
        amount, cash, in_kind = map(self.rows.column, ("amount", "amount_cash", "amount_in_kind"))
        gifts = [in_kind[i] or 0 for i in given]
        money = [cash[i] or 0 if cash[i] or in_kind[i] else amount[i] or default[i] for i in given]
        return money, gifts

    def _outside_the_union(self, given: list[int]) -> set[int]:
        people = Person.objects.filter(pk__in=among([self.person[i] for i in given]), is_member=False) if given else []
        return {person.pk for person in people}

    def _houses(self) -> None:
        given = [index for index in self.taken if self.person[index] not in self.match.housed]
        columns = {name: self.rows.column(name) for name in ("cost_total", "amount", *dict(_SOURCES))}
        parts = {i: self._parts(i, columns) for i in given}
        addresses, elsewhere = self.rows.column("address"), self.rows.column("house_address")
        conditions, construction = self.rows.column("house_condition"), self.rows.column("construction")
        ids = self._add(
            House, len(given), unit_id=self._unit(given), kind_id=HouseKind.objects.get(code="mai_am").pk,
            construction=[construction[i] for i in given],
            household_id=[self.household[i] for i in given],
            person_id=[self.person[i] for i in given],
            address=[elsewhere[i] or addresses[i] or "" for i in given],
            folded_address=[address_key(elsewhere[i] or addresses[i] or "") for i in given],
            condition=[conditions[i] or "" for i in given],
            cost=[columns["cost_total"][i] or sum(parts[i].values()) for i in given],
            year=self.batch.year, proposed_by_id=self.batch.owner_id, proposed_on=self.on,
        )  # fmt: skip
        lines = [
            (pk, source, amount)
            for pk, index in zip(ids, given, strict=True)
            for source, amount in parts[index].items()
        ]
        house, source, amount = map(list, zip(*lines, strict=True)) if lines else ([], [], [])
        add_rows(HouseFunding, len(lines), house_id=house, source=source, amount=amount)

    def _loans(self) -> None:
        given = [index for index in self.taken if self.person[index] not in self.match.borrowing]
        project = self.batch.project
        amount, term, rate, purpose = map(self.rows.column, ("amount", "term_months", "rate", "purpose"))
        self._add(
            Loan, len(given), unit_id=self._unit(given), project_id=project.pk, source=project.source,
            person_id=[self.person[i] for i in given], household_id=[self.household[i] for i in given],
            purpose=[purpose[i] for i in given], amount=[amount[i] for i in given],
            term_months=[term[i] for i in given], rate=[str(read_rate(rate[i])) for i in given],
            proposed_by_id=self.batch.owner_id, proposed_on=self.on,
        )  # fmt: skip

    def _parts(self, index: int, columns: dict) -> dict[str, int]:
        found = {source: columns[name][index] for name, source in _SOURCES if columns[name][index]}
        if not found and columns["amount"][index]:
            found["fund"] = columns["amount"][index]
        return found

    # --- writing --------------------------------------------------------------------------------------

    def _add(self, model, count: int, **columns) -> list[int]:
        ids = add_rows(model, count, **columns)
        if ids:
            self._keep_history(model, ids, "+")
            self.counts[model._meta.model_name] = self.counts.get(model._meta.model_name, 0) + count
        return ids

    def _unit(self, indexes) -> int | list[int]:
        """The units of these rows; the one of a list that is all of one, as every column of values costs."""
        return [self.units[i] for i in indexes] if len(self.batch.books) > 1 else self.batch.unit_id

    def _change(self, model, columns: list[str], lines: list[tuple]) -> None:
        if lines:
            update_rows(model, columns, lines)
            self._keep_history(model, [line[0] for line in lines], "~")
            self.counts[f"changed_{model._meta.model_name}"] = len(lines)

    def _keep_history(self, model, ids: list[int], change: str) -> None:
        rows = model.objects.filter(of_ids(ids))
        add_history(model, rows, change=change, by=self.by, reason=self.batch.history_reason)

    def _touched(self) -> dict[int, list[Written]]:
        """By unit, new people, and those whose name, birth or number changed, as they are now."""
        telling = {"full_name", "birth_date", "birth_year", "id_hash"}
        names = self.rows.name_folded
        days, years = self.rows.column("birth_date"), self.rows.column("birth_year")
        touched: dict[int, list[Written]] = {}
        for index in self.taken:
            known = self.match.known[index]
            if known is None:
                told = self.hashes[index], names[index], days[index], years[index]
            elif changes := {name: each for name, each in self.match.changes.get(index, {}).items() if name in telling}:
                now = known._asdict() | {"folded_name": names[index]} | changes
                told = now["id_hash"], now["folded_name"], now["birth_date"], now["birth_year"]
            else:
                continue
            touched.setdefault(self.units[index], []).append(Written(self.person[index], *told))
        return touched

    def _recount(self) -> None:
        if not self.counts:
            return
        year = self.batch.year
        known_on = min(max(self.on, date(year, 1, 1)), date(year, 12, 31))
        for unit in set(self.units):
            mark_stale("people", unit, date(year, 1, 1), known_on)
            mark_stale("grants", unit, self.on)
            mark_stale("houses", unit, self.on)
