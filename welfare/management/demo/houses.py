"""Houses, each proposed on its day and taken through its steps as far as the calendar has come."""

from datetime import date, timedelta
from functools import partial

from beneficiaries.houses.dossier import add_papers, items_for
from beneficiaries.models import House, HouseFunding, HouseKind, Occasion, Person, SupportNorm
from welfare.management.demo.province import Act, Province
from welfare.models import Organization

_NORM = {"new": 50_000_000, "repair": 25_000_000}  # what the fund gives (VND)
_CONDITIONS = [
    "Nhà lá, cột gỗ mục, mùa mưa dột nhiều chỗ", "Vách ván hư, nền đất, chưa có nhà vệ sinh",
    "Mái tôn cũ gỉ thủng, tường nứt", "Đang ở nhờ trên đất cha mẹ cho, chưa có nhà",
]  # fmt: skip
_REFUSAL = "Đất đang có tranh chấp, chưa đủ điều kiện hỗ trợ trong năm."
_WITHDRAWAL = "Gia đình đã được chính quyền địa phương hỗ trợ nhà ở."
_MEMBERS = "Ban Chính sách - Pháp luật, Ban Tài chính, đại diện đơn vị đề xuất"
_CEREMONY = "Lễ trao Mái ấm Công đoàn có chính quyền xã và công đoàn cơ sở"
_ABOVE_NORM = "Nhà sập hoàn toàn do lốc xoáy, gia đình có hai người khuyết tật."


