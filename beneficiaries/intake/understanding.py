"""From an uploaded file to an understood list: the one entry to the database-free half of the upload.

read_book -> to_unicode -> find_tables -> read every column -> checks. Nothing here touches a database.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from beneficiaries.intake import limits
from beneficiaries.intake.checks import check_rows
from beneficiaries.intake.columns import Column, Conflict, Matcher
from beneficiaries.intake.kinds import Kind, configured_kinds
from beneficiaries.intake.legacy import to_unicode
from beneficiaries.intake.limits import IntakeRefused, NoListFound
from beneficiaries.intake.prescan import column_index
from beneficiaries.intake.reading import Book, Sheet, read_book
from beneficiaries.intake.rows import Message, Rows, read_rows
from beneficiaries.intake.tables import Table, find_tables, find_unit_tables, first_columns
from beneficiaries.intake.titles import Title, read_title
from beneficiaries.intake.totals import compare_totals

CHOICES_SHEET = "Danh mục"  # hidden, in our own templates: the words of the drop-downs
STATUSES = ("ready", "warning", "error", "duplicate")


@dataclass
class UnderstoodList:
    """A whole file, understood.

    sheets: names of the sheets read; hidden: of those left out; title: what stands above the first table;
    tables: with their columns, for the screen that corrects the match; rows: see rows.Rows; messages: about the
    file as a whole; conflicts: columns somebody must choose between before the list may be committed;
    stated_total and computed_total: VND, stated is None where the file states none.
    """

    format: str
    kind: Kind
    sheets: list[str]
    hidden: list[str]
    title: Title
    tables: list[Table]
    rows: Rows
    messages: list[Message] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    stated_total: int | None = None
    computed_total: int = 0

    @property
    def columns(self) -> list[Column]:
        """The columns of the first table, as the screen shows them."""
        return self.tables[0].columns

    @property
    def title_unit(self) -> str | None:
        return self.title.unit

    def counts(self) -> dict[str, int]:
        found = Counter(self.rows.status)
        return {"rows": len(self.rows), **{status: found[status] for status in STATUSES}}

    def refuse_conflicts(self) -> None:
        """For callers that can't ask: raises IntakeRefused naming the columns."""
        if self.conflicts:
            raise IntakeRefused(str(self.conflicts[0]))

    def as_json(self) -> dict:
        """The object that `import_list --json` prints."""
        return {
            "sheets": self.sheets,
            "kind": self.kind.name,
            "rows": [self.rows.as_json(index) for index in range(len(self.rows))],
            "counts": self.counts(),
            "stated_total": self.stated_total,
            "computed_total": self.computed_total,
            "messages": [message.as_json() for message in self.messages],
        }


def understand(
    source,
    *,
    filename: str,
    kind: str | None = None,
    kinds: dict[str, Kind] | None = None,
    aliases: Iterable[tuple[str, str]] = (),
    remembered: dict[str, str] | None = None,
    mends: dict[str, dict[str, dict[str, str]]] | None = None,
    today: date | None = None,
    tick: Callable[[], None] | None = None,
) -> UnderstoodList:
    """Reads a path or binary file and checks every row. Raises IntakeRefused when there is no list to read.

    kind: the name of a kind, or None to tell it from columns and title; aliases: (field name, heading) pairs that
    extend the built-in ones; remembered: Column.key to field name ("" leaves the column out), the officer's
    earlier choices; mends: {sheet: {row as Excel numbers it: {column letter: text}}}, what cells say instead; tick: called about once a second while the file is being parsed.
    """
    book = read_book(source, filename=filename, tick=tick)
    return understand_book(
        book, kind=kind, kinds=kinds, aliases=aliases, remembered=remembered, mends=mends, today=today or _today()
    )


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def understand_book(
    book: Book,
    *,
    today: date,
    kind: str | None = None,
    kinds: dict[str, Kind] | None = None,
    aliases: Iterable[tuple[str, str]] = (),
    remembered: dict[str, str] | None = None,
    mends: dict[str, dict[str, dict[str, str]]] | None = None,
) -> UnderstoodList:
    """The same for a book already read. Cells of the book are decoded and filled in place."""
    decoded, doubtful = to_unicode(book)
    _put_mends(book, mends or {})
    shown = [sheet for sheet in book.sheets if not sheet.hidden and sheet.rows]
    kinds = kinds or configured_kinds()
    chosen = {kind: kinds[kind]} if kind else {name: each for name, each in kinds.items() if not each.is_told}
    readings = [_Reading(each, shown, aliases, remembered, today) for each in chosen.values()]
    best = max(readings, key=_Reading.score)
    if not best.headed:
        raise NoListFound(_no_table(shown, "Đơn vị" if best.kind.of_units else "Họ và tên"))
    understood = _assemble(book, best, doubtful, today)
    if decoded:
        understood.messages.insert(0, Message("note", None, None, decoded))
    return understood


def _put_mends(book: Book, mends: dict) -> None:
    """A cell that somebody mended holds no error any more."""
    for sheet in book.sheets:
        for row, texts in mends.get(sheet.name[:60], {}).items():
            place = int(row) - 1
            for letter, text in texts.items() if place < len(sheet.rows) else ():
                column = column_index(letter)
                if column < len(sheet.rows[place]):
                    sheet.rows[place][column] = text
                    sheet.errors.pop((place, column), None)
                    sheet.formulas.discard((place, column))


