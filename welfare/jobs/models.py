import uuid
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from welfare.scoping import Owned, ScopedQuerySet


class JobFailed(Exception):
    """The job can't be done and another attempt would not help. Its text is one Vietnamese sentence."""


class JobStopped(Exception):
    """This run is no longer the job's: it was cancelled, or its lease went to another worker."""


class JobQuerySet(ScopedQuerySet):
    def lost(self):
        """Running jobs whose worker has not been heard of within the lease."""
        return self.filter(state=Job.State.RUNNING, lease_until__lt=timezone.now())

    def unsent(self):
        """Queued jobs whose message may never have reached a worker."""
        patience = timezone.now() - timedelta(seconds=settings.JOB_LEASE_SECONDS)
        return self.filter(state=Job.State.QUEUED).filter(Q(sent_at=None) | Q(sent_at__lt=patience))

    def unfinished(self):
        return self.filter(state__in=Job.UNFINISHED)

    def for_user(self, user, permission=None):
        """Parts of a job stand behind the one that was asked for."""
        return super().for_user(user, permission).filter(parent=None)


class Job(models.Model):
    """Long work as a row: written with its subject, dispatched on commit, repeated only by the sweeper.

    ``attempt`` fences: a run that lost its lease to a later attempt can neither report nor complete.

    A job may leave its work to parts, jobs of their own that any worker takes: it waits as a row, in no worker, is
    queued again by the part that ends last, and fails with the first part that does.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Đang chờ"
        RUNNING = "running", "Đang chạy"
        WAITING = "waiting", "Đang chạy từng phần"
        DONE = "done", "Đã xong"
        FAILED = "failed", "Không thành công"
        CANCELLED = "cancelled", "Đã hủy"

    UNFINISHED = (State.QUEUED, State.RUNNING, State.WAITING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("loại việc", max_length=40)
    title = models.CharField("việc", max_length=200)
    params = models.JSONField("tham số", default=dict, editable=False)
    owner = models.ForeignKey("welfare.User", models.PROTECT, verbose_name="người yêu cầu", related_name="jobs")
    unit = models.ForeignKey("welfare.Unit", models.PROTECT, verbose_name="đơn vị", related_name="jobs")
    parent = models.ForeignKey(
        "self", models.CASCADE, verbose_name="là phần của", null=True, editable=False, related_name="parts"
    )
    key = models.CharField("khóa chống trùng", max_length=120, null=True, unique=True, editable=False)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.QUEUED)
    message = models.CharField("diễn biến", max_length=300, blank=True)
    done = models.PositiveIntegerField("đã làm", default=0)
    total = models.PositiveIntegerField("tổng số", default=0)
    attempt = models.PositiveSmallIntegerField("lần thử", default=0)
    lease_until = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField("yêu cầu lúc", auto_now_add=True)
    finished_at = models.DateTimeField("xong lúc", null=True)
    result = models.ForeignKey(
        "welfare.StoredFile", models.SET_NULL, verbose_name="tệp kết quả", null=True, related_name="+"
    )
    result_url = models.CharField("xem kết quả tại", max_length=300, blank=True)
    seen = models.BooleanField("đã báo cho người yêu cầu", default=False)

    scope = Owned()
    objects = models.Manager.from_queryset(JobQuerySet)()

    class Meta:
        verbose_name = "việc chạy nền"
        verbose_name_plural = "việc chạy nền"
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "lease_until"]),
            models.Index(fields=["owner", "-created_at"]),
        ]

    def __str__(self):
        return self.title

    @property
    def percent(self) -> int:
        if self.state == self.State.DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    def claim(self) -> bool:
        """Take the job for this worker; False when it is not waiting any more."""
        taken = Job.objects.filter(pk=self.pk, state=self.State.QUEUED).update(
            state=self.State.RUNNING, attempt=F("attempt") + 1, lease_until=_lease_end()
        )
        if taken:
            self.refresh_from_db()
        return bool(taken)

    def progress(self, done: int, total: int, message: str):
        """Report and renew the lease. Call outside transactions. Raises ``JobStopped`` when the run is over."""
        self._still_mine().update(done=done, total=total, message=message[:300], lease_until=_lease_end()) or _stop()
        self.done, self.total, self.message = done, total, message

    def beat(self):
        """Renew the lease while a child process works. Raises ``JobStopped``."""
        self._still_mine().update(lease_until=_lease_end()) or _stop()

    @contextmanager
    def completing(self, message="Đã xong.", result=None, result_url=""):
        """The job's effect and its end in one transaction: both happen, once, or neither.

        Raises ``JobStopped`` before the effect when the run has lost its lease or was cancelled.
        """
        with transaction.atomic():
            if not self._still_mine().select_for_update().exists():
                _stop()
            yield self
            self._finish(
                self.State.DONE,
                message,
                result=self.result or result,
                result_url=self.result_url or result_url,
            )

    def wait_for_parts(self, total: int, message: str):
        """Leave the work to the parts just submitted, in the same transaction. Raises ``JobStopped``."""
        fields = {"state": self.State.WAITING, "done": 0, "total": total, "message": message[:300]}
        self._still_mine().update(**fields) or _stop()
        self.state = self.State.WAITING

    def note_finished_part(self) -> bool:
        """Call on a part in the transaction of its effect, before it completes. True when its parent is to be sent.

        The parent's row is locked, so that of parts that end at once exactly one is the last.
        """
        parent = Job.objects.select_for_update().get(pk=self.parent_id)
        left = parent.parts.exclude(pk=self.pk).exclude(state=self.State.DONE).count()
        waiting = Job.objects.filter(pk=parent.pk, state=self.State.WAITING)
        if left:
            waiting.update(done=F("total") - left)
            return False
        return bool(waiting.update(state=self.State.QUEUED, done=F("total"), sent_at=timezone.now()))

    def fail(self, message: str):
        """End the job for good with a sentence for its owner."""
        self._finish(self.State.FAILED, message)
        self.fail_parent(message)

    def fail_parent(self, message: str):
        """One part that can't be done is enough: what waits for it ends with its sentence, its other parts too."""
        ended = Job.objects.filter(pk=self.parent_id, state=self.State.WAITING).update(
            state=self.State.FAILED, message=message[:300], finished_at=timezone.now()
        )
        if ended:
            self.parent._cancel_parts()

    def cancel(self) -> bool:
        """True when the job was still unfinished: its run stops at its next report and has no effect."""
        cancelled = Job.objects.unfinished().filter(pk=self.pk).update(**_cancelled())
        if cancelled:
            self._cancel_parts()
        return bool(cancelled)

    def _cancel_parts(self):
        self.parts.unfinished().update(**_cancelled())

    def retry(self) -> bool:
        """Queue a failed or cancelled job anew, with all its attempts. False when it is neither."""
        again = Job.objects.filter(pk=self.pk, state__in=[self.State.FAILED, self.State.CANCELLED]).update(
            state=self.State.QUEUED, attempt=0, message="", done=0, sent_at=None, finished_at=None, seen=False
        )
        return bool(again)

    def _still_mine(self):
        return Job.objects.filter(pk=self.pk, state=self.State.RUNNING, attempt=self.attempt)

    def _finish(self, state, message, **fields):
        self._still_mine().update(state=state, message=message[:300], finished_at=timezone.now(), **fields) or _stop()
        self.refresh_from_db()


def _cancelled() -> dict:
    return {"state": Job.State.CANCELLED, "message": "Đã hủy theo yêu cầu.", "finished_at": timezone.now()}


def _lease_end():
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _stop():
    raise JobStopped
