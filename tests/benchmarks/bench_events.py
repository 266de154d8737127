"""What an event asks of the machine, on PostgreSQL.

100 units' officers nominate into one share at once, by the page's own requests: exact, and how fast. Then invitations
are issued and printed by two workers: how long, and how much memory a process takes that sets their pages.
"""

import os
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import quantiles

ASKED, POOL, TIMES = 100, 20, 20  # PostgreSQL allows 100 connections in all
HOLDS = (1, 7, 30)
LIMIT = 3.0  # seconds, p95
GUESTS = (70, 280)
PRINTED_WITHIN = 10.0  # seconds for all of them, on two cores


def main():
    with _province() as (unit, officer):
        print(f"{ASKED} nominations at once through {POOL} connections, {TIMES} times; p95 limit {LIMIT:.0f} s")
        print(f"{'share of':>8} {'exact':>8} {'errors':>7} {'median':>8} {'p95':>8} {'most':>8}  seconds")
        for holds in HOLDS:
            _print_races(unit, officer, holds)
        print(f"\ninvitations issued and printed by two workers; limit {PRINTED_WITHIN:.0f} s for {GUESTS[-1]}")
        print(f"{'guests':>8} {'issued':>8} {'printed':>8} {'CPU':>8} seconds {'most memory':>12} {'file':>8}")
        for guests in GUESTS:
            _print_invitations(unit, officer, guests)
        print(flush=True)


@contextmanager
def _province():
    from tests import services

    services._start()
    if not os.environ["DATABASE_URL"].startswith("postgres"):
        sys.exit("bench events needs PostgreSQL: set DATABASE_URL or install it")
    import django

    django.setup()
    from tests import databases

    url = databases.copy("empty", "bench")
    try:
        with databases.connected_to(url):
            from tests.factories import make_unit, make_user

            province = make_unit("LDT", "LĐLĐ tỉnh", kind="province")
            unit = make_unit("A", "LĐLĐ huyện An", parent=province)
            make_user("canbo", "province_officer", province)
            yield unit, make_user("donvia", "unit_officer", unit)
    finally:
        databases.drop(url)


def _print_races(unit, officer, holds):
    exact, errors, seconds = 0, 0, []
    for number in range(TIMES):
        share = _share(unit, holds, number)
        answers = _race(share, officer)
        exact += share.delegates.holding().count() == holds
        errors += sum(status >= 500 for status, _ in answers)
        seconds += [taken for _, taken in answers]
    cuts = quantiles(seconds, n=20)
    slow = "  over the limit" if cuts[18] > LIMIT else ""
    print(
        f"{holds:8} {exact:5}/{TIMES} {errors:7} {cuts[9]:8.2f} {cuts[18]:8.2f} {max(seconds):8.2f}{slow}", flush=True
    )
    if exact < TIMES or errors:
        sys.exit("the quota was not held exactly")


def _share(unit, holds, number):
    from tests.factories import make_event, make_line
    from welfare.models import User

    event = make_event(unit.get_parent(), holds, code=f"SK{holds}-{number}")
    share = make_line(event, holds, shares={unit: holds}).shares.get()
    event.announce(User.objects.get(username="canbo"))
    return share


def _race(share, officer):
    from django.db import connection
    from django.test import Client

    clients = []
    for _ in range(POOL):
        clients.append(Client(SERVER_NAME="localhost"))
        clients[-1].force_login(officer, backend="welfare.units.roles.AppointmentBackend")

    def one(number):
        start = time.perf_counter()
        page = f"/su-kien/phan/{share.pk}/de-cu/"
        answer = clients[number % POOL].post(page, {"full_name": f"Đại biểu {number}", "birth": "1980"})
        connection.close()
        return answer.status_code, time.perf_counter() - start

    with ThreadPoolExecutor(POOL) as pool:
        return list(pool.map(one, range(ASKED)))


def _print_invitations(unit, officer, guests):
    from events.papers.issuing import issue_invitations
    from welfare.jobs import queue
    from welfare.models import Job, User

    event = _invited(unit, officer, guests)
    start, own = time.perf_counter(), time.process_time()
    issue = issue_invitations(
        event, User.objects.get(username="canbo"), delegates=event.delegates.values_list("pk", flat=True)
    )
    issued = time.perf_counter() - start
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    whole = Job.objects.get(params__subject_id=str(issue.pk))
    queue.run(whole.pk)
    with ThreadPoolExecutor(2) as workers:  # pages are set in processes of their own
        list(workers.map(_run, whole.parts.values_list("pk", flat=True)))
    queue.run(whole.pk)
    taken, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    whole.refresh_from_db()
    if whole.state != "done":
        sys.exit(f"the invitations were not printed: {whole.message}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime + time.process_time() - own
    slow = "  over the limit" if issued + taken > PRINTED_WITHIN else ""
    print(
        f"{guests:8} {issued:8.2f} {taken:8.2f} {cpu:8.2f} {'':7} {after.ru_maxrss // 1024:9} MB "
        f"{whole.result.size // 1024:5} kB{slow}", flush=True,
    )  # fmt: skip


def _run(job_id):
    from django.db import connection

    from welfare.jobs import queue

    queue.run(job_id)
    connection.close()


def _invited(unit, officer, guests):
    """An announced event all of whose delegates were accepted."""
    from datetime import time as hour
    from datetime import timedelta

    from events.delegates.nominating import Nominee, nominate
    from tests.factories import make_event, make_line
    from welfare.models import User
    from welfare.units.models import today

    event = make_event(
        unit.get_parent(), guests, code=f"GM{guests}", name="Họp mặt “Hậu phương người lao động” giai đoạn 2022 - 2025",
        on=today() + timedelta(days=10), starts_at=hour(7, 30), venue="Hội trường lớn tỉnh",
    )  # fmt: skip
    share = make_line(event, guests, name="Chủ hộ nghèo, cận nghèo", shares={unit: guests}).shares.get()
    event.announce(User.objects.get(username="canbo"))
    people = [Nominee(None, f"Nguyễn Thị Khách {n}", extra={"title": "Công nhân may"}) for n in range(guests)]
    nominate(share, officer, people)
    event.delegates.update(state="accepted")
    return event


if __name__ == "__main__":
    main()
