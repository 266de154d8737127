"""In a browser on the running stack: a Word file becomes a draft, and a section of it is mended in place."""

from playwright.sync_api import expect

from tests import word_papers
from tests.conftest import PHONE
from tests.words import Paper

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def send(page, data, name="ke-hoach.docx"):
    page.goto("/ke-hoach/tu-word/")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": WORD, "buffer": data})
    page.get_by_role("button", name="Tạo bản dự thảo").click()
    expect(page.locator("#pw-plan")).to_be_visible(timeout=30_000)


def part(page, words):
    return page.locator("[data-part]").filter(has_text=words).first


def test_an_officer_uploads_a_word_file_and_mends_a_section_in_place(sign_in):
    page = sign_in("canbo")
    send(page, word_papers.care_plan())
    expect(page.get_by_text("Chăm lo đoàn viên và người lao động năm 2022").first).to_be_visible()
    expect(page.get_by_text("từ 10 Mái ấm trở lên").first).to_be_visible()
    _mends_a_section(page)
    _leaves_a_form_by_escape(page)
    _moves_takes_away_and_puts_back(page)
    page.reload()
    expect(page.get_by_text("Công khai, đúng người, có địa chỉ.").first).to_be_visible()
    page.get_by_role("link", name="Xem toàn văn").click()
    page.get_by_text("Toàn văn", exact=True).click()
    expect(page.get_by_text("Công khai, đúng người, có địa chỉ.")).to_be_visible()


def _mends_a_section(page):
    part(page, "Công khai, có địa chỉ cụ thể.").locator(".pw-text").click()
    field = page.get_by_label("Nội dung")
    expect(field).to_be_focused()
    expect(page.locator(".pw-here")).to_have_text("2. Công khai, có địa chỉ cụ thể.")
    field.fill("Công khai, đúng người, có địa chỉ.")
    field.press("Control+Enter")
    expect(part(page, "Công khai, đúng người, có địa chỉ.").locator(".pw-text")).to_be_focused()


def _leaves_a_form_by_escape(page):
    page.keyboard.press("Enter")
    field = page.get_by_label("Nội dung")
    expect(field).to_be_focused()
    field.fill("gõ nhầm")
    field.press("Escape")
    expect(part(page, "Công khai, đúng người, có địa chỉ.").locator(".pw-text")).to_be_visible()
    expect(page.get_by_text("gõ nhầm")).to_have_count(0)


def _moves_takes_away_and_puts_back(page):
    row = part(page, "Công khai, đúng người, có địa chỉ.")
    row.locator(".pw-text").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".pw-muc").nth(1)).to_contain_text("Công khai, đúng người, có địa chỉ.")
    expect(row.locator(".pw-text")).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.locator("#pw-notice")).to_contain_text("Đã xóa mục")
    expect(page.get_by_text("Công khai, đúng người, có địa chỉ.")).to_have_count(1)  # in the notice
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".pw-muc").nth(1)).to_contain_text("Công khai, đúng người, có địa chỉ.")


def type_as_it_comes_in(page, words):
    """Fills the next form in the moment it is put into the page, before htmx calls it settled."""
    fill = "() => { document.querySelector('form[data-form] [data-field=body]').value = words; }"
    page.evaluate(f"words => document.body.addEventListener('htmx:afterSwap', {fill}, {{ once: true }})", words)


def test_what_is_typed_is_not_lost_to_a_move_elsewhere(sign_in):
    page = sign_in("canbo2")
    send(page, Paper().lines("I. VIỆC MỘT", "Đoạn một.", "II. VIỆC HAI", "Đoạn hai.").bytes())
    type_as_it_comes_in(page, "Đang gõ dở")
    part(page, "VIỆC MỘT").locator(".pw-text").click()
    expect(page.get_by_label("Nội dung")).to_have_value("Đang gõ dở")
    row = part(page, "VIỆC HAI")
    row.locator("summary").click()
    row.get_by_role("button", name="Chuyển lên").click()
    expect(page.locator("#pw-notice")).to_contain_text("Hãy lưu hoặc thôi sửa phần đang mở trước")
    expect(page.get_by_label("Nội dung")).to_have_value("Đang gõ dở")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(part(page, "Đang gõ dở").locator(".pw-text")).to_be_visible()
    row.locator("summary").click()
    row.get_by_role("button", name="Chuyển lên").click()
    expect(page.locator(".pw-muc").first).to_contain_text("VIỆC HAI")


def test_a_target_is_added_from_its_sentence_on_a_phone(sign_in):
    page = sign_in("canbo", **PHONE)
    send(page, Paper().lines("II. CHỈ TIÊU", "Việc chung.").bytes(), "dien-thoai.docx")
    row = part(page, "CHỈ TIÊU")
    row.locator("summary").tap()
    row.get_by_role("button", name="Thêm chỉ tiêu").tap()
    page.get_by_label("Chỉ tiêu như trong văn bản").fill("Xây mới từ 12 nhà Mái ấm trở lên")
    page.get_by_role("button", name="Đọc số từ câu").tap()
    expect(page.get_by_role("button", name="từ 12 nhà trở lên")).to_be_visible()
    expect(page.get_by_label("Giá trị").first).to_have_value("12")
    expect(page.get_by_label("Chỉ số").locator("option:checked")).to_have_text("Nhà Mái ấm đã bàn giao")
    page.get_by_role("button", name="Lưu", exact=True).tap()
    expect(page.locator(".pw-chi-tieu")).to_contain_text("từ 12 nhà trở lên")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
