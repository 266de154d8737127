"""The three funds and their books over two years, without what grants and houses spend."""

from datetime import date
from functools import partial

from beneficiaries.models import Donor, Fund, FundEntry, FundKind
from welfare.management.demo.province import Act, Province

_FUNDS = [
    (
        "QXH",
        "Quỹ Xã hội Công đoàn",
        "Hỗ trợ đoàn viên, người lao động khó khăn đột xuất, bệnh hiểm nghèo",
        640,
        "social",
    ),
    ("QMA", "Quỹ Mái ấm Công đoàn", "Xây mới, sửa chữa nhà cho đoàn viên khó khăn về nhà ở", 520, "shelter"),
    ("TCCD", "Tài chính công đoàn", "Kinh phí chăm lo từ nguồn tài chính công đoàn tỉnh", 1_250, "union"),
]
Kind = FundEntry.Kind


class Books:
    """The funds, and what flows into them. Amounts below are in millions of VND."""

    def __init__(self, province: Province, donors: list[Donor]):
        self._province, self._donors = province, donors
        self.funds = {
            code: Fund.objects.create(
                unit=province.root, code=code, name=name, purpose=purpose, kind=FundKind.objects.get(code=kind)
            )
            for code, name, purpose, _, kind in _FUNDS
        }

    def acts(self) -> list[Act]:
        first_year = self._province.year - 2
        acts = [self._act(date(first_year, 7, 1), code, Kind.OPENING, opening, note="Số dư chuyển sang sổ mới")
                for code, _, _, opening, _ in _FUNDS]  # fmt: skip
        for year in range(first_year, self._province.year + 1):
            acts += [act for month in range(1, 13) for act in self._of_month(year, month)]
        return [act for act in acts if act.on >= date(first_year, 7, 1)]

    def _of_month(self, year, month):
        random = self._province.random
        if month % 3 == 1:
            yield self._act(
                date(year, month, 5), "TCCD", Kind.ALLOCATION, 420, note=f"Cấp kinh phí quý {month // 3 + 1}"
            )
            yield self._act(
                date(year, month, 20), "QXH", Kind.CONTRIBUTION, 300, note="Đoàn viên đóng góp một ngày lương"
            )
        donor = random.choice(self._donors)
        fund = random.choices(["QXH", "QMA"], [55, 45])[0]
        yield self._act(date(year, month, random.randint(6, 26)), fund, Kind.CONTRIBUTION, random.choice([30, 50, 80, 100]),
                        donor=donor, note="Ủng hộ chăm lo đoàn viên, người lao động")  # fmt: skip
        if month == 5:
            yield Act(self._province.working_day(date(year, month, 12)), partial(self._correct, year))
        if month == 9:
            yield Act(self._province.working_day(date(year, month, 15)), partial(self._transfer, year))

    def _act(self, on, code, kind, millions, **details) -> Act:
        on = self._province.working_day(on)
        return Act(on, partial(self._post, on, code, kind, millions, **details))

    def _post(self, on, code, kind, millions, **details) -> FundEntry:
        amount = round(millions * self._province.scale) * 1_000_000
        number = f"{'PT' if amount > 0 else 'PC'}{on:%y%m%d}-{code}"
        return self.funds[code].post(
            kind, amount, by=self._province.users["taichinh"], on=on, document_number=number, **details
        )

    def _correct(self, year):
        """A receipt booked twice, and the reversing line."""
        on = self._province.working_day(date(year, 5, 12))
        twice = self._post(on, "QXH", Kind.CONTRIBUTION, 30, donor=self._donors[0], note="Ghi trùng phiếu thu")
        twice.reverse(self._province.users["taichinh"], on=on, note="Ghi đảo vì trùng phiếu thu")

    def _transfer(self, year):
        on = self._province.working_day(date(year, 9, 15))
        amount = round(300 * self._province.scale) * 1_000_000
        self.funds["TCCD"].transfer(self.funds["QMA"], amount, by=self._province.users["taichinh"], on=on,
                                    document_number=f"CT{on:%y%m%d}", note="Bổ sung nguồn làm nhà trong năm")  # fmt: skip
