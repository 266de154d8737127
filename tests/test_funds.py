"""A fund's balance is the sum of its entries and never below zero, whoever writes at once."""

import threading

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries.models import Donor, Fund, FundEntry, Grant
from tests.factories import fresh, make_fund, make_grant, make_person, make_round
from welfare.models import AuditEvent, Role, User
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


def test_an_entry_moves_the_balance_and_is_audited(fund, finance):
    entry = fund.post(Kind.CONTRIBUTION, 500_000, by=finance, document_number="PT01")
    assert ledger(fund) == (10_500_000, 10_500_000)
    event = AuditEvent.objects.filter(action="pay", subject_id=str(entry.pk)).get()
    assert (event.actor, event.detail) == (finance, {"kind": "contribution", "amount": 500_000})


@pytest.mark.parametrize("amount", [-10_000_001, -(10**12), 0])
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


@pytest.mark.parametrize("who", ["leader", "officer", "inspector", "unit_officer_a", "administrator"])
def test_only_finance_records_entries(fund, who, request, client_of):
    response = client_of(request.getfixturevalue(who)).post(f"/quy/{fund.pk}/ghi/", entry_data())
    assert (response.status_code, *ledger(fund)) == (403, 10_000_000, 10_000_000)


def test_a_unit_sees_no_fund_of_others(fund, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    assert client.get(f"/beneficiaries/fund/{fund.pk}/change/").status_code == 404
    assert client.get(f"/beneficiaries/fundentry/{fund.entries.get().pk}/change/").status_code == 404
    Role.objects.get(code="unit_officer").permissions.add(*Role.objects.get(code="finance_officer").permissions.all())
    assert client.get(f"/quy/{fund.pk}/ghi/").status_code == 404
    assert client.post(f"/quy/{fund.pk}/ghi/", entry_data()).status_code == 404


def test_a_posted_balance_is_ignored(fund, finance, client_of, province):
    data = {"name": "Quỹ mới", "code": fund.code, "purpose": "", "is_open": "on", "balance": "99", "unit": province.pk}
    assert client_of(finance).post(f"/beneficiaries/fund/{fund.pk}/change/", data).status_code == 302
    assert (*ledger(fund), fund.name) == (10_000_000, 10_000_000, "Quỹ mới")


def test_the_screen_reverses_an_entry(fund, finance, client_of):
    entry = fund.post(Kind.CONTRIBUTION, 5_000, by=finance)
    url = f"/beneficiaries/fundentry/{entry.pk}/lam/reverse/"
    client = client_of(finance)
    assert [client.post(url, {"note": "Ghi nhầm"}).status_code for _ in range(2)] == [302, 200]
    assert ledger(fund) == (10_000_000, 10_000_000)


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


# Any sequence ----------------------------------------------------------------------------------

MONEY = st.integers(1, 3_000_000)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("contribute"), MONEY),
        st.tuples(st.just("spend"), MONEY),
        st.tuples(st.just("transfer"), MONEY),
        st.tuples(st.sampled_from(["propose", "approve", "refuse", "pay", "pay_all", "reverse"]), st.integers(0, 9)),
        st.tuples(st.just("reverse_entry"), st.integers(0, 9)),
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
