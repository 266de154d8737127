"""Bảng tượng trưng: the lines of the large board that is held up when something is given."""

from collections.abc import Iterable

from welfare.documents.blocks import Banner
from welfare.vietnamese import format_money, money_words


def board_blocks(
    *, issuer: str, gift: str, to: str, where: str, amount: int, givers: Iterable[str], dated: str
) -> list:
    """``amount`` in đồng; empty lines are left out."""
    lines = [
        Banner(issuer.upper(), "small"),
        Banner("TRAO TẶNG", "medium"),
        Banner(gift.upper(), "large"),
        Banner(to),
        Banner(where, "small"),
        Banner("Trị giá"),
        Banner(format_money(amount).upper(), "large" if amount >= 10**11 else "huge"),
        Banner(f"(Bằng chữ: {money_words(amount)})", "small", italic=True),
        Banner(f"Nguồn tài trợ: {'; '.join(givers)}" if givers else "", "small"),
        Banner(dated, "small", italic=True),
    ]
    return [line for line in lines if line.text]
