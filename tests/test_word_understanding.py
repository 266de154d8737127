"""What is understood of a plan's lines; and that no line's words are ever lost, whatever they are."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.plans.word.citations import read_citation, split_bases, split_number
from programs.plans.word.found import Citation
from programs.plans.word.reading import Line, read_pasted, read_word
from programs.plans.word.understanding import understand
from tests import word_papers
from welfare.vietnamese import fold

KINDS = ["Kế hoạch", "Chương trình", "Chương trình hành động", "Nghị quyết", "Quyết định", "Luật", "Công văn"]


def understood(text: str):
    return understand(read_pasted(text), KINDS)


def of_file(data: bytes):
    return understand(read_word(io.BytesIO(data), filename="ke-hoach.docx"), KINDS)


def tree(sections, depth=0) -> list[str]:
    """A line a section, and one a paragraph of its text."""
    lines = []
    for section in sections:
        lines.append("  " * depth + f"{section.number} {section.heading}".strip())
        lines += ["  " * depth + f"  | {text}" for _, text in section.body]
        lines += tree(section.children, depth + 1)
    return lines


# Citations ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("309/KH - LĐLĐ", ("309", "KH-LĐLĐ")),
        ("04 /CTr-LĐLĐ", ("04", "CTr-LĐLĐ")),
        ("1734/CTr –TLĐ", ("1734", "CTr-TLĐ")),
        ("07-NQ/BCH", ("07", "NQ/BCH")),
        ("số 50/2024/QH15", ("50", "2024/QH15")),
        ("số     /KH-LĐLĐ", ("", "KH-LĐLĐ")),
        ("số 12", ("12", "")),
        ("chăm lo", None),
    ],
)
def test_numbers_however_they_are_spaced(text, parts):
    assert split_number(text) == parts


@pytest.mark.parametrize(
    ("text", "citation"),
    [
        (
            "Kế hoạch số 132/KH-LĐLĐ, ngày 06/12/2019 của LĐLĐ tỉnh về nâng cao phúc lợi;",
            Citation("Kế hoạch", "132", "KH-LĐLĐ", 6, 12, 2019, "LĐLĐ tỉnh", "nâng cao phúc lợi"),
        ),
        (
            "Nghị quyết 07/NQ-BCH ngày 29 tháng 8 năm 2024 của Tổng LĐLĐ Việt Nam “Chăm lo”",
            Citation("Nghị quyết", "07", "NQ-BCH", 29, 8, 2024, "Tổng LĐLĐ Việt Nam", "“Chăm lo”"),
        ),
        (
            "Quyết định số 1729/QĐ-TTg của Thủ tướng Chính phủ về sửa đổi quy định",
            Citation("Quyết định", "1729", "QĐ-TTg", issuer="Thủ tướng Chính phủ", title="sửa đổi quy định"),
        ),
        (
            "Kế hoạch số      /KH-LĐLĐ ngày     tháng 10 năm 2022 về việc phát động",
            Citation("Kế hoạch", "", "KH-LĐLĐ", None, 10, 2022, "", "việc phát động"),
        ),
        ("Kế hoạch số 5/KH-LĐLĐ ngày 31/02/2023 về A", Citation("Kế hoạch", "5", "KH-LĐLĐ", None, 2, 2023, "", "A")),
        ("Luật Công đoàn năm 2024", Citation("Luật", title="Công đoàn năm 2024")),
        ("Chương trình hành động năm 2024 của Ban Thường vụ", Citation("Chương trình hành động", year=2024, issuer="Ban Thường vụ")),
        ("Đề dán số 8402/ĐA-UBND", None),
        ("Kế hoạch", None),
    ],
)  # fmt: skip
def test_a_citation_says_only_what_is_written(text, citation):
    assert read_citation(text, KINDS) == citation


def test_several_bases_in_one_paragraph():
    bases, rest = split_bases(
        "Căn cứ Luật Công đoàn năm 2024; Kế hoạch số 5/KH-LĐLĐ về phúc lợi; lợi ích; Thực hiện Nghị quyết số 02-NQ/TW, "
        "Ban Thường vụ LĐLĐ tỉnh xây dựng kế hoạch như sau:",
        KINDS,
    )
    assert [(verb, one.kind, one.number, one.title) for verb, one in bases] == [
        ("Căn cứ", "Luật", "", "Công đoàn năm 2024"),
        ("Căn cứ", "Kế hoạch", "5", "phúc lợi; lợi ích"),
        ("Thực hiện", "Nghị quyết", "02", ""),
    ]
    assert rest == "Ban Thường vụ LĐLĐ tỉnh xây dựng kế hoạch như sau:"


def test_a_basis_of_no_known_kind_stays_text():
    plan = understood("KẾ HOẠCH\nChăm lo năm 2026\nCăn cứ tình hình thực tế của đơn vị;\nI. MỤC ĐÍCH")
    assert (plan.bases, plan.summary) == ([], ["Căn cứ tình hình thực tế của đơn vị;"])
    assert plan.unsure == {"summary": "Có căn cứ chưa đọc ra số, ký hiệu hoặc loại văn bản nên để trong lời dẫn."}


# Whole plans --------------------------------------------------------------------------------------


def test_a_plan_with_its_header_in_a_table():
    plan = of_file(word_papers.care_plan())
    assert (plan.superior, plan.issuer) == ("TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM", "LĐLĐ TỈNH")
    assert (plan.number, plan.symbol, plan.place) == ("309", "KH-LĐLĐ", "Vĩnh An")
    assert (plan.day, plan.month, plan.year) == (8, 2, 2022)
    assert (plan.kind, plan.title) == ("Kế hoạch", "Chăm lo đoàn viên và người lao động năm 2022")
    assert (plan.first_year, plan.last_year, plan.issuing_body) == (2022, None, "Ban Thường vụ Liên đoàn Lao động tỉnh")
    assert [(basis.verb, basis.citation) for basis in plan.bases] == [
        ("Căn cứ", Citation("Chương trình", "06", "CTr-LĐLĐ", 14, 9, 2018, "LĐLĐ tỉnh", "phúc lợi đoàn viên giai đoạn 2018 – 2023")),
        ("Căn cứ", Citation("Kế hoạch", "132", "KH-LĐLĐ", 6, 12, 2019, "LĐLĐ tỉnh", "nâng cao lợi ích cho người lao động")),
        ("Thực hiện", Citation("Nghị quyết", "02", "NQ/TW", issuer="Bộ Chính trị", title="đổi mới hoạt động công đoàn")),
    ]  # fmt: skip
    assert plan.summary == ["Ban Thường vụ Liên đoàn Lao động tỉnh xây dựng kế hoạch chăm lo năm 2022 như sau:"]
    assert [f"{section.number} {section.heading}" for section in plan.sections] == [
        "I. MỤC ĐÍCH", "II. CHỈ TIÊU CỤ THỂ", "III. NHIỆM VỤ, GIẢI PHÁP", "III. TỔ CHỨC THỰC HIỆN",
    ]  # fmt: skip
    assert plan.closing == ["Trong quá trình thực hiện, vướng mắc báo về Ban Chính sách pháp luật để giải đáp."]
    assert [(one.name, one.purpose) for one in plan.recipients] == [
        ("Đoàn Chủ tịch TLĐ", "để b/c"), ("Các ban LĐLĐ tỉnh", "để t/h"), ("Lưu: VT", ""),
    ]  # fmt: skip
    assert (plan.capacity, plan.signer_title, plan.signer_name) == ("", "", "Trần Thị Ký")


def test_targets_with_every_figure_of_their_sentences():
    plan = of_file(word_papers.care_plan())
    found = [(t.text, t.figure.wanted()) for section in plan.walk() for t in section.targets]
    first, second, third, fourth = (text.split(" ", 1)[1] for text in word_papers.CARE_TARGETS)
    assert found == [
        (first, "100%"), (second, "từ 10 Mái ấm trở lên"), (second, "1 nhà"), (third, "trên 90%"), (fourth, "5 bản"),
        (fourth, "1 - 2 thỏa thuận"),
    ]  # fmt: skip


def test_tasks_by_their_time_their_giver_and_their_heading():
    plan = of_file(word_papers.care_plan())
    found = [
        (t.text.split()[0], t.lead[:24], t.whole_lead, t.coordinators, t.time, t.due_on)
        for section in plan.walk()
        for t in section.tasks
    ]
    assert found == [
        ("Rà", "", False, "", "Thường xuyên", None),
        ("Tổng", "", False, "", "Hoàn thành trước ngày 20/11/2022", date(2022, 11, 20)),
        ("Chỉ", "Liên đoàn Lao động tỉnh", True, "", "", None),
        ("Giao", "Ban Chính sách pháp luật", False, "Ban Tài chính", "", None),
        ("Xây", "Công đoàn cấp trên trực ", True, "", "", None),
    ]


def test_words_own_numbers_make_the_tree():
    plan = of_file(word_papers.action_programme())
    assert tree(plan.sections) == [
        "I. MỤC TIÊU, CHỈ TIÊU",
        "  1. Mục tiêu tổng quát đến năm 2030",
        "    | - Đời sống của 100% đoàn viên ngày một tốt hơn.",
        "  2. Chỉ tiêu chủ yếu đến năm 2030",
        "    | - 100% đoàn viên được thông tin về chính sách phúc lợi của công đoàn.",
        "    | - 100% công đoàn cấp trên trực tiếp cơ sở và trên 50% công đoàn cơ sở tổ chức “Tết Sum vầy”.",
        "  3. Tầm nhìn đến năm 2045",
        "    | - Phúc lợi bao phủ 100% đoàn viên.",
        "II. NHIỆM VỤ",
        "  1. Tăng cường tuyên truyền",
        "    a) Trên mạng xã hội",
        "    b) Ở cơ sở",
    ]
    assert [t.figure.value for section in plan.walk() for t in section.targets] == [Decimal(n) for n in (100, 100, 50)]
    assert (plan.first_year, plan.horizon_year, plan.vision_year) == (2024, 2030, 2045)
    assert plan.title == (
        "của Ban Chấp hành LĐLĐ tỉnh Thực hiện Nghị quyết 07/NQ-BCH, ngày 29 tháng 8 năm 2024 của Tổng LĐLĐ Việt Nam "
        "về “Chăm lo đoàn viên trong tình hình mới”"
    )
    assert (plan.implements.number, plan.implements.symbol) == ("07", "NQ-BCH")
    assert (plan.capacity, plan.signer_title, plan.signer_name) == ("TM. BAN CHẤP HÀNH", "CHỦ TỊCH", "Lê Văn Mẫu")


def test_blank_number_blank_day_and_recipients_beside_the_signature():
    plan = of_file(word_papers.event_plan())
    assert (plan.number, plan.symbol, plan.day, plan.month, plan.year) == ("", "KH-LĐLĐ", None, 10, 2022)
    assert (plan.title, plan.first_year, plan.last_year) == (
        "Phát động “Hậu phương người lao động” giai đoạn 2022 -2025", 2022, 2025,
    )  # fmt: skip
    assert tree(plan.sections) == [
        "I. NỘI DUNG",
        "  1.",
        "    | Thời gian tổ chức: tháng 11 năm 2022.",
        "  2. Số lượng đại biểu: 280 đại biểu",
        "    | - Người thuộc khu công nghiệp: 70 đại biểu",
        "    | + Chủ hộ nghèo: 20 đại biểu",
        "  2. Kinh phí",
        "    | Từ nguồn tài chính công đoàn và nguồn vận động.",
        "II. TỔ CHỨC THỰC HIỆN",
        "  1. Ban Chính sách - Pháp luật",
        "    | Tổng hợp danh sách đại biểu tham dự.",
        "  2. Các đơn vị",
        "    | - Giao LĐLĐ huyện An:",
        "    | + Chọn 01 gia đình phát biểu cảm tưởng.",
        "    | * Lưu ý: bài phát biểu gửi trước để biên tập.",
    ]
    tasks = [(t.text, t.lead) for section in plan.walk() for t in section.tasks]
    assert tasks == [
        ("Tổng hợp danh sách đại biểu tham dự.", "Ban Chính sách - Pháp luật"),
        ("Chọn 01 gia đình phát biểu cảm tưởng.", "LĐLĐ huyện An"),
    ]
    assert [one.name for one in plan.recipients] == ["TT Tỉnh ủy", "Các Ban LĐLĐ tỉnh", "Lưu: VP"]
    assert (plan.capacity, plan.signer_title, plan.signer_name) == ("TM. BAN THƯỜNG VỤ", "PHÓ CHỦ TỊCH", "Phạm Thị Mẫu")


def test_what_is_missing_stays_missing():
    plan = understood("I. NỘI DUNG\nMột đoạn văn.")
    assert (plan.number, plan.symbol, plan.place, plan.kind, plan.title, plan.year) == ("", "", "", "", "", None)
    assert (plan.bases, plan.recipients, plan.signer_name, plan.first_year) == ([], [], "", None)
    assert tree(plan.sections) == ["I. NỘI DUNG", "  | Một đoạn văn."]


def test_bold_headings_without_numbers():
    lines = [
        Line("Mục đích", at=0, bold=True),
        Line("Một đoạn.", at=1),
        Line("Yêu cầu", at=2, bold=True),
        Line("1. Việc.", at=3),
    ]
    assert tree(understand(lines, KINDS).sections) == ["Mục đích", "  | Một đoạn.", "Yêu cầu", "  1.", "    | Việc."]


def test_a_long_time_is_shortened_and_said():
    plan = understood(
        "III. NHIỆM VỤ\n1. Biểu dương tập thể tiêu biểu.\nThời gian thực hiện: Trong năm, quý I phối hợp với các đơn vị khảo sát "
        "để xây dựng nhà ở công vụ cho đoàn viên ở nơi khó khăn."
    )
    (task,) = [task for section in plan.walk() for task in section.tasks]
    assert (task.time, bool(task.unsure)) == ("Trong năm", True)


# Nothing is lost ----------------------------------------------------------------------------------

_WORDS = st.sampled_from(
    [
        "Căn cứ",
        "Kế hoạch",
        "Chương trình",
        "số 12/KH-LĐLĐ",
        "ngày 05/3/2026",
        "của",
        "về",
        "Nơi nhận:",
        "- ",
        "+ ",
        "I.",
        "II.",
        "1.",
        "a)",
        "1.1",
        "TM. BAN THƯỜNG VỤ",
        "CHỦ TỊCH",
        "KẾ HOẠCH",
        "CHỈ TIÊU",
        "100%",
        "từ 10 nhà trở lên",
        "Thời gian thực hiện:",
        "Giao Ban Tài chính",
        "tổ chức thực hiện",
        "(để b/c)",
        ";",
        ",",
        ".",
        ":",
        "như sau:",
        "Ban Thường vụ",
        "Số:",
        "Trần Văn An",
        "năm 2026",
        "\t",
        "đoàn viên",
        "Trên đây là",
        "Lưu: VT",
        "phối hợp với",
        "Phần I",
        "___",
    ]
)
_TEXTS = st.one_of(
    st.lists(_WORDS, min_size=1, max_size=9).map(" ".join), st.text(max_size=60), st.text(min_size=390, max_size=700)
)
_PLACES = st.sampled_from([(-1, -1, -1), (-1, -1, -1), (-1, -1, -1), (3, 0, 0), (3, 0, 1), (3, 1, 0)])


@st.composite
def _lines(draw):
    texts = draw(st.lists(_TEXTS, min_size=1, max_size=14))
    read = [line.text for text in texts for line in _as_read(text)]
    lines = []
    for at, text in enumerate(read):
        table, row, cell = draw(_PLACES)
        lines.append(
            Line(
                text, at=at, number=draw(st.sampled_from(["", "", "", "I.", "1.", "a)", "-", "+"])), bold=draw(st.booleans()),
                centred=draw(st.booleans()), heading=draw(st.sampled_from([0, 0, 0, 1, 2])), after_gap=draw(st.booleans()),
                table=table, row=row, cell=cell,
            )
        )  # fmt: skip
    return lines


def _as_read(text):
    """As the readers hand lines over: cleaned, without empty ones."""
    try:
        return read_pasted(text)
    except Exception:
        return []


def _everything(plan) -> str:
    fields = [plan.superior, plan.issuer, plan.number, plan.symbol, plan.place, plan.kind, plan.title, plan.capacity]
    dates = [plan.day, plan.month, plan.year]
    words = [*fields, *dates, plan.signer_title, plan.signer_name, *plan.summary, *plan.closing]
    for basis in plan.bases:
        words += [basis.verb, *vars(basis.citation).values()]
    for section in plan.walk():
        words += [section.number, section.heading, section.text]
    for one in plan.recipients:
        words += [one.name, one.purpose]
    return " ".join(str(word) for word in words if word)


# Words that join what is kept apart ("số … ngày … của … về …"), and the headings that every print has.
_JOINING = {"so", "ngay", "thang", "nam", "cua", "ve", "do", "ky", "v", "noi", "nhan"}


def _parts(text: str) -> set[str]:
    return {word.lstrip("0") or "0" for word in re.findall(r"[^\W_]+", fold(text))}


@settings(max_examples=400, deadline=None)
@given(lines=_lines())
def test_no_line_is_ever_lost(lines):
    plan = understand(lines, KINDS)
    kept = _parts(_everything(plan))
    assert [line.shown for line in lines if not _parts(line.shown) - _JOINING <= kept] == []
    assert all(len(section.number) <= 12 and len(section.heading) <= 400 for section in plan.walk())
    assert all(len(one.name) <= 200 and len(one.purpose) <= 40 for one in plan.recipients)
    assert max(map(len, (plan.capacity, plan.signer_title))) <= 80
    assert (len(plan.title) <= 400, len(plan.place) <= 60, len(plan.number) <= 20) == (True, True, True)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=400))
def test_no_pasted_text_ever_breaks_the_reader(text):
    lines = _as_read(text)
    assert understand(lines, KINDS) is not None
