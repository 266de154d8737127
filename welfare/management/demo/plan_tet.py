from datetime import date, timedelta

from welfare.management.demo.plan_parts import RECIPIENTS, Figure, Paper, Part, Task
from welfare.management.demo.province import tet

_GIFTS = {
    "THANHPHO": 320, "BATRI": 360, "BINHDAI": 220, "CHAUTHANH": 280, "CHOLACH": 160, "GIONGTROM": 340, "MOCAYBAC": 220,
    "MOCAYNAM": 240, "THANHPHU": 200, "KCN": 560, "GIAODUC": 220, "YTE": 180, "VIENCHUC": 200,
}  # fmt: skip


def tet_plan(year: int, *, number: str, issued: date) -> Paper:
    first = tet(year)
    before = first - timedelta(days=3)
    gifts = Figure(
        "Trao từ 3.500 suất quà, suất hỗ trợ trở lên cho đoàn viên, người lao động khó khăn.", "gifts", 3_500, "suất",
        ">=", own_part=3_500 - sum(_GIFTS.values()), shares=_GIFTS, deadline=before, year=year,
        season=f"Tết {year}",
    )  # fmt: skip
    spent = Figure(
        "Chi từ 1.200.000.000 đồng trở lên từ các nguồn.", "support_money", 1_200_000_000, "đồng", ">=", level=1,
        department="TC", deadline=before, year=year, season=f"Tết {year}",
    )  # fmt: skip
    held = Figure(
        f"100% công đoàn cấp trên trực tiếp cơ sở tổ chức Tết Sum vầy năm {year}.", "units_tet_sum_vay", 100,
        deadline=before, year=year,
    )  # fmt: skip
    return Paper(
        key=f"TET{year}", title=f"Chăm lo đoàn viên, người lao động dịp Tết năm {year}", symbol="KH-LĐLĐ",
        number=number, issued=issued, first_year=issued.year, last_year=max(year, issued.year), signer="lanhdao2",
        bases=(("Căn cứ", "tet_guidance"),), closed=first + timedelta(days=45),
        summary="Để mọi đoàn viên, người lao động đều có Tết, Ban Thường vụ Liên đoàn Lao động tỉnh phân công như sau.",
        parts=(
            Part("I.", "CHỈ TIÊU", figures=(gifts, spent, held)),
            Part("II.", "ĐỐI TƯỢNG, MỨC HỖ TRỢ", "Người thuộc hộ nghèo, hộ cận nghèo, bệnh hiểm nghèo, tai nạn lao động, mất "
                                                 "việc, giảm việc. Mỗi suất từ 500.000 đồng đến 2.000.000 đồng."),
            Part("III.", "TỔ CHỨC THỰC HIỆN", "Các đơn vị tải danh sách lên hệ thống đúng hạn của đợt; Liên đoàn Lao động tỉnh "
                                              "duyệt, chi và theo dõi việc ký nhận."),
        ),
        tasks=(
            Task("Lập danh sách đề nghị hỗ trợ Tết.", 2, "Theo hạn của đợt", first - timedelta(days=48), "CSPL",
                 "Các đơn vị đã gửi đủ"),
            Task("Chuẩn bị nguồn kinh phí và quà Tết.", "TC", "Trước Tết 30 ngày", first - timedelta(days=30), "VP",
                 "Đã chuẩn bị đủ"),
        ),
        recipients=RECIPIENTS,
    )  # fmt: skip
