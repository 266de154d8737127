"""All rows of a figure as a workbook, made by a job in constant memory; for its owner alone."""

import tempfile
from itertools import chain, islice

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone

from reports.rows.views import Asked, asked_rows
from welfare.audit import AuditEvent, record
from welfare.documents.models import store_file
from welfare.documents.printing import FORMATS, KEEP_DAYS
from welfare.documents.tables import Sheet, write_xlsx
from welfare.jobs.models import Job, JobFailed
from welfare.jobs.queue import submit
from welfare.site import page
from welfare.units.models import User
from welfare.vietnamese import format_number

KIND = "figure_rows"
AT_ONCE = 2_000
A_SHEET = 1_000_000  # a worksheet holds 1,048,576


@page(permission="programs.view_actual", methods=("POST",))
def figure_rows_workbook(request, indicator_id):
    """Asked for by the address of the page of rows."""
    request_workbook(request.user, asked_rows(request.user, indicator_id, request.GET))
    return redirect("welfare:job_list")


def request_workbook(user, asked: Asked) -> Job:
    """Asked again while unfinished, it is the same job. Raises ``Http404`` for what has no rows."""
    if not asked.found:
        raise Http404
    params = {"indicator": asked.indicator.pk, **asked.query}
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        same = Job.objects.filter(owner=user, kind=KIND, params=params).unfinished().first()
        title = f"Danh sách chi tiết: {asked.indicator.name}"
        return same or submit(KIND, title=title, owner=user, unit=user.unit, params=params)


def make_workbook(job):
    """The job: as its owner may read now."""
    asked, written = _asked_of(job), _Written(job)
    with tempfile.TemporaryFile() as file:
        write_xlsx(file, _sheets(asked, written.of(asked)))
        file.seek(0)
        with job.completing(f"Đã lập xong danh sách {format_number(written.count)} dòng."):
            job.result = store_file(
                file, name=f"{asked.indicator.name[:100]}.xlsx", content_type=FORMATS["xlsx"].content_type,
                owner=job.owner, unit=job.unit, keep_days=KEEP_DAYS,
            )  # fmt: skip
            detail = {"of": asked.indicator.code, "rows": written.count, **asked.query}
            record(AuditEvent.Action.EXPORT, actor=job.owner, subject=job.result, unit=asked.unit, detail=detail)


def _asked_of(job) -> Asked:
    try:
        asked = asked_rows(job.owner, job.params["indicator"], job.params)
    except (Http404, PermissionDenied):
        asked = None
    if asked is None or not job.owner.has_perm("programs.view_actual"):
        raise JobFailed("Bạn không còn được xem danh sách này nên không lập được tệp Excel.")
    if not asked.found:
        raise JobFailed("Chỉ số này không còn được đếm từ sổ nên không có danh sách để lập tệp Excel.")
    return asked


class _Written:
    """Rows on their way into the workbook: counted, and told of by the job."""

    def __init__(self, job):
        self.job, self.count = job, 0

    def of(self, asked: Asked):
        walk, place, expected = asked.walk(), "", asked.count if asked.is_counted else 0
        while True:
            self.job.progress(self.count, max(expected, self.count), "Đang ghi danh sách.")
            stretch = walk.stretch(AT_ONCE, after=place)
            for row in stretch.rows:
                self.count += 1
                yield [value(row) for _, value in asked.listing.columns]
            if not stretch.has_after:
                return
            place = stretch.last


def _sheets(asked: Asked, rows):
    """One, however few the rows; more where one can't hold them."""
    header, titles = [header for header, _ in asked.listing.columns], _titles(asked)
    first = next(rows, None)
    number, begun = 1, [] if first is None else [first]
    while begun or number == 1:
        yield Sheet(f"Danh sách {number}", header, chain(begun, islice(rows, A_SHEET - 1)), titles=titles)
        begun, number = list(islice(rows, 1)), number + 1


def _titles(asked: Asked) -> list[str]:
    time = f"Mùa {asked.season}" if asked.season else f"Từ tháng {asked.first:%m/%Y} đến tháng {asked.last:%m/%Y}"
    found = asked.found
    told = [asked.indicator.name, f"{asked.unit.name}. {time}", found.why_fewer, found.measure.listed_once]
    if asked.only_missing:
        told.append(found.measure.missing.removeprefix("Chỉ xem ").capitalize())
    return [*filter(None, told), f"Lập lúc {timezone.localtime():%H:%M ngày %d/%m/%Y}"]
