"""A Tết round in a browser from the upload to the signed receipts, by four people whose steps they are."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.conftest import PHONE

LIST = Path(__file__).parent / "lists" / "birth-under-gender.xlsx"
UNIT = "LĐLĐ huyện Giồng Trôm"


def choose(page, label, words):
    """The option of a list that says ``words``; the last of several."""
    field = page.get_by_label(label).locator("visible=true").first
    options = [option.strip() for option in field.locator("option").all_text_contents()]
    field.select_option(label=max(option for option in options if words in option))


def take_all(page, address):
    """Opens a list and chooses everything of the unit in it."""
    page.goto(address)
    choose(page, "Đơn vị", "Giồng Trôm")
    page.get_by_role("button", name="Lọc", exact=True).click()
    page.get_by_label(re.compile("Chọn tất cả")).check()


def press(page, button, done):
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(re.compile(done))).to_be_visible()


def test_a_round_is_walked_from_the_list_to_the_signed_receipts(sign_in, tmp_path):
    unit, officer, leader, finance = (sign_in(name) for name in ("giongtrom", "canbo2", "lanhdao", "taichinh"))
    round_path = _unit_sends_its_list(unit)

    take_all(officer, f"{round_path}tham-dinh/")
    press(officer, "Thẩm định", "Đã thẩm định")
    _leader_decides(leader, round_path, tmp_path)
    _finance_hands_the_money_over(finance, round_path)
    _unit_sends_what_was_signed(sign_in("giongtrom", **PHONE), round_path, tmp_path)

    leader.goto(round_path.replace("/dot-ho-tro/", "/beneficiaries/grantround/") + "change/")
    row = leader.get_by_role("row").filter(has=leader.get_by_role("link", name=UNIT, exact=True)).last
    expect(row).to_contain_text("Xong")
    expect(leader.get_by_text("Quyết định hỗ trợ 77/QĐ-LĐLĐ")).to_be_visible()


def _leader_decides(page, round_path, folder):
    take_all(page, f"{round_path}xet-duyet/")
    page.get_by_label("Số quyết định").first.fill("77/QĐ-LĐLĐ")
    page.locator("[name=scan]").set_input_files(_scan(folder, "quyet-dinh.pdf"))
    press(page, "Duyệt", "Đã duyệt")


def _scan(folder, name) -> Path:
    path = folder / name
    path.write_bytes(b"%PDF-1.7\n% signed\n")
    return path


def _unit_sends_its_list(page) -> str:
    page.goto("/danh-sach/tai-len/")
    page.locator("input[type=file]").set_input_files(LIST)
    choose(page, "Đợt hỗ trợ", "Tết")
    round = page.get_by_label("Đợt hỗ trợ").locator("visible=true").first.input_value()
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    expect(page.get_by_role("heading", name="Các dòng")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name=re.compile("^Nhận")).click()
    expect(page.get_by_text("Đã nhận vào sổ")).to_be_visible(timeout=30_000)
    return f"/dot-ho-tro/{round}/"


def _finance_hands_the_money_over(page, round_path):
    take_all(page, f"{round_path}chi/")
    page.get_by_text("Tạm ứng cho đơn vị chi các khoản đã chọn").click()
    page.locator("#advance_to-fund").select_option(index=1)
    page.locator("#advance_to-unit").select_option(label=UNIT)
    page.locator("#advance_to-document_number").fill("TU 77")
    press(page, "Tạm ứng", "Đã tạm ứng")


def _unit_sends_what_was_signed(page, round_path, folder):
    page.goto(f"{round_path}ky-nhan/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_placeholder("Họ tên", exact=True).nth(1).fill("Trần Văn Con")
    page.get_by_placeholder("Quan hệ").nth(1).fill("con")
    page.get_by_label(re.compile("Chọn tất cả")).check()
    page.locator("[name=scan]").set_input_files(_scan(folder, "ky-nhan.pdf"))
    press(page, "Nộp danh sách", "Đã ghi ký nhận")
