"""What may be done with an event: announced to the units, taken back while nobody was nominated, recorded as held."""

from django.db import models

from events.quotas.sums import mismatches_of, rows_of
from welfare.audit import AuditEvent, record
from welfare.documents.models import store_file
from welfare.rules import need
from welfare.states import Refused, moving
from welfare.units.models import today
from welfare.uploads import content_type


class EventSteps(models.Model):
    class Meta:
        abstract = True

    def mismatches(self) -> list[str]:
        """Every place where the quota does not add up, as sentences; empty when it reconciles."""
        return [wrong.sentence for wrong in mismatches_of(rows_of(self), self.expected)]

    def announce(self, by):
        self._need(by, "thông báo sự kiện")
        with moving(self, self.State.ANNOUNCED, by=by, came_from=[self.State.DRAFT]) as event:
            if wrong := event.mismatches():
                raise Refused(f"Chưa thông báo được vì phân bổ chưa khớp: {wrong[0]}")

    def reopen(self, by):
        """Take the announcement back, to change the quota; units no longer see the event until it is announced again."""
        self._need(by, "thu hồi thông báo")
        with moving(self, self.State.DRAFT, by=by, came_from=[self.State.ANNOUNCED]) as event:
            if event.delegates.exists():
                raise Refused(
                    "Các đơn vị đã đề cử đại biểu nên không thu hồi thông báo được; hãy điều chỉnh phân bổ trong bảng, "
                    "kèm số, ngày và lý do."
                )
            if event.invitation_issues.exists():
                raise Refused(
                    "Giấy mời đã phát hành nên không thu hồi thông báo được; hãy điều chỉnh phân bổ trong bảng."
                )

    def hold(self, by):
        self._need(by, "ghi nhận sự kiện")
        with moving(self, self.State.HELD, by=by, came_from=[self.State.ANNOUNCED]) as event:
            if event.on is None or event.on > today():
                raise Refused("Chỉ ghi là đã tổ chức khi ngày tổ chức đã đến.")

    def resume(self, by, *, reason: str):
        """Recorded as held by mistake: its door opens again, and its lists may change."""
        self._need(by, "mở lại sự kiện")
        if not reason.strip():
            raise Refused("Phải ghi lý do.")
        with moving(self, self.State.ANNOUNCED, by=by, came_from=[self.State.HELD]) as event:
            detail = {"reopened": reason.strip()[:300]}
            record(AuditEvent.Action.CHANGE, actor=by, subject=event, unit=event.unit, detail=detail)

    def copy_from(self, by, *, source):
        """The quota, agenda, committee and tasks of an earlier event."""
        from events.gatherings.copying import copy_event

        self._need(by, "chép sự kiện")
        copy_event(source, self, by)

    def attach(self, by, *, files):
        """Papers and pictures kept with the event."""
        self._need(by, "đính kèm tệp")
        for file in files:
            store_file(
                file, name=file.name, content_type=content_type(file.name), owner=by, unit=self.unit, subject=self
            )
        record(AuditEvent.Action.UPLOAD, actor=by, subject=self, unit=self.unit, detail={"files": len(files)})

    def _need(self, by, doing):
        need(by, "events.change_event", doing)
        if not by.reach_for("events.change_event").may_write(self.unit_id):
            raise Refused(f"Bạn chỉ được {doing} của đơn vị mình.")
