"""A fund's balance is the sum of its entries and never below zero, whoever writes at once."""

import threading
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries.funds.months import last_ended_month
from beneficiaries.funds.todo import waiting
from beneficiaries.models import Donor, Fund, FundEntry, FundKind, Grant, Occasion
from tests.deeds import bring_papers
from tests.factories import fresh, make_fund, make_grant, make_person, make_round, make_unit, make_user
from welfare.models import AuditEvent, User
from welfare.states import Refused
from welfare.units.models import today

Kind = FundEntry.Kind


@pytest.fixture
def fund(province, finance):
    return make_fund(province, balance=10_000_000, by=finance)


@pytest.fixture
def other_fund(province, finance):
    return make_fund(province, balance=1_000_000, by=finance, code="QMA", name="Quỹ Mái ấm")


def ledger(fund) -> tuple[int, int]:
    """(balance, sum of the entries)"""
    fund.refresh_from_db()
    return fund.balance, fund.entries.aggregate(total=Sum("amount"))["total"] or 0


def entry_data(**changes):
    data = {"kind": "contribution", "amount": "2000000", "on": "01/02/2026", "document_number": "PT01"}
    return {key: value for key, value in (data | changes).items() if value is not None}


def fund_form(fund, **changes):
    data = {"name": fund.name, "code": fund.code, "kind": FundKind.objects.get(code="social").pk, "purpose": "",
            "is_open": "on", "use": "any", "low_mark": "0"}  # fmt: skip
    return data | changes


def text(response) -> str:
    return response.content.decode()


def test_an_entry_moves_the_balance_and_is_audited(fund, finance):
    entry = fund.post(Kind.CONTRIBUTION, 500_000, by=finance, document_number="PT01")
    assert ledger(fund) == (10_500_000, 10_500_000)
    event = AuditEvent.objects.filter(action="pay", subject_id=str(entry.pk)).get()
    assert (event.actor, event.detail) == (finance, {"kind": "contribution", "amount": 500_000})


@pytest.mark.parametrize("amount", [-10_000_001, -(10**12), 0, 10**13 + 1, -(10**18), 10**18, 10**30])
def test_what_a_fund_can_not_pay_is_refused_whole(fund, finance, amount):
    with pytest.raises(Refused):
        fund.post(Kind.SPEND, amount, by=finance)
    assert (*ledger(fund), fund.entries.count()) == (10_000_000, 10_000_000, 1)


def test_a_closed_fund_and_a_day_to_come_take_no_entry(fund, finance):
    with pytest.raises(Refused, match="chưa tới"):
        fund.post(Kind.CONTRIBUTION, 1, by=finance, on=today().replace(year=today().year + 1))
    Fund.objects.filter(pk=fund.pk).update(is_open=False)
    with pytest.raises(Refused, match="khóa sổ"):
        fund.post(Kind.CONTRIBUTION, 1, by=finance)
    assert ledger(fund) == (10_000_000, 10_000_000)


def test_saving_a_funds_form_never_carries_an_old_balance_back(fund, finance):
    stale = Fund.objects.get(pk=fund.pk)
    fund.post(Kind.CONTRIBUTION, 500_000, by=finance)
    stale.purpose = "Chăm lo Tết"
    stale.save()
    assert (*ledger(fund), fund.purpose) == (10_500_000, 10_500_000, "Chăm lo Tết")


def test_a_transfer_is_one_entry_in_each_fund(fund, other_fund, finance):
    fund.transfer(other_fund, 4_000_000, by=finance)
    assert (ledger(fund), ledger(other_fund)) == ((6_000_000, 6_000_000), (5_000_000, 5_000_000))
    with pytest.raises(Refused, match="không đủ tiền"):
        other_fund.transfer(fund, 5_000_001, by=finance)
    with pytest.raises(Refused, match="phải khác"):
        fund.transfer(fund, 1, by=finance)
    assert (ledger(fund), ledger(other_fund)) == ((6_000_000, 6_000_000), (5_000_000, 5_000_000))


def test_an_entry_is_reversed_once_with_a_reason(fund, finance, officer):
    entry = fund.post(Kind.CONTRIBUTION, 500_000, by=finance)
    with pytest.raises(Refused, match="không có quyền"):
        entry.reverse(officer, note="nhầm")
    with pytest.raises(Refused, match="lý do"):
        entry.reverse(finance, note=" ")
    back = entry.reverse(finance, note="Ghi nhầm quỹ")
    for wrong in (entry, back):
        with pytest.raises(Refused, match="đã được ghi đảo"):
            FundEntry.objects.get(pk=wrong.pk).reverse(finance, note="nữa")
    assert (back.amount, back.reverses, *ledger(fund)) == (-500_000, entry, 10_000_000, 10_000_000)


def test_a_reversal_that_the_fund_no_longer_holds_is_refused(fund, finance):
    fund.post(Kind.SPEND, -9_000_000, by=finance)
    with pytest.raises(Refused, match="không đủ tiền"):
        fund.entries.get(kind=Kind.OPENING).reverse(finance, note="nhầm")
    assert ledger(fund) == (1_000_000, 1_000_000)


