"""Houses, each proposed on its day and taken through its steps as far as the calendar has come."""

from datetime import date, timedelta
from functools import partial

from beneficiaries.models import House, HouseFunding, HouseKind, Person
from welfare.management.demo.province import Act, Province

_NORM = {"new": 50_000_000, "repair": 25_000_000}  # what the fund gives (VND)
_CONDITIONS = [
    "Nhà lá, cột gỗ mục, mùa mưa dột nhiều chỗ", "Vách ván hư, nền đất, chưa có nhà vệ sinh",
    "Mái tôn cũ gỉ thủng, tường nứt", "Đang ở nhờ trên đất cha mẹ cho, chưa có nhà",
]  # fmt: skip
_REFUSAL = "Đất đang có tranh chấp, chưa đủ điều kiện hỗ trợ trong năm."
_WITHDRAWAL = "Gia đình đã được chính quyền địa phương hỗ trợ nhà ở."


class Building:
    def __init__(self, province: Province, funds, donors, count: int):
        self._province, self._fund, self._donors = province, funds["QMA"], donors
        self._kinds = {kind.code: kind for kind in HouseKind.objects.all()}
        self._people = self._in_need(count)

    def _in_need(self, count) -> list[Person]:
        found = Person.objects.filter(household__isnull=False, unit__valid_to=None).select_related("unit", "household")
        return self._province.random.sample(list(found.order_by("pk")), count)

    def acts(self) -> list[Act]:
        """Spread over two years, closer together towards today, so that some stand at every step."""
        first_day = date(self._province.year - 2, 9, 1)
        days, last, acts = (self._province.today - first_day).days, len(self._people) - 1, []
        for n, person in enumerate(self._people):
            proposed_on = first_day + timedelta(days=round(days * (1 - (1 - n / last) ** 1.4)) - 2)
            acts += self._story(n, person, proposed_on)
        return acts

    def _story(self, n, person, on) -> list[Act]:
        """One house's acts; some end in a refusal or are withdrawn."""
        house, users = [], self._province.users
        after = partial(self._after, on)
        acts = [Act(on, lambda: house.append(self._propose(n, person, on)))]
        if n % 17 == 9:
            return [*acts, Act(after(20), lambda: house[0].withdraw(users["canbo"], reason=_WITHDRAWAL))]
        acts.append(Act(after(24), lambda: house[0].survey(users["canbo"], on=after(24))))
        if n % 9 == 5:
            return [*acts, Act(after(38), lambda: house[0].refuse(users["lanhdao"], reason=_REFUSAL))]
        decision = f"{20 + n}/QĐ-LĐLĐ"
        return [
            *acts,
            Act(after(40), lambda: house[0].decide(users["lanhdao"], decision_number=decision, on=after(40))),
            Act(after(75), lambda: house[0].start(users["canbo"], on=after(75))),
            Act(after(76), lambda: self._pay(house[0], after(76))),
            Act(after(125), lambda: house[0].hand_over(users["canbo"], on=after(125))),
        ]

    def duty_house(self) -> list[Act]:
        """A house for the staff of a health centre, surveyed and not yet decided."""
        on, unit, made = self._after(self._province.today, -140), self._province.units["YTE"], []
        fields = {"kind": self._kinds["cong_vu"], "construction": "new", "address": "Trung tâm Y tế huyện Thạnh Phú"}
        return [
            Act(on, lambda: made.append(House.objects.create(
                unit=unit, **fields, year=on.year, proposed_on=on, proposed_by=self._province.officer(unit),
            ))),
            Act(self._after(on, 30), lambda: made[0].survey(self._province.users["canbo"], on=self._after(on, 30))),
        ]  # fmt: skip

    def _after(self, on, days) -> date:
        return self._province.working_day(on + timedelta(days=days))

    def _propose(self, n, person, on) -> House:
        random = self._province.random
        construction = "repair" if n % 5 in (1, 3) else "new"
        kind = {3: "nghia_tinh", 7: "tinh_thuong"}.get(n % 10, "nganh_y" if person.unit.code == "YTE" else "mai_am")
        shares = [("fund", _NORM[construction]), ("family", random.randint(2, 7) * 5_000_000)]
        if construction == "new":
            shares.append(("enterprise", random.choice([10, 20, 30]) * 1_000_000))
        house = House.objects.create(
            unit=person.unit, kind=self._kinds[kind], construction=construction, person=person, household=person.household,
            address=person.address, condition=random.choice(_CONDITIONS), year=on.year, proposed_on=on,
            cost=sum(amount for _, amount in shares), proposed_by=self._province.officer(person.unit),
        )  # fmt: skip
        for source, amount in shares:
            HouseFunding.objects.create(
                house=house, source=source, amount=amount, fund=self._fund if source == "fund" else None,
                donor=random.choice(self._donors) if source == "enterprise" else None,
            )  # fmt: skip
        return house

    def _pay(self, house, on):
        line = house.funding.get(source="fund")
        line.pay(self._province.users["taichinh"], document_number=f"PC{on:%y%m%d}-N{house.pk}", on=on)
