"""What a request gives is text, whatever a page put there: here it becomes what the code expects, or nothing."""

_DIGITS_OF_A_KEY = 18


def whole_number(text: str | None, digits: int = _DIGITS_OF_A_KEY) -> int | None:
    """The key, year or count that an address or a form gives; None for anything else and for more than ``digits``."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def whole_numbers(texts: list[str]) -> list[int]:
    """Those of ``texts`` that are keys."""
    return [number for number in map(whole_number, texts) if number is not None]
