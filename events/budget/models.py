"""Dự toán, quyết toán of an event: what things should cost, what they did cost, and who pays."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import LessThanOrEqual

from beneficiaries.models import Fund, FundEntry
from events.budget.steps import BudgetSteps, LineSteps
from events.gatherings.models import Event
from welfare.history import History
from welfare.scoping import Owned, ScopedManager, Via
from welfare.units.models import Unit, User
from welfare.vietnamese import format_money

__all__ = ["BudgetLine", "EventBudget"]

MOST_PRICE = 100_000_000_000  # VND one unit of something may cost
MOST_PIECES = 1_000_000


def _vnd(pieces, price):
    return models.ExpressionWrapper(F(pieces) * F(price), models.BigIntegerField())


def _who(name):
    return models.ForeignKey(User, models.PROTECT, verbose_name=name, null=True, editable=False, related_name="+")


class EventBudget(BudgetSteps):
    """The money of one event: estimated, approved by somebody else, spent, settled line by line."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang lập dự toán"
        SUBMITTED = "submitted", "Chờ duyệt dự toán"
        APPROVED = "approved", "Đã duyệt dự toán"
        SETTLED = "settled", "Đã quyết toán"

    event = models.OneToOneField(Event, models.PROTECT, verbose_name="sự kiện", related_name="budget")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", editable=False, related_name="event_budgets")
    note = models.TextField("ghi chú", blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    submitted_by = _who("người trình dự toán")
    approved_by = _who("người duyệt dự toán")
    approved_on = models.DateField("ngày duyệt dự toán", null=True, editable=False)
    decision_number = models.CharField("số văn bản duyệt", max_length=60, blank=True, editable=False)
    settled_by = _who("người duyệt quyết toán")
    settled_on = models.DateField("ngày quyết toán", null=True, editable=False)
    state_reason = models.CharField("lý do trả lại, mở lại", max_length=300, blank=True, editable=False)
    history = History(verbose_name="lịch sử dự toán sự kiện")

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "kinh phí sự kiện"
        verbose_name_plural = "kinh phí sự kiện"
        default_permissions = ("view", "add", "change", "export")
        ordering = ["-pk"]
        permissions = [
            ("submit_eventbudget", "Trình dự toán sự kiện"),
            ("approve_eventbudget", "Duyệt dự toán sự kiện"),
            ("settle_eventbudget", "Duyệt quyết toán sự kiện"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(submitted_by__isnull=True) | ~Q(approved_by=F("submitted_by")),
                name="event_budget_maker_is_not_checker",
                violation_error_message="Người trình dự toán không tự duyệt.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "settled"]) | Q(approved_by__isnull=False),
                name="event_budget_approved_by_somebody",
                violation_error_message="Dự toán đã duyệt phải có người duyệt.",
            ),
            models.CheckConstraint(
                condition=(Q(state="settled") & Q(settled_by__isnull=False, settled_on__isnull=False))
                | (~Q(state="settled") & Q(settled_by__isnull=True, settled_on__isnull=True)),
                name="event_budget_settled_by_somebody",
                violation_error_message="Quyết toán đã duyệt phải có người duyệt và ngày duyệt.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"Kinh phí {self.event}"

    def save(self, **options):
        self.unit_id = self.event.unit_id
        super().save(**options)


class BudgetLine(LineSteps):
    """One thing that costs money. ``price``, ``spent_price`` are VND for one ``measure``.

    Paid by a fund kept here it points at the one entry that paid it; money of others is a name and a number.
    """

    class Source(models.TextChoices):
        FUND = "fund", "Quỹ trong hệ thống"
        UNION = "union", "Kinh phí công đoàn"
        SPONSOR = "sponsor", "Tài trợ, ủng hộ"
        UNITS = "units", "Đơn vị tự chi"
        OTHER = "other", "Nguồn khác"

    budget = models.ForeignKey(EventBudget, models.CASCADE, verbose_name="kinh phí sự kiện", related_name="lines")
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    item = models.CharField("nội dung chi", max_length=200)
    measure = models.CharField("đơn vị tính", max_length=30, blank=True)
    quantity = models.PositiveIntegerField("số lượng", default=1)
    price = models.BigIntegerField("đơn giá (đồng)")
    source = models.CharField("nguồn", max_length=8, choices=Source.choices, default=Source.UNION)
    fund = models.ForeignKey(
        Fund, models.PROTECT, verbose_name="quỹ chi", null=True, blank=True, related_name="event_lines"
    )
    source_name = models.CharField("tên nguồn", max_length=160, blank=True, help_text="Nhà tài trợ, đơn vị …")
    spent_quantity = models.PositiveIntegerField("số lượng thực chi", null=True, editable=False)
    spent_price = models.BigIntegerField("đơn giá thực chi (đồng)", null=True, editable=False)
    spent_on = models.DateField("ngày chi", null=True, editable=False)
    spent_by = _who("người ghi chi")
    reason = models.CharField("lý do vượt dự toán", max_length=300, blank=True, editable=False)
    entry = models.OneToOneField(
        FundEntry, models.PROTECT, verbose_name="bút toán chi", null=True, editable=False, related_name="event_line"
    )
    history = History(verbose_name="lịch sử khoản chi sự kiện")

    scope = Via("budget")
    objects = ScopedManager()

    class Meta:
        verbose_name = "khoản chi sự kiện"
        verbose_name_plural = "khoản chi sự kiện"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
        ordering = ["budget", "order", "pk"]
        permissions = [("pay_budgetline", "Ghi chi, chi từ quỹ cho sự kiện")]
        constraints = [
            models.CheckConstraint(
                condition=Q(price__range=(0, MOST_PRICE), quantity__range=(1, MOST_PIECES)), name="budget_line_sane",
                violation_error_message="Số lượng từ 1 đến 1.000.000; đơn giá không âm và không quá 100 tỷ đồng.",
            ),
            models.CheckConstraint(
                condition=Q(source="fund", fund__isnull=False) | (~Q(source="fund") & Q(fund__isnull=True)),
                name="budget_line_fund_named",
                violation_error_message="Chọn quỹ khi nguồn là quỹ trong hệ thống; nguồn khác thì để trống quỹ.",
            ),
            models.CheckConstraint(
                condition=Q(spent_quantity__isnull=True, spent_price__isnull=True, spent_by__isnull=True, entry__isnull=True)
                | Q(
                    spent_quantity__lte=MOST_PIECES, spent_price__range=(0, MOST_PRICE), spent_on__isnull=False,
                    spent_by__isnull=False,
                ),
                name="budget_line_spent_whole",
                violation_error_message="Thực chi phải có đủ số lượng, đơn giá, ngày và người ghi.",
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=True) | Q(source="fund"), name="budget_line_entry_of_its_fund",
                violation_error_message="Chỉ khoản chi từ quỹ mới có bút toán quỹ.",
            ),
            models.CheckConstraint(
                condition=~Q(source="fund") | Q(spent_quantity__isnull=True) | Q(entry__isnull=False)
                | Q(spent_quantity=0) | Q(spent_price=0),
                name="budget_line_fund_spends_by_entry",
                violation_error_message="Khoản của quỹ chỉ ghi chi bằng bút toán của quỹ.",
            ),
            models.CheckConstraint(
                condition=Q(spent_quantity__isnull=True) | ~Q(reason="") | Q(
                    LessThanOrEqual(_vnd("spent_quantity", "spent_price"), _vnd("quantity", "price"))
                ),
                name="budget_line_above_estimate_reasoned",
                violation_error_message="Thực chi vượt dự toán phải có lý do.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.item}: {format_money(self.estimated)}"

    @property
    def estimated(self) -> int:
        """VND."""
        return self.quantity * self.price

    @property
    def spent(self) -> int | None:
        """VND; None until it is recorded."""
        return None if self.spent_quantity is None else self.spent_quantity * self.spent_price

    @property
    def difference(self) -> int | None:
        """VND spent above the estimate; below it negative."""
        return None if self.spent is None else self.spent - self.estimated

    @property
    def pays(self) -> str:
        """Where the money comes from, in words."""
        if self.fund_id:
            return self.fund.name
        return f"{self.get_source_display()}: {self.source_name}" if self.source_name else self.get_source_display()

    def clean(self):
        if self.source == self.Source.FUND and not self.fund_id:
            raise ValidationError({"fund": "Hãy chọn quỹ chi khoản này."})
        if self.source != self.Source.FUND and self.fund_id:
            raise ValidationError({"fund": "Chỉ chọn quỹ khi nguồn là “Quỹ trong hệ thống”."})
        for budget in EventBudget.objects.filter(Q(pk=self.budget_id) | Q(lines=self.pk)).select_related("event"):
            if budget.state != EventBudget.State.DRAFT:
                raise ValidationError(f"Dự toán của “{budget.event}” đã trình nên không sửa được khoản chi.")
