"""Three invented plans with the shapes that real ones have: headers, bases, doubled numbers, recipients beside a signature."""

from tests.words import Paper

CARE_TARGETS = [
    "1. 100% đoàn viên gặp hoàn cảnh khó khăn, ốm đau được thăm hỏi, hỗ trợ trong năm.",
    "2. Xây mới và sửa chữa từ 10 Mái ấm Công đoàn trở lên; khảo sát để xây 01 nhà ở công vụ cho cán bộ y tế.",
    "3. Vận động trên 90% đoàn viên ủng hộ Quỹ Xã hội Công đoàn tỉnh.",
    "4. Ký mới 05 bản thỏa ước lao động tập thể và 01 - 02 thỏa thuận hợp tác phúc lợi đoàn viên.",
]
CARE_BASES = (
    "Căn cứ Chương trình số 06/CTr - LĐLĐ, ngày 14/9/2018 của LĐLĐ tỉnh về phúc lợi đoàn viên giai đoạn 2018 – 2023; "
    "Kế hoạch số 132/KH-LĐLĐ ngày 06/12/2019 của LĐLĐ tỉnh về nâng cao lợi ích cho người lao động;"
)


def care_plan() -> bytes:
    """Header in a table, two bases in one paragraph, typed numbers with "III" twice, no signing capacity."""
    paper = Paper().table(
        (
            "TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM\nLĐLĐ TỈNH\n_____",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
        ),
        ("Số: 309/KH - LĐLĐ", "Vĩnh An, ngày 08 tháng 02 năm 2022"),
    )
    paper.line("KẾ HOẠCH", bold=True, centred=True)
    paper.line("Chăm lo đoàn viên và người lao động năm 2022", bold=True, centred=True)
    paper.line(CARE_BASES, italic=True)
    paper.line("Thực hiện Nghị quyết số 02-NQ/TW của Bộ Chính trị về đổi mới hoạt động công đoàn;", italic=True)
    paper.line("Ban Thường vụ Liên đoàn Lao động tỉnh xây dựng kế hoạch chăm lo năm 2022 như sau:")
    paper.line("I. MỤC ĐÍCH", bold=True).lines(
        "1. Đưa phúc lợi đến đúng người, đúng lúc.", "2. Công khai, có địa chỉ cụ thể."
    )
    paper.line("II. CHỈ TIÊU CỤ THỂ", bold=True).lines(*CARE_TARGETS)
    paper.line("III. NHIỆM VỤ, GIẢI PHÁP", bold=True).lines(
        "1. Rà soát người khó khăn ở từng cơ sở, lập danh sách đề nghị hỗ trợ.",
        "Thời gian thực hiện: Thường xuyên.",
        "2. Tổng kết phong trào và biểu dương tập thể, cá nhân tiêu biểu.",
        "Thời gian thực hiện: Hoàn thành trước ngày 20/11/2022.",
    )
    paper.line("III. TỔ CHỨC THỰC HIỆN", bold=True).lines(
        "1. Liên đoàn Lao động tỉnh",
        "- Chỉ đạo các đơn vị triển khai kế hoạch.",
        "- Giao Ban Chính sách pháp luật và Quan hệ lao động LĐLĐ tỉnh chủ trì, phối hợp với Ban Tài chính theo dõi, tổng hợp.",
        "2. Công đoàn cấp trên trực tiếp cơ sở",
        "- Xây dựng kế hoạch của đơn vị, báo cáo về LĐLĐ tỉnh trước ngày 15/11 hằng năm.",
        "Trong quá trình thực hiện, vướng mắc báo về Ban Chính sách pháp luật để giải đáp.",
        "Nơi nhận:",
        "- Đoàn Chủ tịch TLĐ; (để b/c)",
        "- Các ban LĐLĐ tỉnh; (để t/h)",
        "- Lưu: VT.",
        "Trần Thị Ký",
    )
    return paper.bytes()


