from django.urls import reverse

from events.delegates.states import FIRM, State
from events.gatherings.models import Event
from welfare.site import TodoItem
from welfare.units.models import today


def waiting(user):
    """On the day of an event: the delegates still to be received at its door."""
    if not user.has_perm("events.attend_delegate"):
        return
    reach = user.reach_for("events.attend_delegate")
    for event in Event.objects.for_user(user).filter(state=Event.State.ANNOUNCED, on=today()):
        if reach.may_write(event.unit_id):
            still = event.delegates.filter(state__in=FIRM).exclude(state=State.ATTENDED).count()
            yield TodoItem(
                still, f"đại biểu chờ đón: {event}", reverse("events:door", args=[event.pk]), "qr_code_scanner"
            )
