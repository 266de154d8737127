"""Cách trình bày của đơn vị: who signs, who receives, how a document closes, and the unit's own Word template, by date."""

import dataclasses
import datetime

from django.conf import settings
from django.db import models
from django.db.models import Max, Q

from welfare.audit import AuditEvent, record
from welfare.documents.blocks import text_blocks
from welfare.documents.bundles import Bundle
from welfare.documents.layout import OfficialDocument, Recipient, Signature
from welfare.documents.models import StoredFile, store_file
from welfare.documents.styles.template import try_template
from welfare.history import History
from welfare.scoping import Owned
from welfare.states import locked
from welfare.units.models import InForceQuerySet, Unit
from welfare.uploads import content_type

_TWICE = "Đã có cách trình bày của văn bản này từ ngày này; hãy sửa dòng đó."


def kind_choices() -> list[tuple[str, str]]:
    return sorted(settings.DOCUMENT_NAMES.items(), key=lambda pair: pair[1])


class DocumentStyle(models.Model):
    """What is left empty stays as the programme words it. A row for one kind goes before the row for every kind."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị ban hành", related_name="+")
    kind = models.CharField(
        "văn bản", max_length=60, blank=True, choices=kind_choices, help_text="Để trống là mọi văn bản của đơn vị."
    )
    capacity = models.TextField(
        "quyền hạn, chức vụ người ký", max_length=300, blank=True,
        help_text="Mỗi dòng một cấp, ví dụ: TM. BAN THƯỜNG VỤ, dòng dưới PHÓ CHỦ TỊCH.",
    )  # fmt: skip
    signer = models.CharField("họ và tên người ký", max_length=100, blank=True)
    recipients = models.TextField("nơi nhận", max_length=2000, blank=True, help_text="Mỗi nơi một dòng.")
    closing_words = models.TextField(
        "lời kết", max_length=2000, blank=True, help_text="Thêm vào cuối nội dung, trước chữ ký."
    )
    template = models.OneToOneField(
        StoredFile, models.PROTECT, verbose_name="mẫu Word", null=True, editable=False, related_name="+"
    )
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    history = History()
    scope = Owned()
    objects = models.Manager.from_queryset(InForceQuerySet)()

    class Meta:
        verbose_name = "cách trình bày văn bản"
        verbose_name_plural = "cách trình bày văn bản"
        default_permissions = ("view", "add", "change")
        ordering = ["unit__path", "kind", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="document_style_dates_in_order",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
            models.UniqueConstraint(
                fields=["unit", "kind", "valid_from"], name="document_style_once_a_day", violation_error_message=_TWICE
            ),
            models.UniqueConstraint(
                fields=["unit", "kind"], condition=Q(valid_from=None), name="document_style_once_without_day",
                violation_error_message=_TWICE,
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.kind_name}, {self.unit.short_name}"

    @property
    def kind_name(self) -> str:
        return settings.DOCUMENT_NAMES.get(self.kind, "Mọi văn bản")

    def set_template(self, by, template):
        """Tried on a sample before it is kept. Raises ``Refused`` with a sentence for what can't be filled."""
        data = template.read()
        try_template(data)
        with locked(self) as row:
            row.template = store_file(
                data, name=template.name, content_type=content_type("x.docx"), owner=by, unit=row.unit, subject=row
            )
            row.save(update_fields=["template"])
            detail = {"template": row.template.sha256}
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail=detail)
        self.refresh_from_db()

    def drop_template(self, by):
        with locked(self) as row:
            row.template = None
            row.save(update_fields=["template"])
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"template": ""})
        self.refresh_from_db()


def styled(document: OfficialDocument | Bundle, kind: str) -> OfficialDocument | Bundle:
    """The document as its unit words and forms it on its day. Who signs is filled in where the document names nobody.

    The papers of a bundle keep the words they were issued with.
    """
    if isinstance(document, Bundle) or document.unit_id is None:
        return document
    rows = DocumentStyle.objects.filter(unit=document.unit_id, kind__in=("", kind)).in_force(_day(document))
    rows = list(rows.newest_first("-kind"))  # the row of the kind first
    template = "" if document.poster else next((str(row.template_id) for row in rows if row.template_id), "")
    changes = {"template": template}
    if (row := _first(rows, "capacity", "signer")) and _names_nobody(document):
        former = document.signatures[0]
        changes["signatures"] = [Signature(_lines(row.capacity) or former.capacity, row.signer, former.hint)]
    if (row := _first(rows, "recipients")) and document.recipients:
        changes["recipients"] = [Recipient(line) for line in _lines(row.recipients)]
    if (row := _first(rows, "closing_words")) and document.closing:
        changes["blocks"] = [*document.blocks, *text_blocks(row.closing_words)]
    return dataclasses.replace(document, **changes)


def style_changed_at(document: OfficialDocument | Bundle) -> datetime.datetime | None:
    """When a style of its unit was last written."""
    versions = DocumentStyle.history.filter(unit=getattr(document, "unit_id", None))
    return versions.aggregate(Max("history_date"))["history_date__max"]


def _first(rows, *fields):
    """The first row that says something there."""
    return next((row for row in rows if any(getattr(row, field).strip() for field in fields)), None)


def _names_nobody(document) -> bool:
    return len(document.signatures) == 1 and not document.signatures[0].name


def _lines(text) -> list[str]:
    return [line.strip(" -–") for line in text.splitlines() if line.strip(" -–")]


def _day(document) -> datetime.date | None:
    return document.date if isinstance(document.date, datetime.date) else None
