"""A yearly plan of care: two sections numbered III, "2." twice, figures in eight sentences, no capacity of the signer."""

from tests.plans.paper import Cited, Goal, Paper, Part, Task

_TLD = "Tổng Liên đoàn Lao động Việt Nam"
_COMMITTEE = "Ban Chấp hành LĐLĐ tỉnh Lai Châu"
_HOUSES = (
    "3. Xây mới, sửa chữa ít nhất 10 Mái ấm cho đoàn viên khó khăn về nhà ở; khảo sát 01 nhà công vụ cho cán bộ y tế."
)
_AGREEMENTS = "5. Có thêm 05 bản thỏa ước lao động tập thể và 01 - 02 thỏa thuận phúc lợi với đối tác."

PAPER = Paper(
    kind="KH",
    header={
        "symbol": "KH - LĐLĐ", "place": "Lai Châu", "title": "Chăm lo cho đoàn viên, CNVCLĐ năm 2022", "first_year": 2022,
        "issuing_body": "Ban Thường vụ Liên đoàn Lao động tỉnh", "department": "CSPL",
        "summary": "Ban Thường vụ Liên đoàn Lao động tỉnh đề ra việc chăm lo trong năm 2022 như dưới đây:",
        "closing": "Có vướng mắc, các đơn vị trao đổi với ban đầu mối để được hướng dẫn.",
        "capacity": "", "signer_title": "", "signer_name": "Lò Thị Mẫu", "has_letterhead": False, "asks_unit_plans": "on",
    },
    number="309/KH - LĐLĐ",
    issued_on="08/02/2022",
    departments={"CSPL": "Ban Chính sách pháp luật và Quan hệ lao động"},
    units={"CDVC": "Công đoàn Viên chức tỉnh", "CDYT": "Công đoàn ngành Y tế"},
    bases=(
        Cited("Căn cứ", "CTr", "06", "CTr-LĐLĐ", (14, 9, 2018), "", "phúc lợi cho đoàn viên giai đoạn 2018 - 2023", _COMMITTEE),
        Cited("Căn cứ", "KH", "132", "KH-LĐLĐ", (6, 12, 2019), "", "“Tăng phúc lợi, lợi ích của đoàn viên 2019 - 2023”"),
        Cited("Thực hiện", "CTr", "20", "CTr-LĐLĐ", (23, 12, 2021), "", "chương trình công tác năm 2022", "Ban Thường vụ LĐLĐ tỉnh"),
        Cited("Thực hiện", "CTr", "1734", "CTr –TLĐ", (14, 11, 2019), _TLD, "phúc lợi của đoàn viên giai đoạn 2019 - 2023"),
        Cited("Thực hiện", "NQ", "02", "NQ/TW", (12, 6, 2021), "Bộ Chính trị", "đổi mới công đoàn trong tình hình mới"),
    ),
    parts=(
        Part("I.", "MỤC ĐÍCH, YÊU CẦU", parts=(
            Part("1.", "", "Đưa các chương trình phúc lợi của cấp trên vào việc làm hằng ngày của công đoàn trong tỉnh."),
            Part("2.", "", "Việc chăm lo phải thiết thực, gắn đoàn viên với tổ chức của mình."),
            Part("3.", "", "Mọi cấp công đoàn cùng làm, làm quanh năm và lan tỏa tới từng cơ sở."),
        )),
        Part("II.", "CHỈ TIÊU CỤ THỂ", goals=(
            Goal("1. 100% đoàn viên ốm đau, tai nạn, bệnh hiểm nghèo được thăm hỏi kịp thời.", "hardship_supported_share", "=", 100),
            Goal("2. 100% công đoàn cấp trên trực tiếp cơ sở tổ chức Tết Sum vầy 2023.", "units_tet_sum_vay", "=", 100),
            Goal(_HOUSES, "houses_handed_over", ">=", 10),
            Goal(_HOUSES, "duty_houses_surveyed", "=", 1, level=1),
            Goal("4. Trên 90% đoàn viên góp vào Quỹ Xã hội Công đoàn.", "contributing_members_share", ">", 90),
            Goal(_AGREEMENTS, "collective_agreements", "=", 5),
            Goal(_AGREEMENTS, "partner_agreements", "range", 1, 2),
            Goal("6. 100% công đoàn cấp trên có hoạt động Tháng Công nhân.", "units_workers_month", "=", 100),
            Goal("7. Từ 03 công đoàn cấp trên trở lên xây dựng Quỹ “Tương hỗ”.", "mutual_fund_units", ">=", 3),
            Goal("8. 100% dự án vay vốn việc làm đạt hiệu quả.", "loan_projects_on_track", "=", 100),
        )),
        Part("III.", "NHIỆM VỤ, GIẢI PHÁP THỰC HIỆN", tasks=(
            Task("1. Ban Chấp hành các cấp chủ động đại diện, bảo vệ đoàn viên.", lead=2),
            Task("2. Lo Tết, lo Tháng Công nhân, không để ai khó khăn mà bị bỏ sót.", lead=2, time="Thường xuyên"),
            Task("3. Cùng chuyên môn thực hiện quy chế dân chủ, đối thoại, thương lượng.", lead=3, time="Trong năm"),
            Task("4. Khen thưởng, tôn vinh người lao động tiêu biểu.", lead=2, time="Trong năm, quý I năm 2022", due="31/03/2022"),
            Task("5. Quản lý công khai Quỹ Xã hội; sửa quy chế của Quỹ.", lead="CSPL", time="Thường xuyên"),
            Task("6. Nhân rộng mô hình Quỹ tương hỗ.", lead="CSPL", joins_level=2, time="Trong năm"),
            Task("7. Vận động ủng hộ Quỹ; quản lý các dự án vay vốn.", lead="CSPL", joins=("CDVC",), time="Cả năm 2022"),
        )),
        Part("III.", "TỔ CHỨC THỰC HIỆN", parts=(
            Part("1.", "Liên đoàn Lao động tỉnh", "- Ra kế hoạch này và chỉ đạo cấp dưới có kế hoạch của mình.", tasks=(
                Task("Đôn đốc, kiểm tra và tổng hợp kết quả của các cấp.", lead="CSPL", time="Định kỳ"),
            )),
            Part("2.", "Công đoàn cấp trên trực tiếp cơ sở", "- Căn cứ điều kiện của mình mà có kế hoạch, báo cáo về tỉnh."),
            Part("2.", "", "- Các công đoàn ngành vận động nguồn lực xây nhà công vụ.", tasks=(
                Task("Khảo sát địa điểm xây nhà công vụ.", lead="CDYT", joins=("CDVC", "CSPL"), others="Trung tâm Y tế huyện"),
            )),
        )),
    ),
    recipients=(
        ("Đoàn Chủ tịch TLĐ", "để B/c"), ("Thường trực LĐLĐ tỉnh", "để chỉ đạo"),
        ("LĐLĐ các huyện, TP, CĐN, CĐVC", "để t/h"), ("Các Ban LĐLĐ tỉnh", ""), ("Lưu: VT, CSPL&QHLĐ", ""),
    ),
)  # fmt: skip
