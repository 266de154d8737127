"""The upload as its officer works on it: cells mended, members confirmed, templates filled, letters, what became of it."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from beneficiaries.intake.batches import purge_staging
from beneficiaries.intake.records import record_number
from beneficiaries.models import Grant, Household, ListBatch, Person
from tests.factories import an_id, make_person
from tests.sheets import workbook
from tests.test_upload import HEADINGS, people, person_row, sender, shown, take, tet, upload, work
from welfare.crypto import mask_id
from welfare.documents.printing import make_document
from welfare.jobs import queue
from welfare.models import Job

__all__ = ["sender", "tet"]
PDF = b"%PDF-1.4 signed"


def row_of(batch, number):
    return batch.rows.get(row=number)


def mend(client, batch, number, **cells) -> ListBatch:
    """Opens the row, types other texts into some of its cells and saves."""
    address = f"/danh-sach/{batch.pk}/dong/{row_of(batch, number).pk}/"
    assert client.get(address).status_code == 200
    typed = {f"cell_{letter}": text for letter, text in cells.items()}
    assert client.post(address, {**typed, "back": "status=error"})["Location"] == f"/danh-sach/{batch.pk}/?status=error"
    return work(batch)


def content_of(stored) -> bytes:
    with stored.file.open() as file:
        return file.read()


def returned(client, batch):
    client.post(f"/danh-sach/{batch.pk}/tra-lai/")
    job = Job.objects.filter(kind="return_list").latest("created_at")
    queue.run(job.pk)
    job.refresh_from_db()
    return openpyxl.load_workbook(io.BytesIO(content_of(job.result)))


# --- mending ----------------------------------------------------------------------------------------------


def test_a_mended_cell_is_checked_again_with_all_that_depends_on_it(sender):
    number = an_id(1985)
    twice = [person_row("Nguyễn Văn An", number), person_row("Trần Thị Cúc", number, **{"Ngày sinh": "31/02/1990"})]
    batch = upload(sender, people(*twice))
    assert (batch.counts["error"], batch.counts["warning"]) == (1, 1)
    assert "còn ghi cho người khác" in shown(sender, batch, "?status=warning")
    other = an_id(1990, female=True)
    batch = mend(sender, batch, 3, C="28/02/1990", D=other)
    assert (batch.state, batch.counts["ready"], batch.counts["error"]) == (batch.State.READY, 2, 0)
    take(sender, batch)
    assert Person.objects.get(full_name="Trần Thị Cúc").national_id == other


def test_the_row_opens_in_place_with_its_cells_as_the_file_has_them(sender):
    batch = upload(sender, people(person_row(**{"Ngày sinh": "31/02/1985"})))
    row = row_of(batch, 2)
    page = sender.get(f"/danh-sach/{batch.pk}/dong/{row.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith("<tr")
    assert 'value="31/02/1985"' in page
    assert 'aria-invalid="true"' in page
    assert f"/danh-sach/{batch.pk}/dong/{row.pk}/" in shown(sender, batch)


def test_mends_stand_encrypted_survive_a_corrected_column_and_come_back_marked(sender):
    number = an_id(1985)
    batch = upload(sender, people(person_row(number="08308550020")))
    batch = mend(sender, batch, 2, D=number)
    assert number not in str(ListBatch.objects.values())
    place = next(i for i, column in enumerate(batch.columns) if column["header"] == "Đơn vị công tác")
    sender.post(f"/danh-sach/{batch.pk}/cac-cot/", {f"column_{place}": "note"})
    batch = work(batch)
    assert (batch.counts["ready"], row_of(batch, 2).masked_id) == (1, mask_id(number))
    cell = returned(sender, batch).active["D2"]
    assert (cell.value, "08308550020" in cell.comment.text) == (number, True)


def test_what_was_typed_stays_when_the_list_can_not_be_mended_any_more(sender):
    batch = upload(sender, people(person_row()))
    row = row_of(batch, 2)
    take(sender, batch)
    answer = sender.post(f"/danh-sach/{batch.pk}/dong/{row.pk}/", {"cell_B": "Lê Văn Khác"})
    assert (answer.status_code, "không còn sửa được" in answer.content.decode()) == (400, True)


def test_whoever_has_no_part_in_a_list_mends_nothing(sender, client_of, unit_officer_b, inspector):
    batch = upload(sender, people(person_row()))
    address = f"/danh-sach/{batch.pk}/dong/{row_of(batch, 2).pk}/"
    assert client_of(unit_officer_b).get(address).status_code == 404
    assert client_of(inspector).get(address).status_code == 403


# --- several people in a cell ---------------------------------------------------------------------------------


@pytest.fixture
def crowded(sender):
    return upload(sender, people(person_row("Nguyễn Văn An\nLê Thị Bình\nNguyễn Văn Con")))


def test_mending_another_cell_leaves_the_people_of_a_cell_apart(sender, crowded):
    """A browser posts what stands on several lines with its own line ends."""
    address = f"/danh-sach/{crowded.pk}/dong/{row_of(crowded, 2).pk}/"
    assert "<textarea" in sender.get(address).content.decode()
    sender.post(address, {"cell_B": "Nguyễn Văn An\r\nLê Thị Bình\r\nNguyễn Văn Con", "cell_C": "06/03/1985"})
    crowded = work(crowded)
    assert list(crowded.mends["Danh sách"]["2"]) == ["C"]
    assert row_of(crowded, 2).values["members"] == ["Lê Thị Bình", "Nguyễn Văn Con"]


def test_a_check_that_broke_off_is_run_again_with_what_was_mended(sender):
    batch = upload(sender, people(person_row(**{"Ngày sinh": "31/02/1985"})))
    sender.post(f"/danh-sach/{batch.pk}/dong/{row_of(batch, 2).pk}/", {"cell_C": "28/02/1985"})
    Job.objects.filter(kind="read_list", state=Job.State.QUEUED).update(state=Job.State.FAILED)
    assert "Đọc lại" in shown(sender, batch)
    sender.post(f"/danh-sach/{batch.pk}/cac-cot/")
    batch = work(batch)
    assert (batch.state, batch.counts["ready"]) == (batch.State.READY, 1)


def test_members_are_people_of_the_household_once_confirmed(sender, crowded):
    assert "Xác nhận tất cả" in shown(sender, crowded)
    sender.post(f"/danh-sach/{crowded.pk}/thanh-vien/", {"row": row_of(crowded, 2).pk, "answer": "yes"})
    page = shown(sender, crowded)
    assert ("đã xác nhận là thành viên hộ" in page, "Xác nhận tất cả" in page) == (True, False)
    take(sender, crowded)
    home = Household.objects.get()
    found = list(home.people.order_by("pk").values_list("full_name", "household_role"))
    assert found[1:] == [("Lê Thị Bình", "member"), ("Nguyễn Văn Con", "member")]
    again = upload(
        sender, people(person_row("Nguyễn Văn An\nLê Thị Bình\nNguyễn Văn Con", Person.objects.first().national_id))
    )
    sender.post(f"/danh-sach/{again.pk}/thanh-vien/", {"answer": "yes"})
    take(sender, again)
    assert Person.objects.count() == 3


def test_members_nobody_confirmed_are_only_noted(sender, crowded):
    sender.post(f"/danh-sach/{crowded.pk}/thanh-vien/", {"answer": "yes"})
    sender.post(f"/danh-sach/{crowded.pk}/thanh-vien/", {"row": row_of(crowded, 2).pk, "answer": "no"})
    take(sender, crowded)
    assert (Person.objects.count(), "Lê Thị Bình" in Household.objects.get().note) == (1, True)


def test_a_member_confirmed_and_then_mended_away_is_not_written(sender, crowded):
    sender.post(f"/danh-sach/{crowded.pk}/thanh-vien/", {"row": row_of(crowded, 2).pk, "answer": "yes"})
    row = row_of(crowded, 2)
    address = f"/danh-sach/{crowded.pk}/dong/{row.pk}/"
    letter = next(c["letter"] for c in crowded.columns if c["field"] == "full_name")
    sender.post(address, {f"cell_{letter}": "Nguyễn Văn An\nLê Thị Bình\nTrần Văn Khác"})
    mended = work(crowded)
    assert "đã xác nhận là thành viên hộ" not in shown(sender, mended)
    take(sender, mended)
    assert set(Person.objects.values_list("full_name", flat=True)) == {"Nguyễn Văn An", "Lê Thị Bình"}
    assert Household.objects.get().note.endswith("Trần Văn Khác")


# --- template and record numbers ------------------------------------------------------------------------------


def template(client, unit, kind="people"):
    client.post("/danh-sach/mau/", {"mau-unit": unit.pk, "mau-kind": kind})
    job = Job.objects.get(kind="list_template")
    queue.run(job.pk)
    job.refresh_from_db()
    assert job.state == job.State.DONE, job.message
    return openpyxl.load_workbook(io.BytesIO(content_of(job.result)))


def saved(book) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def column_of(sheet, heading) -> int:
    return next(cell.column for cell in sheet[5] if cell.value == heading)


def test_a_filled_template_comes_back_to_the_same_people(sender, district_a, tet):
    number = an_id(1985)
    take(
        sender,
        upload(
            sender,
            people(
                person_row("Nguyễn Văn An", number),
                person_row("Trần Thị Bích", an_id(1990, female=True), **{"Ngày sinh": "02/02/1990"}),
            ),
        ),
    )
    book = template(sender, district_a)
    sheet = book["Danh sách"]
    assert number not in str(list(sheet.values))
    assert sheet["A6"].value == record_number(Person.objects.get(full_name="Nguyễn Văn An").pk)
    assert sheet.data_validations.dataValidation
    unfilled = upload(sender, saved(book))
    assert (unfilled.counts["same"], unfilled.counts["ready"], unfilled.messages) == (2, 2, [])
    sheet.cell(6, column_of(sheet, "Số điện thoại"), "0912345678")
    sheet.cell(6, column_of(sheet, "Số tiền"), 700_000)
    sheet.cell(8, column_of(sheet, "Họ và tên"), "Phạm Văn Mới")
    sheet.cell(8, column_of(sheet, "Ngày sinh"), "03/03/1975")
    filled = upload(sender, saved(book), round=tet.pk)
    assert [filled.counts.get(name) for name in ("changed", "same", "new", "proposed")] == [1, 1, 1, 2]
    take(sender, filled)
    known = Person.objects.get(full_name="Nguyễn Văn An")
    assert (known.national_id, known.phone) == (number, "0912345678")
    assert set(Grant.objects.values_list("person__full_name", "cash")) == {
        ("Nguyễn Văn An", 700_000), ("Phạm Văn Mới", 500_000),
    }  # fmt: skip


def test_a_template_of_houses_reads_as_houses(sender, district_a):
    book = template(sender, district_a, "houses")
    sheet = book["Danh sách"]
    for heading, value in {
        "Họ và tên": "Nguyễn Văn An",
        "Ngày sinh": "05/03/1985",
        "Hình thức (xây mới, sửa chữa)": "Xây mới",
        "Công đoàn hỗ trợ": 50_000_000,
    }.items():
        sheet.cell(6, column_of(sheet, heading), value)
    batch = upload(sender, saved(book))
    assert (batch.kind, batch.counts["rows"], batch.counts["error"]) == ("houses", 1, 0)


NUMBERED = ["Mã hồ sơ", "Họ và tên", "Ngày sinh", "Số CCCD"]


def numbered(*rows) -> bytes:
    return workbook([NUMBERED, *rows]).getvalue()


def test_a_record_number_from_elsewhere_is_an_error_that_tells_nothing(sender, district_a, district_b):
    elsewhere = make_person(district_b, full_name="Lê Văn Xa")
    batch = upload(
        sender,
        numbered(["PL999999", "Lê Văn Xa", "1985", None], [record_number(elsewhere.pk), "Lê Văn Xa", "1985", None]),
    )
    told = [
        [(message["column"], message["text"]) for message in row.messages if message["level"] == "error"]
        for row in batch.rows.all()
    ]
    assert told[0] == told[1]
    assert told[0][0][0] == "A"
    assert {(row.status, row.effect) for row in batch.rows.all()} == {("error", "none")}


def test_a_masked_number_is_compared_and_overwrites_nothing(sender, district_a):
    mine, other = an_id(1985), an_id(1986)
    known = make_person(district_a, full_name="Nguyễn Văn An", national_id=mine)
    code = record_number(known.pk)
    rows = [[code, "Nguyễn Văn An", None, mask_id(mine)], [None, "Lê Văn Lạ", "1986", mask_id(other)]]
    batch = upload(sender, numbered(*rows))
    assert [row.status for row in batch.rows.all()][1] == "error"
    take(sender, batch)
    known.refresh_from_db()
    assert (known.national_id, Person.objects.count()) == (mine, 1)
    shifted = upload(sender, numbered([code, "Nguyễn Văn An", None, "001*****0000"]))
    assert shifted.counts["error"] == 1


def test_a_record_number_and_the_id_of_another_clash(sender, district_a):
    known = make_person(district_a, full_name="Nguyễn Văn An", national_id=an_id(1985))
    make_person(district_a, full_name="Lê Thị Bình", national_id=(number := an_id(1990, female=True)))
    batch = upload(sender, numbered([record_number(known.pk), "Nguyễn Văn An", None, number]))
    assert "số CCCD là của “Lê Thị Bình”" in str(batch.rows.get().messages)


def test_a_taken_list_comes_back_with_record_numbers(sender):
    batch = take(
        sender, upload(sender, people(person_row(), person_row("Trần Thị Cúc", **{"Ngày sinh": "31/02/1985"})))
    )
    sheet = returned(sender, batch).active
    column = next(cell.column for cell in sheet[1] if cell.value == "Mã hồ sơ")
    assert [sheet.cell(row, column).value for row in (2, 3)] == [record_number(Person.objects.get().pk), None]
    assert column > len(HEADINGS)


# --- the letter, the print, what became of it ---------------------------------------------------------------------


def test_a_list_carries_its_letter_and_prints_for_signature(sender, unit_officer_a):
    number = an_id(1985)
    batch = upload(sender, people(person_row(number=number), person_row("Trần Thị Cúc", **{"Ngày sinh": "31/02/1985"})))
    scan = SimpleUploadedFile("cong-van.pdf", PDF, "application/pdf")
    sender.post(f"/danh-sach/{batch.pk}/cong-van/", {"number": "12/CV-LĐLĐ", "on": "05/01/2026", "scan": scan})
    batch.refresh_from_db()
    assert (batch.letter_number, content_of(batch.letter)) == ("12/CV-LĐLĐ", PDF)
    assert b"".join(sender.get(f"/tep/{batch.letter_id}/")) == PDF
    document = make_document(unit_officer_a, "upload_list", batch.pk)
    table = document.tables[0]
    assert ([row[0] for row in table.rows], table.rows[0][2], table.total[-1]) == (["Nguyễn Văn An"], number, 1_000_000)
    assert "Kèm theo Công văn số 12/CV-LĐLĐ ngày 05/01/2026" in str(document.blocks[0])


def test_a_wrong_letter_is_asked_for_again_with_what_was_typed(sender):
    batch = upload(sender, people(person_row()))
    fake = SimpleUploadedFile("cong-van.pdf", b"MZ")
    answer = sender.post(f"/danh-sach/{batch.pk}/cong-van/", {"number": "12/CV", "on": "05/01/2126", "scan": fake})
    page = answer.content.decode()
    assert (answer.status_code, 'value="12/CV"' in page, "Ngày công văn chưa tới" in page) == (400, True, True)
    early = sender.post(f"/danh-sach/{batch.pk}/cong-van/", {"number": "12/CV", "on": "01/01/0001"})
    assert (early.status_code, "Ngày công văn trước năm 2015" in early.content.decode()) == (400, True)


def test_a_day_later_only_what_became_of_each_row_is_left(sender, unit_officer_a):
    batch = take(
        sender, upload(sender, people(person_row(), person_row("Trần Thị Cúc", **{"Ngày sinh": "31/02/1985"})))
    )
    ListBatch.objects.filter(pk=batch.pk).update(committed_at=timezone.now() - timedelta(hours=25))
    purge_staging()
    kept = str(list(batch.rows.values()))
    assert "Cúc" not in kept
    assert "31/02" not in kept
    assert "An" not in kept
    page = shown(sender, batch)
    assert "Nguyễn Văn An" in page
    assert record_number(Person.objects.get().pk) in page
    assert "Cột C: Lỗi ở ngày sinh" in page
    assert "chỉ được giữ 24 giờ" in page


def test_rows_of_a_unit_elsewhere_are_errors(sender, district_b, district_a):
    rows = [
        HEADINGS,
        [None, district_a.name],
        person_row(),
        [None, district_b.name],
        person_row("Lê Thị Bình", an_id(1985)),
    ]
    batch = upload(sender, workbook(rows).getvalue())
    assert [row.status for row in batch.rows.order_by("position")] == ["ready", "error"]
    assert f"không thuộc {district_a}" in str(row_of(batch, 5).messages)
    row = row_of(batch, 5)
    page = sender.get(f"/danh-sach/{batch.pk}/dong/{row.pk}/").content.decode()
    assert f"không thuộc {district_a}; hãy gửi dòng này từ đơn vị đó." in page
