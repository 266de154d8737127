from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Sum

from beneficiaries.grants.models import Occasion
from beneficiaries.houses.addresses import address_key
from beneficiaries.houses.dossier import DossierFile, DossierItem
from beneficiaries.houses.funding import HouseFunding, HousePayment
from beneficiaries.houses.kinds import HouseKind
from beneficiaries.houses.norms import Construction, SupportNorm
from beneficiaries.houses.photographs import HousePhoto
from beneficiaries.houses.stages import OPEN, HouseQuerySet, StageDeadline, State, date_field
from beneficiaries.houses.steps import HouseSteps
from beneficiaries.houses.surveys import HouseSurvey
from beneficiaries.people.models import Household, Person
from programs.targets.models import mark_stale
from welfare.history import History
from welfare.scoping import Owned, ScopedManager, Via
from welfare.units.models import Organization, Unit, User, today

__all__ = [
    "DossierFile",
    "DossierItem",
    "House",
    "HouseFunding",
    "HouseKind",
    "HouseOccupant",
    "HousePayment",
    "HousePhoto",
    "HouseSurvey",
    "StageDeadline",
    "SupportNorm",
]


def _who(name):
    return models.ForeignKey(User, models.PROTECT, verbose_name=name, null=True, editable=False, related_name="+")


def _day(name):
    return models.DateField(name, null=True, editable=False)


def _words(name, length=300):
    return models.CharField(name, max_length=length, blank=True, editable=False)