def test_what_a_grant_or_a_transfer_wrote_is_not_reversed_by_itself(
    fund, other_fund, finance, officer, leader, province
):
    fund.transfer(other_fund, 1_000, by=finance)
    with pytest.raises(Refused, match="chuyển ngược lại"):
        fund.entries.get(kind=Kind.TRANSFER).reverse(finance, note="nhầm")
    grant = make_grant(make_round(province), province, officer, make_person(province))
    grant.approve(leader, decision_number="1/QĐ")
    grant.pay(finance, fund=fund)
    with pytest.raises(Refused, match="từ hồ sơ đó"):
        grant.payment.reverse(finance, note="nhầm")


def test_entries_are_written_once(fund):
    entry = fund.entries.get()
    for change in (entry.save, entry.delete, FundEntry.objects.all().delete):
        with pytest.raises(TypeError):
            change()
    with pytest.raises(TypeError):
        FundEntry.objects.update(amount=1)


# Screens ---------------------------------------------------------------------------------------


def test_finance_records_an_entry_on_screen(fund, finance, client_of, province):
    donor = Donor.objects.create(unit=province, name="Công ty Ánh Dương")
    response = client_of(finance).post(f"/quy/{fund.pk}/ghi/", entry_data(donor=donor.pk))
    entry = fund.entries.latest("pk")
    assert (response.status_code, entry.amount, entry.donor, entry.by) == (302, 2_000_000, donor, finance)
    assert str(entry.on) == "2026-02-01"


def test_a_double_click_records_one_entry(fund, finance, client_of):
    client = client_of(finance)
    latest = fund.entries.latest("pk").pk
    responses = [client.post(f"/quy/{fund.pk}/ghi/", entry_data(latest=latest)) for _ in range(2)]
    assert [response.status_code for response in responses] == [302, 200]
    assert "vừa được ghi rồi" in responses[1].content.decode()
    assert ledger(fund) == (12_000_000, 12_000_000)


def test_an_outlay_by_hand_is_negative_and_bounded(fund, finance, client_of):
    client = client_of(finance)
    client.post(f"/quy/{fund.pk}/ghi/", entry_data(kind="spend"))
    refused = client.post(f"/quy/{fund.pk}/ghi/", entry_data(kind="spend", amount="9000000", document_number="PC02"))
    assert ledger(fund) == (8_000_000, 8_000_000)
    assert "không đủ tiền để chi 9.000.000 đồng: số dư còn 8.000.000 đồng" in refused.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"amount": "-5"}, {"amount": "0"}, {"amount": "99999999999999999999"}, {"kind": "reversal"}, {"kind": "transfer"},
     {"document_number": None}, {"on": "31/02/2026"}],
)  # fmt: skip
def test_a_wrong_entry_writes_nothing(fund, finance, client_of, wrong):
    assert client_of(finance).post(f"/quy/{fund.pk}/ghi/", entry_data(**wrong)).status_code == 200
    assert ledger(fund) == (10_000_000, 10_000_000)


@pytest.mark.parametrize(
    ("who", "status"),
    [("leader", 403), ("officer", 403), ("inspector", 403), ("administrator", 403), ("unit_officer_a", 404)],
)
def test_only_finance_records_entries_of_the_provinces_funds(fund, who, status, request, client_of):
    response = client_of(request.getfixturevalue(who)).post(f"/quy/{fund.pk}/ghi/", entry_data())
    assert (response.status_code, *ledger(fund)) == (status, 10_000_000, 10_000_000)


