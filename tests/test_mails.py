"""Mails that jobs send: each once, and none lost because the mail server was down for hours."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from beneficiaries.campaigns import reminders as campaign_reminders
from beneficiaries.models import Campaign
from events.notices import telling
from programs.models import Plan, UnitReport
from programs.reporting import reminders as report_reminders
from tests.factories import make_event, make_fund, make_line, make_plan, make_report, make_rule, make_user
from tests.services import free_port
from welfare.jobs.models import Job
from welfare.jobs.queue import run, sweep
from welfare.jobs.tasks import mail_again
from welfare.units.models import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def writers(district_a, district_b):
    make_user("an", "unit_officer", district_a, email="an@example.org")
    make_user("binh", "unit_officer", district_b, email="binh@example.org")


@pytest.fixture
def down(settings):
    """Call it to bring the mail server up again."""
    usual = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", free_port()
    return lambda: setattr(settings, "EMAIL_BACKEND", usual)


@pytest.fixture
def ask(request, writers, province, district_a, district_b, officer):
    """Asks both units for what they owe; returns what answers for the unit An."""
    return {"report": _ask_reports, "delegates": _ask_delegates, "campaign": _ask_campaign}[request.param](
        province, [district_a, district_b], officer
    )


def _ask_reports(province, units, officer):
    plan = make_plan(province, officer, state=Plan.State.IN_FORCE, number="12", issued_on=date(2026, 1, 5))
    due = today() + timedelta(days=1)
    for unit in units:
        make_report(make_rule(plan), unit, first=today() - timedelta(days=90), last=due)
    assert report_reminders.remind() == 2
    sent = {"state": "submitted", "submitted_by": officer, "submitted_on": today()}
    return lambda: UnitReport.objects.filter(unit=units[0]).update(**sent)


def _ask_delegates(province, units, officer):
    event = make_event(province, 4, nominate_by=today() + timedelta(days=3))
    line = make_line(event, 4, shares=dict.fromkeys(units, 2))
    event.announce(officer)
    assert telling.remind_due() == 2
    return lambda: line.shares.filter(unit=units[0]).delete()


def _ask_campaign(province, units, officer):
    campaign = Campaign.objects.create(
        unit=province, fund=make_fund(province), name="Ủng hộ", year=today().year,
        starts_on=today() - timedelta(days=30), ends_on=today(),
    )  # fmt: skip
    assert campaign_reminders.remind(campaign, officer) == 2
    return lambda: campaign.results.filter(unit=units[0]).update(contributors=1)


def run_waiting():
    while job := Job.objects.filter(state=Job.State.QUEUED).order_by("created_at").first():
        run(job.pk)


def hours_pass(hours):
    Job.objects.filter(state=Job.State.FAILED).update(finished_at=timezone.now() - timedelta(hours=hours))
    mail_again()
    run_waiting()


def receivers() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


every_mail = pytest.mark.parametrize("ask", ["report", "delegates", "campaign"], indirect=True)


@every_mail
def test_a_mail_server_that_is_down_loses_no_mail(ask, down):
    run_waiting()
    failed = Job.objects.filter(kind__startswith="mail_").values_list("state", "message")
    assert list(failed) == [("failed", "Máy chủ thư không nhận thư báo; hệ thống sẽ gửi lại sau vài giờ.")] * 2
    down()
    for hours, told in (
        (2, []),
        (4, ["an@example.org", "binh@example.org"]),
        (8, ["an@example.org", "binh@example.org"]),
    ):
        hours_pass(hours)
        assert receivers() == told, hours


@every_mail
def test_who_answers_before_the_mail_server_is_up_gets_no_mail(ask, down):
    run_waiting()
    ask()
    down()
    hours_pass(4)
    assert receivers() == ["binh@example.org"]


@pytest.mark.parametrize("ask", ["campaign"], indirect=True)
def test_one_address_the_server_refuses_brings_no_other_unit_a_second_mail(ask, settings, down):
    down()
    run(Job.objects.get(kind="remind_campaign").pk)
    first, second = Job.objects.filter(kind="mail_campaign_reminder").order_by("unit__path")
    run(first.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    run(second.pk)
    down()
    hours_pass(4)
    assert receivers() == ["an@example.org", "binh@example.org"]


class DiesHavingSent(EmailBackend):
    def send_messages(self, messages):
        super().send_messages(messages)
        raise SystemExit


@every_mail
def test_a_worker_killed_just_after_it_sent_a_mail_sends_no_second_one(ask, settings):
    for job in Job.objects.filter(kind="remind_campaign"):
        run(job.pk)
    settings.EMAIL_BACKEND = "tests.test_mails.DiesHavingSent"
    job = Job.objects.filter(kind__startswith="mail_").first()
    with pytest.raises(SystemExit):
        run(job.pk)
    (told,) = receivers()
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep()
    run(job.pk)
    job.refresh_from_db()
    assert (receivers(), job.state, job.attempt) == ([told], "done", 2)
