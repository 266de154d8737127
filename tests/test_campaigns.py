"""Drives for a fund: one grid for all units, nobody gives who is no member, each unit writes its own row."""

import io
from datetime import date, timedelta
from zipfile import ZipFile

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries.campaigns.todo import waiting
from beneficiaries.models import Campaign, CampaignResult, Donor, FundEntry, GiftInKind
from programs.models import Actual
from reports.measures.counting import recount_stale
from tests.factories import fresh, make_fund, make_unit, make_user
from tests.test_printing import content, content_of, printed, text_of_docx, text_of_pdf
from welfare.jobs import queue
from welfare.jobs.models import Job
from welfare.models import UnitYear
from welfare.states import Refused
from welfare.units.models import today


@pytest.fixture
def campaign(province, district_a, district_b):
    UnitYear.objects.create(unit=district_a, year=2026, members=400)
    make_unit("C", "LĐLĐ huyện Cũ", parent=province, valid_to=date(2025, 6, 30))
    return make_campaign(province)


def make_campaign(province, **fields) -> Campaign:
    fields = {"name": "Ủng hộ Quỹ Xã hội 2026", "year": 2026, "starts_on": date(2026, 3, 1), **fields}
    return Campaign.objects.create(unit=province, fund=make_fund(province), ends_on=date(2026, 6, 30), **fields)


def text(response) -> str:
    return response.content.decode()


def page(campaign) -> str:
    return reverse("beneficiaries:campaign_results", args=[campaign.pk])


def result(campaign, unit) -> CampaignResult:
    return campaign.results.get(unit=unit)


def fill(client, campaign, values):
    """Open the grid and post it with ``{unit: (members, contributors, amount)}``; the other cells as they stand."""
    form = client.get(page(campaign)).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    for unit, numbers in values.items():
        key = result(campaign, unit).pk
        data |= dict(zip((f"members_{key}", f"contributors_{key}", f"amount_{key}"), numbers, strict=True))
    return lambda: client.post(page(campaign), data)


def test_a_campaign_asks_the_units_right_below_that_are_open(campaign, district_a, district_b):
    assert {(row.unit, row.contributors) for row in campaign.results.all()} == {(district_a, None), (district_b, None)}
    campaign.save()
    assert campaign.results.count() == 2


def test_the_grid_saves_all_units_at_once(campaign, district_a, district_b, officer, client_of):
    client = client_of(officer)
    saved = fill(
        client, campaign, {district_a: ("", "380", "19.000.000"), district_b: ("1.250", "1.200", "60.000.000")}
    )()
    assert saved["Location"] == page(campaign)
    rows = campaign.results.with_members().order_by("unit__path")
    assert [(row.members, row.whole, row.contributors, row.amount, row.by) for row in rows] == [
        (None, 400, 380, 19_000_000, officer),
        (1250, 1250, 1200, 60_000_000, officer),
    ]
    shown = text(client.get(page(campaign)))
    assert [words in shown for words in ("1.580 trong 1.650", "79.000.000 đồng", "2/2")] == [True] * 3
    assert ("95%" in shown, "1.250" in shown) == (True, True)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        (("100", "101", "0"), "Đoàn viên ủng hộ không được nhiều hơn số đoàn viên (100)."),
        (("", "5", "0"), "Chưa có số đoàn viên của đơn vị; hãy nhập cột đoàn viên trước."),
        (("100", "-1", "0"), "Không được âm."),
        (("100", "1,5", "0"), "Hãy nhập một số nguyên, ví dụ 1.200."),
        (("100", "50", "9" * 20), "Số quá lớn."),
    ],
)
def test_a_wrong_cell_saves_nothing(campaign, district_a, district_b, officer, client_of, numbers, words):
    client = client_of(officer)
    response = fill(client, campaign, {district_a: ("400", "300", "1"), district_b: numbers})()
    assert (response.status_code, words in text(response)) == (200, True)
    assert not campaign.results.exclude(contributors=None).exists()


