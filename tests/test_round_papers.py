"""The dossier of a round: every part says the same figures, and only those see names and accounts who may."""

import io
import re
import zipfile

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from beneficiaries.grants import dossier
from beneficiaries.grants.dossier_file import request_dossier
from tests.factories import make_fund, make_grant, make_person, make_round
from welfare.documents.papers.models import start_paper
from welfare.documents.printing import make_document
from welfare.documents.tables import render_xlsx
from welfare.jobs.queue import run
from welfare.models import AuditEvent, Job

KINDS = ["round_submission", "round_decision", "round_list", "round_signing", "round_summary", "round_bank"]


@pytest.fixture
def round(province, finance):
    round = make_round(province)
    round.funds.create(fund=make_fund(province, balance=9_000_000, by=finance))
    return round


@pytest.fixture
def decided(round, district_a, district_b, unit_officer_a, unit_officer_b, leader):
    """Two people of A, one of B and forty gifts: 1.800.000 đồng in cash, 4.000.000 in kind."""
    formula = make_person(
        district_a, "=HYPERLINK(1)", birth_year=1980, bank_account="0123456789", bank_name="NH Thử", phone="0909999111"
    )
    make_grant(round, district_a, unit_officer_a, formula, 500_000)
    make_grant(round, district_a, unit_officer_a, make_person(district_a, "Trần Thị Bé"), 600_000)
    make_grant(round, district_b, unit_officer_b, make_person(district_b, "Lê Văn Tư"), 700_000)
    make_grant(
        round,
        district_b,
        unit_officer_b,
        None,
        0,
        in_kind_value=4_000_000,
        people_count=40,
        outside_source="Công ty Ánh",
    )
    round.grants.approve(leader, decision_number="7/QĐ-LĐLĐ")
    make_grant(round, district_a, unit_officer_a, make_person(district_a, "Còn Chờ Duyệt"), 900_000)
    return round


def whole(document) -> str:
    texts = [getattr(block, "text", "") for block in document.blocks]
    rows = [str(row) for table in document.tables for row in [*table.rows, table.total or ""]]
    return " ".join([document.title, *texts, *rows])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "round_bank"])
def test_every_part_says_the_same_figures(decided, officer, kind):
    document = make_document(officer, kind, decided.pk, decision="7/QĐ-LĐLĐ")
    said = whole(document)
    sums = [table.total for table in document.tables]
    assert "Còn Chờ Duyệt" not in said
    assert all(any(value in total for value in (5_800_000, 1_800_000)) for total in sums)
    assert "5.800.000 đồng" in said or 5_800_000 in sums[-1] or "Năm triệu tám trăm nghìn đồng" in said


def test_without_a_decision_the_draft_holds_what_waits(decided, officer):
    document = make_document(officer, "round_list", decided.pk)
    assert [row[0] for row in document.tables[0].rows] == ["Còn Chờ Duyệt"]
    assert document.tables[0].total[-1] == 900_000


def test_what_is_posted_up_names_name_year_unit_and_amount_alone(decided, officer):
    (table,) = make_document(officer, "round_list", decided.pk, decision="7/QĐ-LĐLĐ").tables
    assert [column.header for column in table.columns] == ["Họ và tên", "Năm sinh", "Đơn vị", "Số tiền"]
    assert "0909999111" not in str(table.rows)


def test_the_decision_bears_its_number_and_day(decided, leader):
    document = make_document(leader, "round_decision", decided.pk, decision="7/QĐ-LĐLĐ")
    assert document.number_line == "Số: 07/QĐ-LĐLĐ"
    assert "Quỹ Xã hội Công đoàn; Công ty Ánh" in whole(document)


def test_the_bank_list_shows_accounts_to_who_may_see_them_and_runs_no_formula(decided, finance, officer):
    book = openpyxl.load_workbook(
        io.BytesIO(render_xlsx(make_document(finance, "round_bank", decided.pk, decision="7/QĐ-LĐLĐ")))
    )
    cells = {cell.value: cell.data_type for row in book.active.iter_rows() for cell in row if cell.value is not None}
    assert (cells["=HYPERLINK(1)"], cells["0123456789"], 1_800_000 in cells) == ("s", "s", True)
    officer.appointments.get().role.permissions.remove(
        *officer.appointments.get().role.permissions.filter(codename="view_identity")
    )
    with pytest.raises(PermissionDenied):
        make_document(type(officer).objects.get(pk=officer.pk), "round_bank", decided.pk)


def test_a_unit_prints_no_round_of_the_province(decided, unit_officer_a, administrator, client_of):
    for who in (unit_officer_a, administrator):
        for kind in KINDS:
            with pytest.raises((PermissionDenied, Http404)):
                make_document(who, kind, decided.pk)
    assert client_of(unit_officer_a).post(f"/dot-ho-tro/{decided.pk}/ho-so/").status_code in (403, 404)
    assert Job.objects.count() == 0


def test_an_empty_round_has_no_dossier(province, officer, client_of):
    empty = make_round(province, code="RONG")
    assert client_of(officer).post(f"/dot-ho-tro/{empty.pk}/ho-so/").status_code == 404


def test_one_click_makes_one_file_of_all_parts(decided, finance, client_of):
    client_of(finance).post(f"/dot-ho-tro/{decided.pk}/ho-so/", {"decision": "7/QĐ-LĐLĐ"})
    job = Job.objects.get()
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result.content_type) == ("done", "application/zip"), job.message
    with job.result.file.open() as file:
        names = zipfile.ZipFile(file).namelist()
    assert [re.sub(r"^\d-|\.\w+$", "", name) for name in names if name.endswith("pdf")] == [
        "to-trinh", "quyet-dinh", "danh-sach", "ky-nhan", "tong-hop",
    ]  # fmt: skip
    assert "6-chuyen-khoan.xlsx" in names
    assert AuditEvent.objects.get(action="print").detail["document"] == "round_dossier"


def test_the_job_of_somebody_who_may_no_longer_print_fails_in_words(decided, officer):
    job = request_dossier(officer, decided, "")
    officer.appointments.all().delete()
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, "không còn gì để in" in job.message, job.result) == ("failed", True, None)


def test_figures_are_read_once_for_all_parts(decided, officer, django_assert_max_num_queries):
    figures = dossier.figures_of(officer, decided.pk, "7/QĐ-LĐLĐ")
    with django_assert_max_num_queries(25):
        for write in (
            dossier.submission_of,
            dossier.decision_of,
            dossier.list_of,
            dossier.signing_of,
            dossier.summary_of,
        ):
            write(figures)


def test_a_decision_is_issued_under_the_number_it_was_taken_with_and_kept(
    decided, officer, leader, unit_officer_a, client_of
):
    paper = start_paper(officer, "round_decision", decided.pk, decision="7/QĐ-LĐLĐ")
    paper.submit(officer)
    assert paper.suggested_number() == "7"
    paper.issue(leader, number="7")
    before = client_of(officer).get(f"/van-ban/{paper.pk}/xem/").content
    decided.grants.update(cash=1)
    assert client_of(officer).get(f"/van-ban/{paper.pk}/xem/").content == before
    assert (paper.document.number_and_symbol, "Trần Thị Bé" in before.decode()) == ("7/QĐ-LĐLĐ", True)
    assert client_of(unit_officer_a).get(f"/van-ban/{paper.pk}/xem/").status_code == 404
