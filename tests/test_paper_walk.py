"""In a browser on the running stack: a report is drafted, its words edited, issued by the leader, downloaded by the right people."""

import re

from playwright.sync_api import expect

WORDS = "Các cấp công đoàn đã hoàn thành sớm phần việc của quý."


def test_a_report_is_edited_issued_and_downloaded_by_the_right_people_only(sign_in):
    officer = sign_in("canbo")
    officer.goto("/tong-quan/")
    officer.get_by_role("combobox", name="Kế hoạch").select_option(index=1)
    officer.get_by_role("button", name="Xem").click()
    officer.get_by_role("button", name="Soạn để ban hành").click()
    officer.get_by_label("Lời văn").first.fill(WORDS)
    officer.get_by_role("button", name="Lưu rồi trình ký").click()
    officer.get_by_role("button", name="Trình ký").click()
    expect(officer.get_by_text("Đã trình ký.")).to_be_visible()
    page = re.search(r"/welfare/paper/\d+/", officer.url)[0]
    leader = sign_in("lanhdao")
    leader.goto(f"{page}change/")
    leader.get_by_role("link", name="Ban hành").click()
    leader.get_by_role("button", name="Ban hành").click()
    expect(leader.get_by_text("đã ban hành số")).to_be_visible()
    _opens_its_file(officer, page)
    stranger = sign_in("batri")
    assert stranger.request.get(f"{page}change/").status == 404


def _opens_its_file(officer, page):
    file = officer.get_by_role("link", name="Bản PDF")
    for _ in range(60):
        officer.goto(f"{page}change/")
        if file.count():
            break
        officer.wait_for_timeout(500)
    with officer.expect_download() as download:
        file.click()
    assert download.value.suggested_filename.endswith(".pdf")
    with officer.context.expect_page() as opened:
        officer.get_by_role("link", name="Xem bản in").click()
    expect(opened.value.get_by_text(WORDS)).to_be_visible()
