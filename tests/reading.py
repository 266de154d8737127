"""What the upload understands of a list, for the tests that read one."""

from datetime import date
from pathlib import Path

from beneficiaries.intake.understanding import understand

TODAY = date(2026, 11, 22)
LISTS = Path(__file__).parent / "lists"
N = None


def read(file, filename="danh-sach.xlsx", **options):
    return understand(file, filename=filename, today=TODAY, **options)


def rows_of(understood, *names) -> list[tuple]:
    """(row number, the named values...) of every row."""
    columns = [understood.rows.column(name) for name in names]
    return list(zip(understood.rows.number, *columns, strict=True))
