"""Indicators the ledger counts or units report, kinds of activities, and who may do what with plans and activities."""

_COUNTED = [
    (
        "houses_handed_over",
        "Nhà Mái ấm đã bàn giao",
        "nhà",
        "sum",
        "Số nhà có ngày bàn giao trong kỳ, xây mới và sửa chữa.",
    ),
    ("houses_new", "Nhà xây mới đã bàn giao", "nhà", "sum", "Số nhà xây mới có ngày bàn giao trong kỳ."),
    (
        "houses_repaired",
        "Nhà sửa chữa đã bàn giao",
        "nhà",
        "sum",
        "Số nhà sửa chữa có ngày bàn giao trong kỳ.",
    ),
    ("houses_surveyed", "Nhà đã khảo sát", "nhà", "sum", "Số nhà có ngày khảo sát trong kỳ."),
    (
        "gifts",
        "Suất quà, suất hỗ trợ đã trao",
        "suất",
        "sum",
        "Số suất của các khoản hỗ trợ đã chi trong kỳ, cả suất không ghi tên.",
    ),
    (
        "support_money",
        "Tiền hỗ trợ đã chi",
        "đồng",
        "sum",
        "Tiền mặt và giá trị hiện vật của các khoản đã chi trong kỳ.",
    ),
    (
        "people_supported",
        "Người được hỗ trợ",
        "người",
        "distinct",
        "Số người khác nhau được chi hỗ trợ từ đầu năm đến cuối kỳ.",
    ),
    (
        "hardship_supported_share",
        "Tỷ lệ người khó khăn được thăm hỏi, hỗ trợ",
        "%",
        "ratio",
        "Tử số: người có hoàn cảnh trong năm và đã được chi hỗ trợ. Mẫu số: mọi người có hoàn cảnh trong năm.",
    ),
    (
        "poor_households",
        "Hộ nghèo, cận nghèo được ghi nhận",
        "hộ",
        "distinct",
        "Số hộ có diện hộ nghèo hoặc cận nghèo của năm.",
    ),
]
_REPORTED = [
    ("welfare_spending_share", "Tỷ lệ chi chăm lo trong tổng chi tài chính công đoàn", "%", "ratio"),
    ("units_tet_sum_vay", "Đơn vị tổ chức Tết Sum vầy", "%", "ratio"),
    ("units_workers_month", "Đơn vị tổ chức Tháng Công nhân", "%", "ratio"),
    ("contributing_members_share", "Tỷ lệ đoàn viên ủng hộ Quỹ Xã hội Công đoàn", "%", "ratio"),
    ("collective_agreements", "Thỏa ước lao động tập thể ký mới", "bản", "sum"),
    ("collective_agreements_grade_b", "Tỷ lệ thỏa ước xếp loại B trở lên", "%", "ratio"),
    ("partner_agreements", "Thỏa thuận hợp tác phúc lợi đoàn viên", "bản", "sum"),
    ("mutual_fund_units", "Đơn vị đăng ký mô hình Quỹ tương hỗ", "đơn vị", "sum"),
    ("loan_projects_on_track", "Tỷ lệ dự án vay vốn thực hiện hiệu quả", "%", "ratio"),
    ("members_informed_share", "Tỷ lệ đoàn viên được thông tin chính sách", "%", "ratio"),
    ("dialogues_share", "Tỷ lệ đối thoại có nội dung phúc lợi", "%", "ratio"),
    ("officers_trained_share", "Tỷ lệ cán bộ chuyên trách được tập huấn", "%", "ratio"),
    ("duty_houses_surveyed", "Nhà ở công vụ được khảo sát", "nhà", "sum"),
]
_ACTIVITY_KINDS = [
    {"code": "tet_sum_vay", "name": "Tết Sum vầy", "season": "Tết"},
    {"code": "tet_market", "name": "Chợ Tết Công đoàn", "season": "Tết"},
    {"code": "union_bus", "name": "Chuyến xe Công đoàn", "season": "Tết"},
    {"code": "workers_month", "name": "Tháng Công nhân"},
    {"code": "union_meal", "name": "Bữa cơm Công đoàn"},
    {"code": "visit", "name": "Tham quan, nghỉ dưỡng"},
    {"code": "praise", "name": "Gặp mặt, biểu dương"},
    {"code": "training", "name": "Tập huấn, bồi dưỡng"},
    {"code": "dialogue", "name": "Đối thoại"},
    {"code": "culture_sport", "name": "Văn hóa, thể thao"},
    {"code": "health_check", "name": "Khám sức khỏe, tư vấn"},
    {"code": "other", "name": "Hoạt động chăm lo khác"},
]
_CARE_MODEL_KINDS = [
    {"code": "mutual_fund", "name": "Quỹ tương hỗ Công đoàn"},
    {"code": "union_shop", "name": "Điểm bán hàng Công đoàn"},
    {"code": "union_clinic", "name": "Điểm khám bệnh Công đoàn"},
    {"code": "law_bookcase", "name": "Tủ sách pháp luật khu nhà trọ"},
    {"code": "culture_point", "name": "Điểm sinh hoạt văn hóa công nhân"},
    {"code": "union_meal", "name": "Bữa cơm Công đoàn định kỳ"},
    {"code": "insurance_cards", "name": "Tặng thẻ bảo hiểm y tế cho thân nhân đoàn viên"},
    {"code": "self_governed_housing", "name": "Tổ tự quản khu nhà trọ"},
    {"code": "other", "name": "Mô hình khác"},
]
_AWARD_FORMS = [
    {"code": "certificate", "name": "Bằng khen"},
    {"code": "commendation", "name": "Giấy khen"},
    {"code": "golden_board", "name": "Bảng vàng"},
    {"code": "flag", "name": "Cờ thi đua"},
    {"code": "honour", "name": "Biểu dương"},
    {"code": "letter", "name": "Thư khen"},
]
ROWS = {
    "programs.ActivityKind": _ACTIVITY_KINDS,
    "programs.CareModelKind": _CARE_MODEL_KINDS,
    "programs.AwardForm": _AWARD_FORMS,
    "programs.Indicator": [
        *(
            {
                "code": code,
                "name": name,
                "source": "counted",
                "unit_of_measure": unit,
                "roll_up": roll_up,
                "definition": text,
            }
            for code, name, unit, roll_up, text in _COUNTED
        ),
        *(
            {"code": code, "name": name, "source": "reported", "unit_of_measure": unit, "roll_up": roll_up}
            for code, name, unit, roll_up in _REPORTED
        ),
    ],
}

