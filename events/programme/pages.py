from django.shortcuts import get_object_or_404

from events.gatherings.models import Event
from programs.targets.figures import figures_for
from welfare.site import page, render_page
from welfare.units.models import today


@page(permission="events.view_event")
def event_results(request, event_id):
    """What was reached by the day of the event, for the results part of the opening speech: counted, never typed."""
    event = get_object_or_404(Event.objects.for_user(request.user).select_related("unit", "plan"), pk=event_id)
    until = min(event.on, today()) if event.on else today()
    targets = list(event.plan.targets.select_related("indicator", "plan")) if event.plan_id else []
    figures = [f for f in figures_for(targets, event.unit, until).values() if f.actual is not None]
    context = {"title": "Kết quả chăm lo", "subtitle": event.name, "event": event, "figures": figures, "until": until}
    return render_page(request, "events/results.html", context)
