"""What is done with a feedback by those who handle it."""

from contextlib import contextmanager

from django.db import models

from beneficiaries.feedback.days import working_days_after
from beneficiaries.rules import business_day, need_in_reach
from welfare.audit import AuditEvent, record
from welfare.states import Refused, locked, moving


class State(models.TextChoices):
    RECEIVED = "received", "Mới nhận"
    ASSIGNED = "assigned", "Đang xử lý"
    ANSWERED = "answered", "Đã trả lời"
    CLOSED = "closed", "Đã kết thúc"
    DISMISSED = "dismissed", "Không thụ lý"


class Handler(models.TextChoices):
    UNIT = "unit", "Đơn vị"
    DEPARTMENT = "department", "Ban của LĐLĐ tỉnh"
    INSPECTION = "inspection", "Ủy ban Kiểm tra"


class FeedbackWork(models.Model):
    class Meta:
        abstract = True

    def assign(self, by, *, handler, unit=None, department=None, note="", on=None):
        """Give it to whoever has to answer, also anew; what is confidential goes to the inspection alone."""
        with self._step(State.ASSIGNED, by, "assign_feedback", "phân công phản ánh",
                        [State.RECEIVED, State.ASSIGNED], on) as row:  # fmt: skip
            row._check_handler(handler, unit, department)
            row.handler = handler
            row.handler_unit = unit if handler == Handler.UNIT else None
            row.handler_department = department if handler == Handler.DEPARTMENT else None
            row.assigned_by, row.assigned_on = by, business_day(on)
            row.add_step(by, f"Giao {row.handled_by}", note, on)
        self.place_files()

    def _check_handler(self, handler, unit, department):
        if self.is_restricted and handler != Handler.INSPECTION:
            raise Refused("Phản ánh mật chỉ giao cho Ủy ban Kiểm tra; muốn giao nơi khác thì phải chia sẻ trước.")
        if handler == Handler.UNIT and unit is None:
            raise Refused("Hãy chọn đơn vị xử lý.")
        if handler == Handler.DEPARTMENT and department is None:
            raise Refused("Hãy chọn ban xử lý.")

    def send_back(self, by, *, reason: str, on=None):
        """By the one it was given to by mistake; it waits to be given to somebody else."""
        self._need_to_handle(by)
        with self._step(State.RECEIVED, by, "answer_feedback", "trả lại phản ánh", [State.ASSIGNED], on) as row:
            row.add_step(by, f"{row.handled_by} trả lại", _said(reason, "lý do"), on)
            row.handler, row.handler_unit, row.handler_department = "", None, None
        self.place_files()

    def note(self, by, *, note: str, on=None):
        """For those who work on it; the sender never reads it."""
        need_in_reach(by, "answer_feedback", "ghi chú phản ánh", self)
        with locked(self) as row:
            row.add_step(by, "Ghi chú nội bộ", _said(note, "ghi chú"), on)

    def reply(self, by, *, answer: str, on=None):
        """What the sender reads with the tracking code."""
        self._need_to_handle(by)
        with self._step(State.ANSWERED, by, "answer_feedback", "trả lời phản ánh", [State.ASSIGNED], on) as row:
            row.answer, row.answered_by = _said(answer, "câu trả lời"), by
            row.answered_on = business_day(on, since=row.received_on, after="ngày nhận")
            row.add_step(by, "Trả lời người gửi", "", on)

    def reopen(self, by, *, reason: str, on=None):
        """The answer will not do: whoever gave it writes another."""
        with self._step(State.ASSIGNED, by, "assign_feedback", "yêu cầu trả lời lại", [State.ANSWERED], on) as row:
            row.add_step(by, "Yêu cầu trả lời lại", _said(reason, "lý do"), on)
            row.answered_by = row.answered_on = None

    def close(self, by, *, on=None):
        with self._step(State.CLOSED, by, "assign_feedback", "kết thúc phản ánh", [State.ANSWERED], on) as row:
            if row.is_confidential and row.answered_by_id == by.pk:
                raise Refused("Phản ánh mật phải do người khác người trả lời kết thúc; hãy chuyển người khác.")
            row.closed_by, row.closed_on = by, business_day(on, since=row.answered_on, after="ngày trả lời")
            row.add_step(by, "Kết thúc", "", on)

    def dismiss(self, by, *, reason: str, on=None):
        """Rubbish, or nothing the union decides on. The sender reads the reason."""
        with self._step(State.DISMISSED, by, "assign_feedback", "không thụ lý phản ánh",
                        [State.RECEIVED, State.ASSIGNED], on) as row:  # fmt: skip
            row.answer, row.closed_by = _said(reason, "lý do"), by
            row.closed_on = business_day(on, since=row.received_on, after="ngày nhận")
            row.add_step(by, "Không thụ lý", "", on)

    def share(self, by, *, note="", on=None):
        """From now on the province and the unit it is about see a confidential feedback, not what was noted before."""
        need_in_reach(by, "share_feedback", "chia sẻ phản ánh mật", self)
        with locked(self) as row:
            if not row.is_restricted:
                raise Refused("Phản ánh này không mật hoặc đã được chia sẻ.")
            row.shared_by, row.shared_on = by, business_day(on, since=row.received_on, after="ngày nhận")
            row.save()
            row.add_step(by, "Chia sẻ cho đơn vị liên quan", note, on)
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"shared": True})
        self.refresh_from_db()
        self.place_files()

    def reclassify(self, by, *, kind, on=None):
        """Its days count anew from receipt; a confidential one becomes open only by being shared."""
        need_in_reach(by, "assign_feedback", "đổi loại phản ánh", self)
        with locked(self) as row:
            if not row.is_open:
                raise Refused("Chỉ đổi loại khi phản ánh đang chờ hoặc đang xử lý.")
            row.add_step(by, f"Đổi loại: {row.kind} thành {kind}", "", on)
            row.kind, row.is_confidential = kind, row.is_confidential or kind.is_confidential
            if row.is_restricted and row.handler not in ("", Handler.INSPECTION):
                raise Refused(
                    "Phản ánh đang giao cho nơi khác; hãy giao lại cho Ủy ban Kiểm tra rồi đổi thành loại mật."
                )
            row.count_days()
            row.save()
            detail = {"kind": kind.code}
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail=detail)
        self.refresh_from_db()
        self.place_files()

    def extend(self, by, *, until, reason: str, on=None):
        need_in_reach(by, "assign_feedback", "gia hạn phản ánh", self)
        with locked(self) as row:
            if row.state != State.ASSIGNED or until <= row.answer_by:
                raise Refused(f"Chỉ gia hạn phản ánh đang xử lý, đến sau ngày {row.answer_by:%d/%m/%Y}.")
            row.answer_by = until
            row.save()
            row.add_step(by, f"Gia hạn đến {until:%d/%m/%Y}", _said(reason, "lý do"), on)
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"until": str(until)})
        self.refresh_from_db()

    def may_handle(self, user) -> bool:
        """Whether it was given to this user's unit, department or committee."""
        return (
            type(self)
            .objects.for_user(user, "beneficiaries.answer_feedback")
            .given_to(user)
            .filter(pk=self.pk)
            .exists()
        )

    def count_days(self):
        """The last days to give it to somebody and to answer it, as its kind has them now."""
        self.acknowledge_by = working_days_after(self.received_on, self.kind.acknowledge_days)
        self.answer_by = working_days_after(self.received_on, self.kind.answer_days)

    def add_step(self, by, what: str, note: str, on):
        since = {"since": self.received_on, "after": "ngày nhận"}
        self.steps.create(
            by=by, what=what[:160], note=note.strip(), on=business_day(on, **since), is_restricted=self.is_restricted
        )

    def _need_to_handle(self, by):
        need_in_reach(by, "answer_feedback", "xử lý phản ánh", self)
        if self.state == State.ASSIGNED and not self.may_handle(by):
            raise Refused(f"Phản ánh này giao cho {self.handled_by}; chỉ nơi đó trả lời hoặc trả lại.")

    @contextmanager
    def _step(self, to, by, codename, doing, came_from, on):
        need_in_reach(by, codename, doing, self)
        with moving(self, to, by=by, came_from=came_from, on=on) as row:
            yield row


def _said(text, what) -> str:
    if not text.strip():
        raise Refused(f"Phải ghi {what}.")
    return text.strip()
