"""Support proposed, approved and paid: maker is never checker, what was seen is what is decided, nothing is paid twice."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from beneficiaries.grants.todo import waiting
from beneficiaries.models import FundEntry, Grant, GrantRound
from tests.factories import (
    an_id,
    appoint,
    fresh,
    make_fund,
    make_grant,
    make_household,
    make_person,
    make_round,
    make_unit,
)
from welfare.models import AuditEvent
from welfare.states import Refused
from welfare.units.models import today

NUMBER = "45/QĐ-LĐLĐ"


@pytest.fixture
def round(province):
    return make_round(province)


@pytest.fixture
def grants(round, district_a, unit_officer_a):
    """Three proposals of district A: 500.000, 600.000 and 700.000 đồng."""
    names = ("Nguyễn Thị An", "Trần Văn Bình", "Lê Thị Cúc")
    return [
        make_grant(round, district_a, unit_officer_a, make_person(district_a, name, national_id=an_id()), cash)
        for name, cash in zip(names, (500_000, 600_000, 700_000), strict=True)
    ]


@pytest.fixture
def fund(province, finance):
    return make_fund(province, balance=10_000_000, by=finance)


@pytest.fixture
def approved(round, grants, leader):
    round.grants.approve(leader, decision_number=NUMBER)
    return grants


def text(response) -> str:
    return response.content.decode()


def states(round) -> list[str]:
    return list(round.grants.order_by("pk").values_list("state", flat=True))


def box(grant) -> str:
    return f"{grant.pk}:{grant.value}"


def review(round) -> str:
    return f"/dot-ho-tro/{round.pk}/xet-duyet/"


def pay_page(round) -> str:
    return f"/dot-ho-tro/{round.pk}/chi/"


def approval(*grants, **changes):
    return {"act": "approve", "grant": [box(grant) for grant in grants], "decision_number": NUMBER} | changes


def payment(fund, *grants, **changes):
    return {"act": "pay", "grant": [box(g) for g in grants], "fund": fund.pk, "document_number": "PC01"} | changes


# Approval --------------------------------------------------------------------------------------


def test_an_officer_approves_the_ticked_proposals(round, grants, officer, client_of):
    day = today() - timedelta(days=3)
    response = client_of(officer).post(review(round), approval(*grants[:2], on=f"{day:%d/%m/%Y}"), follow=True)
    assert "Đã duyệt 2 khoản, 1.100.000 đồng." in text(response)
    assert states(round) == ["approved", "approved", "proposed"]
    grants[0].refresh_from_db()
    assert (grants[0].approved_by, grants[0].approved_on, grants[0].decision_number) == (officer, day, NUMBER)
    assert grants[0].history.latest().history_user == officer
    event = AuditEvent.objects.get(action="approve")
    assert event.detail == {"decision": NUMBER, "count": 2, "total": 1_100_000, "on": str(day)}


def test_the_whole_list_is_approved_by_its_number_and_sum(round, grants, officer, client_of):
    client = client_of(officer)
    page = client.get(review(round))
    assert 'value="3:1800000"' in text(page)
    client.post(review(round), approval(whole="3:1800000"))
    assert states(round) == ["approved"] * 3


def test_the_whole_list_is_what_the_filter_shows(round, grants, district_b, unit_officer_b, officer, client_of):
    make_grant(round, district_b, unit_officer_b, make_person(district_b, "Phạm Thị An"))
    client_of(officer).post(f"{review(round)}?unit={district_b.pk}&q=an", approval(whole="1:500000"))
    assert states(round) == ["proposed"] * 3 + ["approved"]


@pytest.mark.parametrize("chosen", ["ticked", "whole"])
def test_a_list_that_changed_meanwhile_is_refused_whole(round, grants, officer, leader, client_of, chosen):
    data = approval(*grants) if chosen == "ticked" else approval(whole="3:1800000")
    grants[0].refuse(leader, reason="Chưa đủ hồ sơ")
    response = client_of(officer).post(review(round), data)
    assert "bạn chọn 3 khoản, 1.800.000 đồng; nay còn 2 khoản, 1.300.000 đồng" in text(response)
    assert states(round) == ["refused", "proposed", "proposed"]


def test_an_amount_that_changed_meanwhile_is_refused(round, grants, officer, client_of):
    data = approval(*grants)
    Grant.objects.filter(pk=grants[0].pk).update(cash=900_000)
    assert "Danh sách đã thay đổi" in text(client_of(officer).post(review(round), data))
    assert states(round) == ["proposed"] * 3


@pytest.mark.parametrize(
    "wrong", [{"grant": []}, {"grant": ["x"]}, {"grant": ["1"]}, {"whole": "1"}, {"decision_number": "9" * 61}, {"act": "pay"},
              {"on": "31/02/2026"}, {"on": "01/01/2999"}]
)  # fmt: skip
def test_a_wrong_approval_changes_nothing(round, grants, officer, client_of, wrong):
    assert client_of(officer).post(review(round), approval(*grants, **wrong)).status_code == 200
    assert states(round) == ["proposed"] * 3


@pytest.mark.parametrize("desk", [review, pay_page])
def test_no_two_fields_of_a_page_share_a_name(round, grants, officer, finance, client_of, desk):
    """A browser sends them all, whichever button is pressed; the last of a name would hide the others."""
    if desk is pay_page:
        round.grants.approve(officer, decision_number=NUMBER)
    form = (
        client_of(officer if desk is review else finance).get(desk(round)).content.decode().split("data-selection")[1]
    )
    names = re.findall(r'<(?:input|select|textarea)[^>]*\sname="([^"]+)"', form.split("</form>")[0])
    assert len(names) > len(grants)
    assert {name for name in names if names.count(name) > 1} == {"grant"}


def test_many_are_refused_with_a_reason(round, grants, officer, client_of):
    data = {"act": "refuse", "grant": [box(grant) for grant in grants[:2]], "refuse-reason": "Chưa đủ hồ sơ"}
    client_of(officer).post(review(round), data)
    assert states(round) == ["refused", "refused", "proposed"]
    grants[0].refresh_from_db()
    assert (grants[0].refused_reason, grants[0].reason) == ("Chưa đủ hồ sơ", "")


@pytest.mark.parametrize("who", ["finance", "inspector", "unit_officer_a", "administrator"])
def test_others_may_not_approve(round, grants, who, request, client_of):
    user = request.getfixturevalue(who)
    assert client_of(user).get(review(round)).status_code == 403
    assert client_of(user).post(review(round), approval(*grants)).status_code == 403
    with pytest.raises(Refused, match="không có quyền"):
        round.grants.approve(user, decision_number=NUMBER)
    assert states(round) == ["proposed"] * 3


def test_the_system_account_never_approves(round, grants, officer):
    officer.is_system = True
    with pytest.raises(Refused, match="không có quyền"):
        round.grants.approve(officer, decision_number=NUMBER)


# Maker is never checker ------------------------------------------------------------------------


@pytest.fixture
def own(round, district_a, officer):
    """A proposal made by the officer, and one they appraised."""
    made = make_grant(round, district_a, officer, make_person(district_a))
    return made


@pytest.fixture(params=["proposed", "appraised"])
def touched(request, round, district_a, officer, other_officer):
    """A grant the officer proposed, or appraised after somebody else proposed it."""
    if request.param == "proposed":
        return make_grant(round, district_a, officer, make_person(district_a))
    grant = make_grant(round, district_a, other_officer, make_person(district_a))
    grant.appraise(officer)
    return grant


def test_no_route_lets_a_maker_approve(touched, round, grants, officer, client_of):
    client, before = client_of(officer), touched.state
    attempts = [
        client.post(review(round), approval(touched)),
        client.post(review(round), approval(touched, *grants)),
        client.post(review(round), approval(whole="4:2300000")),
        client.post(f"/beneficiaries/grant/{touched.pk}/lam/approve/", {"decision_number": NUMBER}),
        client.post(f"/beneficiaries/grant/{touched.pk}/lam/refuse/", {"reason": "x"}),
        client.post(review(round), {"act": "refuse", "grant": [box(touched)], "refuse-reason": "x"}),
    ]
    assert [response.status_code for response in attempts] == [200] * 6
    for act in (
        lambda: touched.approve(officer, decision_number=NUMBER),
        lambda: round.grants.approve(officer, decision_number=NUMBER),
        lambda: touched.refuse(officer, reason="x"),
    ):
        with pytest.raises(Refused, match="nên không được phê duyệt"):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(pk=touched.pk).update(approved_by=officer, state="approved")
    touched.refresh_from_db()
    assert (touched.state, {grant.state for grant in round.grants.exclude(pk=touched.pk)}) == (before, {"proposed"})


def test_the_own_ones_are_left_to_others(touched, round, grants, officer, leader, client_of):
    page = client_of(officer).get(review(round))
    assert (page.context["whole_count"], "1 khoản do bạn đề nghị hoặc thẩm định" in text(page)) == (3, True)
    assert client_of(leader).get(review(round)).context["whole_count"] == 4


def test_who_proposed_does_not_appraise(own, officer):
    with pytest.raises(Refused, match="không tự thẩm định"):
        own.appraise(officer)


def test_a_second_appointment_does_not_help(grants, round, unit_officer_a, province, client_of):
    appoint(unit_officer_a, "province_officer", province)
    response = client_of(unit_officer_a).post(review(round), approval(*grants))
    assert "nên không được phê duyệt" in text(response)
    assert states(round) == ["proposed"] * 3


# Proposals -------------------------------------------------------------------------------------


def proposal(round, person, **changes):
    person_id = person.pk if person else ""
    return {"round": round.pk, "person": person_id, "people_count": 1, "cash": 500_000, "in_kind_value": 0} | changes


ADD = "/beneficiaries/grant/add/"


def test_a_unit_officer_proposes_for_their_own_people(round, district_a, unit_officer_a, client_of):
    person = make_person(district_a)
    posted = proposal(round, person, state="approved", approved_by=1, proposed_by=1, decision_number="9", unit=1)
    assert client_of(unit_officer_a).post(ADD, posted).status_code == 302
    grant = Grant.objects.get()
    assert (grant.state, grant.proposed_by, grant.unit) == ("proposed", unit_officer_a, district_a)
    assert (grant.approved_by, grant.decision_number, grant.proposed_on) == (None, "", today())


def test_a_posted_state_changes_nothing_on_a_saved_grant(grants, fund, unit_officer_a, client_of):
    posted = {"people_count": 1, "cash": 650_000, "in_kind_value": 0, "state": "paid", "payment": fund.entries.get().pk}
    assert client_of(unit_officer_a).post(f"/beneficiaries/grant/{grants[0].pk}/change/", posted).status_code == 302
    grants[0].refresh_from_db()
    assert (grants[0].state, grants[0].cash, grants[0].payment) == ("proposed", 650_000, None)


def test_the_unit_is_the_recipients(round, province, district_a, district_b, officer, client_of):
    person = make_person(district_b)
    client_of(officer).post(ADD, proposal(round, person, unit=district_a.pk))
    client_of(officer).post(ADD, proposal(round, None, unit=district_a.pk, people_count=30, cash=9_000_000))
    assert [(g.unit, g.people_count) for g in Grant.objects.order_by("pk")] == [(district_b, 1), (district_a, 30)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"cash": 2_000_001}, "vượt mức tối đa 2.000.000 đồng"),
        ({"cash": 1_500_000, "in_kind_value": 600_000}, "vượt mức tối đa"),
        ({"cash": 0}, "Phải ghi số tiền mặt hoặc giá trị hiện vật"),
        ({"cash": -5}, "không được âm"),
        ({"people_count": 2}, "chỉ có một suất"),
        ({"cash": 10**20}, ""),
    ],
)
def test_a_wrong_amount_is_refused(round, district_a, unit_officer_a, client_of, wrong, told):
    response = client_of(unit_officer_a).post(ADD, proposal(round, make_person(district_a), **wrong))
    assert (response.status_code, told in text(response), Grant.objects.count()) == (200, True, 0)


@pytest.mark.parametrize("closed", ["state", "too_late", "too_early"])
def test_a_round_that_takes_no_proposals_is_refused(round, district_a, unit_officer_a, leader, client_of, closed):
    day = timedelta(days=1)
    change = {
        "state": {"state": "closed"},
        "too_late": {"closes_on": today() - day},
        "too_early": {"opens_on": today() + day},
    }
    GrantRound.objects.filter(pk=round.pk).update(**change[closed])
    response = client_of(unit_officer_a).post(ADD, proposal(round, make_person(district_a)))
    assert ("hiện không nhận đề nghị" in text(response), Grant.objects.count()) == (True, 0)


def test_nobody_is_proposed_twice_in_a_round(round, grants, unit_officer_a, client_of):
    response = client_of(unit_officer_a).post(ADD, proposal(round, grants[0].person))
    assert ("Người này đã có tên trong đợt hỗ trợ." in text(response), Grant.objects.count()) == (True, 3)


def test_people_of_other_units_can_not_be_proposed(round, district_a, district_b, unit_officer_a, client_of):
    company = make_unit("A1", "CĐCS An", kind="grassroots", parent=district_a)
    below = client_of(unit_officer_a).post(ADD, proposal(round, make_person(company)))
    beside = client_of(unit_officer_a).post(ADD, proposal(round, make_person(district_b)))
    household = client_of(unit_officer_a).post(ADD, proposal(round, None, household=make_household(district_b).pk))
    assert "Người nhận thuộc CĐCS An" in text(below)
    assert [response.status_code for response in (below, beside, household)] == [200] * 3
    assert Grant.objects.count() == 0


def test_only_the_proposer_changes_a_proposal_and_only_while_it_waits(
    grants, officer, unit_officer_a, leader, client_of
):
    url = f"/beneficiaries/grant/{grants[0].pk}/change/"
    change = {"people_count": 1, "cash": 650_000, "in_kind_value": 0}
    assert client_of(officer).post(url, change).status_code == 403
    assert client_of(unit_officer_a).post(url, change).status_code == 302
    grants[0].refresh_from_db()
    grants[0].approve(leader, decision_number=NUMBER)
    assert client_of(unit_officer_a).post(url, change).status_code == 403


@pytest.mark.parametrize("url", ["/beneficiaries/grant/{}/change/", "/beneficiaries/grant/{}/lam/appraise/"])
def test_another_units_grant_is_not_found(grants, unit_officer_b, client_of, url):
    assert client_of(unit_officer_b).get(url.format(grants[0].pk)).status_code == 404


# Payment ---------------------------------------------------------------------------------------


def test_finance_pays_the_ticked_grants_in_one_go(round, approved, fund, finance, client_of):
    response = client_of(finance).post(pay_page(round), payment(fund, *approved[:2]), follow=True)
    assert "Đã chi 2 khoản, 1.100.000 đồng." in text(response)
    fund.refresh_from_db()
    assert (states(round), fund.balance) == (["paid", "paid", "approved"], 8_900_000)
    paid = Grant.objects.get(pk=approved[0].pk)
    entry = paid.payment
    assert (entry.kind, entry.amount, entry.document_number, entry.by) == ("spend", -500_000, "PC01", finance)
    assert (paid.paid_on, paid.history.latest().state, paid.history.latest().history_user) == (today(), "paid", finance)


def test_a_double_click_pays_once(round, approved, fund, finance, client_of):
    client = client_of(finance)
    responses = [client.post(pay_page(round), payment(fund, *approved)) for _ in range(2)]
    assert [response.status_code for response in responses] == [302, 200]
    fund.refresh_from_db()
    assert (fund.balance, FundEntry.objects.filter(kind="spend").count()) == (8_200_000, 3)


@pytest.mark.parametrize("route", ["list", "verb"])
def test_more_than_the_balance_pays_nobody(round, approved, fund, finance, client_of, route):
    fund.post("spend", -9_600_000, by=finance)
    if route == "list":
        response = client_of(finance).post(pay_page(round), payment(fund, *approved))
    else:
        data = {"fund": fund.pk, "document_number": "PC01"}
        response = client_of(finance).post(f"/beneficiaries/grant/{approved[0].pk}/lam/pay/", data)
    assert "không đủ tiền để chi" in text(response)
    fund.refresh_from_db()
    assert (states(round), fund.balance, fund.entries.count()) == (["approved"] * 3, 400_000, 2)


def test_what_comes_from_outside_or_in_kind_takes_nothing_from_the_fund(
    round, district_a, officer, leader, finance, fund
):
    make_grant(round, district_a, officer, make_person(district_a), outside_source="Công ty Ánh Dương")
    make_grant(round, district_a, officer, make_person(district_a), cash=0, in_kind_value=300_000)
    round.grants.approve(leader, decision_number=NUMBER)
    assert round.grants.pay(finance) == 2
    fund.refresh_from_db()
    assert (states(round), fund.balance, FundEntry.objects.filter(kind="spend").count()) == (
        ["paid"] * 2,
        10_000_000,
        0,
    )


def test_a_day_before_the_approval_or_no_fund_is_refused(round, approved, fund, finance):
    with pytest.raises(Refused, match="trước ngày duyệt"):
        round.grants.pay(finance, fund=fund, on=today() - timedelta(days=1))
    with pytest.raises(Refused, match="chọn quỹ"):
        round.grants.pay(finance)
    assert states(round) == ["approved"] * 3


@pytest.mark.parametrize("who", ["officer", "leader", "inspector", "unit_officer_a", "administrator"])
def test_only_finance_pays(round, approved, fund, who, request, client_of):
    user = request.getfixturevalue(who)
    assert client_of(user).post(pay_page(round), payment(fund, *approved)).status_code == 403
    with pytest.raises(Refused, match="không có quyền"):
        approved[0].pay(user, fund=fund)
    assert states(round) == ["approved"] * 3


def test_what_was_not_approved_is_not_paid(round, grants, fund, finance, client_of):
    with pytest.raises(Refused, match="“Đề nghị” nên không chi được"):
        grants[0].pay(finance, fund=fund)
    assert "Danh sách đã thay đổi" in text(client_of(finance).post(pay_page(round), payment(fund, *grants)))
    assert states(round) == ["proposed"] * 3


def test_a_payment_is_reversed_and_not_paid_again(round, approved, fund, finance, client_of):
    approved[0].pay(finance, fund=fund)
    url = f"/beneficiaries/grant/{approved[0].pk}/lam/reverse/"
    client = client_of(finance)
    assert [client.post(url, {"note": "Người nhận đã chuyển đi"}).status_code for _ in range(2)] == [302, 200]
    fund.refresh_from_db()
    approved[0].refresh_from_db()
    assert (approved[0].state, fund.balance) == ("reversed", 10_000_000)
    with pytest.raises(Refused, match="“Đã ghi đảo”"):
        approved[0].pay(finance, fund=fund)


def test_a_grant_of_another_units_round_is_not_found(district_b, district_a, unit_officer_a, client_of):
    foreign = make_round(district_b, code="B1")
    role = unit_officer_a.appointments.get().role
    from welfare.models import Role

    for code in ("leader", "finance_officer"):
        role.permissions.add(*Role.objects.get(code=code).permissions.all())
    client = client_of(unit_officer_a)
    assert [client.get(url).status_code for url in (review(foreign), pay_page(foreign))] == [404, 404]


# Old versions ----------------------------------------------------------------------------------


def test_an_older_version_is_no_way_back(round, approved, fund, finance, unit_officer_a, client_of):
    approved[0].pay(finance, fund=fund)
    version = approved[0].history.filter(state="approved").earliest()
    for user in (finance, unit_officer_a):
        url = f"/beneficiaries/grant/{approved[0].pk}/history/{version.pk}/"
        assert client_of(user).post(url, {"cash": 1, "people_count": 1}).status_code == 405
    approved[0].refresh_from_db()
    assert (approved[0].state, approved[0].cash) == ("paid", 500_000)


# Screens ---------------------------------------------------------------------------------------


def test_a_rounds_page_counts_what_the_user_may_see(round, approved, district_b, unit_officer_b, officer, client_of):
    make_grant(round, district_b, unit_officer_b, make_person(district_b))
    url = f"/beneficiaries/grantround/{round.pk}/change/"

    def figures(user):
        summary = client_of(user).get(url).context["summary"]
        return {row["state"]: (row["count"], row["total"]) for row in summary if row["count"]}

    assert figures(officer) == {"proposed": (1, 500_000), "approved": (3, 1_800_000)}
    assert figures(unit_officer_b) == {"proposed": (1, 500_000)}


def test_those_already_helped_this_year_are_marked(round, grants, officer, leader, province, district_b, client_of):
    earlier = make_round(province, code="TCN2026", name="Tháng Công nhân", occasion="workers_month")
    same_human = make_person(district_b, national_id=grants[1].person.national_id)
    for person in (grants[0].person, same_human):
        make_grant(earlier, person.unit, officer, person).approve(leader, decision_number="9/QĐ")
    shown = client_of(leader).get(review(round)).context["shown"]
    assert {grant.pk for grant in shown if grant.is_helped} == {grants[0].pk, grants[1].pk}


def test_a_round_closes_and_opens_again(round, officer, finance, client_of):
    url = f"/beneficiaries/grantround/{round.pk}/lam/"
    assert client_of(finance).post(f"{url}close/", {"sent": 1}).status_code == 403
    client_of(officer).post(f"{url}close/", {"sent": 1})
    round.refresh_from_db()
    assert (round.state, round.takes_proposals()) == ("closed", False)
    edit = client_of(officer).post(f"/beneficiaries/grantround/{round.pk}/change/", {"name": "Đổi tên"})
    assert edit.status_code == 403
    client_of(officer).post(f"{url}reopen/", {"sent": 1})
    round.refresh_from_db()
    assert round.state == "open"


def test_what_waits_for_whom(round, approved, touched, officer, leader, finance, inspector):
    def told(user):
        return [(item.count, item.text) for item in waiting(fresh(user))]

    assert told(officer) == []
    assert told(leader) == [(1, "khoản đề nghị chờ duyệt: Tết 2026")]
    assert told(finance) == [(3, "khoản đã duyệt chờ chi: Tết 2026")]
    assert told(inspector) == []


@pytest.mark.parametrize("page", ["review", "list", "pay"])
def test_pages_take_as_many_queries_for_three_grants_as_for_one(
    page, round, district_a, unit_officer_a, leader, officer, finance, client_of
):
    url = {"review": review(round), "list": "/beneficiaries/grant/", "pay": pay_page(round)}[page]
    client, counts = client_of(finance if page == "pay" else officer), []
    for number in (1, 3):
        while Grant.objects.count() < number:
            grant = make_grant(round, district_a, unit_officer_a, make_person(district_a, national_id=an_id()))
            if page == "pay":
                grant.approve(leader, decision_number=NUMBER)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_hundreds_are_paid_by_a_fixed_number_of_queries(round, district_a, officer, leader, finance, fund):
    counts = []
    for number in (1, 3, 30):
        for _ in range(number):
            make_grant(round, district_a, officer, make_person(district_a), cash=1_000)
        round.grants.approve(leader, decision_number=NUMBER)
        with CaptureQueriesContext(connection) as queries:
            round.grants.pay(finance, fund=fund)
        counts.append(len(queries))
    assert counts[1] == counts[2]


@pytest.mark.logs_errors
@pytest.mark.parametrize("lookup", ["person__national_id__startswith", "person__id_hash", "proposed_by__password"])
def test_hidden_fields_can_not_be_asked_for(grants, officer, client_of, lookup):
    assert client_of(officer).get("/beneficiaries/grant/", {lookup: "0"}).status_code == 400
