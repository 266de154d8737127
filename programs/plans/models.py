import re
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from welfare.audit import AuditEvent
from welfare.documents.models import Document, DocumentKind
from welfare.history import History
from welfare.scoping import ScopedManager, ScopedQuerySet, SharedDown, Via
from welfare.states import Refused, moving
from welfare.units.models import Department, Unit, User, today
from welfare.vietnamese import fold


def search_words(text: str) -> list[str]:
    """The words by which a number or title is found, however it is punctuated.

    "309/KH - LĐLĐ" and "0309/KH-LĐLĐ" are both ["309", "kh", "ldld"].
    """
    return [word.lstrip("0") or "0" for word in re.findall(r"[^\W_]+", fold(text))]


class PlanQuerySet(ScopedQuerySet):
    def search(self, text: str):
        """Plans whose number, symbol or title has every word of ``text`` (the beginning of a word is enough)."""
        found = self
        for word in search_words(re.sub(r"^\s*số\b[\s:]*", "", text, flags=re.IGNORECASE)):
            found = found.filter(search_text__contains=f" {word}")
        return found

    def in_year(self, year: int):
        return self.filter(
            Q(first_year__lte=year) & (Q(last_year__isnull=True, first_year=year) | Q(last_year__gte=year))
        )


class Plan(models.Model):
    """A kế hoạch or chương trình as its paper shows it. Issued text is frozen: a change makes a new version."""

    class State(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        SUBMITTED = "submitted", "Đã trình"
        ISSUED = "issued", "Đã ban hành"
        IN_FORCE = "in_force", "Đang thực hiện"
        CLOSED = "closed", "Đã kết thúc"

    OUT = (State.ISSUED, State.IN_FORCE, State.CLOSED)

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị ban hành", related_name="plans")
    kind = models.ForeignKey(DocumentKind, models.PROTECT, verbose_name="loại văn bản")
    number = models.CharField("số", max_length=20, blank=True)
    symbol = models.CharField(
        "ký hiệu", max_length=40, blank=True, help_text="Ví dụ: KH-LĐLĐ. Số có thể để trống đến khi ban hành."
    )
    place = models.CharField("địa danh", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    title = models.CharField("trích yếu", max_length=400)
    summary = models.TextField("lời dẫn", blank=True, help_text="Đoạn ngay sau phần căn cứ.")
    closing = models.TextField("lời kết", blank=True)
    issuing_body = models.CharField(
        "cơ quan quyết định", max_length=150, default="Ban Thường vụ Liên đoàn Lao động tỉnh"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="ban tham mưu", null=True, blank=True, related_name="+"
    )
    first_year = models.PositiveSmallIntegerField("từ năm")
    last_year = models.PositiveSmallIntegerField("đến năm", null=True, blank=True)
    horizon_year = models.PositiveSmallIntegerField("mục tiêu đến năm", null=True, blank=True)
    vision_year = models.PositiveSmallIntegerField("tầm nhìn đến năm", null=True, blank=True)
    implements_plan = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="thực hiện kế hoạch",
        null=True,
        blank=True,
        related_name="implemented_by",
    )
    implements_document = models.ForeignKey(
        Document, models.PROTECT, verbose_name="thực hiện văn bản", null=True, blank=True, related_name="+"
    )
    supersedes = models.ForeignKey(
        "self", models.PROTECT, verbose_name="thay thế", null=True, blank=True, related_name="superseded_by"
    )
    capacity = models.CharField("thể thức ký", max_length=80, default="TM. BAN THƯỜNG VỤ")
    signer_title = models.CharField("chức vụ người ký", max_length=80, blank=True)
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, verbose_name="người soạn", editable=False, related_name="+")
    search_text = models.TextField(editable=False, default="")
    history = History(verbose_name="lịch sử kế hoạch", excluded_fields=["search_text"])

    scope = SharedDown(once=Q(state__in=OUT))
    objects = models.Manager.from_queryset(PlanQuerySet)()

    class Meta:
        verbose_name = "kế hoạch"
        verbose_name_plural = "kế hoạch"
        ordering = ["-first_year", "-issued_on", "-pk"]
        permissions = [("issue_plan", "Ban hành kế hoạch")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="plan_years_in_order",
                violation_error_message="Năm kết thúc phải từ năm bắt đầu trở đi.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"])
                | (Q(issued_on__isnull=False) & ~Q(number="") & ~Q(signer_name="")),
                name="plan_issued_is_signed",
                violation_error_message="Kế hoạch ban hành phải có số, ngày và người ký.",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.title}"

    def save(self, **options):
        self.search_text = f" {' '.join(search_words(f'{self.number} {self.symbol} {self.title}'))}"
        super().save(**options)

    @property
    def number_and_symbol(self) -> str:
        """As printed, with room for a number not yet given: "Số:     /KH-LĐLĐ"."""
        return f"{self.number or '     '}/{self.symbol}"

    @property
    def years(self) -> str:
        return f"{self.first_year} - {self.last_year}" if self.last_year else str(self.first_year)

    @property
    def period(self) -> str:
        """All its years in words: "2024, mục tiêu đến năm 2030, tầm nhìn đến năm 2045"."""
        horizon = f"mục tiêu đến năm {self.horizon_year}" if self.horizon_year else ""
        vision = f"tầm nhìn đến năm {self.vision_year}" if self.vision_year else ""
        return ", ".join(words for words in (self.years, horizon, vision) if words)

    @property
    def is_frozen(self) -> bool:
        return self.state in self.OUT

    @property
    def is_editable(self) -> bool:
        """What was submitted is read as it stands; it is changed after going back to its author."""
        return self.state == self.State.DRAFT

    def clean(self):
        first = self.first_year or 0
        if self.horizon_year and self.horizon_year < first:
            raise ValidationError({"horizon_year": "Năm đích phải từ năm bắt đầu của kế hoạch trở đi."})
        if self.vision_year and self.vision_year < (self.horizon_year or first):
            raise ValidationError({"vision_year": "Năm tầm nhìn phải từ năm đích trở đi."})
        if self.pk and self.pk in (self.supersedes_id, self.implements_plan_id):
            raise ValidationError("Kế hoạch không thay thế hoặc thực hiện chính nó được.")

    def submit(self, by):
        with moving(self, self.State.SUBMITTED, by=by, came_from=[self.State.DRAFT]):
            pass

    def return_to_draft(self, by):
        with moving(self, self.State.DRAFT, by=by, came_from=[self.State.SUBMITTED]):
            pass

    def issue(self, by, *, number: str, on=None):
        """Number, date and signer fix the text. Raises ``Refused`` when something of it is missing."""
        if not by.has_perm("programs.issue_plan"):
            raise Refused("Chỉ lãnh đạo hoặc cán bộ được giao mới ban hành kế hoạch.")
        with moving(self, self.State.IN_FORCE, by=by, came_from=[self.State.DRAFT, self.State.SUBMITTED],
                    action=AuditEvent.Action.APPROVE, on=on) as plan:  # fmt: skip
            plan.number, plan.issued_on = number.strip(), on or today()
            if not (plan.number and plan.signer_name and plan.symbol):
                raise Refused("Trước khi ban hành phải có số, ký hiệu và người ký của kế hoạch.")
            if mismatched := plan.targets.mismatched():
                raise Refused(f"Chưa ban hành được vì chỉ tiêu “{mismatched[0]}”: {mismatched[0].share_mismatch()}")

    def close(self, by, on=None):
        with moving(self, self.State.CLOSED, by=by, came_from=[self.State.ISSUED, self.State.IN_FORCE], on=on):
            pass


