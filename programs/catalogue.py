"""Indicators units report (those the ledger counts: reports/catalogue.py), kinds of activities, and who may do what with plans and activities."""

_REPORTED = [
    ("welfare_spending_share", "Tỷ lệ chi chăm lo trong tổng chi tài chính công đoàn", "%", "ratio",
     "Tử số: số chi chăm lo phúc lợi theo quyết toán của đơn vị. Mẫu số: tổng chi tài chính công đoàn theo quyết toán."),
    ("collective_agreements", "Thỏa ước lao động tập thể ký mới", "bản", "sum",
     "Số thỏa ước lao động tập thể ký mới trong kỳ."),
    ("collective_agreements_grade_b", "Tỷ lệ thỏa ước xếp loại B trở lên", "%", "ratio",
     "Tử số: thỏa ước được xếp loại chất lượng từ B trở lên. Mẫu số: mọi thỏa ước đang có hiệu lực do công đoàn ký."),
    ("members_informed_share", "Tỷ lệ đoàn viên được thông tin chính sách", "%", "ratio",
     "Tử số: đoàn viên đã được thông tin về chính sách, chương trình chăm lo. Mẫu số: tổng số đoàn viên của đơn vị."),
    ("dialogues_share", "Tỷ lệ đối thoại có nội dung phúc lợi", "%", "ratio",
     "Tử số: cuộc đối thoại có nội dung phúc lợi tốt hơn quy định của pháp luật. Mẫu số: mọi cuộc đối thoại trong kỳ."),
    ("officers_trained_share", "Tỷ lệ cán bộ chuyên trách được tập huấn", "%", "ratio",
     "Tử số: cán bộ công đoàn chuyên trách làm công tác chăm lo đã được tập huấn. Mẫu số: mọi cán bộ được giao việc đó."),
]  # fmt: skip
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
        {"code": code, "name": name, "unit_of_measure": unit, "source": "reported", "roll_up": roll_up,
         "definition": words}
        for code, name, unit, roll_up, words in _REPORTED
    ],
}  # fmt: skip

_VIEW = [
    f"view_{name}"
    for name in (
        "plan",
        "legalbasis",
        "section",
        "assignment",
        "recipient",
        "target",
        "targetmilestone",
        "targetshare",
        "sharechange",
        "sharedecision",
        "indicator",
        "actual",
        "reportingrule",
        "reportingperiod",
        "unitreport",
        "proposal",
        "wordreading",
    )
]
_TEXT = ("plan", "legalbasis", "section", "assignment", "recipient", "target", "targetmilestone")
_WRITE = [
    f"{verb}_{name}" for verb in ("add", "change", "delete") for name in _TEXT if (verb, name) != ("delete", "plan")
]
_REPORT = ["change_unitreport", "accept_unitreport", "add_proposal", "change_proposal"]
# Units too, for their own plans and what comes to them.
_ASK = ["add_reportingrule", "change_reportingrule", "add_reportingperiod", "extend_unitreport"]
_CALL = [*_ASK, "answer_proposal"]
_EDIT = [*_WRITE, *[f"{verb}_{name}" for verb in ("add", "change", "delete") for name in ("targetshare", "indicator")]]
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
    "unit_officer": [*_VIEW, *_WRITE, *_VIEW_CARE, *_WRITE_CARE, "issue_plan", "finish_assignment", *_REPORT, *_ASK],
    "unit_leader": [*_VIEW, *_VIEW_CARE],
    "administrator": ["view_indicator", *_VIEW_KINDS],
}
