"""Rounds of units' own: an upper unit out of its own fund, a union of a workplace with its employer's money."""

import io
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from beneficiaries.models import Advance, Fund, FundEntry, Grant, GrantRound, Occasion, Person
from welfare.management.demo.province import Act, Province
from welfare.management.demo.rounds import ADVANCED

_OPENING = 80_000_000  # VND
_PEOPLE = 9
_UNPAID = 2


class UnitRounds:
    """In Ba Tri the officer proposes, another of the unit approves; in Giày Phú Thuận one officer works alone."""

    def __init__(self, province: Province):
        self._province, self._made = province, {}

    def acts(self) -> list[Act]:
        year, after = self._province.year, self._province.working_day
        opened, decided = after(date(year, 1, 12)), after(date(year, 2, 2))
        acts = [
            Act(opened, lambda: self._open_ba_tri(opened)),
            Act(after(opened + timedelta(days=9)), lambda: self._propose("BATRI")),
            Act(decided, lambda: self._approve("BATRI", "batri2", "05/QĐ-LĐLĐ", decided)),
            Act(after(decided + timedelta(days=3)), lambda: self._pay(after(decided + timedelta(days=3)))),
        ]
        spring = after(date(year, 3, 2))
        return [
            *acts,
            Act(spring, lambda: self._open_workplace(spring)),
            Act(after(spring + timedelta(days=7)), lambda: self._propose("GIAYPHUTHUAN", source="Công ty TNHH Giày Phú Thuận")),
            Act(after(spring + timedelta(days=16)), lambda: self._approve("GIAYPHUTHUAN", "lanhdao2", "12/QĐ-LĐLĐ", after(spring + timedelta(days=16)))),
        ]  # fmt: skip

    def _open_ba_tri(self, on):
        unit, occasion = self._province.units["BATRI"], Occasion.objects.get(code="sudden")
        fund = Fund.objects.create(unit=unit, code="QXH-BATRI", name="Quỹ Xã hội LĐLĐ huyện Ba Tri")
        fund.post(
            FundEntry.Kind.OPENING, _OPENING, by=self._province.users["batri"], on=on, note="Số dư chuyển sang sổ mới"
        )
        round = self._made["BATRI"] = GrantRound.objects.create(
            unit=unit, code=f"BATRI-DX{on.year}", name=f"Hỗ trợ khó khăn huyện Ba Tri {on.year}", occasion=occasion,
            year=on.year, ceiling=1_500_000, default_amount=1_000_000, other_amount=700_000, total_ceiling=20_000_000,
            opens_on=on, closes_on=date(on.year, 12, 31),
        )  # fmt: skip
        round.funds.create(fund=fund, most=20_000_000)

    def _open_workplace(self, on):
        self._made["GIAYPHUTHUAN"] = GrantRound.objects.create(
            unit=self._province.units["GIAYPHUTHUAN"], code=f"GPT-{on.year}", year=on.year, opens_on=on,
            name=f"Chăm lo công nhân Giày Phú Thuận {on.year}", occasion=Occasion.objects.get(code="workers_month"),
            ceiling=1_000_000, default_amount=500_000, closes_on=date(on.year, 4, 30),
        )  # fmt: skip

    def _propose(self, code, source=""):
        round, unit = self._made[code], self._province.units[code]
        for person in Person.objects.filter(unit=unit).order_by("pk")[:_PEOPLE]:
            Grant.objects.create(
                round=round, unit=unit, person=person, cash=round.amount_for(person.is_member), outside_source=source,
                proposed_by=self._province.officer(unit), proposed_on=round.opens_on + timedelta(days=7),
            )  # fmt: skip

    def _approve(self, code, approver, number, on):
        """By another hand; a few still wait."""
        keys = list(self._made[code].grants.waiting().order_by("pk").values_list("pk", flat=True))
        rows = Grant.objects.filter(pk__in=keys[:-_UNPAID])
        rows.approve(self._province.users[approver], decision_number=number, on=on)

    def _pay(self, on):
        round = self._made["BATRI"]
        keys = list(round.grants.payable().order_by("pk").values_list("pk", flat=True))[:-_UNPAID]
        given = {"fund": round.funds.get().fund, "document_number": "PC01", "on": on, "way": Grant.Way.CASH}
        Grant.objects.filter(pk__in=keys).pay(self._province.users["batri"], **given)


def sign_receipts(province: Province):
    """Signed lists of what was paid, unit by unit; one unit has settled its advance, all but the last two people."""
    paid = Grant.objects.filter(state=Grant.State.PAID, receipt=None)
    for round_id, unit_id in paid.order_by().values_list("round", "unit").distinct():
        rows = paid.filter(round=round_id, unit=unit_id)
        on = rows.order_by("-paid_on").values_list("paid_on", flat=True)[0]
        rows.receive(province.users["taichinh"], scan=_sheet(), on=on)
    late = Advance.objects.filter(unit__code=ADVANCED[0]).order_by("-on").first()
    for advance in Advance.objects.exclude(pk=late and late.pk).select_related("unit"):
        _settle(province, advance)


def _settle(province, advance):
    """All but two people have signed; the money for those comes back."""
    handed = advance.grants.filter(state=Grant.State.APPROVED).order_by("pk")
    keys = list(handed.values_list("pk", flat=True))
    on = min(province.working_day(advance.on + timedelta(days=12)), province.today)
    settled = Grant.objects.filter(pk__in=keys[:-_UNPAID])
    settled.receive(province.officer(advance.unit), scan=_sheet(), on=on)
    advance.refresh_from_db()
    if advance.remaining:
        number = f"PT{on:%y%m%d}-{advance.unit.code}"
        advance.take_back(province.users["taichinh"], amount=advance.remaining, document_number=number, on=on)


def _sheet() -> SimpleUploadedFile:
    """A drawn sheet with lines and strokes of a pen, in place of a scan."""
    sheet = Image.new("L", (600, 850), 250)
    pen = ImageDraw.Draw(sheet)
    for row in range(14):
        y = 160 + row * 42
        pen.line((40, y, 560, y), fill=120)
        pen.arc((430, y - 34, 520, y - 6), 10, 300, fill=60, width=2)
    for x in (40, 90, 300, 410, 560):
        pen.line((x, 160, x, 160 + 13 * 42), fill=120)
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    return SimpleUploadedFile("danh-sach-ky-nhan.png", stream.getvalue(), "image/png")
