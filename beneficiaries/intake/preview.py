"""A batch as its page shows it: chips, columns and lines."""

from functools import cache

from django.conf import settings
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.module_loading import import_string

from beneficiaries.houses.models import House
from beneficiaries.intake.fields import IGNORED
from beneficiaries.intake.kinds import configured_kinds
from beneficiaries.intake.models import StagedRow
from beneficiaries.intake.records import record_number
from beneficiaries.people.models import Person, PovertyRecord
from welfare.vietnamese import format_money, format_number

PER_PAGE = 50
_UNKEPT = {field.name for field in IGNORED}
_LEVELS = {"error": "Lỗi ở", "warning": "Lưu ý ở", "note": "Ghi chú ở"}
_GENDERS = dict(Person.Gender.choices)
_ROLES = dict(Person.HouseholdRole.choices)
_STATUSES = dict(PovertyRecord.Status.choices)
_CONSTRUCTIONS = dict(House.Construction.choices)
_WRITTEN = {
    "person": "thêm {} người",
    "changed_person": "cập nhật {} người",
    "household": "thêm {} hộ",
    "povertyrecord": "ghi diện cho {} hộ",
    "changed_povertyrecord": "sửa diện của {} hộ",
    "hardship": "ghi {} hoàn cảnh",
    "grant": "lập {} đề nghị hỗ trợ",
    "house": "lập {} hồ sơ nhà",
    "loan": "lập {} hồ sơ vay",
    "campaignresult": "ghi kết quả của {} đơn vị",
    "received": "ghi {} khoản đã ký nhận",
}


def chips(batch, chosen: dict) -> list[dict]:
    """Filters by status and by effect with their counts; those without rows are left out."""
    offered = [("status", "", "Tất cả", batch.counts.get("rows", 0))]
    offered += [("status", value, label, batch.counts.get(value, 0)) for value, label in StagedRow.Status.choices]
    offered += [
        ("effect", value, label, batch.counts.get(value, 0))
        for value, label in StagedRow.Effect.choices
        if value != StagedRow.Effect.NONE
    ]
    return [
        {"query": f"?{name}={value}" if value else "?", "label": label, "count": count, "tag": value,
         "is_chosen": chosen.get(name, "") == value and (value or not any(chosen.values()))}
        for name, value, label, count in offered
        if count
    ]  # fmt: skip


def page_of_rows(batch, chosen: dict, number):
    """One page of the rows that the chosen status, effect and search leave; counted from the batch where possible."""
    rows, words = batch.rows.order_by("position"), chosen.get("q", "")
    for name in ("status", "effect"):
        if chosen.get(name):
            rows = rows.filter(**{name: chosen[name]})
    paginator = Paginator(rows.search(words) if words else rows, PER_PAGE)
    picked = [chosen[name] for name in ("status", "effect") if chosen.get(name)]
    if not words and len(picked) < 2 and batch.rows.exists():
        paginator.count = batch.counts.get(picked[0] if picked else "rows", 0)
    page = paginator.get_page(number)
    found = page.object_list.select_related("person") if batch.state == batch.State.COMMITTED else page.object_list
    page.lines = [line(row, batch) for row in found]
    return page


def line(row: StagedRow, batch) -> dict:
    """A row as the table shows it; of a list taken into the ledger with the person it became."""
    values, kind = row.values, batch.kind
    members = values.get("members") or [] if kind in ("people", "houses") else []
    became = row.person if batch.state == batch.State.COMMITTED and row.person_id else None
    if became and became.unit_id not in batch.books:
        became = None  # moved on: another unit's row by now
    name = row.full_name or (became.full_name if became else "")
    person = [name, _born(values), _GENDERS.get(values.get("gender"), ""), row.masked_id]
    if became:
        person.append(record_number(became.pk))
    return {
        "row": row,
        "became": became,
        "place": f"{row.sheet}, dòng {row.row}" if len(batch.sheets) > 1 else f"Dòng {row.row}",
        "name": person[0] or ("–" if batch.is_stripped else "(thiếu tên)"),
        "members": members,
        "is_confirmed": batch.confirmed_of(row.sheet, row.row, members) == members,
        "messages": [message | {"label": _label(message, kind)} for message in row.messages],
        "born": _born(values),
        "about": " · ".join(filter(None, person[1:])),
        "where": " · ".join(_texts(values, _group_of(values), "workplace", "address", "phone")),
        "need": " · ".join(filter(None, [*_need(values), *_house(values), *_figures(values)])),
        "amount": next((values[name] for name in _totals(kind) if name in values), None),
    }