class House(HouseSteps):
    """A house from proposal to settlement, with the business date of each step. Money in VND."""

    State = State
    Construction = Construction

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="houses")
    kind = models.ForeignKey(HouseKind, models.PROTECT, verbose_name="loại nhà")
    construction = models.CharField("hình thức", max_length=6, choices=Construction.choices)
    household = models.ForeignKey(
        Household, models.PROTECT, verbose_name="hộ nhận nhà", null=True, blank=True, related_name="houses"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="người nhận", null=True, blank=True, related_name="houses"
    )
    host = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="cơ quan quản lý nhà công vụ", null=True, blank=True,
        related_name="+", help_text="Chỉ với nhà ở công vụ.",
    )  # fmt: skip
    occasion = models.ForeignKey(Occasion, models.PROTECT, verbose_name="dịp", null=True, blank=True, related_name="+")
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    folded_address = models.CharField(max_length=300, blank=True, default="", editable=False, db_index=True)
    condition = models.CharField("hiện trạng nhà ở", max_length=300, blank=True)
    cost = models.BigIntegerField("tổng kinh phí (đồng)", default=0)
    year = models.PositiveSmallIntegerField("năm")
    state = models.CharField("trạng thái", max_length=12, choices=State.choices, default=State.PROPOSED, editable=False)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người đề xuất", editable=False, related_name="+"
    )
    proposed_on = models.DateField("ngày đề xuất", default=today)
    surveyed_on = _day("ngày khảo sát")
    surveyed_by = _who("người khảo sát")
    appraised_on = _day("ngày thẩm định")
    appraised_by = _who("người thẩm định")
    appraisal_members = _words("thành phần thẩm định")
    appraisal_conclusion = _words("kết luận thẩm định", 1000)
    sent_back_reason = _words("lý do trả lại khảo sát")
    above_norm_on = _day("ngày duyệt vượt mức")
    above_norm_by = _who("người duyệt vượt mức")
    above_norm_reason = _words("lý do vượt mức hỗ trợ")
    decided_on = _day("ngày quyết định")
    decided_by = _who("người quyết định")
    decision_number = _words("số quyết định", 60)
    started_on = _day("ngày khởi công")
    completed_on = _day("ngày nghiệm thu")
    acceptance_note = _words("kết quả nghiệm thu")
    handed_over_on = _day("ngày bàn giao")
    hand_over_note = _words("dịp và thành phần bàn giao")
    settled_on = _day("ngày quyết toán")
    final_cost = models.BigIntegerField("số quyết toán (đồng)", null=True, editable=False)
    is_recorded_afterwards = models.BooleanField("ghi nhận lại sau khi bàn giao", default=False, editable=False)
    ended_reason = _words("lý do không duyệt, rút")
    history = History(verbose_name="lịch sử nhà")

    scope = Owned()
    objects = models.Manager.from_queryset(HouseQuerySet)()

    class Meta:
        verbose_name = "nhà Mái ấm"
        verbose_name_plural = "nhà Mái ấm"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
        ordering = ["-year", "-pk"]
        permissions = [
            ("appraise_house", "Thẩm định hồ sơ nhà"),
            ("decide_house", "Quyết định hỗ trợ nhà"),
            ("build_house", "Theo dõi xây dựng, bàn giao nhà"),
            ("pay_house", "Chi tiền, quyết toán hỗ trợ nhà"),
            ("record_past_house", "Ghi nhận nhà đã bàn giao từ năm trước"),
        ]
        # Whether any has waited too long is asked of those on their way, the first proposed first.
        indexes = [models.Index(fields=["proposed_on", "id"], name="house_on_its_way", condition=Q(state__in=OPEN))]
        constraints = [
            models.CheckConstraint(
                condition=Q(cost__gte=0), name="house_cost_sane", violation_error_message="Kinh phí không được âm."
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="house_maker_is_not_checker",
                violation_error_message="Người đề xuất không được quyết định.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(appraised_by__isnull=True) | ~Q(decided_by=F("appraised_by")),
                name="house_appraiser_never_decides",
                violation_error_message="Người thẩm định không được quyết định.",
            ),
            models.CheckConstraint(
                condition=Q(appraised_by__isnull=True) | ~Q(appraised_by=F("proposed_by")),
                name="house_maker_never_appraises",
                violation_error_message="Người đề xuất không được thẩm định.",
            ),
            models.CheckConstraint(
                condition=Q(above_norm_by__isnull=True) | Q(decided_by__isnull=True) | ~Q(decided_by=F("above_norm_by")),
                name="house_above_norm_by_two",
                violation_error_message="Hỗ trợ vượt mức phải do hai lãnh đạo khác nhau duyệt.",
            ),
            models.CheckConstraint(
                condition=Q(host__isnull=True) | Q(person__isnull=True, household__isnull=True),
                name="house_of_host_or_household",
                violation_error_message="Nhà ở công vụ thuộc về cơ quan, không thuộc về người hay hộ.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.kind} của {self.recipient}"

    def save(self, **options):
        self.folded_address, is_new = address_key(self.address), self._state.adding
        super().save(**options)
        if is_new:
            mark_stale("houses", self.unit_id, self.proposed_on)

    @property
    def recipient(self) -> str:
        return str(self.person or self.household or self.host or self.unit)

    @property
    def funded(self) -> int:
        """What the funding lines add up to, VND."""
        return self.funding.aggregate(total=Sum("amount"))["total"] or 0

    @property
    def paid(self) -> int:
        """What the funds kept here have paid, VND."""
        return self.funding.aggregate(total=Sum("paid"))["total"] or 0

    @property
    def days_waiting(self) -> int:
        """Since it reached its state; 0 once nothing is left to be done."""
        since = getattr(self, date_field(self.state)) if self.state in OPEN else None
        return (today() - since).days if since else 0

    def clean(self):
        kind = self.kind if self.kind_id else None
        if kind and kind.is_duty:
            self._clean_duty()
        elif not self.person_id and not self.household_id:
            raise ValidationError("Phải chọn người hoặc hộ nhận nhà.")
        elif self.host_id:
            raise ValidationError({"host": f"“{kind}” không phải nhà ở công vụ nên không ghi cơ quan quản lý."})
        if self.person_id and self.household_id and self.person.household_id not in (None, self.household_id):
            raise ValidationError("Người nhận không thuộc hộ đã chọn; hãy chọn lại một trong hai.")
        if self.proposed_on and self.proposed_on > today():
            raise ValidationError({"proposed_on": "Ngày đề xuất không được sau hôm nay."})

    def _clean_duty(self):
        if not self.host_id:
            raise ValidationError({"host": "Nhà ở công vụ phải có cơ quan quản lý."})
        if self.person_id or self.household_id:
            raise ValidationError("Nhà ở công vụ không ghi người hay hộ nhận; hãy ghi người ở trong danh sách người ở.")


class HouseOccupant(models.Model):
    """Who lives in a duty house, from when to when."""

    house = models.ForeignKey(House, models.CASCADE, verbose_name="nhà", related_name="occupants")
    full_name = models.CharField("họ và tên", max_length=120)
    job = models.CharField("chức vụ, công việc", max_length=160, blank=True)
    from_day = models.DateField("ở từ ngày")
    to_day = models.DateField("đến hết ngày", null=True, blank=True)

    scope = Via("house")
    objects = ScopedManager()

    class Meta:
        verbose_name = "người ở nhà công vụ"
        verbose_name_plural = "người ở nhà công vụ"
        default_permissions = ()
        ordering = ["-from_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_day__isnull=True) | Q(to_day__gte=F("from_day")), name="occupant_days_in_order",
                violation_error_message="Ngày chuyển đi phải từ ngày đến ở trở đi.",
            )
        ]  # fmt: skip

    def __str__(self):
        return self.full_name
