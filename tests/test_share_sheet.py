"""The share-out sheet in a browser: keys, paste, live sums, proposals, two officers, and figures read out of a sentence."""

import re

from playwright.sync_api import expect

from tests.conftest import PHONE


def open_draft(page):
    """The sheet of the plan that waits for its signature, the one still to be changed without a decision."""
    page.goto("/programs/plan/?state__exact=submitted")
    page.locator("#result_list").get_by_role("link", name=re.compile("năm 20")).first.click()
    page.get_by_role("link", name="Xem toàn văn").click()
    page.get_by_role("link", name="Giao chỉ tiêu cho đơn vị").click()
    expect(page.get_by_role("grid")).to_be_visible()


def cell(page, row, column):
    return page.locator("tbody tr").nth(row).locator("td:not(.pg-members)").nth(column)


def paste(page, text):
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def verdict(page, column):
    return page.locator("[data-sum]").nth(column)


def test_a_sheet_is_typed_pasted_undone_and_saved(sign_in):
    page = sign_in("canbo")
    open_draft(page)
    before = verdict(page, 0).inner_text()
    cell(page, 1, 0).click()
    page.keyboard.type("1.200")
    page.keyboard.press("Enter")
    expect(cell(page, 1, 0)).to_have_text("1.200")
    expect(verdict(page, 0)).to_contain_text("1.209")
    expect(page.locator("td:focus")).to_have_count(1)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+z")
    expect(verdict(page, 0)).to_have_text(before)
    cell(page, 1, 1).click()
    paste(page, "1\t\r\n\t2\r\nx\t")
    expect(page.get_by_role("status")).to_contain_text("Đã dán 6 ô")
    page.get_by_role("button", name="Lưu phần giao").click()
    expect(page.get_by_role("status")).to_contain_text("“x” không phải là số")
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Lưu phần giao").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lưu")
    page.reload()
    expect(cell(page, 1, 1)).to_have_text("1")
    expect(cell(page, 2, 2)).to_have_text("2")


def test_a_proposal_fills_a_column_and_another_officers_numbers_arrive(sign_in):
    first, second = sign_in("canbo"), sign_in("canbo2")
    open_draft(first)
    open_draft(second)
    first.get_by_label(re.compile("Đề xuất cách chia")).nth(3).select_option(label="Chia đều")
    expect(first.get_by_role("status")).to_contain_text("chia đều")
    expect(verdict(first, 3)).to_contain_text("khớp")
    first.get_by_role("button", name="Lưu phần giao").click()
    expect(first.get_by_role("status")).to_contain_text("Đã lưu")
    cell(second, 5, 3).click()
    second.keyboard.type("9")
    second.keyboard.press("Enter")
    second.get_by_role("button", name="Lưu phần giao").click()
    expect(second.get_by_role("status")).to_contain_text("vừa lưu phần giao")
    second.get_by_role("button", name="Lấy số mới").click()
    expect(second.get_by_role("status")).to_contain_text("1 ô bạn sửa vẫn giữ")
    expect(cell(second, 1, 3)).to_have_text("1")
    expect(cell(second, 5, 3)).to_have_text("9")
    cell(second, 5, 3).click()
    second.keyboard.press("Delete")
    second.get_by_role("button", name="Lưu phần giao").click()
    expect(second.get_by_role("status")).to_contain_text(re.compile("Đã lưu|Chưa có ô"))


def test_units_are_found_without_accents_and_typed_on_a_phone(sign_in):
    page = sign_in("canbo", **PHONE)
    open_draft(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_label("Tìm đơn vị").fill("cho lach")
    expect(page.locator("tbody tr:visible")).to_have_count(1)
    shown = page.locator("tbody tr:visible td:not(.pg-members)").first
    shown.tap()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(shown).to_have_text("3")
    page.get_by_label("Tìm đơn vị").fill("không đâu có")
    expect(page.get_by_text("Không có đơn vị nào có tên như vậy.")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
