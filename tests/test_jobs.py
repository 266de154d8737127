import signal
import time
from contextlib import suppress

import pytest
from django.conf import settings
from django.db import transaction

from tests.factories import make_unit, make_user
from tests.stack import wait_until
from welfare.jobs import queue
from welfare.jobs.models import Job, JobStopped
from welfare.models import Organization

OWN_JOBS = {"DJANGO_SETTINGS_MODULE": "tests.settings"}


@pytest.fixture(autouse=True)
def _counting(settings):
    settings.JOBS = {**settings.JOBS, "count": "tests.counting.count"}


@pytest.fixture
def job(unit_officer_a, district_a):
    params = {"steps": 2, "pause": 0}
    return queue.submit("count", title="Đếm thử", owner=unit_officer_a, unit=district_a, params=params)


def submit_on(stack, steps=20, **params) -> Job:
    """One counting job, submitted by a process of the stack, so that its message goes to the stack's own broker."""
    if not Job.objects.exists():
        make_user("nguoiyeucau", "province_officer", make_unit("LDT", "LĐLĐ tỉnh", kind="province"))
    stack.manage(
        "shell",
        "-c",
        "from welfare.jobs.queue import submit; from welfare.models import User; user = User.objects.get(); "
        f"submit('count', title='Đếm thử', owner=user, unit=user.unit, params={ {'steps': steps, **params}!r})",
    )
    return Job.objects.latest("created_at")


def state_of(job):
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def effects(job) -> int:
    return Organization.objects.filter(name=str(job.pk)).count()


@pytest.mark.engine
def test_running_a_job_twice_has_one_effect(job):
    queue.run(job.pk)
    queue.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.percent, job.message, effects(job)) == (Job.State.DONE, 100, "Đã đếm xong.", 1)


@pytest.mark.engine
def test_the_same_key_is_the_same_job(unit_officer_a, district_a):
    request = {"title": "Đếm", "owner": unit_officer_a, "unit": district_a, "params": {"steps": 1}, "key": "lần 1"}
    assert queue.submit("count", **request).pk == queue.submit("count", **request).pk


def test_a_job_exists_exactly_when_its_subject_does(unit_officer_a, district_a):
    with suppress(ZeroDivisionError), transaction.atomic():
        queue.submit("count", title="Đếm", owner=unit_officer_a, unit=district_a, params={"steps": 1})
        raise ZeroDivisionError
    assert Job.objects.count() == 0


@pytest.mark.engine
def test_a_run_that_lost_its_lease_can_neither_report_nor_complete(job):
    assert job.claim()
    slow_run = Job.objects.get(pk=job.pk)
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    assert Job.objects.get(pk=job.pk).claim()
    with pytest.raises(JobStopped):
        slow_run.progress(1, 2, "muộn")
    with pytest.raises(JobStopped), slow_run.completing():
        Organization.objects.create(name=str(job.pk), kind="other")
    assert effects(job) == 0


def test_a_cancelled_job_stops_at_its_next_report_without_effect(job):
    assert job.claim()
    assert Job.objects.get(pk=job.pk).cancel()
    with pytest.raises(JobStopped):
        job.progress(1, 2, "vẫn chạy")
    assert (state_of(job), Job.objects.get(pk=job.pk).cancel()) == (Job.State.CANCELLED, False)


@pytest.mark.logs_errors
def test_a_job_that_keeps_breaking_is_tried_three_times_and_then_says_so(unit_officer_a, district_a):
    params = {"steps": 1, "pause": 0, "breaks_at": 0}
    job = queue.submit("count", title="Hỏng", owner=unit_officer_a, unit=district_a, params=params)
    for _ in range(5):
        queue.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.message) == (Job.State.FAILED, 3, queue.GAVE_UP)
    assert job.retry()
    assert (state_of(job), Job.objects.get(pk=job.pk).attempt) == (Job.State.QUEUED, 0)


def test_a_job_whose_worker_died_three_times_is_given_up(job):
    for _ in range(settings.JOB_MAX_ATTEMPTS):
        assert Job.objects.get(pk=job.pk).claim()
        Job.objects.filter(pk=job.pk).update(lease_until="2020-01-01T00:00Z")
        queue.sweep()
    assert state_of(job) == Job.State.FAILED


def test_another_users_job_is_not_found(job, client_of, unit_officer_b, officer):
    for stranger in (unit_officer_b, officer):
        client = client_of(stranger)
        assert client.get(f"/viec/{job.pk}/").status_code == 404
        assert client.post(f"/viec/{job.pk}/huy/").status_code == 404
        assert client.post(f"/viec/{job.pk}/chay-lai/").status_code == 404
    assert state_of(job) == Job.State.QUEUED


def test_the_owner_sees_the_row_live_until_it_ends(job, client_of, unit_officer_a):
    client = client_of(unit_officer_a)
    assert 'hx-trigger="every 1s"' in client.get(f"/viec/{job.pk}/").content.decode()
    queue.run(job.pk)
    ended = client.get(f"/viec/{job.pk}/").content.decode()
    assert ("hx-trigger" in ended, "Đã đếm xong." in ended) == (False, True)


def test_cancelling_needs_a_post(job, client_of, unit_officer_a):
    assert client_of(unit_officer_a).get(f"/viec/{job.pk}/huy/").status_code == 405
    assert state_of(job) == Job.State.QUEUED


def test_a_broker_that_is_down_or_forgets_everything_delays_but_loses_nothing(make_stack):
    stack = make_stack("empty", **OWN_JOBS)
    with stack.database():
        forgotten = submit_on(stack, steps=1)
        stack.broker.stop()  # nothing was persisted: the message is gone
        unsent = submit_on(stack, steps=2)
        assert (state_of(unsent), Job.objects.get(pk=unsent.pk).sent_at) == (Job.State.QUEUED, None)
        stack.broker.start()
        stack.start("worker", "scheduler")
        wait_until(lambda: {state_of(forgotten), state_of(unsent)} == {Job.State.DONE}, "both jobs are done", 60)
        assert (effects(forgotten), effects(unsent)) == (1, 1)


def test_at_the_usual_settings_a_lost_job_is_back_within_a_minute(make_stack):
    usual = {"JOB_LEASE_SECONDS": "30", "JOB_SWEEP_SECONDS": "15"}
    stack = make_stack("empty", **OWN_JOBS, **usual)
    with stack.database():
        stack.start("worker", "scheduler")
        job = submit_on(stack, steps=40, pause=0.05)
        wait_until(lambda: Job.objects.get(pk=job.pk).done > 3, "the job is under way")
        stack.stop("worker", signal.SIGKILL)
        killed = time.monotonic()
        stack.start("worker")
        wait_until(lambda: Job.objects.get(pk=job.pk).attempt == 2, "the job is running again", 70)
        assert time.monotonic() - killed <= 60
        wait_until(lambda: state_of(job) == Job.State.DONE, "the job is done", 30)
        assert effects(job) == 1


def test_the_owner_is_told_once_that_a_job_ended(job, client_of, unit_officer_a):
    client = client_of(unit_officer_a)
    queue.run(job.pk)
    assert "việc chạy nền đã xong" in client.get("/").content.decode()
    assert "Đã đếm xong." in client.get("/viec/").content.decode()
    assert "việc chạy nền đã xong" not in client.get("/").content.decode()