def _totals(kind: str) -> tuple[str, ...]:
    """The fields of which the first one said is what a row asks for."""
    return configured_kinds()[kind].totals if kind else ()


def _label(message: dict, kind: str) -> str:
    """Where a message belongs when its own words are no longer kept."""
    if message["text"]:
        return ""
    field = configured_kinds()[kind].known.get(message.get("field")) if kind else None
    return f"{_LEVELS.get(message['level'], '')} {field.label.lower() if field else 'dòng này'}"


@cache
def configured_labels() -> dict[str, str]:
    """Every field that a list of some kind can fill, by name; as lists of people call it where several do."""
    return {field.name: field.label for kind in reversed(configured_kinds().values()) for field in kind.fields}


def cells_of(row: StagedRow) -> list[dict]:
    """The row's cells as one mends them: letter, heading, text and what is wrong there."""
    texts, wrong = row.texts, {}
    for message in row.messages:
        if message["column"] and message["level"] in ("error", "warning"):
            wrong.setdefault(message["column"], []).append(message)
    found = []
    for column in row.batch.columns:
        letter = column.get("places", {}).get(row.sheet)
        if letter and (column["field"] or letter in wrong) and column["field"] not in _UNKEPT:
            found.append(
                {"letter": letter, "header": column["header"], "text": texts.get(letter, ""),
                 "is_long": any(c in texts.get(letter, "") for c in "\r\n"), "messages": wrong.get(letter, [])}
            )  # fmt: skip
    return found


def about_row(row: StagedRow, cells: list[dict]) -> list[dict]:
    """What is wrong with the row that stands at none of these cells."""
    letters = {cell["letter"] for cell in cells}
    told = [message for message in row.messages if message["column"] not in letters and message["text"]]
    return [message for message in told if message["level"] in ("error", "warning")]


def _born(values: dict) -> str:
    day = values.get("birth_date")
    return "/".join(reversed(day.split("-"))) if day else str(values.get("birth_year", ""))


def _texts(values: dict, *names: str) -> list[str]:
    return [str(values[name]) for name in names if values.get(name)]


def _group_of(values: dict) -> str:
    """The unit that the group above the row names, else the group as written; not where the place of work says it."""
    if values.get("group") == values.get("workplace"):
        return ""
    return "group_unit" if values.get("group_unit") else "group"


def _need(values: dict) -> list[str]:
    role = values.get("household_role") or values.get("role")
    size = values.get("household_size")
    return [
        _STATUSES.get(values.get("household_status"), ""),
        _ROLES.get(role, ""),
        f"{size} khẩu" if size else "",
        *_texts(values, "certificate_number", "hardship"),
    ]


def _figures(values: dict) -> list[str]:
    said = {
        "people_count": "{} suất",
        "members": "{} đoàn viên",
        "contributors": "{} ủng hộ",
        "term_months": "{} tháng",
    }
    numbers = [
        words.format(format_number(values[name])) for name, words in said.items() if isinstance(values.get(name), int)
    ]
    return [*_texts(values, "purpose"), *numbers]


def _house(values: dict) -> list[str]:
    cost = values.get("cost_total")
    costs = f"kinh phí {format_money(cost)}" if cost else ""
    return [_CONSTRUCTIONS.get(values.get("construction"), ""), *_texts(values, "house_condition"), costs]


def column_choices(batch) -> list[tuple[str, str]]:
    """What a column may be taken for: (field name, label)."""
    fields = configured_kinds()[batch.kind].fields
    return [("", "(không lấy cột này)"), *[(field.name, field.label) for field in fields]] + [
        (field.name, f"{field.label} (không lấy)") for field in IGNORED
    ]


def unsure_columns(batch) -> list[dict]:
    """Columns whose meaning was guessed."""
    return [column for column in batch.columns if column["certainty"] == "unsure" and column["field"]]


def page_of_kind(batch) -> str:
    """Where lists of this kind are taken when not here."""
    kind = configured_kinds().get(batch.kind)
    return reverse(kind.page) if kind and kind.page else ""


def kind_label(batch) -> str:
    return import_string(settings.LIST_KINDS[batch.kind]).label if batch.kind else ""


def written_words(batch) -> str:
    """What a commit wrote, as a sentence."""
    parts = [
        words.format(format_number(count))
        for name, words in _WRITTEN.items()
        if (count := batch.counts.get("written", {}).get(name))
    ]
    return f"Đã {', '.join(parts)}." if parts else "Mọi dòng đã có sẵn trong sổ nên không ghi thêm gì."
