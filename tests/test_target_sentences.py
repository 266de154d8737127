"""Figures read out of a plan's sentence: every wording of the three papers, and what is no figure."""

from decimal import Decimal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.models import Target
from programs.targets.sentences import read_figures


def found(sentence) -> list[str]:
    return [figure.wanted() for figure in read_figures(sentence)]


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        # the plan of one year
        ("1. 100% đoàn viên khó khăn, mắc bệnh vì dịch Covid - 19 được thăm hỏi kịp thời.", ["100%"]),
        ("2. 100% Công đoàn cấp trên tổ chức “Tết Sum vầy” năm 2023.", ["100%"]),
        (
            "3. Xây mới và sửa chữa từ 10 Mái ấm công đoàn trở lên; khảo sát 01 nhà ở công vụ cho cán bộ y tế.",
            ["từ 10 Mái ấm trở lên", "1 nhà"],
        ),
        ("4. Vận động trên 90% đoàn viên ủng hộ Quỹ Xã hội.", ["trên 90%"]),
        ("5. Ký mới 05 bản TULĐTT và ký 01 - 02 thỏa thuận hợp tác phúc lợi.", ["5 bản", "1 - 2 thỏa thuận"]),
        ("6. 100% công đoàn cấp trên có Tháng công nhân, học Nghị quyết số 02-NQ/TW.", ["100%"]),
        ("7. Phấn đấu có 03 công đoàn cấp trên cơ sở trở lên đăng ký mô hình.", ["từ 3 công đoàn trở lên"]),
        ("8. Thực hiện hiệu quả 100% dự án vay vốn được giao.", ["100%"]),
        # the programme with a horizon
        ("- 100% đoàn viên được thông tin đầy đủ về chính sách.", ["100%"]),
        (
            "- 100% công đoàn cấp trên trực tiếp cơ sở và trên 50% công đoàn cơ sở tổ chức “Tết sum vầy”",
            ["100%", "trên 50%"],
        ),
        (
            "- Phấn đấu có trên 90% cuộc đối thoại nói về phúc lợi; ít nhất có 60% bản thỏa ước đạt từ loại B trở lên.",
            ["trên 90%", "từ 60% trở lên"],
        ),
        ("- Phấn đấu 100% cán bộ chuyên trách được tập huấn.", ["100%"]),
        ("- Dành ít nhất 60% tổng chi cho chăm lo.", ["từ 60% trở lên"]),
        ("Đến năm 2045 chăm lo bao phủ 100% đoàn viên.", ["100%"]),
        # the event
        ("5. Số lượng đại biểu: 280 đại biểu", ["280 đại biểu"]),
        ("Chủ hộ nghèo (30) và đại diện gia đình: 50 đại biểu", ["30", "50 đại biểu"]),
        (
            "Trao ít nhất 6.000 suất quà và 200.000 suất quà cho các cấp",
            ["từ 6.000 suất quà trở lên", "200.000 suất quà"],
        ),
    ],
)
def test_what_the_papers_say_is_read(sentence, figures):
    assert found(sentence) == figures


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("không quá 5% đơn vị báo cáo trễ", ["không quá 5%"]),
        ("tối đa 02 nhà mỗi huyện", ["không quá 2 nhà"]),
        ("từ 5% trở xuống", ["không quá 5%"]),
        ("không dưới 20 buổi", ["từ 20 buổi trở lên"]),
        ("tỷ lệ sai sót dưới 2%", ["dưới 2%"]),
        ("vận động hơn 1,5 tỷ đồng", ["trên 1.500.000.000 đồng"]),
        ("từ 5 đến 7 tỷ đồng", ["5.000.000.000 - 7.000.000.000 đồng"]),
        ("từ 500 triệu đến 1 tỷ đồng", ["500.000.000 - 1.000.000.000 đồng"]),
        ("tối thiểu 300.000 đồng/suất", ["từ 300.000 đồng trở lên"]),
        ("đạt 95 - 100%", ["95 - 100%"]),
        ("đạt 95% - 100% kế hoạch", ["95 - 100%"]),
        ("01-02 mô hình", ["1 - 2 mô hình"]),
        ("01 (một) nhà", ["1 nhà"]),
        ("62,5 phần trăm", ["62,5%"]),
        ("mỗi năm 05 nhà", ["5 nhà"]),
        ("tổng số 120 hộ", ["120 hộ"]),
        ("100% đơn vị có 25 đoàn viên trở lên", ["100%", "từ 25 đoàn viên trở lên"]),
        ("trao 2000 suất quà", ["2.000 suất quà"]),
        ("Đến năm 2030 - 100% đoàn viên", ["100%"]),
    ],
)
def test_every_comparator_and_unit_is_read(sentence, figures):
    assert found(sentence) == figures


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "Chăm lo đoàn viên năm 2026",
        "giai đoạn 2023 - 2028, tầm nhìn 2045",
        "giai đoạn 2022 -2025",
        "Nghị quyết 07/NQ-BCH ngày 29 tháng 8 năm 2024",
        "Kế hoạch số 309/KH - LĐLĐ; Nghị quyết số 02-NQ/TW ngày 12/6/2021; 04 /CTr-LĐLĐ; 8402/ĐA-UBND",
        "trước ngày 20 tháng 11 hàng năm; trước 15/11; từ ngày 20 - 22 tháng 11",
        "Quý 1, quý I, 6 tháng đầu năm, 2 năm một lần, 8 giờ",
        "1. Mục đích",
        "1.2. Yêu cầu",
        "nhà cấp 4, dịch COVID-19, lần thứ 12",
        "số 655/QĐ-TTg ngày 12/5/2017",
        "từ 90% đến 70%",
        "123.456.789.012.345.678 đồng",
        "0,12345%",
    ],
)
def test_what_is_no_figure_is_left_out(sentence):
    assert found(sentence) == []


