"""An officer words an event's invitations and sends them to a unit; the unit takes its own from its page, on a phone."""

import re

from playwright.sync_api import expect

from tests.conftest import PHONE

EVENT = re.compile("Hậu phương")


def test_invitations_are_sent_and_the_unit_takes_its_own(sign_in):
    page = sign_in("canbo")
    page.goto("/events/event/")
    page.get_by_role("link", name=EVENT).first.click()
    page.get_by_role("link", name="Giấy mời", exact=True).click()
    page.get_by_text("Lời giấy mời", exact=True).click()
    page.get_by_label("Trang phục").fill("Áo công đoàn")
    page.get_by_role("button", name="Lưu lời giấy mời").click()
    expect(page.get_by_text("Đã lưu lời giấy mời.")).to_be_visible()

    page.get_by_label("Đơn vị", exact=True).select_option("LĐLĐ huyện Mỏ Cày Nam")
    page.get_by_label("Giấy mời", exact=True).select_option("Chưa có")
    page.get_by_role("button", name="Lọc").click()
    boxes = page.get_by_role("checkbox", name=re.compile("^Chọn "))
    first = boxes.nth(1).get_attribute("aria-label").removeprefix("Chọn ")
    boxes.nth(1).check()
    page.get_by_role("button", name="Phát hành cho 1 dòng đã chọn").click()
    expect(page.get_by_text("Đã phát hành 1 giấy mời")).to_be_visible()
    expect(page.get_by_text("Đã in xong.")).to_be_visible(timeout=60_000)

    phone = sign_in("mocaynam", **PHONE)
    phone.goto("/su-kien/cua-don-vi/")
    phone.locator("section").filter(has_text=EVENT).get_by_role("link").last.click()
    row = phone.get_by_role("row").filter(has_text=first)
    with phone.expect_download() as taken:
        row.get_by_role("link", name="Giấy mời").click()
    assert taken.value.suggested_filename.startswith(f"Giấy mời {first} (")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
