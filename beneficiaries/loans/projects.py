from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest

from beneficiaries.rules import business_day, need
from programs.targets.models import mark_stale
from welfare.history import History
from welfare.scoping import ScopedManager, ScopedQuerySet, SharedDown, Via
from welfare.states import Refused, moving
from welfare.units.models import Unit, User, today
from welfare.vietnamese import format_money


class LoanSource(models.TextChoices):
    """Where lent money comes from; loans of CEP and of banks are referrals, which the lender manages."""

    NATIONAL = "national", "Quỹ quốc gia về việc làm"
    MUTUAL = "mutual", "Quỹ Tương trợ"
    CEP = "cep", "Tài chính vi mô CEP"
    BANK = "bank", "Ngân hàng (giới thiệu)"


REFERRED = (LoanSource.CEP, LoanSource.BANK)  # lent by others: recorded, not managed


class LoanProjectQuerySet(ScopedQuerySet):
    def running(self):
        return self.exclude(state=LoanProject.State.CLOSED)

    def overdue(self):
        return self.running().filter(due_on__lt=today())


class LoanProject(models.Model):
    """Money for loans put in a unit's charge. Its state is what the latest review found. Money in VND.

    ``lent`` is what running loans have taken of ``amount``; it moves only by ``take`` and ``give_back``.
    """

    class State(models.TextChoices):
        ASSIGNED = "assigned", "Đã giao, chưa rà soát"
        ON_SCHEDULE = "on_schedule", "Đúng tiến độ"
        DELAYED = "delayed", "Chậm tiến độ"
        CLOSED = "closed", "Đã kết thúc"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị quản lý", related_name="loan_projects")
    source = models.CharField("nguồn vốn", max_length=10, choices=LoanSource.choices)
    name = models.CharField("tên dự án", max_length=200)
    amount = models.BigIntegerField("số vốn (đồng)")
    lent = models.BigIntegerField("vốn đang dùng (đồng)", default=0, editable=False)
    assigned_on = models.DateField("ngày giao", default=today)
    due_on = models.DateField("ngày đến hạn")
    state = models.CharField("trạng thái", max_length=12, choices=State.choices, default=State.ASSIGNED, editable=False)
    closed_on = models.DateField("ngày kết thúc", null=True, editable=False)
    history = History(verbose_name="lịch sử dự án vay vốn")

    scope = SharedDown()
    objects = models.Manager.from_queryset(LoanProjectQuerySet)()

    class Meta:
        verbose_name = "dự án vay vốn"
        verbose_name_plural = "dự án vay vốn"
        default_permissions = ("view", "add", "change", "delete", "export")
        ordering = ["-assigned_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="loan_project_amount_sane",
                violation_error_message="Số vốn phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(lent__gte=0, lent__lte=F("amount")), name="loan_project_never_overlent",
                violation_error_message="Số vốn không được thấp hơn số tiền đang cho vay của dự án.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("assigned_on")), name="loan_project_dates_in_order",
                violation_error_message="Ngày đến hạn phải sau ngày giao.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def save(self, **options):
        """A form that was open meanwhile must not carry an old ``lent`` back."""
        if self.pk and "update_fields" not in options:
            options["update_fields"] = [f.name for f in self._meta.concrete_fields if f.name not in ("id", "lent")]
        super().save(**options)
        mark_stale("loans", self.unit_id, self.assigned_on, today(), self.closed_on)

    @property
    def is_overdue(self) -> bool:
        return self.state != self.State.CLOSED and self.due_on < today()

    def clean(self):
        if self.assigned_on and self.assigned_on > today():
            raise ValidationError({"assigned_on": "Ngày giao không được sau hôm nay."})
        if self.pk and self.loans.exclude(source=self.source).exists():
            raise ValidationError({"source": "Dự án đã có khoản vay nên không đổi nguồn vốn được."})

    def take(self, amount: int):
        """In the transaction of a loan (VND). Raises ``Refused`` when running loans would go beyond the project's money."""
        free = LoanProject.objects.filter(pk=self.pk, lent__lte=F("amount") - amount).exclude(state=self.State.CLOSED)
        if free.update(lent=F("lent") + amount):
            return
        now = LoanProject.objects.get(pk=self.pk)
        if now.state == self.State.CLOSED:
            raise Refused(f"Dự án “{now}” đã kết thúc nên không cho vay thêm.")
        raise Refused(
            f"Dự án “{now}” còn {format_money(now.amount - now.lent)} chưa cho vay, không đủ {format_money(amount)}."
        )

    def give_back(self, amount: int):
        """The other way; what was lent beyond the money before that was held is not given back twice."""
        LoanProject.objects.filter(pk=self.pk).update(lent=Greatest(F("lent") - amount, 0))

    def review(self, by, *, on_schedule, note="", on=None):
        """Say on a day whether the project keeps its schedule; ``on_schedule``: a truth or the form's "yes" and "no"."""
        keeps = on_schedule in (True, "yes")
        if not keeps and not note.strip():
            raise Refused("Dự án chậm tiến độ thì phải ghi rõ vướng mắc.")
        to = self.State.ON_SCHEDULE if keeps else self.State.DELAYED
        with self._moving(by, to, "rà soát", on) as project:
            on = project.check_later(on)
            project.reviews.create(on=on, on_schedule=keeps, note=note.strip()[:300], by=by)
            mark_stale("loans", project.unit_id, on)

    def close(self, by, *, on=None):
        with self._moving(by, self.State.CLOSED, "kết thúc", on) as project:
            if running := project.loans.filter(state__in=["approved", "disbursed"]).count():
                raise Refused(
                    f"Dự án còn {running} khoản vay chưa tất toán; hãy thu hồi hoặc xử lý xong trước khi kết thúc."
                )
            project.closed_on = project.check_later(on)

    def _moving(self, by, to, doing, on):
        need(by, "change_loanproject", f"{doing} dự án vay vốn")
        if not by.reach_for("beneficiaries.change_loanproject").may_write(self.unit_id):
            raise Refused(f"Chỉ {self.unit} hoặc LĐLĐ tỉnh được {doing} dự án này.")
        open_states = [state for state in self.State if state != self.State.CLOSED]
        return moving(self, to, by=by, came_from=open_states, on=on)

    def check_later(self, on):
        """The business day of a step. Raises ``Refused`` before the assignment, and up to the last review."""
        last = self.reviews.first()
        on = business_day(on, since=self.assigned_on, after="ngày giao dự án")
        if last and on <= last.on:
            raise Refused(f"Dự án đã được rà soát ngày {last.on:%d/%m/%Y}; lần sau phải sau ngày đó.")
        return on


class LoanReview(models.Model):
    """What was found on a day; never changed, a later one stands above it."""

    project = models.ForeignKey(LoanProject, models.CASCADE, verbose_name="dự án", related_name="reviews")
    on = models.DateField("ngày rà soát")
    on_schedule = models.BooleanField("đúng tiến độ")
    note = models.CharField("nhận xét, vướng mắc", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", related_name="+")

    scope = Via("project")
    objects = ScopedManager()

    class Meta:
        verbose_name = "lần rà soát dự án"
        verbose_name_plural = "các lần rà soát"
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "on"], name="loan_review_once_a_day",
                violation_error_message="Dự án đã có lần rà soát trong ngày này.",
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.on:%d/%m/%Y}: {'đúng tiến độ' if self.on_schedule else 'chậm tiến độ'}"
