"""Kinds the ledger starts with (all editable on screen), and who may do what with people and money."""

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
}  # fmt: skip

_PEOPLE = ("person", "household", "povertyrecord", "hardship", "vulnerabilitymark", "consent")
_MONEY = ("grant", "grantround", "fund", "fundentry", "donor", "house", "housefunding")
_DATA = ("transfer", "datarequest", "duplicatecase")  # what is asked of rows of people, by whom and how it ended
_PEOPLE_KINDS = ("hardshipkind", "vulnerabilitykind", "employmentkind")
_KINDS = (*_PEOPLE_KINDS, "occasion", "housekind", "dossieritem", "supportnorm")
_LISTS = ("listbatch", "stagedrow")
_WORK = ("visit", "loan", "loanproject", "loanreview", "campaign", "campaignresult")


def _each(verbs, names):
    return [f"{verb}_{name}" for verb in verbs for name in names]


_VIEW = _each(["view"], _PEOPLE + _MONEY + _WORK + _KINDS + _LISTS + _DATA + ("stagedeadline",))
_EXPORT = [
    f"export_{name}"
    for name in ("person", "household", "grant", "house", "fundentry", "visit", "loan", "loanproject", "datarequest")
]
_VISIT = _each(["add", "change", "delete"], ["visit"])
_KEEP = [
    *_each(["add", "change"], _PEOPLE), *_each(["add", "change"], ["datarequest"]), "delete_vulnerabilitymark",
    "change_duplicatecase",
]  # fmt: skip
_LEND = [*_each(["add", "change"], ("loan", "loanproject")), "change_campaignresult"]
_UPLOAD = ["add_listbatch", "change_listbatch"]
GRANTS = {
    "leader": [*_VIEW, "view_identity", "decide_datarequest", "approve_grant", "decide_house", "approve_loan"],
    "province_officer": [
        *_VIEW, *_EXPORT, *_UPLOAD, *_VISIT, *_LEND, *_KEEP, "decide_datarequest", "move_unit", "view_unitclosing",
        *_each(["export", "import"], _PEOPLE_KINDS),
        *_each(["add", "change"], ("grant", "grantround", "house", "donor")), *_each(["add", "change", "delete"], ["housefunding"]),
        *_each(["add", "change", "delete"], (*_KINDS, "columnalias")), "change_stagedeadline",
        "view_columnalias", "view_identity",
        "propose_grant", "appraise_grant", "approve_grant", "appraise_house", "build_house", "record_past_house", "approve_loan", "add_campaign", "change_campaign",
    ],
    "finance_officer": [*_VIEW, *_EXPORT, "pay_grant", "pay_house", "disburse_loan", "change_campaignresult", *_each(["add", "change"], ("fund", "donor", "campaign", "loanproject")), "add_fundentry", "view_identity"],
    "inspector": [*_VIEW, *_EXPORT, "view_identity", "view_unitclosing"],
    "unit_officer": [
        *_VIEW, *_EXPORT, *_UPLOAD, *_VISIT, *_LEND, *_KEEP, "add_house", "change_house", "build_house",
        *_each(["add", "change", "delete"], ["housefunding"]), "propose_grant", "view_identity",
    ],
    "administrator": [*_each(["view"], (*_KINDS, "columnalias"))],
}  # fmt: skip
