"""The printed page against NĐ 30/2020, Phụ lục I: positions and sizes are read back from a PDF."""

import datetime
import io
import os
import re
import socket
import subprocess
import sys
import threading
from collections import Counter

import pdfplumber
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.papers import people, plan
from welfare.documents import fonts
from welfare.documents.blocks import Bullet, Chart, Column, Heading, Paragraph, Table, text_blocks
from welfare.documents.charts import Series
from welfare.documents.layout import Appendix, OfficialDocument, PartialDate, Recipient, Signature, roman
from welfare.documents.rendering import RenderingError, html_to_pdf, render_html, render_pdf

MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 30 * MM, (210 - 15) * MM, 20 * MM, (297 - 20) * MM


@pytest.fixture(scope="module")
def content():
    return render_pdf(plan())


@pytest.fixture(scope="module")
def pages(content):
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        yield pdf.pages


def find(pages, text):
    for page in pages:
        if found := page.search(re.escape(text).replace(r"\ ", r"\s+")):
            return found[0]
    raise AssertionError(f"not on paper: {text}")


def open_pdf(document):
    return pdfplumber.open(io.BytesIO(render_pdf(document)))


@pytest.mark.parametrize(
    ("text", "size", "font"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, "Bold"),
        ("Độc lập - Tự do - Hạnh phúc", 13, "Bold"),
        ("TỔNG LIÊN ĐOÀN LAO ĐỘNG", 12, ""),
        ("TỈNH LAI CHÂU", 12, "Bold"),
        ("Số: 05/KH-LĐLĐ", 13, ""),
        ("Lai Châu, ngày 05 tháng 01 năm 2026", 13, "Italic"),
        ("KẾ HOẠCH", 14, "Bold"),
        ("Chăm lo đời sống đoàn viên năm 2026", 14, "Bold"),
        ("Căn cứ Chương trình số 12/CTr-LĐLĐ", 14, "Italic"),
        ("Ban Thường vụ ban hành kế hoạch", 14, ""),
        ("I. MỤC ĐÍCH, YÊU CẦU", 14, "Bold"),
        ("1. Mục đích", 14, "Bold"),
        ("Mái ấm Công đoàn xây mới", 12, ""),
        ("TM. BAN THƯỜNG VỤ", 14, "Bold"),
        ("PHÓ CHỦ TỊCH", 14, "Bold"),
        ("Lò Văn Mẫu", 14, "Bold"),
        ("Nơi nhận:", 12, "Bold-Italic"),
        ("- Lưu: VT, CSPL.", 11, ""),
        ("Phụ lục II", 14, "Bold"),
        ("DANH SÁCH ĐỀ NGHỊ HỖ TRỢ", 14, "Bold"),
        ("(Kèm theo Kế hoạch số 05/KH-LĐLĐ ngày 05 tháng 01 năm 2026)", 14, "Italic"),
    ],
)
def test_every_part_has_its_size_and_style(pages, text, size, font):
    chars = [c for c in find(pages, text)["chars"] if c["text"].strip()]
    style = {c["fontname"].split("+")[1].removeprefix("Tinos").removeprefix("-") for c in chars}
    assert ({round(c["size"], 1) for c in chars}, style) == ({size}, {font})


def test_text_fills_the_area_within_the_margins(pages):
    for page in pages:
        width, height = float(page.width), float(page.height)
        body = [c for c in page.chars if c["text"].strip() and c["top"] > TOP - 1]
        assert min(c["x0"] for c in body) >= LEFT - 0.5
        assert max(c["x1"] for c in body) <= width - 15 * MM + 0.5
        assert max(c["bottom"] for c in body) <= height - 20 * MM + 0.5
    first = [c for c in pages[0].chars if c["text"].strip()]
    assert min(c["top"] for c in first) == pytest.approx(TOP, abs=4)


def test_body_is_justified_with_indent_and_gap(pages):
    lines = [line for line in pages[0].extract_text_lines() if round(line["chars"][0]["size"]) == 14]
    starts = [n for n, line in enumerate(lines) if line["text"].startswith("Công đoàn cơ sở")]
    start = starts[1]
    assert lines[start]["x0"] == pytest.approx(LEFT + 12.7 * MM, abs=1)
    assert lines[start + 1]["x0"] == pytest.approx(LEFT, abs=1)
    assert lines[start]["x1"] == pytest.approx(RIGHT, abs=1)
    within = lines[start + 1]["top"] - lines[start]["top"]
    between = lines[start]["top"] - lines[start - 1]["top"]
    assert 14 <= within <= 21
    assert between - within == pytest.approx(6, abs=0.5)


