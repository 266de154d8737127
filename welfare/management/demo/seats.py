"""Halls with names on their seats, and an event held today whose delegates are arriving."""

import uuid
from datetime import time, timedelta

from django.utils import timezone

from beneficiaries.models import House
from events.delegates.nominating import Nominee, nominate
from events.door.admitting import Arrival, admit
from events.door.tokens import badge_codes
from events.models import Delegate, Event, EventGift, QuotaLine, QuotaShare
from events.seating.drawing import save_drawing, seems_to_lead
from events.seating.grid import SEAT, blank_hall
from events.seating.places import seat_everybody
from welfare.management.demo.delegates import Lists
from welfare.management.demo.province import Province

_UNITS = ("BATRI", "GIONGTROM", "CHAUTHANH", "KCN", "GIAODUC", "THANHPHO")
_GUESTS = [
    ("Trịnh Quang Vinh", "Phó Chủ tịch UBND tỉnh"), ("Lâm Thị Hồng Điệp", "Trưởng Ban Dân vận Tỉnh ủy"),
    ("Hà Văn Thới", "Giám đốc Sở Nội vụ"), ("Mai Thị Ngọc Sương", "Phó Giám đốc ngân hàng"),
]  # fmt: skip


def seat_gathering(province: Province, event: Event):
    """Two rows in front for leaders and sponsors, four for the industrial zones, the rest for anybody."""
    rows = blank_hall(event.expected)
    rows[2:4] = [row.replace(SEAT, "A") for row in rows[2:4]]
    rows[6:10] = [row.replace(SEAT, "B") for row in rows[6:10]]
    names = ("Lãnh đạo", "Đơn vị", "Ban Thường vụ")
    leaders = [line.pk for line in event.lines.filter(parent=None) if line.name.startswith(names)]
    zones = event.lines.filter(name__endswith="Công đoàn Các KCN").values_list("pk", flat=True)
    blocks = [
        {"letter": "A", "name": "Lãnh đạo, đơn vị tài trợ", "lines": leaders},
        {"letter": "B", "name": "Công đoàn Các KCN", "lines": list(zones)},
    ]
    leading = [line.pk for line in event.lines.filter(is_overlay=False) if seems_to_lead(line)]
    officer = province.users["canbo"]
    save_drawing(event, officer, version=0, rows=rows, blocks=blocks, leading=leading)
    seat_everybody(event, officer, anew=True)


class Today(Lists):
    """Held today: everybody accepted and seated, about a third has come."""

    @classmethod
    def hold(cls, province: Province):
        event = Event.objects.create(
            unit=province.root, code=f"GAPMAT{province.year}", name="Gặp mặt đoàn viên tiêu biểu vượt khó", on=province.today,
            venue="Nhà Văn hóa Lao động tỉnh", starts_at=time(14, 0), expected=len(_GUESTS) + 5 * len(_UNITS),
            nominate_by=province.today - timedelta(days=7),
        )  # fmt: skip
        guests = QuotaLine.objects.create(event=event, order=0, name="Lãnh đạo, khách mời", count=len(_GUESTS))
        members = QuotaLine.objects.create(
            event=event, order=1, name="Đoàn viên, người lao động", count=5 * len(_UNITS), fits="member"
        )
        for code in _UNITS:
            QuotaShare.objects.create(line=members, unit=province.units[code], count=5)
        event.announce(province.users["canbo"])
        cls(province, event)._fill(guests)

    def _fill(self, guests):
        organizer, officer = self.province.users["canbo"], self.province.users["canbo2"]
        nominate(guests, organizer, [Nominee(None, name, extra={"title": title}) for name, title in _GUESTS])
        nominated, accepted = (self.province.today - timedelta(days=days) for days in (9, 6))
        for share in QuotaShare.objects.filter(line__event=self.event).select_related("line__event", "unit"):
            by = self.province.officer(share.unit)
            nominate(share, by, self.nominees(share, 5), on=nominated)
        for delegate in Delegate.objects.filter(event=self.event, state="nominated").order_by("pk"):
            delegate.accept(officer, on=accepted)
        self._give()
        self._seat(guests, organizer)
        self._let_in(organizer)

    def _seat(self, guests, by):
        """A hall of its own size; the first row is the guests'."""
        rows = blank_hall(self.event.expected)
        rows[2] = rows[2].replace(SEAT, "A")
        blocks = [{"letter": "A", "name": "Lãnh đạo, khách mời", "lines": [guests.pk]}]
        save_drawing(self.event, by, version=0, rows=rows, blocks=blocks, leading=[guests.pk])
        seat_everybody(self.event, by, anew=True)

    def _give(self):
        """A house that is nearly done is handed over to one of them, where a unit of theirs has one."""
        for house in House.objects.filter(state="completed", event_gifts=None).order_by("pk"):
            delegate = self.event.delegates.filter(
                unit=house.unit.get_ancestors().filter(depth=2).first() or house.unit
            )
            if found := delegate.order_by("pk").first():
                EventGift.objects.create(
                    event=self.event, house=house, delegate=found, what="Bảng tượng trưng nhà Mái ấm"
                )
                return

    def _let_in(self, by):
        coming = list(Delegate.objects.filter(event=self.event).order_by("sort_name", "pk"))
        badge_codes(coming)
        for n, delegate in enumerate(coming[: len(coming) // 3]):
            came = timezone.now() - timedelta(minutes=25 - 2 * n)
            admit(self.event, by, Arrival(uuid.uuid4(), delegate.pk, came, ("code", "name")[n % 4 == 3], "Cửa chính"))
        admit(self.event, by, Arrival(uuid.uuid4(), coming[2].pk, timezone.now(), "code", "Cửa phụ"))
