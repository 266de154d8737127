from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from welfare.audit import AuditEvent
from welfare.documents.models import Document, DocumentKind
from welfare.scoping import ScopedManager, ScopedQuerySet, SharedDown, Via
from welfare.states import Refused, moving
from welfare.units.models import Department, Unit, User, today


class PlanQuerySet(ScopedQuerySet):
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
    history = HistoricalRecords(verbose_name="lịch sử kế hoạch")

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

    @property
    def number_and_symbol(self) -> str:
        """As printed, with room for a number not yet given: "Số:     /KH-LĐLĐ"."""
        return f"{self.number or '     '}/{self.symbol}"

    @property
    def years(self) -> str:
        return f"{self.first_year} - {self.last_year}" if self.last_year else str(self.first_year)

    @property
    def is_frozen(self) -> bool:
        return self.state in self.OUT

    def clean(self):
        if self.horizon_year and self.horizon_year < self.first_year:
            raise ValidationError({"horizon_year": "Năm đích phải từ năm bắt đầu của kế hoạch trở đi."})

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

    def close(self, by, on=None):
        with moving(self, self.State.CLOSED, by=by, came_from=[self.State.ISSUED, self.State.IN_FORCE], on=on):
            pass


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
    lead_level = models.PositiveSmallIntegerField("cả cấp thực hiện", null=True, blank=True)
    coordinators = models.CharField("phối hợp", max_length=300, blank=True)
    time_text = models.CharField(
        "thời gian", max_length=80, blank=True, help_text="Thường xuyên, Quý I, Trong năm hoặc một ngày"
    )
    due_on = models.DateField("hạn", null=True, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN)

    class Meta(PlanPart.Meta):
        verbose_name = "nhiệm vụ"
        verbose_name_plural = "nhiệm vụ"

    def __str__(self):
        return self.text[:80]


class Recipient(PlanPart):
    name = models.CharField("nơi nhận", max_length=200)
    purpose = models.CharField("mục đích", max_length=40, blank=True, help_text="để b/c, để chỉ đạo, để t/h")

    class Meta(PlanPart.Meta):
        verbose_name = "nơi nhận"
        verbose_name_plural = "nơi nhận"

    def __str__(self):
        return self.name
