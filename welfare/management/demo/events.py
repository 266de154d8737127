"""Events: the gathering of 280 delegates after Bến Tre's of 2022, a Tết event being prepared, and the last one."""

import csv
from datetime import time, timedelta
from pathlib import Path

from events.models import Event, QuotaLine, QuotaShare
from welfare.management.demo.delegates import Gathering, Reception
from welfare.management.demo.event_money import approve_and_begin, make_budget, spend_and_settle
from welfare.management.demo.event_programme import make_programme
from welfare.management.demo.province import Province, tet
from welfare.management.demo.seats import Today, seat_gathering
from welfare.management.demo.units import UPPER_CODES

_QUOTA = Path(__file__).with_name("quota.csv")
DELEGATES = 280


# Whom a line is for, by a word of its name.
_FITS = {
    "Chủ hộ": "head", "Thuộc hộ": "member", "Công nhân lao động": "member", "Đại diện gia đình": "family",
    "nhận nhà Mái ấm": "house", "bị bệnh": "ill",
}  # fmt: skip


def make_events(province: Province, plans, fund):
    organizer = province.users["canbo"]
    on = province.working_day(province.today + timedelta(days=20))
    gathering = Event.objects.create(
        unit=province.root, plan=plans["BACKING"], code=f"HAUPHUONG{province.year}", expected=DELEGATES,
        name="Họp mặt “Hậu phương người lao động” giai đoạn 2022 - 2025", venue="Hội trường lớn tỉnh",
        on=on, starts_at=time(7, 30), nominate_by=province.working_day(province.today + timedelta(days=6)),
        note="Đón đại biểu ở xa từ 6 giờ 30; mỗi đơn vị cử một người phụ trách đoàn.",
    )  # fmt: skip
    _read_quota(province, gathering)
    make_programme(province, gathering)
    gathering.announce(organizer)
    Gathering(province, gathering).fill()
    approve_and_begin(province, make_budget(province, gathering, fund, people=DELEGATES))
    last = _tet_event(province, plans, province.coming_tet - 1, extra=0)
    last.announce(organizer)
    if last.on <= province.today:
        Reception(province, last).fill()
        last.hold(organizer)
        spend_and_settle(province, make_budget(province, last, fund, people=last.expected), last.on)
    _tet_event(province, plans, province.coming_tet, extra=20)
    seat_gathering(province, gathering)
    Today.hold(province)


def _read_quota(province, event):
    """Rows are leaves "a > b > c" of one unit each; "*" is each upper unit. What stands above a leaf is summed."""
    lines: dict[str, QuotaLine] = {}
    with _QUOTA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            line = _line(event, lines, row["path"])
            line.is_overlay, line.note = bool(row["overlay"]), row["note"] or line.note
            units = UPPER_CODES if row["unit"] == "*" else [row["unit"]] if row["unit"] else []
            for code in units:
                QuotaShare.objects.create(line=line, unit=province.units[code], count=int(row["count"]))
            _add(line, int(row["count"]) * max(1, len(units)))
    for line in lines.values():
        line.save()


def _line(event, lines, path: str) -> QuotaLine:
    if path not in lines:
        above, _, name = path.rpartition(" > ")
        parent = _line(event, lines, above) if above else None
        fits = next((fit for word, fit in _FITS.items() if word in name), "")
        lines[path] = QuotaLine.objects.create(
            event=event, parent=parent, order=len(lines), name=name, count=0, fits=fits
        )
    return lines[path]


def _add(line: QuotaLine, count: int):
    line.count += count
    if line.parent and not line.is_overlay:
        _add(line.parent, count)


def _tet_event(province, plans, year, *, extra: int) -> Event:
    """One table for each unit; ``extra`` delegates are expected but not yet shared out."""
    event = Event.objects.create(
        unit=province.root, plan=plans[f"TET{year}"], code=f"TETSUMVAY{year}", name=f"Tết Sum vầy năm {year}",
        venue="Nhà Văn hóa Lao động tỉnh", on=province.working_day(tet(year) - timedelta(days=12)),
        expected=10 * len(UPPER_CODES) + extra, starts_at=time(8, 0),
        nominate_by=province.working_day(tet(year) - timedelta(days=24)),
    )  # fmt: skip
    line = QuotaLine.objects.create(
        event=event, name="Đoàn viên, người lao động tiêu biểu vượt khó", count=10 * len(UPPER_CODES)
    )
    QuotaShare.objects.bulk_create(QuotaShare(line=line, unit=province.units[code], count=10) for code in UPPER_CODES)
    return event
