from django.db import models

from programs.plans.models import Plan
from welfare.scoping import Owned, ScopedManager


class WordReading(models.Model):
    """A plan's text as a Word file or the clipboard has it: received, read into a draft by a job, kept beside that draft.

    ``lines``: the text's lines. ``origins``: {"muc-12": {"lines": [3, 4], "unsure": "…"}}, by the part's key on the
    writing page: which lines became the part, and what about it an officer should look at.
    """

    class State(models.TextChoices):
        READING = "reading", "Đang đọc"
        READ = "read", "Đã thành bản dự thảo"
        REFUSED = "refused", "Không đọc được"

    unit = models.ForeignKey("welfare.Unit", models.PROTECT, verbose_name="đơn vị soạn", related_name="+")
    owner = models.ForeignKey("welfare.User", models.PROTECT, verbose_name="người gửi", related_name="+")
    file = models.ForeignKey("welfare.StoredFile", models.SET_NULL, verbose_name="tệp", null=True, related_name="+")
    pasted = models.TextField("nội dung dán", blank=True)
    sha256 = models.CharField(max_length=64, editable=False)
    plan = models.OneToOneField(
        Plan, models.CASCADE, verbose_name="kế hoạch", null=True, related_name="word_reading", editable=False
    )
    job = models.ForeignKey("welfare.Job", models.SET_NULL, verbose_name="việc đọc", null=True, related_name="+")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.READING, editable=False)
    message = models.CharField("lý do", max_length=300, blank=True)
    lines = models.JSONField("các dòng", default=list)
    origins = models.JSONField("nguồn của từng phần", default=dict)
    created_at = models.DateTimeField("gửi lúc", auto_now_add=True)

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "văn bản Word đã gửi"
        verbose_name_plural = "văn bản Word đã gửi"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "sha256"],
                name="word_reading_once",
                violation_error_message="Văn bản này đã được gửi; hãy mở bản dự thảo đã có.",
            )
        ]

    def __str__(self):
        return self.file.name if self.file_id else "Nội dung dán"

    @property
    def broke_off(self) -> bool:
        """Waiting, though its job has ended: it was cancelled or gave up."""
        return self.state == self.State.READING and (self.job is None or not self.job.is_unfinished)

    def unsure(self) -> dict[str, str]:
        """{part's key: sentence} of what is still to be looked at."""
        return {key: origin["unsure"] for key, origin in self.origins.items() if origin.get("unsure")}
