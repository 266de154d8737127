"""Forms of others under clumsy and hostile hands: two at once, an older edition read late, rights lost meanwhile, odd names."""

import io
import threading
import unicodedata
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from docx import Document as Word
from openpyxl import load_workbook

from programs.models import Actual, Indicator
from tests.outer_forms import HALF, sent, table, word, workbook
from tests.test_printing import content
from welfare.documents.models import store_file
from welfare.documents.outer.filling import filled
from welfare.documents.outer.receiving import read_again, receive_form
from welfare.jobs import queue
from welfare.jobs.models import Job
from welfare.models import OuterForm, Role
from welfare.states import Refused

pytestmark = pytest.mark.django_db
ROWS = (["Suất quà", None], ["Tiền", None], ["Lượt thăm", None])
GIFTS = "Suất quà, suất hỗ trợ đã trao (suất) [gifts]"


@pytest.fixture
def form(officer, province):
    return sent(officer, province, table(*ROWS))


def receive(user, unit, data, name="Biểu 03"):
    return receive_form(user, unit, name=name, source="TLĐ", upload=SimpleUploadedFile("bieu.xlsx", data))[0]


# Two at once -------------------------------------------------------------------------------------------


def at_once(*acts) -> list:
    """What those that were not refused gave."""
    ready, found = threading.Barrier(len(acts)), []

    def run(act):
        ready.wait()
        with suppress(Refused):
            found.append(act())
        connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def places(response) -> dict[str, str]:
    """{cell: what the page shows it to ask for}."""
    cells = [cell for sheet in response.context["sheets"] for row in sheet["rows"] for cell in row]
    return {cell["at"]: cell["chosen"] for cell in cells if cell["chosen"]}


def test_a_mistyped_save_of_an_old_page_does_not_pass_for_one_of_the_new(form, officer, other_officer, client_of):
    client, page = client_of(officer), f"/bieu-mau/{form.pk}/"
    form.map_cells(other_officer, {"Biểu 03!B2": "value:visits"}, edition=0)
    mistyped = client.post(page, {"edition": "0", "c:Biểu 03!B1": "gõ nhầm", "c:Biểu 03!B2": ""})
    client.post(page, {"edition": str(mistyped.context["edition"]), "c:Biểu 03!B1": GIFTS, "c:Biểu 03!B2": ""})
    assert OuterForm.objects.get().mapping == {"Biểu 03!B2": "value:visits"}


def test_who_saves_second_sees_what_the_first_mapped_and_loses_none_of_it(form, officer, other_officer, client_of):
    client, page = client_of(officer), f"/bieu-mau/{form.pk}/"
    form.map_cells(other_officer, {"Biểu 03!B2": "unit"}, edition=0)
    refused = client.post(page, {"edition": "0", "c:Biểu 03!B1": GIFTS, "c:Biểu 03!B2": ""})
    assert "Người khác vừa sửa" in refused.content.decode()
    assert places(refused) == {"B1": GIFTS, "B2": "Tên đơn vị báo cáo"}
    again = {f"c:Biểu 03!{at}": text for at, text in places(refused).items()}
    client.post(page, {"edition": str(refused.context["edition"]), **again})
    assert OuterForm.objects.get().mapping == {"Biểu 03!B1": "value:gifts", "Biểu 03!B2": "unit"}


@pytest.mark.django_db(transaction=True)
def test_two_files_at_once_in_place_of_a_refused_one_leave_one_that_is_read(officer, other_officer, province):
    sent(officer, province, b"khong phai tep zip")
    files = (officer, table(*ROWS)), (other_officer, table(*ROWS[:2]))
    at_once(*(partial(receive, user, province, data) for user, data in files))
    form = OuterForm.objects.get()
    assert Job.objects.filter(kind="read_form", state="queued").count() == 1
    queue.run(form.job_id)
    assert OuterForm.objects.get().state == "read"


@pytest.mark.django_db(transaction=True)
def test_one_file_sent_by_two_at_once_is_one_form_read_once(officer, other_officer, province):
    found = at_once(*(partial(receive, user, province, table(*ROWS)) for user in (officer, other_officer)))
    form = OuterForm.objects.get()
    assert set(found) == {form}
    assert list(Job.objects.filter(kind="read_form")) == [form.job]


def test_of_two_editions_being_read_the_one_sent_later_is_used(officer, province, client_of):
    earlier, later = (receive(officer, province, table(*rows)) for rows in (ROWS, (*ROWS, ["Số nhà", None])))
    queue.run(later.job_id)
    later.refresh_from_db()
    assert (later.is_used, later.message) == (True, "")
    later.map_cells(officer, {"Biểu 03!B1": "unit"}, edition=0)
    queue.run(earlier.job_id)
    earlier.refresh_from_db()
    later.refresh_from_db()
    assert (earlier.state, earlier.is_used, later.is_used, earlier.replaces) == ("read", False, True, None)
    page = client_of(officer).get(f"/bieu-mau/{earlier.pk}/").content.decode()
    assert ("Bản gửi sau bản này" in page, "đã ngừng dùng" in page) == (True, True)


def test_an_edition_takes_over_nothing_from_one_that_was_never_read(officer, province):
    earlier, later = (receive(officer, province, table(*rows)) for rows in (ROWS, ROWS[:2]))
    earlier.job.cancel()
    queue.run(later.job_id)
    later.refresh_from_db()
    earlier.refresh_from_db()
    assert (later.is_used, later.message, later.replaces, earlier.is_used) == (True, "", None, False)
    read_again(earlier, officer)
    queue.run(OuterForm.objects.get(pk=earlier.pk).job_id)
    assert list(OuterForm.objects.filter(is_used=True)) == [later]


# Rights ------------------------------------------------------------------------------------------------


