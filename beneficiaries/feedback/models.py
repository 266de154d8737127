from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q

from beneficiaries.feedback.kinds import FeedbackKind
from beneficiaries.feedback.scope import FeedbackScope, StepScope
from beneficiaries.feedback.work import FeedbackWork, Handler, State
from beneficiaries.grants.models import Grant, GrantRound
from beneficiaries.houses.models import House
from beneficiaries.people.models import Person
from welfare.audit import AppendOnly
from welfare.crypto import EncryptedTextField, mask_id
from welfare.documents.models import StoredFile
from welfare.history import History
from welfare.scoping import ScopedQuerySet
from welfare.units.models import Department, Unit, User, today
from welfare.vietnamese import fold

__all__ = ["Feedback", "FeedbackKind", "FeedbackStep"]

MOST_TEXT = 5000


class FeedbackQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(state__in=[State.RECEIVED, State.ASSIGNED])

    def overdue(self):
        """Neither given to anybody nor answered within its time."""
        return self.filter(
            Q(state=State.RECEIVED, acknowledge_by__lt=today()) | Q(state=State.ASSIGNED, answer_by__lt=today())
        )

    def search(self, words: str):
        return self.filter(folded_text__contains=fold(words))

    def given_to(self, user):
        """Assigned to this user's unit or department, or to the inspection whose member they are."""
        mine = Q(handler=Handler.UNIT, handler_unit__in=user.reach_for("beneficiaries.answer_feedback").own)
        departments = [a.department_id for a in user.appointments_in_force if a.department_id]
        mine |= Q(handler=Handler.DEPARTMENT, handler_department__in=departments)
        if user.has_perm("beneficiaries.conduct_inspection"):
            mine |= Q(handler=Handler.INSPECTION)
        return self.filter(mine, state=State.ASSIGNED)


def _fk(model, name, **options):
    return models.ForeignKey(model, models.PROTECT, verbose_name=name, null=True, related_name="+", **options)


def _day(name):
    return models.DateField(name, null=True, editable=False)


