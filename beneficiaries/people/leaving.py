"""How somebody goes from the list and comes back to it, by verbs with a date and a reason."""

from datetime import date

from django.db import models

from beneficiaries.rules import business_day, need
from programs.targets.models import mark_stale
from welfare.states import Refused, moving


class PersonState(models.TextChoices):
    ACTIVE = "active", "Đang theo dõi"
    LEFT = "left", "Đã rời danh sách"
    DEAD = "dead", "Đã mất"
    MERGED = "merged", "Đã gộp vào hồ sơ khác"
    ERASED = "erased", "Đã ẩn danh"


GONE = [PersonState.MERGED, PersonState.ERASED]  # the row stands for nobody any more


class PersonSteps(models.Model):
    """The verbs of ``Person``. Figures of the past stay: nothing that was done for somebody goes with them."""

    class Meta:
        abstract = True

    @property
    def first_day(self) -> date | None:
        """The day of birth, or the first day of its year; None where neither is known."""
        return self.birth_date or (date(self.birth_year, 1, 1) if self.birth_year else None)

    @property
    def is_active(self) -> bool:
        return self.state == PersonState.ACTIVE

    @property
    def stands(self) -> bool:
        """Whether the ledger still speaks of them as a person of their own: neither merged nor made nameless."""
        return self.state not in GONE

    def transfer(self, by, *, to_unit, reason: str, with_household=False, on=None):
        """See ``ask_transfer``."""
        from beneficiaries.transfers.models import ask_transfer

        ask_transfer(self, by, to_unit=to_unit, reason=reason, with_household=with_household, on=on)

    def die(self, by, *, on=None, reason=""):
        """Record a death; who left the list before may die too."""
        self._go(by, PersonState.DEAD, [PersonState.ACTIVE, PersonState.LEFT], on, reason, "ghi nhận người đã mất")

    def leave(self, by, *, reason: str, on=None):
        """Take somebody from the list: no longer in need, moved out of the province ..."""
        if not reason.strip():
            raise Refused("Phải ghi lý do rời danh sách.")
        self._go(by, PersonState.LEFT, [PersonState.ACTIVE], on, reason, "đưa người ra khỏi danh sách")

    def come_back(self, by, *, reason: str, on=None):
        """Back on the list: recorded by mistake, or in need again."""
        if not reason.strip():
            raise Refused("Phải ghi lý do đưa trở lại danh sách.")
        self._go(
            by, PersonState.ACTIVE, [PersonState.LEFT, PersonState.DEAD], on, reason, "đưa người trở lại danh sách"
        )

    def _go(self, by, to, came_from, on, reason, doing):
        self.need_to_write(by, doing)
        on = business_day(on, since=self.first_day, after="ngày sinh")
        with moving(self, to, by=by, came_from=came_from, on=on) as person:
            person.state_on, person.state_reason = on, reason.strip()[:300]
            mark_stale("people", person.unit_id, on)

    def need_to_write(self, by, doing: str):
        """Raises ``Refused`` unless ``by`` may write people of this one's unit."""
        need(by, "change_person", doing)
        if not by.reach_for("beneficiaries.change_person").may_write(self.unit_id):
            raise Refused(f"Bạn chỉ được {doing} của đơn vị mình.")

    def check_open(self):
        """Raises ``Refused`` where nothing new may be proposed for them."""
        if not self.is_active:
            raise Refused(self.why_closed)

    @property
    def why_closed(self) -> str:
        """One sentence that says why nothing new is proposed, "" while they are on the list."""
        if self.is_active:
            return ""
        on = f" ngày {self.state_on:%d/%m/%Y}" if self.state_on else ""
        return f"{self.full_name}: {self.get_state_display().lower()}{on} nên không lập đề nghị mới; nếu ghi nhầm, hãy mở lại hồ sơ trước."
