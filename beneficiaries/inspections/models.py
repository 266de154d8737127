from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from beneficiaries.feedback.models import Feedback
from beneficiaries.funds.models import Fund
from beneficiaries.grants.models import GrantRound
from beneficiaries.inspections.findings import Finding, Recovery
from beneficiaries.inspections.kinds import FindingKind
from beneficiaries.inspections.plans import InspectionPlan
from beneficiaries.inspections.sampling import SampleRow
from beneficiaries.inspections.steps import DATE_OF, WAY, InspectionSteps, State
from welfare.documents.models import Document
from welfare.history import History
from welfare.scoping import Owned, ScopedManager, ScopedQuerySet, Via
from welfare.units.models import Unit, User, today

__all__ = [
    "DATE_OF",
    "WAY",
    "Finding",
    "FindingKind",
    "Inspection",
    "InspectionMember",
    "InspectionPlan",
    "Recovery",
    "SampleRow",
]


class InspectionQuerySet(ScopedQuerySet):
    def open(self):
        return self.exclude(state__in=[State.CLOSED, State.CANCELLED])

    def overdue(self):
        """Still to begin, or to be concluded, after the days planned for it."""
        return self.filter(
            Q(state__in=[State.PLANNED, State.DECIDED], starts_on__lt=today())
            | Q(state=State.RUNNING, ends_on__lt=today())
        )


def _who(name):
    return models.ForeignKey(User, models.PROTECT, verbose_name=name, null=True, editable=False, related_name="+")


def _paper(name):
    return models.ForeignKey(Document, models.PROTECT, verbose_name=name, null=True, editable=False, related_name="+")


def _day(name):
    return models.DateField(name, null=True, editable=False)


