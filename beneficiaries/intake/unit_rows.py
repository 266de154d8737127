"""Lists whose rows are units: grants in bulk for a round, results of a campaign."""

from beneficiaries.campaigns.models import CampaignResult
from beneficiaries.grants.models import Grant
from beneficiaries.intake.cells import ERROR, WARNING
from beneficiaries.intake.matching import Match
from beneficiaries.intake.money import USUAL
from beneficiaries.intake.outsiders import unit_key
from beneficiaries.intake.rows import Rows
from beneficiaries.intake.staging import load
from programs.targets.models import mark_stale
from welfare.bulk import add_history, add_rows, among
from welfare.states import Refused
from welfare.units.models import Unit, today
from welfare.vietnamese import format_money, format_number

_NUMBERS = ("members", "contributors", "amount")
_LABELS = {"members": "Đoàn viên", "contributors": "Đoàn viên ủng hộ", "amount": "Số tiền"}


def _units(batch, rows: Rows) -> list[Unit | None]:
    """Of each row the unit at or under the sender's that bears its name."""
    known = {}
    for unit in Unit.objects.filter(path__startswith=batch.unit.path).order_by("-depth"):
        known |= {unit_key(unit.name): unit, unit_key(unit.short_name): unit}
    return [known.get(unit_key(name)) if name else None for name in rows.column("full_name")]


def _writes(batch, permission: str):
    """Whether the sender may write a unit's rows; the system account, all at and under the list's unit."""
    reach = batch.owner.reach_for(f"beneficiaries.{permission}")
    return lambda unit: unit.path.startswith(batch.unit.path) if batch.owner.is_system else reach.may_write(unit.pk)


def _tell_doubles(rows: Rows) -> None:
    first: dict[str, int] = {}
    for index, name in enumerate(rows.column("full_name")):
        key = unit_key(name or "")
        if key and first.setdefault(key, index) != index:
            rows.tell(
                index, ERROR, "full_name", f"Đơn vị này đã có ở dòng {rows.number[first[key]]}; hãy gộp hai dòng."
            )


# --- grants in bulk --------------------------------------------------------------------------------------


def review_summary(batch, rows: Rows) -> Match:
    """Rows become grants without names. What the round has of a unit already is said again or refused."""
    match, units = _blank(rows), _units(batch, rows)
    there, may_write = _given(batch), _writes(batch, "propose_grant")
    counts, parts = rows.column("people_count"), _parts(rows)
    for index, unit in enumerate(units):
        name, count, value = rows.column("full_name")[index] or "", counts[index], sum(parts[index])
        if not count:
            rows.tell(index, ERROR, "people_count", "Thiếu số suất; hãy ghi số suất từ 1 trở lên.")
        if not value:
            rows.tell(index, ERROR, "amount", "Thiếu số tiền; hãy ghi tổng số tiền của các suất.")
        if count and batch.round and value > batch.round.ceiling * count:
            most = format_money(batch.round.ceiling)
            rows.tell(
                index,
                ERROR,
                "amount",
                f"Bình quân vượt mức tối đa {most} một suất của đợt “{batch.round}”; hãy sửa số tiền.",
            )
        elif count and 0 < value < USUAL[0] * count:
            text = f"Bình quân chỉ {format_money(value // count)} một suất; hãy kiểm tra đơn vị tính của cột số tiền."
            rows.tell(index, WARNING, "amount", text)
        if not rows.is_told(index, "full_name"):
            _tell_unit(batch, rows, index, unit, may_write)
        if known := there.get(unit_key(name)):
            if known == (count, *parts[index]):
                match.same.add(index)
            else:
                had = f"{format_number(known[0])} suất, {format_money(known[1] + known[2])}"
                rows.tell(index, ERROR, "full_name", f"Đợt này đã có đề nghị {had} cho đơn vị này; hãy sửa đề nghị đó.")
    _tell_doubles(rows)
    return match


def _tell_unit(batch, rows: Rows, index: int, unit: Unit | None, may_write) -> None:
    if unit is None:
        name = rows.column("full_name")[index] or ""
        text = f"Chưa có đơn vị “{name}” trong hệ thống; khoản này được ghi cho {batch.unit}."
        rows.tell(index, WARNING, "full_name", text)
    elif not may_write(unit):
        text = f"{unit} tự lập đề nghị của mình; khoản này được ghi cho {batch.unit}, hãy chắc rằng đơn vị ấy không gửi nữa."
        rows.tell(index, WARNING, "full_name", text)


