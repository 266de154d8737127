from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from beneficiaries.people.consents import Consent
from beneficiaries.people.hardships import Hardship, VulnerabilityMark
from beneficiaries.people.households import Household, PovertyRecord
from beneficiaries.people.identities import FormerId, keep_former
from beneficiaries.people.kinds import EmploymentKind, HardshipKind, VulnerabilityKind
from beneficiaries.people.leaving import GONE, PersonState, PersonSteps
from beneficiaries.people.saved_filters import SavedFilter
from beneficiaries.people.search import PersonQuerySet
from welfare.crypto import EncryptedTextField, keyed_hash, mask_id
from welfare.history import History
from welfare.scoping import Owned
from welfare.units.models import Unit, today
from welfare.vietnamese import fold, sort_key

__all__ = [
    "Consent",
    "EmploymentKind",
    "FormerId",
    "Hardship",
    "HardshipKind",
    "Household",
    "Person",
    "PersonQuerySet",
    "PovertyRecord",
    "SavedFilter",
    "VulnerabilityKind",
    "VulnerabilityMark",
]


class Person(PersonSteps):
    """A union member, worker or relative in need. Belongs to one unit; the same human elsewhere is another row."""

    State = PersonState

    class Gender(models.TextChoices):
        MALE = "male", "Nam"
        FEMALE = "female", "Nữ"

    class HouseholdRole(models.TextChoices):
        HEAD = "head", "Chủ hộ"
        MEMBER = "member", "Thành viên hộ"
        FAMILY = "family", "Đại diện gia đình"

    unit = models.ForeignKey(  # person_by_unit_name leads with it
        Unit, models.PROTECT, verbose_name="đơn vị", related_name="people", db_index=False
    )
    household = models.ForeignKey(
        Household, models.SET_NULL, verbose_name="hộ", null=True, blank=True, related_name="people"
    )
    household_role = models.CharField("vai trò trong hộ", max_length=10, choices=HouseholdRole.choices, blank=True)
    full_name = models.CharField("họ và tên", max_length=120)
    folded_name = models.CharField(max_length=120, editable=False)
    sort_name = models.CharField(max_length=400, editable=False)
    birth_date = models.DateField("ngày sinh", null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    gender = models.CharField("giới tính", max_length=6, choices=Gender.choices, blank=True)
    national_id = EncryptedTextField("số CCCD/CMND", blank=True, default="")
    id_hash = models.CharField(max_length=80, null=True, editable=False)
    ethnicity = models.CharField("dân tộc", max_length=40, blank=True)
    phone = models.CharField("điện thoại", max_length=15, blank=True)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    lives_in_boarding = models.BooleanField("đang ở trọ", default=False)
    workplace = models.CharField("nơi làm việc", max_length=200, blank=True)
    workplace_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="công đoàn cơ sở", null=True, blank=True, related_name="+", db_index=False,
        help_text="Để trống nếu nơi làm việc chưa có công đoàn hoặc người này không có nơi làm việc.",
    )  # fmt: skip
    employment = models.ForeignKey(
        EmploymentKind, models.PROTECT, verbose_name="việc làm", null=True, blank=True, related_name="+", db_index=False
    )
    is_member = models.BooleanField("đoàn viên", null=True, blank=True)
    member_since = models.DateField("vào công đoàn ngày", null=True, blank=True)
    relative_of = models.ForeignKey(
        "self", models.SET_NULL, verbose_name="là người thân của", null=True, blank=True, related_name="relatives",
        db_index=False, help_text="Người nhận thay cho đoàn viên nào, hoặc được chăm lo vì là người nhà của ai.",
    )  # fmt: skip
    relation = models.CharField("quan hệ", max_length=60, blank=True, help_text="Ví dụ: vợ, con, mẹ ruột")
    bank_account = EncryptedTextField("số tài khoản", blank=True, default="")
    bank_name = models.CharField("ngân hàng", max_length=120, blank=True)
    state = models.CharField(
        "tình trạng", max_length=8, choices=PersonState.choices, default=PersonState.ACTIVE, editable=False
    )
    state_on = models.DateField("từ ngày", null=True, editable=False)
    state_reason = models.CharField("lý do", max_length=300, blank=True, default="", editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, verbose_name="gộp vào", null=True, editable=False, related_name="merged", db_index=False
    )
    created_at = models.DateTimeField("ghi nhận lúc", auto_now_add=True)
    history = History(verbose_name="lịch sử người")

    scope = Owned()
    objects = models.Manager.from_queryset(PersonQuerySet)()

    class Meta:
        verbose_name = "người cần chăm lo"
        verbose_name_plural = "người cần chăm lo"
        default_permissions = ("view", "add", "change", "delete", "export")
        ordering = ["sort_name", "pk"]
        permissions = [("view_identity", "Xem số CCCD và số tài khoản")]
        indexes = [
            models.Index(fields=["unit", "sort_name", "id"], name="person_by_unit_name"),
            models.Index(fields=["sort_name", "id"], name="person_by_name"),
            models.Index(fields=["folded_name", "birth_year"], name="person_by_folded"),
            models.Index(fields=["phone"], name="person_by_phone", condition=~Q(phone="")),
            # Of what few people have, only they are written: a list that leaves it blank pays nothing.
            models.Index(fields=["workplace_unit"], name="person_by_workplace", condition=Q(workplace_unit__isnull=False)),
            models.Index(fields=["employment"], name="person_by_employment", condition=Q(employment__isnull=False)),
            models.Index(fields=["relative_of"], name="person_by_relative", condition=Q(relative_of__isnull=False)),
            models.Index(fields=["merged_into"], name="person_by_merged", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["state"], name="person_gone", condition=Q(state__in=GONE)),
        ]  # fmt: skip
        constraints = [
            # The hash comes first, so that one index serves the look-up over all units too.
            models.UniqueConstraint(
                fields=["id_hash", "unit"],
                name="person_id_once_in_unit",
                violation_error_message="Đơn vị đã có người mang số CCCD/CMND này.",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="person_merged_into_somebody",
                violation_error_message="Hồ sơ đã gộp phải chỉ tới hồ sơ được giữ.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.full_name} ({self.birth_year})" if self.birth_year else self.full_name

    def save(self, **options):
        self.folded_name, self.sort_name = fold(self.full_name), sort_key(self.full_name)
        self.id_hash = keyed_hash(self.national_id) if self.national_id else None
        if self.birth_date:
            self.birth_year = self.birth_date.year
        super().save(**options)
        number, id_hash = getattr(self, "_number_before", ("", None))
        if self.id_hash and id_hash and id_hash != self.id_hash:
            keep_former(self, number, id_hash)
            self.former_ids.filter(id_hash=self.id_hash).delete()
        self._number_before = self.national_id, self.id_hash

    @classmethod
    def from_db(cls, db, field_names, values):
        """Remembers the number as it stands, so that one that replaces it keeps it among the former ones."""
        row = super().from_db(db, field_names, values)
        row._number_before = row.__dict__.get("national_id", ""), row.__dict__.get("id_hash")
        return row

    def clean(self):
        year = self.birth_date.year if self.birth_date else self.birth_year
        if self.birth_date and self.birth_date > today():
            raise ValidationError({"birth_date": "Ngày sinh chưa tới; hãy xem lại."})
        if year and not 1900 <= year <= today().year:
            raise ValidationError({"birth_year": f"Năm sinh phải từ 1900 đến {today().year}."})
        if self.member_since and self.member_since > today():
            raise ValidationError({"member_since": "Ngày vào công đoàn chưa tới; hãy xem lại."})
        if self.member_since and self.first_day and self.member_since < self.first_day:
            raise ValidationError({"member_since": "Ngày vào công đoàn trước ngày sinh; hãy xem lại."})
        if self.relative_of_id and self.relative_of_id == self.pk:
            raise ValidationError({"relative_of": "Không ai là người thân của chính mình; hãy chọn người khác."})
        if self.relative_of_id and not self.relation.strip():
            raise ValidationError({"relation": "Hãy ghi quan hệ với người đó."})
        self._clean_facts()

    def _clean_facts(self):
        """A birth moved to after what was already recorded would put those facts before it."""
        born = self.first_day
        if not self.pk or not born:
            return
        if self.hardships.filter(known_on__lt=born).exists() or self.visits.filter(on__lt=born).exists():
            where = "birth_date" if self.birth_date else "birth_year"
            raise ValidationError({where: "Đã có hoàn cảnh hoặc lượt thăm ghi trước ngày sinh này; hãy xem lại."})

    @property
    def masked_id(self) -> str:
        return mask_id(self.national_id) if self.national_id else ""

    @property
    def masked_account(self) -> str:
        return mask_id(self.bank_account) if self.bank_account else ""

    def poverty_class(self, on: date | None = None) -> str:
        """The household's class in the year of ``on``; one of an earlier year alone is unconfirmed."""
        year = (on or today()).year
        records = list(self.household.poverty_records.all()) if self.household else []
        of_year = next((record for record in records if record.year == year), None)
        if of_year:
            return of_year.get_status_display()
        return f"Chưa xác nhận năm {year}" if any(record.year < year for record in records) else ""

    @property
    def born(self) -> str:
        return f"{self.birth_date:%d/%m/%Y}" if self.birth_date else str(self.birth_year or "")

    def needs(self) -> str:
        """Why in need: the kinds of hardship, latest first."""
        return ", ".join(dict.fromkeys(str(hardship.kind) for hardship in self.hardships.all()))
