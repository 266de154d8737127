"""The parts of a plan's text, in its order. They are written while the plan is a draft, and frozen with it."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from programs.plans.freezing import refuse_changed_text, refuse_frozen
from programs.plans.plan import Plan
from welfare.documents.models import Document, StoredFile, store_file
from welfare.scoping import ScopedManager, ScopedQuerySet, Via
from welfare.states import Refused, moving
from welfare.units.models import Department, Unit, today
from welfare.uploads import content_type

LEVELS = [(1, "Cấp tỉnh"), (2, "Công đoàn cấp trên trực tiếp cơ sở"), (3, "Công đoàn cơ sở")]


class PlanPart(models.Model):
    """A row of a plan's text, in the plan's order."""

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name="kế hoạch", related_name="%(class)ss")
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    scope = Via("plan")
    objects = ScopedManager()
    LIVES_ON: tuple[str, ...] = ()

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def save(self, **options):
        refuse_changed_text(self, self.plan)
        super().save(**options)

    def delete(self, **options):
        refuse_frozen(self.plan)
        return super().delete(**options)


class LegalBasis(PlanPart):
    verb = models.CharField("động từ", max_length=20, default="Căn cứ")
    document = models.ForeignKey(Document, models.PROTECT, verbose_name="văn bản", related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name="kế hoạch", related_name="bases")

    class Meta(PlanPart.Meta):
        verbose_name = "căn cứ"
        verbose_name_plural = "căn cứ"

    def __str__(self):
        return f"{self.verb} {self.document}"


class Section(PlanPart):
    """A heading with its text; the number prints as the document has it, doubled or not."""

    parent = models.ForeignKey(
        "self", models.CASCADE, verbose_name="thuộc mục", null=True, blank=True, related_name="children"
    )
    number = models.CharField("số mục", max_length=12, blank=True)
    heading = models.CharField("tên mục", max_length=400, blank=True)
    body = models.TextField("nội dung", blank=True)

    class Meta(PlanPart.Meta):
        verbose_name = "mục"
        verbose_name_plural = "mục"

    def __str__(self):
        return f"{self.number} {self.heading}".strip() or self.body[:60]


class AssignmentQuerySet(ScopedQuerySet):
    def with_parties(self):
        """With all that leads and coordinates, for lists that name them."""
        return self.select_related("lead_department", "lead_unit").prefetch_related(
            "coordinator_departments", "coordinator_units"
        )

    def of(self, user):
        """Open tasks of plans in force that ``user`` leads: through a unit, its level, or a department."""
        return self._open().filter(_part_of(user, "lead_unit", "lead_level", "lead_department"))

    def joined_by(self, user):
        """Open tasks of plans in force in which ``user`` coordinates and does not lead."""
        joins = _part_of(user, "coordinator_units", "coordinator_level", "coordinator_departments")
        return self._open().filter(joins).exclude(pk__in=self.of(user).values("pk")).distinct()

    def _open(self):
        return self.filter(state=Assignment.State.OPEN, plan__state__in=Plan.LIVE)

    def due(self, days=14):
        return self.filter(due_on__lte=today() + timedelta(days=days))

    def take_over(self, older):
        """What was done of ``older`` tasks is done of the open ones here that say the same."""
        done = {task.text: task for task in older.filter(state=Assignment.State.DONE)}
        for task in self.filter(state=Assignment.State.OPEN, text__in=done):
            before = done[task.text]
            self.filter(pk=task.pk).update(state=before.state, done_on=before.done_on, evidence=before.evidence)


def _part_of(user, unit, level, department) -> Q:
    appointments = user.appointments_in_force
    levels = {appointment.unit.kind.level for appointment in appointments}
    departments = {a.department_id for a in appointments if a.department_id}
    return (
        Q(**{f"{unit}__in": user.reach.own}) | Q(**{f"{level}__in": levels}) | Q(**{f"{department}__in": departments})
    )


class Assignment(PlanPart):
    """A task: who leads, who joins in, by when as the plan words it."""

    class State(models.TextChoices):
        OPEN = "open", "Chưa xong"
        DONE = "done", "Đã xong"

    LIVES_ON = ("state", "done_on", "evidence", "reopen_reason")

    section = models.ForeignKey(Section, models.SET_NULL, verbose_name="mục", null=True, blank=True, related_name="+")
    text = models.TextField("nhiệm vụ")
    lead_department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="ban chủ trì", null=True, blank=True, related_name="+"
    )
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="đơn vị chủ trì", null=True, blank=True, related_name="+"
    )
    lead_level = models.PositiveSmallIntegerField("cả cấp thực hiện", choices=LEVELS, null=True, blank=True)
    coordinator_departments = models.ManyToManyField(
        Department, verbose_name="ban phối hợp", blank=True, related_name="+"
    )
    coordinator_units = models.ManyToManyField(Unit, verbose_name="đơn vị phối hợp", blank=True, related_name="+")
    coordinator_level = models.PositiveSmallIntegerField("cả cấp phối hợp", choices=LEVELS, null=True, blank=True)
    coordinators = models.CharField(
        "cơ quan ngoài phối hợp",
        max_length=300,
        blank=True,
        help_text="Sở, ngành, doanh nghiệp, ghi như trong văn bản.",
    )
    time_text = models.CharField(
        "thời gian", max_length=80, blank=True, help_text="Thường xuyên, Quý I, Trong năm hoặc một ngày"
    )
    due_on = models.DateField("hạn", null=True, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    done_on = models.DateField("xong ngày", null=True, blank=True, editable=False)
    evidence = models.CharField("kết quả", max_length=300, blank=True, editable=False)
    reopen_reason = models.CharField("lý do mở lại", max_length=300, blank=True, editable=False)

    objects = models.Manager.from_queryset(AssignmentQuerySet)()

    class Meta(PlanPart.Meta):
        verbose_name = "nhiệm vụ"
        verbose_name_plural = "nhiệm vụ"
        permissions = [("finish_assignment", "Báo nhiệm vụ đã xong")]

    def __str__(self):
        return self.text[:80]

    @property
    def leads(self) -> str:
        """Who leads, in words: a department, a unit, a whole level, or several of them."""
        level = self.get_lead_level_display() if self.lead_level else ""
        return ", ".join(str(lead) for lead in (self.lead_department, self.lead_unit, level) if lead)

    @property
    def joins(self) -> str:
        """Who coordinates, in words: departments, units, a whole level, outside bodies."""
        level = self.get_coordinator_level_display() if self.coordinator_level else ""
        parties = [*self.coordinator_departments.all(), *self.coordinator_units.all(), level, self.coordinators]
        return ", ".join(str(party) for party in parties if party)

    @property
    def is_late(self) -> bool:
        return self.state == self.State.OPEN and self.due_on is not None and self.due_on < today()

    def may_be_finished_by(self, user) -> bool:
        reach = user.reach_for("programs.finish_assignment")
        leads_here = self.lead_unit_id is not None and reach.may_write(self.lead_unit_id)
        return leads_here or reach.may_write(self.plan.unit_id)

    def finish(self, by, *, evidence: str, on=None, files=()):
        """The unit that leads, or the plan's issuer, says that it is done and what shows it."""
        self._refuse_to_finish(by)
        if on and on > today():
            raise Refused("Ngày xong không được sau hôm nay.")
        with moving(self, self.State.DONE, by=by, came_from=[self.State.OPEN], on=on) as row:
            row.evidence, row.done_on, row.reopen_reason = evidence, on or today(), ""
            row._attach(by, files)

    def reopen(self, by, *, reason: str):
        """Back to the open ones, for instance when the evidence does not show what it should."""
        self._refuse_to_finish(by)
        with moving(self, self.State.OPEN, by=by, came_from=[self.State.DONE]) as row:
            row.done_on, row.reopen_reason = None, reason

    def _refuse_to_finish(self, by):
        if not self.may_be_finished_by(by):
            raise Refused("Chỉ đơn vị chủ trì hoặc đơn vị ban hành kế hoạch báo xong hay mở lại nhiệm vụ này.")
        if not self.plan.is_frozen:
            raise Refused("Kế hoạch chưa ban hành nên nhiệm vụ chưa thể báo xong.")

    def _attach(self, by, files):
        leads_here = self.lead_unit_id is not None and by.reach_for("programs.finish_assignment").may_write(
            self.lead_unit_id
        )
        unit = self.lead_unit if leads_here else self.plan.unit
        for file in files:
            store_file(file, name=file.name, content_type=content_type(file.name), owner=by, unit=unit, subject=self)

    def files_seen_by(self, user) -> list[StoredFile]:
        about = StoredFile.objects.filter(subject_kind__model="assignment", subject_id=str(self.pk))
        return [file for file in about.order_by("created_at") if user.reach.covers(file.unit_id)]


class Recipient(PlanPart):
    name = models.CharField("nơi nhận", max_length=200)
    purpose = models.CharField("mục đích", max_length=40, blank=True, help_text="để b/c, để chỉ đạo, để t/h")

    class Meta(PlanPart.Meta):
        verbose_name = "nơi nhận"
        verbose_name_plural = "nơi nhận"

    def __str__(self):
        return self.name