def write_summary(batch, by) -> dict[str, int]:
    _, rows, *_ = load(batch)
    units, parts, there = _units(batch, rows), _parts(rows), _given(batch)
    may_write = _writes(batch, "propose_grant")
    names, counts = rows.column("full_name"), rows.column("people_count")
    taken = [i for i in range(len(rows)) if unit_key(names[i]) not in there]
    owners = [units[i].pk if units[i] and may_write(units[i]) else batch.unit_id for i in taken]
    if any(sum(parts[i]) > batch.round.ceiling * counts[i] for i in taken):
        raise Refused(f"Mức tối đa của đợt “{batch.round}” vừa được sửa nên chưa ghi gì; hãy tải lại danh sách.")
    ids = add_rows(
        Grant, len(taken), round_id=batch.round_id, unit_id=owners, people_count=[counts[i] for i in taken],
        cash=[parts[i][0] for i in taken], in_kind_value=[parts[i][1] for i in taken],
        reason=[names[i] for i in taken], proposed_by_id=batch.owner_id, proposed_on=today(),
    )  # fmt: skip
    if ids:
        add_history(Grant, Grant.objects.filter(pk__in=among(ids)), change="+", by=by, reason=batch.history_reason)
        for unit in set(owners):
            mark_stale("grants", unit, today())
    return {"grant": len(ids)} if ids else {}


def _given(batch) -> dict[str, tuple[int, int, int]]:
    """Of the round's grants without names, written for the sender's units: by the name in their reason."""
    bulk = Grant.objects.filter(
        round=batch.round_id, unit__path__startswith=batch.unit.path, person=None, household=None
    )
    bulk = bulk.exclude(state=Grant.State.REFUSED).exclude(reason="")
    figures = bulk.values_list("reason", "people_count", "cash", "in_kind_value")
    return {unit_key(reason): (count, cash, in_kind) for reason, count, cash, in_kind in figures}


def _parts(rows: Rows) -> list[tuple[int, int]]:
    """Cash and value in kind of each row."""
    amount, cash, in_kind = map(rows.column, ("amount", "amount_cash", "amount_in_kind"))
    return [(cash[i] or 0 if cash[i] or in_kind[i] else amount[i] or 0, in_kind[i] or 0) for i in range(len(rows))]


# --- results of a campaign ---------------------------------------------------------------------------------


def review_campaign(batch, rows: Rows) -> Match:
    match, results = _blank(rows), _results(batch, rows)
    given = {name: rows.column(name) for name in _NUMBERS}
    for index, result in enumerate(results):
        if result is None and rows.is_told(index, "full_name"):
            continue
        if result is None:
            text = f"“{rows.column('full_name')[index]}” không phải đơn vị được vận động mà bạn ghi kết quả; hãy ghi đúng tên đơn vị."
            rows.tell(index, ERROR, "full_name", text)
            continue
        if given["contributors"][index] is None:
            rows.tell(index, ERROR, "contributors", "Thiếu số đoàn viên ủng hộ; hãy ghi một số, kể cả 0.")
        whole = given["members"][index] or result.whole
        if (given["contributors"][index] or 0) > whole:
            text = f"Đoàn viên ủng hộ nhiều hơn số đoàn viên ({format_number(whole)}); hãy kiểm tra lại."
            rows.tell(index, ERROR, "contributors", text)
        changed = {
            _LABELS[name]: [_number(getattr(result, name)), _number(column[index])]
            for name, column in given.items()
            if column[index] is not None and column[index] != getattr(result, name)
        }
        if not changed:
            match.same.add(index)
        elif result.contributors is not None:
            match.shown[index] = changed
    _tell_doubles(rows)
    return match


def write_campaign(batch, by) -> dict[str, int]:
    _, rows, *_ = load(batch)
    changed, results = 0, _results(batch, rows, locked=True)
    columns = {name: rows.column(name) for name in _NUMBERS}
    _keep_beginnings([result.pk for result in results if result])
    for index, result in enumerate(results):
        if result is None:
            raise Refused("Bạn không còn được ghi kết quả của một đơn vị trong danh sách; hãy tải lại danh sách.")
        given = {name: column[index] for name, column in columns.items()}
        told = {name: value for name, value in given.items() if value is not None and value != getattr(result, name)}
        if told:
            for name, value in told.items():
                setattr(result, name, value)
            result.by = batch.owner
            result._change_reason = batch.history_reason
            result._history_user = by
            result.save()
            changed += 1
    return {"campaignresult": changed} if changed else {}


def _keep_beginnings(ids: list[int]) -> None:
    """Results come into being without a version; one is kept, so that an undo finds what stood before."""
    known = set(CampaignResult.history.filter(id__in=ids).values_list("id", flat=True))
    if fresh := [pk for pk in ids if pk not in known]:
        add_history(CampaignResult, CampaignResult.objects.filter(pk__in=fresh), change="+")


def _results(batch, rows: Rows, *, locked=False) -> list[CampaignResult | None]:
    """Of each row the result that the sender may write: their own, or all of a campaign their unit runs."""
    may_write = _writes(batch, "change_campaignresult")
    found = CampaignResult.objects.filter(campaign=batch.campaign_id).with_members().select_related("unit", "campaign")
    found = found.select_for_update(of=("self",)) if locked else found
    runs_it = batch.campaign is not None and may_write(batch.campaign.unit)
    known = {}
    for result in found:
        if runs_it or may_write(result.unit):
            known |= {unit_key(result.unit.name): result, unit_key(result.unit.short_name): result}
    return [known.get(unit_key(name or "")) for name in rows.column("full_name")]


def _number(value) -> str:
    return format_number(value) if value is not None else ""


def _blank(rows: Rows) -> Match:
    return Match([None] * len(rows), needs=[()] * len(rows))
