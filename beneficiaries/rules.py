"""What every verb of this room asks first."""

from welfare import rules
from welfare.rules import business_day
from welfare.states import Refused

__all__ = ["business_day", "need", "need_in_reach"]


def need(user, codename: str, doing: str):
    """Raises ``Refused`` unless ``user`` holds the permission; the system account never does."""
    rules.need(user, f"beneficiaries.{codename}", doing)


def need_in_reach(user, codename: str, doing: str, row):
    """As ``need``, and ``row`` must be one that the appointment giving the permission sees.

    For rooms that go by who sees a row, not by whose unit it is: the inspection, which writes no unit's rows, keeps
    its own all over the province.
    """
    need(user, codename, doing)
    if not type(row).objects.for_user(user, f"beneficiaries.{codename}").filter(pk=row.pk).exists():
        raise Refused(f"Bạn không được {doing} này.")
