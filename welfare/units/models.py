from copy import copy
from functools import cached_property

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractUser, BaseUserManager, Permission
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from welfare.audit import AuditEvent, record
from welfare.history import History
from welfare.kinds import Kind
from welfare.scoping import Catalogue, Reach, ScopedManager, ScopedQuerySet, Structure, Via
from welfare.states import Refused, locked


def today():
    """The business date: the calendar day in Việt Nam."""
    return timezone.localdate()


class InForceQuerySet(ScopedQuerySet):
    def in_force(self, on=None):
        """Rows whose dates include the day ``on`` (default: today)."""
        on = on or today()
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on)).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        )

    def newest_first(self, *before):
        """By ``before``, then by the day they begin; what holds since ever goes last, which databases order differently."""
        return self.order_by(*before, F("valid_from").desc(nulls_last=True))


class UnitKind(Kind):
    """A table, not an enum: the kinds of unit changed in 2025 and will again."""

    level = models.PositiveSmallIntegerField("cấp", help_text="1 là tỉnh, 2 là cấp trên trực tiếp cơ sở, 3 là cơ sở")

    class Meta(Kind.Meta):
        verbose_name = "cấp đơn vị"
        verbose_name_plural = "cấp đơn vị"
        ordering = ["level", "name"]


class UnitQuerySet(MP_NodeQuerySet, InForceQuerySet):
    pass


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):
    def get_queryset(self):
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class Unit(MP_Node):
    """A union body. Nodes never move: a unit under a new parent is a new node that succeeds the old one."""

    kind = models.ForeignKey(UnitKind, models.PROTECT, verbose_name="cấp")
    code = models.CharField("mã", max_length=30, unique=True)
    name = models.CharField("tên đầy đủ", max_length=200)
    short_name = models.CharField("tên gọi tắt", max_length=80)
    valid_from = models.DateField("hoạt động từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    successors = models.ManyToManyField(
        "self", verbose_name="đơn vị kế thừa", symmetrical=False, related_name="predecessors", blank=True
    )
    history = History(verbose_name="lịch sử đơn vị", excluded_fields=["path", "depth", "numchild"])

    scope = Structure("pk")
    objects = UnitManager()

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        default_permissions = ("view", "add", "change", "delete", "export")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="unit_dates_in_order",
                violation_error_message="Ngày kết thúc hoạt động phải sau ngày bắt đầu.",
            )
        ]

    def __str__(self):
        return self.short_name

    def is_open(self, on=None) -> bool:
        on = on or today()
        return (not self.valid_from or self.valid_from <= on) and (not self.valid_to or self.valid_to >= on)

    def letterhead(self, on=None):
        """The ``Letterhead`` in use on a day, or None."""
        return self.letterheads.in_force(on).newest_first().first()

    def subtree_ids(self) -> set[int]:
        """This unit, all under it, and all units they succeed (whose rows they read), with what was under those."""
        return _with_predecessors(set(Unit.objects.filter(path__startswith=self.path).values_list("pk", flat=True)))

    def ancestor_ids(self) -> set[int]:
        paths = [self.path[: self.steplen * depth] for depth in range(1, self.depth)]
        return set(Unit.objects.filter(path__in=paths).values_list("pk", flat=True))


def _with_predecessors(ids: set[int]) -> set[int]:
    found, seen = ids, set()
    while found - seen:
        fresh, seen = found - seen, set(found)
        paths = Unit.objects.filter(successors__in=fresh).values_list("path", flat=True)
        condition = Q(pk__in=[])
        for path in set(paths):
            condition |= Q(path__startswith=path)
        found = found | set(Unit.objects.filter(condition).values_list("pk", flat=True))
    return found


class UnitYear(models.Model):
    """How many members and workers a unit had in a year."""

    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="đơn vị", related_name="years")
    year = models.PositiveSmallIntegerField("năm")
    members = models.PositiveIntegerField("đoàn viên", default=0)
    workers = models.PositiveIntegerField("người lao động", default=0)

    scope = Via("unit")
    objects = ScopedManager()

    class Meta:
        verbose_name = "số đoàn viên theo năm"
        verbose_name_plural = "số đoàn viên theo năm"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="unit_year_once",
                violation_error_message="Đơn vị đã có số liệu của năm này.",
            )
        ]

    def __str__(self):
        return f"{self.unit} {self.year}"


class Letterhead(models.Model):
    """The two lines on top of a unit's documents, by date (NĐ 30/2020, Phụ lục I, ô số 2)."""

    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="đơn vị", related_name="letterheads")
    superior = models.CharField("cơ quan chủ quản", max_length=150, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=150)
    place = models.CharField("địa danh", max_length=60)
    abbreviation = models.CharField("chữ viết tắt trong ký hiệu", max_length=30, default="LĐLĐ")
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    scope = Via("unit")
    objects = models.Manager.from_queryset(InForceQuerySet)()

    class Meta:
        verbose_name = "tiêu đề văn bản"
        verbose_name_plural = "tiêu đề văn bản"

    def __str__(self):
        return self.issuer


