"""In a browser on the running stack: from the dashboard's figures to a report edited, issued and opened, by the right people only."""

import hashlib
import io
import re
from pathlib import Path

import pdfplumber
import pytest
from docx import Document as Word
from playwright.sync_api import expect

WORDS = "Các cấp công đoàn đã hoàn thành sớm phần việc của quý."
CLOSING = "Kính đề nghị Thường trực cho ý kiến chỉ đạo."
SCAN = b"%PDF-1.7\n% signed\n"


@pytest.mark.logs_errors  # forms made by hand are refused
def test_a_report_is_edited_issued_and_downloaded_by_the_right_people_only(sign_in, tmp_path):
    officer, leader, inspector, stranger = (sign_in(name) for name in ("canbo", "lanhdao", "kiemtra", "batri"))
    _looks_at_the_figures(leader)
    paper = _drafts(officer)
    _only_reads(inspector, paper)
    _sees_nothing(stranger, [f"{paper.words}", f"{paper.words}xem/", paper.page])
    _is_not_issued_by_its_maker(officer, paper)
    number = _issues(leader, paper)
    files = _opens_its_files(officer, paper, number)
    _adds_the_signed_sheet(officer, paper, tmp_path)
    _is_never_edited_again(officer, leader, paper)
    files["Bản đã ký"] = _links(inspector, paper)["Bản đã ký"]
    assert [inspector.request.get(url).status for url in files.values()] == [200] * 3
    assert inspector.request.get(files["Bản đã ký"]).body() == SCAN
    _sees_nothing(stranger, [f"{paper.words}xem/", paper.page, *files.values()])


class Draft:
    def __init__(self, address):
        self.number = re.search(r"/van-ban/(\d+)/", address)[1]
        self.words, self.page = f"/van-ban/{self.number}/", f"/welfare/paper/{self.number}/change/"


def _looks_at_the_figures(page):
    """Narrowed to one plan, a card and a target's gap open their rows, as many as they say."""
    page.goto("/tong-quan/")
    page.get_by_role("combobox", name="Kế hoạch").select_option(label=_plan_of_the_year(page))
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator(".rp-targets .rp-group")).to_have_count(0)
    gap = page.locator(".rp-missing").first
    waiting = int(re.search(r"[\d.]+", gap.inner_text())[0].replace(".", ""))
    gap.click()
    expect(page.get_by_role("columnheader", name="Đã chờ (ngày)")).to_be_visible()
    days = [int(text) for text in page.locator("tbody tr td:last-child").all_inner_texts()]
    assert (len(days), days) == (min(waiting, 50), sorted(days, reverse=True))
    page.go_back()
    card = page.locator(".rp-card").filter(has_text="Người được hỗ trợ")
    number = card.locator(".rp-card-value").inner_text().split()[0]
    card.click()
    expect(page.locator(".rp-figure strong")).to_contain_text(number)


def _plan_of_the_year(page) -> str:
    options = page.get_by_role("combobox", name="Kế hoạch").locator("option").all_text_contents()
    return next(option for option in options if "công nhân, viên chức, lao động năm" in option)


def _drafts(page) -> Draft:
    page.goto("/tong-quan/")
    page.get_by_role("combobox", name="Kế hoạch").select_option(label=_plan_of_the_year(page))
    page.get_by_role("button", name="Xem", exact=True).click()
    page.get_by_role("button", name="Soạn để ban hành").click()
    page.get_by_label("Lời văn").first.fill(WORDS)
    page.get_by_label("Lời văn").last.fill(CLOSING)
    page.get_by_text("Trích yếu, căn cứ, nơi nhận, người ký").click()
    page.get_by_label("Họ và tên người ký").fill("Trần Quốc Khải")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    expect(page.get_by_text("Đã sửa; câu do hệ thống viết").first).to_be_visible()
    page.get_by_role("button", name="Lưu rồi trình ký").click()
    page.get_by_role("button", name="Trình ký").click()
    expect(page.get_by_text("Đã trình ký.")).to_be_visible()
    return Draft(re.sub(r"/welfare/paper/(\d+)/.*", r"/van-ban/\1/", page.url))


def _only_reads(page, paper):
    page.goto(paper.page)
    expect(page.get_by_role("link", name="Xem bản in")).to_be_visible()
    buttons = re.compile("^(Sửa lời văn|Trình ký|Ban hành|Trả lại để sửa|Bỏ bản thảo)$")
    expect(page.get_by_role("link", name=buttons)).to_have_count(0)
    assert _verb_is_refused(page, paper, "issue", number="1")


