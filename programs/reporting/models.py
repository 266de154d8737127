"""One unit's report of a period: where it stands, who may write and judge it. What it holds: parts.py."""

from contextlib import contextmanager
from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from programs.reporting.rules import ReportingPeriod
from welfare.audit import AuditEvent, record
from welfare.history import History
from welfare.scoping import Owned, ScopedQuerySet
from welfare.states import Refused, locked, moving
from welfare.units.models import Department, Unit, User, today

_LONGEST_EXTENSION = timedelta(days=366)
EDITED_MEANWHILE = (
    "Người khác vừa sửa phần này của báo cáo; chưa lưu gì của bạn. Hãy mở lại trang để xem bản mới rồi sửa tiếp."
)


class ReportQuerySet(ScopedQuerySet):
    def owed(self):
        """Not sent, or sent back."""
        return self.filter(state__in=[UnitReport.State.DRAFT, UnitReport.State.RETURNED])

    def late(self, on: date | None = None):
        return self.owed().filter(due_on__lt=on or today())

    def accepted(self):
        return self.filter(state=UnitReport.State.ACCEPTED)

    def written_by(self, user):
        """Those whose writing is this user's: of their own units, of closed ones these succeed, of their departments."""
        writer = user.only_with("programs.change_unitreport")
        departments = [a.department_id for a in writer.appointments_in_force if a.department_id]
        own = Q(department=None) & _of_own("unit", writer.reach)
        return self.filter(own | Q(department__in=departments)).distinct()

    def received_by(self, user):
        """Those that come to a unit for which this user judges."""
        reach = user.reach_for("programs.accept_unitreport")
        return self if reach.writes_all else self.filter(_of_own("receiver", reach)).distinct()

    def coming_to(self, user):
        """Those that come to units this user reads: what a receiver follows, without the user's own unit's report."""
        seen = self.for_user(user)
        return seen if user.reach.province else seen.filter(receiver__in=user.reach.read)

    def waiting_for(self, user):
        """Sent to this user's own units by somebody else, and not judged yet."""
        waiting = self.filter(state=UnitReport.State.SUBMITTED).exclude(submitted_by=user)
        return waiting.in_charge_of(user)

    def in_charge_of(self, user):
        """Those this user's own units judge: what comes to them, and the province's own report upward."""
        reach = user.reach_for("programs.accept_unitreport")
        return self.filter(_of_own("receiver", reach) | Q(receiver=None, unit__in=reach.own)).distinct()


def _of_own(path, reach) -> Q:
    """Of units one writes for, and of closed ones these succeed."""
    heir = Q(**{f"{path}__valid_to__lt": today(), f"{path}__successors__in": reach.own})
    return Q(**{f"{path}__in": reach.own}) | heir


