"""What only several cells together can tell: ID against birth and gender, doubles, sums, bounds."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

from beneficiaries.intake.cells import ERROR, NOTE, WARNING
from beneficiaries.intake.fields import PARTS_OF_AMOUNT
from beneficiaries.intake.identity import RESTORED, birth_year_of, gender_of
from beneficiaries.intake.kinds import Kind
from beneficiaries.intake.money import USUAL
from beneficiaries.intake.rows import Message, Rows, row_reference
from beneficiaries.intake.tables import Table
from welfare.vietnamese import fold, format_money

_GENDER = {"male": "Nam", "female": "Nữ"}
_COSTS = ("cost_union", "cost_family", "cost_other")


def check_rows(rows: Rows, kind: Kind, tables: list[Table]) -> None:
    """Adds what it finds to the rows' messages and statuses; doubles come last, on what is left standing."""
    if kind.of_units:
        _check_parts(rows)
        _add_up(rows)
        return
    _check_names(rows)
    _check_masked(rows)
    _check_given(rows, "national_id", "Thiếu số CCCD; hãy bổ sung để đối chiếu trùng lặp.")
    _check_given(rows, "birth_year", "Thiếu ngày sinh; hãy bổ sung.", named="birth")
    _check_parts(rows)
    _add_up(rows)
    _check_ids(rows)
    _check_amounts(rows)
    _check_costs(rows)
    _check_swapped(rows, tables)
    for check in kind.checks:
        check(rows)
    _check_doubles(rows)


def _check_names(rows: Rows) -> None:
    for index, name in enumerate(rows.column("full_name")):
        if name is None and not rows.is_told(index, "full_name"):
            rows.tell(index, ERROR, "full_name", "Thiếu họ tên; hãy ghi họ tên hoặc xóa dòng này.")


def _check_given(rows: Rows, name: str, text: str, named: str | None = None) -> None:
    records = rows.column("record_number")
    for index, value in enumerate(rows.values.get(name, ())):
        missing = value is None and records[index] is None and rows.letter(index, named or name)
        if missing and not rows.is_told(index, named or name):
            rows.tell(index, WARNING, named or name, text)


def _check_masked(rows: Rows) -> None:
    """Without its record number a masked number names nobody."""
    records = rows.column("record_number")
    for name, what in (("national_id", "Số CCCD"), ("bank_account", "Số tài khoản")):
        for index, masked in enumerate(rows.values.get(f"masked_{name}", ())):
            if masked and records[index] is None:
                text = (
                    f"{what} chỉ ghi phần đầu và cuối ({masked}); hãy ghi đủ số, hoặc giữ nguyên cột Mã hồ sơ của mẫu."
                )
                rows.tell(index, ERROR, name, text)


def _add_up(rows: Rows) -> None:
    """Cash and gifts make the amount where no column states it."""
    parts = [rows.values[name] for name in PARTS_OF_AMOUNT if name in rows.values]
    if parts and "amount" not in rows.values:
        rows.values["amount"] = [
            sum(filter(None, pair)) if any(part is not None for part in pair) else None
            for pair in zip(*parts, strict=True)
        ]


def _check_parts(rows: Rows) -> None:
    """Where cash and gifts make another amount than the one stated, the stated one counts alone."""
    if "amount" not in rows.values or not set(PARTS_OF_AMOUNT) <= rows.values.keys():
        return
    cash, in_kind = (rows.values[name] for name in PARTS_OF_AMOUNT)
    for index, amount in enumerate(rows.values["amount"]):
        added = (cash[index] or 0) + (in_kind[index] or 0)
        if amount and added and added != amount:
            cash[index] = in_kind[index] = None
            text = (
                f"Tiền mặt và hiện vật cộng lại được {format_money(added)}, khác số tiền {format_money(amount)} ghi trong dòng; "
                "số tiền này được lấy, hãy kiểm tra."
            )
            rows.tell(index, WARNING, "amount", text)


def _check_ids(rows: Rows) -> None:
    genders, years = rows.column("gender"), rows.column("birth_year")
    for index, number in enumerate(rows.column("national_id")):
        if number is None or len(number) != 12:
            continue
        wrong = []
        if genders[index] and genders[index] != gender_of(number):
            wrong.append(f"giới tính {_GENDER[gender_of(number)]}")
        if years[index] and years[index] != birth_year_of(number):
            wrong.append(f"năm sinh {birth_year_of(number)}")
        if wrong:
            _tell_mismatch(rows, index, " và ".join(wrong))


def _tell_mismatch(rows: Rows, index: int, says: str) -> None:
    """A number given back its zero must fit; any other is only doubted."""
    if any(RESTORED in message.text for message in rows.messages.get(index, ()) if message.field == "national_id"):
        rows.values["national_id"][index] = None
        text = f"Số CCCD mất số 0 và không khớp: số này chỉ {says}; hãy gõ lại đủ 12 chữ số."
        rows.tell(index, ERROR, "national_id", text)
    else:
        text = f"Số CCCD chỉ {says}, khác với danh sách; hãy đối chiếu với thẻ."
        rows.tell(index, WARNING, "national_id", text)


