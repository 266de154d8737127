"""The yearly plan of care: eight groups of targets with the figures of Lai Châu's plan of 2022."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from welfare.management.demo.plan_parts import RECIPIENTS, Figure, Paper, Part, Task
from welfare.management.demo.province import tet

_HOUSES = {
    "KCN": 2, "THANHPHO": 1, "BATRI": 1, "BINHDAI": 1, "CHAUTHANH": 1, "GIONGTROM": 1, "MOCAYBAC": 1, "THANHPHU": 1,
}  # fmt: skip
_AGREEMENTS = {"KCN": 2, "THANHPHO": 1, "CHAUTHANH": 1, "GIONGTROM": 1}


def care_plan(year: int, *, number: str, issued: bool) -> Paper:
    end = date(year, 12, 31)
    return Paper(
        key=f"CARE{year}", title=f"Chăm lo đoàn viên, công nhân, viên chức, lao động năm {year}", symbol="KH-LĐLĐ",
        number=number, issued=date(year, 1, 15) if issued else None, first_year=year, closed=end,
        unit_plans_due=date(year, 2, 28) if issued else None,
        bases=(
            ("Căn cứ", "welfare_programme"), ("Căn cứ", "own_welfare"), ("Căn cứ", "union_renewal"),
            ("Thực hiện", "work_programme"),
        ),
        summary=f"Ban Thường vụ Liên đoàn Lao động tỉnh đề ra kế hoạch chăm lo trong năm {year} với các nội dung dưới đây.",
        closing="Vướng mắc phát sinh, các đơn vị báo về Ban Chính sách - Pháp luật để cùng giải quyết.",
        parts=(_aims(), Part("II.", "CHỈ TIÊU CỤ THỂ", figures=tuple(_targets(year, end))), _measures(year), _duties()),
        tasks=_tasks(year), recipients=RECIPIENTS,
    )  # fmt: skip


def _aims() -> Part:
    return Part("I.", "MỤC ĐÍCH, YÊU CẦU", parts=(
        Part("1.", "", "Đưa chính sách phúc lợi của tổ chức công đoàn đến đúng người cần, đúng lúc, không bỏ sót."),
        Part("2.", "", "Mỗi cấp công đoàn tự rà soát, lập danh sách và chịu trách nhiệm về số liệu của đơn vị mình."),
        Part("3.", "", "Việc chăm lo làm quanh năm, công khai, có địa chỉ cụ thể, tránh trùng lặp giữa các nguồn."),
    ))  # fmt: skip


def _targets(year: int, end: date) -> Iterator[Figure]:
    """Eight sentences; the third and the fifth hold two targets each."""
    houses = "3. Xây mới, sửa chữa từ 10 Mái ấm Công đoàn trở lên; khảo sát xây 01 nhà ở công vụ cho cán bộ y tế nơi khó khăn."
    agreements = "5. Ký mới 05 bản thỏa ước lao động tập thể và 01 - 02 thỏa thuận hợp tác về phúc lợi đoàn viên."
    figure = partial(Figure, deadline=end)
    yield figure(
        "1. 100% đoàn viên, người lao động khó khăn, ốm đau, bệnh hiểm nghèo, tai nạn lao động được thăm hỏi, hỗ trợ.",
        "hardship_supported_share",
        100,
    )
    yield figure(
        f"2. 100% công đoàn cấp trên trực tiếp cơ sở tổ chức Tết Sum vầy năm {year + 1}.",
        "units_tet_sum_vay",
        100,
        year=year + 1,
        deadline=tet(year + 1),
    )
    yield figure(houses, "houses_handed_over", 10, "nhà", ">=", own_part=1, shares=_HOUSES)
    yield figure(houses, "duty_houses_surveyed", 1, "nhà", level=1)
    yield figure(
        "4. Trên 90% đoàn viên ủng hộ Quỹ Xã hội Công đoàn tỉnh.",
        "contributing_members_share",
        90,
        comparator=">",
        department="TGNC",
    )
    yield figure(agreements, "collective_agreements", 5, "bản", shares=_AGREEMENTS)
    yield figure(agreements, "partner_agreements", 1, "bản", "range", value_max=2, level=1)
    yield figure("6. 100% công đoàn cấp trên trực tiếp cơ sở tổ chức Tháng Công nhân.", "units_workers_month", 100)
    yield figure(
        "7. Từ 03 đơn vị trở lên đăng ký làm mô hình Quỹ tương hỗ công đoàn.", "mutual_fund_units", 3, "đơn vị", ">="
    )
    yield figure("8. 100% dự án vay vốn giải quyết việc làm được quản lý, thực hiện đúng cam kết.", "loan_projects_on_track",
                 100, level=1, department="TC")  # fmt: skip


def _measures(year: int) -> Part:
    """Numbered III, as is the part after it: the plan this one follows has the number twice."""
    return Part("III.", "NHIỆM VỤ, GIẢI PHÁP", parts=(
        Part("1.", "", "Ban Chấp hành công đoàn các cấp phân công người theo dõi chăm lo ở từng cơ sở, nắm danh sách người "
                       "khó khăn và cập nhật khi có thay đổi. Thời gian: thường xuyên."),
        Part("2.", "", f"Chuẩn bị Tết sớm, ưu tiên người ở lại làm việc, người không về quê, lao động ở trọ. "
                       f"Thời gian: quý IV năm {year}."),
        Part("3.", "", "Phối hợp chuyên môn cùng cấp đối thoại, thương lượng, đưa nội dung phúc lợi có lợi hơn luật vào thỏa "
                       "ước. Thời gian: trong năm."),
        Part("4.", "", "Sử dụng Quỹ Xã hội, Quỹ Mái ấm Công đoàn đúng mục đích; mọi khoản thu, chi ghi sổ và công khai. "
                       "Thời gian: thường xuyên."),
        Part("5.", "", f"Tuyên truyền gương vượt khó và mô hình hay; vận động doanh nghiệp, nhà hảo tâm cùng chăm lo. "
                       f"Thời gian: cả năm {year}."),
    ))  # fmt: skip


def _duties() -> Part:
    return Part("III.", "TỔ CHỨC THỰC HIỆN", parts=(
        Part("1.", "Liên đoàn Lao động tỉnh", "Ban Chính sách - Pháp luật là đầu mối đôn đốc, tổng hợp; Ban Tài chính lo "
                                              "nguồn chi; các ban khác làm phần việc được giao."),
        Part("2.", "Công đoàn cấp trên trực tiếp cơ sở", "Xây dựng kế hoạch của đơn vị, giao cho cơ sở và báo cáo kết quả về "
                                                         "Liên đoàn Lao động tỉnh trước ngày 15 tháng 11 hằng năm."),
    ))  # fmt: skip


def _tasks(year: int) -> tuple[Task, ...]:
    return (
        Task("Rà soát, lập danh sách đoàn viên, người lao động thuộc hộ nghèo, hộ cận nghèo.", 2, "Quý I",
             date(year, 3, 31), "CSPL", "13 đơn vị đã gửi danh sách"),
        Task("Tổ chức các hoạt động Tháng Công nhân.", 2, "Tháng 5", date(year, 5, 31), "TGNC", "Đã báo cáo kết quả"),
        Task("Khảo sát địa điểm xây nhà ở công vụ cho cán bộ y tế.", "YTE", "Quý III", date(year, 9, 30), "CSPL"),
        Task("Bố trí kinh phí chăm lo và quyết toán các đợt hỗ trợ.", "TC", "Trong năm", date(year, 12, 15), "CSPL"),
        Task("Tuyên truyền kết quả chăm lo trên trang thông tin công đoàn.", "TGNC", "Thường xuyên"),
        Task("Tổng hợp kết quả thực hiện kế hoạch, báo cáo Thường trực.", "CSPL", "Trước 30/11", date(year, 11, 30)),
    )  # fmt: skip
