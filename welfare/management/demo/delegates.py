"""Delegates of the demonstration's events: lists on their way to the one being prepared, those who came to the last."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from beneficiaries.models import House, Person
from events.delegates.fits import fitting
from events.delegates.models import twin_key
from events.delegates.nominating import Nominee, nominate, substitute
from events.models import Delegate, EventGift, InvitationText, InvitedBody, QuotaLine, QuotaShare
from events.notices.telling import remind
from events.papers.issuing import issue_invitations
from welfare.management.demo.names import invent
from welfare.management.demo.province import Province
from welfare.models import Organization

# How much of its lists a unit has sent (in tenths); the others have not begun.
_SENT = {"BATRI": 10, "MOCAYNAM": 10, "GIAODUC": 10, "GIONGTROM": 6, "CHAUTHANH": 8, "KCN": 3}
_JOBS = ["Công nhân may", "Công nhân chế biến dừa", "Nhân viên phục vụ", "Giáo viên", "Tài xế", "Điều dưỡng"]


class Lists:
    def __init__(self, province: Province, event):
        self.province, self.event = province, event
        self.used: set[str] = set()  # nobody is on a list twice, nor anybody like them

    def nominees(self, share, count) -> list[Nominee]:
        """People of the ledger who fit as far as there are any, then invented ones."""
        people = Person.objects.filter(unit__in=share.unit.subtree_ids()).order_by("pk")
        fit = fitting(people, share.line.fits)[: 3 * count] if share.line.fits else []
        chosen = [nominee for nominee in map(Nominee, fit) if self._is_new(nominee)][:count]
        return [*chosen, *(self._invented() for _ in range(count - len(chosen)))]

    def _is_new(self, nominee) -> bool:
        known = nominee.fields()
        key = twin_key(known["full_name"], known["birth_date"], known["birth_year"])
        return key not in self.used and not self.used.add(key)

    def _invented(self) -> Nominee:
        random = self.province.random
        name, year = invent(random, random.choice(["male", "female"])), random.randint(1966, 2003)
        extra = {"title": random.choice(_JOBS), "companion": invent(random, "female") if random.random() < 0.2 else ""}
        nominee = Nominee(None, name, None, year, extra)
        return nominee if self._is_new(nominee) else self._invented()

    def shares(self, code):
        shares = QuotaShare.objects.filter(
            line__event=self.event, unit=self.province.units[code], line__is_overlay=False
        )
        return shares.select_related("line__event", "unit").order_by("pk")


class Gathering(Lists):
    """Being prepared: some units have sent their whole list, some a part, some nothing."""

    def fill(self):
        for code, tenths in _SENT.items():
            by = self.province.officer(self.province.units[code])
            for share in self.shares(code):
                if count := share.count * tenths // 10:
                    self._send(share, by, count)
        self._invite_bodies()
        self._word_invitations()
        self._judge()
        self._plan_gifts()
        lacking = {self.province.units[code].pk: 2 for code in ("BINHDAI", "VIENCHUC")}
        remind(self.event, lacking)

    def _send(self, share, by, count):
        nominate(share, by, self.nominees(share, count), on=self.province.today - timedelta(days=2))

    def _judge(self):
        """One officer goes through the lists of the first units, as far as a day's work brings him."""
        officer = self.province.users["canbo2"]
        sent = list(Delegate.objects.filter(event=self.event, unit__code__in=("BATRI", "MOCAYNAM")).order_by("pk"))
        for n, delegate in enumerate(sent):
            if n == 3:
                delegate.return_to_unit(officer, reason="Chưa có giấy chứng nhận hộ nghèo năm nay.")
            elif n % 6 != 5:
                delegate.accept(officer)
        self._answer([delegate for delegate in sent if delegate.state == "accepted"])

    def _answer(self, accepted):
        officer, unit = self.province.users["canbo2"], self.province.officer(accepted[0].unit)
        bodies = self.event.bodies.filter(delegates=None)[:2]
        issue_invitations(self.event, officer, delegates=[d.pk for d in accepted[:12]], bodies=[b.pk for b in bodies])
        for delegate in accepted[:12]:
            delegate.refresh_from_db()
        for delegate in accepted[:5]:
            delegate.confirm(self.province.officer(delegate.unit))
        accepted[6].decline(unit, reason="Con nhỏ đang nằm viện.")
        substitute(accepted[7], unit, self._invented(), reason="Trùng ca làm việc, công ty cử người khác.")

    def _word_invitations(self):
        InvitationText.objects.create(
            event=self.event, seating="Đón tiếp tại sảnh chính từ 06 giờ 45, ngồi theo khối đơn vị", signer_name=self.province.users["lanhdao2"].full_name,
            dress="Trang phục công sở; đoàn viên mặc áo công đoàn", contact="Văn phòng LĐLĐ tỉnh, điện thoại 0275 3822 000, trước ngày họp mặt 3 ngày",
            transport="Đại biểu các huyện đi xe của đoàn, điểm đón do đơn vị thông báo",
        )  # fmt: skip

    def _invite_bodies(self):
        line = QuotaLine.objects.get(event=self.event, name__startswith="Đơn vị phối hợp")
        names = [
            "Ngân hàng Chính sách xã hội chi nhánh tỉnh",
            "Ngân hàng Nông nghiệp và Phát triển nông thôn chi nhánh tỉnh",
        ]
        for name in names:
            InvitedBody.objects.create(event=self.event, line=line, organization=Organization.objects.get(name=name))
        for name in ("Ngân hàng Đầu tư và Phát triển chi nhánh tỉnh", "Tài chính Vi mô CEP chi nhánh tỉnh"):
            InvitedBody.objects.create(event=self.event, line=line, name=name)
        body = line.bodies.first()
        extra = {"title": "Phó Giám đốc chi nhánh"}
        nominate(body, self.province.users["canbo"], [Nominee(None, "Lương Thị Mỹ Uyên", None, 1975, extra)])

    def _plan_gifts(self):
        """Houses nearly done are to be handed over on the stage."""
        line = QuotaLine.objects.get(event=self.event, is_overlay=True)
        for house in House.objects.filter(state__in=("completed", "started")).order_by("pk")[:2]:
            EventGift.objects.create(event=self.event, line=line, house=house, what="Bảng tượng trưng và quà")


class Reception(Lists):
    """Held: whoever was nominated was accepted, and nearly all of them came."""

    def fill(self):
        officer, on = self.province.users["canbo2"], self.event.on
        for share in QuotaShare.objects.filter(line__event=self.event).select_related("line__event", "unit"):
            nominate(share, self.province.officer(share.unit), self.nominees(share, 4), on=on - timedelta(days=20))
        for n, delegate in enumerate(Delegate.objects.filter(event=self.event).order_by("pk")):
            delegate.accept(officer, on=on - timedelta(days=15))
            if n % 17 == 7:
                delegate.decline(officer, reason="Ốm, không đi được.")
            else:
                delegate.attend(officer, at=timezone.make_aware(datetime.combine(on, time(7, 15 + n % 40))))
        given = House.objects.filter(state__in=("handed_over", "settled"), handed_over_on__lte=on)
        for house in given.order_by("-pk")[:3]:
            gift = EventGift.objects.create(event=self.event, house=house, what="Bảng tượng trưng và quà")
            gift.hand_over(officer)
