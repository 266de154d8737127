"""Giấy mời: the words of an event's invitations, each time they were sent out under a number, and who got one."""

from django.db import models
from django.db.models import Q

from events.delegates.models import Delegate
from events.gatherings.models import Event
from events.quotas.models import InvitedBody
from welfare.documents.models import Document
from welfare.scoping import Owned, ScopedManager, Via
from welfare.units.models import Unit, User

__all__ = ["Invitation", "InvitationIssue", "InvitationText"]

_OPENING = "trân trọng kính mời:"
_CLOSING = "Sự có mặt của Quý đại biểu góp phần vào thành công của chương trình."
_LINE = "Để trống thì giấy mời không có dòng này."


class InvitationWords(models.Model):
    """What an invitation says beside who is invited, when and where."""

    opening = models.CharField(
        "lời mời", max_length=200, default=_OPENING, help_text="Đứng sau tên đơn vị mời, trước tên khách mời."
    )
    purpose = models.CharField("đến dự", max_length=300, blank=True, help_text="Để trống thì ghi tên sự kiện.")
    seating = models.CharField("chỗ ngồi, đón tiếp", max_length=300, blank=True, help_text=_LINE)
    dress = models.CharField("trang phục", max_length=200, blank=True, help_text=_LINE)
    transport = models.CharField("đi lại", max_length=300, blank=True, help_text=_LINE)
    contact = models.CharField("liên hệ, xác nhận", max_length=300, blank=True, help_text=_LINE)
    closing = models.CharField("lời kết", max_length=300, blank=True, default=_CLOSING)
    signer_title = models.CharField(
        "thay mặt, chức vụ người ký", max_length=160, default="TM. BAN THƯỜNG VỤ; PHÓ CHỦ TỊCH",
        help_text="Nhiều dòng thì cách nhau bằng dấu chấm phẩy.",
    )  # fmt: skip
    signer_name = models.CharField("họ tên người ký", max_length=120, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def word_fields(cls) -> list[str]:
        return [field.name for field in InvitationWords._meta.fields]

    def words(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.word_fields()}


class InvitationText(InvitationWords):
    """Written before invitations go out, and changed for those still to come."""

    event = models.OneToOneField(Event, models.CASCADE, verbose_name="sự kiện", related_name="invitation_text")

    scope = Via("event")
    objects = ScopedManager()

    class Meta:
        verbose_name = "lời giấy mời"
        verbose_name_plural = "lời giấy mời"
        default_permissions = ("view",)

    def __str__(self):
        return f"Giấy mời dự {self.event}"


class InvitationIssue(InvitationWords):
    """Invitations that went out together under one number of the register, as they were worded on that day."""

    event = models.ForeignKey(Event, models.PROTECT, verbose_name="sự kiện", related_name="invitation_issues")
    document = models.OneToOneField(Document, models.PROTECT, verbose_name="số giấy mời", related_name="+")
    event_name = models.CharField("tên sự kiện khi mời", max_length=200)
    held_on = models.DateField("ngày tổ chức khi mời")
    starts_at = models.TimeField("giờ bắt đầu khi mời", null=True)
    venue = models.CharField("địa điểm khi mời", max_length=200)
    on = models.DateField("ngày phát hành")
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người phát hành", related_name="+")
    made_at = models.DateTimeField("lúc", auto_now_add=True)

    scope = Via("event")
    objects = ScopedManager()

    class Meta:
        verbose_name = "lần phát hành giấy mời"
        verbose_name_plural = "lần phát hành giấy mời"
        default_permissions = ("view",)
        ordering = ["-pk"]
        permissions = [("issue_invitation", "Phát hành giấy mời")]

    def __str__(self):
        return f"Giấy mời số {self.document.number_and_symbol}"


class Invitation(models.Model):
    """One copy: of a delegate, or of an invited organisation. ``position``: its place in the file, from 0."""

    issue = models.ForeignKey(InvitationIssue, models.PROTECT, verbose_name="lần phát hành", related_name="invitations")
    position = models.PositiveIntegerField("thứ tự")
    delegate = models.ForeignKey(
        Delegate, models.PROTECT, verbose_name="đại biểu", null=True, related_name="invitations"
    )
    body = models.ForeignKey(
        InvitedBody, models.PROTECT, verbose_name="cơ quan, tổ chức", null=True, related_name="invitations"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="event_invitations")

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "giấy mời"
        verbose_name_plural = "giấy mời"
        default_permissions = ("view",)
        ordering = ["issue", "position"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "position"], name="invitation_one_place"),
            models.UniqueConstraint(
                fields=["issue", "delegate"], name="invitation_delegate_once", condition=Q(delegate__isnull=False),
                violation_error_message="Đại biểu này đã có giấy mời trong lần phát hành.",
            ),
            models.UniqueConstraint(
                fields=["issue", "body"], name="invitation_body_once", condition=Q(body__isnull=False),
                violation_error_message="Tổ chức này đã có giấy mời trong lần phát hành.",
            ),
            models.CheckConstraint(
                condition=Q(delegate__isnull=False, body__isnull=True) | Q(delegate__isnull=True, body__isnull=False),
                name="invitation_of_one_guest",
                violation_error_message="Giấy mời gửi một đại biểu hoặc một tổ chức.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return str(self.delegate or self.body)
