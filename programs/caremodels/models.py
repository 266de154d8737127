from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from programs.activities.rows import CareQuerySet, CareRow
from welfare.audit import AuditEvent, record
from welfare.history import History
from welfare.kinds import Kind
from welfare.rules import business_day, need
from welfare.scoping import Owned, ScopedManager, Via
from welfare.states import Refused, locked, moving
from welfare.units.models import Unit, User, today

EVALUATE_WITHIN = timedelta(days=365)


class CareModelKind(Kind):
    class Meta(Kind.Meta):
        verbose_name = "loại mô hình"
        verbose_name_plural = "loại mô hình chăm lo"


class CareModelQuerySet(CareQuerySet):
    def running(self, on=None):
        """Those that run on a day, default today: what measures count by ``unit``."""
        on = on or today()
        return self.filter(running_since__lte=on).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))

    def with_latest(self):
        """Adds ``evaluated_on`` and ``result`` of the latest evaluation."""
        latest = Evaluation.objects.filter(care_model=OuterRef("pk")).order_by("-on", "-pk")
        return self.annotate(
            evaluated_on=Subquery(latest.values("on")[:1]), result=Subquery(latest.values("result")[:1])
        )

    def unevaluated(self, on=None):
        """Running for a year, or since the latest evaluation, without another one."""
        since = (on or today()) - EVALUATE_WITHIN
        judged = Evaluation.objects.filter(on__gt=since).values("care_model")
        return self.running(on).filter(running_since__lte=since).exclude(pk__in=judged)


class CareModel(CareRow):
    """A way of caring that a unit keeps running, such as a mutual fund or a union shop, from its registration on."""

    class State(models.TextChoices):
        REGISTERED = "registered", "Đã đăng ký"
        RUNNING = "running", "Đang chạy"
        ENDED = "ended", "Đã kết thúc"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="care_models")
    kind = models.ForeignKey(CareModelKind, models.PROTECT, verbose_name="loại mô hình", related_name="care_models")
    name = models.CharField("tên mô hình", max_length=200)
    place = models.CharField("địa điểm", max_length=200, blank=True)
    registered_on = models.DateField("ngày đăng ký", default=today)
    running_since = models.DateField("hoạt động từ ngày", null=True, editable=False)
    ended_on = models.DateField("ngày kết thúc", null=True, editable=False)
    ended_reason = models.CharField("lý do kết thúc", max_length=300, blank=True, editable=False)
    note = models.TextField("nội dung, quy mô", blank=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=State.choices, default=State.REGISTERED, editable=False
    )
    created_by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", editable=False, related_name="+")
    history = History(verbose_name="lịch sử mô hình", excluded_fields=["search_text"])

    counted_dates = ("registered_on", "running_since", "ended_on")
    searched = ("name", "place", "kind", "unit")
    scope = Owned()
    objects = models.Manager.from_queryset(CareModelQuerySet)()

    class Meta:
        verbose_name = "mô hình"
        verbose_name_plural = "mô hình chăm lo"
        default_permissions = ("view", "add", "change", "export")
        ordering = ["-registered_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(running_since__isnull=True) | Q(running_since__gte=F("registered_on")),
                name="care_model_runs_once_registered",
                violation_error_message="Ngày đăng ký không được sau ngày mô hình bắt đầu hoạt động.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(ended_on__gte=F("registered_on")) & (Q(running_since__isnull=True) | Q(ended_on__gte=F("running_since"))),
                name="care_model_ends_last",
                violation_error_message="Ngày kết thúc mô hình phải sau ngày đăng ký và ngày bắt đầu.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="registered", running_since__isnull=True, ended_on__isnull=True)
                    | Q(state="running", running_since__isnull=False, ended_on__isnull=True)
                    | Q(state="ended", ended_on__isnull=False) & ~Q(ended_reason="")
                ),
                name="care_model_state_has_its_dates",
                violation_error_message="Mô hình đang chạy phải có ngày bắt đầu, đã kết thúc phải có ngày và lý do.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    @property
    def result_label(self) -> str:
        """In words, of a row read ``with_latest``."""
        return Evaluation.Result(self.result).label if self.result else ""

    def clean(self):
        if self.registered_on and self.registered_on > today():
            raise ValidationError({"registered_on": "Ngày đăng ký không được sau hôm nay."})
        if self.registered_on and self.running_since and self.registered_on > self.running_since:
            begun = f"{self.running_since:%d/%m/%Y}"
            raise ValidationError(
                {"registered_on": f"Mô hình đã hoạt động từ {begun}, ngày đăng ký không được sau đó."}
            )

    def start(self, by, on=None):
        self._need_to_write(by)
        on = business_day(on)
        with moving(self, self.State.RUNNING, by=by, came_from=[self.State.REGISTERED], on=on) as row:
            row.running_since = business_day(on, since=row.registered_on, after="ngày đăng ký")

    def evaluate(self, by, *, result: str, note: str = "", on=None):
        """One dated judgement of a running model; raises ``Refused`` before it ran or twice for one day."""
        self._need_to_write(by)
        with locked(self) as row:
            if row.state != self.State.RUNNING:
                raise Refused(f"Mô hình “{row}” chưa chạy hoặc đã kết thúc nên không đánh giá được.")
            on = business_day(on, since=row.running_since, after="ngày mô hình bắt đầu")
            if row.evaluations.filter(on=on).exists():
                raise Refused(f"Mô hình “{row}” đã có đánh giá ngày {on:%d/%m/%Y}.")
            made = row.evaluations.create(on=on, result=result, note=note, by=by)
            record(AuditEvent.Action.CHANGE, actor=by, subject=made, unit=row.unit, detail={"result": result})
        return made

    def end(self, by, *, reason: str, on=None):
        self._need_to_write(by)
        if not reason.strip():
            raise Refused("Phải ghi lý do kết thúc mô hình.")
        on = business_day(on)
        came_from = [self.State.REGISTERED, self.State.RUNNING]
        with moving(self, self.State.ENDED, by=by, came_from=came_from, on=on) as row:
            begun = row.running_since or row.registered_on
            row.ended_on = business_day(on, since=begun, after="ngày bắt đầu")
            row.ended_reason = reason.strip()

    def _need_to_write(self, by):
        need(by, "programs.change_caremodel", "ghi mô hình", unit_id=self.unit_id)


class Evaluation(models.Model):
    """How well a model did, on a day."""

    class Result(models.TextChoices):
        GOOD = "good", "Hiệu quả"
        FAIR = "fair", "Đạt yêu cầu"
        POOR = "poor", "Chưa hiệu quả"

    care_model = models.ForeignKey(CareModel, models.CASCADE, verbose_name="mô hình", related_name="evaluations")
    on = models.DateField("ngày đánh giá")
    result = models.CharField("kết quả", max_length=10, choices=Result.choices)
    note = models.CharField("nhận xét", max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người đánh giá", related_name="+")

    scope = Via("care_model")
    objects = ScopedManager()

    class Meta:
        verbose_name = "đánh giá mô hình"
        verbose_name_plural = "các lần đánh giá"
        ordering = ["-on", "-pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["care_model", "on"], name="evaluation_once_a_day",
                violation_error_message="Mô hình đã có đánh giá của ngày này.",
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.on:%d/%m/%Y}: {self.get_result_display()}"
