"""Reads the columns of all tables into one column-wise set of checked rows."""

import re
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import repeat

from beneficiaries.intake import cells
from beneficiaries.intake.cells import ERROR, NOTE, WARNING
from beneficiaries.intake.columns import Column
from beneficiaries.intake.dates import read_birth
from beneficiaries.intake.fields import MARKS
from beneficiaries.intake.headers import header_key
from beneficiaries.intake.kinds import Kind
from beneficiaries.intake.prescan import column_letter
from beneficiaries.intake.records import is_masked
from beneficiaries.intake.tables import Table, fill_merged
from welfare.vietnamese import fold

_LONGEST = 1000  # of a cell's text on the screen
_DIGIT = re.compile("[0-9]")
_RANK = {NOTE: 0, WARNING: 1, ERROR: 2}
STATUS_OF_RANK = ("ready", "warning", "error")


@dataclass(frozen=True, slots=True)
class Message:
    """level: "error", "warning" or "note"; column: Excel's letter or None; field: a field name or None."""

    level: str
    column: str | None
    field: str | None
    text: str

    def as_json(self) -> dict:
        return {"column": self.column, "field": self.field, "text": self.text}


@dataclass
class Rows:
    """People of a list, column by column; index i is the same person everywhere.

    values: field name to list of values (None where empty), all of the same length; birth_date is a date,
    members a list of names, money whole đồng. number: rows as Excel numbers them. raw: the sheet's cells as read.
    starts, letters, shown: of each table its first row, {field: letter}, and (letter, index) of every headed column. name_folded: for matching. messages: index to its messages.
    """

    sheet: list[str] = field(default_factory=list)
    number: list[int] = field(default_factory=list)
    values: dict[str, list] = field(default_factory=dict)
    raw: list[list] = field(default_factory=list)
    name_folded: list[str | None] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    messages: dict[int, list[Message]] = field(default_factory=dict)
    file_messages: list[Message] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    letters: list[dict[str, str]] = field(default_factory=list)
    shown: list[list[tuple[str, int]]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.number)

    def column(self, name: str) -> list:
        """The values of a field, all None where the list has no such column."""
        return self.values.get(name) or [None] * len(self)

    def at(self, index: int, name: str):
        """The value of a field in one row."""
        return self.values[name][index] if name in self.values else None

    def tell(self, index: int, level: str, name: str | None, text: str, letter: str | None = None) -> None:
        message = Message(level, letter or self.letter(index, name), name, text)
        self.messages.setdefault(index, []).append(message)
        if self.status[index] != "duplicate" or level == ERROR:
            rank = max(
                _RANK[level], STATUS_OF_RANK.index(self.status[index]) if self.status[index] in STATUS_OF_RANK else 0
            )
            self.status[index] = STATUS_OF_RANK[rank]

    def letter(self, index: int, name: str | None) -> str | None:
        """Excel's letter of the field's column in the table where the row stands."""
        table = bisect(self.starts, index) - 1
        return self.letters[table].get(name) if table >= 0 else None

    def is_told(self, index: int, name: str) -> bool:
        """Whether something has been said about this cell already."""
        return any(message.field == name for message in self.messages.get(index, ()))

    def texts(self) -> Iterator[dict[str, list]]:
        """Table by table what the cells say, by column letter; None where a cell is empty."""
        ends = [*self.starts[1:], len(self)]
        for start, end, shown in zip(self.starts, ends, self.shown, strict=True):
            cells_of = {letter: [raw[place] for raw in self.raw[start:end]] for letter, place in shown}
            yield {letter: _shown_texts(column) for letter, column in cells_of.items()}

    def value(self, index: int) -> dict:
        return {name: column[index] for name, column in self.values.items() if column[index] is not None}

    def as_json(self, index: int) -> dict:
        values = {name: column[index] for name, column in self.values.items()}
        if values.get("birth_date"):
            values["birth_date"] = values["birth_date"].isoformat()
        return {
            "sheet": self.sheet[index],
            "row": self.number[index],
            "status": self.status[index],
            "messages": [message.as_json() for message in self.messages.get(index, ())],
            "values": values,
        }


def _shown_texts(column: list) -> list[str | None]:
    if set(map(type, column)) != {str}:
        column = [cells.as_text(_as_tuple(cell)) for cell in column]
    return [text[:_LONGEST] or None for text in column]


class _Once(dict):
    """A reader that reads equal cells once."""

    def __init__(self, read: Callable):
        super().__init__()
        self.read = read

    def __missing__(self, cell):
        answer = self[cell] = self.read(cell)
        return answer


