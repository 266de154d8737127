"""A form of others on its way in: stored at once, read by a job, refused in a sentence, replaced by its next edition."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.outer_forms import HALF, sent, table, word
from welfare.documents.outer.periods import Period, usual_periods
from welfare.documents.outer.receiving import receive_form
from welfare.jobs import queue
from welfare.jobs.models import Job
from welfare.management.demo.outer_forms import _workbook as sample_workbook
from welfare.models import OuterForm, StoredFile
from welfare.states import Refused

pytestmark = pytest.mark.django_db
DATA = sample_workbook()
BROKEN = b"khong phai tep zip"


def post(client, page, data, **fields):
    return client.post(page, {"file": SimpleUploadedFile("bieu.xlsx", data), **fields})


def text_of(client, form) -> str:
    return client.get(f"/bieu-mau/{form.pk}/").content.decode()


@pytest.fixture
def unread(officer, province):
    return receive_form(officer, province, name="Biểu 03", source="TLĐ", upload=SimpleUploadedFile("b.xlsx", DATA))[0]


def test_the_request_stores_the_file_and_leaves_the_reading_to_a_job(officer, client_of):
    client = client_of(officer)
    page = post(client, "/bieu-mau/moi/", DATA, name="Biểu 03", source="TLĐ")["Location"]
    form, job = OuterForm.objects.get(), Job.objects.get()
    assert (form.state, form.sheets, form.job, job.kind, job.state) == ("reading", [], job, "read_form", "queued")
    waiting = client.get(page).content.decode()
    assert ("Đọc Biểu 03" in waiting, "Tiến độ" in waiting, 'name="c:' in waiting) == (True, True, False)
    assert "Đang đọc" in client.get("/welfare/outerform/").content.decode()
    polled = {"HTTP_HX_REQUEST": "true"}
    assert "HX-Refresh" not in client.get(page, **polled).headers
    queue.run(job.pk)
    assert client.get(page, **polled).headers["HX-Refresh"] == "true"
    assert 'name="c:Biểu 03!D7"' in client.get(page).content.decode()


def test_a_form_being_read_is_neither_mapped_nor_filled_nor_set_aside(unread, officer, province, client_of):
    for act in (
        lambda: unread.map_cells(officer, {}, edition=0),
        lambda: unread.request_copy(officer, province, HALF),
        lambda: unread.set_aside(officer),
    ):
        with pytest.raises(Refused, match="chưa được đọc xong"):
            act()
    client = client_of(officer)
    client.post(f"/bieu-mau/{unread.pk}/", {"edition": "0", "c:Biểu 03!D7": ""})
    assert "chưa lưu được ô nào" in text_of(client, unread)
    assert OuterForm.objects.get().edition == 0


def test_a_job_run_twice_reads_once(unread, officer):
    queue.run(unread.job_id)
    form = OuterForm.objects.get()
    form.map_cells(officer, {"Biểu 03!D7": "unit"}, edition=0)
    Job.objects.filter(pk=unread.job_id).update(state="queued")
    queue.run(unread.job_id)
    form = OuterForm.objects.get()
    assert (form.mapping, form.edition, form.job.state) == ({"Biểu 03!D7": "unit"}, 1, "done")


def test_the_same_file_sent_twice_is_one_form(officer, province, client_of):
    client = client_of(officer)
    pages = [post(client, "/bieu-mau/moi/", DATA, name=name)["Location"] for name in ("Biểu 03", "Biểu 03", "Tên khác")]
    assert (len(set(pages)), OuterForm.objects.count(), Job.objects.count(), StoredFile.objects.count()) == (1, 1, 1, 1)
    assert "không tạo thêm" in client.get(pages[0]).content.decode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (BROKEN, "bị hỏng"), (DATA[:2000], "bị hỏng"), ("macro", "macro"), ("doctype", "bị hỏng"), ("full", "không có ô nào"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900), "mật khẩu"), ("bomb", "quá lớn"), ("sheets", "trang tính"),
        (word(lambda document: document.add_paragraph("Đơn vị: .....")), "Tên tệp không đúng loại"),
    ],
    ids=["no-archive", "cut", "macros", "entities", "nothing-empty", "password", "bomb", "sheets", "kind"],
)  # fmt: skip
def test_a_bad_file_is_refused_in_a_sentence_on_its_page(data, told, officer, province, client_of):
    form = sent(officer, province, _made(data) if isinstance(data, str) else data)
    assert (form.state, form.job.state, form.sheets) == ("refused", "failed", [])
    assert told in form.message
    page = text_of(client_of(officer), form)
    assert (form.message in page, "Gửi tệp khác thay vào" in page) == (True, True)
    assert "Không đọc được" in client_of(officer).get("/welfare/outerform/").content.decode()


def _made(kind) -> bytes:
    if kind == "full":
        return table(["TT", "Nội dung"], [1, "Không có chỗ điền"])
    if kind == "sheets":
        return _many_sheets()
    target = io.BytesIO(DATA)
    parts = {
        "macro": ("xl/vbaProject.bin", b"x"),
        "doctype": ("xl/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'),
        "bomb": ("xl/media/x.bin", bytes(90 << 20)),
    }
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr(*parts[kind])
    return target.getvalue()


def _many_sheets() -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for _ in range(31):
            book.add_worksheet().write(0, 0, "Đơn vị:")
    return content.getvalue()


def test_another_file_takes_the_place_of_a_refused_one_and_keeps_name_and_source(officer, province, client_of):
    refused, client = sent(officer, province, BROKEN), client_of(officer)
    page = post(client, f"/bieu-mau/{refused.pk}/gui-tep/", DATA)["Location"]
    form = OuterForm.objects.get()
    assert (page, form.name, form.source, form.state) == (f"/bieu-mau/{refused.pk}/", "Biểu 03", "TLĐ", "reading")
    queue.run(form.job_id)
    form = OuterForm.objects.get()
    assert (form.state, form.message, form.is_used, list(form.copies)) == ("read", "", True, [])


def test_a_form_that_cannot_be_read_is_dropped_and_its_name_is_free_again(officer, province, client_of):
    refused, client = sent(officer, province, BROKEN), client_of(officer)
    assert "Bỏ biểu mẫu này" in text_of(client, refused)
    client.post(f"/bieu-mau/{refused.pk}/ngung/")
    assert (OuterForm.objects.get().is_used, "Bỏ biểu mẫu này" in text_of(client, refused)) == (False, False)
    form = sent(officer, province, DATA)
    assert (form.pk, form.is_used, form.state) == (refused.pk, True, "read")


def test_a_job_for_a_file_that_was_replaced_changes_nothing(officer, province):
    refused = sent(officer, province, BROKEN)
    earlier = refused.job
    sent(officer, province, DATA)
    earlier.retry()
    queue.run(earlier.pk)
    earlier.refresh_from_db()
    assert (OuterForm.objects.get().state, earlier.state) == ("read", "failed")
    assert "tệp khác" in earlier.message


def test_a_reading_that_broke_off_is_begun_again(unread, officer, client_of):
    client = client_of(officer)
    unread.job.cancel()
    assert ("Đã hủy theo yêu cầu" in text_of(client, unread), "Đọc lại" in text_of(client, unread)) == (True, True)
    client.post(f"/bieu-mau/{unread.pk}/doc-lai/")
    form = OuterForm.objects.get()
    assert form.job_id != unread.job_id
    queue.run(form.job_id)
    assert OuterForm.objects.get().state == "read"


def test_only_a_few_forms_wait_for_one_sender(officer, province):
    files = [table(["Số người", None], [str(n)]) for n in range(6)]
    for n, data in enumerate(files[:5]):
        receive_form(officer, province, name=f"Biểu {n}", source="", upload=SimpleUploadedFile("b.xlsx", data))
    with pytest.raises(Refused, match="đang chờ đọc"):
        receive_form(officer, province, name="Biểu 5", source="", upload=SimpleUploadedFile("b.xlsx", files[5]))


def test_anothers_form_is_a_404_and_a_form_from_above_may_only_be_filled(
    unread, unit_officer_a, unit_officer_b, district_b, client_of
):
    of_b, client = sent(unit_officer_b, district_b, table(["Số người", None])), client_of(unit_officer_a)
    for act in ("", "gui-tep/", "doc-lai/", "ngung/", "dien/"):
        assert client.post(f"/bieu-mau/{of_b.pk}/{act}").status_code == 404, act
    assert client.get(f"/bieu-mau/{of_b.pk}/").status_code == 404
    assert post(client, f"/bieu-mau/{unread.pk}/gui-tep/", BROKEN).status_code == 404
    page = text_of(client, unread)
    assert ("Đang đọc biểu mẫu" in page, "Gửi tệp" in page) == (True, False)


# Editions ----------------------------------------------------------------------------------------------

OLD = table(
    ["Nội dung", "Năm 2025"], ["Suất quà", None], ["Tiền", None], ["Lượt thăm", None], above=[["Đơn vị:", "……"]]
)
NEW = table(
    ["Nội dung", "Năm 2026"], ["Suất quà", None], ["Số nhà", None], ["Tiền", None], ["Lượt thăm hỏi", None],
    above=[["Đơn vị:", "……"]],
)  # fmt: skip
MAPPING = {
    "Biểu 03!B1": "unit",
    "Biểu 03!B3": "value:gifts",
    "Biểu 03!B4": "value:support_money",
    "Biểu 03!B5": "value:visits",
}


@pytest.fixture
def last_years(officer, province):
    form = sent(officer, province, OLD)
    form.map_cells(officer, MAPPING, edition=0)
    return form


def test_the_next_edition_keeps_what_its_cells_asked_for(last_years, officer, province, client_of):
    """In the same place, or moved under labels that stand once; the year in a heading is no difference."""
    new = sent(officer, province, NEW, "bieu 2026.xlsx")
    kept = {"Biểu 03!B1": "unit", "Biểu 03!B3": "value:gifts", "Biểu 03!B5": "value:support_money"}
    last_years.refresh_from_db()
    assert (new.mapping, new.is_used, last_years.is_used, new.replaces) == (kept, True, False, last_years)
    page = text_of(client_of(officer), new)
    assert ("chỉ số của 3 ô" in page, "1 ô đã đổi chỗ" in page, f"/bieu-mau/{last_years.pk}/" in page) == (True,) * 3


def test_the_edition_in_use_stays_until_the_next_one_is_read(last_years, officer, province):
    upload = SimpleUploadedFile("b.xlsx", NEW)
    new, _ = receive_form(officer, province, name="Biểu 03", source="TLĐ", upload=upload)
    assert (new.is_used, OuterForm.objects.get(pk=last_years.pk).is_used) == (False, True)
    refused = sent(officer, province, BROKEN, name="Biểu khác")
    assert refused.is_used
    queue.run(new.job_id)
    assert list(OuterForm.objects.filter(is_used=True, name="Biểu 03")) == [new]


def test_a_refused_edition_leaves_the_one_in_use_and_takes_another_file(last_years, officer, province, client_of):
    refused = sent(officer, province, BROKEN)
    assert (refused.is_used, OuterForm.objects.get(pk=last_years.pk).is_used) == (False, True)
    with pytest.raises(Refused, match="chưa được đọc xong"):
        refused.set_aside(officer)
    post(client_of(officer), f"/bieu-mau/{refused.pk}/gui-tep/", NEW)
    form = OuterForm.objects.get(pk=refused.pk)
    queue.run(form.job_id)
    form.refresh_from_db()
    assert (OuterForm.objects.count(), form.is_used, len(form.mapping)) == (2, True, 3)


def test_labels_that_stand_twice_are_told_apart_by_their_place_alone(officer, province):
    rows = ["Suất quà", None], ["Trong đó: nữ", None], ["Số người", None], ["Trong đó: nữ", None]
    form = sent(officer, province, table(*rows))
    form.map_cells(officer, {"Biểu 03!B2": "value:gifts", "Biểu 03!B4": "value:visits"}, edition=0)
    same = sent(officer, province, table(*rows, ["Thêm", None]))
    assert same.mapping == form.mapping
    moved = sent(officer, province, table(["Mới", None], *rows))
    assert moved.mapping == {}


# Periods -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "end", "name"),
    [
        ((2025, 1, 1), (2025, 12, 31), "Năm 2025"), ((2024, 2, 1), (2024, 2, 29), "Tháng 2/2024"),
        ((2025, 7, 1), (2025, 9, 30), "Quý III/2025"), ((2025, 10, 1), (2025, 12, 31), "Quý IV/2025"),
        ((2025, 7, 1), (2025, 12, 31), "6 tháng cuối năm 2025"), ((2025, 1, 1), (2025, 9, 30), "9 tháng năm 2025"),
        ((2024, 12, 1), (2025, 11, 30), "Tháng 12/2024 đến tháng 11/2025"), ((2025, 2, 1), (2025, 4, 30), "Tháng 2/2025 đến tháng 4/2025"),
    ],
)  # fmt: skip
def test_a_period_is_of_whole_months_and_named_as_reports_name_it(first, end, name):
    period = Period.of_months(date(*first[:2], 1), date(*end[:2], 1))
    assert (period, period.name) == (Period(date(*first), date(*end)), name)


def test_a_running_period_ends_today_and_one_to_come_is_refused():
    on = date(2026, 5, 20)
    period = Period.of_months(date(2026, 4, 1), date(2026, 6, 1), on)
    assert (period.name, period.days) == ("Quý II/2026", "từ ngày 01/04/2026 đến ngày 20/05/2026")
    assert period.year_before() == Period(date(2025, 4, 1), date(2025, 5, 20))
    for months in ((date(2026, 6, 1), date(2026, 6, 1)), (date(2026, 4, 1), date(2026, 3, 1))):
        with pytest.raises(Refused):
            Period.of_months(*months, on)
    usual = usual_periods(on)
    names = [each.name for each in usual[0][1]]
    assert names == ["Quý II/2026", "Quý I/2026", "Năm 2026", "6 tháng đầu năm 2026", "Năm 2025"]
    assert all(len({each.key for each in found}) == len(found) for _, found in usual)
    assert all(each.first <= on for _, found in usual for each in found)