def test_the_database_refuses_more_givers_than_members(campaign, district_a):
    for wrong in ({"members": 1, "contributors": 2}, {"amount": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            campaign.results.filter(unit=district_a).update(**wrong)


def test_a_unit_sees_and_writes_its_own_row(campaign, district_a, district_b, unit_officer_a, client_of):
    campaign.results.filter(unit=district_b).update(amount=77_777)
    client = client_of(unit_officer_a)
    shown = text(client.get(page(campaign)))
    assert ("huyện An" in shown, "huyện Bình" in shown, "77.777" in shown) == (True, False, False)
    other = result(campaign, district_b)
    fill(client, campaign, {district_a: ("", "399", "1")})()
    client.post(page(campaign), {f"contributors_{other.pk}": "1"})
    other.refresh_from_db()
    assert (result(campaign, district_a).contributors, other.contributors) == (399, None)


def test_the_second_of_two_who_edit_is_told(campaign, district_a, officer, unit_officer_a, client_of):
    late = fill(client_of(officer), campaign, {district_a: ("", "1", "0")})
    fill(client_of(unit_officer_a), campaign, {district_a: ("", "200", "0")})()
    assert "Người khác vừa lưu kết quả của đợt này" in text(late())
    assert result(campaign, district_a).contributors == 200


def test_readers_write_nothing(campaign, district_a, inspector, client_of):
    client = client_of(inspector)
    assert 'type="submit">Lưu kết quả' not in text(client.get(page(campaign)))
    client.post(page(campaign), {f"contributors_{result(campaign, district_a).pk}": "1", "version": "x"})
    assert result(campaign, district_a).contributors is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_on": "28/02/2026"}, "Ngày kết thúc phải từ ngày bắt đầu trở đi."),
        ({"year": "2025"}, "Đợt vận động năm 2025 phải bắt đầu trong năm đó."),
    ],
)
def test_a_wrong_campaign_is_not_saved(province, officer, client_of, changes, words):
    data = {
        "unit": province.pk, "fund": make_fund(province).pk, "name": "Ủng hộ", "year": 2026, "starts_on": "01/03/2026",
        "ends_on": "30/06/2026",
    }  # fmt: skip
    answer = client_of(officer).post("/beneficiaries/campaign/add/", data | changes)
    assert (words in text(answer), Campaign.objects.count()) == (True, 0)


def test_a_drive_moved_to_another_month_is_counted_there_alone(campaign, province, district_a, officer, client_of):
    fill(client_of(officer), campaign, {district_a: ("", "380", "19.000.000")})()
    recount_stale()
    moved = Campaign.objects.get(pk=campaign.pk)
    moved.starts_on = date(2026, 4, 1)
    moved.save()
    recount_stale()
    rows = Actual.objects.filter(indicator__code="contributed_money", unit=district_a, season="")
    assert list(rows.values_list("month", "value")) == [(date(2026, 4, 1), 19_000_000)]


def test_the_list_counts_what_one_may_see(campaign, district_a, officer, unit_officer_a, client_of):
    campaign.results.filter(unit=district_a).update(contributors=3, amount=5_000)
    assert "1/2 đơn vị" in text(client_of(officer).get("/beneficiaries/campaign/"))
    assert "1/1 đơn vị" in text(client_of(unit_officer_a).get("/beneficiaries/campaign/"))


def test_the_grid_takes_as_many_queries_for_thirty_units_as_for_two(campaign, province, officer, client_of):
    client, counts = client_of(officer), []
    for n in (2, 30):
        for serial in range(campaign.results.count(), n):
            make_unit(f"U{serial}", "LĐLĐ huyện Thêm", parent=province)
        campaign.await_units()
        client.get(page(campaign))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page(campaign)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# What the fund received ------------------------------------------------------------------------


def say(campaign, unit, amount, contributors=10):
    campaign.results.filter(unit=unit).update(amount=amount, contributors=contributors, members=1_000)


def receive(campaign, by, amount, unit=None, **links) -> FundEntry:
    return campaign.fund.post(
        "contribution",
        amount,
        by=by,
        on=date(2026, 4, 1),
        campaign=campaign,
        from_unit=unit,
        document_number="PT1",
        **links,
    )


