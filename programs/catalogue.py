"""Indicators the ledger counts or units report, and who may do what with plans."""

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
ROWS = {
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
    ]
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
        "wordreading",
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
GRANTS = {
    "leader": [*_VIEW, "issue_plan"],
    "province_officer": [*_VIEW, *_EDIT, "issue_plan", "finish_assignment"],
    "finance_officer": _VIEW,
    "inspector": _VIEW,
    "unit_officer": [*_VIEW, "finish_assignment"],
    "administrator": ["view_indicator"],
}
