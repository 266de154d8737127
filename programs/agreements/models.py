from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Avg, Count, F, Q

from programs.activities.rows import CareQuerySet, CareRow
from programs.plans.models import LEVELS
from welfare.audit import AuditEvent, record
from welfare.history import History
from welfare.rules import business_day, need
from welfare.scoping import Owned, ScopedManager
from welfare.states import Refused, locked, moving
from welfare.units.models import Organization, Unit, User, today

EXPIRES_WITHIN = timedelta(days=60)
EVERYONE = 0
_COVERS = [(EVERYONE, "Mọi đơn vị cấp dưới"), *LEVELS[1:]]


@dataclass(frozen=True)
class Covering:
    """As ``SharedDown``, but of what a unit above signed only that which covers a unit of mine, or one it is under."""

    def q(self, model, user, prefix=""):
        reach = user.reach
        if reach.province:
            return Q()
        levels = Unit.objects.filter(pk__in=reach.read).order_by().values("kind__level")
        named = model.units.through.objects.filter(unit__in=reach.read | reach.above).values("partneragreement")
        covered = Q(level=EVERYONE) | Q(level__in=levels) | Q(pk__in=named)
        signed_above = model._base_manager.filter(covered, unit__in=reach.above).values("pk")
        return Q(**{f"{prefix}unit__in": reach.read}) | Q(**{f"{prefix}pk__in": signed_above})


class PartnerAgreementQuerySet(CareQuerySet):
    def running(self, on=None):
        """In force on a day, default today."""
        on = on or today()
        ends = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        return self.filter(ends, starts_on__lte=on).exclude(ended_on__lte=on)

    def expiring(self, on=None):
        """Run out within 60 days and nothing follows yet."""
        on = on or today()
        soon = self.filter(state=PartnerAgreement.State.IN_FORCE, ends_on__range=(on, on + EXPIRES_WITHIN))
        return soon.filter(renewed_by__isnull=True)

    def with_scores(self):
        """Adds ``score`` (the mean of all reviews, None without any) and ``review_count``."""
        return self.annotate(score=Avg("reviews__score"), review_count=Count("reviews"))


