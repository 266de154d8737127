"""Forms of others under clumsy and hostile hands: two at once, an older edition read late, rights lost meanwhile, odd names."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word
from openpyxl import load_workbook

from programs.models import Actual, Indicator
from tests.outer_forms import HALF, sent, table, word, workbook
from tests.test_printing import content
from welfare.documents.outer.filling import filled
from welfare.documents.outer.receiving import receive_form
from welfare.jobs import queue
from welfare.models import Role

pytestmark = pytest.mark.django_db
ROWS = (["Suất quà", None], ["Tiền", None], ["Lượt thăm", None])
GIFTS = "Suất quà, suất hỗ trợ đã trao (suất) [gifts]"


@pytest.fixture
def form(officer, province):
    return sent(officer, province, table(*ROWS))


def receive(user, unit, data, name="Biểu 03"):
    return receive_form(user, unit, name=name, source="TLĐ", upload=SimpleUploadedFile("bieu.xlsx", data))[0]


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
