"""The planning round in a browser: a plan drafted, shared out, issued; units report, one mends, one is late; consolidated."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from programs.models import UnitReport
from tests import databases
from welfare.units.models import today

TITLE = "Ký kết thỏa ước và chăm lo việc làm"
DRAFT = """LIÊN ĐOÀN LAO ĐỘNG TỈNH
Số:        /KH-LĐLĐ
KẾ HOẠCH
{title} năm {year}
Căn cứ Nghị quyết số 02-NQ/TW ngày 12/6/2021 của Bộ Chính trị về đổi mới hoạt động công đoàn;
I. MỤC ĐÍCH
1. Mỗi đơn vị có thêm thỏa ước tốt hơn luật.
II. CHỈ TIÊU
1. Ký mới từ 13 bản thỏa ước lao động tập thể trở lên.
III. TỔ CHỨC THỰC HIỆN
1. Các công đoàn cấp trên trực tiếp cơ sở báo cáo kết quả về LĐLĐ tỉnh.
Nơi nhận:
- Thường trực LĐLĐ tỉnh; (để b/c)
- Lưu: VT.
TM. BAN THƯỜNG VỤ
CHỦ TỊCH
Trần Thị Ký"""


def test_a_plan_is_shared_out_issued_reported_on_and_consolidated(sign_in, running_stack):
    officer = sign_in("canbo")
    plan = _drafts(officer)
    _shares_out(officer, plan)
    _issue(officer, sign_in("lanhdao"), plan)
    _calls_for_reports(officer, plan)
    good, hasty = sign_in("batri"), sign_in("chauthanh")
    _reports(good, "2")
    _reports(hasty, "7")
    board = _returns_one_and_accepts_one(officer, plan)
    _mends(hasty, "1")
    officer.goto(board)
    _accept(officer, "Châu Thành")
    _one_gets_late(officer, board, running_stack)
    _consolidates(officer)


def _drafts(page) -> str:
    """The plan's number in addresses."""
    page.goto("/ke-hoach/tu-word/")
    page.get_by_label("Hoặc dán từ Word").fill(DRAFT.format(title=TITLE, year=today().year))
    page.get_by_role("button", name="Tạo bản dự thảo").click()
    expect(page.locator("#pw-plan")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("từ 13 bản trở lên").first).to_be_visible()
    return re.search(r"/ke-hoach/(\d+)/", page.url)[1]


def _shares_out(page, plan):
    page.goto(f"/ke-hoach/{plan}/giao-chi-tieu/")
    page.get_by_label(re.compile("Đề xuất cách chia")).select_option(label="Chia đều")
    expect(page.locator("[data-sum]").first).to_contain_text("khớp")
    page.get_by_role("button", name="Lưu phần giao").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lưu")


def _issue(officer, leader, plan):
    officer.goto(f"/programs/plan/{plan}/lam/submit/")
    officer.get_by_role("button", name="Trình ký").click()
    leader.goto(f"/programs/plan/{plan}/lam/issue/")
    leader.get_by_label("Số", exact=False).first.fill("977")
    leader.get_by_role("button", name="Ban hành").click()
    expect(leader.get_by_text("Đã ban hành kế hoạch.")).to_be_visible()


def _calls_for_reports(page, plan):
    page.goto(f"/programs/reportingrule/add/?plan={plan}")
    page.get_by_label("Tên báo cáo").fill("Báo cáo sơ kết thỏa ước")
    page.get_by_label("Định kỳ").select_option(label="Khi được gọi (sơ kết, tổng kết)")
    page.get_by_label("Cấp phải báo cáo").select_option(label="Công đoàn cấp trên trực tiếp cơ sở")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_role("link", name="Báo cáo sơ kết thỏa ước").first.click()
    page.get_by_role("link", name="Mở kỳ").click()
    for label, day in (
        ("Báo cáo từ ngày", today().replace(month=1, day=1)),
        ("Đến hết ngày", today()),
        ("Hạn gửi", today() + timedelta(days=3)),
    ):
        page.get_by_label(label).fill(f"{day:%d/%m/%Y}")
    page.get_by_label("Tên kỳ").fill("đợt 1")
    page.get_by_role("button", name="Mở kỳ").click()


def _opens_report(page):
    page.goto("/bao-cao/?q=thoa+uoc")
    page.get_by_role("link", name=re.compile("Báo cáo sơ kết thỏa ước đợt 1")).click()


def _writes(page, count):
    line = page.locator(".rt-line").filter(has_text="Thỏa ước lao động tập thể ký mới")
    line.locator("[name=value]").fill(count)
    expect(line.locator("[data-said]")).to_contain_text("Đã lưu", timeout=15_000)


def _reports(page, count):
    _opens_report(page)
    _writes(page, count)
    words = page.locator("#results")
    words.get_by_label("Kết quả nổi bật").fill("Đã thương lượng ở các doanh nghiệp đông công nhân.")
    expect(words.locator("[data-said]")).to_contain_text("Đã lưu", timeout=15_000)
    _sends(page)


def _sends(page):
    page.get_by_role("button", name=re.compile("^Gửi")).click()
    expect(page.get_by_text("Đã gửi").first).to_be_visible()


def _returns_one_and_accepts_one(page, plan) -> str:
    page.goto("/bao-cao/bang-theo-doi/")
    options = page.get_by_label("Kỳ báo cáo").locator("option")
    page.get_by_label("Kỳ báo cáo").select_option(
        label=next(o for o in options.all_text_contents() if "sơ kết thỏa ước" in o)
    )
    page.get_by_label("Đơn vị", exact=True).select_option(index=0)
    page.get_by_role("button", name="Xem").click()
    board = page.url
    _accept(page, "Ba Tri")
    page.get_by_role("row").filter(has_text="Châu Thành").get_by_role("link", name="Trả lại").click()
    page.get_by_label("Lý do").fill("Số liệu cao bất thường.")
    page.get_by_role("row").filter(has_text="Thỏa ước lao động tập thể ký mới").get_by_role("textbox").fill(
        "Chỉ có 1 bản."
    )
    page.get_by_role("button", name="Trả lại để sửa").click()
    expect(page.get_by_role("row").filter(has_text="Châu Thành")).to_contain_text("Trả lại")
    return board


def _accept(page, unit):
    row = page.get_by_role("row").filter(has_text=unit)
    row.get_by_role("button", name="Duyệt").click()
    expect(row).to_contain_text("Đã duyệt")


def _mends(page, count):
    _opens_report(page)
    expect(page.get_by_text("Chỉ có 1 bản.")).to_be_visible()
    _writes(page, count)
    _sends(page)


def _one_gets_late(page, board, stack):
    """Days go by for a unit that has not written."""
    with databases.connected_to(stack.database_url):
        owed = UnitReport.objects.owed().filter(unit__code="GIONGTROM", period__name="đợt 1")
        assert owed.update(due_on=today() - timedelta(days=2)) == 1
    page.goto(board)
    expect(page.get_by_role("row").filter(has_text="Giồng Trôm")).to_contain_text("2 ngày")


def _consolidates(page):
    page.get_by_role("link", name="Tổng hợp", exact=True).click()
    figures = page.get_by_role("row").filter(has_text="Thỏa ước lao động tập thể ký mới")
    expect(figures).to_contain_text("3 bản")
    expect(page.get_by_text("Đã thương lượng ở các doanh nghiệp").first).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Giồng Trôm")).to_contain_text("2 ngày")
