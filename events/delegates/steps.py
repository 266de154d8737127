"""What may be done with a delegate. The unit nominates, withdraws and puts somebody else; the province accepts and invites."""

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from events.delegates.places import capacity, firm, hold, patiently, place_of
from events.delegates.states import FIRM, State
from welfare.audit import AuditEvent, record
from welfare.rules import business_day, need
from welfare.states import Refused, moving


class DelegateSteps(models.Model):
    class Meta:
        abstract = True

    def accept(self, by, on=None):
        """Raises ``Refused`` to whoever nominated, beyond a quota that was made smaller, and for one accepted twice."""
        self._need(by, "accept_delegate", "nhận đại biểu")
        on = business_day(on, since=self.nominated_on, after="ngày đề cử")
        patiently(lambda: self._accept(by, on))
        self.refresh_from_db()

    def _accept(self, by, on):
        place = hold(place_of(self))
        try:
            with transaction.atomic(), moving(self, State.ACCEPTED, by=by, came_from=[State.NOMINATED], on=on) as row:
                if by.pk == row.nominated_by_id:
                    raise Refused(f"Bạn đã đề cử {row.full_name} nên người khác phải nhận.")
                if not row.is_over_quota and firm(place) >= capacity(place):
                    raise Refused(
                        f"“{row.line}” của {row.sender} chỉ có {capacity(place)} đại biểu, đã nhận đủ; hãy trả lại đơn vị."
                    )
                row.accepted_by, row.accepted_on, row.state_reason = by, on, ""
                row.known_id = row.person.id_hash if row.person_id else None
        except IntegrityError as error:
            raise Refused(
                f"{self.full_name} mang số giấy tờ của người đã được nhận vào sự kiện từ đơn vị khác; hãy trả lại đơn vị."
            ) from error

    def return_to_unit(self, by, *, reason: str):
        """The place is free again; the unit reads why."""
        self._need_before(by, "accept_delegate", "trả lại đại biểu")
        self._leave(by, State.RETURNED, [State.NOMINATED, State.ACCEPTED], reason)

    def withdraw(self, by, *, reason: str = ""):
        self._need_before(by, "nominate_delegate", "rút đại biểu")
        with moving(self, State.WITHDRAWN, by=by, came_from=[State.NOMINATED]) as row:
            row.state_reason = reason.strip()

    def invite(self, by):
        """The invitation went out."""
        self._need_before(by, "accept_delegate", "ghi đã mời đại biểu")
        with moving(self, State.INVITED, by=by, came_from=[State.ACCEPTED]):
            pass

    def confirm(self, by):
        self._need_before(by, "nominate_delegate", "ghi đại biểu xác nhận dự")
        with moving(self, State.CONFIRMED, by=by, came_from=[State.ACCEPTED, State.INVITED]):
            pass

    def decline(self, by, *, reason: str):
        self._need_before(by, "nominate_delegate", "ghi đại biểu không dự được")
        self._leave(by, State.DECLINED, [State.ACCEPTED, State.INVITED, State.CONFIRMED], reason)

    def attend(self, by, *, at=None, knows_time=True):
        """Came to the event, now or ``at``; a second time is told when the first was.

        ``knows_time=False``: a paper list entered afterwards tells that somebody came, not when.
        """
        self._need(by, "attend_delegate", "ghi đại biểu có mặt")
        if self.state == State.ATTENDED:
            raise Refused(f"{self.full_name} đã được ghi có mặt{self.came_at}.")
        with moving(self, State.ATTENDED, by=by, came_from=[State.ACCEPTED, State.INVITED, State.CONFIRMED]) as row:
            if row.event.on:
                business_day(None, since=row.event.on, after="ngày tổ chức")
            row.attended_at = (at or timezone.now()) if knows_time else None

    @property
    def came_at(self) -> str:
        """ " lúc 07:41 12/03", "" where a paper list did not tell."""
        return f" lúc {timezone.localtime(self.attended_at):%H:%M %d/%m}" if self.attended_at else ""

    def unattend(self, by, *, reason: str):
        """Recorded by mistake: back to what the delegate was before, the entry at the door kept as undone."""
        self._need(by, "attend_delegate", "hủy ghi có mặt")
        if not reason.strip():
            raise Refused("Phải ghi lý do.")
        before = self.history.exclude(state=State.ATTENDED).order_by("-history_date", "-history_id").first()
        to = before.state if before and before.state in FIRM else State.CONFIRMED
        with moving(self, to, by=by, came_from=[State.ATTENDED]) as row:
            if row.gifts.filter(given_on__isnull=False).exists():
                raise Refused(f"{row.full_name} đã được ghi nhận quà trao tại sự kiện nên không hủy có mặt được.")
            row.attended_at = None
            note = reason.strip()[:300]
            row.admissions.filter(outcome="admitted").update(outcome="undone", note=note)
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"undone": "attended"})

    def _leave(self, by, to, came_from, reason):
        if not reason.strip():
            raise Refused("Phải ghi lý do.")
        with moving(self, to, by=by, came_from=came_from) as row:
            row.state_reason = reason.strip()[:300]

    def _need_before(self, by, codename, doing):
        """Once the event was held, who was expected and did not come stays as it was."""
        self._need(by, codename, doing)
        if self.event.state == "held":
            raise Refused(f"Sự kiện đã tổ chức nên không {doing} được nữa.")

    def _need(self, by, codename, doing):
        need(by, f"events.{codename}", doing)
        if not by.reach_for(f"events.{codename}").may_write(self.unit_id):
            raise Refused(f"Bạn chỉ được {doing} của đơn vị mình.")
