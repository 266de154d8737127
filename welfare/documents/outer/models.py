"""Biểu mẫu của cấp trên: a form that the confederation or the province made, each cell told once what it asks for."""

from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.module_loading import import_string

from welfare.audit import AuditEvent, record
from welfare.documents.models import StoredFile
from welfare.documents.outer.periods import Period
from welfare.history import History
from welfare.jobs.models import Job
from welfare.jobs.queue import submit
from welfare.scoping import ScopedManager, SharedDown
from welfare.states import Refused, locked
from welfare.units.models import Unit, User


class Fact(NamedTuple):
    """What a cell may ask for. ``label`` is what is chosen on screen, each but once."""

    key: str
    label: str


class Percent(NamedTuple):
    """So many of a hundred: a cell that shows percentages by its format holds a hundredth of it."""

    value: Decimal


class Year(NamedTuple):
    """A number that no words group by thousands."""

    value: int


def facts() -> list[Fact]:
    return import_string(settings.FORM_FACTS["choices"])()


def fact_values(user, unit, period: Period, keys) -> dict:
    """{key: text, day, number, ``Percent``, ``Year`` or None}. Raises ``PermissionDenied`` where ``user`` may not read figures."""
    return import_string(settings.FORM_FACTS["values"])(user, unit, period, keys)


class OuterForm(models.Model):
    """A form as it was sent: read by a job, then mapped once and filled each period.

    ``sheets`` is what its cells say, as the job read them; ``mapping`` {cell's key: key of a fact}. ``message``: why it
    can't be read, or what it took over from ``replaces``, the edition in whose place it stands once it is read.
    """

    class State(models.TextChoices):
        READING = "reading", "Đang đọc"
        READ = "read", "Đã đọc"
        REFUSED = "refused", "Không đọc được"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="+")
    name = models.CharField("tên biểu mẫu", max_length=200)
    source = models.CharField("cơ quan ban hành biểu mẫu", max_length=200, blank=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name="tệp", related_name="+")
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    job = models.ForeignKey(Job, models.SET_NULL, verbose_name="việc đọc", null=True, related_name="+", editable=False)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.READING, editable=False)
    message = models.CharField("kết quả đọc", max_length=300, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self", models.PROTECT, verbose_name="thay bản trước", null=True, related_name="+", editable=False
    )
    sheets = models.JSONField(default=list, editable=False)
    mapping = models.JSONField("ô và chỉ số", default=dict, editable=False)
    edition = models.PositiveIntegerField(default=0, editable=False)
    is_used = models.BooleanField("đang dùng", default=True)
    created_by = models.ForeignKey(User, models.PROTECT, verbose_name="người tải lên", related_name="+")
    created_at = models.DateTimeField("tải lên lúc", auto_now_add=True)

    history = History(excluded_fields=["sheets"])
    scope = SharedDown()
    objects = ScopedManager()

    class Meta:
        verbose_name = "biểu mẫu của cấp trên"
        verbose_name_plural = "biểu mẫu của cấp trên"
        default_permissions = ("view", "add", "change")
        ordering = ["-is_used", "name", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], condition=models.Q(is_used=True), name="outer_form_name_once",
                violation_error_message="Đơn vị đã có biểu mẫu đang dùng mang tên này.",
            ),
            models.UniqueConstraint(
                fields=["unit", "sha256"], condition=~Q(sha256=""), name="outer_form_file_once",
                violation_error_message="Đơn vị đã gửi tệp biểu mẫu này.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    @property
    def cells(self) -> dict[str, dict]:
        """Every place by its key: the cells, and the dotted blanks inside cells that also say something."""
        return {
            place["key"]: place
            for sheet in self.sheets for row in sheet["rows"] for cell in row for place in (cell, *cell.get("blanks", ()))
        }  # fmt: skip

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.READING and self.job is not None and self.job.is_unfinished

    @property
    def needs_another_file(self) -> bool:
        """It was refused, or the reading broke off: its job was cancelled or gave up."""
        return self.state != self.State.READ and not self.is_waiting

    def need_read(self):
        if self.state != self.State.READ:
            raise Refused("Biểu mẫu chưa được đọc xong nên chưa gắn và chưa điền được; hãy đợi đọc xong.")

    def map_cells(self, by, mapping: dict[str, str], *, edition: int):
        """Raises ``Refused`` when somebody mapped it after ``edition`` was read, or a cell can't be filled."""
        known = {fact.key for fact in facts()}
        with locked(self) as row:
            row.need_read()
            if row.edition != edition:
                raise Refused(
                    "Người khác vừa sửa biểu mẫu này nên chưa lưu. Dưới đây là những gì bạn chọn cùng các ô người kia đã gắn; "
                    "hãy xem lại rồi lưu lần nữa."
                )
            cells = row.cells
            if any(key not in cells or not cells[key]["fill"] or fact not in known for key, fact in mapping.items()):
                raise Refused("Có ô không điền được hoặc chỉ số không còn; hãy tải lại trang rồi chọn lại.")
            row.mapping, row.edition = mapping, row.edition + 1
            row.save(update_fields=["mapping", "edition"])
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"mapped": len(mapping)})
        self.refresh_from_db()

    def set_aside(self, by):
        """Out of use, or into use again."""
        with locked(self) as row:
            if not row.is_used or row.is_waiting:
                row.need_read()
            row.is_used = not row.is_used
            row.save(update_fields=["is_used"])
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"used": row.is_used})

    def request_copy(self, by, unit, period: Period):
        """The job that fills a copy with a unit's figures of a period."""
        self.need_read()
        if not self.mapping:
            raise Refused("Biểu mẫu chưa gắn ô nào với chỉ số; hãy gắn rồi điền.")
        fact_values(by, unit, period, [])
        params = {"form": self.pk, "unit": unit.pk, "first": str(period.first), "end": str(period.end)}
        title = f"Điền {self.name[:90]}, {unit.short_name}, {period.name}"
        return submit("fill_form", title=title, owner=by, unit=by.unit, params=params)

    @property
    def copies(self):
        """The filled ones, which are younger than the form's file; one refused before it is older."""
        return StoredFile.objects.filter(
            subject_kind__app_label="welfare", subject_kind__model="outerform", subject_id=str(self.pk),
            created_at__gt=self.file.created_at,
        )  # fmt: skip
