"""A copy of a form with a unit's figures of a period."""

import json
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.core.exceptions import PermissionDenied

from welfare.documents.layout import printable
from welfare.documents.models import store_file
from welfare.documents.outer.asking import ask
from welfare.documents.outer.models import OuterForm, Percent, Year, fact_values
from welfare.documents.outer.periods import Period
from welfare.jobs.models import JobFailed
from welfare.units.models import Unit

_NO_MORE = "Bạn không còn được xem biểu mẫu hoặc số liệu của đơn vị này nên không điền được."


def fill_form(job):
    """The job: figures and texts in the mapped cells of a copy; what is not known stays empty."""
    form = OuterForm.objects.for_user(job.owner).select_related("file").filter(pk=job.params["form"]).first()
    unit = Unit.objects.get(pk=job.params["unit"])
    if form is None or not job.owner.has_perm("welfare.view_outerform"):
        raise JobFailed(_NO_MORE)
    period = Period(*(date.fromisoformat(job.params[name]) for name in ("first", "end")))
    job.progress(0, 2, "Đang lấy số liệu.")
    try:
        known = fact_values(job.owner, unit, period, set(form.mapping.values()))
    except PermissionDenied:
        raise JobFailed(_NO_MORE) from None
    values = {key: _plain(known[fact]) for key, fact in form.mapping.items() if known.get(fact) not in (None, "")}
    job.progress(1, 2, "Đang điền biểu mẫu.")
    content = filled(form, values, tick=job.beat)
    with job.completing(_told(len(values), len(form.mapping))):
        job.result = store_file(
            content, name=_copy_name(form, unit, period), content_type=form.file.content_type, owner=job.owner,
            unit=unit, subject=form,
        )  # fmt: skip


def filled(form: OuterForm, values: dict, tick=None) -> bytes:
    """``values`` {cell's key: what ``_plain`` gives}."""
    with tempfile.TemporaryDirectory() as folder:
        source, given, target = (Path(folder) / name for name in ("form", "values.json", "filled"))
        with form.file.file.open() as file:
            source.write_bytes(file.read())
        given.write_text(json.dumps(values), encoding="utf-8")
        ask("fill", str(source), str(given), str(target), tick=tick)
        return target.read_bytes()


def _told(known: int, mapped: int) -> str:
    if known == mapped:
        return f"Đã điền cả {mapped} ô đã gắn."
    return (
        f"Đã điền {known} trên {mapped} ô đã gắn; ô còn lại chưa có số liệu, quá ít người để nêu, hoặc là số đếm không "
        "trùng hay tỷ lệ, vốn chỉ có từ đầu năm."
    )


def _copy_name(form, unit, period) -> str:
    ending = form.file.name.rpartition(".")[2]
    so_far = f" đến {period.last:%d-%m-%Y}" if period.is_running else ""
    return f"{form.name[:60]} {unit.short_name[:40]} {period.name}{so_far}.{ending}".replace("/", "-")


def _plain(value):
    """As JSON has it: a number whole where it is, a day, a year and a percentage named as such, a text as XML can hold it."""
    if isinstance(value, Percent):
        return {"percent": float(value.value)}
    if isinstance(value, Year):
        return {"year": value.value}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return printable(value)