def test_what_a_unit_said_stands_beside_what_the_fund_received(campaign, district_a, district_b, finance, client_of):
    say(campaign, district_a, 5_000_000)
    say(campaign, district_b, 7_000_000)
    receive(campaign, finance, 5_000_000, district_a)
    receive(campaign, finance, 1_500_000, district_b)
    receive(campaign, finance, 9_000, district_b).reverse(finance, note="Nhầm", on=date(2026, 4, 2))
    client = client_of(finance)
    rows = {row.unit: (row.received, row.missing) for row in client.get(page(campaign)).context["form"].results}
    assert rows == {district_a: (5_000_000, 0), district_b: (1_500_000, 5_500_000)}
    link = next(row.receive_url for row in client.get(page(campaign)).context["form"].results if row.unit == district_b)
    form = client.get(link).context["form"]
    data = {name: str(form[name].value() or "") for name in ("kind", "campaign", "from_unit", "amount")}
    assert data["amount"] == "5500000"
    client.post(link, data | {"on": "05/04/2026", "document_number": "PT9"})
    assert campaign.results.with_received().get(unit=district_b).missing == 0
    assert "12.000.000 đồng" in text(client.get(page(campaign)))


def test_money_of_a_campaign_goes_to_its_own_fund(campaign, province, finance):
    other = make_fund(province, code="QMA", name="Quỹ khác")
    with pytest.raises(Refused, match="ủng hộ quỹ khác"):
        other.post("contribution", 5, by=finance, campaign=campaign)


def test_only_a_units_own_fund_is_collected_for(province, district_a, unit_officer_a, officer, client_of):
    data = {
        "fund": make_fund(province).pk, "name": "Ủng hộ", "year": 2026, "starts_on": "01/03/2026", "ends_on": "30/06/2026",
    }  # fmt: skip
    client = client_of(unit_officer_a)
    client.post("/beneficiaries/campaign/add/", data)
    assert not Campaign.objects.exists()
    own = make_fund(district_a, code="QA", name="Quỹ huyện An")
    assert client.post("/beneficiaries/campaign/add/", data | {"fund": own.pk}).status_code == 302
    wrong = client_of(officer).post("/beneficiaries/campaign/add/", data | {"fund": own.pk, "unit": province.pk})
    assert ("hãy chọn quỹ của LĐLĐ tỉnh" in text(wrong), Campaign.objects.get().unit) == (True, district_a)


def test_a_unit_that_runs_a_campaign_writes_for_those_below(district_a, unit_officer_a, client_of):
    company = make_unit("A1", "CĐCS Công ty An", kind="grassroots", parent=district_a)
    campaign = Campaign.objects.create(
        unit=district_a, fund=make_fund(district_a, code="QA"), name="Một ngày lương", year=2026, starts_on=date(2026, 3, 1),
        ends_on=date(2026, 6, 30),
    )  # fmt: skip
    fill(client_of(unit_officer_a), campaign, {company: ("50", "40", "4.000.000")})()
    assert (result(campaign, company).contributors, result(campaign, company).by) == (40, unit_officer_a)


# Reminding -------------------------------------------------------------------------------------


def test_silent_units_are_reminded_once_a_day(
    campaign, district_a, district_b, unit_officer_a, officer, client_of, finance
):
    unit_officer_a.email = "huyen-an@example.org"
    unit_officer_a.save()
    make_user("donvib", "unit_officer", district_b)
    remind, client = reverse("beneficiaries:campaign_remind", args=[campaign.pk]), client_of(officer)
    for _ in range(2):
        assert "Đã nhắc 2 đơn vị" in text(client.post(remind, follow=True))
    job = Job.objects.get(kind="remind_campaign")
    queue.run(job.pk)
    queue.run(Job.objects.get(kind="mail_campaign_reminder").pk)
    job.refresh_from_db()
    assert job.message == "Đang gửi thư nhắc 1 đơn vị; 1 đơn vị chưa có địa chỉ thư, chỉ thấy ở mục Việc cần làm."
    assert [(message.to, "LĐLĐ huyện An" in message.body) for message in mail.outbox] == [
        (["huyen-an@example.org"], True)
    ]
    for unit in (district_a, district_b):
        say(campaign, unit, 5)
    assert "Mọi đơn vị đã báo kết quả" in text(client.post(remind, follow=True))


