"""A report written on a phone, on the running stack: kept as it is typed, and there again after a reload."""

import re

import pytest
from playwright.sync_api import expect

from welfare.management.commands.seed_demo import PASSWORD

SAVED = re.compile(r"Đã lưu \d\d:\d\d")


@pytest.fixture
def report_page(phone):
    """A report that the unit's officer still owes, by its name: other tests call for more."""
    phone.goto("/")
    phone.get_by_label("Tên đăng nhập").fill("giongtrom")
    phone.get_by_label("Mật khẩu").fill(PASSWORD)
    phone.get_by_role("button", name="Đăng nhập").click()
    phone.goto("/bao-cao/?trang-thai=draft")
    phone.get_by_role("link", name=re.compile("^Báo cáo kết quả năm")).click()
    expect(phone.get_by_role("heading", name="Gửi báo cáo")).to_be_visible()
    return phone


def test_what_is_typed_is_kept_without_a_button(report_page):
    words = report_page.locator("#results")
    words.get_by_label("Kết quả nổi bật").fill("Đã thăm 12 gia đình.")
    expect(words.locator("[data-said]")).to_have_text(SAVED, timeout=15_000)
    rate = report_page.locator(".rt-line:has([data-rate])").first
    rate.locator("[name=numerator]").fill("3")
    with report_page.expect_response(lambda answer: "denominator=4" in (answer.request.post_data or "")):
        rate.locator("[name=denominator]").fill("4")
        rate.locator("[name=denominator]").blur()
    expect(rate.locator("[data-rate]")).to_have_text("75%")
    expect(rate.locator("[data-said]")).to_contain_text(SAVED, timeout=15_000)
    report_page.reload()
    expect(words.get_by_label("Kết quả nổi bật")).to_have_value("Đã thăm 12 gia đình.")
    expect(rate.locator("[name=denominator]")).to_have_value("4")


def test_the_page_fits_a_phone(report_page):
    assert report_page.evaluate("document.documentElement.scrollWidth") == 390
