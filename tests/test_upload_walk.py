"""A unit officer's whole upload in a browser: a column corrected, a cell mended in place, taken, marked file, undone."""

import io
import re

import openpyxl
from playwright.sync_api import expect

from tests.sheets import workbook
from tests.test_main_job import downloaded

ROWS = [
    ["DANH SÁCH ĐOÀN VIÊN KHÓ KHĂN"],
    ["STT", "Họ và tên", "Ngày sinh", "Thông tin thêm", "Số tiền"],
    [1, "Nguyễn Thị Bước Một", "05/03/1985", "Công ty May", 500_000],
    [2, "Trần Văn Bước Hai\nTrần Thị Bước Ba", "31/02/1990", "Xí nghiệp Gỗ", 500_000],
]


def test_an_officer_corrects_mends_takes_and_undoes_a_list(sign_in):
    page = sign_in("batri")
    _upload(page)
    _correct_a_column(page)
    _mend_a_cell(page)
    _confirm_members(page)
    _take(page)
    _download_marked(page)
    _undo(page)


def _upload(page):
    page.goto("/danh-sach/tai-len/")
    file = {"name": "buoc.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": workbook(ROWS).getvalue()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    expect(page.get_by_role("heading", name="Các dòng")).to_be_visible(timeout=30_000)


def _correct_a_column(page):
    page.get_by_text("bấm để xem và sửa cột").click()
    page.get_by_label("Cột D được hiểu là").select_option(label="Đơn vị công tác")
    page.get_by_role("button", name="Lưu và đọc lại").click()
    expect(page.get_by_role("cell", name="Công ty May")).to_be_visible(timeout=30_000)


def _mend_a_cell(page):
    page.get_by_role("link", name=re.compile("^Lỗi")).click()
    page.get_by_role("row", name=re.compile("Trần Văn Bước Hai")).get_by_role("link", name="Sửa").click()
    birth = page.get_by_label(re.compile("^C · Ngày sinh"))
    expect(birth).to_have_value("31/02/1990")
    birth.fill("28/02/1990")
    page.get_by_role("button", name="Lưu và kiểm tra lại").click()
    expect(page.get_by_text("Không có dòng nào khớp")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="xem tất cả").click()
    expect(page.get_by_text("28/02/1990", exact=True)).to_be_visible()


def _confirm_members(page):
    page.get_by_role("button", name="Xác nhận là thành viên hộ").click()
    expect(page.get_by_text("đã xác nhận là thành viên hộ")).to_be_visible()


def _take(page):
    page.get_by_role("button", name="Nhận 2 dòng").click()
    expect(page.get_by_text("Đã nhận vào sổ")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("thêm 3 người")).to_be_visible()


def _download_marked(page):
    page.get_by_role("button", name="Tải tệp có mã hồ sơ").click()
    sheet = openpyxl.load_workbook(io.BytesIO(downloaded(page))).active
    column = next(cell.column for cell in sheet[2] if cell.value == "Mã hồ sơ")
    assert [str(sheet.cell(row, column).value)[:2] for row in (3, 4)] == ["PL", "PL"]
    assert sheet["C4"].value == "28/02/1990"


def _undo(page):
    page.get_by_text("Hoàn tác danh sách này").click()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Danh sách này đã hoàn tác.")).to_be_visible(timeout=30_000)
