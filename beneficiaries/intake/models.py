from django.db import models
from django.db.models import Q

from beneficiaries.grants.models import GrantRound
from beneficiaries.people.models import Person
from welfare.documents.models import StoredFile
from welfare.jobs.models import Job
from welfare.scoping import Catalogue, Owned, ScopedManager, Via
from welfare.units.models import Unit, User


class ListBatch(models.Model):
    """One uploaded list on its way in: read, shown, then committed whole or not at all.

    ``content_hash`` covers kind, year, round and what the rows say, not the file's bytes or the rows' order: the same
    list again changes nothing.
    """

    class Kind(models.TextChoices):
        PEOPLE = "people", "Người cần chăm lo"
        HOUSES = "houses", "Nhà Mái ấm"
        DELEGATES = "delegates", "Đại biểu dự sự kiện"

    class State(models.TextChoices):
        READING = "reading", "Đang đọc"
        READY = "ready", "Chờ kiểm tra và nhận"
        COMMITTING = "committing", "Đang ghi vào sổ"
        COMMITTED = "committed", "Đã nhận"
        REFUSED = "refused", "Không đọc được"
        DISCARDED = "discarded", "Đã bỏ"
        UNDONE = "undone", "Đã hoàn tác"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="list_batches")
    owner = models.ForeignKey(User, models.PROTECT, verbose_name="người tải lên", related_name="list_batches")
    kind = models.CharField("loại danh sách", max_length=12, choices=Kind.choices, blank=True)
    year = models.PositiveSmallIntegerField("năm")
    round = models.ForeignKey(
        GrantRound, models.PROTECT, verbose_name="đợt hỗ trợ", null=True, blank=True, related_name="batches"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, verbose_name="tệp gốc", related_name="+")
    marked_file = models.ForeignKey(
        StoredFile, models.SET_NULL, verbose_name="tệp trả lại", null=True, related_name="+"
    )
    job = models.ForeignKey(Job, models.SET_NULL, verbose_name="việc đang chạy", null=True, related_name="+")
    state = models.CharField("trạng thái", max_length=12, choices=State.choices, default=State.READING)
    content_hash = models.CharField(max_length=80, blank=True, editable=False)
    same_as = models.ForeignKey(
        "self", models.SET_NULL, verbose_name="trùng với danh sách", null=True, related_name="+"
    )
    columns = models.JSONField("các cột", default=list, editable=False)
    choices = models.JSONField("cột do người dùng chọn", default=dict, editable=False)
    messages = models.JSONField("thông báo", default=list, editable=False)
    counts = models.JSONField("số dòng", default=dict, editable=False)
    stated_total = models.BigIntegerField("tổng ghi trong tệp", null=True)
    computed_total = models.BigIntegerField("tổng tính được", default=0)
    created_at = models.DateTimeField("tải lên lúc", auto_now_add=True)
    committed_at = models.DateTimeField("nhận lúc", null=True)
    committed_by = models.ForeignKey(User, models.PROTECT, verbose_name="người nhận", null=True, related_name="+")

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "danh sách đã tải"
        verbose_name_plural = "danh sách đã tải"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "content_hash"],
                condition=Q(state="committed"),
                name="list_committed_once",
                violation_error_message="Danh sách này đã được nhận trước đó.",
            )
        ]

    def __str__(self):
        return self.file.name


class StagedRow(models.Model):
    """A row of a list before it is taken. ID and account numbers stand encrypted in ``values``; purged after closing."""

    class Status(models.TextChoices):
        READY = "ready", "Hợp lệ"
        WARNING = "warning", "Cần lưu ý"
        ERROR = "error", "Lỗi"
        DUPLICATE = "duplicate", "Trùng trong tệp"

    class Effect(models.TextChoices):
        NEW = "new", "Thêm mới"
        CHANGED = "changed", "Cập nhật"
        SAME = "same", "Không đổi"
        NONE = "none", "Không nhận"

    batch = models.ForeignKey(ListBatch, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField("thứ tự")
    sheet = models.CharField("trang tính", max_length=60)
    row = models.PositiveIntegerField("dòng")
    status = models.CharField("kết quả kiểm tra", max_length=10, choices=Status.choices)
    effect = models.CharField("sẽ làm", max_length=8, choices=Effect.choices, default=Effect.NONE)
    full_name = models.CharField("họ và tên", max_length=200, blank=True)
    values = models.JSONField("giá trị", default=dict)
    messages = models.JSONField("thông báo", default=list)
    changes = models.JSONField("thay đổi", default=dict)
    person = models.ForeignKey(Person, models.SET_NULL, verbose_name="người đã có", null=True, related_name="+")

    scope = Via("batch")
    objects = ScopedManager()

    class Meta:
        verbose_name = "dòng danh sách"
        verbose_name_plural = "dòng danh sách"
        ordering = ["batch", "position"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="staged_row_once")]
        indexes = [models.Index(fields=["batch", "status", "position"], name="staged_by_status")]

    def __str__(self):
        return f"dòng {self.row}"


class ColumnAlias(models.Model):
    """Another way a header may word a field, besides those the reader knows."""

    alias = models.CharField("cách ghi trên tiêu đề cột", max_length=120, unique=True)
    field = models.CharField("là cột", max_length=40)

    scope = Catalogue()
    objects = ScopedManager()

    class Meta:
        verbose_name = "tên cột thường gặp"
        verbose_name_plural = "tên cột thường gặp"
        ordering = ["alias"]

    def __str__(self):
        return self.alias


class ColumnMemory(models.Model):
    """What an officer once said a header of this unit means; the unit's next file uses it."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    header = models.CharField("tiêu đề cột", max_length=200)
    field = models.CharField("là cột", max_length=40, blank=True)

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "cột đã nhớ"
        verbose_name_plural = "cột đã nhớ"
        constraints = [models.UniqueConstraint(fields=["unit", "header"], name="column_remembered_once")]

    def __str__(self):
        return f"{self.header}: {self.field}"
