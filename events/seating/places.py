"""Stands in until seats are kept here."""


def seat_label(delegate) -> str:
    """Where the delegate sits, in words; "" where no seat is known."""
    return ""
