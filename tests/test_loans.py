"""Loans and loan projects: each step by those who may, never one's own request approved, and what is past its day."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.deletion import ProtectedError
from django.test.utils import CaptureQueriesContext

from beneficiaries.loans.models import months_later
from beneficiaries.loans.todo import waiting
from beneficiaries.models import Loan, LoanInstalment, LoanProject, LoanRepayment
from tests.factories import appoint, fresh, make_household, make_person
from welfare.states import Refused
from welfare.units.models import today

LOANS = "/beneficiaries/loan/"
PROJECTS = "/beneficiaries/loanproject/"
DAY = date(2026, 3, 2)


@pytest.fixture
def project(province):
    return LoanProject.objects.create(
        unit=province, source="national", name="Chăn nuôi bò", amount=500_000_000, assigned_on=date(2025, 5, 1),
        due_on=today() + timedelta(days=300),
    )  # fmt: skip


@pytest.fixture
def loan(district_a, unit_officer_a, project):
    return Loan.objects.create(
        unit=district_a, person=make_person(district_a, "Lê Thị Vay"), project=project, purpose="Mua bò giống",
        amount=50_000_000, term_months=24, rate="6.6", proposed_by=unit_officer_a, proposed_on=DAY,
    )  # fmt: skip


def text(response) -> str:
    return response.content.decode()


def form_data(**changes) -> dict:
    data = {
        "purpose": "Mua máy may",
        "amount": 20_000_000,
        "term_months": 12,
        "rate": "7,92",
        "proposed_on": "02/03/2026",
    }
    return {"person": "", "household": "", "project": "", "source": "mutual", "schedule": "end"} | data | changes


def project_form(**changes) -> dict:
    inline = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    data = {
        "source": "mutual",
        "name": "Quỹ Tương trợ",
        "amount": 100,
        "assigned_on": "02/03/2026",
        "due_on": "02/03/2027",
    }
    return data | {f"reviews-{key}": value for key, value in inline.items()} | changes


def test_a_loan_goes_from_request_to_repayment(loan, officer, finance, client_of):
    for user, name, day, state in [
        (officer, "approve", "05/03/2026", "approved"),
        (finance, "disburse", "31/03/2026", "disbursed"),
        (finance, "close", "01/04/2026", "closed"),
    ]:
        given = {"on": day, "document_number": "PT01", "interest": "10.000"}
        assert client_of(user).post(f"{LOANS}{loan.pk}/lam/{name}/", given).status_code == 302
        loan.refresh_from_db()
        assert loan.state == state
    days = (loan.approved_on, loan.disbursed_on, loan.due_on, loan.closed_on)
    assert days == (date(2026, 3, 5), date(2026, 3, 31), date(2028, 3, 31), date(2026, 4, 1))
    assert loan.approved_by == officer


ALL = {
    "approve": {}, "refuse": {"reason": "x"}, "disburse": {}, "close": {"document_number": "PT1"},
    "repay": {"document_number": "PT1", "principal": 1}, "write_off": {"decision_number": "1/QĐ", "reason": "x"},
    "hear_back": {"answer": "x"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        ("proposed", {"approve", "refuse"}),
        ("approved", {"disburse"}),
        ("disbursed", {"close", "repay", "write_off"}),
        ("closed", set()),
        ("refused", set()),
        ("referred", {"hear_back"}),
        ("written_off", set()),
    ],
)
def test_each_state_allows_its_verbs_only(loan, other_officer, province, state, possible):
    appoint(other_officer, "finance_officer", province)
    user, done = fresh(other_officer), set()
    for name, given in ALL.items():
        LoanRepayment.objects.all().delete()
        Loan.objects.filter(pk=loan.pk).update(
            state=state, approved_on=DAY, disbursed_on=DAY, due_on=today(), principal_repaid=0
        )
        with suppress(Refused):
            getattr(Loan.objects.get(pk=loan.pk), name)(user, **given)
            done.add(name)
    assert done == possible


def test_who_wrote_the_file_never_decides(loan, unit_officer_a, officer, province):
    appoint(unit_officer_a, "leader", province)
    own = fresh(unit_officer_a)
    for act in (lambda: loan.approve(own), lambda: loan.refuse(own, reason="x")):
        with pytest.raises(Refused, match="Bạn đã lập hoặc sửa hồ sơ vay này"):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(approved_by=unit_officer_a)
    loan.approve(officer)
    assert loan.state == "approved"


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("approve", {"on": DAY - timedelta(days=1)}, "trước ngày đề nghị"),
        ("approve", {"on": today() + timedelta(days=1)}, "chưa tới"),
        ("refuse", {"reason": " "}, "Phải ghi lý do"),
    ],
)
def test_a_wrong_step_is_a_sentence_and_changes_nothing(loan, officer, name, given, words):
    with pytest.raises(Refused, match=words):
        getattr(loan, name)(officer, **given)
    loan.refresh_from_db()
    assert (loan.state, loan.approved_by, loan.refused_reason) == ("proposed", None, "")


def test_only_those_who_may_approve_and_pay_out(loan, finance, unit_officer_a, officer, client_of):
    for user in (finance, unit_officer_a):
        assert client_of(user).post(f"{LOANS}{loan.pk}/lam/approve/").status_code == 403
    loan.approve(officer)
    assert client_of(officer).post(f"{LOANS}{loan.pk}/lam/disburse/").status_code == 403


def test_a_unit_writes_loans_of_its_own_people(district_a, unit_officer_a, district_b, client_of):
    client, person = client_of(unit_officer_a), make_person(district_a)
    household = make_household(district_a, "Trần Văn Chủ")
    assert client.post(f"{LOANS}add/", form_data(person=person.pk)).status_code == 302
    assert client.post(f"{LOANS}add/", form_data(household=household.pk)).status_code == 302
    assert {(loan.unit, loan.proposed_by) for loan in Loan.objects.all()} == {(district_a, unit_officer_a)}
    assert [loan.household for loan in client.get(LOANS, {"q": "tran chu"}).context["cl"].result_list] == [household]
    stranger = make_person(district_b)
    assert client.post(f"{LOANS}add/", form_data(person=stranger.pk)).status_code == 200
    assert Loan.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person": "", "household": ""}, "Phải chọn người nhận, hộ nhận hoặc đơn vị."),
        ({"amount": 0}, "Số tiền và thời hạn vay phải lớn hơn 0."),
        ({"rate": "101"}, "Lãi suất phải từ 0 đến 100 phần trăm một năm."),
        ({"proposed_on": "01/01/2999"}, "Ngày đề nghị không được sau hôm nay."),
    ],
)
def test_a_wrong_loan_is_not_saved(district_a, officer, client_of, changes, words):
    person = make_person(district_a)
    page = client_of(officer).post(f"{LOANS}add/", form_data(person=person.pk) | changes)
    assert (words in text(page), Loan.objects.count()) == (True, 0)


def test_a_decided_file_is_closed(loan, officer, unit_officer_a, client_of):
    loan.approve(officer)
    page = f"{LOANS}{loan.pk}/change/"
    client_of(unit_officer_a).post(page, form_data(person=loan.person_id, amount=1))
    loan.refresh_from_db()
    assert loan.amount == 50_000_000


# Projects --------------------------------------------------------------------------------------


def test_a_project_s_state_is_its_latest_review(project, officer, client_of):
    client, states = client_of(officer), []
    for given in (
        {"on_schedule": "yes", "on": "01/02/2026"},
        {"on_schedule": "no", "note": "Thu hồi vốn chậm", "on": "01/03/2026"},
        {"on_schedule": "yes", "on": "01/04/2026"},
    ):
        assert client.post(f"{PROJECTS}{project.pk}/lam/review/", given).status_code == 302
        project.refresh_from_db()
        states.append(project.state)
    assert states == ["on_schedule", "delayed", "on_schedule"]
    assert "Thu hồi vốn chậm" in text(client.get(f"{PROJECTS}{project.pk}/change/"))
    project.close(officer, on=date(2026, 5, 1))
    assert (project.state, project.closed_on) == ("closed", date(2026, 5, 1))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"on_schedule": False}, "phải ghi rõ vướng mắc"),
        ({"on_schedule": True, "on": date(2025, 4, 30)}, "trước ngày giao dự án"),
        ({"on_schedule": True, "on": date(2026, 2, 1)}, "đã được rà soát ngày 01/02/2026"),
        ({"on_schedule": True, "on": date(2999, 1, 1)}, "chưa tới"),
    ],
)
def test_a_wrong_review_is_a_sentence(project, officer, given, words):
    project.review(officer, on_schedule=True, on=date(2026, 2, 1))
    with pytest.raises(Refused, match=words):
        project.review(officer, **given)
    assert (project.reviews.count(), LoanProject.objects.get().state) == (1, "on_schedule")


def test_a_unit_sees_the_province_s_project_but_does_not_review_it(project, unit_officer_a, unit_officer_b, client_of):
    client = client_of(unit_officer_a)
    page = client.get(f"{PROJECTS}{project.pk}/change/")
    assert ("Chăn nuôi bò" in text(page), "/lam/review/" in text(page)) == (True, False)
    with pytest.raises(Refused, match="Chỉ LĐLĐ tỉnh"):
        project.review(unit_officer_a, on_schedule=True)
    assert client.post(f"{PROJECTS}add/", project_form()).status_code == 302
    own = LoanProject.objects.get(name="Quỹ Tương trợ")
    own.review(unit_officer_a, on_schedule=True)
    assert (own.unit, own.state) == (unit_officer_a.unit, "on_schedule")
    assert client_of(unit_officer_b).get(f"{PROJECTS}{own.pk}/change/").status_code == 404


def test_a_units_list_counts_its_own_loans_alone(project, loan, district_b, officer, unit_officer_a, client_of):
    Loan.objects.create(
        unit=district_b, person=make_person(district_b), project=project, purpose="x", amount=30_000_000, term_months=6,
        proposed_by=unit_officer_a, proposed_on=DAY, state="disbursed", due_on=today(),
    )  # fmt: skip
    loan.approve(officer)
    assert "2 khoản, 80.000.000 đồng" in text(client_of(officer).get(PROJECTS))
    assert "1 khoản, 50.000.000 đồng" in text(client_of(unit_officer_a).get(PROJECTS))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"due_on": "02/03/2026"}, "Ngày đến hạn phải sau ngày giao."),
        ({"amount": 0}, "Số vốn phải lớn hơn 0."),
        ({"assigned_on": "01/01/2999", "due_on": "01/01/3000"}, "Ngày giao không được sau hôm nay."),
    ],
)
def test_a_wrong_project_is_not_saved(province, officer, client_of, changes, words):
    page = client_of(officer).post(f"{PROJECTS}add/", project_form(unit=province.pk) | changes)
    assert (words in text(page), LoanProject.objects.count()) == (True, 0)


# What waits ------------------------------------------------------------------------------------


def test_what_waits_for_whom(loan, project, officer, unit_officer_a, finance, leader):
    def items(user):
        return {item.text: item.count for item in waiting(fresh(user)) if item.count}

    assert items(officer) == {"đề nghị vay chờ duyệt": 1}
    assert items(unit_officer_a) == {}
    loan.approve(officer)
    assert (items(finance), items(leader)) == ({"khoản vay chờ giải ngân": 1}, {})
    loan.disburse(finance)
    yesterday = today() - timedelta(days=1)
    LoanInstalment.objects.update(due_on=yesterday)
    LoanProject.objects.update(due_on=yesterday)
    assert items(unit_officer_a) == {"khoản vay quá hạn": 1}
    assert items(officer) == {"khoản vay quá hạn": 1, "dự án vay vốn quá hạn": 1}


def test_the_list_of_overdue_loans(loan, officer, finance, client_of):
    loan.approve(officer)
    loan.disburse(finance)
    client = client_of(officer)
    assert "Lê Thị Vay" not in text(client.get(LOANS, {"han": "qua"}))
    LoanInstalment.objects.update(due_on=today() - timedelta(days=3))
    page = text(client.get(LOANS, {"han": "qua"}))
    assert ("Lê Thị Vay" in page, "Quá hạn 3 ngày, 50.000.000 đồng" in page) == (True, True)


def test_a_borrower_is_kept(loan):
    with pytest.raises(ProtectedError):
        loan.person.delete()


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 15), 14, date(2028, 1, 15)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_a_term_of_months(day, months, later):
    assert months_later(day, months) == later


def test_lists_take_as_many_queries_for_three_loans_as_for_one(loan, district_a, unit_officer_a, officer, client_of):
    client, counts = client_of(officer), []
    for n in (1, 3):
        while Loan.objects.count() < n:
            project = LoanProject.objects.create(
                unit=district_a, source="mutual", name=f"Dự án {n}", amount=1, assigned_on=DAY, due_on=date(2027, 1, 1)
            )
            Loan.objects.create(
                unit=district_a, person=make_person(district_a), project=project, purpose="x", amount=1, term_months=1,
                proposed_by=unit_officer_a,
            )  # fmt: skip
        for page in (LOANS, PROJECTS):
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
