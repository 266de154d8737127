"""Two lists as units send them: one waits to be looked at, with its faults, one has been taken."""

import io
from contextlib import contextmanager

import xlsxwriter
from django.core.files.base import ContentFile

from beneficiaries.intake import batches
from beneficiaries.models import GrantRound, Person
from welfare.celery import app
from welfare.management.demo.names import invent
from welfare.management.demo.people import SERIALS_FROM, national_id
from welfare.management.demo.places import DISTRICTS, workplaces
from welfare.management.demo.province import Province

_HEADERS = [
    "STT",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Số CCCD",
    "Đơn vị công tác",
    "Hoàn cảnh",
    "Loại hộ",
    "Số tiền",
]
_SITUATIONS = ["Bệnh hiểm nghèo", "Tai nạn lao động", "Nhà ở dột nát", "Mất việc làm", "Đơn thân nuôi con"]
_SPARE_SERIALS = 50_000  # beyond those of the people already there


def upload_lists(province: Province):
    round = GrantRound.objects.get(code=f"TET{province.coming_tet}")
    with _jobs_done_at_once():
        _upload(province, "BATRI", round, rows=26, with_faults=True)
        taken = _upload(province, "GIONGTROM", round, rows=18, with_faults=False)
        taken.refresh_from_db()
        sender = province.users["giongtrom"]
        taken.write_letter(sender, number="15/CV-LĐLĐ", on=taken.created_at.date())
        taken.commit(sender)


@contextmanager
def _jobs_done_at_once():
    """No worker and perhaps no broker runs yet while a province is being filled."""
    app.conf.task_always_eager = True
    try:
        yield
    finally:
        app.conf.task_always_eager = False


def _upload(province, code, round, *, rows, with_faults):
    unit, user = province.units[code], province.users[code.lower()]
    listed = _rows(province, code, rows)
    if with_faults:
        listed[4][2] = "31/02/1985"
        listed[9][1] = listed[9][1].upper()
        listed[13][4] = listed[13][4].lstrip("0")
        listed[16][1] += "\nVõ Thị Bé Tư"
    file = ContentFile(_workbook(unit, round, listed), name=f"Danh sách đề nghị {round.name} - {unit.short_name}.xlsx")
    return batches.receive(user, unit, file, year=round.year, round=round)


def _rows(province, code, count) -> list[list]:
    """New people, and three whom the unit already knows but who are not yet in the round."""
    first = SERIALS_FROM + province.size + _SPARE_SERIALS + 1_000 * len(code)
    rows = [_new_person(province, code, n, first + n) for n in range(1, count - 2)]
    known = Person.objects.filter(unit=province.units[code], birth_date__isnull=False, id_hash__isnull=False)
    for person in known.filter(grants=None).order_by("pk")[:3]:
        rows.append([len(rows) + 1, person.full_name, f"{person.birth_date:%d/%m/%Y}", person.get_gender_display(),
                     person.national_id, person.workplace, "Kinh tế khó khăn", "", 500_000])  # fmt: skip
    return rows


def _new_person(province, code, n, serial) -> list:
    random = province.random
    gender, year = random.choice(["male", "female"]), province.year - random.randint(22, 57)
    place = DISTRICTS[code].split(" ", 1)[1]
    return [
        n, invent(random, gender), f"{random.randint(1, 28):02d}/{random.randint(1, 12):02d}/{year}",
        "Nam" if gender == "male" else "Nữ", national_id(gender, year, serial), random.choice(workplaces(code, place)),
        random.choice(_SITUATIONS), random.choice(["Hộ nghèo", "Hộ cận nghèo", ""]), random.choice([500_000, 700_000, 1_000_000]),
    ]  # fmt: skip


def _workbook(unit, round, rows) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet("Danh sách"), book.add_format({"bold": True})
        sheet.set_column(1, 1, 26)
        sheet.set_column(2, 8, 18)
        sheet.write(0, 0, unit.name.upper(), bold)
        sheet.write(2, 2, f"DANH SÁCH ĐỀ NGHỊ HỖ TRỢ {round.name.upper()}", bold)
        sheet.write_row(4, 0, _HEADERS, bold)
        for n, row in enumerate(rows, 5):
            sheet.write_row(n, 0, row)
        end = 5 + len(rows)
        sheet.write_row(end, 0, ["", f"Tổng cộng: {len(rows)} người", *[""] * 6, sum(row[-1] for row in rows)], bold)
        sheet.write(end + 2, 6, "NGƯỜI LẬP BẢNG", bold)
    return content.getvalue()
