from django.db import models
from django.db.models import Q

from beneficiaries.funds.models import Fund
from beneficiaries.houses.kinds import HouseKind
from welfare.scoping import Catalogue
from welfare.units.models import InForceQuerySet, today
from welfare.vietnamese import format_money


class Construction(models.TextChoices):
    NEW = "new", "Xây mới"
    REPAIR = "repair", "Sửa chữa"


class SupportNorm(models.Model):
    """How much a house of a kind gets at most: out of one fund, or out of all the union's funds together."""

    kind = models.ForeignKey(HouseKind, models.PROTECT, verbose_name="loại nhà", related_name="norms")
    construction = models.CharField("hình thức", max_length=6, choices=Construction.choices)
    fund = models.ForeignKey(
        Fund, models.PROTECT, verbose_name="quỹ", null=True, blank=True, related_name="+",
        help_text="Để trống là tổng các quỹ công đoàn cộng lại.",
    )  # fmt: skip
    amount = models.BigIntegerField("mức hỗ trợ (đồng)")
    valid_from = models.DateField("áp dụng từ ngày", default=today)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    scope = Catalogue()
    objects = models.Manager.from_queryset(InForceQuerySet)()

    class Meta:
        verbose_name = "mức hỗ trợ nhà"
        verbose_name_plural = "mức hỗ trợ nhà"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
        ordering = ["-valid_from", "kind", "construction"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="support_norm_sane",
                violation_error_message="Mức hỗ trợ phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="support_norm_days_in_order",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
            models.UniqueConstraint(
                fields=["kind", "construction", "fund", "valid_from"], name="support_norm_of_fund_once",
                violation_error_message="Đã có mức hỗ trợ của loại nhà, hình thức và quỹ này từ ngày đó.",
            ),
            models.UniqueConstraint(
                fields=["kind", "construction", "valid_from"], condition=Q(fund__isnull=True),
                name="support_norm_of_all_once",
                violation_error_message="Đã có mức hỗ trợ của loại nhà và hình thức này từ ngày đó.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.kind}, {self.get_construction_display().lower()}: {format_money(self.amount)}"


def above_norm(house, on) -> list[str]:
    """What of the house's funding goes over the norms of that day, each a phrase; empty within them."""
    norms = SupportNorm.objects.in_force(on).filter(kind=house.kind_id, construction=house.construction)
    newest = {norm.fund_id: norm for norm in norms.order_by("valid_from").select_related("fund")}
    given: dict[int, int] = {}
    for line in house.funding.all():
        if line.source == line.Source.FUND:
            given[line.fund_id] = given.get(line.fund_id, 0) + line.amount
    asked = given | ({None: sum(given.values())} if given else {})  # of all, also of a fund not named yet
    return [
        f"{norm.fund or 'Các quỹ công đoàn'} hỗ trợ {format_money(asked[fund_id])}, mức hiện hành là {format_money(norm.amount)}"
        for fund_id, norm in newest.items()
        if asked.get(fund_id, 0) > norm.amount
    ]
