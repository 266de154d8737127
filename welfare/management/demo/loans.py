"""Loan projects with their reviews, and loans at every step: paid back in time, late, given more time, written off."""

from datetime import date, timedelta
from functools import partial
from random import Random

from beneficiaries.loans.instalments import months_later
from beneficiaries.models import Fund, FundEntry, Loan, LoanLimit, LoanProject, Person
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
_LATE_FROM = (3, 2)  # that loan pays so many instalments and no more
_EXTENDED, _WRITTEN_OFF = 2, 8
_REVIEW_EVERY = 150


class Lending:
    def __init__(self, province: Province):
        self._province, self._random, self._projects = province, Random(_SEED), {}
        people = Person.objects.filter(unit__valid_to=None, household__isnull=False).select_related("unit", "household")
        self._people = self._random.sample(list(people.order_by("pk")), _LOANS)
        self._fund = self._open_fund()

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
        """Spread over two years; the latest two still wait. Some are refused, closed early, late, given more time."""
        users, made, ago = self._province.users, [], 640 - n * 25
        yield Act(self._day(ago), lambda: made.append(self._propose(n, person, self._day(ago))))
        if n >= _LOANS - 2:
            return
        decided_on, paid_on = self._day(ago - 10), self._day(ago - 20)
        if n % 9 == 4:
            reason = "Phương án sử dụng vốn chưa rõ, chưa có xác nhận của địa phương."
            yield Act(decided_on, lambda: made[0].refuse(users["lanhdao"], reason=reason))
            return
        yield Act(decided_on, lambda: made[0].approve(users["lanhdao"], on=decided_on))
        if _source(n) == "cep":
            answer = "Đã giải ngân 20.000.000 đồng, thời hạn 12 tháng."
            yield Act(paid_on, lambda: made[0].hear_back(users["canbo"], answer=answer, on=paid_on))
            return
        voucher = f"PC{paid_on:%y%m%d}-V{n}"
        yield Act(paid_on, lambda: made[0].disburse(users["taichinh"], document_number=voucher, on=paid_on))
        yield from self._paid_back(n, made, paid_on)

    def _paid_back(self, n, made, since):
        """Each instalment on its day, but for who falls behind."""
        users = self._province.users
        months = {Loan.Way.MONTHLY: range(1, 25), Loan.Way.QUARTERLY: range(3, 25, 3), Loan.Way.END: ()}[_way(n)]
        for number, month in enumerate(months, 1):
            if n == _LATE_FROM[0] and number > _LATE_FROM[1]:
                break
            day = self._province.working_day(months_later(since, month))
            yield Act(day, partial(self._repay, made, f"PT{day:%y%m%d}-V{n}", day))
        if n % 8 == 1 and n < _LOANS // 2:
            day = self._day((self._province.today - since).days - 360)
            yield Act(day, lambda: self._close(made[0], f"PT{day:%y%m%d}-TT{n}", day))
        if n == _EXTENDED:
            asked = {"months": 6, "reason": "Đàn bò bị bệnh, chưa bán được."}
            day = self._day(40)
            yield Act(day, lambda: made[0].ask_extension(self._province.officer(made[0].unit), **asked, on=day))
        if n == _WRITTEN_OFF:
            given_up = {
                "decision_number": "88/QĐ-LĐLĐ",
                "reason": "Người vay qua đời, gia đình không còn khả năng trả.",
            }
            day = self._day(30)
            yield Act(day, lambda: made[0].write_off(users["lanhdao"], **given_up, on=day))

    def _repay(self, made, number, on):
        loan = made[0]
        due = loan.instalments.filter(due_total__gt=loan.principal_repaid).first()
        if loan.state == Loan.State.DISBURSED and due:
            given = {"principal": due.principal, "interest": due.interest, "document_number": number}
            loan.repay(self._province.users["taichinh"], **given, on=on)

    def _close(self, loan, number, on):
        if loan.state == Loan.State.DISBURSED:
            interest = loan.outstanding // 100
            loan.close(self._province.users["taichinh"], document_number=number, interest=interest, on=on)

    def _day(self, ago) -> date:
        return min(self._province.working_day(self._province.today - timedelta(days=ago)), self._province.today)

    def _propose(self, n, person, on) -> Loan:
        source = _source(n)
        amount = self._random.choice([20, 30, 40, 50]) * 1_000_000
        project = self._projects.get(n % 2) or self._projects.get(0) if source == "national" else None
        return Loan.objects.create(
            unit=person.unit, person=person, household=person.household, project=project, source=source,
            fund=self._fund if source == "mutual" else None, purpose=_PURPOSES[n % len(_PURPOSES)],
            amount=amount if source == "national" else 20_000_000, term_months=24 if source == "national" else 12,
            rate="6.6" if source == "national" else "3", schedule=_way(n), proposed_on=on,
            proposed_by=self._province.officer(person.unit),
        )  # fmt: skip

    def _open_fund(self) -> Fund:
        """Kept by the province, with the limits its rules set."""
        fund = Fund.objects.create(
            unit=self._province.root, code="QTT", name="Quỹ Tương trợ đoàn viên", purpose="Cho đoàn viên vay quay vòng"
        )
        opened_on = self._province.today - timedelta(days=700)
        fund.post(FundEntry.Kind.OPENING, 200_000_000, by=self._province.users["taichinh"], on=opened_on)
        LoanLimit.objects.create(
            name="Quy chế Quỹ Tương trợ",
            source="mutual",
            most=20_000_000,
            max_term=24,
            max_rate="5",
            valid_from=opened_on,
        )
        return fund


def _source(n) -> str:
    return {5: "mutual", 6: "cep"}.get(n % 7, "national")


def _way(n) -> str:
    return Loan.Way.MONTHLY if _source(n) == "mutual" else (Loan.Way.QUARTERLY, Loan.Way.QUARTERLY, Loan.Way.END)[n % 3]
