"""Loan projects with their reviews, and loans at every step, one of them overdue."""

from datetime import date, timedelta
from functools import partial
from random import Random

from beneficiaries.models import Loan, LoanProject, Person
from welfare.management.demo.province import Act, Province

_SEED = 86  # of its own, so that what the other modules draw stays as it is
# unit, source, name, millions, assigned so many days ago, due in so many days, months between reviews, delayed at last.
_PROJECTS = [
    ("LDLD", "national", "Cho vay giải quyết việc làm từ Quỹ quốc gia, đợt 1", 1_200, 690, 400, False),
    ("LDLD", "national", "Cho vay giải quyết việc làm từ Quỹ quốc gia, đợt 2", 800, 430, 660, False),
    ("KCN", "mutual", "Quỹ Tương trợ công nhân khu công nghiệp", 350, 520, 210, False),
    ("BATRI", "cep", "Giới thiệu đoàn viên vay vốn Tài chính vi mô CEP", 500, 300, 430, True),
    ("GIONGTROM", "mutual", "Quỹ Tương trợ Hợp tác xã Thủ công", 90, 650, -20, False),
]  # fmt: skip
_PURPOSES = [
    "Mua bò giống",
    "Mua máy may gia công tại nhà",
    "Sửa ghe, mua lưới",
    "Mở quầy tạp hóa nhỏ",
    "Trồng dừa xiêm",
]
_LOANS = 26
_REVIEW_EVERY = 150


class Lending:
    def __init__(self, province: Province):
        self._province, self._random, self._projects = province, Random(_SEED), {}
        people = Person.objects.filter(unit__valid_to=None, household__isnull=False).select_related("unit", "household")
        self._people = self._random.sample(list(people.order_by("pk")), _LOANS)

    def acts(self) -> list[Act]:
        projects = [act for n, row in enumerate(_PROJECTS) for act in self._project(n, *row)]
        return projects + [act for n, person in enumerate(self._people) for act in self._loan(n, person)]

    def _project(self, n, code, source, name, millions, ago, due_in, is_delayed):
        today = self._province.today
        assigned_on = today - timedelta(days=ago)
        fields = {"unit": self._province.units[code], "source": source, "name": name, "amount": millions * 1_000_000}
        dates = {"assigned_on": assigned_on, "due_on": today + timedelta(days=due_in)}
        yield Act(assigned_on, lambda: self._projects.update({n: LoanProject.objects.create(**fields, **dates)}))
        days = range(ago - _REVIEW_EVERY, 0, -_REVIEW_EVERY)
        for left in days:
            late = is_delayed and left == days[-1]
            yield Act(today - timedelta(days=left), partial(self._review, n, today - timedelta(days=left), not late))

    def _review(self, n, on, keeps):
        note = "" if keeps else "Ba hộ chậm trả gốc do giá tôm xuống thấp."
        self._projects[n].review(self._province.users["canbo"], on_schedule=keeps, note=note, on=on)

    def _loan(self, n, person):
        """Spread over the time of the first project; the latest two still wait."""
        users, made, ago = self._province.users, [], 640 - n * 25
        proposed_on = self._day(ago)
        yield Act(proposed_on, lambda: made.append(self._propose(n, person, proposed_on)))
        if n >= _LOANS - 2:
            return
        if n % 9 == 4:
            yield Act(
                self._day(ago - 10), lambda: made[0].refuse(users["lanhdao"], reason="Hộ đang có khoản vay khác.")
            )
            return
        yield Act(self._day(ago - 10), lambda: made[0].approve(users["lanhdao"], on=self._day(ago - 10)))
        yield Act(self._day(ago - 20), lambda: made[0].disburse(users["taichinh"], on=self._day(ago - 20)))
        if n % 4 == 1 and n < _LOANS // 2:
            yield Act(self._day(ago - 380), lambda: made[0].close(users["taichinh"], on=self._day(ago - 380)))

    def _day(self, ago) -> date:
        return min(self._province.working_day(self._province.today - timedelta(days=ago)), self._province.today)

    def _propose(self, n, person, on) -> Loan:
        amount = self._random.choice([20, 30, 40, 50]) * 1_000_000
        return Loan.objects.create(
            unit=person.unit, person=person, household=person.household, project=self._projects.get(0),
            purpose=_PURPOSES[n % len(_PURPOSES)], amount=amount, term_months=12 if n == 2 else 24, rate="6.6",
            proposed_by=self._province.officer(person.unit), proposed_on=on,
        )  # fmt: skip
