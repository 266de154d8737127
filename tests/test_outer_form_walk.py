"""A form of the confederation in a browser: sent, read, mapped, filled and opened; a hostile one refused; others' unseen."""

import io
import re
import zipfile

import openpyxl
from playwright.sync_api import expect

from tests.conftest import PHONE
from tests.outer_forms import table
from tests.test_main_job import downloaded

FORM = table(["Nội dung", "Năm 2026"], ["Suất quà", None], ["Kỳ", None], above=[["Đơn vị: …………"]])
NEXT = table(["Nội dung", "Năm 2027"], ["Số nhà", None], ["Suất quà", None], ["Kỳ", None], above=[["Đơn vị: …………"]])
GIFTS = "Suất quà, suất hỗ trợ đã trao (suất) [gifts]"


def test_a_form_is_sent_read_mapped_filled_and_replaced_by_its_next_edition(sign_in):
    page = sign_in("canbo")
    _send(page, FORM, "Biểu đi một vòng")
    expect(page.get_by_role("button", name="Lưu các ô")).to_be_visible(timeout=30_000)
    first = page.url
    page.get_by_label("Ô A1, chỗ 1").fill("Tên đơn vị báo cáo")
    page.get_by_label("Ô B3", exact=True).fill(GIFTS)
    page.get_by_label("Ô B4", exact=True).fill("Kỳ báo cáo (Quý III/2026, Năm 2026 …)")
    page.get_by_role("button", name="Lưu các ô").click()
    expect(page.get_by_text("Đã lưu 3 ô.")).to_be_visible()
    last_year = page.locator("select[name=period] optgroup").nth(0).locator("option").last
    page.locator("select[name=period]").select_option(last_year.get_attribute("value"))
    page.get_by_role("button", name="Điền biểu mẫu").click()
    sheet = openpyxl.load_workbook(io.BytesIO(downloaded(page))).active
    assert sheet["A1"].value == "Đơn vị: Liên đoàn Lao động tỉnh Bến Tre"
    assert (sheet["B3"].value > 0, re.fullmatch(r"Năm \d{4}", sheet["B4"].value) is not None) == (True, True)
    page.reload()
    expect(page.get_by_role("link", name=re.compile("Biểu đi một vòng .* Năm"))).to_be_visible()
    page.locator("input[type=file]").set_input_files(_file(NEXT))
    page.get_by_role("button", name="Gửi bản mới").click()
    expect(page.get_by_text("giữ chỉ số của 3 ô đã gắn")).to_be_visible(timeout=30_000)
    expect(page.get_by_label("Ô B4", exact=True)).to_have_value(GIFTS)
    assert page.url != first
    page.get_by_role("link", name="Xem bản trước").click()
    expect(page.get_by_text("Biểu mẫu này đã ngừng dùng.")).to_be_visible()


def test_a_hostile_file_is_refused_in_a_sentence_and_another_takes_its_place(sign_in):
    page = sign_in("canbo", **PHONE)
    _send(page, _hostile(), "Biểu có bẫy")
    expect(page.get_by_text("hãy bỏ bớt trang tính, ảnh và dòng trống")).to_be_visible(timeout=90_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("input[type=file]").set_input_files(_file(table(["Số đợt", None])))
    page.get_by_role("button", name="Gửi tệp").click()
    expect(page.get_by_label("Ô B1", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_role("heading", name="Biểu có bẫy")).to_be_visible()


def test_another_units_form_is_not_found(sign_in):
    page = sign_in("batri")
    _send(page, table(["Số quà Ba Tri", None]), "Biểu của Ba Tri")
    expect(page.get_by_role("button", name="Lưu các ô")).to_be_visible(timeout=30_000)
    other = sign_in("giongtrom").context.request
    assert other.get(page.url).status == 404


def _send(page, data, name):
    page.goto("/bieu-mau/moi/")
    page.get_by_label("Tên biểu mẫu").fill(name)
    page.locator("input[type=file]").set_input_files(_file(data))
    page.get_by_role("button", name="Tải lên").click()


def _file(data) -> dict:
    return {"name": "bieu.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": data}


def _hostile() -> bytes:
    """A small archive that unpacks to ninety megabytes."""
    target = io.BytesIO(FORM)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/image1.png", bytes(90 << 20))
    return target.getvalue()