def test_motto_has_a_rule_of_its_full_width_and_the_agency_a_shorter_one(pages):
    motto, agency = find(pages, "Độc lập - Tự do - Hạnh phúc"), find(pages, "LIÊN ĐOÀN LAO ĐỘNG\nTỈNH LAI CHÂU")
    under_motto, under_agency = (_rule_under(pages[0], text) for text in (motto, agency))
    assert under_motto["x0"] == pytest.approx(motto["x0"], abs=1)
    assert under_motto["x1"] == pytest.approx(motto["x1"], abs=1)
    share = (under_agency["x1"] - under_agency["x0"]) / (agency["x1"] - agency["x0"])
    assert 1 / 3 <= share <= 1 / 2
    assert _middle(under_agency) == pytest.approx(_middle(agency), abs=1)


def test_an_agencys_name_that_no_space_breaks_keeps_to_its_column():
    with open_pdf(OfficialDocument(superior="Tổng liên đoàn", issuer="LIÊNĐOÀNLAOĐỘNG" * 8, place="Lai Châu")) as pdf:
        assert max(c["x1"] for c in pdf.pages[0].chars) <= RIGHT + 0.5


def test_summary_has_a_centred_rule_of_a_third_to_half(pages):
    summary = find(pages, "Chăm lo đời sống đoàn viên năm 2026")
    rule = _rule_under(pages[0], summary)
    assert 1 / 3 <= (rule["x1"] - rule["x0"]) / (summary["x1"] - summary["x0"]) <= 1 / 2
    assert _middle(rule) == pytest.approx((LEFT + RIGHT) / 2, abs=1)


def test_number_and_date_share_a_line_under_their_columns(pages):
    number, date = find(pages, "Số: 05/KH-LĐLĐ"), find(pages, "Lai Châu, ngày 05 tháng 01 năm 2026")
    nation, agency = find(pages, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), find(pages, "TỈNH LAI CHÂU")
    assert number["chars"][0]["bottom"] == pytest.approx(date["chars"][0]["bottom"], abs=0.5)
    assert _middle(number) == pytest.approx(_middle(agency), abs=1)
    assert _middle(date) == pytest.approx(_middle(nation), abs=1)


def test_signature_stands_in_the_right_half_level_with_the_recipients(pages):
    capacity, name = find(pages, "TM. BAN THƯỜNG VỤ"), find(pages, "Lò Văn Mẫu")
    recipients = find(pages, "Nơi nhận:")
    assert capacity["x0"] > (LEFT + RIGHT) / 2
    assert _middle(name) == pytest.approx(_middle(capacity), abs=1)
    assert recipients["x0"] == pytest.approx(LEFT, abs=1)
    assert recipients["top"] == pytest.approx(capacity["top"], abs=3)


def test_page_numbers_stand_in_the_top_margin_from_each_second_page_on(pages):
    numbers = ["".join(c["text"] for c in page.chars if c["bottom"] < TOP) for page in pages]
    wide = [page.width > page.height for page in pages]
    main = wide.index(True) - 1
    assert main >= 2
    assert numbers == ["", *map(str, range(2, main + 1)), "", "", *map(str, range(2, sum(wide) + 1))]
    number = next(c for c in pages[1].chars if c["bottom"] < TOP)
    assert (round(number["size"], 1), number["fontname"].split("+")[1]) == (13, "Tinos")
    assert _middle(number) == pytest.approx((LEFT + RIGHT) / 2, abs=1)
    assert (number["top"] + number["bottom"]) / 2 == pytest.approx(10 * MM, abs=3)


def test_wide_appendix_is_landscape(pages):
    assert (round(pages[0].width / MM), round(pages[0].height / MM)) == (210, 297)
    assert (round(pages[-1].width / MM), round(pages[-1].height / MM)) == (297, 210)


def test_long_table_repeats_its_header():
    with open_pdf(OfficialDocument(kind="Danh sách", blocks=[people(90)])) as pdf:
        headers = [len(page.search("Họ và tên")) for page in pdf.pages]
    assert len(headers) > 2
    assert set(headers) == {1}


