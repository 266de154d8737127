"""How much may be lent to whom, for how long and at which rate: dated rows, as decrees and the funds' own rules change."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from beneficiaries.loans.projects import LoanSource
from programs.targets.models import plain_number
from welfare.kinds import Kind
from welfare.units.models import InForceQuerySet, today
from welfare.vietnamese import format_money


class LoanLimit(Kind):
    """The limits of one source from a day on; ``name`` says where they are written. An empty limit limits nothing."""

    source = models.CharField("nguồn vốn", max_length=10, choices=LoanSource.choices)
    most = models.BigIntegerField("mức vay tối đa một người, một hộ (đồng)", null=True, blank=True)
    min_age = models.PositiveSmallIntegerField("tuổi tối thiểu", null=True, blank=True)
    max_term = models.PositiveSmallIntegerField("thời hạn tối đa (tháng)", null=True, blank=True)
    max_rate = models.DecimalField("lãi suất tối đa (%/năm)", max_digits=5, decimal_places=2, null=True, blank=True)
    valid_from = models.DateField("áp dụng từ ngày", default=today)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    objects = models.Manager.from_queryset(InForceQuerySet)()

    class Meta(Kind.Meta):
        verbose_name = "hạn mức cho vay"
        verbose_name_plural = "hạn mức cho vay"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
        ordering = ["source", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(most__isnull=True) | Q(most__gt=0)) & (Q(max_rate__isnull=True) | Q(max_rate__gte=0)),
                name="loan_limit_sane", violation_error_message="Mức vay tối đa phải lớn hơn 0, lãi suất không được âm.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="loan_limit_days_in_order",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
            models.UniqueConstraint(
                fields=["source", "valid_from"], name="loan_limit_once_a_day",
                violation_error_message="Nguồn vốn này đã có hạn mức từ ngày đó.",
            ),
        ]  # fmt: skip

    def passed_by(self, loan, on: date) -> list[str]:
        """What of ``loan`` goes beyond these limits, each a phrase."""
        found = []
        if self.most is not None and loan.amount > self.most:
            found.append(f"số tiền vay {format_money(loan.amount)} quá mức tối đa {format_money(self.most)}")
        if self.max_term is not None and loan.term_months > self.max_term:
            found.append(f"thời hạn {loan.term_months} tháng quá mức tối đa {self.max_term} tháng")
        if self.max_rate is not None and loan.rate > self.max_rate:
            found.append(f"lãi suất {_percent(loan.rate)} quá mức tối đa {_percent(self.max_rate)}")
        age = _age(loan.person, on) if loan.person_id else None
        if self.min_age is not None and age is not None and age < self.min_age:
            found.append(f"người vay {age} tuổi, chưa đủ {self.min_age} tuổi")
        return found


def limit_for(source: str, on: date) -> LoanLimit | None:
    return LoanLimit.objects.in_force(on).filter(source=source).order_by("-valid_from").first()


def beyond_limit(loan, on: date) -> str:
    """One sentence on what goes beyond the limits of that day; empty within them."""
    limit = limit_for(loan.source, on)
    found = limit.passed_by(loan, on) if limit else []
    return f"Vượt hạn mức “{limit.name}”: {'; '.join(found)}." if found else ""


def _age(person, on: date) -> int | None:
    """Full years; of somebody whose year alone is known the age reached in that year."""
    born = person.birth_date
    if not born:
        return on.year - person.birth_year if person.birth_year else None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _percent(rate) -> str:
    return f"{plain_number(rate)}%"
