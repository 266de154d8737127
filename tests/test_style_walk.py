"""In a browser: the province changes letterhead, signatory, recipients, closing words and Word template without a programmer."""

import io
import re
from pathlib import Path

from docx import Document as Word
from playwright.sync_api import expect

SUPERIOR = "Ủy ban Mặt trận Tổ quốc tỉnh"
NEW = [
    SUPERIOR.upper(),
    "MẪU CỦA TỈNH",
    "PHÓ CHỦ TỊCH PHỤ TRÁCH",
    "Lê Thị Thay",
    "- Tổng Liên đoàn (để b/c);",
    "Kính trình xem xét./.",
]
TEXTS = {
    "capacity": "TM. BAN THƯỜNG VỤ\nPHÓ CHỦ TỊCH PHỤ TRÁCH",
    "signer": "Lê Thị Thay",
    "recipients": "Tổng Liên đoàn (để b/c)\nLưu: VT",
    "closing_words": "Kính trình xem xét.",
}


def test_the_province_changes_how_its_papers_look_on_screen_alone(sign_in, tmp_path):
    administrator, officer = sign_in("quantri"), sign_in("canbo")
    former = _writes_the_letterhead(administrator, SUPERIOR)
    style = _writes_the_words(officer)
    _sends_a_wrong_template(officer, style, tmp_path)
    _sends_the_changed_template(officer, style, tmp_path)
    printed = _prints_as_word(officer, plan=1)
    assert [words for words in NEW if words not in printed] == []

    officer.goto(style)
    officer.get_by_role("link", name="Bỏ mẫu Word").click()
    officer.get_by_role("button", name="Bỏ mẫu Word").click()
    for name in TEXTS:
        officer.locator(f"[name={name}]").fill("")
    officer.get_by_role("button", name="Lưu", exact=True).click()
    expect(officer).to_have_url(re.compile("/documentstyle/$"))
    _writes_the_letterhead(administrator, former)
    printed = _prints_as_word(officer, plan=2)  # the same again within seconds would be taken for a second click
    assert [words for words in NEW if words in printed] == []


def _writes_the_letterhead(page, superior) -> str:
    """The former one."""
    page.goto("/welfare/unit/")
    page.get_by_role("link", name=re.compile("^Liên đoàn Lao động tỉnh")).click()
    field = page.locator("[name=letterheads-0-superior]")
    former = field.input_value()
    field.fill(superior)
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page).to_have_url(re.compile("/welfare/unit/$"))
    return former


def _writes_the_words(page) -> str:
    """The address of the style for reports of this kind from today on."""
    page.goto("/welfare/documentstyle/add/")
    page.locator("[name=kind]").select_option(label="Báo cáo kết quả thực hiện kế hoạch")
    for name, text in TEXTS.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=valid_from]").fill("02/01/2025")
    page.get_by_role("button", name="Lưu và tiếp tục sửa").click()
    expect(page).to_have_url(re.compile(r"/documentstyle/\d+/change/"))
    return page.url


def _send(page, style, file):
    page.goto(style)
    page.get_by_role("link", name="Thay mẫu Word").click()
    page.locator("[name=template]").set_input_files(file)
    page.get_by_role("button", name="Thay mẫu Word").click()


def _sends_a_wrong_template(page, style, folder):
    word = Word()
    for line in ("{{p noi_dung }}", "{{ so_ky_hiu }}"):
        word.add_paragraph(line)
    word.save(folder / "sai.docx")
    _send(page, style, folder / "sai.docx")
    expect(page.get_by_text("không có trong bảng hướng dẫn: so_ky_hiu")).to_be_visible()
    page.goto(style)
    expect(page.get_by_text("Theo thể thức chung")).to_be_visible()


def _sends_the_changed_template(page, style, folder):
    """What the programme offers to begin with, with a line of one's own."""
    page.goto(style)
    page.get_by_role("link", name="Thay mẫu Word").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải mẫu có sẵn").click()
    word = Word(download.value.path())
    word.paragraphs[0].insert_paragraph_before("MẪU CỦA TỈNH")
    word.save(folder / "mau.docx")
    _send(page, style, folder / "mau.docx")
    expect(page.get_by_text("Đã nhận mẫu")).to_be_visible()


def _prints_as_word(page, plan) -> str:
    page.goto("/tong-quan/")
    page.get_by_role("combobox", name="Kế hoạch").select_option(index=plan)
    page.get_by_role("button", name="Xem", exact=True).click()
    page.get_by_role("button", name="Bản Word").click()
    newest = page.locator(".wf-job").first
    expect(newest.get_by_role("link", name="Tải về")).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        newest.get_by_role("link", name="Tải về").click()
    word = Word(io.BytesIO(Path(download.value.path()).read_bytes()))
    lines = (
        "".join(run.text or "" for run in line.iter() if run.tag.endswith("}t"))
        for line in word.element.iter()
        if line.tag.endswith("}p")
    )
    return "\n".join(lines).replace("\xa0", " ")
