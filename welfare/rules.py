"""What the verbs of every room ask first."""

from datetime import date

from welfare.states import Refused
from welfare.units.models import today

_EARLIEST = date(1929, 7, 28)  # the day Tổng Công hội đỏ was founded


def need(user, permission: str, doing: str, *, unit_id: int | None = None):
    """Raises ``Refused`` unless ``user`` holds the permission, and writes the unit's rows where one is named.

    The system account never does.
    """
    if user.is_system or not user.has_perm(permission):
        raise Refused(f"Bạn không có quyền {doing}.")
    if unit_id is not None and not user.reach.may_write(unit_id):
        raise Refused(f"Bạn chỉ được {doing} của đơn vị mình.")


def business_day(on=None, *, since=None, after: str = ""):
    """The day a verb counts for: ``on`` or today.

    Raises ``Refused`` for a day to come, one before ``since``, and one before there was a trade union.
    """
    on = on or today()
    if on < _EARLIEST:
        raise Refused(f"Ngày {on.day:02}/{on.month:02}/{on.year:04} quá xa; hãy xem lại năm.")
    if on > today():
        raise Refused(f"Ngày {on:%d/%m/%Y} chưa tới; hãy ghi ngày hôm nay hoặc trước đó.")
    if since and on < since:
        raise Refused(f"Ngày {on:%d/%m/%Y} trước {after} ({since:%d/%m/%Y}); hãy xem lại ngày.")
    return on
