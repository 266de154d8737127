"""django-import-export's doors: its defaults let any staff user in, past the scope, and keep half an import."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import make_person, make_user
from welfare.models import AuditEvent, Organization

HEADER = "tên,tên gọi tắt,loại,cách xưng hô khi gửi\n"


def preview(client, text):
    file = SimpleUploadedFile("to-chuc.csv", (HEADER + text).encode())
    return client.post("/welfare/organization/import/", {"import_file": file, "format": "1"})


def confirm(client, previewed):
    form = previewed.context["confirm_form"]
    return client.post("/welfare/organization/process_import/", form.initial)


def test_an_import_is_shown_first_and_then_done(administrator, client_of):
    client = client_of(administrator)
    shown = preview(client, "Ngân hàng Thử,NH Thử,bank,\n")
    assert Organization.objects.count() == 0
    confirm(client, shown)
    assert list(Organization.objects.values_list("name", "kind")) == [("Ngân hàng Thử", "bank")]


@pytest.mark.parametrize("who", ["unit_officer_a", "officer", "leader", "inspector"])
def test_without_the_permission_neither_import_nor_confirmation_opens(who, request, client_of):
    client = client_of(request.getfixturevalue(who))
    assert client.get("/welfare/organization/import/").status_code == 403
    assert client.post("/welfare/organization/process_import/", {}).status_code == 403


@pytest.mark.parametrize("who", ["unit_officer_a", "leader"])
def test_without_the_permission_nothing_is_exported(who, request, client_of):
    assert client_of(request.getfixturevalue(who)).get("/welfare/organization/export/").status_code == 403


def test_a_list_with_one_bad_line_changes_nothing(administrator, client_of):
    client = client_of(administrator)
    shown = preview(client, "Đúng,Đúng,bank,\nSai,Sai,khong-co-loai-nay,\n")
    assert "confirm_form" not in shown.context
    assert Organization.objects.count() == 0


def test_a_model_rule_is_checked_on_import(administrator, client_of):
    shown = preview(client_of(administrator), f"Tên,{'x' * 81},bank,\n")
    assert shown.context["result"].has_validation_errors()


@pytest.mark.logs_errors
def test_another_user_can_not_confirm_or_consume_an_uploaded_file(administrator, province, client_of):
    shown = preview(client_of(administrator), "Của Người Khác,A,bank,\n")
    other = make_user("quantri2", "administrator", province)
    client = client_of(other)
    client.raise_request_exception = False
    assert (
        client.post("/welfare/organization/process_import/", shown.context["confirm_form"].initial).status_code == 400
    )
    confirm(client_of(administrator), shown)
    assert Organization.objects.filter(name="Của Người Khác").exists()


@pytest.mark.logs_errors
@pytest.mark.parametrize("name", ["../../keys.json", "/etc/passwd", "..", "x" * 32])
def test_a_forged_file_name_reads_nothing(name, administrator, client_of):
    client = client_of(administrator)
    initial = preview(client, "A,A,bank,\n").context["confirm_form"].initial
    client.raise_request_exception = False
    response = client.post("/welfare/organization/process_import/", {**initial, "import_file_name": name})
    assert response.status_code == 400


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://example.test")'])
def test_an_export_holds_no_formula(text, administrator, client_of):
    Organization.objects.create(name=text, kind="bank")
    client = client_of(administrator)
    xlsx = client.post("/welfare/organization/export/", {"format": "0"})
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(xlsx.content)).active for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert text.strip() in [str(cell.value).strip() for cell in cells]
    csv = client.post("/welfare/organization/export/", {"format": "1"}).content.decode("utf-8-sig")
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for line in csv.splitlines() for cell in line.split(","))


def test_an_export_is_scoped_and_audited(unit_officer_a, district_a, district_b, client_of):
    make_person(district_a, "Người Của Ta")
    make_person(district_b, "Người Của Họ")
    response = client_of(unit_officer_a).post("/beneficiaries/person/export/", {"format": "1"})
    text = response.content.decode("utf-8-sig")
    assert ("Người Của Ta" in text, "Người Của Họ" in text) == (True, False)
    assert AuditEvent.objects.filter(action="export", actor=unit_officer_a).count() == 1


def test_people_have_no_import_page(officer, client_of):
    assert client_of(officer).get("/beneficiaries/person/import/", follow=True).status_code == 404


def sheet_of(client, path) -> list[list]:
    answer = client.post(f"{path}export/", {"format": "0", "resource": "0"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def send_sheet(client, path, rows):
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    file = SimpleUploadedFile("bang.xlsx", stream.getvalue())
    return client.post(f"{path}import/", {"import_file": file, "format": "0"})


@pytest.mark.parametrize(
    ("path", "line", "named"),
    [
        ("/beneficiaries/housekind/", ["Nhà đồng đội", False], "Nhà đồng đội"),
        ("/beneficiaries/fundkind/", ["Quỹ khuyến học"], "Quỹ khuyến học"),
        (
            "/beneficiaries/dossieritem/",
            ["Bản vẽ", "Mái ấm Công đoàn", "started", True, False, 60, None, None],
            "Bản vẽ",
        ),
        (
            "/beneficiaries/supportnorm/",
            ["Mái ấm Công đoàn", "new", None, 60_000_000, "2026-01-01", None],
            "60.000.000",
        ),
    ],
)
def test_catalogues_of_houses_and_funds_go_out_and_come_back(path, line, named, officer, client_of):
    client = client_of(officer)
    before = sheet_of(client, path)
    shown = send_sheet(client, path, [*before, line])
    client.post(f"{path}process_import/", shown.context["confirm_form"].initial)
    assert len(sheet_of(client, path)) == len(before) + 1
    assert named in client.get(path).content.decode()


def test_an_unknown_kind_is_named_in_vietnamese(officer, client_of):
    path = "/beneficiaries/supportnorm/"
    client = client_of(officer)
    header = sheet_of(client, path)[0]
    shown = send_sheet(client, path, [header, ["Nhà không có", "new", None, 60_000_000, "2026-01-01", None]])
    assert "Không tìm được đúng một loại nhà “Nhà không có”" in shown.content.decode()
