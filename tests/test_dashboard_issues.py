"""The dashboard every month: made once a person and month, told by a mail without figures, ended by a click."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core import mail
from django.utils import timezone

from beneficiaries.models import Grant
from programs.models import Actual, Indicator
from reports.measures.counting import recount_calendar, recount_stale
from reports.models import DashboardIssue, Subscription
from reports.subscriptions.sending import issue_due
from tests.deeds import in_need
from tests.factories import fresh, make_fund, make_grant, make_person, make_plan, make_round, make_target
from tests.services import free_port
from tests.test_printing import text_of_pdf
from welfare.documents.blocks import Heading
from welfare.documents.outer.models import fact_values
from welfare.documents.outer.periods import Period
from welfare.documents.printing import make_document
from welfare.jobs.mail import mail_again
from welfare.jobs.models import Job
from welfare.jobs.queue import run
from welfare.models import User
from welfare.units.models import today

pytestmark = pytest.mark.django_db
NOVEMBER = date(2025, 11, 3)


@pytest.fixture
def subscriber(leader):
    leader.email = "lanhdao@example.vn"
    leader.save()
    Subscription.objects.create(user=leader, unit=leader.unit, since=date(2025, 9, 1))
    return leader


def run_waiting():
    while job := Job.objects.filter(state=Job.State.QUEUED).order_by("created_at").first():
        run(job.pk)


def test_a_month_comes_once_and_its_mail_holds_a_link_and_no_figure(subscriber, settings, client_of):
    settings.SITE_ADDRESS = "https://phucloi.example.vn"
    assert (issue_due(NOVEMBER), issue_due(NOVEMBER)) == (1, 0)
    run_waiting()
    run_waiting()
    issue = DashboardIssue.objects.get()
    assert (issue.month, issue.file.owner) == (date(2025, 10, 1), subscriber)
    with issue.file.file.open() as stored:
        assert "TỔNG QUAN" in text_of_pdf(stored.read())
    (letter,) = mail.outbox
    assert (letter.to, f"https://phucloi.example.vn/tong-quan/ban-thang/{issue.pk}/" in letter.body) == (
        ["lanhdao@example.vn"], True,
    )  # fmt: skip
    assert letter.attachments == []
    client = client_of(subscriber)
    assert "bản tổng quan tháng 10/2025 mới có" in client.get("/").content.decode()
    assert client.get(f"/tong-quan/ban-thang/{issue.pk}/")["Location"] == f"/tep/{issue.file_id}/"
    assert "bản tổng quan tháng 10/2025 mới có" not in client.get("/").content.decode()


def test_nobody_else_opens_an_issue(subscriber, officer, client_of):
    issue_due(NOVEMBER)
    run_waiting()
    issue = DashboardIssue.objects.get()
    client = client_of(officer)
    assert [client.get(f"/tong-quan/ban-thang/{issue.pk}/").status_code, client.get(f"/tep/{issue.file_id}/").status_code] == [
        404, 404,
    ]  # fmt: skip


def test_taking_up_and_ending_by_the_buttons(unit_officer_a, district_a, district_b, client_of):
    client, page = client_of(unit_officer_a), "/tong-quan/nhan-hang-thang/"
    assert client.post(page, {"unit": district_b.pk, "nhan": "1"}).status_code == 404
    client.post(page, {"unit": district_a.pk, "nhan": "1"})
    client.post(page, {"unit": district_a.pk, "nhan": "1"})
    taken = Subscription.objects.get()
    assert (taken.user, taken.unit, taken.is_active) == (unit_officer_a, district_a, True)
    assert "Thôi nhận" in client.get("/tong-quan/").content.decode()
    client.post(page, {"unit": district_a.pk, "nhan": "0"})
    taken.refresh_from_db()
    assert taken.is_active is False
    taken.since = date(2025, 1, 1)
    taken.save()
    assert issue_due(NOVEMBER) == 0


def test_a_mail_server_that_is_down_loses_no_mail(subscriber, settings):
    usual = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", free_port()
    issue_due(NOVEMBER)
    run_waiting()
    letter = Job.objects.get(kind="mail_dashboard_issue")
    assert (letter.state, letter.message[:28]) == ("failed", "Máy chủ thư không nhận thư b")
    issue = DashboardIssue.objects.get()
    assert (issue.mailed_at, issue.file is None) == (None, False)
    settings.EMAIL_BACKEND = usual
    for hours, sent in ((2, 0), (4, 1), (8, 1)):
        Job.objects.filter(pk=letter.pk).update(finished_at=timezone.now() - timedelta(hours=hours))
        mail_again()
        run_waiting()
        assert len(mail.outbox) == sent, hours


@pytest.mark.parametrize("change", ["ended", "closed", "no-address"])
def test_who_left_between_the_file_and_its_mail_gets_no_mail(change, subscriber):
    issue_due(NOVEMBER)
    run(Job.objects.get(kind="make_dashboard_issue").pk)
    if change == "ended":
        Subscription.objects.update(is_active=False)
    else:
        changes = {"closed": {"is_active": False}, "no-address": {"email": ""}}[change]
        User.objects.filter(pk=subscriber.pk).update(**changes)
    run_waiting()
    assert (mail.outbox, Job.objects.get(kind="mail_dashboard_issue").state) == ([], "done")


def test_an_account_that_is_closed_gets_no_issue(subscriber):
    issue_due(NOVEMBER)
    User.objects.filter(pk=subscriber.pk).update(is_active=False)
    run_waiting()
    assert (DashboardIssue.objects.get().file, mail.outbox) == (None, [])
    assert issue_due(date(2025, 12, 1)) == 0


def test_who_lost_the_right_meanwhile_gets_a_sentence_and_no_file(subscriber):
    issue_due(NOVEMBER)
    subscriber.appointments.update(valid_from="2020-01-01", valid_to="2020-12-31")
    run_waiting()
    assert (DashboardIssue.objects.get().file, mail.outbox) == (None, [])
    assert Job.objects.get().message.startswith("Bạn không còn được xem số liệu")


def test_an_address_is_asked_for_by_post_alone(leader, client_of):
    assert client_of(leader).get("/tong-quan/nhan-hang-thang/").status_code == 405


def test_paper_names_no_group_under_five_and_no_person(province, district_a, officer, leader, finance):
    round = make_round(province, year=2025, code="DX", name="Đột xuất", occasion="sudden")
    fund = make_fund(province, balance=9_000_000, by=finance)
    for n, kind in enumerate(["serious_illness"] * 3 + ["job_loss"] * 2):
        person = make_person(district_a, f"Nguyễn Văn Kín {n}")
        in_need(person, kind=kind, year=2025, known_on=date(2025, 3, 1))
        grant = make_grant(round, district_a, officer, person, proposed_on=date(2025, 3, 2))
        grant.approve(leader, decision_number="1/QĐ", on=date(2025, 3, 3))
        grant.pay(finance, fund=fund, on=date(2025, 3, 4))
    recount_stale()
    assert Grant.objects.paid().count() == 5
    document = make_document(fresh(leader), "dashboard", province.pk, year="2025", month="12")
    (chart,) = [block for block in document.blocks if getattr(block, "title", "").startswith("Người được hỗ trợ theo")]
    shown = dict(zip(chart.categories, chart.series[0].values, strict=True))
    assert shown == {"Mất việc làm, giảm việc": 2, "Bệnh hiểm nghèo, nan y": None}
    plan = make_plan(province, officer, first_year=2025)
    make_target(plan, indicator="helped_serious_illness", value=5, unit_of_measure="người")
    plan.submit(officer)
    plan.issue(leader, number="09", on=date(2025, 1, 15))
    for kind, subject in (("dashboard", province.pk), ("progress", plan.pk)):
        document = make_document(fresh(leader), kind, subject, year="2025")
        rows = [row for table in document.tables for row in table.rows if "5 người" in str(row)]
        assert [[str(cell) for cell in row[2:]] for row in rows] == [["–", "None", "Không nêu"]], kind
        assert "dưới 5 người hoặc có thể suy ra" in str(document.blocks)
    year = Period(date(2025, 1, 1), date(2025, 12, 31))
    asked = ["value:helped_serious_illness", "value:helped_job_loss"]
    assert list(fact_values(fresh(leader), province, year, asked).values()) == [None, 2]


def test_paper_of_a_year_without_figures_has_no_empty_part(province, leader):
    document = make_document(fresh(leader), "dashboard", province.pk, year=str(today().year - 2))
    after_headings = [after for block, after in pairwise([*document.blocks, None]) if isinstance(block, Heading)]
    assert [after for after in after_headings if after is None or isinstance(after, Heading)] == []
    assert "Biểu đồ" not in [block.title for block in document.blocks if isinstance(block, Heading)]


def test_an_indicator_of_ones_own_does_not_tell_of_the_few_that_it_leaves_out(
    province, district_a, officer, leader, finance
):
    """Eleven helped for an illness: nine for one occasion, so that two were helped for another; six for a third."""
    fund, kind = make_fund(province, balance=90_000_000, by=finance), {"hardship": "serious_illness"}
    rounds = {code: make_round(province, year=2025, code=code, name=code, occasion=code) for code in ("sudden", "tet")}
    for code, measured in (("own_sudden", {"occasion": "sudden"}), ("own_tet", {"occasion": "tet"})):
        Indicator.objects.create(
            code=code, name=code, unit_of_measure="người", source="counted", roll_up="distinct",
            measure="people_helped", options=kind | measured, definition="x",
        )  # fmt: skip
    for n in range(11):
        person, on = make_person(district_a, f"Nguyễn Văn Kín {n}"), date(2025, 3, 4)
        in_need(person, kind="serious_illness", year=2025, known_on=date(2025, 3, 1))
        for code in ["sudden"] * (n < 9) + ["tet"] * (n > 4):
            grant = make_grant(rounds[code], district_a, officer, person, proposed_on=date(2025, 3, 2))
            grant.approve(leader, decision_number="1/QĐ", on=on)
            grant.pay(finance, fund=fund, on=on)
    recount_stale()
    recount_calendar()
    codes = ["helped_serious_illness", "own_sudden", "own_tet"]
    of_march = Actual.objects.filter(unit=province, month=date(2025, 3, 1), season="")
    assert [int(of_march.get(indicator__code=code).value) for code in codes] == [11, 9, 6]
    period = Period.of_months(date(2025, 1, 1), date(2025, 3, 1))
    facts = fact_values(fresh(leader), province, period, [f"value:{code}" for code in codes])
    assert list(facts.values()) == [11, None, 6]


def test_paper_of_another_units_figures_is_a_404(
    province, district_a, district_b, unit_officer_a, administrator, client_of
):
    client = client_of(unit_officer_a)
    statuses = [client.post(f"/in/dashboard/{unit.pk}/pdf/").status_code for unit in (province, district_b, district_a)]
    assert statuses[:2] == [404, 404]
    assert statuses[2] in (200, 302)
    assert client_of(administrator).post(f"/in/dashboard/{province.pk}/pdf/").status_code == 403
