"""The dashboard in a browser: narrowed to a period, drilled to rows, sorted, shown in a meeting, read on a phone."""

import re

from playwright.sync_api import expect

from tests.conftest import PHONE


def test_a_leader_narrows_the_dashboard_and_opens_rows(sign_in):
    page = sign_in("lanhdao")
    page.goto("/tong-quan/")
    page.locator("select[name=nam]").select_option(index=1)
    page.locator("select[name=den]").select_option(label="6 tháng đầu năm")
    page.get_by_role("button", name="Xem", exact=True).click()
    page.wait_for_url(re.compile("den=6"))
    expect(page.locator(".rp-place")).to_contain_text("tính đến 30/06/")
    gifts = page.locator(".rp-card").filter(has_text="Suất quà")
    number = gifts.locator(".rp-card-value").inner_text().split()[0]
    gifts.click()
    expect(page.locator(".rp-figure strong")).to_contain_text(number)
    page.go_back()
    bar = page.locator(".rp-chart a").first
    bar.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".rp-figure")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Suất quà", exact=True).click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Suất quà")
    page.get_by_role("link", name=re.compile("Trình chiếu họp")).click()
    expect(page.locator(".rp-meeting")).to_be_visible()
    expect(page.locator("#nav-sidebar")).to_be_hidden()
    assert page.locator(".rp-meeting").bounding_box()["x"] < 60
    sizes = page.locator(".rp-meeting .rp-card-value, .rp-meeting .wf-table td, .rp-meeting .rp-missing").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 17


def test_a_number_of_billions_stands_on_one_line_on_every_screen(sign_in):
    page = sign_in("lanhdao", viewport={"width": 820, "height": 1100})
    page.goto("/tong-quan/")
    lines = """value => {
        const text = value.firstChild, range = document.createRange();
        text.data = "16.654.434.161 ";
        range.selectNode(text);
        return range.getClientRects().length;
    }"""
    for width in (390, 700, 820, 1024, 1366):
        page.set_viewport_size({"width": width, "height": 1100})
        assert page.locator(".rp-card-value").first.evaluate(lines) == 1, width


def test_the_dashboard_prints_as_figures_alone(sign_in):
    """Without navigation, forms and folded lists; charts two on a page; states told in words, not by colour."""
    page = sign_in("lanhdao", viewport={"width": 1300, "height": 900})
    page.goto("/tong-quan/")
    page.emulate_media(media="print")
    for part in ("#nav-sidebar", ".rp-pick button", ".rp-subscribe", ".wf-page-head button"):
        expect(page.locator(part).first).to_be_hidden()
    assert page.locator(".rp-board").bounding_box()["x"] < 60
    heights = page.locator(".rp-chart svg").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert (len(heights) > 2, max(heights) <= 120 / 25.4 * 96) == (True, True)
    backgrounds = page.locator(".rp-targets .wf-tag").evaluate_all(
        "all => all.map(one => getComputedStyle(one).backgroundColor)"
    )
    assert set(backgrounds) == {"rgba(0, 0, 0, 0)"}
    states = page.locator(".rp-targets td[data-label='Tình trạng']").all_inner_texts()
    assert set(states) <= {"Đã đạt", "Đúng tiến độ", "Có nguy cơ", "Chậm", "Chưa có số liệu", "Không giao"}


def test_a_units_head_reads_their_own_on_a_phone(sign_in):
    page = sign_in("batri2", **PHONE)
    page.goto("/tong-quan/")
    expect(page.get_by_text("LĐLĐ huyện Ba Tri").first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_text("Xem bằng bảng số").first.click()
    page.locator(".rp-chart table a").first.click()
    expect(page.locator(".rp-figure")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
