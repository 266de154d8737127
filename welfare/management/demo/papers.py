"""Documents of others and older ones of the federation, in the one register, that the plans cite."""

from welfare.management.demo.province import Province
from welfare.models import Document, DocumentKind

_TLD = "Tổng Liên đoàn Lao động Việt Nam"
# key: kind, number, symbol, issuer ("" is the federation itself), year, month, day, what it is about.
_PAPERS = {
    "scheme": ("ĐA", "8402", "ĐA-UBND", "Ủy ban nhân dân tỉnh Bến Tre", 2021, 12, 20,
               "thí điểm bảo đảm an sinh xã hội của tỉnh giai đoạn 2021 - 2025, tầm nhìn 2030"),
    "union_renewal": ("NQ", "02", "NQ/TW", "Bộ Chính trị", 2021, 6, 12,
                      "đổi mới tổ chức và hoạt động của Công đoàn Việt Nam trong tình hình mới"),
    "welfare_programme": ("CTr", "1734", "CTr-TLĐ", _TLD, 2019, 11, 14,
                          "nâng cao phúc lợi, lợi ích cho đoàn viên và người lao động"),
    "care_resolution": ("NQ", "07", "NQ-BCH", _TLD, 2024, 8, 29,
                        "tập trung nguồn lực chăm lo đoàn viên, người lao động trong tình hình mới"),
    "institutions": ("QĐ", "655", "QĐ-TTg", "Thủ tướng Chính phủ", 2017, 5, 12,
                     "đầu tư thiết chế của công đoàn tại các khu công nghiệp, khu chế xuất"),
    "institutions_changed": ("QĐ", "1729", "QĐ-TTg", "Thủ tướng Chính phủ", None, None, None,
                             "sửa đổi Quyết định số 655/QĐ-TTg"),
    "work_programme": ("CTr", "20", "CTr-LĐLĐ", "", 2021, 12, 23, "chương trình công tác của Ban Thường vụ"),
    "own_welfare": ("KH", "132", "KH-LĐLĐ", "", 2019, 12, 6, "nâng cao phúc lợi cho đoàn viên, người lao động"),
    "tet_guidance": ("HD", "", "HD-TLĐ", _TLD, 2025, 10, None, "chăm lo đoàn viên, người lao động dịp tết Nguyên đán"),
}  # fmt: skip
_SUPERSEDES = {"institutions_changed": "institutions"}


def register_papers(province: Province, organizations) -> dict[str, Document]:
    kinds = {kind.code: kind for kind in DocumentKind.objects.all()}
    made: dict[str, Document] = {}
    for key, (kind, number, symbol, issuer, year, month, day, title) in _PAPERS.items():
        made[key] = Document.objects.create(
            unit=province.root, kind=kinds[kind], number=number, symbol=symbol, year=year, month=month, day=day,
            issuer=organizations.get(issuer), issuer_unit=None if issuer else province.root, title=title,
            supersedes=made.get(_SUPERSEDES.get(key)),
        )  # fmt: skip
    return made
