"""An activity with its photographs, entered on a phone in a browser."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from welfare.management.commands.seed_demo import ACCOUNTS

PASSWORDS = {username: password for username, password, _ in ACCOUNTS}


@pytest.fixture
def big_photo(tmp_path) -> Path:
    """As a phone takes it: more than the 10 MB that one request may bring."""
    path = tmp_path / "anh.jpg"
    Image.effect_noise((4000, 3000), 80).convert("RGB").save(path, "JPEG", quality=97)
    assert path.stat().st_size > 10 * 1024 * 1024
    return path


def test_an_activity_with_big_photographs_is_entered_shown_and_one_is_removed(phone, big_photo):
    phone.goto("/")
    phone.get_by_label("Tên đăng nhập").fill("batri")
    phone.get_by_label("Mật khẩu").fill(PASSWORDS["batri"])
    phone.get_by_role("button", name="Đăng nhập").click()
    expect(phone).to_have_title(re.compile("Việc cần làm"))
    phone.goto("/hoat-dong/moi/")

    phone.get_by_label("Loại hoạt động").select_option(label="Bữa cơm Công đoàn")
    phone.get_by_label("Số người tham gia").fill("1.240")
    phone.get_by_label("Kinh phí (đồng)").fill("12.000.000")
    phone.locator("input[type=file]").set_input_files([big_photo, big_photo])
    expect(phone.get_by_text("Đã chọn 2 ảnh")).to_be_visible(timeout=30_000)
    phone.get_by_role("button", name="Ghi đã tổ chức").click()

    expect(phone.get_by_text("Đã ghi hoạt động.")).to_be_visible(timeout=30_000)
    photos = phone.get_by_role("listitem").get_by_role("img")
    expect(photos).to_have_count(2)
    expect(photos.first).to_have_js_property("complete", True)
    assert photos.first.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [320, 240]
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.once("dialog", lambda dialog: dialog.accept())
    phone.get_by_role("button", name="Xóa ảnh 1").click()
    expect(phone.get_by_text("Đã xóa ảnh.")).to_be_visible()
    expect(photos).to_have_count(1)
