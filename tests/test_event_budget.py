"""An event's money: estimated, approved by another, spent by funds where they pay, compared and settled."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from beneficiaries.models import Fund, FundEntry
from events.budget import todo as budget_todo
from events.budget.table import Sums
from events.models import BudgetLine, Event, EventBudget
from tests.factories import make_event, make_fund
from welfare.documents.printing import make_document
from welfare.states import Refused


@pytest.fixture
def fund(province, finance) -> Fund:
    return make_fund(province, balance=10_000_000, by=finance)


@pytest.fixture
def budget(province, fund) -> EventBudget:
    """Ten gifts of 500.000 from the fund, a stage of two million that a bank pays."""
    budget = EventBudget.objects.create(event=make_event(province, 5))
    BudgetLine.objects.create(budget=budget, order=1, item="Quà", quantity=10, price=500_000, source="fund", fund=fund)
    BudgetLine.objects.create(
        budget=budget, order=2, item="Sân khấu", price=2_000_000, source="sponsor", source_name="Ngân hàng"
    )
    return budget


@pytest.fixture
def approved(budget, officer, leader) -> EventBudget:
    budget.submit(officer)
    budget.approve(leader, decision_number="12/TTr")
    return budget


@pytest.fixture
def gifts(approved):
    return approved.lines.get(item="Quà")


@pytest.fixture
def stage(approved):
    return approved.lines.get(item="Sân khấu")


def balance(fund) -> int:
    return Fund.objects.get(pk=fund.pk).balance


# The estimate ---------------------------------------------------------------------------------------


def test_whoever_sends_the_estimate_does_not_approve_it(budget, officer, leader):
    EventBudget.objects.filter(pk=budget.pk).update(state="submitted", submitted_by=leader)
    budget.refresh_from_db()
    with pytest.raises(Refused, match="Bạn đã trình dự toán này nên người khác phải duyệt"):
        budget.approve(leader)
    with pytest.raises(Refused, match="không có quyền duyệt dự toán"):
        budget.approve(officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        EventBudget.objects.filter(pk=budget.pk).update(approved_by=leader)


def test_an_empty_estimate_is_not_sent(province, officer):
    with pytest.raises(Refused, match="Dự toán chưa có khoản nào"):
        EventBudget.objects.create(event=make_event(province, 5)).submit(officer)


def test_nothing_is_spent_before_the_estimate_is_approved(budget, finance, fund):
    with pytest.raises(Refused, match="“Đang lập dự toán” nên không ghi chi được"):
        budget.lines.first().spend(finance, quantity=1, price=1, document_number="PC1")
    assert balance(fund) == 10_000_000


def test_an_estimate_that_was_spent_from_is_not_sent_back(gifts, stage, approved, finance, leader):
    stage.spend(finance, quantity=1, price=1)
    with pytest.raises(Refused, match="Đã ghi chi nên không trả lại"):
        approved.send_back(leader, reason="Sửa")
    stage.take_back(finance, reason="Ghi nhầm")
    approved.send_back(leader, reason="Sửa đơn giá")
    assert (approved.state, approved.approved_by, approved.state_reason) == ("draft", None, "Sửa đơn giá")


# Spending -----------------------------------------------------------------------------------------


def test_a_fund_pays_a_line_by_exactly_one_entry(gifts, finance, fund):
    gifts.spend(finance, quantity=9, price=500_000, document_number="PC1")
    with pytest.raises(Refused, match="đã ghi chi 4.500.000 đồng"):
        gifts.spend(finance, quantity=9, price=500_000, document_number="PC2")

    entry = FundEntry.objects.get(kind="spend")
    assert (entry.amount, entry.document_number, entry.event_line, entry.pays_for) == (-4_500_000, "PC1", gifts, gifts)
    assert (balance(fund), gifts.spent, gifts.difference) == (5_500_000, 4_500_000, -500_000)
    with pytest.raises(Refused, match="hãy ghi đảo từ hồ sơ đó"):
        entry.reverse(finance, note="Sai")


def test_what_is_taken_back_leaves_two_entries_and_is_spent_again(gifts, finance, fund):
    gifts.spend(finance, quantity=10, price=500_000, document_number="PC1")
    gifts.take_back(finance, reason="Nhầm số")
    assert (balance(fund), gifts.spent, gifts.entry) == (10_000_000, None, None)
    gifts.spend(finance, quantity=8, price=500_000, document_number="PC2")

    assert sorted(FundEntry.objects.exclude(kind="opening").values_list("kind", "amount")) == [
        ("reversal", 5_000_000), ("spend", -5_000_000), ("spend", -4_000_000),
    ]  # fmt: skip


def test_the_funds_own_rules_hold_and_nothing_is_recorded_then(gifts, finance, fund):
    Fund.objects.filter(pk=fund.pk).update(balance=100)
    with pytest.raises(Refused, match="không đủ tiền để chi"):
        gifts.spend(finance, quantity=10, price=500_000, document_number="PC1")
    Fund.objects.filter(pk=fund.pk).update(balance=10_000_000, use="houses")
    with pytest.raises(Refused, match="chỉ chi cho việc: làm nhà Mái ấm"):
        gifts.spend(finance, quantity=10, price=500_000, document_number="PC1")
    with pytest.raises(Refused, match="phải có số chứng từ"):
        gifts.spend(finance, quantity=10, price=500_000)
    gifts.refresh_from_db()
    assert (gifts.spent, FundEntry.objects.filter(kind="spend").count()) == (None, 0)


def test_only_finance_spends(gifts, officer, leader, finance):
    for by in (officer, leader):
        with pytest.raises(Refused, match="không có quyền ghi chi cho sự kiện"):
            gifts.spend(by, quantity=1, price=1, document_number="PC1")


def test_above_the_estimate_needs_a_reason(stage, finance):
    with pytest.raises(Refused, match="vượt dự toán 2.000.000 đồng; hãy ghi lý do vượt"):
        stage.spend(finance, quantity=1, price=2_500_000)
    stage.spend(finance, quantity=1, price=2_500_000, reason="Thuê thêm màn hình")

    assert (stage.difference, stage.reason) == (500_000, "Thuê thêm màn hình")
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.filter(pk=stage.pk).update(reason="")


# Settling -----------------------------------------------------------------------------------------


def test_all_lines_are_recorded_before_it_is_settled(gifts, stage, approved, finance, leader):
    gifts.spend(finance, quantity=10, price=500_000, document_number="PC1")
    with pytest.raises(Refused, match="“Sân khấu” chưa ghi thực chi; không chi thì ghi số lượng 0"):
        approved.settle(leader)
    stage.spend(finance, quantity=0, price=0)
    approved.settle(leader)

    with pytest.raises(Refused, match="“Đã quyết toán” nên không ghi chi được"):
        gifts.take_back(finance, reason="Sửa")
    approved.reopen(leader, reason="Thiếu hóa đơn")
    gifts.take_back(finance, reason="Sửa")
    assert (approved.state, gifts.spent) == ("approved", None)


def test_the_papers_compare_line_by_line_and_by_source(gifts, stage, approved, finance):
    gifts.spend(finance, quantity=9, price=500_000, document_number="PC1")
    stage.spend(finance, quantity=1, price=2_500_000, reason="Thêm màn hình")
    table, sources = make_document(finance, "event_settlement", approved.pk).tables

    assert [row[:6] + row[7:] for row in table.rows] == [
        ["Quà", 5_000_000, 9, 500_000, 4_500_000, -500_000, "Chứng từ PC1"],
        ["Sân khấu", 2_000_000, 1, 2_500_000, 2_500_000, 500_000, "Thêm màn hình"],
    ]  # fmt: skip
    assert sources.total == ["Cộng", 7_000_000, 7_000_000, 0]
    assert make_document(finance, "event_budget", approved.pk).tables[0].total[4] == 7_000_000


@given(st.lists(st.tuples(*[st.integers(0, 50)] * 4, st.booleans()), max_size=8))
@settings(max_examples=30)
def test_sums_are_those_of_the_lines(rows):
    lines = [
        BudgetLine(quantity=q, price=p, spent_quantity=sq if known else None, spent_price=sp if known else None)
        for q, p, sq, sp, known in rows
    ]
    sums = Sums()
    for line in lines:
        sums.add(line)
    spent = [line for line in lines if line.spent is not None]
    assert sums.estimated == sum(q * p for q, p, *_ in rows)
    assert (sums.spent, sums.open) == (sum(line.spent for line in spent), len(lines) - len(spent))
    assert sums.above - sum(max(0, -line.difference) for line in spent) == sum(line.difference for line in spent)


# On screen ----------------------------------------------------------------------------------------


def test_the_estimate_is_written_on_its_page_and_read_only_once_sent(budget, officer, finance, client_of):
    page = reverse("admin:events_eventbudget_change", args=[budget.pk])
    client = client_of(officer)
    assert 'name="lines-0-item"' in client.get(page).content.decode()
    client.post(f"/events/eventbudget/{budget.pk}/lam/submit/")

    html = client.get(page).content.decode()
    assert ("lines-0-item" in html, "7.000.000 đồng" in html, "Chờ duyệt dự toán" in html) == (False, True, True)


def test_finance_spends_a_line_by_its_form(gifts, finance, client_of, fund):
    page = f"/events/budgetline/{gifts.pk}/lam/spend/"
    kept = (
        client_of(finance).post(page, {"quantity": "10", "price": "600.000", "document_number": "PC9"}).content.decode()
    )
    assert ("hãy ghi lý do vượt" in kept, 'value="PC9"' in kept) == (True, True)
    client_of(finance).post(page, {"quantity": "10", "price": "400.000", "document_number": "PC9"})

    assert balance(fund) == 6_000_000


def test_units_see_no_event_money(approved, gifts, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    for page in (
        f"/events/eventbudget/{approved.pk}/change/",
        "/events/eventbudget/",
        f"/events/budgetline/{gifts.pk}/change/",
    ):
        assert client.get(page).status_code in (403, 404, 302)


def _workbook(rows) -> SimpleUploadedFile:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    head = [
        "ID",
        "mã sự kiện",
        "thứ tự",
        "nội dung chi",
        "đơn vị tính",
        "số lượng",
        "đơn giá (đồng)",
        "nguồn",
        "mã quỹ",
        "tên nguồn",
    ]
    for row in [head, *rows]:
        book.active.append(row)
    book.save(stream)
    return SimpleUploadedFile("du-toan.xlsx", stream.getvalue())


def _import(client, rows):
    page = reverse("admin:events_budgetline_import")
    resource = {"resource": "0", "format": "0"}
    preview = client.post(page, {**resource, "import_file": _workbook(rows)})
    form = preview.context.get("confirm_form")
    if form is not None:
        client.post(reverse("admin:events_budgetline_process_import"), form.initial)
    return preview.content.decode()


def test_lines_come_in_from_a_workbook_until_the_estimate_is_sent(budget, officer, client_of):
    row = ["", "SK", 3, "Nước uống", "người", 280, 25_000, "union", "", ""]
    _import(client_of(officer), [row])
    assert budget.lines.get(order=3).estimated == 7_000_000

    budget.submit(officer)
    told = _import(client_of(officer), [["", "SK", 4, "Hoa", "bó", 2, 100_000, "union", "", ""]])
    assert ("đã trình nên không sửa được khoản chi" in told, budget.lines.count()) == (True, 3)


def test_a_line_is_not_imported_out_of_an_estimate_that_was_sent(stage, approved, province, officer, client_of):
    EventBudget.objects.create(event=make_event(province, 5, code="SK2"))

    told = _import(client_of(officer), [[stage.pk, "SK2", 2, "Sân khấu", "", 1, 1, "sponsor", "", "Ngân hàng"]])

    stage.refresh_from_db()
    assert ("đã trình nên không sửa được khoản chi" in told, stage.budget) == (True, approved)


def test_the_database_holds_no_settlement_that_nobody_approved(approved):
    with pytest.raises(IntegrityError, match="event_budget_settled_by_somebody"), transaction.atomic():
        EventBudget.objects.filter(pk=approved.pk).update(state="settled")


def test_estimates_and_settlements_wait_for_somebody_else(budget, gifts, stage, officer, leader, finance):
    def waiting(user):
        return [(item.count, item.text) for item in budget_todo.waiting(user) if item.count]

    EventBudget.objects.filter(pk=budget.pk).update(state="submitted")
    assert (waiting(leader), waiting(officer)) == ([(1, "dự toán sự kiện chờ duyệt")], [])
    EventBudget.objects.filter(pk=budget.pk).update(state="approved")
    gifts.spend(finance, quantity=10, price=500_000, document_number="PC1")
    Event.objects.filter(pk=budget.event_id).update(state="held")
    assert waiting(leader) == []
    stage.spend(finance, quantity=1, price=2_000_000)
    assert (waiting(leader), waiting(finance)) == ([(1, "kinh phí sự kiện chờ duyệt quyết toán")], [])
