"""An event's quota typed with the keyboard, announced, and two units that nominate, one of them on a phone."""

import re

from playwright.sync_api import expect

from tests.conftest import PHONE


def cell(page, row, column):
    return page.locator("tbody tr").nth(row).locator("[data-c]").nth(column)


def column_of(page, unit) -> int:
    """Which of the sheet's columns is this unit's."""
    heads = page.locator("thead th").all_inner_texts()
    return heads.index(unit) - 1  # the sums stand between and take no typing


def make_event(page) -> str:
    page.goto("/events/event/add/")
    page.get_by_label("Mã", exact=False).first.fill("DIDAO")
    page.get_by_label("Tên sự kiện").fill("Hội nghị đi dạo")
    page.get_by_label("Số đại biểu dự kiến").fill("7")
    page.get_by_role("button", name=re.compile("^Lưu và tiếp tục")).click()
    expect(page.get_by_role("link", name="Thông báo cho các đơn vị")).to_be_visible()
    return page.url


def test_a_quota_is_typed_and_two_units_nominate(sign_in):
    page = sign_in("canbo")
    event = make_event(page)
    page.get_by_role("link", name="Bảng phân bổ đại biểu").click()
    page.get_by_role("link", name="Sửa phân bổ").click()
    _type_quota(page)
    page.goto(event)
    page.get_by_role("link", name="Thông báo cho các đơn vị").click()
    page.get_by_role("button", name="Thông báo cho các đơn vị").click()
    expect(page.get_by_text("Đã thông báo; mỗi đơn vị thấy số đại biểu của mình.")).to_be_visible()

    _nominate(sign_in("batri"), "Lê Thị Đi Trước", left="Còn 1/2")
    phone = sign_in("giongtrom", **PHONE)
    _nominate(phone, "Lê Văn Đi Sau", left="Còn 2/3")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(event)
    page.get_by_role("link", name="Theo dõi đại biểu").click()
    for unit, left in (("LĐLĐ huyện Ba Tri", "Còn thiếu 1"), ("LĐLĐ huyện Giồng Trôm", "Còn thiếu 2")):
        expect(page.get_by_role("row").filter(has_text=unit)).to_contain_text(left)


def _type_quota(page):
    """By keys alone: a guest line, a line of units under another, sums that turn right, a paste, an undo."""
    whole, told = page.locator("[data-whole]"), page.get_by_role("status")
    page.get_by_role("button", name="Thêm dòng", exact=True).click()
    page.keyboard.type("Khách mời")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(cell(page, 0, 1)).to_have_text("2")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Đoàn viên các huyện")
    page.keyboard.press("Tab")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    expect(whole).to_have_text("Phân bổ đã khớp")
    page.get_by_role("button", name="Thêm dòng con").click()
    page.keyboard.type("Chủ hộ nghèo")
    page.keyboard.press("Tab")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.get_by_label("Tìm hoặc thêm đơn vị").fill("ba tri")
    page.get_by_label("Tìm hoặc thêm đơn vị").press("Enter")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(whole).to_have_text("Còn 1 chỗ chưa khớp")
    page.keyboard.press("Control+z")
    expect(whole).to_have_text("Phân bổ đã khớp")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    cell(page, 2, column_of(page, "LĐLĐ huyện Giồng Trôm")).click()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "3");
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(told).to_contain_text("Đã dán 1 ô")
    expect(whole).to_have_text("Phân bổ đã khớp")
    page.get_by_role("button", name="Lưu phân bổ").click()
    expect(told).to_have_text("Đã lưu phân bổ.")
    page.reload()
    expect(cell(page, 2, 0)).to_have_text("Chủ hộ nghèo")
    expect(cell(page, 2, column_of(page, "LĐLĐ huyện Ba Tri"))).to_have_text("2")


def _nominate(page, name, left):
    page.goto("/su-kien/cua-don-vi/")
    page.locator("section").filter(has_text="Hội nghị đi dạo").get_by_role("link", name="Đề cử đại biểu").click()
    page.get_by_role("link", name="Đề cử", exact=True).click()
    page.get_by_label("Họ và tên").fill(name)
    page.get_by_label("Ngày sinh hoặc năm sinh").fill("1980")
    page.get_by_role("button", name="Đề cử", exact=True).click()
    expect(page.get_by_text(f"Đã ghi 1 đại biểu: {name}.")).to_be_visible()
    page.get_by_role("link", name="Quay lại").click()
    expect(page.get_by_text(left)).to_be_visible()
