import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from programs.plans.freezing import refuse_changed_text
from welfare.audit import AuditEvent
from welfare.documents import numbers
from welfare.documents.layout import PartialDate
from welfare.documents.models import Document, DocumentKind
from welfare.history import History
from welfare.scoping import ScopedQuerySet, SharedDown
from welfare.states import Refused, locked, moving
from welfare.units.models import Department, Unit, User, today


class PlanQuerySet(ScopedQuerySet):
    def search(self, text: str):
        """By number, symbol or title, however they are typed."""
        return self.filter(numbers.matching(text))

    def in_year(self, year: int):
        return self.filter(
            Q(first_year__lte=year) & (Q(last_year__isnull=True, first_year=year) | Q(last_year__gte=year))
        )

    def standing(self):
        """Issued plans that no newer version has replaced."""
        replaced = Plan.objects.filter(state__in=Plan.OUT, supersedes__isnull=False).values("supersedes")
        return self.filter(state__in=Plan.OUT).exclude(pk__in=replaced)

    def binding(self, unit: Unit):
        """Of a unit and of those above it."""
        lengths = range(unit.steplen, len(unit.path) + 1, unit.steplen)
        return self.filter(unit__path__in=[unit.path[:length] for length in lengths])

    def due_in_force(self):
        """Issued before, to be in force from today or earlier."""
        return self.filter(state=Plan.State.ISSUED, in_force_on__lte=today())


