"""The units' reports of last year and this one: owed by the plans' rules, written, sent, judged by the same verbs.

Made after the ledger has been counted, as what a report says is fixed when it is sent.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from programs.models import (
    Plan,
    Proposal,
    ReportFigure,
    ReportingPeriod,
    ReportingRule,
    ReportVersion,
)
from programs.reporting.opening import open_period, owe
from welfare.management.demo.province import Province, tet
from welfare.management.demo.reported_figures import NEXT_STEPS, PROPOSALS, RESULTS, Books
from welfare.management.demo.units import UPPER_CODES

_RETURNED, _UNWRITTEN, _WAITING = ("BATRI",), ("GIONGTROM", "KCN"), ("CHOLACH", "YTE", "THANHPHU")
_LATE_LAST_YEAR = "MOCAYBAC"
_COMMENTS = {
    "results": "Nêu rõ đã thăm hỏi bao nhiêu người, tổng kinh phí từ nguồn nào.",
    "figure-contributing_members_share": "Mẫu số chưa khớp số đoàn viên đầu năm, đề nghị kiểm tra lại.",
    "figure-members_informed_share": "Ghi rõ hình thức thông tin đến đoàn viên ở trọ.",
}


@transaction.atomic
def make_reports(province: Province, plans: dict[str, Plan]):
    Reports(province, plans).make()


class Reports:
    def __init__(self, province: Province, plans):
        self._province, self._plans, self._books = province, plans, Books(province)
        self._last, self._this = province.year - 1, province.year

    def make(self):
        last, this = (f"CARE{year}" for year in (self._last, self._this))
        self._all_accepted(
            self._of_year(self._yearly(last, (11, 14), "trước ngày 15/11 hằng năm"), self._last), is_main=True
        )
        programme = self._yearly(
            "PROGRAMME", (11, 19), "trước ngày 20/11 hằng năm", name="Báo cáo chương trình hành động"
        )
        self._all_accepted(self._of_year(programme, self._last))
        self._tet()
        self._below(self._yearly(this, (11, 5), "đầu tháng 11 hằng năm", level=3, name="Báo cáo của công đoàn cơ sở"))
        running = [
            self._of_year(self._yearly(this, (11, 14), "trước ngày 15/11 hằng năm"), self._this),
            self._of_year(programme, self._this),
        ]
        running = [period for period in running if period]
        if not any(period.locks_on >= self._province.today for period in running):
            running.append(self._review())
        for period in running:
            self._under_way(period)
        self._raise_alone()

    # Rules and periods ------------------------------------------------------------------------------

    def _yearly(self, key, due, words, *, level=2, name="Báo cáo kết quả năm") -> ReportingRule:
        return self._rule(key, name, level=level, due_month=due[0], due_day=due[1], due_words=words)

    def _rule(self, key, name, **fields) -> ReportingRule:
        department = self._province.departments["CSPL"]
        return ReportingRule.objects.create(plan=self._plans[key], name=name, to_department=department, **fields)

    def _of_year(self, rule, year) -> ReportingPeriod | None:
        """None before its day has come."""
        (span,) = (span for span in rule.spans() if span.first_day.year == year)
        if span.opens_on > self._province.today:
            return None
        period = open_period(rule, span)
        owe(period)
        return period

    def _called(self, rule, name, first, last, due) -> ReportingPeriod:
        period = ReportingPeriod.objects.create(
            rule=rule, name=name, first_day=first, last_day=last, opens_on=min(last, due - timedelta(days=15)),
            due_on=due, locks_on=due + timedelta(days=30),
        )  # fmt: skip
        owe(period)
        return period

    def _tet(self):
        """How Tết went, a few days after it."""
        year, on_call = self._province.coming_tet - 1, ReportingRule.Frequency.ON_CALL
        rule = self._rule(f"TET{year}", "Báo cáo kết quả chăm lo Tết", level=2, frequency=on_call,
                          due_words="sau Tết 05 ngày")  # fmt: skip
        due = tet(year) + timedelta(days=5)
        if due < self._province.today:
            last = tet(year) - timedelta(days=3)
            self._all_accepted(self._called(rule, f"Tết {year}", date(year, 1, 1), last, due))

    def _review(self) -> ReportingPeriod:
        """On days when no yearly period runs, so that there is always one to look at."""
        today = self._province.today
        rule = self._rule("PROGRAMME", "Báo cáo sơ kết", level=2, frequency=ReportingRule.Frequency.ON_CALL)
        first = date(today.year - (today.month < 3), 1, 1)
        name = f"từ {first:%d/%m/%Y}"
        return self._called(rule, name, first, today - timedelta(days=10), today + timedelta(days=5))

    # Reports ----------------------------------------------------------------------------------------

    def _all_accepted(self, period, *, is_main=False):
        """The main one has a unit that was late, and difficulties that were answered."""
        for n, report in enumerate(self._reports(period)):
            sent = period.due_on - timedelta(days=1 + n % 6)
            if is_main and report.unit.code == _LATE_LAST_YEAR:
                sent = period.due_on + timedelta(days=6)
            if is_main and n < 2:
                self._raise(report, PROPOSALS[n], answered_on=sent + timedelta(days=9))
            self._send(report, sent, is_last=True)
            self._accept(report, sent)

    def _under_way(self, period):
        for n, report in enumerate(self._reports(period)):
            code = report.unit.code
            sent = max(period.opens_on, min(period.due_on, self._province.today) - timedelta(days=1 + n % 6))
            if code in _UNWRITTEN:
                continue
            if code in UPPER_CODES[4:7]:
                self._raise(report, PROPOSALS[n % 3 + 2])
            self._send(report, sent)
            if code in _RETURNED:
                self._send_back(report)
            elif code not in _WAITING:
                self._accept(report, sent)
        self._extend(period)

    def _below(self, rule):
        """Unions of workplaces: one by its own account, one written for by the province, the others not yet."""
        period = self._of_year(rule, self._this)
        for report in self._reports(period) if period else ():
            if report.unit.code in ("GIAYPHUTHUAN", "MAYANHIEP"):
                sent = max(period.opens_on, min(period.due_on, self._province.today) - timedelta(days=2))
                self._send(report, sent)
                self._accept(report, sent)

    def _reports(self, period):
        reports = period.reports.select_related("period__rule__plan", "unit", "receiver")
        return list(reports.order_by("unit__path"))

    def _send(self, report, on, *, is_last=False):
        for figure in ReportFigure.objects.filter(report=report).select_related("indicator"):
            self._books.state(figure, report.unit, is_last=is_last)
        n = report.pk % len(RESULTS)
        report.results, report.next_steps = RESULTS[n], NEXT_STEPS[n]
        report.save()
        writer = self._province.users.get(report.unit.code.lower(), self._province.users["canbo2"])
        report.submit(writer, on=on)
        sent_at = timezone.make_aware(datetime.combine(on, time(9, 15 + n)))
        ReportVersion.objects.filter(report=report).update(at=sent_at)

    def _accept(self, report, sent):
        on = min(sent + timedelta(days=3), self._province.today)
        report.accept(self._judge(report), on=on)

    def _judge(self, report):
        return (
            self._province.users["canbo"]
            if report.unit.depth == 2
            else self._province.users[report.receiver.code.lower()]
        )

    def _send_back(self, report):
        asked = set(report.figures.values_list("indicator__code", flat=True))
        comments = {
            place: words for place, words in _COMMENTS.items() if place == "results" or place[len("figure-") :] in asked
        }
        report.send_back(
            self._province.users["canbo"], reason="Số liệu và lời văn còn chỗ chưa khớp.", comments=comments
        )

    def _extend(self, period):
        report = period.reports.owed().filter(unit__code=_UNWRITTEN[0]).get()
        until = max(period.due_on + timedelta(days=10), self._province.today + timedelta(days=5))
        report.extend(self._province.users["canbo"], until=until, reason="Đơn vị đang bàn giao cán bộ phụ trách.")

    # Difficulties and proposals -------------------------------------------------------------------------

    def _raise(self, report, said, *, answered_on=None):
        kind, text, to, answer = said
        proposal = Proposal.objects.create(
            unit=report.unit, report=report, plan=report.period.rule.plan, kind=kind, text=text,
            to_department=self._province.departments[to], raised_by=self._province.officer(report.unit),
            raised_on=min(report.period.due_on, self._province.today),
        )  # fmt: skip
        if answered_on and answer:
            proposal.reply(self._province.users["canbo"], answer=answer, on=answered_on)

    def _raise_alone(self):
        """One waits for whoever it is given to; one was answered last week."""
        today, users = self._province.today, self._province.users
        kcn, batri = self._province.units["KCN"], self._province.units["BATRI"]
        Proposal.objects.create(
            unit=kcn, kind="difficulty", raised_by=users["kcn"], raised_on=today - timedelta(days=3),
            text="Một doanh nghiệp sắp cắt giảm 120 lao động, đề nghị hướng dẫn hỗ trợ người mất việc trước Tết.",
        )  # fmt: skip
        asked = Proposal.objects.create(
            unit=batri, kind="proposal", raised_by=users["batri"], raised_on=today - timedelta(days=12),
            text="Cho phép sửa nhà của đoàn viên đang ở đất gia đình chưa tách thửa.",
            to_department=self._province.departments["CSPL"],
        )  # fmt: skip
        asked.reply(users["canbo"], answer="Được, khi có xác nhận của UBND xã về việc ở ổn định từ 05 năm trở lên.",
                    on=today - timedelta(days=5))  # fmt: skip
