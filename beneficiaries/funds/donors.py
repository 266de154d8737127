"""Who gives, what they promised, and what they gave in kind."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from beneficiaries.rules import need
from welfare.history import History
from welfare.scoping import Owned, ScopedManager, ScopedQuerySet, Via
from welfare.states import Refused, moving
from welfare.units.models import Organization, Unit, User, today
from welfare.vietnamese import format_money

MOST = 10**13  # VND, of one entry, pledge or gift: above that a zero too many was typed


class DonorQuerySet(ScopedQuerySet):
    def with_given(self):
        """Adds ``money`` and ``in_kind`` (VND): all they gave, reversed entries aside."""
        return self.annotate(
            money=_sum_of("FundEntry", "amount", donor=OuterRef("pk")),
            in_kind=_sum_of("GiftInKind", "value", donor=OuterRef("pk")),
        )


class Donor(models.Model):
    """An organisation or a person whose gifts one unit keeps account of."""

    class Kind(models.TextChoices):
        ORGANIZATION = "organization", "Doanh nghiệp, tổ chức"
        GROUP = "group", "Tập thể"
        PERSON = "person", "Cá nhân"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị theo dõi", related_name="+")
    name = models.CharField("tên", max_length=200)
    kind = models.CharField("là", max_length=12, choices=Kind.choices, default=Kind.ORGANIZATION)
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="tổ chức", null=True, blank=True, related_name="+"
    )
    representative = models.CharField("người đại diện, chức vụ", max_length=200, blank=True)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    is_named = models.BooleanField(
        "đồng ý nêu tên khi công khai", default=False,
        help_text="Chỉ xét với cá nhân: chưa đồng ý thì bảng công khai ghi “Nhà hảo tâm”.",
    )  # fmt: skip
    history = History(verbose_name="lịch sử nhà tài trợ")

    scope = Owned()
    objects = models.Manager.from_queryset(DonorQuerySet)()

    class Meta:
        verbose_name = "nhà tài trợ"
        verbose_name_plural = "nhà tài trợ"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def public_name(self) -> str:
        return "Nhà hảo tâm" if self.kind == self.Kind.PERSON and not self.is_named else self.name


class PledgeQuerySet(ScopedQuerySet):
    def with_received(self):
        """Adds ``received`` (VND): money in the funds' books and gifts in kind that keep the pledge."""
        money = _sum_of("FundEntry", "amount", pledge=OuterRef("pk"))
        return self.annotate(received=money + _sum_of("GiftInKind", "value", pledge=OuterRef("pk")))

    def due(self):
        """Those that something is still to come of."""
        return self.with_received().filter(state=Pledge.State.OPEN, received__lt=F("amount"))

    def overdue(self, on=None):
        return self.due().filter(due_on__lt=on or today())