class Plan(models.Model):
    """A kế hoạch or chương trình as its paper shows it. Issued text is frozen: a change makes a new version."""

    class State(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        SUBMITTED = "submitted", "Đã trình"
        ISSUED = "issued", "Đã ban hành"
        IN_FORCE = "in_force", "Đang thực hiện"
        CLOSED = "closed", "Đã kết thúc"

    OUT = (State.ISSUED, State.IN_FORCE, State.CLOSED)
    LIVE = (State.ISSUED, State.IN_FORCE)
    LIVES_ON = ("state", "document", "search_text")  # what changes after issue; everything else is frozen

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị ban hành", related_name="plans")
    kind = models.ForeignKey(DocumentKind, models.PROTECT, verbose_name="loại văn bản")
    number = models.CharField("số", max_length=20, blank=True)
    symbol = models.CharField(
        "ký hiệu", max_length=40, blank=True, help_text="Ví dụ: KH-LĐLĐ. Số có thể để trống đến khi ban hành."
    )
    place = models.CharField("địa danh", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    dated_month = models.PositiveSmallIntegerField(
        "tháng", null=True, blank=True, help_text="Chỉ ghi khi ngày còn để trống: “ngày … tháng 10 năm 2026”."
    )
    dated_year = models.PositiveSmallIntegerField("năm", null=True, blank=True)
    in_force_on = models.DateField("có hiệu lực từ ngày", null=True, editable=False)
    has_letterhead = models.BooleanField("in tên cơ quan ở đầu văn bản", default=True)
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
    asks_unit_plans = models.BooleanField("yêu cầu đơn vị ban hành kế hoạch triển khai", default=False)
    unit_plans_due_on = models.DateField("hạn đơn vị ban hành", null=True, blank=True)
    capacity = models.CharField("thể thức ký", max_length=80, default="TM. BAN THƯỜNG VỤ", blank=True)
    signer_title = models.CharField("chức vụ người ký", max_length=80, blank=True)
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, verbose_name="người soạn", editable=False, related_name="+")
    return_reason = models.CharField("lý do trả lại", max_length=300, blank=True, editable=False)
    document = models.OneToOneField(
        Document, models.PROTECT, verbose_name="trong sổ văn bản", null=True, editable=False, related_name="plan"
    )
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
            models.CheckConstraint(
                condition=Q(dated_month__isnull=True) | Q(dated_month__range=(1, 12)),
                name="plan_month_in_calendar",
                violation_error_message="Tháng từ 1 đến 12.",
            ),
            models.CheckConstraint(
                condition=Q(asks_unit_plans=True) | Q(unit_plans_due_on__isnull=True),
                name="plan_due_is_of_unit_plans",
                violation_error_message="Chỉ ghi hạn khi có yêu cầu đơn vị ban hành kế hoạch triển khai.",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.title}"

    def save(self, **options):
        refuse_changed_text(self, self)
        self.search_text = numbers.searchable(self.number, self.symbol, self.title)
        super().save(**options)

    @property
    def number_and_symbol(self) -> str:
        """A number not yet given as "……/KH-LĐLĐ"."""
        return numbers.join(self.number or "……", self.symbol)

    @property
    def date(self) -> datetime.date | PartialDate:
        """As printed: the day of issue, or as much of it as the paper has."""
        return self.issued_on or PartialDate(self.dated_year, self.dated_month)

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
        if self.supersedes_id and self.supersedes.unit_id != self.unit_id:
            raise ValidationError({"supersedes": "Chỉ thay thế được kế hoạch do chính đơn vị mình ban hành."})

    # Who may ---------------------------------------------------------------------------------------

    def may_be_written_by(self, user) -> bool:
        """Its author and its department; officers who stand in no department write for all of their unit."""
        if not user.reach_for("programs.change_plan").may_write(self.unit_id):
            return False
        own = {a.department_id for a in user.appointments_in_force if a.department_id}
        return not (self.department_id and own) or self.department_id in own or user.pk == self.created_by_id

    def may_be_issued_by(self, user) -> bool:
        return user.reach_for("programs.issue_plan").may_write(self.unit_id)

    def _refuse_to_write(self, by):
        if not self.may_be_written_by(by):
            raise Refused(
                "Chỉ người soạn và ban tham mưu của kế hoạch, hoặc cán bộ đơn vị ban hành, làm được việc này."
            )

    def _refuse_to_move(self, by):
        """Who may issue it may also hand it on or end it."""
        if not self.may_be_issued_by(by):
            self._refuse_to_write(by)

    def _refuse_to_issue(self, by):
        if not self.may_be_issued_by(by):
            raise Refused("Chỉ lãnh đạo hoặc cán bộ được giao của đơn vị ban hành mới ban hành hay trả lại kế hoạch.")

    # States ----------------------------------------------------------------------------------------

    def submit(self, by):
        self._refuse_to_move(by)
        with moving(self, self.State.SUBMITTED, by=by, came_from=[self.State.DRAFT]) as plan:
            plan.return_reason = ""

    def return_to_draft(self, by, *, reason: str):
        self._refuse_to_issue(by)
        with moving(self, self.State.DRAFT, by=by, came_from=[self.State.SUBMITTED]) as plan:
            plan.return_reason = reason

    def issue(self, by, *, number: str, on=None, in_force_on=None):
        """Number, date and signer fix the text, and the paper stands in the register of documents.

        In force from ``in_force_on``, by default from its date. The plan it supersedes is closed. Raises ``Refused``
        when something of it is missing or the number is given already.
        """
        self._refuse_to_issue(by)
        on = on or today()
        starts = in_force_on or on
        if starts < on:
            raise Refused("Ngày có hiệu lực không được trước ngày ban hành.")
        state = self.State.IN_FORCE if starts <= today() else self.State.ISSUED
        with moving(self, state, by=by, came_from=[self.State.DRAFT, self.State.SUBMITTED],
                    action=AuditEvent.Action.APPROVE, on=on) as plan:  # fmt: skip
            plan.number, plan.issued_on, plan.in_force_on, plan.return_reason = numbers.parse(number)[0], on, starts, ""
            if not (plan.number and plan.signer_name and plan.symbol):
                raise Refused("Trước khi ban hành phải có số, ký hiệu và người ký của kế hoạch.")
            if mismatched := plan.targets.mismatched():
                raise Refused(f"Chưa ban hành được vì chỉ tiêu “{mismatched[0]}”: {mismatched[0].share_mismatch()}")
            plan.document = plan._paper().enter(adopting=Document.objects.filter(plan=None))
            if plan.supersedes_id:
                plan.supersedes._give_way_to(plan, by, on)

    def come_into_force(self, by=None):
        with moving(self, self.State.IN_FORCE, by=by, came_from=[self.State.ISSUED], on=self.in_force_on):
            pass

    def close(self, by, on=None):
        self._refuse_to_move(by)
        with moving(self, self.State.CLOSED, by=by, came_from=self.LIVE, on=on):
            pass

    def _paper(self) -> Document:
        day = self.issued_on
        return Document(
            unit=self.unit, issuer_unit=self.unit, issuer_words=self.issuing_body, kind=self.kind, number=self.number,
            symbol=self.symbol, year=day.year, month=day.month, day=day.day, title=self.title,
            supersedes=self.supersedes.document if self.supersedes_id else None,
        )  # fmt: skip

    def _give_way_to(self, newer: "Plan", by, on):
        """Closed by its newer version, which takes over what was done of the tasks that stand in both."""
        if self.unit_id != newer.unit_id:
            raise Refused("Chỉ thay thế được kế hoạch do chính đơn vị mình ban hành.")
        if self.state in self.LIVE:
            with moving(self, self.State.CLOSED, by=by, came_from=self.LIVE, on=on):
                newer.assignments.take_over(self.assignments.all())

    # Copies ----------------------------------------------------------------------------------------

    def make_new_version(self, by, *, with_shares=True) -> "Plan":
        """A draft with all its parts, to supersede it once issued. Raises ``Refused`` while another one is written."""
        from programs.plans.copying import copy_plan

        self._refuse_to_write(by)
        with locked(self) as plan:
            if plan.state not in self.LIVE:
                raise Refused("Chỉ kế hoạch đã ban hành và chưa kết thúc mới có bản thay thế.")
            if plan.superseded_by.exists():
                raise Refused(f"Kế hoạch này đã có bản thay thế: “{plan.superseded_by.first()}”.")
            return copy_plan(plan, by, with_shares=with_shares, supersedes=plan)

    def copy_for_year(self, by, *, year: int, with_shares=False) -> "Plan":
        """A draft of another year with all its parts; the years of its fields move on, those of its texts stay."""
        from programs.plans.copying import copy_plan

        self._refuse_to_write(by)
        return copy_plan(self, by, years=year - self.first_year, with_shares=with_shares, supersedes=None)
