from django.db import models
from django.db.models import Q, Sum
from simple_history.models import HistoricalRecords

from beneficiaries.funds.models import Donor, Fund, FundEntry
from beneficiaries.people.models import Household, Person
from programs.targets.models import mark_stale
from welfare.audit import AuditEvent
from welfare.scoping import Catalogue, Owned, ScopedManager, Via
from welfare.states import Refused, locked, moving
from welfare.units.models import Unit, User, today
from welfare.vietnamese import format_money


class HouseKind(models.Model):
    code = models.CharField("mã", max_length=30, unique=True)
    name = models.CharField("tên", max_length=80)

    scope = Catalogue()
    objects = ScopedManager()

    class Meta:
        verbose_name = "loại nhà"
        verbose_name_plural = "loại nhà"
        ordering = ["name"]

    def __str__(self):
        return self.name


class House(models.Model):
    """A house from proposal to hand-over, with the business date of each step. Money in VND."""

    class Construction(models.TextChoices):
        NEW = "new", "Xây mới"
        REPAIR = "repair", "Sửa chữa"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Đề xuất"
        SURVEYED = "surveyed", "Đã khảo sát"
        DECIDED = "decided", "Đã quyết định"
        STARTED = "started", "Đang xây"
        HANDED_OVER = "handed_over", "Đã bàn giao"
        REFUSED = "refused", "Không duyệt"
        WITHDRAWN = "withdrawn", "Rút hồ sơ"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="houses")
    kind = models.ForeignKey(HouseKind, models.PROTECT, verbose_name="loại nhà")
    construction = models.CharField("hình thức", max_length=6, choices=Construction.choices)
    household = models.ForeignKey(
        Household, models.PROTECT, verbose_name="hộ nhận nhà", null=True, blank=True, related_name="houses"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="người nhận", null=True, blank=True, related_name="houses"
    )
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    condition = models.CharField("hiện trạng nhà ở", max_length=300, blank=True)
    cost = models.BigIntegerField("tổng kinh phí (đồng)", default=0)
    year = models.PositiveSmallIntegerField("năm")
    state = models.CharField("trạng thái", max_length=12, choices=State.choices, default=State.PROPOSED, editable=False)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người đề xuất", editable=False, related_name="+"
    )
    proposed_on = models.DateField("ngày đề xuất", default=today)
    surveyed_on = models.DateField("ngày khảo sát", null=True, editable=False)
    surveyed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người khảo sát", null=True, editable=False, related_name="+"
    )
    decided_on = models.DateField("ngày quyết định", null=True, editable=False)
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người quyết định", null=True, editable=False, related_name="+"
    )
    decision_number = models.CharField("số quyết định", max_length=60, blank=True, editable=False)
    started_on = models.DateField("ngày khởi công", null=True, editable=False)
    handed_over_on = models.DateField("ngày bàn giao", null=True, editable=False)
    ended_reason = models.CharField("lý do không duyệt, rút", max_length=300, blank=True, editable=False)
    history = HistoricalRecords(verbose_name="lịch sử nhà")

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "nhà Mái ấm"
        verbose_name_plural = "nhà Mái ấm"
        default_permissions = ("view", "add", "change", "delete", "export")
        ordering = ["-year", "-pk"]
        permissions = [
            ("decide_house", "Quyết định hỗ trợ nhà"),
            ("build_house", "Theo dõi xây dựng, bàn giao nhà"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(cost__gte=0),
                name="house_cost_sane",
                violation_error_message="Kinh phí không được âm.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | (~Q(decided_by=models.F("proposed_by"))),
                name="house_maker_is_not_checker",
                violation_error_message="Người đề xuất không được quyết định.",
            ),
        ]

    def __str__(self):
        return f"{self.kind} của {self.person or self.household or self.unit}"

    def survey(self, by, on=None):
        with moving(self, self.State.SURVEYED, by=by, came_from=[self.State.PROPOSED], on=on) as house:
            house.surveyed_by, house.surveyed_on = by, on or today()
            mark_stale("houses", house.unit_id, house.surveyed_on)

    def decide(self, by, *, decision_number: str, on=None):
        """Raises ``Refused`` to whoever proposed or surveyed it, or while the funding lines miss the cost."""
        _need(by, "decide_house", "quyết định hỗ trợ nhà")
        with moving(
            self,
            self.State.DECIDED,
            by=by,
            came_from=[self.State.SURVEYED],
            action=AuditEvent.Action.APPROVE,
            on=on,
        ) as house:
            if by.pk in (house.proposed_by_id, house.surveyed_by_id):
                raise Refused("Người đề xuất hoặc khảo sát nhà không được quyết định hỗ trợ nhà đó.")
            funded = house.funding.aggregate(total=Sum("amount"))["total"] or 0
            if funded != house.cost:
                raise Refused(
                    f"Các nguồn cộng lại là {format_money(funded)}, chưa khớp tổng kinh phí {format_money(house.cost)}."
                )
            house.decided_by, house.decided_on = by, on or today()
            house.decision_number = decision_number
            mark_stale("houses", house.unit_id, house.decided_on)

    def start(self, by, on=None):
        _need(by, "build_house", "theo dõi xây dựng nhà")
        with moving(self, self.State.STARTED, by=by, came_from=[self.State.DECIDED], on=on) as house:
            house.started_on = on or today()

    def hand_over(self, by, on=None):
        _need(by, "build_house", "bàn giao nhà")
        with moving(self, self.State.HANDED_OVER, by=by, came_from=[self.State.STARTED], on=on) as house:
            house.handed_over_on = on or today()
            mark_stale("houses", house.unit_id, house.handed_over_on)

    def refuse(self, by, *, reason: str):
        _need(by, "decide_house", "quyết định hỗ trợ nhà")
        with moving(self, self.State.REFUSED, by=by, came_from=[self.State.PROPOSED, self.State.SURVEYED]) as house:
            if not reason.strip():
                raise Refused("Phải ghi lý do khi không duyệt.")
            house.ended_reason = reason.strip()[:300]


