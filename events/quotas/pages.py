from django.shortcuts import get_object_or_404

from events.gatherings.models import Event
from events.quotas.table import quota_table
from welfare.site import page, render_page


@page(permission="events.view_event")
def event_quota(request, event_id):
    """Who sends how many delegates; for a unit officer only what was given to the own unit."""
    event = get_object_or_404(Event.objects.for_user(request.user), pk=event_id)
    context = {
        "title": "Phân bổ đại biểu",
        "event": event,
        "table": quota_table(event, request.user),
        "may_share": event.state == Event.State.DRAFT and request.user.has_perm("events.change_quotashare"),
    }
    return render_page(request, "events/quota.html", context)
