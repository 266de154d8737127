"""What an inspection found at a unit, what the unit says to it, and the money that comes back."""

from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q

from beneficiaries.funds.models import FundEntry
from beneficiaries.inspections.kinds import FindingKind
from beneficiaries.inspections.sampling import SampleRow
from beneficiaries.rules import business_day, need, need_in_reach
from welfare.audit import AuditEvent, record
from welfare.documents.models import StoredFile, store_file
from welfare.history import History
from welfare.scoping import Owned, ScopedQuerySet, Via
from welfare.states import Refused, locked, moving
from welfare.units.models import Unit, User, today
from welfare.uploads import content_type
from welfare.vietnamese import format_money

MOST_FILES = 20


class State(models.TextChoices):
    DRAFT = "draft", "Đang ghi"
    ISSUED = "issued", "Chờ đơn vị giải trình"
    ANSWERED = "answered", "Đơn vị đã giải trình"
    RETURNED = "returned", "Yêu cầu giải trình lại"
    SETTLED = "settled", "Đã xử lý xong"
    WITHDRAWN = "withdrawn", "Đã bỏ"


_WITH_UNIT = (State.ISSUED, State.RETURNED)
_OUT = (State.ISSUED, State.ANSWERED, State.RETURNED)


class FindingScope(Owned):
    """Who sees inspections sees every finding; the unit it is about, and the province, once it is issued."""

    def q(self, model, user, prefix=""):
        if user.reach_for("beneficiaries.view_inspection").province:
            return Q()
        return super().q(model, user, prefix) & Q(**{f"{prefix}issued_on__isnull": False})


class FindingQuerySet(ScopedQuerySet):
    def unsettled(self):
        return self.exclude(state__in=[State.SETTLED, State.WITHDRAWN])

    def waiting_for_unit(self):
        return self.filter(state__in=_WITH_UNIT)

    def overdue(self):
        """The unit has not answered in time."""
        return self.waiting_for_unit().filter(answer_by__lt=today())

    def owing(self):
        """Money is still to come back."""
        return self.filter(state__in=_OUT, to_recover__gt=F("recovered") + F("waived"))


def _who(name):
    return models.ForeignKey(User, models.PROTECT, verbose_name=name, null=True, editable=False, related_name="+")


def _day(name):
    return models.DateField(name, null=True, editable=False)