class UnitKeeper(models.Model):
    """The province officer in charge of a unit, by date: lists default to "đơn vị tôi phụ trách"."""

    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="đơn vị", related_name="keepers")
    user = models.ForeignKey("welfare.User", models.PROTECT, verbose_name="cán bộ phụ trách", related_name="kept_units")
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    scope = Via("unit")
    objects = models.Manager.from_queryset(InForceQuerySet)()

    class Meta:
        verbose_name = "phụ trách đơn vị"
        verbose_name_plural = "phụ trách đơn vị"

    def __str__(self):
        return f"{self.user} – {self.unit}"


class Department(models.Model):
    """A ban or văn phòng of a unit."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="departments")
    code = models.CharField("mã", max_length=30, unique=True)
    name = models.CharField("tên", max_length=120)
    short_name = models.CharField("tên gọi tắt", max_length=40, blank=True)

    scope = Structure()
    objects = ScopedManager()

    class Meta:
        verbose_name = "ban chuyên môn"
        verbose_name_plural = "ban chuyên môn"
        ordering = ["name"]

    def __str__(self):
        return self.name


class Organization(models.Model):
    """A body outside the union: authority, Party, enterprise, bank, press, sector union."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", "Cơ quan nhà nước"
        PARTY = "party", "Cơ quan Đảng"
        UNION = "union", "Tổ chức công đoàn"
        ENTERPRISE = "enterprise", "Doanh nghiệp"
        BANK = "bank", "Ngân hàng, tổ chức tín dụng"
        PRESS = "press", "Báo, đài"
        OTHER = "other", "Khác"

    name = models.CharField("tên", max_length=200)
    short_name = models.CharField("tên gọi tắt", max_length=80, blank=True)
    kind = models.CharField("loại", max_length=20, choices=Kind.choices)
    form_of_address = models.CharField("cách xưng hô khi gửi", max_length=200, blank=True)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    successors = models.ManyToManyField(
        "self", verbose_name="tổ chức kế thừa", symmetrical=False, related_name="predecessors", blank=True
    )

    scope = Catalogue()
    objects = models.Manager.from_queryset(InForceQuerySet)()

    class Meta:
        verbose_name = "tổ chức bên ngoài"
        verbose_name_plural = "tổ chức bên ngoài"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
        ordering = ["name"]

    def __str__(self):
        return self.short_name or self.name


class Role(models.Model):
    """What an appointment allows. The programme declares them (``catalogue.py``); nobody edits them on screen."""

    class Reach(models.TextChoices):
        PROVINCE = "province", "Toàn tỉnh"
        SUBTREE = "subtree", "Đơn vị mình và cấp dưới"

    code = models.CharField("mã", max_length=30, unique=True)
    name = models.CharField("tên", max_length=80)
    reach = models.CharField("phạm vi", max_length=10, choices=Reach.choices)
    handles_people = models.BooleanField("làm việc với dữ liệu cá nhân", default=False)
    only_reads = models.BooleanField("chỉ đọc", default=False)  # of units; rooms of its own go by who sees a row
    permissions = models.ManyToManyField(Permission, verbose_name="quyền", blank=True)

    scope = Catalogue()
    objects = ScopedManager()

    class Meta:
        verbose_name = "vai trò"
        verbose_name_plural = "vai trò"
        ordering = ["name"]

    def __str__(self):
        return self.name


class UserManager(BaseUserManager.from_queryset(ScopedQuerySet)):
    def create_user(self, username, password=None, **fields):
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def system(self):
        """The account that acts without a person: signs in nowhere, holds no role, may never approve."""
        account = self.filter(is_system=True).first()
        if account is None:
            fields = {"full_name": "Hệ thống", "unit": Unit.objects.get_first_root_node(), "is_system": True}
            fields["password"] = make_password(None)
            account, _ = self.get_or_create(username="hethong", defaults=fields)  # two schedulers may want it at once
        return account


