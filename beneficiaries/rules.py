"""What every verb of this room asks first."""

from welfare import rules
from welfare.rules import business_day

__all__ = ["business_day", "need"]


def need(user, codename: str, doing: str):
    """Raises ``Refused`` unless ``user`` holds the permission; the system account never does."""
    rules.need(user, f"beneficiaries.{codename}", doing)