def read_rows(tables: list[Table], kind: Kind, *, today: date, doubtful: set[str] = frozenset()) -> Rows:
    """All people of the tables, read column by column; checks.py looks at cells together afterwards."""
    rows = Rows()
    for table in tables:
        fill_merged(table)
        _TableReader(rows, table, kind, today, doubtful).read()
    for column in rows.values.values():
        column.extend(repeat(None, len(rows) - len(column)))
    fold_once = _Once(fold)
    rows.name_folded = [name and fold_once[name] for name in rows.column("full_name")]
    return rows


class _TableReader:
    def __init__(self, rows: Rows, table: Table, kind: Kind, today: date, doubtful: set[str]):
        self.rows, self.table, self.kind, self.today, self.doubtful = rows, table, kind, today, doubtful
        self.start, self.size = len(rows), len(table.rows)
        self.by_field: dict[str, list[Column]] = {}
        self.masked = False

    def read(self) -> None:
        rows, table = self.rows, self.table
        rows.starts.append(self.start)
        rows.letters.append({})
        rows.sheet += [table.sheet.name] * self.size
        rows.number += [row + 1 for row in table.rows]
        rows.raw += [table.sheet.rows[row] for row in table.rows]
        rows.status += ["ready"] * self.size
        by_field = self.by_field
        for column in table.columns:
            if column.field and column.field.kept:
                by_field.setdefault(column.field.part_of or column.field.name, []).append(column)
                rows.letters[-1].setdefault(column.field.part_of or column.field.name, column.letter)
        rows.shown.append([(column.letter, column.index) for column in table.columns])
        for name, columns in by_field.items():
            self._read_field(name, columns)
        if any(table.groups):
            self._put("group", [group or None for group in table.groups])
            self._classes_from_groups()
        self._faulty_cells({c.index: c.field.name for c in table.columns if c.field and c.field.kept})

    def _put(self, name: str, values: list, *, derived: bool = False) -> None:
        """A field of the table's rows. Its own column counts before what another column lets one tell (derived)."""
        column = self.rows.values.setdefault(name, [])
        column.extend(repeat(None, self.start - len(column)))
        known = column[self.start :]
        del column[self.start :]
        if known:
            first, second = (known, values) if derived else (values, known)
            values = [_both(*pair) for pair in zip(first, second, strict=True)]
        column.extend(values)

    def _cells(self, column: Column) -> list:
        index, sheet_rows = column.index, self.table.sheet.rows
        found = [sheet_rows[row][index] for row in self.table.rows]
        if list in set(map(type, found)):
            found = [_as_tuple(cell) for cell in found]
        return ["" if is_masked(cell) else cell for cell in found] if self.masked else found

    def _read_field(self, name: str, columns: list[Column]) -> None:
        special = {
            "birth": self._read_birth, "full_name": self._read_names, "head_name": self._read_head,
            "national_id": partial(self._read_number, name), "bank_account": partial(self._read_number, name),
        }  # fmt: skip
        if name in special and not self.kind.of_units:
            special[name](columns)
        elif any(column.mark is not None for column in columns):
            self._read_marks(name, columns)
        elif len(columns) == 1 and columns[0].spill:
            self._read_spilling(name, columns[0])
        elif len(columns) == 1:
            self._put(name, self._answers(columns[0]))
        elif columns[0].field.joins == "sum":
            self._put(name, self._sums([self._answers(column) for column in columns]))
        elif all(column.field.read is cells.read_text for column in columns):
            joint = " " if columns[0].merge else ", "
            self._put(name, _joined([self._answers(column) for column in columns], joint))
        else:
            answers = zip(*(self._answers(column) for column in columns), strict=True)
            self._put(name, [next((v for v in values if v is not None), None) for values in answers])

    def _reader(self, column: Column) -> _Once:
        bound = {"unit": column.unit, "today": self.today}
        binds = column.field.binds
        return _Once(partial(column.field.read, **{binds: bound[binds]}) if binds else column.field.read)

    def _answers(self, column: Column, read: _Once | None = None) -> list:
        """The values of one column; problems go to their rows."""
        read = self._reader(column) if read is None else read
        pairs = [*map(read.__getitem__, self._cells(column))]
        name = column.field.part_of or column.field.name
        for offset, (_, problem) in enumerate(pairs):
            if problem is not None:
                self.rows.tell(self.start + offset, problem[0], name, problem[1], column.letter)
        return [value for value, _ in pairs]

    def _read_names(self, columns: list[Column]) -> None:
        """One column, one merged over two, or family and given name apart."""
        columns = sorted(columns, key=lambda c: (c.field.name != "family_part", c.index))
        if len(columns) > 1 and (columns[0].merge or columns[0].field.name == "family_part"):
            texts = [[cells.as_text(cell) for cell in self._cells(column)] for column in columns]
            whole = [" ".join(filter(None, parts)) for parts in zip(*texts, strict=True)]
        else:
            whole = self._cells(columns[0])
        births = ()
        if _DIGIT.search("\n".join(map(cells.as_text, whole))):  # at once: few columns of names hold any
            whole, births = zip(*map(cells.split_birth, whole), strict=True)
        read = _Once(cells.read_name)
        pairs = [read[cell] for cell in whole]
        for offset, ((name, _), problem) in enumerate(pairs):
            if problem is None and name and self.doubtful and whole[offset] in self.doubtful:
                problem = (WARNING, f"Tên {cells.quoted(name)} có thể mất chữ khi đổi phông; hãy gõ lại.")
            if problem is not None:
                self.rows.tell(self.start + offset, problem[0], "full_name", problem[1], columns[0].letter)
        self._put("full_name", [name for (name, _), _ in pairs])
        if any(births) and "birth" not in self.by_field:
            self._births_of_names(births, columns[0])
        if any(members for (_, members), _ in pairs):
            self._put("members", [members for (_, members), _ in pairs], derived=True)
        if columns[0].field.label == "Họ tên chủ hộ":
            self._put("household_role", ["head"] * self.size, derived=True)

    def _births_of_names(self, births: tuple[str, ...], column: Column) -> None:
        """ "Nguyễn Văn An (1985)": the birth counts where no column of its own says it."""
        found = [read_birth(text, today=self.today) for text in births]
        for offset, (_, problem) in enumerate(found):
            if births[offset]:
                problem = problem or (NOTE, f"Ô họ tên ghi kèm ngày sinh {births[offset]}, đã tách ra.")
                self.rows.tell(self.start + offset, problem[0], "full_name", problem[1], column.letter)
        self._put("birth_date", [day for (day, _), _ in found], derived=True)
        self._put("birth_year", [year for (_, year), _ in found], derived=True)

    def _read_number(self, name: str, columns: list[Column]) -> None:
        """A number that the ledger had masked says nothing new; ``masked_...`` holds it, to be compared."""
        cells_of = {column.index: self._cells(column) for column in columns}
        masked = [next((c for c in row if is_masked(c)), None) for row in zip(*cells_of.values(), strict=True)]
        if any(masked):
            self.masked = True
            self._put(f"masked_{name}", [text and text.strip() for text in masked])
        answers = zip(*(self._answers(column) for column in columns), strict=True)
        self._put(name, [next((v for v in values if v is not None), None) for values in answers])
        self.masked = False

    def _read_head(self, columns: list[Column]) -> None:
        self._put("head_name", [value and value[0] for value in self._answers(columns[0])])

    def _read_birth(self, columns: list[Column]) -> None:
        """One column, or one for men and one for women: then the date's place says the gender."""
        parts = [column for column in columns if column.field.part_of]
        found, genders = self._birth_of_parts(parts), [None] * self.size
        columns = [column for column in columns if column not in parts]
        marked = any(column.mark for column in columns)
        for column in columns:
            for offset, value in enumerate(self._answers(column)):
                if value[1] is not None:
                    found[offset] = value
            if column.mark:
                for offset, cell in enumerate(self._cells(column)):
                    if cells.as_text(cell).strip():
                        genders[offset] = self._one_of(offset, genders[offset], column)
        self._put("birth_date", [day for day, _ in found])
        self._put("birth_year", [year for _, year in found])
        if marked:
            self._put("gender", genders, derived=True)

    def _birth_of_parts(self, columns: list[Column]) -> list[tuple]:
        """Day, month and year in columns of their own."""
        if not columns:
            return [(None, None)] * self.size
        order = {"birth_part_day": 0, "birth_part_month": 1, "birth_part_year": 2}
        columns = sorted(columns, key=lambda column: order[column.field.name])
        texts = zip(*([cells.as_text(cell).strip() for cell in self._cells(c)] for c in columns), strict=True)
        found = []
        for offset, parts in enumerate(texts):
            value, problem = read_birth("/".join(filter(None, parts)), today=self.today)
            if problem:
                self.rows.tell(self.start + offset, problem[0], "birth", problem[1], columns[-1].letter)
            found.append(value)
        return found

    def _one_of(self, offset: int, known, column: Column):
        """The mark of this column, unless another column of the field has one already."""
        if known is None or known == column.mark:
            return column.mark
        self.rows.tell(
            self.start + offset,
            ERROR,
            column.field.name,
            f"{_field_label(column)} được đánh dấu ở hai cột; hãy chỉ để lại một.",
            column.letter,
        )
        return None

    def _read_marks(self, name: str, columns: list[Column]) -> None:
        values: list = [None] * self.size
        plain = [column for column in columns if column.mark is None]
        for column in plain:
            values = self._answers(column) if column is plain[0] else values
        for column in columns:
            if column.mark is None:
                continue
            if column.field.binds == "unit":
                self._read_priced_mark(column)
            elif column.field.joins:
                marked = self._answers(column, _Once(cells.read_cross))
                values = _joined([values, [column.mark if cross else None for cross in marked]], "; ")
            else:
                marked = self._answers(column, _Once(cells.read_cross))
                values = [
                    self._one_of(offset, values[offset], column) if cross else values[offset]
                    for offset, cross in enumerate(marked)
                ]
        if name == "gender" and [column.mark for column in columns] == ["female"] and any(values):
            values = ["male" if value is None else value for value in values]
            text = "Cột nữ được đánh dấu; dòng không đánh dấu được hiểu là nam."
            self.rows.file_messages.append(Message(NOTE, columns[0].letter, "gender", text))
        if any(column.field.binds != "unit" for column in columns):
            self._put(name, values)

    def _read_priced_mark(self, column: Column) -> None:
        """Amounts under "Xây mới" and "Sửa chữa": the place says the kind of building."""
        amounts = self._answers(column)
        for name, new in (
            ("construction", [amount and column.mark for amount in amounts]),
            (column.field.name, amounts),
        ):
            self._put(name, new, derived=True)

    def _read_spilling(self, name: str, column: Column) -> None:
        """Cells that don't answer for the field are text of the other one."""
        read, texts = self._reader(column), self._answers(column, _Once(cells.read_text))
        found = [read[cell][0] for cell in self._cells(column)]
        self._put(name, found)
        others = [text if value is None else None for text, value in zip(texts, found, strict=True)]
        if column.spill.name not in self.by_field:
            self._put(column.spill.name, others)

    def _sums(self, columns: list[list]) -> list:
        return [
            sum(part for part in parts if part is not None) if any(p is not None for p in parts) else None
            for parts in zip(*columns, strict=True)
        ]

    def _classes_from_groups(self) -> None:
        """ "I. Hộ nghèo", "II. Thuộc hộ" above the rows say their class where no column does."""
        role = next((f.name for f in self.kind.fields if f.takes_marks_of == "household_role"), "household_role")
        for name, read in (
            ("household_status", cells.read_household_status),
            ("construction", cells.read_construction),
            (role, _role_of_group),
        ):
            if name in self.kind.known and name not in self.by_field:
                said = {group: read(group)[0] for group in set(self.table.groups)}
                if any(said.values()):
                    self._put(name, [said[group] for group in self.table.groups])

    def _faulty_cells(self, known: dict[int, str]) -> None:
        """Cells in which Excel itself reports an error or has stored no result."""
        sheet = self.table.sheet
        if not sheet.errors and not sheet.formulas:
            return
        offsets = {row: offset for offset, row in enumerate(self.table.rows)}
        texts = {
            place: f"Ô báo lỗi {text} của Excel; hãy sửa công thức hoặc gõ giá trị."
            for place, text in sheet.errors.items()
        } | dict.fromkeys(sheet.formulas, "Ô là công thức chưa có kết quả; hãy mở bằng Excel, lưu lại hoặc gõ giá trị.")
        for (row, column), text in sorted(texts.items()):
            if row in offsets and column in known:
                self.rows.tell(self.start + offsets[row], ERROR, known[column], text, column_letter(column))


def _role_of_group(group: str) -> tuple:
    name, value = MARKS.get(header_key(group), (None, None))
    return (value if name == "household_role" else None), None


def _both(first, second):
    """Names of two columns together; of anything else the first that is said."""
    if first and second and type(first) is list:
        return [*first, *(name for name in second if name not in first)]
    return second if first is None else first


def _as_tuple(cell):
    return tuple(cell) if type(cell) is list else cell


def _field_label(column: Column) -> str:
    return "Giới tính" if column.mark in ("male", "female") else column.field.label


def _joined(columns: list[list], joint: str) -> list:
    return [joint.join(map(str, filter(None, parts))) or None for parts in zip(*columns, strict=True)]


def row_reference(rows: Rows, index: int, beside: int) -> str:
    """ "dòng 17", with the sheet's name where the row beside stands on another."""
    row = f"dòng {rows.number[index]}"
    return row if rows.sheet[index] == rows.sheet[beside] else f"{row} trang “{rows.sheet[index]}”"