class Building:
    def __init__(self, province: Province, funds, donors, count: int):
        self._province, self._fund, self._donors = province, funds["QMA"], donors
        self._kinds = {kind.code: kind for kind in HouseKind.objects.all()}
        self._people = self._in_need(count)
        self._set_norms()

    def _in_need(self, count) -> list[Person]:
        found = Person.objects.filter(household__isnull=False, unit__valid_to=None).select_related("unit", "household")
        return self._province.random.sample(list(found.order_by("pk")), count)

    def _set_norms(self):
        """From well before the first house; the duty house has none."""
        since = date(self._province.year - 3, 1, 1)
        for kind in self._kinds.values():
            for construction, amount in _NORM.items():
                if not kind.is_duty:
                    SupportNorm.objects.create(kind=kind, construction=construction, amount=amount, valid_from=since)

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
        acts.append(Act(after(24), lambda: self._survey(n, house[0], after(24))))
        if n % 9 == 5:
            return [*acts, Act(after(38), lambda: house[0].refuse(users["lanhdao"], reason=_REFUSAL))]
        return [
            *acts,
            Act(after(33), lambda: self._appraise(house[0], after(33))),
            Act(after(40), lambda: self._decide(n, house[0], after(40))),
            Act(after(75), lambda: self._start(house[0], after(75))),
            Act(after(76), lambda: self._pay(house[0], after(76), advance=True)),
            Act(after(121), lambda: self._complete(house[0], after(121))),
            Act(after(122), lambda: self._pay(house[0], after(122))),
            Act(after(125), lambda: self._hand_over(house[0], after(125))),
            Act(after(165), lambda: self._settle(house[0], after(165))),
        ]

    def duty_house(self) -> list[Act]:
        """A house for the staff of a health centre, surveyed and not yet decided."""
        on, unit, made = self._after(self._province.today, -140), self._province.units["YTE"], []
        fields = {"kind": self._kinds["cong_vu"], "construction": "new", "address": "Trung tâm Y tế huyện Thạnh Phú"}
        return [
            Act(on, lambda: made.append(House.objects.create(
                unit=unit, **fields, year=on.year, proposed_on=on, proposed_by=self._province.officer(unit), host=_host(),
            ))),
            Act(self._after(on, 30), lambda: made[0].survey(self._province.users["canbo"], on=self._after(on, 30))),
        ]  # fmt: skip

    def _after(self, on, days) -> date:
        return self._province.working_day(on + timedelta(days=days))

    def _propose(self, n, person, on) -> House:
        random = self._province.random
        construction = "repair" if n % 5 in (1, 3) else "new"
        kind = {3: "nghia_tinh", 7: "tinh_thuong"}.get(n % 10, "nganh_y" if person.unit.code == "YTE" else "mai_am")
        above = 10_000_000 if n == 4 else 0
        shares = [("fund", _NORM[construction] + above), ("family", random.randint(2, 7) * 5_000_000)]
        if construction == "new":
            shares.append(("enterprise", random.choice([10, 20, 30]) * 1_000_000))
        house = House.objects.create(
            unit=person.unit, kind=self._kinds[kind], construction=construction, person=person, household=person.household,
            address=person.address, condition=random.choice(_CONDITIONS), year=on.year, proposed_on=on,
            cost=sum(amount for _, amount in shares), proposed_by=self._province.officer(person.unit),
            occasion=Occasion.objects.get(code="workers_month") if n % 3 == 0 else None,
        )  # fmt: skip
        for source, amount in shares:
            HouseFunding.objects.create(
                house=house, source=source, amount=amount, fund=self._fund if source == "fund" else None,
                donor=random.choice(self._donors) if source == "enterprise" else None,
            )  # fmt: skip
        return house

    def _survey(self, n, house, on):
        facts = {
            "roof": "ruined", "walls": ("ruined", "worn")[n % 2], "floor": ("worn", "none")[n % 2], "area": 28 + n % 5 * 6,
            "residents": 2 + n % 5, "land": ("certified", "confirmed", "family")[n % 3], "estimate": house.cost,
            "own_means": house.funding.get(source="family").amount, "surveyors": "Ban Chính sách và công đoàn cơ sở",
            "proposal": f"Đề nghị {house.get_construction_display().lower()} trong năm {on.year}",
        }  # fmt: skip
        house.survey(self._province.users["canbo"], on=on, **facts)

    def _appraise(self, house, on):
        self._bring(house, "appraised", on)
        conclusion = "Hồ sơ đủ, đúng đối tượng; đề nghị hỗ trợ."
        house.appraise(self._province.users["canbo2"], members=_MEMBERS, conclusion=conclusion, on=on)

    def _decide(self, n, house, on):
        self._bring(house, "decided", on)
        users = self._province.users
        if n == 4:
            house.allow_above_norm(users["lanhdao2"], reason=_ABOVE_NORM, on=on)
        house.decide(users["lanhdao"], decision_number=f"{20 + n}/QĐ-LĐLĐ", on=on)

    def _start(self, house, on):
        self._bring(house, "started", on)
        house.start(self._province.users["canbo"], on=on)

    def _complete(self, house, on):
        self._bring(house, "completed", on)
        house.complete(self._province.users["canbo"], on=on, note="Đúng thiết kế, đạt yêu cầu sử dụng.")

    def _hand_over(self, house, on):
        self._bring(house, "handed_over", on)
        house.hand_over(self._province.users["canbo"], on=on, note=_CEREMONY)

    def _settle(self, house, on):
        self._bring(house, "settled", on)
        finals = {line.pk: line.amount for line in house.funding.all()}
        house.settle(self._province.users["taichinh"], final_cost=house.cost, finals=finals, on=on)

    def _bring(self, house, step, on):
        """The papers the step needs, by number; their sheets lie in the cabinet."""
        for item in items_for(house).filter(step=step, is_required=True):
            add_papers(house, self._province.users["canbo"], item=item, number=f"{house.pk}-{item.position}", on=on)

    def _pay(self, house, on, *, advance=False):
        line = house.funding.get(source="fund")
        number = f"PC{on:%y%m%d}-N{house.pk}"
        amount = line.amount // 2 if advance else None
        line.pay(self._province.users["taichinh"], amount=amount, document_number=number, on=on)


def _host() -> Organization:
    host, _ = Organization.objects.get_or_create(
        name="Trung tâm Y tế huyện Thạnh Phú", defaults={"kind": Organization.Kind.AUTHORITY}
    )
    return host
