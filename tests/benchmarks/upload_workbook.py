"""Workbooks of invented people to time uploads with."""

import random

import xlsxwriter

HEADINGS = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Đơn vị công tác", "Địa chỉ", "Loại hộ", "Số GCN",
            "Số khẩu", "Hoàn cảnh", "Số tiền", "Điện thoại", "Ghi chú"]  # fmt: skip
ABOVE = 3  # lines above the headings
_NAMES = """Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý
Hữu Đức Minh Ngọc Thanh Kim Quốc Xuân Thành Hoài Bảo Gia
An Bình Cường Dung Đạt Giang Hà Hải Hạnh Hiếu Hoa Hùng Hương Khánh Lan Linh Long Mai Nga Phúc Sơn Thảo Yến"""
_FAMILIES, _MIDDLE, _GIVEN = map(str.split, _NAMES.splitlines())


def people(count: int, first_serial: int, seed: int = 1):
    """Rows in the order of HEADINGS; serials of the ID numbers run from ``first_serial`` on."""
    chance = random.Random(seed)
    for place in range(count):
        female, year = chance.random() < 0.5, chance.randint(1960, 2004)
        number = f"083{(2 if year >= 2000 else 0) + female}{year % 100:02d}{first_serial + place:06d}"
        name = [
            chance.choice(_FAMILIES),
            *(["Thị"] if female else ["Văn"]),
            chance.choice(_MIDDLE),
            chance.choice(_GIVEN),
        ]
        yield [
            place + 1,
            " ".join(name),
            f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/{year}",
            "Nữ" if female else "Nam",
            number,
            f"Công ty {chance.randint(1, 300)}",
            f"Ấp {chance.randint(1, 9)}, xã {chance.randint(1, 160)}",
            chance.choice(["Hộ nghèo", "Hộ cận nghèo"]),
            f"GCN{first_serial + place:07d}",
            chance.randint(1, 8),
            chance.choice(["Bệnh nan y", "Tai nạn lao động", "Khó khăn về nhà ở", ""]),
            chance.choice([500_000, 1_000_000, 2_000_000]),
            f"0{900_000_000 + first_serial + place}",
            "",
        ]


def write(path, count: int, first_serial: int, *, faulty: bool = False) -> None:
    """faulty: every row has an ID number that lacks its last digit and a telephone number that is none."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("DS")
    sheet.write(0, 0, "LĐLĐ HUYỆN BA TRI")
    sheet.write(1, 3, "DANH SÁCH ĐOÀN VIÊN, NLĐ THUỘC HỘ NGHÈO, CẬN NGHÈO")
    sheet.write_row(ABOVE, 0, HEADINGS)
    for place, row in enumerate(people(count, first_serial)):
        if faulty:
            row[4], row[12] = row[4][:-1], "không rõ"
        sheet.write_row(ABOVE + 1 + place, 0, row)
    book.close()
