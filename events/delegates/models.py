from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from beneficiaries.models import Grant, House, Person
from events.delegates.handovers import GiftSteps
from events.delegates.states import HOLDING, State
from events.delegates.steps import DelegateSteps
from events.gatherings.models import Event
from events.quotas.models import InvitedBody, QuotaLine, QuotaShare
from welfare.history import History
from welfare.scoping import Owned, ScopedManager, ScopedQuerySet
from welfare.units.models import Unit, User, today
from welfare.vietnamese import fold, sort_key

__all__ = ["Delegate", "EventGift"]


class DelegateQuerySet(ScopedQuerySet):
    def holding(self):
        """Those who hold a place: neither returned, withdrawn, declined nor substituted."""
        return self.filter(state__in=HOLDING)

    def search(self, words: str):
        found = self
        for word in fold(words).split()[:8]:
            found = found.filter(folded_name__contains=word)
        return found


def _who(name):
    return models.ForeignKey(User, models.PROTECT, verbose_name=name, null=True, editable=False, related_name="+")


class Delegate(DelegateSteps):
    """Somebody who takes part in an event, in a place of its quota.

    The place: ``share`` for a unit's, ``body`` for an invited organisation's, neither for the organiser's own part of
    ``line``. ``unit`` is who answers for the delegate: the share's unit, else the organiser. ``twin_key`` is the same
    for the same human by whatever route; ``known_id`` is the person's keyed ID number once the province has accepted.
    """

    State = State

    event = models.ForeignKey(Event, models.PROTECT, verbose_name="sự kiện", related_name="delegates")
    line = models.ForeignKey(QuotaLine, models.PROTECT, verbose_name="thành phần", related_name="delegates")
    share = models.ForeignKey(
        QuotaShare, models.PROTECT, verbose_name="phần giao", null=True, editable=False, related_name="delegates"
    )
    body = models.ForeignKey(
        InvitedBody,
        models.PROTECT,
        verbose_name="cơ quan, tổ chức",
        null=True,
        editable=False,
        related_name="delegates",
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="delegates")
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="người trong sổ", null=True, editable=False, related_name="delegacies"
    )
    full_name = models.CharField("họ và tên", max_length=120)
    folded_name = models.CharField(max_length=120, editable=False)
    sort_name = models.CharField(max_length=400, editable=False)
    birth_date = models.DateField("ngày sinh", null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    title = models.CharField("chức vụ, công việc", max_length=160, blank=True)
    workplace = models.CharField("nơi làm việc", max_length=200, blank=True)
    phone = models.CharField("điện thoại", max_length=15, blank=True)
    companion = models.CharField("người đi cùng", max_length=120, blank=True)
    twin_key = models.CharField(max_length=180, editable=False)
    known_id = models.CharField(max_length=80, null=True, editable=False)
    state = models.CharField(
        "trạng thái", max_length=12, choices=State.choices, default=State.NOMINATED, editable=False
    )
    substitute_of = models.OneToOneField(
        "self", models.PROTECT, verbose_name="thay cho", null=True, editable=False, related_name="substitute"
    )
    is_over_quota = models.BooleanField("ngoài phân bổ", default=False, editable=False)
    over_quota_reason = models.CharField("lý do cho vượt phân bổ", max_length=300, blank=True, editable=False)
    nominated_by = _who("người đề cử")
    nominated_on = models.DateField("ngày đề cử", default=today, editable=False)
    accepted_by = _who("người nhận")
    accepted_on = models.DateField("ngày nhận", null=True, editable=False)
    state_reason = models.CharField("lý do trả lại, không dự, thay", max_length=300, blank=True, editable=False)
    attended_at = models.DateTimeField("có mặt lúc", null=True, editable=False)
    history = History(verbose_name="lịch sử đại biểu")

    scope = Owned()
    objects = models.Manager.from_queryset(DelegateQuerySet)()

    class Meta:
        verbose_name = "đại biểu"
        verbose_name_plural = "đại biểu"
        default_permissions = ("view", "change", "export")
        ordering = ["sort_name", "pk"]
        permissions = [
            ("nominate_delegate", "Đề cử đại biểu"),
            ("answer_event", "Xem, gửi danh sách đại biểu của đơn vị mình"),
            ("accept_delegate", "Nhận, trả lại đại biểu"),
            ("exceed_quota", "Cho đề cử vượt phân bổ"),
            ("attend_delegate", "Ghi đại biểu có mặt"),
        ]
        indexes = [models.Index(fields=["event", "unit", "state"], name="delegate_by_event_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "person"], name="delegate_person_once", condition=Q(state__in=HOLDING),
                violation_error_message="Người này đã có trong danh sách đại biểu của sự kiện.",
            ),
            models.UniqueConstraint(
                fields=["event", "unit", "twin_key"], name="delegate_name_once", condition=Q(state__in=HOLDING),
                violation_error_message="Người này đã có trong danh sách đại biểu của sự kiện.",
            ),
            models.UniqueConstraint(
                fields=["event", "known_id"], name="delegate_id_once", condition=Q(state__in=HOLDING),
                violation_error_message="Người mang số giấy tờ này đã được nhận vào sự kiện.",
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(body__isnull=True), name="delegate_in_one_place",
                violation_error_message="Đại biểu chỉ đứng ở một phần phân bổ.",
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(accepted_by__isnull=True) | ~Q(accepted_by=F("nominated_by")),
                name="delegate_maker_is_not_checker",
                violation_error_message="Người đề cử không tự nhận đại biểu của mình.",
            ),
            models.CheckConstraint(
                condition=Q(is_over_quota=False) | ~Q(over_quota_reason=""), name="delegate_over_quota_reasoned",
                violation_error_message="Đại biểu vượt phân bổ phải có lý do.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.full_name} ({self.birth_year})" if self.birth_year else self.full_name

    def save(self, **options):
        self.folded_name, self.sort_name = fold(self.full_name), sort_key(self.full_name)
        if self.birth_date:
            self.birth_year = self.birth_date.year
        self.twin_key = twin_key(self.full_name, self.birth_date, self.birth_year)
        super().save(**options)

    @property
    def born(self) -> str:
        return f"{self.birth_date:%d/%m/%Y}" if self.birth_date else str(self.birth_year or "")

    @property
    def sender(self) -> str:
        return str(self.body or self.unit)


def twin_key(full_name: str, birth_date, birth_year) -> str:
    """The words of the name in any order, without accents, and the year of birth."""
    year = birth_date.year if birth_date else birth_year or ""
    return f"{' '.join(sorted(fold(full_name).split()))}|{year}"[:180]


class EventGift(GiftSteps):
    """What is handed over to somebody at the event: the house or the grant it stands for, and under which overlay.

    Handing it over here is the record of it: the house's own hand-over, the grant's own payment.
    """

    event = models.ForeignKey(Event, models.CASCADE, verbose_name="sự kiện", related_name="gifts")
    line = models.ForeignKey(
        QuotaLine, models.PROTECT, verbose_name="thuộc phần trong đó", null=True, blank=True, related_name="gifts"
    )
    delegate = models.ForeignKey(
        Delegate, models.PROTECT, verbose_name="đại biểu nhận", null=True, blank=True, related_name="gifts"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", editable=False, related_name="event_gifts")
    house = models.ForeignKey(
        House, models.PROTECT, verbose_name="nhà", null=True, blank=True, related_name="event_gifts"
    )
    grant = models.ForeignKey(
        Grant, models.PROTECT, verbose_name="khoản hỗ trợ", null=True, blank=True, related_name="event_gifts"
    )
    what = models.CharField("vật trao", max_length=160, blank=True, help_text="Bảng tượng trưng, quà, vốn …")
    given_on = models.DateField("ngày trao", null=True, editable=False)
    given_by = _who("người ghi")

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "phần trao tại sự kiện"
        verbose_name_plural = "trao tại sự kiện"
        default_permissions = ("view", "add", "change", "delete", "export")
        ordering = ["event", "pk"]
        permissions = [("hand_over_eventgift", "Ghi trao tại sự kiện")]
        constraints = [
            models.UniqueConstraint(
                fields=["house"], name="event_gift_house_once",
                violation_error_message="Nhà này đã được ghi trao ở một sự kiện.",
            ),
            models.UniqueConstraint(
                fields=["grant"], name="event_gift_grant_once",
                violation_error_message="Khoản hỗ trợ này đã được ghi trao ở một sự kiện.",
            ),
            models.CheckConstraint(
                condition=(Q(house__isnull=False) & Q(grant__isnull=True))
                | (Q(house__isnull=True) & Q(grant__isnull=False)),
                name="event_gift_of_one_kind",
                violation_error_message="Hãy chọn một: nhà hoặc khoản hỗ trợ được trao.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return str(self.house or self.grant)

    def clean(self):
        parts = {name: getattr(self, name) for name in ("line", "delegate")}
        wrong = {name: part for name, part in parts.items() if part and self.event_id not in (None, part.event_id)}
        if wrong:
            raise ValidationError(
                {name: f"“{part}” không thuộc sự kiện này; hãy chọn lại." for name, part in wrong.items()}
            )

    def save(self, **options):
        self.unit_id = (self.house or self.grant).unit_id
        super().save(**options)
