"""The four-year plan for workers' families, after Bến Tre's of 2022."""

from datetime import date

from welfare.management.demo.plan_parts import Figure, Paper, Part, Task

_HOUSES = {
    "THANHPHO": 4, "BATRI": 5, "BINHDAI": 3, "CHAUTHANH": 4, "CHOLACH": 2, "GIONGTROM": 5, "MOCAYBAC": 3, "MOCAYNAM": 3,
    "THANHPHU": 3, "KCN": 8, "GIAODUC": 2, "YTE": 2, "VIENCHUC": 2,
}  # fmt: skip


def backing_plan() -> Paper:
    first, last = 2022, 2025
    end = date(last, 12, 31)
    figures = (
        Figure("Đến cuối giai đoạn, 100% người lao động thuộc hộ nghèo, hộ cận nghèo được thăm hỏi, hỗ trợ.",
               "hardship_supported_share", 100, deadline=end, year=last),
        Figure("Cả giai đoạn xây mới, sửa chữa 50 nhà cho đoàn viên khó khăn.", "houses_handed_over", 50, "nhà", ">=",
               own_part=4, shares=_HOUSES, combine="cumulative", deadline=end, year=last,
               milestones={2022: 5, 2023: 20, 2024: 35}),
    )  # fmt: skip
    return Paper(
        key="BACKING", title="Tổ chức thực hiện “Hậu phương người lao động” giai đoạn 2022 - 2025", symbol="KH-LĐLĐ",
        number="316", issued=date(2022, 8, 30), first_year=first, last_year=last, bases=(("Căn cứ", "scheme"),),
        summary="Chăm lo tốt gia đình là để người lao động yên tâm làm việc; Ban Thường vụ Liên đoàn Lao động tỉnh giao "
                "các cấp công đoàn thực hiện những việc sau.",
        parts=(
            Part("I.", "MỤC ĐÍCH, YÊU CẦU", parts=(
                Part("1.", "Mục đích", "Giúp cha mẹ, vợ chồng, con của người lao động thuộc hộ nghèo, hộ cận nghèo có vốn làm ăn, "
                                       "có nhà ở, được chăm sóc khi đau ốm."),
                Part("2.", "Yêu cầu", "Huy động nhiều nguồn lực, làm trang trọng, thiết thực, đúng người, đúng việc."),
            )),
            Part("II.", "CHỈ TIÊU", figures=figures),
            Part("III.", "NỘI DUNG", parts=(
                Part("1.", "Truyền thông", "Giới thiệu các chương trình tín dụng cho công nhân; biểu dương tập thể, cá nhân làm tốt."),
                Part("2.", "Chăm lo", "Góp Quỹ Mái ấm Công đoàn; dựng Nhà nghĩa tình đồng nghiệp, Mái ấm ngành y, Nhà tình thương; "
                                      "trao vốn sinh kế; thăm người bệnh nan y, người bị tai nạn lao động."),
                Part("3.", "Họp mặt", "Tổ chức họp mặt 280 đại biểu theo bảng phân bổ cho các đơn vị."),
            )),
        ),
        tasks=(
            Task("Vận động doanh nghiệp, ngân hàng cùng trao vốn và quà.", "CSPL", "Thường xuyên", None, "TC"),
            Task("Lập danh sách người dự họp mặt theo số đại biểu được phân bổ.", 2, "Trước họp mặt 15 ngày"),
            Task("Chọn gia đình phát biểu cảm tưởng và quay phóng sự.", "KCN", "Trước họp mặt 20 ngày", None, "TGNC"),
        ),
        recipients=(
            ("Tổng Liên đoàn Lao động Việt Nam", "để b/c"), ("Thường trực Tỉnh ủy", "để b/c"), ("Sở Nội vụ", "để p/h"),
            ("Các công đoàn cấp trên trực tiếp cơ sở", "để t/h"), ("Lưu: VP, Ban CSPL", ""),
        ),
        signer="lanhdao2",
    )  # fmt: skip
