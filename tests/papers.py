"""Invented documents that use every part of the official layout."""

import datetime
from decimal import Decimal

from welfare.documents.blocks import Bullet, Chart, Column, GroupRow, Heading, Paragraph, Table
from welfare.documents.charts import Series
from welfare.documents.layout import Appendix, OfficialDocument, Recipient, Signature

SENTENCE = (
    "Công đoàn cơ sở phối hợp với chính quyền địa phương rà soát nhà ở của đoàn viên; nơi nào có nhà tạm, nhà dột nát "
    "thì khảo sát tại chỗ, chụp ảnh và xin xác nhận của Ủy ban nhân dân xã trước khi đề nghị."
)
TARGETS = Table(
    columns=[
        Column("Chỉ tiêu", 4),
        Column("Đơn vị tính", 1.2, "center"),
        Column("Cả tỉnh", group="Giao năm 2026"),
        Column("Quý I", group="Giao năm 2026"),
        Column("Hạn", 1.6),
    ],
    rows=[
        ("Mái ấm Công đoàn xây mới", "nhà", 8, 2, datetime.date(2026, 11, 15)),
        ("Suất quà Tết", "suất", 1530, 1530, datetime.date(2026, 2, 10)),
        ("Tỷ lệ tham gia Quỹ Xã hội", "%", Decimal("92.5"), None, None),
    ],
    total=("Cộng kinh phí", "đồng", 1_530_000_000, None, None),
    caption="Bảng 1. Chỉ tiêu giao",
    note="Đơn vị tính: đồng",
    numbered=True,
)
CHART = Chart(
    "Mái ấm theo đơn vị", ["LĐLĐ huyện A", "LĐLĐ huyện B"], [Series("Giao", [8, 4]), Series("Đạt", [6, None])]
)


def people(count):
    rows = [(f"Nguyễn Thị Mẫu {n}", str(1970 + n % 30), "Hộ cận nghèo", 1_000_000) for n in range(count)]
    columns = [Column("Họ và tên", 3), Column("Năm sinh", 1, "center"), Column("Hoàn cảnh", 3), Column("Số tiền", 1.5)]
    return Table(columns, [GroupRow("I. LĐLĐ huyện A"), *rows], numbered=True)


def plan(**changes):
    parts = {
        "superior": "Tổng Liên đoàn Lao động Việt Nam",
        "issuer": "Liên đoàn Lao động tỉnh Lai Châu",
        "number": "5",
        "symbol": "KH-LĐLĐ",
        "place": "Lai Châu",
        "date": datetime.date(2026, 1, 5),
        "kind": "Kế hoạch",
        "summary": "Chăm lo đời sống đoàn viên năm 2026",
        "bases": ["Căn cứ Chương trình số 12/CTr-LĐLĐ về phúc lợi đoàn viên", "Thực hiện Kế hoạch công tác năm 2026;"],
        "blocks": [
            Paragraph("Ban Thường vụ ban hành kế hoạch như sau:"),
            Heading("Mục đích, yêu cầu", "I"),
            Heading("Mục đích", "1", level=2),
            *[Paragraph(SENTENCE) for _ in range(9)],
            Bullet("Không để sót trường hợp đủ điều kiện."),
            Heading("Chỉ tiêu cụ thể", "II"),
            TARGETS,
            CHART,
            Paragraph("Các đơn vị báo cáo kết quả trước ngày 15/11/2026."),
        ],
        "signatures": [Signature(["TM. Ban Thường vụ", "Phó Chủ tịch"], "Lò Văn Mẫu")],
        "recipients": [Recipient("Đoàn Chủ tịch Tổng Liên đoàn", "để b/c"), Recipient("Lưu: VT, CSPL")],
        "appendices": [
            Appendix("Giao chỉ tiêu theo đơn vị", [Table([Column("Đơn vị"), Column("Mái ấm")], [("LĐLĐ huyện A", 8)])]),
            Appendix("Danh sách đề nghị hỗ trợ", [people(40)], landscape=True, signatures=[Signature(["Người lập"])]),
        ],
    }
    return OfficialDocument(**parts | changes)
