from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from beneficiaries.rules import business_day, need_in_reach
from welfare.audit import AuditEvent
from welfare.documents.models import Document
from welfare.history import History
from welfare.scoping import Owned, ScopedManager
from welfare.states import Refused, moving
from welfare.units.models import Unit, User


class InspectionPlan(models.Model):
    """What the inspection means to look at in a year; a leader other than its author approves it."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        APPROVED = "approved", "Đã duyệt"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", editable=False, related_name="+")
    year = models.PositiveSmallIntegerField(
        "năm", unique=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        error_messages={"unique": "Năm này đã có kế hoạch kiểm tra."},
    )  # fmt: skip
    title = models.CharField("tên kế hoạch", max_length=200)
    aims = models.TextField("mục đích, yêu cầu", max_length=3000, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, verbose_name="văn bản trong sổ", null=True, blank=True, related_name="+"
    )
    state = models.CharField("trạng thái", max_length=8, choices=State.choices, default=State.DRAFT, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, verbose_name="người soạn", editable=False, related_name="+")
    approved_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người duyệt", null=True, editable=False, related_name="+"
    )
    approved_on = models.DateField("ngày duyệt", null=True, editable=False)
    history = History(verbose_name="lịch sử kế hoạch kiểm tra")

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "kế hoạch kiểm tra"
        verbose_name_plural = "kế hoạch kiểm tra"
        default_permissions = ("view", "add", "change", "export")
        ordering = ["-year"]
        permissions = [("approve_inspectionplan", "Duyệt kế hoạch kiểm tra")]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("created_by")),
                name="inspection_plan_approved_by_another",
                violation_error_message="Người soạn không tự duyệt kế hoạch kiểm tra.",
            )
        ]  # fmt: skip

    def __str__(self):
        return self.title

    def approve(self, by, *, on=None):
        need_in_reach(by, "approve_inspectionplan", "duyệt kế hoạch kiểm tra", self)
        with moving(self, self.State.APPROVED, by=by, came_from=[self.State.DRAFT], action=AuditEvent.Action.APPROVE,
                    on=on) as plan:  # fmt: skip
            if plan.created_by_id == by.pk:
                raise Refused("Bạn đã soạn kế hoạch này nên phải do người khác duyệt.")
            if not plan.inspections.exists():
                raise Refused("Kế hoạch chưa có cuộc kiểm tra nào; hãy thêm trước khi duyệt.")
            plan.approved_by, plan.approved_on = by, business_day(on)
