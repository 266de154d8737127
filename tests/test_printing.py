"""Documents as files: printed by a job as its owner, downloaded by those who may, by screen and by command alike."""

import io
import subprocess

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from docx import Document as Word
from openpyxl import load_workbook

from beneficiaries.models import Donor, GiftInKind
from programs.models import TargetShare
from tests.factories import appoint, fresh, make_plan, make_target, make_user
from welfare.documents.models import StoredFile, store_file
from welfare.documents.printing import function_of, request_document
from welfare.jobs import queue
from welfare.jobs.models import Job
from welfare.models import AuditEvent, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(province, officer, leader, district_a):
    plan = make_plan(province, officer)
    target = make_target(plan)
    TargetShare.objects.create(target=target, unit=district_a, value=10)
    plan.submit(officer)
    plan.issue(leader, number="07")
    return plan


def printed(user, plan, format="pdf", kind="plan", **extra) -> Job:
    job = request_document(user, kind, plan.pk, format, **extra)
    queue.run(job.pk)
    job.refresh_from_db()
    return job


def content(job) -> bytes:
    return content_of(job.result)


def content_of(stored) -> bytes:
    with stored.file.open() as file:
        return file.read()


def pages_of_pdf(data: bytes) -> list[str]:
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, stdout=subprocess.PIPE, check=True)
    return run.stdout.decode().split("\f")


def text_of_pdf(data: bytes) -> str:
    return " ".join(" ".join(pages_of_pdf(data)).split())


def text_of_docx(data: bytes) -> str:
    word = Word(io.BytesIO(data))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(paragraph.text for paragraph in word.paragraphs), *cells]).split())


def test_a_job_renders_the_plan_as_pdf(plan, officer):
    job = printed(officer, plan)
    text = text_of_pdf(content(job))
    assert (job.state, job.message) == ("done", "Đã in xong.")
    assert "Số: 07/KH-LĐLĐ" in text
    assert "Bàn giao từ 10 nhà Mái ấm Công đoàn" in text
    assert job.result.name == "KẾ HOẠCH Chăm lo đoàn viên, người lao động năm 2026.pdf"
    event = AuditEvent.objects.get(action="print")
    assert (event.actor, event.detail) == (officer, {"document": "plan", "format": "pdf"})


def test_the_same_document_as_word_and_excel(plan, officer):
    assert "Bàn giao từ 10 nhà Mái ấm Công đoàn" in text_of_docx(content(printed(officer, plan, "docx")))
    sheet = load_workbook(io.BytesIO(content(printed(officer, plan, "xlsx")))).active
    assert "LĐLĐ huyện An" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_a_posted_request_is_one_job_however_often_it_is_clicked(plan, officer, client_of):
    client = client_of(officer)
    for _ in range(2):
        assert client.post(f"/in/plan/{plan.pk}/pdf/")["Location"] == "/viec/"
    job = Job.objects.get()
    assert client.get(f"/in/plan/{plan.pk}/pdf/").status_code == 405
    queue.run(job.pk)
    queue.run(job.pk)
    assert (Job.objects.count(), StoredFile.objects.count()) == (1, 1)
    assert "Tải về" in client.get("/viec/").content.decode()


def test_what_one_may_not_read_is_a_404_and_makes_no_job(plan, province, officer, unit_officer_a, client_of):
    draft = make_plan(province, officer)
    client = client_of(unit_officer_a)
    for path in (f"plan/{draft.pk}/pdf", f"nothing/{plan.pk}/pdf", f"plan/{plan.pk}/exe", "plan/x/pdf", "plan/0/pdf"):
        assert (path, client.post(f"/in/{path}/").status_code) == (path, 404)
    assert Job.objects.count() == 0