class HouseFunding(models.Model):
    """Who pays which part of a house. A line out of a fund kept here has its one spend entry when paid."""

    class Source(models.TextChoices):
        FUND = "fund", "Quỹ công đoàn"
        ENTERPRISE = "enterprise", "Doanh nghiệp, nhà tài trợ"
        FAMILY = "family", "Gia đình"
        OTHER = "other", "Khác"

    house = models.ForeignKey(House, models.CASCADE, verbose_name="nhà", related_name="funding")
    source = models.CharField("nguồn", max_length=10, choices=Source.choices)
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name="quỹ", null=True, blank=True, related_name="+")
    donor = models.ForeignKey(
        Donor, models.PROTECT, verbose_name="nhà tài trợ", null=True, blank=True, related_name="+"
    )
    amount = models.BigIntegerField("số tiền (đồng)")
    payment = models.OneToOneField(
        FundEntry,
        models.PROTECT,
        verbose_name="bút toán chi",
        null=True,
        editable=False,
        related_name="house_funding",
    )

    scope = Via("house")
    objects = ScopedManager()

    class Meta:
        verbose_name = "nguồn kinh phí"
        verbose_name_plural = "nguồn kinh phí"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="house_funding_sane",
                violation_error_message="Số tiền phải lớn hơn 0.",
            )
        ]

    def __str__(self):
        return f"{self.get_source_display()}: {format_money(self.amount)}"

    def pay(self, by, *, document_number="", on=None):
        """Spend this line from its fund, once the house is decided. Raises ``Refused`` otherwise or a second time."""
        _need(by, "build_house", "chi tiền làm nhà")
        with locked(self) as line:
            if line.payment_id or not line.fund_id:
                raise Refused("Nguồn này đã chi hoặc không chi từ quỹ của hệ thống.")
            if line.house.state not in (House.State.DECIDED, House.State.STARTED, House.State.HANDED_OVER):
                raise Refused("Chỉ chi sau khi có quyết định hỗ trợ nhà.")
            line.payment = line.fund.post(
                FundEntry.Kind.SPEND, -line.amount, by=by, on=on, document_number=document_number,
                note=f"Hỗ trợ {line.house.get_construction_display().lower()} nhà",
            )  # fmt: skip
            line.save(update_fields=["payment"])
        self.refresh_from_db()


def _need(user, codename, verb):
    if not user.has_perm(f"beneficiaries.{codename}") or user.is_system:
        raise Refused(f"Bạn không có quyền {verb}.")
