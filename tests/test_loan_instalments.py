"""Paying a loan back: instalments to the đồng, repayments once, more time by two, limits, the project's money, imports."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries.loans.instalments import Way, even_parts, with_interest
from beneficiaries.loans.printing import loan_project_document, loan_schedule_document
from beneficiaries.loans.todo import waiting
from beneficiaries.models import Loan, LoanInstalment, LoanLimit, LoanProject, LoanRepayment
from tests.factories import appoint, fresh, make_fund, make_household, make_person, make_user
from welfare.documents.printing import make_document
from welfare.states import Refused
from welfare.units.models import today

LOANS = "/beneficiaries/loan/"
BOARD = "/vay-von/theo-doi/"
DAY = date(2026, 3, 2)
HEAD = "Mã đơn vị,Số CCCD,Họ và tên,Năm sinh,Dự án,Nguồn vốn,Mục đích,Số tiền,Thời hạn (tháng),Lãi suất (%/năm),Cách trả nợ,Ngày duyệt,Ngày giải ngân,Gốc đã trả,Ngày tất toán\n"


@pytest.fixture
def project(province):
    return LoanProject.objects.create(
        unit=province, source="national", name="Chăn nuôi bò", amount=100_000_000, assigned_on=date(2025, 5, 1),
        due_on=today() + timedelta(days=300),
    )  # fmt: skip


@pytest.fixture
def make_loan(district_a, unit_officer_a):
    """``make_loan(state, ...)``: a loan of district A, taken to a state by the verbs."""

    def make(**fields):
        fields = {"source": "mutual", "amount": 24_000_000, "term_months": 12, "schedule": "quarterly"} | fields
        fields.setdefault("person", make_person(district_a, "Lê Thị Vay"))
        return Loan.objects.create(
            unit=district_a, purpose="Mua bò giống", rate="6", proposed_by=unit_officer_a, proposed_on=DAY, **fields
        )

    return make


@pytest.fixture
def running(make_loan, officer, finance):
    """Handed out on 2 March 2026: four instalments of six million."""
    loan = make_loan()
    loan.approve(officer, on=DAY)
    loan.disburse(finance, on=DAY)
    return loan


def text(response) -> str:
    return response.content.decode()


def verb(loan, name) -> str:
    return f"{LOANS}{loan.pk}/lam/{name}/"


def balances(loan) -> tuple:
    loan.refresh_from_db()
    return loan.state, loan.principal_repaid, loan.outstanding


# The schedule ----------------------------------------------------------------------------------


@given(
    amount=st.integers(1, 10**11), term=st.integers(1, 600), way=st.sampled_from(["monthly", "quarterly", "end"]),
    rate=st.decimals(0, 100, places=2),
)  # fmt: skip
def test_instalments_add_up_to_the_dong(amount, term, way, rate):
    dues = with_interest(even_parts(amount, term, way), amount, rate)
    assert sum(due.principal for due in dues) == amount
    assert all(due.principal > 0 and due.interest >= 0 for due in dues)
    months = [due.month for due in dues]
    assert (months == sorted(set(months)), months[-1]) == (True, term)


@pytest.mark.parametrize(
    ("way", "dues"),
    [
        (Way.QUARTERLY, [(3, 6_000_000, 360_000), (6, 6_000_000, 270_000), (9, 6_000_000, 180_000), (12, 6_000_000, 90_000)]),
        (Way.END, [(12, 24_000_000, 1_440_000)]),
    ],
)  # fmt: skip
def test_interest_is_of_what_is_still_out(way, dues):
    assert with_interest(even_parts(24_000_000, 12, way), 24_000_000, "6") == dues


def test_the_schedule_is_made_when_the_money_is_handed_out(running):
    rows = list(running.instalments.values_list("due_on", "principal", "due_total"))
    assert rows == [
        (date(2026, 6, 2), 6_000_000, 6_000_000), (date(2026, 9, 2), 6_000_000, 12_000_000),
        (date(2026, 12, 2), 6_000_000, 18_000_000), (date(2027, 3, 2), 6_000_000, 24_000_000),
    ]  # fmt: skip
    assert running.due_on == date(2027, 3, 2)


def test_a_schedule_of_ones_own_must_pay_back_the_whole(make_loan, officer, finance):
    loan = make_loan(schedule="own")
    loan.instalments.create(month=6, principal=10_000_000)
    with pytest.raises(Refused, match="cộng lại là 10.000.000 đồng, chưa khớp"):
        loan.approve(officer, on=DAY)
    late = loan.instalments.create(month=13, principal=14_000_000)
    with pytest.raises(Refused, match="quá thời hạn vay"):
        loan.approve(officer, on=DAY)
    LoanInstalment.objects.filter(pk=late.pk).update(month=12)
    loan.approve(officer, on=DAY)
    loan.disburse(finance, on=DAY)
    assert list(loan.instalments.values_list("due_on", "principal")) == [
        (date(2026, 9, 2), 10_000_000), (date(2027, 3, 2), 14_000_000),
    ]  # fmt: skip


def test_a_schedule_of_ones_own_is_written_on_the_page(make_loan, unit_officer_a, client_of):
    loan = make_loan(schedule="own")
    inline = {"TOTAL_FORMS": 2, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000, "0-month": 6,
              "0-principal": "20.000.000", "1-month": 12, "1-principal": "4.000.000"}  # fmt: skip
    posted = {
        "person": loan.person_id, "source": "mutual", "purpose": "x", "amount": "24.000.000", "term_months": 12, "rate": "6",
        "schedule": "own", "proposed_on": "02/03/2026", **{f"instalments-{key}": value for key, value in inline.items()},
    }  # fmt: skip
    assert client_of(unit_officer_a).post(f"{LOANS}{loan.pk}/change/", posted).status_code == 302
    assert list(loan.instalments.values_list("month", "principal")) == [(6, 20_000_000), (12, 4_000_000)]


# Repayments ------------------------------------------------------------------------------------


def test_what_comes_back_is_written_once_and_the_last_of_it_closes_the_loan(running, finance, client_of):
    client = client_of(finance)
    given = {"principal": "6.000.000", "interest": "360.000", "document_number": "PT01", "on": "02/06/2026"}
    assert client.post(verb(running, "repay"), given).status_code == 302
    assert "Chứng từ PT01 đã được ghi cho khoản vay này rồi" in text(client.post(verb(running, "repay"), given))
    assert balances(running) == ("disbursed", 6_000_000, 18_000_000)
    assert "Còn nợ gốc 18.000.000 đồng" in text(client.get(verb(running, "repay")))
    running.repay(finance, principal=18_000_000, document_number="PT02", on=date(2026, 7, 1))
    assert (*balances(running), running.closed_on) == ("closed", 24_000_000, 0, date(2026, 7, 1))
    with pytest.raises(Refused, match="Đã tất toán"):
        running.repay(finance, principal=1, document_number="PT03")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"principal": 24_000_001}, "còn nợ gốc 24.000.000 đồng"),
        ({"principal": -1}, "phải lớn hơn 0"),
        ({"principal": 5, "interest": -1}, "phải lớn hơn 0"),
        ({}, "phải lớn hơn 0"),
        ({"principal": 5, "on": DAY - timedelta(days=1)}, "trước ngày giải ngân"),
        ({"principal": 5, "on": today() + timedelta(days=1)}, "chưa tới"),
        ({"principal": 5, "document_number": " "}, "số chứng từ"),
    ],
)
def test_a_wrong_repayment_is_a_sentence_and_writes_nothing(running, finance, given, words):
    with pytest.raises(Refused, match=words):
        running.repay(finance, **{"document_number": "PT01"} | given)
    assert (balances(running), LoanRepayment.objects.count()) == (("disbursed", 0, 24_000_000), 0)


def test_nothing_comes_back_before_the_money_went_out_and_it_goes_out_once(make_loan, officer, finance):
    loan = make_loan()
    loan.approve(officer, on=DAY)
    with pytest.raises(Refused, match="“Đã duyệt” nên không ghi trả nợ được"):
        loan.repay(finance, principal=1, document_number="PT01")
    loan.disburse(finance, on=DAY)
    with pytest.raises(Refused, match="nên không làm được việc này"):
        Loan.objects.get(pk=loan.pk).disburse(finance, on=DAY)
    assert loan.instalments.count() == 4


def test_a_repayment_is_taken_back_not_deleted(running, finance, client_of):
    wrong = running.repay(finance, principal=24_000_000, document_number="PT01", on=DAY)
    given = {"repayment": wrong.pk, "reason": "Ghi nhầm hộ", "on": "03/03/2026"}
    assert client_of(finance).post(verb(running, "take_back_repayment"), given).status_code == 302
    assert (*balances(running), running.closed_on) == ("disbursed", 0, 24_000_000, None)
    with pytest.raises(Refused, match="đã được ghi đảo"):
        running.take_back_repayment(finance, repayment=wrong, reason="x")
    assert "Ghi nhầm hộ" in text(client_of(finance).get(f"{LOANS}{running.pk}/change/"))
    running.repay(finance, principal=1, document_number="PT01")
    assert LoanRepayment.objects.count() == 2


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.booleans(), st.integers(-2, 30).map(lambda n: n * 1_000_000)), max_size=8))
def test_what_is_out_is_the_amount_less_what_came_back(running, finance, acts):
    with transaction.atomic():
        for number, (takes_back, amount) in enumerate(acts):
            loan = Loan.objects.get(pk=running.pk)
            last = loan.repayments.standing().last()
            with suppress(Refused):
                if takes_back and last:
                    loan.take_back_repayment(finance, repayment=last, reason="x")
                else:
                    loan.repay(finance, principal=amount, document_number=str(number))
        loan = Loan.objects.get(pk=running.pk)
        repaid = sum(row.principal for row in loan.repayments.standing())
        assert loan.principal_repaid == repaid <= loan.amount
        assert (loan.state == "closed") == (repaid == loan.amount)
        assert loan.outstanding == loan.amount - repaid
        transaction.set_rollback(True)


def test_the_database_holds_what_came_back_to_the_amount(running):
    for wrong in (24_000_001, -1):
        with pytest.raises(IntegrityError), transaction.atomic():
            Loan.objects.filter(pk=running.pk).update(principal_repaid=wrong)


def test_a_mutual_funds_loan_leaves_the_fund_and_comes_back_to_it(make_loan, district_a, officer, finance):
    fund = make_fund(district_a, balance=30_000_000, by=finance)
    loan = make_loan(fund=fund)
    loan.approve(officer, on=DAY)
    loan.disburse(finance, on=today(), document_number="PC01")
    back = loan.repay(finance, principal=6_000_000, interest=360_000, document_number="PT01")
    fund.refresh_from_db()
    assert (fund.balance, loan.disbursement.amount, back.entry.amount) == (12_360_000, -24_000_000, 6_360_000)
    for entry in (loan.disbursement, back.entry):
        with pytest.raises(Refused, match="hãy ghi đảo từ hồ sơ đó"):
            entry.reverse(finance, note="x")
    loan.take_back_repayment(finance, repayment=back, reason="Ghi nhầm")
    fund.refresh_from_db()
    assert (fund.balance, sum(fund.entries.values_list("amount", flat=True))) == (6_000_000, 6_000_000)


def test_a_loan_above_the_funds_balance_is_not_handed_out(make_loan, district_a, officer, finance):
    loan = make_loan(fund=make_fund(district_a, balance=1_000, by=finance))
    loan.approve(officer, on=DAY)
    with pytest.raises(Refused, match="không đủ tiền"):
        loan.disburse(finance, document_number="PC01")
    assert (balances(loan)[0], loan.instalments.count()) == ("approved", 0)


# Late, more time, given up ---------------------------------------------------------------------


def test_what_is_due_soon_and_what_is_late(running, make_loan, officer, finance, client_of):
    LoanInstalment.objects.filter(month=3).update(due_on=today() - timedelta(days=9))
    LoanInstalment.objects.filter(month=6).update(due_on=today() + timedelta(days=30))
    LoanInstalment.objects.filter(month__gt=6).update(due_on=today() + timedelta(days=31))
    loan = Loan.objects.with_dues().get(pk=running.pk)
    assert (loan.next_due_on, loan.overdue_money, loan.soon_money) == (
        today() - timedelta(days=9),
        6_000_000,
        6_000_000,
    )
    client = client_of(officer)
    assert "Quá hạn 9 ngày" in text(client.get(f"{LOANS}{running.pk}/change/"))
    told = {item.text: item.is_late for item in waiting(fresh(finance)) if item.count}
    assert told == {"khoản vay quá hạn": True, "khoản vay có kỳ trả trong 30 ngày": False}
    running.repay(finance, principal=6_000_000, document_number="PT01")
    found = {
        name: [row.pk for row in client.get(LOANS, {"han": name}).context["cl"].result_list] for name in ("qua", "sap")
    }
    assert found == {"qua": [], "sap": [running.pk]}


def test_more_time_is_asked_by_one_and_granted_by_another(
    running, unit_officer_a, officer, finance, province, client_of
):
    running.repay(finance, principal=7_000_000, document_number="PT01")
    asked = {"months": 3, "reason": "Bò bị bệnh", "on": "01/09/2026"}
    assert client_of(unit_officer_a).post(verb(running, "ask_extension"), asked).status_code == 302
    with pytest.raises(Refused, match="đang có một đề nghị gia hạn"):
        running.ask_extension(unit_officer_a, months=1, reason="x")
    appoint(unit_officer_a, "leader", province)
    with pytest.raises(Refused, match="không được quyết định"):
        running.grant_extension(fresh(unit_officer_a))
    assert {item.text for item in waiting(fresh(officer)) if item.count} >= {"đề nghị gia hạn nợ chờ duyệt"}
    assert client_of(officer).post(verb(running, "grant_extension"), {"on": "02/09/2026"}).status_code == 302
    running.refresh_from_db()
    rows = list(running.instalments.values_list("due_on", "principal", "interest"))
    assert rows == [
        (date(2026, 6, 2), 6_000_000, 360_000), (date(2026, 12, 2), 6_000_000, 540_000),
        (date(2027, 3, 2), 6_000_000, 180_000), (date(2027, 6, 2), 6_000_000, 90_000),
    ]  # fmt: skip
    assert running.due_on == date(2027, 6, 2)


def test_more_time_refused_changes_nothing(running, unit_officer_a, unit_officer_b, officer):
    for user, asked, words in [
        (unit_officer_b, {"months": 3, "reason": "x"}, "Chỉ LĐLĐ huyện An"),
        (unit_officer_a, {"months": 0, "reason": "x"}, "từ 1 đến 60 tháng"),
        (unit_officer_a, {"months": 3, "reason": " "}, "lý do"),
    ]:
        with pytest.raises(Refused, match=words):
            running.ask_extension(user, **asked)
    with pytest.raises(Refused, match="không có đề nghị gia hạn"):
        running.grant_extension(officer)
    running.ask_extension(unit_officer_a, months=3, reason="x", on=DAY)
    running.refuse_extension(officer, reason="Đã hết thời hạn dự án")
    assert (running.due_on, running.extensions.get().is_granted) == (date(2027, 3, 2), False)


def test_the_rest_is_given_up_by_a_decision_of_another(running, officer, finance, unit_officer_a, province, client_of):
    running.repay(finance, principal=6_000_000, document_number="PT01")
    appoint(unit_officer_a, "leader", province)
    with pytest.raises(Refused, match="Bạn đã lập hoặc sửa hồ sơ vay này"):
        running.write_off(fresh(unit_officer_a), decision_number="1", reason="x")
    editor = make_user("canbo9", "province_officer", province)
    running.history.filter(state="proposed").update(history_user=editor)
    with pytest.raises(Refused, match="lập hoặc sửa hồ sơ vay này"):
        running.write_off(editor, decision_number="1", reason="x")
    given = {"decision_number": "8/QĐ-LĐLĐ", "reason": "Người vay qua đời", "on": "01/10/2026"}
    assert client_of(officer).post(verb(running, "write_off"), given).status_code == 302
    assert (*balances(running), running.given_up, running.written_off_reason) == (
        "written_off", 6_000_000, 0, 18_000_000, "Quyết định 8/QĐ-LĐLĐ: Người vay qua đời",
    )  # fmt: skip


# Limits, referrals, families, the project's money ----------------------------------------------


def test_limits_bind_by_their_dates_at_the_proposal_and_at_the_approval(make_loan, district_a, officer, client_of):
    person = make_person(district_a, birth_year=1990)
    posted = {"person": person.pk, "source": "national", "purpose": "x", "term_months": 12, "rate": "6", "schedule": "end",
              "amount": "150.000.000"}  # fmt: skip
    page = client_of(officer).post(f"{LOANS}add/", posted | {"proposed_on": "31/12/2025"})
    assert "số tiền vay 150.000.000 đồng quá mức tối đa 100.000.000 đồng" in text(page)
    assert client_of(officer).post(f"{LOANS}add/", posted | {"proposed_on": "01/01/2026"}).status_code == 302
    young = make_loan(source="national", person=make_person(district_a, birth_date=date(2011, 3, 3)))
    LoanLimit.objects.filter(source="national", valid_to=None).update(max_rate="5.5")
    with pytest.raises(Refused, match="lãi suất 6% quá mức tối đa 5,5%; người vay 14 tuổi, chưa đủ 15 tuổi"):
        young.approve(officer, on=DAY)
    assert balances(young)[0] == "proposed"


def test_what_others_lend_is_referred_and_not_managed(make_loan, officer, finance, client_of):
    loan = make_loan(source="cep")
    loan.approve(officer, on=DAY)
    assert (balances(loan)[0], loan.instalments.count()) == ("referred", 0)
    for act in (lambda: loan.disburse(finance), lambda: loan.repay(finance, principal=1, document_number="1")):
        with pytest.raises(Refused):
            act()
    given = {"answer": "CEP cho vay 20 triệu", "on": "10/03/2026"}
    assert client_of(officer).post(verb(loan, "hear_back"), given).status_code == 302
    page = text(client_of(officer).get(f"{LOANS}{loan.pk}/change/"))
    assert ("CEP cho vay 20 triệu" in page, "Lịch trả nợ" in page) == (True, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(disbursed_on=DAY)


def test_a_family_has_one_running_loan_of_a_source(running, make_loan, district_a, officer, finance, client_of):
    household = make_household(district_a)
    running.person.household = household
    running.person.save()
    second = make_loan(person=make_person(district_a, "Lê Văn Con", household=household))
    page = text(client_of(officer).get(f"{LOANS}{second.pk}/change/"))
    assert "Gia đình này có khoản vay khác" in page
    with pytest.raises(Refused, match="Gia đình này đang có khoản vay “Lê Thị Vay"):
        second.approve(officer, on=DAY)
    running.close(finance, document_number="PT01")
    second.approve(officer, on=DAY)
    assert balances(second)[0] == "approved"


def test_running_loans_keep_within_the_projects_money(project, make_loan, district_a, officer, finance):
    first, second = (
        make_loan(project=project, amount=60_000_000, person=make_person(district_a, name)) for name in ("Một", "Hai")
    )
    first.approve(officer, on=DAY)
    with pytest.raises(Refused, match="còn 40.000.000 đồng chưa cho vay, không đủ 60.000.000 đồng"):
        second.approve(officer, on=DAY)
    with pytest.raises(Refused, match="Dự án còn 1 khoản vay chưa tất toán"):
        project.close(officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        LoanProject.objects.filter(pk=project.pk).update(lent=100_000_001)
    first.disburse(finance, on=DAY)
    first.close(finance, document_number="PT01", on=DAY)
    second.approve(officer, on=DAY)
    with pytest.raises(Refused, match="còn 40.000.000 đồng chưa cho vay"):
        first.take_back_repayment(finance, repayment=first.repayments.get(), reason="x")
    project.refresh_from_db()
    assert (project.lent, balances(first)[0]) == (60_000_000, "closed")


# Board, lists, paper ---------------------------------------------------------------------------


def test_the_board_adds_up_by_project_and_by_unit(running, project, make_loan, district_a, officer, finance,
                                                  unit_officer_b, client_of):  # fmt: skip
    other = make_loan(project=project, amount=30_000_000, person=make_person(district_a, "Hai"))
    other.approve(officer, on=DAY)
    other.disburse(finance, on=DAY)
    running.repay(finance, principal=4_000_000, document_number="PT01")
    shown = client_of(officer).get(BOARD).context
    assert [(row["name"], row["count"], row["outstanding"]) for row in shown["by_project"]] == [
        ("Chăn nuôi bò", 1, 30_000_000), ("Không thuộc dự án nào", 1, 20_000_000),
    ]  # fmt: skip
    assert [(row["name"], row["lent"], row["outstanding"]) for row in shown["by_unit"]] == [
        ("LĐLĐ huyện An", 54_000_000, 50_000_000)
    ]
    assert shown["all"]["late"] == sum(row["late"] for row in shown["by_unit"]) > 0
    assert client_of(unit_officer_b).get(BOARD).context["all"]["count"] == 0


def test_the_board_takes_as_many_queries_for_three_loans_as_for_one(make_loan, district_a, officer, finance, client_of):
    client, counts = client_of(officer), []
    for number in (1, 3):
        while Loan.objects.count() < number:
            loan = make_loan(person=make_person(district_a, f"Người {Loan.objects.count()}"))
            loan.approve(officer, on=DAY)
            loan.disburse(finance, on=DAY)
        client.get(BOARD)
        with CaptureQueriesContext(connection) as queries:
            client.get(BOARD)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_another_units_loan_is_not_found(running, unit_officer_b, client_of):
    client = client_of(unit_officer_b)
    assert client.get(verb(running, "ask_extension")).status_code == 404
    assert client.post(f"/in/loan_schedule/{running.pk}/pdf/").status_code == 404
    assert list(client.get(LOANS).context["cl"].result_list) == []


def test_a_loans_schedule_and_a_projects_list_on_paper(project, make_loan, district_a, officer, finance):
    loan = make_loan(project=project, amount=30_000_000)
    loan.approve(officer, on=DAY)
    loan.disburse(finance, on=DAY)
    table = loan_schedule_document(officer, loan.pk).tables[0]
    assert (len(table.rows), table.total[1]) == (4, 30_000_000)
    printed = make_document(officer, "loan_project", project.pk)
    assert printed.title.startswith("DANH SÁCH Khoản vay của dự án “Chăn nuôi bò”")
    assert [(row[0], row[3], row[6]) for row in loan_project_document(officer, project.pk).tables[0].rows] == [
        ("Lê Thị Vay", 30_000_000, 30_000_000)
    ]


# Loans of before -------------------------------------------------------------------------------


def _import(client, lines):
    file = SimpleUploadedFile("vay.csv", (HEAD + lines).encode())
    shown = client.post(f"{LOANS}import/", {"import_file": file, "format": "1"})
    if "confirm_form" in shown.context and shown.context["confirm_form"]:
        client.post(f"{LOANS}process_import/", shown.context["confirm_form"].initial)
    return shown


def test_loans_of_before_come_in_at_their_present_state_and_once(project, district_a, officer, client_of):
    make_person(district_a, "Trần Thị Cũ", birth_year=1980)
    lines = (
        "A,,Trần Thị Cũ,1980,Chăn nuôi bò,,Nuôi bò,40.000.000,24,6,Trả gốc đều hằng quý,01/06/2025,10/06/2025,15.000.000,\n"
        "A,,tran thi cu,,,Quỹ Tương trợ,Buôn bán,5000000,12,,,,10/06/2024,5000000,01/07/2025\n"
    )
    for _ in range(2):
        _import(client_of(officer), lines)
    loans = Loan.objects.order_by("pk").values_list("state", "principal_repaid", "is_recorded_afterwards", "source")
    assert list(loans) == [("disbursed", 15_000_000, True, "national"), ("closed", 5_000_000, True, "mutual")]
    project.refresh_from_db()
    first = Loan.objects.order_by("pk").first()
    assert (project.lent, first.instalments.count(), first.outstanding) == (40_000_000, 8, 25_000_000)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("A,,Ai Đó,,,Quỹ Tương trợ,x,5,12,,,,10/06/2025,,", "Chưa có “Ai Đó” trong danh sách"),
        ("B,,Trần Thị Cũ,,,Quỹ Tương trợ,x,5,12,,,,10/06/2025,,", "Chưa có “Trần Thị Cũ”"),
        ("A,,Trần Thị Cũ,,,Quỹ Tương trợ,x,5,12,,,,10/06/2999,,", "chưa tới"),
        ("A,,Trần Thị Cũ,,,Quỹ Tương trợ,x,5,12,,,,10/06/2025,6,", "Số gốc đã trả phải từ 0 đến số tiền vay"),
        (
            "A,,Trần Thị Cũ,,,Ngân hàng (giới thiệu),x,5,12,,,,10/06/2025,,",
            "Nguồn vốn “Ngân hàng (giới thiệu)” không có",
        ),
        ("A,,Trần Thị Cũ,,Dự án lạ,,x,5,12,,,,10/06/2025,,", "Không có dự án vay vốn “Dự án lạ”"),
    ],
)
def test_a_wrong_line_of_before_brings_nothing_in(district_a, district_b, officer, client_of, line, words):
    make_person(district_a, "Trần Thị Cũ")
    good = "A,,Trần Thị Cũ,,,Quỹ Tương trợ,x,7,12,,,,10/06/2025,,\n"
    shown = _import(client_of(officer), f"{good}{line}\n")
    assert (words in text(shown), Loan.objects.count()) == (True, 0)


def test_a_unit_brings_no_loans_of_before(unit_officer_a, client_of):
    assert client_of(unit_officer_a).get(f"{LOANS}import/").status_code == 403


def test_the_preview_shows_what_was_read_in_the_columns_of_the_sheet(district_a, officer, client_of):
    make_person(district_a, "Trần Thị Cũ")
    shown = _import(client_of(officer), "A,,Trần Thị Cũ,,,Quỹ Tương trợ,x,5000000,12,,,,10/06/2025,1.000.000,\n")
    result = shown.context["result"]
    assert result.diff_headers == HEAD.strip().split(",")
    read = dict(zip(result.diff_headers, result.rows[0].diff, strict=True))
    assert [
        "Quỹ Tương trợ" in read["Nguồn vốn"],
        "10/06/2025" in read["Ngày giải ngân"],
        "1.000.000" in read["Gốc đã trả"],
    ] == [True] * 3