class Inspection(InspectionSteps):
    """A look by the inspection committee at what some units paid in a time. ``unit`` is whose committee it is."""

    State = State

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị kiểm tra", editable=False, related_name="+")
    plan = models.ForeignKey(
        InspectionPlan, models.PROTECT, verbose_name="theo kế hoạch năm", null=True, blank=True, related_name="inspections",
        help_text="Để trống là kiểm tra đột xuất.",
    )  # fmt: skip
    feedback = models.ForeignKey(
        Feedback, models.PROTECT, verbose_name="từ phản ánh", null=True, blank=True, related_name="inspections"
    )
    subject = models.CharField("nội dung kiểm tra", max_length=300, help_text="Ví dụ: việc chi hỗ trợ Tết năm 2026.")
    units = models.ManyToManyField(
        Unit, verbose_name="đơn vị được kiểm tra", related_name="inspections", help_text="Gồm cả các đơn vị cấp dưới."
    )
    period_from = models.DateField("kiểm tra các khoản chi từ ngày")
    period_to = models.DateField("đến hết ngày")
    with_grants = models.BooleanField("kiểm tra khoản hỗ trợ", default=True)
    with_houses = models.BooleanField("kiểm tra tiền làm nhà", default=True)
    rounds = models.ManyToManyField(
        GrantRound, verbose_name="chỉ các đợt hỗ trợ", blank=True, related_name="+", help_text="Để trống là mọi đợt."
    )
    funds = models.ManyToManyField(
        Fund, verbose_name="chỉ các quỹ", blank=True, related_name="+", help_text="Để trống là mọi quỹ."
    )
    starts_on = models.DateField("dự kiến kiểm tra từ ngày")
    ends_on = models.DateField("đến ngày")
    planned_on = models.DateField("ngày lập", default=today, editable=False)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.PLANNED, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, verbose_name="người lập", editable=False, related_name="+")
    decision = _paper("quyết định")
    decided_by = _who("người ghi quyết định")
    decided_on = _day("ngày quyết định")
    started_on = _day("ngày bắt đầu")
    sample_seed = models.BigIntegerField("số gieo ngẫu nhiên", null=True, editable=False)
    sample_of = models.PositiveIntegerField("số khoản đã chi trong phạm vi", null=True, editable=False)
    sample_drawn_on = _day("ngày chọn mẫu")
    minutes_on = _day("ngày lập biên bản")
    minutes_place = models.CharField("nơi lập biên bản", max_length=200, blank=True, editable=False)
    minutes_present = models.TextField("thành phần", max_length=1000, blank=True, default="", editable=False)
    minutes_text = models.TextField("nội dung biên bản", max_length=10_000, blank=True, default="", editable=False)
    conclusion_document = _paper("văn bản kết luận")
    conclusion = models.TextField("kết luận", max_length=10_000, blank=True, default="", editable=False)
    concluded_by = _who("người kết luận")
    concluded_on = _day("ngày kết luận")
    closed_by = _who("người kết thúc")
    closed_on = _day("ngày kết thúc")
    cancelled_reason = models.CharField("lý do không tiến hành", max_length=300, blank=True, editable=False)
    history = History(verbose_name="lịch sử cuộc kiểm tra")

    scope = Owned()
    objects = models.Manager.from_queryset(InspectionQuerySet)()

    class Meta:
        verbose_name = "cuộc kiểm tra"
        verbose_name_plural = "cuộc kiểm tra"
        default_permissions = ("view", "add", "change", "export")
        ordering = ["-starts_on", "-pk"]
        permissions = [
            ("conduct_inspection", "Tiến hành kiểm tra"),
            ("close_inspection", "Kết thúc cuộc kiểm tra"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="inspection_period_in_order",
                violation_error_message="Thời kỳ kiểm tra phải có ngày cuối từ ngày đầu trở đi.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="inspection_days_in_order",
                violation_error_message="Ngày kết thúc kiểm tra phải từ ngày bắt đầu trở đi.",
            ),
            models.CheckConstraint(
                condition=Q(with_grants=True) | Q(with_houses=True), name="inspection_of_something",
                violation_error_message="Chọn ít nhất một: khoản hỗ trợ hoặc tiền làm nhà.",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("concluded_by")), name="inspection_closed_by_another",
                violation_error_message="Người ký kết luận không tự kết thúc cuộc kiểm tra.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"Kiểm tra {self.subject}"

    @property
    def unit_names(self) -> str:
        return ", ".join(unit.short_name for unit in self.units.all())

    @property
    def head(self) -> str:
        return next((member.full_name for member in self.members.all() if member.is_head), "")

    @property
    def is_overdue(self) -> bool:
        if self.state in (State.PLANNED, State.DECIDED):
            return self.starts_on < today()
        return self.state == State.RUNNING and self.ends_on < today()

    def inspected_unit_ids(self) -> set[int]:
        """The units it looks at and all under them."""
        return set().union(*(unit.subtree_ids() for unit in self.units.all()))

    def clean(self):
        if self.period_to and self.period_to > today():
            raise ValidationError({"period_to": "Chỉ kiểm tra các khoản đã chi; ngày cuối không được sau hôm nay."})


class InspectionMember(models.Model):
    """One of the team, with or without an account here."""

    class Part(models.TextChoices):
        HEAD = "head", "Trưởng đoàn"
        DEPUTY = "deputy", "Phó trưởng đoàn"
        SECRETARY = "secretary", "Thư ký"
        MEMBER = "member", "Thành viên"

    inspection = models.ForeignKey(Inspection, models.CASCADE, verbose_name="cuộc kiểm tra", related_name="members")
    full_name = models.CharField("họ và tên", max_length=120)
    job_title = models.CharField("chức vụ", max_length=160, blank=True)
    part = models.CharField("trong đoàn", max_length=10, choices=Part.choices, default=Part.MEMBER)
    user = models.ForeignKey(User, models.PROTECT, verbose_name="tài khoản", null=True, blank=True, related_name="+")

    scope = Via("inspection")
    objects = ScopedManager()

    class Meta:
        verbose_name = "thành viên đoàn kiểm tra"
        verbose_name_plural = "đoàn kiểm tra"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(part="head"), name="inspection_one_head",
                violation_error_message="Đoàn kiểm tra chỉ có một trưởng đoàn.",
            )
        ]  # fmt: skip

    def __str__(self):
        return self.full_name

    @property
    def is_head(self) -> bool:
        return self.part == self.Part.HEAD
