"""The workbook a unit fills: our own headings, drop-downs, and the unit's people with record numbers and masked IDs."""

import io
from collections import defaultdict

from xlsxwriter import Workbook

from beneficiaries.intake.kinds import configured_kinds
from beneficiaries.intake.matching import PLAIN
from beneficiaries.intake.records import record_number
from beneficiaries.intake.understanding import CHOICES_SHEET
from beneficiaries.people.models import Hardship, HardshipKind, Person, PovertyRecord
from welfare.audit import AuditEvent, record
from welfare.crypto import mask_id
from welfare.documents.models import store_file
from welfare.documents.tables import csv_text
from welfare.units.models import Unit

KINDS = ("people", "houses")
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BLANK_ROWS = 200  # below the people, formatted and with drop-downs
_WIDTHS = {"full_name": 26, "address": 34, "workplace": 30, "hardship": 30, "national_id": 17, "house_condition": 30}
_PERSON = (
    "record_number", "full_name", "birth", "gender", "national_id", "phone", "workplace", "address", "ethnicity",
    "household_status", "household_role", "certificate_number", "household_size",
)  # fmt: skip
_COLUMNS = {
    "people": (*_PERSON, "hardship", "amount", "bank_account", "bank_name", "note"),
    "houses": (*_PERSON[1:], "house_condition", "construction", "cost_total", "cost_union", "cost_family", "cost_other"),
}  # fmt: skip
_TITLES = {
    "people": "DANH SÁCH ĐOÀN VIÊN, NGƯỜI LAO ĐỘNG CÓ HOÀN CẢNH KHÓ KHĂN",
    "houses": "DANH SÁCH ĐỀ NGHỊ HỖ TRỢ NHÀ MÁI ẤM CÔNG ĐOÀN",
}
_MONEY = ("amount", "cost_total", "cost_union", "cost_family", "cost_other")
_HINTS = {
    "people": "Người đã có trong sổ: giữ nguyên cột Mã hồ sơ, sửa ô nào thì sửa ô đó, ghi Số tiền ở dòng cần đề nghị hỗ "
    "trợ. Người mới: ghi xuống dưới, để trống Mã hồ sơ.",
    "houses": "Mỗi dòng một nhà; chọn Xây mới hoặc Sửa chữa ở cột Hình thức.",
}


def list_template(job) -> None:
    """Makes the template of ``job.params``: kind, unit, year; kept a week."""
    kind, year = job.params["kind"], job.params["year"]
    unit = Unit.objects.get(pk=job.unit_id)
    job.progress(0, 1, "Đang lập mẫu.")
    lines = _people(job.owner, unit, year) if kind == "people" else []
    content = _workbook(kind, unit, year, lines)
    name = f"Mẫu {_TITLES[kind].lower().removeprefix('danh sách ')} {year} - {unit.short_name}.xlsx"
    with job.completing("Đã lập xong mẫu; bấm Tải về."):
        stored = store_file(
            content, name=name[:1].upper() + name[1:], content_type=_TYPE, owner=job.owner, unit=unit, keep_days=7
        )
        job.result = stored
        detail = {"template": kind, "rows": len(lines)}
        record(AuditEvent.Action.EXPORT, actor=job.owner, subject=stored, unit=unit, detail=detail)


def _people(user, unit, year) -> list[dict]:
    people = Person.objects.for_user(user, "beneficiaries.view_person").standing()
    people = people.filter(unit=unit, state=Person.State.ACTIVE).select_related("household").order_by("sort_name", "pk")
    classes = {
        each.household_id: each for each in PovertyRecord.objects.filter(household__unit=unit, year=year).order_by()
    }
    needs = defaultdict(list)
    named = Hardship.objects.filter(person__unit=unit, year=year).order_by("pk")
    for person, name in named.values_list("person", "kind__name"):
        needs[person].append(name)
    return [_line(person, classes.get(person.household_id), needs[person.pk]) for person in people.iterator(2000)]


def _line(person, poverty, needs) -> dict:
    words = {name: getattr(person, name) for name in PLAIN}
    words |= {
        "record_number": record_number(person.pk),
        "birth": f"{person.birth_date:%d/%m/%Y}" if person.birth_date else str(person.birth_year or ""),
        "gender": person.get_gender_display() if person.gender else "",
        "national_id": mask_id(person.national_id),
        "household_role": person.get_household_role_display() if person.household_role else "",
        "household_status": poverty.get_status_display() if poverty else "",
        "certificate_number": poverty.certificate_number if poverty else "",
        "household_size": str(person.household.size or "") if person.household else "",
        "hardship": "; ".join(needs),
        "bank_account": mask_id(person.bank_account),
    }
    return words


def _workbook(kind: str, unit, year: int, lines: list[dict]) -> bytes:
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    looks = _looks(book)
    page, choices = book.add_worksheet("Danh sách"), book.add_worksheet(CHOICES_SHEET)
    fields = configured_kinds()[kind].known
    names = _COLUMNS[kind]
    page.write_string(0, 0, unit.name.upper(), looks["bold"])
    page.write_string(1, 0, f"{_TITLES[kind]} NĂM {year}", looks["bold"])
    page.write_string(2, 0, f"({_HINTS[kind]})", looks["hint"])
    top, last = 4, 4 + len(lines) + _BLANK_ROWS
    for column, name in enumerate(names):
        page.set_column(column, column, _WIDTHS.get(name, 15), looks["money" if name in _MONEY else "text"])
        page.write_string(top, column, fields[name].label, looks["header"])
        if found := _CHOICES.get(name):
            _offer(page, choices, column, top + 1, last, found())
    for row, line in enumerate(lines, top + 1):
        for column, name in enumerate(names):
            if line.get(name):
                page.write_string(
                    row,
                    column,
                    csv_text(line[name]).removeprefix("'"),
                    looks["known" if name == "record_number" else "text"],
                )
    page.freeze_panes(top + 1, 2)
    choices.hide()
    book.close()
    return stream.getvalue()


def _offer(page, choices, column: int, first: int, last: int, words: list[str]) -> None:
    """A drop-down that also takes what isn't on it: the reader says what it can't understand."""
    for row, word in enumerate(words):
        choices.write_string(row, column, word)
    letter = chr(65 + column)
    source = f"='{CHOICES_SHEET}'!${letter}$1:${letter}${len(words)}"
    page.data_validation(
        first, column, last, column, {"validate": "list", "source": source, "error_type": "information", "show_error": False}
    )  # fmt: skip


def _looks(book) -> dict:
    cell = {"font_name": "Times New Roman", "font_size": 12}
    return {
        "bold": book.add_format({**cell, "bold": True}),
        "hint": book.add_format({**cell, "italic": True}),
        "header": book.add_format(
            {**cell, "bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#E7ECF2"}
        ),
        "text": book.add_format({**cell, "num_format": "@"}),
        "known": book.add_format({**cell, "num_format": "@", "font_color": "#475569"}),
        "money": book.add_format({**cell, "num_format": "#,##0"}),
    }  # fmt: skip


_CHOICES = {
    "gender": lambda: [label for _, label in Person.Gender.choices],
    "household_status": lambda: [label for _, label in PovertyRecord.Status.choices],
    "household_role": lambda: [label for _, label in Person.HouseholdRole.choices],
    "hardship": lambda: list(HardshipKind.objects.order_by("name").values_list("name", flat=True)),
    "construction": lambda: ["Xây mới", "Sửa chữa"],
}
