"""Forms of others: read cell by cell, mapped once, filled each period in a copy that keeps everything else."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word
from openpyxl import load_workbook

from programs.models import Actual, Indicator
from tests.outer_forms import HALF, sent
from tests.test_printing import content
from welfare.documents.outer.filling import filled
from welfare.jobs import queue
from welfare.jobs.models import Job
from welfare.management.demo.outer_forms import _workbook as sample_workbook
from welfare.models import OuterForm
from welfare.states import Refused

pytestmark = pytest.mark.django_db
GIFTS = "Suất quà, suất hỗ trợ đã trao (suất) [gifts]"


@pytest.fixture
def form(officer, province):
    return sent(officer, province, sample_workbook())


@pytest.fixture
def gifts(province, district_a):
    indicator = Indicator.objects.get(code="gifts")
    for unit, month, value in ((province, 3, 7), (district_a, 4, 5), (district_a, 9, 100)):
        Actual.objects.create(indicator=indicator, unit=unit, month=date(2026, month, 1), value=Decimal(value))


def word_form() -> bytes:
    word, target = Word(), io.BytesIO()
    paragraph = word.add_paragraph("Đơn vị: ")
    paragraph.add_run("……………").bold = True
    paragraph.add_run(", năm ......")
    table = word.add_table(rows=3, cols=3)
    table.cell(1, 2).merge(table.cell(2, 2))
    table.cell(0, 0).text, table.cell(0, 1).text, table.cell(1, 0).text = "Nội dung", "Số lượng", "Suất quà"
    word.save(target)
    return target.getvalue()


def test_empty_cells_may_be_filled_formulas_and_labels_not(form):
    cells = form.cells
    fill = {at: cells[f"Biểu 03!{at}"]["fill"] for at in ("A1", "B3", "B7", "D7", "E7", "F7")}
    assert fill == {"A1": False, "B3": True, "B7": False, "D7": True, "E7": True, "F7": False}
    assert (cells["Biểu 03!F7"]["text"], cells["Biểu 03!A1"]["columns"]) == ("công thức", 6)


def test_a_copy_is_filled_for_a_period_and_keeps_its_formats_and_formulas(form, gifts, officer, province):
    form.map_cells(
        officer, {"Biểu 03!B3": "unit", "Biểu 03!D7": "value:gifts", "Biểu 03!E7": "before:gifts"}, edition=0
    )
    job = form.request_copy(officer, province, HALF)
    queue.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.message
    before, after = (load_workbook(io.BytesIO(data)).active for data in (sample_workbook(), content(job)))
    assert (after["B3"].value, after["D7"].value, after["F7"].value) == (province.name, 12, "=D7-E7")
    assert (after["D7"].number_format, after["A1"].font.b, after.merged_cells.ranges) == (
        "#,##0", True, before.merged_cells.ranges
    )  # fmt: skip
    labels = [cell.coordinate for row in before.iter_rows() for cell in row if cell.value is not None]
    assert {at: after[at].value for at in labels} == {at: before[at].value for at in labels}


def test_text_that_looks_like_a_formula_stays_text_and_a_formula_is_never_written_over(form):
    values = {"Biểu 03!B3": "=HYPERLINK(1)", "Biểu 03!F7": 5, "Biểu 03!H40": 1.5}
    sheet = load_workbook(io.BytesIO(filled(form, values))).active
    assert (sheet["B3"].data_type, sheet["B3"].value) == ("s", "=HYPERLINK(1)")
    assert (sheet["F7"].value, sheet["H40"].value) == ("=D7-E7", 1.5)
    with zipfile.ZipFile(io.BytesIO(filled(form, values))) as book:
        assert b"<f>HYPERLINK" not in book.read("xl/worksheets/sheet1.xml")
        assert b'fullCalcOnLoad="1"' in book.read("xl/workbook.xml")


def test_a_sheet_whose_cells_do_not_say_where_they_stand_is_filled(officer, province):
    with zipfile.ZipFile(io.BytesIO(sample_workbook())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
        others = {name: book.read(name) for name in book.namelist() if name != "xl/worksheets/sheet1.xml"}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as book:
        for name, data in others.items():
            book.writestr(name, data)
        book.writestr("xl/worksheets/sheet1.xml", re.sub(rb'(<(?:row|c)) r="\w+"', rb"\1", sheet))
    form = sent(officer, province, target.getvalue())
    place = next(key for key, cell in form.cells.items() if cell["fill"])
    filled_sheet = load_workbook(io.BytesIO(filled(form, {place: "điền"}))).active
    assert filled_sheet[place.rpartition("!")[2]].value == "điền"


def test_a_word_form_is_filled_in_its_tables_and_dotted_places(officer, province):
    form = sent(officer, province, word_form(), "bieu.docx")
    cells = {key: (cell["text"], cell["fill"]) for key, cell in form.cells.items()}
    assert cells["L0.0"] == ("Đơn vị: ……", True)
    assert (cells["B1.1.1"], cells["B1.2.2"]) == (("Nội dung", False), ("", True))
    assert ("B1.3.3" in cells, form.cells["B1.2.3"]["rows"], form.cells["B1.2.3"]["columns"]) == (False, 2, 1)
    word = Word(io.BytesIO(filled(form, {"L0.0": "LĐLĐ huyện An", "L0.1": "2026", "B1.2.2": 1234567.5})))
    assert (word.paragraphs[0].text, word.paragraphs[0].runs[1].bold) == ("Đơn vị: LĐLĐ huyện An, năm 2026", True)
    assert word.tables[0].cell(1, 1).text == "1.234.567,5"


def test_an_officer_sends_a_form_chooses_and_fills_on_screen(officer, province, gifts, client_of):
    client = client_of(officer)
    file = SimpleUploadedFile("Bieu 03.xlsx", sample_workbook())
    page = client.post("/bieu-mau/moi/", {"name": "Biểu 03", "source": "TLĐ", "file": file})["Location"]
    queue.run(Job.objects.get(kind="read_form").pk)
    refused = client.post(page, {"edition": "0", "c:Biểu 03!D7": GIFTS, "c:Biểu 03!D8": "gõ nhầm"}).content.decode()
    assert ("gõ nhầm" in refused, GIFTS in refused, OuterForm.objects.get().mapping) == (True, True, {})
    client.post(page, {"edition": "0", "c:Biểu 03!D7": GIFTS, "c:Biểu 03!D8": ""})
    assert OuterForm.objects.get().mapping == {"Biểu 03!D7": "value:gifts"}
    asked = {"unit": province.pk, "period": "khac", "first": "2026-01", "last": "2026-06"}
    filling = client.post(f"{page}dien/", asked)["Location"]
    page_of_it = client.get(filling)
    assert "Điền Biểu 03" in page_of_it.content.decode()
    assert page_of_it.context["fill"]["first"].value() == "2026-01"
    queue.run(Job.objects.get(kind="fill_form").pk)
    assert "6 tháng đầu năm 2026.xlsx" in client.get(page).content.decode()


def test_two_who_map_at_once_are_told(form, officer):
    form.map_cells(officer, {"Biểu 03!D7": "value:gifts"}, edition=0)
    with pytest.raises(Refused, match="Người khác"):
        form.map_cells(officer, {}, edition=0)
    for mapping in ({"Biểu 03!F7": "value:gifts"}, {"Biểu 03!D7": "value:khong-co"}, {"Biểu 09!D7": "unit"}):
        with pytest.raises(Refused, match="không điền được"):
            form.map_cells(officer, mapping, edition=1)


def test_a_unit_fills_the_provinces_form_with_its_own_figures_and_no_others(
    form, gifts, officer, unit_officer_a, district_a, district_b, client_of
):
    form.map_cells(officer, {"Biểu 03!D7": "value:gifts"}, edition=0)
    client, page = client_of(unit_officer_a), f"/bieu-mau/{form.pk}/"
    assert client.post(page, {"edition": "1"}).status_code == 404
    months = {"period": "khac", "first": "2026-01", "last": "2026-06"}
    client.post(f"{page}dien/", {"unit": district_b.pk, **months})
    assert Job.objects.filter(kind="fill_form").count() == 0
    client.post(f"{page}dien/", {"unit": district_a.pk, **months})
    job = Job.objects.get(kind="fill_form")
    queue.run(job.pk)
    job.refresh_from_db()
    assert load_workbook(io.BytesIO(content(job))).active["D7"].value == 5


def test_an_older_version_of_a_form_opens(form, officer, client_of):
    version = form.history.earliest().history_id
    assert client_of(officer).get(f"/welfare/outerform/{form.pk}/history/{version}/").status_code == 200
