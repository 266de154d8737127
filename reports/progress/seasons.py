"""A plan of seasons, such as Tết: its report tells of its seasons where another tells of the year."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from programs.models import Target
from reports.dashboard.summary import IN_SEASON, Season
from welfare.documents.blocks import Column, Table
from welfare.units.models import Unit
from welfare.vietnamese import format_money, format_number


def own_seasons(targets: Iterable[Target]) -> list[str]:
    """Names of the seasons that the whole plan is for: whatever it wants besides is due by their end."""
    ends = [target.deadline for target in targets if target.season and target.deadline]
    others = [target.deadline or date.max for target in targets if not target.season]
    is_of_seasons = all(deadline <= max(ends, default=date.min) for deadline in others)
    return sorted({target.season for target in targets} - {""}) if is_of_seasons else []


def season_tables(unit: Unit, children: list[Unit], seasons: dict[int, list[Season]]) -> list[Table]:
    """One a season: people of several are not added up."""
    columns = [
        Column("Đơn vị", 3.8),
        Column("Người được hỗ trợ", 1.3),
        Column("Suất quà", 1.2),
        Column("Tiền hỗ trợ", 2),
    ]
    return [
        Table(
            columns, [_row(child.short_name, seasons[child.pk][n]) for child in children], numbered=True,
            total=_row("Toàn đơn vị, cả phần trực tiếp", season), caption=f"Kết quả chăm lo {season.name} theo đơn vị",
            note="Đơn vị tính tiền: đồng",
        )
        for n, season in enumerate(seasons[unit.pk])
    ]  # fmt: skip


def season_words(season: Season) -> str:
    gifts, money, people = (_amount(season, code) for code in ("gifts", "support_money", "people_supported"))
    return (
        f"{season.name}: đã trao {format_number(gifts)} suất, trị giá {format_money(money)}, "
        f"cho {format_number(people)} người có tên trong danh sách."
    )


def _row(name, season):
    return [name, *(_amount(season, code) for code in IN_SEASON)]


def _amount(season, code):
    return int(season.amounts.get(code, Decimal(0)))
