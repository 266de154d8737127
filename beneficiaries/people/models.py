from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Min, OuterRef, Prefetch, Q

from beneficiaries.rules import need
from programs.targets.models import mark_stale
from welfare.audit import AuditEvent
from welfare.crypto import EncryptedTextField, keyed_hash, keyed_hashes, mask_id
from welfare.history import History
from welfare.kinds import Kind
from welfare.scoping import Owned, ScopedManager, ScopedQuerySet, Via
from welfare.states import moving
from welfare.units.models import Unit, User, today
from welfare.vietnamese import fold, sort_key


class Household(models.Model):
    """Whom a poverty certificate names. The head may be nobody we know."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="households")
    head_name = models.CharField("chủ hộ", max_length=120)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    size = models.PositiveSmallIntegerField("số nhân khẩu", null=True, blank=True)
    note = models.TextField("ghi chú", blank=True)
    created_at = models.DateTimeField("ghi nhận lúc", auto_now_add=True)
    history = History(verbose_name="lịch sử hộ")

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "hộ gia đình"
        verbose_name_plural = "hộ gia đình"
        default_permissions = ("view", "add", "change", "delete", "export")
        ordering = ["-pk"]

    def __str__(self):
        return f"Hộ {self.head_name}"


class PovertyRecord(models.Model):
    """A household's class in one year. A class not renewed this year is shown as unconfirmed, never carried over."""

    class Status(models.TextChoices):
        POOR = "poor", "Hộ nghèo"
        NEAR_POOR = "near_poor", "Hộ cận nghèo"

    household = models.ForeignKey(  # poverty_once_a_year leads with it
        Household, models.CASCADE, verbose_name="hộ", related_name="poverty_records", db_index=False
    )
    year = models.PositiveSmallIntegerField("năm")
    status = models.CharField("diện", max_length=10, choices=Status.choices)
    certificate_number = models.CharField("số giấy chứng nhận", max_length=60, blank=True)
    commune = models.CharField("xã, phường cấp", max_length=120, blank=True)
    issued_on = models.DateField("ngày cấp", null=True, blank=True)
    history = History(verbose_name="lịch sử diện hộ")

    scope = Via("household")
    objects = ScopedManager()

    class Meta:
        verbose_name = "diện hộ theo năm"
        verbose_name_plural = "diện hộ theo năm"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "year"],
                name="poverty_once_a_year",
                violation_error_message="Hộ này đã có diện hộ của năm đó.",
            )
        ]

    def __str__(self):
        return f"{self.get_status_display()} {self.year}"

    def save(self, **options):
        super().save(**options)
        mark_stale("people", self.household.unit_id, date(self.year, 1, 1))


class PersonQuerySet(ScopedQuerySet):
    def search(self, words: str):
        """By an exact ID number or phone, or by every word of a name, accents and order aside."""
        digits = "".join(c for c in words if c.isdigit())
        if len(digits) >= 9 and not any(c.isalpha() for c in words):
            return self.filter(Q(id_hash__in=keyed_hashes(digits)) | Q(phone=digits))
        found = self
        for word in fold(words).split()[:8]:
            found = found.filter(folded_name__contains=word)
        return found

    def in_class(self, status: str, year: int):
        """``status``: "poor", "near_poor", "unconfirmed" (a class of an earlier year only) or "none"."""
        records = PovertyRecord.objects.filter(household=OuterRef("household"))
        this_year = records.filter(year=year)
        if status == "unconfirmed":
            return self.filter(Exists(records.filter(year__lt=year)), ~Exists(this_year))
        if status == "none":
            return self.filter(~Exists(records.filter(year__lte=year)))
        return self.filter(Exists(this_year.filter(status=status)))

    def with_need(self):
        """With what ``poverty_class`` and lists of hardships read, in a fixed number of queries."""
        hardships = Prefetch("hardships", Hardship.objects.select_related("kind"))
        return self.select_related("unit", "household").prefetch_related("household__poverty_records", hardships)


