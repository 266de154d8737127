from django.db import models
from django.db.models import Q, Sum

from beneficiaries.funds.models import FundEntry
from welfare.scoping import ScopedQuerySet, Via
from welfare.units.models import User
from welfare.vietnamese import format_money


class LoanRepaymentQuerySet(ScopedQuerySet):
    def standing(self):
        """Those that were not taken back."""
        return self.filter(taken_back_on=None)

    def interest(self) -> int:
        return self.aggregate(total=Sum("interest"))["total"] or 0


class LoanRepayment(models.Model):
    """Money that came back on a day (VND), written by ``Loan.repay``; a wrong one is taken back, never changed."""

    loan = models.ForeignKey("beneficiaries.Loan", models.PROTECT, verbose_name="khoản vay", related_name="repayments")
    on = models.DateField("ngày trả")
    principal = models.BigIntegerField("gốc (đồng)", default=0)
    interest = models.BigIntegerField("lãi (đồng)", default=0)
    document_number = models.CharField("số chứng từ", max_length=60)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", related_name="+")
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    entry = models.OneToOneField(
        FundEntry, models.PROTECT, verbose_name="bút toán thu", null=True, related_name="loan_repayment"
    )
    taken_back_on = models.DateField("ngày ghi đảo", null=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi đảo", null=True, related_name="+")
    taken_back_reason = models.CharField("lý do ghi đảo", max_length=300, blank=True)

    scope = Via("loan")
    objects = models.Manager.from_queryset(LoanRepaymentQuerySet)()

    class Meta:
        verbose_name = "lần trả nợ"
        verbose_name_plural = "các lần trả nợ"
        default_permissions = ()
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(principal__gte=0, interest__gte=0) & (Q(principal__gt=0) | Q(interest__gt=0)),
                name="loan_repayment_sane", violation_error_message="Số tiền trả phải lớn hơn 0.",
            ),
            models.UniqueConstraint(
                fields=["loan", "document_number"], condition=Q(taken_back_on__isnull=True),
                name="loan_repayment_document_once",
                violation_error_message="Chứng từ này đã được ghi cho khoản vay.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return (
            f"{format_money(self.principal + self.interest)} ngày {self.on:%d/%m/%Y}, chứng từ {self.document_number}"
        )
