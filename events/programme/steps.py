"""Verbs of an event's tasks and of the speeches units are asked for."""

from django.db import models

from welfare.rules import business_day, need
from welfare.states import Refused, moving


class TaskSteps(models.Model):
    class Meta:
        abstract = True

    def may_be_finished_by(self, user) -> bool:
        """Its department or unit, and whoever prepares the event."""
        if user.reach_for("events.change_event").may_write(self.event.unit_id):
            return True
        departments = {appointment.department_id for appointment in user.appointments_in_force}
        return self.unit_id in user.reach.own if self.unit_id else self.department_id in departments

    def finish(self, by, *, result: str, on=None):
        self._need(by)
        on = business_day(on)
        with moving(self, self.State.DONE, by=by, came_from=[self.State.OPEN], on=on) as task:
            task.done_on, task.result = on, result.strip()

    def reopen(self, by):
        self._need(by)
        with moving(self, self.State.OPEN, by=by, came_from=[self.State.DONE]) as task:
            task.done_on = None

    def _need(self, by):
        need(by, "events.finish_eventtask", "báo công việc của sự kiện")
        if not self.may_be_finished_by(by):
            raise Refused("Chỉ ban hoặc đơn vị được phân công báo kết quả công việc này.")


class SpeechSteps(models.Model):
    class Meta:
        abstract = True

    def send(self, by, *, speaker: str, text: str):
        """The unit has chosen and vouches for the text; sent again it replaces what was returned."""
        self._need(by, "send_speech", "gửi bài phát biểu")
        if not speaker.strip():
            raise Refused("Phải ghi người được chọn.")
        came_from = [self.State.ASKED, self.State.RETURNED, self.State.SENT]
        with moving(self, self.State.SENT, by=by, came_from=came_from) as speech:
            speech.speaker, speech.text = speaker.strip(), text.strip()
            speech.sent_by, speech.reviewed_by, speech.review = by, None, ""

    def approve(self, by, *, review: str = ""):
        self._review(by, self.State.APPROVED, review)

    def send_back(self, by, *, reason: str):
        if not reason.strip():
            raise Refused("Phải ghi lý do.")
        self._review(by, self.State.RETURNED, reason)

    def _review(self, by, to, words):
        self._need(by, "review_speech", "thẩm định bài phát biểu")
        with moving(self, to, by=by, came_from=[self.State.SENT]) as speech:
            if by.pk == speech.sent_by_id:
                raise Refused("Bạn đã gửi bài này nên người khác phải thẩm định.")
            speech.reviewed_by, speech.review = by, words.strip()[:500]

    def _need(self, by, codename, doing):
        need(by, f"events.{codename}", doing)
        if not by.reach_for(f"events.{codename}").may_write(self.unit_id):
            raise Refused(f"Bạn chỉ được {doing} của đơn vị mình.")
