"""Many nominate into the same share at once: exactly as many come in as it holds."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from events.delegates import nominating
from events.delegates.nominating import Nominee, nominate
from events.door.admitting import Arrival, admit
from events.models import Delegate, Event, QuotaShare
from events.papers.issuing import issue_invitations
from tests.factories import fresh, make_event, make_line
from welfare.states import Refused
from welfare.units.models import today

POOL = 16  # PostgreSQL allows 100 connections in all


@pytest.fixture
def share_of(province, district_a, officer):
    """``share_of(7)``: a share for seven delegates of an announced event."""

    def make(count):
        event = make_event(province, count, code=f"SK{count}")
        line = make_line(event, count, shares={district_a: count})
        event.announce(officer)
        return line.shares.get()

    return make


def race(share, by, asked):
    """``asked`` nominations at once through a bounded pool; (how many came in, what the others were told)."""

    def one(number):
        try:
            nominate(QuotaShare.objects.get(pk=share.pk), fresh(by), [Nominee(None, f"Đại biểu {number}")])
        except Refused as refusal:
            return str(refusal)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(POOL) as pool:
        told = list(pool.map(one, range(asked)))
    return told.count(""), {text for text in told if text}


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_a_share_takes_exactly_what_it_holds(share_of, unit_officer_a):
    for count in (1, 7, 30):
        share = share_of(count)

        came_in, told = race(share, unit_officer_a, 40)

        full = f"“Đoàn viên” được {count} đại biểu: đã đề cử đủ, không còn chỗ; chưa ghi ai."
        assert (came_in, share.delegates.holding().count(), told) == (count, count, {full})


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_race_overbooks(share_of, unit_officer_a, monkeypatch):
    """Proves the test above: what keeps the quota is the lock."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite writes one after the other anyway")
    share, all_have_read = share_of(1), threading.Barrier(8)

    def read_without_lock(place):
        held = type(place).objects.get(pk=place.pk)
        all_have_read.wait(timeout=20)
        return held

    monkeypatch.setattr(nominating, "hold", read_without_lock)
    monkeypatch.setattr(nominating, "taken", _after(nominating.taken, all_have_read))

    came_in, _ = race(share, unit_officer_a, 8)

    assert came_in == Delegate.objects.count() == 8


def _after(act, barrier):
    """All have counted before anybody writes."""

    def counted(place):
        number = act(place)
        barrier.wait(timeout=20)
        return number

    return counted


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_a_quota_made_smaller_while_units_nominate_stays_exact(share_of, unit_officer_a, officer):
    from events.quotas.saving import save_quota
    from events.quotas.sheet import Revision, sheet_of

    share, results = share_of(7), []
    event = share.line.event

    def shrink():
        lines = sheet_of(event)
        lines.append(type(lines[0])(None, 0, "Khách", 4))
        lines[0].count, lines[0].cells = 3, {share.unit_id: 3}
        try:
            save_quota(event, fresh(officer), lines, revision=Revision("1", today(), "Giảm"))
        finally:
            connection.close()

    shrinking = threading.Thread(target=shrink)
    shrinking.start()
    results.append(race(share, unit_officer_a, 12))
    shrinking.join()
    share.refresh_from_db()

    assert share.count == 3
    assert 3 <= Delegate.objects.holding().count() <= 7
    accepted = 0
    for delegate in Delegate.objects.order_by("pk"):
        try:
            delegate.accept(officer)
            accepted += 1
        except Refused:
            pass
    assert accepted == 3


@pytest.mark.django_db(transaction=True)
def test_invitations_that_go_out_while_delegates_come_in_wait_and_stop_nobody(share_of, unit_officer_a, officer):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite writes one after the other anyway")
    share = share_of(1)
    Event.objects.update(on=today(), starts_at="08:00", venue="Hội trường")
    event = Event.objects.get()
    delegate = nominate(QuotaShare.objects.get(pk=share.pk), unit_officer_a, [Nominee(None, "Lê Văn Một")])[0]
    delegate.accept(officer)

    def send():
        try:
            issue_invitations(event, fresh(officer), delegates=[delegate.pk])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Delegate.objects.select_for_update().get(pk=delegate.pk)  # as the door does
            sending = pool.submit(send)
            _wait_until_somebody_waits()
            assert admit(event, officer, Arrival(uuid.uuid4(), delegate.pk)).outcome == "admitted"
        with pytest.raises(Refused, match="vừa thay đổi nên không mời được nữa"):
            sending.result(timeout=30)


def _wait_until_somebody_waits():
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone():
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")
