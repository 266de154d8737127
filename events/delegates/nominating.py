"""Nominating delegates into a place of the quota: all that are asked for, or none."""

from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError

from beneficiaries.models import Person
from events.delegates.models import Delegate
from events.delegates.places import Place, capacity, fields_of, hold, patiently, taken
from events.delegates.states import HOLDING, State
from events.gatherings.models import Event
from events.quotas.models import QuotaLine, QuotaShare
from welfare.audit import AuditEvent, record
from welfare.rules import business_day, need
from welfare.states import Refused, moving


@dataclass(frozen=True)
class Nominee:
    """A person of the ledger, or somebody by name."""

    person: Person | None = None
    full_name: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    extra: dict = field(default_factory=dict)  # title, workplace, phone, companion

    def fields(self) -> dict:
        if self.person is None:
            known = {"full_name": " ".join(self.full_name.split())[:120], "birth_date": self.birth_date}
            return {**known, "birth_year": self.birth_year, **self.extra}
        person = self.person
        known = {"full_name": person.full_name, "birth_date": person.birth_date, "birth_year": person.birth_year}
        return {**known, "person": person, "phone": person.phone, "workplace": person.workplace, **self.extra}


def nominate(place: Place, by, nominees: list[Nominee], *, over_quota_reason: str = "", on=None) -> list[Delegate]:
    """``on``: the business date, today if left out. Raises ``Refused`` with how many places are left; ``over_quota_reason`` lets the province go beyond them.

    Whom the organiser itself names (of invited organisations, of its own part) nobody else has to accept.
    """
    _refuse(place, by, nominees)
    given = {"nominated_on": business_day(on)}
    return patiently(lambda: _write(place, by, nominees, over_quota_reason.strip(), **given))


def substitute(delegate: Delegate, by, nominee: Nominee, *, reason: str) -> Delegate:
    """Somebody else in the same place: the one steps back and the other is nominated, both or neither.

    The seat waits for whoever comes instead, until someone else is seated there.
    """
    place = delegate.share or delegate.body or delegate.line
    _refuse(place, by, [nominee])
    if not reason.strip():
        raise Refused("Phải ghi lý do.")

    def exchange():
        hold(place)
        came_from = [state for state in HOLDING if state != State.ATTENDED]
        with moving(delegate, State.SUBSTITUTED, by=by, came_from=came_from) as row:
            row.state_reason = reason.strip()[:300]
        over = delegate.over_quota_reason
        given = {"substitute_of": delegate, "is_over_quota": delegate.is_over_quota}
        instead = _write(place, by, [nominee], over, **given)[0]
        if hasattr(delegate, "seat"):
            delegate.seat.delegate = instead
            delegate.seat.save(update_fields=["delegate"])
        return instead

    return patiently(exchange)


def _refuse(place, by, nominees):
    fields = fields_of(place)
    event, unit_id = fields["event"], fields["unit_id"]
    need(by, "events.nominate_delegate", "đề cử đại biểu")
    if not by.reach_for("events.nominate_delegate").may_write(unit_id):
        raise Refused("Bạn chỉ được đề cử đại biểu của đơn vị mình.")
    if event.state == Event.State.DRAFT:
        raise Refused("Sự kiện chưa thông báo nên chưa nhận đề cử.")
    if event.state == Event.State.HELD:
        raise Refused("Sự kiện đã tổ chức nên không nhận đề cử nữa.")
    if fields["line"].is_overlay:
        raise Refused("Phần “trong đó” không nhận đề cử riêng; hãy đề cử ở thành phần mà nó thuộc về.")
    if not nominees:
        raise Refused("Chưa chọn ai; hãy chọn người trong sổ hoặc ghi họ tên.")
    for nominee in nominees:
        _refuse_nominee(place, nominee)


def _refuse_nominee(place, nominee):
    if nominee.person is None and not nominee.full_name.strip():
        raise Refused("Phải ghi họ tên đại biểu.")
    if nominee.person and isinstance(place, QuotaShare) and nominee.person.unit_id not in place.unit.subtree_ids():
        raise Refused(f"{nominee.person.full_name} không thuộc {place.unit} nên không đề cử ở phần của đơn vị này.")


def _write(place, by, nominees, over_quota_reason, **given) -> list[Delegate]:
    """The place's row first, then the count, then the rows: what the quota holds is exact however many come at once."""
    place = hold(place)
    left = capacity(place) - taken(place)
    over = max(0, len(nominees) - max(0, left)) if not given.get("is_over_quota") else 0
    if over:
        _refuse_over_quota(place, by, len(nominees), max(0, left), over_quota_reason)
    common = {**fields_of(place), "nominated_by": by, **given}
    if not isinstance(place, QuotaShare):
        common["state"] = State.ACCEPTED
    written = [
        _add(nominee, {**common, **_beyond(number >= len(nominees) - over, over_quota_reason, given)})
        for number, nominee in enumerate(nominees)
    ]
    if not Event.objects.filter(pk=common["event"].pk, state=Event.State.ANNOUNCED).exists():
        raise Refused("Sự kiện vừa được thu hồi hoặc khép lại nên không nhận đề cử.")
    record(
        AuditEvent.Action.CHANGE, actor=by, subject=common["event"], unit=written[0].unit,
        detail={"nominated": len(written), "line": written[0].line_id, "over": over},
    )  # fmt: skip
    return written


def _refuse_over_quota(place, by, asked, left, reason):
    if not reason:
        words = f"chỉ còn {left} chỗ, đang đề cử {asked} người" if left else "đã đề cử đủ, không còn chỗ"
        raise Refused(f"“{_name(place)}” được {capacity(place)} đại biểu: {words}; chưa ghi ai.")
    need(by, "events.exceed_quota", "cho đề cử vượt phân bổ")
    if not by.reach_for("events.exceed_quota").writes_all:
        raise Refused("Chỉ LĐLĐ tỉnh được cho đề cử vượt phân bổ.")


def _name(place) -> str:
    return str(place) if isinstance(place, QuotaLine) else str(getattr(place, "line", place))


def _beyond(is_over, reason, given) -> dict:
    if is_over or given.get("is_over_quota"):
        return {"is_over_quota": True, "over_quota_reason": reason[:300]}
    return {}


def _add(nominee, common) -> Delegate:
    fields = nominee.fields()
    try:
        return Delegate.objects.create(**{**common, **fields})
    except IntegrityError as error:
        raise Refused(_twice(fields)) from error


def _twice(fields) -> str:
    name = fields["full_name"]
    if fields["birth_year"] or fields["birth_date"]:
        return f"{name} đã có trong danh sách đại biểu của sự kiện; chưa ghi ai."
    return f"{name} đã có trong danh sách đại biểu của sự kiện; nếu là người khác cùng tên, hãy ghi thêm năm sinh. Chưa ghi ai."