LEVELS = [(1, "Cấp tỉnh"), (2, "Công đoàn cấp trên trực tiếp cơ sở"), (3, "Công đoàn cơ sở")]


class PlanPart(models.Model):
    """A row of a plan's text, in the plan's order."""

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name="kế hoạch", related_name="%(class)ss")
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    scope = Via("plan")
    objects = ScopedManager()

    class Meta:
        abstract = True
        ordering = ["order", "pk"]


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
    def of(self, user):
        """Open tasks of issued plans that ``user`` leads: through a unit, its level, or a department."""
        appointments = user.appointments_in_force
        levels = {appointment.unit.kind.level for appointment in appointments}
        departments = [a.department_id for a in appointments if a.department_id]
        return self.filter(state=Assignment.State.OPEN, plan__state__in=Plan.OUT).filter(
            Q(lead_unit__in=user.reach.own) | Q(lead_level__in=levels) | Q(lead_department__in=departments)
        )

    def due(self, days=14):
        return self.filter(due_on__lte=today() + timedelta(days=days))


class Assignment(PlanPart):
    """A task: who leads, who joins in, by when as the plan words it."""

    class State(models.TextChoices):
        OPEN = "open", "Chưa xong"
        DONE = "done", "Đã xong"

    section = models.ForeignKey(Section, models.SET_NULL, verbose_name="mục", null=True, blank=True, related_name="+")
    text = models.TextField("nhiệm vụ")
    lead_department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="ban chủ trì", null=True, blank=True, related_name="+"
    )
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="đơn vị chủ trì", null=True, blank=True, related_name="+"
    )
    lead_level = models.PositiveSmallIntegerField("cả cấp thực hiện", choices=LEVELS, null=True, blank=True)
    coordinators = models.CharField("phối hợp", max_length=300, blank=True)
    time_text = models.CharField(
        "thời gian", max_length=80, blank=True, help_text="Thường xuyên, Quý I, Trong năm hoặc một ngày"
    )
    due_on = models.DateField("hạn", null=True, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    done_on = models.DateField("xong ngày", null=True, blank=True, editable=False)
    evidence = models.CharField("kết quả", max_length=300, blank=True, editable=False)

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
    def is_late(self) -> bool:
        return self.state == self.State.OPEN and self.due_on is not None and self.due_on < today()

    def may_be_finished_by(self, user) -> bool:
        leads_here = self.lead_unit_id is not None and user.reach.may_write(self.lead_unit_id)
        return user.has_perm("programs.finish_assignment") and (leads_here or user.reach.may_write(self.plan.unit_id))

    def finish(self, by, *, evidence: str, on=None):
        """The unit that leads, or the plan's issuer, says that it is done and what shows it."""
        if not self.may_be_finished_by(by):
            raise Refused("Chỉ đơn vị chủ trì hoặc đơn vị ban hành kế hoạch báo xong nhiệm vụ này.")
        if not self.plan.is_frozen:
            raise Refused("Kế hoạch chưa ban hành nên nhiệm vụ chưa thể báo xong.")
        with moving(self, self.State.DONE, by=by, came_from=[self.State.OPEN], on=on) as row:
            row.evidence, row.done_on = evidence, on or today()


class Recipient(PlanPart):
    name = models.CharField("nơi nhận", max_length=200)
    purpose = models.CharField("mục đích", max_length=40, blank=True, help_text="để b/c, để chỉ đạo, để t/h")

    class Meta(PlanPart.Meta):
        verbose_name = "nơi nhận"
        verbose_name_plural = "nơi nhận"

    def __str__(self):
        return self.name
