"""Communes by district, and where members of each upper unit work. Schools, wards and firms are of the invented kind."""

COMMUNES = {
    "THANHPHO": ["phường An Hội", "phường Phú Khương", "xã Sơn Đông", "xã Phú Hưng", "xã Nhơn Thạnh"],
    "BATRI": ["thị trấn Ba Tri", "xã An Thủy", "xã Tân Thủy", "xã Bảo Thạnh", "xã Mỹ Chánh", "xã An Hiệp"],
    "BINHDAI": ["thị trấn Bình Đại", "xã Thới Thuận", "xã Lộc Thuận", "xã Châu Hưng"],
    "CHAUTHANH": ["thị trấn Châu Thành", "xã An Phước", "xã Giao Long", "xã Tân Thạch", "xã Quới Sơn"],
    "CHOLACH": ["thị trấn Chợ Lách", "xã Vĩnh Thành", "xã Long Thới", "xã Phú Phụng"],
    "GIONGTROM": ["thị trấn Giồng Trôm", "xã Lương Quới", "xã Châu Bình", "xã Tân Hào", "xã Phước Long"],
    "MOCAYBAC": ["thị trấn Phước Mỹ Trung", "xã Tân Thành Bình", "xã Nhuận Phú Tân", "xã Khánh Thạnh Tân"],
    "MOCAYNAM": ["thị trấn Mỏ Cày", "xã An Thạnh", "xã Hương Mỹ", "xã Cẩm Sơn"],
    "THANHPHU": ["thị trấn Thạnh Phú", "xã Giao Thạnh", "xã Thạnh Hải", "xã Quới Điền"],
}
DISTRICTS = {
    "THANHPHO": "Thành phố Bến Tre", "BATRI": "huyện Ba Tri", "BINHDAI": "huyện Bình Đại",
    "CHAUTHANH": "huyện Châu Thành", "CHOLACH": "huyện Chợ Lách", "GIONGTROM": "huyện Giồng Trôm",
    "MOCAYBAC": "huyện Mỏ Cày Bắc", "MOCAYNAM": "huyện Mỏ Cày Nam", "THANHPHU": "huyện Thạnh Phú",
}  # fmt: skip
_OF_SECTORS = {
    "KCN": [
        "CĐCS Công ty TNHH Điện tử Hàm Luông",
        "CĐCS Công ty CP Bao bì Cửa Đại",
        "CĐCS Công ty TNHH Túi xách Tân Mỹ",
    ],
    "GIAODUC": ["CĐCS Trường THPT Hàm Luông Xanh", "CĐCS Trường THPT Cồn Phụng", "CĐCS Trường Chuyên biệt Ánh Mai"],
    "YTE": ["CĐCS Bệnh viện Đa khoa Cù Lao Xanh", "CĐCS Trung tâm Kiểm soát bệnh tật", "CĐCS Trung tâm Y tế Cổ Chiên"],
    "VIENCHUC": ["CĐCS Sở Lao động", "CĐCS Trung tâm Lưu trữ", "CĐCS Đài Phát thanh", "CĐCS Ban Quản lý dự án"],
    "NONGNGHIEP": ["CĐCS Chi cục Thủy lợi", "CĐCS Trung tâm Giống cây trồng", "CĐCS Ban Quản lý rừng phòng hộ"],
}
_OF_DISTRICTS = [
    "CĐCS Trường Mầm non Hoa Dừa", "CĐCS Trường Tiểu học Bình Minh", "CĐCS Trường THCS Phù Sa",
    "CĐCS Trung tâm Y tế", "CĐCS UBND {commune}", "CĐCS Công ty TNHH Thạch dừa {place}",
    "Nghiệp đoàn Xe ôm {place}", "CĐCS Công ty TNHH May {place}",
]  # fmt: skip


def workplaces(code: str, place: str) -> list[str]:
    """Names of the unions of workplaces under an upper unit."""
    communes = COMMUNES.get(code, ["xã Bình Minh"])
    return _OF_SECTORS.get(code) or [
        name.format(place=place, commune=communes[n % len(communes)]) for n, name in enumerate(_OF_DISTRICTS)
    ]
