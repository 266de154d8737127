"""A place of the quota that delegates fill: a unit's share, an invited organisation, or the organiser's part of a line.

Whoever fills it holds its row first, counts, writes and lets go; two who want the last place come one after the other.
"""

from collections.abc import Callable

from django.db import OperationalError, connection, transaction
from django.db.models import Sum

from events.delegates.states import FIRM, HOLDING
from events.quotas.models import InvitedBody, QuotaLine, QuotaShare
from welfare.states import Refused

Place = QuotaShare | InvitedBody | QuotaLine
TRIES = 3
WAIT = "3s"
_BUSY = ("55P03", "40P01")  # PostgreSQL: the lock was not to be had in time; a deadlock was broken
_TOO_BUSY = "Nhiều người đang gửi danh sách cùng lúc nên chưa ghi được; hãy bấm lại sau ít giây."


def patiently(act: Callable):
    """``act()`` in a transaction of its own that waits a short while for locks, and again where it waited in vain."""
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                if connection.vendor == "postgresql":
                    with connection.cursor() as cursor:
                        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
                return act()
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) not in _BUSY:
                raise
            if attempt + 1 == TRIES:
                raise Refused(_TOO_BUSY) from error
    raise AssertionError


def hold(place: Place) -> Place:
    """The place's row, fresh, and nobody else's until the transaction ends."""
    held = type(place).objects.select_for_update(of=("self",), no_key=True).filter(pk=place.pk).first()
    if held is None:
        raise Refused("Phần phân bổ này vừa được bỏ; hãy mở lại trang.")
    return held


def fields_of(place: Place) -> dict:
    """What a delegate in this place carries."""
    if isinstance(place, QuotaShare):
        return {"event": place.line.event, "line": place.line, "share": place, "unit_id": place.unit_id}
    if isinstance(place, InvitedBody):
        return {"event": place.event, "line": place.line, "body": place, "unit_id": place.event.unit_id}
    return {"event": place.event, "line": place, "unit_id": place.event.unit_id}


def place_of(delegate) -> Place:
    return delegate.share or delegate.body or delegate.line


def capacity(place: Place) -> int:
    if not isinstance(place, QuotaLine):
        return place.count
    given = place.shares.aggregate(n=Sum("count"))["n"] or 0
    return max(0, place.count - given - (place.bodies.aggregate(n=Sum("count"))["n"] or 0))


def delegates_in(place: Place):
    if isinstance(place, QuotaLine):
        return place.delegates.filter(share=None, body=None)
    return place.delegates.all()


def taken(place: Place, states=HOLDING) -> int:
    """Places held; those allowed beyond the quota stand beside it."""
    return delegates_in(place).filter(state__in=states, is_over_quota=False).count()


def left(place: Place) -> int:
    return max(0, capacity(place) - taken(place))


def firm(place: Place) -> int:
    return taken(place, FIRM)