class User(AbstractUser):
    """An account. What it may do comes from its appointments alone; there are no superusers."""

    first_name = last_name = groups = user_permissions = None
    is_superuser = False
    full_name = models.CharField("họ và tên", max_length=120)
    job_title = models.CharField("chức vụ", max_length=120, blank=True)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị công tác", related_name="users")
    is_system = models.BooleanField("tài khoản hệ thống", default=False, editable=False)
    email = models.EmailField("thư điện tử", blank=True)

    is_staff = True  # the whole site is for staff; WelfareSite.has_permission decides
    REQUIRED_FIELDS = ["full_name"]
    scope = Structure()
    objects = UserManager()

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        ordering = ["username"]

    def __str__(self):
        return self.full_name

    def clean(self):
        self.email = BaseUserManager.normalize_email(self.email)

    def get_full_name(self):
        return self.full_name

    get_short_name = get_full_name

    @cached_property
    def appointments_in_force(self) -> list:
        if not self.is_active:
            return []
        return list(self.appointments.effective().select_related("role", "unit").order_by("-valid_from", "pk"))

    @cached_property
    def reach(self) -> Reach:
        """Which units' people and money: only roles that handle people's data count."""
        if self.is_system:
            return Reach(province=True)
        return _reach_of([a for a in self.appointments_in_force if a.role.handles_people])

    @cached_property
    def structure_reach(self) -> Reach:
        return _reach_of(self.appointments_in_force)

    @cached_property
    def permissions_by_role(self) -> dict[int, set[str]]:
        """The permissions of each role held today, as "app.codename"."""
        roles = {appointment.role_id for appointment in self.appointments_in_force}
        granted = Permission.objects.filter(role__in=roles).values_list("role", "content_type__app_label", "codename")
        found = {role: set() for role in roles}
        for role, app_label, codename in granted:
            found[role].add(f"{app_label}.{codename}")
        return found

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Those of all roles held today; a page asks for a hundred."""
        return frozenset().union(*self.permissions_by_role.values())

    def only_with(self, *permissions) -> "User":
        """The same person holding only the appointments that give one of the permissions.

        Whoever is finance officer of the province and officer of a unit uploads for the unit, not for the province.
        """
        held = self.appointments_in_force
        giving = [a for a in held if not self.permissions_by_role[a.role_id].isdisjoint(permissions)]
        if self.is_system or giving == held:
            return self
        narrowed = copy(self)
        for cached in ("reach", "structure_reach", "permissions_by_role", "permissions"):
            narrowed.__dict__.pop(cached, None)
        narrowed.appointments_in_force = giving
        return narrowed

    def reach_for(self, *permissions) -> Reach:
        """Where the appointments that give one of the permissions reach: nowhere without it."""
        return self.only_with(*permissions).reach

    @property
    def works_for_province(self) -> bool:
        return self.reach.province

    @cached_property
    def kept_unit_ids(self) -> frozenset[int]:
        """Units this province officer is in charge of today."""
        return frozenset(self.kept_units.in_force().values_list("unit_id", flat=True))

    def holds(self, *role_codes) -> bool:
        return any(a.role.code in role_codes for a in self.appointments_in_force)


def _reach_of(appointments) -> Reach:
    """Roles that only read, such as the inspection's, add nothing to where their holder writes."""
    province = [a for a in appointments if a.role.reach == Role.Reach.PROVINCE]
    own = frozenset(a.unit_id for a in appointments if not a.role.only_reads)
    if province:
        return Reach(province=True, own=own, writes_all=any(not a.role.only_reads for a in province))
    units = {a.unit_id: a.unit for a in appointments}.values()
    return Reach(
        read=frozenset().union(*(u.subtree_ids() for u in units)),
        own=own,
        above=frozenset().union(*(u.ancestor_ids() for u in units)),
    )


class AppointmentQuerySet(InForceQuerySet):
    def effective(self, on=None):
        """In force, and confirmed by a leader where the role handles people's data."""
        return self.in_force(on).filter(Q(role__handles_people=False) | Q(confirmed_at__isnull=False))


class Appointment(models.Model):
    """Who holds which role where, from when to when. The only source of permissions."""

    user = models.ForeignKey(User, models.PROTECT, verbose_name="người dùng", related_name="appointments")
    role = models.ForeignKey(Role, models.PROTECT, verbose_name="vai trò")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="appointments")
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="ban", null=True, blank=True)
    valid_from = models.DateField("từ ngày", default=today)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    granted_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người phân công", null=True, editable=False, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="lãnh đạo xác nhận", null=True, editable=False, related_name="+"
    )
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True, editable=False)
    history = History(verbose_name="lịch sử phân công")

    scope = Structure()
    objects = models.Manager.from_queryset(AppointmentQuerySet)()

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        ordering = ["user__username", "-valid_from"]
        permissions = [("confirm_appointment", "Xác nhận phân công")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="appointment_dates_in_order",
                violation_error_message="Ngày kết thúc phân công phải sau ngày bắt đầu.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(granted_by__isnull=True) | ~Q(confirmed_by=F("granted_by")),
                name="appointment_confirmed_by_another",
                violation_error_message="Người phân công không tự xác nhận được.",
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.role}, {self.unit}"

    def clean(self):
        if self.role_id and self.unit_id and self.role.reach == Role.Reach.PROVINCE and self.unit.depth > 1:
            raise ValidationError({"unit": "Vai trò phạm vi toàn tỉnh chỉ giao cho người của LĐLĐ tỉnh."})

    def confirm(self, by: User):
        """A leader lets a role that handles people's data take effect."""
        with locked(self) as row:
            if row.confirmed_at:
                raise Refused("Phân công này đã được xác nhận.")
            if by.pk in (row.user_id, row.granted_by_id) or not by.has_perm("welfare.confirm_appointment"):
                raise Refused("Phân công phải do lãnh đạo khác người phân công và người được phân công xác nhận.")
            row.confirmed_by, row.confirmed_at = by, timezone.now()
            row.save(update_fields=["confirmed_by", "confirmed_at"])
            record(AuditEvent.Action.PERMISSION, actor=by, subject=row, unit=row.unit)
        self.refresh_from_db()
