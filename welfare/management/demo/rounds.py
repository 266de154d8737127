"""Rounds of support over two years: Tết, Tháng Công nhân and sudden hardship, each as far as the calendar has come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from beneficiaries.models import Grant, GrantRound, Hardship, Occasion, Person
from welfare.management.demo.organizations import DONORS
from welfare.management.demo.province import Act, Province, insert, last_day_of_lists, tet
from welfare.management.demo.units import UPPER_CODES

_REFUSAL = "Đã được doanh nghiệp hỗ trợ cùng nội dung trong đợt này."
_RETURN = "Chưa ghi rõ hoàn cảnh; bổ sung rồi gửi lại."
ADVANCED = ("CHOLACH", "GIONGTROM")
_GIFT = "Túi quà gạo, dầu ăn, nước mắm"
_GIFT_VALUE = 300_000


@dataclass(frozen=True)
class Schedule:
    """One round: who may be in it, and when each step is taken. ``amounts``: VND with their weights."""

    code: str
    name: str
    occasion: str
    year: int
    fund: str
    opens: date
    closes: date
    decided: date
    paid: date
    amounts: dict[int, int]
    share: float = 0.0
    gifts: int = 0
    plan: str = ""
    advanced: tuple[str, ...] = ()  # units that are handed the money and pay it out themselves


class Rounds:
    def __init__(self, province: Province, funds, plans):
        self._province, self._funds, self._plans = province, funds, plans
        self._occasions = {occasion.code: occasion for occasion in Occasion.objects.all()}
        self._people = list(Person.objects.order_by("pk").select_related("unit"))
        self._by_id = {person.pk: person for person in self._people}
        self._reasons = dict(Hardship.objects.order_by("-pk").values_list("person_id", "kind__name"))
        self._rounds: dict[str, GrantRound] = {}

    def acts(self) -> list[Act]:
        last_tet = self._province.coming_tet
        schedules = [_tet(year, self._province.today) for year in range(last_tet - 2, last_tet + 1)]
        schedules += [_workers_month(year) for year in (self._province.year - 1, self._province.year)]
        first_day = date(self._province.year - 2, 9, 1)  # the funds were opened shortly before
        acts = [act for schedule in schedules if schedule.opens >= first_day for act in self._of_schedule(schedule)]
        for year in (self._province.year - 1, self._province.year):
            acts += self._of_year(year)
        return acts

    def _of_schedule(self, s: Schedule) -> list[Act]:
        """A round with one deadline; decisions and payments are taken unit by unit a few days apart."""
        acts = [Act(s.opens, lambda: self._open(s)), *self._proposals(s, self._drawn(s))]
        if s.closes >= self._province.today:
            acts.append(Act(s.opens + timedelta(days=11), lambda: self._return_two(s)))
        acts.append(Act(s.closes + timedelta(days=1), lambda: self._forward(s, s.closes + timedelta(days=1))))
        acts.append(Act(s.closes + timedelta(days=2), lambda: self._appraise(s)))
        acts.append(Act(s.decided - timedelta(days=1), lambda: self._refuse_some(s)))
        acts.append(Act(s.decided, lambda: self._approve(s, s.decided, f"{s.decided.timetuple().tm_yday}/QĐ-LĐLĐ")))
        acts += self._payments(s)
        acts.append(Act(s.paid + timedelta(days=25), lambda: self._rounds[s.code].close(self._province.users["canbo"])))
        return acts

    def _drawn(self, s: Schedule) -> list[Person]:
        return [person for person in self._people if self._province.random.random() < s.share]

    def _open(self, s: Schedule):
        round = self._rounds[s.code] = GrantRound.objects.create(
            unit=self._province.root, code=s.code, name=s.name, occasion=self._occasions[s.occasion], year=s.year,
            plan=self._plans.get(s.plan), opens_on=s.opens, closes_on=s.closes,
            ceiling=2_000_000, default_amount=min(s.amounts),
        )  # fmt: skip
        round.funds.create(fund=self._funds[s.fund])

    def _proposals(self, s: Schedule, people) -> list[Act]:
        """Each unit sends its list on a day of its own while the round is open."""
        of_unit: dict[str, list[Person]] = {}
        for person in people:
            of_unit.setdefault(person.unit.code, []).append(person)
        days = (s.closes - s.opens).days - 2
        acts = []
        for n, (code, listed) in enumerate(sorted(of_unit.items())):
            on = s.opens + timedelta(days=3 + n * 7 % max(1, days - 3))
            acts.append(Act(on, self._sending(s, code, listed, on)))
        return acts

    def _sending(self, s, code, people, on) -> Callable:
        unit, random = self._province.units[code], self._province.random
        amounts = random.choices(list(s.amounts), s.amounts.values(), k=len(people))

        def send():
            if not unit.is_open(on):
                return
            officer, round = self._province.officer(unit), self._rounds[s.code]
            common = {"round": round, "unit": unit, "proposed_by": officer, "proposed_on": on}
            grants = [
                Grant(person=person, cash=cash, reason=self._reasons.get(person.pk, ""), **common)
                for person, cash in zip(people, amounts, strict=True)
            ]
            if s.gifts and code in UPPER_CODES:
                grants.append(self._gift_count(s, common))
            insert(Grant, grants)

        return send

    def _gift_count(self, s, common) -> Grant:
        """Gifts a firm gives through the unit, counted without names."""
        random = self._province.random
        count = round(s.gifts * self._province.scale * random.uniform(0.7, 1.3) / 10) * 10
        return Grant(people_count=count, in_kind=_GIFT, in_kind_value=count * _GIFT_VALUE,
                     outside_source=random.choice(DONORS), **common)  # fmt: skip

    def _return_two(self, s: Schedule):
        """Of the unit that was first, while the round is open."""
        named = self._grants(s).waiting().filter(person__isnull=False).order_by("pk")
        keys = list(named.values_list("pk", flat=True)[:2])
        if keys:
            self._grants(s).filter(pk__in=keys).send_back(self._province.users["canbo"], reason=_RETURN)

    def _forward(self, s: Schedule, on):
        """What unions of workplaces proposed goes up with the letter of the union above them."""
        for code in UPPER_CODES:
            unit = self._province.units[code]
            rows = self._grants(s).to_forward().filter(unit__path__startswith=unit.path)
            if rows.exists():
                number = f"{on.timetuple().tm_yday}/CV-{code}"
                rows.forward(self._province.officer(unit), unit=unit, letter_number=number, on=on)

    def _appraise(self, s: Schedule):
        """The first of each unit were looked at one by one."""
        officer, first = self._province.users["canbo"], {}
        for grant in self._grants(s).to_appraise().order_by("pk"):
            first.setdefault(grant.unit_id, grant)
        for grant in first.values():
            grant.appraise(officer, on=s.closes + timedelta(days=2))

    def _refuse_some(self, s: Schedule):
        named = self._grants(s).waiting().filter(person__isnull=False).order_by("pk")
        some = [key for n, key in enumerate(named.values_list("pk", flat=True)) if n % 60 == 17]
        on = s.decided - timedelta(days=1)
        if some:
            self._grants(s).filter(pk__in=some).refuse(self._province.users["lanhdao"], reason=_REFUSAL, on=on)

    def _approve(self, s: Schedule, on, number):
        if self._grants(s).waiting().exists():
            self._grants(s).approve(self._province.users["lanhdao"], decision_number=number, on=on)

    def _payments(self, s: Schedule) -> list[Act]:
        """Unit by unit; a few people have not yet come to sign for theirs, and one payment was taken back."""
        codes = sorted(self._province.units)
        acts = [self._payment(s, code, s.paid + timedelta(days=n * 12 // len(codes))) for n, code in enumerate(codes)]
        return [*acts, Act(s.paid + timedelta(days=20), lambda: self._take_back_one(s))]

    def _payment(self, s, code, on) -> Act:
        if code in s.advanced:
            return Act(on, lambda: self._advance(s, code, on))
        return Act(on, lambda: self._pay(s, self._grants(s).filter(unit__code=code), on, f"PC{on:%y%m%d}-{code}"))

    def _pay(self, s, grants, on, number):
        signed = [key for n, key in enumerate(grants.order_by("pk").values_list("pk", flat=True)) if n % 25 != 11]
        payable = self._grants(s).filter(pk__in=signed).payable()
        if payable.exists():
            payable.pay(self._province.users["taichinh"], fund=self._funds[s.fund], document_number=number, on=on)

    def _advance(self, s, code, on):
        unit = self._province.units[code]
        payable = self._grants(s).filter(unit__path__startswith=unit.path).payable()
        payable.advance_to(
            self._province.users["taichinh"], unit=unit, fund=self._funds[s.fund], document_number=f"TU{on:%y%m%d}-{code}",
            settle_by=on + timedelta(days=30), on=on,
        )  # fmt: skip

    def _take_back_one(self, s: Schedule):
        paid = self._grants(s).filter(state=Grant.State.PAID, person__isnull=False).order_by("-pk").first()
        on = s.paid + timedelta(days=20)
        paid.reverse(self._province.users["taichinh"], note="Người nhận đã chuyển đi trước ngày chi", on=on)

    def _grants(self, s: Schedule):
        return Grant.objects.filter(round=self._rounds[s.code])

    def _of_year(self, year) -> list[Act]:
        """Sudden hardship: what became known in a month is proposed in the next; each month's end decides and pays."""
        s = _sudden(year)
        acts = [Act(s.opens, lambda: self._open(s))]
        for month, people in self._struck(year).items():
            by_unit: dict[str, list[Person]] = {}
            for person in people:
                by_unit.setdefault(person.unit.code, []).append(person)
            for n, code in enumerate(sorted(by_unit)):
                on = date(year, month, 2 + n * 11 % 27)
                acts.append(Act(on, self._sending(s, code, by_unit[code], on)))
        for decided in [*(date(year, month, 24) for month in range(1, 13)), date(year + 1, 1, 12)]:
            acts += self._decision(s, decided)
        return [*acts, Act(date(year + 1, 1, 20), lambda: self._rounds[s.code].close(self._province.users["canbo"]))]

    def _struck(self, year) -> dict[int, list[Person]]:
        """People by the month in which their unit proposes them; most hardships are, once a year each."""
        struck: dict[int, list[Person]] = {}
        seen = set()
        for hardship in Hardship.objects.filter(known_on__range=(date(year - 1, 12, 1), date(year, 11, 30))).order_by(
            "pk"
        ):
            if hardship.person_id not in seen and self._province.random.random() < 0.6:
                seen.add(hardship.person_id)
                struck.setdefault(hardship.known_on.month % 12 + 1, []).append(self._by_id[hardship.person_id])
        return struck

    def _decision(self, s, decided) -> list[Act]:
        paid = decided + timedelta(days=3)
        return [
            Act(decided, lambda: self._forward(s, decided)),
            Act(decided, lambda: self._approve(s, decided, f"{decided:%m}-ĐX/QĐ-LĐLĐ")),
            Act(paid, lambda: self._pay(s, self._grants(s), paid, f"PC{paid:%y%m%d}-ĐX")),
        ]


