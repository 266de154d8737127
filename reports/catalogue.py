"""Indicators the ledger counts from the first day on; a province adds its own on screen."""

from beneficiaries.catalogue import ROWS as _OF_BENEFICIARIES
from beneficiaries.houses.stages import WAY
from reports.helped import indicator_of
from reports.measures import MEASURES

# code, name, unit of measure, measure, and what of it counts.
_COUNTED = [
    ("houses_handed_over", "Nhà Mái ấm đã bàn giao", "nhà", "houses", {"stage": "handed_over"}),
    ("houses_new", "Nhà xây mới đã bàn giao", "nhà", "houses", {"stage": "handed_over", "construction": "new"}),
    ("houses_repaired", "Nhà sửa chữa đã bàn giao", "nhà", "houses",
     {"stage": "handed_over", "construction": "repair"}),
    ("houses_decided", "Nhà đã có quyết định hỗ trợ", "nhà", "houses", {"stage": "decided"}),
    ("houses_surveyed", "Nhà đã khảo sát", "nhà", "houses", {"stage": "surveyed"}),
    ("houses_appraised", "Nhà đã thẩm định", "nhà", "houses", {"stage": "appraised"}),
    ("houses_completed", "Nhà đã nghiệm thu", "nhà", "houses", {"stage": "completed"}),
    ("houses_settled", "Nhà đã quyết toán", "nhà", "houses", {"stage": "settled"}),
    ("duty_houses_surveyed", "Nhà ở công vụ được khảo sát", "nhà", "houses",
     {"stage": "surveyed", "house_kind": "cong_vu"}),
    ("gifts", "Suất quà, suất hỗ trợ đã trao", "suất", "gifts", {}),
    ("gifts_upper", "Suất quà do cấp trên trực tiếp cơ sở trao", "suất", "gifts", {"level": "2"}),
    ("gifts_grassroots", "Suất quà do công đoàn cơ sở trao", "suất", "gifts", {"level": "3"}),
    ("gifts_bulk", "Suất quà không ghi tên người nhận", "suất", "gifts", {"named": "bulk"}),
    ("support_money", "Tiền hỗ trợ đã chi", "đồng", "support_money", {}),
    ("people_supported", "Người được hỗ trợ", "người", "people_supported", {}),
    ("visits", "Lượt thăm hỏi", "lượt", "visits", {}),
    ("people_visited", "Người được thăm hỏi", "người", "people_visited", {}),
    ("hardship_supported_share", "Tỷ lệ người khó khăn được thăm hỏi, hỗ trợ", "%", "people_reached", {}),
    ("poor_households", "Hộ nghèo, cận nghèo được ghi nhận", "hộ", "poor_households", {}),
    ("loans_approved", "Khoản vay đã duyệt", "khoản", "loans", {}),
    ("loan_money_approved", "Tiền vay đã duyệt", "đồng", "loan_money", {}),
    ("loan_projects_on_track", "Tỷ lệ dự án vay vốn thực hiện hiệu quả", "%", "loan_projects", {}),
    ("units_tet_sum_vay", "Đơn vị tổ chức Tết Sum vầy", "%", "units_held",
     {"activity": "tet_sum_vay", "level": "2"}),
    ("grassroots_tet_sum_vay", "Công đoàn cơ sở tổ chức Tết Sum vầy", "%", "units_held",
     {"activity": "tet_sum_vay", "level": "3"}),
    ("units_workers_month", "Đơn vị tổ chức Tháng Công nhân", "%", "units_held",
     {"activity": "workers_month", "level": "2"}),
    ("grassroots_workers_month", "Công đoàn cơ sở tổ chức Tháng Công nhân", "%", "units_held",
     {"activity": "workers_month", "level": "3"}),
    ("units_tet_market", "Đơn vị tổ chức Chợ Tết Công đoàn", "%", "units_held",
     {"activity": "tet_market", "level": "2"}),
    ("activities", "Hoạt động chăm lo đã tổ chức", "hoạt động", "activities", {}),
    ("partner_agreements", "Thỏa thuận hợp tác phúc lợi đoàn viên", "bản", "agreements", {"renewal": "new"}),
    ("awards", "Tập thể, cá nhân được khen thưởng", "lượt", "awards", {}),
    ("models_running", "Mô hình chăm lo đang chạy", "mô hình", "models_running", {}),
    ("mutual_fund_units", "Đơn vị đăng ký mô hình Quỹ tương hỗ", "đơn vị", "model_units",
     {"model": "mutual_fund"}),
    ("contributing_members_share", "Tỷ lệ đoàn viên ủng hộ Quỹ Xã hội Công đoàn", "%", "contributors", {}),
    ("contributed_money", "Tiền đoàn viên ủng hộ quỹ", "đồng", "contributed_money", {}),
]  # fmt: skip
_COUNTED += [
    ("fund_income", "Tiền các quỹ thu vào", "đồng", "fund_money", {"way": "in"}),
    ("fund_spending", "Tiền các quỹ chi ra", "đồng", "fund_money", {"way": "out"}),
    *((f"houses_standing_{state}", f"Nhà đang ở bước: {state.label.lower()}", "nhà", "houses_standing",
       {"standing": state.value}) for state in WAY),
    *(indicator_of(kind["code"], kind["name"]) for kind in _OF_BENEFICIARIES["beneficiaries.HardshipKind"]),
]  # fmt: skip
ROWS = {
    "programs.Indicator": [
        {
            "code": code,
            "name": name,
            "unit_of_measure": unit,
            "source": "counted",
            "roll_up": MEASURES[measure].roll_up,
            "measure": measure,
            "options": options,
            "definition": MEASURES[measure].narrowed(options).definition(),
        }
        for code, name, unit, measure, options in _COUNTED
    ]
}
