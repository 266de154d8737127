"""Whatever is done in whatever order, the books of rounds and funds agree; also when many do it at once."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries.models import Advance, Fund, FundEntry, Grant, House, HouseFunding, HouseKind, RoundPaper
from tests.deeds import bring_papers
from tests.factories import fresh, make_fund, make_grant, make_person, make_round
from tests.test_funds import at_once
from welfare.states import Refused
from welfare.units.models import today

Kind = FundEntry.Kind
MONEY = st.integers(1, 3_000_000)
ANY = st.integers(0, 9)
_OF_GRANTS = ["propose", "propose", "forward", "send_back", "resubmit", "appraise", "approve", "issue", "refuse",
              "pay_bank", "pay_cash", "advance", "advance", "receive", "receive", "reverse"]  # fmt: skip
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["contribute", "transfer", "take_back", "pay_house"]), MONEY),
        st.tuples(st.sampled_from(_OF_GRANTS), ANY),
        st.tuples(st.sampled_from(["whole_way", "reverse_entry"]), ANY),
    ),
    min_size=6,
    max_size=18,
)


class Books:
    """Two funds, a house and a round on which any step may be tried; a refusal leaves everything as it was."""

    def __init__(self, province, district, workplace, hands):
        self.province, self.district, self.workplace, self.hands = province, district, workplace, hands
        self.fund = make_fund(province, balance=4_000_000, by=hands["finance"])
        self.other = make_fund(province, code="QMA", name="Quỹ khác")
        self.round = make_round(province, total_ceiling=9_000_000)
        self.line = self._house()

    def _house(self) -> HouseFunding:
        kind, officer = HouseKind.objects.get(code="mai_am"), self.hands["officer"]
        house = House.objects.create(
            unit=self.district, kind=kind, construction="new", year=2026, cost=2_000_000, proposed_by=self.hands["unit"]
        )
        line = house.funding.create(source="fund", fund=self.fund, amount=2_000_000)
        bring_papers(house, officer)
        house.survey(officer)
        house.appraise(officer, members="Ban", conclusion="Đủ")
        house.decide(self.hands["leader"], decision_number="H/QĐ")
        return line

    def try_step(self, name, value):
        before = self.state()
        try:
            with transaction.atomic():
                getattr(self, name)(value)
        except Refused:
            assert self.state() == before

    def state(self):
        return [list(model.objects.order_by("pk").values()) for model in (Fund, FundEntry, Grant, Advance, RoundPaper)]

    def some(self, number):
        """One grant, or every third of them."""
        keys = list(self.round.grants.order_by("pk").values_list("pk", flat=True))
        chosen = keys[number % 3 :: 3] if number > 6 else keys and [keys[number % len(keys)]]
        if not chosen:
            raise Refused("chưa có")
        return Grant.objects.filter(pk__in=chosen)

    def contribute(self, amount):
        self.fund.post(Kind.CONTRIBUTION, amount, by=self.hands["finance"])

    def transfer(self, amount):
        self.fund.transfer(self.other, amount, by=self.hands["finance"])

    def pay_house(self, amount):
        self.line.pay(self.hands["finance"], amount=amount)

    def propose(self, number):
        unit, by = [(self.district, "unit"), (self.workplace, "below")][number % 2]
        cash, gift = (0, 300_000) if number == 0 else (number * 200_000, 0)
        source = "Doanh nghiệp" if number == 9 else ""
        make_grant(self.round, unit, self.hands[by], make_person(unit), cash, in_kind_value=gift, outside_source=source)

    def forward(self, number):
        self.some(number).forward(self.hands["unit"], unit=self.district, letter_number="1/CV")

    def send_back(self, number):
        self.some(number).send_back(self.hands[["leader", "unit"][number % 2]], reason="Sai")

    def resubmit(self, number):
        self.some(number).resubmit(self.hands[["unit", "below"][number % 2]])

    def appraise(self, number):
        self.some(number).appraise(self.hands["officer"])

    def approve(self, number):
        by = self.hands[["leader", "leader", "officer"][number % 3]]
        self.some(number).approve(by, decision_number="1/QĐ" if number % 2 else "")

    def issue(self, number):
        self.some(number).issue(self.hands["leader"], decision_number="2/QĐ")

    def refuse(self, number):
        self.some(number).refuse(self.hands["leader"], reason="Chưa đủ")

    def pay_bank(self, number):
        self.some(number).pay(self.hands["finance"], fund=self.fund, way="bank")

    def pay_cash(self, number):
        self.round.grants.pay(self.hands["finance"], fund=[self.fund, self.other][number % 2], way="cash")

    def advance(self, number):
        self.some(number).advance_to(
            self.hands["finance"], unit=[self.district, self.workplace][number % 2], fund=self.fund,
            document_number="TU", settle_by=today() + timedelta(days=9),
        )  # fmt: skip

    def receive(self, number):
        sheet = SimpleUploadedFile("ky.pdf", b"%PDF-1.7")
        self.some(number).receive(self.hands[["unit", "finance"][number % 2]], scan=sheet)

    def take_back(self, amount):
        advance = Advance.objects.open().order_by("pk").first()
        if advance is None:
            raise Refused("chưa có")
        amount = advance.remaining if amount > 1_500_000 else amount
        advance.take_back(self.hands["finance"], amount=amount, document_number="PT")

    def reverse(self, number):
        self.some(number).first().reverse(self.hands["finance"], note="Trả lại")

    def reverse_entry(self, number):
        entries = list(FundEntry.objects.order_by("pk"))
        entries[number % len(entries)].reverse(self.hands["finance"], note="Nhầm")

    def whole_way(self, number):
        """The newest proposal to its receipt, so that deep states are reached often."""
        self.propose(1 + number % 4)
        rows, finance = Grant.objects.filter(pk=self.round.grants.latest("pk").pk), self.hands["finance"]
        if number % 4 % 2 == 0:  # of the workplace
            rows.forward(self.hands["unit"], unit=self.district, letter_number="1/CV")
        rows.approve(self.hands["leader"], decision_number="1/QĐ")
        given = {"fund": self.fund, "document_number": "TU", "settle_by": today()}
        rows.advance_to(finance, unit=self.district, **given)
        if number < 8:
            rows.receive(self.hands["unit"], scan=SimpleUploadedFile("ky.pdf", b"%PDF-1.7"))

    def check(self):
        self._check_funds()
        for grant in self.round.grants.select_related("payment", "advance"):
            spends = grant.state in ("paid", "reversed") and grant.is_paid_from_fund
            assert bool(grant.payment_id) == spends
            if spends:
                assert (grant.payment.kind, grant.payment.amount) == (Kind.SPEND, -grant.cash)
                assert FundEntry.objects.filter(reverses=grant.payment).exists() == (grant.state == "reversed")
            assert grant.approved_by_id not in {None, *self._makers(grant)} or grant.approved_by_id is None
        for advance in Advance.objects.all():
            settled = advance.grants.filter(payment__isnull=False).aggregate(total=Sum("cash"))["total"] or 0
            assert advance.spent == settled
            assert 0 <= advance.remaining <= advance.amount
        self._check_ledger_of_advances()

    def _makers(self, grant) -> set:
        versions = grant.history.filter(state__in=["proposed", "forwarded", "appraised"])
        return {*versions.values_list("history_user", flat=True), grant.proposed_by_id} - {None}

    def _check_funds(self):
        for fund in (self.fund, self.other):
            fund.refresh_from_db()
            assert fund.balance == (fund.entries.aggregate(total=Sum("amount"))["total"] or 0)
            assert fund.balance >= 0
        assert self.round.grants.binding().total() <= self.round.total_ceiling

    def _check_ledger_of_advances(self):
        """What units still hold is what the ledger says has gone out and not come back."""
        out = FundEntry.objects.filter(kind=Kind.ADVANCE).aggregate(total=Sum("amount"))["total"] or 0
        assert -out == sum(advance.remaining for advance in Advance.objects.all())


@pytest.fixture
def hands(finance, officer, leader, unit_officer_a, workplace_officer):
    return {
        "finance": finance, "officer": officer, "leader": leader, "unit": unit_officer_a, "below": workplace_officer,
    }  # fmt: skip


@pytest.fixture
def no_files(settings):
    """Scans of the many tries are kept in memory."""
    memory = "django.core.files.storage.InMemoryStorage"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": memory}}


@pytest.mark.django_db
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_steps_of_rounds_and_houses_the_books_agree(province, district_a, workplace, hands, no_files, steps):
    with transaction.atomic():
        books = Books(province, district_a, workplace, hands)
        for name, value in steps:
            books.try_step(name, value)
        books.check()
        transaction.set_rollback(True)


def test_the_whole_way_ends_in_money_spent(province, district_a, workplace, hands, no_files):
    """Else the sequences above would prove little."""
    books = Books(province, district_a, workplace, hands)
    for number in range(4):
        books.whole_way(number)
    books.check()
    assert set(books.round.grants.values_list("state", flat=True)) == {"paid"}
    assert set(FundEntry.objects.values_list("kind", flat=True)) == {"opening", "advance", "spend"}


# Many hands ------------------------------------------------------------------------------------


@pytest.fixture
def decided(province, district_a, unit_officer_a, leader):
    round = make_round(province)
    for _ in range(3):
        make_grant(round, district_a, unit_officer_a, make_person(district_a))
    round.grants.approve(leader, decision_number="1/QĐ")
    return round


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_a_payment_and_an_advance_at_once_take_the_money_once(decided, province, district_a, finance):
    fund = make_fund(province, balance=9_000_000, by=finance)
    rows = Grant.objects.filter(round=decided)
    given = {"fund": fund, "expected": (3, 1_500_000), "document_number": "PC"}

    def pay():
        return rows.all().pay(fresh(finance), **given)

    def advance():
        return rows.all().advance_to(fresh(finance), unit=district_a, settle_by=today(), **given)

    results = at_once(pay, advance, pay, advance)
    assert sorted(isinstance(result, Refused) for result in results) == [False, True, True, True]
    fund.refresh_from_db()
    assert (fund.balance, fund.entries.aggregate(total=Sum("amount"))["total"]) == (7_500_000, 7_500_000)


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_an_advance_settled_and_returned_at_once_is_spent_once(decided, province, district_a, finance, unit_officer_a):
    fund = make_fund(province, balance=9_000_000, by=finance)
    advance = decided.grants.advance_to(finance, unit=district_a, fund=fund, document_number="TU", settle_by=today())

    def settle():
        scan = ContentFile(b"%PDF-1.7", name="ky.pdf")
        return Grant.objects.filter(round=decided).receive(fresh(unit_officer_a), scan=scan, expected=(3, 1_500_000))

    def give_back():
        return Advance.objects.get(pk=advance.pk).take_back(fresh(finance), amount=1_500_000, document_number="PT")

    results = at_once(settle, give_back, settle, give_back)
    assert sorted(isinstance(result, Refused) for result in results) == [False, True, True, True]
    fund.refresh_from_db()
    advance.refresh_from_db()
    assert advance.remaining == 0
    assert (
        fund.balance
        == fund.entries.aggregate(total=Sum("amount"))["total"]
        == (9_000_000 if advance.returned else 7_500_000)
    )


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_never_exceed_the_total(province, district_a, unit_officer_a, leader, officer):
    round = make_round(province, total_ceiling=500_000)
    first, second = (make_grant(round, district_a, unit_officer_a, make_person(district_a)) for _ in range(2))

    def approve(grant, by):
        return lambda: Grant.objects.filter(pk=grant.pk).approve(fresh(by), decision_number="1/QĐ")

    results = at_once(approve(first, leader), approve(second, officer))
    assert sorted(isinstance(result, Refused) for result in results) == [False, True]
    assert round.grants.binding().total() == 500_000