def test_a_unit_sees_no_fund_of_others(fund, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    assert client.get(f"/beneficiaries/fund/{fund.pk}/change/").status_code == 404
    assert client.get(f"/beneficiaries/fundentry/{fund.entries.get().pk}/change/").status_code == 404
    assert client.get(f"/quy/{fund.pk}/ghi/").status_code == 404
    assert client.post(f"/quy/{fund.pk}/ghi/", entry_data()).status_code == 404


def test_a_posted_balance_is_ignored(fund, finance, client_of, province):
    data = fund_form(fund, name="Quỹ mới", balance="99", unit=province.pk)
    assert client_of(finance).post(f"/beneficiaries/fund/{fund.pk}/change/", data).status_code == 302
    assert (*ledger(fund), fund.name) == (10_000_000, 10_000_000, "Quỹ mới")


def test_the_screen_reverses_an_entry(fund, finance, client_of):
    entry = fund.post(Kind.CONTRIBUTION, 5_000, by=finance)
    url = f"/beneficiaries/fundentry/{entry.pk}/lam/reverse/"
    client = client_of(finance)
    assert [client.post(url, {"note": "Ghi nhầm"}).status_code for _ in range(2)] == [302, 200]
    assert ledger(fund) == (10_000_000, 10_000_000)


# A purpose ------------------------------------------------------------------------------------


def bind(fund, use="any", *occasions):
    fund.use = use
    fund.save()
    fund.occasions.set(Occasion.objects.filter(code__in=occasions))


def pay_a_grant(fund, province, people, occasion="tet"):
    officer, leader, finance = people
    grant = make_grant(make_round(province, code=occasion, occasion=occasion), province, officer, make_person(province))
    grant.approve(leader, decision_number="1/QĐ")
    grant.pay(finance, fund=fund)


@pytest.mark.parametrize(
    ("use", "occasions", "is_paid"),
    [("any", [], True), ("grants", [], True), ("houses", [], False), ("any", ["tet"], True), ("any", ["sudden"], False),
     ("grants", ["sudden", "tet"], True)],
)  # fmt: skip
def test_money_for_one_purpose_pays_that_alone(fund, province, officer, leader, finance, use, occasions, is_paid):
    bind(fund, use, *occasions)
    if is_paid:
        pay_a_grant(fund, province, (officer, leader, finance))
        assert ledger(fund) == (9_500_000, 9_500_000)
        return
    with pytest.raises(Refused, match="chỉ chi cho việc"):
        pay_a_grant(fund, province, (officer, leader, finance))
    assert (*ledger(fund), Grant.objects.get().state) == (10_000_000, 10_000_000, "approved")


def test_a_fund_for_houses_pays_a_house(
    fund, province, officer, other_officer, leader, finance, unit_officer_a, district_a
):
    from beneficiaries.models import House, HouseKind

    house = House.objects.create(
        unit=district_a, kind=HouseKind.objects.get(code="mai_am"), construction="new", year=2026, cost=5_000_000,
        proposed_by=unit_officer_a, person=make_person(district_a),
    )  # fmt: skip
    line = house.funding.create(source="fund", fund=fund, amount=5_000_000)
    bring_papers(house, officer)
    house.survey(officer)
    house.appraise(other_officer, members="Ban Chính sách", conclusion="Đủ điều kiện")
    house.decide(leader, decision_number="2/QĐ")
    bind(fund, "grants")
    with pytest.raises(Refused, match="hỗ trợ người, hộ khó khăn"):
        line.pay(finance)
    bind(fund, "houses")
    line.pay(finance)
    assert ledger(fund) == (5_000_000, 5_000_000)


def test_bound_money_is_not_spent_by_hand_nor_freed_by_a_transfer(fund, other_fund, finance, client_of):
    bind(fund, "houses")
    refused = client_of(finance).post(f"/quy/{fund.pk}/ghi/", entry_data(kind="spend"))
    assert "chỉ chi cho việc: làm nhà mái ấm" in text(refused).lower()
    with pytest.raises(Refused, match="chỉ chuyển được sang quỹ cũng chỉ chi cho việc đó"):
        fund.transfer(other_fund, 1_000, by=finance)
    bind(other_fund, "houses")
    fund.transfer(other_fund, 1_000, by=finance)
    assert (ledger(fund), ledger(other_fund)) == ((9_999_000,) * 2, (1_001_000,) * 2)


def test_a_purpose_stands_once_money_was_spent(fund, finance, client_of):
    page, client = f"/beneficiaries/fund/{fund.pk}/change/", client_of(finance)
    assert client.post(page, fund_form(fund, use="houses")).status_code == 302
    assert client.post(page, fund_form(fund, use="any")).status_code == 302
    fund.post(Kind.SPEND, -1_000, by=finance)
    tet = Occasion.objects.get(code="tet").pk
    for change in ({"use": "houses"}, {"occasions": [tet]}):
        assert "đã chi tiền nên không đổi được" in text(client.post(page, fund_form(fund, **change)))
    assert client.post(page, fund_form(fund, name="Tên khác")).status_code == 302
    fund.refresh_from_db()
    assert (fund.use, fund.name, list(fund.occasions.all())) == ("any", "Tên khác", [])


def test_what_was_given_for_one_purpose_is_not_freed_by_the_form(fund, finance, client_of):
    page, client = f"/beneficiaries/fund/{fund.pk}/change/", client_of(finance)
    bind(fund, "houses")
    fund.post(Kind.CONTRIBUTION, 2_000_000, by=finance)
    refused = client.post(page, fund_form(fund, use="any"))
    assert "đang giữ tiền được cho riêng việc: làm nhà Mái ấm" in text(refused)
    fund.refresh_from_db()
    assert fund.use == "houses"


# Months ----------------------------------------------------------------------------------------


def test_a_day_before_there_was_a_union_is_no_day_of_the_books(fund, finance, client_of):
    told = text(client_of(finance).post(f"/quy/{fund.pk}/ghi/", entry_data(on="15/05/0206")))
    assert "Ngày 15/05/0206 quá xa; hãy xem lại năm." in told
    assert fund.entries.count() == 1


@pytest.mark.parametrize("asked", ["on__year=99999999999", "on__year=2026&on__month=99999999999"])
def test_a_month_nobody_has_is_answered_with_the_whole_list(fund, finance, client_of, asked):
    assert client_of(finance).get(f"/beneficiaries/fundentry/?{asked}").headers["Location"].endswith("?e=1")


def test_a_closed_month_takes_no_entry_and_is_corrected_in_an_open_one(fund, finance):
    old = fund.post(Kind.CONTRIBUTION, 5_000, by=finance, on=at_half_past())
    fund.close_month(finance, through=at_half_past())
    with pytest.raises(Refused, match="đã khóa đến hết tháng"):
        fund.post(Kind.CONTRIBUTION, 1, by=finance, on=at_half_past())
    with pytest.raises(Refused, match="đã khóa đến hết tháng"):
        fund.spend_each([(1, "Chi")], by=finance, on=at_half_past(2))
    with pytest.raises(Refused, match="đã khóa đến hết tháng"):
        old.reverse(finance, note="Nhầm", on=at_half_past())
    assert old.reverse(finance, note="Nhầm").on == today()
    assert ledger(fund) == (10_000_000, 10_000_000)


def test_only_a_month_that_is_over_and_open_is_closed(fund, finance, officer, leader):
    with pytest.raises(Refused, match="chưa hết"):
        fund.close_month(finance, through=today())
    with pytest.raises(Refused, match="không có quyền"):
        fund.close_month(officer, through=at_half_past())
    fund.close_month(finance, through=at_half_past())
    for again in (at_half_past(), at_half_past(2)):
        with pytest.raises(Refused, match="đã khóa đến hết tháng"):
            fund.close_month(finance, through=again)
    assert fund.closed_through == last_ended_month()


def test_a_leader_reopens_with_a_reason(fund, finance, leader):
    fund.close_month(finance, through=at_half_past())
    for who, reason, words in ((finance, "Ghi sót", "không có quyền"), (leader, " ", "lý do")):
        with pytest.raises(Refused, match=words):
            fund.reopen_month(who, through=at_half_past(), reason=reason)
    fund.reopen_month(leader, through=at_half_past(), reason="Ghi sót phiếu thu")
    with pytest.raises(Refused, match="đang mở"):
        fund.reopen_month(leader, through=at_half_past(), reason="Nữa")
    event = AuditEvent.objects.filter(subject_kind="beneficiaries.fund", actor=leader).get()
    assert event.detail["reason"] == "Ghi sót phiếu thu"
    fund.post(Kind.CONTRIBUTION, 1, by=finance, on=at_half_past())
    assert fund.closed_through == last_ended_month(at_half_past())


def test_the_to_do_list_asks_for_a_month_to_be_closed_and_money_to_be_brought(fund, finance, unit_officer_a):
    month = last_ended_month(today() - timedelta(days=10))
    found = lambda user: [(item.count, item.text) for item in waiting(fresh(user)) if item.count]  # noqa: E731
    assert found(finance) == []
    fund.post(Kind.CONTRIBUTION, 5, by=finance, on=month)
    Fund.objects.filter(pk=fund.pk).update(low_mark=10_000_006)
    assert found(finance) == [(1, "quỹ sắp hết tiền"), (1, f"quỹ chưa khóa sổ tháng {month:%m/%Y}")]
    assert found(unit_officer_a) == []
    fund.close_month(finance, through=month)
    assert found(finance) == [(1, "quỹ sắp hết tiền")]


def test_an_old_form_neither_opens_nor_closes_a_month(fund, finance):
    stale = Fund.objects.get(pk=fund.pk)
    fund.close_month(finance, through=at_half_past())
    stale.name = "Tên khác"
    stale.save()
    fund.refresh_from_db()
    assert (fund.name, fund.closed_through) == ("Tên khác", last_ended_month())


def test_months_are_closed_and_reopened_on_screen(fund, finance, leader, client_of):
    page, month = f"/beneficiaries/fund/{fund.pk}", last_ended_month()
    shut = client_of(finance).post(f"{page}/lam/close_month/", {"through": f"{month:%Y-%m-%d}"})
    assert shut.status_code == 302
    shown = text(client_of(leader).get(f"{page}/change/"))
    assert (f"Đã khóa sổ đến hết ngày {month:%d/%m/%Y}" in shown, "Mở lại sổ tháng" in shown) == (True, True)
    assert client_of(finance).get(f"{page}/lam/reopen_month/").status_code == 403
    data = {"through": f"{month:%Y-%m-%d}", "reason": "Ghi sót"}
    assert client_of(leader).post(f"{page}/lam/reopen_month/", data).status_code == 302
    forged = client_of(finance).post(f"{page}/lam/close_month/", {"through": "2026-13-40"})
    assert forged.status_code == 200


# Transfers and opening balances ----------------------------------------------------------------


def test_a_transfer_names_both_papers_and_its_other_side(fund, other_fund, finance, client_of):
    data = entry_data(kind="transfer", to=other_fund.pk, document_number="PC07", received_number="PT09")
    client = client_of(finance)
    assert client.post(f"/quy/{fund.pk}/ghi/", data).status_code == 302
    out, back = fund.entries.latest("pk"), other_fund.entries.latest("pk")
    assert (out.document_number, back.document_number, back.paired_with) == ("PC07", "PT09", out)
    page = f"/beneficiaries/fundentry/{back.pk}"
    assert "Chuyển ngược lại" in text(client.get(f"{page}/change/"))
    assert client.post(f"{page}/lam/return_transfer/", {"note": "Nhầm quỹ"}).status_code == 302
    assert (ledger(fund), ledger(other_fund)) == ((10_000_000,) * 2, (1_000_000,) * 2)
    assert [entry.kind for entry in (fund.entries.latest("pk"), other_fund.entries.latest("pk"))] == ["reversal"] * 2
    assert client.post(f"{page}/lam/return_transfer/", {"note": "Nữa"}).status_code == 200


def test_what_was_spent_meanwhile_is_not_returned(fund, other_fund, finance):
    out = fund.transfer(other_fund, 4_000_000, by=finance)
    other_fund.post(Kind.SPEND, -2_000_000, by=finance)
    with pytest.raises(Refused, match="không đủ tiền"):
        out.return_transfer(finance, note="Nhầm")
    assert (ledger(fund), ledger(other_fund)) == ((6_000_000,) * 2, (3_000_000,) * 2)


def test_a_fund_opens_once(fund, finance):
    with pytest.raises(Refused, match="đã có số dư đầu kỳ"):
        fund.post(Kind.OPENING, 1, by=finance)
    fund.entries.get().reverse(finance, note="Sai số dư")
    fund.post(Kind.OPENING, 7_000_000, by=finance)
    assert ledger(fund) == (7_000_000, 7_000_000)


def test_the_database_itself_refuses_absurd_money(fund, finance):
    with pytest.raises(IntegrityError), transaction.atomic():
        fund.entries.create(kind=Kind.CONTRIBUTION, amount=10**13 + 1, on=today(), by=finance)


def test_a_donor_of_another_unit_gives_to_that_units_funds(fund, district_a, finance, client_of):
    stranger = Donor.objects.create(unit=district_a, name="Công ty Huyện An")
    with pytest.raises(Refused, match="không phải nhà tài trợ của LĐLĐ tỉnh"):
        fund.post(Kind.CONTRIBUTION, 1_000, by=finance, donor=stranger)
    assert client_of(finance).post(f"/quy/{fund.pk}/ghi/", entry_data(donor=stranger.pk)).status_code == 200
    assert ledger(fund) == (10_000_000, 10_000_000)


# A unit's own fund -----------------------------------------------------------------------------


@pytest.fixture
def own_fund(district_a, unit_officer_a):
    return make_fund(district_a, balance=2_000_000, by=unit_officer_a, code="QA", name="Quỹ huyện An")


def test_a_unit_keeps_the_books_of_its_own_fund(own_fund, district_a, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    made = client.post("/beneficiaries/fund/add/", fund_form(own_fund, code="QA2", name="Quỹ thăm hỏi"))
    assert (made.status_code, Fund.objects.get(code="QA2").unit) == (302, district_a)
    assert client.post(f"/quy/{own_fund.pk}/ghi/", entry_data()).status_code == 302
    assert client.post(f"/beneficiaries/fund/{own_fund.pk}/lam/reopen_month/", {}).status_code == 403
    own_fund.close_month(unit_officer_a, through=at_half_past())
    assert ledger(own_fund) == (4_000_000, 4_000_000)


def test_above_one_reads_a_units_books_and_does_not_write_them(own_fund, unit_officer_a, district_a, client_of):
    company = make_unit("A1", "CĐCS Công ty An", kind="grassroots", parent=district_a)
    officer = make_user("coso", "unit_officer", company)
    fund = make_fund(company, balance=9_000, by=officer, code="QCS", name="Quỹ cơ sở")
    above, entry = client_of(unit_officer_a), fund.entries.get()
    assert above.get(f"/beneficiaries/fund/{fund.pk}/change/").status_code == 200
    assert "Chỉ CĐCS Công ty An được ghi sổ quỹ này." in text(above.post(f"/quy/{fund.pk}/ghi/", entry_data()))
    assert above.post(f"/beneficiaries/fundentry/{entry.pk}/lam/reverse/", {"note": "x"}).status_code == 403
    with pytest.raises(Refused, match="Chỉ CĐCS Công ty An"):
        entry.reverse(unit_officer_a, note="x")
    with pytest.raises(Refused, match="Chỉ CĐCS Công ty An"):
        fund.close_month(unit_officer_a, through=at_half_past())
    to = above.get(f"/quy/{own_fund.pk}/ghi/").context["form"].fields["to"].queryset
    assert (list(to), ledger(fund)) == ([], (9_000, 9_000))


# The page of a fund ----------------------------------------------------------------------------


def test_a_funds_page_says_what_is_promised_and_when_it_runs_low(fund, province, officer, leader, finance, client_of):
    Fund.objects.filter(pk=fund.pk).update(low_mark=9_600_000)
    round = make_round(province)
    round.funds.create(fund=fund)
    grant = make_grant(round, province, officer, make_person(province))
    client, page = client_of(finance), f"/beneficiaries/fund/{fund.pk}/change/"
    shown = client.get(page)
    assert (shown.context["free"], shown.context["is_low"]) == (10_000_000, False)
    grant.approve(leader, decision_number="1/QĐ")
    shown = client.get(page)
    assert (shown.context["promised"], shown.context["free"]) == ({"grants": 500_000, "houses": 0}, 9_500_000)
    assert "Sắp hết" in text(shown)


def test_a_funds_ledger_is_searched_and_turned_over(fund, finance, client_of):
    for n in range(14):
        fund.post(Kind.CONTRIBUTION, 1_000 + n, by=finance, on=at_half_past(), document_number=f"PT{n:02d}")
    client, page = client_of(finance), f"/beneficiaries/fund/{fund.pk}/change/"
    count = lambda query: client.get(f"{page}?{query}").context["entries"].paginator.count  # noqa: E731
    assert [count(q) for q in ("", "q=pt07", "kind=opening", "q=khong-co", "kind=la", "tu=khong", "q=%00")] == [
        15, 1, 1, 0, 15, 15, 15,
    ]  # fmt: skip
    fund.post(Kind.CONTRIBUTION, 1_000, by=finance, on=at_half_past(), note="Ủng hộ Mái ấm")
    listed = client.get("/beneficiaries/fundentry/", {"q": "ung mai"}).context["cl"].result_list
    assert (count("q=ung+mai"), [entry.note for entry in listed]) == (1, ["Ủng hộ Mái ấm"])
    assert count(f"den={at_half_past():%d/%m/%Y}") == 15
    assert "Trang 2 trên 2" in text(client.get(f"{page}?p=9"))
    assert "Không có bút toán nào như vậy." in text(client.get(f"{page}?q=khong-co"))


def queries_of(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_pages_of_funds_take_as_many_queries_for_three_as_for_one(fund, finance, province, client_of):
    client = client_of(finance)
    pages = [
        "/beneficiaries/fund/",
        f"/beneficiaries/fund/{fund.pk}/change/",
        "/quy/thu-chi/",
        "/beneficiaries/fundentry/",
    ]
    before = [queries_of(client, page) for page in pages]
    donor = Donor.objects.create(unit=province, name="Công ty Ánh Dương")
    for n in range(2):
        more = make_fund(province, balance=1_000, by=finance, code=f"Q{n}", name=f"Quỹ {n}")
        for one in (more, fund):
            one.post(Kind.CONTRIBUTION, 1_000, by=finance, on=at_half_past(n + 1), donor=donor)
    assert [queries_of(client, page) for page in pages] == before


# Lists in and out ------------------------------------------------------------------------------

HEADER = "Mã quỹ,Loại,Số tiền,Ngày,Số chứng từ,Nhà tài trợ,Nội dung\n"


def imported(client, lines):
    file = SimpleUploadedFile("so-quy.csv", (HEADER + lines).encode())
    shown = client.post("/beneficiaries/fundentry/import/", {"import_file": file, "format": "1"})
    form = shown.context.get("confirm_form")
    if form is not None:
        client.post("/beneficiaries/fundentry/process_import/", form.initial)
    return shown


def test_entries_of_an_earlier_year_come_in_by_a_list(fund, other_fund, finance, client_of, province):
    Donor.objects.create(unit=province, name="Công ty Ánh Dương")
    lines = "QXH,Đóng góp ủng hộ,2.000.000,15/03/2025,PT1,Công ty Ánh Dương,Ủng hộ\nQXH,chi,500000,16/03/2025,PC1,,Thăm hỏi\n"
    lines = lines.replace("Đóng góp ủng hộ", '"Đóng góp, ủng hộ"')
    client = client_of(finance)
    imported(client, lines)
    assert ledger(fund) == (11_500_000, 11_500_000)
    assert [entry.by for entry in fund.entries.all()] == [finance] * 3
    again = imported(client, lines)
    assert ("confirm_form" in again.context, "Khoản này đã có trong sổ" in text(again)) == (False, True)
    assert ledger(fund) == (11_500_000, 11_500_000)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("QXH,Chi,99.000.000,15/03/2025,PC1,,", "không đủ tiền"),
        ("QXH,Chi,-5,15/03/2025,PC1,,", "số nguyên dương"),
        ("QXH,Chi,99999999999999999999,15/03/2025,PC1,,", "số nguyên dương"),
        ("QXH,Chi,5,31/02/2025,PC1,,", "ngày/tháng/năm"),
        ("QXH,Chuyển quỹ,5,15/03/2025,PC1,,", "Phải là một trong"),
        ("KHONGCO,Chi,5,15/03/2025,PC1,,", "Không tìm được"),
        ("QXH,Số dư đầu kỳ,5,15/03/2025,SD1,,", "đã có số dư đầu kỳ"),
        ("QXH,Chi,5,15/03/2025,,,", "số chứng từ"),
    ],
)
def test_a_wrong_line_brings_in_nothing(fund, finance, client_of, line, words):
    shown = imported(client_of(finance), f"QXH,Cấp kinh phí,7,15/03/2025,PT1,,\n{line}\n")
    assert ("confirm_form" in shown.context, words in text(shown)) == (False, True)
    assert ledger(fund) == (10_000_000, 10_000_000)


def test_a_list_reaches_only_ones_own_books(fund, own_fund, district_b, unit_officer_a, unit_officer_b, client_of):
    for client, code in ((client_of(unit_officer_b), "QA"), (client_of(unit_officer_a), "QXH")):
        assert "Không tìm được" in text(imported(client, f"{code},Cấp kinh phí,7,15/03/2025,PT1,,\n"))
    imported(client_of(unit_officer_a), "QA,Cấp kinh phí,7,15/03/2025,PT1,,\n")
    assert (ledger(fund), ledger(own_fund)) == ((10_000_000,) * 2, (2_000_007,) * 2)


def test_exports_of_funds_are_scoped_and_hold_no_formula(fund, own_fund, unit_officer_a, client_of):
    own_fund.post(Kind.CONTRIBUTION, 5, by=unit_officer_a, document_number="=1+1")
    client = client_of(unit_officer_a)
    entries, funds = (
        client.post(f"/beneficiaries/{name}/export/", {"format": "1"}).content.decode("utf-8-sig")
        for name in ("fundentry", "fund")
    )
    assert ("Quỹ huyện An" in entries, "Quỹ Xã hội" in entries, "'=1+1" in entries) == (True, False, True)
    assert ("QA" in funds, "QXH" in funds) == (True, False)


# Many hands ------------------------------------------------------------------------------------


def at_once(*acts):
    """Runs the functions in threads that start together; their results, exceptions included, in their order."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        start.wait()
        try:
            results[number] = act()
        except Exception as error:  # noqa: BLE001
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_racing_spenders_never_overdraw_a_fund(fund, finance):
    def spend():
        return Fund.objects.get(pk=fund.pk).post(Kind.SPEND, -3_000_000, by=fresh(finance))

    results = at_once(*[spend] * 6)
    assert sorted(isinstance(result, FundEntry) for result in results) == [False] * 3 + [True] * 3
    assert {type(result) for result in results} == {FundEntry, Refused}
    assert ledger(fund) == (1_000_000, 1_000_000)


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_opposite_transfers_at_once_both_end(fund, other_fund, finance):
    def move(source, to):
        for _ in range(5):
            Fund.objects.get(pk=source.pk).transfer(Fund.objects.get(pk=to.pk), 1_000, by=fresh(finance))

    results = at_once(*[lambda: move(fund, other_fund), lambda: move(other_fund, fund)] * 2)
    assert results == [None] * 4
    assert (ledger(fund), ledger(other_fund)) == ((10_000_000,) * 2, (1_000_000,) * 2)


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_finance_officers_pay_a_round_once(fund, finance, officer, leader, province):
    round = make_round(province)
    for _ in range(4):
        make_grant(round, province, officer, make_person(province))
    round.grants.approve(leader, decision_number="1/QĐ")

    def pay():
        return Grant.objects.filter(round=round).pay(
            fresh(finance), fund=Fund.objects.get(pk=fund.pk), expected=(4, 2_000_000)
        )

    results = at_once(pay, pay, pay)
    assert sorted(str(result)[:20] for result in results) == ["4"] + ["Danh sách đã thay đổ"] * 2
    assert ledger(fund) == (8_000_000, 8_000_000)
    assert FundEntry.objects.filter(kind=Kind.SPEND).count() == 4


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_an_entry_reversed_twice_at_once_is_reversed_once(fund, finance):
    entry = fund.post(Kind.CONTRIBUTION, 5_000, by=finance)
    results = at_once(*[lambda: FundEntry.objects.get(pk=entry.pk).reverse(fresh(finance), note="nhầm")] * 3)
    assert sorted(type(result).__name__ for result in results) == ["FundEntry", "Refused", "Refused"]
    assert ledger(fund) == (10_000_000, 10_000_000)


def at_half_past(months_back=1) -> date:
    """The 15th of a month that is over."""
    end = today()
    for _ in range(months_back):
        end = last_ended_month(end)
    return end.replace(day=15)


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_who_writes_while_a_month_is_closed_is_before_it_or_refused(fund, finance):
    on = at_half_past()

    def write():
        return Fund.objects.get(pk=fund.pk).post(Kind.CONTRIBUTION, 1_000, by=fresh(finance), on=on)

    def close():
        return Fund.objects.get(pk=fund.pk).close_month(fresh(finance), through=on)

    results = at_once(write, write, close, write, write)
    written = [result for result in results if isinstance(result, FundEntry)]
    event = AuditEvent.objects.get(action="change", subject_kind="beneficiaries.fund")
    entries = AuditEvent.objects.filter(subject_id__in=[entry.pk for entry in written], action="pay")
    assert all(entry.pk < event.pk for entry in entries)
    assert {type(result) for result in results if result not in written} <= {type(None), Refused}
    assert ledger(fund) == (10_000_000 + 1_000 * len(written),) * 2
    with pytest.raises(Refused, match="đã khóa"):
        write()


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_a_transfer_is_returned_once_by_however_many(fund, other_fund, finance):
    out = fund.transfer(other_fund, 400_000, by=finance)

    def give_back(entry):
        return lambda: FundEntry.objects.get(pk=entry.pk).return_transfer(fresh(finance), note="nhầm")

    results = at_once(give_back(out), give_back(out.pair), give_back(out))
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Refused", "Refused"]
    assert (ledger(fund), ledger(other_fund)) == ((10_000_000,) * 2, (1_000_000,) * 2)


# Any sequence ----------------------------------------------------------------------------------

MONEY = st.integers(1, 3_000_000)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("contribute"), MONEY),
        st.tuples(st.just("spend"), MONEY),
        st.tuples(st.just("transfer"), MONEY),
        st.tuples(st.sampled_from(["propose", "approve", "refuse", "pay", "pay_all", "reverse"]), st.integers(0, 9)),
        st.tuples(
            st.sampled_from(["reverse_entry", "return_transfer", "bind", "close_month", "reopen_month"]),
            st.integers(0, 9),
        ),
    ),
    max_size=12,
)


class Books:
    """Two funds and a round on which any step may be tried; a refusal leaves everything as it was."""

    def __init__(self, province, people):
        self.province, self.people = province, people
        self.fund = make_fund(province, balance=2_000_000, by=people["finance"])
        self.other = make_fund(province, code="QMA", name="Quỹ khác")
        self.round = make_round(province)

    def try_step(self, name, value):
        before = self.state()
        try:
            getattr(self, name)(value)
        except Refused:
            assert self.state() == before

    def state(self):
        return [list(model.objects.order_by("pk").values()) for model in (Fund, FundEntry, Grant)]

    def nth_grant(self, number) -> Grant:
        grants = list(self.round.grants.order_by("pk"))
        if not grants:
            raise Refused("chưa có")
        return grants[number % len(grants)]

    def contribute(self, amount):
        self.fund.post(Kind.CONTRIBUTION, amount, by=self.people["finance"])

    def spend(self, amount):
        self.fund.post(Kind.SPEND, -amount, by=self.people["finance"])

    def transfer(self, amount):
        self.fund.transfer(self.other, amount, by=self.people["finance"])

    def propose(self, number):
        cash, in_kind = (0, 300_000) if number == 0 else (number * 200_000, 0)
        source = "Doanh nghiệp" if number == 9 else ""
        make_grant(self.round, self.province, self.people["officer"], make_person(self.province), cash,
                   in_kind_value=in_kind, outside_source=source)  # fmt: skip

    def approve(self, number):
        self.nth_grant(number).approve(self.people["leader"], decision_number="1/QĐ")

    def refuse(self, number):
        self.nth_grant(number).refuse(self.people["leader"], reason="Chưa đủ hồ sơ")

    def pay(self, number):
        self.nth_grant(number).pay(self.people["finance"], fund=self.fund)

    def pay_all(self, number):
        self.round.grants.pay(self.people["finance"], fund=self.fund)

    def reverse(self, number):
        self.nth_grant(number).reverse(self.people["finance"], note="Trả lại")

    def reverse_entry(self, number):
        entries = list(FundEntry.objects.order_by("pk"))
        entries[number % len(entries)].reverse(self.people["finance"], note="Nhầm")

    def return_transfer(self, number):
        entries = list(FundEntry.objects.filter(kind=Kind.TRANSFER).order_by("pk"))
        if entries:
            entries[number % len(entries)].return_transfer(self.people["finance"], note="Nhầm")

    def bind(self, number):
        """What a form would do, whose refusal is an error beside the field."""
        if not self.fund.was_spent_from:
            self.fund.use = ("any", "grants", "houses")[number % 3]
            self.fund.save()

    def close_month(self, number):
        self.fund.close_month(self.people["finance"], through=at_half_past(1 + number % 3))

    def reopen_month(self, number):
        self.fund.reopen_month(self.people["leader"], through=at_half_past(1 + number % 3), reason="Ghi sót")

    def check(self):
        for fund in (self.fund, self.other):
            balance, total = ledger(fund)
            assert balance == total
            assert balance >= 0
        for grant in self.round.grants.select_related("payment"):
            spends = grant.state in ("paid", "reversed") and grant.is_paid_from_fund
            assert bool(grant.payment_id) == spends
            if spends:
                assert (grant.payment.kind, grant.payment.amount) == (Kind.SPEND, -grant.cash)
                assert FundEntry.objects.filter(reverses=grant.payment).exists() == (grant.state == "reversed")


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_steps_the_books_agree(province, finance, officer, leader, steps):
    from django.db import transaction

    with transaction.atomic():
        books = Books(province, {"finance": finance, "officer": officer, "leader": leader})
        for name, value in steps:
            books.try_step(name, value)
            books.check()
        transaction.set_rollback(True)
    assert User.objects.filter(pk=finance.pk).exists()
