"""A house from proposal to hand-over: each step by those who may, in order, funded to the đồng, paid once."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from beneficiaries.houses.todo import waiting
from beneficiaries.models import House, HouseFunding, HouseKind
from tests.factories import appoint, fresh, make_fund, make_household, make_person, make_unit
from welfare.states import Refused
from welfare.units.models import today

LIST = "/beneficiaries/house/"
DAY = date(2026, 3, 2)


@pytest.fixture
def fund(province, finance):
    return make_fund(province, balance=100_000_000, by=finance, code="QMA", name="Quỹ Mái ấm Công đoàn")


@pytest.fixture
def house(district_a, unit_officer_a, fund):
    """Proposed by district A: 60 million, 40 of it out of the fund."""
    house = House.objects.create(
        unit=district_a, kind=HouseKind.objects.get(code="mai_am"), construction="new", year=2026, cost=60_000_000,
        person=make_person(district_a, "Lê Thị Nhà"), proposed_by=unit_officer_a, proposed_on=DAY,
    )  # fmt: skip
    HouseFunding.objects.create(house=house, source="fund", fund=fund, amount=40_000_000)
    HouseFunding.objects.create(house=house, source="family", amount=20_000_000)
    return house


@pytest.fixture
def decided(house, unit_officer_a, leader):
    house.survey(unit_officer_a, on=DAY)
    house.decide(leader, decision_number="12/QĐ-LĐLĐ", on=DAY)
    return house


def text(response) -> str:
    return response.content.decode()


def verb(house, name) -> str:
    return f"{LIST}{house.pk}/lam/{name}/"


def form_data(person, **changes):
    inline = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    data = {
        "person": person.pk if person else "", "kind": HouseKind.objects.get(code="mai_am").pk, "construction": "new",
        "cost": 60_000_000, "year": 2026, "proposed_on": "02/03/2026",
    }  # fmt: skip
    return data | {f"funding-{key}": value for key, value in inline.items()} | changes


# The way of a house ----------------------------------------------------------------------------


def test_a_house_goes_from_proposal_to_hand_over(house, unit_officer_a, leader, officer, finance, fund, client_of):
    line = house.funding.get(source="fund")
    for user, name, data, state in [
        (unit_officer_a, "survey", {"on": "05/03/2026"}, "surveyed"),
        (leader, "decide", {"decision_number": "12/QĐ-LĐLĐ", "on": "10/03/2026"}, "decided"),
        (officer, "start", {"on": "01/04/2026"}, "started"),
        (finance, "pay", {"line": line.pk, "document_number": "PC01", "on": "02/04/2026"}, "started"),
        (officer, "hand_over", {"on": "01/06/2026"}, "handed_over"),
    ]:
        assert client_of(user).post(verb(house, name), data).status_code == 302
        house.refresh_from_db()
        assert house.state == state
    fund.refresh_from_db()
    line.refresh_from_db()
    assert (house.surveyed_by, house.decided_by, house.decision_number) == (unit_officer_a, leader, "12/QĐ-LĐLĐ")
    assert (str(house.decided_on), str(house.started_on), str(house.handed_over_on)) == (
        "2026-03-10",
        "2026-04-01",
        "2026-06-01",
    )
    assert (fund.balance, line.payment.amount, str(line.payment.on)) == (60_000_000, -40_000_000, "2026-04-02")


ALL = {
    "survey": {}, "decide": {"decision_number": "1/QĐ"}, "start": {}, "hand_over": {}, "refuse": {"reason": "x"},
    "withdraw": {"reason": "x"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        ("proposed", {"survey", "refuse", "withdraw"}),
        ("surveyed", {"decide", "refuse", "withdraw"}),
        ("decided", {"start", "withdraw"}),
        ("started", {"hand_over"}),
        ("handed_over", set()),
        ("refused", set()),
        ("withdrawn", set()),
    ],
)
def test_each_state_allows_its_verbs_only(house, other_officer, province, state, possible):
    for role in ("leader", "finance_officer"):
        appoint(other_officer, role, province)
    user = fresh(other_officer)
    done = set()
    for name, given in ALL.items():
        House.objects.filter(pk=house.pk).update(state=state)
        try:
            getattr(House.objects.get(pk=house.pk), name)(user, **given)
        except Refused as refusal:
            assert "nên không làm được việc này" in str(refusal)  # noqa: PT017
        else:
            done.add(name)
    assert done == possible


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("survey", {"officer", "unit_officer_a"}),
        ("decide", {"leader"}),
        ("start", {"officer", "finance"}),
        ("hand_over", {"officer", "finance"}),
        ("refuse", {"leader"}),
        ("withdraw", {"officer", "unit_officer_a"}),
        ("pay", {"finance"}),
    ],
)
def test_who_may_press_which_button(house, request, client_of, name, may):
    allowed = {
        who
        for who in ("leader", "officer", "finance", "inspector", "unit_officer_a")
        if client_of(request.getfixturevalue(who)).get(verb(house, name)).status_code == 200
    }
    assert allowed == may


def test_dates_stand_in_order(decided, officer):
    with pytest.raises(Refused, match="trước ngày quyết định"):
        decided.start(officer, on=DAY - timedelta(days=1))
    decided.start(officer, on=DAY)
    with pytest.raises(Refused, match="trước ngày khởi công"):
        decided.hand_over(officer, on=DAY - timedelta(days=1))
    with pytest.raises(Refused, match="chưa tới"):
        decided.hand_over(officer, on=today() + timedelta(days=1))
    decided.refresh_from_db()
    assert decided.state == "started"


def test_a_refusal_and_a_withdrawal_need_a_reason(house, leader, officer):
    for act in (lambda: house.refuse(leader, reason=" "), lambda: house.withdraw(officer, reason="")):
        with pytest.raises(Refused, match="lý do"):
            act()
    house.refuse(leader, reason="Đất có tranh chấp")
    assert (house.state, house.ended_reason) == ("refused", "Đất có tranh chấp")


# Maker is never checker ------------------------------------------------------------------------


def test_whoever_wrote_in_the_case_file_never_decides(
    house, officer, other_officer, unit_officer_a, province, client_of
):
    """The proposer, the surveyor, and one who changed the cost: each also a leader."""
    client_of(other_officer).post(
        f"{LIST}{house.pk}/change/", form_data(house.person, cost=60_000_000, condition="Nhà lá")
    )
    house.refresh_from_db()
    assert house.condition == "Nhà lá"
    house.survey(officer, on=DAY)
    for user in (unit_officer_a, officer, other_officer):
        appoint(user, "leader", province)
        response = client_of(user).post(verb(house, "decide"), {"decision_number": "1/QĐ"})
        assert "nên không được quyết định" in text(response)
        with pytest.raises(Refused, match="nên không được quyết định"):
            house.decide(fresh(user), decision_number="1/QĐ")
    with pytest.raises(IntegrityError), transaction.atomic():
        House.objects.filter(pk=house.pk).update(decided_by=unit_officer_a)
    house.refresh_from_db()
    assert (house.state, house.decided_by) == ("surveyed", None)


# Money -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("amounts", [(40_000_000, 19_999_999), (40_000_000, 20_000_001)])
def test_funding_lines_must_meet_the_cost_exactly(house, unit_officer_a, leader, amounts):
    house.funding.filter(source="family").update(amount=amounts[1])
    house.survey(unit_officer_a, on=DAY)
    with pytest.raises(Refused, match="chưa khớp tổng kinh phí 60.000.000 đồng"):
        house.decide(leader, decision_number="1/QĐ", on=DAY)
    assert house.state == "surveyed"


def test_a_house_that_costs_nothing_is_not_decided(house, unit_officer_a, leader):
    house.funding.all().delete()
    House.objects.filter(pk=house.pk).update(cost=0)
    house.survey(unit_officer_a, on=DAY)
    with pytest.raises(Refused, match="chưa khớp"):
        house.decide(leader, decision_number="1/QĐ", on=DAY)


def test_a_line_is_paid_once_after_the_decision(house, unit_officer_a, leader, finance, fund):
    line = house.funding.get(source="fund")
    with pytest.raises(Refused, match="sau khi có quyết định"):
        house.pay(finance, line=line)
    house.survey(unit_officer_a, on=DAY)
    house.decide(leader, decision_number="1/QĐ", on=DAY)
    house.pay(finance, line=line)
    for again in (line, house.funding.get(source="family")):
        with pytest.raises(Refused, match="đã chi hoặc không chi từ quỹ"):
            house.pay(finance, line=again)
    fund.refresh_from_db()
    assert (fund.balance, fund.entries.filter(kind="spend").count()) == (60_000_000, 1)


def test_a_line_of_another_house_or_above_the_balance_is_refused(decided, house, finance, fund, client_of, district_a):
    other = House.objects.create(
        unit=district_a, kind=decided.kind, construction="new", year=2026, person=make_person(district_a),
        proposed_by=finance,
    )  # fmt: skip
    foreign = HouseFunding.objects.create(house=other, source="fund", fund=fund, amount=1)
    with pytest.raises(Refused, match="không thuộc nhà"):
        decided.pay(finance, line=foreign)
    fund.post("spend", -90_000_000, by=finance)
    line = decided.funding.get(source="fund")
    response = client_of(finance).post(verb(decided, "pay"), {"line": line.pk, "document_number": "PC01"})
    assert "không đủ tiền để chi 40.000.000 đồng: số dư còn 10.000.000 đồng" in text(response)
    line.refresh_from_db()
    assert line.payment is None


def test_a_paid_house_is_not_withdrawn(decided, finance, officer):
    decided.pay(finance, line=decided.funding.get(source="fund"))
    with pytest.raises(Refused, match="đã được chi tiền"):
        decided.withdraw(officer, reason="Đổi ý")


# Forms -----------------------------------------------------------------------------------------


def test_a_unit_proposes_a_house_with_its_funding(district_a, unit_officer_a, client_of, fund):
    funding = {
        "funding-TOTAL_FORMS": 1, "funding-0-source": "family", "funding-0-amount": 60_000_000,
        "funding-0-payment": fund.entries.get().pk,
    }  # fmt: skip
    posted = form_data(make_person(district_a), **funding, state="decided", decided_by=1, unit=1, decision_number="1")
    assert client_of(unit_officer_a).post(f"{LIST}add/", posted).status_code == 302
    house = House.objects.get()
    assert (house.state, house.unit, house.proposed_by) == ("proposed", district_a, unit_officer_a)
    assert (house.decided_by, house.decision_number) == (None, "")
    assert [(line.amount, line.payment) for line in house.funding.all()] == [(60_000_000, None)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"person": ""}, "Phải chọn người"),
        ({"cost": -1}, "Kinh phí không được âm"),
        ({"proposed_on": "01/01/2999"}, "không được sau hôm nay"),
        ({"funding-TOTAL_FORMS": 1, "funding-0-source": "fund", "funding-0-amount": 5}, "Chọn quỹ khi nguồn là quỹ công đoàn"),
        ({"funding-TOTAL_FORMS": 1, "funding-0-source": "family", "funding-0-amount": 0}, "Số tiền phải lớn hơn 0"),
    ],
)  # fmt: skip
def test_a_wrong_proposal_writes_nothing(district_a, unit_officer_a, client_of, wrong, told):
    response = client_of(unit_officer_a).post(f"{LIST}add/", form_data(make_person(district_a)) | wrong)
    assert (response.status_code, told in text(response), House.objects.count()) == (200, True, 0)


def test_people_of_other_units_get_no_house(district_a, district_b, unit_officer_a, client_of):
    company = make_unit("A1", "CĐCS An", kind="grassroots", parent=district_a)
    client = client_of(unit_officer_a)
    for person in (make_person(company), make_person(district_b)):
        assert client.post(f"{LIST}add/", form_data(person)).status_code == 200
    household = make_household(district_b).pk
    assert client.post(f"{LIST}add/", form_data(None, household=household)).status_code == 200
    assert House.objects.count() == 0


def test_a_decided_case_file_is_closed(decided, officer, unit_officer_a, client_of):
    for user in (officer, unit_officer_a):
        response = client_of(user).post(f"{LIST}{decided.pk}/change/", form_data(decided.person, cost=1))
        assert response.status_code == 403
    decided.refresh_from_db()
    assert decided.cost == 60_000_000


def test_a_form_opened_before_a_verb_does_not_carry_the_old_state_back(house, officer, unit_officer_a):
    from beneficiaries.houses.forms import HouseForm

    stale = House.objects.get(pk=house.pk)
    house.survey(unit_officer_a, on=DAY)
    HouseForm.user, HouseForm.home_unit = officer, None
    form = type("Form", (HouseForm,), {"Meta": type("Meta", (), {"model": House, "fields": ["cost"]})})(
        {"cost": 5}, instance=stale
    )
    with transaction.atomic():
        assert "đã chuyển sang “Đã khảo sát”" in str(form.errors)
    HouseForm.user = None


def test_an_older_version_is_no_way_back(decided, officer, client_of):
    version = decided.history.earliest().history_id
    assert client_of(officer).post(f"{LIST}{decided.pk}/history/{version}/", {"cost": 1}).status_code == 405
    decided.refresh_from_db()
    assert (decided.state, decided.cost) == ("decided", 60_000_000)


# Lists -----------------------------------------------------------------------------------------


def test_another_units_house_is_not_found(house, unit_officer_b, client_of):
    client = client_of(unit_officer_b)
    urls = [f"{LIST}{house.pk}/change/", f"{LIST}{house.pk}/history/", verb(house, "survey")]
    assert [client.get(url).status_code for url in urls] == [404] * 3
    assert client.post(verb(house, "withdraw"), {"reason": "x"}).status_code == 404
    assert list(client.get(LIST).context["cl"].result_list) == []


def test_filters_and_search(house, district_b, unit_officer_b, officer, client_of):
    other = House.objects.create(
        unit=district_b, kind=house.kind, construction="repair", year=2025, household=make_household(district_b, "Võ Văn Hộ"),
        proposed_by=unit_officer_b,
    )  # fmt: skip
    client = client_of(officer)

    def found(**query):
        return [row.pk for row in client.get(LIST, query).context["cl"].result_list]

    assert found() == [house.pk, other.pk]
    assert [found(unit=district_b.pk), found(year=2025), found(construction__exact="repair")] == [[other.pk]] * 3
    assert [found(q="le nha"), found(year=2026), found(state__exact="surveyed")] == [[house.pk], [house.pk], []]
    assert found(q="Võ Văn") == [other.pk]


def test_a_year_is_shown_without_a_dot(house, leader, client_of):
    client = client_of(leader)
    assert ["2.026" in text(client.get(url)) for url in (LIST, f"{LIST}{house.pk}/change/")] == [False, False]


def test_the_list_takes_as_many_queries_for_three_houses_as_for_one(house, district_a, officer, client_of):
    client, counts = client_of(officer), []
    for number in (1, 3):
        while House.objects.count() < number:
            House.objects.create(
                unit=district_a, kind=house.kind, construction="new", year=2026, proposed_by=officer,
                person=make_person(district_a), household=make_household(district_a),
            )  # fmt: skip
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_waits_for_whom(house, unit_officer_a, unit_officer_b, leader, officer, finance):
    def told(user):
        return [(item.count, item.text) for item in waiting(fresh(user)) if item.count]

    assert [told(user) for user in (unit_officer_a, unit_officer_b, leader)] == [[(1, "nhà chờ khảo sát")], [], []]
    house.survey(unit_officer_a, on=DAY)
    assert told(leader) == [(1, "nhà chờ quyết định")]
    house.decide(leader, decision_number="1/QĐ", on=DAY)
    assert told(finance) == [(1, "nguồn quỹ chờ chi làm nhà")]
    House.objects.filter(pk=house.pk).update(year=2025)
    assert told(officer) == [(1, "nhà của năm trước chưa bàn giao")]


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    "lookup", ["person__national_id__startswith", "household__people__id_hash", "proposed_by__username"]
)
def test_hidden_fields_can_not_be_asked_for(house, officer, client_of, lookup):
    assert client_of(officer).get(LIST, {lookup: "0"}).status_code == 400
