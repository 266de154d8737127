import datetime
import hashlib
import uuid

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models import Q
from django.utils import timezone

from welfare.documents import numbers
from welfare.documents.layout import PartialDate, date_text
from welfare.documents.registers import NumberRegister
from welfare.scoping import Catalogue, Owned, ScopedManager, ScopedQuerySet, SharedDown
from welfare.states import Refused, locked
from welfare.vietnamese import fold


class DocumentKind(models.Model):
    """Tên loại văn bản (NĐ 30/2020, Phụ lục III)."""

    code = models.CharField("mã", max_length=10, unique=True)
    name = models.CharField("tên loại", max_length=60)
    symbol = models.CharField("chữ viết tắt trong ký hiệu", max_length=10, blank=True, null=True)

    scope = Catalogue()
    objects = ScopedManager()

    class Meta:
        verbose_name = "loại văn bản"
        verbose_name_plural = "loại văn bản"
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def abbreviation(self) -> str:
        return self.code if self.symbol is None else self.symbol


class DocumentQuerySet(ScopedQuerySet):
    def search(self, text: str):
        """By number, symbol or title, however they are typed."""
        return self.filter(numbers.matching(text))

    def numbered(self, text: str):
        """Those that bear exactly this number and symbol ("309/KH - LĐLĐ"); none when it has no number."""
        number, symbol = numbers.parse(text)
        return self.filter(number_key=numbers.key(number, symbol)) if number else self.none()


