"""Biểu mẫu của cấp trên: a form that the confederation or the province made, each cell told once what it asks for."""

import json
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from welfare.audit import AuditEvent, record
from welfare.children import ChildDied, ask_child
from welfare.documents.models import StoredFile, store_file
from welfare.history import History
from welfare.jobs.models import JobFailed
from welfare.jobs.queue import submit
from welfare.scoping import ScopedManager, SharedDown
from welfare.states import Refused, locked
from welfare.units.models import Unit, User
from welfare.uploads import content_type

_PROCESS, _SECONDS = "welfare.documents.outer.process", 60
_UNREADABLE = "Không mở được biểu mẫu này; hãy mở bằng Excel hoặc Word, lưu lại rồi tải lên."


class Fact(NamedTuple):
    """What a cell may ask for. ``label`` is what is chosen on screen, each but once."""

    key: str
    label: str


def facts() -> list[Fact]:
    return import_string(settings.FORM_FACTS["choices"])()


def fact_values(user, unit, first: date, last: date, keys) -> dict:
    """{key: text, number or None}. Raises ``PermissionDenied`` where ``user`` may not read figures."""
    return import_string(settings.FORM_FACTS["values"])(user, unit, first, last, keys)


class OuterForm(models.Model):
    """``sheets`` is what its cells say, as the child read them; ``mapping`` {cell's key: key of a fact}."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="+")
    name = models.CharField("tên biểu mẫu", max_length=200)
    source = models.CharField("cơ quan ban hành biểu mẫu", max_length=200, blank=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name="tệp", related_name="+")
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
        ordering = ["-is_used", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], condition=models.Q(is_used=True), name="outer_form_name_once",
                violation_error_message="Đơn vị đã có biểu mẫu đang dùng mang tên này.",
            )
        ]  # fmt: skip

    def __str__(self):
        return self.name

    @property
    def cells(self) -> dict[str, dict]:
        return {cell["key"]: cell for sheet in self.sheets for row in sheet["rows"] for cell in row}

    def map_cells(self, by, mapping: dict[str, str], *, edition: int):
        """Raises ``Refused`` when somebody mapped it after ``edition`` was read, or a cell can't be filled."""
        known = {fact.key for fact in facts()}
        with locked(self) as row:
            if row.edition != edition:
                raise Refused(
                    "Người khác vừa sửa biểu mẫu này. Những gì bạn chọn còn ở dưới, chưa được lưu; hãy lưu lần nữa."
                )
            cells = row.cells
            if any(key not in cells or not cells[key]["fill"] or fact not in known for key, fact in mapping.items()):
                raise Refused("Có ô không điền được hoặc chỉ số không còn; hãy tải lại trang rồi chọn lại.")
            row.mapping, row.edition = mapping, row.edition + 1
            row.save(update_fields=["mapping", "edition"])
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"mapped": len(mapping)})
        self.refresh_from_db()

    def set_aside(self, by):
        with locked(self) as row:
            row.is_used = not row.is_used
            row.save(update_fields=["is_used"])
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"used": row.is_used})

    def request_copy(self, by, unit, first: date, last: date):
        """The job that fills a copy with a unit's figures of these days."""
        if not self.mapping:
            raise Refused("Biểu mẫu chưa gắn ô nào với chỉ số; hãy gắn rồi điền.")
        if last < first:
            raise Refused("Ngày cuối phải từ ngày đầu trở đi.")
        fact_values(by, unit, first, last, [])
        params = {"form": self.pk, "unit": unit.pk, "first": str(first), "last": str(last)}
        return submit("fill_form", title=f"Điền {self.name}, {unit.short_name}", owner=by, unit=by.unit, params=params)

    @property
    def copies(self):
        return StoredFile.objects.filter(
            subject_kind__app_label="welfare", subject_kind__model="outerform", subject_id=str(self.pk)
        ).exclude(pk=self.file_id)


def receive_form(user, unit, *, name: str, source: str, upload) -> OuterForm:
    """Raises ``Refused`` with a sentence for what is no form."""
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        answer = _asked("read", copy.name)
    upload.seek(0)
    stored = store_file(
        upload, name=upload.name, content_type=content_type(f"x.{answer['kind']}"), owner=user, unit=unit
    )
    form = OuterForm.objects.create(
        unit=unit, name=name, source=source, file=stored, sheets=answer["sheets"], created_by=user
    )
    stored.subject = form
    stored.save(update_fields=["subject_kind", "subject_id"])
    record(AuditEvent.Action.UPLOAD, actor=user, subject=form, unit=unit)
    return form


def _asked(*arguments, tick=None) -> dict:
    try:
        answer = ask_child(_PROCESS, *arguments, seconds=_SECONDS, tick=tick)
    except ChildDied:
        raise Refused(_UNREADABLE) from None
    if refused := answer.get("refused"):
        raise Refused(refused)
    return answer


def fill_form(job):
    """The job: a copy with figures and texts of the mapped cells; what is not known stays empty."""
    form = OuterForm.objects.for_user(job.owner).select_related("file").filter(pk=job.params["form"]).first()
    unit = Unit.objects.get(pk=job.params["unit"])
    if form is None or not job.owner.reach.covers(unit.pk):
        raise JobFailed("Bạn không còn được xem biểu mẫu hoặc đơn vị này nên không điền được.")
    first, last = (date.fromisoformat(job.params[name]) for name in ("first", "last"))
    job.progress(0, 2, "Đang lấy số liệu.")
    known = fact_values(job.owner, unit, first, last, set(form.mapping.values()))
    values = {key: _plain(known[fact]) for key, fact in form.mapping.items() if known.get(fact) is not None}
    job.progress(1, 2, "Đang điền biểu mẫu.")
    content = filled(form, values, tick=job.beat)
    rest = "; ô còn lại chưa có số liệu hoặc quá ít người để nêu" if len(values) < len(form.mapping) else ""
    with job.completing(f"Đã điền {len(values)} trên {len(form.mapping)} ô{rest}."):
        job.result = store_file(
            content, name=_copy_name(form, unit, first, last), content_type=form.file.content_type, owner=job.owner,
            unit=unit, subject=form,
        )  # fmt: skip


def filled(form: OuterForm, values: dict, tick=None) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, given, target = (Path(folder) / name for name in ("form", "values.json", "filled"))
        with form.file.file.open() as file:
            source.write_bytes(file.read())
        given.write_text(json.dumps(values), encoding="utf-8")
        _asked("fill", str(source), str(given), str(target), tick=tick)
        return target.read_bytes()


def _copy_name(form, unit, first, last) -> str:
    ending = form.file.name.rpartition(".")[2]
    return f"{form.name[:70]} {unit.short_name} {first:%d-%m-%Y} den {last:%d-%m-%Y}.{ending}"


def _plain(value):
    """A number as JSON has it, whole where it is."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
