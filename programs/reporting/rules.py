"""When reports are owed: the rule of a plan, and the periods that open by it."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from programs.plans.models import LEVELS, Plan
from programs.targets.models import Indicator
from welfare.audit import AuditEvent, record
from welfare.scoping import ScopedQuerySet, Via
from welfare.states import Refused
from welfare.units.models import Department, Organization, today
from welfare.vietnamese import within

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True)
class Span:
    """The days one report covers, and by when it is due."""

    name: str
    first_day: date
    last_day: date
    opens_on: date
    due_on: date


class RuleQuerySet(ScopedQuerySet):
    def in_use(self):
        """Rules of issued plans not yet closed whose periods open by themselves."""
        running = [Plan.State.ISSUED, Plan.State.IN_FORCE]
        return self.filter(is_active=True, plan__state__in=running).exclude(frequency=ReportingRule.Frequency.ON_CALL)


class ReportingRule(models.Model):
    """Who reports on a plan, how often and by when.

    A whole level of units, some departments, or the province itself (upward, to ``to_organization``).
    """

    class Frequency(models.TextChoices):
        MONTH = "month", "Hằng tháng"
        QUARTER = "quarter", "Hằng quý"
        HALF = "half", "6 tháng một lần"
        YEAR = "year", "Hằng năm"
        ON_CALL = "on_call", "Khi được gọi (sơ kết, tổng kết)"

    plan = models.ForeignKey(Plan, models.PROTECT, verbose_name="kế hoạch", related_name="reporting_rules")
    name = models.CharField("tên báo cáo", max_length=120, help_text="Ví dụ: Báo cáo kết quả năm")
    frequency = models.CharField("định kỳ", max_length=10, choices=Frequency.choices, default=Frequency.YEAR)
    level = models.PositiveSmallIntegerField("cấp phải báo cáo", choices=LEVELS, null=True, blank=True)
    departments = models.ManyToManyField(
        Department, verbose_name="ban phải báo cáo", blank=True, related_name="+", help_text="Báo cáo khi có yêu cầu."
    )
    due_month = models.PositiveSmallIntegerField("hạn: tháng", null=True, blank=True)
    due_day = models.PositiveSmallIntegerField(
        "hạn: ngày", null=True, blank=True, help_text="Ngày cuối cùng còn kịp: “trước 15/11” thì ghi ngày 14 tháng 11."
    )
    due_next_year = models.BooleanField("hạn ở năm sau", default=False)
    due_after_days = models.PositiveSmallIntegerField(
        "hạn: số ngày sau khi hết kỳ", default=5, help_text="Cho báo cáo tháng, quý, 6 tháng."
    )
    due_words = models.CharField(
        "hạn như trong văn bản", max_length=120, blank=True, help_text="Ví dụ: trước ngày 15/11 hằng năm"
    )
    opens_days = models.PositiveSmallIntegerField("mở trước hạn (ngày)", default=30)
    grace_days = models.PositiveSmallIntegerField(
        "khóa sau hạn (ngày)", default=30, help_text="Trong thời gian này vẫn gửi được, nhưng tính là trễ."
    )
    to_department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="gửi qua ban", null=True, blank=True, related_name="+"
    )
    to_organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name="gửi lên",
        null=True,
        blank=True,
        related_name="+",
        help_text="Nơi nhận báo cáo của chính LĐLĐ tỉnh.",
    )
    indicators = models.ManyToManyField(
        Indicator,
        verbose_name="chỉ số hỏi thêm",
        blank=True,
        related_name="+",
        help_text="Ngoài các chỉ số của chỉ tiêu trong kế hoạch.",
    )
    is_active = models.BooleanField("đang áp dụng", default=True)

    scope = Via("plan")
    objects = models.Manager.from_queryset(RuleQuerySet)()

    class Meta:
        verbose_name = "chế độ báo cáo"
        verbose_name_plural = "chế độ báo cáo"
        ordering = ["plan", "level", "pk"]

    def __str__(self):
        return self.name

    def clean(self):
        if self.level == 1 and not self.to_organization_id:
            raise ValidationError({"to_organization": "Báo cáo của LĐLĐ tỉnh cần nơi nhận ở cấp trên."})
        if self.level and self.plan_id and self.level <= self.plan.unit.kind.level != 1:
            raise ValidationError({"level": "Đơn vị chỉ đặt chế độ báo cáo cho công đoàn cấp dưới của mình."})
        if self.frequency == self.Frequency.YEAR:
            self._check_due_date()

    def _check_due_date(self):
        try:
            date(2023, self.due_month or 0, self.due_day or 0)  # not a leap year: the 29th of February is no yearly day
        except ValueError:
            raise ValidationError(
                {"due_day": "Hạn của báo cáo năm phải là một ngày có thật; hãy ghi cả ngày và tháng."}
            ) from None

    @property
    def due_text(self) -> str:
        """As the plan words it, else in our words."""
        if self.due_words:
            return self.due_words
        if self.frequency == self.Frequency.YEAR:
            return (
                f"chậm nhất {self.due_day:02d}/{self.due_month:02d} {'năm sau' if self.due_next_year else 'hằng năm'}"
            )
        if self.frequency == self.Frequency.ON_CALL:
            return "khi được yêu cầu"
        return f"chậm nhất {self.due_after_days} ngày sau khi hết kỳ"

    def asked_indicators(self) -> list[Indicator]:
        """What a report must state: the indicators of the plan's targets in their order, then those asked besides."""
        of_targets = [target.indicator for target in self.plan.targets.select_related("indicator")]
        return list(dict.fromkeys([*of_targets, *self.indicators.all()]))

    def spans(self) -> Iterator[Span]:
        """Every span of the plan's years, in order; none for reports on call."""
        step = _MONTHS.get(self.frequency)
        if step is None:
            return
        first_year, last_year = self._years
        for year in range(first_year, last_year + 1):
            for month in range(1, 13, step):
                yield self._span(year, month, month + step - 1)

    @property
    def _years(self) -> tuple[int, int]:
        plan = self.plan
        return plan.first_year, plan.last_year or plan.horizon_year or plan.first_year

    def _span(self, year: int, first_month: int, last_month: int) -> Span:
        first, last = date(year, first_month, 1), date(year, last_month, monthrange(year, last_month)[1])
        due = self._due_on(year, last)
        opens = max(first, due - timedelta(days=self.opens_days))
        return Span(self._span_name(year, first_month), first, min(last, due), opens, due)

    def _due_on(self, year: int, last: date) -> date:
        if self.frequency == self.Frequency.YEAR:
            return date(year + self.due_next_year, self.due_month, self.due_day)
        return last + timedelta(days=self.due_after_days)

    def _span_name(self, year: int, first_month: int) -> str:
        return {
            "month": f"Tháng {first_month}/{year}",
            "quarter": f"Quý {('I', 'II', 'III', 'IV')[(first_month - 1) // 3]}/{year}",
            "half": f"6 tháng {'đầu' if first_month == 1 else 'cuối'} năm {year}",
            "year": f"Năm {year}",
        }[self.frequency]

    @property
    def bound(self) -> str:
        """Who owes, in words."""
        if self.level:
            return self.get_level_display()
        return ", ".join(str(department) for department in self.departments.all())

    def next_spans(self, on: date | None = None, count: int = 3) -> list[Span]:
        """The next spans not due yet."""
        on = on or today()
        return list(islice((span for span in self.spans() if span.due_on >= on), count))

    # Calling ----------------------------------------------------------------------------------------

    def may_be_called_by(self, user) -> bool:
        return user.reach_for("programs.add_reportingperiod").may_write(self.plan.unit_id)

    def call(self, by, *, name: str, first_day: date, last_day: date, due_on: date) -> "ReportingPeriod":
        """Open a period of a rule on call now; everyone bound then owes a report.

        Raises ``Refused`` for a rule that opens by itself, a plan not in force, or days out of order.
        """
        from programs.reporting.opening import open_period, owe

        self._refuse_call(by, name, first_day, last_day, due_on)
        with transaction.atomic():
            period = open_period(self, Span(name, first_day, last_day, today(), due_on))
            owed = owe(period)
            record(AuditEvent.Action.CHANGE, actor=by, subject=period, unit=self.plan.unit, detail={"reports": owed})
        return period

    def _refuse_call(self, by, name, first_day, last_day, due_on):
        if not self.may_be_called_by(by):
            raise Refused("Chỉ cán bộ của đơn vị ban hành kế hoạch mới mở kỳ báo cáo được.")
        if self.frequency != self.Frequency.ON_CALL:
            raise Refused("Chế độ báo cáo này mở kỳ theo lịch, không mở bằng tay.")
        if self.plan.state not in (Plan.State.ISSUED, Plan.State.IN_FORCE) or not self.is_active:
            raise Refused("Chỉ mở được kỳ báo cáo của kế hoạch đang thực hiện và chế độ báo cáo đang áp dụng.")
        if last_day < first_day:
            raise Refused("Ngày cuối của kỳ phải từ ngày đầu trở đi.")
        if due_on < today():
            raise Refused("Hạn gửi phải từ hôm nay trở đi.")
        first_year, last_year = self._years
        if last_day.year < first_year or first_day.year > last_year:
            raise Refused("Kỳ báo cáo nằm ngoài các năm của kế hoạch; hãy xem lại năm đã ghi.")
        if due_on.year > max(last_year, today().year) + 1 or last_day.year > last_year + 1:
            raise Refused("Ngày cuối hoặc hạn gửi quá xa so với các năm của kế hoạch; hãy xem lại năm đã ghi.")
        if self.periods.filter(Q(name=name) | Q(first_day=first_day, last_day=last_day)).exists():
            raise Refused("Chế độ báo cáo này đã có kỳ trùng tên hoặc trùng ngày; hãy xem lại danh sách kỳ báo cáo.")


