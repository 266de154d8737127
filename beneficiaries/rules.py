"""What every verb of this room asks first."""

from welfare.states import Refused
from welfare.units.models import today


def need(user, codename: str, doing: str):
    """Raises ``Refused`` unless ``user`` holds the permission; the system account never does."""
    if user.is_system or not user.has_perm(f"beneficiaries.{codename}"):
        raise Refused(f"Bạn không có quyền {doing}.")


def business_day(on=None, *, since=None, after: str = ""):
    """The day a verb counts for: ``on`` or today. Raises ``Refused`` for a day to come or one before ``since``."""
    on = on or today()
    if on > today():
        raise Refused(f"Ngày {on:%d/%m/%Y} chưa tới; hãy ghi ngày hôm nay hoặc trước đó.")
    if since and on < since:
        raise Refused(f"Ngày {on:%d/%m/%Y} trước {after} ({since:%d/%m/%Y}); hãy xem lại ngày.")
    return on
