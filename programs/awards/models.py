from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from programs.activities.rows import CareQuerySet, CareRow
from welfare.documents.models import Document
from welfare.history import History
from welfare.kinds import Kind
from welfare.rules import need
from welfare.scoping import Owned
from welfare.states import Refused, moving
from welfare.units.models import Organization, Unit, User, today

_ONE_RECIPIENT = (
    (~Q(person_name="") & Q(recipient_unit__isnull=True, organization__isnull=True))
    | Q(person_name="", recipient_unit__isnull=False, organization__isnull=True)
    | Q(person_name="", recipient_unit__isnull=True, organization__isnull=False)
)  # fmt: skip


class AwardForm(Kind):
    class Meta(Kind.Meta):
        verbose_name = "hình thức khen thưởng"
        verbose_name_plural = "hình thức khen thưởng"


class AwardQuerySet(CareQuerySet):
    def standing(self):
        """Not withdrawn: what measures count by ``unit`` and ``awarded_on``."""
        return self.filter(state=Award.State.GIVEN)


class Award(CareRow):
    """Praise for a person, a unit or an outside body, by the decision it stands on.

    A person is named only: people are kept in a room further right.
    """

    class State(models.TextChoices):
        GIVEN = "given", "Đã khen thưởng"
        WITHDRAWN = "withdrawn", "Đã thu hồi"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị khen thưởng", related_name="awards")
    form = models.ForeignKey(AwardForm, models.PROTECT, verbose_name="hình thức", related_name="awards")
    person_name = models.CharField("cá nhân được khen", max_length=120, blank=True)
    workplace = models.CharField("chức vụ, nơi làm việc", max_length=200, blank=True)
    recipient_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="tập thể công đoàn được khen", null=True, blank=True, related_name="+"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="tổ chức được khen", null=True, blank=True, related_name="+"
    )
    awarded_on = models.DateField("ngày quyết định", default=today)
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)
    decision = models.ForeignKey(
        Document, models.PROTECT, verbose_name="quyết định trong sổ văn bản", null=True, blank=True, related_name="+"
    )
    occasion = models.CharField("dịp khen thưởng", max_length=200, blank=True)
    reason = models.CharField("thành tích", max_length=300, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.GIVEN, editable=False)
    withdrawn_reason = models.CharField("lý do thu hồi", max_length=300, blank=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", editable=False, related_name="+")
    history = History(verbose_name="lịch sử khen thưởng", excluded_fields=["search_text"])

    counted_dates = ("awarded_on",)
    searched = ("recipient", "workplace", "form", "occasion", "reason", "decision_words")
    scope = Owned()
    objects = models.Manager.from_queryset(AwardQuerySet)()

    class Meta:
        verbose_name = "khen thưởng"
        verbose_name_plural = "khen thưởng"
        default_permissions = ("view", "add", "change", "export")
        ordering = ["-awarded_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=_ONE_RECIPIENT, name="award_has_one_recipient",
                violation_error_message="Ghi đúng một nơi được khen: một cá nhân, một tập thể công đoàn hoặc một tổ chức.",
            ),
            models.CheckConstraint(
                condition=Q(decision__isnull=False) | ~Q(decision_number=""), name="award_has_decision",
                violation_error_message="Phải ghi số quyết định hoặc chọn quyết định trong sổ văn bản.",
            ),
            models.CheckConstraint(
                condition=Q(state="given") | ~Q(withdrawn_reason=""), name="award_withdrawn_says_why",
                violation_error_message="Thu hồi khen thưởng phải ghi lý do.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.form} cho {self.recipient}"

    @property
    def recipient(self) -> str:
        return self.person_name or str(self.recipient_unit or self.organization or "")

    @property
    def decision_words(self) -> str:
        return self.decision_number or (self.decision.number_and_symbol if self.decision_id else "")

    def clean(self):
        self.person_name, self.decision_number = self.person_name.strip(), self.decision_number.strip()
        if self.awarded_on and self.awarded_on > today():
            raise ValidationError({"awarded_on": "Ngày quyết định khen thưởng không được sau hôm nay."})
        if self.workplace and not self.person_name:
            raise ValidationError({"workplace": "Chức vụ, nơi làm việc chỉ ghi khi khen cá nhân."})

    def withdraw(self, by, *, reason: str):
        """A decision taken back, or a row written by mistake: it stays readable and counts no more."""
        need(by, "programs.change_award", "thu hồi khen thưởng", unit_id=self.unit_id)
        if not reason.strip():
            raise Refused("Phải ghi lý do thu hồi.")
        with moving(self, self.State.WITHDRAWN, by=by, came_from=[self.State.GIVEN]) as row:
            row.withdrawn_reason = reason.strip()
