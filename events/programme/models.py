from django.db import models
from django.db.models import F, Q

from events.gatherings.models import Event
from events.programme.steps import SpeechSteps, TaskSteps
from welfare.history import History
from welfare.scoping import Owned, ScopedManager, Via
from welfare.units.models import Department, Unit, User

__all__ = ["AgendaItem", "CommitteeMember", "EventTask", "Speech"]


class Part(models.Model):
    """A row of an event, in the order it is read."""

    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    scope = Via("event")
    objects = ScopedManager()

    class Meta:
        abstract = True
        ordering = ["order", "pk"]
        default_permissions = ("view", "add", "change", "delete")


class AgendaItem(Part):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name="sự kiện", related_name="agenda")
    text = models.CharField("nội dung", max_length=300)
    is_optional = models.BooleanField("nếu có", default=False)
    minutes = models.PositiveSmallIntegerField("số phút", null=True, blank=True)
    responsible = models.CharField("phụ trách", max_length=160, blank=True)

    class Meta(Part.Meta):
        verbose_name = "mục chương trình"
        verbose_name_plural = "chương trình"

    def __str__(self):
        return f"{self.text} (nếu có)" if self.is_optional else self.text


class CommitteeMember(Part):
    class Body(models.TextChoices):
        COMMITTEE = "committee", "Ban Tổ chức"
        SUPPORT = "support", "Tổ giúp việc"

    event = models.ForeignKey(Event, models.CASCADE, verbose_name="sự kiện", related_name="committee")
    body = models.CharField("thuộc", max_length=10, choices=Body.choices, default=Body.COMMITTEE)
    full_name = models.CharField("họ và tên", max_length=120)
    job = models.CharField("chức vụ", max_length=160, blank=True)
    role = models.CharField("nhiệm vụ trong ban", max_length=160, blank=True, help_text="Trưởng ban, Phó ban …")

    class Meta(Part.Meta):
        verbose_name = "thành viên ban tổ chức"
        verbose_name_plural = "ban tổ chức, tổ giúp việc"

    def __str__(self):
        return self.full_name


class EventTask(TaskSteps, Part):
    """Work for the event of one department or one unit, with a deadline."""

    class State(models.TextChoices):
        OPEN = "open", "Chưa xong"
        DONE = "done", "Đã xong"

    event = models.ForeignKey(Event, models.CASCADE, verbose_name="sự kiện", related_name="tasks")
    text = models.CharField("công việc", max_length=500)
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="ban phụ trách", null=True, blank=True, related_name="event_tasks"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="đơn vị phụ trách", null=True, blank=True, related_name="event_tasks"
    )
    due_on = models.DateField("hạn", null=True, blank=True)
    state = models.CharField("trạng thái", max_length=5, choices=State.choices, default=State.OPEN, editable=False)
    done_on = models.DateField("ngày xong", null=True, editable=False)
    result = models.CharField("kết quả", max_length=300, blank=True, editable=False)

    class Meta(Part.Meta):
        verbose_name = "công việc của sự kiện"
        verbose_name_plural = "phân công công việc"
        permissions = [("finish_eventtask", "Báo kết quả công việc của sự kiện")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(department__isnull=False) & Q(unit__isnull=True))
                | (Q(department__isnull=True) & Q(unit__isnull=False)),
                name="event_task_of_one",
                violation_error_message="Hãy chọn một ban hoặc một đơn vị phụ trách.",
            )
        ]

    def __str__(self):
        return self.text if len(self.text) <= 120 else f"{self.text[:117]}…"


class Speech(SpeechSteps):
    """A speaker or a clip a unit was asked for, and its text on the way from the unit through the province's review."""

    class Kind(models.TextChoices):
        SPEECH = "speech", "Phát biểu"
        CLIP = "clip", "Clip phóng sự"
        BOTH = "both", "Phát biểu và clip"

    class State(models.TextChoices):
        ASKED = "asked", "Chờ đơn vị chọn"
        SENT = "sent", "Chờ thẩm định"
        RETURNED = "returned", "Trả lại để sửa"
        APPROVED = "approved", "Đã duyệt"

    event = models.ForeignKey(Event, models.CASCADE, verbose_name="sự kiện", related_name="speeches")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị chọn", related_name="speeches")
    kind = models.CharField("hình thức", max_length=6, choices=Kind.choices, default=Kind.SPEECH)
    asked = models.CharField("yêu cầu", max_length=300, help_text="Chọn ai, nói về điều gì.")
    due_on = models.DateField("hạn gửi bài", null=True, blank=True)
    speaker = models.CharField("người được chọn", max_length=160, blank=True, editable=False)
    text = models.TextField("bài phát biểu, nội dung clip", blank=True, editable=False)
    state = models.CharField("trạng thái", max_length=8, choices=State.choices, default=State.ASKED, editable=False)
    sent_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người gửi", null=True, editable=False, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người thẩm định", null=True, editable=False, related_name="+"
    )
    review = models.CharField("ý kiến thẩm định", max_length=500, blank=True, editable=False)
    history = History(verbose_name="lịch sử bài phát biểu")

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "bài phát biểu, clip"
        verbose_name_plural = "phát biểu, clip"
        default_permissions = ("view", "add", "change", "delete", "export")
        ordering = ["event", "pk"]
        permissions = [("send_speech", "Gửi bài phát biểu"), ("review_speech", "Thẩm định bài phát biểu")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | Q(sent_by__isnull=True) | ~Q(reviewed_by=F("sent_by")),
                name="speech_maker_is_not_checker",
                violation_error_message="Người gửi bài không tự thẩm định.",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.asked}"
