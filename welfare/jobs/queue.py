"""Submitting, running and sweeping jobs. The broker carries only ids and may lose any of them."""

import gc
from contextlib import contextmanager
from functools import partial

import structlog
from celery.exceptions import OperationalError as CeleryOperationalError
from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError as BrokerDown

from welfare.jobs.models import Job, JobFailed, JobStopped
from welfare.states import Refused

log = structlog.get_logger("welfare.jobs")

GAVE_UP = "Đã thử 3 lần nhưng không xong; hãy kiểm tra tệp hoặc báo quản trị hệ thống."
UNEXPECTED = "Có lỗi ngoài dự kiến, hệ thống sẽ tự thử lại."


def submit(kind: str, *, title: str, owner, unit, params=None, key=None) -> Job:
    """Write a queued job in the caller's transaction; it is sent when that commits.

    ``kind`` is a key of ``settings.JOBS``; ``key`` makes the same request twice one job (the existing one is returned).
    """
    if kind not in settings.JOBS:
        raise LookupError(kind)
    fields = {"kind": kind, "title": title[:200], "owner": owner, "unit": unit, "params": params or {}}
    job, is_new = Job.objects.get_or_create(key=key, defaults=fields) if key else (Job.objects.create(**fields), True)
    if is_new:
        transaction.on_commit(lambda: send(job.pk))
    return job


def submit_parts(whole: Job, kind: str, params: list[dict]):
    """One queued job a part of ``whole``, sent when the caller's transaction commits; nobody is told of each."""
    parts = Job.objects.bulk_create(
        Job(kind=kind, title=whole.title, owner=whole.owner, unit=whole.unit, parent=whole, params=each, seen=True)
        for each in params
    )
    for part in parts:
        transaction.on_commit(partial(send, part.pk))


def send(job_id):
    """Hand the id to the broker; when it is down the job stays queued and the sweeper sends it later."""
    from welfare.jobs.tasks import run_job

    try:
        run_job.apply_async([str(job_id)], retry=False)
    except (BrokerDown, CeleryOperationalError, OSError) as error:
        log.warning("broker_down", job=str(job_id), error=type(error).__name__)
        return
    Job.objects.filter(pk=job_id).update(sent_at=timezone.now())


def run(job_id):
    """Run one job now, in this process. Running it twice has one effect: only a queued job can be claimed."""
    job = Job.objects.select_related("owner", "unit").filter(pk=job_id).first()
    if job is None or not job.claim():
        return
    with structlog.contextvars.bound_contextvars(job=str(job.pk), kind=job.kind, attempt=job.attempt), _rare_sweeping():
        _run_claimed(job)


@contextmanager
def _rare_sweeping():
    """Python looks for unreachable cycles every 700 new objects: of a list's half a million, none of which can go before
    the job ends, that was a seventh of the time it took."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _run_claimed(job):
    try:
        import_string(settings.JOBS[job.kind])(job)
        if job.state == Job.State.RUNNING:
            with job.completing():
                pass
    except JobStopped:
        log.info("job_stopped")
    except (JobFailed, Refused) as refusal:
        _quietly(job.fail, str(refusal))
    except Exception as error:
        _after_error(job, error)


def _after_error(job, error):
    """A broken connection is retried by the sweeper when the lease ends; anything else is tried at most 3 times."""
    log.exception("job_error", error=type(error).__name__)
    try:
        if job.attempt >= settings.JOB_MAX_ATTEMPTS:
            _quietly(job.fail, GAVE_UP)
        else:
            Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempt=job.attempt).update(
                state=Job.State.QUEUED, message=UNEXPECTED, sent_at=timezone.now()
            )
    except OperationalError:
        log.warning("job_left_to_sweeper")


def _quietly(end, message):
    try:
        end(message)
    except JobStopped:
        log.info("job_stopped")


def sweep():
    """Requeue what was lost and send what was never sent. Two sweepers at once do no harm."""
    for job in Job.objects.lost():
        same_run = Job.objects.lost().filter(pk=job.pk, attempt=job.attempt)
        if job.attempt >= settings.JOB_MAX_ATTEMPTS:
            if same_run.update(state=Job.State.FAILED, message=GAVE_UP, finished_at=timezone.now()):
                job.fail_parent(GAVE_UP)
        elif same_run.update(state=Job.State.QUEUED, sent_at=None, message="Bị ngắt giữa chừng, đang chạy lại."):
            log.warning("job_requeued", job=str(job.pk))
    for job_id in Job.objects.unsent().order_by("created_at").values_list("pk", flat=True)[:200]:
        send(job_id)
