"""People chosen out of a list are proposed together: what is shown is what is sent, all of them or none."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beneficiaries.models import Grant, SupportKind
from tests.factories import make_fund, make_grant, make_person, make_round

PAGE = "/dot-ho-tro/de-nghi/"


@pytest.fixture
def round(province):
    return make_round(province, other_amount=300_000)


@pytest.fixture
def three(district_a):
    names = [("Nguyễn Thị An", True), ("Trần Văn Ba", False), ("Lê Thị Cúc", None)]
    return [make_person(district_a, name, is_member=is_member) for name, is_member in names]


def sent(round, people, **changes):
    lines = {f"cash-{person.pk}": "500.000" for person in people} | {f"gift-{person.pk}": "0" for person in people}
    return {"people": [person.pk for person in people], "round": round.pk, "propose": 1} | lines | changes


def text(response) -> str:
    return response.content.decode()


def test_the_action_of_the_list_leads_to_the_page(three, unit_officer_a, client_of):
    data = {"action": "propose", ACTION_CHECKBOX_NAME: [person.pk for person in three[:2]]}
    response = client_of(unit_officer_a).post("/beneficiaries/person/", data)
    assert response.status_code == 302
    assert response["Location"].startswith(f"{PAGE}?people=")
    page = client_of(unit_officer_a).get(response["Location"])
    assert [line["person"].full_name for line in page.context["lines"]] == ["Nguyễn Thị An", "Trần Văn Ba"]


def test_the_page_offers_the_amount_of_members_and_of_others(round, three, unit_officer_a, client_of):
    page = client_of(unit_officer_a).get(PAGE, {"people": [p.pk for p in three], "round": round.pk})
    offered = {line["person"].full_name: line["cash"].value() for line in page.context["lines"]}
    assert offered == {"Nguyễn Thị An": "500.000", "Trần Văn Ba": "300.000", "Lê Thị Cúc": "500.000"}


def test_all_are_proposed_at_once_with_history(round, three, unit_officer_a, client_of):
    gift = SupportKind.objects.get(code="gift")
    first = three[0].pk
    data = sent(
        round, three, support_kind=gift.pk, in_kind="Túi quà", **{f"gift-{first}": "200.000", f"reason-{first}": "Bệnh"}
    )
    response = client_of(unit_officer_a).post(PAGE, data, follow=True)
    assert "Đã đề nghị 3 người, 1.700.000 đồng." in text(response)
    grant = Grant.objects.get(person=first)
    assert (grant.cash, grant.in_kind_value, grant.reason, grant.support_kind, grant.quantity) == (
        500_000, 200_000, "Bệnh", gift, 1,
    )  # fmt: skip
    assert (grant.state, grant.unit, grant.proposed_by) == ("proposed", three[0].unit, unit_officer_a)
    assert grant.history.get().history_user == unit_officer_a


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"cash": "2.000.001"}, "vượt mức tối đa 2.000.000 đồng"), ({"cash": "0"}, "Ghi số tiền mặt"),
     ({"cash": "-5"}, "không được âm"), ({"cash": "9" * 30}, "quá lớn"), ({"cash": "mười"}, ""), ({"round": ""}, "Chọn đợt")],
)  # fmt: skip
def test_one_wrong_line_proposes_nobody_and_keeps_what_was_typed(round, three, unit_officer_a, client_of, wrong, told):
    last = three[-1].pk
    changes = {f"cash-{last}": wrong["cash"]} if "cash" in wrong else wrong
    response = client_of(unit_officer_a).post(PAGE, sent(round, three, **{f"reason-{last}": "Đã gõ"}) | changes)
    assert (response.status_code, told in text(response), "Đã gõ" in text(response)) == (200, True, True)
    assert Grant.objects.count() == 0


def test_a_double_click_proposes_once(round, three, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    responses = [client.post(PAGE, sent(round, three)) for _ in range(2)]
    assert [response.status_code for response in responses] == [302, 200]
    assert "đã có tên trong đợt" in text(responses[1])
    assert Grant.objects.count() == 3


def test_who_was_refused_or_whose_payment_was_reversed_may_be_proposed_again(
    round, province, three, officer, leader, finance, unit_officer_a, client_of
):
    refused, paid, _ = [make_grant(round, person.unit, officer, person) for person in three]
    refused.refuse(leader, reason="Thiếu giấy tờ")
    fund = make_fund(province, balance=5_000_000, by=finance)
    paid.approve(leader, decision_number="1/QĐ")
    paid.pay(finance, fund=fund)
    client = client_of(unit_officer_a)
    assert "đã có tên trong đợt" in text(client.post(PAGE, sent(round, three[:2])))
    paid.reverse(finance, note="Chuyển nhầm tài khoản")
    assert client.post(PAGE, sent(round, three[:2])).status_code == 302
    assert sorted(Grant.objects.filter(person__in=three[:2]).values_list("state", flat=True)) == [
        "proposed", "proposed", "refused", "reversed",
    ]  # fmt: skip
    assert "đã có tên trong đợt" in text(client.post(PAGE, sent(round, three[:2])))


def test_who_was_helped_on_the_same_occasion_is_marked(
    round, province, three, officer, leader, unit_officer_a, client_of
):
    before = make_round(province, code="TET2026B", name="Tết 2026 bổ sung")
    make_grant(before, three[0].unit, officer, three[0]).approve(leader, decision_number="1/QĐ")
    make_grant(round, three[1].unit, officer, three[1])
    page = client_of(unit_officer_a).get(PAGE, {"people": [p.pk for p in three], "round": round.pk})
    marks = {line["person"].full_name: (bool(line["helped"]), line["is_listed"]) for line in page.context["lines"]}
    assert marks == {"Nguyễn Thị An": (True, False), "Trần Văn Ba": (False, True), "Lê Thị Cúc": (False, False)}


def test_people_of_others_are_neither_shown_nor_proposed(
    round, three, district_b, workplace, unit_officer_a, inspector, client_of
):
    foreign, below = make_person(district_b, "Người Lạ Mặt"), make_person(workplace)
    client = client_of(unit_officer_a)
    page = client.get(PAGE, {"people": [foreign.pk, three[0].pk], "round": round.pk})
    assert ("Người Lạ Mặt" in text(page), page.context["left_out"]) == (False, 1)
    client.post(PAGE, sent(round, [foreign]))
    assert "chỉ đơn vị đó được lập đề nghị" in text(client.post(PAGE, sent(round, [below])))
    assert client_of(inspector).get(PAGE).status_code == 403
    assert Grant.objects.count() == 0


@pytest.mark.parametrize("keys", [["x"], ["99999999999999999999"], [""], []])
def test_keys_that_are_none_show_an_empty_page(keys, unit_officer_a, client_of):
    assert "Chưa chọn người nào" in text(client_of(unit_officer_a).get(PAGE, {"people": keys}))


def test_thirty_take_as_many_queries_as_three(round, three, district_a, unit_officer_a, client_of):
    client, counts = client_of(unit_officer_a), []
    many = [*three, *(make_person(district_a) for _ in range(6))]
    for people in (three, many):
        client.get(PAGE, {"people": [p.pk for p in people], "round": round.pk})
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE, {"people": [p.pk for p in people], "round": round.pk})
        counts.append(len(queries))
    assert counts[0] == counts[1]