class Pledge(models.Model):
    """What a donor promised to give until a day; kept by the contributions that name it. VND."""

    class State(models.TextChoices):
        OPEN = "open", "Đang theo dõi"
        WITHDRAWN = "withdrawn", "Đã rút"

    donor = models.ForeignKey(Donor, models.PROTECT, verbose_name="nhà tài trợ", related_name="pledges")
    amount = models.BigIntegerField("số tiền hứa (đồng)")
    fund = models.ForeignKey(
        "beneficiaries.Fund", models.PROTECT, verbose_name="cho quỹ", null=True, blank=True, related_name="pledges"
    )
    campaign = models.ForeignKey(
        "beneficiaries.Campaign", models.PROTECT, verbose_name="trong đợt vận động", null=True, blank=True,
        related_name="pledges",
    )  # fmt: skip
    purpose = models.CharField("để làm việc gì", max_length=200, blank=True)
    pledged_on = models.DateField("ngày hứa", default=today)
    due_on = models.DateField("hẹn trao trước ngày")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    withdrawn_reason = models.CharField("lý do rút", max_length=300, blank=True, editable=False)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", editable=False, related_name="+")
    history = History(verbose_name="lịch sử lời hứa tài trợ")

    scope = Via("donor")
    objects = models.Manager.from_queryset(PledgeQuerySet)()

    class Meta:
        verbose_name = "lời hứa tài trợ"
        verbose_name_plural = "lời hứa tài trợ"
        default_permissions = ("view", "add", "change", "export")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST), name="pledge_amount_sane",
                violation_error_message="Số tiền hứa phải lớn hơn 0 và không quá 10.000 tỷ đồng.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("pledged_on")), name="pledge_days_in_order",
                violation_error_message="Ngày hẹn trao phải từ ngày hứa trở đi.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.donor} hứa {format_money(self.amount)}"

    @property
    def unit(self) -> Unit:
        return self.donor.unit

    @property
    def unit_id(self) -> int:
        return self.donor.unit_id

    @property
    def remaining(self) -> int:
        """VND still to come, of a row ``with_received``."""
        return max(self.amount - self.received, 0)

    @property
    def status(self) -> tuple[str, str]:
        """(code, words) of a row ``with_received``."""
        if self.state == self.State.WITHDRAWN:
            return "withdrawn", "Đã rút"
        if self.received >= self.amount:
            return "kept", "Đã trao đủ"
        if self.due_on < today():
            return "late", "Quá hẹn, mới trao một phần" if self.received else "Quá hẹn, chưa trao"
        return ("partly", "Mới trao một phần") if self.received else ("waiting", "Chưa đến hẹn")

    def withdraw(self, by, *, reason: str):
        need(by, "change_pledge", "sửa lời hứa tài trợ")
        if not by.reach_for("beneficiaries.change_pledge").may_write(self.unit_id):
            raise Refused(f"Chỉ {self.unit} được sửa lời hứa này.")
        if not reason.strip():
            raise Refused("Phải ghi lý do rút lời hứa.")
        with moving(self, self.State.WITHDRAWN, by=by, came_from=[self.State.OPEN]) as pledge:
            pledge.withdrawn_reason = reason.strip()[:300]


class GiftInKind(models.Model):
    """What a donor gave other than money: it has a value, and no place in a fund's books."""

    donor = models.ForeignKey(Donor, models.PROTECT, verbose_name="nhà tài trợ", related_name="gifts_in_kind")
    what = models.CharField("hiện vật", max_length=200, help_text="Ví dụ: 200 phần quà gạo, dầu ăn.")
    value = models.BigIntegerField("giá trị (đồng)")
    given_on = models.DateField("ngày nhận", default=today)
    document_number = models.CharField("số biên bản giao nhận", max_length=60, blank=True)
    pledge = models.ForeignKey(
        Pledge, models.PROTECT, verbose_name="theo lời hứa", null=True, blank=True, related_name="gifts_in_kind"
    )
    campaign = models.ForeignKey(
        "beneficiaries.Campaign", models.PROTECT, verbose_name="trong đợt vận động", null=True, blank=True,
        related_name="gifts_in_kind",
    )  # fmt: skip
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", editable=False, related_name="+")
    history = History(verbose_name="lịch sử hiện vật ủng hộ")

    scope = Via("donor")
    objects = ScopedManager()

    class Meta:
        verbose_name = "hiện vật ủng hộ"
        verbose_name_plural = "hiện vật ủng hộ"
        default_permissions = ("view", "add", "change", "export")
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gt=0, value__lte=MOST), name="gift_value_sane",
                violation_error_message="Giá trị phải lớn hơn 0 và không quá 10.000 tỷ đồng.",
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.what}, {format_money(self.value)}"

    @property
    def unit(self) -> Unit:
        return self.donor.unit

    @property
    def unit_id(self) -> int:
        return self.donor.unit_id


def _sum_of(name: str, field: str, **which):
    """The sum over another table's rows of each row; a subquery each, so that two sums don't multiply."""
    from django.apps import apps

    rows = apps.get_model("beneficiaries", name).objects.filter(**which).order_by()
    whose = next(iter(which))
    return Coalesce(Subquery(rows.values(whose).annotate(total=Sum(field)).values("total")), 0)
