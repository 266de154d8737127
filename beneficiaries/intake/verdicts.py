"""What the ledger makes of each row: messages beside those of the reading, and the changes to show."""

import re
from decimal import Decimal

from beneficiaries.houses.models import House
from beneficiaries.intake.cells import ERROR, NOTE, WARNING
from beneficiaries.intake.matching import Match
from beneficiaries.intake.rows import Rows
from beneficiaries.loans.limits import limit_for
from beneficiaries.loans.models import Loan
from beneficiaries.people.models import HardshipKind, Person, PovertyRecord
from welfare.crypto import decrypt, mask_id
from welfare.units.models import today
from welfare.vietnamese import format_money

# What the ledger's columns hold at most; a cell may be longer.
LONGEST = {
    "ethnicity": 40,
    "address": 300,
    "house_address": 300,
    "house_condition": 300,
    "workplace": 200,
    "bank_name": 120,
    "certificate_number": 60,
    "hardship": 300,
    "head_name": 120,
    "purpose": 200,
    "receiver_name": 120,
}
_LABELS = {
    "full_name": "Họ và tên",
    "birth": "Ngày sinh",
    "gender": "Giới tính",
    "id_hash": "Số CCCD",
    "ethnicity": "Dân tộc",
    "phone": "Điện thoại",
    "address": "Địa chỉ",
    "workplace": "Nơi làm việc",
    "bank_account": "Số tài khoản",
    "bank_name": "Ngân hàng",
    "household_role": "Vai trò trong hộ",
    "household_status": "Diện hộ",
    "household_size": "Số nhân khẩu",
    "certificate_number": "Số giấy chứng nhận",
    "hardship": "Hoàn cảnh",
}
_WORDS = {
    "gender": dict(Person.Gender.choices),
    "household_role": dict(Person.HouseholdRole.choices),
    "household_status": dict(PovertyRecord.Status.choices),
}


def shorten(rows: Rows) -> None:
    """Cuts what the ledger has no room for, and says so."""
    for name, limit in LONGEST.items():
        column = rows.values.get(name, ())
        for index, text in enumerate(column):
            if text is not None and len(text) > limit:
                rows.tell(index, WARNING, name, f"Ô dài {len(text)} ký tự, chỉ giữ {limit} ký tự đầu; hãy rút gọn.")
                column[index] = text[:limit]


def tell(batch, rows: Rows, match: Match) -> None:
    """Adds what the unit's own ledger says about the rows."""
    for index in match.strangers:
        text = "Mã hồ sơ này không có trong sổ của đơn vị; hãy lấy mã từ mẫu tải về, hoặc để trống để ghi người mới."
        rows.tell(index, ERROR, "record_number", text)
    for index, other in match.clashes.items():
        text = f"Mã hồ sơ là của “{match.known[index].full_name}” nhưng số CCCD là của “{other.full_name}” trong sổ; hãy sửa một trong hai."
        rows.tell(index, ERROR, "national_id", text)
    several = len(set(rows.sheet)) > 1
    for index, first in match.twins.items():
        place = f"dòng {rows.number[first]} trang “{rows.sheet[first]}”" if several else f"dòng {rows.number[first]}"
        text = f"Trùng người với {place} (cùng một người trong sổ); dòng này sẽ không được ghi."
        rows.tell(index, WARNING, "full_name", text)
        if rows.status[index] != "error":
            rows.status[index] = "duplicate"
    for index, person in enumerate(match.known):
        if person is not None:
            _tell_known(batch, rows, match, index, person)
    if batch.round:
        _tell_ceiling(batch.round, rows)
    if batch.kind == batch.Kind.HOUSES:
        _tell_construction(rows)
    if batch.kind == batch.Kind.LOANS:
        _tell_loans(batch, rows, match)


def _tell_known(batch, rows, match, index, person) -> None:
    if person.state != Person.State.ACTIVE:
        on = f" ngày {person.state_on:%d/%m/%Y}" if person.state_on else ""
        text = (
            f"Sổ của đơn vị ghi người này {Person.State(person.state).label.lower()}{on} nên không nhận dòng này; nếu ghi "
            "nhầm, hãy mở hồ sơ và đưa trở lại danh sách rồi tải lại."
        )
        rows.tell(index, ERROR, "full_name", text)
        return
    _tell_numbers(rows, match, index, person)
    _tell_birth(rows, index, person)
    if person.id in match.in_round:
        text = f"Đã có tên trong đợt “{batch.round}”; sẽ không đề nghị lần nữa."
        rows.tell(index, WARNING, None, text)
    if person.id in match.helped:
        given = ", ".join(f"{name} ({format_money(total)})" for name, total in match.helped[person.id][:3])
        rows.tell(index, WARNING, None, f"Đã được hỗ trợ trong năm {batch.year}: {given}; hãy cân nhắc.")
    if person.id in match.housed:
        rows.tell(index, WARNING, None, f"Đã có hồ sơ nhà năm {batch.year}; sẽ không lập thêm.")
    if sorted(person.folded_name.split()) != sorted((rows.name_folded[index] or "").split()):
        text = (
            f"Sổ của đơn vị ghi số này là của “{person.full_name}”; nhận danh sách sẽ sửa tên, hãy đối chiếu với thẻ."
        )
        rows.tell(index, WARNING, "full_name", text)


