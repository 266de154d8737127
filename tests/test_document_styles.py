"""How a unit words and forms its documents: signatory, recipients, closing words, and a Word template in a sandbox."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word
from docx.oxml.ns import qn

from tests import papers
from tests.factories import make_plan
from tests.test_printing import content, printed, text_of_docx
from welfare.documents.layout import OfficialDocument, Signature
from welfare.documents.printing import make_document
from welfare.documents.styles.models import styled
from welfare.documents.styles.template import FIELDS, fill_template, sample
from welfare.models import DocumentStyle
from welfare.states import Refused

pytestmark = pytest.mark.django_db
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture
def plan(province, officer, leader):
    plan = make_plan(province, officer)
    plan.submit(officer)
    plan.issue(leader, number="07")
    return plan


def template(*lines) -> bytes:
    word, target = Word(), io.BytesIO()
    for line in lines:
        word.add_paragraph(line)
    word.save(target)
    return target.getvalue()


GOOD = template(
    "MẪU RIÊNG {{ co_quan }}",
    "{{ so_ky_hieu }}",
    "{{p noi_dung }}",
    "{% for dong in noi_nhan %}{{ dong }}{% endfor %}",
    "{{ nguoi_ky }}",
)


def style(province, **fields):
    return DocumentStyle.objects.create(unit=province, **fields)


def test_a_unit_names_signatory_recipients_and_closing_words_by_kind_and_date(province, district_a, plan, officer):
    style(province, capacity="TM. BAN THƯỜNG VỤ\nPHÓ CHỦ TỊCH", signer="Trần Thị Ký", recipients="- Lưu: VT")
    style(province, kind="progress", closing_words="Lời kết thuở đầu.")
    style(province, kind="progress", closing_words="Trên đây là báo cáo.", valid_from=date(2020, 1, 1))
    style(province, kind="progress", recipients="Nơi cũ", valid_from=date(2019, 1, 1), valid_to=date(2019, 12, 31))
    style(district_a, signer="Người Huyện")
    document = make_document(officer, "progress", plan.pk)
    assert (document.signatures[0].capacity, document.signatures[0].name) == (
        ["TM. BAN THƯỜNG VỤ", "PHÓ CHỦ TỊCH"],
        "Trần Thị Ký",
    )
    assert (document.recipient_lines, document.blocks[-1].text) == (["- Lưu: VT."], "Trên đây là báo cáo.")


def test_a_plan_keeps_its_own_signatory(province, plan, officer):
    style(province, signer="Người Khác")
    assert make_document(officer, "plan", plan.pk).signatures[0].name == "Trần Thị Ký"


def test_the_word_copy_takes_the_units_template_with_body_tables_and_words(province, plan, officer):
    row = style(province, kind="plan")
    row.set_template(officer, SimpleUploadedFile("mau.docx", GOOD))
    text = text_of_docx(content(printed(officer, plan, "docx")))
    assert "MẪU RIÊNG" in text
    assert "Số: 07/KH-LĐLĐ" in text
    assert "Trần Thị Ký" in text
    row.drop_template(officer)
    assert DocumentStyle.objects.get().template is None


def test_a_template_is_filled_with_tables_and_headings_as_real_ones():
    word = Word(io.BytesIO(fill_template(GOOD, sample())))
    assert [cell.text for cell in word.tables[0].rows[1].cells] == ["Ô"]
    assert any(paragraph.style.name == "Heading 1" and paragraph.text == "I. THỬ MẪU" for paragraph in word.paragraphs)


def test_the_template_to_begin_with_holds_every_field_and_fills_as_it_is(officer, inspector, client_of):
    assert client_of(inspector).get("/van-ban/mau-word/").status_code == 403
    given = client_of(officer).get("/van-ban/mau-word/").content
    written = text_of_docx(given)
    assert [name for name in FIELDS if name not in written and name not in ("so", "ky_hieu")] == []
    word = Word(io.BytesIO(fill_template(given, papers.plan(authority="Ban Thường vụ", addressees=["Các đơn vị"]))))
    text = text_of_docx(fill_template(given, papers.plan(authority="Ban Thường vụ", addressees=["Các đơn vị"])))
    for words in ("Số: 05/KH-LĐLĐ", "KẾ HOẠCH", "BAN THƯỜNG VỤ", "Kính gửi: Các đơn vị", "TM. BAN THƯỜNG VỤ", "Lò Văn Mẫu",
                  "- Lưu: VT, CSPL.", "Phụ lục II"):  # fmt: skip
        assert words in text.replace("\xa0", " "), words
    assert "{" not in text
    bases = [p.text for p in word.paragraphs if p.style.name == "Căn cứ"]
    assert (len(bases), bases[0][:15]) == (2, "Căn cứ Chương t")


def test_in_a_template_all_who_sign_stand_and_wide_tables_keep_to_the_page():
    signatures = [Signature(["Bên nhận"], "Người Một"), Signature(["Bên giao"], "Người Hai")]
    document = papers.plan(signatures=signatures, landscape=True, notes=["Gửi về cổng thông tin."])
    text = text_of_docx(filled := fill_template(GOOD, document))
    assert [words for words in ("BÊN NHẬN", "BÊN GIAO", "Người Hai", "Gửi về cổng") if words not in text] == []
    assert text.count("Người Một") == 1
    widths = [table._tbl.tblPr.find(qn("w:tblW")) for table in Word(io.BytesIO(filled)).tables]
    assert {(width.get(qn("w:type")), width.get(qn("w:w"))) for width in widths} == {("pct", "5000")}


def test_a_board_held_up_takes_no_template(province, officer):
    style(province).set_template(officer, SimpleUploadedFile("mau.docx", GOOD))
    shown = styled(OfficialDocument(unit_id=province.pk, poster=True), "round_board")
    assert (shown.template, styled(OfficialDocument(unit_id=province.pk), "plan").template != "") == ("", True)


def test_a_second_click_prints_anew_when_the_style_changed_between(province, plan, officer):
    row = style(province, closing_words="Lời cũ.")
    jobs = [printed(officer, plan, "docx", kind="progress") for _ in range(2)]
    row.closing_words = "Lời mới."
    row.save()
    jobs += [printed(officer, plan, "docx", kind="progress") for _ in range(2)]
    assert [jobs[0] == jobs[1], jobs[1] == jobs[2], jobs[2] == jobs[3]] == [True, False, True]
    assert ["Lời mới" in text_of_docx(content(job)) for job in jobs[1:3]] == [False, True]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["{{p noi_dung }}", "{{ ''.__class__.__mro__ }}"], "không được phép"),
        (["{{p noi_dung }}", "{{ cycler.__init__.__globals__ }}"], "không được phép"),
        (["{{p noi_dung }}", "{{ so_ky_hiu }}"], "không có trong bảng hướng dẫn: so_ky_hiu"),
        (["{{p noi_dung }}", "{% for a in noi_nhan %}"], "viết sai"),
        (["{{p noi_dung }}", "{{ noi_dung.tpl.save('{written}') }}"], "không có trong bảng hướng dẫn: tpl"),
        (["{{p noi_dung }}", "{{ noi_dung.docx.part }}"], "không có trong bảng hướng dẫn: docx"),
        (["Không có nội dung"], "chưa có chỗ cho nội dung"),
        (["{{p noi_dung }}", "{{ 'a' * 99999999999 }}"], "giới hạn"),
        (["Số {{ so }", "{{p noi_dung }}"], "“Số {{ so }”"),
        (["{{p noi_dung }}", "{ so }}/{{ ky_hieu }}"], "“{ so }}/”"),
        (["{% if so }", "{{p noi_dung }}", "{{ so }}{% endif %}"], "“{% if so }”"),
        (["{so_ky_hieu}", "{{p noi_dung }}"], "“{so_ky_hieu}”"),
    ],
    ids=[
        "classes",
        "globals",
        "misspelled",
        "unclosed",
        "writes-a-file",
        "the-word-file-itself",
        "no-body",
        "memory",
        "half-closed",
        "half-opened",
        "half-closed-block",
        "single-braces",
    ],
)
def test_a_hostile_or_wrong_template_gets_a_sentence(lines, told, province, officer, tmp_path):
    row, written = style(province), tmp_path / "ghi.docx"
    lines = [line.replace("{written}", str(written)) for line in lines]
    with pytest.raises(Refused, match=told):
        row.set_template(officer, SimpleUploadedFile("mau.docx", template(*lines)))
    assert (DocumentStyle.objects.get().template, written.exists()) == (None, False)


def test_a_mistyped_field_in_a_header_is_told_at_upload_and_a_template_in_use_goes_on(province, officer):
    word, target = Word(io.BytesIO(GOOD)), io.BytesIO()
    word.sections[0].header.paragraphs[0].text = "{{ co_quan }"
    word.save(target)
    with pytest.raises(
        Refused, match="không được thay bằng nội dung: “{{ co_quan }”; hãy viết đúng như {{ so_ky_hieu }}."
    ):
        style(province).set_template(officer, SimpleUploadedFile("mau.docx", target.getvalue()))
    in_use = template("{ so }}", "{{p noi_dung }}")
    assert "{ so }}" in text_of_docx(fill_template(in_use, sample()))


@pytest.mark.parametrize(("kind", "refused"), [("attachedTemplate", True), ("image", True), ("hyperlink", False)])
def test_a_template_fetches_nothing_when_its_papers_are_opened(kind, refused):
    word = Word()
    word.add_paragraph("{{p noi_dung }}")
    word.part.relate_to("https://example.org/x", f"{_RELATIONSHIPS}/{kind}", is_external=True)
    word.save(data := io.BytesIO())
    if refused:
        with pytest.raises(Refused, match="nối tới tệp ở ngoài"):
            fill_template(data.getvalue(), sample())
    else:
        assert "Nội dung." in text_of_docx(fill_template(data.getvalue(), sample()))


def test_what_is_no_word_file_gets_a_sentence():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (70 << 20))
    for data, told in ((b"khong phai", "bị hỏng"), (bomb.getvalue(), "quá lớn")):
        with pytest.raises(Refused, match=told):
            fill_template(data, sample())


def test_an_officer_of_a_unit_words_only_its_own(province, district_a, unit_officer_a, client_of):
    row, client = style(province), client_of(unit_officer_a)
    assert client.get(f"/welfare/documentstyle/{row.pk}/change/").status_code == 404
    client.post("/welfare/documentstyle/add/", {"kind": "", "signer": "Người Huyện", "unit": province.pk})
    assert DocumentStyle.objects.get(signer="Người Huyện").unit == district_a


def test_an_older_version_of_a_style_opens(province, officer, client_of):
    row = style(province, signer="Trần Thị Ký")
    version = row.history.earliest().history_id
    assert client_of(officer).get(f"/welfare/documentstyle/{row.pk}/history/{version}/").status_code == 200


def test_a_paper_bears_the_letterhead_of_its_day(province, officer, leader):
    """Since 07/2025 unions stand under another body; what was issued before keeps the one it was issued under."""
    province.letterheads.create(superior="Cấp cũ", issuer="Tên cũ", place="Bến Tre")
    province.letterheads.create(superior="Cấp mới", issuer="Tên mới", place="Bến Tre", valid_from=date(2025, 7, 1))
    heads = []
    for number, day in (("01", date(2025, 6, 30)), ("02", date(2025, 7, 1))):
        plan = make_plan(province, officer, first_year=2025)
        plan.submit(officer)
        plan.issue(leader, number=number, on=day)
        report = make_document(officer, "progress", plan.pk, until=f"{day:%Y-%m-%d}", year="2025")
        heads += [make_document(officer, "plan", plan.pk).letterhead, report.letterhead]
    assert heads == [[["CẤP CŨ"], ["TÊN CŨ"]]] * 2 + [[["CẤP MỚI"], ["TÊN MỚI"]]] * 2
