"""Kinds the ledger starts with (all editable on screen), and who may do what with people and money."""

from datetime import date

ROWS = {
    "beneficiaries.HardshipKind": [
        {"code": "serious_illness", "name": "Bệnh hiểm nghèo, nan y", "is_health": True, "words": "bệnh nan y, bệnh hiểm nghèo, bhn, ung thư, chạy thận, suy thận, tai biến"},
        {"code": "illness", "name": "Ốm đau, bệnh khác", "is_health": True, "words": "ốm đau, bệnh, nằm viện, phẫu thuật"},
        {"code": "work_accident", "name": "Tai nạn lao động", "is_health": True, "words": "tai nạn lao động, tnlđ"},
        {"code": "accident", "name": "Tai nạn khác", "is_health": True, "words": "tai nạn"},
        {"code": "disability", "name": "Khuyết tật", "is_health": True, "words": "khuyết tật"},
        {"code": "disabled_child", "name": "Con bị khuyết tật, bệnh nặng", "is_health": True, "words": "con bị khuyết tật, con khuyết tật, con bị bệnh"},
        {"code": "job_loss", "name": "Mất việc làm, giảm việc", "words": "mất việc, mất việc làm, thất nghiệp, giảm giờ làm, cắt giảm"},
        {"code": "housing", "name": "Khó khăn về nhà ở", "words": "nhà ở dột nát, khó khăn về nhà ở, nhà tạm, nhà dột nát, chưa có nhà"},
        {"code": "single_parent", "name": "Đơn thân nuôi con", "words": "đơn thân, mẹ đơn thân, nuôi con một mình"},
        {"code": "disaster", "name": "Thiên tai, hỏa hoạn", "words": "thiên tai, bão, lũ, hỏa hoạn, cháy nhà, xâm nhập mặn"},
        {"code": "poverty", "name": "Kinh tế khó khăn", "words": "hộ nghèo, hộ cận nghèo, hoàn cảnh khó khăn, kinh tế khó khăn, thu nhập thấp"},
        {"code": "other", "name": "Hoàn cảnh khác", "words": ""},
    ],
    "beneficiaries.VulnerabilityKind": [
        {"code": "ethnic_minority", "name": "Người dân tộc thiểu số"},
        {"code": "pregnant", "name": "Đang mang thai"},
        {"code": "child_under_6", "name": "Trẻ em dưới 6 tuổi"},
        {"code": "child", "name": "Trẻ em từ 6 đến dưới 16 tuổi"},
        {"code": "orphan", "name": "Trẻ mồ côi"},
        {"code": "disabled", "name": "Người khuyết tật"},
        {"code": "elderly", "name": "Người cao tuổi"},
        {"code": "lone_elderly", "name": "Người cao tuổi sống một mình"},
        {"code": "single_parent", "name": "Cha, mẹ đơn thân nuôi con nhỏ"},
    ],
    "beneficiaries.EmploymentKind": [
        {"code": "formal", "name": "Có hợp đồng lao động"},
        {"code": "public", "name": "Cán bộ, công chức, viên chức"},
        {"code": "informal", "name": "Lao động tự do, khu vực phi chính thức"},
        {"code": "self_employed", "name": "Tự làm chủ, buôn bán nhỏ"},
        {"code": "reduced", "name": "Bị giảm giờ làm, nghỉ việc không lương"},
        {"code": "lost", "name": "Mất việc làm"},
        {"code": "retired", "name": "Đã nghỉ hưu, nghỉ mất sức"},
        {"code": "none", "name": "Không đi làm"},
    ],
    "beneficiaries.Occasion": [
        {"code": "tet", "name": "Tết", "is_season": True},
        {"code": "workers_month", "name": "Tháng Công nhân"},
        {"code": "sudden", "name": "Khó khăn đột xuất"},
        {"code": "disaster", "name": "Thiên tai"},
        {"code": "job_loss", "name": "Mất việc, giảm việc"},
        {"code": "capital", "name": "Vốn sinh kế"},
        {"code": "event", "name": "Trao tại sự kiện"},
    ],
    "beneficiaries.FundKind": [
        {"code": "shelter", "name": "Quỹ Mái ấm Công đoàn"},
        {"code": "social", "name": "Quỹ Xã hội Công đoàn"},
        {"code": "union", "name": "Tài chính công đoàn"},
        {"code": "sponsored", "name": "Tiền tài trợ cho một việc"},
        {"code": "other_fund", "name": "Quỹ khác"},
    ],
    "welfare.DocumentKind": [{"code": "PT", "name": "Phiếu thu"}],
    "beneficiaries.SupportKind": [
        {"code": "cash", "name": "Tiền mặt", "unit_word": "suất"},
        {"code": "gift", "name": "Quà", "unit_word": "suất"},
        {"code": "capital", "name": "Vốn sinh kế", "unit_word": "suất"},
        {"code": "rent", "name": "Tiền thuê nhà trọ", "unit_word": "tháng"},
        {"code": "holiday", "name": "Nghỉ dưỡng, tham quan", "unit_word": "lượt"},
        {"code": "insurance", "name": "Thẻ bảo hiểm y tế", "unit_word": "thẻ"},
        {"code": "ticket", "name": "Vé tàu, xe", "unit_word": "vé"},
    ],
    "beneficiaries.HouseKind": [
        {"code": "mai_am", "name": "Mái ấm Công đoàn"},
        {"code": "nghia_tinh", "name": "Nhà nghĩa tình đồng nghiệp"},
        {"code": "nganh_y", "name": "Mái ấm ngành y"},
        {"code": "tinh_thuong", "name": "Nhà tình thương"},
        {"code": "cong_vu", "name": "Nhà ở công vụ", "is_duty": True},
    ],
    "beneficiaries.DossierItem": [
        {"code": "request", "name": "Đơn đề nghị hỗ trợ nhà ở", "step": "appraised", "position": 10},
        {"code": "commune", "name": "Xác nhận của UBND xã (đất ở hợp pháp, hoàn cảnh)", "step": "appraised", "position": 20},
        {"code": "poverty", "name": "Giấy chứng nhận hộ nghèo, hộ cận nghèo", "step": "appraised", "is_required": False, "position": 30},
        {"code": "grassroots", "name": "Biên bản họp xét của công đoàn cơ sở", "step": "appraised", "position": 40},
        {"code": "survey", "name": "Biên bản khảo sát", "step": "appraised", "position": 50},
        {"code": "submission", "name": "Tờ trình của đơn vị", "step": "decided", "position": 60},
        {"code": "decision", "name": "Quyết định hỗ trợ", "step": "started", "position": 70},
        {"code": "commitment", "name": "Cam kết của gia đình", "step": "started", "is_required": False, "position": 80},
        {"code": "acceptance", "name": "Biên bản nghiệm thu", "step": "completed", "position": 90},
        {"code": "hand_over", "name": "Biên bản bàn giao", "step": "handed_over", "position": 100},
        {"code": "vouchers", "name": "Chứng từ chi", "step": "settled", "position": 110},
    ],
    "beneficiaries.StageDeadline": [
        {"code": "proposed", "name": "Đề xuất, chờ khảo sát", "days": 30},
        {"code": "surveyed", "name": "Đã khảo sát, chờ thẩm định", "days": 20},
        {"code": "appraised", "name": "Đã thẩm định, chờ quyết định", "days": 20},
        {"code": "decided", "name": "Đã quyết định, chờ khởi công", "days": 60},
        {"code": "started", "name": "Đang xây, chờ nghiệm thu", "days": 120},
        {"code": "completed", "name": "Đã nghiệm thu, chờ bàn giao", "days": 30},
        {"code": "handed_over", "name": "Đã bàn giao, chờ quyết toán", "days": 60},
    ],
    "beneficiaries.FeedbackKind": [
        {"code": "question", "name": "Thắc mắc", "hint": "Hỏi về điều kiện, mức, thời gian hỗ trợ.", "answer_days": 10, "position": 10},
        {"code": "suggestion", "name": "Góp ý", "hint": "Đề xuất để công đoàn làm tốt hơn.", "answer_days": 15, "position": 20},
        {"code": "complaint", "name": "Khiếu nại", "hint": "Bạn hoặc gia đình bị bỏ sót, hỗ trợ chưa đúng.", "answer_days": 20, "position": 30},
        {"code": "profiteering", "name": "Tố cáo, nghi trục lợi", "hint": "Chỉ lãnh đạo và Ủy ban Kiểm tra của LĐLĐ tỉnh đọc được; đơn vị bị phản ánh không thấy.",
         "is_confidential": True, "answer_days": 20, "position": 40},
    ],
    "beneficiaries.FindingKind": [
        {"code": "not_received", "name": "Người nhận chưa nhận được tiền", "position": 10},
        {"code": "short", "name": "Chi thiếu cho người nhận", "position": 20},
        {"code": "not_eligible", "name": "Chi sai đối tượng", "position": 30},
        {"code": "above_norm", "name": "Chi vượt mức quy định", "position": 40},
        {"code": "twice", "name": "Chi trùng", "position": 50},
        {"code": "papers", "name": "Thiếu chứng từ, chữ ký nhận", "position": 60},
        {"code": "late", "name": "Chi chậm", "position": 70},
        {"code": "other", "name": "Sai sót khác", "position": 90},
    ],
    "beneficiaries.LoanLimit": [
        {"code": "national_2025", "name": "Quỹ quốc gia về việc làm, đến hết năm 2025", "source": "national", "most": 100_000_000,
         "max_term": 120, "valid_from": date(2019, 11, 8), "valid_to": date(2025, 12, 31)},
        {"code": "national_2026", "name": "Quỹ quốc gia về việc làm, NĐ 338/2025/NĐ-CP", "source": "national", "most": 200_000_000,
         "min_age": 15, "max_term": 120, "valid_from": date(2026, 1, 1)},
    ],
}  # fmt: skip