class PeriodQuerySet(ScopedQuerySet):
    def running(self, on: date | None = None):
        """Opened and not locked yet."""
        on = on or today()
        return self.filter(opens_on__lte=on, locks_on__gte=on)


class ReportingPeriod(models.Model):
    """One round of reports by a rule, opened by the scheduler or called by an officer."""

    rule = models.ForeignKey(ReportingRule, models.PROTECT, verbose_name="chế độ báo cáo", related_name="periods")
    name = models.CharField("kỳ", max_length=80)
    first_day = models.DateField("từ ngày")
    last_day = models.DateField("đến hết ngày")
    opens_on = models.DateField("mở ngày")
    due_on = models.DateField("hạn gửi")
    locks_on = models.DateField("nhận đến hết ngày", help_text="Sau hạn gửi vẫn nhận đến ngày này, nhưng tính là trễ.")

    scope = Via("rule")
    objects = models.Manager.from_queryset(PeriodQuerySet)()

    class Meta:
        verbose_name = "kỳ báo cáo"
        verbose_name_plural = "kỳ báo cáo"
        ordering = ["-due_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "first_day", "last_day"], name="period_once",
                violation_error_message="Kỳ báo cáo này đã được mở.",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")) & Q(due_on__gte=F("opens_on")) & Q(locks_on__gte=F("due_on")),
                name="period_days_in_order",
                violation_error_message="Các ngày của kỳ báo cáo phải theo thứ tự: mở, hạn gửi, khóa.",
            ),
        ]  # fmt: skip

    def __str__(self):
        """The rule's name with the period's, words they share said once: "Báo cáo quý II/2026"."""
        report, name = self.rule.name.split(), self.name.split()
        for shared in range(min(len(report), len(name)), 0, -1):
            if [word.lower() for word in report[-shared:]] == [word.lower() for word in name[:shared]]:
                return " ".join([*report, *name[shared:]])
        return f"{self.rule.name} {within(self.name)}"

    def is_open(self, on: date | None = None) -> bool:
        return self.opens_on <= (on or today())