class UnitReport(models.Model):
    """What a unit, a department or the province owes for a period.

    ``first_day`` to ``last_day``: the period as far as the unit was there. ``receiver``: the unit above, None where
    the province reports upward. ``revision`` rises with every saved field, so that no one overwrites another's.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Chưa gửi"
        SUBMITTED = "submitted", "Đã gửi"
        RETURNED = "returned", "Trả lại"
        ACCEPTED = "accepted", "Đã duyệt"

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, verbose_name="kỳ", related_name="reports")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="reports")
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="ban", null=True, blank=True, related_name="+"
    )
    receiver = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="nơi nhận", null=True, editable=False, related_name="received_reports"
    )
    first_day = models.DateField("từ ngày")
    last_day = models.DateField("đến hết ngày")
    due_on = models.DateField("hạn gửi")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    results = models.TextField("kết quả nổi bật", blank=True)
    next_steps = models.TextField("phương hướng kỳ tới", blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    first_submitted_on = models.DateField("gửi lần đầu", null=True, editable=False)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người gửi", null=True, editable=False, related_name="+"
    )
    submitted_on = models.DateField("ngày gửi", null=True, editable=False)
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người duyệt", null=True, editable=False, related_name="+"
    )
    decided_on = models.DateField("ngày duyệt, trả lại", null=True, editable=False)
    returned_reason = models.CharField("lý do trả lại", max_length=500, blank=True, editable=False)
    history = History(verbose_name="lịch sử báo cáo")

    scope = Owned()
    objects = models.Manager.from_queryset(ReportQuerySet)()

    class Meta:
        verbose_name = "báo cáo của đơn vị"
        verbose_name_plural = "báo cáo của đơn vị"
        ordering = ["-due_on", "unit__path", "pk"]
        permissions = [
            ("accept_unitreport", "Duyệt, trả lại báo cáo của cấp dưới"),
            ("extend_unitreport", "Gia hạn báo cáo"),
        ]
        indexes = [models.Index(fields=["period", "receiver", "state"], name="report_by_receiver")]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "unit"], condition=Q(department=None), name="report_once_a_unit",
                violation_error_message="Đơn vị đã có báo cáo của kỳ này.",
            ),
            models.UniqueConstraint(
                fields=["period", "department"], condition=Q(department__isnull=False), name="report_once_a_department",
                violation_error_message="Ban đã có báo cáo của kỳ này.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "accepted"]) | Q(submitted_by__isnull=False, submitted_on__isnull=False),
                name="report_sent_by_someone",
                violation_error_message="Báo cáo đã gửi phải có người gửi và ngày gửi.",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("submitted_by"))),
                name="report_maker_is_not_checker",
                violation_error_message="Người gửi báo cáo không tự duyệt được.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.period} – {self.writer}"

    @property
    def writer(self) -> str:
        return str(self.department or self.unit)

    # Where it stands --------------------------------------------------------------------------------

    @property
    def is_editable(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    @property
    def is_late(self) -> bool:
        """Sent after its own deadline, or still not sent."""
        return (self.first_submitted_on or today()) > self.due_on

    @property
    def locks_on(self) -> date:
        """The last day it may be sent; an extension moves it along."""
        return max(self.period.locks_on, self.due_on)

    @property
    def may_still_come_back(self) -> bool:
        """Taken back today, it could be sent again."""
        return today() <= self.locks_on

    def lock_reason(self, on: date | None = None) -> str:
        """Why nothing can be written now, as a sentence; empty while it can."""
        on = on or today()
        if self.state == self.State.ACCEPTED:
            return f"Báo cáo đã được duyệt ngày {self.decided_on:%d/%m/%Y} nên không sửa được nữa."
        if self.state == self.State.SUBMITTED:
            how = "rút lại" if on <= self.locks_on else "đề nghị nơi nhận trả lại"
            return f"Báo cáo đã gửi, đang chờ duyệt; hãy {how} nếu cần sửa."
        if on < self.period.opens_on:
            return f"Kỳ báo cáo mở từ ngày {self.period.opens_on:%d/%m/%Y}, chưa ghi được."
        if self.state == self.State.DRAFT and on > self.locks_on:
            return (
                f"Kỳ báo cáo đã khóa sau ngày {self.locks_on:%d/%m/%Y} (hạn gửi {self.due_on:%d/%m/%Y}); "
                "hãy đề nghị cấp trên gia hạn."
            )
        return ""

    # Who may ----------------------------------------------------------------------------------------

    def may_be_written_by(self, user) -> bool:
        reach = user.reach_for("programs.change_unitreport")
        return reach.may_write(self.unit_id) or UnitReport.objects.written_by(user).filter(pk=self.pk).exists()

    def may_be_judged_by(self, user) -> bool:
        """The unit above judges; the province's own report is let out by another of its people."""
        return self._comes_to(user.reach_for("programs.accept_unitreport"))

    def may_be_extended_by(self, user) -> bool:
        return self._comes_to(user.reach_for("programs.extend_unitreport"))

    def _comes_to(self, reach) -> bool:
        if reach.may_write(self.receiver_id or self.unit_id):
            return True
        is_inherited = self.receiver is not None and not self.receiver.is_open()
        return is_inherited and self.receiver.successors.filter(pk__in=reach.own).exists()

    # Writing ----------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, by, *, revision: int | None = None):
        """Yields the locked row for the caller's changes and counts them as one revision.

        Raises ``Refused`` when it can't be written now, isn't ``by``'s to write, or changed since ``revision``.
        """
        with locked(self) as row:
            row._refuse_writer(by, today())
            row._refuse_other_revision(revision)
            yield row
            row.revision += 1
            row.save()
        self.refresh_from_db()

    def _refuse_writer(self, by, on):
        if not self.may_be_written_by(by):
            raise Refused("Chỉ đơn vị có tên trong báo cáo mới ghi và gửi được báo cáo này.")
        if why := self.lock_reason(on):
            raise Refused(why)

    def _refuse_other_revision(self, revision):
        if revision is not None and revision != self.revision:
            raise Refused(EDITED_MEANWHILE)

    # Verbs ------------------------------------------------------------------------------------------

    def submit(self, by, on: date | None = None, revision: int | None = None):
        """Fix what the report says as a version and send it to the unit above."""
        from programs.reporting.contents import content_of, fix_figures, missing

        on = on or today()
        self.refresh_from_db()
        self._refuse_writer(by, on)
        open_states = [self.State.DRAFT, self.State.RETURNED]
        with moving(self, self.State.SUBMITTED, by=by, came_from=open_states, on=on) as row:
            row._refuse_other_revision(revision)
            fix_figures(row)
            if lacking := missing(row):
                raise Refused(f"Chưa gửi được: còn thiếu {lacking}.")
            row.submitted_by, row.submitted_on = by, on
            row.first_submitted_on = row.first_submitted_on or on
            row.revision += 1
            row.versions.create(number=row.versions.count() + 1, by=by, content=content_of(row))

    def withdraw(self, by):
        """Take back a report nobody has judged yet."""
        if not self.may_be_written_by(by):
            raise Refused("Chỉ đơn vị đã gửi mới rút lại được báo cáo này.")
        if self.state == self.State.SUBMITTED and not self.may_still_come_back:
            raise Refused(
                f"Kỳ báo cáo đã khóa sau ngày {self.locks_on:%d/%m/%Y}, rút lại thì không gửi lại được; "
                "hãy đề nghị nơi nhận trả lại báo cáo để sửa."
            )
        with moving(self, self.State.DRAFT, by=by, came_from=[self.State.SUBMITTED]) as row:
            if row.first_submitted_on == row.submitted_on == today():
                row.first_submitted_on = None
            row.submitted_by = row.submitted_on = None

    def send_back(self, by, *, reason: str, comments: dict[str, str] | None = None, on: date | None = None):
        """Return it to be mended; ``comments`` are {place: words}, see ``ReportComment.place``."""
        self._refuse_judge(by, "trả lại")
        with moving(self, self.State.RETURNED, by=by, came_from=[self.State.SUBMITTED], on=on) as row:
            row.decided_by, row.decided_on, row.returned_reason = by, on or today(), reason
            version = row.versions.latest("number")
            for place, text in (comments or {}).items():
                version.comments.create(place=place, text=text, by=by)

    def accept(self, by, on: date | None = None):
        """Only now do its figures count in what stands above."""
        from programs.reporting.rollup import recount_reported

        self._refuse_judge(by, "duyệt")
        with moving(self, self.State.ACCEPTED, by=by, came_from=[self.State.SUBMITTED],
                    action=AuditEvent.Action.APPROVE, on=on) as row:  # fmt: skip
            if by.pk == row.submitted_by_id:
                raise Refused("Người gửi báo cáo không tự duyệt được; hãy nhờ người khác duyệt.")
            row.decided_by, row.decided_on, row.returned_reason = by, on or today(), ""
            row.save()
            recount_reported(row)

    def reopen(self, by, *, reason: str):
        """Give an accepted report back for mending; its figures count no more until it is accepted again."""
        from programs.reporting.rollup import recount_reported

        self._refuse_judge(by, "mở lại")
        with moving(self, self.State.RETURNED, by=by, came_from=[self.State.ACCEPTED]) as row:
            row.decided_by, row.decided_on, row.returned_reason = by, today(), reason
            row.save()
            recount_reported(row)

    def _refuse_judge(self, by, act):
        if not self.may_be_judged_by(by):
            raise Refused(f"Chỉ nơi nhận báo cáo mới {act} được báo cáo này.")

    def extend(self, by, *, until: date, reason: str, on: date | None = None):
        """Move its own deadline. Raises ``Refused`` for a day that is no later than the one it has."""
        if not self.may_be_extended_by(by):
            raise Refused("Chỉ nơi nhận báo cáo mới gia hạn được.")
        with locked(self) as row:
            if not row.is_editable:
                raise Refused("Báo cáo đã gửi nên không cần gia hạn.")
            if until <= row.due_on or until < today():
                raise Refused(f"Hạn mới phải sau hạn đang có ({row.due_on:%d/%m/%Y}) và chưa qua.")
            if until > today() + _LONGEST_EXTENSION:
                raise Refused(f"Hạn mới ({until:%d/%m/%Y}) cách hôm nay hơn một năm; hãy xem lại năm đã ghi.")
            row.extensions.create(before=row.due_on, until=until, reason=reason, by=by, on=on or today())
            row.due_on = until
            row.save(update_fields=["due_on"])
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"due_on": str(until)})
        self.refresh_from_db()

    def days_late(self) -> int:
        return max(0, ((self.first_submitted_on or today()) - self.due_on).days)
