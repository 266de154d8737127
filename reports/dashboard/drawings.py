"""The charts of the dashboard: what each shows of a board, drawn as SVG and told as a table with the same links."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString

from beneficiaries.houses.stages import WAY
from reports.dashboard.summary import MONEY, STANDING
from reports.helped import NOTE, helped_by_kind
from welfare.documents.charts import Series, bar_chart, figure

UNITS_DRAWN = 15
_MILLION = 1_000_000


@dataclass(frozen=True)
class Drawing:
    """A chart, its figures as a table with the same links, and what must be said of it."""

    title: str
    categories: list[str]
    series: list[Series]
    unit_of_measure: str
    note: str = ""

    @property
    def svg(self) -> str:
        return bar_chart(self.title, self.categories, self.series, unit=self.unit_of_measure)

    @property
    def rows(self) -> SafeString:
        """The rows of the table: hundreds of cells, over which the template language takes ten times as long."""
        return SafeString(
            "\n".join(f"<tr><td>{escape(name)}</td>{self._cells(n)}</tr>" for n, name in enumerate(self.categories))
        )

    def _cells(self, n) -> str:
        return "".join(f'<td class="wf-num">{self._cell(one, n)}</td>' for one in self.series)

    def _cell(self, one, n) -> str:
        text, url = figure(one.values[n]), one.links[n] if n < len(one.links) else ""
        return f'<a href="{escape(url)}">{text}</a>' if url else text

    @property
    def has_anything(self) -> bool:
        return any(value is None or value for one in self.series for value in one.values)


def drawings_of(board) -> list[Drawing]:
    """Those with anything in them that the reader of ``board`` may see."""
    drawn = [_support_by_month(board), _support_by_unit(board), _houses_by_state(board), _helped_by_kind(board)]
    if board.user.has_perm("beneficiaries.view_fundentry"):
        drawn.insert(1, _money_by_month(board))
    return [drawing for drawing in drawn if drawing.has_anything]


def _support_by_month(board):
    series = [_by_month(board, "support_money", f"Năm {year}", year) for year in _both_years(board)]
    return Drawing("Tiền hỗ trợ theo tháng", _names_of_months(board), series, "triệu đồng")


def _money_by_month(board):
    names = zip(MONEY, ("Thu vào", "Chi ra"), strict=True)
    return Drawing(
        f"Tiền thu, chi của các quỹ, năm {board.year}",
        _names_of_months(board),
        [_by_month(board, code, name, board.year) for code, name in names],
        "triệu đồng",
        "Kể cả tiền chuyển giữa các quỹ; không kể số dư đầu kỳ.",
    )


def _support_by_unit(board):
    """The largest, where there are many."""
    units = board.summary.children
    money = [(board.summary.of(unit, "support_money").value / _MILLION, unit) for unit in units]
    if len(money) > UNITS_DRAWN:
        money = sorted(money, key=lambda pair: pair[0], reverse=True)[:UNITS_DRAWN]
    links = [board.url("support_money", unit) for _, unit in money]
    return Drawing(
        f"Tiền hỗ trợ theo đơn vị, năm {board.year}",
        [unit.short_name for _, unit in money],
        [Series("Tiền hỗ trợ", [value for value, _ in money], links)],
        "triệu đồng",
        f"{UNITS_DRAWN} đơn vị có số tiền lớn nhất." if len(units) > UNITS_DRAWN else "",
    )


def _houses_by_state(board):
    """Where each house stood at the period's end, and at the same day a year before."""
    standing = board.summary.standing
    series = [
        Series(
            f"Năm {year}",
            [standing.get((code, year), 0) for code in STANDING],
            [board.url(code, year=year) for code in STANDING],
        )
        for year in _both_years(board)
    ]
    return Drawing("Nhà Mái ấm đang ở từng bước", [state.label for state in WAY], series, "nhà")


def _helped_by_kind(board):
    summary = board.summary
    kinds = helped_by_kind(summary.kinds, summary.helped, board.unit, summary.last_month, hides_few=board.hides_few)
    now, before = _both_years(board)
    series = [
        _helped(board, kinds, [kind.value for kind in kinds], now),
        _helped(board, kinds, [kind.before for kind in kinds], before),
    ]
    note = "Người có nhiều hoàn cảnh được tính ở mỗi hoàn cảnh."
    if any(value is None for one in series for value in one.values):
        note = f"{note} {NOTE}"
    return Drawing("Người được hỗ trợ theo hoàn cảnh", [kind.name for kind in kinds], series, "người", note)


def _helped(board, kinds, values, year):
    shown = zip(kinds, values, strict=True)
    links = ["" if value is None else board.rows_of(kind.indicator, year=year) for kind, value in shown]
    return Series(f"Năm {year}", values, links)


def _by_month(board, code, name, year):
    values, months = board.summary.by_month(code, year), range(1, board.period.month + 1)
    links = [board.url(code, months=(month, month), year=year) for month in months]
    return Series(name, [values[month - 1] / _MILLION for month in months], links)


def _names_of_months(board) -> list[str]:
    return [f"Tháng {month}" for month in range(1, board.period.month + 1)]


def _both_years(board) -> Iterable[int]:
    return board.year, board.year - 1