class _Reading:
    """One kind's view of the book."""

    def __init__(self, kind: Kind, sheets: list[Sheet], aliases, remembered, today: date):
        self.kind = kind
        self.matcher = Matcher(kind.fields, aliases, remembered, today)
        self.sheets = sheets
        found = [(sheet, first_columns(sheet, self.matcher)) for sheet in sheets]
        self.headed = [(sheet, *first) for sheet, first in found if first]
        sheet, header, self.columns = max(self.headed, key=lambda each: len(each[0].rows), default=(None, None, []))
        self.title = read_title(sheet, header.top) if header else Title()

    def score(self) -> float:
        """How well the kind fits: its own fields first, then the title, then how many columns it explains."""
        known = {column.field.name for column in self.columns if column.field and column.field.kept}
        titled = bool(self.kind.title.search(self.title.folded))
        explained = 0.3 * len(known) + 0.5 * titled
        if not self.kind.distinctive:
            return explained
        own = len(known & self.kind.distinctive)
        return explained + 3 * own + 2.5 * titled if own or titled else explained - 3

    def tables(self) -> list[Table]:
        find = find_unit_tables if self.kind.of_units else find_tables
        found = [table for sheet in self.sheets for table in find(sheet, self.matcher)]
        return [table for table in found if _is_list(table)]


def _is_list(table: Table) -> bool:
    return bool(table.column_indexes("full_name", "family_part"))


def _no_table(sheets: list[Sheet], name: str) -> str:
    names = ", ".join(f"“{sheet.name}”" for sheet in sheets[:5])
    return (
        f"Không tìm thấy dòng tiêu đề của danh sách (phải có cột {name} và ít nhất một cột khác) ở trang {names}; "
        "hãy ghi tên cột ở ngay trên các dòng dữ liệu."
    )


def _assemble(book: Book, reading: _Reading, doubtful: set[str], today: date) -> UnderstoodList:
    tables = [table for table in reading.tables() if table.rows]
    if not tables:
        what = "đơn vị và số liệu" if reading.kind.of_units else "tên người"
        raise NoListFound(f"Không có dữ liệu: dưới dòng tiêu đề không có dòng nào ghi {what}.")
    total = sum(len(table.rows) for table in tables)
    if total > limits.DATA_ROWS:
        raise IntakeRefused(f"Danh sách có {total} dòng (tối đa {limits.DATA_ROWS}); hãy chia thành nhiều tệp.")
    rows = read_rows(tables, reading.kind, today=today, doubtful=doubtful)
    check_rows(rows, reading.kind, tables)
    understood = UnderstoodList(
        format=book.format,
        kind=reading.kind,
        sheets=list(dict.fromkeys(table.sheet.name for table in tables)),
        hidden=[sheet.name for sheet in book.sheets if sheet.hidden and sheet.name != CHOICES_SHEET],
        title=reading.title,
        tables=tables,
        rows=rows,
        conflicts=_conflicts(tables),
    )
    understood.messages = _sheet_messages(book, understood) + rows.file_messages
    compare_totals(understood)
    return understood


def _conflicts(tables: list[Table]) -> list[Conflict]:
    return list({str(conflict): conflict for table in tables for conflict in table.conflicts}.values())


def _sheet_messages(book: Book, understood: UnderstoodList) -> list[Message]:
    messages = [Message("error", None, c.field.name, str(c)) for c in understood.conflicts]
    if understood.hidden:
        names = ", ".join(f"“{name}”" for name in understood.hidden)
        messages.append(Message("note", None, None, f"Trang ẩn {names} không được đọc."))
    messages += [_skipped(table) for table in understood.tables if table.skipped]
    messages += [_not_shown(table) for table in understood.tables if table.sheet.hidden_rows.intersection(table.rows)]
    messages += [_unused(table) for table in understood.tables if _unused_columns(table)]
    for sheet in book.sheets:
        if not sheet.hidden and sheet.rows and sheet.name not in understood.sheets:
            messages.append(Message("note", None, None, f"Trang “{sheet.name}” không có bảng danh sách nên bỏ qua."))
    return messages


def _unused_columns(table: Table) -> list[Column]:
    return [column for column in table.columns if column.field is None and column.samples]


def _unused(table: Table) -> Message:
    named = ", ".join(f"{column.letter} “{column.header}”" for column in _unused_columns(table))
    return Message("note", None, None, f"Trang “{table.sheet.name}” có cột không dùng đến: {named}.")


def _not_shown(table: Table) -> Message:
    """A filter left on hides rows that whoever sends the list may not mean to send."""
    rows = sorted(table.sheet.hidden_rows.intersection(table.rows))
    named = ", ".join(str(row + 1) for row in rows[:20]) + (", …" if len(rows) > 20 else "")
    text = f"Trang “{table.sheet.name}” có {len(rows)} dòng đang ẩn hoặc bị lọc vẫn được đọc: dòng {named}; nếu không gửi thì hãy xóa."
    return Message("warning", None, None, text)


def _skipped(table: Table) -> Message:
    rows = ", ".join(str(row + 1) for row in table.skipped[:20])
    text = f"Trang “{table.sheet.name}” bỏ qua dòng {rows} vì không giống dòng ghi người; hãy xem lại."
    return Message("warning", None, None, text)