def _check_amounts(rows: Rows) -> None:
    for name in ("amount", "cost_union"):
        for index, amount in enumerate(rows.values.get(name, ())):
            if amount is not None and amount not in USUAL and amount != 0:
                size = "nhỏ" if amount < USUAL[0] else "lớn"
                text = f"Số tiền {format_money(amount)} {size} khác thường; hãy kiểm tra đơn vị tính."
                rows.tell(index, WARNING, name, text)


def _check_costs(rows: Rows) -> None:
    parts = [rows.values[name] for name in _COSTS if name in rows.values]
    if "cost_total" not in rows.values or len(parts) < 2:
        return
    for index, total in enumerate(rows.values["cost_total"]):
        added = sum(column[index] or 0 for column in parts)
        if total is not None and added and added != total:
            text = f"Tổng kinh phí {format_money(total)} khác các nguồn cộng lại {format_money(added)}; hãy kiểm tra."
            rows.tell(index, WARNING, "cost_total", text)


def _check_swapped(rows: Rows, tables: list[Table]) -> None:
    """Typed under a month-first setting, days up to 12 become true dates with day and month exchanged, and the
    others stay text."""
    start = 0
    for table in tables:
        for index in table.column_indexes("birth"):
            cells = [table.sheet.rows[row][index] for row in table.rows]
            _tell_swapped(rows, cells, start)
        start += len(table.rows)


def _tell_swapped(rows: Rows, cells: list, start: int) -> None:
    dates = [offset for offset, cell in enumerate(cells) if type(cell) is list]
    texts = [offset for offset, cell in enumerate(cells) if type(cell) is str and cell.count("/") == 2]
    if not dates or not texts:
        return
    rows.file_messages.append(
        Message(NOTE, rows.letter(start, "birth"), "birth", "Cột ngày sinh vừa có ô kiểu ngày vừa có ô kiểu chữ.")
    )
    days = [rows.values["birth_date"][start + offset] for offset in texts]
    if len(dates) < 3 or len(texts) < 3 or any(cells[offset][2] > 12 for offset in dates):
        return
    if all(day is None or day.day > 12 for day in days) and any(days):
        for offset in dates:
            text = "Ngày và tháng sinh có thể bị Excel đảo chỗ; hãy đối chiếu với thẻ."
            rows.tell(start + offset, WARNING, "birth", text)


def _check_doubles(rows: Rows) -> None:
    """The first of two stays; the second is a duplicate, or an error where the names differ."""
    seen: dict[str, int] = {}
    for index, number in enumerate(rows.column("national_id")):
        if number is None:
            continue
        first = seen.setdefault(number, index)
        if first == index:
            continue
        if rows.name_folded[first] == rows.name_folded[index]:
            _tell_double(rows, index, f"Trùng người với {row_reference(rows, first, index)} (cùng số giấy tờ).")
        else:
            text = f"Số CCCD này đã ghi cho người khác ở {row_reference(rows, first, index)}; hãy đối chiếu với thẻ."
            rows.tell(index, ERROR, "national_id", text)
            other = f"Số CCCD này còn ghi cho người khác ở {row_reference(rows, index, first)}; hãy đối chiếu với thẻ."
            rows.tell(first, WARNING, "national_id", other)
    _check_same_names(rows)


def _check_same_names(rows: Rows) -> None:
    numbers, days = rows.column("national_id"), rows.column("birth_date")
    years, records = rows.column("birth_year"), rows.column("record_number")
    born: dict[tuple, list[int]] = defaultdict(list)
    for index, name in enumerate(rows.name_folded):
        if name and years[index]:
            born[(" ".join(sorted(name.split())), days[index] or years[index])].append(index)
    for same in born.values():
        for first, index in _alike(same, numbers, records) if len(same) > 1 else ():
            if rows.status[index] != "duplicate":
                _tell_same_name(rows, first, index, certain=days[index] is not None)


def _alike(same: list[int], numbers: list, records: list) -> Iterator[tuple[int, int]]:
    """Of rows of one name and birth each with the first before it that nothing tells apart from it.

    Two numbers do, compared already, and the records of two people. Never every row with every other: a whole list may
    be of one name. seen: whether there is a number, and the record ("" for whatever it is), to the first such row.
    """
    seen: dict[tuple, int] = {}
    for index in same:
        numbered, record = bool(numbers[index]), records[index] or None
        fitting = product((False,) if numbered else (False, True), (None, record) if record else ("",))
        first = min((seen[each] for each in fitting if each in seen), default=None)
        if first is not None:
            yield first, index
        seen.setdefault((numbered, record), index)
        seen.setdefault((numbered, ""), index)


def _tell_same_name(rows: Rows, first: int, index: int, *, certain: bool) -> None:
    place = row_reference(rows, first, index)
    workplaces = [fold(rows.at(i, "workplace") or "") for i in (first, index)]
    unnumbered = rows.at(first, "national_id") is None and rows.at(index, "national_id") is None
    if unnumbered and (certain or workplaces[0] == workplaces[1] != ""):
        _tell_double(rows, index, f"Trùng người với {place} (cùng họ tên và ngày sinh).")
    else:
        text = f"Có thể trùng người với {place} (cùng họ tên và năm sinh); hãy kiểm tra."
        rows.tell(index, WARNING, "full_name", text)


def _tell_double(rows: Rows, index: int, text: str) -> None:
    rows.tell(index, WARNING, "full_name", f"{text[:-1]}; dòng này sẽ không được ghi.")
    if rows.status[index] != "error":
        rows.status[index] = "duplicate"
