"""The append-only log of who did what: sign-ins, looks at a person's data, searches, exports, prints, approvals."""

import structlog
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import connection, models
from django.utils import timezone

from welfare.crypto import keyed_hash, keyed_hashes
from welfare.scoping import ScopedQuerySet, Structure


class AppendOnly(ScopedQuerySet):
    """Rows that are written once: a correction is a new row."""

    def update(self, **fields):
        raise TypeError(f"{self.model.__name__} chỉ ghi thêm, không sửa.")

    def delete(self):
        raise TypeError(f"{self.model.__name__} chỉ ghi thêm, không xóa.")


class AuditEvent(models.Model):
    class Action(models.TextChoices):
        SIGN_IN = "sign_in", "Đăng nhập"
        SIGN_IN_FAILED = "sign_in_failed", "Đăng nhập không thành công"
        SIGN_OUT = "sign_out", "Đăng xuất"
        VIEW = "view", "Xem dữ liệu cá nhân"
        REVEAL = "reveal", "Xem số định danh"
        SEARCH = "search", "Tìm kiếm"
        EXPORT = "export", "Xuất dữ liệu"
        PRINT = "print", "In văn bản"
        DOWNLOAD = "download", "Tải tệp"
        UPLOAD = "upload", "Tải danh sách lên"
        REFUSE = "refuse", "Từ chối tệp"
        CHANGE = "change", "Chuyển trạng thái"
        APPROVE = "approve", "Phê duyệt"
        PAY = "pay", "Chi tiền"
        PERMISSION = "permission", "Thay đổi quyền"

    at = models.DateTimeField("lúc", default=timezone.now, db_index=True)
    actor = models.ForeignKey("welfare.User", models.PROTECT, verbose_name="người làm", null=True, related_name="+")
    action = models.CharField("việc", max_length=20, choices=Action.choices)
    unit = models.ForeignKey("welfare.Unit", models.PROTECT, verbose_name="đơn vị", null=True, related_name="+")
    subject_kind = models.CharField("đối tượng", max_length=60, blank=True)
    subject_id = models.CharField("mã đối tượng", max_length=40, blank=True)
    detail = models.JSONField("chi tiết", default=dict)
    address = models.GenericIPAddressField("địa chỉ mạng", null=True)

    scope = Structure()
    objects = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        verbose_name = "sự việc"
        verbose_name_plural = "nhật ký"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"])]

    def __str__(self):
        return f"{self.get_action_display()} {self.subject_kind} {self.subject_id}".strip()

    def save(self, **options):
        if self.pk:
            raise TypeError("AuditEvent chỉ ghi thêm, không sửa.")
        super().save(**options)

    def delete(self, **options):
        raise TypeError("AuditEvent chỉ ghi thêm, không xóa.")


def record(action, *, actor=None, subject=None, unit=None, detail=None, request=None) -> AuditEvent:
    """Writes one event. ``detail`` never holds an ID number, a health word or a cell's content."""
    request = request or getattr(_history_context(), "request", None)
    actor = actor or getattr(request, "user", None)
    return AuditEvent.objects.create(
        action=action,
        actor=actor if actor is not None and actor.is_authenticated else None,
        unit=unit or getattr(actor, "unit", None),
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        detail=detail or {},
        address=request.META.get("REMOTE_ADDR") or None if request else None,
    )


def record_search(request, text: str, subject_kind: str):
    """A search leaves only the keyed hash of its words: the log must not hold names or ID numbers."""
    record(AuditEvent.Action.SEARCH, request=request, detail={"of": subject_kind, "hash": keyed_hash(text)})


def forget_searches(texts: list[str]):
    """Take from past searches the hash of these words, as somebody's data was erased; that a search was made stays.

    The one change the log allows (see the migration forget_searches): the database refuses any other.
    """
    hashes = sorted({each for text in texts for each in keyed_hashes(text)})
    if not hashes:
        return
    table = connection.ops.quote_name(AuditEvent._meta.db_table)
    marks = ", ".join(["%s"] * len(hashes))
    without, asked = ("detail - 'hash'", "detail ->> 'hash'") if connection.vendor == "postgresql" else ("json_remove(detail, '$.hash')", "json_extract(detail, '$.hash')")  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET detail = {without} WHERE action = 'search' AND {asked} IN ({marks})", hashes
        )


def _history_context():
    from simple_history.models import HistoricalRecords

    return HistoricalRecords.context


def _on_sign_in(sender, request, user, **kwargs):
    record(AuditEvent.Action.SIGN_IN, actor=user, request=request)


def _on_sign_out(sender, request, user, **kwargs):
    record(AuditEvent.Action.SIGN_OUT, actor=user, request=request)


def _on_sign_in_failed(sender, credentials, request=None, **kwargs):
    tried = keyed_hash(str(credentials.get("username", ""))[:150])
    record(AuditEvent.Action.SIGN_IN_FAILED, request=request, detail={"account_hash": tried})
    structlog.get_logger("welfare.audit").info("sign_in_failed")


def connect_sign_in_signals():
    user_logged_in.connect(_on_sign_in, dispatch_uid="welfare.audit.sign_in")
    user_logged_out.connect(_on_sign_out, dispatch_uid="welfare.audit.sign_out")
    user_login_failed.connect(_on_sign_in_failed, dispatch_uid="welfare.audit.sign_in_failed")