def test_who_lost_the_right_since_asking_gets_no_copy_and_is_told(
    form, officer, unit_officer_a, district_a, district_b
):
    """Dismissed; at the door of an event, where the form is still in reach; in another unit."""
    form.map_cells(officer, {"Biểu 03!B1": "value:gifts"}, edition=0)
    officer.appointments.update(valid_from=date(2020, 1, 1))
    door_keeper = Role.objects.get(code="door_keeper")
    for changed in (
        {"valid_to": date(2020, 12, 31)},
        {"role": door_keeper},
    ):
        job = form.request_copy(officer, form.unit, HALF)
        officer.appointments.update(**changed)
        assert told_of(job) == ("failed", "Bạn không còn được xem biểu mẫu")
        officer.appointments.update(valid_to=None, role=Role.objects.get(code="province_officer"))
    job = form.request_copy(unit_officer_a, district_a, HALF)
    unit_officer_a.appointments.update(unit=district_b)
    assert told_of(job) == ("failed", "Bạn không còn được xem biểu mẫu")


def told_of(job) -> tuple[str, str]:
    queue.run(job.pk)
    job.refresh_from_db()
    return job.state, job.message[:31]


def test_a_units_own_copies_are_listed_however_many_others_have_made(
    form, officer, unit_officer_a, district_a, client_of
):
    def copy(owner, unit, name):
        store_file(b"x", name=name, content_type="text/plain", owner=owner, unit=unit, subject=form)

    copy(unit_officer_a, district_a, "cua-huyen.xlsx")
    for n in range(30):
        copy(officer, form.unit, f"cua-tinh-{n}.xlsx")
    page = client_of(unit_officer_a).get(f"/bieu-mau/{form.pk}/").content.decode()
    assert ("cua-huyen.xlsx" in page, "cua-tinh" in page) == (True, False)


def test_a_name_spelt_by_another_keyboard_is_the_same_name(form, officer, client_of):
    form.map_cells(officer, {"Biểu 03!B1": "unit"}, edition=0)
    file = SimpleUploadedFile("b.xlsx", table(*ROWS, ["Số nhà", None]))
    name = unicodedata.normalize("NFD", " Biểu  03\x0b")
    client_of(officer).post("/bieu-mau/moi/", {"name": name, "source": "TLĐ", "file": file})
    next_edition = OuterForm.objects.get(replaces=form)
    assert next_edition.name == "Biểu 03"
    nameless = SimpleUploadedFile("b.xlsx", table(*ROWS, ["Số", None]))
    refused = client_of(officer).post("/bieu-mau/moi/", {"name": "\x01", "source": "", "file": nameless})
    assert (refused.status_code, "name" in refused.context["form"].errors, OuterForm.objects.count()) == (200, True, 2)


# Odd files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["Biểu #1", "Biểu!2", "Bi'ểu #2!B#3", "# !"])
def test_a_sheet_may_have_any_name(title, officer, province):
    def write(book, _):
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, ["Đơn vị:", None], book.add_format({"border": 1}))
        sheet.write(1, 0, "Tháng .... năm 2026")

    form = sent(officer, province, workbook(write))
    cells = {f"{title}!B1": "An", f"{title}!A2#0": 5}
    assert set(cells) <= set(form.cells)
    sheet = load_workbook(io.BytesIO(filled(form, cells)))[title]
    assert (sheet["B1"].value, sheet["A2"].value) == ("An", "Tháng 5 năm 2026")


def test_a_unit_whose_name_holds_what_no_file_can_is_filled_in_without_it(officer, province):
    type(province).objects.filter(pk=province.pk).update(name="LĐLĐ \x01tỉnh\x0b An")
    province.refresh_from_db()
    in_word = word(lambda document: document.add_paragraph("Đơn vị: ……"))
    for data, file_name, name, place in (
        (table(*ROWS), "b.xlsx", "Biểu 1", "Biểu 03!B1"),
        (in_word, "b.docx", "Biểu 2", "L0.0"),
    ):
        form = sent(officer, province, data, file_name, name)
        form.map_cells(officer, {place: "unit"}, edition=0)
        job = form.request_copy(officer, province, HALF)
        queue.run(job.pk)
        job.refresh_from_db()
        assert job.state == "done", job.message
    assert Word(io.BytesIO(content(job))).paragraphs[0].text == "Đơn vị: LĐLĐ tỉnh An"


def test_blanks_within_words_count_among_the_places_a_form_may_have(officer, province):
    many = " ".join(["số ...."] * 40)
    form = sent(officer, province, table(*([many] for _ in range(210))))
    assert (form.state, "quá lớn" in form.message) == ("refused", True)


def test_a_form_of_as_many_sheets_as_there_may_be_is_mapped_and_filled(officer, province, client_of):
    gifts = Indicator.objects.get(code="gifts")
    Actual.objects.create(indicator=gifts, unit=province, month=date(2026, 3, 1), value=Decimal(7))

    def write(book, first):
        for n in range(29):
            book.add_worksheet(f"Phụ lục {n}")
        frame = book.add_format({"border": 1})
        for sheet in book.worksheets():
            for row in range(120):
                sheet.write_row(row, 0, [f"Dòng {row}", None], frame)

    form = sent(officer, province, workbook(write))
    assert (form.state, len(form.sheets)) == ("read", 30)
    typed = {f"c:{key}": GIFTS for key, cell in form.cells.items() if cell["fill"]}
    assert client_of(officer).post(f"/bieu-mau/{form.pk}/", {"edition": "0", **typed}).status_code == 302
    form.refresh_from_db()
    job = form.request_copy(officer, province, HALF)
    queue.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.message
    book = load_workbook(io.BytesIO(content(job)))
    assert {sheet["B120"].value for sheet in book} == {7}