class Finding(models.Model):
    """Money in VND. ``recovered`` moves only with recoveries, under the row's lock."""

    State = State

    inspection = models.ForeignKey(
        "beneficiaries.Inspection", models.PROTECT, verbose_name="cuộc kiểm tra", related_name="findings"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="findings")
    kind = models.ForeignKey(FindingKind, models.PROTECT, verbose_name="loại sai sót", related_name="+")
    text = models.TextField("nội dung, yêu cầu", max_length=5000)
    rows = models.ManyToManyField(SampleRow, verbose_name="các khoản trong mẫu", blank=True, related_name="findings")
    to_recover = models.BigIntegerField("số tiền phải thu hồi (đồng)", default=0)
    recovered = models.BigIntegerField("đã thu hồi (đồng)", default=0, editable=False)
    waived = models.BigIntegerField("được miễn (đồng)", default=0, editable=False)
    waived_reason = models.CharField("lý do miễn", max_length=300, blank=True, editable=False)
    waived_by = _who("người miễn")
    answer_by = models.DateField("hạn giải trình, khắc phục")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    written_by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", editable=False, related_name="+")
    written_on = models.DateField("ngày ghi", default=today, editable=False)
    issued_on = _day("ngày gửi đơn vị")
    answer = models.TextField("giải trình của đơn vị", max_length=5000, blank=True, default="", editable=False)
    answered_by = _who("người giải trình")
    answered_on = _day("ngày giải trình")
    returned_reason = models.CharField("lý do yêu cầu giải trình lại", max_length=300, blank=True, editable=False)
    settled_by = _who("người xác nhận xử lý xong")
    settled_on = _day("ngày xử lý xong")
    history = History(verbose_name="lịch sử kết quả kiểm tra")

    scope = FindingScope()
    objects = models.Manager.from_queryset(FindingQuerySet)()

    class Meta:
        verbose_name = "kết quả kiểm tra"
        verbose_name_plural = "kết quả kiểm tra"
        default_permissions = ("view", "add", "change", "export")
        ordering = ["-written_on", "-pk"]
        permissions = [
            ("answer_finding", "Giải trình kết quả kiểm tra"),
            ("settle_finding", "Xác nhận đã xử lý kết quả kiểm tra"),
            ("record_recovery", "Ghi thu hồi tiền"),
            ("waive_recovery", "Miễn thu hồi tiền"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_recover__gte=0, recovered__gte=0, waived__gte=0), name="finding_money_sane",
                violation_error_message="Số tiền phải thu hồi không được âm.",
            ),
            models.CheckConstraint(
                condition=Q(to_recover__gte=F("recovered") + F("waived")), name="finding_never_over_recovered",
                violation_error_message="Số đã thu hồi và được miễn không được quá số phải thu hồi.",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(to_recover=F("recovered") + F("waived")), name="finding_settled_in_full",
                violation_error_message="Chỉ xong khi đã thu hồi đủ hoặc được miễn.",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("written_by")), name="finding_settled_by_another",
                violation_error_message="Người ghi kết quả không tự xác nhận đã xử lý xong.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.kind}, {self.unit}"

    @property
    def owed(self) -> int:
        """Still to come back, VND."""
        return self.to_recover - self.recovered - self.waived

    @property
    def is_overdue(self) -> bool:
        return self.state in _WITH_UNIT and self.answer_by < today()

    @property
    def is_with_unit(self) -> bool:
        return self.state in _WITH_UNIT

    @property
    def files(self):
        """Of the inspection and of the unit's answer."""
        kind = ContentType.objects.get_for_model(Finding)
        kept = StoredFile.objects.filter(subject_kind=kind, subject_id=str(self.pk), expires_at=None)
        return kept.select_related("owner").order_by("created_at")

    def issue(self, by, on=None):
        """Sends it to the unit, which sees it from now on."""
        with self._step(State.ISSUED, by, "conduct_inspection", "gửi kết quả kiểm tra", [State.DRAFT], on) as row:
            if row.inspection.state == "planned":
                raise Refused("Cuộc kiểm tra chưa có quyết định.")
            row.issued_on = business_day(on)
            if row.answer_by < row.issued_on:
                raise Refused(
                    f"Hạn giải trình {row.answer_by:%d/%m/%Y} đã qua; hãy ghi hạn mới cho kết quả của {row.unit}."
                )
        self.files.update(unit=self.unit)

    def answer_with(self, by, *, answer: str, files=(), on=None):
        """By the unit, with what proves it."""
        need(by, "answer_finding", "giải trình kết quả kiểm tra")
        if not by.reach_for("beneficiaries.answer_finding").may_write(self.unit_id):
            raise Refused(f"Chỉ {self.unit} giải trình kết quả này.")
        if not answer.strip():
            raise Refused("Phải ghi nội dung giải trình.")
        with moving(self, State.ANSWERED, by=by, came_from=_WITH_UNIT, on=on) as row:
            row.answer, row.answered_by = answer.strip(), by
            row.answered_on = business_day(on, since=row.issued_on, after="ngày gửi đơn vị")
            row.keep_files(by, files, row.unit)

    def add_evidence(self, by, files):
        need_in_reach(by, "conduct_inspection", "thêm bằng chứng", self)
        with locked(self) as row:
            if row.state in (State.SETTLED, State.WITHDRAWN):
                raise Refused("Kết quả này đã khép lại nên không thêm bằng chứng được.")
            row.keep_files(by, files, row.unit if row.issued_on else row.inspection.unit)
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"files": len(files)})

    def keep_files(self, by, files, unit):
        if self.files.count() + len(files) > MOST_FILES:
            raise Refused(f"Mỗi kết quả kiểm tra kèm nhiều nhất {MOST_FILES} tệp; hãy chọn ít tệp hơn.")
        for file in files:
            store_file(file, name=file.name, content_type=content_type(file.name), owner=by, unit=unit, subject=self)

    def send_back(self, by, *, reason: str, answer_by, on=None):
        """The answer will not do; the unit has until a new day."""
        with self._step(
            State.RETURNED, by, "conduct_inspection", "yêu cầu giải trình lại", [State.ANSWERED], on
        ) as row:
            row._check_new_deadline(answer_by)
            row.returned_reason, row.answer_by = _said(reason), answer_by

    def extend(self, by, *, answer_by, reason: str):
        need_in_reach(by, "conduct_inspection", "gia hạn", self)
        with locked(self) as row:
            if row.state not in (State.DRAFT, *_WITH_UNIT):
                raise Refused("Chỉ gia hạn khi đơn vị chưa giải trình.")
            row._check_new_deadline(answer_by)
            row.answer_by = answer_by
            row.save()
            detail = {"until": str(answer_by), "reason": _said(reason)}
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail=detail)
        self.refresh_from_db()

    def _check_new_deadline(self, day):
        if day < today():
            raise Refused(f"Hạn {day:%d/%m/%Y} đã qua; hãy chọn ngày từ hôm nay.")

    def recover(self, by, *, amount: int | None = None, entry: FundEntry | None = None, document_number="", on=None):
        """Money came back: into a fund kept here by ``entry``, or elsewhere by a document. Never more than is owed."""
        need_in_reach(by, "record_recovery", "ghi thu hồi tiền", self)
        if not entry and not document_number.strip():
            raise Refused("Chọn bút toán quỹ, hoặc ghi số chứng từ thu hồi.")
        amount = amount or (entry.amount if entry else 0)
        with locked(self) as row:
            row._check_recovery(amount, entry, document_number.strip())
            made = row.recoveries.create(
                amount=amount, entry=entry, document_number=document_number.strip(), by=by,
                on=business_day(on or (entry.on if entry else None), since=row.issued_on, after="ngày gửi đơn vị"),
            )  # fmt: skip
            row.recovered += amount
            row.save()
            detail = {"recovered": amount}
            record(AuditEvent.Action.PAY, actor=by, subject=row, unit=row.unit, detail=detail)
        self.refresh_from_db()
        return made.amount

    def _check_recovery(self, amount, entry, document_number):
        if self.state not in _OUT:
            raise Refused("Chỉ ghi thu hồi khi kết quả đã gửi đơn vị và chưa khép lại.")
        if not 0 < amount <= self.owed:
            raise Refused(f"Còn phải thu hồi {format_money(self.owed)}; hãy ghi số tiền lớn hơn 0 và không quá số đó.")
        if document_number and self.recoveries.standing().filter(document_number__iexact=document_number).exists():
            raise Refused(f"Chứng từ {document_number} đã ghi thu hồi cho kết quả này; hãy xem lại số chứng từ.")
        if entry and (entry.amount <= 0 or amount > entry.amount):
            raise Refused("Bút toán đã chọn không phải khoản thu, hoặc nhỏ hơn số tiền thu hồi.")
        if entry and Recovery.objects.standing().filter(entry=entry).exists():
            raise Refused("Bút toán này đã dùng cho một lần thu hồi khác.")

    def take_back_recovery(self, by, *, recovery, reason: str):
        """A recovery recorded by mistake counts no more; it stays in the books."""
        need_in_reach(by, "record_recovery", "ghi thu hồi tiền", self)
        with locked(self) as row, locked(recovery) as made:
            if made.finding_id != row.pk or made.taken_back_reason or row.state not in _OUT:
                raise Refused("Lần thu hồi này không còn hiệu lực hoặc kết quả đã khép lại.")
            made.taken_back_reason, made.taken_back_by = _said(reason), by
            made.save()
            row.recovered -= made.amount
            row.save()
            record(AuditEvent.Action.PAY, actor=by, subject=row, unit=row.unit, detail={"recovered": -made.amount})
        self.refresh_from_db()

    def waive(self, by, *, reason: str):
        """What is still owed need not come back, says a leader."""
        need_in_reach(by, "waive_recovery", "miễn thu hồi", self)
        with locked(self) as row:
            if row.state not in _OUT or not row.owed:
                raise Refused("Không còn khoản nào phải thu hồi để miễn.")
            row.waived, row.waived_by, row.waived_reason = row.waived + row.owed, by, _said(reason)
            row.save()
            record(AuditEvent.Action.APPROVE, actor=by, subject=row, unit=row.unit, detail={"waived": row.waived})
        self.refresh_from_db()

    def settle(self, by, *, on=None):
        """The unit did what was asked, says another than who wrote the finding."""
        with self._step(State.SETTLED, by, "settle_finding", "xác nhận đã xử lý xong", [State.ANSWERED], on) as row:
            if row.written_by_id == by.pk:
                raise Refused("Bạn đã ghi kết quả này nên phải do người khác xác nhận đã xử lý xong.")
            if row.owed:
                raise Refused(
                    f"Còn {format_money(row.owed)} chưa thu hồi; hãy ghi thu hồi hoặc để lãnh đạo miễn trước."
                )
            row.settled_by, row.settled_on = by, business_day(on, since=row.answered_on, after="ngày giải trình")

    def withdraw(self, by, *, reason: str):
        """Before it goes to the unit."""
        with self._step(State.WITHDRAWN, by, "conduct_inspection", "bỏ kết quả kiểm tra", [State.DRAFT], None) as row:
            row.returned_reason = _said(reason)

    @contextmanager
    def _step(self, to, by, codename, doing, came_from, on):
        need_in_reach(by, codename, doing, self)
        with moving(self, to, by=by, came_from=came_from, on=on) as row:
            yield row


