import hashlib
import uuid
from datetime import timedelta

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models import Q
from django.utils import timezone

from welfare.scoping import Catalogue, Owned, ScopedManager, ScopedQuerySet, SharedDown
from welfare.vietnamese import official_date


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


class Document(models.Model):
    """The one register of documents, own and outside; bases, plans and decisions point at it.

    The date may lack its day or its month, the number may be blank, as papers in use do.
    """

    unit = models.ForeignKey("welfare.Unit", models.PROTECT, verbose_name="đơn vị vào sổ", related_name="documents")
    kind = models.ForeignKey(DocumentKind, models.PROTECT, verbose_name="loại văn bản")
    number = models.CharField("số", max_length=20, blank=True)
    symbol = models.CharField("ký hiệu", max_length=40, blank=True)
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

    scope = SharedDown()
    objects = ScopedManager()

    class Meta:
        verbose_name = "văn bản"
        verbose_name_plural = "sổ văn bản"
        ordering = ["-year", "-month", "-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(day__isnull=True) | Q(month__isnull=False),
                name="document_day_needs_month",
                violation_error_message="Văn bản có ngày thì phải có tháng.",
            )
        ]

    def __str__(self):
        return f"{self.kind} số {self.number_and_symbol}".strip() if self.number or self.symbol else self.title[:80]

    @property
    def number_and_symbol(self) -> str:
        return f"{self.number}/{self.symbol}" if self.symbol else self.number

    @property
    def issued_by(self) -> str:
        return self.issuer_unit.name if self.issuer_unit_id else str(self.issuer or "")

    def citation(self) -> str:
        """As a legal basis cites it: kind, number, date as far as known, issuer, summary."""
        parts = [
            self.kind.name,
            f"số {self.number_and_symbol}" if self.number_and_symbol else "",
            self._date_words(),
        ]
        words = " ".join(part for part in parts if part)
        issuer = f" của {self.issued_by}" if self.issued_by else ""
        return f"{words}{issuer} về {self.title}" if self.title else f"{words}{issuer}"

    def _date_words(self) -> str:
        if not self.year:
            return ""
        if self.month and self.day:
            return official_date(timezone.datetime(self.year, self.month, self.day).date())
        return f"tháng {self.month:02d} năm {self.year}" if self.month else f"năm {self.year}"


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
        may_view = user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
        return may_view and model.objects.for_user(user).filter(pk=self.subject_id).exists()


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
        expires_at=timezone.now() + timedelta(days=keep_days) if keep_days else None,
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
