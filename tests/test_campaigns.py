"""Drives for a fund: one grid for all units, nobody gives who is no member, each unit writes its own row."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries.models import Campaign, CampaignResult
from programs.models import Actual
from reports.counting import recount_stale
from tests.factories import make_fund, make_unit
from welfare.models import UnitYear


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
    assert "1.580 trong 1.650 đoàn viên đã ủng hộ, thu được 79.000.000 đồng" in shown
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
    rows = Actual.objects.filter(indicator__code="contributed_money", unit=district_a)
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