def test_a_table_leaves_no_row_or_two_on_another_page():
    columns = [Column("Họ và tên", 3), Column("Số", 1)]
    lists = [Table(columns, [(f"L{rows} Người {n}", n) for n in range(rows)]) for rows in range(30, 36)]
    split = 0
    for before in ([], [Paragraph("Mở đầu")] * 24):
        appendices = [Appendix("Danh sách", [*before, table]) for table in lists]
        with open_pdf(OfficialDocument(kind="Quyết định", appendices=appendices)) as pdf:
            found = [Counter(re.findall(r"L\d+ Người", page.extract_text())) for page in pdf.pages]
        rows = [[page[of] for page in found if of in page] for of in (f"L{rows} Người" for rows in range(30, 36))]
        assert min(map(min, rows)) >= 3, rows
        split += sum(len(parts) > 1 for parts in rows)
    assert split > 6


def test_a_number_within_a_text_stands_on_one_line():
    rows = [("Một chỉ tiêu có tên rất dài của cả tỉnh", f"từ 1.200.000.00{n} đồng trở lên") for n in range(9)]
    with open_pdf(OfficialDocument(kind="Báo cáo", blocks=[Table([Column("Tên", 9), Column("Cần đạt")], rows)])) as pdf:
        assert len(pdf.pages[0].search(r"1\.200\.000\.00\d")) == 9


def test_table_prints_vietnamese_figures_dates_and_a_merged_header(pages):
    header = ["TT", "Chỉ tiêu", "Đơn vị\ntính", "Giao năm 2026", None, "Hạn"]
    rows = next(t for page in pages for t in page.extract_tables() if header in t)
    start = rows.index(header)
    table = rows[start : start + 6]
    assert table == [
        header,
        [None, None, None, "Cả tỉnh", "Quý I", None],
        ["1", "Mái ấm Công đoàn xây mới", "nhà", "8", "2", "15/11/2026"],
        ["2", "Suất quà Tết", "suất", "1.530", "1.530", "10/02/2026"],
        ["3", "Tỷ lệ tham gia Quỹ Xã hội", "%", "92,5", "", ""],
        ["", "Cộng kinh phí", "đồng", "1.530.000.000", "", ""],
    ]