class Document(models.Model):
    """The one register of documents, own and outside; bases, plans and decisions point at it.

    The date may lack its day or its month, the number may be blank, as papers in use do. A number that a unit gave to
    its own paper stands in one of its registers, once.
    """

    unit = models.ForeignKey("welfare.Unit", models.PROTECT, verbose_name="đơn vị vào sổ", related_name="documents")
    kind = models.ForeignKey(DocumentKind, models.PROTECT, verbose_name="loại văn bản")
    number = models.CharField("số", max_length=20, blank=True)
    symbol = models.CharField("ký hiệu", max_length=40, blank=True, help_text="Ví dụ: KH-LĐLĐ, NQ/TW.")
    issuer_unit = models.ForeignKey(
        "welfare.Unit",
        models.PROTECT,
        verbose_name="đơn vị ban hành",
        null=True,
        blank=True,
        related_name="+",
    )
    issuer = models.ForeignKey(
        "welfare.Organization",
        models.PROTECT,
        verbose_name="cơ quan ban hành",
        null=True,
        blank=True,
        related_name="+",
    )
    issuer_words = models.CharField(
        "ban hành với danh nghĩa",
        max_length=200,
        blank=True,
        help_text="Như văn bản ghi, ví dụ: Ban Chấp hành LĐLĐ tỉnh. Để trống thì lấy tên đơn vị, cơ quan ban hành.",
    )
    year = models.PositiveSmallIntegerField("năm", null=True, blank=True)
    month = models.PositiveSmallIntegerField("tháng", null=True, blank=True)
    day = models.PositiveSmallIntegerField("ngày", null=True, blank=True)
    title = models.CharField("trích yếu", max_length=500)
    supersedes = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="thay thế văn bản",
        null=True,
        blank=True,
        related_name="superseded_by",
    )
    register = models.ForeignKey(
        NumberRegister, models.PROTECT, verbose_name="sổ số", null=True, editable=False, related_name="documents"
    )
    register_year = models.PositiveSmallIntegerField(default=0, editable=False)
    serial = models.CharField(max_length=60, default="", editable=False)
    number_key = models.CharField(max_length=200, default="", editable=False, db_index=True)
    search_text = models.TextField(default="", editable=False)

    scope = SharedDown()
    objects = models.Manager.from_queryset(DocumentQuerySet)()

    class Meta:
        verbose_name = "văn bản"
        verbose_name_plural = "sổ văn bản"
        ordering = ["-year", "-month", "-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(day__isnull=True) | Q(month__isnull=False),
                name="document_day_needs_month",
                violation_error_message="Văn bản có ngày thì phải có tháng.",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(year__isnull=False),
                name="document_month_needs_year",
                violation_error_message="Văn bản có tháng thì phải có năm.",
            ),
            models.CheckConstraint(
                condition=(Q(month__isnull=True) | Q(month__range=(1, 12)))
                & (Q(day__isnull=True) | Q(day__range=(1, 31))),
                name="document_date_in_calendar",
                violation_error_message="Ngày từ 1 đến 31, tháng từ 1 đến 12.",
            ),
            models.UniqueConstraint(
                fields=["register", "register_year", "serial"],
                name="document_number_given_once",
                violation_error_message="Số này đã cấp cho văn bản khác trong cùng sổ; hãy lấy số khác.",
            ),
        ]

    def __str__(self):
        return f"{self.kind} số {self.number_and_symbol}" if self.number_and_symbol else self.title[:80]

    def save(self, **options):
        self._take_number()
        self.number_key = numbers.key(self.number, self.symbol)
        self.search_text = numbers.searchable(self.number, self.symbol, self.title)
        super().save(**options)

    def clean(self):
        if self.year and not _is_in_calendar(self.year, self.month or 1, self.day or 1):
            raise ValidationError("Ngày, tháng, năm của văn bản không có trong lịch.")
        if holder := self.holder_of_its_number():
            raise ValidationError({"number": self.already_given_to(holder)})

    @property
    def number_and_symbol(self) -> str:
        """As printed; a number not yet known as "……/KH-LĐLĐ"."""
        return numbers.join(self.number or ("……" if self.symbol else ""), self.symbol)

    @property
    def issued_by(self) -> str:
        return self.issuer_words or (self.issuer_unit.name if self.issuer_unit_id else str(self.issuer or ""))

    def citation(self) -> str:
        """As a legal basis cites it: kind, number, date as far as known, issuer, summary."""
        number = f"số {self.number_and_symbol}" if self.number_and_symbol else ""
        issuer = f"của {self.issued_by}" if self.issued_by else ""
        about = self.title if fold(self.title).startswith("ve ") else f"về {self.title}"
        parts = [self.kind.name, number, self._date_words(), issuer, about if self.title else ""]
        return " ".join(part for part in parts if part)

    def _date_words(self) -> str:
        if not self.year:
            return ""
        if not self.month:
            return f"năm {self.year}"
        words = date_text(PartialDate(self.year, self.month, self.day))
        return words if self.day else words[words.index("tháng") :]

    # The number ------------------------------------------------------------------------------------

    @property
    def is_own(self) -> bool:
        """Issued by the unit that keeps it, so that the number is one of the unit's own."""
        return self.unit_id is not None and self.unit_id == self.issuer_unit_id

    @property
    def _day(self) -> datetime.date:
        return datetime.date(self.year, self.month or 1, self.day or 1)

    def _take_number(self):
        self.serial, self.register, self.register_year = numbers.key(self.number), None, 0
        if self.is_own and self.serial and self.year:
            self.register = NumberRegister.objects.find_or_open(self.unit_id, self.kind, self._day)
            self.register_year = self.register.year_of(self._day) if self.register else 0

    def holder_of_its_number(self):
        """Another paper of the unit that bears this paper's number in the same register, or None."""
        serial = numbers.key(self.number)
        if not (self.is_own and serial and self.year and self.kind_id):
            return None
        register = NumberRegister.objects.find(self.unit_id, self.kind, self._day)
        if register is None:
            return None
        given = register.documents.filter(register_year=register.year_of(self._day), serial=serial)
        return given.exclude(pk=self.pk).first()

    def enter(self, *, adopting) -> "Document":
        """Save an own paper with its number, one at a time in its register. Returns it.

        ``adopting``: rows written before only to cite it; the one with its number and date becomes its row. Raises
        ``Refused`` when the number is none or another paper has it, or no register of the unit takes it on that day.
        """
        if numbers.parse(self.number) != (self.number, ""):
            raise Refused(
                f"“{self.number}” không phải số văn bản; hãy chỉ ghi số, ví dụ 07 hoặc 07a, không ghi ký hiệu."
            )
        register = NumberRegister.objects.find_or_open(self.unit_id, self.kind, self._day)
        if register is None:
            raise Refused(
                f"Không có sổ số nào của đơn vị nhận {self.kind} ngày {self._day:%d/%m/%Y}; hãy mở sổ trong mục Sổ số văn bản."
            )
        with locked(register):
            holder = self.holder_of_its_number()
            if holder is not None and not (adopting.filter(pk=holder.pk).exists() and self._is_what(holder)):
                raise Refused(self.already_given_to(holder))
            self.pk = holder.pk if holder else None
            self.save()
        return self

    def _is_what(self, holder: "Document") -> bool:
        """Whether a row that was written before can mean this paper."""
        dates = [(holder.month, self.month), (holder.day, self.day)]
        same = numbers.key(self.number, self.symbol) == holder.number_key and self.kind_id == holder.kind_id
        return same and all(known in (None, given) for known, given in dates)

    def already_given_to(self, holder: "Document") -> str:
        which = holder.register.numbers_of(holder._day)
        return f"Số {self.number} của {which} đã cấp cho “{holder.title}”; hãy lấy số khác."


