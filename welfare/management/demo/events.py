"""Events: the gathering of 280 delegates after Bến Tre's of 2022, a Tết event being prepared, and the last one."""

import csv
from datetime import timedelta
from pathlib import Path

from events.models import Event, QuotaLine, QuotaShare
from welfare.management.demo.province import Province, tet
from welfare.management.demo.units import UPPER_CODES

_QUOTA = Path(__file__).with_name("quota.csv")
DELEGATES = 280


def make_events(province: Province, plans):
    organizer = province.users["canbo"]
    gathering = Event.objects.create(
        unit=province.root, plan=plans["BACKING"], code=f"HAUPHUONG{province.year}", expected=DELEGATES,
        name="Họp mặt “Hậu phương người lao động” giai đoạn 2022 - 2025", venue="Hội trường lớn tỉnh",
        on=province.working_day(province.today + timedelta(days=20)),
    )  # fmt: skip
    _read_quota(province, gathering)
    gathering.announce(organizer)
    last = _tet_event(province, plans, province.coming_tet - 1, extra=0)
    last.announce(organizer)
    if last.on <= province.today:
        last.hold(organizer)
    _tet_event(province, plans, province.coming_tet, extra=20)


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
        lines[path] = QuotaLine.objects.create(event=event, parent=parent, order=len(lines), name=name, count=0)
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
        expected=10 * len(UPPER_CODES) + extra,
    )  # fmt: skip
    line = QuotaLine.objects.create(
        event=event, name="Đoàn viên, người lao động tiêu biểu vượt khó", count=10 * len(UPPER_CODES)
    )
    QuotaShare.objects.bulk_create(QuotaShare(line=line, unit=province.units[code], count=10) for code in UPPER_CODES)
    return event