class Person(models.Model):
    """A union member, worker or relative in need. Belongs to one unit; the same human elsewhere is another row."""

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
    workplace = models.CharField("nơi làm việc", max_length=200, blank=True)
    is_member = models.BooleanField("đoàn viên", null=True, blank=True)
    bank_account = EncryptedTextField("số tài khoản", blank=True, default="")
    bank_name = models.CharField("ngân hàng", max_length=120, blank=True)
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
        ]
        constraints = [
            # The hash comes first, so that one index serves the look-up over all units too.
            models.UniqueConstraint(
                fields=["id_hash", "unit"],
                name="person_id_once_in_unit",
                violation_error_message="Đơn vị đã có người mang số CCCD/CMND này.",
            )
        ]

    def __str__(self):
        return f"{self.full_name} ({self.birth_year})" if self.birth_year else self.full_name

    def save(self, **options):
        self.folded_name, self.sort_name = fold(self.full_name), sort_key(self.full_name)
        self.id_hash = keyed_hash(self.national_id) if self.national_id else None
        if self.birth_date:
            self.birth_year = self.birth_date.year
        super().save(**options)

    def clean(self):
        year = self.birth_date.year if self.birth_date else self.birth_year
        if self.birth_date and self.birth_date > today():
            raise ValidationError({"birth_date": "Ngày sinh chưa tới; hãy xem lại."})
        if year and not 1900 <= year <= today().year:
            raise ValidationError({"birth_year": f"Năm sinh phải từ 1900 đến {today().year}."})

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


class HardshipKind(Kind):
    is_health = models.BooleanField("thuộc sức khỏe (dữ liệu nhạy cảm)", default=False)
    words = models.CharField(
        "từ thường gặp trong danh sách", max_length=400, blank=True, help_text="Cách nhau bằng dấu phẩy"
    )

    class Meta(Kind.Meta):
        verbose_name = "loại hoàn cảnh"
        verbose_name_plural = "loại hoàn cảnh"


class HardshipQuerySet(ScopedQuerySet):
    def with_first_visit(self):
        """Adds ``first_visit_on``, the first visit from the day a hardship became known, and ``waited`` until then."""
        first = Min("person__visits__on", filter=Q(person__visits__on__gte=F("known_on")))
        waited = ExpressionWrapper(F("first_visit_on") - F("known_on"), models.DurationField())
        return self.annotate(first_visit_on=first).annotate(waited=waited)


class Hardship(models.Model):
    """Why someone is in need, once a kind and year. The wording of the list is kept."""

    person = models.ForeignKey(  # hardship_once_a_year leads with it
        Person, models.CASCADE, verbose_name="người", related_name="hardships", db_index=False
    )
    kind = models.ForeignKey(HardshipKind, models.PROTECT, verbose_name="loại hoàn cảnh")
    year = models.PositiveSmallIntegerField("năm")
    known_on = models.DateField("biết từ ngày", default=today)
    note = models.CharField("ghi rõ", max_length=300, blank=True)
    history = History(verbose_name="lịch sử hoàn cảnh")

    scope = Via("person")
    objects = models.Manager.from_queryset(HardshipQuerySet)()

    class Meta:
        verbose_name = "hoàn cảnh"
        verbose_name_plural = "hoàn cảnh"
        ordering = ["-known_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "year"],
                name="hardship_once_a_year",
                violation_error_message="Người này đã có hoàn cảnh loại đó trong năm.",
            )
        ]

    def __str__(self):
        return f"{self.kind} ({self.year})"

    def save(self, **options):
        super().save(**options)
        mark_stale("people", self.person.unit_id, date(self.year, 1, 1), self.known_on)


class ProvinceOnly(Owned):
    """Rows that join people of several units: for the province and the inspection, never for a unit."""

    def q(self, model, user, prefix=""):
        return Q() if user.reach.province else Q(**{f"{prefix}pk__in": []})


class DuplicateCase(models.Model):
    """Two rows that may be one human, in different units. A sender never learns of it."""

    class State(models.TextChoices):
        OPEN = "open", "Chờ xem xét"
        SAME = "same", "Cùng một người"
        DIFFERENT = "different", "Khác người"

    class Reason(models.TextChoices):
        ID = "id", "Trùng số CCCD/CMND"
        NAME = "name", "Trùng tên và ngày sinh"

    first = models.ForeignKey(Person, models.CASCADE, verbose_name="người thứ nhất", related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, verbose_name="người thứ hai", related_name="+")
    reason = models.CharField("lý do", max_length=10, choices=Reason.choices)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField("phát hiện lúc", auto_now_add=True)
    decided_by = models.ForeignKey(User, models.PROTECT, verbose_name="người kết luận", null=True, related_name="+")

    scope = ProvinceOnly()
    objects = ScopedManager()

    class Meta:
        verbose_name = "nghi trùng"
        verbose_name_plural = "nghi trùng giữa các đơn vị"
        ordering = ["-found_at"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_ordered"),
        ]

    def __str__(self):
        return f"{self.first} – {self.second}"

    def judge_same(self, by):
        self._judge(by, self.State.SAME)

    def judge_different(self, by):
        self._judge(by, self.State.DIFFERENT)

    def _judge(self, by, to):
        need(by, "change_duplicatecase", "kết luận nghi trùng")
        others = [state for state in self.State if state != to]
        with moving(self, to, by=by, came_from=others, action=AuditEvent.Action.CHANGE) as case:
            case.decided_by = by