def test_only_tinos_is_used_and_embedded(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = {font.objgen: font for page in pdf.pages for font in page.Resources.Font.values()}
        described = [font.DescendantFonts[0].FontDescriptor for font in fonts.values()]
        assert {str(d.FontName).split("+")[1].split("-")[0] for d in described} == {"Tinos"}
        assert all("/FontFile2" in d for d in described)


def test_pdf_is_tagged_archival_and_vietnamese(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        metadata = pdf.open_metadata()
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("vi", True)
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["dc:title"] == "Kế hoạch Chăm lo đời sống đoàn viên năm 2026"


def test_letter_has_its_subject_under_the_number():
    letter = plan(kind="", addressees=["Ban Thường vụ Liên đoàn Lao động tỉnh"], appendices=[])
    with open_pdf(letter) as pdf:
        subject, number = (find(pdf.pages, text) for text in ("V/v Chăm lo đời sống đoàn viên", "Số: 05/KH-LĐLĐ"))
        assert round(subject["chars"][0]["size"], 1) == 12
        assert 0 < subject["top"] - number["bottom"] < 12
        assert subject["x1"] < (LEFT + RIGHT) / 2
        assert find(pdf.pages, "Kính gửi: Ban Thường vụ")["chars"][0]["size"] == pytest.approx(14, abs=0.01)


def test_several_signatures_stand_side_by_side_above_the_recipients():
    signatures = [
        Signature(["Người lập"], "Mẫu Một"),
        Signature(["Kế toán"], "Mẫu Hai"),
        Signature(["Chủ tịch"], "Mẫu Ba"),
    ]
    with open_pdf(plan(signatures=signatures, blocks=[], appendices=[])) as pdf:
        found = [find(pdf.pages, text) for text in ("NGƯỜI LẬP", "KẾ TOÁN", "CHỦ TỊCH", "Nơi nhận:")]
    assert len({round(f["top"]) for f in found[:3]}) == 1
    assert [f["x0"] for f in found[:3]] == sorted(f["x0"] for f in found[:3])
    assert found[3]["top"] > found[0]["bottom"]


@pytest.mark.parametrize(
    ("number", "symbol", "line"),
    [
        ("5", "KH-LĐLĐ", "Số: 05/KH-LĐLĐ"),
        ("132", "BC-LĐLĐ", "Số: 132/BC-LĐLĐ"),
        ("", "KH-LĐLĐ", "Số: \xa0\xa0\xa0\xa0\xa0\xa0/KH-LĐLĐ"),
        ("", "", ""),
    ],
)
def test_number_line(number, symbol, line):
    assert plan(number=number, symbol=symbol).number_line == line


@pytest.mark.parametrize(
    ("date", "line"),
    [
        (datetime.date(2026, 2, 9), "Lai Châu, ngày 09 tháng 02 năm 2026"),
        (datetime.date(2026, 3, 29), "Lai Châu, ngày 29 tháng 3 năm 2026"),
        (PartialDate(2022, 10), "Lai Châu, ngày \xa0\xa0\xa0\xa0\xa0\xa0 tháng 10 năm 2022"),
        (PartialDate(2022), "Lai Châu, ngày \xa0\xa0\xa0\xa0\xa0\xa0 tháng \xa0\xa0\xa0\xa0\xa0\xa0 năm 2022"),
    ],
)
def test_place_line(date, line):
    assert plan(date=date).place_line == line


def test_lists_are_punctuated():
    document = plan(
        recipients=[Recipient("A;", "để b/c"), Recipient("B"), Recipient("Lưu: VT.")], addressees=["X", "Y"]
    )
    assert document.base_lines == [
        "Căn cứ Chương trình số 12/CTr-LĐLĐ về phúc lợi đoàn viên;",
        "Thực hiện Kế hoạch công tác năm 2026.",
    ]
    assert document.recipient_lines == ["- A (để b/c);", "- B;", "- Lưu: VT."]
    assert document.addressee_lines == ["- X;", "- Y."]


def test_last_sentence_is_closed_once():
    assert plan(blocks=[Paragraph("Hết.")]).body == [Paragraph("Hết./.")]
    assert plan(blocks=[Bullet("Hết./.")]).body == [Bullet("Hết./.")]
    assert plan(blocks=[Paragraph("Hết.")], closing=False).body == [Paragraph("Hết.")]


def test_single_appendix_has_no_number():
    one, two = Appendix("Một", []), Appendix("Hai", [], note="(Kèm theo quyết định)")
    assert [a[0] for a in plan(appendices=[one]).numbered_appendices] == ["Phụ lục"]
    assert [a[:2] for a in plan(appendices=[one, two]).numbered_appendices] == [
        ("Phụ lục I", "(Kèm theo Kế hoạch số 05/KH-LĐLĐ ngày 05 tháng 01 năm 2026)"),
        ("Phụ lục II", "(Kèm theo quyết định)"),
    ]


def test_roman_numbers():
    assert [roman(n) for n in (1, 4, 9, 14, 40, 49)] == ["I", "IV", "IX", "XIV", "XL", "XLIX"]


def test_headings_keep_the_number_the_document_has():
    assert [Heading("Nội dung", n).text for n in ("III", "III.", "")] == ["III. NỘI DUNG", "III. NỘI DUNG", "NỘI DUNG"]
    assert Heading("Với cơ sở", "a)", level=3).text == "a) Với cơ sở"


def test_free_text_becomes_paragraphs_and_items():
    assert text_blocks("Một.\r\n\n  - hai \n+ ba\n-5 độ") == [
        Paragraph("Một."),
        Bullet("hai"),
        Bullet("ba"),
        Paragraph("-5 độ"),
    ]


def test_preview_escapes_text_and_needs_no_inline_style():
    page = render_html(plan(summary="<script>alert(1)</script>", blocks=plan().blocks))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert re.findall(r"<style|\sstyle=", page) == []


@pytest.fixture
def listener():
    """The address of a server on this machine, and the connections it got."""
    connections = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        ended = threading.Event()

        def accept():
            while not ended.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                connections.append(address)
                connection.close()

        thread = threading.Thread(target=accept)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", connections
        ended.set()
        thread.join()


def _hostile(address):
    return [
        f'<img src="{address}/a">',
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}/b" width="9" height="9"/></svg>',
        f"</style><style>body{{background:url({address}/c)}} @import '{address}/d';</style>",
        f'<link rel="stylesheet" href="{address}/e"><link rel="attachment" href="{address}/f">',
        f'{{% include "{address}" %}} url({address}/g)',
    ]


def test_hostile_text_fetches_nothing_and_is_printed_as_it_is(listener):
    address, connections = listener
    texts = _hostile(address)
    document = plan(
        summary=texts[0],
        bases=texts,
        blocks=[
            *[Paragraph(text, lead=text) for text in texts],
            Heading(texts[1]),
            Table([Column(texts[2])], [(text,) for text in texts], caption=texts[3]),
            Chart(texts[0], texts, [Series(texts[1], [1])], texts[2]),
        ],
        appendices=[],
    )
    with open_pdf(document) as pdf:
        printed = "".join(pdf.pages[0].extract_text().split())
    assert all("".join(text.split()) in printed for text in texts)
    socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))).close()
    assert _settled(connections) == 1