def test_a_figure_says_where_it_stands():
    sentence = "Ký 01 - 02 thỏa thuận, trên 90% đoàn viên"
    assert [sentence[figure.start : figure.end] for figure in read_figures(sentence)] == ["01 - 02", "90%"]


def test_letters_in_two_pieces_are_read_alike():
    assert found(normalize("NFD", "ít nhất 3 nhà")) == ["từ 3 nhà trở lên"]


AMOUNTS = st.decimals(0, 10**9, places=2, allow_nan=False)
UNITS = st.sampled_from(["%", "nhà", "suất quà", "hộ", "bản", "đồng", "đơn vị", "đoàn viên"])


@given(
    comparator=st.sampled_from(Target.Comparator.values),
    value=AMOUNTS,
    more=st.decimals("0.01", 10**9, places=2),
    unit=UNITS,
    before=st.sampled_from(["", "3. ", "Phấn đấu đến năm 2030 ", "Vận động, ", "- "]),
    after=st.sampled_from(["", " cho đoàn viên năm 2026", "; theo Nghị quyết số 02-NQ/TW", "."]),
)
def test_whatever_a_target_says_is_read_back(comparator, value, more, unit, before, after):
    value_max = value + more if comparator == "range" else None
    said = Target(comparator=comparator, value=value, value_max=value_max, unit_of_measure=unit).wanted()
    [figure] = read_figures(f"{before}{said}{after}")
    assert (figure.comparator, figure.value, figure.value_max, figure.unit_of_measure) == (
        comparator, value, value_max, unit,
    )  # fmt: skip


WORDS = st.sampled_from(
    ["từ", "trở lên", "đến", "-", "%", "10", "2026", "1.000", "0,5", "/", "tỷ", "nhà", "ngày", "số", ","]
)


@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map(" ".join)))
def test_any_text_is_read_in_order_and_into_what_a_target_can_hold(text):
    figures = read_figures(text)
    places = [place for figure in figures for place in (figure.start, figure.end)]
    assert places == sorted(places)
    for figure in figures:
        assert Decimal(0) <= figure.value < 10**13
        assert (figure.value_max is not None) == (figure.comparator == "range")
        assert figure.value_max is None or figure.value_max > figure.value
        assert len(figure.unit_of_measure) <= 30
