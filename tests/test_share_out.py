"""Sharing a target out to units: sums, proposals, who may, and two officers at once."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from programs.models import Target, TargetShare
from programs.targets.shares import split
from tests.factories import fresh, make_plan, make_target, make_unit
from welfare.audit import AuditEvent
from welfare.models import UnitYear
from welfare.states import Refused


@pytest.fixture
def plan(province, officer):
    return make_plan(province, officer)


@pytest.fixture
def target(plan):
    return make_target(plan, value=10)


def page_url(target):
    return reverse("programs:target_shares", args=[target.pk])


def given_shares(target):
    return {share.unit.code: int(share.value) for share in target.shares.select_related("unit")}


def form_data(target, shares: dict, own_part="0"):
    return {"own_part": own_part, "version": target.shares_version()} | {
        f"unit_{unit.pk}": value for unit, value in shares.items()
    }


def texts(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_all_shares_are_saved_together(target, district_a, district_b, officer, client_of):
    data = form_data(target, {district_a: "5", district_b: "4"}, own_part="1")
    response = client_of(officer).post(page_url(target), data, follow=True)
    target.refresh_from_db()
    assert (given_shares(target), target.own_part) == ({"A": 5, "B": 4}, 1)
    assert texts(response) == ["Đã lưu phần giao cho 2 đơn vị."]
    assert AuditEvent.objects.filter(subject_kind="programs.target", subject_id=str(target.pk)).count() == 1


def test_a_draft_may_be_shared_out_by_halves_and_says_so(target, district_a, officer, client_of):
    response = client_of(officer).post(page_url(target), form_data(target, {district_a: "4"}), follow=True)
    sentence = "Tổng giao các đơn vị và phần của tỉnh là 4, chưa khớp chỉ tiêu từ 10 nhà trở lên."
    assert texts(response) == ["Đã lưu phần giao cho 1 đơn vị.", sentence]
    assert response.content.decode().count(sentence) >= 2, "also beside the form"
    assert given_shares(target) == {"A": 4}


def test_after_issue_the_shares_may_change_but_add_up(target, district_a, district_b, officer, leader, client_of):
    target.plan.issue(leader, number="12", on=date(2026, 2, 8))
    client = client_of(officer)
    client.post(page_url(target), form_data(target, {district_a: "5", district_b: "5"}))
    assert given_shares(target) == {"A": 5, "B": 5}
    response = client.post(page_url(target), form_data(target, {district_a: "5", district_b: "4"}))
    assert texts(response)[-1].endswith("chưa lưu thay đổi nào.")
    assert given_shares(target) == {"A": 5, "B": 5}


@pytest.mark.parametrize(
    ("comparator", "value_max", "right", "wrong"),
    [
        ("=", None, [10], [9, 11]),
        (">=", None, [10, 11], [9]),
        (">", None, [10, 11], [9]),
        ("<=", None, [9, 10], [11]),
        ("range", 12, [10, 11, 12], [9, 13]),
    ],
)
def test_when_shares_add_up(plan, comparator, value_max, right, wrong):
    target = make_target(plan, value=10, comparator=comparator, value_max=value_max)
    assert [target.mismatch_of(Decimal(total)) for total in right] == [""] * len(right)
    assert [bool(target.mismatch_of(Decimal(total))) for total in wrong] == [True] * len(wrong)


def test_an_emptied_field_takes_the_share_back(target, district_a, district_b, officer):
    target.share_out(officer, {district_a.pk: Decimal(5), district_b.pk: Decimal(5)})
    target.share_out(officer, {district_b.pk: Decimal(10)})
    assert given_shares(target) == {"B": 10}


@pytest.mark.parametrize(
    ("typed", "sentence"), [("-1", "Số giao không được âm."), ("năm", "Hãy nhập một số, ví dụ 12 hoặc 1.200.")]
)
def test_what_is_no_number_is_said_at_its_field(target, district_a, officer, client_of, typed, sentence):
    response = client_of(officer).post(page_url(target), form_data(target, {district_a: typed}))
    [error] = response.context["form"].errors[f"unit_{district_a.pk}"]
    assert (sentence in error, given_shares(target)) == (True, {})


def test_thousands_are_typed_the_vietnamese_way(plan, district_a, officer, client_of):
    target = make_target(plan, value=1200, comparator="=")
    client_of(officer).post(page_url(target), form_data(target, {district_a: "1.200"}))
    assert given_shares(target) == {"A": 1200}
    assert 'value="1.200"' in client_of(officer).get(page_url(target)).content.decode()


def test_who_may_share_out(target, district_a, leader, finance, inspector, unit_officer_a, client_of):
    users = (leader, finance, inspector, unit_officer_a)
    assert [client_of(user).get(page_url(target)).status_code for user in users] == [403] * 4
    assert [client_of(user).post(page_url(target), form_data(target, {})).status_code for user in users] == [403] * 4
    for user in users:
        with pytest.raises(Refused, match="Chỉ cán bộ của đơn vị ban hành"):
            target.share_out(user, {district_a.pk: Decimal(10)})


def test_a_rate_is_not_divided(plan, district_a, officer, client_of):
    target = make_target(plan, indicator="hardship_supported_share", value=100, unit_of_measure="%")
    response = client_of(officer).get(page_url(target), follow=True)
    assert texts(response) == ["Chỉ tiêu tỷ lệ áp dụng chung cho mọi đơn vị nên không chia số cho từng đơn vị."]
    with pytest.raises(Refused, match="không chia số"):
        target.share_out(officer, {district_a.pk: Decimal(10)})


def test_a_closed_plan_is_shared_out_no_more(target, officer, leader, district_a, client_of):
    target.plan.issue(leader, number="1")
    target.plan.close(officer)
    response = client_of(officer).get(page_url(target), follow=True)
    assert texts(response) == ["Kế hoạch đã kết thúc nên không giao lại chỉ tiêu được."]


def test_shares_go_to_open_units_and_those_that_hold_one(target, province, district_a, district_b, officer, client_of):
    closed = make_unit("C", "Huyện Cũ", parent=province, valid_to=date(2025, 6, 30))
    make_unit("D", "Huyện Đã đóng", parent=province, valid_to=date(2025, 6, 30))
    make_unit("A1", "CĐCS trong huyện An", kind="grassroots", parent=district_a)
    TargetShare.objects.create(target=target, unit=closed, value=1)
    response = client_of(officer).get(page_url(target))
    assert [unit.code for unit, _ in response.context["form"].rows] == ["A", "B", "C"]


def test_a_stranger_outside_the_issuers_tree_gets_no_share(district_a, district_b, officer, province):
    target = make_target(make_plan(district_a, officer))
    with pytest.raises(Refused, match="chỉ giao cho cấp dưới"):
        target.share_out(officer, {district_b.pk: Decimal(10)})


@pytest.mark.parametrize(("name", "values"), [("deu", {"A": 5, "B": 4}), ("doan-vien", {"A": 2, "B": 7})])
def test_a_proposal_fills_the_form_and_saves_nothing(target, district_a, district_b, officer, client_of, name, values):
    Target.objects.filter(pk=target.pk).update(own_part=1)
    UnitYear.objects.create(unit=district_a, year=2025, members=9_999)
    UnitYear.objects.create(unit=district_a, year=2026, members=1_000)
    UnitYear.objects.create(unit=district_b, year=2026, members=3_000)
    response = client_of(officer).get(page_url(target), {"de-xuat": name})
    assert {unit.code: field.initial for unit, field in response.context["form"].rows} == values
    assert given_shares(target) == {}


@given(total=st.integers(0, 10_000), weights=st.lists(st.integers(0, 50_000), min_size=1, max_size=60))
def test_a_proposal_adds_up_and_is_fair(total, weights):
    parts = split(total, weights)
    assert sum(parts) == total
    if sum(weights):
        assert all(abs(part - total * weight / sum(weights)) < 1 for part, weight in zip(parts, weights, strict=True))
    else:
        assert max(parts) - min(parts) <= 1


def test_the_second_of_two_officers_is_told(target, district_a, officer, other_officer, client_of):
    opened = form_data(target, {district_a: "10"})
    client_of(other_officer).post(page_url(target), form_data(target, {district_a: "12"}))
    response = client_of(officer).post(page_url(target), opened)
    assert [text.startswith("Người khác vừa lưu phần giao") for text in texts(response)] == [True]
    assert given_shares(target) == {"A": 12}


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_told(target, district_a, district_b, officer):
    version, outcomes, start = target.shares_version(), [], threading.Barrier(2)

    def save(unit):
        start.wait()
        try:
            Target.objects.get(pk=target.pk).share_out(fresh(officer), {unit.pk: Decimal(10)}, version=version)
            outcomes.append("saved")
        except Refused:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[unit]) for unit in (district_a, district_b)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(outcomes), target.shares.count()) == (["saved", "told"], 1)


def test_the_page_takes_as_many_queries_for_many_units(target, province, district_a, officer, client_of):
    client, counts = client_of(officer), []
    for code in ("X", "Y"):
        client.get(page_url(target))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_url(target)).status_code == 200
        counts.append(len(queries))
        make_unit(code, f"Huyện {code}", parent=province)
        make_unit(f"{code}2", f"Huyện {code} 2", parent=province)
    assert counts[0] == counts[1]
