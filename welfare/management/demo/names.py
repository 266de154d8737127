"""Invented Vietnamese names. The given names leave out those of the officials whose papers the plans follow."""

from random import Random

_FAMILY = {
    "Nguyễn": 30, "Trần": 12, "Lê": 10, "Phạm": 8, "Huỳnh": 7, "Võ": 6, "Phan": 5, "Trương": 4, "Bùi": 3, "Đặng": 3,
    "Đỗ": 2, "Ngô": 2, "Hồ": 2, "Dương": 2, "Đoàn": 1, "Lý": 1, "Mai": 1, "Cao": 1, "Châu": 1, "Lương": 1,
}  # fmt: skip
_MIDDLE = {
    "male": ["Văn", "Văn", "Minh", "Quốc", "Hữu", "Thanh", "Công", "Đức", "Trung", "Hoàng", "Nhật", "Thế", "Chí"],
    "female": ["Thị", "Thị", "Thị Ngọc", "Thị Kim", "Ngọc", "Thị Mỹ", "Thị Thanh", "Thùy", "Kim", "Thị Cẩm", "Bích"],
}
_GIVEN = {
    "male": [
        "An", "Bảo", "Cường", "Duy", "Đạt", "Giang", "Hải", "Hậu", "Hiếu", "Huy", "Khang", "Kiệt", "Lộc", "Long",
        "Luân", "Nam", "Nghĩa", "Nhân", "Phát", "Phong", "Phú", "Quân", "Sang", "Sơn", "Tài", "Thịnh", "Tiến", "Toàn",
        "Trí", "Trọng", "Tuấn", "Tú", "Vinh", "Vũ",
    ],
    "female": [
        "Anh", "Ánh", "Châu", "Chi", "Diễm", "Duyên", "Đào", "Giàu", "Hạnh", "Hằng", "Hiền", "Hoa", "Hồng", "Huệ",
        "Hương", "Lan", "Liên", "Loan", "Ly", "Nga", "Ngân", "Nhi", "Nhung", "Oanh", "Phượng", "Quyên", "Thảo", "Thúy",
        "Thư", "Trang", "Trinh", "Tuyền", "Uyên", "Vân", "Xuân", "Yến",
    ],
}  # fmt: skip


def invent(random: Random, gender: str, family: str = "") -> str:
    family = family or random.choices(list(_FAMILY), _FAMILY.values())[0]
    return f"{family} {random.choice(_MIDDLE[gender])} {random.choice(_GIVEN[gender])}"
