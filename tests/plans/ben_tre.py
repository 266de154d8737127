"""A plan to launch a programme at a conference: still without its number and its day, no line of the issuer on top."""

from tests.plans.paper import Cited, Paper, Part, Task

PAPER = Paper(
    kind="KH",
    header={
        "symbol": "KH-LĐLĐ", "place": "Bến Tre", "dated_month": 10, "dated_year": 2022, "first_year": 2022, "last_year": 2025,
        "title": "Phát động thực hiện “Hậu phương người lao động” giai đoạn 2022 - 2025", "has_letterhead": False,
        "issuing_body": "Ban Thường vụ Liên đoàn Lao động tỉnh", "department": "CSPL",
        "summary": "Ban Thường vụ Liên đoàn Lao động tỉnh tổ chức phát động với các nội dung sau:",
        "closing": "Đề nghị các ban và công đoàn cấp trên trực tiếp cơ sở phối hợp để đạt kết quả tốt.",
        "capacity": "TM. BAN THƯỜNG VỤ", "signer_title": "PHÓ CHỦ TỊCH", "signer_name": "Huỳnh Văn Mẫu",
    },
    departments={"CSPL": "Ban Chính sách - Pháp luật", "TGNC": "Ban Tuyên giáo - Nữ công", "TC": "Ban Tài chính", "VP": "Văn phòng"},
    units={"KCN": "Công đoàn Các khu công nghiệp", "GT": "LĐLĐ huyện Giồng Trôm", "CT": "LĐLĐ huyện Châu Thành"},
    bases=(
        Cited("Căn cứ", "ĐA", "8402", "ĐA-UBND", (20, 12, 2021), "Ủy ban nhân dân tỉnh Bến Tre",
              "thí điểm bảo đảm an sinh xã hội của tỉnh giai đoạn 2021 - 2025, tầm nhìn 2030"),
        Cited("Thực hiện", "KH", "316", "KH-LĐLĐ", (30, 8, 2022), "", "tổ chức “Hậu phương người lao động” 2022 - 2025"),
    ),
    parts=(
        Part("I.", "MỤC ĐÍCH, YÊU CẦU", parts=(
            Part("1.", "Mục đích", "Chăm lo hậu phương để người lao động yên tâm làm việc.\nHuy động xã hội giúp người yếu thế."),
            Part("2.", "Yêu cầu", "Chương trình trang trọng, thiết thực, xã hội hóa cao."),
        )),
        Part("II.", "NỘI DUNG", parts=(
            Part("1.", "Công tác tuyên truyền", "Nói để mọi người biết chính sách; biểu dương người đóng góp nhiều."),
            Part("2.", "Thực hiện các hoạt động chăm lo", "Vận động Quỹ Mái ấm; thăm hỏi, tặng quà gia đình khó khăn."),
            Part("3.", "Thời gian tổ chức: tháng 11 năm 2022."),
            Part("4.", "Địa điểm tổ chức: Hội trường lớn Ủy ban nhân dân tỉnh."),
            Part("5.", "Số lượng đại biểu: 280 đại biểu",
                 "- Đơn vị tài trợ: 05 đại biểu.\n- Đoàn viên các huyện, thành phố, công đoàn ngành: 115 đại biểu.\n"
                 "+ Đại diện gia đình: 15 đại biểu\n(Bao gồm 10 đại biểu nhận nhà tình thương)"),
            Part("6.", "Nội dung chương trình", "- Văn nghệ chào mừng;\n- Trao vốn, trao bảng tượng trưng nhà Mái ấm;\n- Đáp từ."),
            Part("7.", "Trang trí sân khấu"),
            Part("8.", "Thành lập Ban tổ chức", "- Đ/c Chủ tịch LĐLĐ tỉnh - Trưởng ban;\n- Đ/c Phó Chủ tịch - Phó ban trực."),
            Part("9.", "Tổ giúp việc:", "Có bảng phân công riêng."),
        )),
        Part("III.", "TỔ CHỨC THỰC HIỆN", parts=(
            Part("1.", "Ban Chính sách - Pháp luật", tasks=(
                Task("Đôn đốc thực hiện; vận động doanh nghiệp hỗ trợ.", lead="CSPL", others="Doanh nghiệp"),
                Task("Chuẩn bị bài phát biểu; tổng hợp danh sách đại biểu.", lead="CSPL"),
                Task("Xây dựng chương trình chi tiết, sơ đồ chỗ ngồi.", lead="CSPL"),
            )),
            Part("2.", "Ban Tuyên giáo - Nữ công", tasks=(
                Task("Mời báo, đài đưa tin trước, trong và sau chương trình.", lead="TGNC", others="Báo, đài"),
                Task("Chuẩn bị văn nghệ, làm phim ngắn về hậu phương.", lead="TGNC"),
            )),
            Part("3.", "Văn phòng", tasks=(
                Task("Phát hành thư mời.", lead="VP"),
                Task("Chuẩn bị quà cho gia đình đoàn viên.", lead="VP", joins=("TC",)),
                Task("Chuẩn bị địa điểm, trang trí hội trường.", lead="VP"),
            )),
            Part("4.", "Ban Tài chính", tasks=(
                Task("Dự toán, quyết toán kinh phí; chuẩn bị quà.", lead="TC", joins=("VP",)),
            )),
            Part("5.", "Công đoàn Các khu công nghiệp và LĐLĐ các huyện, thành phố", tasks=(
                Task("Vận động nguồn lực; lập danh sách đại biểu gửi về tỉnh.", lead=2),
                Task("Chọn 01 hộ gia đình và 01 chủ tịch cơ sở phát biểu.", lead="KCN", joins=("CSPL",)),
                Task("Chọn 01 hộ nghèo, cận nghèo phát biểu và quay phim.", lead="GT"),
                Task("Chọn 01 hộ được hỗ trợ nhà phát biểu và quay phim.", lead="CT"),
            )),
        )),
    ),
    recipients=(
        ("Tổng Liên đoàn Lao động VN", ""), ("Phó Chủ tịch TLĐ phụ trách", ""), ("TT Tỉnh ủy", ""), ("Ban Dân vận Tỉnh ủy", ""),
        ("UB MTTQ VN tỉnh", ""), ("Sở LĐTB&XH", ""), ("Các Ban LĐLĐ tỉnh", ""), ("Các CĐ cấp trên trực tiếp cơ sở", ""),
        ("Lưu: VP, Ban CSPL", ""),
    ),
)  # fmt: skip
