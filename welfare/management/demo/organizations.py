"""Bodies outside the federation. Those of the state and the unions bear their own names; the enterprises are invented."""

from datetime import date

from beneficiaries.models import Donor
from welfare.management.demo.province import Province
from welfare.models import Organization

_BODIES = [
    (
        "Tổng Liên đoàn Lao động Việt Nam",
        "Tổng LĐLĐ Việt Nam",
        "union",
        "Đoàn Chủ tịch Tổng Liên đoàn Lao động Việt Nam",
    ),
    ("Bộ Chính trị", "", "party", ""),
    ("Tỉnh ủy Bến Tre", "Tỉnh ủy", "party", "Thường trực Tỉnh ủy"),
    ("Ủy ban nhân dân tỉnh Bến Tre", "UBND tỉnh", "authority", "Ủy ban nhân dân tỉnh"),
    ("Thủ tướng Chính phủ", "", "authority", ""),
    ("Ban Quản lý các khu công nghiệp tỉnh", "BQL các KCN", "authority", ""),
    ("Ngân hàng Chính sách xã hội chi nhánh tỉnh", "NHCSXH tỉnh", "bank", "Giám đốc"),
    ("Ngân hàng Nông nghiệp và Phát triển nông thôn chi nhánh tỉnh", "Agribank tỉnh", "bank", "Giám đốc"),
    ("Báo Đồng Khởi Xanh", "", "press", "Tổng Biên tập"),
]
DONORS = [
    "Công ty TNHH Giày Phú Thuận", "Công ty CP Thủy sản Bến Xanh", "Công ty CP Chế biến dừa Sao Khuê",
    "Công ty TNHH May An Hiệp", "Công ty CP Xây dựng Hàm Luông", "Công ty TNHH Thực phẩm Cồn Phụng",
    "Công ty CP Vận tải Rạch Miễu Xanh", "Công ty TNHH Điện mặt trời Thạnh Hải",
]  # fmt: skip


def make_organizations(province: Province) -> dict[str, Organization]:
    bodies = [
        Organization(name=name, short_name=short_name, kind=kind, form_of_address=address)
        for name, short_name, kind, address in _BODIES
    ]
    ministry = Organization(name="Sở Lao động - Thương binh và Xã hội tỉnh", short_name="Sở LĐTB&XH", kind="authority",
                            valid_to=date(province.year - 1, 2, 28))  # fmt: skip
    successor = Organization(name="Sở Nội vụ tỉnh", short_name="Sở Nội vụ", kind="authority")
    firms = [Organization(name=name, kind="enterprise") for name in DONORS]
    made = {one.name: one for one in Organization.objects.bulk_create([*bodies, ministry, successor, *firms])}
    ministry.successors.add(successor)
    return made


def make_donors(province: Province, organizations) -> list[Donor]:
    bank = "Ngân hàng Nông nghiệp và Phát triển nông thôn chi nhánh tỉnh"
    return Donor.objects.bulk_create(
        Donor(unit=province.root, name=name, organization=organizations[name]) for name in (*DONORS, bank)
    )
