"""A house from proposal to hand-over in a browser, by those whose steps they are; the last of them on a phone."""

import re

from playwright.sync_api import expect

from tests.conftest import PHONE


def press(page, house, button, done, **fields):
    """The verb's button on the page of the house, its form filled in, and what it says then."""
    page.goto(house)
    page.get_by_role("link", name=button, exact=True).click()
    for label, value in fields.items():
        field = page.get_by_label(label).locator("visible=true").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(done)).to_be_visible()


def bring(page, house, *papers):
    page.goto(house)
    page.get_by_role("link", name="Bổ sung giấy tờ").click()
    for paper in papers:
        page.locator("[name=item]").select_option(label=paper)
        page.get_by_label("Số", exact=True).fill("01/HS")
        page.locator("#id_on").fill("02/01/2026")
        page.get_by_role("button", name="Lưu giấy tờ").click()
        expect(page.get_by_text("Đã bổ sung giấy tờ.")).to_be_visible()


def test_a_house_is_walked_from_proposal_to_hand_over(sign_in):
    unit, officer, leader, finance = (sign_in(name) for name in ("batri", "canbo", "lanhdao", "taichinh"))
    house = _unit_proposes(unit)
    _province_names_the_fund(sign_in("canbo2"), house)
    survey = {
        "Người khảo sát": "Tổ khảo sát", "Mái": "Hư hỏng nặng", "Vách, tường": "Xuống cấp", "Nền": "Không có",
        "Diện tích": "36", "Số người đang ở": "4", "Giấy tờ đất": "UBND xã xác nhận đất ở hợp pháp",
        "Dự toán": "30.000.000", "Đề xuất của đoàn khảo sát": "Sửa mái, vách",
    }  # fmt: skip
    press(unit, house, "Ghi khảo sát", "Đã ghi khảo sát.", **survey)

    minutes = {"Thành phần": "Ban Chính sách", "Kết luận": "Đủ điều kiện"}
    press(officer, house, "Thẩm định", "Hồ sơ còn thiếu cho bước thẩm định", **minutes)
    bring(
        unit, house, "Đơn đề nghị hỗ trợ nhà ở", "Xác nhận của UBND xã (đất ở hợp pháp, hoàn cảnh)",
        "Biên bản họp xét của công đoàn cơ sở", "Biên bản khảo sát", "Tờ trình của đơn vị", "Quyết định hỗ trợ",
        "Biên bản nghiệm thu", "Biên bản bàn giao",
    )  # fmt: skip
    press(officer, house, "Thẩm định", "Đã ghi biên bản thẩm định.", **minutes)
    _leader_decides(leader, house)
    press(unit, house, "Khởi công", "Đã ghi khởi công.")
    press(finance, house, "Chi tiền", "Đã chi từ quỹ.", **{"Số tiền": "10.000.000", "Số chứng từ": "PC 01"})
    press(unit, house, "Nghiệm thu", "Đã ghi nghiệm thu.")
    press(finance, house, "Chi tiền", "Đã chi từ quỹ.", **{"Số chứng từ": "PC 02"})
    phone = sign_in("batri", **PHONE)
    press(phone, house, "Bàn giao", "Đã ghi bàn giao nhà.", **{"Dịp, thành phần bàn giao": "Tháng Công nhân"})
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.goto("/nha/bang/")
    expect(phone.get_by_role("heading", name=re.compile("Đã bàn giao"))).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def _unit_proposes(page) -> str:
    page.goto("/beneficiaries/person/?q=thi")
    person = (
        page.locator("#result_list tbody tr")
        .filter(has_text="LĐLĐ huyện Ba Tri")
        .first.get_by_role("link")
        .first.get_attribute("href")
    )
    key = re.search(r"\d+", person)[0]
    page.goto(f"/beneficiaries/house/add/?person={key}")
    page.get_by_label("Loại nhà").select_option(label="Nhà tình thương")
    page.get_by_label("Hình thức").select_option(label="Sửa chữa")
    page.get_by_label("Tổng kinh phí (đồng)").fill("20.000.000")
    page.get_by_label("Năm").fill("2026")
    page.get_by_role("button", name=re.compile("^Lưu và tiếp tục")).click()
    expect(page.get_by_role("link", name="Ghi khảo sát")).to_be_visible()
    return page.url


def _province_names_the_fund(page, house):
    page.goto(house)
    page.get_by_role("link", name=re.compile("Thêm Nguồn kinh phí")).click()
    page.locator("[name=funding-0-source]").select_option(label="Quỹ công đoàn")
    page.locator("[name=funding-0-fund]").select_option(label="Quỹ Mái ấm Công đoàn")
    page.locator("[name=funding-0-amount]").fill("20.000.000")
    page.get_by_role("button", name=re.compile("^Lưu và tiếp tục")).click()
    expect(page.locator("[name=funding-INITIAL_FORMS]")).to_have_value("1")


def _leader_decides(page, house):
    page.goto(house)
    page.get_by_role("link", name="Quyết định hỗ trợ", exact=True).click()
    page.get_by_label("Số quyết định").fill("99/QĐ-LĐLĐ")
    if page.get_by_label("Đã xem xét, vẫn quyết định hỗ trợ").count():
        page.get_by_label("Đã xem xét, vẫn quyết định hỗ trợ").check()
    page.get_by_role("button", name="Quyết định hỗ trợ", exact=True).click()
    expect(page.get_by_text("Đã ghi quyết định hỗ trợ.")).to_be_visible()
