"""What units of the demonstration state where the ledger can't count, and what they write."""

from decimal import Decimal

from welfare.management.demo.province import Province
from welfare.management.demo.units import UPPER_CODES
from welfare.models import Unit, UnitYear

# indicator: the rate last year and this year; of whom it is a part.
_RATES = {
    "members_informed_share": (0.86, 0.91, "members"),
    "welfare_spending_share": (0.57, 0.61, "money"),
    "dialogues_share": (0.82, 0.87, "meetings"),
    "collective_agreements_grade_b": (0.58, 0.64, "agreements"),
    "officers_trained_share": (0.9, 1.0, "officers"),
}
# indicator: how many upper units state one, last year and this year.
_COUNTS = {
    "collective_agreements": (6, 5),
}
RESULTS = [
    "Đã thăm hỏi, hỗ trợ đoàn viên ốm đau, tai nạn, có hoàn cảnh khó khăn ở tất cả cơ sở.\n"
    "Tổ chức Tết Sum vầy và Tháng Công nhân đúng kế hoạch; vận động thêm doanh nghiệp cùng chăm lo.",
    "Rà soát danh sách người khó khăn từng quý, không để sót người ở trọ và lao động mới vào.\n"
    "Bàn giao nhà Mái ấm đúng hẹn; gia đình đã dọn vào ở.",
    "Phần lớn việc trong kế hoạch đã xong. Số buổi đối thoại tăng, nội dung đi vào tiền lương, bữa ăn ca, xe đưa đón.",
]
NEXT_STEPS = [
    "Lập danh sách chăm lo Tết sớm; khảo sát thêm hai hộ cần sửa nhà.",
    "Vận động cơ sở còn lại ký thỏa ước; mở rộng mô hình Quỹ tương hỗ.",
    "Tập huấn cán bộ cơ sở cách lập danh sách; công khai thu chi quý IV.",
]
# kind, words, the department that must answer, what it answered.
PROPOSALS = [
    ("difficulty", "Kinh phí chăm lo cấp về chậm, một số cơ sở phải tạm ứng quỹ riêng.", "TC",
     "Từ quý tới kinh phí được cấp trước ngày 10 của tháng đầu quý."),
    ("proposal", "Nâng mức hỗ trợ bệnh hiểm nghèo cho phù hợp chi phí điều trị hiện nay.", "CSPL",
     "Đã đưa vào dự thảo quy định mức hỗ trợ, trình Ban Thường vụ trong quý I."),
    ("difficulty", "Nhiều đoàn viên ở trọ, khó xác nhận diện hộ nghèo tại nơi tạm trú.", "CSPL", ""),
    ("proposal", "Tổ chức thêm lớp tập huấn lập danh sách cho cán bộ công đoàn cơ sở mới.", "TOCHUC", ""),
    ("difficulty", "Doanh nghiệp giảm đơn hàng, khó vận động ký thỏa ước có lợi hơn luật.", "CSPL", ""),
]  # fmt: skip


class Books:
    """The units' own books, out of which they state their figures."""

    def __init__(self, province: Province):
        self._random = province.random
        self._members = dict(UnitYear.objects.filter(year=province.year).values_list("unit_id", "members"))

    def state(self, figure, unit: Unit, *, is_last: bool):
        """Write into a figure what the unit says; a counted one follows the ledger."""
        code, n = figure.indicator.code, 0 if is_last else 1
        if code in _RATES:
            figure.numerator, figure.denominator = self._rate(unit, _RATES[code][n], _RATES[code][2])
        elif code in _COUNTS:
            figure.value = Decimal(unit.code in UPPER_CODES[: _COUNTS[code][n]])
        else:
            return
        figure.is_typed = True
        figure.full_clean()
        figure.save()

    def _rate(self, unit, rate, of):
        members = self._members[unit.pk]
        whole = {
            "members": members, "money": members * 100_000, "meetings": 1 + members // 300,
            "agreements": 2 + members // 900, "officers": 2 + members // 2000,
        }[of]  # fmt: skip
        spread = rate if rate == 1 else min(0.99, rate * self._random.uniform(0.94, 1.06))
        return Decimal(round(whole * spread)), Decimal(whole)