_PEOPLE = ("person", "household", "povertyrecord", "hardship", "vulnerabilitymark", "consent")
_MONEY = (
    "grant",
    "grantround",
    "roundfund",
    "roundpaper",
    "advance",
    "fund",
    "fundentry",
    "house",
    "housefunding",
)
_GIVING = ("donor", "pledge", "giftinkind")
_DATA = ("transfer", "datarequest", "duplicatecase")  # what is asked of rows of people, by whom and how it ended
_PEOPLE_KINDS = ("hardshipkind", "vulnerabilitykind", "employmentkind")
_KINDS = (*_PEOPLE_KINDS, "occasion", "supportkind", "housekind", "dossieritem", "supportnorm", "fundkind", "loanlimit")
_LISTS = ("listbatch", "stagedrow")
_WORK = ("visit", "loan", "loanproject", "loanreview", "campaign", "campaignresult")


def _each(verbs, names):
    return [f"{verb}_{name}" for verb in verbs for name in names]


_VIEW = _each(["view"], _PEOPLE + _MONEY + _GIVING + _WORK + _KINDS + _LISTS + _DATA + ("stagedeadline", "receipt"))
_EXPORT = [
    f"export_{name}"
    for name in (
        "person",
        "household",
        "grant",
        "house",
        "fund",
        "fundentry",
        "visit",
        "loan",
        "loanproject",
        "loanlimit",
        *_GIVING,
        "grantround",
        "advance",
        *_DATA,
    )
]
_VISIT = _each(["add", "change", "delete"], ["visit"])
_KEEP = [
    *_each(["add", "change"], _PEOPLE), *_each(["add", "change"], ["datarequest"]), "delete_vulnerabilitymark",
    "change_duplicatecase",
]  # fmt: skip
_LEND = [*_each(["add", "change"], ("loan", "loanproject")), "change_campaignresult"]
_UPLOAD = ["add_listbatch", "change_listbatch"]
_HEAR = ["view_feedback", "view_feedbackkind"]
_SEE_FINDINGS = ["view_finding", "view_findingkind"]
_SEE_INSPECTIONS = [
    *_SEE_FINDINGS,
    "view_inspection",
    "view_inspectionmember",
    "view_inspectionplan",
    "view_confidential",
]
_SORT_FEEDBACK = ["assign_feedback", "reveal_sender", "add_feedback", "change_feedback", "export_feedback"]
_KINDS_OF_FEEDBACK = [
    *_each(["add", "change", "delete"], ("feedbackkind",)),
    "export_feedbackkind",
    "import_feedbackkind",
]
_INSPECT = [  # the inspection writes its own room all over the province, and no unit's rows
    "conduct_inspection",
    "close_inspection",
    "settle_finding",
    "record_recovery",
    "share_feedback",
    "export_inspection",
    "export_finding",
    "export_inspectionplan",
    *_each(["add", "change"], ("inspection", "inspectionplan", "finding")),
    *_each(["add", "change", "delete"], ("inspectionmember", "findingkind")),
    "export_findingkind",
    "import_findingkind",
]
# Whoever keeps a fund's books: the province's finance officers for all, a unit's officers for its own funds.
_BOOKS = [
    *_each(["add", "change"], ("fund", *_GIVING, "campaign")),
    "add_fundentry",
    "close_fund",
    "import_fundentry",
    "import_donor",
]
GRANTS = {
    "leader": [*_VIEW, "view_identity", "decide_datarequest", "approve_grant", "decide_house", "approve_loan", "reopen_fund",
        *_HEAR, *_SEE_INSPECTIONS, "assign_feedback", "approve_inspectionplan", "close_inspection", "settle_finding", "waive_recovery"],
    "province_officer": [
        *_VIEW, *_EXPORT, *_UPLOAD, *_VISIT, *_LEND, *_KEEP, "decide_datarequest", "move_unit", "view_unitclosing",
        *_each(["export", "import"], _PEOPLE_KINDS),
        *_each(["add", "change"], ("grant", "grantround", "house", *_GIVING)), *_each(["add", "change", "delete"], ["housefunding"]),
        *_each(["add", "change", "delete"], (*_KINDS, "columnalias")), "change_stagedeadline",
        "view_columnalias", "view_identity",
        *_HEAR, *_SORT_FEEDBACK, *_KINDS_OF_FEEDBACK, "answer_feedback", *_SEE_FINDINGS,
        "propose_grant", "appraise_grant", "approve_grant", "receive_grant", "import_grant", *_each(["export", "import"], ("occasion", "supportkind", "housekind", "dossieritem", "supportnorm", "fundkind")), "appraise_house", "build_house", "record_past_house", "import_house", "approve_loan", "import_loan", "import_loanlimit", "add_campaign", "change_campaign",
    ],
    "finance_officer": [*_VIEW, *_EXPORT, "pay_grant", "receive_grant", "pay_house", "disburse_loan", "change_campaignresult", *_each(["add", "change"], ("loanproject",)), *_BOOKS, "view_identity",
        *_SEE_FINDINGS, "record_recovery"],
    "inspector": [*_VIEW, *_EXPORT, "view_identity", "view_unitclosing",
        *_HEAR, *_SORT_FEEDBACK, *_KINDS_OF_FEEDBACK, "answer_feedback", *_SEE_INSPECTIONS, *_INSPECT],
    "unit_officer": [
        *_VIEW, *_EXPORT, *_UPLOAD, *_VISIT, *_LEND, *_KEEP, "add_house", "change_house", "build_house",
        *_each(["add", "change", "delete"], ["housefunding"]), "propose_grant", "view_identity", *_BOOKS,
        *_HEAR, "add_feedback", "answer_feedback", "export_feedback", *_SEE_FINDINGS, "answer_finding",
        # In rounds of the unit's own, out of its own funds; their leader approves.
        "add_grantround", "change_grantround", "appraise_grant", "pay_grant", "receive_grant",
    ],
    "unit_leader": [*_VIEW, "view_identity", "approve_grant", *_HEAR, *_SEE_FINDINGS],
    "administrator": [*_each(["view"], (*_KINDS, "columnalias", "feedbackkind", "findingkind"))],
}  # fmt: skip
