"""Seats placed and one moved by the keys; delegates let in on a phone while the network comes and goes."""

import io
import re
from itertools import product

import pytest
import segno
from playwright.sync_api import expect

from events.door.tokens import badge_code
from events.models import Admission, Delegate, DoorToken, Event
from tests.conftest import PHONE
from tests.wire import Wire


@pytest.fixture
def wire(running_stack):
    wire = Wire(running_stack.url)
    yield wire
    wire.close()


def waiting_delegates(running_stack):
    with running_stack.database():
        event = Event.objects.get(code__startswith="GAPMAT")
        rows = Delegate.objects.filter(event=event, state="accepted").order_by("sort_name", "pk")
        _give_a_code_of_letters_alone(rows[0])
        return event, [(delegate, badge_code(delegate)) for delegate in rows[:5]]


def _give_a_code_of_letters_alone(delegate):
    """As one in a hundred is: typed without dashes it could be a name."""
    for letters in product("ABCD", repeat=8):
        DoorToken.objects.update_or_create(delegate=delegate, defaults={"nonce": "".join(letters)})
        if not re.search(r"\d", badge_code(delegate)):
            return


@pytest.mark.loses_network
def test_delegates_are_seated_and_let_in_while_the_network_comes_and_goes(sign_in, running_stack, wire):
    event, coming = waiting_delegates(running_stack)
    _seat(sign_in("canbo", viewport={"width": 1366, "height": 900}), event)
    phone = sign_in("truccua", base_url=wire.url, **PHONE)
    phone.get_by_role("link", name=re.compile("đại biểu chờ đón")).click()
    expect(phone.locator("[data-net]")).to_have_text("Có mạng")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    result, find = phone.locator("[data-result]"), phone.get_by_label("Mã thẻ hoặc họ tên")
    (first, code), (second, second_code), (third, _), (fourth, fourth_code), _ = coming

    _type(find, code.lower().replace("-", ""))
    expect(result).to_contain_text("Chào mừng đại biểu")
    expect(result).to_contain_text(first.full_name)
    expect(result).to_contain_text(re.compile(r"Ghế [A-Z]+\d+"))

    with wire.cut():
        _type(find, second_code)
        expect(result).to_contain_text("Đã giữ trên máy, có mạng lại sẽ gửi.")
        phone.reload()
        expect(phone.locator("[data-net]")).to_have_text("Mất mạng, 1 lượt chờ gửi")
        find.fill(third.full_name)
        phone.locator("[data-found] button").filter(has_text=third.full_name).first.click()
        expect(phone.locator("[data-net]")).to_have_text("Mất mạng, 2 lượt chờ gửi")
        _type(find, second_code)
        expect(result).to_contain_text(re.compile(r"Đã vào lúc \d\d:\d\d"))
        with running_stack.database():
            assert [Delegate.objects.get(pk=d.pk).state for d in (first, second, third)] == [
                "attended",
                "accepted",
                "accepted",
            ]

    expect(phone.locator("[data-net]")).to_have_text("Có mạng", timeout=15_000)
    with running_stack.database():
        rows = Admission.objects.filter(delegate__in=[first, second, third])
        assert [row.outcome for row in rows] == ["admitted"] * 3
        assert rows.get(delegate=second).at < rows.get(delegate=second).received_at
    _type(find, code)
    expect(result).to_contain_text(re.compile(r"Đã vào lúc \d\d:\d\d"))
    expect(result).to_contain_text("Không ghi lần nữa.")
    _type(find, "0000-1111-2222")
    expect(result).to_contain_text("Mã này không phải thẻ đại biểu do hệ thống cấp")

    picture = io.BytesIO()
    segno.make(fourth_code, micro=False).save(picture, kind="png", scale=6)
    phone.locator("[data-photo]").set_input_files(
        {"name": "the.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    expect(result).to_contain_text(fourth.full_name)

    phone.get_by_role("button", name="Thoát, xóa dữ liệu trên máy").click()
    expect(phone.get_by_text("Bạn đã đăng xuất").first).to_be_visible()
    assert phone.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('door:list'))") == []


def _type(find, text):
    find.fill(text)
    find.press("Enter")


def _seat(page, event):
    """All anew, then whoever sits on A1 changes places with A2 by keys alone."""
    page.goto(f"/su-kien/{event.pk}/cho-ngoi/")
    page.get_by_role("button", name="Xếp lại từ đầu").click()
    expect(page.get_by_text("đại biểu có chỗ")).to_contain_text("34/34")
    seat = page.locator("[data-grid] [aria-label^='A1:']")
    name, other = (
        page.locator(f"[data-grid] [aria-label^='{label}:']").get_attribute("title") for label in ("A1", "A2")
    )
    seat.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("chọn ghế để đặt xuống")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("ngồi ghế A2, đổi chỗ với")
    assert page.locator("[data-grid] [aria-label^='A2:']").get_attribute("title") == name.replace("A1 ", "A2 ")
    assert page.locator("[data-grid] [aria-label^='A1:']").get_attribute("title") == other.replace("A2 ", "A1 ")