def action_programme() -> bytes:
    """Title of three lines, Word's own numbers and dashes, no bases, a horizon and a vision."""
    paper = Paper().line("Số: 04 /CTr-LĐLĐ").line("Vĩnh An, ngày 24 tháng 10 năm 2024", italic=True)
    paper.line("CHƯƠNG TRÌNH HÀNH ĐỘNG", bold=True, centred=True)
    paper.line("của Ban Chấp hành LĐLĐ tỉnh", bold=True, centred=True)
    paper.line("Thực hiện Nghị quyết 07/NQ-BCH, ngày 29 tháng 8 năm 2024 của", bold=True, centred=True)
    paper.line("Tổng LĐLĐ Việt Nam về “Chăm lo đoàn viên trong tình hình mới”", bold=True, centred=True)
    paper.numbered(
        (0, "MỤC TIÊU, CHỈ TIÊU"),
        (1, "Mục tiêu tổng quát đến năm 2030"),
        (3, "Đời sống của 100% đoàn viên ngày một tốt hơn."),
        (1, "Chỉ tiêu chủ yếu đến năm 2030"),
        (3, "100% đoàn viên được thông tin về chính sách phúc lợi của công đoàn."),
        (3, "100% công đoàn cấp trên trực tiếp cơ sở và trên 50% công đoàn cơ sở tổ chức “Tết Sum vầy”."),
        (1, "Tầm nhìn đến năm 2045"),
        (3, "Phúc lợi bao phủ 100% đoàn viên."),
        (0, "NHIỆM VỤ"),
        (1, "Tăng cường tuyên truyền"),
        (2, "Trên mạng xã hội"),
        (2, "Ở cơ sở"),
    )
    paper.lines(
        "Nơi nhận :", "- Tổng LĐLĐ Việt Nam;", "- Lưu: VT, Ban CSPL.", "TM. BAN CHẤP HÀNH", "CHỦ TỊCH", "Lê Văn Mẫu"
    )
    return paper.bytes()


def event_plan() -> bytes:
    """Number and day blank, header parted by a tab, departments as headings, recipients in a cell beside the signature."""
    paper = Paper().line("Số:        /KH-LĐLĐ\tVĩnh An, ngày     tháng 10 năm 2022")
    paper.line("KẾ HOẠCH", bold=True, centred=True)
    paper.line("Phát động “Hậu phương người lao động”", bold=True, centred=True)
    paper.line("giai đoạn 2022 -2025", bold=True, centred=True).line("___________", centred=True)
    paper.lines(
        "Căn cứ Đề dán số 8402/ĐA-UBND ngày 20 tháng 12 năm 2021 về an sinh xã hội;",
        "Thực hiện Kế hoạch số 316/KH-LĐLĐ ngày 30 tháng 8 năm 2022 về việc thực hiện “Hậu phương”, Ban Thường vụ LĐLĐ tỉnh "
        "xây dựng kế hoạch phát động với các nội dung cụ thể như sau:",
        "I. NỘI DUNG",
        "1. Thời gian tổ chức: tháng 11 năm 2022.",
        "2. Số lượng đại biểu: 280 đại biểu",
        "- Người thuộc khu công nghiệp: 70 đại biểu",
        "+ Chủ hộ nghèo: 20 đại biểu",
        "2. Kinh phí",
        "Từ nguồn tài chính công đoàn và",
        "nguồn vận động.",
        "II. TỔ CHỨC THỰC HIỆN",
        "1. Ban Chính sách - Pháp luật",
        "Tổng hợp danh sách đại biểu tham dự.",
        "2. Các đơn vị",
        "- Giao LĐLĐ huyện An:",
        "+ Chọn 01 gia đình phát biểu cảm tưởng.",
        "* Lưu ý: bài phát biểu gửi trước để biên tập.",
        "Trên đây là kế hoạch phát động. Đề nghị các đơn vị thực hiện tốt./.",
    )
    paper.table(
        (
            "Nơi nhận:\n- TT Tỉnh ủy;\n- Các Ban LĐLĐ tỉnh;\n- Lưu: VP.",
            "TM. BAN THƯỜNG VỤ\nPHÓ CHỦ TỊCH\n\nPhạm Thị Mẫu",
        )
    )
    return paper.bytes()
