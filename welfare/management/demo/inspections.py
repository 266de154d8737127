"""The year's inspections: one closed, one whose units still answer, one that is calling, some planned."""

from datetime import date, timedelta
from random import Random

from beneficiaries.inspections.sampling import paid_rows
from beneficiaries.models import Feedback, Finding, FindingKind, Inspection, InspectionPlan
from welfare.management.demo.province import Act, Province

_SEED = 89  # of its own, so that what the other modules draw stays as it is
_TEAM = [
    ("Huỳnh Công Nghĩa", "Phó Chủ nhiệm Ủy ban Kiểm tra", "head", "kiemtra"),
    ("Tạ Thị Bích Ngà", "Ủy viên Ủy ban Kiểm tra", "secretary", "kiemtra2"),
    ("Bùi Hữu Phát", "Kế toán trưởng, Ban Tài chính", "member", "taichinh"),
]
_PRESENT = "Đoàn kiểm tra; Thường trực công đoàn đơn vị; kế toán; đại diện công đoàn cơ sở."
_MINUTES = "Đoàn đã xem danh sách xét chọn, danh sách ký nhận, chứng từ chi và đối chiếu với sổ quỹ.\nGọi điện, gặp trực tiếp những người được chọn ngẫu nhiên."


class Inspecting:
    def __init__(self, province: Province):
        self._province, self._random = province, Random(_SEED)
        self._kinds = {kind.code: kind for kind in FindingKind.objects.all()}
        self._plans, self._rows = {}, {}

    def acts(self) -> list[Act]:
        ahead = [self._province.today + timedelta(days=days) for days in (0, 35, 60)]
        acts = [act for year in sorted({self._ago(280).year, *(day.year for day in ahead)}) for act in self._plan(year)]
        acts += self._closed()
        acts += self._answering()
        acts += self._calling()
        return acts + list(self._planned())

    def _plan(self, year):
        """Of a year to come it is drawn up and waits for a leader."""
        is_to_come = year > self._province.year
        drawn_up = self._ago(25 if is_to_come else 300)
        users = self._province.users
        yield Act(drawn_up, lambda: self._plans.update({year: InspectionPlan.objects.create(
            unit=self._province.root, year=year, title=f"Kế hoạch kiểm tra năm {year}", created_by=users["kiemtra"],
            aims="Kiểm tra việc xét chọn, chi trả hỗ trợ đoàn viên, người lao động và việc làm nhà Mái ấm; "
                 "kịp thời uốn nắn sai sót, thu hồi tiền chi sai.",
        )}))  # fmt: skip
        approved = self._ago(275 if year == self._ago(280).year else 5)
        if not is_to_come:
            yield Act(approved, lambda: self._approve(year, approved))

    def _approve(self, year, on):
        if self._plans[year].inspections.exists():
            self._plans[year].approve(self._province.users["lanhdao"], on=on)

    def _ago(self, days) -> date:
        return min(self._province.working_day(self._province.today - timedelta(days=days)), self._province.today)

    def _add(self, key, subject, codes, *, made, starts, ends, first, last, **fields):
        row = Inspection.objects.create(
            unit=self._province.root, subject=subject, starts_on=starts, ends_on=ends, period_from=first, period_to=last,
            planned_on=made, created_by=self._province.users["kiemtra"], **{"plan": self._plans.get(starts.year), **fields},
        )  # fmt: skip
        row.units.set([self._province.units[code] for code in codes])
        for full_name, job_title, part, username in _TEAM:
            row.members.create(full_name=full_name, job_title=job_title, part=part, user=self._province.users[username])
        self._rows[key] = row

    def _closed(self):
        """Last winter: two signatures were lacking; all is settled."""
        users, on = self._province.users, self._ago(290)
        first, then = on - timedelta(days=420), lambda days: self._ago(290 - days)
        yield Act(on, lambda: self._add(
            "closed", "việc chi hỗ trợ và làm nhà Mái ấm", ["BATRI", "GIONGTROM"], made=on, starts=then(10), ends=then(25),
            first=first, last=on,
        ))  # fmt: skip
        yield Act(then(4), lambda: self._rows["closed"].decide(users["kiemtra"], number="03", on=then(4)))
        yield Act(then(10), lambda: self._start("closed", then(10), count=8))
        yield Act(then(18), lambda: self._call("closed", then(18), all_of=True))
        yield Act(
            then(20),
            lambda: self._find(
                "closed",
                then(20),
                "papers",
                "BATRI",
                "Danh sách ký nhận còn thiếu chữ ký của 02 người nhận; đề nghị bổ sung, rút kinh nghiệm.",
                0,
                then(50),
            ),
        )
        yield Act(then(25), lambda: self._conclude("closed", "02", then(25)))
        yield Act(then(36), lambda: self._settle("closed", then(36), then(40)))
        yield Act(then(45), lambda: self._rows["closed"].close(users["lanhdao"], on=then(45)))

    def _answering(self):
        """Two months ago: one unit has answered, one is late."""
        users, on, planned = self._province.users, self._ago(80), self._ago(288)
        then = lambda days: self._ago(80 - days)  # noqa: E731
        yield Act(planned, lambda: self._add(
            "answering", "việc chi hỗ trợ dịp Tết và Tháng Công nhân", ["THANHPHO", "MOCAYBAC"], made=planned, starts=then(8),
            ends=then(30), first=on - timedelta(days=330), last=on, with_houses=False,
        ))  # fmt: skip
        yield Act(then(5), lambda: self._rows["answering"].decide(users["kiemtra"], number="05", on=then(5)))
        yield Act(then(8), lambda: self._start("answering", then(8), percent=10))
        yield Act(then(20), lambda: self._call("answering", then(20), all_of=True))
        yield Act(
            then(22),
            lambda: self._find(
                "answering",
                then(22),
                "short",
                "THANHPHO",
                "Người nhận nói nhận thiếu so với danh sách; đơn vị làm rõ số tiền chênh lệch, chi bổ sung hoặc nộp lại quỹ.",
                900_000,
                then(44),
            ),
        )
        yield Act(
            then(22),
            lambda: self._find(
                "answering",
                then(22),
                "twice",
                "MOCAYBAC",
                "Có 01 người nhận hai lần trong cùng đợt ở hai danh sách; đề nghị thu hồi một suất.",
                500_000,
                then(44),
            ),
        )
        yield Act(then(30), lambda: self._conclude("answering", "04", then(30)))
        yield Act(then(40), lambda: self._answer("answering", "THANHPHO", then(40)))
        yield Act(then(48), lambda: self._recover("answering", "THANHPHO", 600_000, then(48)))

    def _calling(self):
        """This month, opened by what somebody wrote: half of the sample is called."""
        users, on = self._province.users, self._ago(16)
        yield Act(on, lambda: self._add(
            "calling", "phản ánh phát quà Tết không đủ tiền", ["THANHPHU"], made=on, starts=self._ago(9),
            ends=self._province.today + timedelta(days=14), first=on - timedelta(days=400), last=on, with_houses=False,
                plan=None,
            feedback=Feedback.objects.filter(is_confidential=True, unit=self._province.units["THANHPHU"]).first(),
        ))  # fmt: skip
        yield Act(self._ago(12), lambda: self._rows["calling"].decide(users["kiemtra"], number="08", on=self._ago(12)))
        yield Act(self._ago(9), lambda: self._start("calling", self._ago(9), count=12))
        yield Act(self._ago(3), lambda: self._call("calling", self._ago(3), all_of=False))
        yield Act(
            self._ago(3),
            lambda: self._find(
                "calling",
                self._ago(3),
                "short",
                "THANHPHU",
                "Hai người nhận cùng nói bị trừ 200.000 đồng mỗi suất; đang xác minh thêm.",
                400_000,
                self._province.today + timedelta(days=20),
            ),
        )

    def _planned(self):
        today = self._province.today
        for key, ahead, subject, codes in (
            ("kcn", 35, "việc thu, chi Quỹ Tương trợ và hỗ trợ đột xuất", ["KCN"]),
            ("truong", 60, "việc chi hỗ trợ đoàn viên ngành giáo dục, y tế", ["GIAODUC", "YTE"]),
        ):
            starts = self._province.working_day(today + timedelta(days=ahead))
            fields = {
                "starts": starts,
                "ends": starts + timedelta(days=12),
                "first": today - timedelta(days=365),
                "last": today,
            }
            made = self._ago(20 if starts.year > today.year else 288)
            yield Act(made, lambda k=key, s=subject, c=codes, d=made, f=fields: self._add(k, s, c, made=d, **f))

    def _start(self, key, on, **size):
        row, user = self._rows[key], self._province.users["kiemtra"]
        row.start(user, on=on)
        if paid_rows(row):  # a young province may have paid nothing there yet
            row.draw(user, **size, seed=self._random.randrange(2**31), on=on)

    def _call(self, key, on, *, all_of):
        row, sample = self._rows[key], list(self._rows[key].sample.all())
        for n, each in enumerate(sample if all_of else sample[: (len(sample) + 1) // 2]):
            who = self._province.users["kiemtra2" if n % 2 else "kiemtra"]
            row.record_call(who, each, **_said(key, n, each.amount), on=on)
        if all_of:
            row.record_minutes(
                self._province.users["kiemtra2"], minutes_on=on, minutes_place=f"văn phòng {row.units.first().name}",
                minutes_present=_PRESENT, minutes_text=_MINUTES,
            )  # fmt: skip

    def _find(self, key, on, kind, code, text, money, until):
        row, unit = self._rows[key], self._province.units[code]
        finding = Finding.objects.create(
            inspection=row, unit=unit, kind=self._kinds[kind], text=text, to_recover=money, answer_by=until,
            written_by=self._province.users["kiemtra"], written_on=on,
        )  # fmt: skip
        finding.rows.set(row.sample.suspicious().filter(unit__in=unit.subtree_ids())[:2])

    def _conclude(self, key, number, on):
        self._rows[key].conclude(
            self._province.users["kiemtra"],
            number=number,
            on=on,
            conclusion="Các đơn vị đã xét chọn công khai, chi đúng đối tượng; còn một số sai sót nêu dưới đây phải khắc phục.",
        )

    def _answer(self, key, code, on):
        finding = self._rows[key].findings.get(unit=self._province.units[code])
        text = (
            "Đơn vị đã kiểm điểm, đối chiếu lại với người nhận và bổ sung chứng từ; phần chênh lệch đã thu nộp lại quỹ."
        )
        finding.answer_with(self._province.officer(finding.unit), answer=text, on=on)

    def _settle(self, key, answered, settled):
        self._answer(key, "BATRI", answered)
        self._rows[key].findings.get(unit=self._province.units["BATRI"]).settle(
            self._province.users["kiemtra2"], on=settled
        )

    def _recover(self, key, code, amount, on):
        finding = self._rows[key].findings.get(unit=self._province.units[code])
        finding.recover(self._province.users["taichinh"], amount=amount, document_number=f"PT{on:%y%m%d}-01", on=on)


def _said(key, n, amount) -> dict:
    """Most got all; one in nine wasn't reached, and in the two that found something wrong one or two got too little."""
    if n % 9 == 7:
        return {"reached": "no", "note": "Gọi ba lần không nghe máy"}
    if key != "closed" and n in (1, 4) and amount > 200_000:
        return {"reached": "yes", "received": "part", "amount": amount - 200_000, "note": "Nói bị trừ 200 nghìn"}
    return {"reached": "other" if n % 5 == 3 else "yes", "received": "all"}