class PartnerAgreement(CareRow):
    """What an outside partner offers members, for a term, to the units the agreement covers."""

    class State(models.TextChoices):
        IN_FORCE = "in_force", "Có hiệu lực"
        ENDED = "ended", "Đã chấm dứt"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị ký", related_name="partner_agreements")
    partner = models.ForeignKey(Organization, models.PROTECT, verbose_name="đối tác", related_name="+")
    document_number = models.CharField("số thỏa thuận", max_length=60, blank=True)
    signed_on = models.DateField("ngày ký", default=today)
    starts_on = models.DateField("có hiệu lực từ")
    ends_on = models.DateField("đến hết ngày", null=True, blank=True, help_text="Để trống là không thời hạn.")
    offer = models.TextField("nội dung hợp tác")
    discount = models.CharField("mức ưu đãi", max_length=200, blank=True, help_text="Ví dụ: giảm 10 - 15% hóa đơn.")
    level = models.PositiveSmallIntegerField(
        "áp dụng cho cấp", choices=_COVERS, null=True, blank=True,
        help_text="Để trống khi chỉ áp dụng cho các đơn vị chọn ở ô dưới.",
    )  # fmt: skip
    units = models.ManyToManyField(
        Unit, verbose_name="các đơn vị được hưởng", blank=True, related_name="covered_by_agreements"
    )
    renews = models.OneToOneField(
        "self", models.PROTECT, verbose_name="gia hạn thỏa thuận", null=True, editable=False, related_name="renewed_by"
    )
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.IN_FORCE, editable=False)
    ended_on = models.DateField("ngày chấm dứt", null=True, editable=False)
    ended_reason = models.CharField("lý do chấm dứt", max_length=300, blank=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", editable=False, related_name="+")
    history = History(verbose_name="lịch sử thỏa thuận", excluded_fields=["search_text"], m2m_fields=[units])

    counted_dates = ("signed_on",)
    searched = ("partner_names", "document_number", "offer", "unit")
    scope = Covering()
    objects = models.Manager.from_queryset(PartnerAgreementQuerySet)()

    class Meta:
        verbose_name = "thỏa thuận hợp tác"
        verbose_name_plural = "thỏa thuận hợp tác"
        default_permissions = ("view", "add", "change", "export")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="agreement_term_in_order",
                violation_error_message="Ngày hết hạn phải từ ngày có hiệu lực trở đi.",
            ),
            models.CheckConstraint(
                condition=Q(state="in_force", ended_on__isnull=True)
                | Q(state="ended", ended_on__isnull=False) & ~Q(ended_reason=""),
                name="agreement_ended_says_why",
                violation_error_message="Chấm dứt thỏa thuận phải ghi ngày và lý do.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"Thỏa thuận với {self.partner}"

    @property
    def partner_names(self) -> str:
        return f"{self.partner.name} {self.partner.short_name}"

    @property
    def term(self) -> str:
        return f"{self.starts_on:%d/%m/%Y} - {f'{self.ends_on:%d/%m/%Y}' if self.ends_on else 'không thời hạn'}"

    @property
    def covered_words(self) -> str:
        """Who has the offer: a whole level, or how many named units; reads ``units`` as it was fetched."""
        named = len(self.units.all())
        words = [self.get_level_display()] if self.level is not None else []
        return ", ".join([*words, f"{named} đơn vị"] if named else words)

    @property
    def status(self) -> str:
        """Where it stands today, in words."""
        now = today()
        if self.state == self.State.ENDED:
            return "Đã chấm dứt"
        if self.starts_on > now:
            return "Chưa hiệu lực"
        if self.ends_on and self.ends_on < now:
            return "Đã gia hạn" if self.is_renewed else "Hết hạn"
        is_expiring = self.ends_on and self.ends_on <= now + EXPIRES_WITHIN and not self.is_renewed
        return "Sắp hết hạn" if is_expiring else "Đang thực hiện"

    @property
    def is_renewed(self) -> bool:
        return hasattr(self, "renewed_by")

    def clean(self):
        if self.signed_on and self.signed_on > today():
            raise ValidationError({"signed_on": "Ngày ký không được sau hôm nay."})
        follows = self.renews.ends_on if self.renews_id else None
        if follows and self.starts_on and self.starts_on <= follows:
            raise ValidationError({"starts_on": f"Phải sau ngày {follows:%d/%m/%Y} là ngày hết hạn thỏa thuận cũ."})

    def covers(self, unit: Unit) -> bool:
        """Whether the unit's members have the offer: under the one that signed, and of the level or among the named."""
        if unit.pk == self.unit_id or not unit.path.startswith(self.unit.path):
            return False
        if self.level is not None and self.level in (EVERYONE, unit.kind.level):
            return True
        return any(unit.path.startswith(path) for path in self.units.values_list("path", flat=True))

    def renew(self, by, *, starts_on, ends_on=None, document_number="", signed_on=None):
        """A new agreement of the same content that points back. Raises ``Refused`` when there is one already."""
        self._need_to_write(by)
        signed_on = business_day(signed_on)
        with locked(self) as old:
            if old.state == self.State.ENDED or PartnerAgreement.objects.filter(renews=old).exists():
                raise Refused(f"{old} đã chấm dứt hoặc đã được gia hạn nên không gia hạn lần nữa được.")
            old._check_new_term(starts_on, ends_on)
            new = PartnerAgreement.objects.create(
                unit=old.unit, partner=old.partner, offer=old.offer, discount=old.discount, level=old.level,
                document_number=document_number, signed_on=signed_on, starts_on=starts_on, ends_on=ends_on,
                renews=old, created_by=by,
            )  # fmt: skip
            new.units.set(old.units.all())
            record(AuditEvent.Action.CHANGE, actor=by, subject=new, unit=old.unit, detail={"renews": old.pk})
        return new

    def _check_new_term(self, starts_on, ends_on):
        if self.ends_on is None:
            raise Refused(f"{self} không thời hạn nên không cần gia hạn.")
        if starts_on <= self.ends_on:
            raise Refused(f"Thỏa thuận mới phải có hiệu lực sau ngày {self.ends_on:%d/%m/%Y} là ngày hết hạn cũ.")
        if ends_on and ends_on < starts_on:
            raise Refused("Ngày hết hạn phải từ ngày có hiệu lực trở đi.")

    def end(self, by, *, reason: str, on=None):
        self._need_to_write(by)
        if not reason.strip():
            raise Refused("Phải ghi lý do chấm dứt thỏa thuận.")
        on = business_day(on)
        with moving(self, self.State.ENDED, by=by, came_from=[self.State.IN_FORCE], on=on) as row:
            row.ended_on = business_day(on, since=row.signed_on, after="ngày ký")
            row.ended_reason = reason.strip()

    def review(self, by, *, unit: Unit, score: int, comment: str = "", on=None):
        """What the members of a covered unit make of it. Raises ``Refused`` for a unit that has no part in it."""
        need(by, "programs.review_agreement", "đánh giá thỏa thuận", unit_id=unit.pk)
        if not self.covers(unit):
            raise Refused(f"{self} không áp dụng cho {unit} nên đơn vị không đánh giá được.")
        if score not in dict(AgreementReview.SCORES):
            raise Refused("Điểm đánh giá từ 1 đến 5.")
        on = business_day(on, since=self.starts_on, after="ngày thỏa thuận có hiệu lực")
        with locked(self) as row:
            if row.state == self.State.ENDED:
                raise Refused(f"{row} đã chấm dứt nên không đánh giá nữa.")
            if row.reviews.filter(unit=unit, on=on).exists():
                raise Refused(f"{unit} đã đánh giá thỏa thuận này ngày {on:%d/%m/%Y}.")
            made = row.reviews.create(unit=unit, on=on, score=score, comment=comment, by=by)
            record(AuditEvent.Action.CHANGE, actor=by, subject=made, unit=unit, detail={"score": score})
        return made

    def _need_to_write(self, by):
        need(by, "programs.change_partneragreement", "ghi thỏa thuận", unit_id=self.unit_id)


class AgreementReview(models.Model):
    SCORES = [(5, "5 - Rất tốt"), (4, "4 - Tốt"), (3, "3 - Đạt"), (2, "2 - Chưa tốt"), (1, "1 - Kém")]

    agreement = models.ForeignKey(PartnerAgreement, models.CASCADE, verbose_name="thỏa thuận", related_name="reviews")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị đánh giá", related_name="agreement_reviews")
    on = models.DateField("ngày đánh giá")
    score = models.PositiveSmallIntegerField("điểm", choices=SCORES)
    comment = models.CharField("ý kiến", max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người đánh giá", related_name="+")

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "đánh giá thỏa thuận"
        verbose_name_plural = "đánh giá của đơn vị"
        ordering = ["-on", "-pk"]
        default_permissions = ("view",)
        permissions = [("review_agreement", "Đánh giá thỏa thuận hợp tác")]
        constraints = [
            models.CheckConstraint(
                condition=Q(score__range=(1, 5)), name="agreement_score_1_to_5",
                violation_error_message="Điểm đánh giá từ 1 đến 5.",
            ),
            models.UniqueConstraint(
                fields=["agreement", "unit", "on"], name="agreement_review_once_a_day",
                violation_error_message="Đơn vị đã đánh giá thỏa thuận trong ngày này.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.unit}: {self.score}/5"
