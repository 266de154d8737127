"""What people ask of the data kept about them, with the law's deadlines (Law 91/2025/QH15, Decree 356/2025)."""

from contextlib import contextmanager
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from beneficiaries.people.models import Person
from beneficiaries.rules import business_day, need
from welfare.audit import AuditEvent, record
from welfare.crypto import EncryptedTextField
from welfare.history import History
from welfare.scoping import Owned, ScopedQuerySet
from welfare.states import Refused, locked, moving
from welfare.units.models import Unit, User, today

MOST_EXTENSION = 15  # days, once
_ACKNOWLEDGE_WITHIN = 2  # working days


def working_days_after(day, count: int):
    """The ``count``-th day after ``day`` that is no Saturday or Sunday."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


class DataRequestQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(state__in=[DataRequest.State.OPEN, DataRequest.State.GRANTED])

    def nearly_due(self, days=5):
        return self.open().filter(due_on__lte=today() + timedelta(days=days))


class DataRequest(models.Model):
    """One request of one person. Whoever records it never decides on it."""

    class Kind(models.TextChoices):
        ACCESS = "access", "Xem, nhận bản sao dữ liệu"
        CORRECT = "correct", "Sửa dữ liệu sai"
        WITHDRAW = "withdraw", "Rút sự đồng ý"
        RESTRICT = "restrict", "Hạn chế sử dụng dữ liệu"
        OBJECT = "object", "Phản đối việc sử dụng dữ liệu"
        ERASE = "erase", "Xóa, ẩn danh dữ liệu"

    class State(models.TextChoices):
        OPEN = "open", "Đang xem xét"
        GRANTED = "granted", "Đã chấp thuận, chờ thực hiện"
        DONE = "done", "Đã thực hiện"
        REFUSED = "refused", "Không chấp thuận"

    # Days to carry it out, and with a processor outside the union.
    DAYS = {
        Kind.ACCESS: (10, 10), Kind.CORRECT: (10, 10), Kind.WITHDRAW: (15, 20), Kind.RESTRICT: (15, 20),
        Kind.OBJECT: (15, 20), Kind.ERASE: (20, 20),
    }  # fmt: skip

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", editable=False, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="người yêu cầu", related_name="data_requests")
    kind = models.CharField("yêu cầu", max_length=10, choices=Kind.choices)
    received_on = models.DateField("nhận ngày", default=today)
    way = models.CharField("cách gửi", max_length=120, blank=True, help_text="Đơn giấy, điện thoại, gặp trực tiếp ...")
    wording = EncryptedTextField("nội dung yêu cầu", blank=True, default="")
    with_processor = models.BooleanField(
        "dữ liệu đã giao bên ngoài xử lý", default=False, help_text="Thời hạn dài hơn vì phải báo cả bên đó."
    )
    acknowledged_on = models.DateField("báo đã nhận ngày", null=True, editable=False)
    due_on = models.DateField("hạn thực hiện", editable=False)
    extended_by_days = models.PositiveSmallIntegerField("gia hạn (ngày)", default=0, editable=False)
    extension_reason = models.CharField("lý do gia hạn", max_length=300, blank=True, editable=False)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", editable=False, related_name="+")
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người quyết định", null=True, editable=False, related_name="+"
    )
    decided_on = models.DateField("quyết định ngày", null=True, editable=False)
    refused_reason = models.CharField("lý do không chấp thuận", max_length=300, blank=True, editable=False)
    done_on = models.DateField("thực hiện ngày", null=True, editable=False)
    outcome = models.CharField("kết quả", max_length=300, blank=True, editable=False)
    history = History(verbose_name="lịch sử yêu cầu")

    scope = Owned()
    objects = models.Manager.from_queryset(DataRequestQuerySet)()

    class Meta:
        verbose_name = "yêu cầu về dữ liệu cá nhân"
        verbose_name_plural = "yêu cầu về dữ liệu cá nhân"
        default_permissions = ("view", "add", "change", "export")
        ordering = ["due_on", "pk"]
        permissions = [("decide_datarequest", "Quyết định, thực hiện yêu cầu về dữ liệu cá nhân")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("recorded_by")),
                name="datarequest_maker_is_not_checker",
                violation_error_message="Người ghi yêu cầu không được quyết định.",
            ),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(state__in=["open", "granted"]), name="datarequest_open_once",
                violation_error_message="Người này đang có yêu cầu cùng loại chưa xong.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.get_kind_display()} – {self.person}"

    def save(self, **options):
        self.unit_id = self.unit_id or self.person.unit_id
        self.due_on = self.received_on + timedelta(days=self.allowed_days + self.extended_by_days)
        super().save(**options)

    @property
    def allowed_days(self) -> int:
        return self.DAYS[self.kind][self.with_processor]

    @property
    def acknowledge_by(self):
        return working_days_after(self.received_on, _ACKNOWLEDGE_WITHIN)

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.OPEN, self.State.GRANTED)

    @property
    def is_late(self) -> bool:
        return self.is_open and (self.due_on < today() or (not self.acknowledged_on and self.acknowledge_by < today()))

    def clean(self):
        if self.received_on and self.received_on > today():
            raise ValidationError({"received_on": f"Ngày {self.received_on:%d/%m/%Y} chưa tới; hãy xem lại."})
        born = self.person.first_day if self.person_id else None
        if born and self.received_on and self.received_on < born:
            raise ValidationError({"received_on": f"Ngày nhận trước ngày sinh của người yêu cầu ({self.person.born})."})

    def acknowledge(self, by, *, on=None):
        """The person was told that the request has come."""
        self._need(by, "change_datarequest", "báo đã nhận yêu cầu")
        on = business_day(on, since=self.received_on, after="ngày nhận yêu cầu")
        with self._written(by) as row:
            if row.acknowledged_on:
                raise Refused(f"Đã báo cho người yêu cầu ngày {row.acknowledged_on:%d/%m/%Y}.")
            row.acknowledged_on = on

    def extend(self, by, *, days: int, reason: str):
        """Once, by at most 15 days, and the person is told why."""
        self._need(by, "change_datarequest", "gia hạn yêu cầu")
        if not 1 <= days <= MOST_EXTENSION:
            raise Refused(f"Chỉ gia hạn từ 1 đến {MOST_EXTENSION} ngày.")
        with self._written(by) as row:
            if row.extended_by_days:
                raise Refused("Yêu cầu này đã được gia hạn một lần nên không gia hạn thêm được.")
            row.extended_by_days, row.extension_reason = days, reason.strip()[:300]

    def grant(self, by, *, on=None):
        self._decide(by, self.State.GRANTED, on)

    def refuse(self, by, *, reason: str, on=None):
        if not reason.strip():
            raise Refused("Phải ghi lý do không chấp thuận.")
        self._decide(by, self.State.REFUSED, on, reason.strip()[:300])

    def _decide(self, by, to, on, reason=""):
        self._need(by, "decide_datarequest", "quyết định yêu cầu về dữ liệu cá nhân")
        if by.pk == self.recorded_by_id:
            raise Refused("Bạn đã ghi yêu cầu này nên không được quyết định; hãy chuyển người khác.")
        on = business_day(on, since=self.received_on, after="ngày nhận yêu cầu")
        with moving(self, to, by=by, came_from=[self.State.OPEN], action=AuditEvent.Action.APPROVE, on=on) as row:
            row.decided_by, row.decided_on, row.refused_reason = by, on, reason

    def carry_out(self, by, *, outcome="", on=None):
        """Does what was asked: erases, withdraws, takes from the list; or records what was sent or corrected."""
        from beneficiaries.erasure.carrying_out import carry_out

        self._need(by, "decide_datarequest", "thực hiện yêu cầu về dữ liệu cá nhân")
        on = business_day(on, since=self.decided_on, after="ngày quyết định")
        with moving(self, self.State.DONE, by=by, came_from=[self.State.GRANTED], on=on) as row:
            row.done_on, row.outcome = on, outcome.strip()[:300]
            row.save()
            carry_out(row, by, on)
            row.refresh_from_db()

    def _need(self, by, codename, doing):
        need(by, codename, doing)
        if not by.reach_for(f"beneficiaries.{codename}").may_write(self.unit_id):
            raise Refused(f"Bạn chỉ được {doing} của đơn vị mình.")

    @contextmanager
    def _written(self, by):
        """The request locked, still open, saved and audited at the end."""
        with locked(self) as row:
            if not row.is_open:
                raise Refused(f"Yêu cầu đang ở trạng thái “{row.get_state_display()}” nên không sửa được nữa.")
            yield row
            row.save()
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit)
        self.refresh_from_db()
