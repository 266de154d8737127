"""How a unit words and forms its documents: signatory, recipients, closing words, and a Word template in a sandbox."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word

from tests.factories import make_plan
from tests.test_printing import content, printed, text_of_docx
from welfare.documents.printing import make_document
from welfare.documents.styles.template import fill_template, sample
from welfare.models import DocumentStyle
from welfare.states import Refused

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["{{p noi_dung }}", "{{ ''.__class__.__mro__ }}"], "không được phép"),
        (["{{p noi_dung }}", "{{ cycler.__init__.__globals__ }}"], "không được phép"),
        (["{{p noi_dung }}", "{{ so_ky_hiu }}"], "không có trong bảng hướng dẫn: so_ky_hiu"),
        (["{{p noi_dung }}", "{% for a in noi_nhan %}"], "viết sai"),
        (["Không có nội dung"], "chưa có chỗ cho nội dung"),
        (["{{p noi_dung }}", "{{ 'a' * 99999999999 }}"], "giới hạn"),
    ],
    ids=["classes", "globals", "misspelled", "unclosed", "no-body", "memory"],
)
def test_a_hostile_or_wrong_template_gets_a_sentence(lines, told, province, officer):
    row = style(province)
    with pytest.raises(Refused, match=told):
        row.set_template(officer, SimpleUploadedFile("mau.docx", template(*lines)))
    assert DocumentStyle.objects.get().template is None


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
