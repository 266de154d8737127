"""Uploads go on whatever is killed under them: nothing is lost, nothing is written twice."""

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection, transaction
from django.db.models import Count, Q

from beneficiaries.models import Hardship, Household, ListBatch, Person, StagedRow
from tests.factories import make_unit, make_user
from tests.stack import wait_until
from tests.test_upload import people, person_row
from welfare.jobs.queue import GAVE_UP
from welfare.models import AuditEvent, Job, Unit

UPLOADS, SIZE = 30, 20
SEED = 45

# Officers who send whatever file is put into their folder, and take every list that is ready.
OFFICERS = """
import time
from contextlib import suppress
from pathlib import Path
from django.core.files import File
from beneficiaries.intake.batches import receive
from beneficiaries.models import ListBatch
from welfare.models import User
users, folder, sent = list(User.objects.order_by("pk")), Path({folder!r}), set()
while not (folder / "home").exists():
    for path in sorted(set(folder.glob("*.xlsx")) - sent):
        sent.add(path)
        user = users[len(sent) % len(users)]
        with path.open("rb") as file:
            receive(user, user.unit, File(file, name=path.name), year=2026)
    for batch in ListBatch.objects.filter(state="ready"):
        if not (folder / "wait").exists():
            batch.commit(batch.owner)
    time.sleep(0.05)
"""


@pytest.fixture
def stack(make_stack):
    stack = make_stack("empty")
    with stack.database():
        unit = make_unit("A", "LĐLĐ huyện An", parent=make_unit("LDT", "LĐLĐ tỉnh", kind="province"))
        for username in ("donvi", "donvi2"):  # one alone may not send so many in an hour
            make_user(username, "unit_officer", unit)
        stack.start("scheduler")
        yield stack


@pytest.fixture
def folder(stack, tmp_path):
    """Where the officers look; they go home at the end."""
    folder = tmp_path / "lists"
    folder.mkdir()
    officers = Thread(target=stack.manage, args=("shell", "-c", OFFICERS.format(folder=str(folder))))
    officers.start()
    yield folder
    (folder / "home").touch()
    officers.join()


def put(folder: Path, place: int):
    """A list of people of its own, whole as soon as it is there."""
    rows = [
        person_row(f"Nguyễn Thị {_word(place)} {_word(row)}", f"083185{place * 1000 + row:06}") for row in range(SIZE)
    ]
    part = folder / f"{place}.part"
    part.write_bytes(people(*rows))
    part.rename(folder / f"{place:02}.xlsx")


def _word(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in range(2)).capitalize()


# --- what is killed -----------------------------------------------------------------------------------


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def kill(pids):
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def kill_reader(stack, delay: float):
    """The child that has a file open, as the kernel of a machine short of memory does. It lives a tenth of a second."""
    readers = wait_until(lambda: _readers(stack), "a file is read", 60, pause=0.002)
    time.sleep(delay / 10)
    kill(readers)
    wait_until(lambda: not _readers(stack), "it is asked again and answers", 60)  # else the next strike hits it too


def _readers(stack) -> list[int]:
    return [reader for process in children(stack.pid("worker")) for reader in children(process)]


def kill_processes(stack, delay: float):
    """Those of the worker that run jobs."""
    _wait_for_a_running_job(delay)
    kill(children(stack.pid("worker")))


def kill_worker(stack, delay: float):
    _wait_for_a_running_job(delay)
    stack.stop("worker", signal.SIGKILL)
    stack.start("worker")


def _wait_for_a_running_job(delay: float):
    running = Job.objects.filter(state=Job.State.RUNNING)
    wait_until(running.exists, "a job is under way", 60)
    time.sleep(delay)
    wait_until(lambda: not running.filter(attempt__gte=3).exists(), "the last attempts are over", 60)


# --- and what must be true afterwards -------------------------------------------------------------------


def in_the_ledger() -> tuple:
    """How often everything of each list is there."""
    of_batch = ListBatch.objects.annotate(staged=Count("rows")).values_list("state", "staged")
    jobs = Job.objects.values_list("kind").annotate(Count("pk"), done=Count("pk", filter=Q(state=Job.State.DONE)))
    ours = AuditEvent.objects.filter(subject_kind="beneficiaries.listbatch")
    return (
        set(of_batch),
        {kind: (count, done) for kind, count, done in jobs if kind in ("read_list", "commit_list")},
        [model.objects.count() for model in (ListBatch, StagedRow, Person, Household, Hardship)],
        [model.history.count() for model in (Person, Household, Hardship)],
        dict(ours.values_list("action").annotate(Count("pk"))),
    )


def everything_once(lists: int) -> tuple:
    rows = lists * SIZE
    return (
        {("committed", SIZE)},
        {"read_list": (lists, lists), "commit_list": (lists, lists)},
        [lists, rows, rows, rows, rows],
        [rows] * 3,
        {"upload": lists, "change": lists},
    )


def all_ended(lists: int) -> bool:
    for job in Job.objects.filter(state=Job.State.FAILED, message=GAVE_UP):  # hit three times: its owner tries again
        job.retry()
    return ListBatch.objects.filter(state__in=["committed", "refused"]).count() == lists


def test_thirty_uploads_survive_thirty_kills(stack, folder):
    """The first is hit in the one transaction of each step, the others at random moments of whatever is under way."""
    chance = random.Random(SEED)
    kinds = [kill_reader] * 14 + [kill_processes] * 12 + [kill_worker] * 2
    chance.shuffle(kinds)
    _hit_both_transactions(stack, folder)
    for place, strike in enumerate(kinds, 1):
        put(folder, place)
        strike(stack, chance.uniform(0, 0.5))
    put(folder, UPLOADS - 1)
    wait_until(lambda: all_ended(UPLOADS), "all lists are taken", 120)
    assert in_the_ledger() == everything_once(UPLOADS)


def _hit_both_transactions(stack, folder):
    """Each waits for a row that we hold: it has begun and can't have ended."""
    (folder / "wait").touch()
    put(folder, 0)
    wait_until(ListBatch.objects.exists, "the list is sent", 60)
    with transaction.atomic():
        ListBatch.objects.select_for_update().get()
        stack.start("worker")
        _kill_while_it_waits_for_us(stack)
    wait_until(lambda: ListBatch.objects.filter(state="ready").exists(), "the list is read", 60)
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(code="A")
        (folder / "wait").unlink()
        _kill_while_it_waits_for_us(stack)
    wait_until(lambda: all_ended(1), "the list is taken", 60)
    assert in_the_ledger() == everything_once(1)
    assert list(Job.objects.filter(kind__in=["read_list", "commit_list"]).values_list("attempt", flat=True)) == [2, 2]


def _kill_while_it_waits_for_us(stack):
    wait_until(_somebody_waits_for_a_lock, "the job waits for us", 60)
    kill_worker(stack, 0)


def _somebody_waits_for_a_lock() -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(waiting)
        return cursor.fetchone()[0] > 0