@pytest.mark.parametrize("kind", [kind for kind in settings.DOCUMENTS if hasattr(function_of(kind), "subject")])
def test_who_keeps_a_door_prints_nothing_of_what_is_in_reach(kind, province, client_of):
    keeper = make_user("cua", "door_keeper", province)
    assert client_of(keeper).post(f"/in/{kind}/1/pdf/").status_code == 403


def test_a_right_held_in_one_unit_prints_nothing_of_another_where_one_keeps_a_door(
    province, district_a, unit_officer_a, officer, client_of
):
    appoint(unit_officer_a, "door_keeper", province)
    donors = [Donor.objects.create(unit=unit, name=f"Nhà tài trợ {unit.code}") for unit in (province, district_a)]
    for donor in donors:
        GiftInKind.objects.create(donor=donor, what="Gạo", value=5_000_000, by=unit_officer_a)
    client = client_of(fresh(unit_officer_a))
    assert [client.post(f"/in/thanks/{donor.pk}/pdf/").status_code for donor in donors] == [404, 302]
    about = [
        store_file(b"x", name="x.pdf", content_type="application/pdf", owner=officer, unit=donor.unit, subject=donor)
        for donor in donors
    ]
    answers = [client.get(f"/tep/{file.pk}/") for file in about]
    assert [answer.status_code for answer in answers] == [404, 200]
    answers[1].close()


def test_rights_are_asked_again_when_the_job_runs(plan, officer):
    job = request_document(officer, "plan", plan.pk, "pdf")
    officer.appointments.update(valid_from="2020-01-01", valid_to="2020-12-31")
    queue.run(job.pk)
    job.refresh_from_db()
    assert (job.state, StoredFile.objects.count()) == ("failed", 0)
    assert job.message == "Bạn không còn được xem nội dung này hoặc nội dung đã bị xóa nên không in được."


def test_a_file_opens_for_those_who_see_its_subject_within_its_units_reach(
    plan, officer, leader, unit_officer_a, unit_officer_b, administrator, client_of
):
    by_province, by_a = printed(officer, plan).result, printed(unit_officer_a, plan).result

    def status(user, stored):
        response = client_of(user).get(f"/tep/{stored.pk}/")
        assert not response.streaming or b"".join(response) == content_of(stored)
        return response.status_code

    readers = (officer, leader, unit_officer_a, unit_officer_b, administrator)
    assert [status(user, by_province) for user in readers] == [200, 200, 404, 404, 404]
    assert [status(user, by_a) for user in readers] == [200, 200, 200, 404, 404]


def test_the_command_prints_by_the_same_path(plan, officer, tmp_path):
    target = tmp_path / "plan.pdf"
    call_command("print_document", "plan", str(plan.pk), format="pdf", output=target, user=officer.username)
    assert "Số: 07/KH-LĐLĐ" in text_of_pdf(target.read_bytes())
    assert AuditEvent.objects.get(action="print").actor == officer


def test_without_a_user_the_command_prints_as_the_system_account(plan, province, tmp_path):
    target = tmp_path / "plan.docx"
    with pytest.raises(CommandError, match="--user"):
        call_command("print_document", "plan", str(plan.pk), format="docx", output=target)
    system = User.objects.create(username="hethong", full_name="Hệ thống", unit=province, is_system=True)
    call_command("print_document", "plan", str(plan.pk), format="docx", output=target)
    assert "Bàn giao từ 10 nhà Mái ấm Công đoàn" in text_of_docx(target.read_bytes())
    assert AuditEvent.objects.get(action="print").actor == system


def test_the_command_refuses_what_the_user_may_not_read(plan, province, officer, unit_officer_a, tmp_path):
    draft = make_plan(province, officer)
    target = tmp_path / "plan.pdf"
    with pytest.raises(CommandError, match="không được xem"):
        call_command("print_document", "plan", str(draft.pk), output=target, user=unit_officer_a.username)
    with pytest.raises(CommandError, match="--user"):
        call_command("print_document", "plan", str(plan.pk), output=target, user="khongco")
    assert not target.exists()
