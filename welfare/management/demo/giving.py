"""What stands around the funds: pledges kept and late, gifts in kind, receipts, a bound fund, a unit's own, closed months."""

from datetime import timedelta

from beneficiaries.funds.months import last_ended_month
from beneficiaries.models import Campaign, Donor, Fund, FundEntry, FundKind, GiftInKind, Pledge
from welfare.management.demo.province import Province

_MILLION = 1_000_000
_BOUND = (
    "TTNHA",
    "Tiền tài trợ xây nhà đoàn viên nữ",
    "Doanh nghiệp tài trợ, chỉ dùng xây nhà cho nữ đoàn viên đơn thân",
)
_OWN = ("QTTBT", "Quỹ Tương thân LĐLĐ huyện Ba Tri", "Thăm hỏi đột xuất trong huyện")
Kind = FundEntry.Kind


def make_giving(province: Province, funds: dict[str, Fund], donors: list[Donor]):
    giving = _Giving(province, funds, donors)
    giving.bound_fund()
    giving.pledges()
    giving.gifts_in_kind()
    giving.unit_fund()
    giving.campaigns()


class _Giving:
    def __init__(self, province, funds, donors):
        self._province, self._funds, self._donors = province, funds, donors
        self._finance, self._kinds = province.users["taichinh"], {kind.code: kind for kind in FundKind.objects.all()}

    def _ago(self, days):
        """A working day about so long ago, never one to come."""
        return min(self._province.working_day(self._province.today - timedelta(days=days)), self._province.today)

    def bound_fund(self):
        code, name, purpose = _BOUND
        self._bound = Fund.objects.create(
            unit=self._province.root, code=code, name=name, purpose=purpose, kind=self._kinds["sponsored"],
            use=Fund.Use.HOUSES, low_mark=20 * _MILLION,
        )  # fmt: skip

    def pledges(self):
        """One of each: kept with a receipt, kept in part, late, not due yet, withdrawn."""
        kept = self._pledge(0, 150, asked=200, due=120, fund=self._bound, purpose="Xây 3 nhà cho nữ đoàn viên")
        entry = self._receive(kept, 150, on=self._ago(125))
        entry.issue_receipt(self._finance, payer="Ngô Thị Thu Cúc", address="Xã Lương Thạnh")
        partly = self._pledge(1, 100, asked=160, due=70, fund=self._funds["QXH"], purpose="Hỗ trợ công nhân bệnh nặng")
        self._receive(partly, 60, on=self._ago(80))
        self._pledge(2, 80, asked=130, due=40, fund=self._funds["QMA"], purpose="Góp xây nhà")
        self._pledge(3, 120, asked=20, due=-60, purpose="Quà Tết cho người lao động xa quê")
        gone = self._pledge(4, 50, asked=220, due=150, fund=self._funds["QXH"])
        gone.withdraw(self._finance, reason="Doanh nghiệp tạm ngừng sản xuất")

    def _pledge(self, donor, millions, *, asked, due, **fields) -> Pledge:
        return Pledge.objects.create(
            donor=self._donors[donor], amount=millions * _MILLION, pledged_on=self._ago(asked), by=self._finance,
            due_on=self._province.today - timedelta(days=due), **fields,
        )  # fmt: skip

    def _receive(self, pledge, millions, on) -> FundEntry:
        return pledge.fund.post(
            Kind.CONTRIBUTION, millions * _MILLION, by=self._finance, on=on, document_number=f"PT{on:%y%m%d}-H{pledge.pk}",
            donor=pledge.donor, pledge=pledge, note=pledge.purpose,
        )  # fmt: skip

    def gifts_in_kind(self):
        for donor, what, millions, days in (
            (5, "300 phần quà gạo, dầu ăn", 90, 200),
            (6, "20 xe đạp cho con công nhân", 46, 75),
        ):
            GiftInKind.objects.create(
                donor=self._donors[donor], what=what, value=millions * _MILLION, given_on=self._ago(days), by=self._finance,
                document_number=f"BBGN-{donor:02d}",
            )  # fmt: skip

    def unit_fund(self):
        """Kept by the unit's own officer, with a donor of the unit who is a person."""
        unit = self._province.units["BATRI"]
        officer, (code, name, purpose) = self._province.officer(unit), _OWN
        fund = Fund.objects.create(
            unit=unit, code=code, name=name, purpose=purpose, kind=self._kinds["other_fund"], low_mark=5 * _MILLION
        )
        person = Donor.objects.create(unit=unit, name="Huỳnh Văn Lành", kind=Donor.Kind.PERSON, phone="0903000111")
        fund.post(
            Kind.OPENING, 12 * _MILLION, by=officer, on=self._ago(300), document_number="SD01", note="Số dư chuyển sang"
        )
        fund.post(Kind.CONTRIBUTION, 3 * _MILLION, by=officer, on=self._ago(90), document_number="PT02", donor=person)
        fund.post(
            Kind.SPEND,
            -11 * _MILLION,
            by=officer,
            on=self._ago(15),
            document_number="PC05",
            note="Thăm hỏi công nhân nằm viện",
        )

    def campaigns(self):
        """The fund has got what most units said; one sent less, one nothing yet."""
        for campaign in Campaign.objects.select_related("fund"):
            on = min(campaign.ends_on, self._province.today)
            for n, result in enumerate(campaign.results.filter(amount__gt=0).select_related("unit")):
                is_running = campaign.year == self._province.year
                part = {3: 0, 6: 0.8}.get(n, 1) if is_running else 1
                if part:
                    campaign.fund.post(
                        Kind.CONTRIBUTION, round(result.amount * part), by=self._finance, on=on, campaign=campaign,
                        from_unit=result.unit, document_number=f"PT{on:%y%m%d}-VD{n + 1:02d}", note=campaign.name,
                    )  # fmt: skip
            donor = self._donors[7]
            campaign.fund.post(
                Kind.CONTRIBUTION, 40 * _MILLION, by=self._finance, on=on, campaign=campaign, donor=donor,
                document_number=f"PT{on:%y%m%d}-DN", note="Hưởng ứng đợt vận động",
            )  # fmt: skip


def close_months(province: Province):
    """Comes last: nothing more is written into the months it closes."""
    through = last_ended_month(last_ended_month(province.today))
    for fund in Fund.objects.filter(code__in=("QXH", "QMA", "TCCD")):
        fund.close_month(province.users["taichinh"], through=through)
