"""When a loan is to be paid back: principal by the way agreed on, interest by the rate on what is still out."""

import calendar
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db import models
from django.db.models import Q

from welfare.scoping import ScopedManager, Via


class Way(models.TextChoices):
    MONTHLY = "monthly", "Trả gốc đều hằng tháng"
    QUARTERLY = "quarterly", "Trả gốc đều hằng quý"
    END = "end", "Trả gốc một lần cuối kỳ"
    OWN = "own", "Theo lịch riêng"


_STEP = {Way.MONTHLY: 1, Way.QUARTERLY: 3}


class Due(NamedTuple):
    """Principal and interest (VND) to be paid ``month`` months after the money was handed out."""

    month: int
    principal: int
    interest: int


def even_parts(amount: int, term: int, way: str) -> list[tuple[int, int]]:
    """[(month, principal)], adding up to ``amount`` to the đồng: what does not divide is paid last."""
    months = [*range(_STEP.get(way, term), term, _STEP.get(way, term)), term]
    part = amount // len(months)
    parts = [*[(month, part) for month in months[:-1] if part], (term, amount - part * (len(months) - 1))]
    return parts


def with_interest(parts, outstanding: int, rate, since: int = 0) -> list[Due]:
    """``parts`` with the interest of the months before each, at ``rate`` percent a year, to the nearest đồng."""
    dues = []
    for month, principal in parts:
        interest = Decimal(outstanding) * Decimal(rate) * (month - since) / 1200
        dues.append(Due(month, principal, int(interest.quantize(Decimal(1), ROUND_HALF_UP))))
        outstanding, since = outstanding - principal, month
    return dues


class LoanInstalment(models.Model):
    """A day on which a part of a loan is due. Before the money is handed out it has neither date nor interest.

    ``due_total``: the principal due up to and with this one; it is paid once the loan's ``principal_repaid`` reaches it.
    """

    loan = models.ForeignKey("beneficiaries.Loan", models.CASCADE, verbose_name="khoản vay", related_name="instalments")
    month = models.PositiveSmallIntegerField("tháng thứ", help_text="Tính từ ngày giải ngân.")
    principal = models.BigIntegerField("gốc phải trả (đồng)")
    interest = models.BigIntegerField("lãi phải trả (đồng)", default=0, editable=False)
    due_total = models.BigIntegerField(default=0, editable=False)
    due_on = models.DateField("ngày phải trả", null=True, editable=False)

    scope = Via("loan")
    objects = ScopedManager()

    class Meta:
        verbose_name = "kỳ trả nợ"
        verbose_name_plural = "lịch trả nợ riêng"
        default_permissions = ()
        ordering = ["month"]
        indexes = [models.Index(fields=["due_on"], name="instalment_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__gt=0, principal__gt=0, interest__gte=0), name="instalment_sane",
                violation_error_message="Tháng và số gốc của mỗi kỳ phải lớn hơn 0.",
            ),
            models.UniqueConstraint(
                fields=["loan", "month"], name="instalment_once_a_month",
                violation_error_message="Mỗi tháng chỉ ghi một kỳ trả nợ.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"Tháng thứ {self.month}"


def plan_of(loan) -> list[Due]:
    """What the loan's file says, before its money is handed out."""
    if loan.schedule == Way.OWN:
        parts = list(loan.instalments.order_by("month").values_list("month", "principal"))
    else:
        parts = even_parts(loan.amount, loan.term_months, loan.schedule)
    return with_interest(parts, loan.amount, loan.rate)


def set_dates(loan):
    """Write the instalments with their days, counted from the day the money was handed out."""
    dues, total, rows = plan_of(loan), 0, []
    for due in dues:
        total += due.principal
        day = months_later(loan.disbursed_on, due.month)
        rows.append(LoanInstalment(loan=loan, **due._asdict(), due_total=total, due_on=day))
    loan.instalments.all().delete()
    LoanInstalment.objects.bulk_create(rows)


def postpone(loan, months: int) -> date:
    """Move every instalment that is not paid yet, with the interest of the longer time. Returns the last day."""
    unpaid = list(loan.instalments.filter(due_total__gt=loan.principal_repaid).order_by("month"))
    paid = loan.instalments.filter(due_total__lte=loan.principal_repaid).order_by("-month").first()
    parts = [(row.month + months, row.principal) for row in unpaid]
    outstanding = loan.amount - (paid.due_total if paid else 0)
    dues = with_interest(parts, outstanding, loan.rate, since=paid.month if paid else 0)
    for row, due in reversed(list(zip(unpaid, dues, strict=True))):  # from the last, so that no two share a month
        row.month, row.interest, row.due_on = due.month, due.interest, months_later(loan.disbursed_on, due.month)
        row.save()
    return unpaid[-1].due_on


def months_later(day: date, months: int) -> date:
    """The same day of a later month, its last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