_VIEW = [
    f"view_{name}"
    for name in (
        "plan",
        "legalbasis",
        "section",
        "assignment",
        "recipient",
        "target",
        "targetshare",
        "indicator",
        "actual",
        "reportingrule",
        "reportingperiod",
        "unitreport",
        "proposal",
    )
]
_EDIT = [
    f"{verb}_{name}"
    for verb in ("add", "change", "delete")
    for name in (
        "plan",
        "legalbasis",
        "section",
        "assignment",
        "recipient",
        "target",
        "targetshare",
        "indicator",
    )
    if (verb, name) != ("delete", "plan")
]
_REPORT = ["change_unitreport", "accept_unitreport", "add_proposal", "change_proposal"]
_CALL = ["add_reportingrule", "change_reportingrule", "add_reportingperiod", "extend_unitreport", "answer_proposal"]
_CARE = ("activity", "caremodel", "award", "partneragreement")
_CARE_KINDS = ("activitykind", "caremodelkind", "awardform")
_CARE_PARTS = ("activitycost", "evaluation", "agreementreview")
_VIEW_KINDS = [f"view_{name}" for name in _CARE_KINDS]
_VIEW_CARE = [*_VIEW_KINDS, *(f"view_{name}" for name in (*_CARE, *_CARE_PARTS))]
_EXPORT_CARE = [f"export_{name}" for name in _CARE]
_WRITE_CARE = [
    *_EXPORT_CARE,
    *(f"{verb}_{name}" for verb in ("add", "change") for name in (*_CARE, "activitycost")),
    "delete_activitycost",
    "review_agreement",
]
_EDIT_KINDS = [f"{verb}_{name}" for verb in ("add", "change", "delete") for name in _CARE_KINDS]
GRANTS = {
    "leader": [*_VIEW, *_VIEW_CARE, "issue_plan", *_REPORT, *_CALL],
    "province_officer": [
        *_VIEW,
        *_EDIT,
        *_VIEW_CARE,
        *_WRITE_CARE,
        *_EDIT_KINDS,
        "issue_plan",
        "finish_assignment",
        *_REPORT,
        *_CALL,
    ],
    "finance_officer": [*_VIEW, *_VIEW_CARE],
    "inspector": [*_VIEW, *_VIEW_CARE, *_EXPORT_CARE],
    "unit_officer": [*_VIEW, *_VIEW_CARE, *_WRITE_CARE, "finish_assignment", *_REPORT],
    "administrator": ["view_indicator", *_VIEW_KINDS],
}
