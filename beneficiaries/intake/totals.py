"""Compares what a list's total lines state with what its rows add up to."""

from beneficiaries.intake.fields import PARTS_OF_AMOUNT
from beneficiaries.intake.money import read_money
from beneficiaries.intake.rows import Message
from beneficiaries.intake.tables import Table, Total
from welfare.vietnamese import format_money


def compare_totals(understood) -> None:
    """Sets stated_total and computed_total, and tells where they differ."""
    rows = understood.rows
    name = next((name for name in understood.kind.totals if name in rows.values), None)
    amounts = [amount or 0 for amount in rows.values[name]] if name else [0] * len(rows)
    heads = [role == "head" for role in rows.column("household_role")]
    understood.computed_total = sum(amounts)
    start, stated = 0, None
    for table in understood.tables:
        end = start + len(table.rows)
        grand, is_of_all = _compare_table(understood.messages, table, amounts[:end], heads[:end], name)
        if grand is not None:
            stated = grand if is_of_all else (stated or 0) + grand
        start = end
    understood.stated_total = stated


def _compare_table(
    messages: list[Message], table: Table, amounts: list[int], heads: list[bool], name: str | None
) -> tuple[int | None, bool]:
    """The table's stated grand total, and whether it is one of this and all tables above. amounts, heads: up to the
    table's end. A total may state its own part or everything so far, of the table or of all, in people or households;
    one above the rows, all of them."""
    grand, is_of_all = None, False
    start = since = len(amounts) - len(table.rows)
    for total in table.totals:
        value, end = _stated(table, total, name), start + (total.before or len(table.rows))
        part, of_table, of_all = (sum(amounts[first:end]) for first in (since, start, 0))
        if value is not None and value not in (part, of_table, of_all):
            last = total is table.totals[-1]
            messages.append(_differs(table, total, value, of_table if last else part))
        counts = [count for first in (since, start, 0) for count in (end - first, sum(heads[first:end]))]
        if total.count is not None and total.count not in counts:
            messages.append(_miscounted(table, total, end - start))
        if value is not None and end == len(amounts) and (grand is None or value >= grand):
            grand, is_of_all = value, value == of_all
        since = end if total.before else since
    return grand, is_of_all


def _stated(table: Table, total: Total, name: str | None) -> int | None:
    if name is None:
        return None
    parts = () if table.column_indexes(name) else PARTS_OF_AMOUNT
    values = []
    for column in table.columns:
        if column.field and column.field.name in (name, *parts) and total.cells[column.index] != "":
            cell = total.cells[column.index]
            value, _ = read_money(tuple(cell) if type(cell) is list else cell, unit=column.unit)
            values += [value] if value is not None else []
    return sum(values) if values else table.amount_in_text.get(total.row)


def _where(table: Table, total: Total) -> str:
    return f"Dòng tổng cộng {total.row + 1} của trang “{table.sheet.name}”"


def _differs(table: Table, total: Total, value: int, computed: int) -> Message:
    return Message(
        "warning",
        None,
        "amount",
        f"{_where(table, total)} ghi {format_money(value)} nhưng các dòng cộng lại được {format_money(computed)}; "
        "hãy đối chiếu lại.",
    )


def _miscounted(table: Table, total: Total, computed: int) -> Message:
    return Message(
        "warning",
        None,
        None,
        f"{_where(table, total)} ghi {total.count} nhưng danh sách có {computed} dòng; hãy đối chiếu lại.",
    )