def _is_in_calendar(year, month, day) -> bool:
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


class StoredFileQuerySet(ScopedQuerySet):
    def for_user(self, user, permission=None):
        """Files about a row are as visible as that row (checked at download); the list shows one's own and one's unit's."""
        mine = Q(owner_id=user.pk) if user.is_authenticated else Q(pk__in=[])
        return (super().for_user(user, permission).filter(subject_kind__isnull=False) | self.filter(mine)).distinct()

    def expired(self):
        return self.filter(expires_at__lt=timezone.now())


class StoredFile(models.Model):
    """A file kept under a random name. One view serves them all, through the subject's own ``for_user``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("welfare.Unit", models.PROTECT, verbose_name="đơn vị", related_name="+")
    owner = models.ForeignKey("welfare.User", models.PROTECT, verbose_name="người tạo", related_name="+")
    name = models.CharField("tên tệp", max_length=200)
    content_type = models.CharField("loại tệp", max_length=100)
    size = models.PositiveBigIntegerField("dung lượng")
    sha256 = models.CharField(max_length=64, editable=False)
    file = models.FileField("tệp", upload_to="%Y/%m", max_length=200)
    subject_kind = models.ForeignKey(ContentType, models.PROTECT, null=True, editable=False, related_name="+")
    subject_id = models.CharField(max_length=40, blank=True, editable=False)
    subject = GenericForeignKey("subject_kind", "subject_id")
    created_at = models.DateTimeField("tạo lúc", auto_now_add=True)
    expires_at = models.DateTimeField("giữ đến", null=True)

    scope = Owned()
    objects = models.Manager.from_queryset(StoredFileQuerySet)()

    class Meta:
        verbose_name = "tệp"
        verbose_name_plural = "tệp đã tạo"
        ordering = ["-created_at"]

    def __str__(self):
        return self.name

    def may_open(self, user) -> bool:
        """Within reach of its unit: the owner, or whoever may see the row the file is about.

        The unit counts too, as a file about a shared plan may hold what only the unit it was made for may read.
        """
        if not user.reach.covers(self.unit_id):
            return False
        if self.subject_kind_id is None:
            return self.owner_id == user.pk
        model = self.subject_kind.model_class()
        view = f"{model._meta.app_label}.view_{model._meta.model_name}"
        return user.has_perm(view) and model.objects.for_user(user, view).filter(pk=self.subject_id).exists()


class PrintPart(models.Model):
    """One part of a long document while it is being printed; gone once the whole is merged."""

    whole = models.ForeignKey("welfare.Job", models.CASCADE, verbose_name="việc in", related_name="print_parts")
    position = models.PositiveIntegerField("thứ tự")
    numbering = models.PositiveSmallIntegerField("cách đánh số trang")
    html = models.TextField("trang nguồn")
    pdf = models.BinaryField("bản PDF", null=True)

    objects = models.Manager()

    class Meta:
        verbose_name = "phần của văn bản đang in"
        verbose_name_plural = "phần của văn bản đang in"
        default_permissions = ()
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["whole", "position"], name="print_part_once")]

    def __str__(self):
        return f"{self.whole}: {self.position}"


def store_file(content, *, name, content_type, owner, unit, subject=None, keep_days=None) -> StoredFile:
    """Keep bytes or an open file. The name given is only ever shown, never a path."""
    data = ContentFile(content) if isinstance(content, bytes) else File(content)
    digest = hashlib.sha256()
    for chunk in data.chunks():
        digest.update(chunk)
    stored = StoredFile(
        unit=unit,
        owner=owner,
        name=_shown_name(name),
        content_type=content_type,
        size=data.size,
        sha256=digest.hexdigest(),
        expires_at=timezone.now() + datetime.timedelta(days=keep_days) if keep_days else None,
    )
    if subject is not None:
        stored.subject = subject
    stored.file.save(f"{stored.id}", data, save=False)
    stored.save()
    return stored


def _shown_name(name: str) -> str:
    safe = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable() and c not in '<>:"|?*')
    stem, dot, ending = safe.rpartition(".")
    return f"{stem[:150]}{dot}{ending[:10]}" if dot else safe[:160] or "tep"