def test_hostile_markup_in_a_template_fetches_nothing(listener, tmp_path):
    address, connections = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("canary")
    markup = (
        "".join(_hostile(address)) + f'<a rel="attachment" href="{secret.as_uri()}">x</a><img src="{secret.as_uri()}">'
    )
    markup += f'<object data="{address}/h"></object><p style="list-style-image:url({address}/i)">Chữ</p>'
    content = html_to_pdf(f'<html lang="vi"><title>x</title><body>{markup}</body></html>', variant="")
    socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))).close()
    assert _settled(connections) == 1
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert list(pdf.attachments) == []


def _settled(connections):
    """The test's own connection is the last; once it is there, so is every earlier one."""
    waited = threading.Event()
    while not connections:
        waited.wait(0.01)
    return len(connections)


@pytest.mark.logs_errors
@pytest.mark.parametrize("limits", [{"seconds": 1}, {"memory": 150 * 2**20}])
def test_document_beyond_the_limits_is_refused_in_one_sentence(limits):
    page = render_html(OfficialDocument(kind="Danh sách", blocks=[people(3000)]))
    with pytest.raises(RenderingError) as refusal:
        html_to_pdf(page, **limits)
    assert str(refusal.value) == (
        "Không tạo được tệp PDF: tài liệu quá lớn. Hãy chia danh sách thành nhiều phần hoặc tải bản Excel."
    )


def test_without_its_font_nothing_is_printed_in_another(monkeypatch):
    monkeypatch.setattr(fonts, "FAMILY", "Phông Không Có")
    with pytest.raises(RenderingError, match="Máy chủ chưa có phông chữ Tinos"):
        render_pdf(OfficialDocument(kind="Danh sách"))


def test_a_machine_without_the_font_is_told_at_every_start(tmp_path):
    (tmp_path / "fonts.conf").write_text("<fontconfig></fontconfig>")
    command = [sys.executable, "manage.py", "check"]
    told = [
        subprocess.run(command, env=os.environ | extra, capture_output=True, text=True, check=True).stderr
        for extra in ({}, {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf")})
    ]
    assert ["welfare.W001" in text for text in told] == [False, True]
    assert "Máy này chưa có phông chữ Tinos nên không in được văn bản PDF." in told[1]


def test_waiting_can_be_interrupted():
    class LostLeaseError(Exception):
        pass

    def tick():
        raise LostLeaseError

    page = render_html(OfficialDocument(kind="Danh sách", blocks=[people(3000)]))
    with pytest.raises(LostLeaseError):
        html_to_pdf(page, tick=tick)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=9, max_size=9))
def test_any_text_prints(texts):
    document = plan(
        superior=texts[0],
        issuer=texts[1],
        summary=texts[2],
        bases=[texts[3]],
        blocks=[Paragraph(texts[4]), Table([Column(texts[5])], [(texts[6],)]), Chart(texts[7], [texts[8]], [Series(texts[0], [1])])],
        recipients=[Recipient(texts[5], texts[6])],
        appendices=[Appendix(texts[7], [Bullet(texts[8])])],
    )  # fmt: skip
    assert render_pdf(document).startswith(b"%PDF-")


def _rule_under(page, text):
    """The first thing drawn that ends below the text (a lower border or a line)."""
    drawn = [d for d in [*page.lines, *page.rects] if d["x0"] < text["x1"] and d["x1"] > text["x0"]]
    return min((d for d in drawn if d["bottom"] > text["bottom"] - 1), key=lambda d: d["bottom"])


def _middle(box):
    return (box["x0"] + box["x1"]) / 2
