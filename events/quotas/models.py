from django.db import models
from django.db.models import Q, Sum

from programs.plans.models import Plan
from welfare.scoping import Owned, ScopedManager, SharedDown, Via
from welfare.states import Refused, moving
from welfare.units.models import Unit, today


class Event(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "Đang chuẩn bị"
        ANNOUNCED = "announced", "Đã thông báo"
        HELD = "held", "Đã tổ chức"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị tổ chức", related_name="events")
    plan = models.ForeignKey(
        Plan, models.PROTECT, verbose_name="theo kế hoạch", null=True, blank=True, related_name="events"
    )
    code = models.CharField("mã", max_length=30, unique=True)
    name = models.CharField("tên sự kiện", max_length=200)
    venue = models.CharField("địa điểm", max_length=200, blank=True)
    on = models.DateField("ngày tổ chức", null=True, blank=True)
    expected = models.PositiveIntegerField("số đại biểu dự kiến")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT, editable=False)

    scope = SharedDown(once=Q(state__in=["announced", "held"]))
    objects = ScopedManager()

    class Meta:
        verbose_name = "sự kiện"
        verbose_name_plural = "sự kiện"
        ordering = ["-on", "-pk"]

    def __str__(self):
        return self.name

    def mismatches(self) -> list[str]:
        """Every place where the quota does not add up, as sentences; empty when it reconciles."""
        lines = list(self.lines.filter(is_overlay=False).annotate(shared=Sum("shares__count")))
        top = sum(line.count for line in lines if line.parent_id is None)
        found = [] if top == self.expected else [f"Các dòng cộng lại {top} đại biểu, dự kiến {self.expected}."]
        for line in lines:
            children = [child.count for child in lines if child.parent_id == line.pk]
            if children and sum(children) != line.count:
                found.append(f"“{line.name}”: các dòng con cộng lại {sum(children)}, dòng này {line.count}.")
            if line.shared is not None and line.shared != line.count:
                found.append(f"“{line.name}”: phân bổ cho đơn vị {line.shared}, dòng này {line.count}.")
        return found

    def announce(self, by):
        with moving(self, self.State.ANNOUNCED, by=by, came_from=[self.State.DRAFT]) as event:
            if wrong := event.mismatches():
                raise Refused(f"Chưa thông báo được vì phân bổ chưa khớp: {wrong[0]}")

    def reopen(self, by):
        """Take the announcement back, to change the quota; units no longer see the event until it is announced again."""
        with moving(self, self.State.DRAFT, by=by, came_from=[self.State.ANNOUNCED]):
            pass

    def hold(self, by):
        with moving(self, self.State.HELD, by=by, came_from=[self.State.ANNOUNCED]) as event:
            if event.on is None or event.on > today():
                raise Refused("Chỉ ghi là đã tổ chức khi ngày tổ chức đã đến.")


class QuotaLine(models.Model):
    """A category of delegates; children add up to it. An overlay ("trong đó") never adds."""

    event = models.ForeignKey(Event, models.CASCADE, verbose_name="sự kiện", related_name="lines")
    parent = models.ForeignKey(
        "self", models.CASCADE, verbose_name="thuộc dòng", null=True, blank=True, related_name="children"
    )
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    name = models.CharField("thành phần", max_length=300)
    count = models.PositiveIntegerField("số đại biểu")
    is_overlay = models.BooleanField("trong đó (không cộng thêm)", default=False)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    scope = Via("event")
    objects = ScopedManager()

    class Meta:
        verbose_name = "dòng phân bổ đại biểu"
        verbose_name_plural = "phân bổ đại biểu"
        ordering = ["event", "order", "pk"]

    def __str__(self):
        return self.name


class QuotaShare(models.Model):
    line = models.ForeignKey(QuotaLine, models.CASCADE, verbose_name="dòng", related_name="shares")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="quota_shares")
    count = models.PositiveIntegerField("số đại biểu")

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "số đại biểu giao đơn vị"
        verbose_name_plural = "số đại biểu giao đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["line", "unit"],
                name="quota_share_once",
                violation_error_message="Đơn vị đã có trong dòng này.",
            )
        ]

    def __str__(self):
        return f"{self.unit}: {self.count}"
