"""The action programme to 2030 with a vision to 2045, with the figures of Hà Tĩnh's of 2024."""

from datetime import date

from welfare.management.demo.plan_parts import Figure, Paper, Part, Task

_HORIZON = 2030


def action_programme() -> Paper:
    return Paper(
        key="PROGRAMME", kind="CTHĐ", symbol="CTr-LĐLĐ", number="04", issued=date(2024, 10, 24), first_year=2024,
        title="Tập trung nguồn lực chăm lo đoàn viên, người lao động đến năm 2030, tầm nhìn đến năm 2045",
        horizon_year=_HORIZON, vision_year=2045, implements="care_resolution", body="Ban Chấp hành Liên đoàn Lao động tỉnh",
        bases=(("Thực hiện", "care_resolution"), ("Căn cứ", "institutions"), ("Căn cứ", "institutions_changed")),
        summary="Ban Chấp hành Liên đoàn Lao động tỉnh đề ra chương trình hành động với mục tiêu, chỉ tiêu và phân công sau.",
        parts=(
            Part("I.", "MỤC TIÊU, CHỈ TIÊU", parts=(
                Part("1.", "Mục tiêu đến năm 2030", "Phúc lợi đoàn viên được lo đồng bộ, lâu dài, có nguồn lực riêng và nguồn xã hội; "
                                                    "đoàn viên thấy rõ lợi ích khi vào công đoàn."),
                Part("2.", "Chỉ tiêu chủ yếu đến năm 2030", figures=tuple(_targets())),
                Part("3.", "Tầm nhìn đến năm 2045", "Phúc lợi công đoàn đến với mọi đoàn viên, là một phần của an sinh xã hội địa phương."),
            )),
            _measures(),
            Part("III.", "TỔ CHỨC THỰC HIỆN", parts=(
                Part("1.", "Liên đoàn Lao động tỉnh", "Ban Chính sách - Pháp luật làm đầu mối; các ban báo cáo phần việc khi được yêu cầu."),
                Part("2.", "Công đoàn cấp trên trực tiếp cơ sở", "Lập kế hoạch của đơn vị; báo cáo trước ngày 20 tháng 11 hằng năm."),
                Part("3.", "Công đoàn cơ sở", "Thực hiện tại chỗ; báo cáo cấp trên trực tiếp vào đầu tháng 11 hằng năm."),
            )),
        ),
        tasks=(
            Task("Tham mưu kinh phí để chi chăm lo đạt từ 60% tổng chi.", "TC", "Hằng năm", None, "CSPL"),
            Task("Tập huấn cán bộ chuyên trách làm công tác phúc lợi.", "TOCHUC", "Hằng năm", None, "CSPL"),
            Task("Truyền thông chính sách phúc lợi đến từng đoàn viên.", "TGNC", "Thường xuyên", None, 2),
            Task("Kiểm tra, giám sát việc thu, chi và chăm lo.", "UBKT", "Hằng năm"),
        ),
        recipients=(
            ("Tổng Liên đoàn Lao động Việt Nam", "để b/c"), ("Thường trực LĐLĐ tỉnh", "để chỉ đạo"),
            ("Các ban, Văn phòng, Ủy ban Kiểm tra LĐLĐ tỉnh", "để t/h"), ("Công đoàn cơ sở trực thuộc", "để t/h"),
            ("Lưu: VT, Ban CSPL", ""),
        ),
    )  # fmt: skip


def _targets():
    percent = [
        ("100% đoàn viên biết rõ chính sách, chương trình phúc lợi.", "members_informed_share", 100, "=", 3, "TGNC"),
        ("100% đoàn viên khó khăn được thăm hỏi, hỗ trợ.", "hardship_supported_share", 100, "=", 2, "CSPL"),
        ("100% công đoàn cấp trên trực tiếp cơ sở tổ chức Tết Sum vầy.", "units_tet_sum_vay", 100, "=", 2, "CSPL"),
        ("Trên 50% công đoàn cơ sở tổ chức Tết Sum vầy.", "grassroots_tet_sum_vay", 50, ">", 3, "CSPL"),
        (
            "100% công đoàn cấp trên trực tiếp cơ sở tổ chức Tháng Công nhân.",
            "units_workers_month",
            100,
            "=",
            2,
            "TGNC",
        ),
        ("Trên 50% công đoàn cơ sở tổ chức Tháng Công nhân.", "units_workers_month", 50, ">", 3, "TGNC"),
        ("Trên 90% cuộc đối thoại có nội dung phúc lợi tốt hơn luật.", "dialogues_share", 90, ">", 3, "CSPL"),
        ("Ít nhất 60% thỏa ước xếp loại B trở lên.", "collective_agreements_grade_b", 60, ">=", 3, "CSPL"),
        ("100% cán bộ chuyên trách làm phúc lợi được tập huấn.", "officers_trained_share", 100, "=", 2, "TOCHUC"),
        ("Dành ít nhất 60% tổng chi tài chính công đoàn cho chăm lo.", "welfare_spending_share", 60, ">=", 1, "TC"),
    ]
    for text, indicator, value, comparator, level, department in percent:
        yield Figure(text, indicator, value, comparator=comparator, level=level, department=department, year=_HORIZON,
                     deadline=date(_HORIZON, 12, 31), combine="at_end")  # fmt: skip


def _measures() -> Part:
    texts = [
        (
            "Tham mưu chính sách",
            "Góp ý chính sách nhà ở, tiền lương, bảo hiểm, lao động nữ và trẻ em từ thực tế cơ sở.",
        ),
        (
            "Bố trí nguồn lực",
            "Có người chuyên trách, có kinh phí, minh bạch thu chi; phát triển thiết chế công đoàn và vốn vay việc làm.",
        ),
        ("Chính sách dài hạn", "Hỗ trợ nhà ở, bệnh hiểm nghèo, tai nạn lao động, mất việc, Tết và đời sống tinh thần."),
        (
            "Đa dạng hoạt động",
            "Duy trì Tết Sum vầy, Tháng Công nhân, Mái ấm Công đoàn, chợ Tết, chuyến xe, bữa cơm công đoàn.",
        ),
        ("Truyền thông", "Dùng mạng xã hội và trang tin để chính sách đến từng tổ công đoàn."),
        ("Kiểm tra, giám sát", "Kiểm tra thu chi, lắng nghe phản ánh của đoàn viên, chặn việc trục lợi chính sách."),
    ]
    parts = tuple(Part(f"{n}.", heading, body) for n, (heading, body) in enumerate(texts, 1))
    return Part("II.", "NHIỆM VỤ VÀ GIẢI PHÁP", parts=parts)