def _tell_numbers(rows: Rows, match: Match, index: int, person) -> None:
    masked = rows.column("masked_national_id")[index] if "masked_national_id" in rows.values else None
    if masked and masked != mask_id(decrypt(person.sealed_id)):
        text = (
            f"Số CCCD {masked} không phải của mã hồ sơ này; hãy tải lại mẫu, hoặc kiểm tra xem dòng có bị lệch không."
        )
        rows.tell(index, ERROR, "national_id", text)
    if person.id_hash and "id_hash" in match.changes.get(index, {}):
        known = mask_id(decrypt(person.sealed_id))
        text = f"Sổ đang ghi số {known}; nhận danh sách sẽ thay bằng số trong tệp, hãy đối chiếu với thẻ."
        rows.tell(index, WARNING, "national_id", text)


def _tell_birth(rows: Rows, index: int, person) -> None:
    year, known = rows.column("birth_year")[index], person.birth_date
    if not known or not year or rows.column("birth_date")[index]:
        return
    if year == known.year:
        rows.tell(index, NOTE, "birth", f"Tệp chỉ ghi năm sinh; sổ giữ ngày sinh {known:%d/%m/%Y}.")
    else:
        text = f"Tệp ghi năm sinh {year} nhưng sổ ghi {known:%d/%m/%Y} và giữ ngày này; hãy đối chiếu với thẻ."
        rows.tell(index, WARNING, "birth", text)


def _tell_ceiling(round_, rows: Rows) -> None:
    for index, amount in enumerate(rows.values.get("amount", ())):
        if amount is not None and amount > round_.ceiling:
            text = (
                f"Số tiền {format_money(amount)} vượt mức tối đa {format_money(round_.ceiling)} một người của đợt "
                f"“{round_}”; hãy sửa số tiền."
            )
            rows.tell(index, ERROR, "amount", text)


def _tell_construction(rows: Rows) -> None:
    for index, construction in enumerate(rows.column("construction")):
        if construction not in House.Construction:
            text = "Thiếu hình thức; hãy ghi Xây mới hoặc Sửa chữa."
            rows.tell(index, ERROR, "construction", text)


def _tell_loans(batch, rows: Rows, match: Match) -> None:
    amounts, terms, rates = map(rows.column, ("amount", "term_months", "rate"))
    purposes, limit = rows.column("purpose"), limit_for(batch.project.source, today())
    for index in range(len(rows)):
        if not purposes[index]:
            rows.tell(index, ERROR, "purpose", "Thiếu mục đích vay; hãy bổ sung.")
        if not amounts[index]:
            rows.tell(index, ERROR, "amount", "Thiếu số tiền vay; hãy bổ sung.")
        if not terms[index] or terms[index] > 600:
            rows.tell(index, ERROR, "term_months", "Thiếu thời hạn vay; hãy ghi số tháng, từ 1 đến 600.")
        if (rate := read_rate(rates[index])) is None:
            rows.tell(
                index, ERROR, "rate", f"Không hiểu lãi suất “{rates[index]}”; hãy ghi phần trăm một năm, ví dụ 6,5."
            )
        elif (
            amounts[index]
            and terms[index]
            and (words := _beyond(limit, batch.project, amounts[index], terms[index], rate))
        ):
            rows.tell(index, ERROR, "amount", words)
        if match.known[index] and match.known[index].id in match.borrowing:
            rows.tell(
                index, WARNING, None, "Đã có hồ sơ vay của dự án này đang đề nghị hoặc đang vay; sẽ không lập thêm."
            )


def read_rate(text) -> Decimal | None:
    """Percent a year; 0 where nothing is said, None for what is no rate."""
    found = re.match(r"\s*(\d{1,2}(?:[.,]\d{1,2})?)(?![.,]?\d)", str(text or "0"))
    return Decimal(found[1].replace(",", ".")) if found else None


def _beyond(limit, project, amount: int, term: int, rate: Decimal) -> str:
    loan = Loan(amount=amount, term_months=term, rate=rate, source=project.source)
    found = limit.passed_by(loan, today()) if limit else []
    return f"Vượt hạn mức “{limit.name}”: {'; '.join(found)}." if found else ""


def shown_changes(match: Match) -> dict[int, dict[str, list[str]]]:
    """{row: {label: [old, new]}} for the preview, numbers masked."""
    kinds = dict(HardshipKind.objects.values_list("pk", "name"))
    shown = {}
    for index, person in enumerate(match.known):
        if person is None:
            continue
        changed = {_LABELS[name]: [old, new] for name, old, new in _pairs(match, index, person)}
        if match.needs[index]:
            changed[_LABELS["hardship"]] = ["", ", ".join(kinds[kind] for kind in match.needs[index])]
        if changed:
            shown[index] = changed
    return shown


def _pairs(match: Match, index: int, person):
    changes = match.changes.get(index, {})
    for name, new in changes.items():
        if name in ("birth_date", "birth_year"):
            continue
        if name == "id_hash":
            yield name, mask_id(decrypt(person.sealed_id)), "sẽ bổ sung"
        elif name == "bank_account":
            yield name, mask_id(decrypt(person.sealed_account)), mask_id(new)
        else:
            words = _WORDS.get(name, {})
            old = _old(match, person, name)
            yield name, str(words.get(old, old) or ""), str(words.get(new, new))
    if "birth_year" in changes:
        yield "birth", _born(person.birth_date, person.birth_year), _born(changes["birth_date"], changes["birth_year"])


def _old(match: Match, person, name: str):
    if name == "household_size":
        return match.households.get(person.household_id, {}).get("size")
    if name == "household_status":
        return match.poverty.get(person.household_id, {}).get("status")
    if name == "certificate_number":
        return match.poverty.get(person.household_id, {}).get("certificate_number")
    return getattr(person, name)


def _born(day, year) -> str:
    return f"{day:%d/%m/%Y}" if day else str(year or "")