def _sees_nothing(page, addresses):
    assert [page.request.get(address).status for address in addresses] == [404] * len(addresses)


def _is_not_issued_by_its_maker(page, paper):
    page.goto(paper.page)
    expect(page.get_by_role("link", name="Ban hành", exact=True)).to_have_count(0)
    assert _verb_is_refused(page, paper, "issue", number="1")
    page.goto(paper.page)
    expect(page.locator("#pp-state")).to_contain_text("đã trình ký")


def _verb_is_refused(page, paper, verb, **fields) -> bool:
    """What a hand-made form is answered."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    address = paper.page.replace("change/", f"lam/{verb}/")
    return _posts(page, address, {"csrfmiddlewaretoken": token, **fields}) in (403, 404)


def _posts(page, address, form) -> int:
    return page.request.post(address, form=form, headers={"Referer": page.url}).status


def _issues(page, paper) -> str:
    page.goto("/")
    page.get_by_role("link", name=re.compile("văn bản đã trình, chờ ban hành")).click()
    if "/change/" not in page.url:
        page.goto(paper.page)
    page.get_by_role("link", name="Ban hành", exact=True).click()
    number = page.locator("[name=number]").input_value()
    page.get_by_role("button", name="Ban hành").click()
    expect(page.locator("#pp-state")).to_contain_text("đã ban hành số")
    return number


def _links(page, paper) -> dict[str, str]:
    page.goto(paper.page)
    links = page.locator(".pp-files a").all()
    return {link.inner_text().split("\n")[-1].strip(): link.get_attribute("href") for link in links}


def _opens_its_files(page, paper, number) -> dict[str, str]:
    for _ in range(60):
        if len(files := _links(page, paper)) == 2:
            break
        page.wait_for_timeout(500)
    contents = {}
    for name in ("Bản PDF", "Bản Word"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        contents[name] = Path(download.value.path()).read_bytes()
        assert hashlib.sha256(contents[name]).hexdigest() in page.locator(".pp-files").inner_text()
    number = f"Số: {int(number):02d}/BC-LĐLĐ"
    with pdfplumber.open(io.BytesIO(contents["Bản PDF"])) as pdf:
        text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
        fonts = {char["fontname"] for page in pdf.pages for char in page.chars}
    assert [words for words in (number, WORDS, CLOSING.rstrip("."), "Trần Quốc Khải") if words not in text] == []
    assert all(re.fullmatch(r"[A-Z]{6}\+Tinos[-A-Za-z]*", font) for font in fonts), fonts
    word = Word(io.BytesIO(contents["Bản Word"]))
    said = " ".join(part.text or "" for part in word.element.iter() if part.tag.endswith("}t"))
    assert [words for words in (number, WORDS, "Trần Quốc Khải") if words not in said.replace("\xa0", " ")] == []
    return files


def _adds_the_signed_sheet(page, paper, folder):
    scan = folder / "da-ky.pdf"
    scan.write_bytes(SCAN)
    page.goto(paper.page)
    page.get_by_role("link", name="Đính kèm bản đã ký").click()
    page.locator("[name=scan]").set_input_files(scan)
    page.get_by_role("button", name="Đính kèm bản đã ký").click()
    expect(page.get_by_role("link", name="Bản đã ký")).to_be_visible()
    expect(page.get_by_role("link", name="Đính kèm bản đã ký")).to_have_count(0)


def _is_never_edited_again(officer, leader, paper):
    """No button is left, the page of words leads back, and hand-made forms change nothing."""
    officer.goto(paper.words)
    assert officer.url.endswith(paper.page)
    for page in (officer, leader):
        page.goto(paper.page)
        expect(
            page.get_by_role("link", name=re.compile("^(Sửa lời văn|Trả lại để sửa|Bỏ bản thảo|Ban hành)$"))
        ).to_have_count(0)
        for verb in ("send_back", "drop", "issue"):
            _verb_is_refused(page, paper, verb, reason="Sửa lại", number="99")
    token = next(cookie["value"] for cookie in officer.context.cookies() if cookie["name"] == "csrftoken")
    words = {"csrfmiddlewaretoken": token, "edition": "2", "p:mo-dau/dau": "Lời của kẻ khác."}
    _posts(officer, paper.words, words)
    officer.goto(f"{paper.words}xem/")
    expect(officer.get_by_text(WORDS)).to_be_visible()
    expect(officer.get_by_text("Lời của kẻ khác.")).to_have_count(0)
    officer.goto(paper.page)
    expect(officer.locator("#pp-state")).to_contain_text("đã ban hành số")
