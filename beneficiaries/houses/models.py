from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Sum

from beneficiaries.funds.models import Donor, Fund, FundEntry
from beneficiaries.people.models import Household, Person
from beneficiaries.rules import business_day, need
from programs.targets.models import mark_stale
from welfare.audit import AuditEvent
from welfare.history import History
from welfare.kinds import Kind
from welfare.scoping import Owned, ScopedManager, Via
from welfare.states import Refused, locked, moving
from welfare.units.models import Unit, User, today
from welfare.vietnamese import format_money


class HouseKind(Kind):
    class Meta(Kind.Meta):
        verbose_name = "loại nhà"
        verbose_name_plural = "loại nhà"


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
    history = History(verbose_name="lịch sử nhà")

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
            ("pay_house", "Chi tiền hỗ trợ nhà"),
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
        return f"{self.kind} của {self.recipient}"

    @property
    def recipient(self) -> str:
        return str(self.person or self.household or self.unit)

    @property
    def funded(self) -> int:
        """What the funding lines add up to, VND."""
        return self.funding.aggregate(total=Sum("amount"))["total"] or 0

    def clean(self):
        if not self.person_id and not self.household_id:
            raise ValidationError("Phải chọn người hoặc hộ nhận nhà.")
        if self.person_id and self.household_id and self.person.household_id not in (None, self.household_id):
            raise ValidationError("Người nhận không thuộc hộ đã chọn; hãy chọn lại một trong hai.")
        if self.proposed_on and self.proposed_on > today():
            raise ValidationError({"proposed_on": "Ngày đề xuất không được sau hôm nay."})

    def survey(self, by, on=None):
        need(by, "change_house", "khảo sát nhà")
        on = business_day(on)
        with moving(self, self.State.SURVEYED, by=by, came_from=[self.State.PROPOSED], on=on) as house:
            business_day(on, since=house.proposed_on, after="ngày đề xuất")
            house.surveyed_by, house.surveyed_on = by, on
            mark_stale("houses", house.unit_id, on)

    def decide(self, by, *, decision_number: str, on=None):
        """Raises ``Refused`` to whoever wrote in the case file, or while the funding lines miss the cost."""
        need(by, "decide_house", "quyết định hỗ trợ nhà")
        if not decision_number.strip():
            raise Refused("Phải ghi số quyết định.")
        on = business_day(on)
        with moving(
            self, self.State.DECIDED, by=by, came_from=[self.State.SURVEYED], action=AuditEvent.Action.APPROVE, on=on
        ) as house:
            business_day(on, since=house.surveyed_on, after="ngày khảo sát")
            house.check_other_hands(by)
            house.check_funded()
            house.decided_by, house.decided_on, house.decision_number = by, on, decision_number.strip()
            mark_stale("houses", house.unit_id, on)

    def check_other_hands(self, by):
        wrote = by.pk in (self.proposed_by_id, self.surveyed_by_id) or self.history.filter(history_user=by).exists()
        if wrote:
            raise Refused(
                "Bạn đã đề xuất, khảo sát hoặc sửa hồ sơ nhà này nên không được quyết định; hãy chuyển người khác."
            )

    def check_funded(self):
        funded = self.funded
        if not funded or funded != self.cost:
            raise Refused(
                f"Các nguồn cộng lại là {format_money(funded)}, chưa khớp tổng kinh phí {format_money(self.cost)}."
            )

    def start(self, by, on=None):
        need(by, "build_house", "theo dõi xây dựng nhà")
        on = business_day(on)
        with moving(self, self.State.STARTED, by=by, came_from=[self.State.DECIDED], on=on) as house:
            business_day(on, since=house.decided_on, after="ngày quyết định")
            house.started_on = on
            mark_stale("houses", house.unit_id, on)

    def hand_over(self, by, on=None):
        need(by, "build_house", "bàn giao nhà")
        on = business_day(on)
        with moving(self, self.State.HANDED_OVER, by=by, came_from=[self.State.STARTED], on=on) as house:
            business_day(on, since=house.started_on, after="ngày khởi công")
            house.handed_over_on = on
            mark_stale("houses", house.unit_id, on)

    def refuse(self, by, *, reason: str):
        need(by, "decide_house", "quyết định hỗ trợ nhà")
        self._end(by, self.State.REFUSED, [self.State.PROPOSED, self.State.SURVEYED], reason)

    def withdraw(self, by, *, reason: str):
        """By the unit that proposed it or by the province, while nothing has been paid."""
        need(by, "change_house", "rút hồ sơ nhà")
        if not by.reach_for("beneficiaries.change_house").may_write(self.unit_id):
            raise Refused("Chỉ đơn vị đề xuất hoặc LĐLĐ tỉnh được rút hồ sơ nhà.")
        self._end(by, self.State.WITHDRAWN, [self.State.PROPOSED, self.State.SURVEYED, self.State.DECIDED], reason)

    def _end(self, by, to, came_from, reason):
        if not reason.strip():
            raise Refused("Phải ghi lý do.")
        with moving(self, to, by=by, came_from=came_from) as house:
            if house.funding.filter(payment__isnull=False).exists():
                raise Refused("Nhà đã được chi tiền nên không rút hồ sơ được.")
            house.ended_reason = reason.strip()[:300]
            mark_stale("houses", house.unit_id, today())

    def pay(self, by, *, line: "HouseFunding", document_number="", on=None):
        if line.house_id != self.pk:
            raise Refused("Nguồn kinh phí này không thuộc nhà đang mở.")
        line.pay(by, document_number=document_number, on=on)
        self.refresh_from_db()


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

    def clean(self):
        if (self.source == self.Source.FUND) != bool(self.fund_id):
            raise ValidationError({"fund": "Chọn quỹ khi nguồn là quỹ công đoàn, và chỉ khi đó."})

    def pay(self, by, *, document_number="", on=None):
        """Spend this line from its fund, once the house is decided. Raises ``Refused`` otherwise or a second time."""
        need(by, "pay_house", "chi tiền làm nhà")
        with locked(self.house) as house, locked(self) as line:
            if line.payment_id or not line.fund_id:
                raise Refused("Nguồn này đã chi hoặc không chi từ quỹ của hệ thống.")
            if house.state not in (House.State.DECIDED, House.State.STARTED, House.State.HANDED_OVER):
                raise Refused("Chỉ chi sau khi có quyết định hỗ trợ nhà.")
            line.payment = line.fund.post(
                FundEntry.Kind.SPEND, -line.amount, by=by, document_number=document_number,
                on=business_day(on, since=house.decided_on, after="ngày quyết định"),
                note=f"Hỗ trợ {house.get_construction_display().lower()} nhà",
            )  # fmt: skip
            line.save(update_fields=["payment"])
        self.refresh_from_db()