class Feedback(FeedbackWork):
    """What anybody wrote, from its receipt to its end. Who sent it, if they said so, is encrypted."""

    State, Handler = State, Handler

    class Channel(models.TextChoices):
        WEB = "web", "Trang phản ánh"
        PHONE = "phone", "Điện thoại"
        LETTER = "letter", "Đơn, thư"
        VISIT = "visit", "Gặp trực tiếp"

    kind = models.ForeignKey(FeedbackKind, models.PROTECT, verbose_name="loại", related_name="+")
    is_confidential = models.BooleanField("mật", default=False, editable=False)
    unit = _fk(Unit, "đơn vị được phản ánh", blank=True)
    unit_words = models.CharField("người gửi ghi đơn vị", max_length=200, blank=True, editable=False)
    text = models.TextField("nội dung", max_length=MOST_TEXT, editable=False)
    folded_text = models.TextField(default="", editable=False)
    channel = models.CharField("nhận qua", max_length=6, choices=Channel.choices, default=Channel.WEB, editable=False)
    received_on = models.DateField("ngày nhận", default=today, editable=False)
    received_by = _fk(User, "người nhận", editable=False)
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    sender_name = EncryptedTextField("họ tên người gửi", default="", editable=False)
    sender_phone = EncryptedTextField("điện thoại người gửi", default="", editable=False)
    sender_email = EncryptedTextField("thư điện tử người gửi", default="", editable=False)
    code_hash = models.CharField(max_length=80, unique=True, editable=False)
    person = _fk(Person, "về người", blank=True)
    grant = _fk(Grant, "về khoản hỗ trợ", blank=True)
    house = _fk(House, "về nhà", blank=True)
    round = _fk(GrantRound, "về đợt hỗ trợ", blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.RECEIVED, editable=False)
    acknowledge_by = models.DateField("hạn phân công", editable=False)
    answer_by = models.DateField("hạn trả lời", editable=False)
    handler = models.CharField("giao cho", max_length=10, choices=Handler.choices, blank=True, editable=False)
    handler_unit = _fk(Unit, "đơn vị xử lý", editable=False)
    handler_department = _fk(Department, "ban xử lý", editable=False)
    assigned_by = _fk(User, "người phân công", editable=False)
    assigned_on = _day("ngày phân công")
    shared_by = _fk(User, "người chia sẻ", editable=False)
    shared_on = _day("ngày chia sẻ")
    answer = models.TextField("trả lời", max_length=MOST_TEXT, blank=True, default="", editable=False)
    answered_by = _fk(User, "người trả lời", editable=False)
    answered_on = _day("ngày trả lời")
    closed_by = _fk(User, "người kết thúc", editable=False)
    closed_on = _day("ngày kết thúc")
    history = History(
        verbose_name="lịch sử phản ánh",
        excluded_fields=["sender_name", "sender_phone", "sender_email", "code_hash", "folded_text"],
    )

    scope = FeedbackScope()
    objects = models.Manager.from_queryset(FeedbackQuerySet)()

    class Meta:
        verbose_name = "phản ánh"
        verbose_name_plural = "phản ánh"
        default_permissions = ("view", "add", "change", "export")
        ordering = ["-received_on", "-pk"]
        permissions = [
            ("assign_feedback", "Phân công, kết thúc xử lý phản ánh"),
            ("answer_feedback", "Trả lời phản ánh"),
            ("view_confidential", "Xem phản ánh mật"),
            ("share_feedback", "Chia sẻ phản ánh mật"),
            ("reveal_sender", "Xem người gửi phản ánh"),
        ]
        indexes = [models.Index(fields=["state", "answer_by"], name="feedback_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="received") | Q(state="dismissed") | ~Q(handler=""), name="feedback_has_handler",
                violation_error_message="Phản ánh đang xử lý phải có nơi xử lý.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "closed", "dismissed"]) | ~Q(answer=""),
                name="feedback_ends_with_words", violation_error_message="Phải có câu trả lời cho người gửi.",
            ),
            models.CheckConstraint(
                condition=Q(is_confidential=False) | Q(closed_by__isnull=True) | ~Q(closed_by=F("answered_by")),
                name="feedback_closed_by_another",
                violation_error_message="Phản ánh mật phải do người khác người trả lời kết thúc.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"Phản ánh số {self.pk}"

    def save(self, **options):
        self.folded_text = fold(f"{self.text} {self.unit_words} {self.unit or ''}")
        super().save(**options)

    @property
    def is_restricted(self) -> bool:
        """Kept from everyone but leaders and the inspection."""
        return self.is_confidential and not self.shared_on

    @property
    def is_open(self) -> bool:
        return self.state in (State.RECEIVED, State.ASSIGNED)

    @property
    def due_on(self):
        """What it must be given to somebody by, or answered by; None once it is."""
        return {State.RECEIVED: self.acknowledge_by, State.ASSIGNED: self.answer_by}.get(self.state)

    @property
    def is_overdue(self) -> bool:
        return bool(self.due_on and self.due_on < today())

    @property
    def days(self) -> int:
        """From receipt to the answer, or until today."""
        return ((self.answered_on or self.closed_on or today()) - self.received_on).days

    @property
    def about(self) -> str:
        return str(self.unit or self.unit_words or "Chưa rõ đơn vị")

    @property
    def handled_by(self) -> str:
        return str(self.handler_unit or self.handler_department or self.get_handler_display() or "")

    @property
    def has_sender(self) -> bool:
        return bool(self.sender_name or self.sender_phone or self.sender_email)

    @property
    def masked_sender(self) -> str:
        """That somebody gave a name and how to be reached, never who."""
        if not self.has_sender:
            return "Không ghi tên"
        return " ".join(filter(None, ["Có ghi" + " tên" * bool(self.sender_name), mask_id(self.sender_phone)]))

    @property
    def files(self):
        kind = ContentType.objects.get_for_model(Feedback)
        return StoredFile.objects.filter(subject_kind=kind, subject_id=str(self.pk)).order_by("created_at", "name")

    def place_files(self):
        """A unit's officers open files of their unit: those of a feedback they may see, once they may see it."""
        unit = None if self.is_restricted else (self.handler_unit or self.unit)
        self.files.update(unit=unit or Unit.objects.get_first_root_node())


class FeedbackStep(models.Model):
    """What was done with a feedback, in order, with notes that never leave the offices."""

    feedback = models.ForeignKey(Feedback, models.PROTECT, verbose_name="phản ánh", related_name="steps")
    on = models.DateField("ngày")
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người làm", null=True, related_name="+")
    what = models.CharField("việc", max_length=160)
    note = models.TextField("ghi chú", max_length=2000, blank=True, default="")
    is_restricted = models.BooleanField("ghi lúc còn mật", default=False)

    scope = StepScope("feedback")
    objects = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        verbose_name = "bước xử lý phản ánh"
        verbose_name_plural = "các bước xử lý phản ánh"
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self):
        return self.what
