"""Reminders before and after a deadline: each once, whatever the number of schedulers."""

import threading
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection

from programs.models import Plan, Reminder, UnitReport
from programs.reporting.reminders import addresses, remind, text_of
from programs.reporting.tasks import keep_deadlines
from tests.factories import appoint, fresh, make_plan, make_report, make_rule, make_unit, make_user
from welfare.jobs import queue
from welfare.models import Department, Job, User

DUE = date(2026, 11, 14)
YEAR = {"first": date(2026, 1, 1), "last": DUE}


@pytest.fixture(autouse=True)
def at(time_machine):
    time_machine.move_to("2026-11-07 09:00:00+07:00")
    return lambda day: time_machine.move_to(f"{day} 09:00:00+07:00")


@pytest.fixture
def rule(province, officer):
    plan = make_plan(province, officer, state=Plan.State.IN_FORCE, number="12", issued_on=date(2026, 1, 5))
    return make_rule(plan)


@pytest.fixture
def report(rule, district_a):
    make_user("thua", "unit_officer", district_a, email="an@example.org")
    return make_report(rule, district_a, **YEAR)


def run_jobs():
    for job_id in Job.objects.filter(state=Job.State.QUEUED).values_list("pk", flat=True):
        queue.run(job_id)


def days_reminded(report) -> list[int]:
    return sorted(report.reminders.values_list("days", flat=True))


def together(act) -> list:
    """What two threads return that begin at the same moment."""
    start, results = threading.Barrier(2), []

    def run():
        try:
            start.wait()
            results.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_remind_once(rule, province):
    for n in range(12):
        unit = make_unit(f"U{n}", f"Huyện {n}", parent=province)
        make_user(f"u{n}", "unit_officer", unit, email=f"u{n}@example.org")
        make_report(rule, unit, **YEAR)
    assert User.objects.filter(is_system=True).count() == 0, "both will want to make the system's account"
    assert sum(together(remind)) == 12
    assert (Reminder.objects.count(), Job.objects.filter(kind="mail_reminder").count()) == (12, 12)
    together(run_jobs)
    assert sorted(message.to for message in mail.outbox) == sorted([f"u{n}@example.org"] for n in range(12))


@pytest.mark.django_db(transaction=True)
def test_a_mail_whose_job_runs_twice_at_once_goes_out_once(report):
    remind()
    job = Job.objects.get()
    together(lambda: queue.run(job.pk))
    Job.objects.update(state=Job.State.QUEUED, attempt=0)
    queue.run(job.pk)
    assert len(mail.outbox) == 1


def test_a_report_owed_throughout_is_reminded_four_times(report):
    made = {}
    for days in range(-12, 16):
        for _ in range(2):
            made[days] = made.get(days, 0) + remind(DUE + timedelta(days=days))
    assert {days for days, count in made.items() if count} == {-7, -1, 1, 7}
    assert (days_reminded(report), Job.objects.count()) == ([-7, -1, 1, 7], 4)


def test_of_days_missed_only_the_newest_is_made_up_for(report):
    remind(DUE + timedelta(days=3))
    assert days_reminded(report) == [1]


def test_after_an_extension_it_is_reminded_anew(report, officer, at):
    remind(DUE + timedelta(days=1))
    at("2026-11-16")
    report.extend(fresh(officer), until=date(2026, 11, 30), reason="Bão lũ")
    assert [remind(day) for day in (date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 29))] == [0, 1, 1]
    assert list(Reminder.objects.order_by("pk").values_list("due_on", "days")) == [
        (DUE, 1), (date(2026, 11, 30), -7), (date(2026, 11, 30), -1)
    ]  # fmt: skip


@pytest.mark.parametrize(("state", "reminded"), [("draft", 1), ("returned", 1), ("submitted", 0), ("accepted", 0)])
def test_only_what_is_owed_is_reminded(state, reminded, report, officer, other_officer):
    UnitReport.objects.update(state=state, submitted_by=officer, submitted_on=DUE, decided_by=other_officer)
    assert remind() == reminded


def test_nobody_is_reminded_before_the_period_opens(rule, district_a):
    make_report(rule, district_a, **YEAR, opens=date(2026, 11, 8))
    assert remind() == 0


def test_who_writes_the_report_gets_the_mail(rule, province, report, unit_officer_a):
    department = Department.objects.create(unit=province, code="TC", name="Ban Tài chính")
    make_user("nghi", "unit_officer", report.unit, email="nghi@example.org", is_active=False)
    clerk = make_user("ketoan", "finance_officer", province, email="tc@example.org")
    clerk.appointments.update(department=department)
    of_department = make_report(rule, province, **YEAR, receiver=province, department=department)
    assert [addresses(each) for each in (report, of_department)] == [["an@example.org"], ["tc@example.org"]]
    second = make_user("haihai", "inspector", province, email="an@example.org")
    appoint(second, "unit_officer", report.unit)
    assert addresses(report) == ["an@example.org"]


def test_what_a_closed_unit_owes_its_successors_people_are_reminded_of(report, district_a, district_b):
    make_user("kethua", "unit_officer", district_b, email="binh@example.org")
    district_a.valid_to = date(2026, 10, 31)
    district_a.save()
    district_a.successors.add(district_b)
    report.refresh_from_db()
    assert addresses(report) == ["an@example.org", "binh@example.org"]


def test_without_an_address_the_reminder_stands_and_no_mail_is_asked_for(rule, district_b):
    make_report(rule, district_b, **YEAR)
    assert (remind(), Reminder.objects.count(), Job.objects.count()) == (1, 1, 0)


def test_the_text_is_short_and_says_what_by_when(report, at):
    assert text_of(report) == (
        "Kính gửi LĐLĐ huyện An: Báo cáo kết quả năm 01/01 - 14/11/2026 hạn gửi 14/11/2026, còn 7 ngày. "
        "Đề nghị gửi báo cáo trên phần mềm; nếu có vướng mắc xin báo lại. Trân trọng."
    )
    at("2026-11-20")
    assert "đã quá hạn 6 ngày" in text_of(report)


def test_the_scheduler_keeps_deadlines(report):
    scheduled = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled[keep_deadlines.name] <= 3600
    keep_deadlines()
    keep_deadlines()
    run_jobs()
    assert [message.subject for message in mail.outbox] == [
        "Nhắc gửi báo cáo: Báo cáo kết quả năm 01/01 - 14/11/2026 – LĐLĐ huyện An"
    ]