def test_only_who_runs_the_campaign_reminds(campaign, inspector, unit_officer_a, client_of):
    remind = reverse("beneficiaries:campaign_remind", args=[campaign.pk])
    assert client_of(inspector).post(remind).status_code == 403
    assert "Chỉ LĐLĐ tỉnh được nhắc" in text(client_of(unit_officer_a).post(remind, follow=True))
    assert client_of(unit_officer_a).get(remind).status_code == 405
    assert not Job.objects.exists()


def test_the_to_do_list_asks_the_unit_and_tells_the_books(campaign, district_a, district_b, unit_officer_a, finance):
    found = lambda user: [(item.count, item.is_late) for item in waiting(fresh(user))]  # noqa: E731
    Campaign.objects.filter(pk=campaign.pk).update(ends_on=today() + timedelta(days=1))
    assert (found(unit_officer_a), found(finance)) == ([(1, False)], [])
    Campaign.objects.filter(pk=campaign.pk).update(ends_on=today() - timedelta(days=1))
    assert found(unit_officer_a) == [(1, True)]
    say(campaign, district_a, 5_000)
    say(campaign, district_b, 5_000)
    receive(campaign, finance, 5_000, district_b)
    assert (found(unit_officer_a), found(finance)) == ([], [(1, False)])


# On paper --------------------------------------------------------------------------------------


def test_the_letter_goes_to_the_silent_units(campaign, district_a, officer, unit_officer_a, client_of):
    say(campaign, district_a, 5)
    letter = text_of_docx(content(printed(officer, campaign, "docx", kind="campaign_letter")))
    assert ("LĐLĐ huyện Bình" in letter, "LĐLĐ huyện An" in letter, "còn 01 đơn vị" in letter) == (True, False, True)
    assert client_of(unit_officer_a).post(f"/in/campaign_letter/{campaign.pk}/docx/").status_code == 404


def test_the_board_on_paper_holds_what_one_may_see(campaign, district_a, district_b, officer, unit_officer_a, finance):
    say(campaign, district_a, 5_000_000)
    say(campaign, district_b, 7_777_000)
    receive(campaign, finance, 4_000_000, district_a)
    whole = text_of_pdf(content(printed(officer, campaign, kind="campaign_board")))
    assert [part in whole for part in ("-1.000.000", "7.777.000", "12.777.000")] == [True] * 3
    own = text_of_docx(content(printed(unit_officer_a, campaign, "docx", kind="campaign_board")))
    assert ("LĐLĐ huyện An" in own, "LĐLĐ huyện Bình" in own, "7.777.000" in own) == (True, False, False)


def test_every_donor_of_a_campaign_is_thanked_in_one_file(campaign, province, finance, client_of):
    thank = reverse("beneficiaries:campaign_thank", args=[campaign.pk])
    client = client_of(finance)
    assert "chưa có nhà tài trợ nào" in text(client.post(thank, follow=True))
    money, things, sorry = (
        Donor.objects.create(unit=province, name=f"Công ty {name}") for name in ("Tiền/Bạc", "Quà", "Nhầm")
    )
    receive(campaign, finance, 2_000_000, donor=money)
    GiftInKind.objects.create(donor=things, what="50 phần quà", value=15_000_000, campaign=campaign, by=finance)
    receive(campaign, finance, 3_000_000, donor=sorry).reverse(finance, note="Nhầm", on=date(2026, 4, 2))
    assert "Thư cảm ơn 2 nhà tài trợ" in text(client.get(page(campaign)))
    assert client.post(thank)["Location"] == "/viec/"
    job = Job.objects.get()
    queue.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == ("done", "Đã viết 2 thư cảm ơn.")
    with ZipFile(io.BytesIO(content_of(job.result))) as packed:
        letters = {name: text_of_docx(packed.read(name)) for name in packed.namelist()}
    assert sorted(letters) == ["01-cong-ty-qua.docx", "02-cong-ty-tien-bac.docx"]
    assert "50 phần quà" in letters["01-cong-ty-qua.docx"]
    assert "2.000.000 đồng" in letters["02-cong-ty-tien-bac.docx"]
