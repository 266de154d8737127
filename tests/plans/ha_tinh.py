"""An action programme that carries out a resolution of the confederation: to 2030, with a vision to 2045, without bases."""

from tests.plans.paper import Cited, Goal, Paper, Part, Task

_DIALOGUES = "- Trên 90% cuộc đối thoại bàn về phúc lợi cao hơn luật định; ít nhất 60% bản thỏa ước xếp loại B trở lên."
_SEASONS = "- 100% công đoàn cấp trên trực tiếp cơ sở, trên 50% CĐCS có “Tết Sum vầy”, “Tháng Công nhân”."

PAPER = Paper(
    kind="CTHĐ",
    header={
        "symbol": "CTr-LĐLĐ", "place": "Hà Tĩnh", "first_year": 2024, "horizon_year": 2030, "vision_year": 2045,
        "title": "của Ban Chấp hành LĐLĐ tỉnh thực hiện Nghị quyết 07/NQ-BCH về nguồn lực chăm lo đoàn viên, người lao động",
        "issuing_body": "Ban Chấp hành Liên đoàn Lao động tỉnh", "department": "CSPL", "has_letterhead": False,
        "capacity": "TM. BAN THƯỜNG VỤ", "signer_title": "CHỦ TỊCH", "signer_name": "Đặng Văn Mẫu", "asks_unit_plans": "on",
    },
    number="04 /CTr-LĐLĐ",
    issued_on="24/10/2024",
    departments={"CSPL": "Ban Chính sách - Pháp luật", "TGNC": "Ban Tuyên giáo - Nữ công", "TC": "Ban Tài chính"},
    implements=Cited("Thực hiện", "NQ", "07", "NQ-BCH", (29, 8, 2024), "Tổng Liên đoàn Lao động Việt Nam",
                     "tập trung nguồn lực chăm lo đoàn viên, người lao động", "Ban Chấp hành Tổng Liên đoàn"),
    parts=(
        Part("I.", "MỤC TIÊU, CHỈ TIÊU", parts=(
            Part("1.", "Mục tiêu tổng quát đến năm 2030", "Dồn sức của các cấp công đoàn và của xã hội cho phúc lợi đoàn viên."),
            Part("2.", "Chỉ tiêu chủ yếu đến năm 2030", goals=(
                Goal("- 100% đoàn viên biết về chính sách phúc lợi của công đoàn.", "members_informed_share", "=", 100, level=3),
                Goal("- 100% đoàn viên khó khăn được thăm hỏi, thụ hưởng phúc lợi.", "hardship_supported_share", "=", 100),
                Goal(_SEASONS, "units_tet_sum_vay", "=", 100),
                Goal(_SEASONS, "units_workers_month", ">", 50, level=3),
                Goal(_DIALOGUES, "dialogues_share", ">", 90, level=3),
                Goal(_DIALOGUES, "collective_agreements_grade_b", ">=", 60, level=3),
                Goal("- 100% cán bộ chuyên trách làm phúc lợi được tập huấn.", "officers_trained_share", "=", 100),
                Goal("- Ít nhất 60% tổng chi tài chính công đoàn là chi chăm lo.", "welfare_spending_share", ">=", 60),
            )),
            Part("3.", "Tầm nhìn đến năm 2045", "Phúc lợi bền vững đến với mọi đoàn viên."),
        )),
        Part("II.", "NHIỆM VỤ VÀ GIẢI PHÁP", parts=(
            Part("1.", "Tham mưu chính sách", "- Đề xuất sửa các chính sách về nhà ở, tiền lương, việc làm.\n- Rà soát hướng dẫn."),
            Part("2.", "Bố trí nguồn lực", "- Bố trí cán bộ.\n- Đầu tư thiết chế theo Quyết định số 655/QĐ-TTg.\n- Huy động nguồn lực."),
            Part("3.", "Chính sách ổn định, dài hạn", "- Hỗ trợ nhà “Mái ấm Công đoàn”.\n- Hỗ trợ khi mất việc làm."),
            Part("4.", "Hoạt động phúc lợi đa dạng", "- Duy trì “Chợ Tết Công đoàn”.\n- Quan tâm lao động yếu thế.\n- Chuyển đổi số."),
            Part("5.", "Truyền thông", "- Dùng mạng xã hội; phổ biến mô hình hay."),
            Part("6.", "Kiểm tra, giám sát", "- Giám sát thu, chi.\n- Lấy ý kiến về các thỏa thuận với đối tác."),
        )),
        Part("III.", "TỔ CHỨC THỰC HIỆN", parts=(
            Part("1.", "Liên đoàn Lao động tỉnh", "- Quán triệt Nghị quyết trong các cấp công đoàn.", tasks=(
                Task("Làm đầu mối theo dõi, đôn đốc, tổng hợp kết quả; tham mưu sơ kết, tổng kết.", lead="CSPL", joins=("TGNC", "TC")),
                Task("Tuyên truyền, vận động; đổi mới cách truyền thông.", lead="TGNC", joins=("CSPL",), others="Báo Hà Tĩnh"),
                Task("Bố trí nguồn tài chính cho Chương trình.", lead="TC", joins=("CSPL",), time="Hằng năm"),
            )),
            Part("2.", "Công đoàn cấp trên trực tiếp cơ sở", "- Có kế hoạch triển khai tới cơ sở.", tasks=(
                Task("Báo cáo về tỉnh.", lead=2, time="Trước ngày 20 tháng 11 hằng năm", due="20/11/2025"),
            )),
            Part("3.", "Công đoàn cơ sở", "Cụ thể hóa tại đơn vị.", tasks=(
                Task("Báo cáo cấp trên trực tiếp.", lead=3, time="Đầu tháng 11 hằng năm"),
            )),
        )),
    ),
    recipients=(
        ("Tổng LĐLĐ Việt Nam", ""), ("Ban Dân vận Tỉnh ủy", ""), ("UBMTTQ tỉnh", ""), ("Thường trực LĐLĐ tỉnh", ""),
        ("Các Ban, UBKT, VP LĐLĐ tỉnh", ""), ("Các CĐ cấp trên trực tiếp cơ sở", ""), ("CĐCS trực thuộc", ""),
        ("Lưu: VT, Ban CSPL", ""),
    ),
)  # fmt: skip