def _tet(year: int, today: date) -> Schedule:
    """Opens ninety days before Tết; the coming one is open already, however far off it is."""
    first = tet(year)
    opens = first - timedelta(days=90)
    if opens > today - timedelta(days=12) and first > today:
        opens = today - timedelta(days=12)
    return Schedule(
        code=f"TET{year}", name=f"Tết {year}", occasion="tet", year=year, fund="TCCD", opens=opens,
        closes=last_day_of_lists(year), decided=first - timedelta(days=38), paid=first - timedelta(days=24),
        amounts={500_000: 60, 700_000: 25, 1_000_000: 15}, share=0.42, gifts=195, plan=f"TET{year}",
    )  # fmt: skip


def _workers_month(year: int) -> Schedule:
    return Schedule(
        code=f"TCN{year}", name=f"Tháng Công nhân {year}", occasion="workers_month", year=year, fund="QXH",
        opens=date(year, 3, 10), closes=date(year, 4, 12), decided=date(year, 4, 22), paid=date(year, 5, 2),
        amounts={500_000: 70, 1_000_000: 30}, share=0.24, gifts=60, plan=f"CARE{year}", advanced=ADVANCED,
    )  # fmt: skip


def _sudden(year: int) -> Schedule:
    return Schedule(
        code=f"DX{year}", name=f"Khó khăn đột xuất {year}", occasion="sudden", year=year, fund="QXH",
        opens=date(year, 1, 1), closes=date(year, 12, 31), decided=date(year, 12, 31), paid=date(year, 12, 31),
        amounts={1_000_000: 55, 1_500_000: 25, 2_000_000: 20}, plan=f"CARE{year}",
    )  # fmt: skip
