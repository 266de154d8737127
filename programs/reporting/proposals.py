"""What units find difficult and ask for, in a report or at any time, and who answered them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from programs.plans.models import Plan
from programs.reporting.models import UnitReport
from welfare.scoping import Owned, ScopedQuerySet
from welfare.states import Refused, moving
from welfare.units.models import Department, Organization, Unit, User, today


class ProposalQuerySet(ScopedQuerySet):
    def for_user(self, user, permission=None):
        """What a report still being written says is its writers' alone."""
        seen = super().for_user(user, permission)
        if not user.is_authenticated:
            return seen
        own = Q(report__in=UnitReport.objects.written_by(user).values("pk"))
        return seen.filter(_ALOUD | own)

    def standing(self):
        return self.exclude(state=Proposal.State.WITHDRAWN)

    def of(self, user):
        """Those of this user's own units, also of closed ones these succeed."""
        heir = Q(unit__valid_to__lt=today(), unit__successors__in=user.reach.own)
        return self.filter(Q(unit__in=user.reach.own) | heir).distinct()

    def raised(self):
        """Those said aloud: at any time, or in a report that has been sent."""
        return self.filter(_ALOUD)

    def unanswered(self):
        return self.raised().filter(state=Proposal.State.OPEN)

    def for_departments_of(self, user):
        """Those routed to this user's departments; to nobody in particular as well where the user works for the province."""
        departments = [a.department_id for a in user.appointments_in_force if a.department_id]
        to_nobody = Q(to_department=None, to_organization=None) if user.reach.writes_all else Q(pk__in=[])
        return self.filter(Q(to_department__in=departments) | to_nobody)


_ALOUD = Q(report=None) | ~Q(report__state=UnitReport.State.DRAFT)


class Proposal(models.Model):
    """A difficulty or a request of a unit, routed to the department or the outside body that must answer."""

    class Kind(models.TextChoices):
        DIFFICULTY = "difficulty", "Khó khăn, vướng mắc"
        PROPOSAL = "proposal", "Kiến nghị, đề xuất"

    class State(models.TextChoices):
        OPEN = "open", "Chờ trả lời"
        ANSWERED = "answered", "Đã trả lời"
        WITHDRAWN = "withdrawn", "Đã rút"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="proposals")
    report = models.ForeignKey(
        UnitReport,
        models.CASCADE,
        verbose_name="báo cáo",
        null=True,
        blank=True,
        editable=False,
        related_name="proposals",
    )
    plan = models.ForeignKey(
        Plan, models.PROTECT, verbose_name="về kế hoạch", null=True, blank=True, related_name="proposals"
    )
    kind = models.CharField("loại", max_length=10, choices=Kind.choices, default=Kind.DIFFICULTY)
    text = models.TextField("nội dung", max_length=2000)
    to_department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="ban trả lời", null=True, blank=True, related_name="+"
    )
    to_organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="cơ quan bên ngoài phải trả lời", null=True, blank=True, related_name="+"
    )  # fmt: skip
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    raised_by = models.ForeignKey(User, models.PROTECT, verbose_name="người nêu", editable=False, related_name="+")
    raised_on = models.DateField("ngày nêu", default=today, editable=False)
    answer = models.TextField("trả lời", blank=True, editable=False)
    answered_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người trả lời", null=True, editable=False, related_name="+"
    )
    answered_on = models.DateField("ngày trả lời", null=True, editable=False)

    scope = Owned()
    objects = models.Manager.from_queryset(ProposalQuerySet)()

    class Meta:
        verbose_name = "khó khăn, kiến nghị"
        verbose_name_plural = "khó khăn, kiến nghị"
        ordering = ["-raised_on", "-pk"]
        permissions = [("answer_proposal", "Trả lời khó khăn, kiến nghị")]
        indexes = [models.Index(fields=["unit", "state"], name="proposal_by_unit_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="answered") | (~Q(answer="") & Q(answered_by__isnull=False, answered_on__isnull=False)),
                name="proposal_answered_in_words",
                violation_error_message="Đã trả lời thì phải có nội dung, người và ngày trả lời.",
            )
        ]  # fmt: skip

    def __str__(self):
        return self.text[:100]

    @property
    def addressee(self) -> str:
        return str(self.to_department or self.to_organization or "")

    def clean(self):
        if self.to_department_id and self.to_organization_id:
            raise ValidationError({"to_organization": "Chỉ chọn một nơi trả lời: một ban hoặc một cơ quan bên ngoài."})

    @property
    def is_editable(self) -> bool:
        """Its words are fixed once they were sent with a report, or answered."""
        return self.state == self.State.OPEN and (self.report_id is None or self.report.is_editable)

    def reply(self, by, *, answer: str, on=None):
        """The unit sees the answer on its own page and in its report."""
        on = on or today()
        if not self._may_be_answered_by(by):
            raise Refused("Chỉ cán bộ được giao trả lời mới ghi được câu trả lời.")
        if not self.raised_on <= on <= today():
            raise Refused(f"Ngày trả lời phải từ ngày nêu ({self.raised_on:%d/%m/%Y}) đến hôm nay.")
        with moving(self, self.State.ANSWERED, by=by, came_from=[self.State.OPEN], on=on) as row:
            row.answer, row.answered_by, row.answered_on = answer, by, on

    def route(self, by, *, to_department):
        """Hand it to the department that knows; an answered one stays with who answered."""
        if not self._may_be_answered_by(by):
            raise Refused("Chỉ cán bộ của tỉnh mới chuyển kiến nghị cho ban khác.")
        with moving(self, self.State.OPEN, by=by, came_from=[self.State.OPEN]) as row:
            row.to_department, row.to_organization = to_department, None

    def _may_be_answered_by(self, user) -> bool:
        return user.reach_for("programs.answer_proposal").covers(self.unit_id)

    def is_of(self, user) -> bool:
        return Proposal.objects.of(user).filter(pk=self.pk).exists()

    def may_be_withdrawn_by(self, user) -> bool:
        """Its own unit, or whoever writes its report for it just now: nobody above makes one go away."""
        is_being_written = self.report_id is not None and self.report.is_editable
        return self.is_of(user) or (is_being_written and self.report.may_be_written_by(user))

    def withdraw(self, by):
        if not self.may_be_withdrawn_by(by):
            raise Refused("Chỉ đơn vị đã nêu mới rút được kiến nghị này.")
        with moving(self, self.State.WITHDRAWN, by=by, came_from=[self.State.OPEN]):
            pass