class RecoveryQuerySet(ScopedQuerySet):
    def standing(self):
        return self.filter(taken_back_reason="")


class Recovery(models.Model):
    """Money that came back, VND."""

    finding = models.ForeignKey(Finding, models.PROTECT, verbose_name="kết quả kiểm tra", related_name="recoveries")
    amount = models.BigIntegerField("số tiền (đồng)")
    on = models.DateField("ngày thu hồi")
    entry = models.ForeignKey(
        FundEntry, models.PROTECT, verbose_name="bút toán quỹ", null=True, blank=True, related_name="recoveries"
    )
    document_number = models.CharField("số chứng từ", max_length=60, blank=True)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", related_name="+")
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    taken_back_reason = models.CharField("lý do hủy", max_length=300, blank=True, default="")
    taken_back_by = models.ForeignKey(User, models.PROTECT, verbose_name="người hủy", null=True, related_name="+")

    scope = Via("finding")
    objects = models.Manager.from_queryset(RecoveryQuerySet)()

    class Meta:
        verbose_name = "lần thu hồi"
        verbose_name_plural = "các lần thu hồi"
        default_permissions = ()
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_amount_sane"),
            models.CheckConstraint(
                condition=Q(entry__isnull=False) | ~Q(document_number=""), name="recovery_proved",
                violation_error_message="Chọn bút toán quỹ, hoặc ghi số chứng từ thu hồi.",
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(taken_back_reason=""), name="recovery_entry_once",
                violation_error_message="Bút toán này đã dùng cho một lần thu hồi khác.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{format_money(self.amount)} ngày {self.on:%d/%m/%Y}"


def _said(text) -> str:
    if not text.strip():
        raise Refused("Phải ghi lý do.")
    return text.strip()[:300]
