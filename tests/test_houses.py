"""A house from proposal to hand-over: each step by those who may, in order, funded to the đồng, paid once."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries.houses.already import given_before
from beneficiaries.houses.todo import waiting
from beneficiaries.models import House, HouseFunding, HouseKind, HousePayment, StageDeadline
from tests.deeds import bring_papers
from tests.factories import appoint, fresh, make_fund, make_household, make_person, make_unit, make_user
from welfare.documents.printing import make_document
from welfare.states import Refused
from welfare.units.models import today

LIST = "/beneficiaries/house/"
DAY = date(2026, 3, 2)
MINUTES = {"members": "Ban Chính sách, Ban Tài chính", "conclusion": "Đủ điều kiện"}
SURVEY = {
    "on": "05/03/2026", "surveyors": "Tổ khảo sát", "roof": "ruined", "walls": "worn", "floor": "none", "area": "36",
    "residents": "4", "land": "confirmed", "own_means": "20.000.000", "estimate": "60.000.000", "proposal": "Xây mới",
}  # fmt: skip


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
    bring_papers(house, unit_officer_a)
    return house


@pytest.fixture
def appraised(house, unit_officer_a, officer):
    house.survey(unit_officer_a, on=DAY)
    house.appraise(officer, **MINUTES, on=DAY)
    return house


@pytest.fixture
def decided(appraised, leader):
    appraised.decide(leader, decision_number="12/QĐ-LĐLĐ", on=DAY)
    return appraised


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


def test_a_house_goes_from_proposal_to_settlement(house, unit_officer_a, leader, officer, finance, fund, client_of):
    line, family = house.funding.get(source="fund"), house.funding.get(source="family")
    finals = {f"line_{line.pk}": "40.000.000", f"line_{family.pk}": "21.000.000", "final_cost": "61.000.000"}
    for user, name, data, state in [
        (unit_officer_a, "survey", SURVEY, "surveyed"),
        (officer, "appraise", {**MINUTES, "on": "08/03/2026"}, "appraised"),
        (leader, "decide", {"decision_number": "12/QĐ-LĐLĐ", "on": "10/03/2026"}, "decided"),
        (unit_officer_a, "start", {"on": "01/04/2026"}, "started"),
        (finance, "pay", {"line": line.pk, "amount": "15.000.000", "document_number": "PC01", "on": "02/04/2026"}, "started"),
        (unit_officer_a, "complete", {"on": "25/05/2026", "note": "Đạt"}, "completed"),
        (finance, "pay", {"line": line.pk, "document_number": "PC02", "on": "28/05/2026"}, "completed"),
        (unit_officer_a, "hand_over", {"on": "01/06/2026", "note": "Lễ trao nhà"}, "handed_over"),
        (finance, "settle", {**finals, "on": "01/07/2026"}, "settled"),
    ]:  # fmt: skip
        assert client_of(user).post(verb(house, name), data).status_code == 302
        house.refresh_from_db()
        assert house.state == state
    fund.refresh_from_db()
    line.refresh_from_db()
    assert (house.surveyed_by, house.appraised_by, house.decided_by) == (unit_officer_a, officer, leader)
    assert [str(getattr(house, f"{state}_on")) for state in ("surveyed", "appraised", "decided", "started")] == [
        "2026-03-05", "2026-03-08", "2026-03-10", "2026-04-01",
    ]  # fmt: skip
    assert [str(getattr(house, f"{state}_on")) for state in ("completed", "handed_over", "settled")] == [
        "2026-05-25", "2026-06-01", "2026-07-01",
    ]  # fmt: skip
    assert (house.survey_record.area, house.survey_record.own_means) == (36, 20_000_000)
    assert (fund.balance, line.paid, line.final, house.final_cost) == (60_000_000, 40_000_000, 40_000_000, 61_000_000)
    assert [(payment.kind, payment.amount, str(payment.entry.on)) for payment in line.payments.all()] == [
        ("advance", 15_000_000, "2026-04-02"), ("final", 25_000_000, "2026-05-28"),
    ]  # fmt: skip


ALL = {
    "survey": {}, "appraise": MINUTES, "send_back": {"reason": "x"}, "decide": {"decision_number": "1/QĐ"}, "start": {},
    "complete": {}, "hand_over": {}, "refuse": {"reason": "x"}, "withdraw": {"reason": "x"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        ("proposed", {"survey", "refuse", "withdraw"}),
        ("surveyed", {"appraise", "refuse", "withdraw"}),
        ("appraised", {"decide", "send_back", "refuse", "withdraw"}),
        ("decided", {"start", "withdraw"}),
        ("started", {"complete"}),
        ("completed", {"hand_over"}),
        ("handed_over", set()),
        ("settled", set()),
        ("refused", set()),
        ("withdrawn", set()),
    ],
)
def test_each_state_allows_its_verbs_only(house, other_officer, province, state, possible):
    for role in ("leader", "finance_officer"):
        appoint(other_officer, role, province)
    user = fresh(other_officer)
    done = set()
    for name, needed in ALL.items():
        House.objects.filter(pk=house.pk).update(state=state)
        try:
            getattr(House.objects.get(pk=house.pk), name)(user, **needed)
        except Refused as refusal:
            assert "nên không làm được việc này" in str(refusal)  # noqa: PT017
        else:
            done.add(name)
    assert done == possible


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("survey", {"officer", "unit_officer_a"}),
        ("appraise", {"officer"}),
        ("send_back", {"officer"}),
        ("allow_above_norm", {"leader"}),
        ("decide", {"leader"}),
        ("start", {"officer", "unit_officer_a"}),
        ("complete", {"officer", "unit_officer_a"}),
        ("hand_over", {"officer", "unit_officer_a"}),
        ("settle", {"finance"}),
        ("take_back_payment", {"finance"}),
        ("record_past", {"officer"}),
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
        decided.complete(officer, on=DAY - timedelta(days=1))
    with pytest.raises(Refused, match="chưa tới"):
        decided.complete(officer, on=today() + timedelta(days=1))
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
    """The proposer, the surveyor, the appraiser, and one who changed the cost: each also a leader."""
    third = make_user("canbo3", "province_officer", province)
    client_of(other_officer).post(
        f"{LIST}{house.pk}/change/", form_data(house.person, cost=60_000_000, condition="Nhà lá")
    )
    house.refresh_from_db()
    assert house.condition == "Nhà lá"
    house.survey(officer, on=DAY)
    house.appraise(third, **MINUTES, on=DAY)
    for user in (unit_officer_a, officer, other_officer, third):
        appoint(user, "leader", province)
        response = client_of(user).post(verb(house, "decide"), {"decision_number": "1/QĐ"})
        assert "nên không được quyết định" in text(response)
        with pytest.raises(Refused, match="nên không được quyết định"):
            house.decide(fresh(user), decision_number="1/QĐ")
    with pytest.raises(IntegrityError), transaction.atomic():
        House.objects.filter(pk=house.pk).update(decided_by=unit_officer_a)
    house.refresh_from_db()
    assert (house.state, house.decided_by) == ("appraised", None)


def test_whoever_proposed_never_appraises(house, unit_officer_a, province):
    house.survey(unit_officer_a, on=DAY)
    appoint(unit_officer_a, "province_officer", province)
    with pytest.raises(Refused, match="không được thẩm định"):
        house.appraise(fresh(unit_officer_a), **MINUTES, on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        House.objects.filter(pk=house.pk).update(appraised_by=unit_officer_a)
    assert House.objects.get().state == "surveyed"


def test_a_case_sent_back_is_written_and_appraised_again(appraised, officer, client_of):
    appraised.send_back(officer, reason="Thiếu dự toán")
    assert (appraised.state, appraised.appraised_by, appraised.appraised_on) == ("surveyed", None, None)
    page = client_of(officer).get(f"{LIST}{appraised.pk}/change/")
    assert ("Trả lại khảo sát: Thiếu dự toán" in text(page), 'name="_save"' in text(page)) == (True, True)


def test_a_unit_acts_on_its_own_houses_only(house, district_a, province, officer, unit_officer_a, client_of):
    company = make_unit("A1", "CĐCS An", kind="grassroots", parent=district_a)
    below = House.objects.create(
        unit=company, kind=house.kind, construction="new", year=2026, person=make_person(company), proposed_by=officer
    )
    assert client_of(unit_officer_a).get(verb(below, "survey")).status_code == 403
    with pytest.raises(Refused, match="của đơn vị mình"):
        below.survey(fresh(unit_officer_a), on=today())


# Money -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("amounts", [(40_000_000, 19_999_999), (40_000_000, 20_000_001)])
def test_funding_lines_must_meet_the_cost_exactly(appraised, leader, amounts):
    appraised.funding.filter(source="family").update(amount=amounts[1])
    with pytest.raises(Refused, match="chưa khớp tổng kinh phí 60.000.000 đồng"):
        appraised.decide(leader, decision_number="1/QĐ", on=DAY)
    assert appraised.state == "appraised"


def test_a_house_that_costs_nothing_is_not_appraised(house, unit_officer_a, officer):
    house.funding.all().delete()
    House.objects.filter(pk=house.pk).update(cost=0)
    house.survey(unit_officer_a, on=DAY)
    with pytest.raises(Refused, match="chưa khớp"):
        house.appraise(officer, **MINUTES, on=DAY)


def test_a_line_is_paid_after_the_decision_and_never_above_its_amount(appraised, leader, finance, fund):
    house, line = appraised, appraised.funding.get(source="fund")
    with pytest.raises(Refused, match="sau khi có quyết định"):
        house.pay(finance, line=line)
    house.decide(leader, decision_number="1/QĐ", on=DAY)
    for amount in (0, -1, 40_000_001):
        with pytest.raises(Refused, match="Nguồn này còn 40.000.000 đồng"):
            house.pay(finance, line=line, amount=amount)
    house.pay(finance, line=line)
    for again in (line, house.funding.get(source="family")):
        with pytest.raises(Refused, match="đã chi đủ hoặc không chi từ quỹ"):
            house.pay(finance, line=again)
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseFunding.objects.filter(pk=line.pk).update(paid=40_000_001)
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
    assert (line.paid, line.payments.count()) == (0, 0)


def test_a_paid_house_is_not_withdrawn_until_the_payment_is_reversed(decided, finance, officer, fund):
    line = decided.funding.get(source="fund")
    decided.pay(finance, line=line, amount=10_000_000, on=DAY)
    with pytest.raises(Refused, match="đã được chi tiền"):
        decided.withdraw(officer, reason="Đổi ý")
    payment = HousePayment.objects.get()
    decided.take_back_payment(finance, payment=payment, reason="Chi nhầm")
    with pytest.raises(Refused, match="đã được ghi đảo"):
        decided.take_back_payment(finance, payment=payment, reason="Chi nhầm")
    fund.refresh_from_db()
    line.refresh_from_db()
    assert (fund.balance, line.paid, HousePayment.objects.standing().count()) == (100_000_000, 0, 0)
    decided.withdraw(officer, reason="Đổi ý")
    assert decided.state == "withdrawn"


def test_a_second_click_pays_no_second_part(decided, finance, fund, client_of):
    line, client = decided.funding.get(source="fund"), client_of(finance)
    given = {"line": line.pk, "amount": "10.000.000", "document_number": "PC07", "on": f"{DAY:%d/%m/%Y}"}
    assert [client.post(verb(decided, "pay"), given).status_code for _ in range(2)] == [302, 200]
    assert client.post(verb(decided, "pay"), given | {"document_number": "PC08"}).status_code == 302
    fund.refresh_from_db()
    line.refresh_from_db()
    assert (line.paid, line.payments.count(), fund.balance) == (20_000_000, 2, 80_000_000)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(-5, 60).map(lambda n: n * 1_000_000), max_size=8))
def test_payments_never_exceed_the_line_and_are_the_funds_entries(decided, finance, fund, amounts):
    with transaction.atomic():
        line = decided.funding.get(source="fund")
        for amount in amounts:
            with suppress(Refused):
                decided.pay(finance, line=line, amount=amount, on=DAY)
        line.refresh_from_db()
        fund.refresh_from_db()
        entries = [payment.entry.amount for payment in line.payments.select_related("entry")]
        assert (line.paid, fund.balance) == (-sum(entries), 100_000_000 + sum(entries))
        assert 0 <= line.paid <= line.amount
        transaction.set_rollback(True)


def test_a_settlement_adds_up_and_keeps_to_what_the_fund_paid(decided, officer, finance):
    line, family = decided.funding.get(source="fund"), decided.funding.get(source="family")
    decided.pay(finance, line=line, on=DAY)
    decided.start(officer, on=DAY)
    decided.complete(officer, on=DAY)
    decided.hand_over(officer, on=DAY)
    for fund_part, family_part, total, told in [
        (40_000_000, 20_000_000, 59_000_000, "chưa khớp số quyết toán 59.000.000 đồng"),
        (39_000_000, 21_000_000, 60_000_000, "đã chi 40.000.000 đồng"),
        (61_000_000, -1_000_000, 60_000_000, "không âm"),
    ]:
        with pytest.raises(Refused, match=told):
            decided.settle(finance, final_cost=total, finals={line.pk: fund_part, family.pk: family_part}, on=DAY)
    with pytest.raises(Refused, match="từng nguồn"):
        decided.settle(finance, final_cost=40_000_000, finals={line.pk: 40_000_000}, on=DAY)
    assert (decided.state, decided.final_cost) == ("handed_over", None)


# Forms -----------------------------------------------------------------------------------------


def test_a_unit_proposes_a_house_with_its_funding(district_a, unit_officer_a, client_of, fund):
    funding = {
        "funding-TOTAL_FORMS": 1, "funding-0-source": "family", "funding-0-amount": 60_000_000,
        "funding-0-paid": 5, "funding-0-final": 5,
    }  # fmt: skip
    posted = form_data(make_person(district_a), **funding, state="decided", decided_by=1, unit=1, decision_number="1")
    assert client_of(unit_officer_a).post(f"{LIST}add/", posted).status_code == 302
    house = House.objects.get()
    assert (house.state, house.unit, house.proposed_by) == ("proposed", district_a, unit_officer_a)
    assert (house.decided_by, house.decision_number) == (None, "")
    assert [(line.amount, line.paid, line.final) for line in house.funding.all()] == [(60_000_000, 0, None)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"person": ""}, "Phải chọn người"),
        ({"cost": -1}, "Số không được âm"),
        ({"proposed_on": "01/01/2999"}, "không được sau hôm nay"),
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
    assert [found(q="Võ Văn"), found(q="ho vo")] == [[other.pk]] * 2


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
        return [(item.count, item.text) for item in waiting(fresh(user)) if item.count and not item.is_late]

    assert [told(user) for user in (unit_officer_a, unit_officer_b, leader)] == [[(1, "nhà chờ khảo sát")], [], []]
    house.survey(unit_officer_a, on=DAY)
    assert [told(user) for user in (officer, leader)] == [[(1, "nhà chờ thẩm định")], []]
    house.appraise(officer, **MINUTES, on=DAY)
    assert [told(user) for user in (officer, leader)] == [[], [(1, "nhà chờ quyết định")]]
    house.decide(leader, decision_number="1/QĐ", on=DAY)
    assert told(finance) == [(1, "nguồn quỹ chờ chi làm nhà")]


def test_a_house_is_late_by_the_deadline_of_its_stage(house, unit_officer_a, unit_officer_b, officer, client_of):
    def late(user):
        return [item.count for item in waiting(fresh(user)) if item.is_late]

    def shown():
        return [row.is_late for row in client_of(officer).get(LIST, {"tre": "1"}).context["cl"].result_list]

    House.objects.filter(pk=house.pk).update(proposed_on=today() - timedelta(days=30))
    assert (late(officer), late(unit_officer_a), shown()) == ([0], [0], [])
    House.objects.filter(pk=house.pk).update(proposed_on=today() - timedelta(days=31))
    assert (late(officer), late(unit_officer_a), late(unit_officer_b), shown()) == ([1], [1], [0], [True])
    StageDeadline.objects.filter(code="proposed").update(days=None)
    assert (late(officer), shown()) == ([0], [])


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    "lookup", ["person__national_id__startswith", "household__people__id_hash", "proposed_by__username"]
)
def test_hidden_fields_can_not_be_asked_for(house, officer, client_of, lookup):
    assert client_of(officer).get(LIST, {lookup: "0"}).status_code == 400


# The fund, named by the province ---------------------------------------------------------------


def test_a_unit_proposes_a_union_fund_and_the_province_names_it(house, district_a, unit_officer_a, officer, leader,
                                                                fund, client_of):  # fmt: skip
    funding = {"funding-TOTAL_FORMS": 1, "funding-0-source": "fund", "funding-0-amount": "60.000.000"}
    posted = form_data(make_person(district_a, "Trần Thị Xin"), **funding)
    assert client_of(unit_officer_a).post(f"{LIST}add/", posted).status_code == 302
    asked = House.objects.latest("pk")
    assert "LĐLĐ tỉnh chọn quỹ" in text(client_of(unit_officer_a).get(f"{LIST}{asked.pk}/change/"))
    bring_papers(asked, unit_officer_a)
    asked.survey(unit_officer_a, on=DAY)
    with pytest.raises(Refused, match="chưa chọn quỹ nào chi"):
        asked.appraise(officer, **MINUTES, on=DAY)
    line = asked.funding.get()
    named = {"funding-INITIAL_FORMS": 1, "funding-0-id": line.pk, "funding-0-fund": fund.pk, **funding}
    page = f"{LIST}{asked.pk}/change/"
    assert client_of(officer).post(page, form_data(asked.person, **named)).status_code == 302
    asked.refresh_from_db()
    line.refresh_from_db()
    assert line.fund == fund
    asked.appraise(officer, **MINUTES, on=DAY)
    assert asked.state == "appraised"


def test_a_fund_belongs_to_a_line_of_a_union_fund_alone(house, fund):
    with pytest.raises(ValidationError, match="Chỉ chọn quỹ khi nguồn là quỹ công đoàn"):
        HouseFunding(house=house, source="family", fund=fund, amount=1).clean()


# The same address, however it is spelled -------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ấp 3, xã An Thủy", "Ap 3 xa An Thuy, Ba Tri", True),
        ("Ấp 03, X. An Thủy, H. Ba Tri", "ấp 3, An Thủy, huyện Ba Tri, tỉnh Bến Tre", True),
        ("12 KP 2, phường 5", "Số 12, khu phố 2, P.5", False),
        ("Ấp 3, xã An Thủy", "Ấp 3, xã An Thuận", False),
        ("Ấp 3, xã An Thủy", "Ấp 13, xã An Thủy", False),
        ("Ấp 3", "Ấp 3, xã An Thủy", False),
        ("", "", False),
    ],
)
def test_addresses_are_compared_by_what_they_mean(house, district_a, unit_officer_a, one, other, same):
    for place, of in ((one, house), (other, _house_like(house, make_person(district_a, "Người Khác")))):
        of.address = place
        of.save()
    found = [why for _, why in given_before(house, unit_officer_a)]
    assert found == (["trùng địa chỉ"] if same else [])


def _house_like(house, person):
    return House.objects.create(
        unit=house.unit, kind=house.kind, construction="new", year=2025, person=person, proposed_by=house.proposed_by
    )


# The board and papers --------------------------------------------------------------------------


def test_a_card_may_be_dragged_by_who_may_do_its_next_step(house, unit_officer_a, leader, client_of):
    for user, may in ((unit_officer_a, True), (leader, False)):
        page = text(client_of(user).get("/nha/bang/"))
        assert (f'data-step="{verb(house, "survey")}"' in page, 'data-next="surveyed"' in page) == (may, may)
        assert 'data-state="surveyed"' in page  # an empty column takes a card too


def test_the_papers_of_a_house_print_from_the_step_they_belong_to(decided, officer, unit_officer_b):
    printed = make_document(officer, "house_decision", decided.pk)
    said = " ".join(block.text for block in printed.blocks)
    assert (printed.number_line, printed.kind) == ("Số: 12/QĐ-LĐLĐ", "QUYẾT ĐỊNH")
    assert "số tiền 40.000.000 đồng (Bốn mươi triệu đồng)" in said
    assert "Quỹ Mái ấm Công đoàn 40.000.000 đồng" in said
    for user, kind in ((officer, "house_hand_over"), (unit_officer_b, "house_decision")):
        with pytest.raises(Http404):
            make_document(user, kind, decided.pk)
    decided.start(officer, on=DAY)
    decided.complete(officer, on=DAY)
    minutes = make_document(officer, "house_hand_over", decided.pk)
    assert (minutes.kind, minutes.tables[0].total[1]) == ("BIÊN BẢN", 60_000_000)


def test_the_board_prints_what_it_shows(house, officer, unit_officer_b):
    table = make_document(officer, "house_board", "tat-ca").tables[0]
    assert [row.text for row in table.rows if hasattr(row, "text")] == ["Đề xuất: 1 nhà, 60.000.000 đồng"]
    for user, asked in ((officer, {"year": "2020"}), (unit_officer_b, {})):
        assert make_document(user, "house_board", "tat-ca", **asked).tables[0].rows == []
    with pytest.raises(Http404):
        make_document(officer, "house_board", "1")


# Houses of earlier years -----------------------------------------------------------------------

HEAD = (
    "Mã đơn vị,Họ và tên,Loại nhà,Hình thức,Quỹ công đoàn,Mã quỹ,Gia đình,Số quyết định,Ngày quyết định,Ngày bàn giao,"
    "Ngày quyết toán\n"
)


def _import(client, lines):
    file = SimpleUploadedFile("nha.csv", (HEAD + lines).encode())
    shown = client.post(f"{LIST}import/", {"import_file": file, "format": "1"})
    if "confirm_form" in shown.context and shown.context["confirm_form"]:
        client.post(f"{LIST}process_import/", shown.context["confirm_form"].initial)
    return shown


def test_houses_of_earlier_years_come_in_at_their_last_stage_and_once(district_a, officer, fund, client_of):
    make_person(district_a, "Võ Thị Cũ")
    lines = (
        "A,Võ Thị Cũ,Mái ấm Công đoàn,Xây mới,50.000.000,QMA,20.000.000,05/QĐ-LĐLĐ,01/03/2024,20/08/2024,30/09/2024\n"
        "A,vo thi cu,Nhà tình thương,Sửa chữa,20000000,,,06/QĐ-LĐLĐ,01/03/2025,20/08/2025,\n"
    )
    for _ in range(2):
        _import(client_of(officer), lines)
    rows = House.objects.order_by("pk").values_list("state", "year", "cost", "final_cost", "is_recorded_afterwards")
    assert list(rows) == [
        ("settled", 2024, 70_000_000, 70_000_000, True),
        ("handed_over", 2025, 20_000_000, None, True),
    ]
    fund.refresh_from_db()
    assert (fund.balance, HousePayment.objects.count()) == (100_000_000, 0)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("A,Ai Đó,Mái ấm Công đoàn,Xây mới,5,,,1/QĐ,01/03/2024,20/08/2024,", "Chưa có “Ai Đó”"),
        ("A,Võ Thị Cũ,Lâu đài,Xây mới,5,,,1/QĐ,01/03/2024,20/08/2024,", "Không có loại nhà “Lâu đài”"),
        ("A,Võ Thị Cũ,Mái ấm Công đoàn,Xây mới,5,,,1/QĐ,01/09/2024,20/08/2024,", "Các ngày phải theo thứ tự"),
        ("A,Võ Thị Cũ,Mái ấm Công đoàn,Xây mới,,,,1/QĐ,01/03/2024,20/08/2024,", "chưa khớp tổng kinh phí 0 đồng"),
        ("A,Võ Thị Cũ,Mái ấm Công đoàn,Xây mới,5,XX,,1/QĐ,01/03/2024,20/08/2024,", "Không có quỹ mã “XX”"),
    ],
)
def test_a_wrong_line_of_earlier_years_brings_nothing_in(district_a, officer, client_of, line, words):
    make_person(district_a, "Võ Thị Cũ")
    good = "A,Võ Thị Cũ,Mái ấm Công đoàn,Xây mới,9,,,1/QĐ,01/03/2023,20/08/2023,\n"
    shown = _import(client_of(officer), f"{good}{line}\n")
    assert (words in text(shown), House.objects.count(), HouseFunding.objects.count()) == (True, 0, 0)
